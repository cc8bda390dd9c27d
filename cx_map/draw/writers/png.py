"""SVG text to PNG bytes, with resvg and a font that comes along: no system library, no system font.

resvg (Apache-2.0 or MIT, by the MIT wheel ``resvg-py``) draws; Arimo (SIL Open Font License, by the wheel
``fontpkg-arimo``) has the widths of Arial, by which the map measures its text. The same SVG gives the same bytes on the
same version of both. Scripts that Arimo lacks (Chinese, Japanese, Korean, Arabic) come from the machine's fonts, where
it has any; only such a picture depends on the machine.
"""

from __future__ import annotations

import re

from cx_map.draw.writers.fonts import font_files
from cx_map.errors import UsageError

LARGEST = 80_000_000
"""Most pixels of a picture; above, the zoom is lowered. Four bytes a pixel are held while drawing."""

_COVERED = re.compile("[\\x00-\\u052f\\u0590-\\u05ff\\u1e00-\\u22ff\\u2500-\\u25ff]*")


def to_png(svg: str, *, zoom: float = 2.0) -> bytes:
    """The picture of an SVG of a fixed theme (``light`` or ``dark``), ``zoom`` pixels for each CSS pixel.

    Raises UsageError where resvg cannot read the SVG.
    """
    import resvg_py

    fonts = font_files()
    plain = not beyond_the_font(svg) and bool(fonts)
    width, height = _size(svg)
    zoom = min(zoom, (LARGEST / max(1.0, width * height)) ** 0.5)
    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg,
                zoom=zoom,
                dpi=96,
                skip_system_fonts=plain,
                font_files=fonts,
                font_family="Arimo",
                sans_serif_family="Arimo",
            )
        )
    except ValueError as error:
        raise UsageError(f"the map cannot be drawn as PNG: {error}", hint="write .svg") from None


def beyond_the_font(svg: str) -> str:
    """The characters of the text that the font which comes along may lack."""
    from html import unescape

    return _COVERED.sub("", unescape("".join(re.findall(r">([^<]+)</text>", svg))))


def _size(svg: str) -> tuple[float, float]:
    found = re.search(r'viewBox="[\d.]+ [\d.]+ ([\d.]+) ([\d.]+)"', svg)
    return (float(found[1]), float(found[2])) if found else (1.0, 1.0)
