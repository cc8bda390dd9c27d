"""A repair as roadmap operators and as words.

Longer than most modules: each kind of step has its operator and its clause side by side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from cx_map.analyses.closed_loops import LoopVerdict
from cx_map.analyses.loop_deadlines import STAGES
from cx_map.analyses.loop_repair import Repair
from cx_map.analyses.loop_times import STAGE_OF as LABELLED
from cx_map.analyses.loop_walks import Conditions, Search, Stage
from cx_map.analyses.reachable_channels import USUAL
from cx_map.analyses.repair_candidates import NEW, Candidates, Step
from cx_map.graph.response import ANYONE, ResponseGraph, active_team, shown
from cx_map.model.chapter_feedback import Action, Metric
from cx_map.model.chapter_map import Flow
from cx_map.model.chapter_service import AgentPool
from cx_map.model.inventory import Inventory
from cx_map.model.routes import routes_of

Operator = Mapping[str, object]
STAGE_OF = {"capture": Stage.CAPTURED, "own": Stage.OWNED, "act": Stage.ACTED, "inform": Stage.COMPOSED}


class RepairPlan(Struct, frozen=True):
    """A repair ready to be pasted into a phase: one clause a change, and the operators that make it."""

    clauses: tuple[str, ...]
    operators: tuple[Operator, ...]
    sure: bool = True
    """Whether all of the repaired loop is described; not so where the platforms of a new channel are still open."""


def plan_of(repair: Repair, verdict: LoopVerdict, offers: Candidates) -> RepairPlan:
    """The words and operators of a repair."""
    draft = _Draft(verdict, offers)
    for step in repair.steps:
        draft.walk.append((step.following, draft.name_of(step)))
        if step.means != "existing":
            draft.change(step)
    if repair.renamed and verdict.loop is not None:
        draft.rename(repair.renamed)
    return RepairPlan(tuple(draft.clauses), tuple(draft.operators()), repair.sure and draft.described)


def fix_plan(repair: Repair, search: Search, offers: Candidates, thing: str) -> RepairPlan:
    """The way to an owner, who then changes a thing by a new action."""
    segments = search.graph.givers(search.signal)
    draft = _Draft(LoopVerdict(search, None, "broken", segments), offers)
    for step in repair.steps:
        draft.walk.append((step.following, draft.name_of(step)))
        if step.means != "existing":
            draft.change(step)
    team = draft.walk[-1][1]
    action = draft.name(Stage.ACTED, NEW + team)
    kept = next(name for stage, name in draft.walk if stage == Stage.CAPTURED)
    fields: dict[str, object] = {
        "team": team,
        "kind": "fix",
        "triggered_by": [team],
        "changes": [thing],
        "tracked_in": kept,
    }
    draft.added.setdefault("actions", {})[action] = fields
    draft.clauses.append(f"let '{team}' change '{thing}' (new action '{action}')")
    return RepairPlan(tuple(draft.clauses), tuple(draft.operators()))


class Play(Struct, frozen=True):
    """What an incident play is to set off: a team that acts, what it changes, a pool to tell, a way to inform customers by."""

    team: str | None = None
    changes: tuple[str, ...] = ()
    pool: str | None = None
    way: str | None = None
    informs: bool = False


def play_plan(search: Search, offers: Candidates, play: Play) -> RepairPlan:
    """An incident play: a pool hears of the signal, and it is routed to a team that changes things and informs customers.

    A routing rule takes it to one place only, so the pool, or its team, is told by a flow.
    """
    segments = search.graph.givers(search.signal)
    draft = _Draft(LoopVerdict(search, None, "broken", segments), offers)
    store = min(search.stores)
    draft.walk.append((Stage.CAPTURED, store))
    desk = desk_of(search.graph.inventory, play.pool)
    if desk is not None and desk != play.team:
        of_team = f", the team of '{play.pool}'," if desk != play.pool else ""
        draft.connect(store, desk, f"{search.signal.id}-to-{desk}", {"via": "event"})
        draft.clauses.append(f"tell '{desk}'{of_team} of what comes to '{store}'")
    if play.team is not None:
        draft.bring(store, play.team)
        draft.walk.append((Stage.OWNED, play.team))
    if play.team is not None and (play.changes or play.informs):
        action = draft.name(Stage.ACTED, NEW + play.team)
        fields: dict[str, object] = {
            "team": play.team,
            "kind": "fix",
            "triggered_by": [play.team],
            "tracked_in": store,
        }
        if play.changes:
            fields["changes"] = list(play.changes)
        draft.added.setdefault("actions", {})[action] = fields
        what = " and ".join(f"'{name}'" for name in play.changes)
        draft.clauses.append(f"let '{play.team}' {'change ' + what if what else 'act'} (new action '{action}')")
        if play.informs:
            draft.reply(action, draft.name(Stage.SENT, NEW), play.way)
    return RepairPlan(tuple(draft.clauses), tuple(draft.operators()))


def desk_of(inventory: Inventory, pool: str | None) -> str | None:
    """Who is told for a pool: its team, or the pool itself where that is not in use or not said; None if neither is."""
    found = inventory.find(pool, AgentPool)
    if found is not None and found.team is not None and active_team(inventory, found.team) is not None:
        return found.team
    return pool if found is not None and found.usable else None


@dataclass(eq=False)
class _Draft:
    """Collects what each step adds; several additions to one field become one operator."""

    verdict: LoopVerdict
    offers: Candidates
    clauses: list[str] = field(default_factory=list)
    walk: list[tuple[Stage, str]] = field(default_factory=list)
    added: dict[str, dict[str, dict[str, object]]] = field(default_factory=dict)
    edits: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    flows: list[Operator] = field(default_factory=list)
    stages: dict[str, list[str] | str] = field(default_factory=dict)
    described: bool = True

    @property
    def graph(self) -> ResponseGraph:
        """The graph the repair was found in."""
        return self.verdict.search.graph

    def name_of(self, step: Step) -> str:
        """The id of what a step leads to; new things are named after the signal."""
        return self.name(step.following, step.target)

    def name(self, stage: Stage, node: str) -> str:
        """The id of a node of the walk."""
        if not node.startswith(NEW):
            return shown(node)
        ending = {Stage.CAPTURED: "cases", Stage.OWNED: "team", Stage.ACTED: "answer", Stage.SENT: "reply"}[stage]
        base = name = f"{self.verdict.signal.id}-{ending}"
        number = 2
        while name in self.offers.inventory.entities:
            name, number = f"{base}-{number}", number + 1
        return name

    def change(self, step: Step) -> None:
        """Add one change, in words and as an operator."""
        signal = self.verdict.signal.id
        before = Stage.ACTED if step.means in ("inform", "reply") else Stage.OWNED
        source = self.name(before, step.source) if step.source.startswith(NEW) else shown(step.source)
        target = self.name_of(step)
        match step.means:
            case "identity":
                self._identity(step, source, target)
            case "capture":
                self._new(step, "data_sources", target, {"kind": "database"})
                self._edit(signal, "captured_in", target, f"keep '{signal}' in '{target}'")
            case "analyse":
                self._edit(target, "inputs", source, f"let '{target}' read '{source}'")
            case "deliver":
                self._new(step, "teams", target, {"functions": ["cx"]})
                self._edit(source, "delivered_to", target, f"deliver '{source}' to '{target}'")
            case "assign":
                self._new(step, "teams", target, {"functions": ["cx"]})
                self.rule(signal, target)
            case "hand" | "connect":
                self._new(step, "teams", target, {"functions": ["cx"]})
                by_hand = step.means == "hand"
                fields: dict[str, object] = {"via": "manual" if by_hand else "event"}
                if by_hand:
                    fields["keeps_identity"] = True  # else nobody could say that the customer is known to the next
                self.connect(source, target, f"{source}-{target}-signals", fields)
                self.clauses.append(
                    f"let '{source}' hand it to '{target}'" if by_hand else f"pass it from '{source}' to '{target}'"
                )
            case "trigger":
                self._trigger(step, source, target)
            case "inform":
                self._edit(source, "informs", target, f"let '{source}' answer with '{target}'")
            case _:
                self.reply(source, target, step.way)

    def _new(self, step: Step, kind: str, name: str, fields: dict[str, object]) -> None:
        if step.target.startswith(NEW):
            self.added.setdefault(kind, {})[name] = fields

    def _edit(self, entity: str, key: str, value: str, clause: str) -> None:
        new = self.added.get("actions", {}).get(entity)
        if new is not None:
            new[key] = [value]
            new["kind"] = "reply"
        else:
            self.edits.setdefault((entity, key), []).append(value)
        self.clauses.append(clause)

    def connect(self, source: str, target: str, beside: str, fields: Mapping[str, object]) -> None:
        """A new flow; ``beside`` is its id where there is one already, that carries no signal or is too slow."""
        flows = self.offers.inventory.flows
        there = any((flow.from_, flow.to) == (source, target) for flow in flows if flow.via != "none")
        named = {"id": beside} if there else {}
        self.flows.append({"connect": {**named, "from": source, "to": target, **fields}})

    def bring(self, store: str, team: str) -> None:
        """Bring a signal from where it is kept to a team: by a routing rule, unless one takes it elsewhere already."""
        signal = self.verdict.signal
        if not self.offers.routed(signal):
            self.rule(signal.id, team)
            return
        self.connect(store, team, f"{signal.id}-to-{team}", {"via": "event"})
        self.clauses.append(f"pass it from '{store}' to '{team}'")

    def rule(self, signal: str, team: str) -> None:
        """Route a signal to a team or pool."""
        base = name = f"{signal}-to-{team}"
        number = 2
        while name in self.offers.inventory.entities:
            name, number = f"{base}-{number}", number + 1
        self.added.setdefault("routing_rules", {})[name] = {"on": [signal], "to": team}
        self.clauses.append(f"route '{signal}' to '{team}'")

    def _trigger(self, step: Step, team: str, action: str) -> None:
        if not step.target.startswith(NEW):
            self._edit(action, "triggered_by", team, f"let '{team}' trigger '{action}'")
            return
        fields: dict[str, object] = {"team": team, "kind": "fix", "triggered_by": [team]}
        kept = [name for stage, name in self.walk if stage == Stage.CAPTURED]
        if kept:
            fields["tracked_in"] = kept[0]
        self.added.setdefault("actions", {})[action] = fields
        self.clauses.append(f"let '{team}' act on it (new action '{action}')")

    def _team(self, owners: Sequence[str]) -> str | None:
        """The first team among some teams and pools: a pool owns nothing."""
        inventory = self.verdict.search.graph.inventory
        return next((one for one in owners if inventory.find(one, AgentPool) is None), None)

    def reply(self, action: str, reply: str, way: str | None) -> None:
        """A new communication along a way that reaches these customers today, or else by channels that reach them."""
        wanted = sum(1 << self.graph.segments[one] for one in self.verdict.failing or self.verdict.segments)
        fields: dict[str, object] = {"purpose": "servicing"}
        owner = self._team([name for stage, name in self.walk if stage == Stage.OWNED])
        if owner is not None:
            fields["owner"] = owner
        segments = [one for one in self.verdict.failing or self.verdict.segments if one != ANYONE]
        if segments:
            fields["segments"] = segments
        taken = self.graph.ways[way].channel if way is not None else None
        channels = (taken,) if taken is not None else self.offers.places.channels(wanted) or (USUAL,)
        fields.update(self._route(way, channels))
        self.added.setdefault("communications", {})[reply] = fields
        self._edit(action, "informs", reply, f"answer with a new communication '{reply}' by {' and '.join(channels)}")

    def _route(self, way: str | None, channels: tuple[str, ...]) -> dict[str, object]:
        if way is None:
            self.described = False
            return {"channels": list(channels)}
        communication = self.graph.ways[way].communication
        route = next(one for one in routes_of(communication) or () if f"{communication.id}/{one.id}" == way)
        hops = [list(hop.any_of or ()) for hop in route.platforms or ()]
        platforms = [hop[0] if len(hop) == 1 else {"any_of": hop} for hop in hops]
        return {"routes": [{"channel": route.channel, **({"platforms": platforms} if platforms else {})}]}

    def _identity(self, step: Step, source: str, target: str) -> None:
        flow = step.edge.entity if step.edge is not None else None
        connect: dict[str, object] = {
            "from": source,
            "to": target,
            "keeps_identity": True,
            "id": f"{source}-{target}-identified",
        }
        if isinstance(flow, Flow):
            connect["via"] = flow.via if flow.via in ("api", "event", "stream") else "api"
            if flow.carries is not None:
                connect["carries"] = list(flow.carries)
        self.flows.append({"connect": connect})
        self.clauses.append(f"keep the customer identifiable from '{source}' to '{target}'")

    def rename(self, anew: tuple[str, ...]) -> None:
        """Name the declared stages that lack a usable node after what stands on the repaired walk."""
        loop = self.verdict.loop
        if loop is None or loop.stages is None:
            return
        named = {stage: getattr(loop.stages, stage) for stage in STAGES}
        self.stages = {stage: list(nodes) for stage, nodes in named.items() if nodes}
        self.stages |= dict.fromkeys(sorted(loop.stages.unknown), "unknown")  # nobody knows more of them now
        self.described = self.described and not loop.stages.unknown
        today = self._standing_today()
        for stage in anew:
            self.stages[stage] = list(dict.fromkeys([self._standing(stage), *today.get(stage, ())]))
        words = ", ".join(f"{stage} '{self.stages[stage][0]}'" for stage in STAGES if stage in anew)
        self.clauses.append(f"name in '{loop.id}' {words}")

    def _standing_today(self) -> dict[str, list[str]]:
        """What stands at each stage on the way to the customers who are answered already: they are to stay so."""
        others = set(self.verdict.segments) - set(self.verdict.failing) if self.verdict.failing else set()
        found: dict[str, list[str]] = {}
        if others:
            wanted = sum(1 << self.graph.segments[one] for one in others)
            conditions = Conditions(identity=self.verdict.kind == "inner")
            for walk in self.verdict.search.walks(conditions, wanted, lambda _: True).values():
                for edge in walk.edges:
                    found.setdefault(LABELLED[edge.label], []).append(shown(edge.target))
        return found

    def _standing(self, stage: str) -> str:
        if stage == "verify":
            return self._metric()
        if stage == "analyse":
            insights = [name for at, name in self.walk if at == Stage.ANALYSED]
            return insights[0] if insights else self._standing("own")
        at_stage = [name for at, name in self.walk if at == STAGE_OF[stage]]
        if not at_stage and stage == "inform":  # a new reply goes straight to its way
            at_stage = [name for at, name in self.walk if at == Stage.SENT]
        return at_stage[0]

    def _metric(self) -> str:
        about = set(self.verdict.signal.about or ())
        inventory = self.offers.inventory
        for stage, node in self.walk:
            action = inventory.find(node, Action) if stage == Stage.ACTED else None
            about |= set(action.changes or ()) if action is not None else set()
        fit = [one.id for one in inventory.of(Metric) if one.usable and about & set(one.about or ())]
        if fit:
            return fit[0]
        base = name = f"{self.verdict.signal.id}-helped"
        number = 2
        while name in inventory.entities:
            name, number = f"{base}-{number}", number + 1
        fields: dict[str, object] = {"kind": "csat", "about": sorted(about) or [self.verdict.signal.id], "every": "30d"}
        owner = self._team([node for stage, node in reversed(self.walk) if stage == Stage.OWNED])
        if owner is not None:
            fields.update(owner=owner, team=owner)
        self.added.setdefault("metrics", {})[name] = fields
        return name

    def operators(self) -> list[Operator]:
        """The operators: what is added first, then what refers to it."""
        found: list[Operator] = []
        if self.added:
            found.append({"add": {kind: self.added[kind] for kind in sorted(self.added)}})
        for (entity, key), values in self.edits.items():
            before = getattr(self.offers.inventory.entities[entity], key)
            found.append({"change": {entity: {key: {"add": values} if before else values}}})
        found += self.flows
        if self.stages and self.verdict.loop is not None:
            found.append({"change": {self.verdict.loop.id: {"stages": self.stages}}})
        return found
