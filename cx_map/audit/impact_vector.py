"""The impact vector of a finding, completed from its subject where the rule left a part out (analyses.md, I).

Customers, items, minutes of customers' time and money a month, regulated or not, reversibility. What a rule says of
its subject is never changed; what nobody knows stays away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cx_map.analyses.affected import affected, volume_of
from cx_map.analyses.bounds import Bounds, bounds_of, exactly
from cx_map.analyses.money import Cost, any_price, cost_of_contacts, cost_of_messages
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import Segment
from cx_map.model.chapter_feedback import Signal
from cx_map.model.chapter_map import Communication
from cx_map.model.chapter_service import AgentPool, Task
from cx_map.model.inventory import basis_of
from cx_map.rulekit import Breach, Range
from cx_map.rulekit.bounded import measures_of, range_of
from cx_map.rulekit.breach import Measure
from cx_map.rulekit.impact import impact_measures

NEVER_BACK = ("CHAN101", "CHAN102", "PREF101", "PREF102", "PREF104", "PREF105", "SURV", "REG", "ESC")
"""Rules about what cannot be taken back once it happened: sent against somebody's will, shown to others, a clock run out."""

AT_ONCE = ("RED", "DATA", "SILO", "GOV", "MET", "INV102", "INV103", "INV105", "INV107", "ROAD")
"""Rules about what ends with the fix and leaves nothing to be made good."""


@dataclass(frozen=True, eq=False)
class _Kept:
    """What was said of communications before: many rules speak of the same one."""

    sizes: dict[str, Mapping[str, Measure]] = field(default_factory=dict)
    costs: dict[str, Cost | None] = field(default_factory=dict)

    def size(self, eco: Ecosystem, name: str) -> Mapping[str, Measure]:
        """Customers and items a month, regulated or not."""
        if name not in self.sizes:
            self.sizes[name] = impact_measures(affected(eco, [name]))
        return self.sizes[name]

    def cost(self, eco: Ecosystem, name: str) -> Cost | None:
        """What its messages cost."""
        if name not in self.costs:
            self.costs[name] = cost_of_messages(eco, [name])
        return self.costs[name]


def _kept(_: Ecosystem) -> _Kept:
    return _Kept()


def completed(eco: Ecosystem, code: str, breach: Breach) -> Mapping[str, Measure]:
    """The measures of a breach with what can be said of its size beside what its rule says."""
    measures = dict(breach.measures)
    for key, value in {**_size(eco, breach), **_time(measures), **_money(eco, breach)}.items():
        measures.setdefault(key, value)
    measures.setdefault("reversibility", reversibility(code))
    return measures


def reversibility(code: str) -> str:
    """Whether what a rule finds can be made good: ``irreversible``, ``recoverable`` (by making up for it) or ``reversible``.

    By rule or family; our judgement.
    """
    if code.startswith(NEVER_BACK):
        return "irreversible"
    return "reversible" if code.startswith(AT_ONCE) else "recoverable"


def _size(eco: Ecosystem, breach: Breach) -> Mapping[str, Measure]:
    """Customers and items of a communication, signals and their senders, customers of a segment."""
    subject, said = breach.subject, breach.measures
    if "customers_per_month" in said:
        return {}
    if "shared_customers" in said:
        return {"customers_per_month": said["shared_customers"]}
    if isinstance(subject, Communication):
        found = dict(eco.once(_kept).size(eco, subject.id))
        if "items_per_month" in said:
            found.pop("items_per_month", None)
        return found
    if isinstance(subject, Signal):
        volume = bounds_of(subject.volume, basis_of(eco.inventory, subject))
        return measures_of(signals_per_month=volume, customers_per_month=volume)
    if isinstance(subject, Segment):
        return measures_of(customers_per_month=bounds_of(subject.customers, basis_of(eco.inventory, subject)))
    return {}


def _time(said: Mapping[str, Measure]) -> Mapping[str, Measure]:
    """Minutes of customers' time from hours."""
    hours = said.get("hours_per_month")
    if isinstance(hours, Range):
        return {
            "minutes_per_month": Range(hours.low * 60, None if hours.high is None else hours.high * 60, hours.basis)
        }
    return {"minutes_per_month": hours * 60} if isinstance(hours, (int, float)) else {}


def _money(eco: Ecosystem, breach: Breach) -> Mapping[str, Measure]:
    """Money a month: of contacts caused, of the messages concerned, or a yearly cost that could be saved."""
    said = breach.measures
    saved = said.get("saved_cost_per_year")
    if isinstance(saved, (int, float)):
        return {"money_per_month": round(saved / 12, 2)}
    return _told(_cost(eco, breach)) if eco.once(any_price) else {}


def _cost(eco: Ecosystem, breach: Breach) -> Cost | None:
    subject, said = breach.subject, breach.measures
    contacts = said.get("contacts_per_month")
    if isinstance(contacts, (int, float)):
        pools = [pool for name in breach.related if (pool := eco.inventory.find(name, AgentPool)) is not None]
        amount = exactly(float(contacts), breach.basis)
        return cost_of_contacts(eco, amount, sorted({name for pool in pools for name in pool.channels or ()}))
    if isinstance(subject, Task):
        full = [one.channel for one in subject.channels or () if one.support == "full" and one.channel is not None]
        return cost_of_contacts(eco, bounds_of(subject.volume, basis_of(eco.inventory, subject)), full)
    if not isinstance(subject, Communication):
        return None  # what passes through a supplier is a part of its communications' items: nobody gives its cost
    items, whole = said.get("items_per_month"), range_of(volume_of(eco, subject))
    return eco.once(_kept).cost(eco, subject.id) if items is None or items == whole else None


def _told(cost: Cost | None) -> Mapping[str, Measure]:
    if cost is None or (cost.amount.low <= 0 and cost.amount.high is None):
        return {}
    amount: Bounds = cost.amount
    return {**measures_of(money_per_month=amount), "currency": cost.currency}
