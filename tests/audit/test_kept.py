"""The key of a report covers all that it depends on; what is kept comes back as it was, or not at all."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

import cx_map
from cx_map.audit import engine, kept, kept_form
from cx_map.audit.findings import Report
from cx_map.audit.root_causes import root_causes
from cx_map.audit.settings import DEFAULTS, Settings, Waiver
from cx_map.errors import Location
from cx_map.graph.ecosystem import Ecosystem
from cx_map.load.cache import Cache, using
from cx_map.model.source import SourceFile
from cx_map.rulekit import Fix, Range
from cx_map.states.apply import with_changes
from cx_map.states.open import open_state
from cx_map.states.phases import states
from tests.cli.replays import counted, settled

ROOT = Path(__file__).parents[2]
FIRM = str(ROOT / "examples" / "roadmap")


@pytest.fixture(autouse=True)
def _settled() -> Iterator[None]:
    with settled():
        yield


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    found = Cache(tmp_path / "cache")
    with using(lambda: found):
        yield found


def report_of(cache: Cache, report: Report) -> Report | None:
    kept_form.keep_report(cache, "key", report)
    return kept_form.report_at(cache, "key")


@pytest.fixture(scope="module")
def report() -> Report:
    return engine.audit(open_state(FIRM))


def test_a_report_comes_back_equal_with_the_same_types(cache: Cache, report: Report) -> None:
    back = report_of(cache, report)
    assert back == report
    assert repr(back) == repr(report)


def test_many_findings_come_back_in_their_order(cache: Cache, report: Report) -> None:
    many = tuple(
        msgspec.structs.replace(report.findings[0], fingerprint=f"{number}")
        for number in range(2 * kept_form._AT_ONCE + 1)
    )
    back = report_of(cache, dataclasses.replace(report, findings=many))
    assert back is not None
    assert back.findings == many


@pytest.mark.parametrize(
    "changed",
    [
        {"measures": {"customers_per_month": Range(1, 2)}},
        {"measures": {"share": float("nan")}},
        {"message": "half a character: \ud800"},
        {"fix": Fix("a tuple is no list", ({"add": {"teams": ("a", "b")}},))},
        {"fix": Fix("too large a number", ({"change": {"a": {"volume": 2**70}}},))},
        {"path": [], "related": ["a list is no tuple"]},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_would_come_back_as_something_else_is_not_kept(
    cache: Cache, report: Report, changed: dict[str, Any]
) -> None:
    odd = msgspec.structs.replace(report.findings[0], **changed)
    assert report_of(cache, dataclasses.replace(report, findings=(odd, *report.findings))) is None


def changed_settings() -> dict[str, object]:
    """Another value for each field of the settings."""
    place = Location("cxmap.yaml")
    return {
        "select": ("BOT",), "ignore": ("BOT",), "parameters": {"BOT109": {"share": 0.5}}, "severities": {"BOT109": "info"},
        "waivers": (Waiver("BOT109", "*", place, "why"),), "fail_on": "none", "min_confidence": "low",
    }  # fmt: skip


@pytest.mark.parametrize("name", [one.name for one in dataclasses.fields(Settings)])
def test_every_setting_but_those_that_judge_is_part_of_the_key(name: str) -> None:
    inventory = open_state(FIRM)
    other = dataclasses.replace(DEFAULTS, **{name: changed_settings()[name]})  # type: ignore[arg-type]  # of each field
    same = kept._report_key(inventory, other, None) == kept._report_key(inventory, DEFAULTS, None)
    assert same is (name in ("fail_on", "min_confidence"))


ASKED = kept.Asked((SourceFile("a", b"1"), SourceFile("b", b"2")), None, None)


@pytest.mark.parametrize(
    "other",
    [
        {"files": (SourceFile("b", b"2"), SourceFile("a", b"1"))},
        {"files": (SourceFile("a", b"1b"), SourceFile("", b"2"))},
        {"files": (SourceFile("a", b"2"), SourceFile("b", b"1"))},
        {"files": (SourceFile("a", b"1"),)},
        {"phase": "current"},
        {"phase": "target"},
        {"configuration": SourceFile("a", b"1")},
        {"configuration": SourceFile("", b"")},
        {"select": ("a",)},
        {"ignore": ("a",)},
        {"as_of": "a"},
    ],
    ids=str,
)
def test_every_part_of_the_question_is_part_of_its_key(other: dict[str, Any]) -> None:
    keys = {kept._asked_key(one) for one in (ASKED, msgspec.structs.replace(ASKED, **other))}
    assert len(keys) == 2
    assert None not in keys


def test_states_and_what_ifs_have_keys_of_their_own() -> None:
    inventory = open_state(FIRM)
    ifs = [with_changes(one, [{"add": {"teams": {"new": {"name": "New"}}}}]) for one in states(inventory)]
    keys = [kept._report_key(one, DEFAULTS, None) for one in (*states(inventory), *ifs)]
    assert len(set(keys)) == 2 * len(states(inventory))


def test_causes_are_asked_for_with_the_findings_that_are_left(report: Report) -> None:
    fewer = dataclasses.replace(report, findings=report.findings[1:])
    ways = [("w", report, "low", None), ("w", fewer, "low", None), ("w", report, "high", None), ("w", report, "low", 8), ("v", report, "low", None)]  # fmt: skip
    assert len({kept._causes_key(*way) for way in ways}) == len(ways)  # type: ignore[arg-type]  # a choice


def test_root_causes_of_a_part_of_the_findings_are_those_of_the_part(cache: Cache, report: Report) -> None:
    inventory = open_state(FIRM)
    fewer = dataclasses.replace(report, findings=report.findings[1::2])
    for one in (report, fewer, report, fewer):
        assert kept.root_causes(inventory, one, DEFAULTS) == root_causes(inventory, one, DEFAULTS)


def test_another_today_of_the_ecosystem_is_not_replayed(cache: Cache) -> None:
    inventory = open_state(FIRM)
    kept.audit(inventory, as_of="2026-11-22")
    with counted() as count:
        kept.audit(inventory, as_of="2026-11-22")
        kept.audit(inventory, as_of="2026-11-22", eco=Ecosystem(inventory, "2026-11-22"))
    assert count.audits == 0
    with counted() as count:
        kept.audit(inventory, as_of="2026-11-22", eco=Ecosystem(inventory, "2030-01-01"))
        kept.audit(inventory, as_of="2026-11-22", eco=Ecosystem(open_state(FIRM), "2026-11-22"))
    assert count.audits == 2


def test_a_program_that_is_edited_while_it_runs_keeps_nothing(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    kept_form.key_of("report", "what is running")
    before = kept_form.sources()
    assert before is not None
    path, size, time = before[0]
    monkeypatch.setattr(kept_form, "sources", lambda: [(path, size, time + 1), *before[1:]])
    kept.audit(open_state(FIRM))
    assert not list(cache.folder.glob("*"))


def test_an_edited_program_has_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    key = kept_form.key_of("report", "anything")
    before = kept_form.sources()
    assert before is not None
    assert any(path.endswith("engine.py") for path, _, _ in before)
    path, size, time = before[-1]
    for other in ((path, size + 1, time), (path, size, time + 1), (path + "x", size, time)):
        monkeypatch.setattr(kept_form, "sources", lambda other=other: [*before[:-1], other])
        kept_form._program.cache_clear()
        assert kept_form.key_of("report", "anything") not in (key, None)


def test_a_program_that_was_just_edited_or_cannot_be_looked_at_replays_nothing(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = kept_form.sources()
    assert sources is not None
    newest = max(time for _, _, time in sources)
    monkeypatch.setattr(kept_form, "_SETTLED", newest - 1)
    kept_form._program.cache_clear()
    assert kept_form.key_of("report", "anything") is None
    kept.audit(open_state(FIRM))
    monkeypatch.setattr(kept_form, "_SETTLED", newest)
    monkeypatch.setattr(kept_form, "sources", lambda: None)
    kept_form._program.cache_clear()
    assert kept_form.key_of("report", "anything") is None
    kept.audit(open_state(FIRM))
    assert not list(cache.folder.glob("*"))


def test_an_upgraded_library_has_other_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [kept_form.key_of("report", "anything")]
    monkeypatch.syspath_prepend(tmp_path)
    for name in kept_form.LIBRARIES:
        (tmp_path / name).mkdir()
        for content in ("", "__version__ = '2'"):
            (tmp_path / name / "__init__.py").write_text(content)
            importlib.invalidate_caches()
            kept_form._program.cache_clear()
            keys.append(kept_form.key_of("report", "anything"))
    assert None not in keys
    assert len(set(keys)) == len(keys)


def test_all_libraries_that_reports_are_computed_with_are_known() -> None:
    package = Path(cx_map.__file__).parent
    rooms = ("errors.py", "model", "load", "states", "graph", "analyses", "rulekit", "rules", "audit", "config")
    files = [
        one for room in rooms for one in ([package / room] if room.endswith(".py") else (package / room).rglob("*.py"))
    ]
    found: set[str] = set()
    for tree in (ast.parse(file.read_text(encoding="utf-8")) for file in files):
        for node in ast.walk(tree):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            found |= {name.split(".")[0] for name in names}
    foreign = found - set(sys.stdlib_module_names) - {"cx_map"}
    assert foreign - {"platformdirs"} == set(kept_form.LIBRARIES), "platformdirs only says where the cache is"


def test_an_entry_of_another_kind_is_none(cache: Cache, report: Report) -> None:
    kept_form.keep_report(cache, "a", report)
    assert kept_form.entry_at(cache, "a", kept_form.Pointer) is None
    assert kept_form.entry_at(cache, "a", kept_form.Causes) is None
    (cache.folder / "b.part").write_bytes((cache.folder / "a.part").read_bytes())
    assert kept_form.report_at(cache, "b") is None
    cache.put(
        "c", msgspec.msgpack.encode(("c", dataclasses.replace(report, findings=()), [[{"code": "half a finding"}]]))
    )
    assert kept_form.report_at(cache, "c") is None
