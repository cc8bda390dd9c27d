"""INV106: the composing platform must get what it is to show."""

from __future__ import annotations

from tests.rules.collection.said import said

FIRM = """
products: {card: {}, loan: {}}
data_sources: {crm: {holds: [preference.branch, identity.name]}, other: {}}
platforms: {gate: {}, ccm: {capabilities: [compose]}}
flows: [{from: crm, to: ccm, via: api, carries: [CARRIED]SCOPE}]
communications:
  post: {products: [card, loan], needs: [NEEDS], personalises: [SHAPE], routes: [{channel: letter, platforms: [gate, ccm]}]}
"""


def firm(carried: str = "identity", shape: str = "preference.branch", needs: str = "", scope: str = "") -> str:
    return FIRM.replace("CARRIED", carried).replace("SHAPE", shape).replace("NEEDS", needs).replace("SCOPE", scope)


def test_no_flow_carries_it() -> None:
    (breach,) = said("INV106", firm()).breaches
    assert breach.related[0] == "ccm"
    assert breach.fix is not None
    assert len(breach.fix.changes) == 1
    assert said("INV106", firm("preference")).passed == {"post"}


def test_every_product_must_be_served() -> None:
    (breach,) = said("INV106", firm("preference", scope=", products: [card]")).breaches
    assert "for loan" in breach.message


def test_a_need_is_access() -> None:
    assert said("INV106", firm(needs="crm")).passed == {"post"}
    assert said("INV106", firm(needs="other")).subjects == ["post"]


def test_derived_attributes_need_all_they_come_from() -> None:
    assert said("INV106", firm(shape="{attribute: greeting, derived_from: [identity.name]}")).passed == {"post"}
    both = "{attribute: greeting, derived_from: [identity.name, preference.branch]}"
    assert said("INV106", firm(shape=both)).subjects == ["post"]


def test_what_nobody_has_is_not_judged_here() -> None:
    assert said("INV106", firm(shape="loyalty.tier")).open == {"post"}


def test_a_flow_of_which_nobody_knows_what_it_carries_leaves_it_open() -> None:
    vague = firm().replace("carries: [identity]", "carries: unknown")
    result = said("INV106", vague)
    assert (result.breaches, result.passed, result.open) == ([], set(), {"post"})
    sure = vague.replace("flows: [", "flows: [{from: crm, to: ccm, via: api, carries: [preference]}, ")
    assert said("INV106", sure).passed == {"post"}
    half = vague.replace("carries: unknown", "carries: unknown, products: [card]")
    (breach,) = said("INV106", half).breaches
    assert "for loan" in breach.message


def test_a_store_has_it_for_the_products_that_it_holds_it_for() -> None:
    text = firm("preference", scope=", products: [card]").replace(
        "preference.branch, identity", "{attribute: preference.branch, products: [card]}, identity"
    )
    assert said("INV106", text).breaches == [], "nobody has it for loans, which is the business of RED106"


def test_the_fix_does_not_go_around_a_policy() -> None:
    text = firm().replace(
        "flows: [",
        "flows: [{from: crm, to: ccm, policy: blocked, carries: [preference]}, {from: crm, to: other, via: api}, ",
    )
    (breach,) = said("INV106", text).breaches
    assert breach.fix is not None
    assert breach.fix.changes == ()
    assert "policy keeps it from 'ccm'" in breach.fix.summary


def test_content_is_shown() -> None:
    assert "shows 'preference.branch'" in said("INV106", firm().replace("personalises", "content")).breaches[0].message


def test_who_sends_an_attribute_on_has_it() -> None:
    sends = firm().replace("flows: [", "flows: [{from: ccm, to: other, via: file, carries: [preference.branch]}, ")
    assert said("INV106", sends).passed == {"post"}
    everything = sends.replace("via: file, carries: [preference.branch]", 'via: file, carries: ["*"]')
    assert said("INV106", everything).subjects == ["post"], "all that it has, which need not be this"
