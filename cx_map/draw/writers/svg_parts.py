"""The smallest pieces of an SVG: numbers, escaped text, rectangles, lines of text, badges."""

from __future__ import annotations

from cx_map.draw.geometry import Box, Label, Path, Pill, Point
from cx_map.draw.text import clean_lines


def number(value: float) -> str:
    """A coordinate with at most one decimal, never ``-0``."""
    text = f"{value:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def escape(text: str) -> str:
    """Character data: ``&``, ``<`` and ``>`` as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(text: str) -> str:
    """The text of a double-quoted attribute; line breaks survive as references."""
    return escape(text).replace('"', "&quot;").replace("\n", "&#10;")


def path_data(path: Path) -> str:
    """The ``d`` of a path."""
    start = f"M{number(path[0][0])} {number(path[0][1])}"
    return start + "".join(("L" if len(part) == 2 else "C") + " ".join(map(number, part)) for part in path[1:])


def rect_of(box: Box, classes: str, radius: float) -> str:
    """A rectangle with rounded corners."""
    return (
        f'<rect class="{classes}" x="{number(box.x)}" y="{number(box.y)}" width="{number(box.w)}" '
        f'height="{number(box.h)}" rx="{number(radius)}"/>'
    )


def text_of(label: Label, extra: str = "") -> str:
    """One line of text with its role (and ``extra``) as classes; nothing for an empty one."""
    if not label.text:
        return ""
    anchor = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
    classes = f"{label.role} {extra}".rstrip()
    return f'<text class="{classes}" x="{number(label.x)}" y="{number(label.y)}"{anchor}>{escape(label.text)}</text>'


def pill_of(pill: Pill) -> str:
    """A badge with its tooltip."""
    title = f"<title>{escape(clean_lines(pill.tooltip))}</title>" if pill.tooltip else ""
    words = text_of(pill.label, "on-" + pill.severity)
    return f'<g class="finding">{title}{rect_of(pill.box, f"s-{pill.severity}", 6.5)}{words}</g>'


def stripe_of(box: Box) -> str:
    """The coloured bar at the left of a card, with the card's rounded corners."""
    s = number(box.w - 5)
    return (
        f'<path class="stripe" d="M{number(box.right)} {number(box.y)}h-{s}a5 5 0 0 0 -5 5v{number(box.h - 10)}'
        f'a5 5 0 0 0 5 5h{s}z"/>'
    )


def cross_at(at: Point | None) -> str:
    """The sign of a line that is not there."""
    if at is None:
        return ""
    x, y = at
    return (
        f'<circle class="cross-back" cx="{number(x)}" cy="{number(y)}" r="8"/><path class="cross" '
        f'd="M{number(x - 3.5)} {number(y - 3.5)}l7 7m0 -7l-7 7"/>'
    )
