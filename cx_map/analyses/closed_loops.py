"""Which feedback loops are closed, and what breaks the others (analyses.md, C and J).

A signal is judged once for each declared loop, and once without for the segments that no loop covers (an inner loop
is expected then). ``by_design: none`` exempts where it gives a ``reason``; a signal with a volume of 0, proposed or
retired things and employees' signals are not judged. Fields that are left out read as written (nothing leads on),
fields said to be ``unknown`` leave a loop *open*: not closed, and not broken either.

Longer than most modules: the verdicts exclude one another, and the order in which they are tried is the definition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cx_map.analyses.entitlement import Entitlements, entitlements
from cx_map.analyses.loop_deadlines import STAGES, by_default, declared_limit, limit_of
from cx_map.analyses.loop_reach import Reach, reach
from cx_map.analyses.loop_shared import SharedSearches
from cx_map.analyses.loop_times import first_answer
from cx_map.analyses.loop_walks import SEEN_AT, STRUCTURE, Conditions, Search, Stage, State, Walk, doubts_of, identified
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import Edge, ResponseGraph, response_graph
from cx_map.model.chapter_feedback import FeedbackLoop, Signal

Status: TypeAlias = Literal["closed", "late", "condition", "open", "acted_on", "broken", "by_design"]
Condition: TypeAlias = Literal["identity", "ownership", "production"]

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "inner": ("capture", "own", "act", "inform"),
    "outer": ("capture", "analyse", "own", "act", "inform", "verify"),
    "incident": ("capture", "own", "act", "inform"),
}
"""The stages that a declared loop of each kind must name."""

DROPPED: Mapping[Condition, Conditions] = {
    "identity": Conditions(identity=False),
    "ownership": Conditions(active=False, entitled=False),
    "production": Conditions(production=False),
}
REACHED_BY: Mapping[str, Stage] = {
    "capture": Stage.CAPTURED, "analyse": Stage.ANALYSED, "own": Stage.OWNED,
    "act": Stage.ACTED, "inform": Stage.COMPOSED,
}  # fmt: skip


class LoopVerdict(Struct, frozen=True, eq=False):
    """What is known of one loop of one signal.

    ``late`` loops are closed but for time; ``condition`` loops close as soon as one condition is dropped;
    ``open`` ones rest on a fact that is not known (``unlock``; late ones may as well); ``acted_on`` ones come from customers nobody
    knows, and lead to an action. ``walk`` is the slowest of the segments' quickest walks, in the case of a
    condition without it; ``reached`` and ``trail`` say how far the signal comes today; ``missing`` are required
    stages that the declared loop names nobody for: a loop that lacks nothing else is ``broken`` with no segment
    ``failing``. ``limit`` is in seconds.
    """

    search: Search
    loop: FeedbackLoop | None
    status: Status
    segments: tuple[str, ...]
    failing: tuple[str, ...] = ()
    walk: Walk | None = None
    limit: float | None = None
    condition: Condition | None = None
    reached: Stage = Stage.TOLD
    trail: tuple[Edge, ...] = ()
    missing: tuple[str, ...] = ()
    unlock: tuple[str, ...] = ()

    @property
    def signal(self) -> Signal:
        """The signal judged."""
        return self.search.signal

    @property
    def kind(self) -> str:
        """Inner, outer or incident; inner where nobody says."""
        return self.loop.kind_ or "inner" if self.loop is not None else "inner"

    @property
    def comes_back(self) -> bool:
        """Whether the customer is answered, though the declared loop names nobody for a required stage."""
        return bool(self.missing) and not self.failing

    @property
    def closed(self) -> bool:
        """Whether the customer is answered, in time, as far as is known."""
        return self.status == "closed"


def closed_loops(eco: Ecosystem) -> tuple[LoopVerdict, ...]:
    """The verdicts on every signal of an ecosystem, by signal and loop.

    One backward pass over the graph settles most broken loops; the others cost a Dijkstra over what lies
    between the signal and its customers, one for all signals that set out alike.
    """
    return _Judge(eco).all()


def searches(eco: Ecosystem, signal: Signal, named: Mapping[str, frozenset[str]] | None = None) -> Search:
    """The search for a signal's loop; ``named`` are the nodes of a declared one by stage."""
    graph = eco.once(response_graph)
    return search_of(graph, eco.once(entitlements), signal, named)


def search_of(
    graph: ResponseGraph, rights: Entitlements, signal: Signal, named: Mapping[str, frozenset[str]] | None = None
) -> Search:
    """The search for a signal's loop over a graph."""
    stores = frozenset(edge.target for edge in graph.edges(signal.id) if edge.label == "captured_in")
    return Search(graph, signal, rights.to(signal), named or {}, stores)


