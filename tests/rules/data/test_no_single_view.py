"""DATA101: a fed master, or stores that ask each other."""

from __future__ import annotations

from tests.rules.collection.said import said

FIRM = """
lines_of_business: {cards: {customers: CARDS}, loans: {customers: 1000}}
data_sources:
  a: {holds: [contact.email], line_of_business: cards}
  b: {holds: [contact.phone], line_of_business: loans}
  c: {holds: [contact], line_of_business: loans}
  old: {holds: [contact], role: archive}
flows: [FLOWS]
"""


def firm(*flows: str, cards: str = "1000") -> str:
    return FIRM.replace("FLOWS", ", ".join(flows)).replace("CARDS", cards)


def flow(source: str, target: str, via: str = "api") -> str:
    return f"{{from: {source}, to: {target}, via: {via}, carries: [contact]}}"


def test_the_score_is_the_share_of_pairs() -> None:
    (breach,) = said("DATA101", firm(flow("a", "b"))).breaches
    assert breach.subject.id == "b"
    assert breach.measures["joined_share"] == round(1 / 6, 3)
    assert (breach.measures["hub_flows"], breach.measures["mesh_flows"]) == (1, 5)
    assert said("DATA101", firm(flow("a", "b"), flow("b", "c"), flow("c", "a"))).passed == {"a", "b", "c"}


def test_files_do_not_join() -> None:
    assert (
        said("DATA101", firm(flow("a", "b", "file"), flow("b", "c", "file"), flow("c", "a", "file")))
        .breaches[0]
        .measures["joined_share"]
        == 0
    )


def test_customers_weigh() -> None:
    (breach,) = said("DATA101", firm(flow("a", "b"), cards="9000")).breaches
    assert breach.measures["joined_share"] == round(9 / (121 - 83), 3)


def test_a_fed_master_is_enough_even_by_file() -> None:
    text = firm(flow("a", "c", "file"), flow("b", "c", "file")).replace("c: {", "c: {role: customer_master, ")
    assert said("DATA101", text).passed == {"a", "b", "c"}


def test_one_store_is_not_assessed() -> None:
    assert said("DATA101", "data_sources: {a: {holds: [contact]}}").open == {"a"}
