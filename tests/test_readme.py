"""The README is run: every command, the inventory it shows, and the Python in it."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from cx_map.cli.app import run

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_command_runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = 0
    for block in blocks("console"):
        for line in block.splitlines():
            words = shlex.split(line.removeprefix("$ "))
            if words and words[0] in ("cxmap", ".venv/bin/cxmap"):
                where = [word if word != "." else "examples/minimal" for word in words[1:]]
                assert run(where) in (0, 1), line
                assert "error" not in capsys.readouterr().err
                ran += 1
    assert ran >= 6
    assert (folder / "my-firm.svg").is_file()
    assert (folder / "cxmap.sarif").is_file()


def test_the_inventory_is_valid(folder: Path) -> None:
    (block,) = blocks("yaml")
    (folder / "readme.cxmap.yaml").write_text(block)
    assert run(["validate", "readme.cxmap.yaml"]) == 0


def test_the_python_runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = blocks("python")
    exec(compile(block, "README.md", "exec"), {})
    assert "BOT109" in capsys.readouterr().out


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"`make (\w+)`|\$ make (\w+)", README):
        assert f"\n{''.join(target)}:" in makefile
