from __future__ import annotations

import pytest

from cx_map.analyses.channel_assurance import CONFIDENTIALITY, NEEDED, protects
from cx_map.audit.findings import Finding
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.attributes import SENSITIVITIES
from cx_map.rulekit import Breach, NotAssessed, Passed, Range
from cx_map.rules.channels.content_too_sensitive_for_its_channel import content_too_sensitive_for_its_channel
from tests.rules.pages import findings_of
from tests.support import inventory_of


def findings(text: str) -> list[Finding]:
    return findings_of(content_too_sensitive_for_its_channel, inventory_of(text))


def verdicts(text: str) -> list[type]:
    return [type(one) for one in content_too_sensitive_for_its_channel.check(Ecosystem(inventory_of(text)))]


def message(content: str, channel: str, more: str = "") -> str:
    return f"communications: {{m: {{content: [{content}], channels: [{channel}]{more}}}}}\n"


@pytest.mark.parametrize(
    ("sensitivity", "first_good_enough"),
    [
        ("public", "none"), ("internal", "none"), ("personal", "transport"), ("confidential", "sealed"),
        ("special", "authenticated"), ("payment", "end_to_end"), ("credential", None),
    ],
)  # fmt: skip
def test_the_matrix(sensitivity: str, first_good_enough: str | None) -> None:
    good = [one for one in CONFIDENTIALITY if protects(one, sensitivity)]  # type: ignore[arg-type]
    assert good == (
        [] if first_good_enough is None else list(CONFIDENTIALITY[CONFIDENTIALITY.index(first_good_enough) :])
    )
    assert set(NEEDED) == set(SENSITIVITIES)


@pytest.mark.parametrize(
    ("attribute", "channel", "severity"),
    [
        ("account.number", "sms", "major"), ("account.number", "email", "major"), ("account.number", "letter", None),
        ("account.number", "portal", None), ("health.condition", "letter", None), ("health.condition", "portal", None),
        ("health.condition", "phone", "major"), ("credential.pin", "letter", None), ("credential.pin", "branch", "critical"),
        ("payment.card_number", "branch", None), ("payment.card_number", "letter", "critical"), ("product.terms", "sms", None),
        ("payment.card_number", "email", "critical"), ("payment.card_number", "portal", "critical"),
        ("contact.email", "email", None), ("contact.email", "sms", "minor"), ("credential.password", "portal", "critical"),
        ("product.price", "social", None),
    ],
)  # fmt: skip
def test_shipped_channels_and_attributes(attribute: str, channel: str, severity: str | None) -> None:
    assert [one.severity for one in findings(message(attribute, channel))] == ([severity] if severity else [])


def test_sensitivity_comes_from_the_nearest_attribute_above() -> None:
    assert findings(message("health.condition.diabetes", "email"))
    assert not findings(
        message("health.condition.diabetes", "email") + "attributes: {health.condition: {sensitivity: public}}"
    )
    assert findings(message("secret-thing", "sms") + "attributes: {secret-thing: {parent: account.number}}")


def test_one_time_codes_are_meant_to_be_sent_only_for_security() -> None:
    assert not findings(message("credential.one_time_code", "sms", ", purpose: security"))
    assert findings(message("credential.one_time_code", "sms", ", purpose: servicing"))
    assert findings(message("credential.password", "portal", ", purpose: security"))
    assert findings(message("credential.pin.card", "sms", ", purpose: security"))


def test_only_post_is_sealed() -> None:
    text = message("health.condition, credential.pin", "mine") + "channels: {mine: {kind: KIND, confidentiality: CONF}}"
    letter = text.replace("KIND", "letter")
    assert findings(letter.replace("CONF", "sealed")) == []
    assert len(findings(letter.replace("CONF", "transport"))) == 2
    assert len(findings(text.replace("KIND", "email").replace("CONF", "sealed"))) == 2
    assert findings(text.replace("KIND", "email").replace("CONF", "authenticated"))[0].severity == "critical"
    assert verdicts(letter.replace("CONF", "unknown")) == [NotAssessed]
    assert verdicts(message("credential.pin", "mine") + "channels: {mine: {}}") == [NotAssessed]


def test_a_breach_hides_nothing_that_is_not_known() -> None:
    assert verdicts(message("account.number, nobody-knows-this", "sms")) == [Breach, NotAssessed]


def test_two_routes_of_one_channel_are_told_once() -> None:
    (finding,) = findings("""
        communications:
          m: {content: [account.number], routes: [{id: one, channel: sms}, {id: two, channel: sms, fallback_for: one}]}
        """)
    assert finding.evidence == (("by sms", "'account.number' is confidential, shown in full"),)


@pytest.mark.parametrize("render", ["masked", "link"])
def test_what_is_not_shown_does_not_count(render: str) -> None:
    assert not findings(message(f"{{attribute: payment.card_number, render: {render}}}", "email"))


def test_fallbacks_count_and_items_follow_the_shares() -> None:
    text = """
        communications:
          m:
            content: [account.number]
            volume: 1000/month
            routes: [{channel: portal, share: 75%}, {channel: email, share: 25%}, {channel: sms, fallback_for: portal}]
        """
    (finding,) = findings(text)
    assert finding.related == ("email", "sms")
    assert finding.measures["items_per_month"] == Range(250, 250)
    (finding,) = findings(text.replace(", share: 75%", "").replace(", share: 25%", ""))
    assert finding.measures["items_per_month"] == Range(0, 1000)


def test_each_sensitivity_has_a_finding_of_its_own() -> None:
    found = findings(message("account.number, account.balance, payment.card_number", "sms"))
    assert [(one.severity, "and 1 more" in one.message) for one in found] == [("critical", False), ("major", True)]
    assert len({one.fingerprint for one in found}) == 2


def test_own_channels() -> None:
    mine = "channels: {app: {CONF kind: sms}}\n"
    text = message("account.number", "app")
    assert findings(text + mine.replace("CONF", "confidentiality: end_to_end,")) == []
    (finding,) = findings(text + mine.replace("CONF", ""))
    assert finding.confidence == "low"
    assert verdicts(text + mine.replace("CONF", "confidentiality: unknown,")) == [NotAssessed]
    assert verdicts(text + "channels: {app: {}}") == [NotAssessed]
    assert findings(text + "channels: {app: {kind: sms, status: retired}}") == []
    assert findings(message("account.number", "sms") + "channels: {sms: {confidentiality: end_to_end}}") == []


def test_what_is_not_known_is_not_clean() -> None:
    assert verdicts("communications: {m: {channels: [sms]}}") == [NotAssessed]
    assert verdicts("communications: {m: {content: [account.number]}}") == [NotAssessed]
    assert verdicts(message("nobody-knows-this", "sms")) == [NotAssessed]
    assert verdicts(message("", "sms")) == [Passed]
    assert verdicts("communications: {m: {content: [account.number], channels: [sms], status: retired}}") == []
