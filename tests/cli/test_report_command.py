"""``cxmap report``: a folder or one file, whole or not at all."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from cx_map.cli.app import run
from cx_map.cli.folder import MARK, write_folder, zipped
from cx_map.errors import UsageError


def files_of(folder: Path) -> dict[str, bytes]:
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_a_folder_and_a_file_hold_the_same_report(firm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "firm", "-o", "out/site"]) == 0
    assert "begin with out/site/index.html" in capsys.readouterr().out
    assert run(["report", "firm", "-o", "out/report.zip"]) == 0
    written = files_of(firm / "out" / "site")
    written.pop(MARK)
    with zipfile.ZipFile(firm / "out" / "report.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == written
    assert [one.name for one in (firm / "out").iterdir() if one.name.startswith(".")] == []


def test_a_report_is_replaced_as_a_whole(firm: Path) -> None:
    assert run(["report", "firm", "-o", "site"]) == 0
    (firm / "site" / "owners" / "gone.html").write_text("old")
    assert run(["report", "firm", "-o", "site"]) == 0
    assert not (firm / "site" / "owners" / "gone.html").exists()


def test_a_folder_of_somebody_else_is_left_alone(firm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "firm", "-o", "firm"]) == 2
    assert "is not a report of cxmap" in capsys.readouterr().err
    assert [one.name for one in (firm / "firm").iterdir()] == ["all.cxmap.yaml"]


def test_an_invalid_inventory_gives_no_report(firm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (firm / "firm" / "bad.cxmap.yaml").write_text("cxmap: 1\nteams: {t: {nmae: x}}\n")
    assert run(["report", "firm", "-o", "site"]) == 2
    assert "bad.cxmap.yaml:2:13" in capsys.readouterr().err
    assert not (firm / "site").exists()


def test_what_cannot_be_written_leaves_the_old_report(tmp_path: Path) -> None:
    write_folder(tmp_path / "site", {"index.html": "old"})
    with pytest.raises(UsageError, match="cannot write"):
        write_folder(tmp_path / "site", {"index.html": "new", "index.html/below": "a file is no folder"})
    assert (tmp_path / "site" / "index.html").read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["site"]


def test_a_zip_has_the_same_bytes_in_any_order() -> None:
    one, other = zipped({"b": "2", "a": b"1"}), zipped({"a": b"1", "b": "2"})
    assert one == other
    assert zipfile.ZipFile(io.BytesIO(one)).namelist() == ["a", "b"]
