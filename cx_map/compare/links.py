"""Which entity of one state is which of another under another id.

Only what operators did and what ``renamed_from`` says counts; likeness never does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from cx_map.model.fields import TypeSpec
from cx_map.model.inventory import Inventory
from cx_map.states.lineage import Lineage, lineage_of

Kind: TypeAlias = Literal["renamed", "replaced", "merged", "split"]


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """An id in ``before`` that is another in ``after``; the namespace is empty for entities."""

    before: str
    after: str
    how: Kind
    namespace: str = ""


@dataclass(frozen=True)
class Links:
    """All links between two states.

    ``renamed`` maps namespace and earlier id to the later one. An id in ``apart`` names one thing before and
    another one after, where both states have it (it was given away and taken up again). ``absorbed`` maps every
    moved id, renamed or not, to what has its place: an earlier id to a later one, or where ``turned`` (the later
    state is the older one) a later id to an earlier one. ``kinds`` are the kinds of all these ids.
    """

    links: tuple[Link, ...]
    renamed: Mapping[tuple[str, str], str]
    apart: frozenset[tuple[str, str]] = frozenset()
    absorbed: Mapping[tuple[str, str], str] = field(default_factory=dict)
    turned: bool = False
    kinds: Mapping[str, str] = field(default_factory=dict)

    def rename(self, name: str, spec: TypeSpec) -> str:
        """The later id of a reference in the earlier state; only plain renames count."""
        return _followed(self.renamed, self.kinds, name, spec)

    def follow(self, name: str, spec: TypeSpec) -> str:
        """What has the place of a reference in the other state, replacements and merges included."""
        return _followed(self.absorbed, self.kinds, name, spec)


def _followed(ids: Mapping[tuple[str, str], str], kinds: Mapping[str, str], name: str, spec: TypeSpec) -> str:
    """A reference under its other id. An attribute follows one above it, and the preference it stands for."""
    if not ids:
        return name
    if spec.type != "attribute":
        wanted = spec.ref.kinds if spec.ref is not None else ()
        if wanted == ("references",):
            return ids.get(("references", name), name)
        if wanted and kinds.get(name) not in wanted:  # a plain word that happens to be an id of another kind
            return name
        return ids.get(("", name), name)
    head = name
    while head:
        found = ids.get(("attributes", head))
        if found is not None:
            return found + name[len(head) :]
        if head.startswith("preference.") and ("", head[len("preference.") :]) in ids:
            return "preference." + ids["", head[len("preference.") :]] + name[len(head) :]
        head = head.rpartition(".")[0]
    return name


def links_between(before: Inventory, after: Inventory, lineage: Lineage | None = None) -> Links:
    """The links from one state to another.

    ``lineage`` are the moves from ``before`` to ``after``; by default they are found from the two states,
    in whichever direction one leads to the other. O(entities + moves squared).
    """
    found: list[Link] = []
    apart: set[tuple[str, str]] = set()
    forward, backward = (lineage, Lineage()) if lineage is not None else _between(lineage_of(before), lineage_of(after))
    for namespace in ("", "attributes", "references"):
        ids = (_ids(before, namespace), _ids(after, namespace))
        moved = _moved(forward, namespace, ids[0], ids[1], turned=False)
        apart.update((namespace, link.before) for link in moved)
        turned = _moved(backward, namespace, ids[1], ids[0], turned=True)
        apart.update((namespace, link.after) for link in turned)
        moved += turned
        apart.update((namespace, name) for link in moved if link.how == "renamed" for name in (link.before, link.after))
        if namespace != "references":
            moved += _declared(before, after, namespace, ids, moved)
        found += moved
    renamed = {(link.namespace, link.before): link.after for link in found if link.how == "renamed"}
    turned_back = bool(backward.steps)
    absorbed = {
        (link.namespace, link.after if turned_back else link.before): link.before if turned_back else link.after
        for link in sorted(found)
    }
    start = {name for namespace, name in [*renamed, *absorbed] if not namespace}
    first, second = (after, before) if turned_back else (before, after)
    kinds = {
        name: entity.kind
        for name in start
        if (entity := first.entities.get(name) or second.entities.get(name)) is not None
    }
    return Links(tuple(sorted(found)), renamed, frozenset(apart), absorbed, turned_back, kinds)


def _ids(inventory: Inventory, namespace: str) -> frozenset[str]:
    tables = {"attributes": inventory.attributes, "references": inventory.references}
    return frozenset(tables.get(namespace, inventory.entities))


def _between(before: Lineage, after: Lineage) -> tuple[Lineage, Lineage]:
    """The moves forward from before to after, and backward from after to before; one of them is empty."""
    forward = after.since(before)
    if forward is not None:
        return forward, Lineage()
    return Lineage(), before.since(after) or Lineage()


def _moved(
    lineage: Lineage, namespace: str, starts: frozenset[str], ends: frozenset[str], *, turned: bool
) -> list[Link]:
    """The links that operators made; ``turned`` where they lead from the later state back to the earlier one."""
    found = []
    for start in sorted(starts.intersection(lineage.starts(namespace))):
        end, how = lineage.journey(start, namespace)
        if how is None or end == start or end not in ends:
            continue
        if turned:
            found.append(Link(end, start, "split" if how == "merged" else how, namespace))
        else:
            found.append(Link(start, end, how, namespace))
    return found


def _declared(
    before: Inventory, after: Inventory, namespace: str, ids: tuple[frozenset[str], frozenset[str]], known: list[Link],
) -> list[Link]:  # fmt: skip
    """The links that ``renamed_from`` states, on either side, for ids that only one state has."""
    gone, come = ids[0] - ids[1] - {link.before for link in known}, ids[1] - ids[0] - {link.after for link in known}
    pairs = {(old, new) for new in come for old in _former(after, namespace, new) if old in gone}
    pairs |= {(old, new) for old in gone for new in _former(before, namespace, old) if new in come}
    found = []
    for old, new in sorted(pairs):
        sources = sum(1 for _, other in pairs if other == new)
        targets = sum(1 for other, _ in pairs if other == old)
        how: Kind = "renamed" if sources == targets == 1 else "split" if targets > 1 else "merged"
        found.append(Link(old, new, how, namespace))
    return found


def _former(inventory: Inventory, namespace: str, identifier: str) -> tuple[str, ...]:
    table = inventory.attributes if namespace == "attributes" else inventory.entities
    entity = table.get(identifier)
    return (entity.renamed_from or ()) if entity is not None else ()
