"""Stories are checked like inventories: what they name must be there, and every mistake has its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from cx_map.audit.engine import audit
from cx_map.draw.page.moment import Moment, moments_of
from cx_map.draw.page.story import Story, read_story, story_data
from cx_map.errors import InventoryError
from cx_map.load.loader import load
from cx_map.model.source import SourceFile

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def moments() -> tuple[Moment, ...]:
    return moments_of(load(str(ROOT / "examples" / "roadmap")), audit)


def story(moments: tuple[Moment, ...], text: str) -> Story:
    return read_story(SourceFile("story.yaml", text.encode()), moments, ("load",))


def problems(moments: tuple[Moment, ...], text: str) -> list[str]:
    with pytest.raises(InventoryError) as caught:
        story(moments, text)
    return [
        f"{one.location.line}:{one.location.column} {one.code} {one.message}; {one.hint}"
        for one in caught.value.problems
    ]


def test_the_example_is_sound_and_every_step_shows_something(moments: tuple[Moment, ...]) -> None:
    told = story(moments, (ROOT / "examples" / "workshop" / "story.yaml").read_text("utf-8"))
    assert len(told.steps) == 6
    assert told.steps[2].finding
    assert [step.state for step in told.steps] == [0, 0, 0, 1, 3, 3]


def test_a_finding_is_meant_by_rule_by_rule_and_subject_or_by_fingerprint(moments: tuple[Moment, ...]) -> None:
    report = moments[0].report
    assert report is not None
    one = report.findings[1]
    for name in (f"{one.code} {one.subject}", one.fingerprint):
        (step,) = story(moments, f"steps: [{{title: x, finding: {name}}}]").steps
        assert step.finding == one.fingerprint


def test_every_mistake_is_told_with_its_place(moments: tuple[Moment, ...]) -> None:
    found = problems(
        moments,
        """\
titel: x
steps:
  - text: without a title
  - title: a
    select: motor-crn
    focus: sideways
    state: hubb
    perspective: cost
    finding: BOT109 nothing
    colour: red
    filter: {kind: platforms, size: big}
  - title: b
    to: motor-crm
  - just text
""",
    )
    assert [line.partition(" ")[0] for line in found] == [
        "1:1",
        "3:5",
        "5:13",
        "6:12",
        "7:12",
        "8:18",
        "9:14",
        "10:5",
        "11:31",
        "13:5",
        "14:5",
    ]
    assert "did you mean `title`?" in found[0]
    assert "did you mean `motor-crm`?" in found[2]
    assert "one of neighbours, upstream" in found[3]
    assert "did you mean `hub`?" in found[4]


@pytest.mark.parametrize("text", ["steps: []", "title: x", "steps: {a: 1}", "- a", "steps: [", "steps: [{title: [a]}]"])
def test_what_is_no_story_is_an_error(moments: tuple[Moment, ...], text: str) -> None:
    assert problems(moments, text)


def test_texts_are_cut_and_cleaned(moments: tuple[Moment, ...]) -> None:
    told = story(moments, f'title: "\\u202e{"x" * 900}"\nsteps: [{{title: "a\\u0007", text: "{"y" * 5000}"}}]')
    data = story_data(told)
    assert len(str(data["title"])) == 200
    assert "\u202e" not in str(data["title"])
    (step,) = data["steps"]  # type: ignore[misc]
    assert step["title"] == "a␇"
    assert len(step["text"]) == 2000
