"""The preference sheet: reached, not reached with the missing flow, reached but not enforced, not known."""

from __future__ import annotations

from cx_map.audit.engine import audit
from cx_map.draw.scenes.preference import preference_sheet
from cx_map.draw.sheet import Table
from tests.support import inventory_of

FIRM = """
products: {card: {}, loan: {}}
data_sources: {hub: {name: Preference hub}}
platforms: {mailer: {enforces: [paperless]}, letters: {}, deaf: {enforces: []}}
collection_points: {settings: {kind: app_form, asks: [preference.paperless], writes_to: [hub]}}
preferences: {paperless: {kind: e_delivery, products: [card, loan], captured_at: [settings], master: hub}}
communications:
  statement: {products: [card, loan], channels: [email], platforms: [mailer], governed_by: [paperless]}
  notice: {products: [loan], channels: [letter], platforms: [letters], governed_by: [paperless]}
  offer: {products: [card], channels: [letter], platforms: [deaf], governed_by: [paperless]}
flows:
  - {from: hub, to: mailer, carries: [preference.paperless], products: [card]}
  - {from: hub, to: deaf, carries: [preference.paperless]}
"""


def reach(text: str = FIRM, *, findings: bool = False) -> Table:
    inventory = inventory_of(text)
    sheet = preference_sheet(inventory, audit(inventory) if findings else None)
    return next(table for table in sheet.tables if table.id == "reach")


def test_a_preference_reaches_or_not_product_by_product_and_the_missing_flow_is_named() -> None:
    table = reach()
    states = {place: entry.state for place, entry in table.entries.items()}
    assert states == {
        ("paperless card", "mailer"): "good",
        ("paperless loan", "mailer"): "bad",
        ("paperless loan", "letters"): "bad",
        ("paperless card", "deaf"): "weak",
    }
    assert table.entries["paperless loan", "letters"].sublabel == "missing: Preference hub → letters"
    assert table.entries["paperless card", "deaf"].text == "reached, not enforced"
    assert "notice" in table.entries["paperless loan", "letters"].about


def test_not_known_is_not_reached_and_not_missing() -> None:
    table = reach(FIRM + "  - {from: hub, to: letters, carries: unknown}\n")
    entry = table.entries["paperless loan", "letters"]
    assert entry.state == "unknown"
    assert "what a flow on the way carries is not known" in entry.tooltip
    nowhere = reach(FIRM.replace(", captured_at: [settings], master: hub", ""))
    assert {entry.state for entry in nowhere.entries.values()} == {"unknown"}


def test_the_overview_counts_what_the_table_shows() -> None:
    sheet = preference_sheet(inventory_of(FIRM))
    overview = sheet.tables[0]
    assert [overview.entries["paperless", one].text for one in ("governs", "good", "weak", "bad", "unknown")] == [
        "3", "1", "1", "2", "",
    ]  # fmt: skip
    assert "1 does not get everywhere" in sheet.subtitle


def test_findings_stand_where_the_preference_stops() -> None:
    table = reach(findings=True)
    assert [one.code for one in table.entries["paperless loan", "letters"].badges] == ["PREF101"]
    assert (
        table.entries["paperless card", "mailer"].badges == ()
        or table.entries["paperless card", "mailer"].state == "good"
    )


def test_no_preference_gives_a_sentence() -> None:
    sheet = preference_sheet(inventory_of("platforms: {mailer: {}}"))
    assert sheet.tables == ()
    assert "preferences" in sheet.notes[1]
