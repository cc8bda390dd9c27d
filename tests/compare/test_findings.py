"""Findings of two states matched, and states compared in full."""

from __future__ import annotations

import msgspec

from cx_map.audit.findings import Finding, Report, Suppressed, fingerprint
from cx_map.compare.findings import match
from cx_map.compare.states import compare_states
from cx_map.errors import Location
from cx_map.graph.ecosystem import Ecosystem
from cx_map.rulekit import Range
from cx_map.states.apply import with_changes
from tests.support import inventory_of


def finding(subject: str, code: str = "BOT109", **changes: object) -> Finding:
    base = Finding(
        code=code, name="x", severity="major", confidence="high", message="m", subject=subject, kind="platforms", related=(),
        owner=None, location=Location("a"), fingerprint=fingerprint(code, (subject,), ()),
    )  # fmt: skip
    return msgspec.structs.replace(base, **changes)


def report(*findings: Finding) -> Report:
    return Report("current", None, (), {}, 0, "", findings, (), (), Suppressed())


def test_findings_are_matched_by_fingerprint() -> None:
    changes = match(report(finding("a"), finding("b")), report(finding("b"), finding("c")), {})
    assert [one.subject for one in changes.solved] == ["a"]
    assert [one.subject for one in changes.introduced] == ["c"]
    assert (changes.worse, changes.better, changes.unchanged) == ((), (), 1)


def test_a_replaced_subject_keeps_its_finding() -> None:
    changes = match(report(finding("old")), report(finding("new")), {"old": "new"})
    assert (changes.solved, changes.introduced, changes.unchanged) == ((), (), 1)
    assert match(report(finding("old")), report(finding("new", "BOT110")), {"old": "new"}).unchanged == 0


def test_worse_and_better_by_severity_and_by_a_tenth() -> None:
    def one(severity: str, low: float, high: float | None) -> Report:
        return report(finding("a", severity=severity, measures={"customers_per_month": Range(low, high)}))

    base = one("major", 100, 200)
    assert len(match(base, one("critical", 100, 200), {}).worse) == 1
    assert len(match(base, one("minor", 100, 200), {}).better) == 1
    assert match(base, one("major", 109, 210), {}).unchanged == 1
    assert len(match(base, one("major", 111, 210), {}).worse) == 1
    assert len(match(base, one("major", 100, 230), {}).worse) == 1
    assert len(match(base, one("major", 80, 200), {}).better) == 1
    assert len(match(one("major", 100, None), one("major", 120, None), {}).worse) == 1


FIRM = """
    teams: {desk: {}}
    data_sources: {cases: {owner: desk}}
    platforms: {mailer: {owner: desk}, printer: {owner: desk}}
    communications:
      answer: {owner: desk, purpose: servicing, needs: [], segments: [all], routes: [{channel: letter, platforms: [printer]}]}
    segments: {all: {customers: 1000}}
"""


def test_a_second_route_is_told_as_a_gain_and_solves_the_single_point() -> None:
    before = inventory_of(FIRM)
    routes = [{"channel": "letter", "platforms": ["printer"]}, {"channel": "email", "platforms": ["mailer"]}]
    after = with_changes(before, [{"change": {"answer": {"routes": routes}}}])
    comparison = compare_states(Ecosystem(before), Ecosystem(after))
    assert [(one.subject, one.gained, one.lost) for one in comparison.capabilities.channels] == [
        ("answer", ("email",), ())
    ]
    assert [(one.subject, one.gained, one.lost) for one in comparison.capabilities.single_points or ()] == [
        ("answer", (), ("letter", "printer"))
    ]
    assert "BOT109" in {one.code for one in comparison.findings.solved}
    assert comparison.findings.introduced == ()
    assert not comparison.empty


def test_what_came_or_went_is_not_told_by_its_dependencies() -> None:
    before = inventory_of(FIRM)
    after = with_changes(before, [{"remove": ["answer"]}])
    assert compare_states(Ecosystem(before), Ecosystem(after)).capabilities.single_points == ()


def test_a_state_compared_with_itself_differs_in_nothing() -> None:
    before = inventory_of(FIRM)
    comparison = compare_states(Ecosystem(before), Ecosystem(inventory_of(FIRM)))
    assert comparison.empty
    assert comparison.capabilities.empty
    assert (comparison.findings.solved, comparison.findings.introduced) == ((), ())
