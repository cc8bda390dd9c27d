"""Each score on a firm small enough to count by hand; what is not known is neither good nor bad."""

from __future__ import annotations

from pathlib import Path

import pytest

from cx_map.analyses.scorecard import Score, scorecard
from cx_map.graph.ecosystem import Ecosystem
from cx_map.states.open import open_state
from tests.analyses.small_firm import SMALL_FIRM
from tests.support import inventory_of

ROOT = Path(__file__).parents[2]

PREFERENCES = "Preferences respected"
JOINED = "Customer data joined up"
SURVIVES = "Survives the loss of any one supplier"
IN_TIME = "In time at worst"
ASKED = "Questions that had to be asked"
OWNED = "Owned by an active team"
COMES_BACK = "What customers say comes back to them"
HEARD = "Touchpoints that are listened to"


def scores_of(*texts: str) -> dict[str, Score]:
    return {one.name: one for one in scorecard(Ecosystem(inventory_of(*texts)))}


def told(score: Score) -> tuple[float | None, int, int]:
    return (None if score.share is None else round(score.share, 6), score.checked, score.total)


def test_a_firm_that_says_nothing_has_no_scores() -> None:
    assert scores_of("teams: {care: {}}") == {}


# -- preferences ---------------------------------------------------------------------------------------------------

PREFERRING = """
platforms: {mailer: {}, other: {}, third: {}}
data_sources: {crm: {}}
collection_points: {form: {writes_to: [crm]}}
preferences: {opt: {captured_at: [form], master: crm}}
communications:
  kept: {governed_by: [opt], channel_decided_at: mailer, channels: [email], platforms: [mailer]}
  lost: {governed_by: [opt], channel_decided_at: other, channels: [email], platforms: [other]}
flows: [{from: crm, to: mailer, via: api, carries: [preference.opt]}]
"""


def test_preferences_respected_counts_communications_to_whose_platform_they_get() -> None:
    assert told(scores_of(PREFERRING)[PREFERENCES]) == (0.5, 1 + 1, 2)


def test_a_preference_that_may_get_there_is_neither_respected_nor_not() -> None:
    more = """
    communications: {perhaps: {governed_by: [opt], channel_decided_at: third, channels: [email], platforms: [third]}}
    flows: [{from: crm, to: third, via: api, carries: unknown}]
    """
    assert told(scores_of(PREFERRING, more)[PREFERENCES]) == (0.5, 2, 3)


# -- one view of the customer --------------------------------------------------------------------------------------

STORES = """
data_sources:
  a: {holds: [contact.email]}
  b: {holds: [contact.email]}
  c: {holds: [contact.email]}
flows: [{from: a, to: b, via: api, carries: [contact]}]
"""


def test_data_joined_up_is_of_ordered_pairs_of_stores() -> None:
    assert told(scores_of(STORES)[JOINED]) == (round(1 / 6, 6), 6, 6)
    two = "data_sources: {a: {holds: [contact.email]}, b: {holds: [contact.email]}}"
    assert told(scores_of(two)[JOINED]) == (0.0, 2, 2)
    both = "flows: [{from: a, to: b, via: api, carries: [contact]}, {from: b, to: a, via: api, carries: [contact]}]"
    assert told(scores_of(two, both)[JOINED]) == (1.0, 2, 2)


def test_a_pair_that_only_a_flow_of_unknown_content_could_join_is_not_in_the_share() -> None:
    vague = "flows: [{from: b, to: c, via: api, carries: unknown}]"
    found = scores_of(STORES, vague)[JOINED]
    assert told(found) == (0.25, 4, 6), "b to c and a to c are open; a to b is joined, three are apart"


def test_one_store_has_nobody_to_be_joined_with() -> None:
    assert JOINED not in scores_of("data_sources: {a: {holds: [contact.email]}}")


# -- resilience ----------------------------------------------------------------------------------------------------

TWICE = """
platforms: {one: {}, two: {}}
communications:
  safe:
    needs: []
    routes: [{channel: email, platforms: [one]}, {channel: letter, platforms: [two]}]
  weak: {needs: [], channels: [email], platforms: [one]}
"""


def test_survivors_are_those_that_no_single_supplier_stops() -> None:
    assert told(scores_of(TWICE)[SURVIVES]) == (0.5, 2, 2)
    assert told(scores_of(SMALL_FIRM)[SURVIVES]) == (0.0, 4, 4)


