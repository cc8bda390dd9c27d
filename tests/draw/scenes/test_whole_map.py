"""From an inventory to the scene of the map: what is shown, where, and what its flows and badges say."""

from __future__ import annotations

from dataclasses import replace

from cx_map.audit.findings import Aggregate, Finding, Report, Suppressed
from cx_map.draw.scene import Edge, Lane
from cx_map.draw.scenes.whole_map import SHARED, lanes_in_order, scene_of
from cx_map.draw.text import count_of
from cx_map.errors import Location
from tests.support import inventory_of

FIRM = """
organization: {name: Nordvik}
lines_of_business: {cards: Cards, mortgages: Mortgages, retail: Retail}
teams:
  desk: {line_of_business: cards}
data_sources:
  core: {}
  old-core: {}
platforms:
  engine: {owner: desk}
  mail-a: {}
  mail-b: {serves: [retail]}
  planned: {status: proposed}
communications:
  statement:
    line_of_business: cards
    needs: [{any_of: [core, old-core]}]
    routes:
      - {id: first, channel: email, platforms: [engine, {any_of: [mail-a, mail-b]}]}
      - {id: second, channel: letter, platforms: [engine], fallback_for: first}
  reminder:
    line_of_business: mortgages
    needs: [core]
    routes: [{channel: email, platforms: [mail-a]}]
collection_points:
  form: {channel: web, writes_to: [core]}
flows:
  - {from: core, to: engine}
  - {from: engine, to: core, via: none}
  - {from: engine, to: old-core, policy: blocked}
"""


def edges() -> dict[tuple[str, str, str], Edge]:
    return {(edge.source, edge.target, edge.kind): edge for edge in scene_of(inventory_of(FIRM)).edges}


def finding(code: str, subject: str) -> Finding:
    return Finding(
        code,
        "name",
        "major",
        "high",
        f"{code} on {subject}",
        subject,
        "platforms",
        (),
        None,
        Location("f"),
        code + subject,
    )


def report(*findings: Finding, aggregates: tuple[Aggregate, ...] = ()) -> Report:
    return Report("current", "2026-01-01", (), {}, 1, "t", findings, (), (), Suppressed(), aggregates)


def test_alternatives_are_one_bundle_and_single_ones_are_plain() -> None:
    found = edges()
    for sender in ("mail-a", "mail-b"):
        edge = found[sender, "statement", "composes"]
        assert (edge.style, edge.bundle) == ("alternative", "mail-a|mail-b")
    assert found["core", "statement", "needs"].bundle == "core|old-core"
    assert (found["mail-a", "reminder", "composes"].style, found["mail-a", "reminder", "composes"].bundle) == (
        "solid",
        "",
    )
    assert found["engine", "mail-a", "route"].style == "alternative"


def test_fallbacks_are_dashed_and_what_carries_nothing_is_missing_or_not_drawn() -> None:
    found = edges()
    assert found["statement", "letter", "channel"].style == "dashed"
    assert found["statement", "email", "channel"].style == "solid"
    assert found["engine", "core", "flow"].style == "missing"
    assert ("engine", "old-core", "flow") not in found
    assert found["form", "core", "writes"].style == "solid"


def test_a_thing_stands_in_its_own_lane_its_customers_or_its_owners() -> None:
    lanes = {node.id: node.lane for node in scene_of(inventory_of(FIRM)).nodes}
    assert lanes["statement"] == "cards"
    assert lanes["engine"] == "cards"
    assert lanes["mail-b"] == "retail"
    assert lanes["core"] == SHARED


def test_the_shared_lane_stands_in_the_middle_whatever_the_order() -> None:
    assert [lane.id for lane in scene_of(inventory_of(FIRM)).lanes] == ["cards", SHARED, "mortgages", "retail"]
    lanes = [Lane(one, one) for one in ("d", SHARED, "b", "a", "c")]
    assert [lane.id for lane in lanes_in_order(lanes)] == ["a", "b", SHARED, "c", "d"]
    assert lanes_in_order([]) == ()


def test_only_channels_in_use_are_shown_and_what_is_not_in_use_is_faint() -> None:
    scene = scene_of(inventory_of(FIRM))
    assert {node.id for node in scene.nodes if node.kind == "channels"} == {"email", "letter", "web"}
    emphasis = {node.id: node.emphasis for node in scene.nodes}
    assert emphasis["planned"] == "faint"
    assert emphasis["engine"] == "none"


def test_findings_become_badges_and_those_elsewhere_a_note() -> None:
    said = report(finding("BOT101", "engine"), finding("BOT101", "engine"), finding("GOV101", "desk"))
    scene = scene_of(inventory_of(FIRM), said)
    (badge,) = next(node.badges for node in scene.nodes if node.id == "engine")
    assert (badge.code, badge.count, badge.severity) == ("BOT101", 2, "major")
    assert any(note.startswith("1 finding on") for note in scene.notes)
    assert "3 findings" in scene.subtitle
    assert "as of 2026-01-01" in scene.subtitle


def test_a_finding_on_a_flow_stands_on_the_flow_and_else_on_its_source() -> None:
    said = report(finding("COLL109", "core->engine"), finding("COLL110", "engine->old-core"))
    scene = scene_of(inventory_of(FIRM), said)
    badged = {
        (edge.source, edge.target, edge.kind): [one.code for one in edge.badges] for edge in scene.edges if edge.badges
    }
    assert badged == {("core", "engine", "flow"): ["COLL109"]}
    assert {node.id: [one.code for one in node.badges] for node in scene.nodes if node.badges} == {
        "engine": ["COLL110"]
    }


def test_a_rule_that_fires_almost_everywhere_is_a_note_and_no_badge() -> None:
    findings = [finding("GOV101", one) for one in ("engine", "mail-a", "mail-b")]
    said = report(*findings, finding("BOT101", "engine"), aggregates=(Aggregate("GOV101", 30, 40),))
    scene = scene_of(inventory_of(FIRM), said)
    assert {badge.code for node in scene.nodes for badge in node.badges} == {"BOT101"}
    assert [note for note in scene.notes if note.startswith("GOV101 on 30 of 40")]
    for few in ((), (Aggregate("GOV101", 3, 4),)):
        none = scene_of(inventory_of(FIRM), replace(said, aggregates=few))
        assert {badge.code for node in none.nodes for badge in node.badges} == {"BOT101", "GOV101"}


def test_the_date_is_the_reports_the_one_given_or_the_newest_fact() -> None:
    dated = inventory_of(FIRM.replace("core: {}", "core: {as_of: 2025-03-01}", 1))
    assert "as of" not in scene_of(inventory_of(FIRM)).subtitle
    assert scene_of(dated).subtitle.endswith("as of 2025-03-01")
    assert scene_of(dated, as_of="2026-02-02").subtitle.endswith("as of 2026-02-02")
    assert scene_of(dated, report(), as_of="2026-02-02").subtitle.endswith("as of 2026-01-01")


def test_numbers_with_their_nouns() -> None:
    assert [count_of(number, "flow") for number in (0, 1, 2, 1000)] == ["0 flows", "1 flow", "2 flows", "1,000 flows"]
