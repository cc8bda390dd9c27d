"""``cxmap render``.

Longer than most modules: half of it is the options of the command, one beside the other as ``--help`` shows them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer

from cx_map.cli.language import Lang, note_language
from cx_map.cli.options import AsOf, Config, Paths, choice, today
from cx_map.draw.engines import ENGINES
from cx_map.draw.scene import LIMIT
from cx_map.draw.views import PERSPECTIVES, VIEWS

if TYPE_CHECKING:
    from cx_map.audit.findings import Report
    from cx_map.draw.geometry import Layout
    from cx_map.draw.scene import Scene
    from cx_map.draw.scenes.heat_numbers import By
    from cx_map.draw.sheet import Sheet

_SUFFIXES = (".svg", ".html", ".png", ".pdf", ".pptx", ".dot", ".mmd", ".drawio", ".graphml", ".json")


def run(
    paths: Paths,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help=f"Where to write; the ending says what: {' '.join(_SUFFIXES)}, or `-` for SVG on standard output.",
        ),
    ] = "-",
    view: Annotated[
        str,
        typer.Option(
            "--view", metavar="NAME", help="; ".join(f"{name}: {one.help}" for name, one in VIEWS.items()) + "."
        ),
    ] = "layers",
    by: Annotated[
        str | None,
        typer.Option(
            "--by", metavar="|".join(PERSPECTIVES), help=f"What the view heat tints by; default {PERSPECTIVES[0]}."
        ),
    ] = None,
    focus: Annotated[
        list[str] | None,
        typer.Option(
            "--focus",
            metavar="SELECTOR",
            help="Only this: an id, kind:, owner:, tag:, line_of_business: or severity:, with + for what is up or down from it.",
        ),
    ] = None,
    exclude: Annotated[list[str] | None, typer.Option("--exclude", metavar="SELECTOR", help="Without this.")] = None,
    against: Annotated[
        str | None, typer.Option("--against", metavar="PATH", help="Mark what differs from this earlier state.")
    ] = None,
    line_up_with: Annotated[
        list[str] | None,
        typer.Option(
            "--line-up-with", metavar="PATH", help="Keep the places of this other state's map, so that both line up."
        ),
    ] = None,
    findings: Annotated[bool, typer.Option("--findings", help="Audit, and put the findings on the map.")] = False,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit", min=5, help=f"Most cards (default {LIMIT}); above, the largest groups become one card each."
        ),
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option("--engine", metavar="|".join(ENGINES), help="Let Graphviz place the cards; --view is not used."),
    ] = None,
    theme: Annotated[
        str, typer.Option("--theme", metavar="auto|light|dark", help="Colours; auto follows the reader's setting.")
    ] = "auto",
    paper: Annotated[
        str | None, typer.Option("--paper", metavar="a4|a3|a2|a1|a0", help="Fit an SVG, PDF or slide to this paper.")
    ] = None,
    story: Annotated[
        str | None, typer.Option("--story", metavar="FILE", help="Steps to tell in the page (.html), from a YAML file.")
    ] = None,
    lang: Lang = "en",
    as_of: AsOf = None,
    config: Config = None,
) -> None:
    """Draw a state in one of the views, or the map of what differs between two states."""
    from cx_map.cli.output import say
    from cx_map.cli.printing import laid_out
    from cx_map.draw.layouts.layers import suggest_folds
    from cx_map.draw.scenes.collapse import collapse
    from cx_map.draw.scenes.line_up import line_up
    from cx_map.draw.text import count_of
    from cx_map.errors import UsageError

    choice(view, tuple(VIEWS), "--view")
    if by is not None:
        choice(by, PERSPECTIVES, "--by")
        if view != "heat":
            raise UsageError("--by says what the view heat tints by", hint="add --view heat, or leave --by away")
    choice(theme, ("auto", "light", "dark"), "--theme")
    suffix = _ending(output, paper)
    note_language(lang)
    if suffix == ".html" or story is not None:
        from cx_map.cli.page import page_command

        unfit = {
            "--against": against,
            "--focus": focus,
            "--exclude": exclude,
            "--line-up-with": line_up_with,
            "--engine": engine,
        }
        page_command(paths, output, view, by, lang, today(as_of), config, story, unfit)
        return
    if not VIEWS[view].is_map:
        from cx_map.cli.render_sheet import refuse, sheet
        from cx_map.draw.layouts.sheet import layout_sheet

        refuse(
            view,
            suffix,
            {
                "--against": against is not None,
                "--line-up-with": bool(line_up_with),
                "--limit": limit is not None,
                "--engine": engine is not None,
            },
        )
        shown = sheet(view, paths, focus or [], exclude or [], lang, today(as_of), config, findings=findings)
        _out(output, _sheet_written(suffix, shown, layout_sheet(shown), theme, paper), shown.counted)
        for note in shown.notes:
            say(f"note: {note}")
        return
    if view == "heat" and (against is not None or line_up_with):
        raise UsageError("heat is drawn of one state", hint="leave --against and --line-up-with away")
    heat_by = cast("By", by or PERSPECTIVES[0]) if view == "heat" else None
    scene = _scene(
        paths, against, focus or [], exclude or [], lang, today(as_of), config, findings=findings, heat_by=heat_by
    )
    if line_up_with:
        if focus or exclude or len(scene.nodes) > (limit or LIMIT):
            raise UsageError(
                "--line-up-with keeps whole maps in line", hint="leave --focus and --exclude away, or raise --limit"
            )
        scene = line_up(
            [scene, *(_scene([one], None, [], [], lang, None, config, findings=False) for one in line_up_with)]
        )[0]
    else:
        scene = suggest_folds(collapse(scene, limit or LIMIT))
    layout = laid_out(scene, view, engine, suffix, lined_up=bool(line_up_with))
    cards = count_of(len(layout.cards), "card")
    told = f"{cards} for {scene.entities:,} of {scene.total or scene.entities:,} entities"
    _out(output, _written(suffix, scene, layout, theme, paper), told)
    for note in scene.notes:
        say(f"note: {note}")


def _out(output: str, content: str | bytes, told: str) -> None:
    """The picture to its file, with a word on what it shows, or to standard output."""
    from cx_map.cli.output import print_text, write_file

    if output == "-":
        print_text(str(content))
    else:
        write_file(output, content)
        print_text(f"wrote {output}: {told}\n")


def _ending(output: str, paper: str | None) -> str:
    """What the ending of the file asks for. Raises UsageError where that cannot be drawn, or not on paper."""
    import os
    from pathlib import Path

    from cx_map.errors import UsageError

    suffix = ".svg" if output == "-" else Path(output).suffix.lower()
    if output != "-" and os.path.isdir(output):  # noqa: PTH112 - false, not an error, for a name too long
        raise UsageError(
            f"{output!r} is a folder, not a file to draw into", hint=f"name a file in it: {Path(output) / 'map.svg'}"
        )
    if suffix not in _SUFFIXES:
        raise UsageError(
            f"cannot draw {suffix or 'a file without an ending'}", hint=f"name a file ending in {', '.join(_SUFFIXES)}"
        )
    if paper is not None and suffix not in (".svg", ".pdf", ".pptx"):
        raise UsageError(
            "--paper is for what is printed", hint="name a file ending in .svg, .pdf or .pptx, or leave --paper away"
        )
    return suffix


def _scene(
    paths: list[str],
    against: str | None,
    focus: list[str],
    exclude: list[str],
    lang: str,
    as_of: str | None,
    config: str | None,
    *,
    findings: bool,
    heat_by: By | None = None,
) -> Scene:
    """The scene of one state or of a comparison, and of it the part that was asked for."""
    from cx_map.draw.scenes.whole_map import scene_of
    from cx_map.errors import UsageError
    from cx_map.states.open import open_pair, open_state

    judged = any("severity:" in one for one in (*focus, *exclude))
    report: Report | None = None
    if against is not None:
        if findings or judged or len(paths) != 1:
            raise UsageError(
                "--against compares one PATH with one earlier state, without findings",
                hint="`cxmap diff` compares the findings",
            )
        from cx_map.compare.changes import compare
        from cx_map.draw.scenes.difference import scene_of_diff

        before, inventory = open_pair(against, paths[0])
        entities = {**before.entities, **inventory.entities}
        scene = scene_of_diff(compare(before, inventory), as_of=as_of, language=lang)
    else:
        inventory = open_state(*paths)
        entities = dict(inventory.entities)
        if findings or judged or heat_by == "severity":
            from cx_map.cli.audited import audited

            report = audited(inventory, paths, config, as_of)
        shown = report if findings else None
        if heat_by is not None:
            from cx_map.draw.scenes.heat import heat_scene

            judgement = report if heat_by == "severity" else shown
            scene = heat_scene(inventory, judgement, by=heat_by, as_of=as_of, language=lang)
        else:
            scene = scene_of(inventory, shown, as_of=as_of, language=lang)
    if not focus and not exclude:
        return scene
    from cx_map.cli.audited import severities_of
    from cx_map.draw.scenes.focus import focus as focused

    return focused(scene, entities, focus, exclude, severities_of(report))


def _written(suffix: str, scene: Scene, layout: Layout, theme: str, paper: str | None) -> str | bytes:
    """The map in the format of a file ending."""
    if suffix == ".png":
        from cx_map.cli.printing import pixels

        return pixels(_svg(layout, "dark" if theme == "dark" else "light", None))
    if suffix in (".pdf", ".pptx"):
        from cx_map.cli.printing import printed

        return printed(suffix, layout, paper)
    if suffix == ".dot":
        from cx_map.draw.writers.dot import to_dot, to_dot_web

        return to_dot_web(scene, layout) if layout.view == "web" else to_dot(scene)
    if suffix == ".mmd":
        from cx_map.cli.output import say
        from cx_map.draw.writers.mermaid import advice, to_mermaid

        text = to_mermaid(scene)
        if told := advice(text, scene):
            say(f"note: {told}; leave something out with --focus or --limit")
        return text
    if suffix == ".drawio":
        from cx_map.draw.writers.drawio import to_drawio

        return to_drawio(scene, layout)
    if suffix == ".graphml":
        from cx_map.draw.writers.graphml import to_graphml

        return to_graphml(scene, layout)
    if suffix == ".json":
        from cx_map.draw.writers.json_form import to_json

        return to_json(scene, layout)
    return _svg(layout, theme, paper)


def _sheet_written(suffix: str, sheet: Sheet, layout: Layout, theme: str, paper: str | None) -> str | bytes:
    """A sheet in the format of a file ending."""
    if suffix == ".png":
        from cx_map.cli.printing import pixels

        return pixels(_svg(layout, "dark" if theme == "dark" else "light", None))
    if suffix in (".pdf", ".pptx"):
        from cx_map.cli.printing import printed

        return printed(suffix, layout, paper)
    if suffix == ".drawio":
        from cx_map.draw.writers.drawio_sheet import sheet_to_drawio

        return sheet_to_drawio(sheet, layout)
    if suffix == ".json":
        from cx_map.draw.writers.json_sheet import sheet_to_json

        return sheet_to_json(sheet, layout)
    return _svg(layout, theme, paper)


def _svg(layout: Layout, theme: str, paper: str | None) -> str:
    from cx_map.draw.writers.svg import to_svg

    size = None
    if paper is not None:
        from cx_map.cli.printing import on_paper

        size = on_paper(layout, paper).size
    return to_svg(layout, theme=theme, size=size)  # type: ignore[arg-type]  # checked by the command
