"""What must be known at each touchpoint of a journey, a row an attribute, and whether it gets there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cx_map.analyses.handoffs import HandOff, Transition
from cx_map.draw.scene import EdgeStyle, Emphasis
from cx_map.draw.scenes.journey_facts import Draft, Facts
from cx_map.draw.scenes.named import Names
from cx_map.draw.sheet import Entry, Head, Link, State
from cx_map.model.chapter_service import Journey, Touchpoint

MOST = 12
"""Attributes shown of a journey at most: those in trouble first."""
_WORST: tuple[State, ...] = ("bad", "weak", "unknown", "good")
_STYLES: Mapping[State, EdgeStyle] = {"bad": "missing", "weak": "dashed"}


@dataclass(frozen=True, slots=True)
class Crossing:
    """One attribute at one hand-off: from where to where, how it fares, and that in words."""

    attribute: str
    before: str
    after: str
    state: State
    told: str

    @property
    def rank(self) -> int:
        """Worst first."""
        return _WORST.index(self.state)


def needs(shown: Iterable[Touchpoint]) -> Mapping[str, frozenset[str]]:
    """The touchpoints that need each attribute, in the order in which the journey first needs them."""
    found: dict[str, set[str]] = {}
    for touchpoint in shown:
        for name in touchpoint.needs_context or ():
            found.setdefault(name, set()).add(touchpoint.id)
    return {name: frozenset(places) for name, places in found.items()}


def verdicts(
    journey: Journey, passed: Iterable[Transition], columns: set[str], facts: Facts
) -> Mapping[str, Sequence[Crossing]]:
    """How each attribute fares at the hand-offs between touchpoints that are shown, worst first."""
    found: dict[str, list[Crossing]] = {}
    for step in passed:
        hand_off = facts.hand_offs.get((journey.id, step.number, step.after.id))
        if hand_off is not None and {step.before.id, step.after.id} <= columns:
            for one in _crossings(hand_off, facts.names):
                found.setdefault(one.attribute, []).append(one)
    return {name: sorted(some, key=lambda one: one.rank) for name, some in found.items()}


def _crossings(hand_off: HandOff, names: Names) -> Iterable[Crossing]:
    words, step = names.words, hand_off.transition
    fates: tuple[tuple[Iterable[str], State, str], ...] = (
        (hand_off.carried, "good", words("carried over")),
        (hand_off.lost, "bad", words("lost on the way")),
        (hand_off.late, "weak", words("comes too late")),
        ((name for name, _ in hand_off.open_), "unknown", words("not known")),
    )
    for attributes, state, told in fates:
        for name in attributes:
            yield Crossing(name, step.before.id, step.after.id, state, told)


def add_context(
    draft: Draft, needed: Mapping[str, frozenset[str]], crossings: Mapping[str, Sequence[Crossing]], facts: Facts
) -> int:
    """Add one row an attribute, those in trouble first; how many attributes were left out."""
    order = list(needed)
    order.sort(key=lambda name: min((one.rank for one in crossings.get(name, ())), default=len(_WORST)))
    for name in order[:MOST]:
        _add(draft, name, needed[name], crossings.get(name, ()), facts.names)
    return max(0, len(order) - MOST)


def _add(draft: Draft, name: str, places: Iterable[str], crossings: Sequence[Crossing], names: Names) -> None:
    words = names.words
    ident, label = f"needs-{name}", names.of(name)
    entries: dict[str, Entry] = {}
    for one in crossings:
        if one.state != "unknown":
            entries[one.before] = Entry(words("known here"), about=(name,))
    for place in sorted(places):
        entries[place] = Entry(words("needed here"), about=(name,))
    for one in reversed(crossings):  # the worst is said last, and stays
        entries[one.after] = Entry(one.told, one.state, about=(name,))
    draft.row(Head(ident, label, name if label != name else "", group=words("must be known")), entries)
    for one in crossings:
        if one.before not in entries:
            draft.entries[ident, one.before] = Entry("", "unknown")
        emphasis: Emphasis = "faint" if one.state == "unknown" else "none"
        draft.links.append(
            Link((ident, one.before), (ident, one.after), _STYLES.get(one.state, "solid"), emphasis, tooltip=one.told)
        )
