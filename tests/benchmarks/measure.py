"""Time and peak memory of fresh processes."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_CACHE = tempfile.TemporaryDirectory(prefix="cxmap-bench-")
_ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
_ENVIRONMENT["PYTHONPYCACHEPREFIX"] = (
    _CACHE.name
)  # compiled once, as an installed package is, and not into the repository
_ENVIRONMENT["CXMAP_CACHE_DIR"] = ""  # nothing is kept from run to run, unless a measurement says so
_TIMED = """
import resource, sys, time
{before}
begin = time.perf_counter()
{code}
print(time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


@dataclass(frozen=True)
class Measurement:
    """Wall-clock seconds and peak resident megabytes."""

    seconds: float
    megabytes: float


def process(*arguments: str, **environment: str) -> Measurement:
    """A whole Python process, from start to end; raises RuntimeError where it fails with 2 or more."""
    begin = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**_ENVIRONMENT, **environment},
    )
    stderr = child.stderr.read() if child.stderr is not None else b""
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - begin
    if child.stderr is not None:
        child.stderr.close()
    if child.returncode not in (0, 1):
        last = stderr.decode("utf-8", "replace").strip().splitlines()
        raise RuntimeError(f"exit code {child.returncode}: {last[-1][:120] if last else ''}".replace("|", "/"))
    return Measurement(seconds, usage.ru_maxrss / 1024)


def in_process(code: str, before: str = "") -> Measurement:
    """The time of some code inside a fresh process, imports included, interpreter start and ``before`` left out."""
    done = subprocess.run(
        [sys.executable, "-c", _TIMED.format(before=before, code=code)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=_ENVIRONMENT,
    )
    seconds, megabytes = done.stdout.split()
    return Measurement(float(seconds), float(megabytes))


def median_of(runs: int, measure: Callable[[], Measurement]) -> Measurement:
    """The median time and largest memory of several runs, after one that warms the caches; a single long run needs none."""
    if runs > 1:
        measure()
    found = [measure() for _ in range(runs)]
    return Measurement(statistics.median(one.seconds for one in found), max(one.megabytes for one in found))
