"""Mermaid, GraphML, JSON, draw.io and PNG: well-formed for any text, complete, the same bytes for the same scene."""

from __future__ import annotations

import hashlib
import html
import io
import json
import os
import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.draw.geometry import Layout
from cx_map.draw.layouts.layers import layout_layers
from cx_map.draw.layouts.sheet import layout_sheet
from cx_map.draw.layouts.web import layout_web
from cx_map.draw.scene import Scene
from cx_map.draw.views import sheet_of
from cx_map.draw.writers.drawio import to_drawio
from cx_map.draw.writers.drawio_sheet import sheet_to_drawio
from cx_map.draw.writers.fonts import font_files
from cx_map.draw.writers.graphml import to_graphml
from cx_map.draw.writers.json_form import SCHEMA, to_json
from cx_map.draw.writers.mermaid import MOST_FLOWS, advice, to_mermaid, words
from cx_map.draw.writers.png import LARGEST, to_png
from cx_map.draw.writers.svg import to_svg
from cx_map.errors import UsageError
from cx_map.states.open import open_state
from tests.draw.nordvik import big, nordvik, nordvik_diff
from tests.draw.writers.test_svg import HOSTILE, hostile_scene

WRITERS: dict[str, Callable[[Scene], str]] = {
    "mermaid": to_mermaid,
    "graphml": lambda scene: to_graphml(scene, layout_layers(scene)),
    "json": lambda scene: to_json(scene, layout_layers(scene)),
    "drawio": lambda scene: to_drawio(scene, layout_layers(scene)),
    "drawio web": lambda scene: to_drawio(scene, layout_web(scene)),
}


@pytest.mark.parametrize("name", WRITERS)
def test_order_of_the_scene_does_not_matter(name: str) -> None:
    scene = nordvik()
    turned = replace(scene, nodes=scene.nodes[::-1], edges=scene.edges[::-1])
    assert WRITERS[name](scene) == WRITERS[name](turned)


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(name: str, text: str) -> None:
    written = WRITERS[name](hostile_scene(text))
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", written)
    if name == "json":
        assert json.loads(written)["schema"] == SCHEMA
    elif name == "mermaid":
        check_mermaid(written)
    else:
        ET.fromstring(written.encode())


