"""The page as a file: its policy, its escapes, its bytes; what it holds of the states."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from cx_map.audit.engine import audit
from cx_map.draw.layouts.layers import layout_layers, suggest_folds
from cx_map.draw.layouts.web import layout_web
from cx_map.draw.page.heats import heats_of
from cx_map.draw.page.moment import Moment, moments_of, position
from cx_map.draw.page.page import SCRIPTS, Start, code_size, to_html
from cx_map.draw.page.phrases import keys_in, phrases_of
from cx_map.draw.page.union import union_of
from cx_map.draw.page.views import VIEWS, view_of
from cx_map.draw.scenes.whole_map import scene_of
from cx_map.draw.words import words_in
from cx_map.load.loader import load
from tests.support import inventory_of

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "cx_map" / "draw" / "page"
SMALL = """
data_sources:
  store: {kind: crm}
platforms:
  mailer: {}
communications:
  notice: {purpose: servicing, needs: [store], routes: [{channel: email, platforms: [mailer]}]}
"""


@pytest.fixture(scope="module")
def moments() -> tuple[Moment, ...]:
    return moments_of(load(str(ROOT / "examples" / "roadmap")), audit)


@pytest.fixture(scope="module")
def html(moments: tuple[Moment, ...]) -> str:
    return to_html(moments, heats_of(moments))


def blocks(html: str) -> dict[str, object]:
    found = re.findall(r'<script type="application/json" id="([\w-]+)">(.*?)</script>', html, re.DOTALL)
    return {name: json.loads(text) for name, text in found}


def test_the_policy_allows_the_one_script_and_the_one_style_by_their_hashes_and_nothing_else(html: str) -> None:
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    rules = dict(part.split(" ", 1) for part in policy.split("; "))
    assert rules["default-src"] == rules["connect-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert "unsafe" not in policy
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    for text, rule in ((script, "script-src"), (style, "style-src")):
        assert rules[rule] == f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_nothing_is_loaded_and_no_attribute_holds_style_or_script(html: str) -> None:
    outside = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    assert not re.search(r"\b(src|srcset|style|on\w+)=", outside)
    assert re.findall(r'href="([^"]+)"', outside) == ["data:,"]
    code = "".join((FOLDER / "js" / name).read_text("utf-8") for name in SCRIPTS) + (FOLDER / "page.css").read_text(
        "utf-8"
    )
    for forbidden in (
        "innerHTML",
        "insertAdjacentHTML",
        "outerHTML",
        "document.write",
        "eval(",
        "new Function",
        "fetch(",
        "XMLHttpRequest",
        "@import",
        "url(http",
    ):
        assert forbidden not in code


def test_it_may_connect_to_its_own_server_only_where_a_reload_is_asked_for(
    moments: tuple[Moment, ...], html: str
) -> None:
    live = to_html(moments, reload="/events?token=abc")
    assert "connect-src 'self'" in live
    assert "EventSource" in live
    assert blocks(live)["start"] == {"view": "layers", "state": 0, "perspective": "", "reload": "/events?token=abc"}
    assert "EventSource" not in html


def test_the_same_inventory_gives_the_same_bytes(moments: tuple[Moment, ...], html: str) -> None:
    again = moments_of(load(str(ROOT / "examples" / "roadmap")), audit)
    assert to_html(again, heats_of(again)) == html


def test_text_cannot_leave_its_block() -> None:
    inventory = inventory_of(SMALL.replace("store: {", 'store: {name: "</script><!--<script> & \\u2028", '))
    html = to_html(moments_of(inventory))
    assert html.count("</script>") == html.count("<script")
    assert "</script><!--<script> &" in json.dumps(blocks(html)["core"])
    for text in re.findall(r'application/json" id="[\w-]+">(.*?)</script>', html, re.DOTALL):
        assert not set("<>&\u2028\u2029") & set(text)
        text.encode("utf-8")


def test_script_and_style_stay_small() -> None:
    assert code_size() < 100 * 1024


@pytest.mark.parametrize("name", list(VIEWS))
def test_one_state_stands_where_its_picture_has_it(name: str) -> None:
    scene = scene_of(load(str(ROOT / "inventories" / "nordvik-bank")))
    union = union_of([scene])
    data = view_of(union, name).data
    layout = {"layers": layout_layers, "web": layout_web}[name](suggest_folds(scene))
    expected = {
        key: tuple(round(part, 1) for part in (box.x, box.y, box.w, box.h)) for key, box in layout.place().items()
    }
    assert {node.id: tuple(card[:4]) for node, card in zip(union.nodes, data["cards"], strict=True)} == expected  # type: ignore[call-overload]


def test_every_state_is_told_by_what_it_lacks(moments: tuple[Moment, ...], html: str) -> None:
    core = blocks(html)["core"]
    assert isinstance(core, dict)
    for moment, state in zip(moments, core["states"], strict=True):
        shown = {identifier for number, identifier in enumerate(core["id"]) if number not in state["without"]}
        assert shown == {node.id for node in scene_of(moment.inventory).nodes}
        assert len(state["findings"]) == len(moment.report.findings) if moment.report else True


def test_the_place_where_a_loop_breaks_is_drawn_and_no_flow() -> None:
    eco = load(str(ROOT / "inventories" / "nordvik-bank"))
    core = blocks(to_html(moments_of(eco, audit)[:1]))["core"]
    assert isinstance(core, dict)
    kinds, broken = core["edges"]["kind"], core["edges"]["break"]
    assert len(kinds) - kinds.count(broken) == len(scene_of(eco).edges)
    places = [number for number, kind in enumerate(kinds) if kind == broken]
    assert places
    assert {core["edges"]["style"][number] for number in places} == {2}


def test_changes_say_what_became_of_entities_and_findings(moments: tuple[Moment, ...], html: str) -> None:
    core = blocks(html)["core"]
    assert isinstance(core, dict)
    assert [(one["from"], one["to"]) for one in core["changes"]] == [(0, 1), (0, 2), (0, 3), (1, 2), (2, 3)]
    first = core["changes"][0]
    marks = {core["id"][number]: mark for number, mark, _ in first["nodes"]}
    assert marks["preference-hub"] == "added"
    last = core["changes"][2]
    assert {core["id"][number] for number, mark, _ in last["nodes"] if mark == "removed"} == {
        "home-letters",
        "home-claim-letters",
        "home-opt-outs",
    }
    before, after = ({finding.fingerprint for finding in moments[number].report.findings} for number in (0, 3))  # type: ignore[union-attr]
    assert len(last["solved"]) - len(last["introduced"]) == len(before) - len(after)


def test_a_state_is_found_by_its_id_and_the_last_one_as_target(moments: tuple[Moment, ...]) -> None:
    assert [position(moments, name) for name in ("current", "hub", "one-engine", "target", "nowhere")] == [
        0,
        1,
        3,
        3,
        None,
    ]
    assert blocks(to_html(moments, start=Start("web", 2)))["start"] == {"view": "web", "state": 2, "perspective": ""}


def test_all_words_of_the_script_can_be_translated() -> None:
    script = "".join((FOLDER / "js" / name).read_text("utf-8") for name in SCRIPTS)
    one, many = keys_in(script)
    assert "Search entities and findings" in one
    assert ("{n} finding", "{n} findings") in many
    assert len(re.findall(r"(?<![\w.$])t\(", script)) - 1 == len(re.findall(r'(?<![\w.$])t\("', script)), (
        "t() takes a literal text"
    )
    assert phrases_of(script, words_in("en")) == {}


def test_the_date_of_a_phase_is_told_as_the_language_writes_it(moments: tuple[Moment, ...]) -> None:
    core = blocks(to_html(moments, language="de"))["core"]
    assert isinstance(core, dict)
    assert moments[-1].by == "2028-03-31"
    assert core["states"][-1]["by"] == "31.03.2028"


def test_numbers_in_words_have_the_forms_of_the_language() -> None:
    class Polish:
        language = "pl"

        def __call__(self, text: str) -> str:
            return "Szukaj" if text == "Search" else text

        def template(self, one: str, several: str, n: int) -> str:
            return "one" if n == 1 else "few" if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else "many"

    found = phrases_of('t("Search"); many("{n} cat", "{n} cats", n)', Polish())  # type: ignore[arg-type]
    assert found == {"Search": "Szukaj", "{n} cat": {"one": "one", "few": "few", "many": "many"}}


def test_nothing_at_all_is_a_page_too() -> None:
    html = to_html(moments_of(inventory_of("teams: {a: {}}\n")))
    core = blocks(html)["core"]
    assert isinstance(core, dict)
    assert core["id"] == []
