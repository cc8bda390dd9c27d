from __future__ import annotations

import re

from cx_map.rulekit import Range
from cx_map.rules.bottlenecks.certain_shortfall import certain_shortfall
from cx_map.rules.bottlenecks.mis_routing import mis_routing
from cx_map.states.apply import with_changes
from tests.analyses.small_firm import SMALL_FIRM
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of

SHORT = SMALL_FIRM.replace("capacity: 800000/month", "capacity: 500000/month")


def test_the_small_firm_is_mis_routed_not_short() -> None:
    finding = one_finding(mis_routing, SMALL_FIRM)
    assert finding.subject == "print"
    assert finding.severity == "major"
    assert dict(finding.evidence)["head-room"] == "64.5% as routed, at most 103.7% however it is routed"
    assert findings(certain_shortfall, SMALL_FIRM) == []
    assert passed(certain_shortfall, SMALL_FIRM) == {"ccm-a", "ccm-b", "esp", "print"}
    assert finding.fix is not None
    after = with_changes(inventory_of(SMALL_FIRM), finding.fix.changes)
    assert findings_of(mis_routing, after) == []


def test_too_little_capacity_altogether_is_a_shortfall_not_mis_routing() -> None:
    finding = one_finding(certain_shortfall, SHORT)
    assert finding.subject == "esp"
    assert finding.related[0] == "print"
    assert set(finding.related[1:]) == {"fraud", "notice", "stmt-card", "stmt-mort"}
    assert finding.measures["shortfall_per_month"] == 250_000
    assert dict(finding.evidence)["head-room under any routing"] == "at most 81.5%"
    assert findings(mis_routing, SHORT) == []
    assert finding.fix is not None
    after = with_changes(inventory_of(SHORT), finding.fix.changes)
    assert findings_of(certain_shortfall, after) == []


def test_customers_who_cannot_be_reached_are_not_moved() -> None:
    text = SMALL_FIRM.replace("email: 70%", "email: 55%")
    assert findings(mis_routing, text) == []
    assert set(not_assessed(mis_routing, text)) == {"ccm-a", "ccm-b", "esp", "print"}


def test_unknown_volumes_leave_it_open_but_never_hide_a_proof() -> None:
    text = SMALL_FIRM.replace("volume: 50000/month", "volume: unknown")
    assert set(not_assessed(certain_shortfall, text)) == {"ccm-a", "ccm-b", "esp", "print"}
    assert findings(mis_routing, text) == []
    finding = one_finding(certain_shortfall, SHORT.replace("volume: 50000/month", "volume: unknown"))
    assert finding.measures["shortfall_per_month"] == 200_000


def test_enough_everywhere_is_clean() -> None:
    text = SMALL_FIRM.replace("capacity: 600000/month", "capacity: 1000000/month")
    assert passed(mis_routing, text) == passed(certain_shortfall, text) == {"ccm-a", "ccm-b", "esp", "print"}


def test_a_small_shortfall_is_not_rounded_away_and_only_what_must_pass_counts() -> None:
    text = """
    platforms: {press: {capacity: 1000/day}, esp: {capacity: 9000/month}}
    communications:
      letters: {volume: 30438/month, needs: [], channels: [letter], platforms: [press]}
      mails: {volume: 5000/month, needs: [], channels: [email], platforms: [esp]}
      both: {send: all, volume: %s/month, needs: [], routes: [{channel: letter, platforms: [press]}, {channel: email, platforms: [esp]}]}
    """
    finding = one_finding(certain_shortfall, text % 0)
    assert finding.message == "'press' can carry 30,437.5 of 30,438 items a month at most, whatever the routing"
    assert finding.label == "too little for 0.5 a month"
    assert finding.measures["items_per_month"] == Range(30438, 30438)
    assert one_finding(certain_shortfall, text % 1000).measures["items_per_month"] == Range(31438, 31438)


