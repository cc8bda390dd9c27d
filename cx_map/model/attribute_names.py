"""Attribute names as people write them: one normal form for all scripts and spellings, and near misses.

``Mobile_No``, ``mobileNo`` and ``numéro de portable`` are brought to a normal form (compatibility forms folded,
case and marks dropped, words split and sorted) and looked up among ids, names and aliases. What is not found
may get a *suggestion* of something similar, never a silent match (analyses.md, B).
"""

from __future__ import annotations

import difflib
import re
import unicodedata
import weakref
from collections.abc import Mapping

from msgspec import Struct

from cx_map.model.attributes import EVERYTHING, attribute, known_attributes
from cx_map.model.inventory import Inventory

CONTRAST_WORDS = frozenset({
    "mailing", "email", "billing", "shipping", "delivery", "postal", "home", "work", "office", "business",
    "first", "last", "middle", "maiden", "former", "mobile", "landline", "fax", "joint", "primary", "secondary",
    "old", "new", "start", "end", "from", "to", "buyer", "seller", "sender", "recipient",
})  # fmt: skip
"""Words that make two otherwise similar names different things (a *billing* and a *mailing* address)."""

_NUMBERED = re.compile(r"(?<=[^\W\d_])(?=\d)")
_WORD = re.compile(r"[^\W_]+")
_FOLDS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ı": "i", "'": None, "’": None, "ʼ": None})


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in order: folded, without case, marks and punctuation. O(length)."""
    folded = unicodedata.normalize("NFKD", _parted(name)).casefold().translate(_FOLDS)
    plain = "".join(character for character in folded if not unicodedata.combining(character))
    return tuple(_WORD.findall(_NUMBERED.sub(" ", plain)))


def _parted(name: str) -> str:
    """A name with its humps apart, in any script: ``номер Телефона``."""
    if name.islower():
        return name
    composed = unicodedata.normalize("NFC", name)
    return "".join(
        f" {here}" if here.isupper() and before.islower() else here
        for before, here in zip(f" {composed}", composed, strict=False)
    )


def normal_form(name: str) -> str:
    """The normal form of a name: its words, sorted. ``address, E-mail`` is ``address e mail``."""
    return " ".join(sorted(words_of(name)))


class Names(Struct, frozen=True, eq=False):
    """Every name of every declared attribute: ids by normal form."""

    exact: Mapping[str, str]
    spelled: Mapping[str, str]
    """A readable spelling of each normal form: words in order."""
    groups: frozenset[str] = frozenset()
    """Ids without a dot that stand above others."""

    def find(self, name: str) -> str | None:
        """The attribute that a name stands for, or None. O(length)."""
        return self.exact.get(normal_form(name))

    def suggest(self, name: str, threshold: float = 0.75) -> tuple[str, float] | None:
        """The most similar attribute and how similar it is (0 to 1), or None below the threshold.

        Names that differ by a contrast word are different things; whole groups (``contact``) and what lies above
        the name are never meant. The last part of a dotted id is compared
        as well as the whole. A name of one branch (``health.medication``) is no misspelling in another (``person.education``):
        there only the same word will do. O(names).
        """
        branch = name.partition(".")[0] if "." in name and name.partition(".")[0] in self.groups else None
        best: tuple[float, str] | None = None
        forms = dict.fromkeys((name, name.rpartition(".")[2]))
        for form in forms:
            words = words_of(form)
            written = " ".join(words)
            matcher = difflib.SequenceMatcher(autojunk=False)
            matcher.set_seq2(written)
            for normal, identifier in self.exact.items():
                spelled = self.spelled[normal]
                if identifier == name or identifier in self.groups or name.startswith(f"{identifier}."):
                    continue
                if _contrast(words, spelled.split()):
                    continue
                matcher.set_seq1(spelled)
                if matcher.real_quick_ratio() < threshold or matcher.quick_ratio() < threshold:
                    continue
                ratio = matcher.ratio()
                if branch is not None and ratio < 1 and identifier.partition(".")[0] != branch:
                    continue
                if ratio >= threshold and (best is None or (-ratio, identifier) < (-best[0], best[1])):
                    best = (ratio, identifier)
        return None if best is None else (best[1], best[0])


def _contrast(one: tuple[str, ...], other: list[str]) -> bool:
    return bool(CONTRAST_WORDS & (set(one) ^ set(other)))


def attribute_names(inventory: Inventory) -> Names:
    """The names of all declared attributes of an inventory. O(attributes * names).

    Where two attributes share a name, the one has it to which the inventory itself gives it, else the more general one
    (the shorter id, then the first).
    """
    exact: dict[str, str] = {}
    spelled: dict[str, str] = {}
    order = sorted(
        (one for one in known_attributes(inventory) if one != EVERYTHING), key=lambda one: (one.count("."), one)
    )
    for tier in range(4):
        for identifier in order:
            for name in _names(inventory, identifier, tier):
                normal = normal_form(name)
                if normal and normal not in exact:
                    exact[normal] = identifier
                    spelled[normal] = " ".join(words_of(name))
    groups = frozenset(one.partition(".")[0] for one in order if "." in one)
    return Names(exact, spelled, groups)


_KEPT: weakref.WeakKeyDictionary[Inventory, Names] = weakref.WeakKeyDictionary()


def names_of(inventory: Inventory) -> Names:
    """The names of an inventory, computed on the first call only."""
    found = _KEPT.get(inventory)
    if found is None:
        found = _KEPT[inventory] = attribute_names(inventory)
    return found


def _names(inventory: Inventory, identifier: str, tier: int) -> list[str]:
    """Ids come first, then what the inventory calls it, then the name and the aliases that are shipped."""
    if tier == 0:
        return [identifier]
    found = inventory.attributes.get(identifier) if tier == 1 else attribute(inventory, identifier)
    if found is None:
        return []
    named = [text for _, text in found.name.by_language] if found.name is not None and tier < 3 else []
    if tier == 2:
        return named
    return named + [name for _, names in sorted((found.aliases or {}).items()) for name in names]
