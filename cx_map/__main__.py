"""Start of the command line; answers ``--version`` before anything is imported."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from cx_map.version import __version__

        sys.stdout.write(f"cxmap {__version__}\n")
        return
    from cx_map.cli.app import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
