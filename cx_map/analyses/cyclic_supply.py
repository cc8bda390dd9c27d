"""Things that wait for one another: cycles in which every supply is mandatory (BOT111)."""

from __future__ import annotations

from msgspec import Struct

from cx_map.analyses.circle_breaks import Supply, breaks, circular
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Platform


class Circle(Struct, frozen=True):
    """Things that mandatory supplies join in a circle, and the supplies whose removal breaks it, least volume first.

    ``breaks`` holds whole directions: all supplies from one thing to another, or none of them.
    """

    members: tuple[str, ...]
    supplies: tuple[Supply, ...]
    breaks: tuple[Supply, ...]
    sure: bool = True
    """Whether each of these is known to be needed: False where there were too many circles to tell."""


def supplies(eco: Ecosystem) -> tuple[Supply, ...]:
    """Every mandatory supply between usable things, by its ends. Synchronisations with a conflict policy are none."""
    inventory = eco.inventory
    found = [
        Supply(need.any_of[0], platform.id)
        for platform in inventory.of(Platform)
        if platform.usable
        for need in platform.needs or ()
        if need.any_of and len(set(need.any_of)) == 1
    ]
    settled = {frozenset((flow.from_, flow.to)) for flow in inventory.flows if flow.conflict_policy is not None}
    for flow in inventory.flows:
        if flow.from_ is None or flow.to is None or not flow.required or not flow.usable:
            continue
        if flow.via == "none" or flow.policy == "blocked" or frozenset((flow.from_, flow.to)) in settled:
            continue
        found.append(Supply(flow.from_, flow.to, flow))
        if flow.two_way:
            found.append(Supply(flow.to, flow.from_, flow))
    usable = {name for name, entity in inventory.entities.items() if entity.usable}
    kept = [one for one in found if one.source in usable and one.target in usable and one.source != one.target]
    return tuple(sorted(kept, key=lambda one: (one.source, one.target, one.flow is not None, one.volume)))


def circles(eco: Ecosystem) -> tuple[Circle, ...]:
    """The strongly connected parts of the mandatory supplies with more than one member."""
    every = eco.once(supplies)
    parts = circular(every)
    part_of = {name: part for part, members in enumerate(parts) for name in members}
    inside: list[list[Supply]] = [[] for _ in parts]
    for one in every:
        part = part_of.get(one.source)
        if part is not None and part == part_of.get(one.target):
            inside[part].append(one)
    found = [
        Circle(tuple(sorted(members)), tuple(own), *breaks(own)) for members, own in zip(parts, inside, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: one.members))
