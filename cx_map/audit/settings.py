"""What an audit is asked to do: which rules, with which parameters, what fails, what is waived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from msgspec import Struct

from cx_map.errors import Location
from cx_map.model.values import Confidence
from cx_map.rulekit import Severity


class Waiver(Struct, frozen=True):
    """A finding accepted by a named person for a reason until a date."""

    rule: str
    subject: str
    location: Location
    reason: str = ""
    because: Literal["accepted", "false_positive", "planned"] = "accepted"
    approved_by: str | None = None
    expires: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of an audit; ``select`` and ``ignore`` are rule codes, prefixes of codes, or names."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity | Literal["none"] = "major"
    min_confidence: Confidence = "medium"
    parameters: Mapping[str, object] = field(default_factory=dict)
    severities: Mapping[str, Severity] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()


DEFAULTS = Settings()
