"""Running the command line with a cache or without one, and counting what it computes."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from cx_map.audit import engine, kept_form, root_causes
from cx_map.cli.app import run
from cx_map.load.cache import DIRECTORY_VARIABLE


@dataclass
class Counted:
    """How often something was computed and not replayed."""

    audits: int = 0
    searches: int = 0


@contextlib.contextmanager
def settled() -> Iterator[None]:
    """The program as one that was not edited while, or just before, it runs: in a fresh checkout it was."""
    with mock.patch.object(kept_form, "_SETTLED", 2**63):
        kept_form._program.cache_clear()
        yield
    kept_form._program.cache_clear()


@contextlib.contextmanager
def counted() -> Iterator[Counted]:
    """Count audits and searches for root causes that are computed; those inside a search do not count."""
    found = Counted()
    audit, search = engine.audit, root_causes.root_causes

    def audited(*arguments: object, **named: object) -> object:
        found.audits += 1
        return audit(*arguments, **named)  # type: ignore[arg-type]  # handed on as they came

    def searched(*arguments: object, **named: object) -> object:
        found.searches += 1
        return search(*arguments, **named)  # type: ignore[arg-type]  # handed on as they came

    with mock.patch.object(engine, "audit", audited), mock.patch.object(root_causes, "root_causes", searched):
        yield found


def said(*arguments: str, cache: Path | None = None) -> tuple[int, str, str]:
    """Exit code and both outputs of a run; the cache is this folder, or there is none."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, {DIRECTORY_VARIABLE: str(cache) if cache is not None else ""}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = run(list(arguments))
    return code, out.getvalue(), err.getvalue()
