"""The report site: complete, safe, honest about what it leaves out, and the same bytes every time."""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cx_map.audit.settings import DEFAULTS
from cx_map.report.site import html
from cx_map.report.site.build import site
from cx_map.report.site.facts import CHAPTERS, gather
from cx_map.report.site.html import percent
from cx_map.report.site.single import single_page
from cx_map.states.open import open_state

ROOT = Path(__file__).parents[3]
VOID = {"meta", "link", "br", "img", "input", "hr"}


@cache
def made(folder: str) -> dict[str, str | bytes]:
    return site(gather(open_state(str(ROOT / folder)), DEFAULTS, None))


class Reader(HTMLParser):
    """Every tag closed in order, every attribute and link noted."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name in ("href", "src"):
                self.links.append(value or "")
            if name == "id":
                self.ids.append(value or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def pages(files: dict[str, str | bytes]) -> dict[str, str]:
    return {
        path: text
        for path, text in files.items()
        if path.endswith(".html") and isinstance(text, str) and path != "maps/explore.html"
    }


@pytest.mark.parametrize("folder", ["inventories/nordvik-bank", "examples/roadmap", "examples/minimal"])
def test_every_page_is_whole_and_every_link_leads_somewhere(folder: str) -> None:
    files = made(folder)
    anchors = {path: set(Reader(text).ids) for path, text in pages(files).items()}
    for path, text in pages(files).items():
        reader = Reader(text)
        assert not reader.open
        assert len(reader.ids) == len(set(reader.ids)), path
        for link in reader.links:
            target, _, anchor = link.partition("#")
            place = posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) if target else path
            assert place in files, f"{path} leads to {link}"
            if anchor and anchor != "main":
                assert anchor in anchors[place], f"{path} leads to {link}"


def test_no_page_runs_or_loads_anything_and_its_policy_allows_just_its_styles() -> None:
    for text in pages(made("inventories/nordvik-bank")).values():
        reader = Reader(text)
        assert not reader.tags & {"script", "img", "iframe", "object", "embed", "link", "form"}
        assert not [name for name in reader.attributes if name.startswith("on") or name == "style"]
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
        assert policy is not None
        assert policy[1].startswith("default-src 'none'; style-src 'sha256-")
        for style in re.findall(r"<style>(.*?)</style>", text, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy[1]


def test_every_finding_stands_in_its_chapter_and_with_its_owner() -> None:
    files = made("inventories/nordvik-bank")
    facts = gather(open_state(str(ROOT / "inventories/nordvik-bank")), DEFAULTS, None)
    by_chapter = Reader(pages(files)["findings.html"]).ids
    assert {f"f-{one.fingerprint}" for one in facts.report.findings} <= set(by_chapter)
    owners = [text for path, text in pages(files).items() if path.startswith("owners/")]
    for one in facts.report.findings:
        assert sum(f'id="f-{one.fingerprint}"' in text for text in owners) == 1
    families = {family for _, _, some in CHAPTERS for family in some}
    assert {one.code.rstrip("0123456789") for one in facts.report.findings} <= families


def test_the_roadmap_page_counts_what_each_phase_solves() -> None:
    facts = gather(open_state(str(ROOT / "examples/roadmap")), DEFAULTS, None)
    before, *after = facts.stages
    for stage in after:
        assert stage.findings is not None
        assert len(before.report.findings) - len(stage.findings.solved) + len(stage.findings.introduced) == len(
            stage.report.findings
        )
        before = stage
    text = pages(made("examples/roadmap"))["roadmap.html"]
    assert text.count("<td>solved</td>") == sum(len(stage.findings.solved) for stage in after if stage.findings)
    assert "roadmap.html" not in made("examples/minimal")


HOSTILE = """
cxmap: 1
organization: {name: '</title><script>alert(1)</script>'}
teams: {t: {name: '"><img src=x onerror=alert(1)>'}}
communications:
  a: {name: "<style>*{display:none}</style>", owner: t, purpose: regulatory, volume: 10/month, channels: [email], platforms: [p], notes: "{{ 7*7 }}"}
  b: {name: "=1+1", owner: t, purpose: marketing, channels: [sms], platforms: [p], governed_by: [], trigger: "\\u202Eevil"}
