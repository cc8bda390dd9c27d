"""Flows that came, went or changed, and what a change means to customers."""

from __future__ import annotations

from cx_map.compare.capabilities import Capabilities, Gain, Reach, gains
from cx_map.compare.changes import compare
from tests.states.small import FIRM, after, firm
from tests.support import inventory_of


def told(changes):
    return [(one.change, *one.ends, one.level) for one in changes.flows]


def test_flows():
    base = firm()
    new = after(
        {"connect": {"id": "x", "from": "crm", "to": "esp", "via": "event"}}, {"disconnect": {"from": "legacy", "to": "archive"}},
        {"disconnect": {"from": "crm", "to": "ccm"}}, {"connect": {"from": "crm", "to": "ccm", "via": "api", "carries": []}},
        {"connect": {"from": "esp", "to": "crm", "via": "event"}}, base=base,
    )  # fmt: skip
    got = compare(base, new)
    assert told(got) == [
        ("changed", "crm", "ccm", "", "breaking"),
        ("added", "crm", "esp", "x", "notable"),
        ("changed", "esp", "crm", "", "notable"),
        ("removed", "legacy", "archive", "", "breaking"),
    ]
    assert [(one.field, one.before, one.after) for one in got.flows[0].fields] == [("carries", ["contact.email"], [])]
    assert [(one.field, one.before, one.after) for one in got.flows[2].fields] == [("via", "none", "event")]
    assert got.flows[1].as_plain() == {"id": "x", "from": "crm", "to": "esp", "via": "event"}
    assert [one[0] for one in told(compare(new, base))] == ["changed", "removed", "changed", "added"]


def test_several_flows_of_one_pair_are_a_bag():
    flows = "data_sources: {a: {}, b: {}}\nflows: [{from: a, to: b, via: api}, {from: a, to: b, via: batch}, {from: a, to: b, via: file}]"
    got = compare(inventory_of(flows), inventory_of(flows.replace(", {from: a, to: b, via: batch}", "")))
    assert told(got) == [("removed", "a", "b", "", "breaking")]
    assert got.flows[0].flow.via == "batch"


def test_flows_of_a_replaced_thing_are_not_lost():
    base = firm()
    new = after({"replace": {"legacy": "ccm"}}, base=base)
    levels = {one[1:4]: one[4] for one in told(compare(base, new)) if one[0] == "removed"}
    assert levels[("legacy", "archive", "")] == levels[("crm", "legacy", "")] == "notable"
    back = {one[1:4]: one[4] for one in told(compare(new, base)) if one[0] == "removed"}
    assert back[("ccm", "archive", "")] == "notable"


def test_a_flow_lost_beside_a_replacement_is_lost():
    base = after({"connect": {"id": "x", "from": "crm", "to": "ccm"}})
    new = after({"replace": {"old-app": "new-app"}}, {"disconnect": {"id": "x", "from": "crm", "to": "ccm"}}, base=base)
    assert told(compare(base, new)) == [("removed", "crm", "ccm", "x", "breaking")]


def test_a_flow_that_did_not_work_breaks_nobody():
    base = firm()
    got = compare(base, inventory_of(FIRM.replace("  - {from: esp, to: crm, via: none}\n", "")))
    assert told(got) == [("removed", "esp", "crm", "", "notable")]


def test_gains_by_communication_and_by_segment_and_purpose():
    text = """
    segments: {s: {}}
    platforms: {p: {}, q: {status: STATUS}}
    communications:
      a: {purpose: servicing, segments: [s], channels: [email], platforms: [p]}
      b: {purpose: servicing, segments: [s], routes: [{channel: sms, platforms: [q]}, {channel: letter, platforms: [{any_of: [p, q]}]}]}
      c: {purpose: marketing, channels: [push]}
      d: {segments: [s], channels: unknown}
    """
    old, new = inventory_of(text.replace("STATUS", "active")), inventory_of(text.replace("STATUS", "retired"))
    assert compare(old, new).capabilities == Capabilities(
        (Gain("b", (), ("sms",)),), (Reach("s", "servicing", (), ("sms",)),)
    )
    assert compare(new, old).capabilities == Capabilities(
        (Gain("b", ("sms",), ()),), (Reach("s", "servicing", ("sms",), ()),)
    )


def test_gains():
    assert gains({"a": ["x", "y"], "b": ["z"]}, {"a": ["y", "w"], "b": ["z"], "c": []}) == (Gain("a", ("w",), ("x",)),)
