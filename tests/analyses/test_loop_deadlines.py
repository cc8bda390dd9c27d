"""How soon a customer must hear back: judgement where nobody says, law where a profile does (analyses.md, C)."""

from __future__ import annotations

import pytest

from cx_map.analyses.loop_deadlines import DAY, by_default, limit_of
from cx_map.model.chapter_feedback import FeedbackLoop, Signal
from tests.support import inventory_of


@pytest.mark.parametrize(
    ("signal", "profiles", "days", "judged"),
    [
        ("kind: complaint", "[]", 1, True),
        ("kind: complaint", "[uk-fca]", 56, False),
        ("kind: complaint", "[us-reg-z]", 30, False),
        ("kind: complaint", "[us-reg-e]", 14, False),
        ("kind: complaint", "[eu-gdpr]", 1, True),
        ("kind: survey, score: detractor", "[uk-fca]", 2, True),
        ("kind: survey, score: promoter", "[]", None, True),
        ("kind: contact", "[]", None, True),
    ],
)
def test_limits_by_kind_and_profile(signal: str, profiles: str, days: float | None, judged: bool) -> None:
    inventory = inventory_of(f"organization: {{regulatory_profiles: {profiles}}}\nsignals: {{s: {{{signal}}}}}")
    (one,) = inventory.of(Signal)
    assert limit_of(one, None, inventory.organization) == (None if days is None else days * DAY)
    assert by_default(one, None, inventory.organization) == judged


def test_of_two_laws_the_stricter_counts_and_what_is_declared_beats_both() -> None:
    inventory = inventory_of("""
        organization: {regulatory_profiles: [uk-fca, us-reg-e]}
        signals: {s: {kind: complaint}}
        feedback_loops:
          whole: {signal: s, within: 5d}
          parts: {signal: s, within: {capture: 1h, own: 2h, act: 3h, inform: 4h}}
          some: {signal: s, within: {capture: 1h, own: 2h}}
    """)
    (one,) = inventory.of(Signal)
    loops = {loop.id: loop for loop in inventory.of(FeedbackLoop)}
    limits = {name: limit_of(one, loop, inventory.organization) for name, loop in loops.items()}
    assert limits == {"whole": 5 * DAY, "parts": 10 * 3600.0, "some": 14 * DAY}
    assert not by_default(one, loops["whole"], inventory.organization)
