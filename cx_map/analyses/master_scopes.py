"""Whether two masters of one attribute are so for the same customers.

A holding says for which products and segments it is; where it says neither, and its store or platform works for some lines
of business, it is read as theirs, since a line's system is seldom right about the customers of another. That is a
reading: nobody said so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from cx_map.analyses.holdings import Held, overlap
from cx_map.analyses.lines import ancestors, lines_of
from cx_map.analyses.shared_customers import Shared, shared_customers
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.attributes import covers
from cx_map.model.chapter_customers import Product
from cx_map.model.chapter_map import DataSource

Meeting: TypeAlias = Literal["none", "perhaps", "sure"]

OF_THE_PERSON = ("identity", "contact", "person", "preference", "language", "access_needs", "vulnerability")
"""What is true of somebody whatever he buys; the rest (orders, accounts, meter readings) a line has its own of."""


def meeting(eco: Ecosystem, attribute: str, one: Held, other: Held) -> Meeting:
    """Whether two stores are master of an attribute for the same customers. O(lines of both, multiplied).

    Masters of different lines are rivals where the attribute is of the person and the lines are said to share customers;
    they are none where the lines are said to share nobody; else it is not known.
    """
    if not overlap(eco.inventory, one.holding, other.holding):
        return "none"
    ours, theirs = _lines(eco, one), _lines(eco, other)
    if not ours or not theirs or not ours.isdisjoint(theirs):
        return "sure"
    stated = eco.once(shared_customers)
    found = [_shared(eco, stated, a, b) for a in sorted(ours) for b in sorted(theirs)]
    if None in found:
        return "sure"  # one of the lines is part of the other
    if all(one == "none" for one in found):
        return "none"
    personal = any(covers(eco.inventory, group, attribute) for group in OF_THE_PERSON)
    return "sure" if personal and "sure" in found else "perhaps"


def _lines(eco: Ecosystem, held: Held) -> frozenset[str]:
    """The lines that a holding is for; none where it may be for any."""
    lines = eco.once(lines_of)
    if held.holding.products is not None:
        products = [eco.inventory.find(name, Product) for name in held.holding.products]
        of = [one.line_of_business if one is not None else None for one in products]
        return frozenset(line for line in of if line) if all(of) else frozenset()
    everybody = isinstance(held.store, DataSource) and held.store.role in ("customer_master", "golden")
    if held.holding.segments is not None or everybody:
        return frozenset()
    return lines.get(held.place, frozenset())


def _shared(eco: Ecosystem, stated: Mapping[tuple[str, str], Shared], one: str, other: str) -> Meeting | None:
    """Whether two lines share customers; None where one is part of the other."""
    above = [(name, *ancestors(eco.inventory, name)) for name in (one, other)]
    if one in above[1] or other in above[0]:
        return None
    pairs = [(min(a, b), max(a, b)) for a in above[0] for b in above[1] if a != b]
    if any(pair in stated and stated[pair].high == 0 for pair in pairs):
        return "none"
    shared = stated.get(pairs[0]) if pairs else None
    return "sure" if shared is not None and shared.basis != "assumed" and shared.low != 0 else "perhaps"
