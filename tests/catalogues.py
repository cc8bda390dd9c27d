"""The catalogues of the drawing's own words: gathered from the code, checked, compiled.

``python -m tests.catalogues`` checks; ``python -m tests.catalogues --write`` brings every ``cxmap.po`` up to date with
the code (new texts come in empty, texts that nobody says any more go) and compiles it. A language is a folder of
``cx_map/draw/locale``. Files are the same whenever and wherever they are made: no date, no line number, no tool's name.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from cx_map.draw.page.phrases import keys_in
from cx_map.draw.palette import KINDS, MARK_SIGNS, SEVERITY_SIGNS
from cx_map.draw.words import DOMAIN, FOLDER
from cx_map.model.chapter_customers import CollectionPoint, Preference
from cx_map.model.chapter_feedback import Action, Insight, Signal
from cx_map.model.chapter_map import Channel, Communication, DataSource, Platform
from cx_map.model.entity import Entity

ROOT = Path(__file__).parents[1]
PYTHON = {"words": None, "noted": None, "many": (1, 2)}
TERMS: dict[type[Entity], tuple[str, ...]] = {
    Entity: ("status",),
    Communication: ("purpose",),
    Platform: ("capabilities",),
    DataSource: ("role", "kind_"),
    Channel: ("kind_",),
    CollectionPoint: ("kind_",),
    Signal: ("kind_",),
    Insight: ("kind_",),
    Action: ("kind_",),
    Preference: ("kind_",),
}
"""Fields whose values are drawn as words for people (``Words.term``)."""
MOST = 20
"""Faults of one language that are printed one by one; the rest are counted."""
_PLACEHOLDER = re.compile(r"\{(\w*)\}")

Key = tuple[str, ...]
"""A text, or a pair of one and many."""


class SteadyCatalog(Catalog):
    """A catalogue whose header holds only what gettext needs."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        plural = f"nplurals={self.num_plurals}; plural={self.plural_expr};"
        return [
            ("Language", str(self.locale_identifier)),
            ("Content-Type", "text/plain; charset=UTF-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", plural),
        ]

    @mime_headers.setter
    def mime_headers(self, headers: list[tuple[str, str]]) -> None:
        Catalog._set_mime_headers(self, headers)


def gathered() -> list[Key]:
    """Every text that is drawn or shown, sorted, each once."""
    found: set[Key] = set()
    for path in sorted((ROOT / "cx_map").rglob("*.py")):
        if path.is_relative_to(ROOT / "cx_map" / "draw") or "cx_map.draw.words" in path.read_text("utf-8"):
            found |= _said(path)
    for path in sorted((ROOT / "cx_map" / "draw").rglob("*.js")):
        one, many = keys_in(path.read_text("utf-8"))
        found |= {(text,) for text in one} | set(many)
    for style in KINDS.values():
        found |= {(style.one,), (style.many,), (f"{{n}} {style.one}", f"{{n}} {style.many}")}
    found |= {(one,) for one in (*SEVERITY_SIGNS, *MARK_SIGNS) if one != "none"}
    found |= {(value.replace("_", " "),) for value in _terms()}
    plural = {key[0] for key in found if len(key) > 1}
    return sorted(key for key in found if len(key) > 1 or key[0] not in plural)


def _said(path: Path) -> set[Key]:
    return {
        (message,) if isinstance(message, str) else tuple(message)
        for _, message, _, _ in extract_from_file("python", path, keywords=PYTHON)
        if message
    }


def _terms() -> Iterator[str]:
    for cls, names in TERMS.items():
        hints = get_type_hints(cls, include_extras=True)
        for name in names:
            yield from _literals(hints.get(name))


def _literals(hint: Any) -> Iterator[str]:
    for one in get_args(hint):
        if get_origin(hint) is Literal:
            yield one
        else:
            yield from _literals(one)


def languages() -> list[str]:
    """The languages that have a folder."""
    return sorted(path.name for path in FOLDER.glob("*") if path.is_dir())


def source(language: str) -> Path:
    """Where a language's texts are kept."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    """A catalogue as it is; an empty one where there is none yet."""
    path, locale = source(language), language.replace("-", "_")
    if not path.is_file():
        named = Locale.parse(locale).english_name
        return SteadyCatalog(locale, header_comment=f"# {named}: the words on the maps and pages of cxmap.")
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def updated(language: str) -> SteadyCatalog:
    """The catalogue with exactly the texts of the code; what is new is empty."""
    old = read(language)
    new = SteadyCatalog(language.replace("-", "_"), header_comment=old.header_comment, fuzzy=False)
    for key in gathered():
        known = old.get(key[0])
        same = known is not None and _key(known) == key
        message = new.add(
            key if len(key) > 1 else key[0],
            known.string if same and known is not None else ("",) * new.num_plurals if len(key) > 1 else "",
            flags=known.flags if known is not None else (),
        )
        message.flags.discard("python-format")  # a percent sign is a percent sign
    return new


def _key(message: Message) -> Key:
    return message.id if isinstance(message.id, tuple) else (message.id,)


def _forms(message: Message) -> Key:
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string,)


def text_of(catalogue: Catalog) -> bytes:
    """A catalogue as it is written in its source."""
    stream = io.BytesIO()
    write_po(stream, catalogue, width=110, no_location=True, sort_output=True, ignore_obsolete=True)
    return stream.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """A catalogue as the program reads it."""
    stream = io.BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


def faults(catalogue: Catalog) -> list[str]:
    """What is wrong with the texts of a catalogue: empty, in doubt, or with other ``{names}`` than the English."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        key, forms = _key(message), _forms(message)
        if message.fuzzy:
            found.append(f"in doubt (fuzzy): {key[0]!r}")
        if not all(forms):
            found.append(f"not translated: {key[0]!r}")
            continue
        # A form for the number one may leave the number out in words; no other name may be lost or new.
        wanted = set(_PLACEHOLDER.findall(key[-1]))
        found += [
            f"other {{names}} than in {key[0]!r}: {form!r}"
            for form in forms
            if set(_PLACEHOLDER.findall(form)) != wanted or form.count("{") != len(_PLACEHOLDER.findall(form))
        ]
    return found


def stale() -> list[str]:
    """What is not as it should be in any language, each with the command that mends it."""
    again = "run `make words`"
    found = []
    for language in languages():
        path = source(language)
        name = path.relative_to(ROOT)
        new = updated(language)
        if not path.is_file() or path.read_bytes() != text_of(new):
            found.append(f"{name} is not what the code says: {again}")
        wrong = faults(new)
        found += [f"{name}: {fault}" for fault in wrong[:MOST]]
        if len(wrong) > MOST:
            found.append(f"{name}: and {len(wrong) - MOST} more, {len(wrong)} in all")
        machine = path.with_suffix(".mo")
        if not machine.is_file() or machine.read_bytes() != compiled(new):
            found.append(f"{machine.relative_to(ROOT)} is not compiled from its source: {again}")
    return found


def write() -> None:
    """Bring every language up to date with the code, and compile it."""
    for language in languages():
        path = source(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        new = updated(language)
        path.write_bytes(text_of(new))
        path.with_suffix(".mo").write_bytes(compiled(new))


def main() -> int:
    """Check, or write with ``--write``; 1 where something is to be done."""
    if "--write" in sys.argv[1:]:
        write()
    problems = stale()
    for problem in problems:
        sys.stdout.write(problem + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
