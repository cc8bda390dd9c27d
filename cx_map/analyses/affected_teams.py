"""Which teams a signal about a touchpoint concerns, and which of them hear of it in time (analyses.md, C: Rq(t))."""

from __future__ import annotations

from msgspec import Struct

from cx_map.analyses.closed_loops import closed_loops
from cx_map.analyses.entitlement import owners_of
from cx_map.analyses.line_of_sight import teams_told
from cx_map.analyses.lines import ancestors, lines_of
from cx_map.analyses.loop_reach import reach
from cx_map.analyses.loop_walks import Search
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_feedback import FeedbackLoop
from cx_map.model.chapter_map import Team
from cx_map.model.chapter_service import Touchpoint

FUNCTIONS = ("cx", "product", "digital", "service", "marketing")
"""The five departments that one item of feedback may concern."""


class Sharing(Struct, frozen=True):
    """Who has to hear of a signal and does not: owners of its touchpoints, and functions with the teams that have them.

    ``told`` are seconds by team, within the limit; ``none_known`` says that no owner and no function is known.
    """

    search: Search
    touchpoints: tuple[str, ...]
    limit: float
    told: dict[str, float]
    owners: tuple[str, ...]
    functions: dict[str, tuple[str, ...]]
    none_known: bool


def sharing(eco: Ecosystem, normal: float, incident: float) -> tuple[Sharing, ...]:
    """How the signals about touchpoints are shared; limits in seconds for normal and for incident loops."""
    inventory, over = eco.inventory, eco.once(reach)
    teams = [team for team in inventory.of(Team) if team.usable]
    urgent = {one.signal for one in inventory.of(FeedbackLoop) if one.usable and one.kind_ == "incident"}
    found = []
    for search in {one.signal.id: one.search for one in eco.once(closed_loops) if one.status != "by_design"}.values():
        signal = search.signal
        places = [one for name in signal.about or () if (one := inventory.find(name, Touchpoint)) is not None]
        if not places:
            continue
        lines = _lines(eco, search, places)
        owners = {owner for one in places for owner in owners_of(one)}
        owners = {owner for owner in owners if (team := inventory.find(owner, Team)) is not None and team.usable}
        near = [team for team in teams if team.line_of_business is None or not lines or team.line_of_business in lines]
        able = {one: tuple(team.id for team in near if one in (team.functions or ())) for one in FUNCTIONS}
        able = {function: able_teams for function, able_teams in able.items() if able_teams}
        wanted = frozenset(owners).union(*able.values()) if able else frozenset(owners)
        limit = incident if signal.id in urgent else normal
        told = teams_told(search, over, wanted, limit)
        found.append(
            Sharing(
                search, tuple(one.id for one in places), limit, told, tuple(sorted(owners - told.keys())),
                {function: group for function, group in able.items() if not set(group) & told.keys()}, not wanted,
            )
        )  # fmt: skip
    return tuple(found)


def _lines(eco: Ecosystem, search: Search, places: list[Touchpoint]) -> set[str]:
    """The lines of business that a signal concerns, with what they are part of; none where that is not known.

    Stated of it or of its touchpoints; else those of the products of its segments, where each has some of a known line.
    """
    known = eco.once(lines_of)
    stated = {line for one in (search.signal, *places) if (line := one.line_of_business) is not None}
    givers = search.graph.givers(search.signal)
    if not stated and all(one in known for one in givers):
        stated = {line for one in givers for line in known[one]}
    return stated.union(*(ancestors(eco.inventory, line) for line in stated))
