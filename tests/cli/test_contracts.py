"""The JSON outputs keep their contracts, and the options of audit that need more than one inventory."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from cx_map.schema import SCHEMAS
from tests.cli.conftest import Ran

Cxmap = Callable[..., Ran]
ROOT = Path(__file__).parents[2]
INVENTORIES = sorted(
    {file.parent for top in ("inventories", "examples") for file in (ROOT / top).glob("*/*.cxmap.yaml")}
)
VA = ROOT / "inventories" / "va-notifications"


@pytest.mark.parametrize("folder", INVENTORIES, ids=lambda folder: folder.name)
def test_reports_keep_their_contract(cxmap: Cxmap, folder: Path) -> None:
    ran = cxmap("audit", str(folder), "--format", "json", "--fail-on", "none")
    assert ran.code == 0, ran.err
    jsonschema.validate(json.loads(ran.out), SCHEMAS["report"]())


def test_an_invalid_inventory_keeps_the_contract_of_the_report(cxmap: Cxmap, firm: Path) -> None:
    (firm / "firm" / "b.cxmap.yaml").write_text("cxmap: 1\nplatforms: {a: {b: 1}}\n")
    for command in ("validate", "audit"):
        data = json.loads(cxmap(command, "firm", "--format", "json").out)
        jsonschema.validate(data, SCHEMAS["report"]())
        assert [one["code"] for one in data["findings"]] == ["CX002"]


@pytest.mark.parametrize("folder", [VA, ROOT / "examples" / "roadmap"], ids=lambda folder: folder.name)
def test_diffs_keep_their_contract(cxmap: Cxmap, folder: Path) -> None:
    data = json.loads(cxmap("diff", str(folder), f"{folder}@target", "--format", "json").out)
    jsonschema.validate(data, SCHEMAS["diff"]())
    assert data["changes"]
    assert {"solved", "introduced", "worse", "better", "unchanged"} <= set(data["findings"])


@pytest.mark.parametrize("identifier", ["va-notify", "email", "vista", "va-profile", "sm-new-message"])
def test_impacts_keep_their_contract(cxmap: Cxmap, identifier: str) -> None:
    data = json.loads(cxmap("impact", identifier, str(VA), "--format", "json").out)
    jsonschema.validate(data, SCHEMAS["impact"]())
    assert data["subject"] == identifier
    assert data["stops"]


def test_a_state_is_audited_by_its_name(cxmap: Cxmap) -> None:
    data = json.loads(cxmap("audit", f"{VA}@target", "--format", "json", "--fail-on", "none").out)
    assert data["state"] not in ("current", "")


GROUPED = """\
cxmap: 1
lines_of_business: {cards: Cards}
teams: {desk: Service desk, old: {status: retired}}
platforms: {a: {owner: old, line_of_business: cards}, b: {owner: desk}}
communications: {c: {owner: unknown, line_of_business: cards}}
"""


@pytest.mark.parametrize(
    ("by", "headings"),
    [
        ("owner", ["== no owner"]),
        ("line_of_business", ["== Cards (2 findings)"]),
        ("rule", ["== GOV101 no-accountable-owner (2 findings)"]),
        ("journey", ["== no journey (2 findings)"]),
    ],
)
def test_findings_are_grouped(cxmap: Cxmap, firm: Path, by: str, headings: list[str]) -> None:
    (firm / "grouped.cxmap.yaml").write_text(GROUPED)
    out = cxmap("audit", "grouped.cxmap.yaml", "--select", "GOV101", "--by", by).out
    assert [one for one in headings if one not in out] == []


def test_explain_shows_one_finding_and_its_page(cxmap: Cxmap, firm: Path) -> None:
    (firm / "grouped.cxmap.yaml").write_text(GROUPED)
    data = json.loads(cxmap("audit", "grouped.cxmap.yaml", "--select", "GOV101", "--format", "json").out)
    fingerprint = next(one["fingerprint"] for one in data["findings"] if one["subject"] == "c")
    out = cxmap("audit", "grouped.cxmap.yaml", "--explain", fingerprint[:8]).out
    assert "communication 'c' has no accountable owner" in out
    assert "platform 'a'" not in out
    assert "# GOV101 no-accountable-owner" in out
    assert cxmap("audit", "grouped.cxmap.yaml", "--explain", "zz").code == 2


def test_fixes_are_printed_as_a_phase_that_applies(cxmap: Cxmap, firm: Path) -> None:
    text = (firm / "firm" / "all.cxmap.yaml").read_text().replace("    owner: desk\n", "")
    (firm / "firm" / "all.cxmap.yaml").write_text(text)
    out = cxmap("audit", "firm", "--select", "GOV101", "--fix").out
    (firm / "firm" / "roadmap.cxmap.yaml").write_text(out)
    assert cxmap("validate", "firm").code == 0
    assert json.loads(cxmap("audit", "firm@fixes", "--select", "GOV101", "--format", "json").out)["findings"] == []


def _git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def test_only_new_findings_since_a_revision(cxmap: Cxmap, firm: Path) -> None:
    text = (firm / "firm" / "all.cxmap.yaml").read_text().replace("    owner: desk\n", "")
    (firm / "firm" / "all.cxmap.yaml").write_text(text)
    _git(firm, "init", "-q")
    _git(firm, "add", ".")
    _git(firm, "commit", "-qm", "one")
    assert (
        json.loads(cxmap("audit", "firm", "--select", "GOV101", "--since", "HEAD", "--format", "json").out)["findings"]
        == []
    )
    (firm / "firm" / "all.cxmap.yaml").write_text(text + "  goodbye: {purpose: servicing}\n")
    new = json.loads(cxmap("audit", "firm", "--select", "GOV101", "--since", "HEAD", "--format", "json").out)[
        "findings"
    ]
    assert [one["subject"] for one in new] == ["goodbye"]
    changed = json.loads(cxmap("diff", "HEAD:", "firm", "--format", "json").out)
    assert [(one["change"], one["id"]) for one in changed["changes"]] == [("added", "goodbye")]
    assert cxmap("audit", "firm", "--since", "nonsense").code == 2


def test_paths_as_text_and_as_json(cxmap: Cxmap) -> None:
    data = json.loads(cxmap("paths", "cprs", "sms", str(VA), "--format", "json").out)
    assert (data["schema"], data["from"], data["to"], data["complete"]) == ("cxmap.paths/1", "cprs", "sms", True)
    assert all(step["location"]["line"] for way in data["paths"] for step in way["steps"])
    text = cxmap("paths", "cprs", "sms", str(VA)).out
    assert f"{len(data['paths'])} ways from 'cprs' to 'sms'" in text
    assert cxmap("paths", "sms", "cprs", str(VA)).out.startswith("0 ways from 'sms' to 'cprs'")
    assert cxmap("paths", "cprs", "smss", str(VA)).code == 2
