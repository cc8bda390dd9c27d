"""What held before a step of a plan and must hold after it (analyses.md, G: I2, I3, I4, I7).

- I2: a regulatory communication that said where it is archived still says so;
- I3: loops, promises and escalations that were closed stay closed, while there is a signal, promise or error;
- I4: a consent or a *do not contact* is known for as many products still sold at each platform that enforces it, and each
  communication that respected it still does;
- I7: regulatory and security communications hang on no more single points of failure.

What became of an id between the two states is followed (renamed, replaced, merged). What cannot be judged after the
step for want of facts is not held against it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from cx_map.analyses.archiving import regulatory
from cx_map.analyses.closed_loops import LoopVerdict, closed_loops
from cx_map.analyses.escalation_ladders import Ladder, errors_by_ladder, ladders
from cx_map.analyses.plan_invariants import Violation
from cx_map.analyses.preference_reach import honoured
from cx_map.analyses.preferences import UNNAMED, governing, preferences
from cx_map.analyses.promises import promise_walks
from cx_map.analyses.single_points import single_points
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import production
from cx_map.model.chapter_customers import Preference, Product
from cx_map.model.chapter_map import Communication, Platform
from cx_map.states.lineage import lineage_of

Moved = Callable[[str], str]
"""The id that something has after the step."""

_OPEN = frozenset(("late", "condition", "broken", "acted_on"))
"""Verdicts on a loop that is known not to be closed."""


def lost(before: Ecosystem, after: Ecosystem) -> tuple[Violation, ...]:
    """Everything that held before and does not after; O(both analyses), the later one only where something can be lost.

    ``after`` is a state computed from ``before``, else ids are taken to stay what they are.
    """
    way = lineage_of(after.inventory).since(lineage_of(before.inventory))
    moved: Moved = way.target if way is not None else lambda name: name
    parts = (_archives, _loops, _promises, _escalations, _consents, _respected, _single_points)
    return tuple(sorted({one for part in parts for one in part(before, after, moved)}))


def _archives(before: Ecosystem, after: Ecosystem, moved: Moved) -> Iterator[Violation]:
    said = {moved(one.id) for one in regulatory(before) if one.archive is not None}
    for one in regulatory(after):
        if one.id in said and one.archive is None and "archive" not in one.nothing:
            yield Violation("I2", one.id, ("archive",), "nobody says any more where it is archived")


def _loops(before: Ecosystem, after: Ecosystem, moved: Moved) -> Iterator[Violation]:
    kept = [verdict for verdict in before.once(closed_loops) if verdict.closed]
    now: dict[str, list[LoopVerdict]] = {}
    for verdict in after.once(closed_loops) if kept else ():
        now.setdefault(verdict.signal.id, []).append(verdict)
    for closed in kept:
        every = now.get(moved(closed.signal.id), [])
        loop = moved(closed.loop.id) if closed.loop is not None else None
        same = [one for one in every if (one.loop.id if one.loop is not None else None) == loop]
        if any(one.status in _OPEN for one in same or every):
            name = moved(closed.signal.id)
            yield Violation("I3", name, (loop,) if loop else (), "its feedback loop was closed and is no longer")


def _promises(before: Ecosystem, after: Ecosystem, moved: Moved) -> Iterator[Violation]:
    kept = {moved(walk.promise.id) for walk in before.once(promise_walks) if not walk.missing}
    for walk in after.once(promise_walks) if kept else ():
        if walk.promise.id in kept and walk.missing:
            missing = walk.missing[0]
            yield Violation("I3", walk.promise.id, (missing.element,), f"the promise is no longer kept: {missing.why}")


def _escalations(before: Ecosystem, after: Ecosystem, moved: Moved) -> Iterator[Violation]:
    """Ladders by themselves, and errors that had one."""
    sound = {moved(name) for name, ladder in before.once(ladders).items() if _sound(ladder)}
    now = after.once(ladders)
    for name in sorted(sound & now.keys()):
        if not _sound(now[name]):
            yield Violation("I3", name, (), "the escalation no longer leads up to who is accountable")
    had = {
        moved(error.id)
        for name, errors in before.once(errors_by_ladder).items()
        if moved(name) in sound
        for error in errors
    }
    have = {error.id for name, errors in after.once(errors_by_ladder).items() if name in now for error in errors}
    for name in sorted(had - have):
        if name in after.inventory.entities and after.inventory.entities[name].usable:
            yield Violation("I3", name, ("escalates_via",), "it no longer leads to an escalation in use")


def _sound(ladder: Ladder) -> bool:
    """Whether a ladder leads up, over teams in use, to the one that is accountable, as far as is known."""
    teams = [rung.team for rung in ladder.rungs if rung.team is not None]
    return (
        bool(ladder.rungs)
        and not (ladder.circle or ladder.lost or ladder.repeated() or ladder.no_gain())
        and all(team.usable for team in teams)
        and (ladder.accountable is None or ladder.rungs[-1].team in (None, ladder.accountable))
    )


def _strict(eco: Ecosystem) -> Iterator[Preference]:
    return (one for one in eco.inventory.of(Preference) if one.usable and one.kind_ in ("consent", "do_not_contact"))


def _consents(before: Ecosystem, after: Ecosystem, moved: Moved) -> Iterator[Violation]:
    """K at every platform that enforces a consent in both states, for the products still sold."""
    sold = {one.id for one in after.inventory.of(Product) if one.usable}
    for preference in _strict(before):
        then = after.inventory.find(moved(preference.id), Preference)
        for platform in before.inventory.of(Platform):
            there = after.inventory.find(moved(platform.id), Platform)
            if then is None or not then.usable or there is None or not there.usable:
                continue
            if preference.id not in (platform.enforces or ()) or then.id not in (there.enforces or ()):
                continue
            expected = before.once(preferences).expected(preference)
            wanted = {moved(one) for one in expected} & sold if expected else {UNNAMED}
            knew = {moved(one) for one in before.once(preferences).known(preference).of(platform.id)} & wanted
            knows = after.once(preferences).known(then, perhaps=True).of(there.id)
            for product in sorted(knew - knows):
                what = f" for '{product}'" if product != UNNAMED else ""
                yield Violation("I4", there.id, (then.id, product), f"'{then.id}' is no longer known there{what}")


def _respected(before: Ecosystem, after: Ecosystem, moved: Moved) -> Iterator[Violation]:
    """Consents that a communication respected and does not any more."""
    strict = {one.id for one in _strict(before)}
    if not strict:
        return
    stopped = {(one.communication.id, stop.preference.id) for one in after.once(honoured) for stop in one.stops}
    for one in before.once(honoured):
        then = after.inventory.find(moved(one.communication.id), Communication)
        if not one.judged or then is None or not then.usable:
            continue
        governs = {preference.id for preference, _ in governing(after.inventory, then)}
        for preference, _ in governing(before.inventory, one.communication):
            name = moved(preference.id)
            if preference.id not in strict or any(stop.preference.id == preference.id for stop in one.stops):
                continue
            if name not in governs:
                yield Violation("I4", then.id, (name,), f"'{name}' no longer governs it")
            elif (then.id, name) in stopped:
                yield Violation("I4", then.id, (name,), f"it no longer respects '{name}'")


def _single_points(before: Ecosystem, after: Ecosystem, moved: Moved) -> Iterator[Violation]:
    """Critical communications that now stop with more things than before."""
    had, has = _hangs_on(before), _hangs_on(after)
    old = {moved(name): {moved(one) for one in points} for name, points in had.items()}
    for name in sorted(old.keys() & has.keys()):
        communication = after.inventory.find(name, Communication)
        if communication is not None and communication.regulated and len(has[name]) > len(old[name]):
            more = tuple(sorted(has[name] - old[name]))
            yield Violation("I7", name, more, f"it now hangs on {', '.join(more)} as well")


def _hangs_on(eco: Ecosystem) -> Mapping[str, set[str]]:
    """The single points of failure of every communication that works."""
    graph = eco.once(production)
    found: dict[str, set[str]] = {name: set() for name in graph.communications if graph.derivable(name)}
    for supplier, stopped in eco.once(single_points).stops.items():
        for name in stopped:
            found[name].add(supplier)
    return found
