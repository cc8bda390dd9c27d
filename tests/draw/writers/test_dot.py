"""DOT text: parsed by a small reader of the language, and by Graphviz itself where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET

import pytest

from cx_map.draw.layouts.web import layout_web
from cx_map.draw.scene import Scene
from cx_map.draw.writers.dot import html, quoted, to_dot, to_dot_web
from tests.draw.nordvik import nordvik, nordvik_diff
from tests.draw.writers.test_svg import HOSTILE, hostile_scene


def tokens(dot: str) -> list[str]:
    """Tokens of the DOT language; fails on an unclosed string, label or bracket, or on a control character."""
    found, at, depth = [], 0, 0
    while at < len(dot):
        if dot[at].isspace():
            at += 1
        elif dot[at] == "<":
            end, depth = at + 1, 1
            while depth:
                depth += {"<": 1, ">": -1}.get(dot[end], 0)
                end += 1
            ET.fromstring(f"<label>{dot[at + 1 : end - 1]}</label>")
            found.append(dot[at:end])
            at = end
        else:
            match = re.compile(r'"(?:[^"\\]|\\.)*"|->|[\w.]+|[{}\[\]=;,]|-').match(dot, at)
            assert match, dot[at : at + 40]
            found.append(match.group())
            at = match.end()
    assert found.count("{") == found.count("}")
    assert found.count("[") == found.count("]")
    return found


def both(scene: Scene) -> list[str]:
    return [to_dot(scene), to_dot_web(scene, layout_web(scene))]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_inside_its_string(text: str) -> None:
    for dot in both(hostile_scene(text + '\\" \\')):
        found = tokens(dot)
        assert found[:2] == ["digraph", "ecosystem"]
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]", dot)


def test_layered_has_the_measured_settings_clusters_and_turned_feedback() -> None:
    dot = to_dot(nordvik())
    assert "rankdir=LR nodesep=0.16 ranksep=0.95" in dot
    assert dot.count('subgraph "cluster_') == 5
    assert re.search(
        r'^"core-banking" -> "branch-kyc-form" \[.*style=dashed dir=back tailport=e headport=w\]',
        dot,
        re.MULTILINE,
    )
    assert re.search(r'^"core-banking" -> "crm" \[color="#\w+" penwidth=1.0 tailport=e headport=w\]', dot, re.MULTILINE)
    assert "Print &amp; post" in dot
    assert f"<B>{nordvik().title}</B>" in dot
    assert re.search(r'rank=same; "app-push"; "email"; "print"; "sms"; "voice"', dot)
    assert dot.count("->") == len(nordvik().edges)


def test_web_pins_every_node_where_the_layout_has_it() -> None:
    scene = nordvik()
    layout = layout_web(scene)
    dot = to_dot_web(scene, layout)
    pins = re.findall(r'pos="([\d.]+),([\d.]+)!"', dot)
    assert len(pins) == len(scene.nodes) + 1
    x, y = next(card.box.centre for card in layout.cards if card.node.id == "crm")
    line = next(line for line in dot.splitlines() if line.startswith('"crm" ['))
    assert f'pos="{x * 0.75:.1f},{(layout.height - y) * 0.75:.1f}!"' in line


def test_marks_and_missing_flows() -> None:
    dot = to_dot(nordvik_diff())
    assert "<S><B>Letter system</B></S>" in dot
    assert 'color="#0063B1" penwidth=2.6' in dot
    assert "✕ missing" in to_dot(nordvik())


def test_quoting() -> None:
    assert quoted('a "b" \\N\\') == '"a \\"b\\" \\\\N\\\\"'
    assert quoted("two\nlines") == '"two\\nlines"'
    assert html("<b>&'\"</b>") == "&lt;b&gt;&amp;&#39;&quot;&lt;/b&gt;"


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is optional and not installed here")
@pytest.mark.parametrize("text", ["plain", *HOSTILE])
def test_graphviz_reads_it(text: str) -> None:
    scene = hostile_scene(text + '\\" \\')
    for dot in both(scene):
        done = subprocess.run(["dot", "-Tdot"], input=dot.encode(), capture_output=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr.decode()
        assert b"syntax error" not in done.stderr
