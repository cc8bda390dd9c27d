"""What each entity weighs in one perspective: load, cost, volume, findings or age, as numbers with their texts.

A number that is not known has no place on the ramp and names the field that would make it known; an entity that a
perspective says nothing about (the load of an insight) is left out. Everything comes from the analyses.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from cx_map.analyses.affected import volume_of
from cx_map.analyses.bounds import Bounds, bounds_of, total
from cx_map.analyses.capacity import loads, uses, utilisations
from cx_map.analyses.dated import first_day, last_day
from cx_map.audit.findings import Report
from cx_map.draw.nouns import severities_told
from cx_map.draw.scene import SEVERITIES, Severity
from cx_map.draw.words import Words, noted
from cx_map.errors import UsageError
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import CollectionPoint
from cx_map.model.chapter_feedback import Signal
from cx_map.model.chapter_map import Channel, Communication, DataSource, Platform
from cx_map.model.inventory import basis_of, date_of
from cx_map.model.routes import routes_of
from cx_map.model.values import Money

By: TypeAlias = Literal["load", "cost", "volume", "severity", "age"]

SUPPORT_SOON = 365
"""Days before the end of support from which it is told on the card."""

_MILLIONS, _BILLIONS = noted("{n} M"), noted("{n} bn")


@dataclass(frozen=True, slots=True)
class Weight:
    """One entity's number. ``value`` None: not known, and ``unlock`` is the field that would tell.

    ``least`` is what is certain of a number that is not known (never read as the number). ``alarm`` is the hottest step
    whatever the number is.
    """

    value: float | None
    text: str
    unlock: str = ""
    least: float = 0.0
    alarm: bool = False


def weights(eco: Ecosystem, report: Report | None, by: By, words: Words) -> dict[str, Weight]:
    """The weight of every entity that a perspective says something about, by id.

    Raises UsageError for severity without a report. O(entities + routes + findings).
    """
    if by == "severity":
        if report is None:
            raise UsageError("severity needs the findings of an audit", hint="give the report of the audit, too")
        return dict(_severity(eco, report, words))
    return dict({"load": _load, "cost": _cost, "volume": _volume, "age": _age}[by](eco, words))


def _load(eco: Ecosystem, words: Words) -> Iterator[tuple[str, Weight]]:
    """Peak against capacity (analysis A1), for data sources, platforms and channels that carry something."""
    found = {one.supplier.id: one for one in utilisations(eco)}
    for name in eco.once(uses):
        entity = eco.inventory.entities[name]
        if not entity.usable:
            continue
        one = found.get(name)
        if one is None:
            yield name, Weight(None, words("capacity not known"), f"{entity.kind}.capacity")
        elif one.rho is not None:
            yield name, Weight(one.rho, words("{percent} % of capacity", percent=words.number(100 * one.rho)))
        elif one.least > 0:
            told = words("at least {percent} % of capacity", percent=words.number(100 * one.least))
            yield name, Weight(None, told, "communications.volume", one.least)
        else:
            yield name, Weight(None, words("load not known"), "communications.volume")


def _volume(eco: Ecosystem, words: Words) -> Iterator[tuple[str, Weight]]:
    """Items a month: sent, carried, collected or heard."""
    inventory = eco.inventory
    for communication in inventory.of(Communication):
        if communication.usable:
            yield communication.id, _monthly(volume_of(eco, communication), "communications.volume", words)
    for name, load in loads(eco).items():
        if inventory.entities[name].usable:
            yield name, _monthly(load, "communications.volume", words)
    for point in inventory.of(CollectionPoint):
        if point.usable:
            yield (
                point.id,
                _monthly(bounds_of(point.volume, basis_of(inventory, point)), "collection_points.volume", words),
            )
    for signal in inventory.of(Signal):
        if signal.usable:
            yield signal.id, _monthly(bounds_of(signal.volume, basis_of(inventory, signal)), "signals.volume", words)


def _monthly(number: Bounds, unlock: str, words: Words) -> Weight:
    if number.value is not None:
        return Weight(number.value, words("{n} a month", n=_short(number.value, words)))
    if number.low > 0:
        return Weight(None, words("at least {n} a month", n=_short(number.low, words)), unlock, number.low)
    return Weight(None, words("volume not known"), unlock)


def _cost(eco: Ecosystem, words: Words) -> Iterator[tuple[str, Weight]]:
    """Cost a year: as stated for platforms and data sources, contacts times price for channels and communications."""
    inventory = eco.inventory
    currency = currency_of(eco)
    for store in _stores(eco):
        if not store.usable:
            continue
        cost = store.cost_per_year
        if cost is None:
            yield store.id, Weight(None, words("cost not known"), f"{store.kind}.cost_per_year")
        else:
            yield store.id, _yearly(bounds_of(cost, basis_of(inventory, store)), currency, "", words)
    through = loads(eco)
    for channel in inventory.of(Channel):
        if channel.usable and channel.id in through:
            yield channel.id, _contacts([(through[channel.id], channel.cost_per_contact)], currency, words)
    for communication in inventory.of(Communication):
        routes = routes_of(communication)
        if communication.usable and routes:
            basis = basis_of(inventory, communication)
            volume = volume_of(eco, communication)
            parts = []
            for route in routes:
                channel_ = inventory.find(route.channel, Channel)
                part = volume * bounds_of(route.share, basis)
                if part.high != 0:
                    parts.append((part, channel_.cost_per_contact if channel_ is not None else None))
            yield communication.id, _contacts(parts, currency, words)


def _contacts(parts: list[tuple[Bounds, Money | None]], currency: str, words: Words) -> Weight:
    """A year of contacts at their prices."""
    unlock = "communications.volume"
    sums = []
    for items, price in parts:
        if price is None:
            unlock = "channels.cost_per_contact"
        sums.append(items.scaled(12) * bounds_of(price, None))
    return _yearly(total(sums), currency, unlock, words)


def _yearly(number: Bounds, currency: str, unlock: str, words: Words) -> Weight:
    if number.value is not None:
        return Weight(number.value, words("{n} {currency} a year", n=_short(number.value, words), currency=currency))
    if number.low > 0:
        told = words("at least {n} {currency} a year", n=_short(number.low, words), currency=currency)
        return Weight(None, told, unlock, number.low)
    return Weight(None, words("cost not known"), unlock)


def currency_of(eco: Ecosystem) -> str:
    """The currency of all amounts: an inventory has one. Empty where there is no amount."""
    given = [one.cost_per_year for one in _stores(eco)] + [one.cost_per_contact for one in eco.inventory.of(Channel)]
    return next((one.currency for one in given if one is not None), "")


def _stores(eco: Ecosystem) -> tuple[DataSource | Platform, ...]:
    return (*eco.inventory.of(DataSource), *eco.inventory.of(Platform))


def _severity(eco: Ecosystem, report: Report, words: Words) -> Iterator[tuple[str, Weight]]:
    """Findings by subject, a finding on a flow with the flow's source; what rules could not judge is said."""
    counts: dict[str, Counter[Severity]] = {}
    for finding in report.findings:
        subject = finding.subject if finding.subject in eco.inventory.entities else finding.subject.partition("->")[0]
        counts.setdefault(subject, Counter())[finding.severity] += 1
    silent = Counter(subject for one in report.not_assessed for subject in one.subjects)
    for name in sorted(eco.inventory.entities):
        found = counts.get(name)
        if found:
            yield name, Weight(float(sum(found.values())), severities_told(found, words))
        elif silent[name]:
            told = words.many("no finding, {n} rule not judged", "no finding, {n} rules not judged", silent[name])
            yield name, Weight(None, told, "")
        else:
            yield name, Weight(0.0, words("no finding"))


