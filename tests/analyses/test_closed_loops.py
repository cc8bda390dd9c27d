from __future__ import annotations

import pytest
from hypothesis import given, settings

from cx_map.analyses.closed_loops import LoopVerdict, closed_loops
from cx_map.analyses.loop_walks import Stage
from cx_map.graph.ecosystem import Ecosystem
from tests.analyses.loops_firm import Firm, Found, built, firms, ways_back
from tests.support import inventory_of


def verdicts(text: str) -> list[LoopVerdict]:
    return list(closed_loops(Ecosystem(inventory_of(text))))


def verdict(text: str) -> LoopVerdict:
    (found,) = verdicts(text)
    return found


COMPLAINT = """
segments: {retail: {}}
teams: {care: {functions: [complaints]}}
platforms: {printer: {}}
data_sources: {cases: {}}
signals: {gripe: {kind: complaint, identity: known, segments: [retail], captured_in: [cases]}}
actions: {mend: {team: care, triggered_by: [care], informs: [sorry]}}
communications: {sorry: {segments: [retail], routes: [{channel: letter, platforms: [printer]}]}}
flows: [{from: cases, to: care, via: event}]
"""


def test_complaint_to_case_to_fix_to_letter_is_closed() -> None:
    found = verdict(COMPLAINT)
    assert found.status == "closed"
    assert found.walk is not None
    assert [edge.label for edge in found.walk.edges] == ["captured_in", "assigned_to", "triggers", "informs", "route"]


@pytest.mark.parametrize(
    ("before", "after", "reached"),
    [
        ("captured_in: [cases]", "captured_in: []", Stage.SIGNALLED),
        ("captured_in: [cases]", "about: [cases]", Stage.SIGNALLED),
        ("via: event", "via: none", Stage.CAPTURED),
        ("via: event", "via: event, policy: blocked", Stage.CAPTURED),
        ("triggered_by: [care]", "triggered_by: []", Stage.OWNED),
        ("informs: [sorry]", "informs: []", Stage.ACTED),
        ("printer: {}", "printer: {status: retired}", Stage.COMPOSED),
        ("sorry: {segments: [retail]", "sorry: {segments: []", Stage.SENT),
    ],
)
def test_a_link_missing_breaks_it_there(before: str, after: str, reached: Stage) -> None:
    assert before in COMPLAINT
    found = verdict(COMPLAINT.replace(before, after))
    assert (found.status, found.reached) == ("broken", reached)


@pytest.mark.parametrize(
    ("before", "after", "condition"),
    [
        ("identity: known", "identity: anonymous", "identity"),
        ("identity: known", "identity: pseudonymous", "identity"),
        ("via: event", "via: event, keeps_identity: false", "identity"),
        ("functions: [complaints]", "status: retired", "ownership"),
        ("care: {functions: [complaints]}", "care: {}, boss: {}", "closed"),
        ("captured_in: [cases]", "captured_in: [cases], about: [printer]", "closed"),
    ],
)
def test_one_condition_can_break_it(before: str, after: str, condition: str) -> None:
    assert before in COMPLAINT
    found = verdict(COMPLAINT.replace(before, after))
    assert (found.condition or found.status) == condition


def test_production_is_a_condition_too_and_leaves_the_loop_broken() -> None:
    found = verdict(COMPLAINT.replace("printer: {}", "printer: {status: retired}"))
    assert (found.status, found.condition) == ("broken", "production")


def test_a_team_that_owns_nothing_in_the_subject_may_not_own_the_signal() -> None:
    text = COMPLAINT.replace("functions: [complaints]", "").replace("captured_in", "about: [printer], captured_in")
    text = text.replace("printer: {}", "printer: {owner: press}").replace("teams: {", "teams: {press: {}, ")
    assert verdict(text).condition == "ownership"
    assert verdict(text + "routing_rules: {r: {on: [gripe], to: care}}").status == "closed"
    assert verdict(text + "routing_rules: {r: {on: [complaint], to: care}}").status == "closed"
    assert verdict(text.replace("owner: press", "owner: care")).status == "closed"
    loop = "feedback_loops: {l: {signal: gripe, stages: {capture: cases, own: care, act: mend, inform: sorry}}}"
    assert verdict(text + loop).status == "closed"


