"""Measure start-up, loading and auditing against yardsticks of the same run, and print a table.

``python -m tests.benchmarks [SIZE ...] [--full]``: sizes are numbers of entities (default 100 1000 10000; ``--full`` adds
100000, which takes some minutes). Every figure is the median of fresh processes (the audit without
what earlier runs kept, but for the one line that says so); ratios, not seconds, carry over
between machines.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.benchmarks.drawing import drawing
from tests.benchmarks.measure import Measurement, in_process, median_of, process
from tests.benchmarks.page import page_rows
from tests.benchmarks.synthetic import SMALL, write_inventory, write_small

_CSAFE = """
import yaml, pathlib
paths = sorted(pathlib.Path({folder!r}).glob("*.cxmap.yaml"))
documents = [yaml.load(path.read_bytes(), yaml.CSafeLoader) for path in paths]
"""
_LOAD = """
from cx_map.load.loader import load
inventory = load({folder!r})
"""
_CACHED = """
from pathlib import Path
from cx_map.load.cache import Cache, using
from cx_map.load.loader import load
with using(lambda: Cache(Path({cache!r}))):
    inventory = load({folder!r})
"""
_IMPORT = "import cx_map.load.loader"
START_TARGETS = {"--version": 2.5, "--help": 8.0, "validate": 10.0}
LOAD_TARGET = 0.25
WARM_TARGET = 0.05
CHANGED_TARGET = 0.08
AUDIT_TARGETS = {1000: 1.5, 10_000: 1.0, 100_000: 1.0}
REPLAY_TARGETS = {1000: 1.5, 10_000: 0.15, 100_000: 0.1}
"""Python and the command line start in less than half of what 1,000 entities may take; the rest is writing."""
MEMORY_TARGET = 1024


def main() -> None:
    """Run everything and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[100, 1000, 10_000])
    parser.add_argument("--full", action="store_true", help="also measure 100,000 entities, and the workshop page")
    options = parser.parse_args()
    sizes = [*options.sizes, *([100_000] if options.full else [])]
    rows = [("what", "seconds", "peak MB", "ratio", "target", "")]
    with tempfile.TemporaryDirectory() as temporary:
        top = Path(temporary)
        rows += _start_up(top)
        for size in sizes:
            rows += _size(top, size)
        rows += [_row(*one) for one in drawing(top)]
        if options.full:
            rows += page_rows(top)
    for number, row in enumerate(rows):
        print("| " + " | ".join(row) + " |")
        if number == 0:
            print("|---" * len(row) + "|")


def _start_up(top: Path) -> list[tuple[str, ...]]:
    folder = top / "small"
    write_small(folder)
    bare = median_of(15, lambda: process("-c", "pass"))
    rows = [_row("bare `python -c pass`", bare, bare, None)]
    rows.append(_row("import of the loader", median_of(15, lambda: process("-c", _IMPORT)), bare, None))
    for name, arguments in (
        ("--version", ("--version",)),
        ("--help", ("--help",)),
        ("validate", ("validate", str(folder))),
    ):
        try:
            found = median_of(9, lambda arguments=arguments: process("-m", "cx_map", *arguments))  # type: ignore[misc]  # bound at once
        except RuntimeError as error:
            rows.append((f"`cxmap {name}`", "-", "-", "-", f"{START_TARGETS[name]:g}", str(error)))
            continue
        entities = f" of {SMALL} entities" if name == "validate" else ""
        rows.append(_row(f"`cxmap {name}`{entities}", found, bare, START_TARGETS[name]))
    return rows


def _size(top: Path, size: int) -> list[tuple[str, ...]]:
    runs = 7 if size <= 1000 else 3 if size <= 10_000 else 1
    rows: list[tuple[str, ...]] = []
    for files in (1, 100) if size >= 10_000 else (1,):
        folder = top / f"{size}-{files}"
        write_inventory(folder, size, files)
        what = f"{size:,} entities in {files} file{'s' if files > 1 else ''}"
        yardstick = median_of(runs, lambda folder=folder: in_process(_CSAFE.format(folder=str(folder))))  # type: ignore[misc]  # the same
        rows.append(_row(f"{what}: CSafeLoader, no checks", yardstick, yardstick, None))
        loaded = median_of(runs, lambda folder=folder: in_process(_LOAD.format(folder=str(folder))))  # type: ignore[misc]  # the same
        target = LOAD_TARGET if size >= 10_000 else None
        rows.append(_row(f"{what}: load, resolve, validate (with imports)", loaded, yardstick, target))
        cached = _CACHED.format(folder=str(folder), cache=str(top / "cache"))
        in_process(cached)
        warm = median_of(runs, lambda cached=cached: in_process(cached))  # type: ignore[misc]  # the same
        warm_target = WARM_TARGET if size >= 10_000 else None
        rows.append(_row(f"{what}: the same, unchanged since the last time", warm, yardstick, warm_target))
        if files > 1:
            changed = median_of(runs, lambda folder=folder, cached=cached: _after_a_change(folder, cached))  # type: ignore[misc]  # the same
            rows.append(_row(f"{what}: the same, one file changed", changed, yardstick, CHANGED_TARGET))
        if files == 1:
            try:
                audited = median_of(
                    runs,
                    lambda folder=folder: process(
                        "-m", "cx_map", "audit", str(folder), "--fail-on", "none", "--format", "json"
                    ),  # type: ignore[misc]  # the same
                )
            except RuntimeError as error:
                rows.append((f"{what}: audit", "-", "-", "-", "", str(error)))
            else:
                rows.append(_row(f"{what}: audit, process start to end", audited, yardstick, AUDIT_TARGETS.get(size)))
        if files == 1:
            environment = {"CXMAP_CACHE_DIR": str(top / "cache")}
            for format_ in ("json", "text"):
                arguments = ("-m", "cx_map", "audit", str(folder), "--fail-on", "none", "--format", format_)
                process(*arguments, **environment)
                again = median_of(
                    runs,
                    lambda arguments=arguments, environment=environment: process(*arguments, **environment),  # type: ignore[misc]  # the same
                )
                what_again = f"{what}: audit as {format_}, unchanged since the last time"
                rows.append(_row(what_again, again, yardstick, REPLAY_TARGETS.get(size)))
    return rows


def _after_a_change(folder: Path, code: str) -> Measurement:
    """The time of some code after one file got other bytes."""
    path = min(folder.glob("*.cxmap.yaml"))
    path.write_bytes(path.read_bytes() + b"# changed\n")
    return in_process(code)


def _row(what: str, found: Measurement, yardstick: Measurement, target: float | None) -> tuple[str, ...]:
    ratio = found.seconds / yardstick.seconds
    verdict = "" if target is None else "ok" if ratio <= target else "missed"
    if found.megabytes > MEMORY_TARGET and target is not None:
        verdict += f", over {MEMORY_TARGET} MB"
    return (
        what,
        f"{found.seconds:.3f}",
        f"{found.megabytes:.0f}",
        f"{ratio:.2f}",
        "" if target is None else f"{target:g}",
        verdict,
    )


if __name__ == "__main__":
    main()
