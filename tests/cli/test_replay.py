"""A replayed audit says what a computed one says, to the last byte of every format; what changed is computed again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cli.replays import counted, said, settled
from tests.inventories.random_firms import firm
from tests.states.small import as_yaml

ROOT = Path(__file__).parents[2]
FOLDERS = sorted({path.parent for room in ("inventories", "examples") for path in (ROOT / room).glob("*/*.cxmap.yaml")})
FORMATS = ("text", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown", "html", "csv")
CONFIGURATION = """\
cxmap: 1
min_confidence: low
ignore: [GOV]
rules:
  BOT109: {severity: minor}
waivers:
  - {rule: BOT109, subject: "*", reason: accepted, approved_by: us, expires: 2026-12-20}
  - {rule: PREF101, subject: nothing, reason: none}
"""


@pytest.fixture(autouse=True)
def _settled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    with settled():
        yield


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with an inventory that has a roadmap."""
    shutil.copytree(ROOT / "examples" / "roadmap", tmp_path / "here" / "firm")
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def everything(folder: Path, cache: Path | None, *more: str) -> list[object]:
    """All formats at once, with what is printed beside them."""
    with tempfile.TemporaryDirectory() as temporary:
        extra = [part for name in FORMATS for part in ("--report", f"{name}={temporary}/{name}")]
        ran = said("audit", str(folder), *extra, "--verbose", *more, cache=cache)
        return [ran, *(Path(temporary, name).read_bytes() for name in FORMATS)]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_format_of_every_inventory_is_replayed_to_the_byte(folder: Path, cache: Path) -> None:
    computed = everything(folder, None)
    assert everything(folder, cache) == computed
    with counted() as count:
        assert everything(folder, cache) == computed
    assert (count.audits, count.searches) == (0, 0)


@given(st.integers(0, 100_000))
@settings(max_examples=3)
def test_every_format_of_a_random_firm_is_replayed_to_the_byte(seed: int) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder, cache = Path(temporary) / "firm", Path(temporary) / "cache"
        folder.mkdir()
        (folder / "all.cxmap.yaml").write_text("cxmap: 1\n" + as_yaml(firm(seed)), encoding="utf-8")
        (folder / "cxmap.yaml").write_text(CONFIGURATION, encoding="utf-8")
        computed = everything(folder, None, "--as-of", "2026-11-28")
        assert everything(folder, cache, "--as-of", "2026-11-28") == computed
        with counted() as count:
            assert everything(folder, cache, "--as-of", "2026-11-28") == computed
        assert (count.audits, count.searches) == (0, 0)


def test_after_one_audit_every_way_to_ask_is_replayed(place: Path, cache: Path) -> None:
    (place / "firm" / "cxmap.yaml").write_text(CONFIGURATION, encoding="utf-8")
    code, out, _ = said("audit", "firm", "--format", "csv")
    fingerprint = out.splitlines()[1].rsplit(",", 1)[1]
    assert code == 1
    said("audit", "firm", cache=cache)
    for way in (
        *([f"--format={name}"] for name in FORMATS),
        ["-v"], ["--by=owner"], ["--by=line_of_business"], ["--by=journey"], ["--by=rule"], ["--fix"], ["--fail-on=none"],
        [f"--explain={fingerprint}"], ["--root-causes=none"], ["--fail-on=critical", "--color=always"],
        ["--report=csv=-", "--fix", "-o=phase.yaml"],
    ):  # fmt: skip
        with counted() as count:
            ran = said("audit", "firm", *way, cache=cache)
        assert (count.audits, count.searches) == (0, 0), way
        assert ran == said("audit", "firm", *way), way
    for way in (["--min-confidence=high"], ["--root-causes=all"], ["--root-causes=all", "--min-confidence=high"]):
        for searches in (1, 0):  # another question about root causes of the same report
            with counted() as count:
                ran = said("audit", "firm", *way, cache=cache)
            assert count.searches == searches, way
            assert ran == said("audit", "firm", *way), way


