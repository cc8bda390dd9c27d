"""Graphviz, where somebody wants its layouts: found on the machine or in a wheel, run within a time, never required.

First ``dot`` of the PATH, else the executable of the wheel ``graphviz-pure`` (EPL-2.0, so only an extra of the package).
The call goes through the package ``graphviz`` (MIT). Graphviz sees generated names and sizes only, never a user's text.
"""

from __future__ import annotations

import json
import shutil
from typing import Any, Literal, cast

from cx_map.errors import UsageError

Engine = Literal["dot", "neato", "sfdp", "fdp", "twopi", "circo", "osage"]
ENGINES: tuple[Engine, ...] = ("dot", "neato", "sfdp", "fdp", "twopi", "circo", "osage")
SECONDS = 60
"""How long an engine may take."""
MOST_CARDS: dict[Engine, int] = {
    "dot": 1000,
    "neato": 1000,
    "sfdp": 1500,
    "fdp": 1500,
    "twopi": 1500,
    "circo": 400,
    "osage": 2000,
}
"""Above, an engine is not tried.

Measured on two shared cores at these limits, with two flows a card: Graphviz itself takes at most 3 seconds; the wheel
takes 7 for neato, 16 to 20 for fdp and twopi, 39 for sfdp, and 1 for the others.
"""


def place(text: str, engine: Engine, seconds: float = SECONDS) -> dict[str, Any]:
    """Graphviz's JSON for a graph in DOT: nodes and edges with ``pos`` in points, y upwards.

    UsageError where there is no Graphviz, where it fails, and where it takes longer than ``seconds``.
    """
    import subprocess

    from graphviz.backend import dot_command, execute

    found = executable()
    if found is None:
        raise UsageError(
            f"--engine {engine} needs Graphviz, which is not on this machine",
            hint="install it (graphviz.org) so that `dot` is on the PATH, or pip install 'cxmap[engines]'; "
            "without --engine, maps need neither",
        )
    command = [found, *map(str, dot_command.command(engine, "json0")[1:])]
    try:
        done = execute.run_check(
            command, input=text, encoding="utf-8", capture_output=True, quiet=True, timeout=seconds
        )
        return cast("dict[str, Any]", json.loads(done.stdout))
    except subprocess.TimeoutExpired:
        raise UsageError(
            f"Graphviz's {engine} took longer than {seconds:g} seconds",
            hint="show less with --focus or --limit, or take --engine sfdp, or none",
        ) from None
    except (subprocess.CalledProcessError, OSError, ValueError, execute.ExecutableNotFound) as error:
        told = getattr(error, "stderr", None) or str(error)
        first = str(told).strip().splitlines()[:1]
        raise UsageError(
            f"Graphviz's {engine} failed{': ' + first[0] if first else ''}", hint="leave --engine away"
        ) from None


def executable() -> str | None:
    """The program ``dot``: of the PATH, else of the wheel, else none."""
    return shutil.which("dot") or _of_the_wheel()


def _of_the_wheel() -> str | None:
    from importlib.metadata import PackageNotFoundError, files
    from pathlib import Path

    try:
        parts = files("graphviz-pure") or []
    except PackageNotFoundError:
        return None
    for part in parts:
        if part.stem == "graphviz-pure":
            path = Path(str(part.locate()))
            if path.is_file():
                return str(path.resolve())
    return None