def _age(eco: Ecosystem, words: Words) -> Iterator[tuple[str, Weight]]:
    """Months since the facts were true; support that has ended is an alarm whatever their age."""
    if eco.as_of is None:
        raise UsageError("age needs a date to count from", hint="give --as-of, or as_of with the facts")
    today = last_day(eco.as_of)
    for name in sorted(eco.inventory.entities):
        entity = eco.inventory.entities[name]
        if name in eco.inventory.shipped:
            continue
        support = entity.end_of_support if isinstance(entity, (Platform, DataSource)) else None
        ends = None if support is None else last_day(support)
        told = _support(support, ends, today, words)
        over = ends is not None and ends < today
        written = date_of(eco.inventory, entity)
        if written is None:
            yield name, Weight(None, told or words("date of the facts not known"), f"{entity.kind}.as_of", alarm=over)
            continue
        months = max(0, (today - first_day(written)).days) / 30.4375
        age = words("facts of {date}", date=words.date(written))
        yield name, Weight(months, f"{age} · {told}" if told else age, alarm=over)


def _support(support: str | None, ends: datetime.date | None, today: datetime.date, words: Words) -> str:
    if support is None or ends is None:
        return ""
    if ends < today:
        return words("support ended {date}", date=words.date(support))
    return words("support ends {date}", date=words.date(support)) if (ends - today).days <= SUPPORT_SOON else ""


def worst_of(report: Report, eco: Ecosystem) -> Mapping[str, Severity]:
    """The worst severity of the findings on each subject."""
    found: dict[str, Severity] = {}
    for finding in report.findings:
        subject = finding.subject if finding.subject in eco.inventory.entities else finding.subject.partition("->")[0]
        known = found.get(subject)
        if known is None or SEVERITIES.index(finding.severity) < SEVERITIES.index(known):
            found[subject] = finding.severity
    return found


def _short(value: float, words: Words) -> str:
    """A number of about three figures: 980, 12,400, 1.2 M."""
    for limit, text in ((1e9, _BILLIONS), (1e6, _MILLIONS)):
        if value >= limit:
            return words(text, n=words.number(value / limit, 1 if value < 100 * limit else 0))
    if value >= 10 or value == round(value):
        return words.number(round(value, -len(str(int(value))) + 3) if value >= 1000 else value)
    return words.number(value, 1 if value >= 1 else 2)
