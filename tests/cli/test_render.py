"""`cxmap render`: formats by file ending, parts of the map, comparisons, and what it says about both."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran

Run = Callable[..., Ran]

LATER = """\
cxmap: 1
teams: {desk: Service desk}
platforms:
  mailer: {owner: desk, capabilities: [deliver_email]}
  texter: {owner: desk, capabilities: [deliver_sms]}
communications:
  welcome:
    purpose: servicing
    owner: desk
    needs: []
    routes: [{channel: email, platforms: [mailer]}, {id: text, channel: sms, platforms: [texter]}]
"""


@pytest.mark.parametrize("view", ["layers", "web"])
@pytest.mark.parametrize("ending", ["svg", "png", "pdf", "pptx", "dot", "mmd", "drawio", "graphml", "json"])
def test_every_format_in_every_view_and_twice_the_same(cxmap: Run, firm: Path, ending: str, view: str) -> None:
    ran = cxmap("render", "firm", "--view", view, "-o", f"one.{ending}")
    assert (ran.code, ran.out) == (0, f"wrote one.{ending}: 3 cards for 3 of 3 entities\n")
    assert cxmap("render", "firm", "--view", view, "-o", f"two.{ending}").code == 0
    assert (firm / f"one.{ending}").read_bytes() == (firm / f"two.{ending}").read_bytes()
    assert (firm / f"one.{ending}").stat().st_size > 300


def test_svg_goes_to_standard_output(cxmap: Run) -> None:
    ran = cxmap("render", "firm")
    assert ran.code == 0
    assert ET.fromstring(ran.out).tag.endswith("svg")


def test_a_folder_is_told_from_a_file_and_a_file_in_it_is_named(cxmap: Run) -> None:
    ran = cxmap("render", "firm", "-o", "firm")
    assert ran.code == 2
    assert "'firm' is a folder" in ran.err
    assert "map.svg" in ran.err


def test_words_are_drawn_in_the_language_and_one_without_words_is_told(cxmap: Run) -> None:
    ran = cxmap("render", "firm", "--lang", "uk")
    assert ran.code == 0
    assert "Екосистема клієнтських комунікацій" in ran.out
    assert ran.err == ""
    for english in ("en-GB", "en"):
        assert "note: there are no words" not in cxmap("render", "firm", "--lang", english).err
    ran = cxmap("render", "firm", "--lang", "eo")
    assert ran.code == 0
    assert "Customer-communications ecosystem" in ran.out
    assert "no words in 'eo'" in ran.err
    assert "uk" in ran.err


def test_an_unknown_ending_and_paper_for_a_picture_are_usage_errors(cxmap: Run) -> None:
    ran = cxmap("render", "firm", "-o", "map.gif")
    assert ran.code == 2
    assert "cannot draw .gif" in ran.err
    ran = cxmap("render", "firm", "-o", "map.png", "--paper", "a3")
    assert ran.code == 2
    assert "--paper is for what is printed" in ran.err


def test_focus_and_exclude_show_a_part_and_say_so(cxmap: Run, firm: Path) -> None:
    ran = cxmap("render", "firm", "--focus", "+welcome", "--exclude", "kind:channels", "-o", "part.json")
    assert (ran.code, ran.out) == (0, "wrote part.json: 2 cards for 2 of 3 entities\n")
    assert "note: chosen: +welcome without kind:channels; 1 of 2 flows lead out of the picture" in ran.err
    found = json.loads((firm / "part.json").read_text())
    assert [node["id"] for node in found["nodes"]] == ["welcome", "mailer"]
    assert (found["shown"], found["total"]) == (2, 3)


def test_a_selector_with_a_typing_error_gets_a_suggestion(cxmap: Run) -> None:
    ran = cxmap("render", "firm", "--focus", "wellcome+")
    assert ran.code == 2
    assert "did you mean 'welcome'?" in ran.err


def test_severities_can_be_selected_without_showing_findings(cxmap: Run, firm: Path) -> None:
    audited = json.loads(cxmap("audit", "firm", "--format", "json", "--fail-on", "none").out)
    worst = {one["severity"] for one in audited["findings"] if one["subject"] in ("welcome", "mailer", "email")}
    assert worst
    wanted = min(worst)
    assert cxmap("render", "firm", "--focus", f"severity:{wanted}", "-o", "part.json").code == 0
    shown = {node["id"] for node in json.loads((firm / "part.json").read_text())["nodes"]}
    assert shown == {
        one["subject"]
        for one in audited["findings"]
        if one["severity"] == wanted and one["subject"] in ("welcome", "mailer", "email")
    }


def test_against_marks_what_differs(cxmap: Run, firm: Path) -> None:
    (firm / "later").mkdir()
    (firm / "later" / "all.cxmap.yaml").write_text(LATER)
    assert cxmap("render", "later", "--against", "firm", "-o", "diff.json").code == 0
    found = json.loads((firm / "diff.json").read_text())
    assert {node["id"]: node["mark"] for node in found["nodes"]} == {
        "mailer": "unchanged", "texter": "added", "welcome": "changed", "email": "unchanged", "sms": "added",
    }  # fmt: skip
    assert cxmap("render", "firm", "--against", "later", "-o", "back.json").code == 0
    marks = {node["id"]: node["mark"] for node in json.loads((firm / "back.json").read_text())["nodes"]}
    assert (marks["texter"], marks["sms"]) == ("removed", "removed")


def test_against_does_not_go_with_findings(cxmap: Run) -> None:
    for more in (["--findings"], ["--focus", "severity:major"]):
        ran = cxmap("render", "firm", "--against", "firm", *more)
        assert ran.code == 2
        assert "--against compares" in ran.err


def test_states_line_up_on_request(cxmap: Run, firm: Path) -> None:
    (firm / "later").mkdir()
    (firm / "later" / "all.cxmap.yaml").write_text(LATER.replace("texter", "a-texter"))

    def boxes(*arguments: str) -> dict[str, list[float]]:
        assert cxmap("render", *arguments, "-o", "map.json").code == 0
        return {node["id"]: node["box"] for node in json.loads((firm / "map.json").read_text())["nodes"]}

    later = boxes("later", "--line-up-with", "firm")
    now = boxes("firm", "--line-up-with", "later")
    assert set(now) == {"mailer", "welcome", "email"}
    assert all(later[one] == now[one] for one in now)
    assert boxes("firm")["mailer"] != now["mailer"]
    ran = cxmap("render", "firm", "--line-up-with", "later", "--focus", "email")
    assert ran.code == 2
    assert "leave --focus and --exclude away" in ran.err


@pytest.mark.parametrize(("ending", "smallest"), [("pdf", "A4"), ("pptx", "A3")])
def test_without_a_wish_the_smallest_legible_paper_is_taken_and_told(cxmap: Run, ending: str, smallest: str) -> None:
    ran = cxmap("render", "firm", "-o", f"map.{ending}")
    assert ran.code == 0
    assert f"note: {smallest} landscape, the smallest paper on which all text is legible" in ran.err


@pytest.mark.parametrize("ending", ["pdf", "pptx", "svg"])
def test_too_small_a_paper_is_told_with_the_one_it_needs(
    cxmap: Run, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cx_map.draw.writers.paper.SMALLEST_PT", 12.0)
    ran = cxmap("render", "firm", "-o", f"map.{ending}", "--paper", "a4")
    assert ran.code == 0
    assert "pt on A4; print it on A2" in ran.err
    assert cxmap("render", "firm", "-o", f"map.{ending}", "--paper", "b5").code == 2


def test_scripts_without_a_font_are_told(cxmap: Run, firm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cx_map.draw.writers.machine_fonts.font_folders", list)
    (firm / "later").mkdir()
    (firm / "later" / "all.cxmap.yaml").write_text(
        LATER.replace("Service desk", "Desk").replace(
            "{owner: desk, capabilities: [deliver_sms]}", "{name: 日本, owner: desk, capabilities: [deliver_sms]}"
        ),
        encoding="utf-8",
    )
    ran = cxmap("render", "later", "-o", "map.pdf")
    assert ran.code == 0
    assert "note: drawn as boxes: CJK" in ran.err
    assert "as boxes where it has none: CJK" in cxmap("render", "later", "-o", "map.png").err
    assert "boxes" not in cxmap("render", "firm", "-o", "map.png").err


def test_engines_want_graphviz_and_a_format_with_places(cxmap: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cx_map.draw.engines.executable", lambda: None)
    ran = cxmap("render", "firm", "--engine", "sfdp", "-o", "map.svg")
    assert ran.code == 2
    assert "cxmap[engines]" in ran.err
    assert "'circle' is not known" in cxmap("render", "firm", "--engine", "circle", "-o", "map.svg").err
    assert "no places for --engine" in cxmap("render", "firm", "--engine", "dot", "-o", "map.mmd").err
    assert (
        "keeps no places" in cxmap("render", "firm", "--engine", "dot", "--line-up-with", "firm", "-o", "map.svg").err
    )


def test_a_page_holds_all_states_and_opens_in_the_one_asked_for(cxmap: Run, firm: Path) -> None:
    ran = cxmap("render", "firm", "-o", "map.html")
    assert ran.code == 0
    assert ran.out.startswith("wrote map.html: a page of ")
    first = (firm / "map.html").read_bytes()
    assert cxmap("render", "firm", "-o", "map.html").code == 0
    assert (firm / "map.html").read_bytes() == first
    assert cxmap("render", "firm", "--view", "heat", "--by", "severity", "-o", "map.html").code == 0
    assert b'"perspective":"severity"' in (firm / "map.html").read_bytes()


def test_a_page_refuses_what_it_lets_its_reader_choose(cxmap: Run, firm: Path) -> None:
    ran = cxmap("render", "firm", "--focus", "welcome", "-o", "map.html")
    assert (ran.code, "--focus is not for a page" in ran.err) == (2, True)
    ran = cxmap("render", "firm", "--story", "story.yaml", "-o", "map.svg")
    assert (ran.code, "--story is told in a page" in ran.err) == (2, True)
    ran = cxmap("render", "firm", "--view", "loops", "-o", "map.html")
    assert (ran.code, "a page does not show the view loops" in ran.err) == (2, True)
    ran = cxmap("render", "firm", "--story", "missing.yaml", "-o", "map.html")
    assert (ran.code, "cannot read missing.yaml" in ran.err) == (2, True)
    (firm / "story.yaml").write_text("steps:\n  - title: a\n    select: wellcome\n")
    ran = cxmap("render", "firm", "--story", "story.yaml", "-o", "map.html")
    assert ran.code == 2
    assert "story.yaml:3:13" in ran.err
    assert "did you mean `welcome`?" in ran.err
    assert not (firm / "map.html").exists()
