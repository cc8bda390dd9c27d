"""What messages and contacts cost a month, by the channels' given costs only (analyses.md, I).

Nothing is invented: a channel without `cost_per_contact` adds nothing to the low end and leaves the high end open.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from cx_map.analyses.affected import volume_of
from cx_map.analyses.bounds import UNKNOWN, Bounds, bounds_of, total
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Channel, Communication
from cx_map.model.inventory import basis_of
from cx_map.model.routes import routes_of
from cx_map.model.values import worst_basis


class Cost(Struct, frozen=True):
    """Money a month, and its currency."""

    amount: Bounds
    currency: str


def any_price(eco: Ecosystem) -> bool:
    """Whether the inventory gives any cost of a contact at all."""
    return any(one.cost_per_contact is not None for one in eco.inventory.of(Channel))


def cost_of_messages(eco: Ecosystem, communications: Iterable[str]) -> Cost | None:
    """What the channels of some communications cost a month; None where no cost of theirs is given. O(routes)."""
    parts: list[Bounds] = []
    currency = None
    for name in communications:
        communication = eco.inventory.find(name, Communication)
        routes = [one for one in (communication and routes_of(communication)) or () if one.fallback_for is None]
        if communication is None or not routes:
            parts.append(UNKNOWN)
            continue
        volume = volume_of(eco, communication)
        alone = len(routes) == 1
        for route in routes:
            price, said = _price(eco, route.channel)
            share = Bounds(1.0, 1.0, 1.0, "measured") if alone else Bounds(0.0, None, 1.0, "measured")
            if route.share is not None:
                share = bounds_of(route.share, basis_of(eco.inventory, communication))
            parts.append(volume * share * price)
            currency = currency or said
    return Cost(total(parts), currency) if currency is not None else None


def cost_of_contacts(eco: Ecosystem, contacts: Bounds, channels: Iterable[str]) -> Cost | None:
    """What contacts cost that come in by any of some channels: the cheapest at least, the dearest at most."""
    prices = [_price(eco, name) for name in channels]
    currency = next((said for _, said in prices if said is not None), None)
    if currency is None:
        return None
    highs = [price.high for price, _ in prices if price.high is not None]
    lows = [price.low for price, _ in prices]
    basis = worst_basis(*(price.basis for price, _ in prices))
    both = Bounds(min(lows), None, max(highs) if len(highs) == len(prices) else None, basis)
    return Cost(contacts * (prices[0][0] if len(prices) == 1 else both), currency)


def _price(eco: Ecosystem, name: str | None) -> tuple[Bounds, str | None]:
    channel = eco.inventory.find(name, Channel)
    if channel is None or channel.cost_per_contact is None:
        return UNKNOWN, None
    return bounds_of(channel.cost_per_contact, basis_of(eco.inventory, channel)), channel.cost_per_contact.currency
