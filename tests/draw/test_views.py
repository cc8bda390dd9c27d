"""Every view by its name: drawn of anything, the same bytes whatever the hash seed, nothing hostile, never an empty page."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import get_args

import pytest

from cx_map.audit.engine import audit
from cx_map.draw.geometry import View as Name
from cx_map.draw.layouts.sheet import layout_sheet
from cx_map.draw.palette import HEAT, STATE_COLOURS, SURFACES, contrast, heat_step, ink_on
from cx_map.draw.views import PERSPECTIVES, VIEWS, picture, sheet_of
from cx_map.draw.writers.drawio_sheet import sheet_to_drawio
from cx_map.draw.writers.json_sheet import sheet_to_json
from cx_map.draw.writers.svg import to_svg
from cx_map.errors import UsageError
from cx_map.states.open import open_state
from tests.draw.writers.test_svg import HOSTILE
from tests.support import inventory_of

ROOT = Path(__file__).parents[2]
SHEETS = [name for name, view in VIEWS.items() if not view.is_map]
SVG = "{http://www.w3.org/2000/svg}"


def hostile(text: str) -> str:
    """An inventory whose every name is the text."""
    plain = (one if one.isascii() and one.isprintable() and one not in '"\\' else f"\\U{ord(one):08x}" for one in text)
    name = '"' + "".join(plain) + '"'
    return f"""
