"""How soon a customer must hear back: what a declared loop promises, else what practice or law asks.

Without a declared time a complaint is to be acknowledged within a day and a detractor contacted within two: judgement,
leaning on ISO 10002:2018 (acknowledge immediately) and on inner-loop practice. A regulatory profile replaces the
judgement for complaints: FCA DISP 1.6 eight weeks to the final response, Regulation Z 1026.13 thirty days to the
acknowledgement, Regulation E 1005.11 ten business days. Other signals have no deadline of their own.
"""

from __future__ import annotations

from collections.abc import Mapping

from cx_map.model.chapter_feedback import FeedbackLoop, Signal
from cx_map.model.chapter_map import Organization

DAY = 86400.0
ACKNOWLEDGE_COMPLAINT = 1 * DAY
CONTACT_DETRACTOR = 2 * DAY
BY_PROFILE: Mapping[str, float] = {"uk-fca": 56 * DAY, "us-reg-z": 30 * DAY, "us-reg-e": 14 * DAY}
"""Seconds that the law allows for a complaint; ten business days count as fourteen days."""

STAGES = ("capture", "analyse", "own", "act", "inform", "verify")


def declared_limit(loop: FeedbackLoop | None) -> float | None:
    """The seconds that a declared loop allows in total: said, or the sum where every stage to the answer has a time."""
    if loop is None or loop.within is None:
        return None
    if loop.within.total is not None:
        return loop.within.total.seconds
    times = stage_limits(loop)
    if not {"capture", "own", "act", "inform"} <= set(times):
        return None
    return sum(times[stage] for stage in STAGES[:5] if stage in times)


def stage_limits(loop: FeedbackLoop | None) -> dict[str, float]:
    """The seconds that a declared loop allows each stage, where said."""
    if loop is None or loop.within is None:
        return {}
    times = {stage: getattr(loop.within, stage) for stage in STAGES}
    return {stage: duration.seconds for stage, duration in times.items() if duration is not None}


def by_default(signal: Signal, loop: FeedbackLoop | None, organization: Organization | None) -> bool:
    """Whether only judgement asks for a time: neither the declared loop nor, of complaints, a law says one."""
    profiles = organization.regulatory_profiles or () if organization is not None else ()
    lawful = signal.kind_ == "complaint" and any(one in BY_PROFILE for one in profiles)
    return declared_limit(loop) is None and not lawful


def limit_of(
    signal: Signal, loop: FeedbackLoop | None, organization: Organization | None, *,
    complaint: float = ACKNOWLEDGE_COMPLAINT, detractor: float = CONTACT_DETRACTOR,
) -> float | None:  # fmt: skip
    """Seconds from a signal to the answer, at most; None where nothing asks for any."""
    said = declared_limit(loop)
    if said is not None:
        return said
    if signal.kind_ == "complaint":
        profiles = organization.regulatory_profiles or () if organization is not None else ()
        return min((BY_PROFILE[one] for one in profiles if one in BY_PROFILE), default=complaint)
    return detractor if signal.score == "detractor" else None
