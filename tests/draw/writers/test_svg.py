"""The SVG: well-formed for any text, the same bytes for the same scene, real text, titles, both palettes."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.draw.layouts.layers import layout_layers
from cx_map.draw.layouts.web import layout_web
from cx_map.draw.scene import Badge, Column, Edge, Lane, LegendEntry, Node, Scene
from cx_map.draw.writers.svg import to_svg
from cx_map.draw.writers.svg_parts import number
from tests.draw.nordvik import big, nordvik, nordvik_diff

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "</script><script>alert(1)</script>",
    "]]> <!-- -- --> <![CDATA[ & &amp; &#0; \"'",
    "nul \x00 bell \x07 esc \x1b[31m del \x7f c1 \x9b",
    "lone \ud800 surrogate \udfff, \ufffe \uffff",
    "شركة \u202e evil \u202d \u2067 עברית",
    "日本語の顧客コミュニケーション基盤システム一覧",
    "👩‍👩‍👧‍👦🏳️‍🌈" * 30,
    "Zażółć gęślą jaźń; Юридична особа",
    "x" * 10_000,
    "a" + "\u0301" * 5_000,
    "line\nbreak\ttab\r\n",
    "url(javascript:1);}*{fill:red",
    "",
    " ",
]


def both(scene: Scene) -> list[str]:
    return [to_svg(layout_layers(scene)), to_svg(layout_web(scene))]


def hostile_scene(text: str) -> Scene:
    badge = (Badge(text, "critical", text),)
    return Scene(
        text, text, (Column("a", text), Column(text + "b", text)), (Lane(text + "l", text),),
        (
            Node("n" + text, text, text, text + "l", "a", text, badge, "changed", text),
            Node("m" + text, text, "platforms", text + "l", text + "b", text, badge, "removed", text, (text, "z")),
        ),
        (Edge("n" + text, "m" + text, text, text, "missing", badges=badge, tooltip=text), Edge("m" + text, "n" + text)),
        legend=(LegendEntry("kind", text, text), LegendEntry("mark", text, text), LegendEntry("severity", text, text)),
        notes=(text,), customer=text, description=text, language=text,
    )  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    for svg in both(hostile_scene(text)):
        root = ET.fromstring(svg.encode())
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
            "svg", "title", "desc", "style", "defs", "marker", "path", "rect", "g", "text", "line", "ellipse", "circle",
        }  # fmt: skip
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", svg)
        assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
        assert all(len(element.text or "") <= 300 for element in root.iter(SVG + "title"))
        style = root.find(SVG + "style")
        assert style is not None
        assert "fill:red" not in (style.text or "")


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_well_formed_xml(text: str) -> None:
    for svg in both(hostile_scene(text)):
        ET.fromstring(svg.encode())


def test_ten_thousand_characters_are_cut_but_the_tooltip_keeps_three_hundred() -> None:
    name = "Customer statement " * 600
    scene = replace(nordvik(), nodes=tuple(replace(n, label=name) for n in nordvik().nodes))
    root = ET.fromstring(to_svg(layout_layers(scene)))
    texts = [element.text or "" for element in root.iter(SVG + "text") if element.get("class") == "name"]
    first, second = texts[::2], texts[1::2]
    assert len(set(first)) == len(set(second)) == 1
    assert second[0].endswith("…")
    assert len(first[0]) < 40
    assert len(second[0]) < 40
    titles = [group[0].text or "" for group in root.iter(SVG + "g") if group.get("data-id")]
    assert len(titles[0]) == 300
    assert len(to_svg(layout_layers(scene))) < 200_000


def test_every_entity_flow_lane_and_column_can_be_found_as_text() -> None:
    scene = nordvik()
    for svg in both(scene):
        root = ET.fromstring(svg)
        texts = {element.text for element in root.iter(SVG + "text")}
        named = {
            " ".join(text.text or "" for text in group.iter(SVG + "text") if text.get("class") == "name")
            for group in root.iter(SVG + "g")
        }
        assert {node.label for node in scene.nodes} <= named
        assert {lane.label for lane in scene.lanes} <= texts
        assert {"DB", "PL", "CO", "CH", "IN", "!! CHAN101", "! LOOP103", "~ COLL101", scene.title} <= texts
        assert "40 of 40 entities shown · 62 flows shown" in texts
        lines = [path for path in root.iter(SVG + "path") if path.get("data-source")]
        assert len(lines) == len(scene.edges)
        assert "Account statement → Email" in {path[0].text for path in lines}


def test_roles_and_names_for_screen_readers() -> None:
    root = ET.fromstring(both(nordvik())[0])
    assert root.get("role") == "graphics-document document"
    labelled = (root.get("aria-labelledby") or "").split()
    assert next(element.text for element in root if element.get("id") in labelled) == nordvik().title
    node = next(group for group in root.iter(SVG + "g") if group.get("data-id") == "password-reset")
    assert node.get("aria-label") == node[0].text
    assert node[0].text == "Password reset (communication)\non demand\n!! CHAN101: Security content over SMS"


def test_marks_show_by_sign_and_style() -> None:
    svg = both(nordvik_diff())[0]
    root = ET.fromstring(svg)
    signs = {}
    for group in root.iter(SVG + "g"):
        if group.get("data-id"):
            texts = [t.text for t in group.iter(SVG + "text") if t.get("class") == "sign"]
            signs[group.get("data-id")] = (group.get("class"), *texts)
    assert signs["secure-inbox"] == ("n k-channels m-added", "+")
    assert signs["letter-system"] == ("n k-platforms m-removed", "−")
    assert signs["arrears-letter"] == ("n k-communications m-changed", "Δ")
    assert signs["crm"] == ("n k-platforms m-unchanged",)
    assert "line-through" in svg
    classes = {path.get("class") for path in root.iter(SVG + "path") if path.get("data-source")}
    assert {"e m-added", "e m-removed", "e m-unchanged", "e m-removed feedback"} <= classes


def test_a_missing_flow_is_crossed_and_a_finding_colours_its_flow() -> None:
    root = ET.fromstring(both(nordvik())[0])
    assert len([p for p in root.iter(SVG + "path") if p.get("class") == "cross"]) == 1
    classes = {(p.get("data-source"), p.get("data-target")): p.get("class") for p in root.iter(SVG + "path")}
    assert classes["complaint-intake", "alert-hub"] == "e missing feedback"
    assert classes["password-reset", "sms"] == "e w-critical"
    assert classes["crm", "password-reset"] == "e k-platforms"


def test_auto_has_both_palettes_and_fixed_themes_need_no_variables() -> None:
    scene = nordvik()
    layout = layout_layers(scene)
    auto, light, dark = (to_svg(layout, theme=theme) for theme in ("auto", "light", "dark"))
    assert "prefers-color-scheme:dark" in auto
    assert "--page:#FFFFFF" in auto
    for svg, page in ((light, "#FFFFFF"), (dark, "#0B1220")):
        assert "var(" not in svg
        assert "@media" not in svg
        assert f".cx .page{{fill:{page}}}" in svg


def test_every_class_variable_and_marker_that_is_used_exists() -> None:
    for svg in (*both(nordvik()), *both(nordvik_diff())):
        assert set(re.findall(r"var\(--([\w-]+)\)", svg)) <= set(re.findall(r"--([\w-]+):#", svg))
        used = set(re.findall(r"url\(#([\w-]+)\)", svg))
        assert used <= set(re.findall(r'<marker id="([\w-]+)"', svg))


def test_nothing_comes_from_outside() -> None:
    for svg in both(nordvik()):
        assert re.findall(r"https?://[^\"' ]+", svg) == ["http://www.w3.org/2000/svg"]
        assert "href" not in svg
        assert "@import" not in svg


def test_prefix_keeps_two_maps_apart_and_size_is_written() -> None:
    scene = nordvik()
    svg = to_svg(layout_layers(scene), prefix="b-", size=("420mm", "320mm"))
    ids = [element.get("id") or "b-" for element in ET.fromstring(svg).iter()]
    assert all(ident.startswith("b-") for ident in ids)
    assert 'width="420mm" height="320mm"' in svg


def test_bytes_do_not_depend_on_list_order_or_hash_seed() -> None:
    scene = nordvik()
    turned = replace(scene, nodes=scene.nodes[::-1], edges=scene.edges[::-1])
    assert both(scene) == both(turned)
    code = (
        "import hashlib; from tests.draw.writers.test_svg import both; from tests.draw.nordvik import nordvik;"
        "print(hashlib.sha256(''.join(both(nordvik())).encode()).hexdigest())"
    )
    root = str(Path(__file__).parents[2])
    found = {hashlib.sha256("".join(both(scene)).encode()).hexdigest()}
    for seed in ("1", "77"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": root}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        found.add(done.stdout.strip())
    assert len(found) == 1


def test_numbers_are_short_and_never_minus_zero() -> None:
    assert [number(value) for value in (0.04, -0.04, 12.0, 3.14159, 1e6)] == [
        "0",
        "0",
        "12",
        "3.1",
        "1000000",
    ]
    assert not re.search(r"\d\.\d\d", " ".join(re.findall(r' d="([^"]+)"', both(nordvik())[1])))


def test_twenty_thousand_entities_are_all_drawn() -> None:
    svg = to_svg(layout_layers(big(20_000)))
    assert svg.count("data-id=") == 20_000