def test_a_team_for_complaints_may_own_any_complaint_and_no_other_signal_of_others() -> None:
    """analyses.md, J, *Entitled*: the function complaints is enough for a complaint."""
    text = COMPLAINT.replace("captured_in", "about: [printer], captured_in")
    text = text.replace("printer: {}", "printer: {owner: press}").replace("teams: {", "teams: {press: {}, ")
    assert verdict(text).status == "closed"
    assert verdict(text.replace("functions: [complaints]", "functions: [cx]")).condition == "ownership"
    assert verdict(text.replace("kind: complaint", "kind: contact")).condition == "ownership"


def test_an_insight_sets_an_action_off_by_itself_and_the_actions_team_owns_it() -> None:
    text = COMPLAINT.replace("flows: [{from: cases, to: care, via: event}]", "insights: {alarm: {inputs: [cases]}}")
    text = text.replace("triggered_by: [care]", "triggered_by: [alarm]")
    assert verdict(text).status == "closed"
    assert verdict(text.replace("team: care, ", "")).condition == "ownership", "nobody is named"


def test_an_insight_that_sets_one_action_off_is_no_way_to_the_teams_other_actions() -> None:
    text = COMPLAINT.replace("flows: [{from: cases, to: care, via: event}]", "insights: {alarm: {inputs: [cases]}}")
    text = text.replace("actions: {", "actions: {log: {team: care, triggered_by: [alarm]}, ")
    found = verdict(text)
    assert (found.status, found.reached) == ("broken", Stage.ACTED)


def test_time_counts_known_times_only_and_lateness_is_told_apart() -> None:
    slow = COMPLAINT.replace("triggered_by: [care]", "triggered_by: [care], within: 6w")
    assert verdict(slow).status == "late"
    assert verdict(slow + "organization: {regulatory_profiles: [uk-fca]}").status == "closed", "8 weeks"
    assert verdict(slow.replace("kind: complaint", "kind: contact")).status == "closed", "nothing asks for a time"
    assert verdict(slow.replace("kind: complaint", "kind: survey, score: detractor")).status == "late"
    assert verdict(COMPLAINT).status == "closed", "times not known count 0"


def test_eight_days_are_in_time_for_eight_weeks() -> None:
    text = COMPLAINT.replace("via: event", "via: batch, every: 1d, latency: 2.4h, keeps_identity: true").replace(
        "informs", "within: 7d, informs"
    )
    loop = "feedback_loops: {l: {signal: gripe, within: 8w, stages: {capture: cases, own: care, act: mend, inform: sorry}}}"
    found = verdict(text + loop)
    assert found.walk is not None
    assert found.status == "closed"
    assert found.walk.seconds / 86400 == pytest.approx(8.1)
    assert verdict(text + loop.replace("8w", "8d")).status == "late"
    assert verdict(text + loop.replace("8w", "{capture: 1h, own: 2d, act: 5d, inform: 1d}")).status == "late", (
        "8 d and an hour"
    )


def test_every_segment_must_be_answered() -> None:
    text = COMPLAINT.replace("segments: {retail: {}}", "segments: {retail: {}, sme: {}}").replace(
        "known, segments: [retail]", "known, segments: [retail, sme]"
    )
    assert verdict(text).failing == ("sme",)
    assert verdict(text.replace("sorry: {segments: [retail]", "sorry: {segments: [retail, sme]")).status == "closed"


def test_a_segment_that_the_channel_cannot_reach_is_not_answered() -> None:
    assert verdict(COMPLAINT.replace("retail: {}", "retail: {reachable_by: {letter: 0}}")).status == "broken"
    assert verdict(COMPLAINT.replace("retail: {}", "retail: {reachable_by: {letter: 5%}}")).status == "closed"
    both = COMPLAINT.replace("retail: {}", "retail: {reachable_by: {email: 90%}}").replace("letter", "push")
    assert verdict(both).status == "broken"
    assert (
        verdict(both.replace("[printer]}]", "[printer]}, {channel: email, platforms: [printer]}]")).status == "closed"
    )


