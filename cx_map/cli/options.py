"""Arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

Paths: TypeAlias = Annotated[
    list[str],
    typer.Argument(metavar="PATH...", help="Folder, files, `-`, PATH@phase or REVISION:PATH.", show_default=False),
]
OnePath: TypeAlias = Annotated[
    str, typer.Argument(metavar="PATH", help="Folder, file, `-`, PATH@phase or REVISION:PATH.", show_default=False)
]
AsOf: TypeAlias = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Today, for rules that need a date.")
]
Color: TypeAlias = Annotated[str, typer.Option("--color", metavar="auto|always|never", help="When to colour the text.")]
Config: TypeAlias = Annotated[
    str | None, typer.Option("--config", metavar="FILE", help="Configuration; default: cxmap.yaml beside PATH.")
]
Output: TypeAlias = Annotated[
    str | None, typer.Option("--output", "-o", metavar="FILE", help="Write here instead of standard output.")
]


def choice(value: str, allowed: tuple[str, ...], option: str) -> str:
    """The value, if it is allowed; raises UsageError that names what is."""
    from cx_map.errors import UsageError

    if value not in allowed:
        import difflib

        close = difflib.get_close_matches(value, allowed, n=1)
        hint = f"did you mean {close[0]}? " if close else ""
        raise UsageError(f"{option} {value!r} is not known", hint=f"{hint}one of {', '.join(allowed)}")
    return value


def today(as_of: str | None) -> str | None:
    """The date given, else SOURCE_DATE_EPOCH, else None (the newest date of the inventory)."""
    import os

    from cx_map.errors import UsageError
    from cx_map.load.quantities import date

    if as_of is not None:
        try:
            return date(as_of)
        except ValueError as error:
            raise UsageError(f"--as-of: {error}") from None
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        import datetime

        try:
            return datetime.datetime.fromtimestamp(int(epoch), tz=datetime.UTC).date().isoformat()
        except (ValueError, OverflowError, OSError):
            raise UsageError(f"SOURCE_DATE_EPOCH is not a number of seconds: {epoch!r}") from None
    return None
