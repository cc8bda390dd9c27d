"""Things that wait for one another: cycles in which every supply is mandatory (BOT111)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from cx_map.graph.and_or import components
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Flow, Platform


class Supply(Struct, frozen=True):
    """A mandatory supply: a flow with ``required: true``, or one of a platform's ``needs`` (then ``flow`` is None)."""

    source: str
    target: str
    flow: Flow | None = None

    @property
    def volume(self) -> float:
        """Items a month, infinite where not known: what is not known is not called small."""
        return self.flow.volume.value if self.flow is not None and self.flow.volume is not None else float("inf")


class Circle(Struct, frozen=True):
    """Things that mandatory supplies join in a circle, and the supplies whose removal breaks it, least volume first.

    ``breaks`` holds whole directions: all supplies from one thing to another, or none of them.
    """

    members: tuple[str, ...]
    supplies: tuple[Supply, ...]
    breaks: tuple[Supply, ...]


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
    """The strongly connected parts of the mandatory supplies with more than one member. O(supplies) a removal."""
    every = eco.once(supplies)
    found = []
    for members in _circular(every):
        inside = tuple(one for one in every if one.source in members and one.target in members)
        found.append(Circle(tuple(sorted(members)), inside, _breaks(inside)))
    return tuple(sorted(found, key=lambda one: one.members))


def _circular(every: Sequence[Supply]) -> list[set[str]]:
    names = sorted({name for one in every for name in (one.source, one.target)})
    index: Mapping[str, int] = {name: number for number, name in enumerate(names)}
    needs: list[list[int]] = [[] for _ in names]
    for one in every:
        needs[index[one.target]].append(index[one.source])
    parts = components([tuple((one,) for one in group) for group in needs], bytearray(b"\1" * len(names)))
    return [{names[one] for one in part} for part in parts if len(part) > 1]


def _breaks(inside: Sequence[Supply]) -> tuple[Supply, ...]:
    """Supplies whose removal leaves no circle: always the direction of least volume still in a circle (greedy).

    What later removals have made unnecessary stays, so that each direction named is needed. A direction is everything
    that goes from one thing to another, needs and flows together: what is supplied twice is done without only when both are.
    """
    removed: list[list[Supply]] = []
    left = list(inside)
    while parts := _circular(left):
        directions: dict[tuple[str, str], list[Supply]] = {}
        for one in left:
            if any(one.source in part and one.target in part for part in parts):
                directions.setdefault((one.source, one.target), []).append(one)
        chosen = min(
            directions.items(), key=lambda one: (sum(supply.volume for supply in one[1]), _needed(one[1]), one[0])
        )
        removed.append(chosen[1])
        left = _without(inside, removed)
    for direction in tuple(reversed(removed)):
        others = [one for one in removed if one is not direction]
        if not _circular(_without(inside, others)):
            removed = others
    return tuple(supply for direction in removed for supply in direction)


def _without(inside: Sequence[Supply], removed: Sequence[Sequence[Supply]]) -> list[Supply]:
    """What is left; taking a two-way flow away takes both of its directions."""
    gone = {id(supply) for direction in removed for supply in direction}
    flows = {id(supply.flow) for direction in removed for supply in direction if supply.flow is not None}
    return [one for one in inside if id(one) not in gone and id(one.flow) not in flows]


def _needed(direction: Sequence[Supply]) -> bool:
    """Whether one of the supplies is a need, which is harder to do without than a flow."""
    return any(one.flow is None for one in direction)