def test_post_and_calls_may_reach_who_lists_only_addresses_that_were_collected() -> None:
    """Decision 56: left out is less than 0 for channels that need no address of their own."""
    mobile = COMPLAINT.replace("retail: {}", "retail: {reachable_by: {email: 90%, sms: 40%}}")
    assert verdict(mobile).status == "closed"
    assert verdict(mobile.replace("letter", "phone")).status == "closed"
    assert verdict(mobile.replace("letter", "phone").replace(", sms: 40%", ", sms: 0")).status == "broken"
    assert verdict(mobile.replace("letter", "phone").replace("sms: 40%", "sms: 40%, phone: 0")).status == "broken"


def test_a_channel_that_reaches_no_segment_answers_nobody() -> None:
    text = COMPLAINT.replace(", segments: [retail], captured_in", ", captured_in").replace(
        "sorry: {segments: [retail], ", "sorry: {"
    )
    assert verdict(text).status == "closed"
    assert verdict(text.replace("retail: {}", "retail: {reachable_by: {letter: 0, email: 90%}}")).status == "broken"
    some = text.replace("retail: {}", "retail: {reachable_by: {email: 90%}}, sme: {}")
    assert verdict(some).status == "closed", "of 'sme' nobody says by what it is reached"


FILE = COMPLAINT.replace("cases: {}", "cases: {}, copy: {}").replace("from: cases, to: care", "from: copy, to: care")
FILE = FILE.replace("flows: [", "flows: [{from: cases, to: copy, via: file}, ")


def test_a_flow_that_may_lose_the_customer_leaves_the_loop_open() -> None:
    found = verdict(FILE)
    assert (found.status, found.unlock) == ("open", ("flows.*.keeps_identity",))
    assert verdict(FILE.replace("via: file", "via: file, keeps_identity: true")).status == "closed"
    assert verdict(FILE.replace("via: file", "via: file, keeps_identity: false")).condition == "identity"
    outer = "feedback_loops: {l: {kind: outer, signal: gripe}}"
    assert verdict(FILE + outer).status == "closed", "an outer loop needs no identity"


def test_another_way_that_is_sure_closes_it_if_it_is_in_time() -> None:
    sure = FILE.replace("flows: [", "flows: [{from: cases, to: care, via: event, latency: 2h}, ")
    assert verdict(sure).status == "closed"
    assert verdict(sure.replace("2h", "3d")).status == "open", "a day to answer a complaint"


def test_what_a_signal_says_of_where_it_is_kept_wins_over_its_form() -> None:
    text = (
        COMPLAINT.replace("kind: complaint", "kind: complaint, from: form")
        + "collection_points: {form: {writes_to: [lake]}}"
    )
    text = text.replace("data_sources: {", "data_sources: {lake: {}, ")
    stores = {edge.target for edge in verdict(text).search.graph.edges("gripe")}
    assert stores == {"cases"}
    unsaid = verdict(text.replace(", captured_in: [cases]", ""))
    assert {edge.target for edge in unsaid.search.graph.edges("gripe")} == {"lake"}


def test_the_default_time_is_for_the_first_answer_only() -> None:
    refund = COMPLAINT.replace("informs", "kind: KIND, within: 30d, informs")
    assert verdict(refund.replace("KIND", "reply")).status == "late"
    assert verdict(refund.replace("KIND", "fix")).status == "closed", "when it is acknowledged is not described"
    loop = LOOP.replace("kind: inner", "kind: inner, within: 10d")
    assert verdict(refund.replace("KIND", "fix") + loop).status == "late", "here the firm says how long"


