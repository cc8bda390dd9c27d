"""RED106."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cx_map.analyses.attribute_mentions import perhaps_the_same
from cx_map.analyses.attribute_uses import places_of
from cx_map.analyses.holdings import Held, holdings, meet
from cx_map.analyses.known_asks import Asked, asks_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.attributes import canonical, covers, lineage
from cx_map.model.chapter_customers import CollectionPoint, Preference
from cx_map.model.chapter_map import Communication
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Verdict, rule

_UNLOCK = ("communications.*.content", "communications.*.needs", "data_sources.*.holds")
GIVEN_BY_CUSTOMERS = (
    "identity",
    "person",
    "contact",
    "language",
    "preference",
    "access_needs",
    "vulnerability",
    "health",
    "finance",
)
"""What customers can be asked for; the rest the firm makes itself."""
MADE_WHEN_SENT = ("credential.one_time_code", "credential.token")
"""What comes into being with the message that shows it: nobody is asked for it, and it rests nowhere."""


@rule("RED106", severity="major", unlock=_UNLOCK)
def needed_never_collected(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """A communication needs an attribute that nobody asks for and no store holds.

    ## Why it matters
    The letter is to be in the customer's language, and nowhere is the customer asked for one: what is promised cannot
    be kept, or is guessed.

    ## How it decides
    For each attribute that a usable communication shows (`content`) or is shaped by (`personalises`, unless `derived_from`
    says what it comes from, which is then looked at instead), and each of its segments: no collection point of that segment asks
    for it, for something that contains it or for a part of it, no usable store holds it for that segment, and no
    preference defines and captures it. A one-time code or token is made when it is sent, and needs no source. Not assessed
    where a store that the communication needs does not say what it holds, or where its needs are not known; where another
    store does not say it, confidence is medium.

    Nor is it assessed where one name is declared by nobody and similar to another (RED108) that somebody does provide:
    the two may be one.

    The fix asks for it at the collection point with the greatest reach, for what customers can be asked for.

    ## Evidence it needs
    `content` or `personalises`, `needs`, and `holds` of the stores needed.

    ## Example
    ```yaml
    segments: {retail: {}}
    data_sources: {crm: {holds: [identity.name]}}
    collection_points:
      account-opening: {segments: [{segment: retail, reach: 90%}], asks: [identity.name], writes_to: [crm]}
    communications:
      yearly-letter:
        segments: [retail]
        needs: [crm]
        content: [identity.name]
        personalises:
          - language  # RED106
    ```

    ## Mended
    ```yaml
    segments: {retail: {}}
    data_sources: {crm: {holds: [identity.name, language]}}
    collection_points:
      account-opening: {segments: [{segment: retail, reach: 90%}], asks: [identity.name, language], writes_to: [crm]}
    communications:
      yearly-letter:
        segments: [retail]
        needs: [crm]
        content: [identity.name]
        personalises:
          - language
    ```

    ## References
    Assessment of communications ecosystems: content is only as personal as the data behind it.
    """
    held = eco.once(holdings)
    for communication in eco.inventory.of(Communication):
        if not communication.usable:
            continue
        needed = _needed(eco, communication)
        if not needed and communication.content is None and communication.personalises is None:
            yield NotAssessed(communication.id, "the attributes it shows are not known", _UNLOCK[:1])
            continue
        missing = [one for one in needed if _missing(eco, communication, one[2])]
        if not missing:
            yield Passed(communication.id)
            continue
        places = places_of(eco.inventory, communication) & held.silent
        if communication.needs is None or places:
            reason = "what its stores hold is not known" if places else "the stores it needs are not known"
            yield NotAssessed(communication.id, reason, _UNLOCK[1:])
            continue
        for field, index, attribute in missing:
            known = _perhaps(eco, communication, attribute)
            if known is None:
                yield _breach(eco, communication, field, index, attribute)
            else:
                reason = f"whether '{attribute}' is what others call '{known}' is not known"
                yield NotAssessed(communication.id, reason, ("attributes.*.aliases",))


def _perhaps(eco: Ecosystem, communication: Communication, written: str) -> str | None:
    """Another name that may mean the same, and that somebody provides."""
    similar = eco.once(perhaps_the_same).get(canonical(eco.inventory, written), ())
    return next((one for one in similar if not _missing(eco, communication, one)), None)


def _needed(eco: Ecosystem, communication: Communication) -> list[tuple[str, int, str]]:
    """Field, item and attribute of everything that has to come from somewhere, as written; each attribute once, under whatever names."""
    found: dict[str, tuple[str, int, str]] = {}
    for index, item in enumerate(communication.content or ()):
        if item.attribute is not None:
            found.setdefault(canonical(eco.inventory, item.attribute), ("content", index, item.attribute))
    for index, shaped in enumerate(communication.personalises or ()):
        for name in shaped.derived_from or (shaped.attribute,):
            if name is not None:
                found.setdefault(canonical(eco.inventory, name), ("personalises", index, name))
    return [one for name, one in found.items() if name not in MADE_WHEN_SENT]


def _askers(eco: Ecosystem) -> dict[str, list[Asked]]:
    """The asks about each attribute, and about what contains it."""
    found: dict[str, list[Asked]] = {}
    for asked in eco.once(asks_of):
        for name in lineage(eco.inventory, asked.attribute):
            found.setdefault(name, []).append(asked)
    return found


def _exactly(eco: Ecosystem) -> dict[str, list[Asked]]:
    found: dict[str, list[Asked]] = {}
    for asked in eco.once(asks_of):
        found.setdefault(asked.attribute, []).append(asked)
    return found


def _missing(eco: Ecosystem, communication: Communication, written: str) -> bool:
    """Whether some segment of the communication has no source of an attribute."""
    attribute = canonical(eco.inventory, written)
    preference = eco.inventory.find(attribute.removeprefix("preference."), Preference)
    if (
        attribute.startswith("preference.")
        and preference is not None
        and (preference.captured_at or preference.changed_at or preference.master)
    ):
        return False
    segments: list[str | None] = [name for name in communication.segments or () if eco.inventory.entities[name].usable]
    if not communication.segments:
        segments.append(None)
    return not all(_provided(eco, attribute, segment) for segment in segments)


def _provided(eco: Ecosystem, attribute: str, segment: str | None) -> bool:
    """Whether somebody asks a segment for an attribute, or for what contains it or is a part of it, or holds it for them."""
    above = (_has(eco, name, segment, below=False) for name in lineage(eco.inventory, attribute))
    return any(above) or _has(eco, attribute, segment, below=True)


def _has(eco: Ecosystem, name: str, segment: str | None, *, below: bool) -> bool:
    """The same of an attribute under this very name, or (``below``) of its parts; kept, for many attributes have the same above."""
    kept = eco.once(_kept)
    key = (name, segment, below)
    if key not in kept:
        asks: Iterable[Asked] = eco.once(_askers if below else _exactly).get(name, ())
        held: Iterable[Held] = (
            eco.once(holdings).below(name) if below else eco.once(holdings).by_attribute.get(name, ())
        )
        kept[key] = any(one.meets(segment) for one in asks) or any(
            segment is None or meet(one.holding.segments, (segment,)) for one in held
        )
    return kept[key]


def _kept(_: Ecosystem) -> dict[tuple[str, str | None, bool], bool]:
    return {}


def _breach(eco: Ecosystem, communication: Communication, field: str, index: int, attribute: str) -> Breach:
    point = _best_point(eco, communication)
    asked_for = any(covers(eco.inventory, root, attribute) for root in GIVEN_BY_CUSTOMERS)
    silent = eco.once(holdings).silent
    holds = "is said to hold" if silent else "holds"
    fix = Fix(f"find out where '{attribute}' is to come from, or leave it out")
    if point is not None and asked_for:
        asked = {one.segment for one in point.segments or ()}
        everybody = point.segments is None or asked.issuperset(communication.segments or (None,))
        change = {"change": {point.id: {"asks": {"add": [attribute]}}}}
        fix = Fix(f"ask for '{attribute}' at '{point.id}'", (change,))
        if not everybody:
            fix = Fix(f"ask for '{attribute}' at '{point.id}', and where its other customers come by")
    return Breach(
        subject=communication,
        message=f"'{communication.id}' needs '{attribute}', which nobody asks for and no store {holds}",
        basis="estimated" if silent else "reported",
        at=(field, index),
        label="nowhere collected",
        related=(point.id,) if point is not None and asked_for else (),
        discriminator=(attribute,),
        fix=fix,
    )


def _best_point(eco: Ecosystem, communication: Communication) -> CollectionPoint | None:
    """The collecting point of the communication's segments with the greatest reach, else the first that asks; kept."""
    kept = eco.once(_best_points)
    if communication.segments not in kept:
        kept[communication.segments] = _best_point_of(eco, communication)
    return kept[communication.segments]


def _best_points(_: Ecosystem) -> dict[tuple[str, ...] | None, CollectionPoint | None]:
    return {}


def _best_point_of(eco: Ecosystem, communication: Communication) -> CollectionPoint | None:
    best: dict[str, tuple[float, str]] = {}
    for asked in eco.once(_collecting):
        shares = [
            share.value
            for segment, share in asked.reach.items()
            if share is not None
            and (segment is None or communication.segments is None or segment in communication.segments)
        ]
        if any(asked.meets(segment) for segment in communication.segments or (None,)):
            best[asked.point.id] = (-max(shares, default=0.0), asked.point.id)
    found = min(best.values(), default=None)
    return None if found is None else eco.inventory.find(found[1], CollectionPoint)


def _collecting(eco: Ecosystem) -> tuple[Asked, ...]:
    """One collecting ask a point that writes somewhere."""
    found = {one.point.id: one for one in eco.once(asks_of) if one.purpose == "collect" and one.point.writes_to}
    return tuple(found[name] for name in sorted(found))
