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


def test_what_is_added_to_lists_is_told_one_by_one() -> None:
    """Two teams that one report goes to are two changes, and not the same one twice."""
    many = [{"change": {"digest": {"delivered_to": {"add": [team]}}}} for team in ("care", "site")]
    told = in_words(ECO, many)
    assert told == "add 'care' to delivered_to of 'digest', add 'site' to delivered_to of 'digest'"
    details = [{"change": {"digest": {"delivered_to": {"add": [{"team": "care"}]}}}}]
    assert in_words(ECO, details) == "change 'digest' (delivered_to)"


def test_a_quicker_flow_of_the_same_is_not_a_wider_one() -> None:
    eco = Ecosystem(inventory_of("data_sources: {a: {}, b: {}}\nflows: [{from: a, to: b, via: file, carries: '*'}]"))
    quicker = {"from": "a", "to": "b", "via": "event", "carries": ["*"]}
    assert in_words(eco, [{"connect": quicker}]) == "speed up the flow from 'a' to 'b'"
    assert in_words(ECO, [{"connect": quicker}]) == "connect 'a' to 'b' (everything)"


def test_a_flow_that_carries_it_for_some_is_to_carry_it_for_more_and_is_not_sped_up() -> None:
    """Paperless that stops at the card: the flow is quick enough, and for card holders only."""
    firm = "products: {card: {}, loan: {}}\ndata_sources: {a: {}, b: {}}\n"
    eco = Ecosystem(inventory_of(firm + "flows: [{from: a, to: b, via: event, carries: [x], products: [card]}]"))
    new = {"from": "a", "to": "b", "via": "event", "carries": ["x"]}
    assert in_words(eco, [{"connect": new}]) == "let the flow from 'a' to 'b' carry x for more customers"
    same = {**new, "products": ["card"]}
    assert in_words(eco, [{"connect": same}]) == "speed up the flow from 'a' to 'b'"
