"""Roadmap operators in a few words, and what they cost on the scale of the computed repairs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cx_map.analyses.cheapest_flows import CROSSING, NEW, WIDEN
from cx_map.analyses.lines import lines_of
from cx_map.analyses.repair_candidates import COSTS
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Flow

NAMED = 3
"""Changes that are named; the others are counted."""


def pairs_of(changes: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """The flows (source, target) that some changes make or widen, in their order."""
    return tuple(dict.fromkeys((str(flow["from"]), str(flow["to"])) for flow in _flows(changes)))


def _flows(changes: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The flows that some changes make or widen."""
    found = [one["connect"] for one in changes if "connect" in one]
    return found + [flow for one in changes for flow in one.get("add", {}).get("flows", ())]


def border_of(eco: Ecosystem, source: str, target: str) -> tuple[str, str] | None:
    """The two lines of business that a flow joins; None where it joins no two known ones."""
    lines = eco.once(lines_of)
    here, there = lines.get(source), lines.get(target)
    if not here or not there or here & there:
        return None
    first, second = sorted((min(here), min(there)))
    return first, second


def cost_of(eco: Ecosystem, changes: Sequence[Mapping[str, Any]]) -> float:
    """What changes cost: a new flow 5, a wider one 1, half as much again across lines; a thing changed 1, added 3.

    Our judgement, and the same as in the repairs of flows and loops; retiring, merging and replacing count like a
    new integration.
    """
    joined = {(flow.from_, flow.to) for flow in eco.inventory.flows if flow.usable and flow.via != "none"}
    total = 0.0
    for source, target in pairs_of(changes):
        factor = CROSSING if border_of(eco, source, target) is not None else 1.0
        total += (WIDEN if (source, target) in joined else NEW) * factor
    for change in changes:
        total += COSTS.assign * len(change.get("change", ()))
        total += sum(COSTS.trigger * len(some) for kind, some in change.get("add", {}).items() if kind != "flows")
        total += sum(COSTS.integrate for operator in ("remove", "replace", "merge") if operator in change)
    return max(total, COSTS.identity)


def in_words(eco: Ecosystem, changes: Sequence[Mapping[str, Any]]) -> str:
    """Changes in a phrase: *connect 'a' to 'b' (contact.email), set owner of 'c' to 'team'*."""
    joined: dict[tuple[str | None, str | None], list[Flow]] = {}
    for flow in eco.inventory.flows:
        if flow.usable and flow.via != "none":
            joined.setdefault((flow.from_, flow.to), []).append(flow)
    words = []
    for source, target in pairs_of(changes):
        load, before = _load(changes, source, target), joined.get((source, target))
        wanted = _carried(changes, source, target)
        if before is None:
            words.append(f"connect '{source}' to '{target}'" + (f" ({load})" if load else ""))
            continue
        new = [flow for flow in _flows(changes) if (flow["from"], flow["to"]) == (source, target)]
        now = _names_of(flow for flow in before if all(_admits(flow, one) for one in new))
        if wanted and wanted <= now:
            words.append(f"speed up the flow from '{source}' to '{target}'")
        else:
            more = " for more customers" if wanted and wanted <= _names_of(before) else ""
            words.append(f"let the flow from '{source}' to '{target}' carry {load or 'more'}{more}")
    for change in changes:
        words += [_changed(name, fields) for name, fields in change.get("change", {}).items()]
        words += [f"add '{name}'" for kind, some in change.get("add", {}).items() if kind != "flows" for name in some]
        others = sorted(change.keys() - {"connect", "disconnect", "change", "add", "for"})
        words += [f"{operator} {_names(change[operator])}" for operator in others]
    rest = f" and {len(words) - NAMED} more" if len(words) > NAMED else ""
    return ", ".join(words[:NAMED]) + rest


def _names_of(flows: Iterable[Flow]) -> set[str]:
    return {name for flow in flows for name in flow.carries or ()}


def _admits(flow: Flow, new: Mapping[str, Any]) -> bool:
    """Whether a flow is for everybody that a new one is for: where a flow names no products or segments, it is for all."""
    scopes = ((flow.products, new.get("products")), (flow.segments, new.get("segments")))
    return all(own is None or (some is not None and set(some) <= set(own)) for own, some in scopes)


def _carried(changes: Sequence[Mapping[str, Any]], source: str, target: str) -> set[str]:
    """What the new or wider flows of a pair carry."""
    loads = [flow.get("carries", ()) for flow in _flows(changes) if (flow["from"], flow["to"]) == (source, target)]
    return {name for some in loads for name in ((some,) if isinstance(some, str) else some)}


def _load(changes: Sequence[Mapping[str, Any]], source: str, target: str) -> str:
    """What a new or wider flow carries: the attribute, or how many; empty where none is named."""
    names = sorted(_carried(changes, source, target))
    if "*" in names:
        return "everything"
    if not names:
        return ""
    return names[0] if len(names) == 1 else f"{len(names)} attributes"


def _changed(name: str, fields: Mapping[str, Any]) -> str:
    if len(fields) == 1:
        ((field, value),) = fields.items()
        if isinstance(value, (str, int, float)):
            return f"set {field} of '{name}' to {value}"
        if field == "routes":
            return f"let '{name}' go by {_ways(value)}"
        if isinstance(value, Mapping) and set(value) == {"add"} and all(isinstance(one, str) for one in value["add"]):
            return f"add {_names(value['add'])} to {field} of '{name}'"
    return f"change '{name}' ({', '.join(sorted(fields))})"


def _ways(routes: Any) -> str:
    """The channels of changed routes, stand-ins last: *email, else letter*; of added ones, *letter too*."""
    some = routes.get("add", ()) if isinstance(routes, Mapping) else routes
    first = [str(one["channel"]) for one in some if "channel" in one and "fallback_for" not in one]
    then = [str(one["channel"]) for one in some if "channel" in one and "fallback_for" in one]
    ways = ", else ".join(" and ".join(dict.fromkeys(part)) for part in (first, then) if part)
    return (ways or "other ways") + (" too" if isinstance(routes, Mapping) and ways else "")


def _names(body: Any) -> str:
    names = body if isinstance(body, list) else sorted(body) if isinstance(body, Mapping) else [body]
    return ", ".join(f"'{name}'" for name in names)