@given(st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_text_is_well_formed(text: str) -> None:
    scene = hostile_scene(text)
    ET.fromstring(to_graphml(scene, layout_layers(scene)).encode())
    ET.fromstring(to_drawio(scene, layout_web(scene)).encode())
    json.loads(to_json(scene, layout_layers(scene)))
    check_mermaid(to_mermaid(scene))


def check_mermaid(written: str) -> None:
    """Every line is one of the few forms that the writer has; quotes and brackets of users are never among them."""
    lines = written.split("\n")
    assert lines[0] == lines[2] == "---"
    json.loads(lines[1].removeprefix("title: "))
    assert lines[3] == "flowchart LR"
    label = r'"[^"\[\]{}|<>;#&`]*"'
    forms = (
        r"%% [^{}]*", rf"subgraph l\d+\[{label}\]", rf"  n\d+\[{label}\]", "end",
        rf"n\d+ (-->|-\.->|-\.-x)(\|{label}\|)? n\d+", r"linkStyle [\d,]+ stroke:#\w{6},stroke-width:\dpx(,stroke-dasharray:5 3)?",
        r"classDef \w+ fill:#\w{6},stroke:#\w{6},color:#\w{6}(,stroke-dasharray:5 3)?", r"class [n\d,]+ \w+", "",
    )  # fmt: skip
    for line in lines[4:]:
        plain = re.sub(r"#\d+;", "", line).replace("<br/>", "")
        assert any(re.fullmatch(form, plain) for form in forms), line


def test_mermaid_has_every_card_lane_and_flow_with_style_and_mark() -> None:
    text = to_mermaid(nordvik())
    assert len(re.findall(r"^  n\d+\[", text, re.MULTILINE)) == 40
    assert text.count("\nsubgraph ") == 5
    assert len(re.findall(r"^n\d+ -", text, re.MULTILINE)) == len(nordvik().edges)
    assert len(re.findall(r'^n\d+ -\.-x\|"missing ! LOOP101"\| n\d+$', text, re.MULTILINE)) == 1
    assert '["CH · Print #38; post"]' in text
    changed = to_mermaid(nordvik_diff())
    assert "classDef removed" in changed
    assert "linkStyle" in changed
    assert "+ PL" not in changed
    assert "+ CH · Secure inbox" in changed


def test_words_keep_letters_of_any_script() -> None:
    assert words("Zażółć 日本 (a) ") == "Zażółć 日本 (a)"
    assert words('a"b|c') == "a#34;b#124;c"


@pytest.mark.parametrize(
    ("text", "sign"), [("$$x^2$$", "#36;#36;"), ("fa:fa-car", "#58;fa-"), ("a\\nb", "#92;n"), ("$$$$", "#36;#36;")]
)
def test_what_mermaid_reads_after_the_entities_is_kept_apart(text: str, sign: str) -> None:
    assert sign not in words(text)
    assert words(text).replace("\u2060", "").count("#") == sum(char in "$:\\^" for char in text)


def test_a_title_like_a_tag_is_not_dropped_by_mermaid() -> None:
    assert 'title: "‹b›Bank‹/b›"' in to_mermaid(replace(nordvik(), title="<b>Bank</b>"))


def test_graphml_is_read_by_networkx_with_everything_in_it() -> None:
    import networkx

    scene = nordvik()
    layout = layout_layers(scene)
    graph = networkx.read_graphml(io.BytesIO(to_graphml(scene, layout).encode()))
    assert set(graph.nodes) == {node.id for node in scene.nodes}
    assert graph.number_of_edges() == len(scene.edges)
    assert graph.nodes["crm"]["label"] == "CRM"
    assert graph.nodes["crm"]["kind"] == "platforms"
    assert graph.nodes["crm"]["x"] == pytest.approx(layout.place()["crm"].centre[0], abs=0.06)
    assert graph.nodes["password-reset"]["findings"] == "CHAN101"
    assert graph.edges["complaint-intake", "alert-hub"]["style"] == "missing"
    marks = networkx.read_graphml(io.BytesIO(to_graphml(nordvik_diff(), layout_layers(nordvik_diff())).encode()))
    assert marks.nodes["letter-system"]["mark"] == "removed"


def test_json_has_cards_with_boxes_and_flows_with_paths() -> None:
    scene = nordvik()
    layout = layout_layers(scene)
    found = json.loads(to_json(scene, layout))
    assert (found["shown"], found["total"], found["view"]) == (40, 40, "layers")
    assert len(found["edges"]) == len(scene.edges)
    crm = next(node for node in found["nodes"] if node["id"] == "crm")
    box = layout.place()["crm"]
    assert crm["box"] == pytest.approx([box.x, box.y, box.w, box.h], abs=0.06)
    missing = next(edge for edge in found["edges"] if edge.get("style") == "missing")
    assert missing["findings"] == [{"code": "LOOP101", "severity": "major", "count": 1}]
    assert len(missing["path"][0]) == 2
    assert not [node for node in found["nodes"] if "" in node.values()]


def test_drawio_glues_connectors_to_cards_that_lie_above_them() -> None:
    scene = nordvik()
    for layout, spokes in ((layout_layers(scene), 0), (layout_web(scene), 5)):
        root = ET.fromstring(to_drawio(scene, layout).encode()).find(".//root")
        assert root is not None
        cells = list(root)
        ids = [cell.get("id") for cell in cells]
        assert len(set(ids)) == len(ids)
        lines = [cell for cell in cells if cell.get("edge") == "1"]
        # Sector borders are free lines.
        edges = [cell for cell in lines if not (cell.get("id") or "").startswith("f")]
        assert len(lines) - len(edges) == sum(frame.role == "sector" for frame in layout.frames)
        assert len(edges) == len(scene.edges) + spokes
        assert all(cell.get("source") in ids and cell.get("target") in ids for cell in edges)
        cards = [cell for cell in cells if cell.tag == "UserObject"]
        assert {cell.get("entity") for cell in cards} == {node.id for node in scene.nodes}
        assert max(map(cells.index, edges)) < min(map(cells.index, cards))
        geometry = next(cell for cell in cards if cell.get("entity") == "crm").find(".//mxGeometry")
        assert geometry is not None
        assert float(geometry.get("x", "0")) == pytest.approx(layout.place()["crm"].x, abs=0.06)


def test_drawio_connectors_touch_their_cards_where_the_map_has_them() -> None:
    scene = nordvik()
    for layout in (layout_layers(scene), layout_web(scene)):
        root = ET.fromstring(to_drawio(scene, layout).encode()).find(".//root")
        assert root is not None
        entity = {cell.get("id"): cell.get("entity") for cell in root if cell.tag == "UserObject"}
        ends = {(wire.edge.source, wire.edge.target): (wire.path[0], wire.path[-1][-2:]) for wire in layout.wires}
        for cell in root:
            if (cell.get("id") or "").startswith("e"):
                style = dict(part.split("=") for part in (cell.get("style") or "").split(";") if "=" in part)
                pair = entity[cell.get("source")], entity[cell.get("target")]
                for which, name, point in zip(("exit", "entry"), pair, ends[pair], strict=True):
                    box = layout.place()[name or ""]
                    x, y = box.x + float(style[which + "X"]) * box.w, box.y + float(style[which + "Y"]) * box.h
                    assert (x, y) == pytest.approx(point, abs=1.0)


@pytest.mark.parametrize("layout_of", [layout_layers, layout_web])
def test_drawio_has_every_line_of_text_and_the_legend(layout_of: Callable[[Scene], Layout]) -> None:
    layout = layout_of(nordvik())
    root = ET.fromstring(to_drawio(nordvik(), layout).encode()).find(".//root")
    assert root is not None
    values = [html.unescape(cell.get("value") or "") for cell in root]
    assert {label.text for label in layout.labels} | {one.label.text for one in layout.swatches} <= set(values)
    assert len([cell for cell in root if (cell.get("id") or "").startswith("k")]) == len(layout.swatches)


def test_a_sheet_in_drawio_has_its_legend_and_every_line_around_its_cells() -> None:
    inventory = open_state(str(Path(__file__).parents[3] / "inventories" / "nordvik-bank"))
    sheet = sheet_of("loops", inventory)
    layout = layout_sheet(sheet)
    root = ET.fromstring(sheet_to_drawio(sheet, layout).encode()).find(".//root")
    assert root is not None
    assert len({cell.get("id") for cell in root}) == len(root)
    values = [html.unescape(cell.get("value") or "") for cell in root]
    assert {html.escape(one.text, quote=False) for one in layout.labels} <= set(values)
    assert layout.swatches
    assert len([cell for cell in root if (cell.get("id") or "").startswith("k")]) == len(layout.swatches)


def size_of(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", picture[16:24])


def pixels(picture: bytes) -> set[bytes]:
    """The different scan lines of a picture (filtered as stored): blank lines are all alike."""
    import zlib

    data, at = b"", 8
    while at < len(picture):
        length = int.from_bytes(picture[at : at + 4])
        if picture[at + 4 : at + 8] == b"IDAT":
            data += picture[at + 8 : at + 8 + length]
        at += 12 + length
    raw = zlib.decompress(data)
    line = len(raw) // size_of(picture)[1]
    return {raw[start : start + line] for start in range(0, len(raw), line)}


def svg_of(text: str, size: tuple[int, int] = (300, 40)) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}" width="{size[0]}" height="{size[1]}">'
        f'<text x="10" y="28" font-size="20" font-family="Helvetica, sans-serif">{text}</text></svg>'
    )