@pytest.mark.parametrize(
    "unknown",
    [
        "open: {needs: [], routes: [{channel: email}, {channel: letter, platforms: [two]}]}",
        "open: {needs: unknown, routes: [{channel: email, platforms: [one]}, {channel: letter, platforms: [two]}]}",
        "open: {needs: [], routes: unknown}",
        "open: {}",
    ],
)
def test_a_way_of_which_a_part_is_not_known_is_no_proof_of_survival(unknown: str) -> None:
    assert told(scores_of(TWICE, f"communications: {{{unknown}}}")[SURVIVES]) == (0.5, 2, 3)


def test_who_reaches_nobody_has_nothing_to_survive() -> None:
    nobody = """
    segments: {offline: {customers: 10, reachable_by: {letter: 0%, email: 0%, phone: 100%}}}
    communications:
      unread: {segments: [offline], needs: [], routes: [{channel: email, platforms: [one]}, {channel: letter, platforms: [two]}]}
    """
    assert told(scores_of(TWICE, nobody)[SURVIVES]) == (0.5, 2, 3)


def test_volume_weighs_where_everything_judged_has_one() -> None:
    weighed = TWICE.replace("safe:\n", "safe:\n    volume: 300/month\n").replace(
        "weak: {", "weak: {volume: 100/month, "
    )
    found = scores_of(weighed)[SURVIVES]
    assert (told(found), found.of_what) == ((0.75, 2, 2), "communications, by volume")
    half = scores_of(weighed.replace("volume: 100/month, ", ""))[SURVIVES]
    assert (told(half), half.of_what) == ((0.5, 2, 2), "communications, by number")


# -- deadlines -----------------------------------------------------------------------------------------------------

TIMED = """
platforms: {fast: {processing: 1m}, slow: {processing: 2d}, dark: {}}
channels: {text: {kind: sms, latency: 2m}}
communications:
  soon: {needs: [], channels: [text], platforms: [fast], deadline: 1h}
  late: {needs: [], channels: [text], platforms: [slow], deadline: 1h}
  never-timed: {needs: [], channels: [text], platforms: [fast]}
"""


def test_in_time_counts_those_with_a_deadline() -> None:
    found = scores_of(TIMED)[IN_TIME]
    assert (told(found), found.of_what) == ((0.5, 2, 2), "communications with a deadline, by number")


def test_a_time_that_is_not_known_is_neither_late_nor_in_time_but_too_late_is_certain() -> None:
    dark = "communications: {open: {needs: [], channels: [text], platforms: [dark], deadline: 1h}}"
    assert told(scores_of(TIMED, dark)[IN_TIME]) == (0.5, 2, 3)
    late = "communications: {open: {needs: [], channels: [text], platforms: [slow, dark], deadline: 1h}}"
    assert told(scores_of(TIMED, late)[IN_TIME]) == (round(1 / 3, 6), 3, 3)


def test_where_nothing_can_be_timed_there_is_no_share() -> None:
    text = "communications: {open: {deadline: 1h}}"
    assert told(scores_of(text)[IN_TIME]) == (None, 0, 1)


# -- questions -----------------------------------------------------------------------------------------------------

ASKING = """
data_sources: {crm: {holds: [contact.email]}}
collection_points:
  join: {kind: web_form, segments: [{segment: all, reach: 100%}], writes_to: [crm], asks: [contact.email]}
  again: {kind: web_form, segments: [{segment: all, reach: 20%}], writes_to: [crm], asks: [contact.email]}
segments: {all: {customers: 100}}
"""


def test_a_question_had_to_be_asked_where_nobody_knows_the_answer() -> None:
    assert told(scores_of(ASKING)[ASKED]) == (0.5, 2, 2)


def test_what_is_taken_without_asking_is_no_question() -> None:
    imported = """
    collection_points: {feed: {kind: import, writes_to: [crm], asks: [contact.phone, identity.name, contact.address]}}
    """
    assert told(scores_of(ASKING, imported)[ASKED]) == (0.5, 2, 2)


def test_a_question_of_which_nobody_knows_who_asks_first_is_open() -> None:
    vague = "collection_points: {somewhere: {kind: web_form, writes_to: unknown, asks: [contact.email]}}"
    found = scores_of(ASKING, vague)[ASKED]
    assert told(found) == (0.0, 1, 3), "what was the first is so no longer for certain; what was known still is"


