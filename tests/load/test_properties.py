"""The order of files and how entities are spread over them change nothing; no text can make loading crash."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cx_map.errors import InventoryError
from cx_map.load.quantities import date, duration, money, number, rate, share
from cx_map.load.scalars import plain
from cx_map.model.inventory import Inventory
from tests.load.broken import CASES, loaded

ENTITIES = (
    ("teams", "t1", "{name: One}"),
    ("teams", "t2", "{parent: t1, tags: [a, b]}"),
    ("data_sources", "d1", "{holds: [contact.email, {attribute: account.balance, mastery: master}], owner: t1}"),
    ("platforms", "p1", "{needs: d1, capacity: 5/s, processing: {p50: 1m, p95: 1h}, cost_per_year: 5 EUR}"),
    ("channels", "email", "{latency: 2m}"),
    ("products", "pr", "{customers: {value: 5, low: 1, high: 9, basis: assumed}}"),
    ("communications", "c1", "{channels: [email, sms], platforms: p1, volume: 3/day, deadline: unknown, needs: []}"),
    ("communications", "c2", "{routes: [{channel: letter, share: 40%}, {channel: email, share: 60%}]}"),
    ("preferences", "c3", "{kind: consent, master: d1}"),
    ("attributes", "c3", "{sensitivity: personal}"),
    ("references", "s1", "{title: A, as_of: 2026-02}"),
)
FLOWS = (
    "{from: d1, to: p1, via: api}",
    "{from: d1, to: p1, via: none, id: x}",
    "{from: t1, to: d1, via: rekey, seconds: 40}",
)


_SET = re.compile(r"frozenset\(\{(.*?)\}\)")


def _sorted(match: re.Match[str]) -> str:
    return str(sorted(match[1].split(", ")))


def rendering(inventory: Inventory) -> str:
    """Everything typed, in a form that two inventories share exactly if they say the same."""
    parts = [inventory.entities, inventory.attributes, inventory.references]
    tables = [[(name, _SET.sub(_sorted, repr(part[name]))) for name in sorted(part)] for part in parts]
    return repr([*tables, inventory.flows, inventory.overlaps, sorted(inventory.shipped), inventory.counts])


def files_of(homes: list[int], flow_homes: list[int], order: list[int]) -> list[str]:
    texts = []
    for file in range(4):
        kinds: dict[str, list[str]] = {}
        for place in order:
            kind, name, fields = ENTITIES[place]
            if homes[place] == file:
                kinds.setdefault(kind, []).append(f"  {name}: {fields}\n")
        lines = [f"{kind}:\n" + "".join(items) for kind, items in kinds.items()]
        flows = [f"  - {flow}\n" for flow, home in zip(FLOWS, flow_homes, strict=True) if home == file]
        if flows:
            lines.append("flows:\n" + "".join(flows))
        texts.append("".join(lines))
    return texts


EXPECTED = rendering(loaded(*files_of([0] * len(ENTITIES), [0] * len(FLOWS), list(range(len(ENTITIES))))))


@settings(max_examples=150, deadline=None)
@given(
    homes=st.lists(st.integers(0, 3), min_size=len(ENTITIES), max_size=len(ENTITIES)),
    flow_homes=st.lists(st.integers(0, 3), min_size=len(FLOWS), max_size=len(FLOWS)),
    order=st.permutations(range(len(ENTITIES))),
)
def test_files_and_order_are_irrelevant(homes: list[int], flow_homes: list[int], order: list[int]) -> None:
    assert rendering(loaded(*files_of(homes, flow_homes, order))) == EXPECTED


def answer(text: str | bytes) -> None:
    try:
        loaded(text)
    except InventoryError as error:
        problems = error.problems
    else:
        return
    assert problems
    lines = (b"cxmap: 1\n" + (text if isinstance(text, bytes) else text.encode())).decode("utf-8", "replace")
    count = len(re.split("\r\n|[\r\n\x85\u2028\u2029]", lines))
    for problem in problems:
        place = problem.location
        assert 1 <= place.line <= count + 1
        assert place.column >= 1
        assert (place.line, place.column) <= (place.end_line, place.end_column)


TEXTS = [text for case in CASES for text in case.files if isinstance(text, str) and len(text) < 400]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(TEXTS),
    st.integers(0, 400),
    st.integers(0, 6),
    st.text("{}[]:,-#&*!|>'\"%@`?~ \t\naxé\x85\u2028", max_size=4),
)
def test_mutated_inventories_are_answered(text: str, at: int, drop: int, insert: str) -> None:
    at %= len(text) + 1
    answer(text[:at] + insert + text[at + drop :])


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_any_bytes_are_answered(data: bytes) -> None:
    answer(data)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
@pytest.mark.parametrize("reader", [number, share, rate, duration, date, lambda text: money(text, "EUR")])
def test_quantities_are_read_or_refused(reader: object, text: str) -> None:
    try:
        reader(text)  # type: ignore[operator]  # one of the readers above
    except ValueError as error:
        said = str(error)
    else:
        return
    what, next_step = said.split("; ", 1)
    assert what
    assert next_step


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=12), st.integers().map(str), st.floats(allow_nan=False).map(repr)))
def test_a_plain_scalar_loses_nothing(text: str) -> None:
    value = plain(text)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        assert str(value) == text
    elif isinstance(value, str):
        assert value == text
    else:
        assert text in ("", "~") or text.lower() in ("null", "true", "false")


@settings(max_examples=100, deadline=None)
@given(st.floats(0, 1e12), st.sampled_from(["s", "min", "h", "day", "week", "month", "quarter", "year"]))
def test_a_rate_over_its_own_unit_gives_its_number(value: float, unit: str) -> None:
    monthly, per = rate(f"{value!r}/{unit}")
    assert monthly * per == pytest.approx(value * 2629800)
