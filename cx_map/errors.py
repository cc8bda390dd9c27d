"""What can go wrong, where it went wrong, and what to do next.

Every error that reaches a user is a :class:`CxMapError`; the command line turns each into exit code 2.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct


class Location(Struct, frozen=True, order=True):
    """A half-open piece of a file: lines and columns count from 1, columns in characters."""

    path: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that makes an inventory invalid (a ``CX0xx`` code), with the place and the next step."""

    code: str
    message: str
    location: Location
    hint: str = ""
    related: tuple[Location, ...] = ()

    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order by place, then code: the same whatever order the files were read in."""
        return (self.location.path, self.location.line, self.location.column, self.code, self.message)


class CxMapError(Exception):
    """The base of all errors that cxmap raises on purpose; ``hint`` says what to do next."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(CxMapError):
    """A path, option, identifier or configuration that cannot be used as asked."""


class InventoryError(CxMapError):
    """An inventory that cannot be trusted; ``problems`` holds every one found, sorted by place."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems), key=Problem.sort_key))
        count = len(self.problems)
        first = f"{self.problems[0].location}: {self.problems[0].message}" if self.problems else ""
        super().__init__(f"{count} error{'s' if count != 1 else ''}: {first}")
