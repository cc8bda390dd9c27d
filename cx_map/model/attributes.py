"""The attribute tree: what shipped and an inventory's own attributes mean, contain and cost.

Every attribute has a parent: the one it names, else the one its dotted id implies (``contact.email`` lies in
``contact``). An attribute *covers* itself and everything below it. The shipped tree (``attribute_tree.json``,
aligned with fideslang 3.1 and W3C DPV 2.3) is refined, field by field, by an inventory's own ``attributes``;
a preference ``p`` defines ``preference.p``. The seconds it takes to give an answer are our assumptions.
"""

from __future__ import annotations

import functools
import pkgutil  # `importlib.resources` takes 3 ms to import, in every run
import weakref
from collections.abc import Iterator, Mapping

import msgspec

from cx_map.model.chapter_customers import Attribute, Preference, Sensitivity
from cx_map.model.inventory import Inventory
from cx_map.model.values import SECONDS_PER, Duration, Number, Text

EVERYTHING = "*"
"""What a flow carries that carries all attributes."""

PREFERENCE = "preference."
"""Prefix of the attributes that preferences define."""

SENSITIVITIES: tuple[Sensitivity, ...] = (
    "public",
    "internal",
    "personal",
    "confidential",
    "special",
    "credential",
    "payment",
)
"""From the least to the most sensitive; credential and payment data have rules of their own."""

_MOST_LEVELS = 64


class _Shipped(msgspec.Struct, forbid_unknown_fields=True):
    """One entry of the shipped tree as it is kept."""

    name: str
    sensitivity: Sensitivity
    seconds_to_give: float | None = None
    valid_for_days: float | None = None
    parent: str | None = None
    fides: str | None = None
    aliases: dict[str, list[str]] = {}


@functools.cache
def _entries() -> Mapping[str, _Shipped]:
    text = pkgutil.get_data("cx_map.model", "attribute_tree.json")
    return msgspec.json.decode(text or b"{}", type=dict[str, _Shipped])


@functools.cache
def shipped_attributes() -> Mapping[str, Attribute]:
    """The shipped attributes by id. Read once, on the first use."""
    found: dict[str, Attribute] = {}
    for identifier, entry in _entries().items():
        seconds, days = entry.seconds_to_give, entry.valid_for_days
        found[identifier] = Attribute(
            id=identifier,
            name=Text((("en", entry.name),)),
            parent=entry.parent,
            aliases={language: tuple(names) for language, names in entry.aliases.items()} or None,
            sensitivity=entry.sensitivity,
            seconds_to_give=None if seconds is None else Number(value=seconds, basis="assumed"),
            valid_for=None if days is None else Duration(days * SECONDS_PER["day"], f"{days:g}d"),
        )
    return found


def fides_category(identifier: str) -> str | None:
    """The fideslang data category of a shipped attribute, where one is known."""
    entry = _entries().get(identifier)
    return None if entry is None else entry.fides


def attribute(inventory: Inventory, identifier: str) -> Attribute | None:
    """An attribute with what the shipped tree and the inventory say of it; None where nobody declares it.

    What the inventory says wins, field by field; a field it calls ``unknown`` is unknown. Its aliases are added to the
    shipped ones: who gives one more name to an e-mail address does not mean to unlearn it in ten languages.
    """
    own, shipped = inventory.attributes.get(identifier), shipped_attributes().get(identifier)
    if own is None and shipped is None:
        return _of_preference(inventory, identifier)
    if own is None or shipped is None:
        return own if own is not None else shipped
    said = {
        name: value
        for name in own.__struct_fields__
        if (value := getattr(own, name)) is not None or name in own.unknown or name in own.nothing
    }
    if own.aliases:
        languages = {**(shipped.aliases or {}), **own.aliases}
        said["aliases"] = {
            code: tuple(dict.fromkeys((*own.aliases.get(code, ()), *(shipped.aliases or {}).get(code, ()))))
            for code in languages
        }
    return msgspec.structs.replace(shipped, **said)


def _of_preference(inventory: Inventory, identifier: str) -> Attribute | None:
    if not identifier.startswith(PREFERENCE):
        return None
    preference = inventory.find(identifier.removeprefix(PREFERENCE), Preference)
    return None if preference is None else Attribute(id=identifier, name=preference.name)


