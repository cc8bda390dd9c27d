"""Which paper a map needs so that its smallest text stays legible (6 pt), and how big to print it."""

from __future__ import annotations

from dataclasses import dataclass

from cx_map.draw.geometry import Layout

SIZES_MM: dict[str, tuple[int, int]] = {
    "a4": (210, 297),
    "a3": (297, 420),
    "a2": (420, 594),
    "a1": (594, 841),
    "a0": (841, 1189),
}
SMALLEST_PT = 6.0
_BORDER_MM = 10.0
_MM_PER_PX = 25.4 / 96


@dataclass(frozen=True, slots=True)
class PaperFit:
    """A map on a paper: width and height in mm as printed, and the size of its smallest text in points."""

    paper: str
    landscape: bool
    width_mm: float
    height_mm: float
    smallest_pt: float

    @property
    def legible(self) -> bool:
        """Whether the smallest text is at least 6 pt."""
        return self.smallest_pt >= SMALLEST_PT - 1e-9

    @property
    def page_mm(self) -> tuple[int, int]:
        """Width and height of the sheet of paper."""
        short, long = SIZES_MM[self.paper]
        return (long, short) if self.landscape else (short, long)

    @property
    def size(self) -> tuple[str, str]:
        """Width and height for :func:`cx_map.draw.writers.svg.to_svg`."""
        return f"{self.width_mm:.1f}mm", f"{self.height_mm:.1f}mm"


def fit_paper(layout: Layout, paper: str) -> PaperFit:
    """The map as large as the paper allows (10 mm border), in the better orientation. ``KeyError`` for another size."""
    short, long = SIZES_MM[paper]
    smallest = min((label.size for label in layout.texts()), default=8.0)
    options = []
    for landscape in (True, False):
        wide, high = (long, short) if landscape else (short, long)
        scale = min((wide - 2 * _BORDER_MM) / layout.width, (high - 2 * _BORDER_MM) / layout.height)
        options.append(
            PaperFit(
                paper,
                landscape,
                layout.width * scale,
                layout.height * scale,
                smallest * scale / _MM_PER_PX * 0.75,
            )
        )
    return max(options, key=lambda one: (one.smallest_pt, one.landscape))


def paper_needed(layout: Layout) -> str | None:
    """The smallest paper on which the map is legible, or ``None`` when even A0 is too small (collapse or focus it)."""
    return next((name for name in SIZES_MM if fit_paper(layout, name).legible), None)


def choose_paper(layout: Layout, wanted: str | None, smallest: str = "a4") -> PaperFit:
    """The map on the wanted paper, else on the smallest (from ``smallest`` up) where it is legible, else on A0."""
    if wanted is not None:
        return fit_paper(layout, wanted)
    sizes = list(SIZES_MM)
    fits = [fit_paper(layout, name) for name in sizes[sizes.index(smallest) :]]
    return next((one for one in fits if one.legible), fits[-1])


def paper_note(layout: Layout, fit: PaperFit) -> str | None:
    """What to tell where the smallest text of the fit is below 6 pt."""
    if fit.legible:
        return None
    needed = paper_needed(layout)
    less = "--focus" if layout.cells else "--focus, or collapse it with a lower --limit"
    advice = f"print it on {needed.upper()}" if needed else f"even A0 is too small: show less with {less}"
    return f"the smallest text is {fit.smallest_pt:.1f} pt on {fit.paper.upper()}; {advice}"
