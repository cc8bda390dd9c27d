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


TWO_PRINTERS = """
data_sources: {warehouse: {role: reporting}}
platforms: {esp: {events_to: []}, old: {events_to: []}, new: {events_to: [warehouse]}}
communications:
  mail: {volume: MAIL/month, routes: [{channel: email, platforms: [esp]}]}
  post:
    volume: 5000/month
    routes: [{id: a, channel: letter, platforms: [old], share: OLD}, {id: b, channel: letter, platforms: [new], share: NEW}]
"""


def two_printers(mail: str, old: str, new: str) -> str:
    return TWO_PRINTERS.replace("MAIL", mail).replace("OLD", old).replace("NEW", new)


def test_a_share_of_routes_that_is_not_known_is_not_read_as_nothing() -> None:
    assert said("DATA103", two_printers("300", "unknown", "unknown")).open == {"esp", "old"}
    assert said("DATA103", two_printers("300", "1%", "99%")).passed == {"esp", "old", "new"}
    breaches = said("DATA103", two_printers("1000", "unknown", "unknown")).breaches
    assert [one.evidence[0][1] for one in breaches] == ["at least 17%"] * 2


def test_every_route_counts_where_all_are_taken() -> None:
    text = (
        two_printers("0", "50%", "50%")
        .replace("volume: 5000/month", "volume: 5000/month, send: all")
        .replace(", share: 50%", "")
    )
    text = text.replace("volume: 5000/month, send: all\n", "volume: 5000/month\n    send: all\n")
    assert said("DATA103", text).breaches[-1].measures["uncovered_share"] == 0.5


def test_where_nobody_reports_is_open_unless_events_go_nowhere() -> None:
    text = firm("events_to: [log]").replace("role: reporting", "kind: warehouse")
    assert said("DATA103", text).open == {"esp", "printer"}
    assert [one.subject.id for one in said("DATA103", text.replace("events_to: [log]", "events_to: []")).breaches] == [
        "esp"
    ]


def test_what_nobody_knows_the_deliverer_of_is_part_of_all_items() -> None:
    """20 of 100 items are unheard of: 20 %; of 100 and 900 whose route nobody knows, 2 % or more."""
    lone = firm("events_to: [dead-end]")
    assert said("DATA103", lone).subjects == ["esp"]
    more = lone + "  call: {volume: 900/month}\n"
    assert (said("DATA103", more).breaches, said("DATA103", more).open) == ([], {"esp"})
    (breach,) = said("DATA103", lone + "  call: {volume: 40/month}\n").breaches
    assert ("share of all items that nobody hears of", "at least 14%") in breach.evidence
    assert said("DATA103", lone + "  call: {volume: 900/month, routes: []}\n").subjects == ["esp"], (
        "known to be sent by none"
    )
    uncounted = firm("events_to: [dead-end]", mail="", letter="")
    assert ("share of all items that nobody hears of", "50%") in said("DATA103", uncounted).breaches[0].evidence
    (counted,) = said("DATA103", uncounted + "  call: {}\n  chat: {}\n").breaches
    assert ("share of all items that nobody hears of", "at least 25%") in counted.evidence
