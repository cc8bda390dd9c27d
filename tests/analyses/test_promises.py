"""How long a promise takes at least, and what is not known of that."""

from __future__ import annotations

import pytest

from cx_map.analyses.promises import promise_walks
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of

FIRM = """
segments: {s: {}}
teams: {t: {}}
channels: {letter: {latency: 2h}}
platforms: {quick: {processing: 1d}, slow: {processing: 5d}, silent: {}}
data_sources: {book: {owner: t}}
touchpoints: {counter: {team: t, writes_to: [book]}}
communications: {reply: {segments: [s], needs: [], routes: [{channel: letter, platforms: [HOPS]}]}}
promises: {p: {made_at: [counter], recorded_in: book, owner: t, kept_by: [reply], within: 2d, monitored_by: [t]}}
"""


@pytest.mark.parametrize(
    ("hops", "seconds", "missing", "open_"),
    [
        ("quick", 93600, (), ()),
        ("slow", 439200, ("in time",), ()),
        ("{any_of: [slow, quick]}", 93600, (), ()),  # the quickest of alternatives
        ("{any_of: [slow, silent]}", 7200, (), ("in time",)),  # which may be the one of unknown time
        ("quick, quick", 180000, ("in time",), ()),
        ("quick, silent", 93600, (), ("in time",)),
    ],
)
def test_a_message_takes_its_platforms_and_its_channel(
    hops: str, seconds: float, missing: tuple[str, ...], open_: tuple[str, ...]
) -> None:
    (walk,) = promise_walks(Ecosystem(inventory_of(FIRM.replace("HOPS", hops))))
    assert walk.seconds == seconds
    assert tuple(one.element for one in walk.missing) == missing
    assert tuple(element for element, _ in walk.open_) == open_


def test_of_several_ways_to_keep_it_the_best_counts() -> None:
    text = FIRM.replace("HOPS", "slow").replace("kept_by: [reply]", "kept_by: [reply, visit]")
    (walk,) = promise_walks(Ecosystem(inventory_of(text, "actions: {visit: {team: t, within: 1d, informs: [reply]}}")))
    assert walk.seconds == 439200, "the visit informs by the same letter"
    (quick,) = promise_walks(
        Ecosystem(
            inventory_of(
                text, "actions: {visit: {team: t, within: 1d}}\nagent_pools: {desk: {team: t, channels: [phone]}}"
            )
        )
    )
    assert (quick.seconds, quick.missing, quick.open_) == (86400, (), ())
