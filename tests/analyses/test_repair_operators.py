"""A repair in words and as operators: what is there is not named anew, and what is not known is not made known."""

from __future__ import annotations

from typing import Any

from cx_map.analyses.closed_loops import closed_loops
from cx_map.analyses.loop_repair import cheapest_repair
from cx_map.analyses.repair_candidates import candidates
from cx_map.analyses.repair_operators import Play, RepairPlan, desk_of, plan_of, play_plan
from cx_map.graph.ecosystem import Ecosystem
from cx_map.states.apply import with_changes
from tests.support import inventory_of

SHOP = """
segments: {shoppers: {}}
teams: {care: {}, web: {functions: [digital]}}
platforms: {mailer: {}, shop: {owner: web}}
data_sources: {answers: {}, lake: {}}
signals: {feedback: {identity: known, segments: [shoppers], about: [shop], captured_in: [answers]}}
communications: {fixed: {segments: [shoppers], channels: [email], platforms: [mailer]}}
"""


def planned(text: str) -> RepairPlan:
    """The plan of the one loop, which closes it, or leaves it open where the plan is not sure."""
    inventory = inventory_of(text)
    eco = Ecosystem(inventory)
    (verdict,) = closed_loops(eco)
    offers = candidates(eco)
    repair = cheapest_repair(verdict, offers)
    assert repair is not None
    plan = plan_of(repair, verdict, offers)
    (after,) = closed_loops(Ecosystem(with_changes(inventory, plan.operators)))
    assert after.closed or not plan.sure
    return plan


def added(plan: RepairPlan) -> dict[str, Any]:
    """What a plan adds, by chapter."""
    first: Any = plan.operators[0]["add"]
    return dict(first)


def test_what_is_new_is_named_after_the_signal_and_never_like_what_is_there() -> None:
    plan = planned(SHOP)
    assert set(added(plan)["actions"]) == {"feedback-answer"}
    assert set(added(plan)["routing_rules"]) == {"feedback-to-web"}
    taken = SHOP.replace("care: {}", "care: {}, feedback-answer: {}, feedback-reply: {}, feedback-to-web: {}")
    more = added(planned(taken))
    assert set(more["actions"]) == {"feedback-answer-2"}
    assert set(more["communications"]) == {"feedback-reply-2"}
    assert set(more["routing_rules"]) == {"feedback-to-web-2"}


def test_a_new_action_says_who_does_it_and_where_it_is_tracked() -> None:
    plan = planned(SHOP)
    assert added(plan)["actions"]["feedback-answer"] == {
        "team": "web", "kind": "reply", "triggered_by": ["web"], "tracked_in": "answers", "informs": ["feedback-reply"],
    }  # fmt: skip
    assert added(plan)["communications"]["feedback-reply"] == {
        "purpose": "servicing", "owner": "web", "segments": ["shoppers"],
        "routes": [{"channel": "email", "platforms": ["mailer"]}],
    }  # fmt: skip
    assert plan.sure


def test_the_route_of_a_new_reply_keeps_its_alternatives() -> None:
    choice = SHOP.replace("platforms: [mailer]", "platforms: [{any_of: [mailer, shop]}]")
    assert added(planned(choice))["communications"]["feedback-reply"]["routes"] == [
        {"channel": "email", "platforms": [{"any_of": ["mailer", "shop"]}]}
    ]


def test_a_reply_by_a_channel_whose_platforms_are_open_is_not_sure() -> None:
    plan = planned(SHOP.replace("channels: [email]", "channels: [letter]").replace("[mailer]", "[gone]")
                   .replace("mailer: {}", "mailer: {}, gone: {status: retired}"))  # fmt: skip
    assert not plan.sure
    assert added(plan)["communications"]["feedback-reply"]["channels"]


def test_one_more_of_a_list_is_added_and_the_first_is_written() -> None:
    acts = (
        SHOP
        + "actions: {mend: {team: web, informs: [fixed], BY}}\ninsights: {board: {inputs: [answers], delivered_to: [web]}}\n"
    )
    empty, full = planned(acts.replace(", BY", "")), planned(acts.replace("BY", "triggered_by: [care]"))
    assert empty.operators == ({"change": {"mend": {"triggered_by": ["web"]}}},)
    assert full.operators == ({"change": {"mend": {"triggered_by": {"add": ["web"]}}}},)


RULE = "routing_rules: {r: {on: [feedback], to: care}}\n"
ACTS = "actions: {mend: {team: web, triggered_by: [web], informs: [fixed]}}\n"


