"""How well the ecosystem does, as a few shares that each say of how much they were taken (analyses.md, I).

No overall number: what could not be checked is not in a share, and every share names its base. Weighted by volume or
number as said in ``of_what``. Each walks what the analysis it comes from walks; cost as theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from cx_map.analyses.asked_again import verdicts_by_ask
from cx_map.analyses.broken_routes import unreached
from cx_map.analyses.known_asks import EFFORTLESS
from cx_map.analyses.latency import timelines
from cx_map.analyses.listening import listening
from cx_map.analyses.loop_coverage import loop_coverage
from cx_map.analyses.preference_reach import honoured
from cx_map.analyses.single_points import accepted, single_points
from cx_map.analyses.single_view import possible_views, views
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import production
from cx_map.model.chapter_map import Channel, Communication
from cx_map.model.chapter_service import Touchpoint

Chapter = Literal["silos", "assessment", "action"]


@dataclass(frozen=True, slots=True)
class Score:
    """One share from 0 to 1 (None: nothing could be checked), and how much of what it speaks of was checked."""

    name: str
    chapter: Chapter
    share: float | None
    checked: int
    total: int
    of_what: str


def scorecard(eco: Ecosystem) -> tuple[Score, ...]:
    """The scores in the order of the chapters; those about things that the inventory does not describe are left out."""
    scores = (
        _preference_reach(eco),
        _view_connectivity(eco),
        _route_resilience(eco),
        _on_time(eco),
        _collection_efficiency(eco),
        _ownership(eco),
        _loop_coverage(eco),
        _listening(eco),
    )
    return tuple(one for one in scores if one is not None and one.total)


def _share(good: float, base: float) -> float | None:
    return good / base if base else None


def _preference_reach(eco: Ecosystem) -> Score:
    every = eco.once(honoured)
    judged = [one for one in every if one.stops or (one.judged and one.open is None)]
    kept = sum(not one.stops for one in judged)
    return Score("Preferences respected", "silos", _share(kept, len(judged)), len(judged), len(every),
                 "communications that a preference governs, by number")  # fmt: skip


def _view_connectivity(eco: Ecosystem) -> Score:
    """Pairs that only a flow of which nobody knows what it carries could join are neither joined nor apart."""
    every, possible = eco.once(views), eco.once(possible_views)
    joined, apart = sum(one.joined for one in every), sum(one.pairs - one.joined for one in possible)
    total = sum(len(one.stores) * (len(one.stores) - 1) for one in every)
    vague = sum(one.missing for one in every) - sum(one.missing for one in possible)
    share = _share(joined, joined + apart)
    return Score("Customer data joined up", "silos", share, total - vague if share is not None else 0, total,
                 "pairs of stores that hold the same key data, each way, by customers where known")  # fmt: skip


def _route_resilience(eco: Ecosystem) -> Score:
    """One that stops with a supplier is judged by that; one that does not, only where its whole way is known.

    Suppliers are platforms and data sources; one that comes back within every deadline known is an accepted core.
    """
    graph = eco.once(production)
    stopped = {
        communication
        for name, communications in eco.once(single_points).stops.items()
        if not isinstance(eco.inventory.entities[name], Channel) and not accepted(eco, name, communications)
        for communication in communications
    }
    nobody = eco.once(unreached)
    fine = {
        name
        for name in graph.communications
        if name not in stopped and name not in nobody and graph.derivable(name) and graph.complete(name)
    }
    judged = [name for name in graph.communications if name in stopped or name in fine]
    share, what = _by_volume(eco, judged, fine)
    return Score("Survives the loss of any one supplier", "assessment", share, len(judged), _sent(eco), what)


def _on_time(eco: Ecosystem) -> Score:
    late, kept = [], []
    times = eco.once(timelines)
    with_deadline = 0
    for communication in eco.inventory.of(Communication):
        if not communication.usable or communication.deadline is None:
            continue
        with_deadline += 1
        one = times.get(communication.id)
        if one is None:
            continue
        if one.decisive.worst > communication.deadline.seconds:
            late.append(communication.id)
        elif one.complete:
            kept.append(communication.id)
    share, what = _by_volume(eco, [*late, *kept], kept)
    return Score("In time at worst", "assessment", share, len(late) + len(kept), with_deadline,
                 what.replace("communications", "communications with a deadline"))  # fmt: skip


def _collection_efficiency(eco: Ecosystem) -> Score:
    """What customers give without doing anything is no question, however often it is taken."""
    asked = [some for some in eco.once(verdicts_by_ask).values() if some[0].asked.point.kind_ not in EFFORTLESS]
    answers = [{one.answer for one in verdicts} for verdicts in asked]
    judged = [one for one in answers if one & {"known", "silo"} or "open" not in one]
    needed = sum(not one & {"known", "silo"} for one in judged)
    return Score("Questions that had to be asked", "assessment", _share(needed, len(judged)), len(judged), len(answers),
                 "questions at collection points, by number")  # fmt: skip


def _ownership(eco: Ecosystem) -> Score:
    sent = [one for one in eco.inventory.of(Communication) if one.usable]
    looked_at = [one for one in sent if one.owner is not None or {"owner"} & {*one.unknown, *one.nothing}]
    owned = [one.id for one in looked_at if one.owner is not None and _active(eco, one.owner)]
    share, what = _by_volume(eco, [one.id for one in looked_at], owned)
    return Score("Owned by an active team", "action", share, len(looked_at), len(sent), what)


def _active(eco: Ecosystem, team: str) -> bool:
    found = eco.inventory.entities.get(team)
    return found is not None and found.usable


def _loop_coverage(eco: Ecosystem) -> Score | None:
    overall = eco.once(loop_coverage).overall
    if overall is None:
        return None
    by = "signals, by volume" if overall.judged_by_volume else "signals, by number"
    return Score("What customers say comes back to them", "action", overall.of_judged, overall.assessed,
                 overall.signals, by)  # fmt: skip


def _listening(eco: Ecosystem) -> Score:
    places = sum(one.usable for one in eco.inventory.of(Touchpoint))
    every = eco.once(listening) or ()
    heard = sum(bool(one.listeners) for one in every)
    return Score(
        "Touchpoints that are listened to",
        "action",
        _share(heard, len(every)),
        len(every),
        places,
        "touchpoints, by number",
    )


def _sent(eco: Ecosystem) -> int:
    return sum(one.usable for one in eco.inventory.of(Communication))


def _by_volume(eco: Ecosystem, judged: Iterable[str], good: Iterable[str]) -> tuple[float | None, str]:
    """The share of some communications: by volume where all of them say theirs, else by number."""
    names, fine = list(judged), set(good)
    volumes = {}
    for name in names:
        communication = eco.inventory.find(name, Communication)
        if communication is None or communication.volume is None:
            return _share(len(fine), len(names)), "communications, by number"
        volumes[name] = communication.volume.value
    total = sum(volumes.values())
    if not total:
        return _share(len(fine), len(names)), "communications, by number"
    return sum(volumes[name] for name in names if name in fine) / total, "communications, by volume"
