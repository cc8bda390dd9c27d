"""What must hold whatever the firm is, on whole random firms and all rules: order, names, unions, flows, unknowns, fixes.

Each test makes a firm from a seed; a failing seed is printed and makes the same firm again.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cx_map.analyses.closed_loops import closed_loops
from cx_map.analyses.preferences import preferences
from cx_map.audit.engine import audit
from cx_map.audit.findings import Finding, Report
from cx_map.audit.settings import Settings
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import Preference
from cx_map.model.shipped import SHIPPED_CHANNELS
from tests.inventories.dirt import soiled
from tests.inventories.mended import ALL, fingerprints, troubles
from tests.inventories.random_firms import Document, firm, inventory_from

FAMILIES = ("RED", "PREF", "SURV", "LOOP", "JRNY", "ESC", "SILO")
"""The families that the random firms are made for."""

SEEDS = st.integers(0, 100_000)
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
"""A smaller seed is no smaller firm."""
FEW = settings(max_examples=12, deadline=None, phases=UNSHRUNK, derandomize=True)
FEWER = settings(max_examples=8, deadline=None, phases=UNSHRUNK, derandomize=True)

GLOBAL = {
    "DATA101": "the stores of both are one firm's view of its customers",
    "DATA103": "the firm reports where the other one does",
    "SILO101": "the exchange to be expected is a share of all",
    "SILO103": "the systems of both do one job",
    "PREF104": "nothing is enforced nowhere where nobody says what one platform enforces",
    "LOOP102 actions": "no action is said to be untracked where none says where it is tracked",
    "SILO105 platforms": "no benefit is told where nobody says one of any platform",
}
"""Rules (and kinds of subject) that compare a thing with the whole firm, with what they compare."""

WORDS = (
    frozenset(("identity.date_of_birth", "identity.name", "Geburtsdatum", "case.description")),
    frozenset(("account.balance", "feedback.text", "loyalty.tier", "finance.income")),
)
"""Attributes of two firms that have none in common, nor one that a channel in use takes."""

NAMING = ("holds", "carries", "asks", "content", "needs_context", "needs_attributes")
"""Fields that list attributes."""


def drawn(seed: int, prefix: str = "") -> Document:
    """The firm of a seed; of an odd one with dirt."""
    document = firm(seed, prefix)
    return soiled(document, seed) if seed % 2 else document


def told(report: Report) -> dict[tuple[str, str, tuple[str, ...]], Finding]:
    """Every finding by code, subject and discriminator; consequences are told of with their cause only."""
    return {(one.code, one.subject, one.discriminator): one for one in report.findings}


@given(SEEDS)
@FEW
def test_order_and_splitting_of_files_make_no_difference(seed: int) -> None:
    document = drawn(seed)
    whole = audit(inventory_from(document), ALL)
    parts = [{key: value} for key, value in reversed(document.items())]
    turned = [
        {key: dict(reversed(list(value.items()))) if isinstance(value, dict) and key != "organization" else value}
        for part in parts
        for key, value in part.items()
    ]
    split = audit(inventory_from(*turned), ALL)
    assert [(one.fingerprint, one.message, one.measures) for one in split.findings] == [
        (one.fingerprint, one.message, one.measures) for one in whole.findings
    ]


def renamed(value: Any, prefix: str) -> Any:
    """A document with a prefix before each of the firm's own ids, wherever it stands."""
    if isinstance(value, dict):
        return {renamed(key, prefix): renamed(item, prefix) for key, item in value.items()}
    if isinstance(value, list):
        return [renamed(item, prefix) for item in value]
    return re.sub(r"^(preference\.)?([a-z]+-\d)$", rf"\1{prefix}\2", value) if isinstance(value, str) else value


@given(SEEDS)
@FEW
def test_renaming_permutes_findings(seed: int) -> None:
    document = drawn(seed)
    before = audit(inventory_from(document), ALL)
    after = audit(inventory_from(renamed(document, "x")), ALL)

    def shape(report: Report, prefix: str) -> Counter[tuple[str, str, str]]:
        return Counter(
            (one.code, one.subject.replace(prefix, "") if prefix else one.subject, one.severity)
            for one in report.findings
        )

    assert shape(after, "x") == shape(before, "")


def told_of(value: Any, words: frozenset[str]) -> Any:
    """A document that names no other attributes than these (and preferences, and ``*``)."""
    if isinstance(value, dict):
        return {
            key: [one for one in item if _among(one, words)]
            if key in NAMING and isinstance(item, list)
            else told_of(item, words)
            for key, item in value.items()
        }
    return [told_of(one, words) for one in value] if isinstance(value, list) else value


def _among(item: Any, words: frozenset[str]) -> bool:
    name = str(item.get("attribute") if isinstance(item, dict) else item)
    return name in words or name == "*" or name.startswith("preference.")


def _of_the_whole(finding: Finding) -> bool:
    """Whether it compares its subject with the whole firm."""
    return not GLOBAL.keys().isdisjoint((finding.code, f"{finding.code} {finding.kind}"))


def _mixed(finding: Finding) -> bool:
    """Whether it is about things of both firms: the one master of two, teams of one department, a channel."""
    about = (finding.subject, *finding.related)
    shared = any(one in SHIPPED_CHANNELS for one in about)
    return {"a", "b"} <= {one[0] for one in about if "-" in one} or shared


