from __future__ import annotations

import pytest

from cx_map.analyses.queueing import Pool, bearable, pools
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of

POOL = """
agent_pools:
  desk: {arrivals: %s/30m, handle_time: 4m, agents: %s%s}
"""


def pool_of(text: str) -> Pool:
    return pools(Ecosystem(inventory_of(text)))["desk"]


def test_golden_pools() -> None:
    fine = pool_of(POOL % (360, 57, ""))
    assert fine.load == pytest.approx(48)
    assert fine.stable
    assert fine.occupancy == pytest.approx(0.842, abs=5e-4)
    flooded = pool_of(POOL % (414, 55, ""))
    assert not flooded.stable
    assert flooded.load == pytest.approx(55.2)
    tight = pool_of(POOL % (360, 55, ", target: {share: 80%, within: 15s}"))
    assert tight.service_level == pytest.approx(0.84588, abs=5e-6)
    assert tight.needed(0.85) == 57
    assert tight.margin == pytest.approx(0.0175, abs=1e-4)


def test_shrinkage_and_concurrency() -> None:
    one = pool_of(POOL % (360, 80, ", shrinkage: 30%, concurrency: 2"))
    assert one.agents == 112
    assert one.needed(0.85) == 42  # 57 at once, 29 present, 30 % away
    assert pool_of(POOL % (360, "79.9", ", shrinkage: 30%")).agents == 55


INDUCED = """
agent_pools:
  desk: {arrivals: 200/30m, handle_time: 4m, agents: 55}
communications:
  fee-notice: {volume: 1461000/month, induces: [{pool: desk, per_1000: 180}]}
  promo: {volume: %s, induces: [{pool: desk, per_1000: 10, kind: value}], schedule: {run: P1M, window: 6h, at: '02:00', day: '1'}}
touchpoints:
  form: {volume: 30437.5/month, induces: [{pool: desk, per_1000: 86.4}]}
"""


def test_induced_contacts_join_the_peak() -> None:
    one = pool_of(INDUCED % "48000/month")
    each = {cause.cause: cause.contacts.value for cause in one.inducers}
    assert each == pytest.approx({"fee-notice": 262980, "form": 2629.8, "promo": 480})
    assert one.induced * 86400 == pytest.approx(262980 / 30.4375 + 2629.8 / 30.4375 + 480)
    assert not one.without("promo").open
    assert one.without("fee-notice").induced * 86400 == pytest.approx(2629.8 / 30.4375 + 480)
    assert [cause.cause for cause in one.inducers if cause.wanted] == ["promo"]


def test_how_much_of_what_is_caused_a_pool_can_bear() -> None:
    fine = pool_of(INDUCED.replace("agents: 55", "agents: 500") % "48000/month")
    assert fine.keeps
    assert bearable(fine, "fee-notice") == 1.0
    short = pool_of(INDUCED.replace("agents: 55", "agents: 35") % "48000/month")
    assert not short.keeps
    part = bearable(short, "fee-notice")
    assert 0 < part < 1
    assert short.thinned("fee-notice", part).keeps
    assert not short.thinned("fee-notice", part + 1e-3).keeps
    assert bearable(pool_of(INDUCED.replace("agents: 55", "agents: 20") % "48000/month"), "fee-notice") == 0.0


def test_unknown_contacts_are_open_not_zero() -> None:
    one = pool_of(INDUCED % "unknown")
    assert one.open == ("promo",)
    assert one.induced * 86400 == pytest.approx((262980 + 2629.8) / 30.4375)


def test_pools_without_their_facts_are_left_out() -> None:
    text = "agent_pools: {desk: {arrivals: 100/h, agents: 5}, other: {status: retired, arrivals: 1/h, handle_time: 1m, agents: 1}}"
    assert pools(Ecosystem(inventory_of(text))) == {}


def test_customers_who_give_up_make_room_for_others() -> None:
    patient, leaving = pool_of(POOL % (360, 52, "")), pool_of(POOL % (360, 52, ", patience: 2m"))
    assert patient.patience is None
    assert leaving.patience == 120
    assert leaving.service_level > patient.service_level
    assert leaving.needed(None) < patient.needed(None)
    flooded = pool_of(POOL % (414, 55, ", patience: 2m"))
    assert flooded.leaving is not None
    assert 0 < flooded.leaving.given_up < 1
    assert flooded.mean_wait < 120
    assert leaving.without("nothing").patience == 120


def test_contacts_come_in_while_the_pool_is_open() -> None:
    """A statement night fills the morning after: nobody calls a closed line."""
    one = pool_of((INDUCED % "48000/month").replace("agents: 55", "agents: 55, hours: 'mon-fri 08:00-18:00, sat 9-12'"))
    day = 262980 / 30.4375 + 2629.8 / 30.4375 + 480
    assert one.induced * 36000 == pytest.approx(day)
    assert one.without("promo").induced * 36000 == pytest.approx(day - 480)
    unread = pool_of((INDUCED % "48000/month").replace("agents: 55", "agents: 55, hours: by arrangement"))
    assert unread.induced * 86400 == pytest.approx(day)
