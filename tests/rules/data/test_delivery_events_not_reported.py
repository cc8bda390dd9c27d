"""DATA103: who is heard, and how much goes unheard."""

from __future__ import annotations

from tests.rules.collection.said import said

FIRM = """
data_sources: {warehouse: {role: reporting}, log: {}, dead-end: {}}
platforms: {engine: {}, esp: {EVENTS}, printer: {events_to: [warehouse]}}
flows: [{from: log, to: warehouse}]
communications:
  mail: {MAIL routes: [{channel: email, platforms: [engine, esp]}]}
  post: {LETTER routes: [{channel: letter, platforms: [engine, printer]}]}
"""


def firm(events: str, mail: str = "volume: 20/month,", letter: str = "volume: 80/month,") -> str:
    return FIRM.replace("EVENTS", events).replace("MAIL", mail).replace("LETTER", letter)


def test_events_must_get_to_where_the_firm_reports() -> None:
    assert said("DATA103", firm("events_to: [log]")).passed == {"esp", "printer"}
    (breach,) = said("DATA103", firm("events_to: [dead-end]")).breaches
    assert (breach.subject.id, breach.measures["uncovered_share"]) == ("esp", 0.2)
    assert breach.fix is not None
    assert breach.fix.changes == ({"change": {"esp": {"events_to": {"add": ["warehouse"]}}}},)


def test_little_may_go_unheard() -> None:
    assert said("DATA103", firm("events_to: []", mail="volume: 5/month,")).passed == {"esp", "printer"}


def test_communications_are_counted_where_no_volume_is_known() -> None:
    assert said("DATA103", firm("events_to: []", "", "")).breaches[0].measures["uncovered_share"] == 0.5
    assert said("DATA103", firm("events_to: []", "")).open == {"esp"}


def test_silence_is_open() -> None:
    assert said("DATA103", firm("vendor: X")).open == {"esp"}
