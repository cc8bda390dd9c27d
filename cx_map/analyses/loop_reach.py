"""How far the feedback kept at each place can come, and whom a reply from there can tell: for all places at once.

Over the product of the response graph and the automaton, seen backwards in one pass over its strongly connected
components: *furthest*, the last stage that can be reached from a state (idle teams and undeliverable replies
left out), *audience*, the segments told from it when every condition is dropped, and whether a field said to be
unknown leaves it *open*. No audience proves that a loop is broken whatever the conditions, so most searches end here.
O(edges * segments / 64).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from cx_map.analyses.loop_unknowns import unknown_fields
from cx_map.analyses.loop_walks import NEXT, Conditions, Search, Stage, State
from cx_map.graph.and_or import components
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import Edge, ResponseGraph, active_team, response_graph, shown
from cx_map.model.chapter_feedback import Action, Insight


class Reach(Struct, frozen=True, eq=False):
    """What can be reached from each state (stage and node) of the product."""

    graph: ResponseGraph
    states: dict[tuple[Stage, str], int]
    steps: Sequence[Sequence[int]]
    """Where each state leads today."""
    furthest: Sequence[int]
    audience: Sequence[int]
    answered: Sequence[int]
    """The segments told over what is in place today, as bits."""
    open: Sequence[int]
    owners: Sequence[int]
    """The teams that may come to own it, by :attr:`team_bits`."""
    team_bits: Mapping[str, int]
    unknown: Mapping[tuple[Stage, str], str]
    """The field said to be unknown, by stage and node."""
    _answering: dict[Stage, Mapping[int, tuple[str, ...]]] = field(default_factory=dict)

    def furthest_from(self, stage: Stage, node: str) -> Stage:
        """The last stage that a state can reach; its own stage where nothing leads on."""
        number = self.states.get((stage, node))
        return stage if number is None else Stage(self.furthest[number])

    def audience_from(self, stage: Stage, node: str) -> int:
        """The segments that can be told from a state, as bits."""
        number = self.states.get((stage, node))
        return 0 if number is None else self.audience[number]

    def answered_from(self, stage: Stage, node: str) -> int:
        """The segments that can be told from a state over what is in place today, as bits."""
        number = self.states.get((stage, node))
        return 0 if number is None else self.answered[number]

    def hopeful(self, search: Search, wanted: int, conditions: Conditions) -> Callable[[State], bool]:
        """Tells the states of a search from which a wanted segment and, if asked for, an entitled owner can be met."""
        entitled = self.bits_of_owners(search) if conditions.entitled else 0

        def judge(state: State) -> bool:
            number = self.states.get(state[:2])
            if search.routed_from(state):
                return True
            if number is None or not self.audience[number] & wanted:
                return False
            return state[2] or not conditions.entitled or self.owners[number] & entitled != 0

        return judge

    def bits_of_owners(self, search: Search) -> int:
        """The teams that may own a signal, as far as is known, as bits."""
        if search.entitlement.of("") is None:
            return (1 << len(self.team_bits)) - 1
        return sum(1 << self.team_bits[team] for team in search.entitlement.teams if team in self.team_bits)

    def owners_from(self, stage: Stage, node: str) -> int:
        """The teams that may come to own a signal from a state on, as bits."""
        number = self.states.get((stage, node))
        return 0 if number is None else self.owners[number]

    def answering(self, stage: Stage) -> Mapping[int, tuple[str, ...]]:
        """The nodes of a stage, by id, grouped by the segments told from them today (bits; never none)."""
        if stage not in self._answering:
            groups: dict[int, list[str]] = {}
            for (at, node), number in self.states.items():
                if at == stage and self.answered[number]:
                    groups.setdefault(self.answered[number], []).append(node)
            self._answering[stage] = {told: tuple(sorted(nodes)) for told, nodes in groups.items()}
        return self._answering[stage]

    def open_from(self, stage: Stage, node: str) -> bool:
        """Whether a field said to be unknown can be met from a state."""
        number = self.states.get((stage, node))
        return (stage, node) in self.unknown or (number is not None and self.open[number] != 0)

    def open_of(self, search: Search) -> bool:
        """Whether a signal meets a field said to be unknown."""
        steps = (self.open_from(stage, edge.target) for stage, edge in self.first(search))
        return (Stage.SIGNALLED, search.signal.id) in self.unknown or any(steps)

    def first(self, search: Search) -> Iterator[tuple[Stage, Edge]]:
        """The first steps of a signal: into the stores that keep it, and from them by its routing rules."""
        for edge in self.graph.edges(search.signal.id):
            yield Stage.CAPTURED, edge
        for store in sorted(search.stores):
            for edge in self.graph.edges(f"{search.signal.id}>{store}"):
                yield Stage.OWNED, edge

    def furthest_of(self, search: Search) -> Stage:
        """The last stage that a signal can reach."""
        stages = [
            self.furthest_from(stage, edge.target)
            for stage, edge in self.first(search)
            if strict(self.graph, stage, edge)
        ]  # fmt: skip
        return max(stages, default=Stage.SIGNALLED)

    def audience_of(self, search: Search) -> int:
        """The segments that a signal can come back to when every condition is dropped, as bits."""
        bits = 0
        for stage, edge in self.first(search):
            bits |= self.audience_from(stage, edge.target)
        return bits


def strict(graph: ResponseGraph, following: Stage, edge: Edge) -> bool:
    """Whether a step can be taken today: the team it leads to is in use, the reply can be delivered."""
    return edge.works and (following != Stage.OWNED or active_team(graph.inventory, edge.target) is not None)


def reach(eco: Ecosystem) -> Reach:
    """What can be reached from everywhere in an ecosystem's response graph."""
    return reach_of(eco.once(response_graph))


