"""The data sheet: asked although known, asked again because of a silo, masters, and how far an attribute flows."""

from __future__ import annotations

import pytest

from cx_map.audit.engine import audit
from cx_map.draw.scenes import data
from cx_map.draw.scenes.data import data_sheet
from cx_map.draw.scenes.sheet_focus import focus_sheet
from cx_map.draw.sheet import Entry, Table
from cx_map.errors import UsageError
from tests.support import inventory_of

FIRM = """
segments: {all: {customers: 1000}}
data_sources:
  master: {name: Customer master, holds: [{attribute: contact.email, mastery: master}]}
  copy: {holds: [{attribute: contact.email, mastery: copy}, contact.phone]}
  island: {holds: [contact.email]}
  silent: {}
collection_points:
  open: {kind: web_form, segments: [{segment: all, reach: 1}], asks: [contact.email], writes_to: [master]}
  again: {kind: web_form, segments: [{segment: all, reach: 0.5}], asks: [contact.email, contact.phone], writes_to: [master], reads: [master]}
  apart: {kind: web_form, segments: [{segment: all, reach: 0.3}], asks: [contact.email], writes_to: [island], reads: []}
  vague: {kind: web_form, asks: [contact.email]}
  filled: {kind: web_form, segments: [{segment: all, reach: 0.2}], asks: [{attribute: contact.email, prefilled_from: master}], writes_to: [master]}
flows: [{from: master, to: copy, carries: [contact.email]}, {from: copy, to: silent, carries: unknown}]
"""


def tables(text: str = FIRM, *, findings: bool = False) -> dict[str, Table]:
    inventory = inventory_of(text)
    return {one.id: one for one in data_sheet(inventory, audit(inventory) if findings else None).tables}


def entry(table: Table, column: str, row: str = "contact.email") -> Entry:
    return table.entries[row, column]


def test_each_ask_says_whether_the_answer_is_known() -> None:
    asked = tables(FIRM.replace("  vague: {kind: web_form, asks: [contact.email]}\n", ""))["asked"]
    told = {
        column: (entry(asked, column).text, entry(asked, column).state)
        for column in ("open", "again", "apart", "filled")
    }
    assert told == {
        "open": ("asked", "good"),
        "again": ("known already", "bad"),
        "apart": ("asked again", "bad"),
        "filled": ("prefilled", "good"),
    }
    assert entry(asked, "again").sublabel == "from Customer master"
    assert "Asked before at open" in entry(asked, "apart").tooltip


def test_what_is_not_known_is_said_with_the_field_that_would_tell() -> None:
    asked, kept = tables()["asked"], tables()["kept"]
    assert entry(asked, "vague").state == "unknown"
    assert "would make it known: " in entry(asked, "vague").tooltip
    assert (entry(kept, "island").text, entry(kept, "island").state) == ("kept", "unknown")
    assert "mastery" in entry(kept, "island").tooltip


def test_stores_say_what_they_are_to_an_attribute_and_how_far_it_flows() -> None:
    kept = tables()["kept"]
    assert (entry(kept, "master").text, entry(kept, "copy").text) == ("master", "copy")
    flows = entry(kept, "~flows")
    assert (flows.text, flows.state) == ("1 place", "unknown"), "a flow of unknown content may lead further"
    assert "Perhaps also to silent" in flows.tooltip


def test_two_masters_are_told() -> None:
    kept = tables(FIRM.replace("mastery: copy", "mastery: master"))["kept"]
    assert {entry(kept, one).state for one in ("master", "copy")} == {"bad"}


def test_findings_stand_on_the_ask_they_are_about() -> None:
    asked = tables(findings=True)["asked"]
    assert [badge.code for badge in entry(asked, "again").badges] == ["RED101"]
    assert [badge.code for badge in entry(asked, "apart").badges] == ["RED102"]
    assert not any(head.badges and head.id in ("again", "apart") for head in asked.columns)


def test_stores_that_say_nothing_are_named_and_an_empty_firm_gets_a_sentence() -> None:
    sheet = data_sheet(inventory_of(FIRM))
    assert any("silent" in note and "data_sources.holds" in note for note in sheet.notes)
    empty = data_sheet(inventory_of("platforms: {mailer: {}}"))
    assert empty.tables == ()
    assert "collection_points.asks" in empty.notes[1]


def test_the_largest_come_first_and_what_is_left_out_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "MOST_ROWS", 1)
    sheet = data_sheet(inventory_of(FIRM))
    assert [row.id for row in sheet.tables[0].rows] == ["contact.email"]
    assert sheet.counted.startswith("1 of 2 attributes shown")


def test_a_selection_keeps_the_rows_that_tell_of_it() -> None:
    inventory = inventory_of(FIRM)
    sheet = data_sheet(inventory)
    again = focus_sheet(sheet, inventory, ["again"])
    assert {row.id for row in again.tables[0].rows} == {"contact.email", "contact.phone"}
    assert again.notes[0] == "chosen: again; 4 of 4 rows tell of it" or " rows tell of it" in again.notes[0]
    with pytest.raises(UsageError, match="no row"):
        focus_sheet(sheet, inventory, ["all"])
