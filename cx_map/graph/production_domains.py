"""Failure domains: things that share a site, a network or a vendor fail together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Literal, TypeAlias

from msgspec import Struct

from cx_map.model.chapter_map import Channel, DataSource, Organization, Platform

DomainKind: TypeAlias = Literal["site", "network", "vendor"]
DOMAIN_KINDS: tuple[DomainKind, ...] = ("site", "network", "vendor")
"""Surest first: a vendor is only a failure domain by way of its sites and networks."""

OWN_WORK = frozenset({"in-house", "in house", "inhouse", "internal", "own", "self", "self-built", "none", "various"})
"""Written as a vendor, these name no firm that could fail."""


class Domain(Struct, frozen=True):
    """Things, by id, that share a site, network or vendor; as a node of the production graph at least two usable ones."""

    kind: DomainKind
    label: str
    members: tuple[str, ...]

    @property
    def name(self) -> str:
        """The kind and the label, which no entity id can equal: ``vendor:Acme``."""
        return f"{self.kind}:{self.label}"


def domains_of(
    entities: Iterable[Platform | DataSource | Channel], organization: Organization | None
) -> tuple[Domain, ...]:
    """The failure domains of some entities that have at least two members, ordered by kind and name. O(n log n).

    Names are compared without case and outer blanks. Things with ``redundancy: active_active`` belong to no
    domain: their twin takes over. The firm itself and words such as *in-house* are no vendors.
    """
    exposed = (one for one in entities if _exposed(one))
    return tuple(one for one in _stated(exposed, organization) if len(one.members) > 1)


def domain_named(
    written: str, entities: Collection[Platform | DataSource | Channel], organization: Organization | None
) -> Domain | None:
    """The site, network or vendor written as ``site:north``, however many things stand there; None if none states it.

    Its members are those that would be lost with it: not those with a twin that takes over, nor those not in use.
    """
    wanted = written.strip().casefold()
    exposed = [one for one in entities if _exposed(one)]
    for among, lost in ((exposed, True), (entities, False)):
        for one in _stated(among, organization):
            if one.name.casefold() == wanted:
                return one if lost else Domain(one.kind, one.label, ())
    return None


def _exposed(entity: Platform | DataSource | Channel) -> bool:
    """Whether it is lost with the place it stands in."""
    return entity.usable and not (isinstance(entity, Platform | DataSource) and entity.redundancy == "active_active")


def _stated(entities: Iterable[Platform | DataSource | Channel], organization: Organization | None) -> Iterator[Domain]:
    """The domains of some entities, of one member too, ordered by kind and name."""
    own = set(OWN_WORK)
    if organization is not None:
        own |= {text.strip().casefold() for text in (organization.id, str(organization.name or "")) if text.strip()}
    members: dict[tuple[DomainKind, str], list[str]] = {}
    labels: dict[tuple[DomainKind, str], str] = {}
    for entity in entities:
        if isinstance(entity, Channel):
            continue
        for kind in DOMAIN_KINDS:
            written: str | None = getattr(entity, kind)
            label = (written or "").strip()
            if not label or (kind == "vendor" and label.casefold() in own):
                continue
            key = (kind, label.casefold())
            members.setdefault(key, []).append(entity.id)
            labels[key] = min(labels.get(key, label), label)
    for (kind, key_label), group in sorted(members.items(), key=lambda one: (DOMAIN_KINDS.index(one[0][0]), one[0][1])):
        yield Domain(kind, labels[kind, key_label], tuple(sorted(group)))
