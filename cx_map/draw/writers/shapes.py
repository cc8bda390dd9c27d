"""The DrawingML of the shapes of a slide: boxes with text, lines, glued connectors, groups.

Places go in as CSS pixels of the layout and come out as whole EMU (914,400 an inch), text sizes as hundredths of a
point. Text is escaped here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cx_map.draw.geometry import Box, Label, Path, Point, points_along
from cx_map.draw.text import TOOLTIP_LIMIT, clean, clean_lines
from cx_map.draw.writers.connectors import LOOP, Ends
from cx_map.draw.writers.looks import Letters, Look, Pen
from cx_map.draw.writers.svg_parts import attribute, escape

Line = tuple[str, float, Letters]
"""A line of text with its size in CSS pixels."""

_SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_FONT = '<a:latin typeface="Arial"/><a:cs typeface="Arial"/>'
_EMPTY = '<a:p><a:endParaRPr lang="en-US"/></a:p>'
_EMU_PER_PT = 12_700
_FIRST_ID = 2  # 1 is the slide's own tree


class Drawing:
    """Makes shapes with numbers of their own at ``scale`` EMU a CSS pixel, ``origin`` EMU from the slide's corner."""

    def __init__(self, scale: float, origin: Point = (0.0, 0.0)) -> None:
        self._scale, self._origin, self._last = scale, origin, _FIRST_ID - 1

    def new_id(self) -> int:
        """A number no other shape has."""
        self._last += 1
        return self._last

    def shape(
        self,
        name: str,
        box: Box,
        look: Look,
        lines: Sequence[Line] = (),
        *,
        preset: str | None = None,
        number: int | None = None,
        about: str = "",
        left: float = 0.0,
        top: float | None = None,
        middle: bool = False,
    ) -> str:
        """A box with text in it: ``left`` and ``top`` are the room before the text, ``middle`` centres it."""
        kind = preset or ("roundRect" if look.radius else "rect")
        bend = ""
        if kind == "roundRect":
            share = round(100_000 * min(0.5, look.radius / max(1.0, min(box.w, box.h))))
            bend = f'<a:gd name="adj" fmla="val {share}"/>'
        fill = _filled(look)
        return (
            f"<p:sp {_SPACES}>{self._named('p:nvSpPr', name, number, about)}<p:spPr>{self._frame(box)}"
            f'<a:prstGeom prst="{kind}"><a:avLst>{bend}</a:avLst></a:prstGeom>{fill}'
            f"{self._pen(look.pen, look.alpha)}</p:spPr>{self._body(lines, left, 'ctr' if middle else 'l', top)}</p:sp>"
        )

    def text(self, label: Label, letters: Letters) -> str:
        """One line of text without a box, where the layout put it."""
        box = label.box
        align = {"start": "l", "middle": "ctr", "end": "r"}[label.anchor]
        fill = _solid(letters.halo, 0.85) if letters.halo else "<a:noFill/>"
        head = self._named("p:nvSpPr", label.text, None, "", 'txBox="1"')
        return (
            f"<p:sp {_SPACES}>{head}<p:spPr>{self._frame(box)}"
            f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{fill}<a:ln><a:noFill/></a:ln></p:spPr>'
            f"{self._body([(label.text, label.size, letters)], 0.0, align, None)}</p:sp>"
        )

    def connector(self, name: str, ends: Ends, pen: Pen, glued: tuple[int, int], about: str) -> str:
        """A connector glued to two shapes by their numbers."""
        first, second = (
            f'<a:{tag} id="{number}" idx="{site}"/>'
            for tag, number, site in zip(("stCxn", "endCxn"), glued, ends.sites, strict=True)
        )
        return self._connector(name, ends, pen, first + second, about)

    def line(self, name: str, start: Point, end: Point, pen: Pen) -> str:
        """A straight line."""
        return self._connector(name, Ends(start, end, (0, 0), "line"), pen, "", "")

    def polyline(self, name: str, path: Path, pen: Pen) -> str:
        """A line of any form, as a free shape."""
        points = points_along(path)
        left, top = min(x for x, _ in points), min(y for _, y in points)
        box = Box(left, top, max(x for x, _ in points) - left, max(y for _, y in points) - top)
        wide, high = self._length(box.w), self._length(box.h)
        places = [f'<a:pt x="{self._length(x - left)}" y="{self._length(y - top)}"/>' for x, y in points]
        steps = f"<a:moveTo>{places[0]}</a:moveTo>" + "".join(f"<a:lnTo>{one}</a:lnTo>" for one in places[1:])
        return (
            f"<p:sp {_SPACES}>{self._named('p:nvSpPr', name, None, '')}<p:spPr>{self._frame(box)}"
            f'<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/><a:pathLst>'
            f'<a:path w="{wide}" h="{high}" fill="none">{steps}</a:path></a:pathLst></a:custGeom><a:noFill/>'
            f"{self._pen(pen)}</p:spPr></p:sp>"
        )

    def group(self, name: str, parts: Iterable[str], box: Box) -> str:
        """Shapes that move as one; their places stay those of the slide."""
        place = self._place(box)
        inner = place.replace("a:off", "a:chOff").replace("a:ext", "a:chExt")
        return (
            f"<p:grpSp {_SPACES}>{self._named('p:nvGrpSpPr', name, None, '')}"
            f"<p:grpSpPr><a:xfrm>{place}{inner}</a:xfrm></p:grpSpPr>{''.join(parts)}</p:grpSp>"
        )

    def _connector(self, name: str, ends: Ends, pen: Pen, glue: str, about: str) -> str:
        (x1, y1), (x2, y2) = ends.start, ends.end
        box = Box(min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1))
        flips = (' flipH="1"' if x2 < x1 else "") + (' flipV="1"' if y2 < y1 else "")
        form, bend = "line" if not glue else "straightConnector1", ""
        if ends.form != "line":
            form = "curvedConnector3"
        if ends.form == "loop":
            # Both ends on right sides: the bend lies right of the further one, as a share of a width of nearly 0.
            out = self._length(LOOP + (max(x1, x2) - x1 if x2 >= x1 else 0.0)) if x2 >= x1 else -self._length(LOOP)
            wide = max(1, self._length(box.w))
            bend = f'<a:gd name="adj1" fmla="val {round(100_000 * out / wide)}"/>'
        return (
            f"<p:cxnSp {_SPACES}>{self._named('p:nvCxnSpPr', name, None, about, glue, 'p:cNvCxnSpPr')}<p:spPr>"
            f'{self._frame(box, flips)}<a:prstGeom prst="{form}"><a:avLst>{bend}</a:avLst></a:prstGeom>'
            f"{self._pen(pen)}</p:spPr></p:cxnSp>"
        )

    def _named(
        self, tag: str, name: str, number: int | None, about: str, more: str = "", inner: str | None = None
    ) -> str:
        inner = inner or {"p:nvSpPr": "p:cNvSpPr", "p:nvGrpSpPr": "p:cNvGrpSpPr"}[tag]
        words = f' descr="{attribute(clean_lines(about, TOOLTIP_LIMIT))}"' if about else ""
        properties = f"<{inner} {more}/>" if more and not more.startswith("<") else f"<{inner}>{more}</{inner}>"
        return (
            f'<{tag}><p:cNvPr id="{number or self.new_id()}" name="{attribute(clean(name, 120)) or "shape"}"{words}/>'
            f"{properties}<p:nvPr/></{tag}>"
        )

    def _frame(self, box: Box, flips: str = "") -> str:
        return f"<a:xfrm{flips}>{self._place(box)}</a:xfrm>"

    def _place(self, box: Box) -> str:
        x, y = self._origin[0] + box.x * self._scale, self._origin[1] + box.y * self._scale
        return f'<a:off x="{round(x)}" y="{round(y)}"/><a:ext cx="{self._length(box.w)}" cy="{self._length(box.h)}"/>'

    def _length(self, value: float) -> int:
        return round(value * self._scale)

    def _pen(self, pen: Pen | None, alpha: float = 1.0) -> str:
        if pen is None:
            return "<a:ln><a:noFill/></a:ln>"
        dash = {0: "", 2: "sysDot" if pen.round else "dash"}.get(len(pen.dash), "dashDot")
        cap = ' cap="rnd"' if pen.round else ""
        size = "med" if pen.width < 1.4 else "sm"  # heads grow with the line
        return (
            f'<a:ln w="{self._length(pen.width)}"{cap}>{_solid(pen.colour, pen.alpha * alpha)}'
            + (f'<a:prstDash val="{dash}"/>' if dash else "")
            + "<a:round/>"
            + (f'<a:tailEnd type="triangle" w="{size}" len="{size}"/>' if pen.arrow else "")
            + "</a:ln>"
        )

    def _body(self, lines: Sequence[Line], left: float, align: str, top: float | None) -> str:
        paragraphs = "".join(
            f'<a:p><a:pPr algn="{align}"/>{self._run(*line)}</a:p>' for line in lines if clean(line[0])
        )
        return (
            f'<p:txBody><a:bodyPr wrap="none" lIns="{self._length(left)}" tIns="{self._length(top or 0.0)}" rIns="0" '
            f'bIns="0" anchor="{"ctr" if top is None else "t"}">'
            f"<a:noAutofit/></a:bodyPr><a:lstStyle/>{paragraphs or _EMPTY}</p:txBody>"
        )

    def _run(self, text: str, size: float, letters: Letters) -> str:
        points = max(100, round(100 * size * self._scale / _EMU_PER_PT))
        more = (' b="1"' if letters.bold else "") + (' strike="sngStrike"' if letters.strike else "")
        return (
            f'<a:r><a:rPr lang="en-US" sz="{points}"{more}>{_solid(letters.colour)}{_FONT}</a:rPr>'
            f"<a:t>{escape(clean(text))}</a:t></a:r>"
        )


def _filled(look: Look) -> str:
    if look.fill is None:
        return "<a:noFill/>"
    if look.hatch is None:
        return _solid(look.fill, look.alpha)
    front, back = look.hatch.removeprefix("#"), look.fill.removeprefix("#")
    return (
        f'<a:pattFill prst="ltUpDiag"><a:fgClr><a:srgbClr val="{front}"/></a:fgClr>'
        f'<a:bgClr><a:srgbClr val="{back}"/></a:bgClr></a:pattFill>'
    )


def _solid(colour: str, alpha: float = 1.0) -> str:
    through = f'<a:alpha val="{round(alpha * 100_000)}"/>' if alpha < 1 else ""
    return f'<a:solidFill><a:srgbClr val="{colour.removeprefix("#")}">{through}</a:srgbClr></a:solidFill>'
