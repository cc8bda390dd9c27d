"""Pictures for paper (which one, and what to tell about it) and pictures that Graphviz lays out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cx_map.cli.options import choice
from cx_map.cli.output import say

if TYPE_CHECKING:
    from cx_map.draw.geometry import Layout
    from cx_map.draw.scene import Scene
    from cx_map.draw.writers.paper import PaperFit

PAPERS = ("a4", "a3", "a2", "a1", "a0")


def on_paper(layout: Layout, paper: str | None, smallest: str = "a4") -> PaperFit:
    """The fit to the wanted paper or to the smallest one that is legible, with a note where none is."""
    from cx_map.draw.writers.paper import choose_paper, paper_note

    fit = choose_paper(layout, None if paper is None else choice(paper, PAPERS, "--paper"), smallest)
    if note := paper_note(layout, fit):
        say(f"note: {note}")
    elif paper is None:
        turned = "landscape" if fit.landscape else "portrait"
        say(f"note: {fit.paper.upper()} {turned}, the smallest paper on which all text is legible")
    return fit


def printed(suffix: str, layout: Layout, paper: str | None) -> bytes:
    """A PDF (on A4 and up) or a presentation (a slide of A3 and up)."""
    if suffix == ".pptx":
        from cx_map.draw.writers.pptx import to_pptx

        return to_pptx(layout, on_paper(layout, paper, "a3"))
    from cx_map.draw.writers.pdf import to_pdf

    done = to_pdf(layout, on_paper(layout, paper))
    for note in done.notes:
        say(f"note: {note}")
    return done.content


def pixels(svg: str) -> bytes:
    """A PNG, with a note on scripts that make it depend on the machine."""
    from cx_map.draw.writers.fonts import ignorable, scripts_of
    from cx_map.draw.writers.png import beyond_the_font, to_png

    beyond = [char for char in beyond_the_font(svg) if not ignorable(char)]
    if beyond:
        say(f"note: drawn with fonts of this machine, or as boxes where it has none: {scripts_of(beyond)}")
    return to_png(svg)


def laid_out(scene: Scene, view: str, engine: str | None, suffix: str, *, lined_up: bool) -> Layout:
    """The scene in a view, or as a Graphviz engine places it."""
    from cx_map.draw.engines import ENGINES
    from cx_map.errors import UsageError

    if engine is None:
        from cx_map.draw.views import map_of

        return map_of(scene, view)
    from cx_map.draw.layouts.graphviz import layout_graphviz

    choice(engine, ENGINES, "--engine")
    if suffix in (".dot", ".mmd"):
        raise UsageError(f"{suffix} has no places for --engine to find", hint="name a picture: .svg, .png or .pdf")
    if lined_up:
        raise UsageError("--engine keeps no places", hint="leave --line-up-with or --engine away")
    return layout_graphviz(scene, next(one for one in ENGINES if one == engine))
