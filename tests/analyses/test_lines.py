from __future__ import annotations

from cx_map.analyses.lines import ancestors, distinct, lines_of
from cx_map.analyses.shared_customers import shared_customers
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of

BANK = """
lines_of_business: {retail: {}, cards: {parent: retail, customers: 900}, loans: {parent: retail, customers: 400}, firms: {}}
products: {card: {line_of_business: cards, customers: 1000}, loan: {line_of_business: loans}}
segments: {homes: {products: [card, loan], customers: {value: 300, low: 250, high: 350}}}
platforms: {esp: {line_of_business: firms, serves: [cards, loans]}, bare: {}}
communications: {own: {line_of_business: firms, products: [card]}, by-product: {products: [card, loan]}, none: {}}
"""


def test_lines_of_everything() -> None:
    found = lines_of(Ecosystem(inventory_of(BANK)))
    assert {name: sorted(lines) for name, lines in found.items()} == {
        "retail": ["retail"], "cards": ["cards"], "loans": ["loans"], "firms": ["firms"], "card": ["cards"], "loan": ["loans"],
        "homes": ["cards", "loans"], "esp": ["cards", "firms", "loans"], "own": ["firms"], "by-product": ["cards", "loans"],
    }  # fmt: skip


def test_wider_lines_are_not_counted_twice() -> None:
    inventory = inventory_of(BANK)
    assert ancestors(inventory, "cards") == ("retail",)
    assert distinct(inventory, ["retail", "cards", "firms", "cards"]) == ("cards", "firms")


def test_shared_customers_by_share_count_and_hypothesis() -> None:
    guessed = shared_customers(Ecosystem(inventory_of(BANK)))
    assert (guessed["cards", "loans"].low, guessed["cards", "loans"].high, guessed["cards", "loans"].basis) == (
        250,
        350,
        "assumed",
    )
    stated = shared_customers(Ecosystem(inventory_of(BANK + "overlaps: [{between: [loans, cards], share: 25%}]")))
    assert (stated["cards", "loans"].low, stated["cards", "loans"].basis) == (100, "reported")
    both = BANK + "overlaps: [{between: [card, loan], customers: 150}, {between: [loans, cards], share: 25%}]"
    assert shared_customers(Ecosystem(inventory_of(both)))["cards", "loans"].low == 150
    vague = shared_customers(Ecosystem(inventory_of(BANK + "overlaps: [{between: [card, loan], share: 10%}]")))
    assert vague["cards", "loans"].low is None
