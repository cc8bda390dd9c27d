"""Whole random firms: every chapter, fields given, left out, unknown or known to be none, things planned and retired.

One seed makes one firm, always the same. They are small and dense, so that most rules have something to say about some of
them; how many each rule fires on is a test of its own.
Long because it names the fields of every chapter.
"""

from __future__ import annotations

import random
from typing import Any

from cx_map.model.inventory import Inventory
from tests.states.small import as_yaml
from tests.support import inventory_of

Document = dict[str, Any]

ATTRIBUTES = (
    "contact.email", "contact.phone", "contact.postal_address", "contact", "identity.date_of_birth", "identity.name",
    "case.description", "account.balance", "E-Mail", "Geburtsdatum", "adres e-mail", "feedback.text", "loyalty.tier",
)  # fmt: skip
ASKED = (
    "contact.email",
    "E-Mail",
    "contact.phone",
    "identity.date_of_birth",
    "Geburtsdatum",
    "contact.fax",
    "finance.income",
)
VIAS = ("api", "event", "batch", "file", "manual", "rekey", "none")
HOURS = ("24x7", "mon-fri 08:00-18:00", "sat-sun", "пн-пт 9:00-18:00", "by arrangement")
PURPOSES = ("transactional", "servicing", "regulatory", "marketing", "survey", "relationship")


