"""What real inventories have beside: alternatives, stand-ins, loops back, several masters, flows side by side, things retired.

Dirt is strewn over a document by a seed of its own, so that the clean firm of a seed stays the same.
"""

from __future__ import annotations

import copy
import random
from typing import Any

Document = dict[str, Any]

SAID = ("holds", "governed_by", "segments", "writes_to", "reads", "capabilities", "delivered_to", "inputs", "informs")
"""Lists of which nobody may know what stands in them."""


class _Dirt:
    """Strews dirt over one document."""

    def __init__(self, document: Document, seed: int) -> None:
        self.random = random.Random(seed)
        self.document = document

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def entities(self, chapter: str) -> list[tuple[str, Document]]:
        return list(self.document[chapter].items())

    def other(self, chapter: str, name: str) -> str:
        return self.random.choice([one for one in self.document[chapter] if one != name])

    def routes(self) -> None:
        """Alternatives on a route, stand-ins, shares, messages by every route at once, needs met by either of two stores."""
        for _, letter in self.entities("communications"):
            routes = letter.get("routes")
            if not isinstance(routes, list) or not routes:
                continue
            for number, route in enumerate(routes):
                route["id"] = f"way-{number}"
                names = route.get("platforms")
                if isinstance(names, list) and names and self.chance(0.3):
                    names[0] = {"any_of": [names[0], self.other("platforms", names[0])]}
                if number and self.chance(0.4):
                    route["fallback_for"] = "way-0"
            primary = [route for route in routes if "fallback_for" not in route]
            if self.chance(0.3):
                letter["send"] = "all"
            elif self.chance(0.5):
                for number, route in enumerate(primary):
                    route["share"] = (1 - 0.25 * (len(primary) - 1)) if number == 0 else 0.25
            needs = letter.get("needs")
            if isinstance(needs, list) and needs and self.chance(0.3):
                needs[0] = {"any_of": [needs[0], self.other("data_sources", needs[0])]}

    def systems(self) -> None:
        """Systems that need others, twins, several masters of one attribute, lines and teams that are parts of others."""
        for name, platform in self.entities("platforms"):
            if self.chance(0.3):
                platform["needs"] = [self.random.choice(list(self.document["data_sources"]))]
            if self.chance(0.3):
                platform["redundancy"] = self.random.choice(("active_passive", "active_active", "none"))
                platform["rto"] = self.random.choice(("5m", "8h"))
            if self.chance(0.2):
                platform["serves"] = self.random.sample(list(self.document["lines_of_business"]), 2)
            if self.chance(0.3):
                platform["site"] = self.random.choice(("north", "south"))
            del name
        for _, store in self.entities("data_sources"):
            if isinstance(store.get("holds"), list) and self.chance(0.4):
                known = [one if isinstance(one, str) else one["attribute"] for one in store["holds"]]
                store["holds"] += [
                    {"attribute": one, "mastery": "master"}
                    for one in ("contact.email", "identity.name")
                    if one not in known
                ]
        for chapter in ("teams", "lines_of_business"):
            names = list(self.document[chapter])
            if self.chance(0.4):
                self.document[chapter][names[-1]]["parent"] = names[0]

    def flows(self) -> None:
        """Two flows side by side, one of them forbidden, slow, or for somebody else."""
        found = []
        for number, flow in enumerate(self.document["flows"]):
            if self.chance(0.25) and "id" not in flow:
                twin = copy.deepcopy(flow)
                twin["id"] = f"{flow['from'][0]}twin-{number}"
                twin["via"] = self.random.choice(("api", "file", "manual", "none"))
                twin["policy"] = self.random.choice(("allowed", "blocked"))
                twin["carries"] = self.random.choice((["*"], ["contact"], "unknown"))
                found.append(twin)
        self.document["flows"] += found

    def journeys(self) -> None:
        """Customers who start again, and more than one loop for a signal."""
        for _, journey in self.entities("journeys"):
            steps = journey.get("steps")
            if isinstance(steps, list) and len(steps) > 1 and isinstance(steps[0], dict) and self.chance(0.6):
                steps.append({"from": steps[-1]["to"], "to": steps[0]["from"], "share": "5%"})
        loops = self.entities("feedback_loops")
        if self.chance(0.5) and "signal" in loops[0][1]:
            loops[-1][1]["signal"] = loops[0][1]["signal"]

    def gaps(self) -> None:
        """Lists that nobody knows, and things that are gone."""
        for chapter in (
            "platforms",
            "data_sources",
            "communications",
            "collection_points",
            "insights",
            "actions",
            "signals",
        ):
            for _, entity in self.entities(chapter):
                for key in SAID:
                    if key in entity and self.chance(0.06):
                        entity[key] = "unknown"
                if self.chance(0.06):
                    entity["status"] = self.random.choice(("retired", "proposed", "deprecated"))


def soiled(document: Document, seed: int) -> Document:
    """A copy of a document with dirt."""
    dirt = _Dirt(copy.deepcopy(document), seed)
    dirt.routes()
    dirt.systems()
    dirt.flows()
    dirt.journeys()
    dirt.gaps()
    return dirt.document
