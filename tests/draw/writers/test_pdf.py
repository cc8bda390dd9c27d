"""PDF: one vector page of the paper's size, text found in several scripts, the same bytes, nothing silently blank."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.draw.geometry import Layout
from cx_map.draw.layouts.layers import layout_layers
from cx_map.draw.layouts.sheet import layout_sheet
from cx_map.draw.layouts.web import layout_web
from cx_map.draw.scene import Badge, LegendEntry, Scene
from cx_map.draw.sheet import Entry, Head, Link, Sheet, Table
from cx_map.draw.writers.paper import choose_paper, fit_paper
from cx_map.draw.writers.pdf import Printed, to_pdf
from tests.draw.nordvik import nordvik, nordvik_diff
from tests.draw.writers.test_svg import HOSTILE, hostile_scene

PT = 72 / 25.4


@pytest.fixture(autouse=True, scope="module")
def no_fonts_of_the_machine() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cx_map.draw.writers.machine_fonts.font_folders", list)
        yield


def pdf(layout: Layout, paper: str | None = None) -> Printed:
    return to_pdf(layout, choose_paper(layout, paper))


def page(printed: Printed) -> pypdf.PageObject:
    reader = pypdf.PdfReader(io.BytesIO(printed.content), strict=True)
    assert len(reader.pages) == 1
    return reader.pages[0]


def text_of(layout: Layout) -> str:
    return page(pdf(layout)).extract_text()


def renamed(name: str) -> Scene:
    scene = nordvik()
    return replace(scene, nodes=tuple(replace(node, label=name) if node.id == "crm" else node for node in scene.nodes))


def sheet() -> Sheet:
    badge = (Badge("LOOP101", "critical", "broken"),)
    entries = {
        ("a", "x"): Entry("Спитати", "good", kind="signals"),
        ("a", "y"): Entry("lost", "bad", kind="actions", badges=badge),
        ("b", "x"): Entry("?", "unknown"),
        ("b", "y"): Entry("12", heat=0.9),
    }
    links = (Link(("a", "x"), ("a", "y"), "missing", label="nothing leads on"), Link(("a", "y"), ("b", "x")))
    rows, columns = (
        (Head("a", "Loop A", kind="feedback_loops"), Head("b", "Loop B")),
        (Head("x", "Ask"), Head("y", "Act")),
    )
    legend = (
        LegendEntry("state", "good", "in order"), LegendEntry("state", "unknown", "not known"),
        LegendEntry("heat", "ramp", "little to much"), LegendEntry("heat", "unknown", "not known"),
    )  # fmt: skip
    table = Table("t", "Loops", rows, columns, entries, links, wide=True)
    return Sheet("loops", "Loops of Nordvik", "current state", (table,), "2 of 2 loops shown", legend)


@pytest.mark.parametrize("layout", [layout_layers(nordvik()), layout_web(nordvik()), layout_layers(nordvik_diff())])
def test_every_line_of_the_map_is_found_in_the_file(layout: Layout) -> None:
    found = "".join(text_of(layout).split())
    for label in layout.texts():
        assert "".join(label.text.split()) in found, label.text


@pytest.mark.parametrize("name", ["Єдиний реєстр клієнтів", "Жалобы и ответы", "Zażółć gęślą jaźń", "Παράπονα πελατών"])
def test_names_in_cyrillic_polish_and_greek_are_found(name: str) -> None:
    assert name in text_of(layout_layers(renamed(name)))


def test_two_files_of_one_process_do_not_share_letters() -> None:
    # reportlab takes two fonts of one name for the same: the second file would lack what only it needs.
    assert "Qwertz" in text_of(layout_layers(renamed("Qwertz")))
    assert "Щука?" in text_of(layout_layers(renamed("Щука?")))


@pytest.mark.parametrize("paper", ["a4", "a3", "a0"])
def test_page_is_the_paper_and_the_map_stands_inside_its_border(paper: str) -> None:
    layout = layout_layers(nordvik())
    fit = fit_paper(layout, paper)
    found = page(to_pdf(layout, fit))
    wide, high = fit.page_mm
    assert (float(found.mediabox.width), float(found.mediabox.height)) == pytest.approx(
        (wide * PT, high * PT), abs=0.01
    )
    assert wide > high
    assert fit.width_mm <= wide - 20 + 1e-6
    assert fit.height_mm <= high - 20 + 1e-6


def test_same_bytes_twice_and_no_clock_author_or_font_from_outside() -> None:
    layout = layout_web(nordvik())
    first = pdf(layout)
    assert first.content == pdf(layout).content
    reader = pypdf.PdfReader(io.BytesIO(first.content))
    about = reader.metadata
    assert about is not None
    assert about.title == layout.title
    assert not about.author
    assert str(about.creation_date).startswith("2000-01-01")
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    assert {"Bold", "Regular"} == {str(font["/BaseFont"]).split("-")[1] for font in fonts}
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)
    assert "/Annots" not in reader.pages[0]


def test_letters_of_scripts_without_a_font_are_boxes_and_told() -> None:
    done = pdf(layout_layers(renamed("日本 العربية 👩 CRM")))
    told = " ".join(done.notes)
    assert "Arabic" in told
    assert "CJK" in told
    assert "emoji" in told
    assert "日本" in page(done).extract_text()
    assert pdf(layout_layers(nordvik())).notes == ()


def test_a_font_of_the_machine_is_used_for_what_the_bundled_one_lacks(tmp_path: Path) -> None:
    from cx_map.draw.writers.fonts import faces_for, font_files

    bundled = next(one for one in font_files() if "Italic" not in one)
    as_other_script(Path(bundled), tmp_path / "other.ttf")
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    faces = faces_for(["CRM 日"], [tmp_path, tmp_path / "nowhere"])
    assert faces.boxed == frozenset()
    assert [(face.name, run) for face, run in faces.runs("C日", bold=True)] == [
        ("Arimo-Bold", "C"),
        ("Arimo Regular", "日"),
    ]
    assert "not the same everywhere" in faces.notes[0]


def as_other_script(source: Path, target: Path) -> None:
    """A static font whose letter A stands for an ideograph."""
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    with TTFont(source) as variable:
        font = instancer.instantiateVariableFont(variable, {"wght": 400})
        for table in font["cmap"].tables:
            table.cmap = {ord("日"): "A", ord(" "): "space"}
        font.save(target)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_makes_no_broken_file(text: str) -> None:
    page(pdf(layout_layers(hostile_scene(text)), "a4")).extract_text()


@given(st.text(max_size=30))
@settings(max_examples=8, deadline=None)
def test_any_text_can_be_printed(text: str) -> None:
    page(pdf(layout_layers(hostile_scene(text)), "a4")).extract_text()


def test_sheets_are_printed_with_their_cells_and_arrows() -> None:
    layout = layout_sheet(sheet())
    assert layout.cells
    assert layout.strokes
    found = text_of(layout)
    for text in ("Loops of Nordvik", "Спитати", "LOOP101", "2 of 2 loops shown", "Loop B"):
        assert text in found
