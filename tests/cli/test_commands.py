"""What each command prints and exits with."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cx_map.cli.app import COMMANDS
from cx_map.version import __version__
from tests.cli.conftest import Ran

Cxmap = Callable[..., Ran]

BROKEN = "cxmap: 1\ncommunications:\n  welcome: {purpos: servicing, volume: -3}\n"
FORMATS = ("text", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown", "csv")


def test_help_lists_every_command(cxmap: Cxmap) -> None:
    ran = cxmap("--help")
    assert ran.code == 0
    assert [name for name in COMMANDS if name not in ran.out] == []


def test_no_command_is_a_usage_error(cxmap: Cxmap) -> None:
    assert cxmap().code == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(cxmap: Cxmap, command: str) -> None:
    ran = cxmap(command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert "Usage: cxmap " + command in ran.out


def test_version_is_answered(cxmap: Cxmap) -> None:
    assert cxmap("--version").out == f"cxmap {__version__}\n"


def test_an_unknown_command_names_the_next_step(cxmap: Cxmap) -> None:
    ran = cxmap("adit", "firm")
    assert ran.code == 2
    assert "adit" in ran.err
    assert ran.out == ""


def test_validate_says_what_is_valid(cxmap: Cxmap) -> None:
    assert cxmap("validate", "firm") == Ran(0, "valid: 3 entities and 0 flows in 1 file\n", "")


def test_validate_tells_every_error_in_one_run(cxmap: Cxmap, firm: Path) -> None:
    (firm / "firm" / "b.cxmap.yaml").write_text(BROKEN.replace("welcome", "goodbye"))
    ran = cxmap("validate", "firm")
    assert ran.code == 2
    assert "firm/b.cxmap.yaml:3:13" in ran.out
    assert "did you mean `purpose`?" in ran.out
    assert "firm/b.cxmap.yaml:3:40" in ran.out
    assert "2 errors in 1 file" in ran.out


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("command", ["validate", "audit"])
def test_an_invalid_inventory_exits_2_in_every_format(cxmap: Cxmap, firm: Path, command: str, format_: str) -> None:
    (firm / "firm" / "b.cxmap.yaml").write_text(BROKEN.replace("welcome", "goodbye"))
    ran = cxmap(command, "firm", "--format", format_)
    assert ran.code == 2
    assert "CX002" in ran.out
    assert "CX005" in ran.out


def test_a_hypothesis_is_shown_where_asked_for_and_never_fails(cxmap: Cxmap, firm: Path) -> None:
    """analyses.md, I: what rests on an assumption never fails a check, whichever command looks at it."""
    (firm / "better").mkdir()
    (firm / "better" / "all.cxmap.yaml").write_text((firm / "firm" / "all.cxmap.yaml").read_text())
    file = firm / "firm" / "all.cxmap.yaml"
    for basis, code in (("reported", 1), ("assumed", 0)):
        file.write_text(
            "cxmap: 1\nteams: {desk: Service desk}\nplatforms: {mailer: {owner: desk}}\ncommunications:\n"
            f"  welcome: {{purpose: regulatory, basis: {basis}, needs: [], routes: [{{channel: email, platforms: [mailer]}}]}}\n"
        )
        ran = cxmap("audit", "firm", "--select", "GOV101", "--min-confidence", "low")
        assert (ran.code, "[GOV101]" in ran.out) == (code, True)
        assert cxmap("diff", "better", "firm", "--fail-on", "introduced").code == code


def test_today_is_said_else_that_of_the_environment_else_the_newest_date(
    cxmap: Cxmap, firm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """analyses.md, J: `--as-of`, else SOURCE_DATE_EPOCH, else the newest `as_of`; without any, dates are not judged."""

    def today(*options: str) -> object:
        return json.loads(cxmap("audit", "firm", "--format", "json", *options).out)["as_of"]

    assert today() is None
    (firm / "firm" / "dated.cxmap.yaml").write_text(
        "cxmap: 1\nchannels: {email: {as_of: 2026-03}}\nplatforms: {old: {as_of: 2025-01-01}}\n"
    )
    assert today() == "2026-03"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")
    assert today() == "2025-06-15"
    assert today("--as-of", "2024-02-29") == "2024-02-29"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    assert cxmap("audit", "firm").code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("audit", "nowhere"),
        ("audit", "firm", "--format", "yaml"),
        ("audit", "firm", "--fail-on", "terrible"),
        ("audit", "firm", "--select", "NOPE"),
        ("audit", "firm", "--report", "sarif"),
        ("audit", "firm", "--as-of", "tomorrow"),
        ("audit", "firm", "--config", "missing.yaml"),
        ("audit", "firm@wave-9"),
        ("explain", "LOOP999"),
        ("rules", "ZZ"),
        ("schema", "banana"),
        ("render", "firm", "-o", "map.gif"),
        ("render", "firm", "-o", "firm"),
        ("render", "firm", "--view", "banana"),
        ("render", "firm", "--view", "data", "-o", "map.dot"),
        ("render", "firm", "--view", "data", "-o", "map.mmd"),
        ("render", "firm", "--view", "matrix", "-o", "map.graphml"),
        ("render", "firm", "--view", "data", "--against", "firm"),
        ("render", "firm", "--view", "data", "--line-up-with", "firm"),
        ("render", "firm", "--view", "data", "--limit", "40"),
        ("render", "firm", "--view", "heat", "--against", "firm"),
        ("render", "firm", "--view", "heat", "--by", "colour"),
        ("render", "firm", "--by", "load"),
        ("render", "firm", "--view", "matrix", "--focus", "nobody"),
        ("impact", "nobody", "firm"),
        ("diff", "firm"),
        ("init", "firm2", "--template", "casino"),
    ],
)
def test_usage_errors_exit_2_with_one_clear_message(cxmap: Cxmap, arguments: tuple[str, ...]) -> None:
    ran = cxmap(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.startswith("error: ")
    assert "Traceback" not in ran.err


def test_a_clean_audit_exits_0_and_a_finding_1(cxmap: Cxmap, firm: Path) -> None:
    assert cxmap("audit", "firm", "--select", "GOV").code == 0
    text = (firm / "firm" / "all.cxmap.yaml").read_text()
    (firm / "firm" / "all.cxmap.yaml").write_text(
        text.replace("    owner: desk\n", "").replace("servicing", "regulatory")
    )
    assert cxmap("audit", "firm", "--select", "GOV").code == 1
    assert cxmap("audit", "firm", "--select", "GOV", "--fail-on", "critical").code == 0
    assert cxmap("audit", "firm", "--select", "GOV", "--fail-on", "none").code == 0


def test_reports_are_written_beside_the_text(cxmap: Cxmap, firm: Path) -> None:
    ran = cxmap(
        "audit",
        "firm",
        "--report",
        "json=out/a.json",
        "--report",
        "sarif=out/a.sarif",
        "--report",
        "junit=a.xml",
        "--report",
        "csv=a.csv",
    )
    assert "findings" in ran.out
    assert json.loads((firm / "out" / "a.json").read_text())["schema"] == "cxmap.report/1"
    assert json.loads((firm / "out" / "a.sarif").read_text())["version"] == "2.1.0"
    assert ElementTree.parse(firm / "a.xml").getroot().tag == "testsuites"
    assert (firm / "a.csv").read_text().split(",")[0] == "severity"
    assert not list(firm.rglob("*.tmp"))


def test_a_report_to_standard_output_stands_there_alone(cxmap: Cxmap, firm: Path) -> None:
    ran = cxmap("audit", "firm", "--report", "json=-", "--report", "sarif=a.sarif")
    assert json.loads(ran.out)["schema"] == "cxmap.report/1"
    assert (firm / "a.sarif").exists()
    ran = cxmap("audit", "firm", "--report", "json=-", "-o", "a.txt")
    assert json.loads(ran.out)["schema"] == "cxmap.report/1"
    assert (firm / "a.txt").read_text() == cxmap("audit", "firm").out
    (firm / "firm" / "all.cxmap.yaml").write_text("cxmap: 1\nplatforms: {p: {colour: red}}\n")
    ran = cxmap("audit", "firm", "--report", "json=-")
    assert (ran.code, json.loads(ran.out)["findings"][0]["code"]) == (2, "CX002")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--report", "json=-", "--report", "sarif=-"),
        ("--format", "json", "--report", "sarif=-"),
        ("--fix", "--report", "json=-"),
    ],
)
def test_two_results_on_standard_output_are_a_usage_error(cxmap: Cxmap, arguments: tuple[str, ...]) -> None:
    ran = cxmap("audit", "firm", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "only one result" in ran.err


def test_fixes_and_groups_go_into_the_file_that_is_named(cxmap: Cxmap, firm: Path) -> None:
    assert cxmap("audit", "firm", "--fix", "-o", "phase.yaml").out == ""
    assert (firm / "phase.yaml").read_text() == cxmap("audit", "firm", "--fix").out
    assert cxmap("audit", "firm", "--fix", "--format", "json").code == 2
    assert cxmap("audit", "firm", "--by", "rule", "-o", "rules.txt").out == ""
    assert (firm / "rules.txt").read_text() == cxmap("audit", "firm", "--by", "rule").out


def test_json_is_the_same_from_split_files_but_for_places(cxmap: Cxmap, firm: Path) -> None:
    def stripped(text: str) -> object:
        data = json.loads(text)
        data["inventory"].pop("paths")
        for finding in data["findings"]:
            finding.pop("location")
            for step in finding["path"]:
                step.pop("location")
        return data

    one = stripped(cxmap("audit", "firm", "--format", "json").out)
    text = (firm / "firm" / "all.cxmap.yaml").read_text()
    head, tail = text.split("communications:")
    (firm / "firm" / "all.cxmap.yaml").write_text(head)
    (firm / "firm" / "0.cxmap.yaml").write_text("cxmap: 1\ncommunications:" + tail)
    assert stripped(cxmap("audit", "firm", "--format", "json").out) == one


def test_explain_shows_pages_of_rules_and_own_codes(cxmap: Cxmap) -> None:
    assert "# GOV101 no-accountable-owner" in cxmap("explain", "gov101").out
    assert "# GOV101" in cxmap("explain", "no-accountable-owner").out
    assert "# CX003 unknown-reference" in cxmap("explain", "CX003").out
    assert json.loads(cxmap("explain", "GOV101", "--format", "json").out)["code"] == "GOV101"


def test_rules_are_listed(cxmap: Cxmap) -> None:
    assert "GOV101  no-accountable-owner" in cxmap("rules", "GOV").out
    listed = json.loads(cxmap("rules", "--format", "json").out)["rules"]
    assert {"CX001", "CX014", "GOV101"} <= {one["code"] for one in listed}


@pytest.mark.parametrize("what", ["inventory", "report", "diff", "impact"])
def test_schemas_are_json_schemas(cxmap: Cxmap, what: str) -> None:
    assert "$schema" in json.loads(cxmap("schema", what).out)


@pytest.mark.parametrize("template", ["minimal", "bank", "insurer", "agency"])
def test_every_template_is_valid_and_auditable(cxmap: Cxmap, firm: Path, template: str) -> None:
    assert cxmap("init", "new", "--template", template, "--ci", "--pre-commit").code == 0
    assert cxmap("validate", "new").code == 0
    assert cxmap("audit", "new").code in (0, 1)
    again = cxmap("init", "new", "--template", template)
    assert again.code == 2
    assert "already exist" in again.err
    assert cxmap("init", "new", "--template", template, "--force").code == 0


def test_inventory_tables(cxmap: Cxmap, firm: Path) -> None:
    ran = cxmap("inventory", "firm")
    assert ran.code == 0
    assert "communications  1" in ran.out
    assert "What one more field would let the audit judge" in ran.out
    assert "How much of what customers say comes back to them\n  none" in ran.out
    assert "counts" in json.loads(cxmap("inventory", "firm", "--format", "json", "--centrality").out)
    cxmap("inventory", "firm", "--csv", "tables", "--xlsx", "tables")
    rows = list(csv.DictReader(io.StringIO((firm / "tables" / "entities.csv").read_text())))
    assert {row["id"] for row in rows} == {"desk", "mailer", "welcome"}
    first = (firm / "tables" / "inventory.xlsx").read_bytes()
    cxmap("inventory", "firm", "--xlsx", "tables")
    assert (firm / "tables" / "inventory.xlsx").read_bytes() == first


@pytest.mark.parametrize("view", ["layers", "web"])
@pytest.mark.parametrize("suffix", ["svg", "dot"])
def test_maps_are_written(cxmap: Cxmap, firm: Path, view: str, suffix: str) -> None:
    ran = cxmap("render", "firm", "--view", view, "--findings", "-o", f"map.{suffix}")
    assert ran.code == 0
    text = (firm / f"map.{suffix}").read_text()
    assert "welcome" in text
    if suffix == "svg":
        ElementTree.fromstring(text)
    assert cxmap("render", "firm", "--view", view).out.startswith("<svg")


@pytest.mark.parametrize("view", ["data", "preference", "matrix", "loops", "journey"])
def test_sheets_are_written_as_svg_drawio_and_json(cxmap: Cxmap, firm: Path, view: str) -> None:
    for suffix in ("svg", "drawio", "json"):
        ran = cxmap("render", "firm", "--view", view, "--findings", "-o", f"sheet.{suffix}")
        assert ran.code == 0
        assert " of " in ran.out
        text = (firm / f"sheet.{suffix}").read_text()
        if suffix == "json":
            assert json.loads(text)["view"] == view
        else:
            ElementTree.fromstring(text)
    assert cxmap("render", "firm", "--view", view).out.startswith("<svg")


def test_a_sheet_is_refused_where_only_a_map_makes_sense_and_the_hint_names_what_can(cxmap: Cxmap) -> None:
    ran = cxmap("render", "firm", "--view", "data", "-o", "map.dot")
    assert ".svg" in ran.err
    assert "layers" in ran.err


def test_a_sheet_can_be_focused(cxmap: Cxmap, firm: Path) -> None:
    ran = cxmap("render", "firm", "--view", "matrix", "--focus", "welcome", "-o", "m.json")
    assert ran.code == 0
    tables = json.loads((firm / "m.json").read_text())["tables"]
    assert [table["id"] for table in tables] == ["coverage"]
    assert "chosen: welcome" in ran.err


def test_the_page_of_an_audit_begins_with_the_changes_to_begin_with(cxmap: Cxmap) -> None:
    bank = ("audit", str(Path(__file__).parents[2] / "inventories" / "nordvik-bank"), "--fail-on", "none")
    page, text = (cxmap(*bank, "--format", kind).out for kind in ("html", "text"))
    first = text.splitlines()[0]
    assert first.startswith("Start here: ")
    assert page.index(first) < page.index("overload as routed")
    assert "Start here" not in cxmap(*bank, "--format", "html", "--root-causes", "none").out


def test_impact_names_what_stops(cxmap: Cxmap) -> None:
    data = json.loads(cxmap("impact", "mailer", "firm", "--format", "json").out)
    assert (data["schema"], data["stops"], data["owners"]) == ("cxmap.impact/1", ["welcome"], ["desk"])
    assert "welcome" in cxmap("impact", "mailer", "firm").out
    assert "named by: 1 communication" in cxmap("impact", "mailer", "firm").out


def test_diff_of_equal_states_is_empty(cxmap: Cxmap) -> None:
    ran = cxmap("diff", "firm", "firm", "--format", "json", "--exit-code")
    assert ran.code == 0
    assert json.loads(ran.out)["changes"] == []


def test_diff_tells_what_changed(cxmap: Cxmap, firm: Path) -> None:
    (firm / "other.cxmap.yaml").write_text(
        (firm / "firm" / "all.cxmap.yaml").read_text().replace("servicing", "marketing")
    )
    ran = cxmap("diff", "firm", "other.cxmap.yaml", "--exit-code")
    assert ran.code == 1
    assert "welcome" in ran.out
    assert "marketing" in ran.out
    assert cxmap("diff", "firm", "other.cxmap.yaml").code == 0


HOSTILE = (
    "</script><script>alert(1)</script>",
    "\\e[31mred\\e[0m",
    "[bold red]markup[/]",
    "x" * 10_000,
    "a\\u202Eb",
    "=1+1",
    "a|b`c`",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_do_nothing_anywhere(cxmap: Cxmap, firm: Path, name: str) -> None:
    text = (
        (firm / "firm" / "all.cxmap.yaml")
        .read_text()
        .replace("  welcome:\n", f'  welcome:\n    name: "{name}"\n')
        .replace("    owner: desk\n", "")
    )
    text += f'organization: {{name: "{name}"}}\n'
    (firm / "firm" / "all.cxmap.yaml").write_text(text)
    for arguments in (("audit", "firm", "-v"), ("audit", "firm", "--color", "always"), ("inventory", "firm"), ("impact", "mailer", "firm"),
                      *(("audit", "firm", "--format", one) for one in FORMATS)):  # fmt: skip
        ran = cxmap(*arguments)
        assert ran.code in (0, 1), ran.err
        raw = ran.out.replace("\x1b[", "") if "always" in arguments else ran.out
        assert "\x1b" not in raw
        assert "\u202e" not in raw
    for view in ("layers", "web"):
        svg = cxmap("render", "firm", "--view", view, "--findings").out
        ElementTree.fromstring(svg)
        assert "<script" not in svg
        assert "\u202e" not in svg.replace("\u2068", "") or "bdi" in svg or "isolate" in svg
        cxmap("render", "firm", "--view", view, "-o", "map.dot")
        assert "\x1b" not in (firm / "map.dot").read_text()


def test_same_input_same_bytes_whatever_the_hash_seed(firm: Path) -> None:
    outputs = set()
    for seed in ("0", "1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        parts = []
        for arguments in (
            ["audit", "firm", "--format", "json"],
            ["render", "firm", "--findings"],
            ["inventory", "firm"],
        ):
            parts.append(
                subprocess.run(
                    [sys.executable, "-m", "cx_map", *arguments], capture_output=True, env=environment, check=False
                ).stdout
            )
        outputs.add(tuple(parts))
    assert len(outputs) == 1


def test_a_crash_is_exit_2_without_a_traceback(cxmap: Cxmap, monkeypatch: pytest.MonkeyPatch) -> None:
    from cx_map.audit import engine

    def explode(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(engine, "audit", explode)
    ran = cxmap("audit", "firm")
    assert ran.code == 2
    assert "cxmap has a bug: RuntimeError: boom" in ran.err
    assert "Traceback" not in ran.err


def test_no_heavy_library_at_the_start() -> None:
    script = (
        "import sys; from cx_map.cli.app import run; run(['--help']); run(['validate', sys.argv[1]]);"
        "print(sorted({'pandas', 'networkx', 'graphviz', 'numpy', 'xlsxwriter'} & set(sys.modules)),"
        " [m for m in sys.modules if m.startswith('cx_map.draw')])"
    )
    here = Path(__file__).parents[2] / "examples" / "minimal"
    done = subprocess.run([sys.executable, "-c", script, str(here)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[] []"
