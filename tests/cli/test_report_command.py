"""``cxmap report``: a folder or one file, whole or not at all."""

from __future__ import annotations

import io
import sys
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


def test_a_link_stays_a_link_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    try:
        (tmp_path / "site").symlink_to("disk")
        (tmp_path / "later").symlink_to("not-there-yet")
    except OSError:
        pytest.skip("links need a privilege here")
    for name, text in (("site", "first"), ("site", "second"), ("later", "third")):
        write_folder(tmp_path / name, {"index.html": text})
        assert (tmp_path / name).is_symlink()
        assert (tmp_path / name / "index.html").read_text() == text
    assert (tmp_path / "disk" / "index.html").read_text() == "second"


def test_the_folder_the_command_runs_in_is_not_replaced_under_its_feet(
    firm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (firm / "empty").mkdir()
    monkeypatch.chdir(firm / "empty")
    before = Path().stat().st_ino
    for name in (".", "", "../empty"):
        assert run(["report", "../firm", "-o", name]) == 2
    assert Path().stat().st_ino == before


@pytest.mark.parametrize("name", ["x" * 400, "taken", "taken/below"])
def test_a_name_that_cannot_be_a_folder_is_told_as_such(
    name: str, firm: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (firm / "taken").write_text("a file")
    assert run(["report", "firm", "-o", name]) == 2
    assert "bug" not in capsys.readouterr().err
    assert (firm / "taken").read_text() == "a file"


def test_nothing_is_computed_for_a_folder_of_somebody_else(firm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr("cx_map.states.open.open_state", never)
    assert run(["report", "firm", "-o", "firm"]) == 2


def test_an_old_report_that_cannot_be_put_back_is_kept_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(tmp_path / "site", {"index.html": "old"})
    rename = Path.rename

    def one_way(place: Path, target: Path) -> Path:
        if place.name in ("new", "old"):
            raise OSError("no more moves")
        return rename(place, target)

    monkeypatch.setattr(Path, "rename", one_way)
    with pytest.raises(UsageError):
        write_folder(tmp_path / "site", {"index.html": "new"})
    assert [one.read_text() for one in tmp_path.rglob("old/index.html")] == ["old"]


def test_a_command_works_where_its_outputs_are_closed(firm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert run(["report", "firm", "-o", "site"]) == 0
    assert run(["audit", "firm", "--fail-on", "none"]) == 0
    assert (firm / "site" / "index.html").is_file()


def test_a_file_name_that_is_too_long_is_no_bug(firm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["render", "firm", "-o", "x" * 300 + ".svg"]) == 2
    assert "cannot write" in capsys.readouterr().err
    assert run(["render", "firm", "-o", "x" * 240 + ".svg"]) == 0, "the temporary name beside it is no longer"
