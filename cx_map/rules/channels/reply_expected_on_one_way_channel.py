"""CHAN111."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cx_map.analyses.affected import affected
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import CollectionPoint
from cx_map.model.chapter_feedback import Signal
from cx_map.model.chapter_map import Channel, Communication, Platform
from cx_map.model.chapter_service import Touchpoint
from cx_map.model.inventory import Inventory
from cx_map.model.routes import routes_of
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Verdict, rule
from cx_map.rulekit.impact import impact_measures


@rule("CHAN111", severity="minor", unlock=("communications.*.expects_reply", "channels.*.direction"))
def reply_expected_on_one_way_channel(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """A message asks for an answer that customers cannot give.

    ## Why it matters
    "Please confirm", from a no-reply address: those who answer are never heard, and those who would have answered call.

    ## How it decides
    A usable communication breaks the rule when one of its channels goes out only, it expects an answer, and the answer
    goes nowhere. It expects one if it says so (`expects_reply`), or, unless it says that it does not, if a signal of
    kind contact about it is known to be kept nowhere. The answer goes nowhere if `reply_to` is left out or none, is
    not in use, is itself a channel that goes out only, or is a touchpoint or collection point that is known to write
    nothing down.

    ## Evidence it needs
    `expects_reply` and `reply_to` of communications, `direction` of channels.

    ## Example
    ```yaml
    communications:
      please-confirm:
        expects_reply: true  # CHAN111
        routes: [{channel: letter}]
    ```

    ## Mended
    ```yaml
    data_sources: {reply-cards: {kind: paper}}
    communications:
      please-confirm:
        expects_reply: true
        reply_to: reply-cards
        routes: [{channel: letter}]
    ```

    ## References
    Two-way communication as published practice of channel strategy.
    """
    answered: dict[str, str] = {}
    for signal in eco.inventory.of(Signal):
        if signal.usable and signal.kind_ == "contact" and signal.captured_in == ():
            for name in signal.about or ():
                answered.setdefault(name, signal.id)
    for communication in eco.inventory.of(Communication):
        if communication.usable:
            yield _judge(eco, communication, answered)


def _judge(eco: Ecosystem, communication: Communication, answered: Mapping[str, str]) -> Verdict:
    inventory = eco.inventory
    if communication.expects_reply is False:
        return Passed(communication.id)
    if communication.expects_reply is None and communication.id not in answered:
        return NotAssessed(
            communication.id, "whether it expects an answer is not known", ("communications.*.expects_reply",)
        )
    channels = [
        one for route in routes_of(communication) or ()
        if (one := inventory.find(route.channel, Channel)) is not None and one.usable
    ]  # fmt: skip
    one_way = [one.id for one in channels if one.direction == "out"]
    if not one_way:
        if not channels or any(one.direction is None for one in channels):
            return NotAssessed(
                communication.id, "the direction of its channels is not known", ("channels.*.direction",)
            )
        return Passed(communication.id)
    if "reply_to" in communication.unknown:
        return NotAssessed(communication.id, "where its answers go is not known", ("communications.*.reply_to",))
    lost = _lost(inventory, communication.reply_to)
    if lost is None:
        return Passed(communication.id)
    signal = answered.get(communication.id)
    why = f"'{one_way[0]}' goes out only and {lost}"
    return Breach(
        subject=communication,
        message=f"communication '{communication.id}' gets answers that nobody receives: {why}",
        at=("reply_to",) if communication.reply_to is not None else ("expects_reply",),
        label=lost,
        related=(*dict.fromkeys(one_way), *((signal,) if signal is not None else ())),
        measures=impact_measures(affected(eco, [communication.id])),
        fix=_fix(inventory, communication),
    )


def _lost(inventory: Inventory, name: str | None) -> str | None:
    """Why answers that go to this place are lost; None where they are kept."""
    place = inventory.entities.get(name or "")
    if place is None:
        return "there is no way to answer"
    if not place.usable:
        return f"'{place.id}' is {place.status}"
    if isinstance(place, Channel) and place.direction == "out":
        return f"'{place.id}' goes out only too"
    if isinstance(place, (Touchpoint, CollectionPoint)) and place.writes_to == ():
        return f"'{place.id}' writes nothing down"
    return None


def _fix(inventory: Inventory, communication: Communication) -> Fix:
    """Answers to a case system, if there is one."""
    for platform in inventory.of(Platform):
        if platform.usable and "case" in (platform.capabilities or ()):
            return Fix(
                f"let answers go to '{platform.id}'", ({"change": {communication.id: {"reply_to": platform.id}}},)
            )
    return Fix("name in `reply_to` where answers are kept and read")
