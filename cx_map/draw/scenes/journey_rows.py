"""The rows of one journey: what stands behind each touchpoint, what troubles customers, what is known and promised."""

from __future__ import annotations

from cx_map.analyses.handoffs import Transition, transitions
from cx_map.analyses.promises import Walk
from cx_map.draw.scenes.journey_context import add_context, needs, verdicts
from cx_map.draw.scenes.journey_facts import Draft, Facts
from cx_map.draw.scenes.named import Names, badges_of
from cx_map.draw.sheet import Entry, Head, Link, State, Table
from cx_map.model.chapter_customers import CollectionPoint
from cx_map.model.chapter_service import Journey, Touchpoint

MOST_STEPS = 16
WAY = "way"


def table_of(journey: Journey, facts: Facts) -> Table:
    """The table of a journey, its touchpoints as columns in the order in which the steps first name them."""
    names, words = facts.names, facts.names.words
    passed = list(transitions(journey, names.inventory))
    every = _touchpoints(journey, names)
    shown = every[:MOST_STEPS]
    columns = {one.id for one in shown}
    draft = Draft()
    _way(draft, journey, passed, shown, columns, facts)
    _behind(draft, shown, facts)
    _troubles(draft, shown, facts)
    hidden = add_context(draft, needs(shown), verdicts(journey, passed, columns, facts), facts)
    _heard(draft, shown, facts)
    _promised(draft, shown, facts)
    notes = []
    if len(shown) < len(every):
        notes.append(words("{n} of {m} touchpoints shown.", n=words.number(len(shown)), m=words.number(len(every))))
    if hidden:
        notes.append(words.many("{n} more attribute is not shown.", "{n} more attributes are not shown.", hidden))
    if unknown := _strangers(journey, names):
        notes.append(words("not described or not in use: {names}", names=", ".join(unknown)))
    return Table(
        journey.id,
        _caption(journey, names),
        tuple(draft.rows),
        tuple(_column(number, one, facts) for number, one in enumerate(shown, 1)),
        draft.entries,
        tuple(draft.links),
        " ".join(notes),
        words("touchpoint"),
        wide=True,
    )


def _caption(journey: Journey, names: Names) -> str:
    words = names.words
    parts = [names.of(journey.id)]
    if journey.highest_impact:
        parts.append(words("matters most"))
    if journey.segments:
        parts.append(", ".join(names.of(one) for one in journey.segments))
    parts.append(names.a_month(journey.volume))
    time = journey.duration
    if time is not None and time.actual is not None:
        parts.append(words("takes {time}", time=names.time(time.actual.seconds)))
    if time is not None and time.target is not None:
        parts.append(words("should take {time}", time=names.time(time.target.seconds)))
    return " · ".join(parts)


def _named(journey: Journey) -> list[str]:
    steps = journey.steps or ()
    return list(dict.fromkeys(one for step in steps for one in (step.touchpoint, step.from_, step.to) if one))


def _touchpoints(journey: Journey, names: Names) -> list[Touchpoint]:
    found = (names.inventory.find(one, Touchpoint) for one in _named(journey))
    return [one for one in found if one is not None and one.usable]


def _strangers(journey: Journey, names: Names) -> list[str]:
    known = {one.id for one in _touchpoints(journey, names)}
    return [names.of(one) for one in _named(journey) if one not in known]


def _column(number: int, touchpoint: Touchpoint, facts: Facts) -> Head:
    words = facts.names.words
    return Head(
        touchpoint.id,
        f"{number}  {facts.names.of(touchpoint.id)}",
        words("moment of truth") if touchpoint.moment_of_truth else "",
        touchpoint.kind,
        badges=badges_of(facts.findings.get(touchpoint.id, ())),
    )


def _way(
    draft: Draft, journey: Journey, passed: list[Transition], shown: list[Touchpoint], columns: set[str], facts: Facts
) -> None:
    """How many pass, with an arrow a transition: its share, and what a hand-off loses."""
    names, words = facts.names, facts.names.words
    entries = {one.id: Entry(names.a_month(one.volume), "plain" if one.volume is not None else "none") for one in shown}
    head = Head(WAY, words("customers"), badges=badges_of(facts.findings.get(journey.id, ())))
    draft.row(head, entries)
    merged: dict[tuple[str, str], list[Transition]] = {}
    for one in passed:
        if {one.before.id, one.after.id} <= columns:
            merged.setdefault((one.before.id, one.after.id), []).append(one)
    for (before, after), same in merged.items():
        share = same[0].share
        label = words("{n} %", n=words.number(share.value * 100)) if share is not None and share.value < 1 else ""
        gone = [
            name
            for one in same
            if (hand_off := facts.hand_offs.get((journey.id, one.number, one.after.id))) is not None
            for name in (*hand_off.lost, *hand_off.late)
        ]
        told = words("lost here: {names}", names=", ".join(dict.fromkeys(gone))) if gone else ""
        draft.links.append(Link((WAY, before), (WAY, after), "missing" if gone else "solid", label=label, tooltip=told))