@pytest.mark.parametrize(
    "command",
    [
        ("report", "firm", "-o", "out.zip"),
        ("render", "firm", "-o", "out.html"),
        ("render", "firm", "--findings", "-o", "out.svg"),
        ("inventory", "firm", "--format", "json"),
        ("diff", "firm", "firm@target", "--format", "json"),
        ("diff", "firm@target", "firm"),
    ],
    ids=" ".join,
)
def test_other_commands_replay_their_audits(place: Path, cache: Path, command: tuple[str, ...]) -> None:
    out = next((place / part for part in command if part.startswith("out.")), None)
    computed = said(*command), out.read_bytes() if out is not None else None
    with counted() as count:
        assert (said(*command, cache=cache), out.read_bytes() if out is not None else None) == computed
    assert count.audits
    with counted() as count:
        assert (said(*command, cache=cache), out.read_bytes() if out is not None else None) == computed
    assert (count.audits, count.searches) == (0, 0)


def test_commands_use_each_others_audits(place: Path, cache: Path) -> None:
    said("report", "firm", "-o", "out.zip", cache=cache)
    with counted() as count:
        said("audit", "firm", cache=cache)
        said("inventory", "firm", cache=cache)
        said("audit", "firm@target", "--as-of", "2026-11-01", cache=cache)
    assert count.audits == 1, "the state of a phase is judged as of the newest date of the current state"