class _Firm:
    """Draws one firm."""

    def __init__(self, seed: int, prefix: str) -> None:
        self.random = random.Random(seed)
        self.prefix = prefix
        names = self._named
        self.lines, self.products, self.segments = names("line", 3), names("product", 3), names("segment", 2)
        self.teams, self.stores, self.platforms = names("team", 5), names("store", 6), names("platform", 5)
        self.channels = ("email", "sms", "letter", "phone", "web", "branch")
        self.touchpoints, self.journeys, self.points = names("place", 5), names("journey", 2), names("point", 8)
        self.surveys, self.preferences = names("survey", 3), names("choice", 3)
        self.letters, self.signals, self.insights = names("letter", 7), names("signal", 5), names("insight", 3)
        self.actions, self.loops, self.metrics = names("action", 4), names("loop", 2), names("metric", 2)
        self.errors, self.ladders, self.rules = names("error", 4), names("ladder", 3), names("rule", 4)
        self.pools, self.tasks, self.promises = names("pool", 2), names("task", 2), names("promise", 2)
        self.projects, self.goals, self.groups = names("project", 3), names("goal", 2), names("committee", 1)

    def _named(self, what: str, count: int) -> tuple[str, ...]:
        return tuple(f"{self.prefix}{what}-{number}" for number in range(count))

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one(self, names: tuple[Any, ...]) -> Any:
        return self.random.choice(names)

    def some(self, names: tuple[Any, ...], most: int = 3, least: int = 0) -> list[Any]:
        return sorted(self.random.sample(names, self.random.randint(least, min(most, len(names)))), key=str)

    def number(self, most: int) -> object:
        value = self.random.randint(1, most)
        if self.chance(0.2):
            return {"value": value, "low": value // 2, "high": value * 2, "basis": self.one(("estimated", "assumed"))}
        return value

    def rate(self, most: int) -> object:
        value = self.random.randint(1, most)
        return f"{value}/{self.one(('month', 'month', 'quarter', 'week'))}"

    def kept(self, fields: Document, share: float = 0.8) -> Document:
        """Some of the fields: given, left out, or said to be unknown; retired or planned now and then."""
        found = {}
        for name, value in fields.items():
            drawn = self.random.random()
            if drawn < share or name in ("from", "to", "kind", "class"):
                found[name] = value
            elif drawn < share + 0.05 and not isinstance(value, dict):
                found[name] = "unknown"
        return found

    def entity(self, fields: Document, share: float = 0.8) -> Document:
        """The same of an entity, which is planned or retired now and then."""
        found = self.kept(fields, share)
        if self.chance(0.05):
            found["status"] = self.one(("retired", "proposed", "pilot"))
        return found

    def holds(self) -> list[object]:
        return [
            name
            if self.chance(0.5)
            else self.kept({
                "attribute": name,
                "mastery": self.one(("master", "copy", "derived")),
                "refresh": self.one(("1d", "30d")),
                "products": self.some(self.products, 2, 1),
            }, 0.6) | {"attribute": name}
            for name in self.some((*ATTRIBUTES, *(f"preference.{one}" for one in self.preferences)), 5)
        ]  # fmt: skip

    def flows(self) -> list[Document]:
        places = (*self.stores, *self.platforms)
        ends = (*places, *places, *self.teams, *self.insights)
        carried = (*ATTRIBUTES, "*", *(f"preference.{one}" for one in self.preferences))
        found: dict[tuple[str, str], Document] = {}
        for _ in range(self.random.randint(8, 22)):
            source, target = self.one(places), self.one(ends)
            if source != target:
                found[source, target] = self.kept({
                    "from": source, "to": target, "via": self.one(VIAS), "carries": self.some(carried, 4, 1),
                    "latency": self.one(("5m", "2h", "3d")), "every": self.one(("1d", "1w", "30d")),
                    "policy": self.one(("allowed", "allowed", "blocked")), "two_way": self.chance(0.2),
                    "keeps_identity": self.chance(0.7), "products": self.some(self.products, 2, 1),
                    "segments": self.some(self.segments, 2, 1), "volume": self.rate(900), "seconds": 60,
                }, 0.55)  # fmt: skip
        return list(found.values())

    def asks(self) -> list[object]:
        found: list[object] = []
        for name in self.some(ASKED, 4, 1):
            ask: Document = {"attribute": name}
            if self.chance(0.6):
                ask["purpose"] = self.one(("collect", "collect", "verify", "verify", "update", "refresh", "consent"))
            if self.chance(0.5):
                ask["seconds"] = self.random.randint(2, 60)
            if self.chance(0.05):
                ask |= {"legal_basis": "the law"} if self.chance(0.5) else {"prefilled_from": self.one(self.stores)}
            found.append(ask if len(ask) > 1 else name)
        return found

    def chapter_map(self) -> Document:
        entity = self.entity
        return {
            "organization": {"regulatory_profiles": self.some(("eu-gdpr", "us-tcpa", "uk-fca", "us-esign"), 2)},
            "lines_of_business": {
                name: entity({"customers": self.number(90000), "origin": self.one(("built", "acquired")), "acquired_on": self.one(("2023-05", "2026-09"))})
                for name in self.lines
            },
            "teams": {
                name: entity({
                    "functions": self.some(("cx", "product", "digital", "service", "marketing", "complaints"), 2),
                    "customer_impact": self.one(("direct", "indirect", "none")), "capacity_fte": self.random.randint(1, 9),
                    "authority": self.some(("identity", "content", *self.errors), 2), "hours": self.one(HOURS),
                    "line_of_business": self.one(self.lines),
                }, 0.7)
                for name in self.teams
            },
            "data_sources": {
                name: entity({
                    "holds": self.holds(), "role": self.one(("customer_master", "golden", "replica", "suppression")),
                    "owner": self.one(self.teams), "line_of_business": self.one(self.lines),
                    "data_kinds": self.some(("experience", "operational", "behavioural", "preference"), 2),
                    "end_of_support": self.one(("2027-01", "2033-01")),
                }, 0.7)
                for name in self.stores
            },
            "platforms": {
                name: entity({
                    "holds": self.holds(), "enforces": self.some(self.preferences, 2), "line_of_business": self.one(self.lines),
                    "capabilities": self.some(("compose", "print", "deliver_email", "survey", "crm", "archive"), 3),
                    "origin": self.one(("bought", "acquired")), "acquired_on": "2024-01", "processing": self.one(("1m", "2h")),
                    "end_of_support": self.one(("2027-01", "2033-01")), "benefit": "known", "disposition": self.one(("invest", "eliminate")),
                    "events_to": self.some(self.stores, 1),
                }, 0.5)
                for name in self.platforms
            },
            "communications": {name: self.letter() for name in self.letters},
            "flows": self.flows(),
        }  # fmt: skip

    def letter(self) -> Document:
        routes = []
        for channel in self.some(self.channels[:4], 3, 1):
            routes.append(self.kept({
                "channel": channel, "platforms": self.some(self.platforms, 2, 1), "governed_by": self.some(self.preferences, 1),
            }, 0.75) | {"channel": channel})  # fmt: skip
        return self.entity({
            "purpose": self.one(PURPOSES), "segments": self.some(self.segments, 2, 1), "products": self.some(self.products, 2, 1),
            "needs": self.some(self.stores, 2), "routes": routes, "governed_by": self.some(self.preferences, 2),
            "volume": self.rate(90000), "owner": self.one(self.teams), "in_writing": self.chance(0.4), "content": self.some(ATTRIBUTES, 3),
            "legal_basis": self.one(("consent", "soft opt-in")) if self.chance(0.2) else "unknown", "deadline": self.one(("1h", "2d")),
            "channel_decided_at": self.one(self.platforms), "trigger": {"kind": "event", "by": self.one(self.touchpoints), "what": "x"},
        }, 0.7)  # fmt: skip

    def chapter_customers(self) -> Document:
        kept, entity = self.kept, self.entity
        shares = ("10%", "30%", "80%", "95%")
        return {
            "segments": {
                name: entity({
                    "customers": self.number(90000), "products": self.some(self.products, 3, 1), "vulnerable": self.one(("5%", "30%")),
                    "reachable_by": dict.fromkeys(self.some(self.channels, 4, 2), "60%"),
                })
                for name in self.segments
            },
            "products": {
                name: entity({"line_of_business": self.one(self.lines), "customers": self.number(90000), "paper_required": self.chance(0.2)})
                for name in self.products
            },
            "overlaps": [{"between": list(self.lines[:2]), "share": "40%"}, {"between": list(self.segments[:2]), "share": "10%"}],
            "collection_points": {
                **{name: entity({
                    "kind": self.one(("web_form", "paper_form", "agent", "chat", "app_form", "behavioural", "complaint")),
                    "touchpoint": self.one(self.touchpoints), "channel": self.one(self.channels), "asks": self.asks(),
                    "writes_to": self.some(self.stores, 2), "reads": self.some(self.stores, 2), "volume": self.rate(30000),
                    "segments": [kept({"segment": one, "reach": self.one(shares), "volume": self.rate(9000)}, 0.9) | {"segment": one}
                                 for one in self.some(self.segments, 2, 1)],
                    "anonymous": self.chance(0.05),
                }, 0.9) for name in self.points},
                **{name: entity({
                    "kind": self.one(("survey", "survey", "intercept")), "segments": self.some(self.segments, 2, 1),
                    "platform": self.one(self.platforms), "cap_store": self.one((*self.stores, [])), "invites": self.rate(90000),
                    "quarantine": self.one(("7d", "30d", "90d")), "topics": self.some(("price", "staff", "app"), 3, 1),
                    "revised_on": self.one(("2024-01", "2026-09")), "scope": self.one(("relationship", "transaction")),
                    "anonymous": self.chance(0.5), "touchpoint": self.one(self.touchpoints), "writes_to": self.some(self.stores, 1),
                }, 0.7) for name in self.surveys},
            },
            "preferences": {
                name: entity({
                    "kind": self.one(("e_delivery", "consent", "do_not_contact", "channel", "language")), "adoption": "30%",
                    "captured_at": self.some(self.points, 2, 1), "withdrawn_at": self.some(self.points, 2),
                    "master": self.one(self.stores), "deadline": self.one(("1h", "2d", "10bd")), "products": self.some(self.products, 3),
                    "default": self.one(("in", "out", "none")),
                }, 0.75)
                for name in self.preferences
            },
        }  # fmt: skip

    def chapter_feedback(self) -> Document:
        kept, entity = self.kept, self.entity
        known = ("known", "known", "pseudonymous", "anonymous")
        return {
            "signals": {
                name: entity({
                    "kind": self.one(("complaint", "survey", "contact", "behavioural", "review")), "from": self.one((*self.points, *self.surveys)),
                    "about": self.some((*self.touchpoints, *self.letters), 2, 1), "segments": self.some(self.segments, 2, 1),
                    "volume": self.rate(3000), "identity": self.one(known), "captured_in": self.some(self.stores, 1, 1),
                    "latency": "1h", "score": self.one(("detractor", "mixed")),
                })
                for name in self.signals
            },
            "insights": {
                name: entity({
                    "inputs": self.some(self.stores, 2, 1), "every": self.one(("1d", "30d")), "delivered_to": self.some(self.teams, 2),
                    "metrics": self.some(self.metrics, 1),
                })
                for name in self.insights
            },
            "actions": {
                name: entity({
                    "team": self.one(self.teams), "kind": self.one(("reply", "fix", "workflow")), "mode": self.one(("manual", "automated")),
                    "triggered_by": self.some((*self.teams, *self.insights), 2, 1), "informs": self.some(self.letters, 2, 1),
                    "changes": self.some((*self.touchpoints, *self.letters), 2), "tracked_in": self.one(self.stores), "within": self.one(("4h", "9d")),
                })
                for name in self.actions
            },
            "feedback_loops": {
                name: entity({
                    "kind": self.one(("inner", "inner", "outer", "incident")), "signal": self.one(self.signals), "within": self.one(("1d", "30d")),
                    "stages": kept({
                        "capture": self.one(self.stores), "analyse": self.one(self.insights), "own": self.one(self.teams),
                        "act": self.one(self.actions), "inform": self.one(self.letters), "verify": self.one(self.metrics),
                    }),
                })
                for name in self.loops
            },
            "metrics": {
                name: entity({"kind": "csat", "about": self.some(self.touchpoints, 2), "team": self.one(self.teams), "every": "30d"})
                for name in self.metrics
            },
        }  # fmt: skip

    def chapter_service(self) -> Document:
        kept, entity = self.kept, self.entity
        return {
            "touchpoints": {
                name: entity({
                    "channel": self.one(self.channels), "platform": self.one(self.platforms), "team": self.one(self.teams),
                    "kind": self.one(("inbound", "self_service", "assisted")), "needs_context": self.some(ATTRIBUTES, 3),
                    "reads": self.some(self.stores, 2), "writes_to": self.some(self.stores, 2), "volume": self.rate(9000),
                    "moment_of_truth": self.chance(0.3), "terminal": self.chance(0.5), "pains": [kept({"text": "slow", "cause": "people"}, 0.5)],
                    "passes_authentication_to": self.some(self.touchpoints, 1), "induces": kept({"pool": self.one(self.pools), "per_1000": 30}),
                }, 0.7)
                for name in self.touchpoints
            },
            "journeys": {
                name: entity({
                    "segments": self.some(self.segments, 2, 1), "volume": self.rate(9000), "highest_impact": self.chance(0.3),
                    "steps": self.some(self.touchpoints, 4, 2) if self.chance(0.5) else [
                        kept({"from": one, "to": other, "share": "30%", "max_gap": self.one(("1h", "2d"))})
                        for one, other in zip(self.touchpoints, self.touchpoints[1:], strict=False)
                    ],
                    "duration": kept({"target": "2d", "actual": self.one(("1d", "9d"))}),
                })
                for name in self.journeys
            },
            "agent_pools": {
                name: entity({
                    "team": self.one(self.teams), "channels": self.some(self.channels, 2), "desktops": self.some(self.platforms, 5, 1),
                    "reads": self.some(self.stores, 2),
                })
                for name in self.pools
            },
            "tasks": {
                name: {"channels": [
                    kept({"channel": one, "support": self.one(("none", "info", "full")), "knowledge": self.one(self.stores)}) | {"channel": one}
                    for one in self.some(self.channels, 3, 2)
                ]}
                for name in self.tasks
            },
            "promises": {
                name: entity({
                    "made_at": self.some(self.touchpoints, 2, 1), "within": self.one(("2h", "2d")), "recorded_in": self.one(self.stores),
                    "kept_by": self.some((*self.actions, *self.letters), 2, 1), "monitored_by": self.some(self.metrics, 1), "owner": self.one(self.teams),
                })
                for name in self.promises
            },
            "routing_rules": {
                name: entity({
                    "on": self.some(("complaint", "contact", "identity", *self.signals, *self.errors), 2, 1), "to": self.one(self.teams),
                    "when": kept({"topic": self.one(("fees", "app")), "severity": self.one(("minor", "critical")), "hours": self.one(HOURS)}, 0.4),
                    "priority": self.random.randint(1, 2), "within": "1h",
                })
                for name in self.rules
            },
            "error_types": {
                name: entity({
                    "class": self.one(("identity", "contact_data", "calculation", "misdelivery")), "volume": self.rate(90),
                    "severity": self.one(("minor", "moderate", "major", "critical")), "escalates_via": self.one((*self.ladders, [])),
                    "detected_by": [kept({"where": self.one(self.touchpoints), "kind": self.one(("internal", "customer")), "share": "60%"})],
                    "needs_attributes": self.some(ATTRIBUTES, 1), "resolvable_by": self.some(self.teams, 1),
                    "recorded_in": self.one((*self.stores, [])), "caused_by": self.some((*self.letters, *self.platforms, *self.stores), 1, 1),
                })
                for name in self.errors
            },
            "escalations": {
                name: entity({
                    "levels": [kept({"team": self.one((*self.teams, self.ladders[0])), "within": self.one(("1h", "3d")), "hours": self.one(HOURS)}, 0.8)
                               for _ in range(self.random.randint(1, 5))],
                    "accountable": self.one(self.teams),
                })
                for name in self.ladders
            },
            "committees": {name: {"members": self.some(self.teams, 3)} for name in self.groups},
            "goals": {name: {} for name in self.goals},
            "initiatives": {
                name: entity({
                    "touches": self.some((*self.platforms, *self.stores), 3), "goals": self.some(self.goals, 1), "state": self.one(("planned", "running")),
                    "depends_on": self.some(tuple(one for one in self.projects if one < name), 1),
                })
                for name in self.projects
            },
        }  # fmt: skip

    def document(self) -> Document:
        whole = {**self.chapter_map(), **self.chapter_customers(), **self.chapter_feedback(), **self.chapter_service()}
        return {"references": {f"{self.prefix}source": {"as_of": "2026-10-01"}}, **whole}


def firm(seed: int, prefix: str = "") -> Document:
    """The document of one firm; its ids begin with the prefix."""
    return _Firm(seed, prefix).document()


def inventory_from(*documents: Document) -> Inventory:
    """The inventory of some documents, a file each."""
    return inventory_of(*(as_yaml(one) for one in documents))
