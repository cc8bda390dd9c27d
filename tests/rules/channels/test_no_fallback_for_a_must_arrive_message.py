from __future__ import annotations

import pytest

from cx_map.rules.channels.no_fallback_for_a_must_arrive_message import no_fallback_for_a_must_arrive_message as rule
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of


def message(fields: str, routes: str = "[{channel: email, platforms: [esp]}]", more: str = "") -> str:
    return f"""
platforms: {{esp: {{EVENTS}}, ccm: {{}}}}
data_sources: {{bounces: {{}}}}
communications:
  c: {{{fields}, routes: {routes}}}
  d: {{routes: [{{channel: letter, platforms: [ccm]}}]}}
flows: [{{from: bounces, to: FLOW}}]
{more}"""


BOTH = "[{channel: email, platforms: [esp]}, {channel: letter, platforms: [ccm], fallback_for: email}]"


def firm(events: str = "", flow: str = "esp", **kwargs: str) -> str:
    return (
        message(kwargs.get("fields", "purpose: regulatory"), kwargs.get("routes", BOTH))
        .replace("EVENTS", events)
        .replace("FLOW", flow)
    )


@pytest.mark.parametrize(
    ("fields", "fires"),
    [
        ("purpose: regulatory", True), ("purpose: security", True), ("purpose: collections", True), ("purpose: marketing", False),
        ("purpose: marketing, must_arrive: true", True), ("purpose: regulatory, must_arrive: false", False),
    ],
)  # fmt: skip
def test_what_must_arrive(fields: str, fires: bool) -> None:
    assert bool(findings(rule, firm(fields=fields, routes="[{channel: email, platforms: [esp]}]"))) == fires


def test_letters_are_the_last_resort() -> None:
    assert passed(rule, firm(routes="[{channel: letter, platforms: [ccm]}]")) == {"c"}


@pytest.mark.parametrize(
    ("events", "flow", "verdict"),
    [
        ("events_to: bounces", "ccm", "passed"), ("events_to: bounces", "esp", "broken"), ("events_to: []", "ccm", "broken"),
        ("", "ccm", "open"), ("events_to: ccm", "esp", "passed"),
    ],
)  # fmt: skip
def test_word_of_the_failure(events: str, flow: str, verdict: str) -> None:
    text = firm(events, flow)
    found = {"passed": passed(rule, text), "open": set(not_assessed(rule, text)) - {"d"},
             "broken": {one.subject for one in findings(rule, text)}}  # fmt: skip
    assert found[verdict] == {"c"}


def test_one_platform_for_both_ways_hears_itself() -> None:
    assert passed(rule, firm(routes=BOTH.replace("[ccm]", "[esp]"))) == {"c"}


def test_both_kinds_of_finding_can_be_mended() -> None:
    for text in (firm("events_to: bounces"), firm("events_to: bounces", routes="[{channel: email, platforms: [esp]}]"),
                 firm(routes="[{channel: email, platforms: [esp]}]")):  # fmt: skip
        inventory = inventory_of(text)
        (finding,) = findings_of(rule, inventory)
        assert finding.fix is not None
        assert finding.fix.changes
        assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []


def test_unknown_purpose_and_channels() -> None:
    assert not_assessed(rule, "communications: {c: {channels: [email]}}") == {"c": "its purpose is not known"}
    assert not_assessed(rule, "communications: {c: {purpose: security}}") == {"c": "its channels are not known"}
    assert one_finding(rule, "communications: {c: {purpose: security, channels: [sms]}}").severity == "major"


WAYS = """
platforms: {esp: {events_to: bounces}, ccm: {}, app: {}, gw: {}, mail2: {}}
data_sources: {bounces: {}}
segments: {s: {reachable_by: {email: 90%, letter: LETTER, push: 60%, sms: 95%, portal: 40%}}}
communications:
  refund: {PURPOSE, segments: [s], routes: [{channel: email, platforms: [esp]}]}
  one: {routes: [{channel: push, platforms: [app]}]}
  two: {routes: [{channel: sms, platforms: [gw]}]}
  three: {routes: [{channel: letter, platforms: [ccm, mail2]}]}
  four: {routes: [{channel: portal, platforms: [app, mail2]}]}
"""


