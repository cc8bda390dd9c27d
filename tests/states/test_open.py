"""PATH, PATH@phase, REVISION:PATH."""

from __future__ import annotations

import subprocess

import pytest

from cx_map.errors import UsageError
from cx_map.states.open import open_pair, open_state
from tests.states.small import FIRM

ROAD = "cxmap: 1\nroadmap: {phases: [{id: wave-1, changes: [{rename: {legacy: old}}]}, {id: wave-2, changes: [{remove: [cards]}]}]}\n"


@pytest.fixture
def bank(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "bank"
    folder.mkdir()
    (folder / "firm.cxmap.yaml").write_text("cxmap: 1\n" + FIRM)
    (folder / "road.cxmap.yaml").write_text(ROAD)
    return folder


def test_phases(bank):
    assert [open_state(name).state for name in ("bank", "bank@current", "bank@wave-1", "bank@target")] == [
        "current", "current", "wave-1", "wave-2",
    ]  # fmt: skip
    assert open_state("bank/firm.cxmap.yaml", "bank/road.cxmap.yaml@wave-1").state == "wave-1"


def test_what_cannot_be_opened(bank):
    with pytest.raises(UsageError, match="@wave-1 and @wave-2 are two"):
        open_state("bank/firm.cxmap.yaml@wave-1", "bank/road.cxmap.yaml@wave-2")
    with pytest.raises(UsageError, match="no phase 'wave-3'"):
        open_state("bank@wave-3")
    with pytest.raises(UsageError, match="no inventory is named"):
        open_state()


def test_revisions(bank):
    def git(*arguments):
        subprocess.run(
            ["git", "-c", "user.name=t", "-c", "user.email=t@t", *arguments], check=True, capture_output=True
        )

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    (bank / "road.cxmap.yaml").unlink()
    assert open_state("HEAD:bank@wave-1").state == "wave-1"
    before, after = open_pair("HEAD:", "bank")
    assert (before.roadmap is None, after.roadmap is None) == (False, True)
    assert open_pair("bank", "HEAD:@target")[1].state == "wave-2"
    assert open_pair("HEAD:", "HEAD:bank@wave-1")[0].size == before.size
