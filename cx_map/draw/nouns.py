"""What kinds of entities, marks and severities are called, in the reader's language.

The nouns are those of :data:`cx_map.draw.palette.KINDS`; a kind that nobody listed keeps its own name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cx_map.draw.palette import kind_style
from cx_map.draw.scene import SEVERITIES, Mark, Severity
from cx_map.draw.words import Words


def noun(kind: str, words: Words) -> str:
    """One of a kind: ``data source``."""
    return words(kind_style(kind).one)


def nouns(kind: str, words: Words) -> str:
    """Several of a kind: ``data sources``."""
    return words(kind_style(kind).many)


def counted(number: int, kind: str, words: Words) -> str:
    """A number of a kind: ``3 data sources``."""
    style = kind_style(kind)
    one, several = (f"{{n}} {name}" for name in (style.one, style.many))
    return words.many(one, several, number)


def headed(text: str) -> str:
    """A text with a capital first letter, as in a legend."""
    return text[:1].upper() + text[1:]


def marks_told(marks: Iterable[Mark], order: tuple[Mark, ...], words: Words) -> str:
    """How many are added, removed and changed, in the order given; empty where none is."""
    found = list(marks)
    told = {
        "added": words.many("{n} added", "{n} added", found.count("added")),
        "removed": words.many("{n} removed", "{n} removed", found.count("removed")),
        "changed": words.many("{n} changed", "{n} changed", found.count("changed")),
    }
    return ", ".join(told[mark] for mark in order if mark in found)


def severities_told(counts: Mapping[Severity, int], words: Words) -> str:
    """How many findings of each severity there are, the worst first; empty where there are none."""
    told = {
        "critical": words.many("{n} critical", "{n} critical", counts.get("critical", 0)),
        "major": words.many("{n} major", "{n} major", counts.get("major", 0)),
        "minor": words.many("{n} minor", "{n} minor", counts.get("minor", 0)),
        "info": words.many("{n} info", "{n} info", counts.get("info", 0)),
    }
    return ", ".join(told[one] for one in SEVERITIES if counts.get(one))
