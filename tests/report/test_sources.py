"""Source frames: the place, the line and the carets under it."""

from __future__ import annotations

import pytest

from cx_map.errors import Location
from cx_map.model.source import SourceFile
from cx_map.report.lines import plain
from cx_map.report.sources import Sources


def frame(text: str, location: Location, label: str = "here") -> str:
    return plain(Sources((SourceFile("a.yaml", text.encode()),)).frame(location, label))


def test_the_contract_of_cli_md() -> None:
    text = "\n" * 13 + "  web-feedback:\n"
    assert frame(text, Location("a.yaml", 14, 3, 14, 15), "the loop stops after 'owned'") == (
        "  --> a.yaml:14:3\n   |\n14 |   web-feedback:\n   |   ^^^^^^^^^^^^ the loop stops after 'owned'\n"
    )


def test_wide_characters_keep_the_carets_under_their_text() -> None:
    assert frame("日本: x\n", Location("a.yaml", 1, 5, 1, 6)).splitlines()[3] == "  |       ^ here"


def test_a_long_line_is_cut_around_the_place() -> None:
    line = "x" * 500 + "HERE" + "y" * 500
    shown = frame(line, Location("a.yaml", 1, 501, 1, 505)).splitlines()
    assert len(shown[2]) < 130
    assert shown[2].index("HERE") == shown[3].index("^^^^")


@pytest.mark.parametrize("location", [Location("b.yaml", 1), Location("a.yaml", 99)])
def test_a_place_without_a_line_still_has_its_label(location: Location) -> None:
    assert frame("a: 1\n", location).splitlines()[-1].endswith("= here")


def test_crlf_and_bom_do_not_show() -> None:
    assert frame("\ufeffa: 1\r\nb: 2\r\n", Location("a.yaml", 2, 1, 2, 2)).splitlines()[2] == "2 | b: 2"
