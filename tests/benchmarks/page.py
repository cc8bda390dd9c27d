"""How long the workshop page takes to be of use, against a blank page in the same browser."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from tests.benchmarks.synthetic import write_inventory

TARGETS = {500: 2.0, 5000: 4.0, 20_000: 8.0}
RUNS = 7
_BLANK = (
    '<!doctype html><html lang="en"><title>blank</title><p>blank</p>'
    '<script>document.documentElement.dataset.ready = ""</script></html>'
)
_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))"


def page_rows(top: Path, sizes: tuple[int, ...] = tuple(TARGETS)) -> list[tuple[str, ...]]:
    """A row for each size: from the start of loading to the second frame after the page is ready; medians.

    The pages hold everything but findings at 20,000 entities. Without a Chromium one row says so.
    """
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import FLAGS, chromium

    place = chromium()
    if place is None:
        return [("workshop page", "-", "-", "-", "", "no Chromium: `make browser`")]
    files = {0: top / "blank.html"}
    files[0].write_text(_BLANK, "utf-8")
    for size in sizes:
        files[size] = top / f"page-{size}.html"
        files[size].write_text(_page(top / f"firm-{size}", size), "utf-8")
    times: dict[int, list[float]] = {size: [] for size in files}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=place, args=list(FLAGS))
        for _ in range(RUNS):  # in turn, so that a busy moment of the machine meets all of them
            for size, file in files.items():
                context = browser.new_context(viewport={"width": 1366, "height": 768})
                page = context.new_page()
                begin = time.perf_counter()
                page.goto(file.as_uri(), wait_until="commit")
                page.wait_for_selector("html[data-ready]")
                page.evaluate(_FRAMES)
                times[size].append(time.perf_counter() - begin)
                context.close()
        browser.close()
    median = {size: statistics.median(found) for size, found in times.items()}
    rows = [("blank page in Chromium", f"{median[0]:.3f}", "", "1.00", "", "")]
    for size in sizes:
        ratio = median[size] / median[0]
        verdict = "ok" if ratio <= TARGETS[size] else "missed"
        what = f"workshop page of {size:,} entities, {files[size].stat().st_size / 1e6:.1f} MB: interactive"
        rows.append((what, f"{median[size]:.3f}", "", f"{ratio:.2f}", f"{TARGETS[size]:g}", verdict))
    return rows


def _page(folder: Path, size: int) -> str:
    from cx_map.audit.engine import audit
    from cx_map.draw.page.moment import moments_of
    from cx_map.draw.page.page import to_html
    from cx_map.load.loader import load

    write_inventory(folder, size, 1)
    return to_html(moments_of(load(str(folder)), audit if size < 20_000 else None))