def judged(signal: Signal) -> bool:
    """Whether a signal calls for a loop: in use, not from employees, and not known to be of volume 0."""
    silent = signal.volume is not None and signal.volume.highest == 0
    return signal.usable and signal.kind_ != "employee" and not silent


def named_nodes(loop: FeedbackLoop) -> dict[str, frozenset[str]]:
    """The nodes that a declared loop names, by stage; ``verify`` is left to the outer loop."""
    stages = loop.stages
    named = {stage: getattr(stages, stage) or () for stage in SEEN_AT} if stages is not None else {}
    return {stage: frozenset(nodes) for stage, nodes in named.items() if nodes}


def missing_stages(loop: FeedbackLoop) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Required stages that name nobody, and those said to be unknown. A loop that names no stage at all lacks none."""
    if loop.stages is None:
        return (), ()
    empty = [stage for stage in REQUIRED[loop.kind_ or "inner"] if not getattr(loop.stages, stage)]
    unknown = tuple(stage for stage in empty if stage in loop.stages.unknown)
    return tuple(stage for stage in empty if stage not in unknown), unknown


def exempt(loop: FeedbackLoop) -> bool:
    """Whether a signal is said to need no loop, and why; an exemption that gives no reason exempts nothing."""
    return loop.by_design == "none" and loop.reason is not None and bool(str(loop.reason).strip())


def idle_exemption(loop: FeedbackLoop) -> bool:
    """Whether a loop would exempt its signal if only it gave a reason."""
    return loop.by_design == "none" and not exempt(loop)


class _Judge:
    """Judges signal after signal over one graph."""

    def __init__(self, eco: Ecosystem) -> None:
        self.eco = eco
        self.graph: ResponseGraph = eco.once(response_graph)
        self.rights: Entitlements = eco.once(entitlements)
        self.reach: Reach = eco.once(reach)
        self.shared = SharedSearches(self.reach)
        self.loops: dict[str, list[FeedbackLoop]] = {}
        for loop in eco.inventory.of(FeedbackLoop):
            if loop.usable and loop.signal is not None:
                self.loops.setdefault(loop.signal, []).append(loop)

    def all(self) -> tuple[LoopVerdict, ...]:
        """Every verdict."""
        signals = (signal for signal in self.eco.inventory.of(Signal) if judged(signal))
        return tuple(verdict for signal in signals for verdict in self.signal(signal))

    def signal(self, signal: Signal) -> Iterator[LoopVerdict]:
        """The verdicts on one signal: each declared loop, then what no loop covers."""
        givers = self.graph.givers(signal)
        covered: set[str] = set()
        for loop in self.loops.get(signal.id, ()):
            if idle_exemption(loop):
                continue
            segments = tuple(one for one in loop.segments if one in givers) if loop.segments else givers
            segments = segments or tuple(one for one in loop.segments or () if one in self.graph.segments) or givers
            covered.update(segments)
            if exempt(loop):
                yield LoopVerdict(search_of(self.graph, self.rights, signal), loop, "by_design", segments)
            else:
                yield self.judge(search_of(self.graph, self.rights, signal, named_nodes(loop)), loop, segments)
        left = tuple(one for one in givers if one not in covered)
        if left:
            yield self.judge(search_of(self.graph, self.rights, signal), None, left)

    def judge(self, search: Search, loop: FeedbackLoop | None, segments: tuple[str, ...]) -> LoopVerdict:
        """The verdict on one loop."""
        limit = declared_limit(loop)
        if limit is None and (loop is None or loop.kind_ in (None, "inner")):
            limit = limit_of(search.signal, loop, self.eco.inventory.organization)
        start = LoopVerdict(search, loop, "broken", segments, limit=limit)
        missing, unknown = missing_stages(loop) if loop is not None else ((), ())
        if missing:
            return self._incomplete(replace(start, missing=missing))
        if unknown:
            fields = tuple(f"feedback_loops.*.stages.{stage}" for stage in unknown)
            return replace(start, status="open", failing=segments, unlock=fields)
        return self._walked(start)

    def _incomplete(self, start: LoopVerdict) -> LoopVerdict:
        """A loop that names nobody for a stage: whether customers are answered all the same, else how far it comes."""
        walked = self._walked(start)
        if walked.walk is not None and not walked.failing:
            return replace(start, walk=walked.walk, trail=walked.walk.edges)
        return walked if walked.status == "broken" else self._furthest(replace(start, failing=walked.failing))

    def _walked(self, start: LoopVerdict) -> LoopVerdict:
        """Closed, late or resting on a fact nobody described; else what breaks it."""
        search, conditions = start.search, Conditions(identity=start.kind == "inner")
        wanted = self._bits(start.segments)
        possible = self.reach.audience_of(search) & wanted
        found = self._walks(search, conditions, possible) if possible else {}
        failing = tuple(one for one in start.segments if self.graph.segments[one] not in found)
        if failing:
            return self._broken(replace(start, failing=failing), conditions, possible)
        verdict = replace(start, walk=_slowest(found))
        limit = self._limit(verdict)
        late = limit is not None and verdict.walk is not None and verdict.walk.seconds > limit
        doubts = tuple(dict.fromkeys(doubt for walk in found.values() for doubt in doubts_of(walk, conditions)))
        if doubts:
            sure = self._walks(search, msgspec.structs.replace(conditions, certain=True), possible)
            if len(sure) == len(found) and (late or limit is None or _slowest(sure).seconds <= limit):
                doubts = ()
        return replace(verdict, status="late" if late else "open" if doubts else "closed", unlock=doubts)

    def _limit(self, verdict: LoopVerdict) -> float | None:
        """The limit of a loop; one by default is a limit for the first answer only."""
        inventory, walk = self.eco.inventory, verdict.walk
        default = by_default(verdict.signal, verdict.loop, inventory.organization)
        if walk is not None and default and not first_answer(walk, inventory):
            return None
        return verdict.limit

    def _broken(self, start: LoopVerdict, conditions: Conditions, possible: int) -> LoopVerdict:
        """The single condition whose dropping closes the loop; where there is none, how far the signal comes."""
        wanted = self._bits(start.failing)
        for condition, dropped in DROPPED.items() if wanted & ~possible == 0 else ():
            relaxed = dropped if conditions.identity else msgspec.structs.replace(dropped, identity=False)
            found = self._walks(start.search, relaxed, wanted) if relaxed != conditions else {}
            if len(found) == len(start.failing):
                verdict = replace(start, condition=condition, walk=_slowest(found))
                return self._furthest(verdict) if condition == "production" else replace(verdict, status="condition")
        return self._furthest(start)

    def _furthest(self, start: LoopVerdict) -> LoopVerdict:
        """How far a broken loop comes, unless a fact said to be unknown leaves that open."""
        search = start.search
        if not start.missing and self.reach.open_of(search):
            return replace(start, status="open", unlock=self._unknown_fields(search))
        if search.named:
            reached, trail = declared_progress(search)
        else:
            # a reply to others is sent, but tells nobody here
            reached, trail = self._progress(search, min(self.reach.furthest_of(search), Stage.SENT), start.failing)
            if reached >= Stage.ACTED and start.loop is None and not identified(search):
                return replace(start, status="acted_on", reached=reached, trail=trail)
        return replace(start, reached=reached, trail=trail)

    def _progress(self, search: Search, furthest: Stage, whose: tuple[str, ...]) -> tuple[Stage, tuple[Edge, ...]]:
        """How far some customers' signals come, at most to a stage, and the shortest way there."""
        conditions = msgspec.structs.replace(STRUCTURE, whose=self._bits(whose))
        for stage in range(furthest, Stage.SIGNALLED, -1):
            trail = self._trail(search, Stage(stage), conditions)
            if trail is not None:
                return Stage(stage), trail
        return min(furthest, Stage.SIGNALLED), ()

    def _trail(self, search: Search, goal: Stage, conditions: Conditions) -> tuple[Edge, ...] | None:
        def hopeful(stage: Stage, node: str) -> bool:
            return self.reach.furthest_from(stage, node) >= goal

        return self.shared.trail(search, goal, lambda state: state[0] == goal, hopeful, conditions)

    def _unknown_fields(self, search: Search) -> tuple[str, ...]:
        """The field said to be unknown that the signal meets first."""
        unknown = self.reach.unknown
        trail = self.shared.trail(search, "unknown", lambda state: state[:2] in unknown, self.reach.open_from)
        end = trail[-1].target if trail else search.signal.id
        return tuple(unknown[stage, end] for stage in Stage if (stage, end) in unknown)

    def _walks(self, search: Search, conditions: Conditions, wanted: int) -> dict[int, Walk]:
        return self.shared.walks(search, conditions, wanted)

    def _bits(self, segments: tuple[str, ...]) -> int:
        return sum(1 << self.graph.segments[segment] for segment in segments)


def _slowest(found: Mapping[int, Walk]) -> Walk:
    return max(found.values(), key=lambda walk: walk.seconds)


def declared_progress(search: Search) -> tuple[Stage, tuple[Edge, ...]]:
    """The last named stage that can be reached through all those named before it, and the way there."""
    order = sorted(search.named)
    reached: Stage = Stage.SIGNALLED
    trail: tuple[Edge, ...] = ()
    goal = 0
    for stage in STAGES:
        if stage in search.named:
            goal |= 1 << order.index(stage)
            found = search.trail(_passed(goal), lambda *_: True)
            if found is None:
                break
            reached, trail = REACHED_BY[stage], found
    return reached, trail


def _passed(goal: int) -> Callable[[State], bool]:
    return lambda state: state[3] & goal == goal
