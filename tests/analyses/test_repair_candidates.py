"""What is offered to repair a loop: who may take it on, what they may set off and answer with, and at what cost."""

from __future__ import annotations

import pytest

from cx_map.analyses.closed_loops import closed_loops
from cx_map.analyses.loop_walks import Search, Stage
from cx_map.analyses.repair_candidates import NEW, Candidates, Step, candidates
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of

FIRM = """
segments: {shoppers: {}}
lines_of_business: {cards: {}, loans: {}}
teams: {care: {functions: [service]}, web: {functions: [digital]}, ads: {functions: [marketing]}}
platforms: {mailer: {}, shop: {owner: web}}
data_sources: {answers: {}}
signals: {feedback: {identity: known, segments: [shoppers], about: [shop], captured_in: [answers]}}
communications: {fixed: {segments: [shoppers], channels: [email], platforms: [mailer]}}
"""
NOBODYS = FIRM.replace("about: [shop]", "about: []")
"""The same, and nothing says who may own it."""
ALL = 1
"""The one segment, as bits."""


def offered(text: str) -> tuple[Candidates, Search]:
    eco = Ecosystem(inventory_of(text))
    (verdict,) = closed_loops(eco)
    return candidates(eco), verdict.search


def teams(text: str) -> tuple[str, ...]:
    offers, search = offered(text)
    return offers.teams(search)


def steps(text: str, stage: Stage, node: str) -> dict[tuple[str, str], Step]:
    offers, search = offered(text)
    return {(one.means, one.target): one for one in offers.added(search, stage, node, ALL)}


def test_no_team_is_offered_that_may_not_own_it_where_one_is_known_to() -> None:
    assert teams(FIRM) == ("web",)
    assert teams(FIRM.replace("owner: web", "owner: ads")) == ("ads",), "ownership counts, not what a team is called"
    rule = "routing_rules: {r: {on: [feedback], to: care}}\n"
    assert teams(FIRM + rule) == ("care", "web")


def test_a_team_out_of_use_is_not_offered_though_it_owns_the_subject() -> None:
    assert "web" not in teams(FIRM.replace("web: {functions", "web: {status: retired, functions"))


def test_the_team_that_a_loop_names_is_the_only_one() -> None:
    loop = "feedback_loops: {l: {signal: feedback, stages: {own: ads}}}\n"
    assert teams(FIRM + loop) == ("ads",)
    assert teams(FIRM.replace("ads: {", "ads: {status: retired, ") + loop) == ("web",)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("", ("care", "web")),
        ("complaint", ("care",)),
        ("signal's owner", ("ads",)),
        ("store's owner", ("ads",)),
        ("line", ("web",)),
        ("nobody able", ("spare",)),
        ("nobody at all", (NEW,)),
    ],
)
def test_where_nobody_is_known_to_own_it_the_nearest_who_could(change: str, expected: tuple[str, ...]) -> None:
    text = {
        "": NOBODYS,
        "complaint": NOBODYS.replace("identity: known", "identity: known, kind: complaint"),
        "signal's owner": NOBODYS.replace("identity: known", "identity: known, owner: ads"),
        "store's owner": NOBODYS.replace("answers: {}", "answers: {owner: ads}"),
        "line": NOBODYS.replace("identity: known", "identity: known, line_of_business: cards")
        .replace("care: {", "care: {line_of_business: loans, ")
        .replace("web: {", "web: {line_of_business: cards, "),
        "nobody able": NOBODYS.replace("[service]", "[marketing]").replace("[digital]}", "[marketing]}, spare: {}"),
        "nobody at all": NOBODYS.replace("[service]", "[marketing]").replace("[digital]", "[marketing]"),
    }[change]
    assert teams(text) == expected


def test_a_signal_is_kept_where_it_is_named_else_where_it_leads_on_else_at_home() -> None:
    loose = FIRM.replace(", captured_in: [answers]", "").replace(
        "answers: {}", "answers: {}, calls: {}, old: {status: retired}"
    )
    led = "flows: [{from: calls, to: web}]\nactions: {a: {team: web, triggered_by: [web], informs: [fixed]}}\n"
    assert steps(loose, Stage.SIGNALLED, "feedback").keys() == {("capture", "answers")}
    assert steps(loose + led, Stage.SIGNALLED, "feedback").keys() == {("capture", "calls"), ("capture", "answers")}
    for named, expected in (("calls", "calls"), ("old", "answers")):
        loop = f"feedback_loops: {{l: {{signal: feedback, stages: {{capture: {named}}}}}}}\n"
        assert ("capture", expected) in steps(loose + loop, Stage.SIGNALLED, "feedback")
    none = loose.replace(
        "data_sources: {answers: {}, calls: {}, old: {status: retired}}", "data_sources: {old: {status: retired}}"
    )
    assert steps(none.replace("platforms: {mailer: {}", "platforms: {mailer: {status: retired}"), Stage.SIGNALLED, "feedback").keys() == {
        ("capture", NEW)
    }  # fmt: skip