def test_png_has_the_size_of_the_map_and_the_same_bytes_twice() -> None:
    scene = nordvik()
    layout = layout_layers(scene)
    svg = to_svg(layout, theme="light")
    picture = to_png(svg, zoom=1.0)
    assert size_of(picture) == (round(layout.width), round(layout.height))
    assert picture == to_png(svg, zoom=1.0)
    assert size_of(to_png(svg, zoom=0.5)) == (round(layout.width / 2), round(layout.height / 2))


@pytest.mark.parametrize("text", ["Statement", "Zażółć gęślą jaźń", "Юридична особа", "→ · × – …"])
def test_png_writes_text_with_the_font_that_comes_along(text: str) -> None:
    assert font_files()
    assert len(pixels(to_png(svg_of(text)))) > 10
    assert to_png(svg_of(text)) != to_png(svg_of(" "))


def test_png_of_a_huge_map_is_zoomed_out_to_what_memory_allows() -> None:
    wide, high = size_of(to_png(svg_of("x", (40_000, 20_000)), zoom=1.0))
    assert wide * high <= LARGEST * 1.01
    assert wide == pytest.approx(2 * high, rel=0.01)


def test_what_is_no_svg_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="cannot be drawn as PNG"):
        to_png("<svg")


def test_png_sees_no_font_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    import resvg_py

    asked: list[dict[str, object]] = []

    def svg_to_bytes(**options: object) -> bytes:
        asked.append(options)
        return b""

    monkeypatch.setattr(resvg_py, "svg_to_bytes", svg_to_bytes)
    for text in ("Statement", "Юридична особа", "日本"):
        to_png(svg_of(text))
    assert [one["skip_system_fonts"] for one in asked] == [True, True, False]
    assert all(one["font_files"] == font_files() and one["dpi"] == 96 for one in asked)


def test_png_is_the_same_where_no_font_is_installed(tmp_path: Path) -> None:
    svg = to_svg(layout_layers(nordvik()), theme="light")
    (tmp_path / "map.svg").write_text(svg, encoding="utf-8")
    (tmp_path / "fonts.conf").write_text('<?xml version="1.0"?><fontconfig></fontconfig>', encoding="utf-8")
    program = (
        "import sys, hashlib; from cx_map.draw.writers.png import to_png;"
        "print(hashlib.sha256(to_png(open(sys.argv[1], encoding='utf-8').read(), zoom=1.0)).hexdigest())"
    )
    bare = {
        **os.environ,
        "FONTCONFIG_FILE": str(tmp_path / "fonts.conf"),
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path),
    }
    ran = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "map.svg")], env=bare, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == hashlib.sha256(to_png(svg, zoom=1.0)).hexdigest()


def test_without_the_font_there_are_no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fontpkg_arimo", None)
    assert font_files() == []


def test_charts_beyond_mermaids_limits_are_told() -> None:
    small, large = nordvik(), big(400)
    assert advice(to_mermaid(small), small) == ""
    assert len(large.edges) > MOST_FLOWS
    assert f"this chart has {len(large.edges):,} and" in advice(to_mermaid(large), large)
