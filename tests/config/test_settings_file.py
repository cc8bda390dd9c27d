"""cxmap.yaml: every mistake with its place, every setting where it belongs."""

from __future__ import annotations

from pathlib import Path

import pytest

from cx_map.config.place import find
from cx_map.config.settings_file import configure, read_settings
from cx_map.errors import InventoryError, UsageError
from cx_map.model.source import SourceFile


def settings(text: str) -> object:
    return read_settings(SourceFile("cxmap.yaml", text.encode()))


def problems(text: str) -> list[tuple[str, int, int]]:
    with pytest.raises(InventoryError) as caught:
        settings(text)
    return [(one.code, one.location.line, one.location.column) for one in caught.value.problems]


def test_all_settings_are_read() -> None:
    read = read_settings(
        SourceFile(
            "cxmap.yaml",
            b"cxmap: 1\nfail_on: critical\nmin_confidence: low\nselect: [SILO, GOV101]\nignore: SILO103\n"
            b"rules:\n  GOV101: {severity: info}\n  SILO103: {effective_systems: 3}\n"
            b"waivers:\n  - {rule: GOV101, subject: a, reason: why, because: planned, approved_by: cio, expires: 2027-06}\n",
        )
    )
    assert (read.fail_on, read.min_confidence, read.select, read.ignore) == (
        "critical",
        "low",
        ("SILO", "GOV101"),
        ("SILO103",),
    )
    assert read.severities == {"GOV101": "info"}
    assert read.parameters["SILO103"].effective_systems == 3.0  # type: ignore[attr-defined]  # the rule's own dataclass
    (waiver,) = read.waivers
    assert (waiver.rule, waiver.subject, waiver.reason, waiver.because, waiver.expires) == (
        "GOV101",
        "a",
        "why",
        "planned",
        "2027-06",
    )
    assert waiver.location.line == 10


def test_rules_can_be_switched_off() -> None:
    read = read_settings(SourceFile("cxmap.yaml", b"rules: {GOV101: false, no-accountable-owner: {enabled: false}}\n"))
    assert read.ignore == ("GOV101", "GOV101")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fail_onn: major\n", [("CX002", 1, 1)]),
        ("fail_on: awful\n", [("CX005", 1, 10)]),
        ("rules: {GOV999: {}}\n", [("CX012", 1, 9)]),
        ("rules:\n  SILO103: {effective_sistems: 3}\n", [("CX002", 2, 13)]),
        ("rules:\n  SILO103: {effective_systems: many}\n", [("CX005", 2, 32)]),
        ("rules:\n  SILO103: {effective_systems: -1}\n", [("CX005", 2, 32)]),
        ("rules: [GOV101]\n", [("CX005", 1, 8)]),
        ("select: [GOV101, NOPE]\n", [("CX012", 1, 18)]),
        ("waivers:\n  - {rule: GOV101}\n", [("CX005", 2, 5)]),
        ("waivers:\n  - {rule: GOV101, subject: a, expires: soon}\n", [("CX005", 2, 41)]),
        ("waivers:\n  - {rule: GOV101, subject: a, because: mood}\n", [("CX005", 2, 41)]),
        ("waivers:\n  - {rule: GOV101, subject: a, why: b}\n", [("CX002", 2, 32)]),
        ("waivers: [x]\n", [("CX005", 1, 11)]),
        ("a: [\n", [("CX001", 2, 1)]),
    ],
)
def test_mistakes_have_places(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert problems(text) == expected


def test_it_is_found_beside_the_inventory(tmp_path: Path) -> None:
    (tmp_path / "cxmap.yaml").write_text("cxmap: 1\nfail_on: none\n")
    (tmp_path / "a.cxmap.yaml").write_text("cxmap: 1\n")
    assert find((str(tmp_path),)) == tmp_path / "cxmap.yaml"
    assert configure((str(tmp_path / "a.cxmap.yaml"),)).settings.fail_on == "none"


def test_an_explicit_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such configuration file"):
        configure((str(tmp_path),), str(tmp_path / "other.yaml"))
