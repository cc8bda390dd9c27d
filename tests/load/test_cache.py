"""With a cache or without one, cold, warm or partly changed: the same inventory, or the same errors, to the last place."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from cx_map.errors import InventoryError
from cx_map.load import cache as cache_module
from cx_map.load import loader, parts
from cx_map.load.cache import DIRECTORY_VARIABLE, Cache, users_cache, using
from cx_map.load.loader import load
from cx_map.model.inventory import Inventory, RawEntity
from cx_map.model.source import Map, Raw, Seq
from tests.load.broken import CASES, Case

ROOT = Path(__file__).parents[2]
FOLDERS = sorted({path.parent for room in ("inventories", "examples") for path in (ROOT / room).glob("*/*.cxmap.yaml")})


@pytest.fixture(autouse=True)
def _every_file_is_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "SMALLEST", 0)


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as temporary:
        yield Path(temporary)


def marked(value: Raw) -> Any:
    """A raw value with all of its places."""
    if isinstance(value, Map):
        return {key: marked(item) for key, item in value.items()}, list(value), value.marks
    return ([marked(item) for item in value], value.marks) if isinstance(value, Seq) else (value, type(value))


def raw(one: RawEntity | None) -> Any:
    return None if one is None else (one.kind, one.id, one.mark, one.end, marked(one.fields))


def typed(value: Any) -> Any:
    """A typed value taken apart, with the type of every number, so that 5 and 5.0 differ."""
    if isinstance(value, Struct):
        return type(value), [typed(getattr(value, name)) for name in value.__struct_fields__]
    if isinstance(value, (list, tuple)):
        return type(value), [typed(item) for item in value]
    if isinstance(value, Mapping):
        return [(key, typed(item)) for key, item in value.items()]
    return type(value), value


def everything(inventory: Inventory) -> Any:
    """All that an inventory holds, in its order, with the types of all numbers."""
    written = inventory.raw
    tables = (written.entities, written.attributes, written.references)
    return (
        [[(name, raw(one)) for name, one in table.items()] for table in tables],
        [raw(one) for one in (*inventory.flow_sources, *inventory.overlap_sources)],
        [sorted(map(repr, map(raw, some))) for some in (written.flows, written.overlaps)],
        raw(written.organization), raw(written.roadmap), written.exemptions, written.files,
        [typed(table) for table in (inventory.entities, inventory.attributes, inventory.references)],
        typed((inventory.flows, inventory.overlaps, inventory.organization, inventory.roadmap)),
        sorted(inventory.shipped), inventory.state,
    )  # fmt: skip


def outcome(place: Path, cache: Cache | None) -> Any:
    with using(lambda: cache):
        try:
            return everything(load(str(place)))
        except InventoryError as error:
            return error.problems


@pytest.mark.parametrize("place", FOLDERS, ids=lambda place: place.name)
def test_cold_and_warm_are_what_there_is_without(place: Path, folder: Path) -> None:
    cache = Cache(folder / "cache")
    without = outcome(place, None)
    assert outcome(place, cache) == without
    assert list(cache.folder.iterdir())
    assert outcome(place, cache) == without


def test_warm_reads_nothing_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, cache = ROOT / "inventories" / "nordvik-bank", Cache(folder / "cache")
    without = outcome(place, cache)

    def never(*_: Any) -> Any:
        raise AssertionError("a file was parsed")

    monkeypatch.setattr(loader, "assemble", never)
    monkeypatch.setattr(parts, "assemble_one", never)
    assert outcome(place, cache) == without


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_broken_inventories_stay_broken_in_the_same_words(case: Case, folder: Path) -> None:
    cache = Cache(folder / "cache")
    for number, text in enumerate(case.files):
        data = text if isinstance(text, bytes) else text.encode()
        (folder / f"f{number}.cxmap.yaml").write_bytes(data if case.bare else b"cxmap: 1\n" + data)
        outcome(folder / f"f{number}.cxmap.yaml", cache)  # what is sound by itself is known
    without = outcome(folder, None)
    assert isinstance(without, tuple)
    assert outcome(folder, cache) == without
    assert outcome(folder, cache) == without


@given(st.data())
@settings(max_examples=40)
def test_any_change_to_a_known_inventory_gives_what_reading_all_of_it_gives(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        place, cache = Path(temporary) / "inventory", Cache(Path(temporary) / "cache")
        shutil.copytree(ROOT / "inventories" / "nordvik-bank", place)
        outcome(place, cache)
        files = sorted(place.glob("*.cxmap.yaml"))
        for _ in range(data.draw(st.integers(1, 2))):
            path = data.draw(st.sampled_from(files))
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else ["\n"]
            at = data.draw(st.integers(0, len(lines) - 1))
            match data.draw(st.sampled_from(["drop", "twice", "remove", "move", "first", "money"])):
                case "drop":
                    del lines[at : at + data.draw(st.integers(1, 3))]
                case "twice":
                    lines.insert(at, lines[at])
                case "money":
                    lines = [one.replace("EUR", "NOK") for one in lines]
                case "first":
                    (place / "0.cxmap.yaml").write_text("cxmap: 1\nteams: {a-new-team: {}}\n", encoding="utf-8")
                case "move":
                    (place / f"z-{path.name}").write_bytes(path.read_bytes() if path.exists() else b"")
                    lines = ["cxmap: 1\n"]
                case "remove":
                    path.unlink(missing_ok=True)
                    continue
            path.write_text("".join(lines), encoding="utf-8")
        without = outcome(place, None)
        assert outcome(place, cache) == without
        assert outcome(place, cache) == without


@given(at=st.floats(0, 1), byte=st.integers(0, 255), cut=st.booleans())
@settings(max_examples=30)
def test_a_damaged_entry_is_read_as_none(at: float, byte: int, cut: bool) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        place, cache = ROOT / "examples" / "minimal", Cache(Path(temporary))
        without = outcome(place, cache)
        for entry in cache.folder.iterdir():
            content = bytearray(entry.read_bytes())
            where = int(at * (len(content) - 1))
            content[where] = byte
            entry.write_bytes(content[:where] if cut else content)
        assert outcome(place, cache) == without


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_bytes_that_are_no_part_are_refused(content: bytes) -> None:
    assert parts.decode(content, 0) is None


def test_a_folder_that_cannot_be_written_or_read_is_no_cache(folder: Path) -> None:
    place, taken = ROOT / "examples" / "minimal", folder / "taken"
    taken.write_text("a file, where a folder should be")
    assert outcome(place, Cache(taken)) == outcome(place, Cache(taken / "below")) == outcome(place, None)


def test_what_was_not_used_for_longest_goes_first(folder: Path) -> None:
    cache = Cache(folder, largest_total=250)
    for number, key in enumerate(["old", "kept", "new"]):
        cache.put(key, bytes(100))
        os.utime(folder / f"{key}.part", (1000 + number, 1000 + number))
    assert cache.get("old") is not None, "which makes it the newest"
    cache.trim()
    assert [key for key in ("old", "kept", "new") if cache.get(key) is not None] == ["old", "new"]


def test_the_oldest_of_too_many_go(folder: Path) -> None:
    cache = Cache(folder, most_entries=2)
    for number, key in enumerate(["old", "kept", "new"]):
        cache.put(key, b"")
        os.utime(folder / f"{key}.part", (1000 + number, 1000 + number))
    cache.trim()
    assert [key for key in ("old", "kept", "new") if cache.get(key) is not None] == ["kept", "new"]


def test_the_environment_says_where_it_is_or_that_there_is_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DIRECTORY_VARIABLE, str(folder))
    found = users_cache()
    assert found is not None
    assert found.folder == folder
    monkeypatch.setenv(DIRECTORY_VARIABLE, "")
    assert users_cache() is None


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="folders say who may write in them on POSIX only")
def test_a_folder_in_which_everybody_may_write_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DIRECTORY_VARIABLE, str(folder))
    folder.chmod(0o777)
    assert users_cache() is None
    folder.chmod(0o775)
    assert users_cache() is not None


def test_other_code_has_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    files = load(str(ROOT / "examples" / "minimal")).files
    before = cache_module.keys_of(files)
    monkeypatch.setattr(cache_module, "__version__", "0.0.0")
    assert not set(before) & set(cache_module.keys_of(files))
