"""RED104: worst ages against how long an attribute stays fresh."""

from __future__ import annotations

from tests.rules.collection.said import said

FIRM = """
data_sources:
  crm: {holds: [{attribute: contact.email, mastery: master}]}
  hub: {}
  print: {holds: [{attribute: contact.email, mastery: copy}]}
flows:
  - {from: crm, to: hub, latency: 10h, carries: [contact]}
  - {from: hub, to: print, every: 12h, latency: 4h, carries: [contact]}
"""


def test_latencies_and_intervals_add_up() -> None:
    (breach,) = said("RED104", FIRM).breaches
    assert (breach.subject.id, breach.measures["worst_age_seconds"]) == ("print", 26 * 3600)
    assert breach.fix is not None
    (change,) = breach.fix.changes
    assert change["connect"]["from"] == "hub"
    assert change["connect"]["latency"] == f"{14 * 3600}s"
    assert said("RED104", FIRM.replace("latency: 10h", "latency: 7h")).passed == {"print"}


def test_unknown_latencies_are_a_lower_bound() -> None:
    assert said("RED104", FIRM.replace("latency: 10h, ", "")).open == {"print"}
    assert said("RED104", FIRM.replace("latency: 10h, ", "every: 1w, ")).subjects == ["print"]


def test_the_copy_has_a_rhythm_of_its_own() -> None:
    text = FIRM.replace("mastery: copy", "mastery: copy, refresh: 3d").replace("10h", "1h")
    (breach,) = said("RED104", text).breaches
    assert breach.measures["worst_age_seconds"] == 3 * 86400
    assert breach.fix is not None
    assert breach.fix.changes == (
        {"change": {"print": {"holds": [{"attribute": "contact.email", "mastery": "copy", "refresh": "1d"}]}}},
    )


def test_attributes_that_do_not_age_are_left_out() -> None:
    result = said("RED104", FIRM.replace("contact.email", "account.balance").replace("[contact]", "[account]"))
    assert (result.breaches, result.passed, result.open) == ([], set(), set())
    own = (
        FIRM.replace("contact.email", "loyalty").replace("[contact]", "[loyalty]")
        + "attributes: {loyalty: {valid_for: 1h}}\n"
    )
    assert said("RED104", own).subjects == ["print"]


def test_a_flow_that_perhaps_brings_it_sooner_leaves_it_open() -> None:
    vague = "  - {from: crm, to: print, latency: 1h, carries: unknown}\n"
    assert said("RED104", FIRM + vague).open == {"print"}
    assert said("RED104", FIRM + vague.replace("latency: 1h", "latency: 3d")).subjects == ["print"]
    assert said("RED104", FIRM + vague.replace(", carries: unknown", "")).subjects == ["print"]


def test_a_slow_refresh_and_a_slow_flow_are_both_mended_in_words() -> None:
    text = """
        data_sources:
          register: {holds: [{attribute: contact.postal_address, mastery: master}]}
          tax: {holds: [{attribute: contact.postal_address, mastery: copy, refresh: 30d}]}
        flows: [{from: register, to: tax, via: file, every: 1w, latency: 1d, carries: [contact]}]
        """
    (breach,) = said("RED104", text).breaches
    assert breach.fix is not None
    assert breach.fix.summary == "refresh the copy within 24 h, and bring changes as events along register → tax"