platforms: {p: {name: "{% raw %}", status: retired}}
"""


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    (tmp_path / "a.cxmap.yaml").write_text(HOSTILE, encoding="utf-8")
    facts = gather(open_state(str(tmp_path)), DEFAULTS, None)
    files = site(facts)
    assert facts.report.findings
    for text in (*pages(files).values(), single_page(facts.report)):
        reader = Reader(text)
        assert not reader.tags & {"script", "img"}
        assert "\u202e" not in text
        assert "49" not in reader.text
        assert all("*{display:none}" not in style for style in re.findall(r"<style>(.*?)</style>", text, re.DOTALL))
    entities = files["tables/entities.csv"]
    assert isinstance(entities, str)
    assert "'=1+1" in entities


def test_a_long_section_says_what_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(html.environment().globals, "most", 2)
    facts = gather(open_state(str(ROOT / "inventories/nordvik-bank")), DEFAULTS, None)
    text = site(facts)["findings.html"]
    assert isinstance(text, str)
    assert f"2 of {len(facts.chapter(('LOOP', 'SURV', 'ESC', 'GOV')))} shown" in text


def test_the_same_inventory_gives_the_same_bytes() -> None:
    again = site(gather(open_state(str(ROOT / "examples/roadmap")), DEFAULTS, None))
    assert again == made("examples/roadmap")


def test_a_share_is_never_rounded_to_all_or_nothing() -> None:
    assert [percent(share) for share in (None, 0.0, 0.001, 0.5, 0.999, 1.0)] == [
        "not known", "0 %", "under 1 %", "50 %", "over 99 %", "100 %",
    ]  # fmt: skip


def test_any_owner_has_a_page_that_every_system_can_keep(tmp_path: Path) -> None:
    names = ["con", "aux.team", "com1", "console", "index", "x" * 300, "x" * 299, "1"]
    teams = "".join(f'  "{name}": {{}}\n' for name in names)
    sent = "".join(f'  c{number}: {{owner: "{name}", purpose: regulatory, channels: [email], platforms: [p]}}\n'
                   for number, name in enumerate(names))  # fmt: skip
    text = f"cxmap: 1\nteams:\n{teams}platforms: {{p: {{status: retired}}}}\ncommunications:\n{sent}"
    (tmp_path / "a.cxmap.yaml").write_text(text, encoding="utf-8")
    facts = gather(open_state(str(tmp_path)), DEFAULTS, None)
    files = site(facts)
    owners = [posixpath.basename(path) for path in files if path.startswith("owners/")]
    assert {owner.key for owner in facts.owners} >= set(names)
    assert len(owners) == len(facts.owners)
    assert {"console.html", "index.html", "1.html"} <= set(owners)
    devices = {"con", "prn", "aux", "nul", "com1", "lpt1"}
    assert all(len(name) < 110 and name.split(".")[0] not in devices for name in owners)


def test_a_phase_of_any_name_makes_no_id_twice(tmp_path: Path) -> None:
    text = "cxmap: 1\nteams: {t: {}}\nroadmap: {phases: [{id: main, changes: [{change: {t: {name: T}}}]}]}\n"
    (tmp_path / "a.cxmap.yaml").write_text(text, encoding="utf-8")
    ids = Reader(str(site(gather(open_state(str(tmp_path)), DEFAULTS, None))["roadmap.html"])).ids
    assert "phase-main" in ids
    assert len(ids) == len(set(ids))


def test_heat_is_drawn_in_every_perspective_of_which_something_is_known() -> None:
    files = made("inventories/nordvik-bank")
    drawn = {path for path in files if path.startswith("maps/heat-") and path.endswith(".svg")}
    assert {"maps/heat-load.svg", "maps/heat-volume.svg", "maps/heat-severity.svg"} <= drawn
    assert len({files[path] for path in drawn}) == len(drawn)
    maps = files["maps.html"]
    assert isinstance(maps, str)
    for by in ("load", "cost", "volume", "severity", "age"):
        assert f"Heat by {by}" in maps, "drawn, or why not"
    little = made("examples/minimal")
    assert "maps/heat-severity.svg" in little
    assert "maps/heat-load.svg" not in little
    assert "Heat by load: " in str(little["maps.html"])
