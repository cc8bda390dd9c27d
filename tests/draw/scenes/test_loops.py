"""The sheet of loops: every loop once, the worst first, the break where it is, and the repair below it."""

from __future__ import annotations

from hypothesis import given, settings

from cx_map.analyses.closed_loops import closed_loops
from cx_map.audit.engine import audit
from cx_map.draw.scenes import loops
from cx_map.draw.scenes.loops import loops_sheet
from cx_map.draw.sheet import Sheet, Table
from cx_map.graph.ecosystem import Ecosystem
from tests.analyses.loops_firm import Firm, built, firms
from tests.support import inventory_of

LOOP = """
organization: {name: Nordvik}
segments: {few: {customers: 10}}
teams: {care: {}, gone: {status: retired}}
platforms: {desk: {owner: care}, mailer: {}}
data_sources: {cases: {name: Case list}}
signals: {g: {kind: contact, identity: known, about: [desk], captured_in: [cases], volume: 900/month, segments: [few], latency: 1h}}
actions: {mend: {team: care, triggered_by: [care], informs: [sorry], tracked_in: cases, within: 3d}}
communications: {sorry: {channels: [email], platforms: [mailer]}}
flows: [{from: cases, to: care, via: event, latency: 1h}]
"""


def inner(text: str) -> Table:
    inventory = inventory_of(text)
    return next(one for one in loops_sheet(inventory, audit(inventory)).tables if one.id == "inner")


def states(table: Table, row: str) -> list[str]:
    return [table.entries[row, column.id].state for column in table.columns if (row, column.id) in table.entries]


def test_a_closed_loop_says_who_stands_where_and_how_long_it_takes() -> None:
    table = inner(LOOP)
    assert [row.label for row in table.rows] == ["g"]
    assert table.entries["g", "capture"].text == "Case list"
    assert (table.entries["g", "own"].kind, table.entries["g", "own"].sublabel) == ("teams", "1 h")
    assert states(table, "g") == ["good", "none", "good", "good", "good", "none", "plain"]
    assert [(link.source[1], link.target[1], link.style) for link in table.links] == [
        ("capture", "own", "solid"), ("own", "act", "solid"), ("act", "inform", "solid"),
    ]  # fmt: skip


def test_the_break_is_the_missing_arrow_and_the_repair_is_dashed() -> None:
    table = inner(LOOP.replace("triggered_by: [care], ", ""))
    assert [row.label for row in table.rows] == ["g", "with the cheapest repair"]
    assert [badge.code for badge in table.rows[0].badges] == ["LOOP101"]
    missing = [link for link in table.links if link.style == "missing"]
    assert [(one.source, one.target) for one in missing] == [(("g", "own"), ("g", "act"))]
    assert table.entries["g", "act"].text == "nobody acts on it"
    assert table.entries["g", "act"].sublabel == "ready: mend", "what survives beyond the break is told"
    dashed = [link.target[1] for link in table.links if link.style == "dashed"]
    assert dashed == ["act"]
    assert table.entries["g|repair", "act"].text == "mend"
    assert "let 'care' trigger 'mend'" in table.rows[1].tooltip


def test_the_reason_of_a_break_is_its_condition() -> None:
    identity = inner(LOOP.replace("via: event", "via: event, keeps_identity: false"))
    assert identity.entries["g", "own"].text == "the customer is no longer known"
    owner = inner(LOOP.replace("owner: care", "owner: gone"))
    assert owner.entries["g", "own"].text == "nobody who may own it"
    production = inner(LOOP.replace("mailer: {}", "mailer: {status: retired}"))
    assert production.entries["g", "inform"].text == "the answer cannot be delivered"


def test_time_stands_against_what_is_allowed() -> None:
    declared = (
        "feedback_loops: {l: {signal: g, within: 2d, stages: {capture: cases, own: care, act: mend, inform: sorry}}}\n"
    )
    table = inner(LOOP + declared)
    time = table.entries["g|l", "time"]
    assert (time.state, time.text, time.sublabel) == ("bad", "at least 3.1 d", "due within 2 d")
    assert [link.style for link in table.links] == ["solid"] * 3, "a slow loop comes back all the same"
    ample = inner(LOOP + declared.replace("2d", "9d")).entries["g|l", "time"]
    assert (ample.state, ample.sublabel) == ("unknown", "due within 9 d"), "the time of the reply is not known"


def test_kinds_stand_apart_and_the_exempt_give_their_reason() -> None:
    text = LOOP + (
        "feedback_loops: {l: {signal: g, kind: incident, stages: {capture: cases, own: care, act: mend, inform: sorry}},"
        " m: {signal: h, kind: outer, by_design: none, reason: counted only}}\n"
    )
    text = text.replace("signals: {", "signals: {h: {kind: survey, segments: [few]}, ")
    sheet = loops_sheet(inventory_of(text))
    assert [one.id for one in sheet.tables if one.id != "causes"] == ["outer", "incident"]
    assert sheet.tables[0].entries["h|m", "time"].sublabel == "counted only"


def test_worst_first_then_the_most_signals_and_no_more_than_fit() -> None:
    names = [f"s{number:02}" for number in range(70)]
    text = "data_sources: {d: {}}\nsignals:\n" + "".join(
        f"  {name}: {{kind: {'complaint' if number % 9 == 0 else 'survey'}, volume: {number + 1}/month, captured_in: [d]}}\n"
        for number, name in enumerate(names)
    )
    inventory = inventory_of(text)
    sheet = loops_sheet(inventory, audit(inventory))
    rows = [row.id for row in sheet.tables[0].rows if "|" not in row.id]
    complaints = [name for number, name in enumerate(names) if number % 9 == 0][::-1]
    assert rows[: len(complaints)] == complaints
    assert rows == [*complaints, *[name for name in reversed(names) if name not in complaints]][: loops.MOST]
    assert sheet.counted == "60 of 70 loops shown."


def test_without_signals_the_sheet_says_what_to_write_down() -> None:
    sheet = loops_sheet(inventory_of("platforms: {p: {}}"))
    assert sheet.tables == ()
    assert sheet.counted == "0 of 0 loops shown."
    assert "signals" in " ".join(sheet.notes)


@given(firms())
@settings(max_examples=60, deadline=None)
def test_every_verdict_has_a_row_and_every_broken_one_its_break(firm: Firm) -> None:
    inventory = built(firm)
    sheet: Sheet = loops_sheet(inventory)
    rows = {row.id: table for table in sheet.tables if table.id != "causes" for row in table.rows}
    for verdict in closed_loops(Ecosystem(inventory)):
        table = rows[verdict.signal.id]
        broken = [one for (row, _), one in table.entries.items() if row == verdict.signal.id and one.state == "bad"]
        assert bool(broken) == (verdict.status in ("broken", "condition", "late"))
