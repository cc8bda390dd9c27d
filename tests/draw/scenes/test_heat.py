"""The heat map: numbers from the analyses, what is not known is a pattern and never the low end of the ramp."""

from __future__ import annotations

import pytest

from cx_map.audit.engine import audit
from cx_map.draw.geometry import Card
from cx_map.draw.layouts.layers import layout_layers
from cx_map.draw.scenes.collapse import collapse
from cx_map.draw.scenes.heat import heat_of, heat_scene
from cx_map.draw.scenes.heat_numbers import By
from cx_map.errors import UsageError
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of

FIRM = """
organization: {name: Nordvik, currency: EUR}
data_sources: {ledger: {cost_per_year: 900 EUR}, notes: {cost_per_year: 5 EUR}, quiet: {}}
platforms:
  mailer: {capacity: 2000/month, cost_per_year: 90000 EUR, end_of_support: 2025-01-01, as_of: 2026-10-01}
  twin: {as_of: 2025-10-01}
  idle: {capacity: 10/month}
channels: {post: {kind: letter, direction: out, cost_per_contact: 2 EUR}}
communications:
  bill: {volume: 1000/month, needs: [ledger], channels: [post], platforms: [mailer], as_of: 2026-04-01}
  news: {needs: [quiet], channels: [post], platforms: [twin]}
  rare: {volume: 20/month, channels: [post], platforms: [mailer]}
"""


def heats(by: By, text: str = FIRM, as_of: str | None = "2026-10-01") -> dict[str, tuple[float | None, str]]:
    inventory = inventory_of(text)
    found = heat_of(Ecosystem(inventory, as_of), audit(inventory) if by == "severity" else None, by)
    return {name: (None if one.share is None else round(one.share, 2), one.text) for name, one in found.items()}


def test_load_is_the_peak_against_capacity_and_no_capacity_is_not_known() -> None:
    found = heats("load")
    assert found["mailer"] == (0.51, "51 % of capacity")
    assert found["twin"] == (None, "capacity not known")
    assert "idle" not in found, "what carries nothing has no load"
    assert "bill" not in found


def test_cost_never_counts_what_is_not_known() -> None:
    found = heats("cost")
    assert found["mailer"] == (1.0, "90,000 EUR a year")
    assert found["bill"][1] == "24,000 EUR a year"
    assert found["rare"][1] == "480 EUR a year"
    assert found["notes"] == (0.0, "5 EUR a year")
    assert found["quiet"] == (None, "cost not known")
    assert found["post"] == (None, "at least 24,500 EUR a year"), "a part of its volume is not known"
    assert found["news"] == (None, "cost not known")


def test_volume_is_logarithmic_between_the_least_and_the_most() -> None:
    found = heats("volume")
    assert found["mailer"] == (1.0, "1,020 a month")
    assert found["bill"][1] == "1,000 a month"
    assert found["rare"] == (0.0, "20 a month")
    assert found["news"] == (None, "volume not known")
    assert found["post"] == (None, "at least 1,020 a month")


def test_age_counts_months_and_ended_support_is_hottest() -> None:
    found = heats("age")
    assert found["mailer"] == (1.0, "facts of 2026-10-01 · support ended 2025-01-01")
    assert found["twin"] == (1.0, "facts of 2025-10-01"), "the oldest of all"
    assert 0.4 < (found["bill"][0] or 0) < 0.6
    assert found["ledger"] == (None, "date of the facts not known")
    with pytest.raises(UsageError, match="date"):
        heats("age", as_of=None)


def test_severity_is_the_worst_finding_and_needs_an_audit() -> None:
    found = heats("severity")
    inventory = inventory_of(FIRM)
    worst = {one.subject: one.severity for one in audit(inventory).findings if one.severity == "critical"}
    assert all(found[name][0] == 1.0 for name in worst if name in found)
    assert any(text.startswith("no finding") for _, text in found.values())
    judged = [text for share, text in found.values() if share == 0.0]
    assert all(text == "no finding" for text in judged)
    with pytest.raises(UsageError, match="findings"):
        heat_of(Ecosystem(inventory), None, "severity")


def test_the_map_tells_what_is_not_known_and_which_field_would_tell() -> None:
    scene = heat_scene(inventory_of(FIRM), by="load")
    nodes = {node.id: node for node in scene.nodes}
    assert (nodes["twin"].heat, nodes["twin"].known) == (None, False)
    assert nodes["mailer"].heat == pytest.approx(0.51)
    assert nodes["mailer"].known
    assert nodes["bill"].emphasis == "faint"
    assert any("not known is not zero" in note for note in scene.notes)
    assert any("platforms.capacity" in note for note in scene.notes)
    assert [one.key for one in scene.legend if one.family == "heat"] == ["ramp", "unknown"]


def test_nothing_known_at_all_is_an_error_that_names_the_field() -> None:
    with pytest.raises(UsageError, match="nothing on the map has a known load") as caught:
        heat_scene(inventory_of("platforms: {mailer: {}}\ncommunications: {bill: {platforms: [mailer]}}"), by="load")
    assert "platforms.capacity" in caught.value.hint


def test_a_collapsed_card_is_as_hot_as_its_hottest_and_hatched_only_if_nobody_knows() -> None:
    scene = heat_scene(inventory_of(FIRM), by="volume")
    small = collapse(scene, 5)
    groups = [node for node in small.nodes if node.members]
    assert groups
    by_id = {node.id: node for node in scene.nodes}
    for node in groups:
        known = [heat for one in node.members if (heat := by_id[one].heat) is not None]
        assert node.heat == (max(known) if known else None)
        assert node.known == (bool(known) or all(by_id[one].known for one in node.members))


def test_the_number_is_on_every_card_however_long_its_name() -> None:
    long = "Заявление на ипотечный кредит и страхование недвижимости"
    scene = heat_scene(
        inventory_of(
            FIRM.replace("twin: {", f"twin: {{name: {long}, ").replace("mailer: {", f"mailer: {{name: {long}, ")
        )
    )
    cards = {card.node.id: card for card in layout_layers(scene).cards}
    for name in ("twin", "mailer"):
        assert scene_text(cards[name], "sub") == next(node.sublabel for node in scene.nodes if node.id == name)


def scene_text(card: Card, role: str) -> str:
    return " ".join(label.text for label in card.labels if label.role == role)