def reach_of(graph: ResponseGraph) -> Reach:
    """What can be reached from every state of a response graph."""
    states: dict[tuple[Stage, str], int] = {}
    loose: list[list[int]] = []
    tight: list[list[int]] = []

    def state(stage: Stage, node: str) -> int:
        number = states.setdefault((stage, node), len(loose))
        if number == len(loose):
            loose.append([])
            tight.append([])
        return number

    for node in sorted(graph.out):
        for edge in graph.out[node]:
            for stage in _STAGES[edge.label]:
                if stage == Stage.CAPTURED and isinstance(graph.inventory.entities.get(node), Insight):
                    continue  # an insight always analyses
                following = NEXT[edge.label, stage]
                if stage == Stage.SIGNALLED or ">" in node:
                    state(following, edge.target)
                    continue  # a signal's own steps: Reach.first
                source, target = state(stage, node), state(following, edge.target)
                loose[source].append(target)
                if strict(graph, following, edge):
                    tight[source].append(target)
    told = [graph.audience(node) if stage == Stage.SENT else 0 for stage, node in states]
    own = [Stage.TOLD if stage == Stage.SENT else stage for stage, _ in states]
    owner = [_owner_of(graph, stage, node) for stage, node in states]
    bits = {team: bit for bit, team in enumerate(sorted(set(owner) - {""}))}
    owned = [1 << bits[team] if team else 0 for team in owner]
    unknown = unknown_fields(graph)
    asked = [1 if state in unknown else 0 for state in states]
    parts = parts_of(tight)
    furthest, answered, open_ = (
        spread(tight, values, join, parts) for values, join in ((own, max), (told, int.__or__), (asked, max))
    )
    parts = parts_of(loose)
    audience, owners = (spread(loose, values, int.__or__, parts) for values in (told, owned))
    return Reach(graph, states, tight, furthest, audience, answered, open_, owners, bits, unknown)


def _owner_of(graph: ResponseGraph, stage: Stage, node: str) -> str:
    """The team that a state makes the owner: the one reached, or the team of the action."""
    if stage == Stage.OWNED:
        return shown(node)
    action = graph.inventory.find(node, Action) if stage == Stage.ACTED else None
    return (action.team or "") if action is not None else ""


_STAGES = {label: tuple(stage for other, stage in NEXT if other == label) for label, _ in NEXT}


def parts_of(successors: Sequence[Sequence[int]]) -> list[list[int]]:
    """The strongly connected components of a graph, those led to before those that lead there."""
    return components([(tuple(following),) for following in successors], bytearray(b"\1") * len(successors))


def spread(
    successors: Sequence[Sequence[int]],
    own: Sequence[int],
    join: Callable[[int, int], int],
    parts: Sequence[Sequence[int]] | None = None,
) -> list[int]:
    """Each node's value joined with those of all it leads to; ``join`` is associative, commutative, idempotent.

    ``parts`` are the graph's :func:`parts_of`, where they are known already.
    """
    values = list(own)
    known: dict[int, int] = {}  # most of thousands of values are equal: each is kept once
    for component in parts_of(successors) if parts is None else parts:
        total = values[component[0]]
        for node in component:
            total = join(total, values[node])
            for following in successors[node]:
                total = join(total, values[following])
        total = known.setdefault(total, total)
        for node in component:
            values[node] = total
    return values
