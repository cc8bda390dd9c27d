"""BOT105, BOT106 and BOT108: agent pools."""

from __future__ import annotations

import re

import pytest

from cx_map.rules.bottlenecks.fragile_pool import fragile_pool
from cx_map.rules.bottlenecks.outbound_drives_inbound import outbound_drives_inbound
from cx_map.rules.bottlenecks.pool_misses_service_level import pool_misses_service_level
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of

POOL = "agent_pools: {desk: {arrivals: %s/30m, handle_time: 4m, agents: %s%s}}\n"


def test_an_endless_queue_is_critical() -> None:
    finding = one_finding(pool_misses_service_level, POOL % (414, 55, ""))
    assert finding.severity == "critical"
    assert "55.2 Erlang meet 55 agents" in finding.message
    assert finding.confidence == "high"
    after = with_changes(inventory_of(POOL % (414, 55, "")), finding.fix.changes if finding.fix else ())
    assert findings_of(pool_misses_service_level, after) == []


def test_occupancy_alone_is_major_and_57_agents_are_enough() -> None:
    finding = one_finding(pool_misses_service_level, POOL % (360, 55, ", target: {share: 80%, within: 15s}"))
    assert finding.severity == "major"
    assert "busy for 87.3%" in finding.message
    assert finding.measures["agents_needed"] == 57
    assert passed(pool_misses_service_level, POOL % (360, 57, "")) == {"desk"}


def test_nobody_waits_on_the_line_for_an_answer_by_mail() -> None:
    tray = ", target: {share: 90%%, within: 1d}, channels: [%s]"
    assert "too busy" in one_finding(pool_misses_service_level, POOL % (40, 6, tray % "phone, email")).message
    mail = POOL % (40, 6, tray % "email, letter")
    assert passed(pool_misses_service_level, mail) == passed(fragile_pool, mail) == {"desk"}
    endless = one_finding(pool_misses_service_level, POOL % (40, 5, tray % "email"))
    assert (endless.severity, endless.measures["agents_needed"]) == ("critical", 6), "not seven, for 85 % occupancy"


def test_the_target_is_missed() -> None:
    finding = one_finding(pool_misses_service_level, POOL % (360, 57, ", target: {share: 99%, within: 5s}"))
    assert finding.severity == "major"
    assert "not 99%" in finding.message


def test_patience_counts_those_who_give_up() -> None:
    assert "57" in one_finding(pool_misses_service_level, POOL % (360, 53, "")).label
    leaving = one_finding(pool_misses_service_level, POOL % (414, 50, ", patience: 2m"))
    assert leaving.severity == "critical"
    assert "of contacts give up" in leaving.message
    evidence = dict(leaving.evidence)
    assert evidence["give up"].endswith("of contacts")
    assert "give up after 2 min" in evidence["assumed"]


def test_unknown_facts_are_not_assessed() -> None:
    assert set(not_assessed(pool_misses_service_level, POOL % (360, "unknown", ""))) == {"desk"}
    caused = POOL % (360, 57, "") + "communications: {c: {induces: [{pool: desk, per_1000: 5}]}}"
    assert set(not_assessed(pool_misses_service_level, caused)) == {"desk"}


def test_a_pool_at_the_edge_is_fragile() -> None:
    finding = one_finding(fragile_pool, POOL % (360, 55, ""))
    assert finding.measures["growth_margin"] == pytest.approx(0.026, abs=5e-4)
    after = with_changes(inventory_of(POOL % (360, 55, "")), finding.fix.changes if finding.fix else ())
    assert findings_of(fragile_pool, after) == []
    assert passed(fragile_pool, POOL % (360, 64, "")) == {"desk"}
    assert findings(fragile_pool, POOL % (414, 55, "")) == []
    assert passed(fragile_pool, POOL % (414, 55, "")) == set()


NOTICE = (
    POOL
    + """
communications:
  notice: {volume: %s/month, trigger: fee, induces: [{pool: desk, per_1000: %s, kind: %s}]}
"""
)


def test_a_notice_that_floods_the_pool() -> None:
    finding = one_finding(outbound_drives_inbound, NOTICE % (30, 60, "", 120000, 180, "failure"))
    assert finding.subject == "notice"
    assert finding.measures["contacts_per_month"] == 21600
    assert finding.measures["share_of_pool"] == pytest.approx(21600 / (21600 + 60 * 730.5))
    assert passed(outbound_drives_inbound, NOTICE % (30, 60, "", 120000, 5, "failure")) == {"notice"}


def test_a_small_share_that_decides_counts_too() -> None:
    text = NOTICE % (355, 54, "", 100000, 150, "failure")
    finding = one_finding(outbound_drives_inbound, text)
    assert finding.measures["share_of_pool"] < 0.2
    assert "pushes it below its service level" in finding.message


