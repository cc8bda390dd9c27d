from __future__ import annotations

import pytest

from cx_map.analyses.reach_of_impact import impact
from cx_map.analyses.single_points import single_points
from cx_map.graph.ecosystem import Ecosystem
from cx_map.rulekit import Breach, Range
from cx_map.rules.bottlenecks.common_mode_redundancy import common_mode_redundancy
from cx_map.rules.bottlenecks.single_point_of_failure import Parameters, single_point_of_failure
from cx_map.states.apply import with_changes
from tests.analyses.small_firm import SMALL_FIRM
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of

RULE = single_point_of_failure


def test_one_finding_a_class_with_members_and_communications_in_related() -> None:
    found = {finding.subject: finding for finding in findings(RULE, SMALL_FIRM)}
    assert set(found) == {"core", "ccm-a", "ccm-b", "esp"}
    assert found["ccm-b"].related == ("letter", "print", "stmt-mort")
    assert found["ccm-a"].related == ("prefs", "stmt-card")
    assert set(found["core"].related) == {"fraud", "notice", "stmt-card", "stmt-mort"}
    customers = found["core"].measures["customers_per_month"]
    assert isinstance(customers, Range)
    assert (customers.low, customers.high) == (560000, 560000)
    assert {name: finding.severity for name, finding in found.items()} == dict.fromkeys(found, "critical")


def test_severity_follows_regulation_and_customers() -> None:
    eco = Ecosystem(inventory_of(SMALL_FIRM))
    mild = [one for one in RULE.check(eco, Parameters(customers=0.5)) if isinstance(one, Breach)]
    assert {one.subject.id: one.severity for one in mild}["ccm-b"] == "major"
    unknown = SMALL_FIRM.replace("customers: 120000", "customers: unknown")
    assert {one.subject: one.severity for one in findings(RULE, unknown)}["ccm-b"] == "major"


def test_twins_take_over_and_a_quick_recovery_is_accepted() -> None:
    text = """
    data_sources: {core: {redundancy: %s, rto: 1h}}
    communications:
      a: {purpose: security, deadline: %s, needs: [core], routes: [{channel: email}, {channel: sms}]}
    """
    assert findings(RULE, text % ("active_active", "2h")) == []
    accepted = one_finding(RULE, text % ("active_passive", "2h"))
    assert (accepted.severity, accepted.message) == (
        "info", "the loss of 'core' stops 'a' for a while, which is accepted",
    )  # fmt: skip
    assert one_finding(RULE, text % ("active_passive", "30m")).severity == "critical"
    assert one_finding(RULE, text % ("active_passive", "unknown")).severity == "critical"
    assert one_finding(RULE, text % ("none", "2h")).severity == "critical"


def test_a_channel_alone_is_milder_and_gets_a_fallback() -> None:
    text = """
    platforms: {gateway: {redundancy: active_active}, esp: {redundancy: active_active}}
    communications:
      alert: {needs: [], channels: [sms], platforms: [gateway]}
      news: {needs: [], routes: [{channel: email, platforms: [esp]}, {channel: sms, platforms: [gateway]}]}
    """
    finding = one_finding(RULE, text)
    assert (finding.subject, finding.severity) == ("sms", "minor")
    assert finding.fix is not None
    assert findings_of(RULE, with_changes(inventory_of(text), finding.fix.changes)) == []


def test_a_channel_that_is_only_named_is_no_finding_of_its_own() -> None:
    """A firm of five entities that writes letters is not told that it writes letters."""
    text = """
    platforms: {press: {redundancy: %s}}
    communications: {statement: {purpose: regulatory, needs: [], channels: [letter], platforms: [press]}}
    """
    eco = Ecosystem(inventory_of(text % "active_active"))
    assert findings_of(RULE, eco.inventory) == []
    stops = {name: tuple(stopped) for name, stopped in eco.once(single_points).stops.items()}
    assert stops == {"letter": ("statement",)}, "a supplier in D(c) all the same"
    finding = one_finding(RULE, text % "none")
    assert finding.message == "the loss of 'press' stops 'statement'"
    assert finding.related == ("letter", "statement")


