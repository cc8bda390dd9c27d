"""How many lines of the layered view cross, and what the order by id costs.

``python -m tests.benchmarks.crossings [PATH ...]`` prints, for each inventory, the crossings of flows:

- *drawn*: as the layered view draws them: cards by kind and id, ports in the order of the other ends, trunks, lines
  that pass columns between cards, feedback around the lanes;
- *straight*: the same cards joined by straight lines, which is what the order by id alone gives;
- *barycentre*: straight lines again, the cards of each stack ordered by the mean height of their neighbours, swept
  until nothing changes (Sugiyama, Tagawa and Toda 1981, layer by layer). A card's place then depends on all others.

Told twice: pairs of flows that cross, and the places where lines cross on the page. A trunk of thirty flows that
crosses one of ten is 300 pairs and one place, and it is places that the eye has to pass. Flows that share an end are
left out. O(segments squared / grid).
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from statistics import fmean

from cx_map.draw.geometry import Point, points_along
from cx_map.draw.layouts.layers import layout_layers, suggest_folds
from cx_map.draw.scene import Scene
from cx_map.draw.scenes.whole_map import scene_of
from cx_map.states.open import open_state

ROOT = Path(__file__).parents[2]
_GRID, _SAME = 60.0, 3.0
Segment = tuple[Point, Point]
Line = tuple[tuple[str, str], Sequence[Point]]


def crossings(lines: Iterable[Line]) -> tuple[int, int]:
    """Pairs of lines without a common end that cross properly (touching and running along do not count), and places."""
    cells: dict[tuple[int, int], list[tuple[int, Segment]]] = defaultdict(list)
    ends = []
    for number, (pair, points) in enumerate(lines):
        ends.append(set(pair))
        for one, other in pairwise(points):
            for cell in _cells(one, other):
                cells[cell].append((number, (one, other)))
    found: set[tuple[int, int]] = set()
    places: set[tuple[int, int]] = set()
    for inside in cells.values():
        for (a, one), (b, other) in combinations(inside, 2):
            if a != b and not ends[a] & ends[b] and (met := _crossing(one, other)) is not None:
                found.add((min(a, b), max(a, b)))
                places.add((round(met[0] / _SAME), round(met[1] / _SAME)))
    return len(found), len(places)


def _cells(one: Point, other: Point) -> Iterable[tuple[int, int]]:
    left, right = sorted((one[0], other[0]))
    top, bottom = sorted((one[1], other[1]))
    for x in range(int(left // _GRID), int(right // _GRID) + 1):
        for y in range(int(top // _GRID), int(bottom // _GRID) + 1):
            yield x, y


def _crossing(one: Segment, other: Segment) -> Point | None:
    (a, b), (c, d) = one, other
    before, after = _side(c, d, a), _side(c, d, b)
    if before * after >= 0 or _side(a, b, c) * _side(a, b, d) >= 0:
        return None
    share = before / (before - after)
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def _side(a: Point, b: Point, c: Point) -> float:
    value = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return 0.0 if abs(value) < 1e-6 else value


def drawn(scene: Scene) -> list[Line]:
    """The lines of the layered view as polylines."""
    return [((one.edge.source, one.edge.target), points_along(one.path, 8)) for one in layout_layers(scene).wires]


def straight(scene: Scene, place: Mapping[str, Point]) -> list[Line]:
    """A straight line for every flow."""
    return [((one.source, one.target), (place[one.source], place[one.target])) for one in scene.edges]


def centres(scene: Scene) -> dict[str, Point]:
    """The middle of every card of the layered view."""
    return {name: box.centre for name, box in layout_layers(scene).place().items()}


def by_barycentre(scene: Scene, place: Mapping[str, Point], sweeps: int = 12) -> dict[str, Point]:
    """The same places dealt anew: in each stack by the mean height of the neighbours, sweep after sweep."""
    neighbours: dict[str, list[str]] = defaultdict(list)
    for edge in scene.edges:
        neighbours[edge.source].append(edge.target)
        neighbours[edge.target].append(edge.source)
    stacks: dict[tuple[str, float], list[str]] = defaultdict(list)
    for node in scene.nodes:
        stacks[node.lane, place[node.id][0]].append(node.id)
    found, best, fewest = dict(place), dict(place), crossings(straight(scene, place))[0]
    for _ in range(sweeps):
        for names in stacks.values():
            heights = sorted(found[name][1] for name in names)
            wish = {name: fmean([found[one][1] for one in neighbours[name]] or [found[name][1]]) for name in names}
            for name, y in zip(sorted(names, key=lambda name: (wish[name], name)), heights, strict=True):
                found[name] = (found[name][0], y)
        number = crossings(straight(scene, found))[0]
        if number < fewest:
            best, fewest = dict(found), number
    return best


def main(paths: Sequence[str]) -> None:
    """Print a Markdown table."""
    print("| inventory | flows | drawn: pairs in places | straight, by id | straight, by barycentre |")
    print("|---|---|---|---|---|")
    for path in paths or [str(ROOT / "inventories" / name) for name in ("nordvik-bank", "va-notifications")]:
        scene = suggest_folds(scene_of(open_state(path)))
        place = centres(scene)
        numbers = (
            crossings(drawn(scene)),
            crossings(straight(scene, place)),
            crossings(straight(scene, by_barycentre(scene, place))),
        )
        print(
            f"| {Path(path).name} | {len(scene.edges):,} | "
            + " | ".join(f"{pairs:,} in {places:,}" for pairs, places in numbers)
            + " |"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