def test_from_where_it_is_kept_it_is_routed_unless_a_rule_takes_it_already() -> None:
    assert steps(FIRM, Stage.CAPTURED, "answers").keys() == {("assign", "web")}
    rule = "routing_rules: {r: {on: [RULE], to: care}}\n"
    for on in ("feedback", "contact"):
        routed = FIRM.replace("identity: known", "identity: known, kind: contact") + rule.replace("RULE", on)
        assert {means for means, _ in steps(routed, Stage.CAPTURED, "answers")} == {"connect"}
    other = FIRM + rule.replace("RULE", "review")
    assert {means for means, _ in steps(other, Stage.CAPTURED, "answers")} == {"assign"}
    everything = FIRM + "routing_rules: {r: {to: care}}\n"
    assert {means for means, _ in steps(everything, Stage.CAPTURED, "answers")} == {"connect"}


def test_from_a_store_that_only_gets_it_no_rule_can_take_it() -> None:
    fed = FIRM.replace("answers: {}", "answers: {}, lake: {}") + "flows: [{from: answers, to: lake}]\n"
    assert steps(fed, Stage.CAPTURED, "lake").keys() == {("connect", "web")}
    loop = "feedback_loops: {l: {signal: feedback, stages: {capture: lake}}}\n"
    assert steps(fed + loop, Stage.CAPTURED, "lake").keys() == {("connect", "web")}
    named = FIRM.replace("answers: {}", "answers: {}, lake: {}") + loop
    assert steps(named, Stage.CAPTURED, "lake").keys() == {("assign", "web")}, "it is to be kept there"


def test_a_report_is_delivered() -> None:
    report = FIRM + "insights: {board: {inputs: [answers]}}\n"
    assert steps(report, Stage.ANALYSED, "board").keys() == {("deliver", "web")}


def test_policy_keeps_a_signal_from_being_passed_on() -> None:
    rule = "routing_rules: {r: {on: [feedback], to: care}}\n"
    blocked = (
        FIRM + rule + "flows: [{from: answers, to: web, policy: blocked}, {from: care, to: web, policy: blocked}]\n"
    )
    assert steps(blocked, Stage.CAPTURED, "answers").keys() == {("connect", "care")}
    assert ("hand", "web") not in steps(blocked, Stage.OWNED, "care")
    assert ("hand", "web") in steps(FIRM + rule, Stage.OWNED, "care")


def test_a_team_sets_off_its_own_actions_and_those_of_teams_that_may_own_it() -> None:
    actions = """
actions:
  mine: {team: web, informs: [fixed]}
  theirs: {team: ads, informs: [fixed]}
  alien: {team: ads, changes: [shop]}
  nobodys: {changes: [shop]}
  vague: {informs: [fixed]}
  empty: {team: web}
  planned: {team: web, status: proposed, changes: [shop]}
"""
    offers, search = offered(FIRM + actions)
    assert offers.actions(search, "web", ALL) == ["mine", "nobodys"]
    assert offers.actions(search, "ads", ALL) == ["alien", "theirs", "mine", "nobodys"]
    assert ("trigger", NEW + "web") in steps(FIRM + actions, Stage.OWNED, "web")


def test_of_a_loop_that_names_its_action_nothing_else_is_set_off() -> None:
    loop = "actions: {mine: {team: web, informs: [fixed]}, other: {team: web}}\n"
    loop += "feedback_loops: {l: {signal: feedback, stages: {act: other}}}\n"
    found = steps(FIRM + loop, Stage.OWNED, "web")
    assert [target for means, target in found if means == "trigger"] == ["other"]


def test_a_pool_sets_nothing_off_and_a_task_leads_nowhere_else() -> None:
    pool = FIRM + "agent_pools: {desk: {team: web}}\nactions: {mine: {team: web, informs: [fixed]}}\n"
    assert {means for means, _ in steps(pool, Stage.OWNED, "desk")} == {"hand"}
    assert steps(pool, Stage.OWNED, "web@board") == {}


def test_replies_are_those_of_whoever_may_own_it_or_about_its_subject() -> None:
    text = FIRM.replace(
        "communications: {",
        "communications: {other: {channels: [email], platforms: [mailer]}, dead: {channels: [email], platforms: [gone]}, ",
    )
    text = text.replace("platforms: {mailer: {}", "platforms: {gone: {status: retired}, mailer: {}")
    actions = "actions: {mine: {team: web, informs: [fixed, dead]}, theirs: {team: ads, informs: [other]}, start: {team: web}}\n"
    found = steps(text + actions, Stage.ACTED, "start")
    assert {target for means, target in found if means == "inform"} == {"fixed"}
    about = text.replace("about: [shop]", "about: [shop, other]")
    assert {target for means, target in steps(about + actions, Stage.ACTED, "start") if means == "inform"} == {
        "fixed",
        "other",
    }
    assert ("reply", NEW) in found
    named = "feedback_loops: {l: {signal: feedback, stages: {inform: other}}}\n"
    assert steps(text + actions + named, Stage.ACTED, "start").keys() == {("inform", "other")}


def test_what_crosses_a_line_of_business_costs_half_as_much_again() -> None:
    lines = FIRM.replace("identity: known", "identity: known, line_of_business: cards")
    for line, cost in (("cards", 1.0), ("loans", 1.5)):
        text = lines.replace("web: {", f"web: {{line_of_business: {line}, ")
        assert steps(text, Stage.CAPTURED, "answers")["assign", "web"].cost == cost