def declared(inventory: Inventory, identifier: str) -> bool:
    """Whether the shipped tree, the inventory or one of its preferences declares an attribute."""
    return attribute(inventory, identifier) is not None


_CANONICAL: weakref.WeakKeyDictionary[Inventory, dict[str, str]] = weakref.WeakKeyDictionary()


def canonical(inventory: Inventory, identifier: str) -> str:
    """The declared attribute that an undeclared name is an alias of, else the name itself. Kept an inventory."""
    if identifier == EVERYTHING or declared(inventory, identifier):
        return identifier
    known = _CANONICAL.setdefault(inventory, {})
    if identifier not in known:
        from cx_map.model.attribute_names import names_of

        known[identifier] = names_of(inventory).find(identifier) or identifier
    return known[identifier]


def parent_of(inventory: Inventory, identifier: str) -> str | None:
    """The attribute next above: as named by the inventory or the shipped tree, else by the dotted id.

    Above a name that nobody declares but that is an alias stands the attribute it is an alias of.
    """
    return _above(inventory, identifier, written=True)[0]


def _above(inventory: Inventory, identifier: str, *, written: bool) -> tuple[str | None, bool]:
    """The attribute next above, and whether somebody wrote that name, or it is only the front of a dotted id.

    Only a whole name that somebody wrote can be an alias: ``appointment.time`` is nothing about health because
    ``appointment`` alone would be.
    """
    own = inventory.attributes.get(identifier)
    if own is not None:
        if own.parent is not None:
            return own.parent, True
        if "parent" in own.nothing or "parent" in own.unknown:
            return None, False
    shipped = _entries().get(identifier)
    if shipped is not None and shipped.parent is not None:
        return shipped.parent, True
    if own is None and shipped is None and written:
        meant = canonical(inventory, identifier)
        if meant != identifier:
            return meant, True
    return identifier.rpartition(".")[0] or None, False


def lineage(inventory: Inventory, identifier: str) -> Iterator[str]:
    """The attribute itself and all above it, nearest first. O(depth)."""
    seen: set[str] = set()
    current: str | None = identifier
    written = True
    while current is not None and current not in seen and len(seen) < _MOST_LEVELS:
        seen.add(current)
        yield current
        current, written = _above(inventory, current, written=written)


def covers(inventory: Inventory, wider: str, narrower: str) -> bool:
    """Whether whoever has ``wider`` has ``narrower``: an address covers its postcode, ``*`` covers all. O(depth)."""
    if wider in (EVERYTHING, narrower):
        return True
    above = tuple(lineage(inventory, narrower))
    return wider in above or canonical(inventory, wider) in above


def related(inventory: Inventory, one: str, other: str) -> bool:
    """Whether one of two attributes covers the other: then a flow of the one carries (part of) the other."""
    return covers(inventory, one, other) or covers(inventory, other, one)


def sensitivity_of(inventory: Inventory, identifier: str) -> Sensitivity | None:
    """How sensitive an attribute is: by itself, else as the nearest attribute above it; None where nobody says."""
    for name in lineage(inventory, identifier):
        found = attribute(inventory, name)
        if found is None:
            continue
        if found.sensitivity is not None or "sensitivity" in found.unknown:
            return found.sensitivity
    return None


def seconds_to_give(inventory: Inventory, identifier: str) -> Number | None:
    """Seconds a customer needs to give an attribute; its own figure only, for a part takes less than the whole."""
    found = attribute(inventory, identifier)
    return None if found is None else found.seconds_to_give


def valid_for(inventory: Inventory, identifier: str) -> Duration | None:
    """How long an answer stays fresh: by itself, else as the nearest attribute above; None: nobody says."""
    for name in lineage(inventory, identifier):
        found = attribute(inventory, name)
        if found is not None and (found.valid_for is not None or "valid_for" in found.unknown):
            return found.valid_for
    return None


def title_of(inventory: Inventory, identifier: str) -> str:
    """The name people read, or the id."""
    found = attribute(inventory, identifier)
    return identifier if found is None else found.title


def known_attributes(inventory: Inventory) -> tuple[str, ...]:
    """Every declared attribute, shipped ones and those of preferences included, in order of id."""
    of_preferences = (PREFERENCE + one.id for one in inventory.of(Preference))
    return tuple(sorted({*shipped_attributes(), *inventory.attributes, *of_preferences}))
