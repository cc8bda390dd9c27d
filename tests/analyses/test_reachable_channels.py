from __future__ import annotations

import pytest

from cx_map.analyses.reachable_channels import Reachable
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import ANYONE, response_graph
from tests.support import inventory_of

FIRM = """
segments:
  old: {reachable_by: {letter: 95%, phone: 40%, push: 0}}
  young: {reachable_by: {push: 80%, phone: 60%}}
  lost: {reachable_by: {letter: 0}}
  any: {}
"""


def reachable(text: str) -> Reachable:
    inventory = inventory_of(text)
    return Reachable(inventory, response_graph(Ecosystem(inventory)).segments)


def bits(found: Reachable, *names: str) -> int:
    return sum(1 << found.segments[name] for name in names)


@pytest.mark.parametrize(
    ("names", "channels"),
    [
        (["old"], ("letter",)),
        (["young"], ("push",)),
        (["old", "young"], ("phone",)),
        (["any"], ("email",)),
        (["old", "any"], ("letter",)),
        (["lost"], ()),
        (["old", "lost"], ()),
    ],
)
def test_the_channel_that_reaches_most_of_every_segment(names: list[str], channels: tuple[str, ...]) -> None:
    found = reachable(FIRM)
    assert found.channels(bits(found, *names)) == channels


def test_a_channel_each_where_none_reaches_all() -> None:
    found = reachable(FIRM.replace(", phone: 60%", ""))
    assert found.channels(bits(found, "old", "young")) == ("letter", "push")


def test_channels_that_are_not_in_use_reach_nobody() -> None:
    found = reachable(FIRM + "channels: {letter: {status: retired}}")
    assert found.channels(bits(found, "old")) == ("phone",)


def test_customers_of_no_segment_are_reached_where_anybody_is() -> None:
    found = reachable(FIRM)
    anyone = bits(found, ANYONE)
    assert found.may_tell(anyone, "sms"), "of 'any' nobody says"
    all_say = reachable(FIRM.replace("  any: {}", ""))
    anyone = bits(all_say, ANYONE)
    assert [all_say.may_tell(anyone, one) for one in ("letter", "push", "sms")] == [True, True, False]
    nobody = reachable("segments: {lost: {reachable_by: {letter: 0}}}")
    assert nobody.channels(bits(nobody, ANYONE)) == ()
    unsaid = reachable("teams: {care: {}}")
    assert unsaid.channels(bits(unsaid, ANYONE)) == ("email",)


def test_the_share_is_that_of_the_segment_reached_least() -> None:
    found = reachable(FIRM)
    assert found.share(bits(found, "old", "young"), "phone") == pytest.approx(0.4)
    assert found.share(bits(found, "old", "young"), "letter") == 0
    assert found.share(bits(found, "any"), "letter") == 0


def test_nothing_goes_out_by_a_channel_for_what_comes_in() -> None:
    found = reachable(FIRM + "channels: {email: {direction: in}, letter: {direction: in}}\n")
    assert found.channels(bits(found, "old")) == ("phone",)
    assert found.channels(bits(found, "any")) == ()
