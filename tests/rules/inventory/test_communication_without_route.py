from __future__ import annotations

import pytest

from cx_map.audit.engine import audit
from cx_map.rulekit import Range
from cx_map.rules.inventory.communication_without_route import communication_without_route
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of

RULE = communication_without_route

TEXT = """
segments: {online: {reachable_by: {email: 90%%, sms: 0}}}
data_sources: {old-core: {status: retired}, core: {}}
platforms: {old: {status: retired, capabilities: [compose]}, new: {capabilities: [compose, print]}, bare: {status: proposed}}
channels: {fax: {kind: letter, status: retired}}
communications:
  c: {%s}
"""


@pytest.mark.parametrize(
    "fields",
    [
        "needs: [], routes: []",
        "needs: [old-core], routes: [{channel: email, platforms: [new]}]",
        "needs: [old-core]",
        "needs: [], channels: [email], platforms: [old]",
        "needs: [], routes: [{channel: fax, platforms: [new]}]",
        "needs: [], send: all, routes: [{channel: email, platforms: [new]}, {channel: sms, platforms: [old]}]",
        "needs: [], segments: [online], routes: [{channel: letter, platforms: [new]}]",
        "needs: [], segments: [online], routes: [{channel: sms, platforms: [new]}]",
    ],
)
def test_no_complete_route(fields: str) -> None:
    assert [one.subject for one in findings(RULE, TEXT % fields)] == ["c"]


@pytest.mark.parametrize(
    "fields",
    [
        "needs: [core], routes: [{channel: email, platforms: [new]}]",
        "needs: [{any_of: [old-core, core]}], routes: [{channel: email, platforms: [{any_of: [old, new]}]}]",
        "needs: [], routes: [{channel: email, platforms: [new]}, {channel: sms, platforms: [old], fallback_for: email}]",
        "needs: [], routes: [{channel: email, platforms: [old]}, {channel: sms, platforms: [new]}]",
        "needs: [], segments: [online], routes: [{channel: letter, platforms: [new]}, {channel: email, platforms: [new], id: e}]",
    ],
)
def test_one_complete_route_is_enough(fields: str) -> None:
    assert passed(RULE, TEXT % fields) == {"c"}


@pytest.mark.parametrize(
    "fields",
    [
        "needs: [core]",
        "needs: [], channels: [email]",
        "channels: [email], platforms: [new]",
        "needs: unknown, routes: unknown",
    ],
)
def test_what_is_only_known_in_part_is_not_called_fine(fields: str) -> None:
    assert not_assessed(RULE, TEXT % fields) == {"c": "it works as far as is known, but not all of its way is known"}


def test_severity_causes_and_fix() -> None:
    inventory = inventory_of(TEXT % "purpose: regulatory, needs: [], channels: [letter], platforms: [old]")
    (finding,) = findings_of(RULE, inventory)
    assert finding.severity == "critical"
    assert finding.related == ("old",)
    assert finding.message == "'c' cannot reach its customers: 'old' is retired"
    assert finding.fix is not None
    assert finding.fix.changes == ({"change": {"c": {"platforms": ["new"]}}},)
    assert findings_of(RULE, with_changes(inventory, finding.fix.changes)) == []


def test_retired_communications_are_not_judged() -> None:
    assert findings(RULE, TEXT % "status: retired, routes: []") == []
    assert passed(RULE, TEXT % "status: retired, routes: []") == set()


def test_items_routed_over_what_is_retired_are_told_though_another_way_works() -> None:
    text = TEXT % (
        "purpose: regulatory, volume: 1000/month, needs: [], routes: ["
        "{channel: letter, platforms: [old], share: 90%%}, {channel: email, platforms: [new], share: 10%%}]"
    ).replace("%%", "%")
    (finding,) = findings(RULE, text)
    assert (finding.severity, finding.message) == ("major", "90% of 'c' is routed over 'old', which is retired")
    assert finding.measures["items_per_month"] == Range(900, 900)
    assert finding.fix is not None
    assert findings_of(RULE, with_changes(inventory_of(text), finding.fix.changes)) == []
    assert passed(RULE, text.replace("90%", "0%").replace("10%", "100%")) == {"c"}


