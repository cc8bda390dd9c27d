"""Which data policy keeps from going straight from one place to another, and which remedies would send them all the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.attributes import EVERYTHING, related
from cx_map.model.chapter_map import Flow
from cx_map.model.inventory import Inventory

Blocked: TypeAlias = Mapping[tuple[str, str], tuple[Flow, ...]]
"""The flows with ``policy: blocked`` by their ends, two-way ones in both directions."""


def blocked_flows(inventory: Inventory) -> Blocked:
    """The flows of an inventory that must not exist. O(flows)."""
    found: dict[tuple[str, str], list[Flow]] = {}
    for flow in inventory.flows:
        if flow.usable and flow.policy == "blocked" and flow.from_ and flow.to:
            found.setdefault((flow.from_, flow.to), []).append(flow)
            if flow.two_way:
                found.setdefault((flow.to, flow.from_), []).append(flow)
    return {pair: tuple(flows) for pair, flows in found.items()}


def forbids(inventory: Inventory, flow: Flow, attribute: str) -> bool:
    """Whether a blocked flow is about an attribute: it carries it, or does not say what it carries."""
    carried = flow.carries
    return carried is None or any(name == EVERYTHING or related(inventory, name, attribute) for name in carried)


def against_policy(eco: Ecosystem, changes: Iterable[Mapping[str, object]]) -> tuple[str, str] | None:
    """The ends of the first flow, of those that some roadmap operators add, that policy blocks; None where there is none.

    A new flow that does not say what it carries may carry whatever is blocked.
    """
    blocked = eco.once(_blocked)
    for change in changes if blocked else ():
        flow = change.get("connect")
        if not isinstance(flow, Mapping):
            continue
        pair = (flow["from"], flow["to"])
        carried = flow.get("carries") or (EVERYTHING,)
        for one in blocked.get(pair, ()):
            if any(name == EVERYTHING or forbids(eco.inventory, one, name) for name in carried):
                return pair
    return None


def _blocked(eco: Ecosystem) -> Blocked:
    return blocked_flows(eco.inventory)
