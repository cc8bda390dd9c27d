"""Inventory files as they were at a git revision."""

from __future__ import annotations

import os
from pathlib import Path

from cx_map.errors import Location, Problem, UsageError
from cx_map.load.files import SUFFIX, Found
from cx_map.load.limits import MAX_FILE_BYTES
from cx_map.model.source import SourceFile


def collect_at(revision: str, path: str) -> Found:
    """The inventory files below a path at a revision; raises UsageError where git cannot say."""
    if not revision or revision.startswith("-"):
        raise UsageError(f"not a git revision: {revision!r}", hint="give a branch, tag or commit, such as main")
    where = Path(path)
    folder = where if where.is_dir() else where.parent
    while not folder.is_dir():
        folder = folder.parent
    top = Path(os.fsdecode(_git(folder, "rev-parse", "--show-toplevel", revision=revision)).removesuffix("\n"))
    try:
        inside = where.resolve().relative_to(top.resolve()).as_posix()
    except ValueError:
        raise UsageError(
            f"{path} is not inside the git repository {top.name}", hint="run cxmap in that repository"
        ) from None
    files: list[SourceFile] = []
    problems: list[Problem] = []
    names = {name: size for name, size in _listed(top, revision) if name == inside or _below(name, inside)}
    for name in sorted(names):
        shown = f"{revision}:{os.fsencode(name).decode('utf-8', 'backslashreplace')}"
        if names[name] > MAX_FILE_BYTES:
            problems.append(
                Problem(
                    "CX001",
                    f"cannot be read: larger than {MAX_FILE_BYTES // 2**20} MB",
                    Location(shown),
                    "split it by team",
                )
            )
            continue
        files.append(SourceFile(shown, _git(top, "cat-file", "blob", f"{revision}:{name}", revision=revision)))
    if not names:
        problems.append(Problem("CX001", "no inventory file here at this revision", Location(f"{revision}:{path}"),
                                "check the path and the revision"))  # fmt: skip
    return Found(tuple(files), tuple(problems))


def _below(name: str, inside: str) -> bool:
    """Whether a path of the repository is an inventory file below a folder, hidden folders left out."""
    if not name.endswith(SUFFIX) or not (inside == "." or name.startswith(inside + "/")):
        return False
    rest = name if inside == "." else name[len(inside) + 1 :]
    return not any(part.startswith(".") for part in rest.split("/")[:-1])


def _listed(top: Path, revision: str) -> list[tuple[str, int]]:
    """Path and size of every file of the revision."""
    listing = _git(top, "ls-tree", "-r", "-z", "-l", "--full-tree", f"{revision}^{{tree}}", revision=revision)
    found = []
    for entry in os.fsdecode(listing).split("\0"):
        about, _, name = entry.partition("\t")
        mode, kind, _, size = (about.split() + [""] * 4)[:4]
        if kind == "blob" and mode != "120000":  # not submodules, not symbolic links
            found.append((name, int(size)))
    return found


def _git(folder: Path, *arguments: str, revision: str) -> bytes:
    import subprocess  # only a revision needs it

    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False, timeout=60)
    except FileNotFoundError:
        raise UsageError(
            "git is needed to read an inventory at a revision, and is not installed", hint="install git"
        ) from None
    except subprocess.TimeoutExpired:
        raise UsageError(
            f"git did not answer within a minute about {revision!r}", hint="try the same git command by hand"
        ) from None
    if done.returncode != 0:
        why = done.stderr.decode("utf-8", "replace").strip().splitlines()
        first = why[0].removeprefix("fatal: ") if why else "git failed"
        raise UsageError(
            f"cannot read revision {revision!r}: {first}", hint="give a branch, tag or commit of this repository"
        )
    return done.stdout
