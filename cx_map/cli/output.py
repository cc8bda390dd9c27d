"""Printing and writing: colour by the terminal, user text never as markup, files moved into place whole."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from cx_map.errors import UsageError
from cx_map.report.lines import STYLES, Line, ascii_only, plain


def wants_colour(choice: str) -> bool:
    """Whether standard output is to be coloured: by option (auto, always, never), NO_COLOR, FORCE_COLOR, the terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def print_lines(lines: Iterable[Line], colour: str = "auto") -> None:
    """Print styled lines to standard output."""
    if not wants_colour(colour):
        print_text(plain(lines))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=sys.stdout, force_terminal=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
    for one in lines:
        text = Text()
        for span in one:
            text.append(_encodable(span.text), style=STYLES.get(span.style, ""))
        console.print(text)


def print_text(text: str) -> None:
    """Print text to standard output as it is."""
    sys.stdout.write(_encodable(text))


def _encodable(text: str) -> str:
    encoding = sys.stdout.encoding or "utf-8"
    if text.isascii():
        return text
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return ascii_only(text)
    return text


def say(text: str) -> None:
    """Tell the user something beside the result, on standard error."""
    sys.stderr.write(
        text.encode(sys.stderr.encoding or "utf-8", "backslashreplace").decode(sys.stderr.encoding or "utf-8") + "\n"
    )


def write_file(path: str | Path, content: str | bytes | Iterable[str]) -> None:
    """Write a file whole or not at all: to a temporary file beside it, then moved into place. A text may come in pieces."""
    target = Path(path)
    pieces: Iterable[str | bytes] = (content,) if isinstance(content, (str, bytes)) else content
    handle, temporary = -1, ""
    try:
        if target.is_dir():
            raise UsageError(f"{path} is a folder; name a file")
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.", suffix=".tmp")
        with os.fdopen(handle, "wb") as stream:
            stream.writelines(one.encode() if isinstance(one, str) else one for one in pieces)
        os.chmod(temporary, target.stat().st_mode & 0o777 if target.exists() else 0o644)  # noqa: PTH101 - a temporary name
        os.replace(temporary, target)  # noqa: PTH105 - the atomic move
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108 - a temporary name
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from None


def emit(text: str | Iterable[str], output: str | None) -> None:
    """Write a result, whole or in pieces, to a file, or to standard output where none (or ``-``) is named."""
    if output is None or output == "-":
        for piece in (text,) if isinstance(text, str) else text:
            print_text(piece)
    else:
        write_file(output, text)
