"""PREF106."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cx_map.analyses.holdings import learners
from cx_map.analyses.preference_timing import enforcing
from cx_map.analyses.preferences import attribute_of, capture_points, given_at, withdrawal_points
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation
from cx_map.model.chapter_customers import CollectionPoint, Preference
from cx_map.model.chapter_service import Touchpoint
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Verdict, rule

_UNLOCK = ("preferences.*.captured_at", "preferences.*.withdrawn_at", "collection_points.*.channel")


@rule("PREF106", severity="major", unlock=_UNLOCK)
def harder_to_withdraw_than_to_give(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """A choice can be given where it cannot be taken back, or with less to fill in.

    ## Why it matters
    The GDPR asks that consent be as easy to withdraw as to give; customers who cannot find the way out call, complain
    or leave.

    ## How it decides
    The channels of the points at which a preference is given must all be among those at which it is withdrawn (a point has the
    channel it names, else its touchpoint's); and in none of these channels may the easiest withdrawal have more mandatory
    questions than the easiest way of giving. Preferences of the kind do_not_contact, which are themselves a withdrawal, are left
    out; so are preferences of which either side is not known.

    The fix lets the points that give it withdraw it, too.

    ## Evidence it needs
    `captured_at` and `withdrawn_at` (or `changed_at`), and the channels of these points.

    ## Example
    ```yaml
    collection_points:
      web-sign-up: {channel: web}
      written-request: {channel: letter}
    preferences:
      offers:  # PREF106
        kind: consent
        captured_at: [web-sign-up]
        withdrawn_at: [written-request]
    ```

    ## Mended
    ```yaml
    collection_points:
      web-sign-up: {channel: web}
      web-settings: {channel: web}
      written-request: {channel: letter}
    preferences:
      offers:
        kind: consent
        captured_at: [web-sign-up]
        withdrawn_at: [written-request, web-settings]
    ```

    ## References
    GDPR Art. 7(3). This is not legal advice.
    """
    for preference in eco.inventory.of(Preference):
        if not preference.usable or preference.kind_ == "do_not_contact":
            continue
        given = capture_points(eco.inventory, preference)
        withdrawn = withdrawal_points(eco.inventory, preference)
        silent = preference.withdrawn_at is None and preference.changed_at is None
        if not given or silent:
            yield NotAssessed(preference.id, "where it is given or withdrawn is not known", _UNLOCK[:2])
            continue
        inside = {point.id for point in withdrawn}
        channels = {_channel(eco, point) for point in given if point.id not in inside}
        ways = {_channel(eco, point) for point in withdrawn}
        missing = sorted(name for name in channels - ways if name is not None)
        if (None in ways and channels - ways) or (None in channels and not missing):
            yield NotAssessed(preference.id, "the channel of some of its points is not known", _UNLOCK[2:])
            continue
        longer = [] if missing else _longer(eco, given, withdrawn)
        if missing or longer:
            yield _breach(eco, preference, given, missing, longer)
        else:
            yield Passed(preference.id)


def _channel(eco: Ecosystem, point: CollectionPoint) -> str | None:
    if point.channel is not None or "channel" in point.unknown:
        return point.channel
    touchpoint = eco.inventory.find(point.touchpoint, Touchpoint)
    return touchpoint.channel if touchpoint is not None else None


def _questions(point: CollectionPoint) -> int:
    return sum(1 for ask in point.asks or () if ask.mandatory)


def _longer(eco: Ecosystem, given: tuple[CollectionPoint, ...], withdrawn: tuple[CollectionPoint, ...]) -> list[str]:
    """Channels in which even the easiest withdrawal asks more than the easiest way of giving; what is asked is known."""
    found = []
    for channel in sorted({_channel(eco, point) or "" for point in given} - {""}):
        here = [[point for point in points if _channel(eco, point) == channel] for points in (given, withdrawn)]
        if any(point.asks is None for points in here for point in points):
            continue
        giving, withdrawing = ([_questions(point) for point in points] for points in here)
        if withdrawing and min(withdrawing) > min(giving):
            found.append(channel)
    return found


def _gets_through(eco: Ecosystem, preference: Preference, points: list[str]) -> bool:
    """Whether a withdrawal at these points gets wherever one at the others does: else it would be a promise only."""
    graph, known, attribute = eco.once(propagation), eco.once(learners), attribute_of(preference)

    def reached(some: Iterable[CollectionPoint]) -> frozenset[str]:
        return graph.reach(attribute, given_at(known, preference, some)).intersection(
            eco.once(enforcing).get(preference.id, ())
        )

    there = reached(withdrawal_points(eco.inventory, preference))
    new = (eco.inventory.find(name, CollectionPoint) for name in points)
    return all(there <= reached((point,)) for point in new if point is not None)


def _breach(
    eco: Ecosystem, preference: Preference, given: tuple[CollectionPoint, ...], missing: list[str], longer: list[str]
) -> Breach:
    wanted = missing or longer
    points = [point.id for point in given if _channel(eco, point) in wanted]
    field = "withdrawn_at"
    more: object = {"add": points} if preference.withdrawn_at else points
    why = (
        f"given by {', '.join(missing)}, where it cannot be withdrawn"
        if missing
        else f"withdrawn by {', '.join(longer)} with more questions than it is given"
    )
    return Breach(
        subject=preference,
        message=f"'{preference.id}' is {why}",
        label=why,
        related=tuple(points),
        evidence=(
            ("given at", ", ".join(point.id for point in given)),
            (
                "withdrawn at",
                ", ".join(point.id for point in withdrawal_points(eco.inventory, preference)) or "nowhere",
            ),
        ),
        fix=Fix(
            f"let it be withdrawn at {', '.join(points)}, too",
            ({"change": {preference.id: {field: more}}},) if _gets_through(eco, preference, points) else (),
        ),
    )