def test_a_fallback_does_not_hide_that_everything_goes_over_what_is_not_there() -> None:
    routes = "routes: [{channel: email, platforms: [bare]}, {channel: sms, platforms: [new], fallback_for: email}]"
    (finding,) = findings(RULE, TEXT % f"needs: [], {routes}")
    assert finding.message == "100% of 'c' is routed over 'bare', which is proposed"
    assert finding.fix is not None
    assert finding.fix.summary == "route these items over a way that works: 'sms'"
    more = routes.replace("routes: [", "send: all, routes: [{channel: letter, platforms: [new]}, ")
    (finding,) = findings(RULE, TEXT % f"needs: [], {more}")
    assert finding.message == "'email' of 'c', which takes all its routes, goes over 'bare', which is proposed"
    assert finding.severity == "major"


def test_platforms_that_need_each_other_are_not_dead() -> None:
    text = "platforms: {a: {needs: [b]}, b: {needs: [a]}}\ncommunications: {c: {needs: [], channels: [email], platforms: [a]}}"
    assert passed(RULE, text) == {"c"}
    assert findings(RULE, text.replace("b: {", "b: {status: retired, ")) != []


REACHED = """
segments: {{online: {{customers: 500, reachable_by: {reach}}}}}
platforms: {{mailer: {{}}, printer: {{}}, old: {{status: retired}}}}
communications: {{c: {{purpose: servicing, needs: [], segments: [online], routes: {routes}}}}}
"""


@pytest.mark.parametrize(
    ("channel", "reach", "confidence"),
    [
        ("email", "{sms: 90%, email: 0}", "high"), ("email", "{sms: 90%}", "medium"), ("letter", "{sms: 90%}", "low"),
        ("letter", "{sms: 90%, letter: 0}", "high"), ("branch", "{sms: 90%}", "low"),
        ("phone", "{sms: 90%}", "low"), ("phone", "{email: 90%, sms: 0}", "medium"), ("sms", "{phone: 90%}", "medium"),
    ],
)  # fmt: skip
def test_a_channel_left_out_of_what_reaches_a_segment_is_less_sure(channel: str, reach: str, confidence: str) -> None:
    routes = f"[{{channel: {channel}, platforms: [mailer]}}]"
    (finding,) = findings(RULE, REACHED.format(reach=reach, routes=routes))
    assert finding.confidence == confidence


def test_a_hypothesis_about_reach_hides_no_other_finding() -> None:
    text = REACHED.format(reach="{sms: 90%}", routes="[{channel: letter, platforms: [printer]}]")
    codes = {
        one.code
        for one in audit(inventory_of(text.replace("purpose: servicing", "purpose: security, deadline: 5m"))).findings
    }
    assert {"INV101", "CHAN103", "BOT109"} <= codes


def test_the_dead_primary_route_is_told_where_the_fallback_reaches_nobody() -> None:
    routes = "[{channel: letter, platforms: [old]}, {channel: email, platforms: [mailer], fallback_for: letter}]"
    (finding,) = findings(RULE, REACHED.format(reach="{letter: 99%, email: 0}", routes=routes))
    assert "'email' (the others stand on 'old': retired)" in finding.message
    assert "old" in finding.related


def test_no_dead_route_is_mended_whose_channel_reaches_nobody_either() -> None:
    text = REACHED.format(
        reach="{letter: 99%, email: 0, push: 0}",
        routes=("[{channel: push, platforms: [old], share: 50%}, {channel: email, platforms: [mailer], share: 50%}]"),
    ).replace(
        "old: {status: retired}",
        "old: {status: retired, capabilities: [deliver_push]}, new: {capabilities: [deliver_push]}",
    )
    (finding,) = findings(RULE, text)
    assert finding.fix is not None
    assert finding.fix.changes == ()
