from __future__ import annotations

import itertools
import random

from cx_map.analyses.acceleration import speed_ups
from cx_map.analyses.supply_times import Arrival, Step


def tree(chance: random.Random, depth: int, name: str = "v") -> Arrival:
    """A random tree of things that wait for others."""
    if depth == 0 or chance.random() < 0.2:
        return Arrival(0.0)
    inputs = []
    for number in range(chance.randint(1, 2)):
        before = tree(chance, depth - 1, f"{name}{number}")
        kind = chance.choice(["flow", "processing"])
        step = Step("flow" if kind == "flow" else "processing", f"{name}{number}", name, float(chance.randint(0, 9)))
        inputs.append((step, before))
    inputs.sort(key=lambda one: -(one[1].seconds + one[0].seconds))
    return Arrival(inputs[0][1].seconds + inputs[0][0].seconds, tuple(inputs))


def slowest(node: Arrival, new: dict[str, float]) -> float:
    return max(
        (slowest(before, new) + new.get(step.source, step.seconds) for step, before in node.inputs if step), default=0.0
    )


def steps_of(node: Arrival) -> list[Step]:
    return [one for step, before in node.inputs if step for one in (step, *steps_of(before))]


def test_speed_ups_are_enough_and_the_fewest_single_steps() -> None:
    checked = fewest = 0
    for seed in range(400):
        chance = random.Random(seed)
        root = tree(chance, 3)
        if root.seconds < 1:
            continue
        deadline = chance.uniform(0, root.seconds * 0.99)
        found = speed_ups(root, deadline)
        assert found is not None
        new = {one.step.source: one.seconds for one in found}
        assert slowest(root, new) <= deadline + 1e-9, seed
        checked += 1
        steps = steps_of(root)
        if len(steps) > 7:
            continue
        late = [path for path in paths(root) if sum(step.seconds for step in path) > deadline]
        everything = {step.source for step in steps}
        if all(mends(path, everything, deadline) for path in late):
            least = next(
                size
                for size in range(1, len(steps) + 1)
                if any(
                    all(mends(path, set(chosen), deadline) for path in late)
                    for chosen in itertools.combinations(sorted(everything), size)
                )
            )
            assert len(found) == least, seed
            fewest += 1
    assert checked > 200
    assert fewest > 60


def mends(path: list[Step], names: set[str], deadline: float) -> bool:
    """Whether one of the named steps has enough time to give for a path."""
    need = sum(step.seconds for step in path) - deadline
    return any(step.source in names and step.seconds >= need for step in path)


def paths(node: Arrival) -> list[list[Step]]:
    if not node.inputs:
        return [[]]
    return [[step, *rest] for step, before in node.inputs if step for rest in paths(before)]


def test_a_channel_that_is_too_slow_cannot_be_helped() -> None:
    slow = Arrival(
        100.0,
        (
            (
                Step("channel", "letter", "letter", 90.0),
                Arrival(10.0, ((Step("processing", "p", "p", 10.0), Arrival(0.0)),)),
            ),
        ),
    )
    assert speed_ups(slow, 50.0) is None
    found = speed_ups(slow, 95.0)
    assert found is not None
    assert [(one.step.source, one.seconds) for one in found] == [("p", 5)]


def test_what_is_in_time_needs_nothing() -> None:
    assert speed_ups(Arrival(5.0, ((Step("processing", "p", "p", 5.0), Arrival(0.0)),)), 5.0) == ()
    assert speed_ups(Arrival(0.0), 0.0) == ()


def test_a_chain_longer_than_any_call_stack_is_left_alone() -> None:
    node = Arrival(0.0)
    for number in range(5000):
        node = Arrival(node.seconds + 1.0, ((Step("flow", f"s{number}", f"s{number + 1}", 1.0), node),))
    assert speed_ups(node, 10.0) is None
