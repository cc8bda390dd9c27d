"""Whether a channel that a segment's ``reachable_by`` leaves out may reach its customers all the same."""

from __future__ import annotations

from cx_map.model.chapter_customers import Segment
from cx_map.model.chapter_map import Channel
from cx_map.model.inventory import Inventory

GO_ANYWHERE = ("letter", "branch")
"""Kinds of channel that need no address to be collected first: left out of `reachable_by`, they may reach anybody."""

_CALLS = ("voice", "callback")
_MOBILE = ("sms", "rcs", "messaging")
"""Kinds of channel that go to a number which can be called as well."""


def may_reach(inventory: Inventory, segment: Segment, channel: Channel) -> bool:
    """Whether it may, though the segment states other channels and not this one.

    Who lists phones and mail leaves out post and branches, which reach whoever has an address or comes; and a phone
    that takes texts can be called.
    """
    if channel.kind_ in GO_ANYWHERE:
        return True
    stated = segment.reachable_by or {}
    listed = (inventory.find(name, Channel) for name, share in stated.items() if share.highest > 0)
    return channel.kind_ in _CALLS and any(one is not None and one.kind_ in _MOBILE for one in listed)
