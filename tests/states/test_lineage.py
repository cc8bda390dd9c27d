"""Where ids went."""

from __future__ import annotations

from cx_map.states.lineage import Lineage, Move
from tests.states.small import after, refused


def lineage(*moves):
    return Lineage(tuple((Move(*move),) for move in moves))


def test_moves_follow_one_another():
    way = lineage(("renamed", "a", "b"), ("merged", "b", "c"), ("renamed", "c", "d"))
    assert [way.journey(name) for name in ("a", "c", "x")] == [("d", "merged"), ("d", "renamed"), ("x", None)]
    assert (way.merged, way.renamed, way.replaced) == ({"a": "d"}, {"c": "d"}, {})


def test_an_id_taken_up_again_is_another_thing():
    way = lineage(("renamed", "a", "b"), ("replaced", "a", "c"))
    assert way.target("a") == "b"


def test_namespaces_are_apart():
    way = lineage(("renamed", "a", "b", "attributes"))
    assert (way.target("a"), way.target("a", "attributes")) == ("a", "b")


def test_since():
    first = lineage(("renamed", "a", "b"))
    both = first.then(((Move("renamed", "b", "c"),),))
    assert both.since(first) == lineage(("renamed", "b", "c"))
    assert first.since(both) is None
    assert first.then(()) is first


def test_references_and_attributes_move_too():
    base = after(
        {"add": {"references": {"s1": {}, "s2": {}}, "attributes": {"x": {}}}},
        {"change": {"ccm": {"source": ["s1", "s2"]}}},
    )
    got = after({"replace": {"s1": "s2"}}, {"rename": {"s2": "plan", "x": "y"}}, base=base)
    assert got.entities["ccm"].source == ("plan",)
    assert (list(got.references), list(got.attributes)) == (["plan"], ["y"])
    (problem,) = refused({"replace": {"s1": "crm"}}, base=base)
    assert problem.message == "'s1' is one of references and 'crm' of data_sources: one cannot stand for the other"
