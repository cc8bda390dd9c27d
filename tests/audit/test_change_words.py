"""Roadmap operators in a few words."""

from __future__ import annotations

from cx_map.audit.change_words import in_words
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of

ECO = Ecosystem(inventory_of("data_sources: {a: {}, b: {}}\nflows: [{from: b, to: a, via: api}]"))


def test_routes_are_told_by_their_channels() -> None:
    routes = [{"channel": "email"}, {"channel": "letter", "fallback_for": "email"}]
    assert in_words(ECO, [{"change": {"bill": {"routes": routes}}}]) == "let 'bill' go by email, else letter"
    added = {"add": [{"channel": "sms"}, {"channel": "letter"}]}
    assert in_words(ECO, [{"change": {"bill": {"routes": added}}}]) == "let 'bill' go by sms and letter too"
    assert in_words(ECO, [{"change": {"bill": {"routes": {"remove": ["sms"]}}}}]) == "let 'bill' go by other ways"


def test_a_new_flow_and_a_wider_one_are_told_apart() -> None:
    new, wider = {"from": "a", "to": "b", "carries": ["contact.email"]}, {"from": "b", "to": "a", "carries": ["x", "y"]}
    told = in_words(ECO, [{"connect": new}, {"connect": wider}])
    assert told == "connect 'a' to 'b' (contact.email), let the flow from 'b' to 'a' carry 2 attributes"


def test_a_plain_value_is_told_and_of_many_changes_the_first_three() -> None:
    many = [{"change": {f"t{number}": {"owner": "cx"}}} for number in range(5)]
    assert in_words(ECO, many[:1]) == "set owner of 't0' to cx"
    assert in_words(ECO, many).endswith("set owner of 't2' to cx and 2 more")
