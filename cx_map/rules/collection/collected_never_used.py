"""RED105."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.attribute_mentions import perhaps_the_same
from cx_map.analyses.attribute_uses import Uses, attribute_uses, used_by
from cx_map.analyses.known_asks import EFFORTLESS, Asked, asks_of, writes_of
from cx_map.analyses.operators import items_without
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation
from cx_map.model.attributes import PREFERENCE, SENSITIVITIES, covers, seconds_to_give, sensitivity_of
from cx_map.model.chapter_customers import CollectionPoint
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Verdict, rule

_UNLOCK = ("collection_points.*.writes_to", "communications.*.content", "touchpoints.*.needs_context")

BASIC = ("identity", "contact")
"""Groups of attributes that hardly anything works without: every consumer must say that it does not use them."""


class Parameters(Struct, frozen=True):
    """How complete consumers must be described."""

    listed_share: Annotated[float, "Share of the consumers of the stores that must list the attributes they use."] = 0.8
    fewest_consumers: Annotated[int, "Consumers of the stores that must list the attributes they use, at least."] = 2


@rule("RED105", severity="minor", unlock=_UNLOCK)
def collected_never_used(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """A collection point asks for something that nothing uses.

    ## Why it matters
    Every field costs customers time and the firm protection. GDPR asks that data be limited to what is necessary.

    ## How it decides
    The answer is followed along the flows that carry the attribute to every place it gets to (flows with `carries: unknown`
    count). Consumers at these places are communications (needs and platforms), touchpoints and agent pools that read, insights,
    and points that verify against them (one that only prefills asks the same again, which is no use of it, unless a law
    demands that). The rule is broken when none of them, nor any content,
    personalisation, context of a touchpoint, verification, error or routing rule anywhere, names the attribute, something
    that contains it or a part of it, and at least `fewest_consumers` and `listed_share` of them (all of them for
    identity and contact; points that verify or prefill do not count) list what they use; where fewer do, the ask is not assessed: what is wanted and
    not brought is a missing flow, not a superfluous question. Nor is it assessed where one name is declared by nobody and similar
    to another (RED108) that is used: the two may be one.

    Used in any case: what a law demands (`legal_basis`), preferences, what errors need, what flows to a team, and the
    contact detail that a channel in use takes (the e-mail address where there is e-mail, the phone number where staff
    work by phone). *Major* for attributes that are confidential or more sensitive. One finding a point and attribute,
    under whatever names it is asked for; the fix drops it.

    ## Evidence it needs
    `asks` and `writes_to`; `content` of communications and `needs_context` of touchpoints that use the stores.

    ## Example
    ```yaml
    data_sources: {crm: {}}
    platforms: {letters: {}}
    collection_points:
      account-opening:
        writes_to: [crm]
        asks:
          - identity.name
          - contact.fax  # RED105
    communications:
      welcome:
        content: [identity.name]
        needs: [crm]
        routes: [{channel: letter, platforms: [letters]}]
      statement:
        content: [identity.name, account.balance]
        needs: [crm]
        routes: [{channel: letter, platforms: [letters]}]
    ```

    ## Mended
    ```yaml
    data_sources: {crm: {}}
    platforms: {letters: {}}
    collection_points:
      account-opening:
        writes_to: [crm]
        asks:
          - identity.name
          - {attribute: contact.fax, legal_basis: register of correspondents}
    communications:
      welcome:
        content: [identity.name]
        needs: [crm]
        routes: [{channel: letter, platforms: [letters]}]
      statement:
        content: [identity.name, account.balance]
        needs: [crm]
        routes: [{channel: letter, platforms: [letters]}]
    ```

    ## References
    GDPR Art. 5(1)(c), data minimisation. The share of 80 % is a judgement.
    """
    uses = eco.once(attribute_uses)
    graph = eco.once(propagation)
    broken: set[str] = set()
    judged: set[str] = set()
    open_: dict[str, str] = {}
    for asks in _alike(eco):
        point, attribute = asks[0].point, asks[0].attribute
        needless = [asked for asked in asks if not _needed(eco, uses, asked)]
        if not needless:
            judged.add(point.id)
            continue
        if any(uses.anywhere(eco.inventory, one) for one in eco.once(perhaps_the_same).get(attribute, ())):
            open_.setdefault(point.id, "whether what it asks for is used under another name is not known")
            continue
        if point.writes_to is None:
            open_.setdefault(point.id, "where its answers go is not known")
            continue
        reached = graph.reach(attribute, writes_of(eco.inventory, point), perhaps=True)
        if any(eco.inventory.entities[name].kind == "teams" for name in reached):
            judged.add(point.id)
            continue
        consumers = uses.of(reached)
        naming = [one for one in consumers if one.uses is not None]
        listing = [one.uses for one in naming if not isinstance(one.entity, CollectionPoint)]
        basic = any(covers(eco.inventory, group, attribute) for group in BASIC)
        share = 1.0 if basic else parameters.listed_share
        if any(used_by(eco.inventory, one.uses or frozenset(), attribute) for one in naming):
            judged.add(point.id)
        elif len(listing) < max(parameters.fewest_consumers, 1) or len(listing) < share * (
            len(consumers) - len(naming) + len(listing)
        ):
            open_.setdefault(point.id, "too few consumers of its answers list the attributes they use")
        else:
            broken.add(point.id)
            yield _breach(eco, needless, reached, len(listing))
    yield from (Passed(name) for name in sorted(judged - broken - open_.keys()))
    yield from (NotAssessed(name, open_[name], _UNLOCK) for name in sorted(open_.keys() - broken))


def _alike(eco: Ecosystem) -> Iterable[list[Asked]]:
    """The asks that need a use, those of one point for one attribute together."""
    found: dict[tuple[str, str], list[Asked]] = {}
    for asked in eco.once(asks_of):
        if asked.purpose not in ("verify", "consent") and asked.point.kind_ not in EFFORTLESS:
            found.setdefault((asked.point.id, asked.attribute), []).append(asked)
    return found.values()


def _needed(eco: Ecosystem, uses: Uses, asked: Asked) -> bool:
    """Whether it is used wherever the answer goes."""
    if asked.ask.legal_basis is not None or asked.attribute.startswith(PREFERENCE):
        return True
    return uses.anywhere(eco.inventory, asked.attribute)


def _breach(eco: Ecosystem, asks: list[Asked], reached: frozenset[str], consumers: int) -> Breach:
    point, attribute = asks[0].point, asks[0].attribute
    sensitivity = sensitivity_of(eco.inventory, attribute)
    severe = sensitivity is not None and SENSITIVITIES.index(sensitivity) >= SENSITIVITIES.index("confidential")
    usual = seconds_to_give(eco.inventory, attribute)
    seconds = [one.value for asked in asks if (one := asked.ask.seconds or usual) is not None]
    volume = point.volume
    measures: dict[str, float | int | str] = {"consumers_looked_at": consumers}
    if seconds and volume is not None:
        measures["hours_per_month"] = round(sum(seconds) * volume.value / 3600, 2)
    return Breach(
        subject=point,
        message=f"'{point.id}' asks for '{attribute}', which nothing uses",
        severity="major" if severe else "minor",
        at=("asks", asks[0].index),
        label="nothing uses it",
        discriminator=(attribute,),
        evidence=(
            ("goes to", ", ".join(sorted(reached - {point.id})) or "no store"),
            ("sensitivity", sensitivity or "not known"),
            ("consumers that list what they use", str(consumers)),
        ),
        measures=measures,
        fix=Fix(
            f"drop '{attribute}' from '{point.id}'",
            (items_without(eco.inventory, point, "asks", frozenset(one.index for one in asks)),),
        ),
    )
