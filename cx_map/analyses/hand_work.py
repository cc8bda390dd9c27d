"""Work that waits for people: approvals, and flows that are carried by hand (BOT112)."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from cx_map.analyses.affected import volume_of
from cx_map.analyses.bounds import ZERO, Bounds, bounds_of, exactly
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Approval, Communication, Flow, Team
from cx_map.model.inventory import basis_of
from cx_map.model.values import HOUR_SECONDS, MONTH_SECONDS


class HandWork(Struct, frozen=True):
    """What waits for a team: communications it approves, flows it carries, and hours a month as far as known."""

    team: Team
    approves: tuple[str, ...]
    carries: tuple[Flow, ...]
    hours: Bounds


def hand_work(eco: Ecosystem) -> Mapping[str, HandWork]:
    """Every usable team that approves communications or carries flows by hand, by id. O(communications + flows).

    An approval takes its effort each time: a run of a schedule, or each item where someone sets it off by hand;
    an event-driven communication is approved once, when its text changes, which is not counted. A flow by hand
    is its owner's work, or that of the team at one of its ends.
    """
    inventory = eco.inventory
    approves: dict[str, list[str]] = {}
    carries: dict[str, list[Flow]] = {}
    hours: dict[str, Bounds] = {}
    for communication in inventory.of(Communication):
        for approval in communication.approvals or () if communication.usable else ():
            team = inventory.find(approval.team, Team)
            if team is None or not team.usable:
                continue
            if communication.id not in approves.setdefault(team.id, []):
                approves[team.id].append(communication.id)
            hours[team.id] = hours.get(team.id, ZERO) + _effort(eco, communication, approval)
    for flow in inventory.flows:
        name = _carrier(eco, flow)
        if name is not None:
            carries.setdefault(name, []).append(flow)
            stated = basis_of(inventory, flow)
            taken = bounds_of(flow.volume, stated) * bounds_of(flow.seconds, stated).scaled(1 / HOUR_SECONDS)
            hours[name] = hours.get(name, ZERO) + taken
    found = {}
    for name in sorted(hours):
        team = inventory.find(name, Team)
        if team is not None:
            found[name] = HandWork(team, tuple(approves.get(name, ())), tuple(carries.get(name, ())), hours[name])
    return found


def _effort(eco: Ecosystem, communication: Communication, approval: Approval) -> Bounds:
    """Hours a month that an approval takes."""
    schedule, trigger = communication.schedule, communication.trigger
    by_hand = trigger is not None and trigger.kind_ == "manual"
    if schedule is None and trigger is not None and trigger.kind_ == "event":
        return ZERO
    if approval.effort is None:
        return bounds_of(None)
    hours = approval.effort.seconds / HOUR_SECONDS
    if schedule is not None:
        if schedule.run is None or schedule.run.seconds <= 0:
            return bounds_of(None)
        return exactly(hours * MONTH_SECONDS / schedule.run.seconds, basis_of(eco.inventory, communication))
    return volume_of(eco, communication).scaled(hours) if by_hand else bounds_of(None)


def _carrier(eco: Ecosystem, flow: Flow) -> str | None:
    """The team that carries a flow by hand, if it is one."""
    if flow.via not in ("manual", "rekey") or not flow.usable or flow.policy == "blocked":
        return None
    for name in (flow.owner, flow.from_, flow.to):
        team = eco.inventory.find(name, Team)
        if team is not None and team.usable:
            return team.id
    return None
