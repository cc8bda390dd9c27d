"""The command group: every command by name, and what each error becomes."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from cx_map.errors import CxMapError, InventoryError
from cx_map.load.cache import users_cache, using

COMMANDS: dict[str, str] = {
    "init": "Write a commented starter inventory.",
    "validate": "Check inventory files; every error in one run.",
    "audit": "Find what is wrong, with proof, size, owner and fix.",
    "explain": "Show a rule's page.",
    "rules": "List all rules.",
    "inventory": "Show the tables: counts, coverage, completeness.",
    "render": "Draw the map.",
    "impact": "Show what losing or changing an entity would stop.",
    "paths": "Show all ways from one thing to another.",
    "diff": "Compare two states.",
    "serve": "Show the map in the browser and follow the files.",
    "report": "Write the offline report: pages, maps, tables.",
    "schema": "Print the JSON Schema of the inventory language or of an output.",
}
"""Commands in the order of ``--help``; each lives in the module of its name."""


class LazyGroup(TyperGroup):
    """A group that imports a command's module only when the command is used."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The commands in the order of help."""
        return list(COMMANDS)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of this name, imported now; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"cx_map.cli.{cmd_name}_command")
        function: Callable[..., None] = module.run
        single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        single.command(name=cmd_name, help=function.__doc__, no_args_is_help=False)(function)
        return typer.main.get_command(single)


app = typer.Typer(
    cls=LazyGroup,
    name="cxmap",
    help="Map, audit and re-plan a firm's customer-communications ecosystem.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def _root(
    ctx: typer.Context,
    version: bool = typer.Option(False, "--version", "-V", help="Print the version and exit."),
    debug: bool = typer.Option(False, "--debug", help="Show the traceback of a crash."),
    no_cache: bool = typer.Option(False, "--no-cache", help="Read and audit everything anew, and keep nothing of it."),
) -> None:
    if version:
        from cx_map.version import __version__

        typer.echo(f"cxmap {__version__}")
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())
        raise typer.Exit(2)


def run(arguments: list[str]) -> int:
    """Run the command line; returns the exit code: 0 clean, 1 findings, 2 no trustworthy answer, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure") and not stream.isatty():
            stream.reconfigure(encoding="utf-8", newline="\n")
    debug = "--debug" in arguments
    own = arguments[: arguments.index("--")] if "--" in arguments else arguments
    cached = "--no-cache" not in own
    if not cached:  # said anywhere, as with other tools
        arguments = ["--no-cache", *(one for one in own if one != "--no-cache"), *arguments[len(own) :]]
    collecting = gc.isenabled()
    gc.disable()  # a short life that makes few cycles: the collector would only walk the inventory again and again
    try:
        with _outputs(), using(users_cache if cached else lambda: None):
            return _run(arguments, debug=debug)
    finally:
        if collecting:
            gc.enable()


@contextlib.contextmanager
def _outputs() -> Iterator[None]:
    """Where the caller closed an output (``>&-``, a service without a terminal), what goes there goes nowhere."""
    with contextlib.ExitStack() as stack:
        if sys.stdout is None or sys.stderr is None:
            nowhere = stack.enter_context(Path(os.devnull).open("w", encoding="utf-8"))
            stack.enter_context(contextlib.redirect_stdout(sys.stdout or nowhere))
            stack.enter_context(contextlib.redirect_stderr(sys.stderr or nowhere))
        yield


def _run(arguments: list[str], *, debug: bool) -> int:
    try:
        code = typer.main.get_command(app).main(arguments, prog_name="cxmap", standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _quiet_stdout()
        return 0
    except InventoryError as error:
        if debug:
            raise
        return _invalid(error)
    except CxMapError as error:
        if debug:
            raise
        _complain(error.message, error.hint)
        return 2
    except Exception as error:  # the last resort: a bug must never look like a finding
        return _other(error, debug=debug)
    return code if isinstance(code, int) else 0


def _other(error: Exception, *, debug: bool) -> int:
    name = type(error).__name__
    if name in ("Exit", "Abort"):
        return int(getattr(error, "exit_code", 130))
    show = getattr(error, "format_message", None)
    if show is not None:  # click's usage errors
        context = getattr(error, "ctx", None)
        where = f"`{context.command_path} --help` shows how it is used" if context is not None else ""
        _complain(str(show()), where)
        return 2
    if debug:
        raise error
    from cx_map.report.safe import visible

    _complain(
        f"cxmap has a bug: {name}: {visible(str(error), 300)}",
        "run it again with `cxmap --debug ...` and report what it prints",
    )
    return 2


def _complain(message: str, hint: str = "") -> None:
    from cx_map.cli.output import say
    from cx_map.report.safe import visible

    say(f"error: {visible(message, 1000)}" + (f"\n  = help: {visible(hint, 1000)}" if hint else ""))


def _invalid(error: InventoryError) -> int:
    """The errors of an inventory, on standard error; commands with formats print them themselves."""
    from cx_map.cli.invalid import problem_lines
    from cx_map.cli.output import say
    from cx_map.report.lines import plain

    say(plain(problem_lines(error)).rstrip("\n"))
    return 2


def _quiet_stdout() -> None:
    """Keep the interpreter from complaining about a closed pipe at exit."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