def test_a_flow_gets_an_id_only_beside_another() -> None:
    for flow, name in (
        ("", None),
        ("flows: [{from: answers, to: web, via: none}]\n", None),
        ("flows: [{from: answers, to: web, via: api, carries: [contact.email]}]\n", "feedback-to-web"),
    ):
        eco = Ecosystem(inventory_of(SHOP + RULE + flow))
        (verdict,) = closed_loops(eco)
        plan = play_plan(verdict.search, candidates(eco), Play(team="web"))
        (connected,) = [one["connect"] for one in plan.operators if "connect" in one]
        assert isinstance(connected, dict)
        assert connected.get("id") == name


def test_what_a_team_hands_on_keeps_the_customer_known() -> None:
    handed = planned(SHOP + ACTS + RULE.replace("feedback", "feedback, complaint") + "committees: {}\n")
    connected: list[Any] = [one["connect"] for one in handed.operators if "connect" in one]
    by_hand = [one for one in connected if one["via"] == "manual"]
    assert all(one["keeps_identity"] for one in by_hand)
    assert connected


def test_a_flow_that_loses_the_customer_is_mended_with_what_it_carries() -> None:
    lossy = SHOP + ACTS + (
        "insights: {board: {inputs: [lake], delivered_to: [web]}}\n"
        "flows: [{from: answers, to: lake, via: file, carries: ['*'], keeps_identity: false}]\n"
    )  # fmt: skip
    plan = planned(lossy)
    assert plan.operators == (
        {"connect": {"from": "answers", "to": "lake", "keeps_identity": True, "id": "answers-lake-identified", "via": "api", "carries": ["*"]}},
    )  # fmt: skip


LOOP = "feedback_loops: {l: {signal: feedback, stages: {STAGES}}}\n"
WHOLE = SHOP + ACTS + "insights: {board: {inputs: [answers], delivered_to: [web]}}\n"


def test_a_stage_of_which_nobody_knows_stays_unknown() -> None:
    inventory = inventory_of(WHOLE + LOOP.replace("STAGES", "own: web, act: mend, inform: unknown"))
    eco = Ecosystem(inventory)
    (verdict,) = closed_loops(eco)
    offers = candidates(eco)
    repair = cheapest_repair(verdict, offers)
    assert repair is not None
    plan = plan_of(repair, verdict, offers)
    assert not plan.sure
    changed: Any = plan.operators[-1]
    if repair.renamed:
        assert changed["change"]["l"]["stages"]["inform"] == "unknown"


def test_what_verifies_is_a_metric_of_its_subject_or_a_new_one() -> None:
    loop = LOOP.replace("stages", "kind: outer, stages").replace(
        "STAGES", "capture: answers, analyse: board, own: web, act: mend, inform: fixed"
    )
    outer = WHOLE.replace("informs: [fixed]", "informs: [fixed], changes: [shop]") + loop
    for metrics, expected in (("metrics: {score: {about: [shop]}}\n", "score"), ("", "feedback-helped"),
                              ("metrics: {score: {about: [mailer]}}\n", "feedback-helped"),
                              ("metrics: {score: {about: [shop], status: retired}}\n", "feedback-helped")):  # fmt: skip
        inventory = inventory_of(outer + metrics)
        eco = Ecosystem(inventory)
        (verdict,) = closed_loops(eco)
        offers = candidates(eco)
        repair = cheapest_repair(verdict, offers)
        assert repair is not None
        last: Any = plan_of(repair, verdict, offers).operators[-1]
        assert last["change"]["l"]["stages"]["verify"] == [expected]


POOL = "agent_pools: {desk: {team: care}, idle: {team: gone}, free: {}, closed: {status: retired}}\n"


def test_who_is_told_for_a_pool() -> None:
    inventory = inventory_of(SHOP.replace("care: {}", "care: {}, gone: {status: retired}") + POOL)
    assert [desk_of(inventory, name) for name in ("desk", "idle", "free", "closed", None)] == [
        "care", "idle", "free", None, None,
    ]  # fmt: skip


def test_an_incident_play_is_routed_once() -> None:
    for rules, expected in (("", ("routing_rules", [])), (RULE, (None, [("answers", "web")]))):
        eco = Ecosystem(inventory_of(SHOP + POOL.replace("idle: {team: gone}, ", "") + rules))
        (verdict,) = closed_loops(eco)
        plan = play_plan(verdict.search, candidates(eco), Play(team="web", changes=("shop",), informs=True))
        new: Any = plan.operators[0]["add"]
        flows: list[Any] = [one["connect"] for one in plan.operators if "connect" in one]
        assert ("routing_rules" in new) == (expected[0] == "routing_rules")
        assert [(one["from"], one["to"]) for one in flows] == expected[1]
        (action,) = new["actions"].values()
        assert (action["team"], action["changes"], action["tracked_in"]) == ("web", ["shop"], "answers")
