"""The catalogues of the drawing's words: complete, well-formed, and gathered from everything that the code says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import catalogues

CODE = catalogues.ROOT / "cx_map"
LANGUAGES = catalogues.languages()


def _literals_given_to_words(path: Path) -> Iterator[tuple[str, ...]]:
    """First arguments of ``words``, ``noted`` and ``many`` anywhere, in f-strings too, which gathering cannot read."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.func if isinstance(node.func, ast.Call) else node.func  # words_in("uk")("...")
        name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
        texts = tuple(one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str))
        if name == "many" and len(texts) > 1:
            yield texts[:2]
        elif texts and texts[0] and (name in ("words", "noted") or (name == "words_in" and called is not node.func)):
            yield texts[:1]


def test_no_text_that_the_drawing_says_is_missed() -> None:
    known = {text for key in catalogues.gathered() for text in key}
    missed = {
        (path.relative_to(CODE).as_posix(), text)
        for path in sorted((CODE / "draw").rglob("*.py"))
        for key in _literals_given_to_words(path)
        for text in key
        if text not in known
    }
    assert missed == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_complete_and_keeps_every_name(language: str) -> None:
    assert catalogues.faults(catalogues.updated(language)) == []


def test_faults_are_seen() -> None:
    found = catalogues.SteadyCatalog("pl")
    found.add("lost {name}", "zgubione")
    found.add("new name", "nowe {name}")
    found.add("half {name}", "pół {name")
    found.add("empty", "")
    found.add(("{n} flow", "{n} flows"), ("{n} przepływ", "", "{n} przepływów"))
    found.add("in doubt", "niepewne", flags=("fuzzy",))
    found.add("right {name}", "dobrze {name}")
    told = catalogues.faults(found)
    assert len(told) == 6
    assert not any("right" in one for one in told)


@pytest.fixture
def polish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new folder of catalogues with nothing but an empty place for Polish."""
    (tmp_path / "locale" / "pl").mkdir(parents=True)
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path / "locale")
    monkeypatch.setattr(catalogues, "gathered", lambda: [(f"text {number:02}",) for number in range(30)])
    return tmp_path / "locale" / "pl" / "LC_MESSAGES" / "cxmap.po"


def test_a_new_language_gets_a_plain_head_and_every_text(polish: Path) -> None:
    catalogues.write()
    written = polish.read_text("utf-8")
    assert written.startswith("# Polish: the words on the maps and pages of cxmap.\nmsgid")
    assert written.count("\nmsgid") == 31
    for crumb in ("PROJECT", "ORGANIZATION", "FIRST AUTHOR", "POT-Creation-Date", "Babel"):
        assert crumb not in written


def test_writing_keeps_the_glossary_and_the_texts_and_is_steady(polish: Path) -> None:
    catalogues.write()
    glossary = "# Polish: the words.\n#\n# flow    przepływ\n"
    filled = polish.read_text("utf-8").replace('msgid "text 07"\nmsgstr ""', 'msgid "text 07"\nmsgstr "siódmy"')
    polish.write_text(glossary + filled.partition("\n")[2], "utf-8")
    catalogues.write()
    first = polish.read_bytes(), polish.with_suffix(".mo").read_bytes()
    assert first[0].decode().startswith("# Polish: the words.\n#\n# flow")
    assert 'msgstr "siódmy"' in first[0].decode()
    catalogues.write()
    assert (polish.read_bytes(), polish.with_suffix(".mo").read_bytes()) == first


def test_a_long_list_of_faults_is_cut_and_counted(polish: Path) -> None:
    catalogues.write()
    told = catalogues.stale()
    assert len(told) == catalogues.MOST + 1
    assert told[-1].endswith("and 10 more, 30 in all")


def test_an_old_machine_file_is_told(polish: Path) -> None:
    catalogues.write()
    polish.with_suffix(".mo").write_bytes(b"old")
    assert any("not compiled" in one for one in catalogues.stale())
