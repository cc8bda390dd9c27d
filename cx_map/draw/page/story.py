"""A story: steps through the page for a meeting, written in YAML and checked like everything else.

A step has a ``title`` and a ``text``, and says what the page shows while it is told; what a step leaves out is as
the page opens: nothing selected, the current state, no colours laid over.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cx_map.draw.page.moment import Moment, position
from cx_map.draw.page.views import VIEWS
from cx_map.draw.text import clean, clean_lines
from cx_map.errors import InventoryError, Problem
from cx_map.load.hints import did_you_mean
from cx_map.load.quantities import describe
from cx_map.load.reader import read
from cx_map.model.inventory import locate
from cx_map.model.source import Map, Raw, Seq, SourceFile

FOCUS = ("neighbours", "upstream", "downstream", "both", "loop")
COMPARE = ("current", "previous")
_KEYS = (
    "title",
    "text",
    "view",
    "state",
    "compare",
    "select",
    "focus",
    "to",
    "perspective",
    "finding",
    "filter",
    "search",
)
FILTERS = ("line_of_business", "kind", "owner", "severity", "rule", "phase")
_TITLE, _TEXT = 200, 2000


@dataclass(frozen=True, slots=True)
class Step:
    """One step; ``state`` is a position in the page's states, ``finding`` a fingerprint, ``filters`` by filter."""

    title: str
    text: str = ""
    view: str = ""
    state: int = 0
    compare: str = ""
    select: str = ""
    focus: str = ""
    to: str = ""
    perspective: str = ""
    finding: str = ""
    search: str = ""
    filters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """A title and steps in the order in which they are told."""

    title: str
    steps: tuple[Step, ...]


def read_story(file: SourceFile, moments: Sequence[Moment], perspectives: Collection[str] = ()) -> Story:
    """The story in a file; raises InventoryError with every mistake in it, each with its place.

    Names in it are checked against the states: entities, phases, findings (a rule's code, ``CODE subject``, or a
    fingerprint), rules and perspectives.
    """
    document = read(file.data, file.path, 0)
    if document.problems:
        raise InventoryError(document.problems)
    reader = _Reader(file, tuple(moments), perspectives)
    story = reader.story(document.root or Map())
    if reader.problems:
        raise InventoryError(reader.problems)
    return story


def story_data(story: Story) -> dict[str, object]:
    """The story as the page reads it; what a step leaves out is left out."""
    return {
        "title": clean(story.title, _TITLE),
        "steps": [
            {
                "title": clean(step.title, _TITLE),
                "text": clean_lines(step.text, _TEXT),
                **{key: value for key in ("view", "compare", "select", "focus", "to", "perspective", "finding", "search") if (value := getattr(step, key))},
                "state": step.state,
                "filters": dict(step.filters),
            }
            for step in story.steps
        ],
    }  # fmt: skip


