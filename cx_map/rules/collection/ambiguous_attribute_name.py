"""RED108."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.attribute_mentions import SIMILAR, mentions, nobodys, suggestions
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.attribute_names import names_of
from cx_map.model.attributes import EVERYTHING
from cx_map.model.chapter_map import DataSource, Flow
from cx_map.model.entity import Entity
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule

_ID = re.compile(r"[a-z0-9][a-z0-9._-]*")
"""Names that can be declared as they are; for others somebody must say what is meant."""

Place = tuple[Entity, tuple[str | int, ...]]


class Parameters(Struct, frozen=True):
    """How similar is similar."""

    similarity: Annotated[float, "Similarity (0 to 1) from which another attribute is suggested."] = SIMILAR


@rule(
    "RED108",
    severity="info",
    unlock=("collection_points.*.asks", "data_sources.*.holds", "communications.*.content", "flows.carries"),
)
def ambiguous_attribute_name(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """An attribute has a name that nobody declares, so that it is related to no other.

    ## Why it matters
    Two teams that call one thing by two names look like two things: what is known under the one name is asked again
    under the other, and no analysis can tell.

    ## How it decides
    A name is declared when the shipped attribute tree has it, when the inventory's `attributes` do, or when it is
    `preference.<id>` of a preference. A name that, in its normal form (case, marks, word order and spelling of words folded),
    is an alias of a declared attribute in any language is read as that attribute and is fine. Any other name breaks the rule,
    once, at the first place that uses it. Where the names are at least `similarity` alike (difflib) and differ by no contrast
    word (billing and mailing, home and work, first and last...) the similar attribute is suggested; the two are never merged.

    ## Evidence it needs
    Names of attributes in `asks`, `holds`, `content`, `personalises`, `needs_context` or `carries`.

    ## Example
    ```yaml
    data_sources:
      crm:
        holds:
          - contact.email
          - mobile no.  # RED108
          - loyalty.tier  # RED108
    ```

    ## Mended
    ```yaml
    attributes: {contact.phone.mobile: {aliases: {en: [mobile no.]}}, loyalty.tier: {}}
    data_sources:
      crm:
        holds:
          - contact.email
          - mobile no.
          - loyalty.tier
    ```

    ## References
    Python's difflib (Ratcliff and Obershelp); the threshold of 0.75 and the contrast words were tried on real field lists.
    """
    inventory = eco.inventory
    seen: dict[str, Place] = {}
    used: dict[str, None] = {}
    for name, entity, at in mentions(inventory):
        if name == EVERYTHING:
            continue
        used.setdefault(_identity(entity))
        if name not in seen and nobodys(inventory, name):
            seen[name] = (entity, at)
    told = {_identity(entity) for entity, _ in seen.values()}
    for name, (entity, at) in sorted(seen.items()):
        yield _breach(eco, parameters, name, entity, at)
    yield from (Passed(one) for one in used if one not in told)
    for source in inventory.of(DataSource):
        if source.holds is None:
            yield NotAssessed(source.id, "what it holds is not known", ("data_sources.*.holds",))


def _identity(entity: Entity) -> str:
    return f"{entity.from_}->{entity.to}" if isinstance(entity, Flow) else entity.id


def _breach(eco: Ecosystem, parameters: Parameters, name: str, entity: Entity, at: tuple[str | int, ...]) -> Breach:
    suggestion = eco.once(suggestions).get(name)
    if suggestion is None and parameters.similarity < SIMILAR:
        suggestion = names_of(eco.inventory).suggest(name, parameters.similarity)
    if suggestion is not None and suggestion[1] < parameters.similarity:
        suggestion = None
    where = _identity(entity)
    summary = f"declare '{name}' under `attributes`, or write the id of the attribute that is meant"
    label = "not declared"
    if suggestion is not None:
        summary = f"if '{suggestion[0]}' is meant, give it the alias '{name}'; else declare '{name}' under `attributes`"
        label = f"similar to '{suggestion[0]}'"
    return Breach(
        subject=entity,
        message=f"'{where}' names the attribute '{name}', which nobody declares",
        at=at,
        label=label,
        discriminator=(name,),
        evidence=(("similar", f"{suggestion[0]} ({suggestion[1]:.0%} alike)"),) if suggestion is not None else (),
        fix=Fix(summary, ({"add": {"attributes": {name: {}}}},) if _ID.fullmatch(name) else ()),
    )
