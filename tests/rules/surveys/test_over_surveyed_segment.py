"""SURV101: the average, the worst case, and which survey goes first."""

from __future__ import annotations

from cx_map.rules.surveys.over_surveyed_segment import over_surveyed_segment
from cx_map.states.apply import with_changes
from tests.rules.collection.said import said
from tests.rules.pages import findings_of
from tests.support import inventory_of

FIRM = """
segments: {retail: {CUSTOMERS}}
data_sources: {caps: {}}
platforms: {p: {}, q: {}}
flows: [FLOW]
collection_points:
  a: {kind: survey, segments: [retail], platform: p, topics: [price, trust], A}
  b: {kind: survey, segments: [retail], platform: q, topics: [price], B}
"""


def firm(a: str, b: str, customers: str = "customers: 1000", flow: str = "") -> str:
    return (
        FIRM.replace("CUSTOMERS", customers).replace(" A}", f" {a}}}").replace(" B}", f" {b}}}").replace("FLOW", flow)
    )


def test_expected_invitations() -> None:
    (breach,) = said("SURV101", firm("invites: 1000/month", "invites: 500/month")).breaches
    assert breach.measures["invitations_per_customer_per_quarter"].high == 4.5
    assert breach.fix is not None
    assert breach.fix.changes == ({"change": {"b": {"status": "retired"}}},)
    assert said("SURV101", firm("invites: 1000/month", "invites: 300/month")).passed == {"retail"}


def test_the_worst_case_adds_quarantines_that_are_not_shared() -> None:
    weekly = firm("invites: 10/month, quarantine: 18d", "invites: 10/month, quarantine: 20d")
    (breach,) = said("SURV101", weekly).breaches
    assert breach.measures["worst_case_in_90_days"] == 5 + 5
    flows = "{from: caps, to: p}, {from: caps, to: q}"
    shared = firm(
        "invites: 10/month, quarantine: 18d, cap_store: caps", "invites: 10/month, quarantine: 20d", flow=flows
    )
    assert said("SURV101", shared).passed == {"retail"}


def test_unknown_numbers_are_open_unless_the_rest_decides() -> None:
    assert said("SURV101", firm("invites: 10/month", "anonymous: true")).open == {"retail"}
    assert said("SURV101", firm("invites: 2000/month", "anonymous: true")).subjects == ["retail"]
    assert said("SURV101", firm("invites: 10/month", "invites: 10/month", "wants: [x]")).open == {"retail"}


def test_an_unknown_split_is_not_no_invitations() -> None:
    text = firm("invites: 9000/month", "invites: 5000/month").replace(
        "a: {kind: survey, segments: [retail]", "a: {kind: survey, segments: [retail, young]"
    ).replace("segments: {retail:", "segments: {young: {}, retail:")  # fmt: skip
    (breach,) = said("SURV101", text).breaches
    evidence = dict(breach.evidence)
    assert evidence["'a'"] == "not known how many invitations, 9,000 a month at most"
    assert evidence["'b'"] == "5,000 invitations a month"
    (breach,) = said("SURV101", text.replace("invites: 9000/month, ", "").replace("invites: 9000/month", "")).breaches
    assert dict(breach.evidence)["'a'"] == "not known how many invitations"


def test_a_survey_that_says_not_whom_it_asks_leaves_a_quiet_segment_open() -> None:
    text = """
        segments: {retail: {customers: 1000}}
        collection_points:
          one: {kind: survey, segments: [retail], invites: 100/month}
          two: {kind: survey, invites: 9000/month}
        """
    assert "retail" in said("SURV101", text).open
    assert said("SURV101", text.replace("invites: 100/month", "invites: 9000/month")).subjects == ["retail"]


def test_a_guessed_number_of_customers_makes_the_average_a_guess() -> None:
    text = """
        segments: {retail: {customers: {value: 1000, basis: assumed}}}
        collection_points: {one: {kind: survey, segments: [retail], invites: 9000/month}}
        """
    assert said("SURV101", text).breaches[0].basis == "assumed"


