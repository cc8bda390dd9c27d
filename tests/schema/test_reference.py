"""The reference page is up to date, complete, and its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

from cx_map.model.fields import fields_of
from cx_map.model.kinds import KINDS
from cx_map.schema.reference import PAGE, reference_page, write


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference_page(), "run `python -m cx_map.schema.reference`"


def test_write_writes_it(tmp_path: Path) -> None:
    write(tmp_path / "page.md")
    assert (tmp_path / "page.md").read_bytes() == reference_page().encode()


def test_every_kind_and_field_is_named() -> None:
    page = reference_page()
    for kind, cls in KINDS.items():
        assert f"### `{kind}`\n" in page
        for key in fields_of(cls):
            assert f"| `{key}` |" in page


def test_links_lead_to_headings() -> None:
    page = reference_page()
    headings = {
        re.sub(r"[^a-z0-9_ -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in page.splitlines()
        if line.startswith("#")
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= headings
