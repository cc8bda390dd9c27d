"""The workshop page of an inventory: states opened and audited, the story read, the file written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def page_of(
    paths: tuple[str, ...],
    *,
    view: str = "layers",
    by: str | None = None,
    language: str = "en",
    as_of: str | None = None,
    config: str | None = None,
    story: str | None = None,
    reload: str | None = None,
) -> str:
    """The HTML of the page for PATH..., with every state of its roadmap; ``PATH@phase`` opens in that state.

    ``story`` is a YAML file, ``reload`` as in :func:`cx_map.draw.page.page.to_html`. Raises UsageError and
    InventoryError as ``cxmap audit`` does, and InventoryError with every mistake in the story.
    """
    from cx_map.audit.kept import audit
    from cx_map.config.settings_file import configure
    from cx_map.draw.page.heats import heats_of
    from cx_map.draw.page.moment import moments_of, position
    from cx_map.draw.page.page import Start, to_html
    from cx_map.draw.page.story import read_story
    from cx_map.draw.views import PERSPECTIVES
    from cx_map.errors import UsageError
    from cx_map.load.files import shown
    from cx_map.model.source import SourceFile
    from cx_map.states.open import open_all

    inventory, phase = open_all(*paths)
    settings = configure(paths, config).settings
    moments = moments_of(inventory, lambda state: audit(state, settings, as_of=as_of), language)
    heats = heats_of(moments, language)
    told = None
    if story is not None:
        try:
            file = SourceFile(shown(story), Path(story).read_bytes())
        except OSError as error:
            raise UsageError(f"cannot read {story}: {error.strerror or error}") from None
        told = read_story(file, moments, [one.id for one in heats])
    state = position(moments, phase) if phase is not None else 0
    return to_html(
        moments,
        heats,
        language=language,
        as_of=as_of,
        start=Start("layers" if view == "heat" else view, state or 0, by or PERSPECTIVES[0] if view == "heat" else ""),
        story=told,
        reload=reload,
    )


def page_command(
    paths: list[str],
    output: str,
    view: str,
    by: str | None,
    language: str,
    as_of: str | None,
    config: str | None,
    story: str | None,
    unfit: Mapping[str, object],
) -> None:
    """Write the page, and say how large it is.

    Raises UsageError for a view that a page does not show, and for ``unfit`` options that have a value: they choose what
    a page lets its reader choose.
    """
    from cx_map.cli.output import print_text, write_file
    from cx_map.draw.page.views import VIEWS
    from cx_map.errors import UsageError

    if not output.lower().endswith(".html"):
        raise UsageError("--story is told in a page", hint="name a file ending in .html")
    if view not in (*VIEWS, "heat"):
        raise UsageError(f"a page does not show the view {view}", hint="name a file ending in .svg, or another --view")
    for option in (name for name, value in unfit.items() if value):
        raise UsageError(f"{option} is not for a page, which holds the whole map in all states", hint="leave it away")
    page = page_of(tuple(paths), view=view, by=by, language=language, as_of=as_of, config=config, story=story)
    write_file(output, page)
    print_text(f"wrote {output}: a page of {len(page.encode()) / 1000:,.0f} kB; open it in a browser\n")
