from __future__ import annotations

import pytest

from cx_map.rules.escalation.only_the_customer_finds_it import Parameters
from cx_map.rules.escalation.only_the_customer_finds_it import only_the_customer_finds_it as rule
from tests.rules.judging import findings, not_assessed, one_finding, passed


def error(detected: str) -> str:
    return f"touchpoints: {{line: {{}}}}\nplatforms: {{ccm: {{}}}}\nerror_types: {{e: {{volume: 90/month, detected_by: {detected}}}}}\n"


@pytest.mark.parametrize(
    ("detected", "verdict"),
    [
        ("[]", "broken"),
        ("[{where: line, kind: customer}]", "broken"),
        ("[{where: line, kind: third_party}]", "broken"),
        ("[{where: ccm, kind: internal}, {where: line, kind: customer}]", "passed"),
        ("[{where: ccm, kind: internal, share: 30%}, {where: line, kind: customer, share: 70%}]", "broken"),
        ("[{where: ccm, kind: internal, share: 50%}, {where: line, kind: customer, share: 50%}]", "passed"),
        (
            "[{where: line, kind: customer, share: 40%}, {where: line, kind: customer, share: 20%}, {kind: internal}]",
            "broken",
        ),
        ("[line]", "open"),
        ("unknown", "open"),
    ],
)
def test_who_finds_it(detected: str, verdict: str) -> None:
    text = error(detected)
    found = {
        "passed": passed(rule, text),
        "open": set(not_assessed(rule, text)),
        "broken": {one.subject for one in findings(rule, text)},
    }
    assert found[verdict] == {"e"}


def test_share_is_a_parameter() -> None:
    text = error("[{kind: internal}, {kind: customer, share: 40%}]")
    assert passed(rule, text) == {"e"}
    assert passed(rule, text, parameters=Parameters(share=0.3)) == set()


def test_the_control_stands_where_the_facts_are() -> None:
    text = """
        data_sources: {core: {holds: [account.balance]}, crm: {holds: [contact.email]}}
        communications: {bill: {needs: [core, crm], channels: [letter]}}
        error_types:
          e: {detected_by: [{kind: customer}], caused_by: [bill], needs_attributes: [account.balance]}
        """
    fix = one_finding(rule, text).fix
    assert fix is not None
    assert fix.summary.startswith("check 'bill' in 'core'")


def test_a_share_that_nobody_states_is_not_nought() -> None:
    text = "touchpoints: {line: {}}\nerror_types: {e: {detected_by: [{where: line, kind: customer}]}}"
    assert "share_found_by_customers" not in one_finding(rule, text).measures
    stated = one_finding(rule, text.replace("kind: customer", "kind: customer, share: 80%"))
    assert stated.measures["share_found_by_customers"] == 0.8
