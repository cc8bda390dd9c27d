"""The colours of the page as variables: those of the pictures, so that page and pictures look the same.

Dark follows the reader's system, and can be forced either way by ``data-theme`` on the root; paper is always light.
"""

from __future__ import annotations

from collections.abc import Iterable

from cx_map.draw.palette import Theme, legible, mix
from cx_map.draw.scene import SEVERITIES
from cx_map.draw.writers.svg_style import FONT, css_name, variables

_MARKS = ("added", "removed", "changed")
_HEAT = {"light": ("#FFF4D6", "#B45309"), "dark": ("#3A2E12", "#FDBA74")}


def colours(kinds: Iterable[str]) -> str:
    """The variables for both themes, and one rule for each kind, severity and mark that the page draws."""
    kinds = list(dict.fromkeys(kinds))
    light, dark = _declared(kinds, "light"), _declared(kinds, "dark")
    rules = [
        f":root{{{light};--font:{FONT};color-scheme:light}}",
        f'@media screen and (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark};color-scheme:dark}}}}',
        f'@media screen{{:root[data-theme="dark"]{{{dark};color-scheme:dark}}}}',
    ]
    for kind in kinds:
        k = css_name(kind)
        rules.append(
            f".k-{k}{{--stripe:var(--stripe-{k});--on:var(--ink-{k});--tint:var(--tint-{k});--line:var(--line-{k})}}"
        )
    rules += [f".s-{one}{{--stripe:var(--{one});--on:var(--on-{one});--line:var(--line-{one})}}" for one in SEVERITIES]
    rules += [
        f".m-{one}{{--stripe:var(--{one});--on:var(--on-{one});--tint:var(--{one}-tint);--line:var(--{one})}}"
        for one in _MARKS
    ]
    return "\n".join(rules) + "\n"


def _declared(kinds: list[str], theme: Theme) -> str:
    values = variables(kinds, theme)
    page, ink = values["page"], values["ink"]
    accent = legible("#1D4ED8" if theme == "light" else "#8AB4FF", page, 4.5)
    cold, hot = _HEAT[theme]
    values |= {
        "accent": accent,
        "on-accent": "#FFFFFF" if theme == "light" else "#0B1220",
        "soft": mix(accent, page, 0.88),
        "rule": mix(ink, page, 0.86),
        "field": mix(ink, page, 0.5),
        "cold": cold,
        "hot": hot,
    }
    return ";".join(f"--{name}:{colour}" for name, colour in values.items())