@given(SEEDS, SEEDS)
@FEWER
def test_two_disjoint_firms_have_the_findings_of_both(one: int, other: int) -> None:
    first, second = told_of(drawn(one, "a"), WORDS[0]), told_of(drawn(other, "b"), WORDS[1])
    for document in (first, second):
        for rule in document["routing_rules"].values():  # a rule for all complaints would take those of both
            rule["on"] = [name for name in rule.get("on", ()) if "-" in name and rule["on"] != "unknown"]
        for letter in document["communications"].values():  # one to everybody would go to the customers of both
            if letter.get("segments") in (None, "unknown"):
                letter["segments"] = list(document["segments"])
    second["organization"] = first["organization"]
    single = [audit(inventory_from(document), ALL, as_of="2026-10-01") for document in (first, second)]
    both = {**first, **{key: _merged(first.get(key), value) for key, value in second.items()}}
    together = told(audit(inventory_from(both), ALL, as_of="2026-10-01"))
    apart = {**told(single[0]), **told(single[1])}
    new = [together[key] for key in together.keys() - apart.keys()]
    assert [one.message for one in new if not _mixed(one) and not _of_the_whole(one)] == []
    gone = [apart[key] for key in apart.keys() - together.keys()]
    assert [one.message for one in gone if not _of_the_whole(one)] == []


def _merged(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **other}
    return [*one, *other] if isinstance(one, list) and isinstance(other, list) else other


@given(SEEDS, st.randoms(use_true_random=False))
@FEW
def test_one_more_flow_never_takes_knowledge_away(seed: int, random: Any) -> None:
    """K never shrinks, no loop is un-closed, nothing is asked again because of a silo that was not before."""
    document = drawn(seed)
    before = Ecosystem(inventory_from(document))
    ends = sorted((*document["data_sources"], *document["platforms"]))
    more = copy.deepcopy(document)
    more["flows"].append(
        {
            "id": "one-more",
            "from": random.choice(ends),
            "to": random.choice(ends),
            "via": "event",
            "carries": ["*"],
            "latency": "1s",
        }
    )
    if more["flows"][-1]["from"] == more["flows"][-1]["to"]:
        return
    after = Ecosystem(inventory_from(more))
    for preference in before.inventory.of(Preference):
        if preference.usable:
            known, then = before.once(preferences).known(preference), after.once(preferences).known(preference)
            assert all(known.of(place) <= then.of(place) for place in known.at)
    closed = {(one.signal.id, one.loop.id if one.loop else "") for one in before.once(closed_loops) if one.closed}
    assert closed <= {
        (one.signal.id, one.loop.id if one.loop else "") for one in after.once(closed_loops) if one.closed
    }
    silos = [told(audit(eco.inventory, Settings(select=("RED102",), min_confidence="low"))) for eco in (before, after)]
    assert {key for key, one in silos[1].items() if one.severity != "info"} <= {
        key for key, one in silos[0].items() if one.severity != "info"
    }


QUANTITIES = (
    "volume",
    "customers",
    "latency",
    "every",
    "reach",
    "adoption",
    "invites",
    "quarantine",
    "processing",
    "capacity_fte",
    "seconds",
)
"""Evidence that can be taken away."""

ABOUT_WHAT_IS_MISSING = ("INV102", "GOV101", "JRNY104", "CHAN108", "SILO103", "LOOP104", "LOOP106")
"""Rules whose subject is what is missing, or that compare volumes with each other (decision 28)."""


def holders(value: Any, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Every mapping of a document that has one of some keys."""
    if isinstance(value, dict):
        if any(name in value for name in names):
            yield value
        for item in value.values():
            yield from holders(item, names)
    elif isinstance(value, list):
        for item in value:
            yield from holders(item, names)


@given(SEEDS, st.sampled_from(QUANTITIES), st.randoms(use_true_random=False))
@FEW
def test_taking_evidence_away_only_removes_findings(seed: int, name: str, random: Any) -> None:
    document = drawn(seed)
    before = audit(inventory_from(document), ALL, as_of="2026-10-01")
    places = list(holders(document, (name,)))
    if not places:
        return
    del random.choice(places)[name]
    after = audit(inventory_from(document), ALL, as_of="2026-10-01")
    old = fingerprints(before)
    new = [
        f"{one.code} {one.subject}: {one.message}"
        for one in after.findings
        if one.fingerprint not in old and one.code.startswith(FAMILIES) and one.code not in ABOUT_WHAT_IS_MISSING
    ]
    assert new == []


@given(SEEDS, st.randoms(use_true_random=False))
@FEW
def test_a_computed_fix_removes_its_finding_and_brings_nothing_worse(seed: int, random: Any) -> None:
    inventory = inventory_from(drawn(seed))
    before = audit(inventory, ALL, as_of="2026-10-01")
    by_rule: dict[str, list[Finding]] = {}
    for one in before.findings:
        if one.fix is not None and one.fix.changes:
            by_rule.setdefault(one.code, []).append(one)
    for code in random.sample(sorted(by_rule), min(4, len(by_rule))):
        assert troubles(inventory, before, random.choice(by_rule[code])) == []


NEVER_OR_RARELY = ("PREF102", "SILO101", "SILO102", "SILO103")
"""Rules that need more than these small firms have, and random inventories of their own."""


def test_the_random_firms_make_the_rules_speak() -> None:
    """A rule that never fires on them would not be tested by them."""
    fired: Counter[str] = Counter()
    for seed in range(40):
        report = audit(inventory_from(drawn(seed)), ALL)
        fired.update(
            {one.code for one in report.findings} | {each.code for one in report.findings for each in one.consequences}
        )
    from cx_map.audit.registry import all_rules

    silent = [rule.code for rule in all_rules() if rule.code.startswith(FAMILIES) and not fired[rule.code]]
    assert set(silent) <= set(NEVER_OR_RARELY), silent
