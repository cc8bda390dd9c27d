"""The report site as a reader has it: on a screen, on a phone, on paper; names of any length."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from cx_map.audit.settings import DEFAULTS
from cx_map.cli.folder import write_folder
from cx_map.report.site.build import site
from cx_map.report.site.facts import gather
from cx_map.states.open import open_state
from tests.support import inventory_of

ROOT = Path(__file__).parents[2]

LONG = f"""
organization: {{name: {"Firm" * 100}}}
teams: {{{"t" * 300}: {{name: {"W" * 5000}}}, con: {{name: "<img src=x onerror=alert(1)>"}}}}
platforms: {{p: {{name: {"P" * 500}, status: retired}}, q: {{owner: con}}}}
communications:
  a: {{name: {"n" * 2000}, owner: {"t" * 300}, purpose: regulatory, channels: [email], platforms: [p]}}
  {"b" * 200}: {{owner: con, purpose: marketing, channels: [email], platforms: [q]}}
"""


@pytest.fixture(scope="module", params=["examples/roadmap", "long names"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report in a folder."""
    named = str(request.param)
    inventory = inventory_of(LONG) if named == "long names" else open_state(str(ROOT / named))
    place = tmp_path_factory.mktemp("report") / "site"
    write_folder(place, site(gather(inventory, DEFAULTS, None)))
    return place


def own_pages(folder: Path) -> list[Path]:
    """The pages but those of rules, which are all alike, and the map to explore."""
    found = sorted(folder.rglob("*.html"))
    rules = [one for one in found if one.parent.name == "rules"]
    return [one for one in found if one.name != "explore.html" and one not in rules[1:]]


def test_every_page_fits_a_screen_and_a_phone_and_asks_for_nothing(folder: Path, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    for file in own_pages(folder):
        page.goto(file.as_uri())
        for width in (1366, 390):
            page.set_viewport_size({"width": width, "height": 800})
            beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert beyond <= 0, f"{file.name} is {beyond} px wider than {width}"
    assert wrong == []
    context.close()


def test_on_paper_severities_keep_their_colour_and_the_map_its_heading(folder: Path, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto((folder / "index.html").as_uri())
    page.emulate_media(media="print")
    style = "(one) => getComputedStyle(one)"
    sign = page.locator(".sev").first
    assert sign.evaluate(f"one => ({style})(one).printColorAdjust") == "exact"
    picture = page.locator(".picture").first
    assert picture.evaluate(f"one => ({style})(one).breakBefore") == "auto"
    assert picture.evaluate(f"one => ({style})(one).breakInside") == "avoid"
    heading = picture.locator("xpath=preceding-sibling::h2[1]")
    assert heading.evaluate(f"one => ({style})(one).breakAfter") == "avoid"
    context.close()