class _Reader:
    """Checks one story."""

    def __init__(self, file: SourceFile, moments: tuple[Moment, ...], perspectives: Collection[str]) -> None:
        self.files = (file,)
        self.moments = moments
        self.perspectives = tuple(perspectives)
        self.problems: list[Problem] = []
        self.ids = sorted({name for one in moments for name in one.inventory.entities})

    def problem(self, code: str, message: str, start: int, end: int, hint: str = "") -> None:
        self.problems.append(Problem(code, message, locate(self.files, start, end), hint))

    def story(self, root: Map) -> Story:
        title, steps = "", []
        for key, value, mark, start, end in root.entries():
            if key.startswith("x-") or key == "cxmap":
                continue
            if key == "title":
                title = self._text(value, start, end)
            elif key == "steps" and isinstance(value, Seq) and value:
                steps = [self._step(item, begin, finish) for item, begin, finish in value.entries()]
            elif key == "steps":
                self.problem("CX005", f"`steps` is a list of steps, not {describe(value)}", start, end)
            else:
                hint = did_you_mean(key, ("title", "steps"))
                self.problem("CX002", f"a story has no {describe(key)}", mark, mark + len(key), hint)
        if "steps" not in root:
            self.problem("CX005", "a story needs `steps`", 0, 0, "write `steps:` and below it `- title: ...`")
        return Story(title, tuple(step for step in steps if step is not None))

    def _step(self, item: Raw, start: int, end: int) -> Step | None:
        if not isinstance(item, Map):
            self.problem("CX005", f"a step is a mapping, not {describe(item)}", start, end, "write `- title: ...`")
            return None
        texts: dict[str, str] = {}
        state = 0
        filters: list[tuple[str, str]] = []
        for key, value, mark, begin, finish in item.entries():
            if key.startswith("x-"):
                continue
            if key not in _KEYS:
                hint = did_you_mean(key, _KEYS)
                self.problem("CX002", f"a step has no {describe(key)}", mark, mark + len(key), hint)
            elif key == "filter":
                filters = self._filters(value, begin, finish)
            elif key == "state":
                state = self._state(self._text(value, begin, finish), begin, finish)
            else:
                texts[key] = self._known(key, self._text(value, begin, finish), begin, finish)
        if not texts.get("title"):
            self.problem("CX005", "a step needs a `title`", start, start)
        if "finding" in texts:
            texts["finding"] = self._finding(texts["finding"], state, item)
        for key in ("focus", "to"):
            if key in texts and "select" not in texts:
                place = item.place(key) or (start, start, end)
                self.problem(
                    "CX005", f"`{key}` starts from what `select` names", place[0], place[2], "add `select: ID`"
                )
        return Step(state=state, filters=tuple(filters), **{"title": "", **texts})

    def _text(self, value: Raw, start: int, end: int) -> str:
        if isinstance(value, (Map, Seq)) or value is None:
            self.problem("CX005", f"expected a text, found {describe(value)}", start, end)
            return ""
        return str(value)

    def _known(self, key: str, value: str, start: int, end: int) -> str:
        choices: dict[str, tuple[str, ...]] = {
            "view": tuple(VIEWS),
            "compare": COMPARE,
            "focus": FOCUS,
            "perspective": self.perspectives,
        }
        if key in choices and value not in choices[key]:
            allowed = ", ".join(choices[key]) or "none in this page"
            self.problem("CX005", f"{describe(value)} is no {key}; one of {allowed}", start, end)
        elif key in ("select", "to") and value not in self.ids:
            self.problem("CX003", f"nothing has the id {describe(value)}", start, end, did_you_mean(value, self.ids))
        return value

    def _state(self, value: str, start: int, end: int) -> int:
        found = position(self.moments, value)
        if found is None:
            names = [one.id for one in self.moments]
            hint = did_you_mean(value, names) or f"its states: {', '.join(names)}"
            self.problem("CX003", f"there is no state {describe(value)}", start, end, hint)
        return found or 0

    def _finding(self, value: str, state: int, item: Map) -> str:
        report = self.moments[state].report
        for one in report.findings if report is not None else ():
            if value in (one.fingerprint, one.code, f"{one.code} {one.subject}"):
                return one.fingerprint
        _, start, end = item.place("finding") or (0, 0, 0)
        self.problem("CX003", f"the state {self.moments[state].id} has no finding {describe(value)}", start, end,
                     "write a rule's code, `CODE subject`, or a fingerprint of `cxmap audit --format json`")  # fmt: skip
        return ""

    def _filters(self, value: Raw, start: int, end: int) -> list[tuple[str, str]]:
        if not isinstance(value, Map):
            self.problem("CX005", f"`filter` is a mapping, not {describe(value)}", start, end)
            return []
        found = []
        for key, text, mark, begin, finish in value.entries():
            if key not in FILTERS:
                self.problem(
                    "CX002", f"there is no filter {describe(key)}", mark, mark + len(key), did_you_mean(key, FILTERS)
                )
            else:
                found.append((key, self._text(text, begin, finish)))
        return found