def git(*arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


def test_what_a_revision_did_not_have_is_replayed_until_either_changes(place: Path, cache: Path) -> None:
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    file = place / "firm" / "insurer.cxmap.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("volume: 12500/month", "volume: 99000/month"), "utf-8")
    file.write_text(
        file.read_text(encoding="utf-8").replace("end_of_support: 2027-12", "end_of_support: 2025-12"), "utf-8"
    )
    ways = ("audit", "firm", "--since", "main", "--format", "json")
    computed = said(*ways)
    assert '"code": ' in computed[1], "else this shows nothing"
    assert said(*ways, cache=cache) == computed
    with counted() as count:
        assert said(*ways, cache=cache) == computed
    assert (count.audits, count.searches) == (0, 0)
    before = said("audit", "main:firm")
    with counted() as count:
        assert said("audit", "main:firm", cache=cache) == before
    assert (count.audits, count.searches) == (0, 1), (
        "the revision was audited to compare with, its root causes not sought"
    )
    git("commit", "-qam", "two")
    with counted() as count:
        assert '"findings": []' in said(*ways, cache=cache)[1]
    assert count.audits == 1, "the branch is another revision now; it has the files that are here, under other names"


CHANGES = (
    "comment", "word", "rename", "move", "file", "settings", "waiver", "today", "epoch", "phase", "select", "ignore", "order",
    "way", "format", "exempt", "folder", "back",
)  # fmt: skip


@given(st.lists(st.sampled_from(CHANGES), min_size=3, max_size=8))
@settings(max_examples=10)
def test_whatever_is_changed_and_changed_back_the_answer_is_the_computed_one(changes: list[str]) -> None:
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as temporary:
        cache = Path(temporary) / "cache"
        start = Path(temporary) / "a"
        shutil.copytree(ROOT / "examples" / "roadmap", start / "firm")
        shutil.copytree(start, Path(temporary) / "b" / "deep")
        options: dict[str, list[str]] = {"path": ["firm"]}
        try:
            os.chdir(start)
            said("audit", "firm", cache=cache)
            for number, change in enumerate(changes):
                _change_files(change, number)
                _change_question(change, number, options)
                asked = [one for some in options.values() for one in some]
                computed = said("audit", *asked)
                assert said("audit", *asked, cache=cache) == computed
                with counted() as count:
                    assert said("audit", *asked, cache=cache) == computed
                assert count.audits == 0 or computed[0] == 2
        finally:
            os.chdir(here)
            os.environ.pop("SOURCE_DATE_EPOCH", None)


def _change_files(change: str, number: int) -> None:
    """Change something in the current folder, or go to another one."""
    file = next(iter(sorted(Path().glob("firm/i*.cxmap.yaml"))), Path("firm/none.cxmap.yaml"))
    text = file.read_text(encoding="utf-8") if file.exists() else "cxmap: 1\n"
    match change:
        case "comment":
            file.write_text(f"# {number}\n{text}", encoding="utf-8")
        case "word":
            file.write_text(text.replace("share: 65%", "share: 35%").replace("volume: 12500", "volume: 250"), "utf-8")
        case "exempt":
            file.write_text(
                text.replace("  home-renewal:\n", "  # cxmap: ignore[BOT109] ours\n  home-renewal:\n"), "utf-8"
            )
        case "rename" if file.exists():
            file.rename(file.with_name(f"i{number}.cxmap.yaml"))
        case "move" if file.exists():
            (file.parent / "sub").mkdir(exist_ok=True)
            file.rename(file.parent / "sub" / file.name)
        case "file":
            Path("firm/z.cxmap.yaml").write_text("cxmap: 1\nteams: {a-new-team: {}}\n", encoding="utf-8")
        case "settings":
            Path("firm/cxmap.yaml").write_text(CONFIGURATION.replace("low", "high"), encoding="utf-8")
        case "waiver":
            Path("firm/cxmap.yaml").write_text(
                CONFIGURATION.replace("12-20", f"0{number + 1}-20"[-5:]), encoding="utf-8"
            )
        case "folder":
            os.chdir("../b/deep" if Path.cwd().name == "a" else "../../a")
        case "back" if file.exists():
            file.write_bytes((ROOT / "examples" / "roadmap" / "insurer.cxmap.yaml").read_bytes())


def _change_question(change: str, number: int, options: dict[str, list[str]]) -> None:
    """Change how is asked."""
    match change:
        case "today":
            options["today"] = ["--as-of", f"2026-12-{10 + number}"]
        case "epoch":
            os.environ["SOURCE_DATE_EPOCH"] = str(1_800_000_000 + 864_000 * number)
        case "phase":
            options["path"] = ["firm@target"]
        case "order":
            options["path"] = [str(one) for one in sorted(Path("firm").rglob("*.cxmap.yaml"), reverse=True)]
        case "way":
            options["path"] = ["./firm/../firm"]
        case "select":
            options["select"] = ["--select", ("BOT,SILO", "PREF", "NOPE")[number % 3]]
        case "ignore":
            options["ignore"] = ["--ignore", "BOT109"]
        case "format":
            options["format"] = ["--format", FORMATS[number % len(FORMATS)]]
        case "back":
            options["path"] = ["firm"]
            options.pop("today", None)


def test_a_configuration_is_part_of_the_question_by_bytes_and_by_name(place: Path, cache: Path) -> None:
    def both(*more: str) -> None:
        assert said("audit", "firm", *more, cache=cache) == said("audit", "firm", *more)

    both()
    (place / "other.yaml").write_text(CONFIGURATION, encoding="utf-8")
    both("--config", "other.yaml")
    (place / "firm" / "cxmap.yaml").write_text(CONFIGURATION, encoding="utf-8")
    both()
    (place / "firm" / "cxmap.yaml").write_text(CONFIGURATION.replace("12-20", "11-20"), encoding="utf-8")
    both()
    both("--as-of", "2026-11-20")
    both("--as-of", "2026-11-21")
    (place / "firm" / "cxmap.yaml").write_text("cxmap: 1\nrules: {NOPE: {}}\n", encoding="utf-8")
    both()
    both("--config", "absent.yaml")
    (place / "firm" / "cxmap.yaml").unlink()
    both()


def test_the_configuration_of_a_phase_is_the_one_beside_the_inventory(place: Path) -> None:
    (place / "firm" / "cxmap.yaml").write_text("cxmap: 1\nselect: [NOPE]\n", encoding="utf-8")
    assert said("audit", "firm@target")[0] == 2


def test_standard_input_is_read_once_and_replayed(place: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (place / "firm" / "insurer.cxmap.yaml").read_bytes()
    (place / "text").write_bytes(text)

    def ask(cache: Path | None) -> tuple[int, str, str]:
        with (place / "text").open(encoding="utf-8") as stream:
            monkeypatch.setattr("sys.stdin", stream)
            return said("audit", "-", cache=cache)

    computed = ask(None)
    assert "<stdin>:" in computed[1]
    assert ask(cache) == computed
    with counted() as count:
        assert ask(cache) == computed
    assert count.audits == 0


def test_nothing_is_kept_of_an_inventory_with_errors(place: Path, cache: Path) -> None:
    (place / "firm" / "broken.cxmap.yaml").write_text("cxmap: 1\nplatforms: {a: {owner: nobody-known}}\n", "utf-8")
    computed = said("audit", "firm")
    assert computed[0] == 2
    assert said("audit", "firm", cache=cache) == computed
    assert not cache.exists()


def test_a_file_that_cannot_be_read_is_no_inventory_without_it(place: Path, cache: Path) -> None:
    assert said("audit", "firm", cache=cache)[0] == 1
    (place / "firm" / "gone.cxmap.yaml").symlink_to("nowhere")
    ran = said("audit", "firm", cache=cache)
    assert ran == said("audit", "firm")
    assert ran[0] == 2


def test_no_cache_neither_reads_nor_writes(place: Path, cache: Path) -> None:
    said("audit", "firm", "--no-cache", cache=cache)
    assert not cache.exists()
    said("audit", "firm", cache=cache)
    with counted() as count:
        said("audit", "firm", "--no-cache", cache=cache)
    assert count.audits


_AGAIN = """
import sys
from cx_map.audit import kept_form
from cx_map.cli.app import run
kept_form._SETTLED = 2**63
code = run(["audit", "firm", "--format", sys.argv[1], "-o", "out"])
rooms = ("cx_map.model.inventory", "cx_map.graph", "cx_map.analyses", "cx_map.rules", "cx_map.load.reader", "yaml", "networkx")
print(code, *(one for one in rooms if one in sys.modules))
"""


@pytest.mark.parametrize("kind", ["json", "text"])
def test_what_is_replayed_imports_nothing_that_computes_or_parses(place: Path, cache: Path, kind: str) -> None:
    said("audit", "firm", "--format", kind, cache=cache)
    environment = {**os.environ, "CXMAP_CACHE_DIR": str(cache), "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", _AGAIN, kind], cwd=place, env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["1"]


def test_the_library_keeps_nothing(place: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import cx_map

    monkeypatch.setenv("CXMAP_CACHE_DIR", str(cache))
    cx_map.audit(cx_map.load("firm"))
    assert not cache.exists()


@given(at=st.floats(0, 1), byte=st.integers(0, 255), cut=st.booleans(), swap=st.booleans())
@settings(max_examples=12)
def test_a_damaged_or_foreign_entry_is_as_if_there_were_none(at: float, byte: int, cut: bool, swap: bool) -> None:
    folder = ROOT / "examples" / "minimal"
    with tempfile.TemporaryDirectory() as temporary:
        cache = Path(temporary)
        computed = said("audit", str(folder))
        said("audit", str(folder), cache=cache)
        entries = sorted(cache.iterdir())
        assert len(entries) > 2
        contents = [bytearray(entry.read_bytes()) for entry in entries]
        if swap:
            contents = contents[1:] + contents[:1]
        for entry, content in zip(entries, contents, strict=True):
            where = int(at * (len(content) - 1))
            content[where] = byte
            entry.write_bytes(content[:where] if cut else content)
        assert said("audit", str(folder), cache=cache) == computed
        assert said("audit", str(folder), cache=cache) == computed
