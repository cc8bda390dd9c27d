"""PREF101: one finding a communication; consent is critical; what is unknown stays open."""

from __future__ import annotations

from tests.rules.collection.said import said

FIRM = """
products: {card: {}, loan: {}}
segments: {owners: {customers: 1000, products: [card, loan]}}
data_sources: {file: {}}
platforms: {engine: {}}
flows: [{from: file, to: engine, carries: [preference.a, preference.b]SCOPE}]
preferences: {a: {kind: KIND, master: file, adoption: 50%}, b: {kind: channel, master: file}}
communications:
  bill: {PRODUCTS segments: [owners], volume: 100/month, governed_by: [a, b], routes: [{channel: letter, platforms: [engine]}]}
"""


def firm(scope: str = ", products: [card]", kind: str = "e_delivery", products: str = "products: [loan],") -> str:
    return FIRM.replace("SCOPE", scope).replace("KIND", kind).replace("PRODUCTS", products)


def test_one_finding_a_communication_with_its_preferences() -> None:
    (breach,) = said("PREF101", firm()).breaches
    assert (breach.subject.id, breach.related, breach.severity) == ("bill", ("a", "b"), "major")
    assert breach.measures["customers_per_month"].high == 1500
    assert said("PREF101", firm(kind="consent")).breaches[0].severity == "critical"
    assert said("PREF101", firm(kind="do_not_contact")).breaches[0].severity == "critical"


def test_products_in_scope_pass() -> None:
    assert said("PREF101", firm(products="products: [card],")).passed == {"bill"}
    assert said("PREF101", firm(scope="")).passed == {"bill"}


def test_it_may_depend_on_products_that_nobody_names() -> None:
    assert said("PREF101", firm(products="")).open == {"bill"}
    assert said(
        "PREF101", firm(products="", scope="").replace("[preference.a, preference.b]", "[contact]")
    ).subjects == ["bill"]


def test_paper_that_the_law_wants_is_left_out() -> None:
    text = firm().replace("loan: {}}", "loan: {paper_required: true}}")
    assert said("PREF101", text).passed == {"bill"}


def test_unknown_deciders_and_origins_are_open() -> None:
    assert said("PREF101", firm().replace(", routes: [{channel: letter, platforms: [engine]}]", "")).open == {"bill"}
    assert said("PREF101", firm().replace("master: file, ", "").replace(", master: file}", "}")).open == {"bill"}


def test_segments_of_flows_count() -> None:
    text = firm(scope=", segments: [others]").replace("segments: {", "segments: {others: {}, ")
    assert said("PREF101", text).subjects == ["bill"]
