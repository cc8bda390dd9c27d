"""Running the command line in process, in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from cx_map.cli.app import run

VALID = """\
cxmap: 1
teams: {desk: Service desk}
platforms:
  mailer: {owner: desk, capabilities: [deliver_email]}
communications:
  welcome:
    purpose: servicing
    owner: desk
    needs: []
    routes: [{channel: email, platforms: [mailer]}]
"""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def firm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small valid inventory, and the current folder."""
    (tmp_path / "firm").mkdir()
    (tmp_path / "firm" / "all.cxmap.yaml").write_text(VALID)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    return tmp_path


@pytest.fixture
def cxmap(firm: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run the command line; returns exit code and both outputs."""

    def call(*arguments: str) -> Ran:
        capsys.readouterr()
        code = run(list(arguments))
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return call
