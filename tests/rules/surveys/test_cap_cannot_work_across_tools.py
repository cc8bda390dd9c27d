"""SURV102: a cap works where its count gets to both platforms."""

from __future__ import annotations

from tests.rules.collection.said import said

FIRM = """
segments: {retail: {}, firms: {}}
data_sources: {caps: {}, hub: {}}
platforms: {p: {}, q: {}}
flows: [FLOWS]
collection_points:
  a: {kind: survey, segments: [retail], platform: p, A}
  b: {kind: intercept, segments: [SEGMENT], platform: q, B}
"""


def firm(flows: str = "", a: str = "cap_store: caps", b: str = "cap_store: []", segment: str = "retail") -> str:
    return FIRM.replace("FLOWS", flows).replace(" A}", f" {a}}}").replace(" B}", f" {b}}}").replace("SEGMENT", segment)


BOTH = "{from: caps, to: p}, {from: caps, to: hub}, {from: hub, to: q}"


def test_the_count_must_get_to_both() -> None:
    assert said("SURV102", firm(BOTH)).passed == {"a", "b"}
    (breach,) = said("SURV102", firm("{from: caps, to: p}")).breaches
    assert (breach.subject.id, breach.related) == ("a", ("b", "caps"))


def test_a_tool_that_the_count_does_not_get_to_is_named() -> None:
    """Both say that they count in one store: without this nobody would see what is wrong."""
    (breach,) = said("SURV102", firm("{from: caps, to: p}", b="cap_store: caps")).breaches
    assert dict(breach.evidence) == {
        "'a'": "runs on 'p', counts in 'caps'", "'b'": "runs on 'q', counts in 'caps', which it is not fed from",
    }  # fmt: skip


def test_other_customers_need_no_cap() -> None:
    assert said("SURV102", firm(segment="firms")).passed == {"a", "b"}


def test_silence() -> None:
    assert said("SURV102", firm(b="anonymous: true")).subjects == ["a"], "the other survey states a cap"
    assert said("SURV102", firm(a="anonymous: true", b="anonymous: true")).open == {"a", "b"}
    assert said("SURV102", firm(b="cap_store: unknown")).open == {"a", "b"}


def test_no_cap_can_count_who_stands_at_a_kiosk() -> None:
    kiosk = "channels: {kiosk: {kind: kiosk}}\n"
    assert said("SURV102", kiosk + firm(b="channel: kiosk, anonymous: true")).passed == {"a", "b"}
    assert said("SURV102", kiosk + firm(b="channel: kiosk")).subjects == ["a"], "known customers are counted there, too"
    for known in ("email", "portal", "push"):
        assert said("SURV102", firm(b=f"channel: {known}, anonymous: true")).subjects == ["a"], "they can be counted"


def test_surveys_that_hang_together_are_one_finding() -> None:
    """Four tools without a common cap are one fault with one remedy, not three."""
    text = firm("{from: caps, to: p}") + "  c: {kind: survey, segments: [retail], platform: q, cap_store: []}\n"
    (breach,) = said("SURV102", text).breaches
    assert (breach.subject.id, breach.related) == ("a", ("b", "c", "caps"))
    assert breach.measures["surveys"] == 3


def test_a_segment_that_is_not_in_use_holds_nobody_to_ask_twice() -> None:
    text = """
        segments: {gone: {status: retired}}
        data_sources: {caps: {}}
        platforms: {one: {}, two: {}}
        collection_points:
          a: {kind: survey, segments: [gone], platform: one, cap_store: caps}
          b: {kind: survey, segments: [gone], platform: two, cap_store: []}
        """
    assert said("SURV102", text).subjects == []
    assert said("SURV102", text.replace("{status: retired}", "{}")).subjects == ["a"]
