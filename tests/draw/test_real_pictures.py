"""Every view of real inventories with all findings: no text overlaps text, none leaves the page, in any language.

Languages are the catalogues that come along, and one made up whose names are half as long again as the longest.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import msgspec
import pytest

from cx_map.audit.engine import audit
from cx_map.audit.findings import Report
from cx_map.draw.geometry import Layout
from cx_map.draw.geometry import View as Name
from cx_map.draw.views import VIEWS, picture
from cx_map.draw.words import FOLDER
from cx_map.model.inventory import Inventory
from cx_map.model.values import Text
from cx_map.states.open import open_state
from tests.draw.layouts.test_layers import meeting_cards, overlaps

INVENTORIES = Path(__file__).parents[2] / "inventories"
FIRMS = ("nordvik-bank", "va-notifications")
LANGUAGES = ("en", *sorted(one.name for one in FOLDER.glob("*") if (one / "LC_MESSAGES").is_dir()))
DRAWN = tuple(VIEWS)


@lru_cache(maxsize=4)
def judged(firm: str) -> tuple[Inventory, Report]:
    inventory = open_state(str(INVENTORIES / firm))
    return inventory, audit(inventory)


def long_winded(inventory: Inventory) -> Inventory:
    """The inventory with every name half as long again, of long words."""
    longer = {
        name: msgspec.structs.replace(entity, name=Text(by_language=(("", f"{entity.title} ({entity.title[::2]}schaft)"),)))
        for name, entity in inventory.entities.items()
    }  # fmt: skip
    return replace(inventory, entities=longer)


def assert_legible(layout: Layout) -> None:
    assert overlaps(list(layout.texts())) == []
    assert meeting_cards(layout) == []
    for label in layout.texts():
        box = label.box
        assert box.x >= -0.5, label.text
        assert box.right <= layout.width + 0.5, label.text
        assert 0 <= box.y <= box.bottom <= layout.height, label.text


@pytest.mark.parametrize("firm", FIRMS)
@pytest.mark.parametrize("view", DRAWN)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_overlaps_text(firm: str, view: Name, language: str) -> None:
    inventory, report = judged(firm)
    assert_legible(picture(inventory, view, report, language=language, by="severity" if view == "heat" else None))


@pytest.mark.parametrize("firm", FIRMS)
@pytest.mark.parametrize("view", DRAWN)
def test_long_names_change_nothing_of_that(firm: str, view: Name) -> None:
    inventory, report = judged(firm)
    assert_legible(picture(long_winded(inventory), view, report, by="severity" if view == "heat" else None))


@pytest.mark.parametrize("firm", FIRMS)
def test_a_map_has_every_finding_it_can_show(firm: str) -> None:
    inventory, report = judged(firm)
    layout = picture(inventory, "layers", report)
    common = {one.code for one in report.aggregates if one.fired > 15}
    drawn = {card.node.id for card in layout.cards}
    wanted = {one.subject for one in report.findings if one.subject in drawn and one.code not in common}
    assert wanted <= {card.node.id for card in layout.cards if card.pills}
    assert wanted
