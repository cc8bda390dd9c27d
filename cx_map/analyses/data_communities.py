"""How far the firm's data follows its organization chart: communities of flows against lines of business (E).

Louvain's method (Blondel et al. 2008, as in networkx, fixed seed, nodes and edges in order of id) on the places of a
known line, joined by flows weighted with the attributes they carry; compared with the lines by normalised mutual
information (Strehl and Ghosh 2002, arithmetic mean): 1 where data moves inside lines only, 0 where it does not care.
A headline number, never a finding. Not computed above ``MOST_PLACES``, where the method takes seconds.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from cx_map.analyses.isolation import weight_of
from cx_map.analyses.lines import lines_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation

MOST_PLACES = 1_000
SEED = 0


class CommunityMatch(Struct, frozen=True):
    """Normalised mutual information of communities and lines; None where it is not computed, and why."""

    information: float | None
    places: int
    lines: int = 0
    communities: int = 0
    reason: str = ""


def community_match(eco: Ecosystem) -> CommunityMatch:
    """The match of an ecosystem; places that work for the same several lines make a block of their own."""
    of = {name: tuple(sorted(lines)) for name, lines in eco.once(lines_of).items()}
    weights: dict[tuple[str, str], float] = {}
    for flow in {id(link.flow): link.flow for link in eco.once(propagation).links}.values():
        pair = (flow.from_ or "", flow.to or "")
        if pair[0] in of and pair[1] in of and pair[0] != pair[1]:
            one, other = sorted(pair)
            weights[one, other] = weights.get((one, other), 0.0) + weight_of(eco.inventory, flow)
    places = sorted({name for pair in weights for name in pair})
    lines = {of[name] for name in places}
    if len(lines) < 2:
        reason = "not computed, since flows join places of fewer than two groups of lines"
        return CommunityMatch(None, len(places), len(lines), reason=reason)
    if len(places) > MOST_PLACES:
        return CommunityMatch(None, len(places), len(lines), reason=f"not computed above {MOST_PLACES:,} places")
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(places)
    graph.add_weighted_edges_from((*pair, weights[pair]) for pair in sorted(weights))
    found = networkx.community.louvain_communities(graph, seed=SEED)
    community = {name: number for number, names in enumerate(found) for name in names}
    information = mutual_information([of[name] for name in places], [community[name] for name in places])
    return CommunityMatch(round(information, 2), len(places), len(lines), len(found))


def mutual_information(one: Sequence[object], other: Sequence[object]) -> float:
    """Mutual information of two partitions of the same things over the mean of their entropies; 1 where both are one block.

    O(things).
    """
    total = len(one)
    first, second = Counter(one), Counter(other)
    both = Counter(zip(one, other, strict=True))
    shared = sum(
        count / total * math.log(count * total / (first[a] * second[b]))
        for (a, b), count in sorted(both.items(), key=repr)
    )
    mean = (_entropy(first, total) + _entropy(second, total)) / 2
    return max(0.0, min(1.0, shared / mean)) if mean else 1.0


def _entropy(counts: Counter[object], total: int) -> float:
    return -sum(count / total * math.log(count / total) for count in counts.values())