def test_visits_are_no_invitations_and_split_them() -> None:
    """1,000 invitations a month to a point that 8,000 of one segment and 2,000 of another pass: 800 and 200."""
    text = """
        segments: {retail: {customers: 500}, business: {customers: 500}}
        collection_points:
          a: {kind: survey, invites: 1000/month, segments: [{segment: retail, volume: 8000/month}SECOND]}
    """
    both = said("SURV101", text.replace("SECOND", ", {segment: business, volume: 2000/month}"))
    assert [one.subject.id for one in both.breaches] == ["retail"]
    assert both.breaches[0].measures["invitations_per_customer_per_quarter"].high == 4.8
    assert both.passed == {"business"}
    (alone,) = said("SURV101", text.replace("SECOND", "")).breaches
    assert alone.measures["invitations_per_customer_per_quarter"].high == 6
    unknown = said("SURV101", text.replace("SECOND", ", business"))
    assert (unknown.breaches, unknown.open) == ([], {"retail", "business"})


def test_what_is_known_at_least_is_said_to_be_so_and_one_is_one() -> None:
    text = "segments: {s: {customers: 100}}\ncollection_points: {a: {kind: survey, segments: [s], invites: 200} MORE}"
    (finding,) = said("SURV101", text.replace(" MORE", "")).breaches
    assert finding.label == "6.0 invitations a quarter on average from 1 survey"
    assert ("worst case", "1 invitation of one customer in 90 days") in finding.evidence
    (finding,) = said("SURV101", text.replace(" MORE", ", b: {kind: survey, segments: [s]}")).breaches
    assert finding.message == "a customer of 's' gets at least 6.0 invitations a quarter on average; the limit is 4"


def test_what_alone_listens_at_a_touchpoint_goes_last() -> None:
    text = firm("invites: 1000/month", "invites: 500/month, touchpoint: desk") + "touchpoints: {desk: {}}\n"
    (breach,) = said("SURV101", text).breaches
    assert breach.fix is not None
    assert breach.fix.changes == ({"change": {"a": {"status": "retired"}}},), "nobody else asks at the desk"
    heard = text + "signals: {gripe: {about: [desk]}}\n"
    (breach,) = said("SURV101", heard).breaches
    assert breach.fix is not None
    assert breach.fix.changes == ({"change": {"b": {"status": "retired"}}},)


def test_what_becomes_of_the_signals_of_a_dropped_survey_is_decided_first() -> None:
    text = (
        firm("invites: 1000/month", "invites: 500/month")
        + "touchpoints: {desk: {}}\nsignals: {answer: {from: b, about: [MORE]}}\n"
    )
    (breach,) = said("SURV101", text.replace("MORE", "")).breaches
    assert breach.fix is not None
    assert breach.fix.changes == ()
    assert "what becomes of 'answer'" in breach.fix.summary
    (breach,) = said("SURV101", text.replace("MORE", "desk")).breaches
    assert breach.fix is not None
    assert breach.fix.changes == ({"change": {"a": {"status": "retired"}}},), (
        "only what comes from 'b' is about the desk"
    )


def test_where_it_has_to_go_nothing_is_changed_before_somebody_else_listens() -> None:
    text = firm("invites: 3000/month, touchpoint: page", "invites: 3000/month, touchpoint: desk")
    (breach,) = said("SURV101", text + "touchpoints: {desk: {}, page: {}}\n").breaches
    assert breach.fix is not None
    assert breach.fix.changes == ()
    assert "listen otherwise at" in breach.fix.summary


def test_one_survey_that_invites_too_often_has_to_rest_longer() -> None:
    text = "segments: {s: {customers: 9000}}\ncollection_points: {a: {kind: survey, segments: [s], invites: 200, quarantine: 7d}}"
    (breach,) = said("SURV101", text).breaches
    assert breach.fix is not None
    assert breach.fix.summary == "let 12 days pass between two invitations to 'a'"
    repaired = with_changes(inventory_of(text), breach.fix.changes)
    assert findings_of(over_surveyed_segment, repaired) == []
    more = text.replace("quarantine: 7d}}", "quarantine: 7d}, b: {kind: survey, segments: [s], quarantine: 45d}}")
    (breach,) = said("SURV101", more).breaches
    assert breach.fix is not None
    assert "'a', and count them in one store" in breach.fix.summary
    assert breach.fix.changes == ()
