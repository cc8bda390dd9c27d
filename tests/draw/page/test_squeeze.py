"""Squeezing changes no meaning: strings, templates and patterns stay, and so do line breaks that end statements."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from cx_map.draw.page.page import SCRIPTS
from cx_map.draw.page.squeeze import squeezed

FOLDER = Path(__file__).parents[3] / "cx_map" / "draw" / "page" / "js"


@pytest.mark.parametrize(
    ("script", "shorter"),
    [
        ("const a = 1; // one\nconst  b = 2", "const a=1;const b=2"),
        ("say(\"a  // b\", 'c /* d */' )", "say(\"a  // b\",'c /* d */')"),
        ("`a  ${ b + `c  ${ {d: 1} }  e` }  f`", "`a  ${b+`c  ${{d:1}}  e`}  f`"),
        ('x = /[/ "]  \\/ `/g . test( y )', 'x=/[/ "]  \\/ `/g.test(y)'),
        ("a / b / c", "a/b/c"),
        ("f(0.5, 10.5, a0 .b, '0.5'); x = a ? 0.5 : 1", "f(.5,10.5,a0.b,'0.5');x=a?.5:1"),
        ("if (a) { b(); c(); }", "if(a){b();c()}"),
        ("a + +b - -c", "a+ +b- -c"),
        ("let a = b\n(c)", "let a=b\n(c)"),
        ("/** doc */\nreturn  x ? y : z", "return x?y:z"),
        ("if (a) {\n  b()\n}\nc()", "if(a){b()}\nc()"),
        ("'it\\'s  ' + \"\\\"  \"", "'it\\'s  '+\"\\\"  \""),
    ],
)
def test_blanks_and_comments_go_and_texts_stay(script: str, shorter: str) -> None:
    assert squeezed(script).strip() == shorter


def test_squeezing_again_changes_nothing() -> None:
    for name in SCRIPTS:
        once = squeezed((FOLDER / name).read_text("utf-8"))
        assert squeezed(once) == once


@pytest.mark.skipif(shutil.which("node") is None, reason="no node here; the browser tests run the script as well")
def test_what_comes_out_is_a_script(tmp_path: Path) -> None:
    file = tmp_path / "all.js"
    file.write_text("".join(squeezed((FOLDER / name).read_text("utf-8")) for name in SCRIPTS), "utf-8")
    assert subprocess.run(["node", "--check", str(file)], capture_output=True, check=False).returncode == 0
