from __future__ import annotations

from cx_map.analyses.bounds import exactly
from cx_map.analyses.money import Cost, cost_of_contacts, cost_of_messages
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of

TEXT = """
organization: {currency: EUR}
channels:
  letter: {kind: letter, cost_per_contact: 0.80 EUR}
  email: {kind: email, cost_per_contact: {value: 0.01, currency: EUR, basis: estimated}}
  fax: {kind: letter}
platforms: {p: {}}
communications:
  priced: {volume: 1000/month, routes: [{channel: letter, platforms: [p], share: 25%}, {channel: email, platforms: [p], share: 75%}]}
  partly: {volume: 1000/month, routes: [{channel: letter, platforms: [p], share: 25%}, {channel: fax, platforms: [p], share: 75%}]}
  open: {volume: 1000/month, channels: [letter, email], platforms: [p]}
  alone: {volume: 10/month, channels: [letter], platforms: [p]}
  free: {volume: 1000/month, channels: [fax], platforms: [p]}
  uncounted: {channels: [letter], platforms: [p]}
  spare: {volume: 100/month, routes: [{channel: email, platforms: [p]}, {channel: letter, platforms: [p], fallback_for: email}]}
"""


def cost(*names: str) -> Cost | None:
    return cost_of_messages(Ecosystem(inventory_of(TEXT)), names)


def said(*names: str) -> tuple[float, float | None]:
    found = cost(*names)
    assert found is not None
    assert found.currency == "EUR"
    return found.amount.low, found.amount.high


def test_given_costs_times_shares_and_volume() -> None:
    assert said("priced") == (207.5, 207.5)
    assert said("alone") == (8, 8)
    assert said("priced", "alone") == (215.5, 215.5)
    assert said("spare") == (1, 1), "a fallback sends nothing as long as all is well"


def test_what_nobody_gives_is_never_zero() -> None:
    assert said("partly") == (200, None)
    assert said("uncounted") == (0, None)
    assert cost("free") is None
    low, high = said("open")
    assert (low, high) == (0, 810), "shares are not known: each route sends between none and all"


def test_contacts_cost_at_least_the_cheapest_and_at_most_the_dearest_channel() -> None:
    eco = Ecosystem(inventory_of(TEXT))
    found = cost_of_contacts(eco, exactly(100), ["letter", "email"])
    assert found is not None
    assert (found.amount.low, found.amount.high) == (1, 80)
    open_ = cost_of_contacts(eco, exactly(100), ["letter", "fax"])
    assert open_ is not None
    assert (open_.amount.low, open_.amount.high) == (0, None)
    assert cost_of_contacts(eco, exactly(100), ["fax"]) is None
