"""Findings that are drawn: the break of a loop as a missing flow, the narrowest cut thick, the border of a silo."""

from __future__ import annotations

from msgspec.structs import replace

from cx_map.audit.engine import audit
from cx_map.audit.findings import Finding, Report
from cx_map.draw.layouts.furniture import counts, default_legend
from cx_map.draw.layouts.layers import layout_layers
from cx_map.draw.layouts.web import layout_web
from cx_map.draw.scene import BREAK, Edge, Lane, Node, Scene
from cx_map.draw.scenes import drawn_findings
from cx_map.draw.scenes.drawn_findings import broken_places, thick
from cx_map.draw.scenes.whole_map import scene_of
from cx_map.draw.writers.svg import to_svg
from cx_map.errors import Location
from cx_map.rulekit import Fix
from tests.draw.nordvik import COLUMNS, RINGS
from tests.support import inventory_of

LOOP = """
teams: {care: {}}
platforms: {desk: {owner: care}, mailer: {}}
data_sources: {cases: {}}
insights: {digest: {inputs: [cases], delivered_to: [care]}}
signals: {g: {kind: contact, identity: known, about: [desk], captured_in: [cases]}}
actions: {mend: {team: care, triggered_by: [care], informs: [sorry], tracked_in: cases}}
communications: {sorry: {channels: [email], platforms: [mailer]}}
flows: [{from: cases, to: care, via: event}]
"""


def breaks(text: str) -> list[Edge]:
    inventory = inventory_of(text)
    return [edge for edge in scene_of(inventory, audit(inventory)).edges if edge.kind == BREAK]


def test_a_closed_loop_has_no_break() -> None:
    assert breaks(LOOP) == []


def test_a_break_leads_from_the_last_thing_reached_to_what_the_repair_joins() -> None:
    (untriggered,) = breaks(LOOP.replace("triggered_by: [care], ", ""))
    assert (untriggered.source, untriggered.target, untriggered.style) == ("cases", "mend", "missing")
    assert [badge.code for badge in untriggered.badges] == ["LOOP101"]
    assert "let 'care' trigger 'mend'" in untriggered.tooltip
    (uncaptured,) = breaks(LOOP.replace(", captured_in: [cases]", ""))
    assert (uncaptured.source, uncaptured.target) == ("g", "cases")


def test_where_only_something_new_would_do_the_break_leads_to_its_channel() -> None:
    text = LOOP.replace(
        "actions: {mend: {team: care, triggered_by: [care], informs: [sorry], tracked_in: cases}}\n", ""
    )
    (edge,) = breaks(text)
    assert (edge.source, edge.target) == ("cases", "email")


def test_a_break_is_not_a_flow_and_no_flow_is_lost() -> None:
    text = LOOP.replace(" informs: [sorry],", "")
    inventory = inventory_of(text)
    plain, judged = scene_of(inventory), scene_of(inventory, audit(inventory))
    assert [(one.source, one.target, one.kind) for one in judged.edges if one.kind != BREAK] == [
        (one.source, one.target, one.kind) for one in plain.edges
    ]
    assert counts(plain) == counts(judged)


def finding(code: str, subject: str, **more: object) -> Finding:
    plain = Finding(code, "n", "major", "high", "m", subject, "platforms", (), None, Location("f"), code + subject)
    return replace(plain, **more)


def test_no_more_breaks_than_stay_readable_the_worst_first() -> None:
    fix = Fix("join", ({"connect": {"from": "a", "to": "b"}},))
    some = [finding("LOOP101", f"s{number:02}", fix=fix) for number in range(drawn_findings.MOST + 3)]
    some[-1] = replace(some[-1], severity="critical")
    shown = {"b", *(one.subject for one in some)}
    edges, left = broken_places(some, shown, ())
    assert len(edges) == drawn_findings.MOST
    assert left == 3
    assert some[-1].subject in {edge.source for edge in edges}


def test_a_break_is_not_drawn_over_a_flow_that_runs() -> None:
    one = finding("LOOP101", "a", fix=Fix("join", ({"connect": {"from": "a", "to": "b"}},)))
    assert broken_places([one], {"a", "b"}, (Edge("a", "b"),)) == ((), 0)
    assert len(broken_places([one], {"a", "b"}, (Edge("a", "b", style="missing"),))[0]) == 1


CUT = """
platforms: {press: {capacity: 1000/month}, mixer: {}}
channels: {}
communications:
  bill: {channels: [letter], platforms: [mixer, press], volume: 3000/month}
  note: {channels: [letter], platforms: [mixer, press], volume: 500/month}
"""


def test_the_narrowest_cut_is_thick_with_its_flows_and_in_the_legend() -> None:
    inventory = inventory_of(CUT)
    report = audit(inventory)
    assert [one.subject for one in report.findings if one.code == "BOT102"] == ["press"]
    scene = scene_of(inventory, report)
    assert [node.id for node in scene.nodes if node.emphasis == "thick"] == ["press"]
    bold = {(edge.source, edge.target) for edge in scene.edges if edge.emphasis == "thick"}
    assert bold == {("press", "bill"), ("press", "note")}
    assert "thick" in {entry.key for entry in default_legend(scene)}
    assert "thick" not in {entry.key for entry in default_legend(scene_of(inventory))}


def test_of_a_wide_fan_only_the_cards_are_thick() -> None:
    names = [f"c{number}" for number in range(drawn_findings.MOST_OF_A_CUT + 1)]
    nodes = (Node("p", "p", "platforms", "l", "c"), *(Node(one, one, "communications", "l", "c") for one in names))
    edges = tuple(Edge("p", one) for one in names)
    cards, flows = thick(nodes, edges, [finding("BOT102", "p", related=tuple(names))])
    assert [card.id for card in cards if card.emphasis == "thick"] == ["p"]
    assert flows == edges


def test_the_border_of_a_silo_shows_in_both_views_and_both_themes() -> None:
    lanes = (Lane("a", "A"), Lane("b", "B", silo=True), Lane("c", "C"))
    nodes = tuple(Node(f"n{lane.id}", "n", "platforms", lane.id, "platforms") for lane in lanes)
    scene = Scene("t", "", COLUMNS, lanes, nodes, rings=RINGS)
    assert [frame.id for frame in layout_layers(scene).frames if frame.role == "silo"] == ["b"]
    walls = [frame.id for frame in layout_web(scene).frames if frame.wall]
    assert walls == ["b", "c"], "the sector of b lies between its own border and the next"
    assert "silo" in {entry.key for entry in default_legend(scene)}
    for theme in ("light", "dark"):
        assert to_svg(layout_web(scene), theme=theme).count('class="f-sector f-wall"') == 2  # type: ignore[arg-type]  # of a tuple


def test_without_findings_nothing_is_drawn_but_the_map() -> None:
    inventory = inventory_of(CUT)
    empty = Report("current", None, (), {}, 0, "", (), (), (), audit(inventory).suppressed)
    assert scene_of(inventory, empty).edges == scene_of(inventory).edges
