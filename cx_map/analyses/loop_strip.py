"""A loop as a strip of stages: how far it comes, where it stops, what stands ready further on."""

from __future__ import annotations

from cx_map.analyses.closed_loops import LoopVerdict
from cx_map.analyses.loop_stages import OWNING, stopped
from cx_map.analyses.loop_walks import SEEN_AT, Stage, identified
from cx_map.analyses.repair_candidates import Candidates
from cx_map.graph.response import ANYONE, active_team, shown

WORDS = {
    Stage.SIGNALLED: "signalled", Stage.CAPTURED: "captured", Stage.ANALYSED: "analysed", Stage.OWNED: "owned",
    Stage.ACTED: "acted", Stage.COMPOSED: "composed", Stage.SENT: "sent", Stage.TOLD: "informed",
}  # fmt: skip
STAGE_WORDS = {
    "capture": "captured", "analyse": "analysed", "own": "owned", "act": "acted", "inform": "informed", "verify": "verified",
}  # fmt: skip
DONE, BROKEN, NOT_REACHED = "✔", "✘", "–"
SIGNS = {"passed": DONE, "broken": BROKEN}


def stage_strip(verdict: LoopVerdict) -> str:
    """The strip of a broken loop: done, broken, or not reached, stage by stage."""
    parts: list[str] = []
    for one in stopped(verdict):
        owner = f" {shown(one.steps[-1].target)}" if (one.stage, one.mark) == ("own", "passed") and one.steps else ""
        parts.append(f"{STAGE_WORDS[one.stage]} {SIGNS.get(one.mark, NOT_REACHED)}{owner.rstrip()}")
    parts.append(f"verified {BROKEN if 'verify' in verdict.missing else NOT_REACHED}")
    return "  ".join(parts)


def stops_where(verdict: LoopVerdict) -> str:
    """Where a broken loop stops, in words."""
    if verdict.missing and verdict.loop is not None:
        stages = ", ".join(f"'{stage}'" for stage in verdict.missing)
        return f"'{verdict.loop.id}' names nothing for {stages}"
    if verdict.condition == "production":
        return "the reply cannot be delivered"
    if verdict.reached == Stage.SIGNALLED:
        return "it is kept nowhere"
    if verdict.reached == Stage.SENT:
        return "the reply reaches other customers only"
    return f"the loop stops after '{WORDS[verdict.reached]}'"


def ready_further_on(verdict: LoopVerdict, offers: Candidates) -> tuple[str, tuple[str, ...]] | None:
    """The next stage at which somebody fit could already answer these customers, and who: the surviving tail."""
    search, graph = verdict.search, verdict.search.graph
    wanted = sum(1 << graph.segments[segment] for segment in verdict.failing or verdict.segments)
    owner = next((shown(edge.target) for edge in reversed(verdict.trail) if OWNING & {edge.label}), "")
    fit = {
        Stage.OWNED: offers.teams(search),
        Stage.ACTED: offers.actions(search, owner, wanted),
        Stage.COMPOSED: offers.replies(search, owner, wanted),
    }
    for stage, nodes in fit.items():
        ready = tuple(node for node in nodes if offers.reach.answered_from(stage, node) & wanted == wanted)
        if stage > verdict.reached and ready:
            return WORDS[stage], ready
    return None


def idle_nodes(verdict: LoopVerdict) -> tuple[str, ...]:
    """Nodes that a declared loop names and that are not in use."""
    inventory = verdict.search.graph.inventory
    names = sorted({node for stage in SEEN_AT for node in verdict.search.named.get(stage, ())})
    return tuple(name for name in names if name in inventory.entities and not inventory.entities[name].usable)


def unowned(verdict: LoopVerdict) -> tuple[str, ...]:
    """Why the owners on a walk do not count: not named, not in use, or not entitled; one clause an owner."""
    graph = verdict.search.graph
    said: list[str] = []
    for edge in verdict.walk.edges if verdict.walk is not None else ():
        if edge.label not in OWNING:
            continue
        team = shown(edge.target)
        if not team:
            said.append(f"nobody is named to own '{edge.entity.id}'")
        elif active_team(graph.inventory, team) is None:
            entity = graph.inventory.entities.get(team)
            said.append(f"'{team}' is {entity.status if entity is not None else 'unknown'}")
        elif verdict.search.entitlement.of(team) is False:
            said.append(f"'{team}' may not own it")
    return tuple(dict.fromkeys(said))


DONE_AT = {
    "capture": "kept", "analyse": "analysed", "own": "owned", "act": "acted on", "inform": "answered", "verify": "verified",
}  # fmt: skip


def never_done(verdict: LoopVerdict) -> str:
    """What never happens: no answer comes back (no action follows), or one does and the declared loop lacks a stage."""
    if not verdict.comes_back:
        if verdict.loop is None and not identified(verdict.search):
            return "leads to no action"  # nobody can answer a customer who is not known
        return f"never comes back to {whom(verdict)}"
    words = [DONE_AT[stage] for stage in verdict.missing]
    if {"analyse", "verify"} >= set(verdict.missing):
        return f"is never {' or '.join(words)}"
    return f"is answered, but never said to be {' or '.join(words)}"


def whom(verdict: LoopVerdict) -> str:
    """The customers that a broken loop leaves without an answer."""
    failing = [one for one in verdict.failing if one != ANYONE]
    if not failing or set(failing) == set(verdict.segments):
        return "the customer"
    return "customers in " + ", ".join(f"'{one}'" for one in failing)
