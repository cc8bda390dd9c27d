"""One Chromium for all browser tests; every page is watched for errors and for anything it asks of the network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from cx_map.audit.engine import audit
from cx_map.cli.page import page_of
from cx_map.draw.page.heats import heats_of
from cx_map.draw.page.moment import Moment, moments_of
from cx_map.draw.page.page import to_html
from cx_map.draw.scene import Scene
from cx_map.draw.scenes.whole_map import scene_of
from cx_map.load.loader import load
from tests.support import inventory_of

ROOT = Path(__file__).parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def chromium() -> str | None:
    """The Chromium of this machine, or None."""
    named = os.environ.get("CXMAP_CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    place = chromium()
    if place is None:
        reason = "no Chromium on this machine: `make browser` installs it, or says how; CXMAP_CHROMIUM names one"
        if os.environ.get("CXMAP_BROWSER") == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=place, args=list(FLAGS))
        yield running
        running.close()


@dataclass
class Watched:
    """A page with what it did wrong."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def run(self, script: str) -> Any:
        return self.page.evaluate(script)

    def text(self, selector: str) -> str:
        return self.page.locator(selector).first.inner_text()

    def address(self) -> str:
        self.page.wait_for_timeout(160)  # the page keeps its address a moment after the last change
        return str(self.page.evaluate("location.hash"))


Open = Callable[..., Watched]


@pytest.fixture
def look_at(browser: Browser) -> Iterator[Open]:
    """Open a file in a fresh context; in the end nothing may have gone wrong, and nothing been asked for."""
    contexts: list[BrowserContext] = []
    opened: list[Watched] = []

    def opening(file: Path, hash_: str = "", width: int = 1366, height: int = 768, **options: Any) -> Watched:
        context = browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce", accept_downloads=True, **options
        )
        contexts.append(context)
        page = context.new_page()
        watched = Watched(page)
        opened.append(watched)
        page.on(
            "console",
            lambda message: watched.complaints.append(message.text) if message.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (watched.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))

        def judge(route: Route) -> None:
            if route.request.url.split("#")[0] == file.as_uri():
                route.continue_()
            else:
                watched.asked.append(route.request.url)
                route.abort()

        context.route("**/*", judge)
        page.goto(file.as_uri() + (f"#{hash_}" if hash_ else ""))
        page.wait_for_selector("html[data-ready]")
        return watched

    yield opening
    for watched in opened:
        assert watched.complaints == []
        assert watched.asked == []
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="session")
def now() -> Moment:
    """Nordvik Bank as it is, audited."""
    return moments_of(load(str(ROOT / "inventories" / "nordvik-bank")), audit)[0]


@pytest.fixture(scope="session")
def shown(now: Moment) -> Scene:
    """What a picture shows of the bank as it is."""
    return scene_of(now.inventory, now.report)


@pytest.fixture(scope="session")
def bank(files: Path, now: Moment) -> Path:
    """The page of the bank as it is: one state, many findings."""
    file = files / "bank.html"
    file.write_text(to_html([now], heats_of([now])), "utf-8")
    return file


@pytest.fixture(scope="session")
def insurer(files: Path) -> Path:
    """The page of the roadmap example with the story of the workshop example: four states."""
    file = files / "insurer.html"
    folder = ROOT / "examples"
    story = folder / "workshop" / "story.yaml"
    file.write_text(page_of((str(folder / "roadmap"),), story=str(story)), "utf-8")
    return file


@pytest.fixture
def made(files: Path) -> Callable[[str], Path]:
    """The page of an inventory given as text."""

    def make(text: str) -> Path:
        file = files / "made.html"
        file.write_text(to_html(moments_of(inventory_of(text), audit)), "utf-8")
        return file

    return make
