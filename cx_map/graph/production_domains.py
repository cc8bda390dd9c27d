"""Failure domains: things that share a site, a network or a vendor fail together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from cx_map.model.chapter_map import Channel, DataSource, Organization, Platform

DomainKind: TypeAlias = Literal["site", "network", "vendor"]
DOMAIN_KINDS: tuple[DomainKind, ...] = ("site", "network", "vendor")
"""Surest first: a vendor is only a failure domain by way of its sites and networks."""

OWN_WORK = frozenset({"in-house", "in house", "inhouse", "internal", "own", "self", "self-built", "none", "various"})
"""Written as a vendor, these name no firm that could fail."""


@dataclass(frozen=True, slots=True)
class Domain:
    """At least two usable things, by id, that share a site, network or vendor."""

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
    """The failure domains of some entities, ordered by kind and name. O(n log n).

    Names are compared without case and outer blanks. Things with ``redundancy: active_active`` belong to no
    domain: their twin takes over. The firm itself and words such as *in-house* are no vendors.
    """
    own = set(OWN_WORK)
    if organization is not None:
        own |= {text.strip().casefold() for text in (organization.id, str(organization.name or "")) if text.strip()}
    members: dict[tuple[DomainKind, str], list[str]] = {}
    labels: dict[tuple[DomainKind, str], str] = {}
    for entity in entities:
        if isinstance(entity, Channel) or not entity.usable or entity.redundancy == "active_active":
            continue
        for kind in DOMAIN_KINDS:
            written: str | None = getattr(entity, kind)
            label = (written or "").strip()
            if not label or (kind == "vendor" and label.casefold() in own):
                continue
            key = (kind, label.casefold())
            members.setdefault(key, []).append(entity.id)
            labels[key] = min(labels.get(key, label), label)
    return tuple(
        Domain(kind, labels[kind, label], tuple(sorted(group)))
        for (kind, label), group in sorted(members.items(), key=lambda one: (DOMAIN_KINDS.index(one[0][0]), one[0][1]))
        if len(group) > 1
    )
