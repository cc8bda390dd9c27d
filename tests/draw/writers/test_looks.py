"""The resolved looks agree with the style sheet of the SVG, which is their home."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cx_map.draw.geometry import Box as Rect
from cx_map.draw.geometry import Frame, Label, Layout, Swatch, Wire
from cx_map.draw.layouts.furniture import SAMPLE_H
from cx_map.draw.layouts.layers import layout_layers
from cx_map.draw.layouts.web import layout_web
from cx_map.draw.scene import SEVERITIES, Badge, Edge, LegendEntry, LegendFamily, Mark
from cx_map.draw.writers import looks
from cx_map.draw.writers.svg_style import style_sheet
from tests.draw.nordvik import nordvik, nordvik_diff

CSS = style_sheet(["platforms"], "light", "", sheet=True, heat=True)
MARKS: tuple[Mark, ...] = ("added", "removed", "changed", "unchanged")


def css(selector: str) -> dict[str, str]:
    """The declarations of every rule with exactly this selector."""
    found: dict[str, str] = {}
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", CSS):
        if selector in [one.strip() for one in selectors.split(",")]:
            found |= dict(part.split(":", 1) for part in body.split(";") if part)
    return found


def wire(**parts: object) -> Wire:
    return Wire(replace(Edge("a", "b"), **parts), "platforms", ((0, 0), (9, 0)))  # type: ignore[arg-type]


def shown(family: LegendFamily, key: str, scale: float = 1.0) -> Swatch:
    """A sample of the legend, on a page whose words are this much larger."""
    return Swatch(
        LegendEntry(family, key, ""), Rect(0, 0, 24 * scale, SAMPLE_H * scale), Label("", 0, 0, 10.5, "legend")
    )


def same_pen(pen: looks.Pen, rule: dict[str, str]) -> None:
    if "stroke" in rule:
        assert pen.colour.upper() == rule["stroke"].upper()
    if "stroke-width" in rule:
        assert pen.width == float(rule["stroke-width"])
    if "stroke-dasharray" in rule:
        dashes = rule["stroke-dasharray"].replace("none", "").split()
        assert pen.dash == tuple(map(float, dashes))


@pytest.mark.parametrize("mark", MARKS)
def test_marked_flows(mark: Mark) -> None:
    same_pen(looks.wire_pen(wire(mark=mark)), css(f".cx .e.m-{mark}"))


@pytest.mark.parametrize("severity", SEVERITIES)
def test_flows_with_findings_and_badges(severity: str) -> None:
    same_pen(looks.wire_pen(wire(badges=(Badge("X", severity),))), css(f".cx .e.w-{severity}"))  # type: ignore[arg-type]
    assert looks.pill_look(severity).fill == css(f".cx .s-{severity}")["fill"]  # type: ignore[arg-type]
    assert looks.pill_ink(severity) == css(f".cx .on-{severity}")["fill"]  # type: ignore[arg-type]


def test_other_flows() -> None:
    same_pen(looks.wire_pen(wire()), css(".cx .e") | css(".cx .e.k-platforms") | {"stroke-dasharray": "none"})
    same_pen(looks.wire_pen(wire(style="missing")), css(".cx .e.missing"))
    same_pen(looks.wire_pen(wire(style="dashed")), css(".cx .dashed"))
    same_pen(looks.wire_pen(wire(style="alternative")), css(".cx .e.alternative"))
    same_pen(looks.wire_pen(replace(wire(), feedback=True)), css(".cx .feedback") | css(".cx .e.feedback.k-platforms"))
    assert looks.wire_pen(wire(emphasis="thick")).width == float(css(".cx .e.thick")["stroke-width"])
    assert looks.wire_pen(wire(emphasis="faint")).alpha == float(css(".cx .e.faint")["opacity"])
    assert looks.spoke_pen("platforms", "none").width == float(css(".cx .e.spoke")["stroke-width"])
    same_pen(looks.stroke_pen("solid", "none"), css(".cx .e.link"))


def test_text_is_bold_and_coloured_as_in_the_style_sheet() -> None:
    ink = css(".cx text")["fill"]
    for role in looks.ROLES:
        rule = css(f".cx .{role}")
        letters = looks.letters(role)
        assert letters.bold == (rule.get("font-weight") == "700"), role
        assert letters.colour == rule.get("fill", ink), role
        assert (letters.halo or "") == rule.get("stroke", ""), role


@pytest.mark.parametrize("layout", [layout_layers(nordvik()), layout_web(nordvik()), layout_layers(nordvik_diff())])
def test_every_role_on_a_map_has_its_letters(layout: Layout) -> None:
    assert {label.role for label in layout.texts()} <= set(looks.ROLES)


def test_frames() -> None:
    for role in ("lane", "silo"):
        look = looks.frame_look(Frame(role, "x", Rect(0, 0, 1, 1)))  # type: ignore[arg-type]
        rule = css(f".cx .f-{role}")
        assert look.fill == rule["fill"]
        assert look.pen is not None
        same_pen(look.pen, rule)
    assert looks.frame_look(Frame("customer", "", Rect(0, 0, 1, 1))).fill == css(".cx .f-customer")["fill"]
    assert looks.frame_look(Frame("ring", "1", Rect(0, 0, 1, 1))).fill == css(".cx .f-ring1")["fill"]


@pytest.mark.parametrize("mark", MARKS)
def test_marked_cards(mark: Mark) -> None:
    card = next(one for one in layout_layers(nordvik_diff()).cards if one.node.mark == mark)
    look, rule = looks.card_look(card), css(f".cx .m-{mark} .box")
    assert look.fill == rule["fill"]
    assert look.pen is not None
    same_pen(look.pen, rule)
    assert looks.stripe("platforms", mark) == css(f".cx .m-{mark} .stripe")["fill"]
    assert looks.card_letters(card, "name").strike == (mark == "removed")


def test_heat_tints_a_card_and_what_is_not_known_is_hatched() -> None:
    card = layout_layers(nordvik()).cards[0]
    hot = replace(card, node=replace(card.node, heat=0.95, known=False))
    assert looks.card_look(hot).fill == css(".cx .heat-8 .box")["fill"]
    assert looks.card_letters(hot, "name").colour == css(".cx .heat-8 .name")["fill"]
    assert looks.card_look(hot).hatch
    assert looks.card_look(card).hatch is None


def test_states_and_the_ramp() -> None:
    for state in ("good", "weak", "bad", "unknown", "none"):
        sample = looks.sample(shown("state", state))
        assert sample.look.fill == css(f".cx .st-{state} .back")["fill"]
        assert sample.look.pen is not None
        same_pen(replace(sample.look.pen, dash=()), css(f".cx .key .st-{state} .back"))
    assert looks.sample(shown("state", "unknown")).look.hatch
    ramp = looks.sample(shown("heat", "ramp")).ramp
    assert [css(f".cx rect.heat-{step}")["fill"] for step in range(len(ramp))] == list(ramp)


def test_samples_and_their_codes_grow_with_the_page() -> None:
    small, large = shown("kind", "platforms"), shown("kind", "platforms", 1.5)
    assert looks.sample_sign(large).size == 1.5 * looks.sample_sign(small).size
    assert looks.sample_sign(large).text == looks.sample_sign(small).text == "PL"
    thin, thick = (looks.sample(shown("edge", "thick", scale)).line for scale in (1.0, 1.5))
    assert thin is not None
    assert thick is not None
    assert thick.width == 1.5 * thin.width


def test_the_narrowest_cut_is_thick_even_with_a_finding() -> None:
    cut = wire(emphasis="thick", badges=(Badge("BOT101", "critical"),))
    assert looks.wire_pen(cut).width == 4.0
    # Rules of equal weight: the later one wins.
    assert CSS.index(".cx .e.thick{") > max(CSS.index(f".cx .e.w-{one}{{") for one in SEVERITIES)


def test_the_border_of_a_silo_is_the_same_wall_in_every_view() -> None:
    lane = looks.frame_look(Frame("silo", "a", Rect(0, 0, 9, 9))).pen
    sector = looks.frame_look(Frame("sector", "a", Rect(0, 0, 9, 9), wall=True)).pen
    assert lane == sector == looks.sample(shown("edge", "silo")).line
    assert lane is not None
    same_pen(lane, css(".cx .f-sector.f-wall"))
    assert looks.frame_look(Frame("sector", "a", Rect(0, 0, 9, 9))).pen != lane
