"""Findings that are drawn, not only badged: where a loop breaks, and the narrowest cut of production.

Only what stays readable: one missing flow a broken loop, the worst first, and the cards and flows of a cut. All of it
comes from the proof and the computed fix of the finding; nothing is judged again here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from cx_map.audit.findings import Finding
from cx_map.draw.scene import BREAK, SEVERITIES, Edge, Node
from cx_map.draw.scenes.named import badges_of

BROKEN_LOOP, CUT = "LOOP101", "BOT102"
MOST = 12
"""Broken places drawn at most; the other loops keep their badges, and a note counts them."""
MOST_OF_A_CUT = 40
"""Flows of a cut drawn thick at most; of a wider fan only the cards are."""
_INTO = frozenset({"triggered_by", "inputs"})
_OUT_OF = frozenset({"captured_in", "writes_to", "delivered_to", "informs"})

Pair = tuple[str, str]


def broken_places(
    findings: Sequence[Finding], shown: Collection[str], flows: Sequence[Edge]
) -> tuple[tuple[Edge, ...], int]:
    """One missing flow for each broken loop that the map can show, and how many are not drawn because there are more.

    It leads from the last thing reached that is on the map to the first thing on the map that the computed repair
    joins; where the repair needs something new, to the channel of the new answer. O(findings * size of a fix).
    """
    there = {(edge.source, edge.target) for edge in flows if edge.style != "missing"}
    broken = [one for one in findings if one.code == BROKEN_LOOP]
    broken.sort(key=lambda one: (SEVERITIES.index(one.severity), one.subject, one.fingerprint))
    by_pair: dict[Pair, list[Finding]] = {}
    left = 0
    for finding in broken:
        pair = _break(finding, shown, there)
        if pair is None:
            continue
        if pair not in by_pair and len(by_pair) == MOST:
            left += 1
        else:
            by_pair.setdefault(pair, []).append(finding)
    edges = tuple(
        Edge(
            source, target, BREAK, style="missing", badges=badges_of(same), tooltip="\n".join(
                part for one in same for part in (one.label, one.fix.summary if one.fix is not None else "") if part
            ),
        )
        for (source, target), same in sorted(by_pair.items())
    )  # fmt: skip
    return edges, left


def _break(finding: Finding, shown: Collection[str], there: Collection[Pair]) -> Pair | None:
    reached = [name for name in (finding.subject, *(step.target for step in finding.path)) if name in shown]
    if not reached:
        return None
    changes = finding.fix.changes if finding.fix is not None else ()
    pairs = [
        (source if source in shown else reached[-1], target)
        for source, target in (*_joined(changes), *_answered(changes, reached[-1]))
    ]
    fit = [(source, target) for source, target in pairs if target in shown and source != target]
    fit = [pair for pair in fit if pair not in there]
    return min(fit, key=lambda pair: (pair[0] not in reached, fit.index(pair)), default=None)


def _joined(changes: Sequence[Mapping[str, object]]) -> Iterator[Pair]:
    """What the operators of a fix join to what, in their order."""
    for operator in changes:
        connect = operator.get("connect")
        if isinstance(connect, Mapping):
            yield str(connect["from"]), str(connect["to"])
        change = operator.get("change")
        for entity, fields in change.items() if isinstance(change, Mapping) else ():
            for key, value in fields.items():
                others = value.get("add", ()) if isinstance(value, Mapping) else value
                for other in others if isinstance(others, list | tuple) else ():
                    if key in _INTO:
                        yield str(other), str(entity)
                    elif key in _OUT_OF:
                        yield str(entity), str(other)


def _answered(changes: Sequence[Mapping[str, object]], last: str) -> Iterator[Pair]:
    """From the last thing reached to the channels of a new answer."""
    for operator in changes:
        added = operator.get("add")
        communications = added.get("communications", {}) if isinstance(added, Mapping) else {}
        for fields in communications.values():
            for channel in fields.get("channels", ()):
                yield last, str(channel)
            for route in fields.get("routes", ()):
                yield last, str(route["channel"])


def cut_of(findings: Sequence[Finding]) -> tuple[frozenset[str], frozenset[str]]:
    """What is at its limit whatever the routing, and what is starved by it."""
    cut: set[str] = set()
    starved: set[str] = set()
    for finding in findings:
        if finding.code == CUT:
            cut.add(finding.subject)
            starved.update(step.source for step in finding.path)
            for operator in finding.fix.changes if finding.fix is not None else ():
                change = operator.get("change")
                cut.update(change if isinstance(change, Mapping) else ())
            starved.update(finding.related)
    return frozenset(cut), frozenset(starved - cut)


def thick(
    nodes: Sequence[Node], edges: Sequence[Edge], findings: Sequence[Finding]
) -> tuple[tuple[Node, ...], tuple[Edge, ...]]:
    """The cards of the narrowest cut and its flows to what it starves, with thick lines."""
    cut, starved = cut_of(findings)
    fan = [
        index
        for index, edge in enumerate(edges)
        if (edge.source in cut and edge.target in starved) or (edge.target in cut and edge.source in starved)
    ]
    drawn = set(fan if len(fan) <= MOST_OF_A_CUT else ())
    return (
        tuple(replace(node, emphasis="thick") if node.id in cut else node for node in nodes),
        tuple(replace(edge, emphasis="thick") if index in drawn else edge for index, edge in enumerate(edges)),
    )
