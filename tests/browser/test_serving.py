"""``cxmap serve`` in a real browser: a saved file changes the page, a broken one is told on it."""

from __future__ import annotations

import threading
from pathlib import Path

from playwright.sync_api import Browser, expect

from cx_map.cli.live import Live, server
from cx_map.cli.serve_command import live_of

FIRM = (
    "cxmap: 1\nplatforms: {mailer: {name: %s}}\ncommunications: {welcome: {channels: [email], platforms: [mailer]}}\n"
)


def save(live: Live, file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    live.look()
    assert live.look(), "two looks agree"


def test_the_page_follows_the_files(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "firm.cxmap.yaml"
    file.write_text(FIRM % "First name", encoding="utf-8")
    live = live_of([str(tmp_path)])
    live.start()
    made, address = server(live, 0)
    threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    try:
        page.goto(address)
        card = page.locator("svg.map [aria-label*='name'], svg.map").get_by_text("First name").first
        expect(card).to_be_visible()
        save(live, file, FIRM % "[broken")
        expect(page.locator(".problem")).to_contain_text("firm.cxmap.yaml:2")
        expect(page.get_by_text("First name").first).to_be_visible()
        save(live, file, FIRM % "Second name")
        expect(page.get_by_text("Second name").first).to_be_visible()
        expect(page.locator(".problem")).to_have_count(0)
    finally:
        context.close()
        made.shutdown()
        made.server_close()
    assert all(one.startswith(address) for one in asked if not one.startswith("data:"))
    assert complaints == []
