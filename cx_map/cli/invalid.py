"""The errors of an invalid inventory, shown with their source lines."""

from __future__ import annotations

from pathlib import Path

from cx_map.errors import InventoryError
from cx_map.load.limits import MAX_FILE_BYTES
from cx_map.model.source import SourceFile
from cx_map.report.lines import Line
from cx_map.report.problems import report_of
from cx_map.report.sources import Sources
from cx_map.report.text import TextOptions, report_lines


def problem_lines(error: InventoryError) -> list[Line]:
    """Every problem with its source line, and how many there are."""
    paths = tuple(sorted({problem.location.path for problem in error.problems}))
    report = report_of(error.problems, paths)
    return report_lines(report, sources_of(paths), TextOptions(problems=True))


def sources_of(paths: tuple[str, ...]) -> Sources:
    """The files with these shown paths, as far as they can be read now."""
    files = []
    for path in paths:
        place = Path(path)
        try:
            if place.is_file() and place.stat().st_size <= MAX_FILE_BYTES:
                files.append(SourceFile(path, place.read_bytes()))
        except OSError:
            continue
    return Sources(tuple(files))
