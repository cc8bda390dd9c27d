"""Which channels and touchpoints have people behind them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Channel, Platform
from cx_map.model.chapter_service import AgentPool, Touchpoint
from cx_map.model.inventory import Inventory

STAFFED_KINDS = ("voice", "video", "branch", "callback")
"""Kinds of channel that are people by nature."""

AUTOMATED_KINDS = ("ivr", "web", "portal", "in_app", "push", "kiosk")
"""Kinds of channel that are machines by nature."""

BOTS = ("chatbot", "ivr")
"""Capabilities of platforms that talk to customers by themselves."""


class Staffing(Struct, frozen=True):
    """The pools behind each channel."""

    pools: Mapping[str, tuple[AgentPool, ...]]

    def channel(self, channel: Channel) -> bool | None:
        """Whether people answer on a channel; None where that is not known."""
        if channel.kind_ in STAFFED_KINDS or self.pools.get(channel.id):
            return True
        return False if channel.kind_ in AUTOMATED_KINDS else None

    def touchpoint(self, inventory: Inventory, touchpoint: Touchpoint) -> bool | None:
        """Whether people answer at a touchpoint; None where that is not known."""
        if touchpoint.kind_ == "assisted":
            return True
        if touchpoint.kind_ in ("self_service", "outbound") or automated(inventory, touchpoint):
            return False
        channel = inventory.find(touchpoint.channel, Channel)
        return None if channel is None else self.channel(channel)


def staffing(eco: Ecosystem) -> Staffing:
    """The usable agent pools by the channels they serve. O(pools)."""
    found: dict[str, list[AgentPool]] = {}
    for pool in eco.inventory.of(AgentPool):
        if pool.usable:
            for channel in pool.channels or ():
                found.setdefault(channel, []).append(pool)
    return Staffing({name: tuple(pools) for name, pools in found.items()})


def automated(inventory: Inventory, touchpoint: Touchpoint) -> bool:
    """Whether a machine talks to customers at a touchpoint: an IVR, or a platform that is a chat bot or IVR."""
    if touchpoint.kind_ == "assisted":
        return False
    channel = inventory.find(touchpoint.channel, Channel)
    if channel is not None and channel.kind_ == "ivr":
        return True
    platform = inventory.find(touchpoint.platform, Platform)
    if platform is not None and set(platform.capabilities or ()) & set(BOTS):
        return True
    return touchpoint.kind_ == "self_service" and channel is not None and channel.kind_ in ("chat", "messaging")
