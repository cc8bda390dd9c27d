"""The style sheet of the SVG maps: one set of rules over colour variables, with a light and a dark set of values.

``auto`` follows the reader's system and lets a page force either with ``data-theme``; ``light`` and ``dark`` write
the colours out, for converters that know neither variables nor media queries. Paper is always light.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from cx_map.draw.palette import (
    HEAT,
    MARK_COLOURS,
    SEVERITY_COLOURS,
    STATE_COLOURS,
    SURFACES,
    Theme,
    ink_on,
    kind_colours,
    legible,
    mix,
)

ThemeChoice = Literal["auto", "light", "dark"]
_THEMES: tuple[Theme, Theme] = ("light", "dark")
FONT = "'Helvetica Neue',Helvetica,Arial,'Liberation Sans','Noto Sans','DejaVu Sans',sans-serif"

_RULES = """
.cx text{font-family:FONT;fill:var(--ink);unicode-bidi:isolate;white-space:pre}
.cx .page{fill:var(--page)}
.cx .title{font-size:22px;font-weight:700}
.cx .subtitle{font-size:12px;fill:var(--muted)}
.cx .legend{font-size:10.5px}
.cx .note{font-size:10px;fill:var(--muted)}
.cx .column,.cx .ring-name,.cx .sector-name{font-size:11px;font-weight:700;fill:var(--muted)}
.cx .sector-name{font-size:12.5px;fill:var(--ink)}
.cx .ring-name,.cx .sector-name{paint-order:stroke;stroke:var(--page);stroke-width:4px;stroke-linejoin:round}
.cx .lane{font-size:12.5px;font-weight:700;paint-order:stroke;stroke:var(--lane);stroke-width:4px}
.cx .lane{stroke-linejoin:round}
.cx .f-lane,.cx .f-silo{fill:var(--lane);stroke:var(--lane-line);stroke-width:1}
.cx .f-silo{stroke:var(--silo);stroke-width:2.5;stroke-dasharray:14 4}
.cx .f-ring{fill:none;stroke:var(--lane-line);stroke-width:1.2}
.cx .f-ring0{fill:var(--lane)}
.cx .f-ring1{fill:var(--ring)}
.cx .f-sector{stroke:var(--lane-line);stroke-width:1.2;stroke-dasharray:6 5}
.cx .f-sector.f-wall{stroke:var(--silo);stroke-width:2.5;stroke-dasharray:14 4}
.cx .f-customer{fill:var(--customer)}
.cx .customer{font-size:13px;font-weight:700;fill:var(--on-customer)}
.cx .box{fill:var(--card);stroke:var(--muted);stroke-width:1.2}
.cx .name{font-size:11.5px;font-weight:700}
.cx .web .name{font-size:10px}
.cx .sub{font-size:9px;fill:var(--muted)}
.cx .code{font-size:9px;font-weight:700}
.cx .sign{font-size:13px;font-weight:700}
.cx .badge{font-size:9px;font-weight:700}
.cx .edge-label{font-size:9px;paint-order:stroke;stroke:var(--lane);stroke-width:3px;stroke-linejoin:round}
.cx .e{fill:none;stroke-width:1.25;stroke-linejoin:round}
.cx .e.plain{stroke:var(--muted)}
.cx .e.spoke{stroke-width:2.4}
.cx .e.alternative{stroke-width:.8}
.cx .dashed,.cx .feedback{stroke-width:1.5;stroke-dasharray:6 3.5}
"""

# Only where a sheet's cells are drawn.
_SHEET = """
.cx .caption{font-size:14px;font-weight:700}
.cx .head{font-size:10px;font-weight:700}
.cx .group{font-size:10px;font-weight:700;fill:var(--muted)}
.cx .value{font-size:10px}
.cx .said{font-size:13px}
.cx .c-column .back,.cx .c-row .back{fill:var(--lane);stroke:var(--lane-line)}
.cx .c-group .back{fill:var(--ring);stroke:var(--lane-line)}
.cx .c-entry .back{fill:var(--card);stroke:var(--lane-line)}
.cx .card .back{stroke:var(--muted);stroke-width:1.2}
.cx .wall{fill:none;stroke:var(--silo);stroke-width:2.5;stroke-dasharray:14 4}
.cx .e.link{stroke:var(--muted);stroke-width:1.5;marker-end:url(#PREm-plain)}
.cx .h-plain{fill:var(--muted)}
.cx .st-unknown .back{stroke-dasharray:3 2}
.cx .st-unknown .head,.cx .st-unknown .value,.cx .st-unknown .sub{paint-order:stroke;stroke-width:3px}
.cx .st-unknown .head,.cx .st-unknown .value,.cx .st-unknown .sub{stroke:var(--state-tint-unknown)}
.cx .st-unknown text{stroke-linejoin:round}
"""

# After the rules of the kinds, so that a mark or a finding wins over the colour of a kind.
_OVER = """
.cx .e.missing{stroke:var(--critical);stroke-width:2.4;stroke-dasharray:2 5;stroke-linecap:round}
.cx .e.missing{marker-end:url(#PREm-critical)}
.cx .cross{fill:none;stroke:var(--critical);stroke-width:3;stroke-linecap:round}
.cx .cross-back{fill:var(--lane);stroke:var(--critical);stroke-width:1.2}
.cx .e.m-added{stroke:var(--added);stroke-width:2.8;stroke-dasharray:none;marker-end:url(#PREm-added)}
.cx .e.m-removed{stroke:var(--removed);stroke-width:2;stroke-dasharray:5 3.5;marker-end:url(#PREm-removed)}
.cx .e.m-changed{stroke:var(--changed);stroke-width:2.2;stroke-dasharray:9 3 2 3}
.cx .e.m-changed{marker-end:url(#PREm-changed)}
.cx .e.m-unchanged{stroke:var(--unchanged);stroke-width:1;opacity:.62;marker-end:url(#PREm-unchanged)}
.cx .m-added .box{stroke:var(--added);fill:var(--added-tint);stroke-width:2.2}
.cx .m-removed .box{stroke:var(--removed);fill:var(--removed-tint);stroke-width:2.2;stroke-dasharray:5 3}
.cx .m-changed .box{stroke:var(--changed);fill:var(--changed-tint);stroke-width:2.2}
.cx .m-unchanged .box{stroke:var(--unchanged);fill:var(--lane)}
.cx .m-added .stripe{fill:var(--added)}
.cx .m-removed .stripe{fill:var(--removed)}
.cx .m-changed .stripe{fill:var(--changed)}
.cx .m-unchanged .stripe{fill:var(--unchanged)}
.cx .m-added .code,.cx .m-added .sign{fill:var(--on-added)}
.cx .m-removed .code,.cx .m-removed .sign{fill:var(--on-removed)}
.cx .m-changed .code,.cx .m-changed .sign{fill:var(--on-changed)}
.cx .m-unchanged .code{fill:var(--on-unchanged)}
.cx .m-removed .name{text-decoration:line-through}
.cx .m-unchanged .name{fill:var(--muted);font-weight:400}
.cx .e.silo{stroke:var(--silo);stroke-width:2.5;stroke-dasharray:14 4}
"""

# Last: the narrowest cut is as thick whatever else is told of a line.
_EMPHASIS = """
.cx .e.thick{stroke-width:4}
.cx .e.faint{opacity:.28}
.cx .n.faint{opacity:.62}
.cx .n.thick .box{stroke-width:3.2}
"""


_AROUND = {
    "title": 22.0, "subtitle": 12.0, "legend": 10.5, "note": 10.0, "column": 11.0, "lane": 12.5, "ring-name": 11.0,
    "sector-name": 12.5,
}  # fmt: skip
"""The sizes of the words around the cards, which grow with the page (see ``furniture.enlarged``)."""


def scale_class(scale: float) -> str:
    """The class of a picture whose words around the cards are enlarged; several pictures may share a page."""
    return "" if scale == 1 else f" x{scale * 100:.0f}"


def scale_rules(scale: float) -> str:
    """The sizes of an enlarged picture's words around the cards."""
    if scale == 1:
        return ""
    return "".join(
        f"\n.cx.x{scale * 100:.0f} .{role}{{font-size:{size * scale:g}px}}" for role, size in _AROUND.items()
    )


def style_sheet(
    kinds: Iterable[str], theme: ThemeChoice, prefix: str, *, sheet: bool = False, heat: bool = False
) -> str:
    """The whole style sheet for the kinds that are on the map; with ``sheet`` for cells, with ``heat`` for the ramp."""
    kinds = sorted(set(kinds))
    rules = _RULES.replace("FONT", FONT).rstrip()
    rules += _SHEET.replace("PRE", prefix).rstrip() + _state_rules() if sheet else ""
    rules += "".join(_kind_rules(kind, prefix) for kind in kinds) + _OVER.replace("PRE", prefix).rstrip()
    rules += "".join(_severity_rules(one, prefix) for one in SEVERITY_COLOURS["light"])
    rules += "".join(f"\n.cx .h-{one}{{fill:var(--{one})}}" for one in MARK_COLOURS["light"])
    rules += _heat_rules(prefix) if heat else ""
    rules += _EMPHASIS.rstrip()
    light, dark = (_used(variables(kinds, one), sheet=sheet, heat=heat) for one in _THEMES)
    if theme != "auto":
        return _written_out(rules, light if theme == "light" else dark)
    return "\n".join(
        (
            f".cx{{{_declare(light)};color-scheme:light dark}}",
            f"@media screen and (prefers-color-scheme:dark){{.cx{{{_declare(dark)}}}}}",
            f"@media screen{{.cx[data-theme=light]{{{_declare(light)}}}.cx[data-theme=dark]{{{_declare(dark)}}}}}",
            rules,
        )
    )


def _used(values: dict[str, str], *, sheet: bool, heat: bool) -> dict[str, str]:
    """Without the colours of sheets and ramps where there are none."""
    unused = (() if sheet else ("state-",)) + (() if heat else ("heat-", "on-heat-"))
    return {name: colour for name, colour in values.items() if not name.startswith(unused)}


def variables(kinds: Iterable[str], theme: Theme) -> dict[str, str]:
    """The value of every colour variable in a theme."""
    surface, page = SURFACES[theme], SURFACES[theme]["lane"]
    found = dict(surface)
    for severity, colour in SEVERITY_COLOURS[theme].items():
        found |= {
            severity: colour,
            f"on-{severity}": ink_on(colour),
            f"line-{severity}": legible(colour, page, 3.0),
        }
    for mark, colour in MARK_COLOURS[theme].items():
        found |= {
            mark: colour,
            f"on-{mark}": ink_on(colour),
            f"{mark}-tint": mix(colour, surface["card"], 0.88),
        }
    for state, colour in STATE_COLOURS[theme].items():
        found |= {
            f"state-{state}": legible(colour, surface["card"], 3.0),
            f"state-tint-{state}": mix(colour, surface["card"], 0.88),
        }
    for step, colour in enumerate(HEAT[theme]):
        found |= {f"heat-{step}": colour, f"on-heat-{step}": ink_on(colour)}
    for kind in kinds:
        found |= {f"{name}-{css_name(kind)}": colour for name, colour in kind_colours(kind, theme).items()}
    return found


def css_name(kind: str) -> str:
    """A kind as part of a class name: letters, digits and hyphens only."""
    return re.sub("[^A-Za-z0-9]", lambda m: "-" if m.group() in "_-" else f"x{ord(m.group()):x}", kind)


def _kind_rules(kind: str, prefix: str) -> str:
    k = css_name(kind)
    return (
        f"\n.cx .k-{k} .stripe{{fill:var(--stripe-{k})}}.cx .k-{k} .code{{fill:var(--ink-{k})}}"
        f".cx .k-{k} .box{{fill:var(--tint-{k});stroke:var(--stripe-{k})}}"
        f".cx .e.k-{k}{{stroke:var(--line-{k});marker-end:url(#{prefix}m-{k})}}"
        f".cx .e.feedback.k-{k}{{stroke:var(--stripe-{k});marker-end:url(#{prefix}m-{k}-f)}}"
        f".cx .h-{k}{{fill:var(--line-{k})}}.cx .h-{k}-f{{fill:var(--stripe-{k})}}"
    )


def _severity_rules(severity: str, prefix: str) -> str:
    return (
        f"\n.cx .s-{severity}{{fill:var(--{severity})}}.cx .on-{severity}{{fill:var(--on-{severity})}}"
        f".cx .e.w-{severity}{{stroke:var(--line-{severity});stroke-width:2.4}}"
        f".cx .e.w-{severity}{{marker-end:url(#{prefix}m-{severity})}}"
        f".cx .h-{severity}{{fill:var(--line-{severity})}}"
    )


def _state_rules() -> str:
    """Tint and border of an entry's state; what is not known gets its pattern with the ramp's rules."""
    return "".join(
        f"\n.cx .st-{state} .back{{fill:var(--state-tint-{state})}}"
        f".cx .card.st-{state} .back,.cx .key .st-{state} .back"
        f"{{stroke:var(--state-{state});stroke-width:{2.2 if state == 'bad' else 1.4}}}"
        for state in STATE_COLOURS["light"]
    )


def _heat_rules(prefix: str) -> str:
    steps = "".join(
        f"\n.cx .heat-{step} .box,.cx .heat-{step} .back,.cx rect.heat-{step}{{fill:var(--heat-{step})}}"
        f".cx .heat-{step} .name,.cx .heat-{step} .sub,.cx .heat-{step} .value,.cx .heat-{step} .head"
        f"{{fill:var(--on-heat-{step})}}"
        for step in range(len(HEAT["light"]))
    )
    hatch = f"\n.cx .hatch{{fill:url(#{prefix}hatch)}}.cx .ramp{{fill:none;stroke:var(--muted);stroke-width:.8}}\n.cx .hatch-line{{stroke:var(--muted);stroke-width:1;opacity:.38}}"
    return steps + hatch


def _declare(values: dict[str, str]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in values.items())


def _written_out(rules: str, values: dict[str, str]) -> str:
    return re.sub(r"var\(--([A-Za-z0-9-]+)\)", lambda match: values[match.group(1)], rules)
