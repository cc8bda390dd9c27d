"""Where problems and references are collected while raw entities are converted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from msgspec import Struct

from cx_map.errors import Problem
from cx_map.load.hints import did_you_mean
from cx_map.load.limits import MAX_HINTS, MAX_PROBLEMS
from cx_map.model.fields import Ref
from cx_map.model.inventory import locate
from cx_map.model.source import Raw, SourceFile

UNKNOWN = "unknown"
INVALID = object()
"""What a parser returns after it has reported a problem."""

Parser = Callable[[Raw, int, int, "Context"], Any]
"""Takes a raw value, its marks and a context; returns the value or INVALID."""


class Reference(Struct):
    """A reference met while converting, to be resolved when all entities are known."""

    target: str
    ref: Ref
    start: int
    end: int


class Context(Struct):
    """Collects problems and references while entities are converted."""

    files: tuple[SourceFile, ...]
    currency: str | None = None
    ids: Collection[str] = ()
    """The ids of all entities: one that begins with `x-` is no own key where it stands as a key."""
    problems: list[Problem] = []
    references: list[Reference] = []
    amounts: list[tuple[str, int, int]] = []

    hints: int = 0

    def problem(self, code: str, message: str, start: int, end: int | None = None, hint: str = "") -> Any:
        """Report a problem at a place; returns INVALID for the caller to pass on."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(code, message, locate(self.files, start, end), hint))
        return INVALID

    def hint(self, word: str, candidates: Iterable[str]) -> str:
        """What may have been meant, for the first errors only: the search is not free."""
        self.hints += 1
        return did_you_mean(word, candidates) if self.hints <= MAX_HINTS else ""