def test_an_exemption_without_a_reason_exempts_nothing() -> None:
    text = COMPLAINT.replace("via: event", "via: none") + "feedback_loops: {l: {signal: gripe, by_design: none}}"
    found = verdict(text)
    assert (found.status, found.loop) == ("broken", None)
    assert verdict(text.replace("by_design: none", "by_design: none, reason: ''")).status == "broken"
    assert verdict(text.replace("by_design: none", "by_design: none, reason: thanks")).status == "by_design"


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ("captured_in: [cases]", "captured_in: unknown", "signals.*.captured_in"),
        ("triggered_by: [care]", "triggered_by: unknown", "actions.*.triggered_by"),
        ("informs: [sorry]", "informs: unknown", "actions.*.informs"),
        ("routes: [{channel: letter, platforms: [printer]}]", "routes: unknown", "communications.*.routes"),
        (", routes: [{channel: letter, platforms: [printer]}]", "", "communications.*.routes"),
        ("platforms: [printer]", "platforms: unknown", "communications.*.routes"),
    ],
)
def test_what_is_said_to_be_unknown_leaves_the_loop_open(before: str, after: str, field: str) -> None:
    assert before in COMPLAINT
    found = verdict(COMPLAINT.replace(before, after))
    assert found.status == "open"
    assert field in found.unlock


def test_unknown_delivery_leaves_it_open_but_not_what_lies_elsewhere() -> None:
    text = COMPLAINT.replace(
        "flows: [{from: cases, to: care, via: event}]", "insights: {board: {inputs: [cases], delivered_to: unknown}}"
    )
    assert verdict(text).status == "open"
    assert verdict(text.replace("inputs: [cases]", "inputs: []")).status == "broken"


def test_what_is_not_judged() -> None:
    assert verdicts(COMPLAINT.replace("kind: complaint", "kind: employee")) == []
    assert verdicts(COMPLAINT.replace("kind: complaint", "volume: 0")) == []
    assert verdicts(COMPLAINT.replace("kind: complaint", "status: proposed")) == []
    assert (
        verdict(COMPLAINT + "feedback_loops: {l: {signal: gripe, by_design: none, reason: pulse}}").status
        == "by_design"
    )


def test_anonymous_feedback_must_lead_to_an_action_and_no_further() -> None:
    anonymous = COMPLAINT.replace("identity: known", "identity: anonymous")
    assert verdict(anonymous.replace("informs: [sorry]", "informs: []")).status == "acted_on"
    assert verdict(anonymous.replace("triggered_by: [care]", "triggered_by: []")).status == "broken"


LOOP = "feedback_loops: {loop: {kind: inner, signal: gripe, stages: {capture: cases, own: care, act: mend, inform: sorry}}}"


def test_a_declared_loop_is_joined_by_what_the_inventory_says_elsewhere() -> None:
    assert verdict(COMPLAINT + LOOP).status == "closed"
    unjoined = verdict((COMPLAINT + LOOP).replace("flows: [{from: cases, to: care, via: event}]", ""))
    assert (unjoined.status, unjoined.reached) == ("broken", Stage.CAPTURED)


def test_a_declared_loop_must_pass_its_named_nodes() -> None:
    text = COMPLAINT.replace("teams: {", "teams: {other: {}, ").replace("data_sources: {", "data_sources: {lake: {}, ")
    assert verdict(text + LOOP.replace("own: care", "own: [other, care]")).status == "closed"
    assert verdict(text + LOOP.replace("own: care", "own: other")).reached == Stage.CAPTURED
    assert verdict(text + LOOP.replace("capture: cases", "capture: lake")).reached == Stage.SIGNALLED
    assert verdict(text + LOOP.replace("capture: cases", "capture: cases, analyse: lake")).reached == Stage.CAPTURED


def test_required_stages_must_be_named() -> None:
    assert verdict(COMPLAINT + LOOP.replace("own: care, ", "")).missing == ("own",)
    assert verdict(COMPLAINT + LOOP.replace("kind: inner", "kind: outer")).missing == ("analyse", "verify")
    assert verdict(COMPLAINT + LOOP.replace("own: care", "own: unknown")).status == "open"
    outer = verdict(COMPLAINT + LOOP.replace("kind: inner", "kind: outer"))
    assert (outer.status, outer.failing, outer.comes_back) == ("broken", (), True)
    mute = verdict(COMPLAINT.replace("via: event", "via: none") + LOOP.replace("kind: inner", "kind: outer"))
    assert (mute.failing, mute.comes_back, mute.reached) == (("retail",), False, Stage.CAPTURED)
    assert verdict(COMPLAINT + "feedback_loops: {loop: {signal: gripe}}").status == "closed", "no stage named at all"


