"""Graphviz: found or told how to get, bounded in time, fed with generated names only."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest

from cx_map.draw import engines
from cx_map.draw.engines import ENGINES, place
from cx_map.draw.layouts.graphviz import layout_graphviz
from cx_map.draw.scene import Scene
from cx_map.draw.writers.svg import to_svg
from cx_map.errors import UsageError
from tests.draw.nordvik import big, nordvik
from tests.draw.writers.test_svg import hostile_scene

INSTALLED = pytest.mark.skipif(engines.executable() is None, reason="no Graphviz on this machine")


def fake_dot(folder: Path, body: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program ``dot`` that keeps what it was given, first on the PATH."""
    program, seen = folder / "dot", folder / "seen.dot"
    program.write_text(
        f"#!{sys.executable}\nimport sys\ntext = sys.stdin.read()\nopen({str(seen)!r}, 'w').write(text)\n{body}"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr("shutil.which", lambda name: str(program))
    return seen


def two_cards(scene: Scene) -> str:
    """What Graphviz answers for two cards and two flows."""
    nodes = [{"name": f"n{rank}", "pos": f"{100 + 300 * rank},{50}"} for rank in range(len(scene.nodes))]
    lines = [{"id": "e0", "pos": "200,50 250,60 260,60 300,50"}, {"id": "e1"}]
    lane = {"name": "cluster_0", "bb": "0,0,500,100"}
    return f"print({json.dumps(json.dumps({'bb': '0,0,500,100', 'objects': [*nodes, lane], 'edges': lines}))})"


def test_graphviz_never_sees_a_users_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = hostile_scene('"]; evil [image="/etc/passwd" label=<<IMG SRC="x"/>>')
    seen = fake_dot(tmp_path, two_cards(scene), monkeypatch)
    layout = layout_graphviz(scene, "dot")
    given = seen.read_text()
    assert "evil" not in given
    assert "passwd" not in given
    assert "n0 [width=" in given
    assert len(layout.cards) == 2
    assert layout.frames[0].role == "lane"
    box = layout.place()[scene.nodes[0].id]
    assert any(abs(other.centre[0] - box.centre[0]) == pytest.approx(400) for other in layout.place().values())
    assert {len(wire.path) for wire in layout.wires} == {2}


def test_where_there_is_none_both_ways_to_get_it_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "executable", lambda: None)
    with pytest.raises(UsageError) as caught:
        place("digraph {}", "dot")
    assert "PATH" in (caught.value.hint or "")
    assert "cxmap[engines]" in (caught.value.hint or "")


def test_an_engine_that_takes_too_long_is_stopped_with_advice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_dot(tmp_path, "import time\ntime.sleep(60)", monkeypatch)
    with pytest.raises(UsageError, match=r"longer than 0\.5 seconds") as caught:
        place("digraph {}", "neato", seconds=0.5)
    assert "--limit" in (caught.value.hint or "")


@pytest.mark.parametrize("body", ["print('no json')", "sys.stderr.write('syntax error\\n')\nsys.exit(1)"])
def test_a_program_that_fails_is_a_usage_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    fake_dot(tmp_path, body, monkeypatch)
    with pytest.raises(UsageError, match="fdp failed"):
        place("digraph {}", "fdp")


def test_more_cards_than_measured_are_refused_before_anything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cx_map.draw.layouts.graphviz.place", lambda *_: pytest.fail("must not run"))
    with pytest.raises(UsageError, match="at most 400"):
        layout_graphviz(big(500), "circo")


def test_without_dot_on_the_path_the_wheel_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    found = engines.executable()
    assert found is not None
    assert Path(found).stem == "graphviz-pure"
    layout = layout_graphviz(nordvik(), "dot")
    assert len(layout.cards) == 40
    assert len(layout.frames) == 5


@INSTALLED
@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_places_every_card_apart_and_joins_every_flow(engine: engines.Engine) -> None:
    scene = nordvik()
    layout = layout_graphviz(scene, engine)
    boxes = list(layout.place().values())
    assert len(boxes) == len(scene.nodes)
    assert not [1 for i, one in enumerate(boxes) for other in boxes[i + 1 :] if one.meets(other)]
    assert all(one.x >= 0 and one.right <= layout.width and one.y >= 0 and one.bottom <= layout.height for one in boxes)
    assert len(layout.wires) == len(scene.edges)
    for wire in layout.wires:
        (x, y), end = wire.path[0], wire.path[-1][-2:]
        source, target = layout.place()[wire.edge.source], layout.place()[wire.edge.target]
        assert source.x - 8 <= x <= source.right + 8
        assert source.y - 8 <= y <= source.bottom + 8
        assert target.x - 8 <= end[0] <= target.right + 8
        assert target.y - 8 <= end[1] <= target.bottom + 8
    assert "Nordvik" in to_svg(layout, theme="light")
