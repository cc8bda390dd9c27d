"""Selectors: every form of the grammar, walks in a graph with a loop, and errors that say what to write instead."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.errors import UsageError
from cx_map.graph.selectors import properties_of, select, selectable
from tests.support import inventory_of

# core -> crm -> letter -> post -> form, and the form writes back into core; cdp -> crm; crm -> mail -> email.
EDGES = [
    ("core", "crm"),
    ("cdp", "crm"),
    ("crm", "letter"),
    ("crm", "mail"),
    ("letter", "post"),
    ("mail", "email"),
    ("post", "form"),
]
PROPERTIES = {
    "core": {"kind": ("data_sources",), "owner": ("it",)},
    "cdp": {"kind": ("data_sources",), "tag": ("legacy", "eu")},
    "crm": {"kind": ("platforms",), "owner": ("it",), "tag": ("legacy",)},
    "letter": {"kind": ("communications",), "line_of_business": ("cards",), "severity": ("major",)},
    "mail": {"kind": ("communications",), "line_of_business": ("retail",)},
    "post": {"kind": ("channels",)},
    "email": {"kind": ("channels",)},
    "form": {"kind": ("collection_points",)},
}
BANK = selectable(PROPERTIES, EDGES, [("form", "core")])


@pytest.mark.parametrize(
    ("written", "chosen"),
    [
        ("crm", "crm"),
        ("id:crm", "crm"),
        ("kind:channels", "post email"),
        ("owner:it", "core crm"),
        ("tag:legacy", "cdp crm"),
        ("severity:major", "letter"),
        ("line_of_business:cards", "letter"),
        ("+letter", "core cdp crm letter"),
        ("1+letter", "crm letter"),
        ("0+letter", "letter"),
        ("2+post", "crm letter post"),
        ("crm+", "crm letter mail post email form"),
        ("crm+1", "crm letter mail"),
        ("1+letter+1", "crm letter post"),
        ("+letter+", "core cdp crm letter post form"),
        ("@mail", "core cdp crm mail email"),
        ("@cdp", "core cdp crm letter mail post email form"),
        ("crm post", "crm post"),
        ("  crm   post ", "crm post"),
        ("owner:it,tag:legacy", "crm"),
        ("kind:platforms+,kind:channels", "post email"),
        ("owner:it,tag:legacy form", "crm form"),
        ("kind:channels,kind:platforms", ""),
    ],
)
def test_every_form(written: str, chosen: str) -> None:
    assert select([written], BANK) == frozenset(chosen.split())


def test_feedback_is_followed_as_a_first_step_only() -> None:
    assert select(["form+1"], BANK) == {"form", "core"}
    assert select(["form+"], BANK) == frozenset(PROPERTIES) - {"cdp"}
    assert "form" not in select(["+crm"], BANK)
    assert select(["+core"], BANK) == {"core", "form", "post", "letter", "crm", "cdp"}
    assert "core" not in select(["letter+"], BANK)


def test_several_focus_selectors_unite_and_excluded_ones_are_taken_away() -> None:
    assert select(["post", "form"], BANK) == {"post", "form"}
    assert select(["crm+"], BANK, ["kind:communications", "form"]) == {"crm", "post", "email"}
    assert select([], BANK, ["kind:channels"]) == frozenset(PROPERTIES) - {"post", "email"}
    assert select([], BANK) == frozenset(PROPERTIES)


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        ("crn", "nothing to select is called 'crn'", "did you mean 'crm'?"),
        ("kind:platform", "nothing has the kind 'platform'", "did you mean 'platforms'?"),
        ("kind:zzz", "nothing has the kind 'zzz'", "there are channels, collection_points"),
        ("onwer:it", "'onwer' is not something to select by", "did you mean 'owner'?"),
        ("colour:red", "'colour' is not something to select by", "one of id, kind"),
        ("++crm", "cannot read the selector '++crm'", "2+x"),
        ("+", "cannot read the selector '+'", "2+x"),
        ("crm,,post", "cannot read the selector '' in 'crm,,post'", "2+x"),
        ("@crm+", "cannot read the selector '@crm+'", "already goes both ways"),
        ("", "a selector is empty", "write an id"),
        ("line_of_business:Cards", "nothing has the line of business 'Cards'", "did you mean 'cards'?"),
    ],
)
def test_errors_say_what_to_write(written: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        select([written], BANK)
    assert caught.value.message.startswith(message)
    assert hint in caught.value.hint


def test_a_method_that_nothing_answers_says_so() -> None:
    with pytest.raises(UsageError) as caught:
        select(["tag:x"], selectable({"a": {"kind": ("platforms",)}}))
    assert caught.value.hint == "no entity gives a tag"


def test_edges_to_what_is_not_there_are_left_out() -> None:
    over = selectable({"a": {}, "b": {}}, [("a", "gone"), ("gone", "b")])
    assert select(["a+"], over) == {"a"}


def test_properties_of_an_entity() -> None:
    inventory = inventory_of(
        """
        lines_of_business: {cards: {}}
        teams: {it: {}}
        platforms:
          crm: {owner: it, line_of_business: cards, tags: [legacy, eu]}
          bare: {}
        """
    )
    crm = inventory.entities["crm"]
    assert properties_of(crm) == {
        "kind": ("platforms",), "line_of_business": ("cards",), "owner": ("it",), "tag": ("legacy", "eu"),
    }  # fmt: skip
    assert properties_of(inventory.entities["bare"]) == {"kind": ("platforms",)}


names = st.sampled_from("abcdefgh")


@given(st.lists(st.tuples(names, names), max_size=24), names, st.integers(0, 4))
@settings(max_examples=100, deadline=None)
def test_laws_of_walks(edges: list[tuple[str, str]], start: str, steps: int) -> None:
    over = selectable({one: {"kind": ("k",)} for one in "abcdefgh"}, edges)
    down, up = select([f"{start}+"], over), select([f"+{start}"], over)
    assert start in down
    assert start in up
    assert select([f"{start}+{steps}"], over) <= select([f"{start}+{steps + 1}"], over) <= down
    assert select([f"+{start}+"], over) == down | up
    assert all(start in select([f"+{one}"], over) for one in down)
    around = select([f"@{start}"], over)
    assert down | up <= around
    assert around == frozenset().union(*(select([f"+{one}"], over) for one in down))
    assert select(["kind:k"], over, [f"{start}+"]) == over.ids - down