def test_segments_outside_the_declared_loop_are_judged_without_it() -> None:
    text = COMPLAINT.replace("segments: {retail: {}}", "segments: {retail: {}, sme: {}}").replace(
        "known, segments: [retail]", "known, segments: [retail, sme]"
    )
    found = verdicts(text + LOOP.replace("signal: gripe", "signal: gripe, segments: [retail]"))
    assert [(one.loop is None, one.segments, one.status) for one in found] == [
        (False, ("retail",), "closed"), (True, ("sme",), "broken"),
    ]  # fmt: skip


def test_outer_loops_need_no_identity() -> None:
    text = COMPLAINT.replace("identity: known", "identity: anonymous") + LOOP.replace("kind: inner", "kind: outer")
    text = text.replace("own: care", "analyse: cases, own: care").replace(
        "inform: sorry", "inform: sorry, verify: score"
    )
    assert verdict(text + "\nmetrics: {score: {}}").status == "closed"


def satisfies(
    found: Found, wanted: str, *, identity: bool = True, ownership: bool = True, production: bool = True
) -> bool:
    return (
        wanted in found.told
        and (found.identity or not identity)
        and ((found.active and found.entitled) or not ownership)
        and (found.works or not production)
    )


def closing_time(ways: list[Found], segments: tuple[str, ...], **kept: bool) -> float | None:
    """The slowest segment's quickest way; None where a segment has none."""
    times = [min((way.seconds for way in ways if satisfies(way, one, **kept)), default=None) for one in segments]
    return None if None in times else max(time for time in times if time is not None)


@settings(max_examples=150, deadline=None)
@given(firms())
def test_verdicts_equal_brute_force(firm: Firm) -> None:
    (found,) = closed_loops(Ecosystem(built(firm)))
    ways = list(ways_back(firm))
    segments = tuple(firm["signals"]["g"].get("segments", ["*"]))
    time = closing_time(ways, segments)
    limit = 2 * 86400.0 if "score" in firm["signals"]["g"] else None
    if time is not None:
        assert found.walk is not None
        assert found.walk.seconds == time
        sure = closing_time([way for way in ways if way.sure], segments)
        in_time = sure is not None and (limit is None or sure <= limit)
        assert found.status == ("late" if limit is not None and time > limit else "closed" if in_time else "open")
        return
    failing = tuple(one for one in segments if closing_time(ways, (one,)) is None)
    assert found.failing == failing
    expected = None
    for condition in ("identity", "ownership", "production"):
        if expected is None and closing_time(ways, failing, **{condition: False}) is not None:
            expected = condition
    assert found.condition == expected
    if expected in ("identity", "ownership"):
        assert found.status == "condition"
    else:
        assert found.status in ("broken", "acted_on")


@settings(max_examples=60, deadline=None)
@given(firms())
def test_a_flow_more_never_opens_a_closed_loop(firm: Firm) -> None:
    (before,) = closed_loops(Ecosystem(built(firm)))
    more = firm | {"flows": [*firm["flows"], {"from": "s1", "to": "t1", "via": "event"}]}
    (after,) = closed_loops(Ecosystem(built(more)))
    assert not (before.closed and not after.closed)


@settings(max_examples=60, deadline=None)
@given(firms())
def test_times_left_out_never_break_a_loop(firm: Firm) -> None:
    (before,) = closed_loops(Ecosystem(built(firm)))
    bare = {
        kind: [{key: value for key, value in one.items() if key != "latency"} for one in things]
        if isinstance(things, list)
        else {
            name: {key: value for key, value in one.items() if key not in ("latency", "every", "within")}
            for name, one in things.items()
        }
        for kind, things in firm.items()
    }
    (after,) = closed_loops(Ecosystem(built(bare)))
    timeless = {"late": ("closed", "open"), "open": ("closed", "open")}
    assert after.status in timeless.get(before.status, (before.status,))
