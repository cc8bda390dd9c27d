from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses.service_reach import reach_of
from cx_map.model.chapter_customers import Segment
from cx_map.rules.channels.segment_cannot_be_reached_or_served import Parameters
from cx_map.rules.channels.segment_cannot_be_reached_or_served import segment_cannot_be_reached_or_served as rule
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of


def firm(segment: str, message: str = "channels: [email]", purpose: str = "servicing") -> str:
    return f"segments: {{s: {{customers: 1000, {segment}}}}}\ncommunications: {{c: {{segments: [s], purpose: {purpose}, {message}}}}}\n"


@pytest.mark.parametrize(
    ("reach", "channels", "purpose", "severity"),
    [
        ("{email: 0.89}", "email", "servicing", "major"), ("{email: 0.9}", "email", "servicing", None),
        ("{email: 0.97}", "email", "regulatory", "critical"), ("{email: 0.9, letter: 0.8}", "email, letter", "regulatory", None),
        ("{email: 0.9, letter: 0.7}", "email, letter", "regulatory", "critical"), ("{email: 0}", "email", "marketing", "major"),
    ],
)  # fmt: skip
def test_reach(reach: str, channels: str, purpose: str, severity: str | None) -> None:
    found = findings(rule, firm(f"reachable_by: {reach}", f"channels: [{channels}]", purpose))
    assert [one.severity for one in found] == ([severity] if severity else [])


def test_channels_of_unknown_reach_may_reach_everybody() -> None:
    text = firm("reachable_by: {email: 0.5}", "channels: [email, sms]")
    assert findings(rule, text) == []
    assert set(not_assessed(rule, text)) == {"c"}


@given(st.dictionaries(st.sampled_from(["email", "sms", "letter", "push"]), st.floats(0, 1), min_size=1))
@settings(max_examples=60, deadline=None)
def test_another_channel_never_lowers_the_reach(reaches: dict[str, float]) -> None:
    segment = inventory_of(f"segments: {{s: {{reachable_by: {reaches}}}}}".replace("'", "")).find("s", Segment)
    assert segment is not None
    channels: list[str] = []
    before = (0.0, 0.0)
    for channel in ("email", "sms", "letter", "push"):
        channels.append(channel)
        reach = reach_of(segment, channels)
        assert reach.low <= reach.high
        assert (reach.low, reach.high) >= before
        assert reach.low >= max((reaches[one] for one in channels if one in reaches), default=0) - 1e-9
        before = (reach.low, reach.high)


@pytest.mark.parametrize(
    ("segment", "message", "gap"),
    [
        ("languages: {en: 90%, pl: 10%}", "languages: [en]", "10% need pl"), ("languages: {en-GB: 90%}", "languages: [en]", None),
        ("languages: {en: 90%, pl: 0}", "languages: [en]", None), ("access_needs: {braille: 2%}", "formats: [audio]", "2% need braille"),
        ("access_needs: {braille: 2%}", "formats: [braille]", None), ("access_needs: {braille: 2%}", "formats: []", "2% need braille"),
    ],
)  # fmt: skip
def test_languages_and_formats(segment: str, message: str, gap: str | None) -> None:
    found = findings(rule, firm(segment, message))
    assert [one.label for one in found] == ([gap] if gap else [])
    assert (passed(rule, firm(segment, message)) == {"c"}) == (gap is None)


def test_what_is_not_looked_at_is_not_assessed() -> None:
    assert set(not_assessed(rule, firm("languages: {pl: 10%}"))) == {"c"}
    assert set(not_assessed(rule, firm("definition: static"))) == {"c"}
    assert set(not_assessed(rule, "communications: {c: {}}")) == {"c"}


def test_gaps_are_gathered_and_mended_together() -> None:
    text = firm("languages: {pl: 10%}, access_needs: {audio: 1%}, reachable_by: {email: 0.5, letter: 0.99}",
                "languages: [en], formats: [], routes: [{channel: email}]")  # fmt: skip
    text = (
        text.replace("communications: {", "communications: {d: {routes: [{channel: letter, platforms: [p]}]}, ")
        + "platforms: {p: {}}"
    )
    inventory = inventory_of(text)
    (finding,) = findings_of(rule, inventory)
    assert finding.measures["gaps"] == 3
    assert finding.fix is not None
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []


def test_thresholds_are_parameters() -> None:
    text = firm("reachable_by: {email: 0.8}")
    assert one_finding(rule, text)
    assert passed(rule, text, parameters=Parameters(other=0.8)) == {"c"}


def test_small_shares_are_not_told_as_nothing() -> None:
    assert one_finding(rule, firm("languages: {pl: 0.3%}", "languages: [en]")).label == "0.3% need pl"


def test_a_segment_that_is_not_in_use_has_nobody_to_serve() -> None:
    text = firm("status: retired, languages: {pl: 30%}", "languages: [en]")
    assert findings(rule, text) == []
    assert passed(rule, text) == {"c"}


def test_the_fix_takes_no_channel_that_is_too_slow_or_unfit_for_a_code() -> None:
    text = """
segments: {s: {customers: 1000, reachable_by: {sms: 80%, letter: 99%, email: 99%}}}
platforms: {gateway: {}, printer: {}, mailer: {}}
communications:
  code:
    segments: [s]
    purpose: security
    deadline: 30s
    content: [credential.one_time_code]
    needs: []
    routes: [{channel: sms, platforms: [gateway]}]
  statement: {needs: [], routes: [{channel: letter, platforms: [printer]}]}
  news: {needs: [], routes: [{channel: email, platforms: [mailer]}]}
"""
    fix = one_finding(rule, text).fix
    assert fix is not None
    assert fix.changes == (), "neither a letter nor a mailbox mends a one-time code"


def test_a_twin_in_another_language_serves_those_who_read_it() -> None:
    text = """
segments: {s: {languages: {en: 97%, cy: 3%}}, t: {languages: {en: 97%, cy: 3%}}}
communications:
  notice: {segments: [s, t], purpose: servicing, languages: [en], template_family: notice, channels: [email]}
  hysbysiad: {segments: [s], purpose: servicing, languages: [cy], template_family: notice, channels: [email]}
"""
    (finding,) = findings(rule, text)
    assert (finding.subject, finding.related) == ("notice", ("t",))
    assert findings(rule, text.replace("segments: [s], purpose", "segments: [s, t], purpose")) == []
    other = text.replace("segments: [s, t], purpose", "segments: [s], purpose").replace(
        "languages: [cy]", "languages: unknown"
    )
    assert set(not_assessed(rule, other)) == {"notice", "hysbysiad"}


def test_only_routes_that_work_reach_anybody() -> None:
    text = """
segments: {s: {reachable_by: {email: 60%, sms: 99%}}}
platforms: {mailer: {}, gateway: {STATUS}}
communications:
  c: {segments: [s], purpose: servicing, needs: [], routes: [{channel: email, platforms: [mailer]}, {channel: sms, platforms: [gateway], fallback_for: email}]}
"""
    assert passed(rule, text.replace("STATUS", "")) == {"c"}
    assert "60%" in one_finding(rule, text.replace("STATUS", "status: retired")).message
    dead = text.replace("STATUS", "status: retired").replace("mailer: {}", "mailer: {status: retired}")
    assert not_assessed(rule, dead) == {"c": "none of its routes works"}
