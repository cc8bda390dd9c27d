"""The page in a meeting: states and what changed, the story, notes, paper."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cx_map.draw.scene import Scene
from tests.browser.conftest import Open


def test_the_slider_goes_through_the_phases_and_everything_keeps_its_place(insurer: Path, look_at: Open) -> None:
    seen = look_at(insurer)
    places = "Object.fromEntries([...document.querySelectorAll('.map .card:not(.gone)')].map((one) => [one.dataset.i, one.getAttribute('transform')]))"
    before = seen.run(places)
    slider = seen.page.locator("#phase")
    slider.focus()
    for _ in range(3):
        seen.page.keyboard.press("ArrowRight")
    assert slider.input_value() == "3"
    assert "One engine for all" in seen.text("h1")
    after = seen.run(places)
    both = before.keys() & after.keys()
    assert len(both) > 5
    assert {key: before[key] for key in both} == {key: after[key] for key in both}
    assert before.keys() != after.keys()


def test_changes_are_marked_by_sign_and_word_and_findings_are_solved_or_introduced(
    insurer: Path, look_at: Open
) -> None:
    seen = look_at(insurer, "state=target")
    seen.page.locator(".roadmap [data-value=current]").click()
    assert seen.page.locator(".map .card.m-added .sign").first.inner_html() == "+"
    assert seen.page.locator(".map .card.m-removed .sign").first.inner_html() == "−"
    assert seen.page.locator(".map .card.m-changed .sign").first.inner_html() == "Δ"
    struck = seen.run("getComputedStyle(document.querySelector('.map .card.m-removed .name')).textDecorationLine")
    assert struck == "line-through"
    told = seen.text(".became")
    assert re.search(r"\+ 1 added.*− 3 removed.*Δ 5 changed.*8 solved, 1 introduced", told, re.DOTALL)
    assert seen.page.locator(".row .chip", has_text="✓ solved").count() == 8
    seen.page.keyboard.press("d")
    assert seen.page.locator(".map .card.m-added").count() == 0


def test_the_filter_by_phase_is_there_where_there_is_a_roadmap(insurer: Path, look_at: Open) -> None:
    seen = look_at(insurer, "state=target")
    seen.page.locator(".filters summary").click()
    seen.page.select_option("#filter-phase", "hub")
    assert 0 < seen.page.locator(".map .card:not(.quiet):not(.gone)").count() < 10


def test_the_story_is_told_by_keys_and_keeps_its_step_in_the_address(insurer: Path, look_at: Open) -> None:
    seen = look_at(insurer)
    seen.page.keyboard.press("s")
    assert seen.text(".story .count").endswith("1 of 6")
    first = seen.text(".story h2")
    seen.page.keyboard.press("ArrowRight")
    assert seen.text(".story h2") != first
    seen.page.keyboard.press("PageDown")
    assert seen.text(".story .count").endswith("3 of 6")
    address = seen.address()
    assert "step=3" in address
    again = look_at(insurer, address.removeprefix("#"))
    assert again.text(".story h2") == seen.text(".story h2")
    seen.page.locator(".story button", has_text="Back").click()
    assert seen.text(".story .count").endswith("2 of 6")
    seen.page.keyboard.press("Escape")
    seen.page.keyboard.press("Escape")
    assert seen.page.locator(".story").is_hidden()


def test_notes_are_kept_and_given_out(insurer: Path, look_at: Open) -> None:
    seen = look_at(insurer, "select=motor-crm&tab=details")
    seen.page.locator("#tab-panel textarea").fill("Ask *Ana* <b>who</b> owns it")
    seen.page.reload()
    seen.page.wait_for_selector("html[data-ready]")
    assert seen.page.locator("#tab-panel textarea").input_value() == "Ask *Ana* <b>who</b> owns it"
    seen.page.locator("#tab-notes").click()
    with seen.page.expect_download() as download:
        seen.page.locator("button", has_text="Save as JSON").click()
    found = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert found["schema"] == "cxmap.notes/1"
    assert [(one["about"], one["id"], one["text"]) for one in found["notes"]] == [
        ("entity", "motor-crm", "Ask *Ana* <b>who</b> owns it")
    ]
    with seen.page.expect_download() as download:
        seen.page.locator("button", has_text="Save as Markdown").click()
    text = Path(download.value.path()).read_text("utf-8")
    assert "Ask \\*Ana\\* \\<b\\>who\\</b\\> owns it" in text
    assert download.value.suggested_filename == "notes.md"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["layers", "web"])
def test_it_prints_on_one_page_in_light_colours(
    bank: Path, look_at: Open, shown: Scene, tmp_path: Path, view: str, scheme: str
) -> None:
    seen = look_at(bank, f"view={view}", color_scheme=scheme)
    for width, height in (("297mm", "210mm"), ("420mm", "297mm")):
        file = tmp_path / f"{width}.pdf"
        seen.page.pdf(path=file, width=width, height=height, print_background=True)
        assert len(re.findall(rb"/Type\s*/Page\b", file.read_bytes())) == 1
    seen.page.emulate_media(media="print")
    seen.run("window.dispatchEvent(new Event('beforeprint'))")
    assert seen.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert seen.run("getComputedStyle(document.querySelector('.sheet h1')).color") == "rgb(31, 41, 55)"
    assert seen.page.locator(".sheet .map .card").count() == len(shown.nodes)
    assert "data source" in seen.text(".sheet .key")
