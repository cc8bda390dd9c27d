from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import inventory_of


def codes_of(text: str) -> list[tuple[str, ...]]:
    return [one.codes for one in inventory_of(text).raw.exemptions]


@pytest.mark.parametrize(
    "written",
    [
        'notes: "see # cxmap: ignore[GOV101] there"',
        "notes: 'see # cxmap: ignore[GOV101] there'",
        'notes: "over two lines\n      # cxmap: ignore[GOV101] there"',
        "notes: |\n      a block\n      # cxmap: ignore[GOV101] there\n      and more",
        "notes: >\n      folded\n      # cxmap: ignore[GOV101] there",
        'tags: [a, "# cxmap: ignore[GOV101] there"]',
        '"x- # cxmap: ignore[GOV101] there": 1',
    ],
)
def test_what_looks_like_an_exemption_inside_a_text_is_text(written: str) -> None:
    assert codes_of(f"platforms:\n  crm:\n    vendor: v\n    {written}\n") == []


@pytest.mark.parametrize(
    "written",
    [
        "vendor: v # cxmap: ignore[GOV101] why",
        "# cxmap: ignore[GOV101] why\n    vendor: v",
        "vendor: # cxmap: ignore[GOV101] why\n      v",
        "notes: | # cxmap: ignore[GOV101] why\n      a block\n    vendor: v",
        "notes: > # cxmap: ignore[GOV101] why\n      a block\n    vendor: v",
        'notes: "# cxmap: ignore[INV102] quoted" # cxmap: ignore[GOV101] why',
        "tags: [a, # cxmap: ignore[GOV101] why\n      b]",
        "notes: |\n      a block\n    # cxmap: ignore[GOV101] why\n    vendor: v",
        "vendor: v\n# cxmap: ignore[GOV101] why",
    ],
)
def test_every_comment_counts(written: str) -> None:
    assert codes_of(f"platforms:\n  crm: # the crm\n    {written}\n") == [("GOV101",)]


@given(st.text(alphabet=st.sampled_from("ab #'\"\n:|>-"), max_size=20), st.text(alphabet="ab #'\n:|", max_size=12))
def test_no_quoted_text_is_ever_an_exemption(before: str, after: str) -> None:
    import json

    text = json.dumps(f"{before} # cxmap: ignore[GOV101] {after}").replace("\\n", "\\n")
    assert codes_of(f"platforms: {{crm: {{notes: {text}}}}} # cxmap: ignore[INV104] yes") == [("INV104",)]
