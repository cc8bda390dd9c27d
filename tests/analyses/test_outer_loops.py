from __future__ import annotations

import pytest
from hypothesis import given, settings

from cx_map.analyses.outer_loops import OuterLoop, outer_loops
from cx_map.analyses.upstream import upstream_of
from cx_map.graph.ecosystem import Ecosystem
from tests.analyses.loops_firm import Firm, built, firms, ways_back
from tests.support import inventory_of

BILLING = """
teams: {billing: {}, board: {}}
products: {card: {}}
platforms: {engine: {needs: [core]}, mailer: {}}
data_sources: {cases: {}, core: {}}
touchpoints: {help: {platform: engine}}
journeys: {pay: {steps: [help]}}
communications: {bill: {products: [card], needs: [], channels: [email], platforms: [engine, mailer]}}
signals: {g: {about: [bill], captured_in: [cases]}}
actions: {mend: {team: billing, triggered_by: [billing], changes: [bill]}}
flows: [{from: cases, to: billing, via: event}]
"""


def outer(text: str) -> OuterLoop:
    (found,) = outer_loops(Ecosystem(inventory_of(text)))
    return found


@pytest.mark.parametrize(
    ("about", "changes", "fixes"),
    [
        ("bill", "bill", True), ("bill", "engine", True), ("bill", "core", True), ("bill", "mailer", True),
        ("card", "bill", True), ("card", "card", True), ("help", "engine", True), ("pay", "core", True),
        ("mailer", "bill", False), ("core", "engine", False), ("bill", "help", False),
    ],
)  # fmt: skip
def test_a_fix_changes_the_thing_or_what_supplies_it(about: str, changes: str, *, fixes: bool) -> None:
    found = outer(
        BILLING.replace("about: [bill]", f"about: [{about}]").replace("changes: [bill]", f"changes: [{changes}]")
    )
    assert found.actions == ("mend",)
    assert bool(found.fixes) == fixes


def test_upstream_is_followed_to_its_end_and_ends_in_cycles() -> None:
    inventory = inventory_of("platforms: {a: {needs: [b]}, b: {needs: [a, s]}}\ndata_sources: {s: {}, other: {}}")
    assert upstream_of(inventory, ["a"]) == {"a", "b", "s"}
    assert upstream_of(inventory, ["s"]) == {"s"}


def test_what_a_reached_action_changes_may_be_silent_or_unknown() -> None:
    assert outer(BILLING.replace(", changes: [bill]", "")).silent == ("mend",)
    assert outer(BILLING.replace("changes: [bill]", "changes: unknown")).unsaid == ("mend",)
    assert outer(BILLING.replace("changes: [bill]", "changes: []")).silent == ()


@pytest.mark.parametrize(
    ("metric", "check"),
    [
        ("about: [bill], every: 30d, team: billing", "verified"),
        ("about: [engine], every: 30d, team: billing", "unverified"),
        ("about: [mailer], every: 30d, team: billing", "unverified"),
        ("about: [bill], every: 30d, team: board", "unverified"),
        ("about: [bill], team: billing", "not_known"),
        ("about: [bill], every: 30d", "not_known"),
        ("about: [bill], every: 30d, team: billing, collected_at: [yearly]", "unverified"),
        ("about: [bill], every: 30d, team: billing, collected_at: [yearly, after]", "verified"),
    ],
)
def test_a_metric_verifies_when_it_measures_comes_again_and_reaches_who_acts(metric: str, check: str) -> None:
    points = "collection_points: {yearly: {scope: relationship}, after: {scope: transaction}}\n"
    assert outer(BILLING + points + f"metrics: {{m: {{{metric}}}}}").check == check


def test_an_insight_can_show_the_metric_to_who_acts() -> None:
    metrics = "metrics: {m: {about: [bill], every: 30d, team: board}}\n"
    insight = "insights: {report: {metrics: [m], delivered_to: [billing]}}"
    assert outer(BILLING + metrics + insight).check == "verified"
    assert outer(BILLING + metrics + insight.replace("[billing]", "[board]")).check == "unverified"


def test_routing_and_idle_teams_count_as_everywhere() -> None:
    routed = BILLING.replace(
        "flows: [{from: cases, to: billing, via: event}]", "routing_rules: {r: {on: [g], to: billing}}"
    )
    assert outer(routed).actions == ("mend",)
    assert outer(BILLING.replace("billing: {}", "billing: {status: retired}")).actions == ()


@settings(max_examples=80, deadline=None)
@given(firms())
def test_actions_reached_equal_brute_force(firm: Firm) -> None:
    """An action that informs somebody is reached exactly where a way back over teams in use passes it."""
    telling = {name: fields | {"informs": ["c1"]} for name, fields in firm["actions"].items()}
    (found,) = outer_loops(Ecosystem(built(firm | {"actions": telling})))
    expected = set()
    for name, own in telling.items():
        lone = {other: fields if other == name else {"team": "t1"} for other, fields in telling.items()}
        retired = {team for team, fields in firm["teams"].items() if fields}
        bare = {
            one: {key: value for key, value in fields.items() if key != "team" or value not in retired}
            for one, fields in lone.items()
        }
        by_insight = [one for one in own.get("triggered_by", ()) if one in firm["insights"]]
        by_team = [one for one in own.get("triggered_by", ()) if one not in by_insight]
        bare[name] = {"triggered_by": by_team, "informs": ["c1"]}
        if own.get("team") not in (None, *retired):
            bare[name] = {"triggered_by": by_team + by_insight, "team": own["team"], "informs": ["c1"]}
        if any(way.active for way in ways_back(firm | {"actions": bare})):
            expected.add(name)
    assert set(found.actions) == expected
