"""Fixes computed one by one, put together into one phase."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cx_map.audit.engine import audit
from cx_map.audit.findings import Finding
from cx_map.audit.phase import phase_of
from cx_map.errors import Location
from cx_map.load.emit import to_yaml
from cx_map.rulekit.breach import Fix
from cx_map.states.open import open_state
from cx_map.states.phases import validate_roadmap


def _finding(subject: str, *changes: dict[str, Any]) -> Finding:
    return Finding(
        code="X101", name="x", severity="major", confidence="high", message="m", subject=subject, kind="platforms", related=(),
        owner=None, location=Location("a.cxmap.yaml", 1, 1, 1, 2), fingerprint=subject, fix=Fix("do it", changes),
    )  # fmt: skip


def test_a_second_fix_of_one_list_is_left_out_instead_of_undoing_the_first() -> None:
    first = _finding("a", {"change": {"form": {"asks": ["x", {"attribute": "y", "prefilled_from": "crm"}]}}})
    second = _finding("b", {"change": {"form": {"asks": ["y"]}}})
    other = _finding("c", {"change": {"form": {"owner": "team"}}})
    phase = phase_of([first, second, other])
    assert phase.changes == [dict(first.fix.changes[0]), dict(other.fix.changes[0])]  # type: ignore[union-attr]  # both have one
    assert ([one.subject for one in phase.kept], [one.subject for one in phase.left_out]) == (["a", "c"], ["b"])


def test_one_new_entity_of_two_fixes_is_added_once_with_the_fields_of_both() -> None:
    one = _finding("a", {"add": {"actions": {"answer": {"team": "t"}}, "routing_rules": {"r": {"to": "t"}}}})
    two = _finding(
        "b", {"add": {"actions": {"answer": {"team": "t", "informs": ["reply"]}}, "communications": {"reply": {}}}}
    )
    contrary = _finding("c", {"add": {"actions": {"answer": {"team": "u"}}}})
    phase = phase_of([one, two, contrary])
    assert phase.changes == [
        {"add": {"actions": {"answer": {"team": "t", "informs": ["reply"]}}, "routing_rules": {"r": {"to": "t"}}}},
        {"add": {"communications": {"reply": {}}}},
    ]
    assert [finding.subject for finding in phase.left_out] == ["c"]
    own: dict[str, Any] = dict(one.fix.changes[0]) if one.fix else {}
    assert own["add"]["actions"]["answer"] == {"team": "t"}, "the finding's own fix stays as it is"


def test_one_new_flow_of_two_fixes_carries_what_both_need() -> None:
    connect = [
        {"connect": {"from": "a", "to": "b", "via": "api", "carries": [attribute]}} for attribute in ("x", "y", "x")
    ]
    phase = phase_of([_finding(str(number), change) for number, change in enumerate(connect)])
    assert phase.changes == [{"connect": {"from": "a", "to": "b", "via": "api", "carries": ["x", "y"]}}]
    assert phase.left_out == []


def test_edits_of_one_list_stand_beside_each_other() -> None:
    edits = [{"change": {"i": {"inputs": {"add": [store]}}}} for store in ("x", "y")]
    gone = [
        {"change": {"i": {"inputs": {"remove": ["z"]}}}},
        {"change": {"i": {"inputs": {"remove": ["z"], "add": ["w"]}}}},
    ]
    phase = phase_of([_finding(str(number), change) for number, change in enumerate([*edits, *gone])])
    assert phase.changes == [*edits, gone[0]]


def test_the_phase_of_a_whole_audit_can_be_applied(tmp_path: Path) -> None:
    (tmp_path / "a.cxmap.yaml").write_text(
        """\
cxmap: 1
teams: {desk: {functions: [complaints]}, other: {functions: [service]}}
segments: {s: {customers: 100, reachable_by: {email: 90%}}}
data_sources: {inbox: {owner: desk}, crm: {owner: desk}, loans: {owner: desk}}
platforms: {mailer: {owner: desk}}
collection_points:
  join: {kind: web_form, segments: [{segment: s, reach: 90%}], asks: [contact.email, identity.name], writes_to: [crm]}
  loan: {kind: web_form, segments: [{segment: s, reach: 10%}], asks: [contact.email, identity.name], writes_to: [loans]}
  gripe: {kind: complaint, segments: [s], writes_to: [inbox]}
signals: {g: {kind: complaint, from: gripe, segments: [s], identity: known, volume: 10/month, captured_in: [inbox]}}
communications: {welcome: {purpose: servicing, owner: desk, segments: [s], needs: [crm], channels: [email], platforms: [mailer]}}
"""
    )
    report = audit(open_state(str(tmp_path)))
    phase = phase_of(report.findings)
    assert {"LOOP101", "RED102"} <= {one.code for one in (*phase.kept, *phase.left_out)}
    (tmp_path / "b.cxmap.yaml").write_text(
        to_yaml({"cxmap": 1, "roadmap": {"phases": [{"id": "fixes", "changes": phase.changes}]}})
    )
    assert list(validate_roadmap(open_state(str(tmp_path)))) == []
    after = {one.fingerprint for one in audit(open_state(f"{tmp_path}@fixes")).findings}
    assert "LOOP101" in {one.code for one in phase.kept if one.fingerprint not in after}
