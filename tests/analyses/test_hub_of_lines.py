"""The store that joins lines of business."""

from __future__ import annotations

from cx_map.analyses.hub_of_lines import common_store
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of

FIRM = """
lines_of_business: {a: {}, b: {}, c: {}}
data_sources:
  a1: {line_of_business: a}
  b1: {line_of_business: b}
  c1: {line_of_business: c}
  two: {holds: [contact]}
  many: {holds: [contact]}
  one: {holds: [contact]}
  old: {holds: [contact], role: archive}
  EXTRA
flows:
  - {from: a1, to: two, carries: [contact]}
  - {from: b1, to: two, carries: [contact]}
  - {from: a1, to: many, carries: [contact]}
  - {from: many, to: b1, carries: [contact]}
  - {from: c1, to: many, carries: [contact]}
  - {from: a1, to: one, carries: [contact]}
  - {from: a1, to: old, carries: [contact]}
  - {from: b1, to: old, carries: [contact]}
  - {from: c1, to: old, carries: [contact]}
  MORE
"""


def chosen(*inside: str, extra: str = "", more: str = "") -> str | None:
    return common_store(Ecosystem(inventory_of(FIRM.replace("EXTRA", extra).replace("MORE", more))), inside)


def test_masters_then_golden_then_what_most_lines_share() -> None:
    assert chosen("a1") == "many"
    assert chosen("a1", extra="z: {role: golden}") == "z"
    assert chosen("a1", extra="z: {role: customer_master}\n  g: {role: golden}") == "z"
    assert chosen("a1", extra="z: {role: customer_master, status: retired}") == "many"


def test_what_is_inside_or_kept_apart_is_no_other_end() -> None:
    assert chosen("a1", "many") == "two"
    assert chosen("a1", "many", "two") is None
    assert chosen("a1", more="- {from: a1, to: many, policy: blocked}") == "two"
