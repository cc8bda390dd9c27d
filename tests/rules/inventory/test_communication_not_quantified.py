from __future__ import annotations

import pytest

from cx_map.rules.inventory.communication_not_quantified import communication_not_quantified
from tests.rules.pages import findings_of
from tests.support import inventory_of

RULE = communication_not_quantified
WHOLE = {
    "volume": "5/month", "trigger": "a payment", "owner": "team", "purpose": "servicing", "segments": "[]",
    "routes": "[{channel: email}]",
}  # fmt: skip


def found(fields: dict[str, str]) -> list[str]:
    text = ", ".join(f"{name}: {value}" for name, value in fields.items())
    return [dict(one.evidence)["missing, most useful first"] for one in findings_of(RULE, inventory_of(
        f"teams: {{team: {{}}}}\ncommunications: {{c: {{{text}}}}}"
    ))]  # fmt: skip


def test_all_facts_are_enough() -> None:
    assert found(WHOLE) == []
    schedule = {name: value for name, value in WHOLE.items() if name != "trigger"} | {"schedule": "{run: 1d}"}
    assert found(schedule) == []


@pytest.mark.parametrize("name", sorted(WHOLE))
@pytest.mark.parametrize("said", [False, True])
def test_each_fact_counts_left_out_or_unknown(name: str, said: bool) -> None:
    fields = {one: value for one, value in WHOLE.items() if one != name}
    if said:
        fields[name] = "unknown"
    assert found(fields) == [name]


def test_the_most_useful_comes_first_and_known_to_be_none_is_an_answer() -> None:
    assert found({"name": "x"}) == ["routes, volume, segments, purpose, owner, trigger"]
    assert found({**WHOLE, "owner": "[]"}) == []


def test_the_score_counts_five_facts() -> None:
    (finding,) = findings_of(RULE, inventory_of("communications: {c: {purpose: servicing, volume: 3/month}}"))
    assert finding.label == "2 of 5 facts known, and no route"
    assert finding.message == "'c' is not quantified: segments, owner, trigger not known, and no route is known"
    assert dict(finding.evidence)["facts known"] == "2 of 5, besides routes, which are not known"
    assert finding.measures["facts_known"] == 2


@pytest.mark.parametrize("empty", ["trigger: {}", "schedule: {}", "trigger: {what: unknown}"])
def test_a_trigger_that_says_nothing_is_not_known(empty: str) -> None:
    fields = {name: value for name, value in WHOLE.items() if name != "trigger"}
    name, value = empty.split(": ", 1)
    assert found({**fields, name: value}) == ["trigger"]


def test_routes_alone_are_no_lost_fact() -> None:
    text = "teams: {team: {}}\ncommunications: {c: {volume: 5/month, trigger: x, owner: team, purpose: servicing, segments: []}}"
    (finding,) = findings_of(RULE, inventory_of(text))
    assert finding.message == "'c' is not quantified: no route is known"
    assert finding.label == "5 of 5 facts known, and no route"
