"""What no step of a plan may break (analyses.md, G): the invariants for which the inventory gives the facts.

Three are about a state by itself; what was wrong at the start already is not the plan's doing:

- I1: every communication in use can be produced, and comes to each segment that says how it can be reached;
- I2: every regulatory one is archived from every route, its delivery proved where that is asked for (:mod:`.archiving`);
- I6: nothing in use points at something retired (projects, goals and committees may).

The others are about a step: what held before it holds after it (:mod:`.kept_invariants`). I5, I8 and I9 are the
business of the rules about capacity, deadlines and owners, which the audit of each state runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from msgspec import Struct

from cx_map.analyses.archiving import unkept
from cx_map.analyses.broken_routes import dead_causes
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import Produced, Production, production
from cx_map.model.chapter_customers import Segment
from cx_map.model.chapter_map import Channel
from cx_map.model.reaching import may_reach
from cx_map.states.references import Renames, rewrite

Invariant: TypeAlias = Literal["I1", "I2", "I3", "I4", "I6", "I7"]
_PLANS = frozenset(("initiatives", "goals", "committees", "roadmap"))
"""Kinds that speak of things that come and go."""


class Violation(Struct, frozen=True, order=True):
    """An invariant that does not hold of ``subject``; ``about`` are the ids it hangs on, and tells violations apart."""

    invariant: Invariant
    subject: str
    about: tuple[str, ...]
    why: str

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """What makes it the same in two states."""
        return self.invariant, self.subject, self.about


def standing(eco: Ecosystem) -> tuple[Violation, ...]:
    """What is wrong with a state by itself: I1, I2, I6. O(routes * channels + flows + things retired * size)."""
    return tuple(sorted((*_routes(eco), *_archives(eco), *_pointers(eco))))


def _routes(eco: Ecosystem) -> Iterator[Violation]:
    graph = eco.once(production)
    for name in sorted(graph.communications):
        produced = graph.communications[name]
        if not produced.communication.usable:
            continue
        if not graph.derivable(name):
            causes = dead_causes(graph, produced.node)
            yield Violation(
                "I1", name, (), "it has no way that works" + (f" without {', '.join(causes)}" if causes else "")
            )
            continue
        for segment in _left_out(graph, produced):
            yield Violation("I1", name, (segment,), f"no channel of a way that works reaches '{segment}'")


def _left_out(graph: Production, produced: Produced) -> Iterator[str]:
    """Segments that say how they are reached, and are by none of the channels that work."""
    working = [route for route in produced.routes or () if graph.failures.derivable[route.node]]
    if not working or any(route.channel is None for route in working):
        return
    names = {graph.names[route.channel] for route in working if route.channel is not None}
    channels = [channel for one in sorted(names) if (channel := graph.inventory.find(one, Channel)) is not None]
    for name in produced.communication.segments or ():
        segment = graph.inventory.find(name, Segment)
        if segment is None or not segment.usable or segment.reachable_by is None:
            continue
        stated = segment.reachable_by
        if not any(
            stated[one.id].highest > 0 if one.id in stated else may_reach(graph.inventory, segment, one)
            for one in channels
        ):
            yield name


def _archives(eco: Ecosystem) -> Iterator[Violation]:
    words = {"archive": "copies do not get to its archive", "proof": "nothing keeps the proof of its delivery"}
    for one in unkept(eco):
        about = (one.lack, one.route) if one.route else (one.lack,)
        over = f" over route '{one.route}'" if one.route else ""
        yield Violation("I2", one.communication, about, words[one.lack] + over)


def _pointers(eco: Ecosystem) -> Iterator[Violation]:
    """References of what is in use to what is retired, by the declarations of the fields."""
    inventory = eco.inventory
    retired = {name: one.kind for name, one in inventory.entities.items() if one.status == "retired"}
    if not retired:
        return
    every = Renames(entities=dict.fromkeys(retired, ""), kinds=retired)
    for raw in inventory.raw.entities.values():
        entity = inventory.entities[raw.id]
        if entity.usable and entity.kind not in _PLANS and rewrite(raw, every) is not raw:
            for name in sorted(retired):
                if rewrite(raw, Renames(entities={name: ""}, kinds=retired)) is not raw:
                    yield Violation("I6", raw.id, (name,), f"it points at '{name}', which is retired")
    for flow in inventory.flows:
        ends = [one for one in (flow.from_, flow.to) if one is not None]
        gone = [one for one in ends if one in retired]
        if flow.usable and flow.via != "none" and gone:
            other = next((one for one in ends if one not in retired), gone[0])
            yield Violation("I6", other, (gone[0], "flow"), f"a flow joins it to '{gone[0]}', which is retired")
