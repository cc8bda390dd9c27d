"""What was meant: near words are offered, far ones are not."""

from __future__ import annotations

import pytest

from cx_map.errors import InventoryError
from cx_map.load.hints import article, did_you_mean, in_words
from cx_map.model.chapter_map import Communication
from cx_map.model.fields import fields_of
from cx_map.model.kinds import KINDS
from tests.support import inventory_of


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("chanels", "channels"), ("channel", "channels"), ("Purpose", "purpose"), ("mustArrive", "must_arrive"),
        ("must-arrive", "must_arrive"), ("line of business", "line_of_business"), ("reply-to", "reply_to"), ("ownr", "owner"),
    ],
)  # fmt: skip
def test_fields(written: str, meant: str) -> None:
    assert did_you_mean(written, fields_of(Communication)) == f"did you mean `{meant}`?"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("communication", "communications"), ("datasources", "data_sources"), ("preference", "preferences")],
)
def test_kinds(written: str, meant: str) -> None:
    assert did_you_mean(written, KINDS) == f"did you mean `{meant}`?"


@pytest.mark.parametrize("written", ["", "zzz", "price", "x" * 10_000])
def test_nothing_near(written: str) -> None:
    assert did_you_mean(written, fields_of(Communication)) == ""


def test_among_very_many() -> None:
    known = [f"platform-{number}" for number in range(100_000)]
    assert did_you_mean("latform-77777", [*known, "unlike"]) == "did you mean `platform-77777`?"


def test_kinds_in_words() -> None:
    assert in_words(()) == "an entity"
    assert in_words(("teams", "agent_pools")) == "a team or an agent pool"
    assert in_words(("products", "insights", "organization")) == "a product, an insight or an organization"
    assert [article(word) for word in ("action", "error type", "unit", "team")] == ["an", "an", "a", "a"]


def test_a_team_named_like_a_shipped_channel_is_pointed_at() -> None:
    text = """
    teams:
      web: {functions: [digital]}
    communications: {a: {channels: [web], platforms: []}}
    """
    with pytest.raises(InventoryError) as caught:
        inventory_of(text)
    (problem,) = caught.value.problems
    assert problem.message == "'web' is a team; here goes a channel"
    assert problem.hint == (
        "the shipped channel 'web' is replaced by the team at file1.cxmap.yaml:3:3: give that another id"
    )
