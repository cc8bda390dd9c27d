"""The matrix sheet: flows from row to column, coverage as `cxmap inventory` counts it, tasks by channel."""

from __future__ import annotations

from cx_map.analyses.completeness import coverage
from cx_map.audit.engine import audit
from cx_map.draw.scenes.matrix import matrix_sheet
from cx_map.draw.sheet import Table
from tests.support import inventory_of

FIRM = """
lines_of_business: {retail: {}, cards: {}}
teams: {a: {}, b: {}, idle: {}}
data_sources:
  ledger: {line_of_business: retail, owner: a}
  wallet: {line_of_business: cards, owner: b}
  common: {owner: a}
platforms: {mailer: {serves: [retail, cards], owner: b}}
channels: {post: {kind: letter}}
communications:
  bill: {line_of_business: retail, purpose: servicing, channels: [post], platforms: [mailer]}
  offer: {line_of_business: retail, purpose: servicing}
tasks: {pay: {volume: 10/month, channels: [{channel: post, support: partial, completion: 0.5}, {channel: email}]}, move: {}}
flows:
  - {from: ledger, to: wallet, carries: [contact.email, contact.phone]}
  - {from: ledger, to: mailer, carries: [contact.email]}
  - {from: wallet, to: common, carries: unknown}
"""


def tables(text: str = FIRM) -> dict[str, Table]:
    return {one.id: one for one in matrix_sheet(inventory_of(text)).tables}


def test_flows_are_counted_from_row_to_column_with_what_they_carry() -> None:
    lines = tables()["lines"]
    assert [head.id for head in lines.rows] == ["cards", "retail", "~shared"]
    across = lines.entries["retail", "cards"]
    assert (across.text, across.sublabel, across.heat) == ("2", "2 attributes", 1.0)
    assert lines.entries["cards", "retail"].state == "none"
    assert lines.entries["retail", "retail"].heat is None, "what stays inside is no dependence"
    silent = lines.entries["cards", "~shared"]
    assert silent.text == "1"
    assert "flows.carries" in silent.tooltip, "unknown content is said, not counted as none"


def test_teams_without_a_flow_are_counted_not_drawn() -> None:
    sheet = matrix_sheet(inventory_of(FIRM))
    teams = next(one for one in sheet.tables if one.id == "teams")
    assert [head.id for head in teams.rows] == ["a", "b"]
    assert "2 of 3 teams shown, 1 of them have no flow." in sheet.counted


def test_coverage_is_that_of_the_inventory_command_and_no_route_is_not_known() -> None:
    table = tables()["coverage"]
    cells = coverage(inventory_of(FIRM))
    assert sum(int(entry.text) for entry in table.entries.values()) == sum(len(one.communications) for one in cells)
    assert table.entries["retail|servicing", "post"].text == "1"
    assert table.entries["retail|servicing", "~shared"].state == "unknown"
    assert ("retail|servicing", "email") not in table.entries


def test_tasks_say_what_a_channel_can_do_and_what_nobody_says() -> None:
    table = tables()["tasks"]
    assert [row.id for row in table.rows] == ["pay"]
    post = table.entries["pay", "post"]
    assert (post.text, post.state, post.sublabel) == ("in part", "weak", "50 % completed")
    assert table.entries["pay", "email"].state == "unknown"


def test_silos_are_marked_on_rows_and_columns() -> None:
    inventory = inventory_of(FIRM)
    report = audit(inventory)
    lines = next(one for one in matrix_sheet(inventory, report).tables if one.id == "lines")
    silos = {one.subject for one in report.findings if one.code == "SILO101"}
    assert {head.id for head in lines.columns if "silo" in head.sublabel.split(" · ")} == silos
    assert "crosses its border" in lines.rows[0].sublabel


def test_nothing_to_set_against_one_another_gives_a_sentence() -> None:
    sheet = matrix_sheet(inventory_of("platforms: {mailer: {}}"))
    assert sheet.tables == ()
    assert sheet.notes
