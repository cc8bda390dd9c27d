"""Small random firms with feedback, and loops walked by brute force straight from their facts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from hypothesis import strategies as st

from cx_map.model.inventory import Inventory
from tests.support import inventory_of

Firm = dict[str, Any]

STORES, INSIGHTS, TEAMS, ACTIONS, REPLIES, SEGMENTS = (
    ("s1", "s2", "s3"),
    ("i1", "i2"),
    ("t1", "t2", "t3"),
    ("a1", "a2"),
    ("c1", "c2"),
    ("m1", "m2"),
)


def some(items: tuple[str, ...], most: int = 2) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(items), max_size=most, unique=True)


def maybe(key: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(st.just({}), values.map(lambda value: {key: value}))


def joined(*parts: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(*parts).map(lambda dicts: {key: value for one in dicts for key, value in one.items()})


def each(names: tuple[str, ...], fields: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(dict.fromkeys(names, fields))


HOURS = st.sampled_from(["1h", "1d", "3d"])
FLOWS = st.lists(
    joined(
        st.tuples(st.sampled_from((*STORES, *INSIGHTS, *TEAMS)), st.sampled_from((*STORES, *INSIGHTS, *TEAMS)))
        .filter(lambda pair: pair[0] != pair[1]).map(lambda pair: {"from": pair[0], "to": pair[1]}),
        maybe("via", st.sampled_from(["api", "batch", "none"])),
        maybe("keeps_identity", st.booleans()),
        maybe("latency", HOURS),
    ),
    max_size=5,
)  # fmt: skip


@st.composite
def firms(draw: st.DrawFn) -> Firm:
    """A firm with one signal and whatever may or may not lead back to its customers."""
    return {
        "segments": draw(each(SEGMENTS, maybe("reachable_by", st.sampled_from([{"email": "80%"}, {"letter": "50%", "email": 0}])))),
        "teams": draw(each(TEAMS, maybe("status", st.just("retired")))),
        "platforms": {"p1": {}, "p2": {"status": "retired"}},
        "data_sources": {"s1": {}, "s2": {}, "s3": {}} | {"owned": {"owner": draw(st.sampled_from(TEAMS))}},
        "signals": {
            "g": draw(
                joined(
                    st.just({"about": ["owned"]}),
                    maybe("identity", st.sampled_from(["known", "known", "anonymous"])),
                    maybe("segments", st.sampled_from([["m1"], ["m2"], ["m1", "m2"]])),
                    maybe("captured_in", some(STORES)),
                    maybe("latency", HOURS),
                    maybe("score", st.just("detractor")),
                )
            )
        },
        "insights": draw(each(INSIGHTS, joined(maybe("inputs", some(STORES)), maybe("delivered_to", some(TEAMS)), maybe("every", HOURS)))),
        "actions": draw(
            each(
                ACTIONS,
                joined(
                    maybe("team", st.sampled_from(TEAMS)), maybe("triggered_by", some((*TEAMS, *INSIGHTS))),
                    maybe("informs", some(REPLIES)), maybe("within", HOURS),
                ),
            )
        ),
        "communications": draw(
            each(
                REPLIES,
                joined(
                    maybe("segments", some(SEGMENTS)),
                    st.sampled_from(["p1", "p1", "p2"]).map(lambda one: {"channels": ["email"], "platforms": [one]}),
                ),
            )
        ),
        "routing_rules": draw(each(("r1",), joined(st.just({"on": ["g"]}), maybe("to", st.sampled_from(TEAMS)), maybe("within", HOURS)))),
        "flows": draw(FLOWS),
    }  # fmt: skip


def built(firm: Firm) -> Inventory:
    return inventory_of("".join(f"{key}: {json.dumps(value)}\n" for key, value in firm.items() if value))


class Identity(NamedTuple):
    """Whether the customer is identifiable so far, as far as is known, and for sure."""

    kept: bool
    sure: bool


class Found(NamedTuple):
    """One way from the signal to somebody: who is told, and what it lacks."""

    told: frozenset[str]
    seconds: float
    identity: bool
    active: bool
    entitled: bool
    works: bool
    sure: bool
    """Whether it is said of every flow that it keeps identity: by the field, or by its style."""


LENGTH = {"1h": 3600.0, "1d": 86400.0, "3d": 259200.0, None: 0.0}


def ways_back(firm: Firm) -> Iterator[Found]:
    """Every way back, by depth-first search over the facts as written; no graph, no automaton."""
    signal = firm["signals"]["g"]
    entitled = {firm["data_sources"]["owned"]["owner"], firm["routing_rules"]["r1"].get("to")}
    flows = [flow for flow in firm["flows"] if flow.get("via") != "none"]

    def active(team: str) -> bool:
        return "status" not in firm["teams"][team]

    def kept(flow: Firm, ident: Identity) -> Identity:
        said = flow.get("keeps_identity")
        return Identity(ident.kept and said is not False, ident.sure and (said or flow.get("via") == "api"))

    def audience(reply: Firm) -> frozenset[str]:
        served = reply.get("segments", SEGMENTS)
        told = [one for one in served if "letter" not in firm["segments"][one].get("reachable_by", ())]
        return frozenset((*told, "*")) if told or not served else frozenset()

    def replies(action: str, met: bool, all_active: bool, ident: Identity, time: float) -> Iterator[Found]:
        fields = firm["actions"][action]
        team = fields.get("team")
        if team is not None:
            met, all_active = met or team in entitled, all_active and active(team)
        time += LENGTH[fields.get("within")]
        for reply in fields.get("informs", ()):
            one = firm["communications"][reply]
            yield Found(audience(one), time, ident.kept, all_active, met, one["platforms"] == ["p1"], ident.sure)

    def owned(
        team: str, met: bool, all_active: bool, ident: Identity, time: float, seen: tuple[str, ...]
    ) -> Iterator[Found]:
        met, all_active = met or team in entitled, all_active and active(team)
        for action, fields in firm["actions"].items():
            if team in fields.get("triggered_by", ()):
                yield from replies(action, met, all_active, ident, time)
        for flow in flows:
            if flow["from"] == team and flow["to"] in TEAMS and flow["to"] not in seen:
                after = (kept(flow, ident), time + LENGTH[flow.get("latency")], (*seen, flow["to"]))
                yield from owned(flow["to"], met, all_active, *after)

    def at(
        place: str, analysed: bool, ident: Identity, time: float, seen: tuple[tuple[str, bool], ...]
    ) -> Iterator[Found]:
        rule = firm["routing_rules"]["r1"]
        if not analysed and place in signal.get("captured_in", ()) and "to" in rule:
            yield from owned(rule["to"], False, True, ident, time + LENGTH[rule.get("within")], (rule["to"],))
        if place in INSIGHTS:
            for team in firm["insights"][place].get("delivered_to", ()):
                yield from owned(team, False, True, ident, time, (team,))
            for action, fields in firm["actions"].items():
                if place in fields.get("triggered_by", ()):
                    yield from replies(action, False, fields.get("team") is not None, ident, time)
        for flow in flows:
            if flow["from"] != place:
                continue
            spent, ok = time + LENGTH[flow.get("latency")], kept(flow, ident)
            if flow["to"] in TEAMS:
                yield from owned(flow["to"], False, True, ok, spent, (flow["to"],))
            else:
                step = (flow["to"], analysed or flow["to"] in INSIGHTS)
                if step not in seen:
                    yield from at(*step, ok, spent, (*seen, step))
        for insight, fields in firm["insights"].items():
            if place in fields.get("inputs", ()) and (insight, True) not in seen:
                yield from at(insight, True, ident, time + LENGTH[fields.get("every")], (*seen, (insight, True)))

    for store in signal.get("captured_in", ()):
        start = signal.get("identity", "known") == "known"
        yield from at(store, False, Identity(start, start), LENGTH[signal.get("latency")], ((store, False),))
