"""Every way to break an inventory gives the right errors, all in one run, sorted, in plain words."""

from __future__ import annotations

import re

import pytest

from tests.load.broken import CASES, Case, problems_of


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_broken_inventory(case: Case) -> None:
    problems = problems_of(*case.files, bare=case.bare)
    found = [
        (one.code, one.location.path.removesuffix(".cxmap.yaml"), one.location.line, one.location.column)
        for one in problems
    ]
    assert found == [error[:4] for error in case.errors], [
        (str(one.location), one.message, one.hint) for one in problems
    ]
    for problem, (*_, words) in zip(problems, case.errors, strict=True):
        said = f"{problem.message} | {problem.hint}"
        at = 0
        for word in words.split(" "):
            at = said.find(word, at)
            assert at >= 0, (word, said)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_messages_are_plain_and_say_what_to_do_next(case: Case) -> None:
    for problem in problems_of(*case.files, bare=case.bare):
        assert problem.hint, problem.message
        for text in (problem.message, problem.hint):
            assert len(text) <= 240, text
            assert "\n" not in text
            assert not re.search(r"(?<!!)\b(None|NoneType|dict|str|int|float|Traceback|ValueError|regex)\b", text), text
            assert text == text.strip()
        assert not problem.message.endswith("."), problem.message
        start = (problem.location.line, problem.location.column)
        assert start <= (problem.location.end_line, problem.location.end_column)


def test_names_are_distinct_and_many() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names) >= 50


def test_crlf_and_byte_order_mark_do_not_move_places() -> None:
    text = "cxmap: 1\nteams:\n  a: {ownr: b}\n"
    plain = problems_of(text, bare=True)
    assert plain == problems_of(text.replace("\n", "\r\n"), bare=True)
    assert plain == problems_of("\ufeff" + text, bare=True)
    assert (plain[0].location.line, plain[0].location.column) == (3, 7)


def test_the_span_of_a_block_ends_with_its_last_value() -> None:
    (problem,) = problems_of("teams:\n  a:\n    tags:\n      - x: 1\n        y: 2\n\n\nplatforms: {p: P}\n")
    assert (problem.location.line, problem.location.column) == (5, 9)
    assert (problem.location.end_line, problem.location.end_column) == (6, 13)


def test_many_errors_are_bounded_a_file_and_counted() -> None:
    text = "teams:\n" + "".join(f"  t{number}: {{zzz{number}: 1}}\n" for number in range(1500))
    problems = problems_of(text, "teams: {u: {zzz: 1}}\n")
    assert len(problems) == 1002
    assert "500 more errors" in problems[1000].message
    assert problems[1000].location.line == 1003
    assert problems[1001].location.path == "b.cxmap.yaml"
