"""The page in a real browser: finding, filtering, walking, and what the address keeps."""

from __future__ import annotations

from pathlib import Path

from cx_map.audit.engine import audit
from cx_map.draw.page.moment import Moment
from cx_map.draw.page.page import to_html
from cx_map.draw.palette import SEVERITY_SIGNS
from cx_map.draw.scene import Scene
from cx_map.draw.scenes.whole_map import COMMON
from cx_map.load.loader import load
from tests.browser.conftest import ROOT, Open


def test_it_opens_whole_and_readable_on_a_small_screen(bank: Path, look_at: Open, now: Moment, shown: Scene) -> None:
    seen = look_at(bank)
    assert seen.text("h1") == "Nordvik Bank – current state"
    assert seen.page.locator(".map .card:not(.gone)").count() == len(shown.nodes)
    assert now.report is not None
    total = len(now.report.findings)
    told = [f"{sign} {count} {one}" for one, sign in SEVERITY_SIGNS.items() if (count := now.report.count(one))]
    assert seen.text(".tally").splitlines() == [f"{total} of {total} findings shown", *told]
    smallest = seen.run(
        "Math.min(...[...document.querySelectorAll('.map .card .name')].map((one) => one.getBoundingClientRect().height))"
    )
    assert smallest >= 8
    assert seen.run(
        "document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight"
    )


def test_search_finds_by_name_and_enter_selects_the_first(bank: Path, look_at: Open) -> None:
    seen = look_at(bank)
    seen.page.keyboard.press("/")
    seen.page.keyboard.type("print hub")
    assert seen.text("#tab-entities .count") == "1"
    bright = seen.page.locator(".map .card:not(.quiet)")
    assert bright.count() == 1
    assert seen.text("[role=status]").startswith("1 of ")
    seen.page.keyboard.press("Enter")
    assert seen.text("#tab-panel h2") == "PL Print hub Drammen"


def test_filters_narrow_map_entities_and_findings_and_count_honestly(
    bank: Path, look_at: Open, now: Moment, shown: Scene
) -> None:
    seen = look_at(bank)
    seen.page.locator(".filters summary").click()
    seen.page.select_option("#filter-severity", "critical")
    assert now.report is not None
    total, critical = len(now.report.findings), now.report.count("critical")
    assert 0 < critical < total
    assert seen.text(".tally") == f"{critical} of {total} findings shown\n!! {critical} critical"
    with_findings = seen.page.locator(".map .card:not(.quiet):not(.gone)").count()
    assert 0 < with_findings <= critical
    seen.page.select_option("#filter-severity", "")
    seen.page.select_option("#filter-kind", "platforms")
    assert seen.page.locator(".map .card:not(.quiet)").count() == sum(node.kind == "platforms" for node in shown.nodes)
    assert {"phase"} & set(
        seen.run("[...document.querySelectorAll('.filters select')].map((one) => one.id.slice(7))")
    ) == set()
    seen.page.locator(".filters .clear").click()
    assert seen.text(".tally").startswith(f"{total} of {total}")


def test_a_click_shows_what_leads_to_it_and_where_it_leads(bank: Path, look_at: Open) -> None:
    seen = look_at(bank)
    hub = seen.run(
        "document.querySelector('.map .card[data-i=\"' + [...document.querySelectorAll('.map .card')].find((one) => one.textContent.includes('Message')).dataset.i + '\"]').getBoundingClientRect().toJSON()"
    )
    seen.page.mouse.click(hub["x"] + hub["width"] / 2, hub["y"] + hub["height"] * 0.7)
    assert "Message hub" in seen.text("#tab-panel h2")
    counts = {}
    for name in ("neighbours", "upstream", "downstream", "both", "loop"):
        seen.page.locator(f"[data-key=focus-{name}]").click()
        counts[name] = seen.page.locator(".map .card.lit").count()
    assert counts["both"] == counts["upstream"] + counts["downstream"] - 1
    assert counts["upstream"] > 1 < counts["downstream"]
    assert 1 < counts["loop"] < seen.page.locator(".map .card").count()
    seen.page.locator("[data-key=focus-both]").click()
    seen.page.locator("input[data-key=back]").check()
    assert seen.page.locator(".map .card.lit").count() > counts["both"]
    seen.page.keyboard.press("Escape")
    assert seen.page.locator(".map .card.lit").count() == 0


def test_the_keyboard_walks_along_the_flows(bank: Path, look_at: Open) -> None:
    seen = look_at(bank)
    seen.page.locator(".stage").focus()
    seen.page.keyboard.press("ArrowRight")
    first = seen.text("[role=status]")
    assert first.split(",")[0] == "Choices made in the card app"
    seen.page.keyboard.press("ArrowRight")
    second = seen.text("[role=status]")
    assert second != first
    seen.page.keyboard.press("ArrowLeft")
    seen.page.keyboard.press("Enter")
    assert seen.page.locator("#tab-panel h2").count() == 1
    chosen = seen.page.locator(".map .card.chosen").count()
    seen.page.keyboard.press("Tab")
    assert seen.page.locator(".map .card.cursor").count() == 1
    seen.page.keyboard.press("Escape")
    assert (chosen, seen.page.locator(".map .card.chosen").count()) == (1, 0)
    seen.page.keyboard.press("Tab")
    assert not seen.run("document.activeElement.classList.contains('stage')")


