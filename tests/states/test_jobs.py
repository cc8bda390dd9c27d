"""The jobs of a roadmap, what is declared of their order, and states with some of them done."""

from __future__ import annotations

from cx_map.model.inventory import Inventory
from cx_map.states.jobs import after_jobs, declared, jobs_of
from tests.support import inventory_of


def plan(initiatives: str, *phases: str) -> Inventory:
    """A firm with a roadmap; each phase is a YAML list of operators."""
    text = f"platforms: {{a: {{}}, b: {{}}, c: {{}}}}\ninitiatives: {initiatives}\nroadmap:\n  phases:\n"
    return inventory_of(
        text + "".join(f"    - {{id: p{number}, changes: {one}}}\n" for number, one in enumerate(phases))
    )


def test_a_job_is_what_an_initiative_does_in_a_phase_or_what_else_the_phase_does() -> None:
    inventory = plan(
        "{hub: {}, tidy: {}}",
        "[{for: hub, change: {a: {capacity: 5/h}}}, {remove: [c]}, {for: tidy, change: {b: {capacity: 5/h}}}, {for: hub, add: {platforms: {n: {}}}}]",
        "[{for: hub, remove: [b]}]",
    )
    found = jobs_of(inventory)
    assert [(job.id, job.phase, job.initiative, len(job.operators)) for job in found] == [
        ("hub@p0", "p0", "hub", 2), ("@p0", "p0", None, 1), ("tidy", "p0", "tidy", 1), ("hub@p1", "p1", "hub", 1),
    ]  # fmt: skip


def test_dependencies_of_initiatives_hold_for_all_of_their_jobs_also_over_one_without_a_job() -> None:
    inventory = plan(
        "{first: {}, between: {depends_on: [first]}, last: {depends_on: [between]}}",
        "[{for: last, remove: [c]}, {for: first, change: {a: {capacity: 5/h}}}]",
        "[{for: first, remove: [b]}]",
    )
    found = declared(inventory, jobs_of(inventory))
    assert found == {"last": {"first@p0", "first@p1"}, "first@p0": set(), "first@p1": set()}


def test_the_last_word_on_a_field_stays_the_last() -> None:
    inventory = plan(
        "{one: {}, two: {}, three: {}}",
        "[{for: one, change: {a: {capacity: 5/h}}}, {for: two, change: {a: {enforces: {add: [q]}}}}]".replace(
            "q", "quiet"
        ),
        "[{for: three, change: {a: {capacity: 9/h, enforces: {add: [quiet]}}}}]",
    )
    jobs = jobs_of(inventory)
    assert declared(inventory, jobs) == {"one": set(), "two": set(), "three": {"one"}}


def test_a_state_with_some_jobs_done_or_none_where_they_cannot_stand_alone() -> None:
    inventory = plan(
        "{new: {}, old: {}, late: {}}",
        "[{for: new, add: {platforms: {n: {needs: [a]}}}}, {for: old, remove: [a]}, {for: late, connect: {from: n, to: b}}]",
        "[{for: old, change: {n: {needs: [b]}}}]",
    )
    jobs = jobs_of(inventory)

    def done(*chosen: str) -> list[str] | None:
        state = after_jobs(inventory, jobs, chosen)
        return None if state is None else sorted(state.raw.entities.keys() - inventory.raw.entities.keys())

    assert done() == []
    assert done("new", "late") == ["n"]
    assert done("late") is None, "what it joins is not there"
    assert done("new", "old@p0") is None, "what it takes away is still needed"
    assert done("new", "old@p0", "old@p1") == ["n"]
    assert done("old@p1") is None


def test_what_takes_away_comes_last_where_the_order_of_the_plan_is_refused() -> None:
    inventory = plan("{old: {}, move: {}}", "[{for: old, remove: [a]}]", "[{for: move, replace: {a: b}}]")
    assert after_jobs(inventory, jobs_of(inventory), ["old", "move"]) is None, "a second end is no third order"
    inventory = plan(
        "{old: {}, use: {}}", "[{for: old, merge: {into: b, from: [a]}}]", "[{for: use, connect: {from: a, to: c}}]"
    )
    state = after_jobs(inventory, jobs_of(inventory), ["old", "use"])
    assert state is not None
    assert [(flow.from_, flow.to) for flow in state.flows] == [("b", "c")]
