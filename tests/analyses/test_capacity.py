from __future__ import annotations

import pytest

from cx_map.analyses.capacity import Utilisation, loads, uses, utilisations
from cx_map.graph.ecosystem import Ecosystem
from tests.analyses.small_firm import SMALL_FIRM
from tests.support import inventory_of


def eco_of(text: str) -> Ecosystem:
    return Ecosystem(inventory_of(text))


def test_load_as_routed_of_the_small_firm() -> None:
    found = {name: load.value for name, load in loads(eco_of(SMALL_FIRM)).items()}
    assert found == {
        "ccm-a": 1_150_000, "ccm-b": 200_000, "core": 1_350_000, "email": 420_000, "esp": 420_000,
        "letter": 930_000, "prefs": 1_000_000, "print": 930_000,
    }  # fmt: skip
    print_shop = next(one for one in utilisations(eco_of(SMALL_FIRM)) if one.supplier.id == "print")
    assert print_shop.rho == pytest.approx(1.55)
    assert 1 / (print_shop.rho or 1) == pytest.approx(0.645, abs=5e-4)


def test_what_is_needed_and_on_the_way_counts_twice() -> None:
    eco = eco_of("""
    platforms: {crm: {}}
    communications: {c: {volume: 100/month, needs: [crm], routes: [{channel: email, platforms: [crm]}]}}
    """)
    assert loads(eco)["crm"].value == 200


def test_what_is_needed_twice_is_needed_once() -> None:
    eco = eco_of("""
    data_sources: {crm: {}, other: {}}
    communications: {c: {volume: 100/month, needs: [crm, crm, {any_of: [crm, other]}], channels: [email], platforms: []}}
    """)
    assert loads(eco)["crm"].value == 100
    assert (loads(eco)["other"].low, loads(eco)["other"].high) == (0, 100)


def test_what_known_shares_leave_bounds_the_unknown_ones() -> None:
    found = loads(
        eco_of("""
    platforms: {a: {}, b: {}, rest: {}}
    communications:
      c: {volume: 100/month, routes: [
        {id: x, channel: email, platforms: [a], share: 30%},
        {id: y, channel: sms, platforms: [b, rest], share: unknown},
        {id: z, channel: push, platforms: [rest], share: unknown}]}
    """)
    )
    assert (found["b"].low, found["b"].value, found["b"].high) == (0, None, 70)
    assert found["rest"].value == 70


SHARES = """
platforms: {a: {}, b: {}, both: {}}
communications:
  c: {volume: 100/month, routes: [
    {id: x, channel: email, platforms: [both, a]%s},
    {id: y, channel: sms, platforms: [both, b]%s}]}
"""


def test_unknown_shares_are_bounds_and_what_all_routes_pass_is_certain() -> None:
    found = loads(eco_of(SHARES % ("", "")))
    assert (found["both"].low, found["both"].value, found["both"].high) == (100, 100, 100)
    assert (found["a"].low, found["a"].value, found["a"].high) == (0, None, 100)
    half = loads(eco_of(SHARES % (", share: 30%", ", share: unknown")))
    assert half["b"].value == pytest.approx(70)
    assert half["a"].value == pytest.approx(30)


def test_send_all_counts_every_route() -> None:
    text = SHARES.replace("{volume", "{send: all, volume") % ("", "")
    found = loads(eco_of(text))
    assert (found["a"].value, found["b"].value, found["both"].value) == (100, 100, 200)


def test_alternatives_share_an_unknown_part_unless_one_is_left() -> None:
    text = """
    platforms: {a: {}, b: {%s}}
    communications: {c: {volume: 100/month, routes: [{channel: email, platforms: [{any_of: [a, b]}]}]}}
    """
    found = loads(eco_of(text % ""))
    assert (found["a"].low, found["a"].value, found["a"].high) == (0, None, 100)
    assert loads(eco_of(text % "status: retired"))["a"].value == 100


def test_an_unknown_volume_is_never_zero() -> None:
    found = loads(
        eco_of("""
    platforms: {a: {}}
    communications:
      known: {volume: 100/month, channels: [email], platforms: [a]}
      open: {channels: [email], platforms: [a]}
    """)
    )
    assert (found["a"].low, found["a"].value, found["a"].high) == (100, None, None)
    assert uses(eco_of("communications: {c: {status: retired, channels: [email], platforms: []}}")) == {}


def only(text: str, factor: float = 2.0) -> Utilisation:
    (one,) = utilisations(eco_of(text), factor)
    return one


EVENTS = """
platforms: {a: {capacity: %s}}
communications: {c: {volume: 730500/month, channels: [email], platforms: [a]}}
"""


@pytest.mark.parametrize(
    ("capacity", "rho", "by_default"),
    [("1000/h", 2.0, True), ("1/s", 2000 / 3600, True), ("24000/day", 1.0, False), ("730500/month", 1.0, False)],
)
def test_the_peak_factor_applies_an_hour_and_finer(capacity: str, rho: float, by_default: bool) -> None:
    one = only(EVENTS % capacity)
    assert one.rho == pytest.approx(rho)
    assert one.by_default is by_default
    assert one.least == pytest.approx(rho / (2 if by_default else 1))
    assert only(EVENTS % capacity, factor=1.0).rho == pytest.approx(rho / (2 if by_default else 1))


def test_scaling_volumes_and_capacities_keeps_utilisation() -> None:
    before = {one.supplier.id: one.rho for one in utilisations(eco_of(SMALL_FIRM))}
    scaled = SMALL_FIRM.replace("000/month", "0000/month")
    assert {one.supplier.id: one.rho for one in utilisations(eco_of(scaled))} == pytest.approx(before)


def test_ranges_carry_through() -> None:
    one = only("""
    platforms: {a: {capacity: {value: 100, low: 80, high: 120, per: month}}}
    communications:
      c: {volume: {value: 50, low: 40, high: 90, per: month, basis: estimated}, channels: [email], platforms: [a]}
    """)
    assert (one.load.low, one.load.value, one.load.high, one.load.basis) == (40, 50, 90, "estimated")
    assert (one.limit.low, one.limit.high) == (80, 120)