def test_paths_between_two_are_listed_and_each_can_be_lit(bank: Path, look_at: Open) -> None:
    seen = look_at(bank, "select=core-banking&to=email&tab=details")
    rows = seen.page.locator(".paths .row")
    assert rows.count() > 2
    assert "path" in seen.text(".paths .tally")
    assert all(row.startswith("Core banking → ") and row.endswith("E-mail") for row in rows.all_inner_texts())
    rows.nth(0).click()
    hops = seen.page.locator(".paths .row").nth(0).inner_text().count("→")
    assert seen.page.locator(".map .wire.lit").count() == hops
    assert seen.page.locator(".map .card.lit").count() == hops + 1


def test_a_finding_opens_with_size_owner_proof_and_fix_and_lights_its_place(bank: Path, look_at: Open) -> None:
    seen = look_at(bank)
    seen.page.locator(".rows .row").nth(0).click()
    card = seen.text("#tab-panel")
    for part in (
        "critical",
        "BOT101",
        "customers a month (measured)",
        "Document services",
        "Proof",
        "Fix",
        ".cxmap.yaml:",
    ):
        assert part in card
    assert seen.page.locator(".map .card.lit").count() > 1
    seen.page.locator("#tab-panel .link").first.click()
    assert seen.text("#tab-panel h2") == "PL Print hub Drammen"
    assert seen.page.locator("#tab-panel section .row .message").count() >= 2


def test_the_address_restores_everything(bank: Path, look_at: Open) -> None:
    seen = look_at(
        bank, "view=web&select=message-hub&focus=upstream&search=hub&kind=platforms&perspective=load&tab=details"
    )
    seen.page.keyboard.press("+")
    seen.page.mouse.move(800, 400)
    seen.page.mouse.wheel(0, -300)
    seen.page.wait_for_timeout(400)  # the browser delivers a wheel when it likes
    first = seen.address()
    assert "at=" in first
    again = look_at(bank, first.removeprefix("#"))
    assert again.address() == first
    state = """[...document.querySelectorAll('.map .card.lit')].map((one) => one.dataset.i).join()
      + document.querySelector('#perspective').value + document.querySelector('#search').value + document.querySelector('h1').textContent"""
    assert again.run(state) == seen.run(state)
    place = "document.querySelector('.map .card.chosen').getBoundingClientRect().x"
    assert abs(again.run(place) - seen.run(place)) < 2


def test_a_perspective_tints_and_says_what_is_not_known(bank: Path, look_at: Open, shown: Scene) -> None:
    seen = look_at(bank)
    seen.page.select_option("#perspective", "load")
    warm, unknown = seen.page.locator(".map .card.warm").count(), seen.page.locator(".map .card.unknown").count()
    assert warm > 5
    assert warm + unknown == len(shown.nodes)
    assert "not known" in seen.text(".legend")


def test_fingers_tap_and_the_page_fits_a_phone(bank: Path, look_at: Open) -> None:
    seen = look_at(bank, width=390, height=844, has_touch=True, is_mobile=True)
    assert seen.run("document.documentElement.scrollWidth <= innerWidth")
    card = seen.run(
        "[...document.querySelectorAll('.map .card')].map((one) => one.getBoundingClientRect()).filter((r) => r.x > 20 && r.right < 300 && r.y > 150 && r.bottom < 420)[0].toJSON()"
    )
    seen.page.touchscreen.tap(card["x"] + card["width"] / 2, card["y"] + card["height"] / 2)
    assert seen.page.locator("#tab-panel h2").count() == 1


def test_rules_without_badges_are_named(files: Path, look_at: Open) -> None:
    report = audit(load(str(ROOT / "inventories" / "va-notifications")))
    common = {one.code for one in report.aggregates if one.fired > COMMON}
    assert common
    file = files / "common.html"
    file.write_text(to_html([Moment("current", load(str(ROOT / "inventories" / "va-notifications")), report)]), "utf-8")
    seen = look_at(file)
    hint = seen.page.locator("#tab-panel .hint", has_text="Too common for badges").inner_text()
    assert set(hint.partition(": ")[2].split(", ")) == common


def test_back_and_forward_lead_through_what_was_looked_at(insurer: Path, look_at: Open) -> None:
    seen = look_at(insurer, "select=motor-crm&tab=details")
    first = seen.text("#tab-panel h2")
    seen.page.locator("#tab-panel .links button").first.click()
    assert seen.address() != "#select=motor-crm&tab=details"
    second = seen.text("#tab-panel h2")
    assert second != first
    seen.page.get_by_role("button", name="Web", exact=True).click()
    assert "view=web" in seen.address()
    seen.page.keyboard.press("+")
    seen.page.keyboard.press("+")
    assert "at=" in seen.address()
    seen.page.go_back()
    assert "view=web" not in seen.address()
    assert seen.text("#tab-panel h2") == second
    seen.page.go_back()
    seen.page.wait_for_timeout(100)
    assert seen.text("#tab-panel h2") == first
    seen.page.go_forward()
    seen.page.wait_for_timeout(100)
    assert seen.text("#tab-panel h2") == second
