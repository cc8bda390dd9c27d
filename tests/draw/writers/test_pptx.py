"""PowerPoint: one slide of native shapes, connectors glued and below the cards, the same bytes for the same map."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pptx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.draw.geometry import Box, Layout, points_along
from cx_map.draw.layouts.layers import layout_layers
from cx_map.draw.layouts.sheet import layout_sheet
from cx_map.draw.layouts.web import layout_web
from cx_map.draw.scene import Scene
from cx_map.draw.writers.connectors import ends_of
from cx_map.draw.writers.paper import choose_paper, fit_paper
from cx_map.draw.writers.pptx import to_pptx
from tests.draw.nordvik import nordvik, nordvik_diff
from tests.draw.writers.test_pdf import sheet
from tests.draw.writers.test_svg import HOSTILE, hostile_scene

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"


def deck(layout: Layout, paper: str | None = None) -> Any:
    return pptx.Presentation(io.BytesIO(to_pptx(layout, choose_paper(layout, paper, "a3"))))


def tree(layout: Layout) -> Any:
    return deck(layout).slides[0].shapes._spTree


def everything(shapes: Any) -> list[Any]:
    found = []
    for shape in shapes:
        found.append(shape)
        if shape.shape_type == 6:
            found += everything(shape.shapes)
    return found


@pytest.mark.parametrize("scene", [nordvik(), nordvik_diff()])
def test_every_flow_is_a_connector_glued_to_its_two_cards(scene: Scene) -> None:
    for layout in (layout_layers(scene), layout_web(scene)):
        slide = deck(layout).slides[0]
        shapes = everything(slide.shapes)
        by_id = {shape.shape_id: shape for shape in shapes}
        assert len(by_id) == len(shapes)
        glued = [
            (start.get("id"), end.get("id"))
            for one in slide.shapes._spTree.iter(f"{P}cxnSp")
            for start, end in zip(one.iter(f"{A}stCxn"), one.iter(f"{A}endCxn"), strict=True)
        ]
        names = {node.id: node.label for node in scene.nodes}
        pairs = sorted((by_id[int(a)].name, by_id[int(b)].name) for a, b in glued)
        flows = [(names[edge.source], names[edge.target]) for edge in scene.edges]
        spokes = [(names[spoke.node.id], "customer") for spoke in layout.spokes]
        assert pairs == sorted(flows + spokes)


def test_glued_ends_stand_on_the_sides_of_their_cards() -> None:
    slide = deck(layout_layers(nordvik())).slides[0]
    by_id = {shape.shape_id: shape for shape in everything(slide.shapes)}
    for one in slide.shapes:
        start = next(one._element.iter(f"{A}stCxn"), None)
        if start is not None:
            card = by_id[int(start.get("id"))]
            x = card.left + (card.width if start.get("idx") == "3" else 0)
            assert (one.begin_x, one.begin_y) == pytest.approx((x, card.top + card.height / 2), abs=4)


def test_connectors_lie_below_cards_that_are_groups_with_name_and_tooltip() -> None:
    children = list(tree(layout_layers(nordvik())))
    last = max(index for index, one in enumerate(children) if one.tag == f"{P}cxnSp" and list(one.iter(f"{A}stCxn")))
    groups = [index for index, one in enumerate(children) if one.tag == f"{P}grpSp"]
    assert len(groups) == 40
    assert last < min(groups)
    crm = next(one for one in deck(layout_layers(nordvik())).slides[0].shapes if one.name == "CRM")
    box = next(one for one in crm.shapes if one.name == "CRM")
    assert [part.text for part in box.text_frame.paragraphs] == ["CRM", "Salesforce"]
    assert "platform" in box._element.xpath(".//p:cNvPr/@descr")[0]


@pytest.mark.parametrize("paper", ["a4", "a3", "a0"])
def test_slide_is_as_large_as_the_paper(paper: str) -> None:
    layout = layout_web(nordvik())
    found, (wide, high) = deck(layout, paper), fit_paper(layout, paper).page_mm
    assert (found.slide_width, found.slide_height) == (wide * 36_000, high * 36_000)
    assert max(found.slide_width, found.slide_height) <= 56 * 914_400
    for shape in found.slides[0].shapes:
        assert shape.left >= 0
        assert shape.left + shape.width <= found.slide_width


def test_same_bytes_twice_without_dates_author_or_another_decks_picture() -> None:
    layout = layout_layers(nordvik())
    fit = choose_paper(layout, "a3")
    first = to_pptx(layout, fit)
    assert first == to_pptx(layout, fit)
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in archive.namelist() if "thumbnail" in name]
        core = archive.read("docProps/core.xml").decode()
    assert layout.title in core
    assert "Canny" not in core
    assert set(re.findall(r"\d{4}-\d\d-\d\dT", core)) == {"2000-01-01T"}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    for layout in (layout_layers(hostile_scene(text)), layout_web(hostile_scene(text))):
        found = deck(layout)
        assert len(list(found.slides)) == 1
        written = " ".join(one.text_frame.text for one in everything(found.slides[0].shapes) if one.has_text_frame)
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", written)


def test_markup_in_a_name_is_shown_as_it_is() -> None:
    name = '</a:t></a:r><a:r><a:t>x" & y'
    shapes = everything(deck(layout_layers(hostile_scene(name))).slides[0].shapes)
    assert any(shape.has_text_frame and shape.text_frame.text.startswith(name) for shape in shapes)


@given(st.text(max_size=30))
@settings(max_examples=20, deadline=None)
def test_any_text_makes_a_deck_that_opens(text: str) -> None:
    deck(layout_layers(hostile_scene(text)))


def test_sheets_become_shapes_with_their_text() -> None:
    shapes = everything(deck(layout_sheet(sheet())).slides[0].shapes)
    written = [shape.text_frame.text for shape in shapes if shape.has_text_frame]
    assert any("Спитати" in one for one in written)
    assert any("LOOP101" in one for one in written)
    assert len([shape for shape in shapes if shape._element.findall(f".//{A}custGeom")]) == 2


@pytest.mark.parametrize(
    ("target", "form", "sites"),
    [
        (Box(300, 0, 100, 40), "curve", (3, 1)),
        (Box(-300, 90, 100, 40), "curve", (1, 3)),
        (Box(0, 90, 100, 40), "loop", (3, 3)),
    ],
)
def test_connectors_leave_by_the_side_that_faces_the_other_card(target: Box, form: str, sites: tuple[int, int]) -> None:
    source = Box(0, 0, 100, 40)
    ends = ends_of(source, target, straight=False)
    assert (ends.form, ends.sites) == (form, sites)
    points = points_along(ends.path)
    assert points[0] == ends.start
    assert points[-1] == pytest.approx(ends.end)
    assert min(abs(ends.middle[0] - x) + abs(ends.middle[1] - y) for x, y in points) < 12


def test_straight_connectors_join_the_nearest_sides_and_the_rim_of_a_disc() -> None:
    ends = ends_of(Box(0, 0, 100, 40), Box(0, 200, 100, 40), straight=True)
    assert (ends.start, ends.end, ends.sites) == ((50, 40), (50, 200), (2, 0))
    ends = ends_of(Box(0, 0, 100, 40), Box(200, -30, 100, 100), straight=True, round_target=True)
    assert (ends.end, ends.sites) == (pytest.approx((200, 20)), (3, 2))
