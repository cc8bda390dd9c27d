"""Colours, codes and signs: what a kind, a severity or a mark looks like, in light and in dark.

Nothing is told by colour alone: every kind has a two-letter code, every severity and mark a sign, every edge style
a line pattern. Base colours keep their distance under the three common colour-vision deficiencies; tints, lines
and dark variants are computed from them so that text keeps 4.5:1 and graphics 3:1 (WCAG 2.2, 1.4.3 and 1.4.11).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from cx_map.draw.scene import Mark, Severity
from cx_map.draw.sheet import State

Theme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class KindStyle:
    """How one kind of entity is coded: two letters, the noun for one and for many, and its base colour."""

    code: str
    one: str
    many: str
    colour: str


KINDS: dict[str, KindStyle] = {
    "data_sources": KindStyle("DB", "data source", "data sources", "#1F2937"),
    "platforms": KindStyle("PL", "platform", "platforms", "#4338CA"),
    "communications": KindStyle("CO", "communication", "communications", "#007A5A"),
    "channels": KindStyle("CH", "channel", "channels", "#8A6100"),
    "collection_points": KindStyle("IN", "collection point", "collection points", "#9D2C7F"),
    "signals": KindStyle("SI", "signal", "signals", "#0B6478"),
    "insights": KindStyle("IS", "insight", "insights", "#7C3A12"),
    "actions": KindStyle("AC", "action", "actions", "#3F6212"),
    "teams": KindStyle("TE", "team", "teams", "#475569"),
    "feedback_loops": KindStyle("LO", "feedback loop", "feedback loops", "#86198F"),
    "preferences": KindStyle("PF", "preference", "preferences", "#6B21A8"),
    "metrics": KindStyle("ME", "metric", "metrics", "#334155"),
    "journeys": KindStyle("JO", "journey", "journeys", "#1D4E89"),
    "touchpoints": KindStyle("TP", "touchpoint", "touchpoints", "#155E75"),
    "tasks": KindStyle("TA", "task", "tasks", "#4D5B13"),
    "products": KindStyle("PR", "product", "products", "#713F12"),
    "segments": KindStyle("SE", "segment", "segments", "#9F1239"),
    "attributes": KindStyle("AT", "attribute", "attributes", "#365314"),
    "agent_pools": KindStyle("AP", "agent pool", "agent pools", "#57534E"),
    "promises": KindStyle("PM", "promise", "promises", "#5B4636"),
    "escalations": KindStyle("ES", "escalation", "escalations", "#7F1D1D"),
    "routing_rules": KindStyle("RR", "routing rule", "routing rules", "#1E40AF"),
    "error_types": KindStyle("ER", "error type", "error types", "#881337"),
    "lines_of_business": KindStyle("LB", "line of business", "lines of business", "#374151"),
}

SEVERITY_SIGNS: dict[Severity, str] = {"critical": "!!", "major": "!", "minor": "~", "info": "i"}
SEVERITY_COLOURS: dict[Theme, dict[Severity, str]] = {
    "light": {"critical": "#8B0000", "major": "#C2410C", "minor": "#F0C419", "info": "#475569"},
    "dark": {"critical": "#FF7B7B", "major": "#FB923C", "minor": "#FDE047", "info": "#A9B8CC"},
}
MARK_SIGNS: dict[Mark, str] = {"none": "", "added": "+", "removed": "−", "changed": "Δ", "unchanged": ""}
MARK_COLOURS: dict[Theme, dict[Mark, str]] = {
    "light": {"added": "#0063B1", "removed": "#C2410C", "changed": "#6D28D9", "unchanged": "#94A3B8"},
    "dark": {"added": "#6CB8FF", "removed": "#FB923C", "changed": "#C4A8FF", "unchanged": "#64748B"},
}
SURFACES: dict[Theme, dict[str, str]] = {
    "light": {
        "page": "#FFFFFF",
        "lane": "#F8FAFC",
        "lane-line": "#DCE3EB",
        "card": "#FFFFFF",
        "ink": "#1F2937",
        "muted": "#56657A",
        "silo": "#8B0000",
        "ring": "#EEF2F7",
        "customer": "#111827",
        "on-customer": "#FFFFFF",
    },
    "dark": {
        "page": "#0B1220",
        "lane": "#121C2E",
        "lane-line": "#2A3A52",
        "card": "#182437",
        "ink": "#E8EDF4",
        "muted": "#A5B3C6",
        "silo": "#FF7B7B",
        "ring": "#1A273C",
        "customer": "#E8EDF4",
        "on-customer": "#0B1220",
    },
}

STATE_COLOURS: dict[Theme, dict[State, str]] = {
    "light": {"good": "#0063B1", "weak": "#B45309", "bad": "#8B0000", "unknown": "#56657A", "none": "#94A3B8"},
    "dark": {"good": "#6CB8FF", "weak": "#FBBF24", "bad": "#FF7B7B", "unknown": "#A5B3C6", "none": "#64748B"},
}
"""Blue for what is in order, not green: it keeps its distance from the red of what is broken for every eye."""

HEAT: dict[Theme, tuple[str, ...]] = {
    "light": ("#FFF6DC", "#FDE2A4", "#FBC56D", "#F2A04A", "#E07B53", "#B84A63", "#8F3069", "#662060", "#3F1250"),
    "dark": ("#1D1636", "#33194F", "#541F63", "#7A2A6A", "#A33A64", "#E0704F", "#EF9440", "#F8BD4E", "#FDE9A0"),
}
"""Nine steps from little to much. Lightness runs one way (as in matplotlib's inferno), so it reads in grey and for
colour-blind eyes; the text on a step is the ink of :func:`ink_on`. In the dark theme much is bright."""


def heat_step(share: float) -> int:
    """The step of the ramp for a share from 0 to 1."""
    return min(len(HEAT["light"]) - 1, max(0, int(share * len(HEAT["light"]))))


def kind_style(kind: str) -> KindStyle:
    """The style of a kind; one nobody listed gets its own first letters and a neutral grey."""
    known = KINDS.get(kind)
    if known is not None:
        return known
    letters = "".join(char for char in kind if char.isalnum())[:2].upper() or "??"
    noun = kind.replace("_", " ")
    return KindStyle(letters, noun, noun, "#44403C")


@lru_cache(maxsize=256)
def kind_colours(kind: str, theme: Theme) -> dict[str, str]:
    """``stripe`` with its ``ink``, card ``tint`` and edge ``line`` of a kind."""
    base, page, card = kind_style(kind).colour, SURFACES[theme]["lane"], SURFACES[theme]["card"]
    if theme == "light":
        return {
            "stripe": base,
            "ink": "#FFFFFF",
            "tint": mix(base, card, 0.94),
            "line": legible(mix(base, page, 0.42), page, 3.0),
        }
    stripe = legible(mix(base, "#FFFFFF", 0.45), page, 5.0)
    return {
        "stripe": stripe,
        "ink": "#0B1220",
        "tint": mix(stripe, card, 0.90),
        "line": legible(mix(stripe, page, 0.30), page, 3.0),
    }


def ink_on(colour: str) -> str:
    """Black-ish or white text, whichever reads better on the colour."""
    return max("#FFFFFF", "#1F2937", "#0B1220", key=lambda ink: contrast(ink, colour))


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two ``#RRGGBB`` colours, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """``one`` moved towards ``other`` by ``share`` (0 to 1)."""
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in zip(_rgb(one), _rgb(other), strict=True))


def legible(colour: str, against: str, ratio: float) -> str:
    """The colour, darkened or lightened in steps until it reaches the contrast ratio."""
    pole = "#000000" if _luminance(against) > 0.4 else "#FFFFFF"
    for step in range(21):
        tried = mix(colour, pole, step / 20)
        if contrast(tried, against) >= ratio:
            return tried
    return pole


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    parts = [c / 255 for c in _rgb(colour)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