# -- owners --------------------------------------------------------------------------------------------------------

OWNERS = """
teams: {care: {}, gone: {status: retired}}
communications: {a: {owner: care}, b: {owner: gone}, c: {owner: unknown}, d: {owner: care}}
"""


def test_owned_is_by_a_team_in_use_and_asked_for_in_vain_is_not() -> None:
    assert told(scores_of(OWNERS)[OWNED]) == (0.5, 4, 4)


def test_an_owner_that_is_left_out_was_not_looked_at() -> None:
    assert told(scores_of(OWNERS, "communications: {e: {}}")[OWNED]) == (0.5, 4, 5)


# -- loops ---------------------------------------------------------------------------------------------------------

LOOPS = """
segments: {a: {}}
teams: {care: {}}
platforms: {mailer: {}}
data_sources: {cases: {}, shelf: {}}
collection_points: {form: {channel: web}}
signals:
  good: {from: form, identity: known, segments: [a], captured_in: [cases], volume: 300}
  lost: {segments: [a], captured_in: [shelf], volume: 100}
actions: {mend: {team: care, triggered_by: [care], informs: [sorry]}}
communications: {sorry: {segments: [a], channels: [email], platforms: [mailer]}}
flows: [{from: cases, to: care, via: event}]
"""


def test_what_comes_back_is_by_volume() -> None:
    found = scores_of(LOOPS)[COMES_BACK]
    assert (told(found), found.of_what) == ((0.75, 2, 2), "signals, by volume")


def test_a_loop_that_could_not_be_judged_neither_comes_back_nor_does_not() -> None:
    dark = "signals: {dark: {segments: [a], captured_in: unknown}}"
    found = scores_of(LOOPS, dark)[COMES_BACK]
    assert (told(found), found.of_what) == ((0.75, 2, 3), "signals, by volume")
    assert told(scores_of("signals: {dark: {captured_in: unknown}}")[COMES_BACK]) == (None, 0, 1)


# -- listening -----------------------------------------------------------------------------------------------------

PLACES = """
touchpoints: {shop: {}, desk: {}, site: {}, app: {}}
signals: {moan: {about: [shop]}}
collection_points: {wide: {kind: survey, scope: relationship, touchpoint: desk}}
"""


def test_a_touchpoint_is_heard_by_who_listens_there_not_by_a_survey_of_the_relationship() -> None:
    assert told(scores_of(PLACES)[HEARD]) == (0.25, 4, 4)


def test_where_nothing_says_what_it_is_about_no_touchpoint_is_deaf() -> None:
    assert told(scores_of("touchpoints: {shop: {}, desk: {}}\nsignals: {moan: {}}")[HEARD]) == (None, 0, 2)


# -- all of them ---------------------------------------------------------------------------------------------------

NOT_LOOKED_AT = """
communications: {new-one: {}, new-two: {deadline: 2h}}
signals: {new-signal: {captured_in: unknown}}
data_sources: {new-store: {}}
platforms: {new-platform: {}}
collection_points: {new-point: {}}
"""
FOLDERS = [*sorted(one.parent for one in ROOT.glob("inventories/*/README.md")), ROOT / "examples" / "roadmap"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda one: one.name)
def test_on_every_inventory_shares_lie_between_none_and_all_and_say_their_base(folder: Path) -> None:
    found = scorecard(Ecosystem(open_state(str(folder))))
    assert found
    for one in found:
        assert 0 <= one.checked <= one.total
        assert (one.share is None) == (one.checked == 0), one.name
        assert one.share is None or 0 <= one.share <= 1
        assert ", by " in one.of_what or "by customers" in one.of_what


@pytest.mark.parametrize(
    "text", [PREFERRING, STORES, TWICE, TIMED, ASKING, OWNERS, LOOPS, PLACES, SMALL_FIRM],
    ids=["preferences", "stores", "twice", "timed", "asking", "owners", "loops", "places", "small"],
)  # fmt: skip
def test_things_nobody_has_looked_at_change_no_share(text: str) -> None:
    before, after = scores_of(text), scores_of(text, NOT_LOOKED_AT)
    for name, one in before.items():
        assert told(after[name])[:2] == told(one)[:2], name
        assert after[name].total >= one.total
