"""What the page must never do, whatever is in the inventory; who can use it; and how much it bears."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from cx_map.draw.page.moment import moments_of
from cx_map.draw.page.page import to_html
from cx_map.draw.scene import Scene
from cx_map.load.loader import load
from tests.benchmarks.synthetic import write_inventory
from tests.browser.conftest import Open

HOSTILE = f"""\
organization: {{name: '</script><script>document.title="hacked"</script>'}}
lines_of_business:
  retail: {{name: '"><img src=x onerror=alert(1)>'}}
teams:
  constructor: {{name: "=HYPERLINK(\\"http://evil.example\\")"}}
data_sources:
  tostring: {{name: '<svg onload=alert(2)>', owner: constructor, line_of_business: retail, description: '</textarea><b>x</b> <!-- <script'}}
  hasownproperty: {{name: "{"A" * 10000}", owner: constructor}}
  rtl: {{name: "\\u202eevil\\u200f name", owner: constructor, kind: database, x-__proto__: {{__proto__: polluted}}}}
communications:
  a: {{name: 'javascript:alert(3)', purpose: servicing, needs: [rtl, tostring], routes: [{{channel: email}}], owner: constructor}}
  b: {{name: "${{alert(4)}} `x` \\\\u003c \\u2028 {{n}}", purpose: servicing, needs: [hasownproperty], routes: [{{channel: sms}}]}}
"""


def test_a_hostile_inventory_does_nothing_and_shows_its_text(made: Callable[[str], Path], look_at: Open) -> None:
    seen = look_at(made(HOSTILE))
    assert seen.text("h1").startswith('</script><script>document.title="hacked"</script>')
    assert seen.run("document.querySelectorAll('script:not([type])').length") == 1
    assert seen.run("document.querySelectorAll('img, iframe, object, embed, b x').length") == 0
    assert seen.run("({}).polluted === undefined && ({}).__proto__ === Object.prototype")
    seen.page.locator("#tab-entities").click()
    listed = seen.page.locator(".row strong").all_inner_texts()
    assert "<svg onload=alert(2)>" in listed
    assert "javascript:alert(3)" in listed
    assert any(name.startswith("AAAA") and len(name) <= 400 for name in listed)
    assert not any("\u202e" in name for name in listed)
    for number in range(len(listed)):
        seen.page.locator("#tab-entities").click()
        seen.page.locator(".row").nth(number).click()
        seen.page.keyboard.press("Escape")
    seen.page.locator(".filters summary").click()
    assert '"><img src=x onerror=alert(1)>' in seen.page.locator("#filter-line_of_business option").all_inner_texts()
    seen.page.locator("#tab-findings").click()
    for number in range(seen.page.locator("#tab-panel .row").count()):
        seen.page.locator("#tab-panel .row").nth(number).click()
        seen.page.locator("#tab-panel .back").click()
    seen.page.locator("[data-value=web]").click()
    assert seen.run("document.documentElement.scrollWidth <= innerWidth")


def test_a_hostile_address_does_nothing(bank: Path, look_at: Open, shown: Scene) -> None:
    seen = look_at(
        bank,
        "select=__proto__&kind=constructor&view=x&state=<img src=x onerror=alert(1)>&perspective=toString&step=9e9&at=1e999,NaN,-1&path=-5&finding=x",
    )
    assert seen.page.locator(".map .card").count() == len(shown.nodes)
    assert seen.run("document.querySelectorAll('img').length") == 0


def test_the_policy_stops_what_is_not_ours(bank: Path, look_at: Open) -> None:
    seen = look_at(bank)
    seen.run("""() => {
      const script = document.createElement('script'); script.textContent = 'window.broken = 1'; document.body.append(script);
      const mark = document.createElement('div'); mark.innerHTML = '<i onclick="window.broken = 2" style="color:red">x</i>'; document.body.append(mark);
      mark.firstChild.click();
    }""")
    assert seen.run("window.broken") is None
    assert len([one for one in seen.complaints if "Content Security Policy" in one]) >= 2
    seen.complaints.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "hash_", ["", "select=motor-crm&tab=details", "state=target&compare=current&view=web", "step=2&tab=notes"]
)
def test_axe_finds_nothing_serious(insurer: Path, look_at: Open, scheme: str, hash_: str) -> None:
    seen = look_at(insurer, hash_, color_scheme=scheme)
    seen.page.locator(".filters summary").click()
    # The policy of the page forbids foreign scripts, so axe is put in by the browser itself.
    seen.page.evaluate(Axe().axe_script)
    found = seen.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    bad = [
        (one["id"], [node["target"] for node in one["nodes"]][:3])
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert bad == []


def test_five_thousand_entities_live_on_a_canvas(files: Path, look_at: Open) -> None:
    folder = files / "firm"
    write_inventory(folder, 5000, 1)
    page = files / "firm.html"
    page.write_text(to_html(moments_of(load(str(folder)))), "utf-8")
    seen = look_at(page)
    assert seen.page.locator("canvas.map:not(.gone)").count() == 1
    assert seen.page.locator("svg.map").count() == 0
    inked = "(() => { const c = document.querySelector('canvas.map'); const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; const seen = new Set(); for (let i = 0; i < d.length; i += 4) seen.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]); return seen.size; })()"
    assert seen.run(inked) > 20
    before = seen.run("document.querySelector('canvas.map').toDataURL()")
    seen.page.keyboard.press("/")
    seen.page.keyboard.type("Notice 3 of line 7 ")
    seen.page.keyboard.press("Enter")
    assert seen.text("#tab-panel h2") == "CO Notice 3 of line 7 to its customers"
    seen.page.wait_for_timeout(100)
    assert seen.run("document.querySelector('canvas.map').toDataURL()") != before
    assert "at=" in seen.address()
