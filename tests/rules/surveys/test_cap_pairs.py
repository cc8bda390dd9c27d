from __future__ import annotations

import random

from cx_map.analyses.contact_pressure import surveys
from cx_map.graph.ecosystem import Ecosystem
from cx_map.rules.surveys.cap_cannot_work_across_tools import _apart, _pairs
from tests.support import inventory_of


def test_sorts_of_surveys_say_what_every_pair_says() -> None:
    for seed in range(40):
        choose = random.Random(seed)
        points = []
        for number in range(9):
            fields = ["kind: survey", "segments: [all]"]
            fields += choose.choice(
                ([], ["cap_store: s0"], ["cap_store: s1"], ["cap_store: unknown"], ["cap_store: []"])
            )
            fields += choose.choice(([], ["platform: p0"], ["platform: p1"], ["platform: old"]))
            points.append(f"  v{number}: {{{', '.join(fields)}}}")
        written = "\n".join(points)
        eco = Ecosystem(
            inventory_of(
                "segments: {all: {}}\ndata_sources: {s0: {}, s1: {}}\nplatforms: {p0: {}, p1: {}, old: {status: retired}}\n"
                f"flows: [{{from: s0, to: p0}}, {{from: s0, to: p1}}]\ncollection_points:\n{written}\n"
            )
        )
        some = surveys(eco).by_segment["all"]
        said = {
            frozenset((one.id, other.id)): _apart(eco, one, other) for one in some for other in some if one is not other
        }
        told: dict[bool | None, set[str]] = {True: set(), False: set(), None: set()}
        covered = set()
        for one, other, members in _pairs(some):
            told[_apart(eco, one, other)].update(members)
            covered.update(members)
        for verdict in (True, None):
            assert told[verdict] == {name for pair, found in said.items() if found is verdict for name in pair}
        assert covered == {one.id for one in some}
