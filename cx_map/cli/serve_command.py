"""``cxmap serve``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cx_map.cli.language import Lang, note_language
from cx_map.cli.options import AsOf, Config, Paths, today

if TYPE_CHECKING:
    from cx_map.cli.live import Live


def run(
    paths: Paths,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 0,
    open_: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
    lang: Lang = "en",
    as_of: AsOf = None,
    config: Config = None,
) -> None:
    """Show the map in the browser and follow the files: save one, and the page changes. Stop with Ctrl-C."""
    import threading
    import time
    import webbrowser

    from cx_map.cli.live import LOOPBACK, PAUSE, server
    from cx_map.cli.output import say
    from cx_map.errors import UsageError

    if "-" in paths:
        raise UsageError("serve follows files; standard input can be read once only", hint="name a file or a folder")
    note_language(lang)
    live = live_of(paths, lang=lang, as_of=today(as_of), config=config)
    live.start()
    try:
        made, address = server(live, port)
    except OSError as error:
        raise UsageError(
            f"cannot listen on {LOOPBACK}:{port}: {error.strerror or error}",
            hint="name another --port, or leave it away",
        ) from None
    say(f"serving {address}\nstop with Ctrl-C")
    with made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        try:
            if open_:  # only now: a browser in the terminal keeps us waiting until it has the page
                webbrowser.open(address)
            while True:
                time.sleep(PAUSE)
                if live.look():
                    say(live.problem or "built anew")
        finally:
            made.shutdown()


def live_of(paths: list[str], *, lang: str = "en", as_of: str | None = None, config: str | None = None) -> Live:
    """The page of PATH... that follows the files."""
    from cx_map.cli.live import Live

    return Live(lambda version: _page(paths, version, lang, as_of, config), lambda: _stamp(paths, config), _explained)


def _page(paths: list[str], version: int, lang: str, as_of: str | None, config: str | None) -> str:
    from cx_map.cli.page import page_of

    return page_of(tuple(paths), language=lang, as_of=as_of, config=config, reload=f"events/{version}")


def _stamp(paths: list[str], config: str | None) -> tuple[object, ...]:
    """The files that the page is made of, as they are now; a git revision never changes."""
    from cx_map.config.place import find
    from cx_map.load.files import stamps
    from cx_map.load.targets import parse_target

    targets = [parse_target(path) for path in paths]
    named = [path for target in targets if target.revision is None for path in target.paths if path != "-"]
    settings = config if config is not None else find(tuple(paths))
    return (*stamps(named), *(stamps([str(settings)]) if settings is not None else ()))


def _explained(error: Exception) -> str:
    """What is wrong now, for the page and the terminal; a bug looks like one."""
    from cx_map.cli.invalid import problem_lines
    from cx_map.errors import CxMapError, InventoryError
    from cx_map.report.lines import plain
    from cx_map.report.safe import visible

    if isinstance(error, InventoryError):
        return plain(problem_lines(error)).rstrip("\n")
    if isinstance(error, CxMapError):
        return visible(f"error: {error.message}" + (f" ({error.hint})" if error.hint else ""))
    return visible(f"cxmap has a bug: {type(error).__name__}: {error}")
