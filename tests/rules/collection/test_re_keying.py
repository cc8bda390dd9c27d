"""RED107: retyping on a used path, with its hours and the errors it makes."""

from __future__ import annotations

from tests.rules.collection.said import said

FIRM = """
data_sources: {paper: {}, core: {}}
communications: {statement: {needs: [core]}}
flows: [{from: paper, to: core, via: rekey, carries: [contact], volume: 900/month, seconds: 240}]
error_types: {typo: {class: contact_data, caused_by: [paper]}}
"""


def test_hours_and_errors() -> None:
    (breach,) = said("RED107", FIRM).breaches
    assert "hours_per_month" not in breach.measures, "it is not the customers' time"
    hours = breach.measures["clerk_hours_per_month"]
    assert ("hand work of staff", "60 h a month") in breach.evidence
    assert breach.message == "'contact' is retyped from 'paper' to 'core'"
    (manual,) = said("RED107", FIRM.replace("via: rekey", "via: manual")).breaches
    assert manual.message == "'contact' is moved by hand from 'paper' to 'core'"
    assert (hours.low, hours.high) == (60.0, 60.0)
    assert "typo" in breach.related
    assert breach.fix is not None
    assert [next(iter(change)) for change in breach.fix.changes] == ["disconnect", "connect"]


def test_unused_targets_and_machines_pass() -> None:
    assert said("RED107", FIRM.replace("needs: [core]", "needs: []")).passed == {"paper->core"}
    assert said("RED107", FIRM.replace("via: rekey", "via: api")).passed == {"paper->core"}


def test_unknown_content_counts_where_both_ends_hold_the_same() -> None:
    silent = FIRM.replace("carries: [contact], ", "")
    assert said("RED107", silent).open == {"paper->core"}
    held = silent.replace("{paper: {}, core: {}}", "{paper: {holds: [contact.email]}, core: {holds: [contact.email]}}")
    assert said("RED107", held).subjects == ["paper->core"]


def test_what_goes_both_ways_leads_on_from_both_ends() -> None:
    unused = FIRM.replace("needs: [core]", "needs: []").replace("core: {}", "core: {}, hub: {}")
    assert said("RED107", unused.replace("240}", "240, two_way: true}")).passed == {"paper->core"}, (
        "it is no further flow"
    )
    onward = unused.replace("240}", "240}, {from: hub, to: core, via: api, carries: [contact], two_way: true}")
    assert said("RED107", onward).subjects == ["paper->core"]


def test_what_is_carried_is_named_once_and_all_is_everything() -> None:
    twice = said(
        "RED107", FIRM.replace("carries: [contact]", "carries: [contact.email, e-mail, contact.phone]")
    ).breaches
    assert twice[0].message == "'contact.email', 'contact.phone' are retyped from 'paper' to 'core'"
    (whole,) = said("RED107", FIRM.replace("carries: [contact]", "carries: ['*']")).breaches
    assert whole.message == "everything is retyped from 'paper' to 'core'"
    silent = FIRM.replace("carries: [contact], ", "")
    held = silent.replace("{paper: {}, core: {}}", "{paper: {holds: [e-mail]}, core: {holds: [contact.email]}}")
    assert said("RED107", held).subjects == ["paper->core"], "the two ends hold one attribute under two names"
