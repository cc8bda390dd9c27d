"""RED110."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.asked_again import UP_TO_ALL
from cx_map.analyses.bounds import Bounds, bounds_of, total
from cx_map.analyses.handoffs import transitions
from cx_map.analyses.journey_order import journey_order
from cx_map.analyses.known_asks import Asked, asks_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.attributes import covers, seconds_to_give
from cx_map.model.chapter_service import Journey, Touchpoint
from cx_map.model.inventory import basis_of
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule
from cx_map.rulekit.bounded import in_words, measures_of

IDENTIFYING = ("identity", "credential", "contact", "account.number", "payment.card_number")
_UNLOCK = ("journeys.*.steps", "collection_points.*.touchpoint", "collection_points.*.asks.purpose")


class Parameters(Struct, frozen=True):
    """What is one session."""

    session_hours: Annotated[float, "Hours between two touchpoints up to which a customer counts as still there."] = 1.0


@rule("RED110", severity="minor", unlock=_UNLOCK)
def repeated_authentication(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """Customers have to prove twice in one journey who they are.

    ## Why it matters
    The telephone menu asks for the date of birth, and the agent asks for it again: time lost by both, and a customer who
    wonders what the first question was for.

    ## How it decides
    In a journey, two touchpoints in use follow each other and both have collection points that ask, with the purpose `verify`, for
    attributes that identify a customer; and no chain of `passes_authentication_to` leads from the earlier to the later one.
    Asks marked `step_up` are repeated on purpose. Where the gaps between the two (`max_gap`) are longer than `session_hours`,
    it is another session; an unknown gap counts as none. One finding a journey and later touchpoint. Hours are the
    customers who come to the later one (the shares of the steps that lead there; all at most where one is not known) times
    the seconds of its questions.

    ## Evidence it needs
    Steps of journeys, `touchpoint` of collection points, and asks with the purpose `verify`.

    ## Example
    ```yaml
    touchpoints: {menu: {}, agent: {}}
    journeys:
      call:  # RED110
        steps: [menu, agent]
        volume: 20000/month
    collection_points:
      menu-check: {touchpoint: menu, asks: [{attribute: identity.date_of_birth, purpose: verify}]}
      agent-check: {touchpoint: agent, asks: [{attribute: identity.date_of_birth, purpose: verify, seconds: 20}]}
    ```

    ## Mended
    ```yaml
    touchpoints: {menu: {passes_authentication_to: [agent]}, agent: {}}
    journeys:
      call:
        steps: [menu, agent]
        volume: 20000/month
    collection_points:
      menu-check: {touchpoint: menu, asks: [{attribute: identity.date_of_birth, purpose: verify}]}
      agent-check: {touchpoint: agent, asks: [{attribute: identity.date_of_birth, purpose: verify, seconds: 20}]}
    ```

    ## References
    Customer effort: repeating information. One hour for a session is a judgement.
    """
    verifying = eco.once(_verifying)
    trusted = eco.once(_trusted)
    order = eco.once(journey_order)
    for journey in eco.inventory.of(Journey):
        if not journey.usable:
            continue
        if not journey.steps:
            yield NotAssessed(journey.id, "its steps are not known", _UNLOCK[:1])
            continue
        steps = [name for step in journey.steps for name in (step.touchpoint, step.from_, step.to) if name is not None]
        checks = [name for name in dict.fromkeys(steps) if name in verifying]
        if not checks:
            yield NotAssessed(journey.id, "where customers prove who they are is not known", _UNLOCK[1:])
            continue
        broken = False
        for later in checks:
            before = {
                name: gap
                for name, gap in order.within(journey.id, later).items()
                if name in verifying and later not in trusted.get(name, ())
                and gap <= parameters.session_hours * 3600
            }  # fmt: skip
            if before:
                broken = True
                yield _breach(eco, journey, sorted(before), later, verifying[later])
        if not broken:
            yield Passed(journey.id)


def _verifying(eco: Ecosystem) -> Mapping[str, tuple[Asked, ...]]:
    """The asks by which customers prove who they are, by touchpoint."""
    found: dict[str, list[Asked]] = {}
    for asked in eco.once(asks_of):
        identifying = any(covers(eco.inventory, root, asked.attribute) for root in IDENTIFYING)
        if asked.purpose == "verify" and identifying and not asked.ask.step_up:
            touchpoint = eco.inventory.find(asked.point.touchpoint, Touchpoint)
            if touchpoint is not None and touchpoint.usable:  # nobody comes to one that is planned or gone
                found.setdefault(touchpoint.id, []).append(asked)
    return {name: tuple(some) for name, some in found.items()}


def _trusted(eco: Ecosystem) -> Mapping[str, frozenset[str]]:
    """The touchpoints that trust each touchpoint's authentication, at once or through others."""
    passes = {one.id: one.passes_authentication_to or () for one in eco.inventory.of(Touchpoint) if one.usable}
    found: dict[str, frozenset[str]] = {}
    for start in sorted(passes):
        seen: set[str] = set()
        todo = [start] if passes[start] else []
        while todo:
            for following in passes.get(todo.pop(), ()):
                if following not in seen:
                    seen.add(following)
                    todo.append(following)
        found[start] = frozenset(seen)
    return found


def _breach(eco: Ecosystem, journey: Journey, before: list[str], later: str, asks: tuple[Asked, ...]) -> Breach:
    seconds = Bounds(0.0, 0.0, 0.0, "measured")
    for asked in asks:
        own = asked.ask.seconds
        stated = basis_of(eco.inventory, asked.point)
        seconds = seconds + (
            bounds_of(own, stated) if own is not None else bounds_of(seconds_to_give(eco.inventory, asked.attribute))
        )
    hours = _arriving(eco, journey, later) * seconds.scaled(1 / 3600)
    names = ", ".join(f"'{name}'" for name in before)
    shown = ", ".join(dict.fromkeys(asked.attribute for asked in asks))
    changes = tuple({"change": {name: {"passes_authentication_to": _also(eco, name, later)}}} for name in before)
    return Breach(
        subject=journey,
        message=f"in '{journey.id}' customers prove who they are at {names} and again at '{later}'",
        label=f"'{later}' does not trust {names}",
        related=(*before, later),
        discriminator=(later,),
        evidence=(("asked again", shown), ("customers' time", in_words(hours, "h a month"))),
        measures=measures_of(hours_per_month=hours),
        fix=Fix(f"pass the result of authentication from {names} to '{later}'", changes),
    )


def _arriving(eco: Ecosystem, journey: Journey, touchpoint: str) -> Bounds:
    """How many customers of a journey come to a touchpoint: the shares of the steps that lead to it, all at most."""
    volume = bounds_of(journey.volume, basis_of(eco.inventory, journey))
    shares = [one.share for one in transitions(journey, eco.inventory) if one.after.id == touchpoint]
    share = total(UP_TO_ALL if one is None else bounds_of(one, basis_of(eco.inventory, journey)) for one in shares)
    whole = share.value is None or share.value > 1 or share.high is None or share.high > 1
    return volume * (Bounds(min(share.low, 1.0), None, 1.0, share.basis) if whole else share)


def _also(eco: Ecosystem, touchpoint: str, later: str) -> object:
    """The list with one more; lists that are not there yet are written whole."""
    entity = eco.inventory.find(touchpoint, Touchpoint)
    return {"add": [later]} if entity is not None and entity.passes_authentication_to else [later]
