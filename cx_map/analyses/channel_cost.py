"""What the channels of communications and tasks cost a year, a customer of each segment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import Segment
from cx_map.model.chapter_feedback import Action, FeedbackLoop, Signal
from cx_map.model.chapter_map import Channel, Communication, Team
from cx_map.model.chapter_service import Task
from cx_map.model.inventory import Inventory
from cx_map.model.routes import routes_of
from cx_map.model.values import Rate

NOT_COUNTED = ("regulatory", "security", "collections")
"""Purposes of communications that the law or a risk demands, whatever a customer brings."""

MONTHS = 12


def yearly_costs(eco: Ecosystem) -> Mapping[str, float]:
    """The yearly cost of a customer of each segment, a lower bound. O((communications + tasks) * segments).

    A year's items times what an item costs at least are divided evenly among the customers of the segments, each of which
    must have a known size; what is not known counts nothing. Communications of a purpose that is demanded or not
    known are left out, and answers to complaints, which nobody may be too costly for.
    """
    inventory = eco.inventory
    found: dict[str, float] = {}
    answers = _answers_to_complaints(inventory)
    for communication in inventory.of(Communication):
        counts = communication.purpose is not None and communication.purpose not in NOT_COUNTED
        if communication.usable and counts and communication.id not in answers:
            each = _cost_of_an_item(inventory, communication)
            _divide(inventory, found, communication.segments, communication.volume, each)
    for task in inventory.of(Task):
        if task.usable:
            served = (one.channel for one in task.channels or () if one.support != "none")
            _divide(inventory, found, task.segments, task.volume, _cheapest(inventory, served))
    return found


def _answers_to_complaints(inventory: Inventory) -> frozenset[str]:
    """What actions of a team for complaints inform by, and what declared loops of complaints answer with."""
    found: set[str] = set()
    acting: set[str] = set()
    for loop in inventory.of(FeedbackLoop):
        signal = inventory.find(loop.signal, Signal)
        if signal is not None and signal.kind_ == "complaint" and loop.stages is not None:
            found.update(loop.stages.inform or ())
            acting.update(loop.stages.act or ())
    for action in inventory.of(Action):
        team = inventory.find(action.team, Team)
        if action.id in acting or (team is not None and "complaints" in (team.functions or ())):
            found.update(action.informs or ())
    return frozenset(found)


def _cost_of_an_item(inventory: Inventory, communication: Communication) -> float:
    """What an item costs at least: by the shares of its routes, else what the cheapest of them costs."""
    primary = [route for route in routes_of(communication) or () if route.fallback_for is None]
    if any(route.share is None for route in primary):
        return _cheapest(inventory, (route.channel for route in primary))
    return sum(route.share.lowest * _cost(inventory, route.channel) for route in primary if route.share is not None)


def _cheapest(inventory: Inventory, channels: Iterable[str | None]) -> float:
    """The cost of the cheapest of some channels; nothing where one of them may cost nothing."""
    return min((_cost(inventory, name) for name in channels), default=0.0)


def _cost(inventory: Inventory, name: str | None) -> float:
    channel = inventory.find(name, Channel)
    cost = channel.cost_per_contact if channel is not None else None
    return cost.lowest if cost is not None else 0.0


def _divide(
    inventory: Inventory, found: dict[str, float], segments: Iterable[str] | None, volume: Rate | None, each: float
) -> None:
    """Add a year's cost to the customers of some segments."""
    sizes: dict[str, float] = {}
    for name in segments or ():
        segment = inventory.find(name, Segment)
        sizes[name] = segment.customers.highest if segment is not None and segment.customers is not None else 0.0
    if volume is None or not each or not sizes or not all(sizes.values()):
        return
    for name in sizes:
        found[name] = found.get(name, 0.0) + MONTHS * volume.lowest * each / sum(sizes.values())
