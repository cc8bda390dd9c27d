"""What must come before what in a roadmap, and a safe order of it; analyses.md, H7."""

from __future__ import annotations

from cx_map.analyses.phase_simulation import broken, simulate
from cx_map.analyses.roadmap_order import RoadmapOrder, roadmap_order
from cx_map.graph.ecosystem import Ecosystem
from cx_map.states.jobs import after_jobs, jobs_of
from tests.analyses.roadmap_firm import PLAN
from tests.support import inventory_of


def order_of(text: str) -> RoadmapOrder:
    return roadmap_order(Ecosystem(inventory_of(text)))


def test_retiring_ccm_b_needs_exactly_what_h7_says() -> None:
    found = order_of(PLAN)
    assert {job: one.sets for job, one in found.derived.items()} == {
        "build-ccm-a": ((),),
        "retire-ccm-b": (("build-ccm-a", "arch-link"),),
        "arch-link": (("build-ccm-a",),),
        "retire-file": (("consent-hub",),),
        "consent-hub": ((),),
    }
    assert found.before["retire-ccm-b"] == {"build-ccm-a", "arch-link"}
    assert {one.invariant for one in found.breaks["retire-file"]} == {"I4"}
    assert found.breaks["build-ccm-a"] == ()


def test_the_safe_order_of_h7_breaks_nothing_on_the_way() -> None:
    eco = Ecosystem(inventory_of(PLAN))
    found = roadmap_order(eco)
    assert found.order.order == ("build-ccm-a", "arch-link", "retire-ccm-b", "consent-hub", "retire-file")
    assert found.order.left == found.circle == ()
    jobs = jobs_of(eco.inventory)
    for end in range(1, len(jobs) + 1):
        state = after_jobs(eco.inventory, jobs, found.order.order[:end])
        assert state is not None
        assert broken(eco, eco, Ecosystem(state)) == ()


def test_a_roadmap_in_the_safe_order_is_not_rejected() -> None:
    head, _, phases = PLAN.partition("  phases:\n")
    one, two, three, four = phases.split("    - id: ")[1:]
    build, _, retire = one.partition("        - {for: retire-ccm-b")
    mended = [
        "zero" + build[len("one") :],
        two,
        "one\n      cutover: {parallel: 4w}\n      changes:\n        - {for: retire-ccm-b" + retire,
        four,
        three,
    ]
    text = head + "  phases:\n" + "".join(f"    - id: {phase}" for phase in mended)
    assert [phase.id for phase in simulate(Ecosystem(inventory_of(text)))] == ["zero", "two", "one", "four", "three"]
    assert not any(phase.rejected for phase in simulate(Ecosystem(inventory_of(text))))


def test_either_of_two_archives_is_a_choice() -> None:
    text = PLAN.replace(
        "connect: {from: ccm-a, to: archive, via: api}}]",
        "connect: {from: ccm-a, to: archive, via: api}}, {for: relay-link, connect: {from: ccm-a, to: hub, via: api}}, "
        "{for: relay-link, connect: {from: hub, to: archive, via: api}}]",
    ).replace("arch-link: {},", "arch-link: {}, relay-link: {},")
    found = order_of(text)
    assert found.derived["retire-ccm-b"].sets == (("build-ccm-a", "arch-link"), ("build-ccm-a", "relay-link"))
    assert found.before["retire-ccm-b"] == {"build-ccm-a"}
    assert found.order.left == ()


def test_declared_and_derived_prerequisites_that_contradict_each_other_are_a_circle() -> None:
    found = order_of(PLAN.replace("arch-link: {}", "arch-link: {depends_on: [retire-ccm-b]}"))
    assert set(found.circle) == {"arch-link", "retire-ccm-b"}
    assert set(found.order.left) >= {"arch-link", "retire-ccm-b"}
    assert found.order.proved


def test_what_the_phase_does_besides_its_initiatives_is_a_job_of_its_own() -> None:
    found = order_of(PLAN.replace("{for: arch-link, connect", "{connect"))
    assert found.jobs == ("build-ccm-a", "retire-ccm-b", "@two", "retire-file", "consent-hub")
    assert found.derived["retire-ccm-b"].sets == (("build-ccm-a", "@two"),)
