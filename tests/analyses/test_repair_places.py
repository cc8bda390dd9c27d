"""Where a repair leads: a home for a signal, the nearest node that answers, a way that a new reply can take."""

from __future__ import annotations

import pytest

from cx_map.analyses.loop_walks import Stage
from cx_map.analyses.repair_candidates import candidates
from cx_map.analyses.repair_places import Places, crosses
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of


def places(text: str) -> Places:
    return candidates(Ecosystem(inventory_of(text))).places


def bits(found: Places, *names: str) -> int:
    return sum(1 << found.reach.graph.segments[name] for name in names)


def test_a_line_is_one_that_is_stated_or_served_alone() -> None:
    found = places(
        "lines_of_business: {a: {}, b: {}}\n"
        "platforms: {one: {serves: [a]}, two: {serves: [a, b]}, own: {line_of_business: b}, none: {}}\n"
    )
    assert [found.line(name) for name in ("one", "two", "own", "none", "+")] == ["a", "", "b", "", ""]
    assert crosses("a", "b")
    assert not crosses("a", "a")
    assert not crosses("", "b"), "what nobody says crosses nothing"


@pytest.mark.parametrize(
    ("stores", "home"),
    [
        ("data_sources: {s: {}, t: {}}", "s"),
        ("data_sources: {s: {}}\nplatforms: {desk: {capabilities: [case]}}", "desk"),
        ("data_sources: {s: {}}\nplatforms: {desk: {capabilities: [compose]}}", "s"),
        ("data_sources: {s: {role: archive}, t: {role: golden}}", "t"),
        ("data_sources: {s: {kind: spreadsheet}, t: {}}", "t"),
        ("data_sources: {s: {status: retired}, t: {}}", "t"),
        ("data_sources: {s: {}, t: {}}\nsignals: {g: {captured_in: [t]}}", "t"),
        ("data_sources: {s: {line_of_business: b}, t: {line_of_business: a}}", "t"),
        ("data_sources: {s: {line_of_business: b}, t: {}}", "t"),
        ("data_sources: {s: {line_of_business: b}}", "s"),
        ("platforms: {desk: {}}", None),
    ],
)
def test_the_home_of_a_signal(stores: str, home: str | None) -> None:
    assert places("lines_of_business: {a: {}, b: {}}\n" + stores).home("a") == home


ANSWERING = """
lines_of_business: {a: {}, b: {}}
segments: {young: {}, old: {}}
platforms: {mailer: {}}
teams: {x: {}, y: {line_of_business: a}, z: {line_of_business: b}}
actions:
  first: {team: x, triggered_by: [x], informs: [to-young]}
  second: {team: y, triggered_by: [y], informs: [to-both]}
  third: {team: z, triggered_by: [z], informs: [to-both]}
communications:
  to-young: {segments: [young], channels: [email], platforms: [mailer]}
  to-both: {segments: [young, old], channels: [email], platforms: [mailer]}
"""


def test_the_nearest_that_tells_all_who_are_to_be_told() -> None:
    found = places(ANSWERING)
    young, both = bits(found, "young"), bits(found, "young", "old")
    assert found.nearest(Stage.OWNED, young, "") == "x"
    assert found.nearest(Stage.OWNED, both, "") == "y", "'x' tells only some"
    assert found.nearest(Stage.OWNED, both, "b") == "z"
    assert found.nearest(Stage.OWNED, both, "a") == "y"
    assert found.nearest(Stage.CAPTURED, both, "a") is None


WAYS = """
lines_of_business: {a: {}, b: {}}
segments: {young: {reachable_by: {email: 60%, sms: 90%}}, old: {reachable_by: {email: 80%}}}
platforms: {mailer: {processing: 2h}, fast: {}, gateway: {}, gone: {status: retired}}
communications:
  advert: {purpose: marketing, segments: [young, old], channels: [email], platforms: [mailer]}
  notice: {purpose: servicing, segments: [young, old], channels: [email], platforms: [mailer], line_of_business: b}
  receipt: {purpose: servicing, segments: [young, old], channels: [email], platforms: [mailer], line_of_business: a}
  text: {purpose: servicing, segments: [young], channels: [sms], platforms: [gateway]}
  dead: {purpose: servicing, segments: [young, old], channels: [email], platforms: [gone]}
  vague: {purpose: servicing, segments: [young, old], channels: [email]}
  quick: {purpose: servicing, segments: [old], channels: [email], platforms: [fast]}
"""


def way(found: Places, name: str | None) -> str:
    return "" if name is None else found.reach.graph.ways[name].communication.id


def test_a_new_reply_goes_by_the_channel_that_reaches_most_then_everyday_then_near() -> None:
    found = places(WAYS)
    young, old = bits(found, "young"), bits(found, "old")
    assert way(found, found.template(young, "")) == "text"
    assert way(found, found.template(old, "")) == "notice", "nothing by sms reaches them, an advert is no answer"
    assert way(found, found.template(young | old, "a")) == "receipt"
    assert way(found, found.template(young | old, "b")) == "notice"


def test_only_ways_that_work_and_are_described_are_taken() -> None:
    text = WAYS.split("communications:", maxsplit=1)[0] + "communications:\n"
    for line in ("dead", "vague"):
        only = text + "".join(f"{one}\n" for one in WAYS.splitlines() if one.startswith(f"  {line}:"))
        found = places(only)
        assert found.template(bits(found, "young"), "") is None


def test_the_quickest_way_is_offered_beside_the_one_that_reaches_most() -> None:
    slow = WAYS.replace("gateway: {}", "gateway: {processing: 3d}")
    found = places(slow)
    young = bits(found, "young")
    assert [way(found, one) for one in found.templates(young, "")] == ["text", "notice"]
    assert found.seconds(found.templates(young, "")[1]) >= 7200
    assert [way(found, one) for one in found.templates(bits(found, "old"), "")] == ["notice", "quick"]
    assert [way(found, one) for one in places(WAYS).templates(young, "")] == ["text"]
    nobody = places("segments: {young: {}}\n")
    assert nobody.templates(bits(nobody, "young"), "") == ()
