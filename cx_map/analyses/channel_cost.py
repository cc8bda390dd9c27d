"""What the channels of unsolicited communications cost a year, a customer of each segment."""

from __future__ import annotations

from collections.abc import Mapping

from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import Segment
from cx_map.model.chapter_map import Channel, Communication
from cx_map.model.routes import routes_of

OWED = ("regulatory", "security", "collections", "servicing", "transactional")
"""Purposes that the firm owes its customers: their cost is nobody's fault."""


def yearly_costs(eco: Ecosystem) -> Mapping[str, float]:
    """The yearly cost of a customer of each segment, a lower bound. O(communications * segments).

    A communication's yearly items times the shares of its routes times the channel's `cost_per_contact` are
    divided evenly among the customers of its segments, each of which must have a known size; what is not known
    counts nothing. Communications of a purpose that is owed or not known are left out.
    """
    inventory = eco.inventory
    found: dict[str, float] = {}
    for communication in inventory.of(Communication):
        if not communication.usable or communication.purpose is None or communication.purpose in OWED:
            continue
        volume = communication.volume
        sizes = {}
        for name in dict.fromkeys(communication.segments or ()):
            segment = inventory.find(name, Segment)
            sizes[name] = segment.customers.highest if segment is not None and segment.customers is not None else 0.0
        if volume is None or not sizes or not all(sizes.values()):
            continue
        cost = 0.0
        for route in routes_of(communication) or ():
            channel = inventory.find(route.channel, Channel)
            if channel is not None and channel.cost_per_contact is not None and route.share is not None:
                cost += 12 * volume.lowest * route.share.lowest * channel.cost_per_contact.lowest
        for name in sizes:
            found[name] = found.get(name, 0.0) + cost / sum(sizes.values())
    return found