def test_wanted_contacts_do_not_count_and_unknown_ones_are_open() -> None:
    assert passed(outbound_drives_inbound, NOTICE % (30, 60, "", 120000, 180, "value")) == {"notice"}
    text = (NOTICE % (30, 60, "", 1, 180, "failure")).replace("volume: 1/month", "volume: unknown")
    assert set(not_assessed(outbound_drives_inbound, text)) == {"notice"}


def test_too_busy_is_not_said_to_miss_its_service_level() -> None:
    finding = one_finding(pool_misses_service_level, POOL % (360, 55, ""))
    assert finding.message.startswith("'desk' is too busy: its agents are busy for 87.3% of the time")
    assert dict(finding.evidence)["service level"] == "86.7% within 20 s, target 80%"
    missed = one_finding(pool_misses_service_level, POOL % (360, 57, ", target: {share: 99%, within: 5s}"))
    assert missed.message.startswith("'desk' misses its service level")


def test_a_pool_that_is_too_busy_is_not_called_fit_for_growth() -> None:
    lenient = ", target: {share: 10%, within: 20s}"
    assert one_finding(pool_misses_service_level, POOL % (360, 55, lenient)).severity == "major"
    assert findings(fragile_pool, POOL % (360, 55, lenient)) == []
    assert passed(fragile_pool, POOL % (360, 55, lenient)) == set()
    assert passed(fragile_pool, POOL % (360, 57, lenient)) == {"desk"}


def test_months_are_compared_with_months_and_peaks_with_peaks() -> None:
    text = NOTICE % (355, 54, "", 100000, 150, "failure")
    finding = one_finding(outbound_drives_inbound, text)
    assert (
        finding.message
        == "'notice' causes 3% of the contacts of 'desk' at the peak, which pushes it below its service level"
    )
    assert finding.fix is not None
    most = int(
        re.search(r"at most ([\d,]+) contacts a month keep the service level", finding.fix.summary)[1].replace(",", "")
    )
    assert 0 < most < 15000
    assert f"({15000 - most:,} fewer than now)" in finding.fix.summary
    assert findings(outbound_drives_inbound, NOTICE % (355, 54, "", most * 10, 100, "failure")) == []
    assert findings(outbound_drives_inbound, NOTICE % (355, 54, "", most * 10 + 20, 100, "failure")) != []


def test_the_contacts_allowed_are_below_the_threshold() -> None:
    finding = one_finding(outbound_drives_inbound, NOTICE % (30, 60, "", 120000, 180, "failure"))
    assert finding.message == "'notice' causes 33% of a month's contacts of 'desk'"
    assert finding.fix is not None
    most = int(
        re.search(r"at most ([\d,]+) contacts a month keep it below 20%", finding.fix.summary)[1].replace(",", "")
    )
    assert f"({21600 - most:,} fewer than now)" in finding.fix.summary
    assert findings(outbound_drives_inbound, NOTICE % (30, 60, "", most, 1000, "failure")) == []
    assert findings(outbound_drives_inbound, NOTICE % (30, 60, "", most + 1, 1000, "failure")) != []


def test_a_margin_just_below_the_limit_is_not_told_as_the_limit() -> None:
    text = "agent_pools: {chat: {arrivals: 240/h, handle_time: 12m, agents: 20, concurrency: 3}}"
    assert "9.96% more contacts" in one_finding(fragile_pool, text).message


RUN = """
agent_pools: {desk: {arrivals: 1800/h, handle_time: 5m, agents: 140}}
communications:
  bill:
    volume: 640000/month
    schedule: {run: P1M, at: "02:00", window: 3h, day: 1}
    induces: [{pool: desk, per_1000: %s, kind: failure}]
"""


def test_a_run_that_floods_one_day_is_told_though_its_month_is_small() -> None:
    """38,400 contacts of a day are 1,600 an hour beside 1,800 of others, and 2.8 % of the month."""
    finding = one_finding(outbound_drives_inbound, RUN % 60)
    assert finding.message == "'bill' causes 47% of the contacts of 'desk' on its busiest day, the one after a run"
    assert finding.measures["share_of_peak"] == pytest.approx(1600 / 3400)
    assert finding.fix is not None
    assert "at most 10,799 contacts a month" in finding.fix.summary
    assert passed(outbound_drives_inbound, RUN % 16) == {"bill"}, "10,240 contacts are 19 % of that day's"