def test_a_fallback_is_fit_for_the_content_and_quick_enough() -> None:
    text = """
    platforms: {gateway: {redundancy: active_active}, esp: {redundancy: active_active}, hub: {redundancy: active_active, processing: %s}}
    channels: {voice: {kind: voice}}
    communications:
      code: {purpose: security, deadline: 5m, needs: [], content: [credential.one_time_code], channels: [voice], platforms: [gateway]}
      news: {needs: [], channels: [email], platforms: [esp]}
      alert: {needs: [], channels: [push], platforms: [hub]}
    """
    for processing, offered in (("1m", ["push"]), ("1h", [])):
        (finding,) = [one for one in findings_of(RULE, inventory_of(text % processing)) if one.subject == "voice"]
        assert finding.fix is not None
        routes = [change["change"]["code"]["routes"][-1]["channel"] for change in finding.fix.changes]  # type: ignore[index]  # plain data
        assert routes == offered, "never by e-mail"


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("", "", "run a second 'a' that takes over by itself; to be safe altogether, also b"),
        ("cost_per_year: 9000 EUR", "", "run a second 'a' that takes over by itself; to be safe altogether, also b"),
        (
            "cost_per_year: 9000 EUR", "cost_per_year: 800 EUR",
            "run a second 'b' that takes over by itself, the cheapest of them; to be safe altogether, also a",
        ),
    ],
)  # fmt: skip
def test_the_cheapest_is_said_only_where_costs_are_known(first: str, second: str, words: str) -> None:
    text = f"platforms: {{a: {{{first}}}, b: {{{second}}}}}\ncommunications: {{c: {{needs: [], channels: [email], platforms: [a, b]}}}}"
    finding = one_finding(RULE, text)
    assert finding.fix is not None
    assert finding.fix.summary == words


def test_expected_loss_by_availability() -> None:
    text = "data_sources: {core: {availability: 99.9%}}\ncommunications: {a: {volume: 50000/month, needs: [core], channels: [email, sms], platforms: []}}"
    finding = one_finding(RULE, text)
    assert dict(finding.evidence)["expected loss"] == "50 items a month at an availability of 99.9%"


def test_partly_known_ways_are_not_assessed_but_what_is_known_is_told() -> None:
    text = "data_sources: {core: {}}\ncommunications: {a: {needs: [core]}}"
    assert one_finding(RULE, text).subject == "core"
    assert set(not_assessed(RULE, text)) == {"a"}


def test_common_mode_of_a_site_wins_over_the_vendor() -> None:
    text = """
    platforms: {a: {site: x, vendor: V}, b: {site: x, vendor: v}, c: {site: y}}
    communications:
      pair: {needs: [], routes: [{channel: sms, platforms: [a]}, {channel: email, platforms: [b], fallback_for: sms}]}
      safe: {needs: [], routes: [{channel: sms, platforms: [a]}, {channel: email, platforms: [c], fallback_for: sms}]}
      single: {needs: [], channels: [sms], platforms: [a]}
    """
    finding = one_finding(common_mode_redundancy, text)
    assert finding.subject == "pair"
    assert finding.related == ("a", "b", "site:x")
    assert dict(finding.evidence)["they also share"] == "vendor:V"
    assert passed(common_mode_redundancy, text) == {"safe"}
    asked = text.replace("safe: {needs: []", "safe: {needs: unknown")
    assert (passed(common_mode_redundancy, asked), set(not_assessed(common_mode_redundancy, asked))) == (
        set(),
        {"safe"},
    )
    assert finding.fix is not None
    assert finding.fix.changes == ()
    assert finding.fix.summary == "move 'a' or 'b' to another site than 'x', or add a third way at another site"
    assert findings(common_mode_redundancy, text.replace("b: {site: x, vendor: v}", "b: {}")) == []
    assert set(not_assessed(common_mode_redundancy, text.replace("b: {site: x, vendor: v}", "b: {}"))) == {"pair"}


@pytest.mark.parametrize("kind", ["site", "network", "vendor"])
def test_only_what_can_do_the_same_elsewhere_stands_in(kind: str) -> None:
    text = f"""
    platforms:
      a: {{{kind}: x, capabilities: [deliver_sms]}}
      b: {{{kind}: x, capabilities: [deliver_sms]}}
      nowhere: {{capabilities: [deliver_sms]}}
      press: {{{kind}: y, capabilities: [print]}}
      same: {{{kind}: X, capabilities: [deliver_sms]}}
      MORE
    communications:
      code:
        needs: []
        routes:
          - {{id: main, channel: sms, platforms: [b]}}
          - {{id: backup, channel: sms, platforms: [a], fallback_for: main}}
    """
    finding = one_finding(common_mode_redundancy, text.replace("MORE", ""))
    assert finding.fix is not None
    assert finding.fix.changes == ()
    assert finding.fix.summary.lower().startswith(f"move 'a' or 'b' to another {kind} than 'x'")
    inventory = inventory_of(text.replace("MORE", f"third: {{{kind}: y, capabilities: [deliver_sms, deliver_email]}}"))
    (finding,) = findings_of(common_mode_redundancy, inventory)
    assert finding.fix is not None
    assert finding.fix.summary == f"use 'third' ({kind} 'y') in place of 'a'"
    assert findings_of(common_mode_redundancy, with_changes(inventory, finding.fix.changes)) == []


