"""The invented bank: every planted story is found by the rule meant for it, and nothing else grave is found."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pytest

from cx_map.audit.engine import audit
from cx_map.audit.findings import Finding
from cx_map.audit.registry import all_rules
from cx_map.load.loader import load
from cx_map.states.open import open_state

INVENTORIES = Path(__file__).parents[2] / "inventories"
BANK, TWIN = "nordvik-bank", "nordvik-bank-mended"

STORIES: dict[str, tuple[tuple[str, str], ...]] = {
    "6 digital and contact-centre data apart": (("SILO104", "contact-log"),),
    "1 paperless that stops at the card": (
        ("PREF101", "account-statement"),
        ("PREF101", "fee-change-notice"),
        ("PREF101", "mortgage-statement"),
        ("PREF101", "portfolio-report"),
        ("PREF101", "rate-change-notice"),
        ("PREF101", "savings-rate-notice"),
        ("PREF101", "welcome-pack"),
    ),
    "2 a mortgage bank acquired and left as is": (("SILO101", "mortgages"), ("SILO102", "mortgages")),
    "3 five surveys for the same people": (
        ("SILO103", "card-pulse"),
        ("SURV101", "everyday-customers"),
        ("SURV102", "after-call-survey"),
    ),
    "4 a promised call-back with no return path": (("JRNY102", "call-back-tomorrow"),),
    "5 a statement to the wrong person with no escalation": (("ESC103", "statement-to-stranger"),),
    "7 too much in an SMS": (("CHAN101", "low-balance-text"),),
    "8 a chatbot without a way out": (("CHAN110", "bot-answer"), ("CHAN110", "bot-welcome")),
    "9 e-mail asked five times": (
        ("RED101", "branch-booking"),
        ("RED101", "card-application"),
        ("RED102", "mortgage-application"),
    ),
    "10 statements that fill the contact centre": (("BOT105", "care-line"), ("BOT108", "account-statement")),
    "11 a print line at 155 % that re-routing would relieve": (("BOT101", "print-hub"), ("BOT103", "print-hub")),
    "12 two SMS vendors in one data hall": (("BOT110", "branch-appointment"),),
    "feedback that stops after it is owned": (("LOOP101", "web-feedback"),),
    "recordings analysed for nobody": (("LOOP104", "speech-topics"),),
    "a notice that nobody answers for": (("GOV101", "fee-change-notice"),),
}
"""Every critical or major finding of the bank: by story, (code, subject)."""

LESSER: dict[str, tuple[tuple[str, str], ...]] = {
    "3 five surveys for the same people": (("SURV103", "after-call-survey"), ("SURV103", "card-survey")),
    "9 e-mail asked five times": (("RED101", "adviser-onboarding"),),
}
"""Findings of the stories that are minor."""

EXPECTED = [(story, code, subject) for story, found in STORIES.items() for code, subject in found]
LESS_GRAVE = [(story, code, subject) for story, found in LESSER.items() for code, subject in found]
ROWS = [*EXPECTED, *LESS_GRAVE]


@functools.cache
def _findings(name: str) -> tuple[Finding, ...]:
    return audit(load(str(INVENTORIES / name))).findings


def _pairs(name: str, *severities: str) -> list[tuple[str, str]]:
    """Code and subject of the findings of some severities, each as often as it is found."""
    return sorted((one.code, one.subject) for one in _findings(name) if one.severity in severities)


@pytest.mark.parametrize(("story", "code", "subject"), ROWS, ids=[f"{code}-{subject}" for _, code, subject in ROWS])
def test_a_planted_story_is_found_in_the_bank_and_mended_in_its_twin(story: str, code: str, subject: str) -> None:
    assert code in {rule.code for rule in all_rules()}
    severities = ("critical", "major", "minor")
    assert (code, subject) in _pairs(BANK, *severities), f"story {story} is not found"
    assert (code, subject) not in _pairs(TWIN, *severities), f"story {story} is not mended"


def test_nothing_grave_is_found_that_was_not_planted() -> None:
    assert _pairs(BANK, "critical", "major") == sorted((code, subject) for _, code, subject in EXPECTED)


def test_the_twin_has_no_grave_finding() -> None:
    assert _pairs(TWIN, "critical", "major") == []


def test_every_numbered_story_is_marked_once_and_the_twin_gives_nothing_away() -> None:
    files = sorted((INVENTORIES / BANK).glob("*.yaml"))
    marks = [mark for path in files for mark in re.findall(r"#.*", path.read_text("utf-8"))]
    assert sorted(marks) == sorted(f"# story {number}" for number in range(1, 13))
    assert not [path.name for path in (INVENTORIES / TWIN).glob("*.yaml") if "#" in path.read_text("utf-8")]


@pytest.mark.parametrize("name", [BANK, TWIN])
def test_they_have_the_size_of_a_real_first_map(name: str) -> None:
    inventory = load(str(INVENTORIES / name))
    assert 120 <= inventory.size <= 200
    assert len(inventory.files) == (12 if name == BANK else 11), "the bank also has a roadmap"


SOLVED_BY: dict[str, tuple[str, ...]] = {
    "one-choice": (
        "7 too much in an SMS",
        "10 statements that fill the contact centre",
        "11 a print line at 155 % that re-routing would relieve",
        "12 two SMS vendors in one data hall",
        "a notice that nobody answers for",
    ),
    "loops-that-close": (
        "3 five surveys for the same people",
        "4 a promised call-back with no return path",
        "5 a statement to the wrong person with no escalation",
        "6 digital and contact-centre data apart",
        "8 a chatbot without a way out",
        "feedback that stops after it is owned",
        "recordings analysed for nobody",
    ),
    "one-home": (
        "1 paperless that stops at the card",
        "2 a mortgage bank acquired and left as is",
        "9 e-mail asked five times",
    ),
}
"""The phase of the roadmap after which the last finding of each story is gone."""


def grave_after(phase: str) -> set[tuple[str, str]]:
    found = audit(open_state(f"{INVENTORIES / BANK}@{phase}")).findings
    return {(one.code, one.subject) for one in found if one.severity in ("critical", "major")}


def test_each_phase_of_the_roadmap_ends_its_stories_and_begins_none() -> None:
    planted = {one for stories in STORIES.values() for one in stories}
    left = dict(STORIES)
    for phase, ended in SOLVED_BY.items():
        found = grave_after(phase)
        assert found <= planted, phase
        planted = found
        told = {story for story, findings in left.items() if not found & set(findings)}
        assert told == set(ended), phase
        left = {story: findings for story, findings in left.items() if story not in told}
    assert left == {}
    assert planted == set()


def test_after_the_first_phase_paperless_stops_at_fjordheim_only() -> None:
    stopped = {subject for code, subject in grave_after("one-choice") if code == "PREF101"}
    assert stopped == {"mortgage-statement", "rate-change-notice"}


def test_the_roadmap_leads_to_a_bank_like_the_mended_one() -> None:
    target, twin = open_state(f"{INVENTORIES / BANK}@target"), load(str(INVENTORIES / TWIN))
    assert sorted(one for one in target.entities if target.entities[one].usable) == sorted(
        one for one in twin.entities if twin.entities[one].usable
    )
    ends = [sorted((flow.from_, flow.to) for flow in one.flows if flow.from_ and flow.to) for one in (target, twin)]
    assert ends[0] == ends[1]
