"""What holds for every rule there is: its page, its examples, its fixes, its fingerprints, its modesty."""

from __future__ import annotations

import ast
import inspect
import sys
import typing
from collections import Counter
from pathlib import Path

import pytest

from cx_map.audit.engine import audit
from cx_map.audit.registry import all_rules
from cx_map.audit.settings import Settings
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.inventory import newest_date
from cx_map.rulekit import SEVERITIES, Breach, NotAssessed, Passed, Rule
from cx_map.rulekit.severity import at_least
from cx_map.states.apply import with_changes
from tests.rules.pages import (
    HEADINGS,
    example,
    fence,
    findings_of,
    mended,
    quantities,
    renamed,
    sections,
    split,
    without,
)
from tests.support import inventory_of

RULES = all_rules()
EVERY = pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])

COMPLETENESS = {
    "INV102": "it finds what is not quantified",
    "GOV101": "it finds what has no owner",
    "CHAN108": "it finds channels without a baseline",
    "JRNY104": "it finds journeys whose duration nobody measured",
    "MET102": "it finds metrics without target or number of answers",
}
"""Rules whose very subject is a missing fact: leaving one out may add a finding."""


@EVERY
def test_page_has_its_sections(rule: Rule) -> None:
    assert tuple(sections(rule)) == HEADINGS
    assert all(text.strip() for text in sections(rule).values())
    assert rule.summary.endswith(".")
    assert rule.page.split("\n")[1].strip() == "", "the summary is one line"


@EVERY
def test_example_fires_on_marked_lines_only(rule: Rule) -> None:
    text = fence(rule, "Example")
    lines = enumerate(text.splitlines(), start=2)
    marked = Counter(number for number, line in lines if line.rstrip().endswith(f"# {rule.code}"))
    fired = Counter(finding.location.line for finding in findings_of(rule, example(rule)))
    assert marked, "no line of the example is marked"
    assert fired == marked


@EVERY
def test_mended_example_is_judged_and_quiet(rule: Rule) -> None:
    inventory = mended(rule)
    assert findings_of(rule, inventory) == []
    verdicts = list(rule.check(Ecosystem(inventory, newest_date(inventory))))
    assert any(isinstance(one, Passed) for one in verdicts)


@EVERY
def test_each_subject_gets_one_kind_of_verdict(rule: Rule) -> None:
    for inventory in (example(rule), mended(rule)):
        verdicts = list(rule.check(Ecosystem(inventory, newest_date(inventory))))
        passed = [one.subject for one in verdicts if isinstance(one, Passed)]
        broken = {one.subject.id for one in verdicts if isinstance(one, Breach) and one.subject.id}
        assert len(passed) == len(set(passed))
        assert not broken & set(passed)
        assert all(one.reason and one.unlock for one in verdicts if isinstance(one, NotAssessed))


@EVERY
def test_an_unrelated_inventory_is_not_clean(rule: Rule) -> None:
    """A rule that has nothing to look at says so: it neither finds nor passes anything."""
    inventory = inventory_of("teams: {counter: {name: Front counter}}")
    verdicts = list(rule.check(Ecosystem(inventory, None)))
    assert all(isinstance(one, NotAssessed) for one in verdicts)


@EVERY
def test_messages_are_one_sentence_that_names_the_subject(rule: Rule) -> None:
    for finding in findings_of(rule, example(rule)):
        assert finding.message == finding.message.strip()
        assert not finding.message.endswith(".")
        assert "\n" not in finding.message
        assert all(part in finding.message for part in finding.subject.split("->"))


@EVERY
def test_parameters_are_described_and_typed(rule: Rule) -> None:
    for parameter in rule.parameters:
        assert parameter.description, parameter.name
        kind = typing.get_origin(parameter.type) or parameter.type
        assert kind in (int, float, bool, str, tuple), parameter.name
        assert isinstance(parameter.default, (int, float) if kind is float else kind), parameter.name


@EVERY
def test_fingerprints_outlive_lines_files_and_names(rule: Rule) -> None:
    text = fence(rule, "Example")
    inventory = inventory_of(text)
    before = sorted(finding.fingerprint for finding in findings_of(rule, inventory))
    assert len(set(before)) == len(before)
    lower = inventory_of("# moved down\n\n\n" + text)
    assert sorted(finding.fingerprint for finding in findings_of(rule, lower)) == before
    parts = inventory_of(*split(text))
    assert sorted(finding.fingerprint for finding in findings_of(rule, parts)) == before
    assert sorted(finding.fingerprint for finding in findings_of(rule, renamed(inventory))) == before


@EVERY
def test_taking_evidence_away_adds_no_finding(rule: Rule) -> None:
    if rule.code in COMPLETENESS:
        pytest.skip(COMPLETENESS[rule.code])
    for inventory in (example(rule), mended(rule)):
        before = {finding.fingerprint for finding in findings_of(rule, inventory)}
        for evidence in quantities(inventory):
            after = {finding.fingerprint for finding in findings_of(rule, without(inventory, evidence))}
            assert after <= before, f"without {evidence.entity.id or evidence.entity.kind}.{'.'.join(evidence.path)}"


@EVERY
def test_a_computed_fix_removes_its_finding_and_adds_none_as_bad(rule: Rule) -> None:
    inventory = example(rule)
    settings = Settings(min_confidence="low")
    before = audit(inventory, settings)
    known = {finding.fingerprint for finding in before.findings}
    for finding in findings_of(rule, inventory):
        if finding.fix is None or not finding.fix.changes:
            continue
        after = audit(with_changes(inventory, finding.fix.changes), settings, as_of=before.as_of)
        assert finding.fingerprint not in {one.fingerprint for one in after.findings}, finding.fix.summary
        worse = [
            one for one in after.findings
            if one.fingerprint not in known and one.severity in SEVERITIES and at_least(one.severity, finding.severity)
        ]  # fmt: skip
        assert worse == [], finding.fix.summary


@EVERY
def test_a_rule_imports_no_other_rule_and_only_the_rooms_below(rule: Rule) -> None:
    path = Path(inspect.getfile(rule.function))
    allowed = ("cx_map.model", "cx_map.graph", "cx_map.analyses", "cx_map.rulekit", "msgspec")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            names = [node.module or ""]
        for name in names:
            first = name.split(".")[0]
            assert name.startswith(allowed) or first in sys.stdlib_module_names, f"{path.name} imports {name}"


def test_the_folder_is_the_family() -> None:
    for rule in RULES:
        path = Path(inspect.getfile(rule.function))
        assert path.stem == rule.name.replace("-", "_")
        assert path.parent.name == rule.family
