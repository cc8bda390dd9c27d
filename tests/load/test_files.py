"""Which files make up an inventory: folders, links, names, git revisions."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from cx_map.errors import InventoryError, Problem, UsageError
from cx_map.load.loader import load
from cx_map.load.targets import Target, parse_target

GOOD = "cxmap: 1\nteams: {%s: A}\n"


def problems(*paths: str) -> tuple[Problem, ...]:
    with pytest.raises(InventoryError) as caught:
        load(*paths)
    return caught.value.problems


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_every_inventory_file_below_a_folder_is_read_and_nothing_else() -> None:
    write("inv/a.cxmap.yaml", GOOD % "a")
    write("inv/deep/er/b.cxmap.yaml", GOOD % "b")
    write("inv/.hidden/c.cxmap.yaml", "broken: [")
    write("inv/cxmap.yaml", "rules: [")
    write("inv/other.yaml", "- x\n")
    inventory = load("inv")
    assert [file.path for file in inventory.files] == ["inv/a.cxmap.yaml", "inv/deep/er/b.cxmap.yaml"]
    assert inventory.counts == {"teams": 2}


def test_one_file_several_files_and_a_file_named_twice() -> None:
    write("inv/a.cxmap.yaml", GOOD % "a")
    write("any-name.yml", GOOD % "b")
    assert load("any-name.yml").counts == {"teams": 1}
    assert load("inv", "any-name.yml", "inv/a.cxmap.yaml", str(Path("inv").resolve())).counts == {"teams": 2}


def test_paths_are_shown_relative_to_where_the_command_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    write("inv/a.cxmap.yaml", GOOD % "a")
    absolute = str(Path("inv").resolve())
    Path("elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    assert load(absolute).files[0].path == "../inv/a.cxmap.yaml"


def test_an_empty_folder_and_a_misnamed_file() -> None:
    Path("empty").mkdir()
    (problem,) = problems("empty")
    assert (problem.code, problem.location.path, problem.message) == (
        "CX001",
        "empty",
        "no inventory file in this folder",
    )
    assert "cxmap init" in problem.hint
    write("wrong/bank.yaml", GOOD % "a")
    assert "rename bank.yaml to bank.cxmap.yaml" in problems("wrong")[0].hint


def test_a_path_that_does_not_exist() -> None:
    with pytest.raises(UsageError, match="no such file or folder: nowhere"):
        load("nowhere")


def test_a_link_to_itself() -> None:
    write("inv/a.cxmap.yaml", GOOD % "a")
    Path("inv/loop.cxmap.yaml").symlink_to("loop.cxmap.yaml")
    (problem,) = problems("inv")
    assert (problem.code, problem.location.path) == ("CX001", "inv/loop.cxmap.yaml")
    assert "back to itself" in problem.message
    assert "back to itself" in problems("inv/loop.cxmap.yaml")[0].message


def test_a_folder_linked_into_itself() -> None:
    write("inv/deep/a.cxmap.yaml", GOOD % "a")
    Path("inv/deep/up").symlink_to("..")
    (problem,) = problems("inv")
    assert (problem.location.path, problem.code) == ("inv/deep/up", "CX001")
    assert "back to a folder above" in problem.message


def test_links_to_one_folder_or_file_count_once_however_many() -> None:
    write("inv/d0/a.cxmap.yaml", GOOD % "a")
    for level in range(1, 26):  # 2 ** 25 ways down
        Path(f"inv/d{level}").mkdir()
        for name in ("x", "y"):
            Path(f"inv/d{level}/{name}").symlink_to(f"../d{level - 1}")
    Path("inv/again.cxmap.yaml").symlink_to("d0/a.cxmap.yaml")
    assert load("inv").counts == {"teams": 1}


def test_what_is_no_file_is_not_waited_for() -> None:
    write("inv/a.cxmap.yaml", GOOD % "a")
    os.mkfifo("inv/pipe.cxmap.yaml")
    (problem,) = problems("inv")
    assert problem.message == "cannot be read: not a regular file"


def test_a_file_too_large() -> None:
    with Path("big.cxmap.yaml").open("wb") as file:
        file.truncate(50 * 2**20)
    (problem,) = problems("big.cxmap.yaml")
    assert (problem.code, problem.message) == ("CX001", "cannot be read: 50 MB; the largest file read is 32 MB")


def test_a_name_that_is_not_utf_8() -> None:
    Path("inv").mkdir()
    try:
        with open(b"inv/\xff.cxmap.yaml", "wb") as file:  # noqa: PTH123 - a name of bytes
            file.write(b"- x\n")
    except OSError:
        pytest.skip("this file system takes no such name")
    assert problems("inv")[0].location.path == "inv/\\xff.cxmap.yaml"


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    read, out = os.pipe()
    os.write(out, (GOOD % "a").encode())
    os.close(out)
    with os.fdopen(read, "r") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert load("-").files[0].path == "<stdin>"


def git(*arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository() -> None:
    git("init", "-q")
    write("inv/a.cxmap.yaml", GOOD % "before")
    write("inv/.drafts/z.cxmap.yaml", "broken: [")
    write("other/b.cxmap.yaml", GOOD % "b")
    git("add", ".")
    git("commit", "-qm", "one")
    git("tag", "v1")
    write("inv/a.cxmap.yaml", GOOD % "after")


@pytest.mark.usefixtures("repository")
def test_an_inventory_at_a_revision() -> None:
    inventory = load("v1:inv")
    assert sorted(inventory.raw.entities) == ["before"]
    assert inventory.files[0].path == "v1:inv/a.cxmap.yaml"
    assert sorted(load("v1:").raw.entities) == ["b", "before"]
    assert sorted(load("v1:inv/a.cxmap.yaml").raw.entities) == ["before"]
    assert sorted(load("inv").raw.entities) == ["after"]


@pytest.mark.usefixtures("repository")
def test_a_revision_or_path_that_git_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="cannot read revision 'nope'"):
        load("nope:inv")
    assert problems("v1:gone")[0].message == "no inventory file here at this revision"
    with pytest.raises(UsageError, match="not a git revision"):
        load("--output=x:inv")
    with pytest.raises(UsageError, match="no such file or folder: v1:/inv"):
        load("v1:/inv")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UsageError, match="git is needed"):
        load("v1:inv")


def test_targets() -> None:
    write("inv/a.cxmap.yaml", GOOD % "a")
    write("odd@name/a.cxmap.yaml", GOOD % "a")
    assert parse_target("inv") == Target(("inv",))
    assert parse_target("inv@wave-1") == Target(("inv",), None, "wave-1")
    assert parse_target("main:inv@target") == Target(("inv",), "main", "target")
    assert parse_target("main:") == Target((".",), "main")
    assert parse_target("odd@name") == Target(("odd@name",))
    assert parse_target("odd@name@target") == Target(("odd@name",), None, "target")
    assert parse_target("C:\\inv") == Target(("C:\\inv",))
    assert parse_target("c:/inv") == Target(("c:/inv",))
    assert parse_target("main:/inv") == Target(("main:/inv",))
    assert parse_target("origin/main:inv") == Target(("inv",), "origin/main")
    assert parse_target("-") == Target(("-",))
    assert parse_target("feature@{1}:inv") == Target(("inv",), "feature@{1}")
