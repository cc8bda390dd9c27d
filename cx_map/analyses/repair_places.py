"""Where a repair best leads: the nearest node that answers some segments, a way to copy, a home for a signal.

*Near* is the same line of business, or none. Nodes are grouped by the segments they tell (bits) and the first of
each line is kept, so that a question costs O(groups), however many nodes there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cx_map.analyses.holdings import BY_HAND
from cx_map.analyses.loop_reach import Reach
from cx_map.analyses.loop_walks import Stage
from cx_map.analyses.reachable_channels import Reachable
from cx_map.graph.number_sets import from_bits
from cx_map.graph.response import shown
from cx_map.model.chapter_feedback import Signal
from cx_map.model.chapter_map import DataSource, Platform
from cx_map.model.entity import Entity
from cx_map.model.inventory import Inventory

_ANY = "*"
"""Stands for all lines of business together."""


class _Nearby:
    """The first node of every line, of none and of all, by the segments that are told from there."""

    def __init__(self) -> None:
        self._groups: dict[int, dict[str, str]] = {}
        self._telling: dict[int, list[int]] = {}
        """The keys of the groups that tell a segment, by its number."""

    def keep_first(self, told: int, line: str, node: str) -> None:
        """Note a node for its line, and for all, unless an earlier one stands there."""
        group = self._groups.get(told)
        if group is None:
            group = self._groups[told] = {}
            for segment in from_bits(told):
                self._telling.setdefault(segment, []).append(told)
        group.setdefault(line, node)
        group.setdefault(_ANY, node)

    def fit(self, wanted: int, line: str) -> list[str]:
        """The first nodes of a line, of no line and of all, of every group that tells all wanted segments."""
        first = (wanted & -wanted).bit_length() - 1  # what tells all of them tells this one
        telling = self._telling.get(first, ()) if wanted else self._groups
        groups = [self._groups[told] for told in telling if told & wanted == wanted]
        return [group[key] for group in groups for key in (line, "", _ANY) if key in group]


@dataclass(frozen=True, eq=False)
class Places:
    """The nodes of an inventory by line of business; indexes are filled as they are asked for."""

    inventory: Inventory
    reach: Reach
    _found: dict[tuple[Stage, int, str], str | None] = field(default_factory=dict, repr=False)
    _channels: dict[int, tuple[str, ...]] = field(default_factory=dict, repr=False)
    _by_stage: dict[Stage, _Nearby] = field(default_factory=dict, repr=False)

    def line(self, node: str) -> str:
        """The line of business of a node, or the one that a platform serves alone; empty where nobody says."""
        entity = self.inventory.entities.get(shown(node))
        if isinstance(entity, Platform) and entity.serves and len(entity.serves) == 1:
            return entity.serves[0]
        return (entity.line_of_business or "") if entity is not None else ""

    def nearest(self, stage: Stage, wanted: int, line: str) -> str | None:
        """The first node of a stage from which the wanted segments are told today, in the same line if there is one."""
        key = (stage, wanted, line)
        if key not in self._found:
            fit = self._answering(stage).fit(wanted, line) if wanted else []
            self._found[key] = min(fit, key=lambda node: (crosses(line, self.line(node)), node), default=None)
        return self._found[key]

    def _answering(self, stage: Stage) -> _Nearby:
        """The nodes of a stage from which somebody is told today."""
        if stage not in self._by_stage:
            found = self._by_stage[stage] = _Nearby()
            for told, nodes in self.reach.answering(stage).items():
                for node in nodes:
                    found.keep_first(told, self.line(node), node)
        return self._by_stage[stage]

    def template(self, wanted: int, line: str) -> str | None:
        """The way of a communication that reaches the wanted segments and whose route a new reply can take.

        The channel that is known to reach most comes first.
        """
        key = (Stage.SENT, wanted, line)
        if key not in self._found:
            fit = [(self.reachable.share(wanted, channel), way) for channel, ways in self._ways.items()
                   if self.reachable.may_tell(wanted, channel) for way in ways.fit(wanted, line)]  # fmt: skip
            best = min(fit, key=lambda one: (-one[0], *self._fitness(one[1], line)), default=None)
            self._found[key] = best[1] if best is not None else None
        return self._found[key]

    def templates(self, wanted: int, line: str) -> tuple[str, ...]:
        """The way that reaches most, and the quickest one where that is quicker; empty where none reaches the segments."""
        best, quickest = self.template(wanted, line), self._quickest(wanted, line)
        if best is None or quickest is None or self.seconds(quickest) >= self.seconds(best):
            return () if best is None else (best,)
        return best, quickest

    def _quickest(self, wanted: int, line: str) -> str | None:
        first = (wanted & -wanted).bit_length() - 1  # what tells all of them tells this one
        fit = [
            (self._times[way], *self._fitness(way, line))
            for channel, told, way in self._quick.get(first, ())
            if told & wanted == wanted and self.reachable.may_tell(wanted, channel)
        ]
        return min(fit)[-1] if fit else None

    @cached_property
    def _quick(self) -> Mapping[int, list[tuple[str, int, str]]]:
        """Channel, segments told and quickest way of a new reply, by the number of each segment told."""
        graph = self.reach.graph
        quickest: dict[tuple[str, int], str] = {}
        for way in sorted(self._times, key=lambda one: (self._times[one], self._fitness(one, ""))):
            quickest.setdefault((graph.ways[way].channel or "", graph.audience(way)), way)
        found: dict[int, list[tuple[str, int, str]]] = {}
        for (channel, told), way in quickest.items():
            for segment in from_bits(told):
                found.setdefault(segment, []).append((channel, told, way))
        return found

    def seconds(self, way: str) -> float:
        """The known time that a message takes along a way that works, at worst."""
        return self._times[way]

    @cached_property
    def _times(self) -> Mapping[str, float]:
        """The known seconds of every way that a new reply can take."""
        graph = self.reach.graph
        return {
            edge.target: edge.seconds or 0.0
            for way in graph.ways for edge in graph.edges(shown(way))
            if edge.target == way and edge.works and edge.certain
        }  # fmt: skip

    def channels(self, wanted: int) -> tuple[str, ...]:
        """The channels of a reply that has no known way to take; none where some segment is reached by no channel."""
        if wanted not in self._channels:
            self._channels[wanted] = self.reachable.channels(wanted)
        return self._channels[wanted]

    @cached_property
    def reachable(self) -> Reachable:
        """By which channels segments can be reached."""
        return Reachable(self.inventory, self.reach.graph.segments)

    @cached_property
    def _ways(self) -> Mapping[str, _Nearby]:
        """The ways a new reply can take, by channel and the segments they tell."""
        graph = self.reach.graph
        found: dict[str, _Nearby] = {}
        for way in sorted(self._times, key=lambda one: self._fitness(one, "")):
            ways = found.setdefault(graph.ways[way].channel or "", _Nearby())
            ways.keep_first(graph.audience(way), self.line(graph.ways[way].communication.id), way)
        return found

    def _fitness(self, way: str, line: str) -> tuple[bool, bool, str]:
        """Everyday messages first, then those of the same line."""
        communication = self.reach.graph.ways[way].communication
        everyday = communication.purpose in ("servicing", "transactional", "relationship")
        return not everyday, crosses(line, self.line(communication.id)), way

    def home(self, line: str) -> str | None:
        """Where a signal is best kept: a case or relationship system, else a store; None where there is none."""
        near = [self._homes[key] for key in (line, "", _ANY) if key in self._homes]
        best = min(near, key=lambda one: (crosses(line, self.line(one[2])), *one), default=None)
        return best[2] if best is not None else None

    @cached_property
    def _homes(self) -> Mapping[str, tuple[bool, int, str]]:
        """The best home of each line, and of all: those that keep some signal already first, else as they come."""
        platforms = [one for one in self.inventory.of(Platform) if one.usable]
        places: list[Entity] = [one for one in platforms if {"case", "crm"} & set(one.capabilities or ())]
        places += [one for one in platforms if one.id in self._listening]
        places += [
            one for one in self.inventory.of(DataSource)
            if one.usable and one.role in (None, "customer_master", "golden")
            and one.kind_ not in BY_HAND
        ]  # fmt: skip
        found: dict[str, tuple[bool, int, str]] = {}
        for number, one in enumerate(places):
            home = (one.id not in self._listening, number, one.id)
            for key in (self.line(one.id), _ANY):
                found[key] = min(home, found.get(key, home))
        return found

    @cached_property
    def _listening(self) -> frozenset[str]:
        """The stores that keep some signal already."""
        edges = (edge for signal in self.inventory.of(Signal) for edge in self.reach.graph.edges(signal.id))
        return frozenset(edge.target for edge in edges)


def crosses(one: str, other: str) -> bool:
    """Whether two lines of business are known to differ."""
    return bool(one and other and one != other)
