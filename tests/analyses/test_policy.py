"""What policy blocks is no remedy, whoever computed it."""

from __future__ import annotations

import pytest

from cx_map.analyses.policy import against_policy
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of

FLOWS = """
data_sources: {a: {}, b: {}, c: {}}
flows:
  - {from: a, to: b, policy: blocked, carries: [contact.email]}
  - {from: b, to: c, policy: blocked, two_way: true}
"""


@pytest.mark.parametrize(
    ("flow", "against"),
    [
        ({"from": "a", "to": "b", "carries": ["contact.email"]}, ("a", "b")),
        ({"from": "a", "to": "b", "carries": ["contact"]}, ("a", "b")),
        ({"from": "a", "to": "b", "carries": ["account.balance"]}, None),
        ({"from": "a", "to": "b", "carries": ["*"]}, ("a", "b")),
        ({"from": "a", "to": "b"}, ("a", "b")),
        ({"from": "b", "to": "a", "carries": ["contact.email"]}, None),
        ({"from": "c", "to": "b", "carries": ["account.balance"]}, ("c", "b")),
    ],
)
def test_a_new_flow_is_against_policy_where_it_may_carry_what_is_blocked(
    flow: dict[str, object], against: tuple[str, str] | None
) -> None:
    eco = Ecosystem(inventory_of(FLOWS))
    assert against_policy(eco, [{"change": {"a": {"owner": "x"}}}, {"connect": flow}]) == against
