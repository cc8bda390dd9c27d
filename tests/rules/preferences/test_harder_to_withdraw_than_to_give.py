"""PREF106: the same channels, and no more questions."""

from __future__ import annotations

from tests.rules.collection.said import said

FIRM = """
touchpoints: {counter: {channel: branch}}
collection_points:
  sign-up: {channel: web, asks: [contact.email]}
  at-counter: {touchpoint: counter}
  form: {channel: letter}
  settings: {channel: web, asks: [{attribute: contact.email, mandatory: MANDATORY}]}
preferences: {offers: {kind: consent, captured_at: [CAPTURED], WITHDRAWN}}
"""


def firm(captured: str, withdrawn: str, mandatory: str = "false") -> str:
    return FIRM.replace("CAPTURED", captured).replace("WITHDRAWN", withdrawn).replace("MANDATORY", mandatory)


def test_every_channel_must_lead_out() -> None:
    (breach,) = said("PREF106", firm("sign-up, at-counter", "withdrawn_at: [settings]")).breaches
    assert breach.related == ("at-counter",)
    assert breach.fix is not None
    assert breach.fix.changes == ({"change": {"offers": {"withdrawn_at": {"add": ["at-counter"]}}}},)
    assert said("PREF106", firm("sign-up", "withdrawn_at: [settings, form]")).passed == {"offers"}
    assert said("PREF106", firm("sign-up", "withdrawn_at: []")).subjects == ["offers"]


def test_more_questions_are_harder() -> None:
    assert said("PREF106", firm("sign-up", "withdrawn_at: [settings]", "true")).subjects == ["offers"]


def test_changed_at_is_both_and_silence_is_open() -> None:
    assert said("PREF106", firm("", "changed_at: [sign-up]")).passed == {"offers"}
    assert said("PREF106", firm("sign-up", "adoption: 10%")).open == {"offers"}


def test_a_way_out_that_leads_nowhere_is_no_remedy() -> None:
    """Withdrawal at the counter is written where the e-mail engine never learns of it: say so, but do not pretend."""
    text = """
        data_sources: {web-store: {}, counter-store: {}}
        platforms: {mailer: {enforces: [offers]}}
        flows: [{from: web-store, to: mailer, via: event, carries: [preference.offers]}]
        collection_points: {site: {channel: web, writes_to: [web-store]}, counter: {channel: branch, writes_to: [counter-store]}}
        preferences: {offers: {kind: consent, captured_at: [site, counter], withdrawn_at: [site], master: web-store}}
        """
    (breach,) = said("PREF106", text).breaches
    assert breach.fix is not None
    assert breach.fix.changes == ()
    (breach,) = said("PREF106", text.replace("writes_to: [counter-store]", "writes_to: [web-store]")).breaches
    assert breach.fix is not None
    assert breach.fix.changes != ()


def test_one_unknown_channel_does_not_hide_another_that_has_no_way_out() -> None:
    text = """
        collection_points: {site: {channel: web}, somewhere: {}, letter-back: {channel: letter}}
        preferences: {offers: {kind: consent, captured_at: [site, somewhere], withdrawn_at: [letter-back]}}
        """
    assert said("PREF106", text).subjects == ["offers"]
    assert said("PREF106", text.replace("captured_at: [site, ", "captured_at: [")).open == {"offers"}


def test_questions_that_nobody_knows_are_not_fewer() -> None:
    text = """
        collection_points:
          site: {channel: web, ASKS}
          way-out: {channel: web, asks: [{attribute: contact.email, mandatory: true}]}
        preferences: {offers: {kind: consent, captured_at: [site], withdrawn_at: [way-out]}}
        """
    assert said("PREF106", text.replace("ASKS", "asks: []")).subjects == ["offers"]
    assert said("PREF106", text.replace(", ASKS", "")).breaches == []


def test_an_unknown_channel_overrides_that_of_the_touchpoint() -> None:
    text = """
        touchpoints: {desk: {channel: branch}}
        collection_points: {site: {touchpoint: desk, CHANNEL}, back: {channel: letter}}
        preferences: {offers: {kind: consent, captured_at: [site], withdrawn_at: [back]}}
        """
    assert said("PREF106", text.replace(", CHANNEL", "")).subjects == ["offers"]
    assert said("PREF106", text.replace("CHANNEL", "channel: unknown")).open == {"offers"}
