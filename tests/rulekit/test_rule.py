from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import pytest

from cx_map.graph.ecosystem import Ecosystem
from cx_map.rulekit import CONFIDENCES, SEVERITIES, Breach, NoParameters, NotAssessed, Passed, Verdict, rule
from cx_map.rulekit.severity import at_least
from tests.support import inventory_of


@dataclass(frozen=True)
class Limits:
    """Parameters of the rule below."""

    most: Annotated[int, "Most things."] = 3
    share: Annotated[float, "Part of them."] = 0.5


@rule("TEST101", severity="minor", unlock=("teams",))
def too_many_things(eco: Ecosystem, parameters: Limits) -> Iterator[Verdict]:
    """There are too many things.

    ## Why it matters
    They get lost.
    """
    organization = eco.inventory.organization
    if organization is None:
        yield Passed(f"{len(eco.inventory.entities)} of {parameters.most}")
    elif organization.name is None:
        yield NotAssessed("organization", "it has no name", ("organization.name",))
    else:
        yield Breach(organization, f"'{organization.title}' has too many things")


def test_a_function_becomes_a_rule() -> None:
    assert (too_many_things.code, too_many_things.name) == ("TEST101", "too-many-things")
    assert too_many_things.severity == "minor"
    assert too_many_things.summary == "There are too many things."
    assert too_many_things.unlock == ("teams",)


def test_parameters_are_described_by_their_annotations() -> None:
    assert [(one.name, one.type, one.default, one.description) for one in too_many_things.parameters] == [
        ("most", int, 3, "Most things."), ("share", float, 0.5, "Part of them."),
    ]  # fmt: skip


def test_checking_uses_own_parameters_unless_given() -> None:
    eco = Ecosystem(inventory_of("teams: {a: {}}"))
    count = len(eco.inventory.entities)
    assert list(too_many_things.check(eco)) == [Passed(f"{count} of 3")]
    assert list(too_many_things.check(eco, Limits(most=9))) == [Passed(f"{count} of 9")]


def test_a_rule_says_what_it_cannot_judge() -> None:
    (verdict,) = too_many_things.check(Ecosystem(inventory_of("organization: {}\nteams: {a: {}}")))
    assert verdict == NotAssessed("organization", "it has no name", ("organization.name",))
    (verdict,) = too_many_things.check(Ecosystem(inventory_of("organization: {name: Acme}\nteams: {a: {}}")))
    assert isinstance(verdict, Breach)
    assert (verdict.message, verdict.basis, verdict.fix) == ("'Acme' has too many things", "reported", None)


def test_rules_without_parameters() -> None:
    @rule("TEST102", severity="info", unlock=())
    def nothing(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
        """Nothing."""
        yield from ()

    assert nothing.parameters == ()
    assert list(nothing.check(Ecosystem(inventory_of("teams: {a: {}}")))) == []


@pytest.mark.parametrize("code", ["", "loop101", "L101", "LOOP1", "LOOP1011", "TOOLONG101"])
def test_codes_have_a_form(code: str) -> None:
    with pytest.raises(ValueError, match="not a rule code"):
        rule(code, severity="minor", unlock=())


def test_severities_are_ordered_from_the_worst() -> None:
    assert SEVERITIES == ("critical", "major", "minor", "info")
    assert CONFIDENCES == ("high", "medium", "low")
    assert at_least("critical", "major")
    assert at_least("major", "major")
    assert not at_least("minor", "major")
