"""The public functions: the same results as the commands, in a notebook's form too."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import cx_map

MINIMAL = str(Path(__file__).parents[1] / "examples" / "minimal")
ROADMAP = str(Path(__file__).parents[1] / "examples" / "roadmap")


def test_rooms_of_the_same_name_can_be_called_and_imported_from() -> None:
    importlib.import_module("cx_map.audit.engine")
    importlib.import_module("cx_map.load.loader")
    from cx_map.audit import engine

    assert callable(engine.audit)
    assert cx_map.audit(cx_map.load(MINIMAL)).findings
    assert set(cx_map.__all__) <= set(dir(cx_map))


def test_load_audit_impact_paths_diff() -> None:
    eco = cx_map.load(MINIMAL)
    report = cx_map.audit(eco)
    assert "BOT109" in {finding.code for finding in report.findings}
    assert cx_map.impact(eco, "booking-tool").stops == ("bike-ready", "booking-confirmed")
    assert cx_map.paths(eco, "bookings", "email").ways
    assert cx_map.diff(eco, cx_map.load(MINIMAL)).empty
    assert not cx_map.diff(cx_map.load(ROADMAP), cx_map.load(f"{ROADMAP}@target")).empty


def test_validate_tells_problems_instead_of_raising(tmp_path: Path) -> None:
    assert cx_map.validate(MINIMAL) == ()
    (tmp_path / "a.cxmap.yaml").write_text("cxmap: 1\nplatforms: {a: {b: 1}}\n")
    assert [one.code for one in cx_map.validate(str(tmp_path))] == ["CX002"]


def test_a_notebook_shows_the_map_and_tables() -> None:
    eco = cx_map.load(MINIMAL)
    ElementTree.fromstring(eco._repr_svg_())
    tables = cx_map.to_pandas(eco, cx_map.audit(eco))
    assert "<td>BOT109</td>" in cx_map.audit(eco)._repr_html_()
    assert set(tables) == {"entities", "flows", "routes", "findings"}
    assert list(tables["routes"]["communication"]) == ["bike-ready", "booking-confirmed", "newsletter"]


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = cx_map.nothing


def test_importing_the_package_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import cx_map, sys; print(sorted({'yaml', 'typer', 'networkx', 'pandas'} & set(sys.modules)))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "[]\n"