@pytest.mark.parametrize(
    "field", ["concurrency: unknown", "shrinkage: unknown", "target: unknown", "target: {share: unknown, within: 20s}"]
)
def test_a_default_does_not_stand_for_what_is_said_to_be_unknown(field: str) -> None:
    calm = POOL % (360, 64, f", {field}")
    for rule in (pool_misses_service_level, fragile_pool):
        assert passed(rule, calm) == set()
        assert set(not_assessed(rule, calm)) == {"desk"}
    endless = findings(pool_misses_service_level, POOL % (414, 55, f", {field}"))
    assert [one.severity for one in endless] == ([] if "concurrency" in field else ["critical"])
    missed = findings(pool_misses_service_level, POOL % (360, 54, f", {field}"))
    assert len(missed) == ("concurrency" not in field)
    fragile = findings(fragile_pool, POOL % (360, 55, f", {field}"))
    assert len(fragile) == ("shrinkage" in field)


def test_a_cause_of_contacts_is_judged_by_its_share_where_the_pool_cannot_be() -> None:
    text = POOL % (360, 55, ", shrinkage: unknown") + (
        "communications: {c: {volume: %s/month, needs: [], induces: [{pool: desk, per_1000: 100, kind: failure}]}}"
    )
    assert set(not_assessed(outbound_drives_inbound, text % 300_000)) == {"c"}
    assert one_finding(outbound_drives_inbound, text % 3_000_000).subject == "c"


def test_numbers_that_are_compared_are_told_apart() -> None:
    near = one_finding(pool_misses_service_level, POOL % (360, 57, ", target: {share: 95.5%, within: 20s}"))
    level = near.measures["service_level"]
    assert isinstance(level, float)
    assert near.message.endswith("not 95.5%")
    almost = one_finding(
        pool_misses_service_level, POOL % (360, 57, f", target: {{share: {level + 0.0003:.4f}, within: 20s}}")
    )
    shown = re.findall(r"([\d.]+)%", almost.message)
    assert float(shown[0]) < float(shown[1])


def test_people_who_take_several_contacts_at_once_are_not_counted_double() -> None:
    one = one_finding(pool_misses_service_level, POOL % (36, 2, ", concurrency: 2"))
    assert "4.8 Erlang meet agents for 4 contacts at once" in one.message
    assert "4.8 Erlang meet 1 agent," in one_finding(pool_misses_service_level, POOL % (36, 1, "")).message


def test_contacts_of_unknown_number_or_time_leave_what_holds_without_them_open() -> None:
    calm = NOTICE % (360, 66, "", 1000, 5, "failure")
    rules = (pool_misses_service_level, fragile_pool)
    assert all(passed(rule, calm) == {"desk"} for rule in rules)
    for old, new in (
        ("volume: 1000/month", "volume: unknown"),
        ("trigger: fee", "schedule: {run: P1M, at: '06:00'}"),
        ("trigger: fee", "schedule: unknown"),
        ("trigger: fee", "trigger: {kind: schedule}"),
    ):
        asked = calm.replace(old, new)
        assert asked != calm
        for rule in rules:
            assert (passed(rule, asked), set(not_assessed(rule, asked))) == (set(), {"desk"})
        assert set(not_assessed(outbound_drives_inbound, asked)) == {"notice"}
    dated = calm.replace("trigger: fee", "schedule: {run: P1M, at: '06:00', window: 2h}")
    assert passed(fragile_pool, dated) == {"desk"}
    assert passed(outbound_drives_inbound, dated) == {"notice"}


def test_what_decides_beside_contacts_of_unknown_number_names_them() -> None:
    text = NOTICE % (355, 54, "", 100000, 150, "failure") + "  other: {induces: [{pool: desk, per_1000: 2}]}\n"
    assert dict(one_finding(outbound_drives_inbound, text).evidence)["not counted"] == "other"


@pytest.mark.parametrize("terms", ["patience: 2m, target: {share: 100%, within: 20s}", "target: {share: 100%, within: 20s}",
                                   "patience: 2m, target: {share: 0%, within: 20s}"])  # fmt: skip
def test_targets_at_the_ends_are_judged(terms: str) -> None:
    few, many = (findings(pool_misses_service_level, POOL % (360, agents, f", {terms}")) for agents in (54, 90))
    assert len(few) == 1
    assert many == []
    assert findings(fragile_pool, POOL % (360, 90, f", {terms}")) == []


def test_numbers_beyond_all_measure_are_not_assessed() -> None:
    for text in (POOL % (360, "1000000000000", ""), POOL % ("360000000000", 57, ", patience: 2m")):
        assert set(not_assessed(pool_misses_service_level, text)) == {"desk"}
        assert set(not_assessed(fragile_pool, text)) == {"desk"}


def test_one_agent_is_no_agents() -> None:
    finding = one_finding(pool_misses_service_level, POOL % (3, 1, ", shrinkage: 50%"))
    assert finding.fix is not None
    assert "contacts at once" in dict(finding.evidence)["agents"]
    one = one_finding(pool_misses_service_level, POOL % (8, 1, ""))
    assert dict(one.evidence)["agents"].startswith("1 contact at once")
