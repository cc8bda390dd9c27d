from __future__ import annotations

import pytest

from cx_map.analyses.hand_work import hand_work
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of


def test_hours_of_approvals_and_flows_by_hand() -> None:
    found = hand_work(
        Ecosystem(
            inventory_of("""
    teams: {legal: {}, desk: {}, gone: {status: retired}}
    data_sources: {forms: {}, core: {}}
    communications:
      weekly: {schedule: {run: 7d}, approvals: [{team: legal, effort: 2h}]}
      by-hand: {trigger: {kind: manual}, volume: 30/month, approvals: [{team: legal, effort: 10m}]}
      event: {trigger: {kind: event}, approvals: [legal, gone]}
      old: {status: retired, schedule: {run: 1d}, approvals: [{team: legal, effort: 9h}]}
    flows:
      - {from: forms, to: core, via: rekey, owner: desk, volume: 900/month, seconds: 240}
      - {from: forms, to: core, id: auto, via: api, owner: desk, volume: 900/month, seconds: 240}
    """)
        )
    )
    assert set(found) == {"legal", "desk"}
    assert found["legal"].approves == ("by-hand", "event", "weekly")
    assert found["legal"].hours.value == pytest.approx(2 * 30.4375 / 7 + 5)
    assert found["desk"].hours.value == pytest.approx(60)
    assert [flow.via for flow in found["desk"].carries] == ["rekey"]


def test_unknown_effort_is_open() -> None:
    found = hand_work(
        Ecosystem(
            inventory_of("""
    teams: {legal: {}}
    communications: {c: {schedule: {run: 7d}, approvals: [legal]}}
    """)
        )
    )
    assert found["legal"].hours.value is None
    assert found["legal"].hours.low == 0