def test_a_proved_shortfall_is_never_told_with_head_room() -> None:
    """Both pass the hub; were items to change places there, everything would fit."""
    text = """
    platforms: {hub: {capacity: 1000000/month}, small: {capacity: %s/month}, large: {capacity: 900000/month}}
    communications:
      a: {volume: 2000/month, needs: [], routes: [{channel: letter, platforms: [hub, small]}]}
      b: {volume: 10/month, needs: [], routes: [{channel: email, platforms: [hub, large]}]}
    """
    finding = one_finding(certain_shortfall, text % 1000)
    assert finding.message.startswith("'small' can carry 1,000 of 2,000 items")
    assert dict(finding.evidence)["head-room under any routing"] == "at most 50.0%"
    nearly = one_finding(certain_shortfall, text % 1999.5)
    assert dict(nearly.evidence)["head-room under any routing"] == "at most 99.98%"


AROUND = """
platforms: {printer: {capacity: 600/month}, mailer: {%s}}
communications:
  notice: {volume: 100/month, needs: [], routes: [{channel: letter, platforms: [printer]}]}
  statement: {volume: 900/month, needs: [], routes: [
    {channel: letter, platforms: [printer], share: 100%%}, {channel: email, platforms: [mailer], share: 0%%}]}
"""


def test_an_idle_way_of_unknown_capacity_is_a_way_but_less_sure() -> None:
    for text in (AROUND, AROUND.replace("notice: {", "notice: {status: proposed, ")):
        finding = one_finding(mis_routing, text % "")
        assert finding.subject == "printer"
        assert dict(finding.evidence)["capacity not known"] == "mailer"
        assert finding.confidence == "medium"
        assert finding.fix is not None
        after = with_changes(inventory_of(text % ""), finding.fix.changes)
        assert findings_of(mis_routing, after) == []
    sure = one_finding(mis_routing, AROUND % "capacity: 1000/month")
    assert sure.confidence == "high"
    assert "capacity not known" not in dict(sure.evidence)


def test_nothing_is_moved_to_what_is_short_elsewhere() -> None:
    text = """
    platforms: {short: {capacity: 150/month}, full: {capacity: 50/month}, free: {}}
    communications:
      a: {volume: 200/month, needs: [], routes: [{channel: sms, platforms: [short]}]}
      b: {volume: 100/month, needs: [], routes: [
        {id: x, channel: email, platforms: [full], share: 100%}, {id: z, channel: email, platforms: [free], share: 0%},
        {id: y, channel: email, platforms: [short], share: 0%}]}
    """
    finding = one_finding(mis_routing, text)
    assert finding.subject == "full"
    assert dict(finding.evidence)["shares that fit"] == "b: x 42.5%, z 57.5%, y 0%"
    assert one_finding(certain_shortfall, text).subject == "short"


def test_shares_and_costs_are_written_for_people() -> None:
    text = SMALL_FIRM + "channels: {letter: {cost_per_contact: 0.5 EUR}, email: {cost_per_contact: 0.1 EUR}}\n"
    evidence = dict(one_finding(mis_routing, text).evidence)
    assert re.search(r"\d%", evidence["shares that fit"])
    assert not re.search(r"\b0\.\d", evidence["shares that fit"])
    assert re.fullmatch(r"-[\d,]+ EUR a month by the channels' costs", evidence["change of cost"])
    half = text.replace("cost_per_contact: 0.1 EUR", "")
    assert dict(one_finding(mis_routing, half).evidence)["change of cost"] == "not known"


def test_nothing_is_not_less_than_nothing() -> None:
    text = """
    platforms: {p: {capacity: 0/month}, q: {capacity: 1000000/month}}
    communications:
      c0: {volume: 0.3656/h, needs: [], channels: [sms], platforms: [p]}
      c1: {volume: 1.746/15m, needs: [], channels: [sms], platforms: [p]}
      c2: {volume: 10.28/1d, needs: [], channels: [sms], platforms: [p]}
      d: {volume: 65158.99/month, needs: [], routes: [
        {channel: sms, platforms: [p], share: 0}, {channel: email, platforms: [q], share: 1}]}
    """
    assert one_finding(certain_shortfall, text).message.startswith("'p' can carry 0 of 5,682 items")