def test_what_shares_something_else_does_not_stand_in() -> None:
    text = """
    platforms:
      a: {site: x, capabilities: [deliver_sms]}
      b: {site: x, network: n, capabilities: [deliver_sms]}
      third: {site: y, network: N, capabilities: [deliver_sms]}
    communications:
      code:
        needs: []
        routes:
          - {id: main, channel: sms, platforms: [b]}
          - {id: backup, channel: sms, platforms: [a], fallback_for: main}
    """
    finding = one_finding(common_mode_redundancy, text)
    assert finding.fix is not None
    assert finding.fix.summary == "use 'third' (site 'y') in place of 'b'"
    both = one_finding(common_mode_redundancy, text.replace("a: {site: x,", "a: {site: x, network: n,"))
    assert both.fix is not None
    assert both.fix.changes == ()


def test_what_makes_the_platform_of_a_channel_safe_does_not_make_the_channel_worse() -> None:
    text = """
    platforms: {press: {redundancy: %s, rto: 1h}}
    channels: {letter: {latency: 1h}}
    communications: {a: {purpose: %s, deadline: 2h, needs: [], channels: [letter], platforms: [press]}}
    """
    for redundancy in ("active_passive", "active_active"):
        for purpose, severity in (("security", "major"), ("marketing", "minor")):
            finding = one_finding(RULE, text % (redundancy, purpose))
            assert (finding.subject, finding.severity) == ("letter", severity)
    everybody = "    segments: {all: {customers: 9000}}" + text.replace("needs:", "segments: [all], needs:")
    assert one_finding(RULE, everybody % ("active_active", "marketing")).severity == "minor"


def test_a_twin_that_takes_too_long_is_no_nothing_and_a_channel_is_left_over() -> None:
    text = """
    platforms: {press: {redundancy: active_passive, rto: %s}}
    channels: {letter: {latency: 1h}}
    communications: {a: {purpose: security, deadline: %s, needs: [], channels: [letter], platforms: [press]}}
    """
    labels = {
        ("4h", "2h"): "its twin takes 4 h, longer than the deadline of 2 h",
        ("unknown", "2h"): "how long its twin takes is not known",
        ("4h", "unknown"): "its twin takes 4 h, and no deadline is known",
    }
    for times, label in labels.items():
        finding = one_finding(RULE, text % times)
        assert (finding.subject, finding.label, finding.severity) == ("press", label, "critical")
        assert finding.fix is not None
        assert "the loss of 'letter' then still stops as much" in finding.fix.summary
    without = text.replace("redundancy: active_passive, ", "")
    assert one_finding(RULE, without % ("4h", "2h")).label == "nothing takes over"


def test_what_reaches_nobody_cannot_stop() -> None:
    text = """
    segments: {online: {reachable_by: {email: 90%}}}
    platforms: {esp: {}}
    communications:
      lost: {needs: [], segments: [online], routes: [{channel: sms, platforms: [esp]}]}
      told: {needs: [], segments: [online], routes: [{channel: email, platforms: [esp]}]}
    """
    finding = one_finding(RULE, text)
    assert finding.related == ("email", "told")
    assert impact(Ecosystem(inventory_of(text)), "esp").stops == ("told",)


def test_platforms_that_need_each_other_fall_together() -> None:
    text = "platforms: {a: {needs: [b]}, b: {needs: [a]}}\ncommunications: {c: {needs: [], platforms: [a], channels: [email]}}"
    assert one_finding(RULE, text).related == ("b", "email", "c")


def test_a_vendor_counts_only_where_places_are_not_known() -> None:
    text = """
    platforms: {a: {vendor: V, site: x, network: n}, b: {vendor: V%s}}
    communications:
      c: {needs: [], routes: [{channel: sms, platforms: [a]}, {channel: email, platforms: [b], fallback_for: sms}]}
    """
    for known in ("", ", site: y", ", network: m"):
        finding = one_finding(common_mode_redundancy, text % known)
        assert (finding.subject, finding.related[-1], finding.confidence) == ("c", "vendor:V", "medium")
    assert passed(common_mode_redundancy, text % ", site: y, network: m") == {"c"}
    same = one_finding(common_mode_redundancy, text % ", site: x, network: m")
    assert (same.related, same.confidence) == (("a", "b", "site:x"), "high")


def test_small_losses_are_no_loss_of_zero_and_nothing_is_rounded_to_always() -> None:
    text = """
    data_sources: {core: {availability: 99.999%, rto: 11m}}
    platforms: {p: {redundancy: active_active}}
    communications: {c: {volume: 3000/month, needs: [core], routes: [{channel: sms, platforms: [p]}, {channel: email, platforms: [p]}]}}
    """
    evidence = dict(one_finding(single_point_of_failure, text).evidence)
    assert evidence["expected loss"] == "less than 0.1 items a month at an availability of 99.999%"
    assert evidence["an outage holds up"] == "0.8 items until it is back after 11 min"
