"""Whether what is generated from the code is fresh: the reference page, that README names every command, and the catalogues.

``python -m tests.freshness`` checks; ``python -m tests.freshness --write`` writes what it can.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from cx_map.api import load, render
from cx_map.cli.app import COMMANDS
from cx_map.schema import reference
from tests import catalogues

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "cx_map" / "docs" / "web.svg"


def picture() -> str:
    """The map on the first screen of the README."""
    return render(load(str(ROOT / "examples" / "roadmap")), "web")


def stale() -> list[str]:
    """What is not fresh, each with the command that mends it."""
    found = []
    again = "run `python -m tests.freshness --write`"
    if not reference.PAGE.is_file() or reference.PAGE.read_text("utf-8") != reference.reference_page():
        found.append(f"cx_map/docs/reference.md is not what the model says: {again}")
    if not PICTURE.is_file() or PICTURE.read_text("utf-8") != picture():
        found.append(f"cx_map/docs/web.svg is not what cxmap draws: {again}")
    readme = (ROOT / "README.md").read_text("utf-8")
    found += [f"README.md does not name the command {name}" for name in COMMANDS if f"`cxmap {name}" not in readme]
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", readme)
    found += [f"README.md leads to {target}, which is not there" for target in targets if not (ROOT / target).exists()]
    return [*found, *catalogues.stale()]


def main() -> int:
    """Check, or write with ``--write``; 1 where something is stale."""
    if "--write" in sys.argv[1:]:
        reference.write()
        PICTURE.write_text(picture(), "utf-8")
    problems = stale()
    for problem in problems:
        sys.stdout.write(problem + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