def _behind(draft: Draft, shown: list[Touchpoint], facts: Facts) -> None:
    names, words = facts.names, facts.names.words
    for ident, label, key in (
        ("channel", words("channel"), "channel"),
        ("platform", words("platform"), "platform"),
        ("team", words("team"), "team"),
    ):
        entries = {one.id: names.card([value]) for one in shown if (value := getattr(one, key)) is not None}
        draft.row(Head(ident, label), entries)


def _troubles(draft: Draft, shown: list[Touchpoint], facts: Facts) -> None:
    words = facts.names.words
    frictions: dict[str, tuple[str, State]] = {
        "low": (words("low"), "good"),
        "medium": (words("medium"), "weak"),
        "high": (words("high"), "bad"),
    }
    found = {one.id: Entry(*frictions[one.friction]) for one in shown if one.friction is not None}
    draft.row(Head("friction", words("how hard it is")), found)
    causes = {
        "people": words("pains: people"),
        "process": words("pains: process"),
        "technology": words("pains: technology"),
        None: words("pains: cause not known"),
    }
    for cause, label in causes.items():
        entries: dict[str, Entry] = {}
        for one in shown:
            pains = [pain for pain in one.pains or () if pain.cause == cause]
            if pains:
                texts = [pain.text.into(facts.names.language) if pain.text is not None else "" for pain in pains]
                share = pains[0].share
                told = [words("{n} % of visits", n=words.number(share.value * 100))] if share is not None else []
                if len(pains) > 1:
                    told.append(words.many("and {n} more", "and {n} more", len(pains) - 1))
                entries[one.id] = Entry(texts[0], "weak", ", ".join(told), tooltip="\n".join(texts))
        draft.row(Head(f"pains-{cause or 'unknown'}", label), entries)


def _heard(draft: Draft, shown: list[Touchpoint], facts: Facts) -> None:
    names, words = facts.names, facts.names.words
    entries: dict[str, Entry] = {}
    for one in shown:
        heard = facts.listening.get(one.id)
        if heard is None:
            continue
        if heard.listeners:
            entries[one.id] = _listed(heard.listeners, "good", names)
        elif heard.arm:
            entries[one.id] = Entry(words("only of the whole relationship"), "weak", about=heard.arm)
        else:
            entries[one.id] = Entry(words("nobody listens here"), "bad" if heard.matters else "none")
    draft.row(Head("heard", words("who listens here"), group=words("heard and promised")), entries)


def _promised(draft: Draft, shown: list[Touchpoint], facts: Facts) -> None:
    names, words = facts.names, facts.names.words
    by_place: dict[str, list[Walk]] = {}
    for walk in facts.promises:
        points = (names.inventory.find(place, CollectionPoint) for place in walk.promise.made_at or ())
        at = [point.touchpoint for point in points if point is not None and point.touchpoint is not None]
        for place in dict.fromkeys((*(walk.promise.made_at or ()), *at)):
            by_place.setdefault(place, []).append(walk)
    entries: dict[str, Entry] = {}
    for one in shown:
        walks = sorted(by_place.get(one.id, ()), key=lambda walk: (not walk.missing, not walk.open_, walk.promise.id))
        if walks:
            first = walks[0]
            # What only nobody has said is not known to be missing.
            lacking = any(not one.silent for one in first.missing)
            state: State = "bad" if lacking else "unknown" if first.missing or first.open_ else "good"
            otherwise = words("promise kept") if state == "good" else words("not known")
            told = first.missing[0].why if first.missing else otherwise
            if len(walks) > 1:
                more = words.many("and {n} more", "and {n} more", len(walks) - 1)
                told = f"{told} · {more}"
            lines = [f"{names.of(walk.promise.id)}: {', '.join(one.why for one in walk.missing)}" for walk in walks]
            entries[one.id] = Entry(
                names.of(first.promise.id), state, told, first.promise.kind, tooltip="\n".join(lines),
                about=tuple(walk.promise.id for walk in walks),
            )  # fmt: skip
    draft.row(Head("promised", words("promised here"), group=words("heard and promised")), entries)


def _listed(identifiers: tuple[str, ...], state: State, names: Names) -> Entry:
    words = names.words
    more = words.many("and {n} more", "and {n} more", len(identifiers) - 1) if len(identifiers) > 1 else ""
    return Entry(
        names.of(identifiers[0]), state, more, names.kind(identifiers[0]),
        tooltip="\n".join(names.of(one) for one in identifiers) if more else "", about=identifiers,
    )  # fmt: skip
