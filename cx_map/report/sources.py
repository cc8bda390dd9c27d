"""Lines of source files, for the frames under findings."""

from __future__ import annotations

from cx_map.errors import Location
from cx_map.model.source import SourceFile
from cx_map.report.lines import Line, Span, line
from cx_map.report.safe import visible, width

MAX_WIDTH = 110
"""Columns of a source line that are shown."""


class Sources:
    """The lines of some files, split on the first question about each file."""

    def __init__(self, files: tuple[SourceFile, ...]) -> None:
        self._files = {file.path: file for file in files}
        self._lines: dict[str, list[str]] = {}

    def line(self, path: str, number: int) -> str | None:
        """A line of a file, counted from 1; None for unknown files and past the end."""
        if path not in self._lines:
            file = self._files.get(path)
            text = "" if file is None else file.data.decode("utf-8-sig", "replace")
            self._lines[path] = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        lines = self._lines[path]
        return lines[number - 1] if 0 < number <= len(lines) and path in self._files else None

    def frame(self, location: Location, label: str, style: str = "major") -> list[Line]:
        """``--> path:line:column`` and the source line with carets under the place."""
        gutter = " " * len(str(location.line))
        found: list[Line] = [line(f"{gutter}--> ", Span(visible(str(location)), "place"))]
        text = self.line(location.path, location.line)
        if text is None or not text.strip():
            if label:
                found.append(line(f"{gutter}  = ", visible(label)))
            return found
        start = min(max(location.column - 1, 0), len(text))
        end = location.end_column - 1 if location.end_line == location.line else len(text.rstrip())
        end = max(min(end, len(text)), start + 1)
        left = max(0, start - 60) if len(text) > MAX_WIDTH else 0
        right = left + MAX_WIDTH
        shown = ("…" if left else "") + visible(text[left:right], None).rstrip() + ("…" if len(text) > right else "")
        before = width(("…" if left else "") + visible(text[left:start], None))
        carets = max(1, width(visible(text[start : min(end, right)], None)))
        found += [
            line(f"{gutter} |"),
            line(Span(f"{location.line} | ", "dim"), shown),
            line(
                f"{gutter} | ",
                " " * before,
                Span("^" * carets, style),
                " " if label else "",
                Span(visible(label), style),
            ),
        ]
        return found
