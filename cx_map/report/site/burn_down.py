"""The findings open after each phase as stacked bars: numbers stand in the bars, severities have their signs."""

from __future__ import annotations

from collections.abc import Sequence

from cx_map.draw.text import clean, fit
from cx_map.draw.writers.svg_parts import escape, number
from cx_map.report.site.facts import Stage
from cx_map.report.site.html import SIGNS

BAR, GAP, LEFT, WIDE = 22.0, 12.0, 220.0, 620.0


def burn_down(stages: Sequence[Stage]) -> str:
    """A picture of at most one line for each state, as SVG text for a page; empty where there is one state only."""
    if len(stages) < 2:
        return ""
    most = max(1, *(len(stage.report.findings) for stage in stages))
    high = GAP + len(stages) * (BAR + GAP) + 26
    said = "; ".join(f"{stage.name}: {len(stage.report.findings)}" for stage in stages)
    parts = [
        f'<svg class="burn" viewBox="0 0 {number(LEFT + WIDE + 60)} {number(high)}" width="{number(LEFT + WIDE + 60)}" '
        f'height="{number(high)}" role="img" aria-label="Findings open after each phase. {escape(clean(said, 1000)).replace(chr(34), "&quot;")}">'
    ]
    y = GAP
    for stage in stages:
        parts.append(f'<text x="0" y="{number(y + 15.5)}">{escape(fit(clean(stage.name), LEFT - 14, 12))}</text>')
        x = LEFT
        for severity, count in stage.counts.items():
            wide = WIDE * count / most
            if count:
                parts.append(
                    f'<rect class="{severity}" x="{number(x)}" y="{number(y)}" width="{number(wide)}" height="{number(BAR)}"/>'
                )
            if wide >= 26:
                parts.append(
                    f'<text class="in on-{severity}" x="{number(x + wide / 2)}" y="{number(y + 15.5)}">{count:,}</text>'
                )
            x += wide
        parts.append(f'<text x="{number(x + 8)}" y="{number(y + 15.5)}">{len(stage.report.findings):,}</text>')
        y += BAR + GAP
    x = LEFT
    for key, sign in SIGNS.items():
        parts.append(f'<rect class="{key}" x="{number(x)}" y="{number(y + 2)}" width="22" height="15"/>')
        parts.append(f'<text class="in on-{key}" x="{number(x + 11)}" y="{number(y + 14)}">{sign}</text>')
        parts.append(f'<text class="muted" x="{number(x + 28)}" y="{number(y + 14)}">{key}</text>')
        x += 100
    return "".join([*parts, "</svg>"])