@pytest.mark.parametrize(
    ("purpose", "letter", "channel"),
    [
        ("purpose: regulatory", "80%", "letter"), ("purpose: regulatory", "0%", "portal"),
        ("purpose: marketing, must_arrive: true", "80%", "sms"), ("purpose: collections", "80%", "letter"),
        ("purpose: collections", "0%", "sms"), ("purpose: security", "80%", "sms"),
    ],
)  # fmt: skip
def test_the_fallback_fits_the_purpose_and_reaches_the_segments(purpose: str, letter: str, channel: str) -> None:
    finding = one_finding(rule, WAYS.replace("PURPOSE", purpose).replace("LETTER", letter))
    assert finding.fix is not None
    assert finding.fix.summary == f"fall back on '{channel}', which is there already"


def test_push_and_sms_alone_are_no_fallback_for_what_the_law_demands() -> None:
    text = (
        WAYS.replace("PURPOSE", "purpose: regulatory").replace("letter: LETTER, ", "").replace("portal: 40%", "x: 1%")
    )
    finding = one_finding(rule, text + "channels: {x: {}}")
    assert finding.fix is not None
    assert finding.fix.summary == "add a fallback by another channel, such as a letter after a bounce"


def test_a_fallback_over_something_retired_is_none() -> None:
    text = """
data_sources: {bounces: {}}
platforms: {mailer: {events_to: bounces}, letters: {STATUS}}
communications:
  notice:
    purpose: regulatory
    needs: []
    routes: [{channel: email, platforms: [mailer]}, {channel: letter, platforms: [letters], fallback_for: email}]
flows: [{from: bounces, to: letters, via: event}]
"""
    assert findings(rule, text.replace("STATUS", "")) == []
    assert one_finding(rule, text.replace("STATUS", "status: retired")).label == "no fallback"


def test_a_route_that_does_not_work_delivers_nothing_that_could_fail() -> None:
    text = """
        channels: {app: {kind: push STATUS}}
        data_sources: {bounces: {}}
        platforms: {mailer: {events_to: bounces}, caller: {}, letters: {}}
        communications:
          c:
            purpose: collections
            routes: [{channel: app, platforms: [mailer]}, {channel: phone, platforms: [caller], fallback_for: app},
                     {channel: letter, platforms: [letters]}]
        """
    assert findings(rule, text.replace(" STATUS", ", status: retired")) == []
    assert "'app'" in one_finding(rule, text.replace(" STATUS", "")).message


def test_delivery_events_in_a_store_out_of_use_are_not_brought_anywhere() -> None:
    text = """
        data_sources: {bounces: {STATUS}}
        platforms: {mailer: {events_to: bounces}, letters: {}}
        communications:
          c: {must_arrive: true, routes: [{channel: email, platforms: [mailer]}, {channel: letter, platforms: [letters], fallback_for: email}]}
        """
    gone, there = (one_finding(rule, text.replace("STATUS", status)).fix for status in ("status: retired", ""))
    assert gone is not None
    assert (gone.summary, gone.changes) == ("let 'mailer' tell what could not be delivered", ())
    assert there is not None
    assert there.changes == ({"connect": {"from": "bounces", "to": "letters", "via": "event"}},)


def test_a_flow_that_tells_the_fallback_already_is_not_added_again() -> None:
    text = """
        data_sources: {bounces: {}}
        platforms: {mailer: {events_to: bounces}, caller: {}}
        communications:
          c: {must_arrive: true, channels: [email], platforms: [mailer]}
          other: {purpose: servicing, channels: [phone], platforms: [caller]}
        flows: [{from: bounces, to: caller, via: file}]
        """
    inventory = inventory_of(text)
    (finding,) = findings_of(rule, inventory)
    assert finding.fix is not None
    assert len(finding.fix.changes) == 1
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []
