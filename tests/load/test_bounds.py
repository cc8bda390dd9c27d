"""Hostile files cost bounded time and memory: each is read in a process with limits of its own."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

MEMORY = 2_500 * 2**20
SECONDS = 40
_RUN = """
import sys
from cx_map.errors import InventoryError
from cx_map.load.loader import load
try:
    load(sys.argv[1])
    print("loaded")
except InventoryError as error:
    print(len(error.problems), error.problems[0].code, error.problems[0].location.line, error.problems[-1].message)
"""


def outcome(path: Path) -> str:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(path)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
        timeout=4 * SECONDS,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def bomb(levels: int) -> str:
    lines = ["x-0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"x-{one}: &a{one} [{', '.join([f'*a{one - 1}'] * 10)}]" for one in range(1, levels)]
    return "\n".join(lines)


def repeated_keys(count: int) -> str:
    keys = "".join(f"  k{number}: A\n" for number in range(count))
    return f"teams:\n{keys}{keys}"


HOSTILE = {
    "alias bomb": (bomb(9), "more than 100,000 values"),
    "alias bomb in entities": ("x-a: &a [" + "x, " * 30_000 + "x]\nteams:\n" + "".join(f"  t{n}: {{tags: *a}}\n" for n in range(9)), "more than 100,000"),
    "large defaults": ("defaults:\n  tags: [" + "x, " * 100_000 + "x]\nteams:\n" + "".join(f"  t{n}: A\n" for n in range(1000)), "more than 3,000,000"),
    "deep nesting": ("teams: " + "[" * 900_000, "more than 40 levels"),
    "deep block nesting": ("teams:\n  " + "- " * 300_000, "more than 40 levels"),
    "deep mappings": ("teams: " + "{a: " * 200_000, "more than 40 levels"),
    "one long line": ("teams: {a: '" + "x" * 20_000_000 + "'}\n", "more than 1,000,000 characters"),
    "one long text": ("teams:\n  a:\n    notes: |\n" + "      some words that go on\n" * 500_000, "loaded"),
    "many small values": ("x-a:\n" + "- 1\n" * 6_500_000, "more than 6,000,000 keys"),
    "many unknown fields": ("teams:\n  a:\n" + "".join(f"    zzz{n}: 1\n" for n in range(300_000)), "more errors"),
    "many bad ids": ("teams:\n" + "".join(f"  T{n}: A\n" for n in range(300_000)), "more errors"),
    "many dangling references": ("teams:\n" + "".join(f"  t{n}: {{parent: q{n}}}\n" for n in range(50_000)), "more errors"),
    "many repeated keys": (repeated_keys(200_000), "more errors"),
    "many repeated fields": ("teams:\n  a:\n" + "".join(f"    x-{n}: 1\n" for n in range(200_000)) * 2, "more errors"),
    "a circle of 50,000": ("teams:\n" + "".join(f"  t{n}: {{parent: t{(n + 1) % 50_000}}}\n" for n in range(50_000)), "goes in a circle"),
    "a chain of 50,000": ("teams:\n" + "".join(f"  t{n}: {{parent: t{min(n + 1, 49_999 - n % 2)}}}\n" for n in range(49_997, 0, -1)) + "  t49998: A\n  t49999: A\n", "loaded"),
    "a deep attribute id": ("teams: {t: T}\nattributes:\n  " + "a." * 400 + "b: {parent: c}\n", "loaded"),
    "a long number": ("communications: {a: {volume: " + "9" * 900_000 + "}}\n", "too large"),
    "a long almost-number": ("communications: {a: {volume: " + "1_000" * 100_000 + "x}}\n", "is not a number"),
    "many anchors": ("x-a:\n" + "".join(f"  - &a{n} 1\n" for n in range(300_000)) + "teams: {t: T}\n", "loaded"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_answered_soon_and_small(name: str, tmp_path: Path) -> None:
    text, words = HOSTILE[name]
    path = tmp_path / "a.cxmap.yaml"
    path.write_text("cxmap: 1\n" + text, encoding="utf-8")
    assert words in outcome(path)


def test_a_folder_with_too_much_in_all(tmp_path: Path) -> None:
    for number in range(9):
        with (tmp_path / f"{number}.cxmap.yaml").open("wb") as file:
            file.truncate(31 * 2**20)
    assert "more than 256 MB in all" in outcome(tmp_path)
