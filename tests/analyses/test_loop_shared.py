"""Searches made once for signals that set out alike find what a search of each signal's own finds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from cx_map.analyses.closed_loops import closed_loops, judged, searches
from cx_map.analyses.loop_reach import reach
from cx_map.analyses.loop_shared import SharedSearches
from cx_map.analyses.loop_walks import STRUCTURE, Conditions, Search, Stage, Walk
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import shown
from cx_map.model.chapter_feedback import Signal
from tests.inventories.random_firms import firm, inventory_from
from tests.support import inventory_of

CONDITIONS = (
    Conditions(),
    Conditions(identity=False),
    Conditions(certain=True),
    Conditions(active=False, entitled=False),
)


@pytest.mark.parametrize("seed", range(40))
def test_shared_searches_find_what_each_signal_finds_by_itself(seed: int) -> None:
    document = firm(seed)
    document["signals"] |= {f"{name}-too": fields for name, fields in document["signals"].items()}
    eco = Ecosystem(inventory_from(document))
    shared, over = SharedSearches(eco.once(reach)), eco.once(reach)
    for signal in (one for one in eco.inventory.of(Signal) if judged(one)):
        search = searches(eco, signal)
        wanted = sum(1 << search.graph.segments[one] for one in search.graph.givers(signal))
        for conditions in CONDITIONS:
            alone = search.walks(conditions, wanted, over.hopeful(search, wanted, conditions))
            assert shared.walks(search, conditions, wanted) == alone
        for goal in (Stage.CAPTURED, Stage.OWNED, Stage.SENT):
            assert shared.trail(
                search, goal, lambda state, goal=goal: state[0] == goal, lambda *_: True
            ) == search.trail(lambda state, goal=goal: state[0] == goal, lambda *_: True, STRUCTURE)


def alike(count: int) -> str:
    """A firm in which one team owns all, and many signals are kept in one store: some routed by a rule of their own."""
    lines = [
        "segments: {shoppers: {}}",
        "teams: {care: {functions: [cx]}, desk: {}}",
        "data_sources: {crm: {kind: crm}}",
    ]
    lines += ["platforms: {mailer: {owner: care, capabilities: [compose, deliver_email]}}", "signals:"]
    lines += [
        f"  signal-{i}: {{kind: survey, identity: known, segments: [shoppers], about: [mailer], captured_in: [crm]}}"
        for i in range(count)
    ]
    lines += ["insights: {report: {inputs: [crm], delivered_to: [care]}}", "actions:"]
    lines += ["  answer: {team: care, triggered_by: [care], informs: [mail], changes: [mailer]}", "communications:"]
    lines += ["  mail: {owner: care, purpose: servicing, segments: [shoppers], channels: [email], platforms: [mailer]}"]
    lines += ["routing_rules:", "  own: {on: [signal-0], to: desk}"]
    return "\n".join(lines)


def test_signals_kept_in_one_store_are_searched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0
    walks = Search.walks

    def counted(*args: Any) -> Mapping[int, Walk]:
        nonlocal asked
        asked += 1
        return walks(*args)

    monkeypatch.setattr(Search, "walks", counted)
    verdicts = closed_loops(Ecosystem(inventory_of(alike(60))))
    assert [verdict.status for verdict in verdicts] == ["closed"] * 60
    for verdict in verdicts:
        assert verdict.walk is not None
        assert verdict.walk.edges[0].source == verdict.walk.edges[0].entity.id == verdict.signal.id
        assert shown(verdict.walk.edges[-1].target) == "mail"
    assert asked <= 4, f"60 signals, {asked} searches: all but signal-0, which has a rule of its own, set out alike"