lines_of_business: {{x: {{name: {name}}}, y: {{name: {name}}}}}
teams: {{t: {{name: {name}}}, u: {{name: {name}}}}}
segments: {{all: {{name: {name}, customers: 5}}}}
products: {{p: {{name: {name}}}}}
attributes: {{mine.one: {{name: {name}}}}}
data_sources: {{s: {{name: {name}, owner: t, line_of_business: x, holds: [{{attribute: mine.one, mastery: master}}]}}}}
platforms: {{m: {{name: {name}, owner: u, serves: [y], capacity: 10/month}}}}
collection_points: {{c: {{name: {name}, kind: web_form, asks: [mine.one, preference.q], writes_to: [s]}}}}
preferences: {{q: {{name: {name}, kind: channel, captured_at: [c], master: s}}}}
communications: {{k: {{name: {name}, line_of_business: x, purpose: servicing, volume: 5/month, channels: [email], platforms: [m], governed_by: [q]}}}}
signals: {{g: {{name: {name}, kind: contact, captured_in: [s], volume: 3/month}}}}
tasks: {{w: {{name: {name}, channels: [{{channel: email, support: full}}]}}}}
flows: [{{from: s, to: m, carries: [mine.one]}}]
"""


def test_the_registry_has_every_view_of_a_layout_once() -> None:
    assert set(VIEWS) == set(get_args(Name))
    assert all(view.help for view in VIEWS.values())


@pytest.mark.parametrize("view", list(VIEWS))
@pytest.mark.parametrize("folder", ["inventories/va-notifications", "inventories/nordvik-bank", "examples/minimal"])
def test_every_view_is_well_formed_and_says_how_much_is_shown(view: Name, folder: str) -> None:
    inventory = open_state(str(ROOT / folder))
    by = "age" if view == "heat" else None
    layout = picture(inventory, view, by=by) if view != "heat" or "minimal" not in folder else None
    if layout is None:
        with pytest.raises(UsageError, match="age"):
            picture(inventory, view, by=by)
        return
    assert layout.view == view
    assert layout.title
    assert layout.about
    svg = to_svg(layout)
    root = ET.fromstring(svg.encode())
    assert root.find(SVG + "title") is not None
    assert any(re.search(r"\d+ of \d+ ", label.text) for label in layout.labels), "N of M shown"


@pytest.mark.parametrize("view", SHEETS)
@pytest.mark.parametrize("text", [one for one in HOSTILE if one.strip() and "\ud800" not in one])
def test_hostile_names_stay_text_in_every_sheet(view: Name, text: str) -> None:
    inventory = inventory_of(hostile(text))
    sheet = sheet_of(view, inventory, audit(inventory))
    layout = layout_sheet(sheet)
    svg = to_svg(layout)
    root = ET.fromstring(svg.encode())
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "style", "defs", "marker", "pattern", "path", "rect", "g", "text", "circle",
    }  # fmt: skip
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", svg)
    drawio = ET.fromstring(sheet_to_drawio(sheet, layout).encode())
    assert "<script" not in "".join(element.get("label", "") for element in drawio.iter())
    found = json.loads(sheet_to_json(sheet, layout))
    assert found["schema"] == "cxmap.sheet/1"
    for label in layout.texts():
        assert label.box.right <= layout.width


@pytest.mark.parametrize("view", SHEETS)
def test_an_inventory_with_nothing_gives_a_sentence(view: Name) -> None:
    layout = picture(inventory_of("teams: {alone: {}}"), view)
    said = [label for label in layout.labels if label.role == "said"]
    assert said
    assert len(" ".join(label.text for label in said)) > 40


def test_findings_are_badges_on_sheets_and_only_when_asked_for() -> None:
    inventory = open_state(str(ROOT / "inventories/nordvik-bank"))
    report = audit(inventory)
    for view in ("data", "preference", "matrix", "loops"):
        with_ = picture(inventory, view, report)
        without = picture(inventory, view)
        assert any(cell.pills for cell in with_.cells), view
        assert not any(cell.pills for cell in without.cells), view


def test_no_text_of_the_samples_meets_another() -> None:
    from tests.draw.layouts.test_sheet import crowded

    for folder in ("inventories/nordvik-bank", "inventories/va-notifications", "examples/roadmap"):
        inventory = open_state(str(ROOT / folder))
        report = audit(inventory)
        for view in SHEETS:
            assert crowded(picture(inventory, view, report)) == [], (folder, view)  # type: ignore[arg-type]  # names of views


def test_same_input_same_bytes_whatever_the_hash_seed() -> None:
    script = (
        "import sys, hashlib; from cx_map.states.open import open_state; from cx_map.draw.views import VIEWS, picture;"
        "from cx_map.draw.writers.svg import to_svg; from cx_map.audit.engine import audit; i = open_state(sys.argv[1]); r = audit(i);"
        "print(hashlib.sha256(''.join(to_svg(picture(i, v, r)) for v in VIEWS).encode()).hexdigest())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script, str(ROOT / "inventories/nordvik-bank")],
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("0", "77")
    }  # fmt: skip
    assert len(outputs) == 1


def test_perspectives_belong_to_heat_and_unknown_views_are_refused() -> None:
    inventory = inventory_of("teams: {alone: {}}")
    with pytest.raises(UsageError, match="perspectives"):
        picture(inventory, "data", by="load")
    with pytest.raises(UsageError, match="no view"):
        picture(inventory, "banana")  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(UsageError, match="is a map"):
        sheet_of("layers", inventory)
    assert PERSPECTIVES[0] == "load"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_ramp_runs_one_way_and_its_text_reads_on_every_step(theme: str) -> None:
    steps = HEAT[theme]  # type: ignore[index]  # the two themes
    against = [contrast(step, SURFACES[theme]["page"]) for step in steps]  # type: ignore[index]  # the two themes
    assert against == sorted(against), "more is further from the page"
    assert all(contrast(ink_on(step), step) >= 4.5 for step in steps)
    assert [heat_step(share) for share in (0, 0.5, 1)] == [0, 4, len(steps) - 1]


def test_states_keep_their_distance_for_colour_blind_eyes() -> None:
    for theme in ("light", "dark"):
        colours = STATE_COLOURS[theme]  # type: ignore[index]  # the two themes
        assert len(set(colours.values())) == len(colours)
        # Blue against red: the two differ in the blue channel, which red-green blindness leaves alone.
        blue = {state: int(colours[state][5:7], 16) for state in ("good", "weak", "bad")}
        assert blue["good"] - max(blue["weak"], blue["bad"]) >= 0x60
