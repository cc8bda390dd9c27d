"""The engine: verdicts, confidence, fingerprints, exemptions, folding, consequences."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest

from cx_map.audit.engine import audit
from cx_map.audit.findings import Finding, Report, fingerprint
from cx_map.audit.folding import fold
from cx_map.audit.ranking import rank
from cx_map.audit.settings import Settings, Waiver
from cx_map.audit.subsumption import subsume
from cx_map.errors import Location
from cx_map.rulekit import Range
from tests.support import inventory_of

OWNERLESS = """
    teams: {desk: Service desk}
    platforms:
      mailer: {owner: desk}
    communications:
      welcome:{comment}
        purpose: servicing
        needs: []
        routes: [{{channel: email, platforms: [mailer]}}]
"""


def ownerless(comment: str = "") -> str:
    return OWNERLESS.replace("{{", "{").replace("}}", "}").replace("{comment}", comment)


def only(*codes: str, **changes: object) -> Settings:
    return dataclasses.replace(Settings(select=codes), **changes)  # type: ignore[arg-type]  # test helper


def codes(report: Report) -> list[tuple[str, str]]:
    return [(one.code, one.subject) for one in report.findings]


def finding(code: str = "BOT109", subject: str = "core", **changes: object) -> Finding:
    base = Finding(
        code=code, name="x", severity="major", confidence="high", message="m", subject=subject, kind="platforms", related=(),
        owner=None, location=Location("a"), fingerprint=fingerprint(code, (subject,), ()),
    )  # fmt: skip
    return msgspec.structs.replace(base, **changes)


def test_a_finding_has_place_owner_and_fix() -> None:
    report = audit(inventory_of(ownerless()), only("GOV101"))
    (one,) = report.findings
    assert (one.code, one.subject, one.kind, one.location.line) == ("GOV101", "welcome", "communications", 6)
    assert one.fix is not None
    assert one.fix.changes == ({"change": {"welcome": {"owner": "desk"}}},)


def test_three_verdicts_are_kept_apart() -> None:
    assert audit(inventory_of("communications: {a: {purpose: servicing}}"), only("GOV101")).clean == ()
    unassessed = audit(inventory_of("communications: {a: {purpose: servicing}}"), only("GOV101")).not_assessed
    assert [(one.code, one.subjects) for one in unassessed] == [("GOV101", ("a",))]
    clean = audit(inventory_of("teams: {t: }\ncommunications: {a: {owner: t}}"), only("GOV101"))
    assert clean.clean == ("GOV101",)
    assert clean.not_assessed == ()


def test_the_basis_of_a_source_lowers_confidence() -> None:
    text = ownerless() + "\n    references: {s: {title: guess, basis: assumed}}\n    defaults: {source: s}\n"
    (one,) = audit(inventory_of(text), only("GOV101")).findings
    assert one.confidence == "low"


def test_a_fingerprint_survives_moving_splitting_and_renaming() -> None:
    (before,) = audit(inventory_of(ownerless()), only("GOV101")).findings
    (moved,) = audit(
        inventory_of("# a comment\n\nx-a: 1\n", ownerless().replace("\n", "\n\n")), only("GOV101")
    ).findings
    renamed = ownerless().replace("welcome:", "hello:\n        renamed_from: [welcome]")
    (after,) = audit(inventory_of(renamed), only("GOV101")).findings
    assert before.fingerprint == moved.fingerprint == after.fingerprint
    assert before.location.line != moved.location.line


def test_a_comment_with_a_reason_holds_a_finding_back() -> None:
    report = audit(inventory_of(ownerless("  # cxmap: ignore[GOV101] owned by the vendor")), only("GOV101"))
    assert (codes(report), report.suppressed.comments) == ([], 1)


def test_a_comment_without_a_reason_has_no_effect_and_is_told() -> None:
    report = audit(inventory_of(ownerless("  # cxmap: ignore[GOV101]")), only("GOV101"))
    assert [one.code for one in report.findings] == ["CX010", "GOV101"] or {one.code for one in report.findings} == {
        "CX010",
        "GOV101",
    }


def test_an_exemption_that_exempts_nothing_is_told() -> None:
    text = ownerless().replace(
        "purpose: servicing", "purpose: servicing\n        owner: desk  # cxmap: ignore[GOV101] gone"
    )
    assert [one.code for one in audit(inventory_of(text), only("GOV101")).findings] == ["CX011"]


def test_an_exemption_of_an_unknown_rule_is_told() -> None:
    text = ownerless("  # cxmap: ignore[NOPE999] why not")
    assert {one.code for one in audit(inventory_of(text), only("GOV101")).findings} == {"CX012", "GOV101"}


def waiver(**changes: object) -> Waiver:
    base = Waiver("GOV101", "welcome", Location("cxmap.yaml", 3), "vendor owns it")
    return msgspec.structs.replace(base, **changes)


@pytest.mark.parametrize(
    ("expires", "as_of", "expected", "waived"),
    [
        (None, "2026-11-22", [], 1),
        ("2027-06-30", "2026-11-22", [], 1),
        ("2026-12-01", "2026-11-22", ["CX014"], 1),
        ("2026-11-21", "2026-11-22", ["CX013", "GOV101"], 0),
        ("2026-11", "2026-11-22", ["CX014"], 1),
        ("2026-11-21", None, [], 1),
    ],
)
def test_waivers_end(expires: str | None, as_of: str | None, expected: list[str], waived: int) -> None:
    report = audit(inventory_of(ownerless()), only("GOV101", waivers=(waiver(expires=expires),)), as_of=as_of)
    assert sorted(one.code for one in report.findings) == expected
    assert report.suppressed.waivers == waived


def test_a_waiver_without_reason_or_use_is_told() -> None:
    report = audit(inventory_of(ownerless()), only("GOV101", waivers=(waiver(reason=""), waiver(subject="mailer"))))
    assert sorted(one.code for one in report.findings) == ["CX010", "CX011", "GOV101"]


def test_a_consequence_is_listed_with_its_cause() -> None:
    cause, effect, other = finding("INV101", "a"), finding("CHAN103", "a"), finding("CHAN103", "b")
    kept = subsume([cause, effect, other])
    assert [(one.code, one.subject) for one in kept] == [("INV101", "a"), ("CHAN103", "b")]
    assert [one.code for one in kept[0].consequences] == ["CHAN103"]


def test_many_of_one_rule_are_folded_into_the_first() -> None:
    many = [finding(subject=f"p{number}") for number in range(8)]
    folded, aggregates = fold(many, {"BOT109": 10}, None)
    assert [one.folded_into for one in folded] == [None, *[many[0].fingerprint] * 7]
    assert [(one.code, one.fired, one.judged) for one in aggregates] == [("BOT109", 8, 10)]
    assert fold(many, {"BOT109": 19}, None)[1] != ()
    assert fold(many, {"BOT109": 20}, None)[1] == (), "40 % is not more than 40 %"
    few, none = fold(many, {"BOT109": 100}, None)
    assert (sum(1 for one in few if one.folded_into is None), none) == (5, ())


def test_immaterial_findings_are_folded_unless_regulated() -> None:
    small = finding(measures={"items_per_month": Range(1, 9)})
    regulated = finding(subject="r", measures={"items_per_month": 5, "regulated": True})
    folded, _ = fold([small, regulated], {}, 1000.0)
    assert [one.folded_into for one in folded] == ["immaterial", None]
    assert fold([small], {}, None)[0][0].folded_into is None
    one_per_cent = finding(measures={"items_per_month": Range(1, 10)})
    assert fold([one_per_cent], {}, 1000.0)[0][0].folded_into is None
    assert fold([one_per_cent], {}, 1001.0)[0][0].folded_into == "immaterial"


def test_ranking_puts_severity_then_regulation_then_customers_first() -> None:
    a = finding("A", severity="critical")
    b = finding("B", measures={"regulated": True})
    c = finding("C", measures={"customers_per_month": Range(50, 60)})
    d = finding("D")
    assert [one.code for one in sorted([d, c, b, a], key=rank)] == ["A", "B", "C", "D"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"severity": "major"}, {"severity": "minor", "measures": {"regulated": True}}),
        ({"confidence": "medium", "measures": {"regulated": True}}, {"confidence": "high"}),
        ({"confidence": "high"}, {"confidence": "medium", "measures": {"customers_per_month": 9}}),
        ({"measures": {"customers_per_month": 2}}, {"measures": {"customers_per_month": 1, "items_per_month": 9}}),
        ({"measures": {"items_per_month": 2}}, {"measures": {"items_per_month": 1, "communications": 9}}),
        ({"measures": {"communications": 2}}, {"measures": {"communications": 1}}),
    ],
)
def test_what_ranks_later_never_beats_what_ranks_earlier(first: dict[str, object], second: dict[str, object]) -> None:
    """analyses.md, I: severity, regulated, confidence, customers, items."""
    assert rank(finding("Z", **first)) < rank(finding("A", **second))


def test_conflicting_masters_explain_stale_copies_of_the_same_attribute() -> None:
    cause = finding("RED103", "keep", discriminator=("contact.email",))
    effect, other = (
        finding("RED104", "copy", discriminator=("contact.email",)),
        finding("RED104", "copy2", discriminator=("contact.phone",)),
    )
    kept = subsume([cause, effect, other])
    assert [(one.code, one.subject) for one in kept] == [("RED103", "keep"), ("RED104", "copy2")]
    assert [one.code for one in kept[0].consequences] == ["RED104"]


def test_a_dead_route_beside_a_working_one_explains_nothing_else() -> None:
    partly = finding("INV101", "a", discriminator=("primary",))
    kept = subsume([partly, finding("CHAN103", "a")])
    assert [one.code for one in kept] == ["INV101", "CHAN103"]


def test_a_consent_that_does_not_get_there_is_told_once() -> None:
    """PREF101 tells it; that marketing goes out without a known consent follows."""
    report = audit(
        inventory_of("""
            data_sources: {consents: {}}
            platforms: {esp: {}}
            preferences: {offers: {kind: consent, master: consents}}
            communications:
              promo: {purpose: marketing, governed_by: [offers], routes: [{channel: email, platforms: [esp]}]}
              other: {purpose: marketing, governed_by: [], routes: [{channel: email, platforms: [esp]}]}
            """),
        only("PREF101", "PREF105"),
    )
    assert codes(report) == [("PREF101", "promo"), ("PREF105", "other")]
    assert [one.code for one in report.findings[0].consequences] == ["PREF105"]


def test_a_flow_that_policy_blocks_is_no_fix() -> None:
    """DATA102 would feed a profile straight from the store that keeps what it lacks."""
    text = """
        data_sources:
          profile: {role: customer_master, data_kinds: [operational, behavioural, preference]}
          survey-store: {data_kinds: [experience]}
    """
    (finding,) = audit(inventory_of(text), only("DATA102")).findings
    assert finding.fix is not None
    assert finding.fix.changes == ({"connect": {"from": "survey-store", "to": "profile", "via": "api"}},)
    barred = inventory_of(text + "    flows: [{from: survey-store, to: profile, policy: blocked}]\n")
    (same,) = audit(barred, only("DATA102")).findings
    assert same.fix is not None
    assert same.fix.changes == ()
    assert same.fix.summary.endswith(
        "policy blocks what flows from 'survey-store' to 'profile', so decide on that first"
    )
