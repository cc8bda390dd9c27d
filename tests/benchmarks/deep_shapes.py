"""More awkward shapes: long chains, deep trees and single things on which all hangs, one kind of entity at a time.

Long because each shape is a firm written out.
"""

from __future__ import annotations

from typing import Any, TypeAlias

Chapters: TypeAlias = "dict[str, dict[str, dict[str, Any]]]"


def _firm() -> Chapters:
    """Two lines of business with the little that every shape needs."""
    return {
        "lines_of_business": {"retail": {"customers": 100000}, "cards": {"customers": 50000}},
        "teams": {f"team-{i}": {"functions": ["service", "product"], "capacity_fte": 5} for i in range(10)},
        "products": {f"prod-{i}": {"line_of_business": ("retail", "cards")[i % 2], "customers": 900} for i in range(4)},
        "segments": {
            f"seg-{i}": {
                "customers": 1000 + i,
                "products": [f"prod-{i % 4}"],
                "reachable_by": {"email": "80%", "letter": "99%"},
            }
            for i in range(6)
        },
        "data_sources": {
            "store-0": {
                "kind": "crm",
                "owner": "team-0",
                "holds": [{"attribute": "contact.email", "mastery": "master"}],
            }
        },
        "platforms": {"plat-0": {"capabilities": ["compose", "deliver_email"], "needs": ["store-0"]}},
    }


def _message(i: int, **more: Any) -> dict[str, Any]:
    return {
        "owner": f"team-{i % 10}", "purpose": ("servicing", "regulatory", "marketing")[i % 3], "products": [f"prod-{i % 4}"],
        "segments": [f"seg-{i % 6}"], "volume": f"{1000 + i}/month", "deadline": f"{1 + i % 9}d", "channels": ["email"],
        "platforms": ["plat-0"], "needs": ["store-0"], **more,
    }  # fmt: skip


def platform_chain(size: int) -> Chapters:
    """One chain of platforms, each needing the one before, with one communication at each."""
    firm = _firm()
    firm["platforms"] |= {f"plat-{i}": {"needs": [f"plat-{i - 1}"], "processing": "1m"} for i in range(1, size // 2)}
    firm["communications"] = {f"comm-{i}": _message(i, platforms=[f"plat-{i}"]) for i in range(size // 2)}
    return firm


def platform_tree(size: int) -> Chapters:
    """A binary tree of platforms: the loss of each stops all below it."""
    firm = _firm()
    firm["platforms"] |= {
        f"plat-{i}": {"needs": [f"plat-{(i - 1) // 2}"], "vendor": f"v-{i % 5}"} for i in range(1, size // 2)
    }
    firm["communications"] = {f"comm-{i}": _message(i, platforms=[f"plat-{i}"]) for i in range(size // 2)}
    return firm


def feeder(size: int) -> Chapters:
    """One platform that feeds and is needed by all others, half of which send something."""
    firm = _firm()
    firm["platforms"] |= {
        f"plat-{i}": {"needs": ["plat-0"], "capabilities": ["deliver_email"]} for i in range(1, size // 2)
    }
    firm["flows"] = {str(i): {"from": "plat-0", "to": f"plat-{i}", "via": "api", "carries": ["*"], "required": True} for i in range(1, size // 2)}  # fmt: skip
    firm["communications"] = {f"comm-{i}": _message(i, platforms=[f"plat-{i}"]) for i in range(size // 2)}
    return firm


def domain(size: int) -> Chapters:
    """All platforms at one site, on one network, of one vendor; each communication has two of them."""
    firm = _firm()
    half = size // 2
    firm["platforms"] |= {
        f"plat-{i}": {"vendor": "acme", "site": "north", "network": "lan", "capabilities": ["deliver_email"], "capacity": "900/day"}
        for i in range(1, half)
    }  # fmt: skip
    firm["communications"] = {
        f"comm-{i}": _message(i, must_arrive=True, platforms=[{"any_of": [f"plat-{i}", f"plat-{(i * 7 + 3) % half}"]}])
        for i in range(half)
    }
    return firm


def many_alternatives(size: int) -> Chapters:
    """Communications each of which may go by any of very many platforms."""
    firm = _firm()
    firm["platforms"] |= {
        f"plat-{i}": {"capabilities": ["deliver_email"], "capacity": "900/day", "vendor": f"v-{i % 9}", "site": f"s-{i % 4}"}
        for i in range(1, size)
    }  # fmt: skip
    every = [f"plat-{i}" for i in range(1, size)]
    firm["communications"] = {
        f"comm-{i}": _message(i, must_arrive=True, platforms=[{"any_of": every}]) for i in range(5)
    }
    return firm


def ring(size: int) -> Chapters:
    """One circle of flows through all stores, and one of needs through all platforms."""
    firm = _firm()
    third = size // 3
    firm["data_sources"] |= {
        f"store-{i}": {"kind": "database", "owner": f"team-{i % 10}", "holds": ["contact.email"]}
        for i in range(1, third)
    }
    firm["platforms"] |= {f"plat-{i}": {"needs": [f"plat-{i % third + 1}"]} for i in range(1, third + 1)}
    firm["flows"] = {
        str(i): {"from": f"store-{i}", "to": f"store-{(i + 1) % third}", "via": "batch", "every": "1d", "carries": ["contact.email"]}
        for i in range(third)
    }  # fmt: skip
    firm["communications"] = {f"comm-{i}": _message(i, platforms=[f"plat-{i + 1}"]) for i in range(third)}
    return firm


def hand_offs(size: int) -> Chapters:
    """One journey through thousands of touchpoints, each a hand-off."""
    firm = _firm()
    firm["touchpoints"] = {
        f"touch-{i}": {
            "channel": ("email", "phone", "web", "chat")[i % 4], "team": f"team-{i % 10}", "reads": ["store-0"],
            "needs_context": ["contact.email"], "volume": "900/day", "kind": ("inbound", "outbound", "self_service", "assisted")[i % 4],
        }
        for i in range(size)
    }  # fmt: skip
    firm["journeys"] = {
        "long": {"segments": ["seg-0"], "volume": "90/day", "steps": [f"touch-{i}" for i in range(size)]}
    }
    return firm


def same_journeys(size: int) -> Chapters:
    """Thousands of journeys of one segment over the same few touchpoints."""
    firm = _firm()
    firm["touchpoints"] = {
        f"touch-{i}": {"channel": ("email", "phone", "web")[i % 3], "team": f"team-{i % 10}", "needs_context": ["contact.email"]}
        for i in range(30)
    }  # fmt: skip
    firm["journeys"] = {
        f"journey-{i}": {
            "segments": ["seg-0"], "volume": "9/day", "steps": [f"touch-{(i + k) % 30}" for k in range(5)],
            "duration": {"target": "5d", "actual": "9d"},
        }
        for i in range(size)
    }  # fmt: skip
    return firm


def asked_again(size: int) -> Chapters:
    """Thousands of collection points that ask the same people for the same things."""
    firm = _firm()
    firm["collection_points"] = {
        f"point-{i}": {
            "kind": "web_form", "segments": ["seg-0"], "writes_to": ["store-0"], "volume": "90/day", "owner": f"team-{i % 10}",
            "asks": [{"attribute": "contact.email", "seconds": 9}, "contact.phone", "identity.name", "identity.date_of_birth"],
        }
        for i in range(size)
    }  # fmt: skip
    return firm


def deep_attributes(size: int) -> Chapters:
    """An attribute tree as deep as there are attributes, with one form for each."""
    firm = _firm()
    third = size // 3
    firm["attributes"] = {"a-0": {"sensitivity": "personal"}} | {
        f"a-{i}": {"parent": f"a-{i - 1}"} for i in range(1, third)
    }
    firm["data_sources"] |= {
        f"store-{i}": {"kind": "database", "holds": [{"attribute": f"a-{i}", "mastery": "master"}]}
        for i in range(1, third)
    }
    firm["collection_points"] = {
        f"point-{i}": {
            "kind": "web_form",
            "segments": ["seg-0"],
            "asks": [f"a-{i}"],
            "writes_to": [f"store-{max(1, i)}"],
        }
        for i in range(third)
    }
    return firm


def wide_attributes(size: int) -> Chapters:
    """Thousands of attributes below one, which everything asks, holds and shows as a whole."""
    firm = _firm()
    third = size // 3
    firm["attributes"] = {"a": {"sensitivity": "personal"}} | {f"a.b{i}": {} for i in range(third)}
    firm["data_sources"] |= {f"store-{i}": {"kind": "database", "holds": ["a"]} for i in range(1, third // 2)}
    firm["collection_points"] = {
        f"point-{i}": {"kind": "web_form", "segments": ["seg-0"], "asks": ["a", f"a.b{i}"], "writes_to": [f"store-{1 + i % (third // 2 - 1)}"]}
        for i in range(third // 2)
    }  # fmt: skip
    firm["communications"] = {f"comm-{i}": _message(i, content=["a", f"a.b{i}"]) for i in range(third)}
    return firm


def many_preferences(size: int) -> Chapters:
    """Thousands of preferences, each with a form, a store and a message that it governs."""
    firm = _firm()
    quarter = size // 4
    kinds = ("channel", "e_delivery", "frequency", "language", "consent", "do_not_contact")
    firm["data_sources"] |= {f"store-{i}": {"kind": "database", "owner": f"team-{i % 10}"} for i in range(1, quarter)}
    firm["collection_points"] = {
        f"point-{i}": {"kind": "web_form", "segments": [f"seg-{i % 6}"], "asks": ["contact.email"], "writes_to": [f"store-{i}"]}
        for i in range(quarter)
    }  # fmt: skip
    firm["preferences"] = {
        f"pref-{i}": {
            "kind": kinds[i % 6], "products": [f"prod-{i % 4}"], "changed_at": [f"point-{i}"], "master": f"store-{i}", "default": "out", "deadline": "2d",
        }
        for i in range(quarter)
    }  # fmt: skip
    firm["platforms"] |= {f"plat-{i}": {"enforces": [f"pref-{k}" for k in range(i, quarter, 9)]} for i in range(1, 10)}
    firm["flows"] = {str(i): {"from": f"store-{i}", "to": f"plat-{1 + i % 9}", "via": "batch", "every": "1d"} for i in range(quarter)}  # fmt: skip
    firm["communications"] = {
        f"comm-{i}": _message(i, platforms=[f"plat-{1 + i % 9}"], governed_by=[f"pref-{i}"]) for i in range(quarter)
    }
    return firm


def one_preference(size: int) -> Chapters:
    """One preference that thousands of stores copy, and that thousands of messages must respect."""
    firm = _firm()
    third = size // 3
    firm["data_sources"] |= {f"store-{i}": {"kind": "database"} for i in range(1, third)}
    firm["collection_points"] = {"point-0": {"kind": "web_form", "segments": ["seg-0"], "asks": ["contact.email"], "writes_to": ["store-0"]}}  # fmt: skip
    firm["preferences"] = {"pref-0": {"kind": "consent", "changed_at": ["point-0"], "master": "store-0", "deadline": "2d", "default": "out"}}  # fmt: skip
    firm["platforms"] |= {f"plat-{i}": {"enforces": ["pref-0"], "needs": [f"store-{i}"]} for i in range(1, third)}
    firm["flows"] = {str(i): {"from": f"store-{i - 1}", "to": f"store-{i}", "via": "batch", "every": "1d", "latency": "1h"} for i in range(1, third)} | {
        f"p{i}": {"from": f"store-{i}", "to": f"plat-{i}", "via": "batch", "every": "1d"} for i in range(1, third)
    }  # fmt: skip
    firm["communications"] = {
        f"comm-{i}": _message(i, purpose="marketing", platforms=[f"plat-{i}"], governed_by=["pref-0"])
        for i in range(1, third)
    }
    return firm


def long_ladder(size: int) -> Chapters:
    """One escalation of thousands of levels, and thousands of errors that take it."""
    firm = _firm()
    third = size // 3
    firm["teams"] |= {f"team-{i}": {"authority": ["timing"] if i % 7 == 0 else []} for i in range(10, third)}
    firm["escalations"] = {"ladder": {"levels": [{"team": f"team-{i}", "within": "1h"} for i in range(third)]}}
    firm["error_types"] = {
        f"error-{i}": {
            "class": "content", "severity": ("minor", "major")[i % 2], "detected_by": ["plat-0"], "escalates_via": "ladder",
            "caused_by": ["store-0"], "volume": "9/day", "statutory_deadline": "30d",
        }
        for i in range(third)
    }  # fmt: skip
    return firm


def chained_ladders(size: int) -> Chapters:
    """Escalations each of which goes on in the next."""
    firm = _firm()
    half = size // 2
    firm["escalations"] = {
        f"ladder-{i}": {
            "accountable": f"team-{i % 10}",
            "levels": [{"team": f"team-{i % 10}", "within": "1h"}, *([{"team": f"ladder-{i + 1}"}] if i < half - 1 else [])],
        }
        for i in range(half)
    }  # fmt: skip
    firm["error_types"] = {
        f"error-{i}": {
            "class": "content",
            "severity": "major",
            "detected_by": ["plat-0"],
            "escalates_via": f"ladder-{i}",
        }
        for i in range(half)
    }
    return firm


def org_chart(size: int) -> Chapters:
    """Teams each below the one before, all owning something."""
    firm = _firm()
    half = size // 2
    firm["teams"] |= {f"team-{i}": {"parent": f"team-{i - 1}", "functions": ["service"]} for i in range(1, half)}
    firm["lines_of_business"] |= {f"line-{i}": {"parent": f"line-{i - 1}" if i else "retail"} for i in range(half // 4)}
    firm["communications"] = {f"comm-{i}": _message(i, owner=f"team-{i}") for i in range(half)}
    return firm


def one_owner(size: int) -> Chapters:
    """One team that owns all, gets all insights, takes all actions."""
    firm = _firm()
    fifth = size // 5
    firm["communications"] = {f"comm-{i}": _message(i, owner="team-0") for i in range(fifth)}
    firm["collection_points"] = {f"point-{i}": {"kind": "survey", "segments": [f"seg-{i % 6}"], "writes_to": ["store-0"], "owner": "team-0"} for i in range(fifth)}  # fmt: skip
    firm["signals"] = {
        f"signal-{i}": {"kind": "survey", "from": f"point-{i}", "about": [f"comm-{i}"], "captured_in": ["store-0"], "owner": "team-0"}
        for i in range(fifth)
    }  # fmt: skip
    firm["insights"] = {f"insight-{i}": {"inputs": ["store-0"], "delivered_to": ["team-0"], "owner": "team-0"} for i in range(fifth)}  # fmt: skip
    firm["actions"] = {
        f"action-{i}": {"team": "team-0", "triggered_by": [f"insight-{i}"], "changes": [f"comm-{i}"], "informs": [f"comm-{i}"], "owner": "team-0"}
        for i in range(fifth)
    }  # fmt: skip
    return firm


def overlapping(size: int) -> Chapters:
    """Thousands of overlaps between segments that the same messages reach."""
    firm = _firm()
    segments = max(12, size // 20)
    firm["segments"] |= {f"seg-{i}": {"customers": 1000 + i, "products": [f"prod-{i % 4}"]} for i in range(segments)}
    firm["overlaps"] = {
        f"{i}-{k}": {"between": [f"seg-{i}", f"seg-{(i + k) % segments}"], "customers": 10 + k}
        for i in range(segments)
        for k in range(1, min(10, segments // 2))
    }  # fmt: skip
    firm["communications"] = {
        f"comm-{i}": _message(i, segments=[f"seg-{(i + k) % segments}" for k in range(8)]) for i in range(size // 2)
    }
    return firm


def replacing(size: int) -> Chapters:
    """Entities that each went by another id before, messages of one family, initiatives each after another."""
    firm = _firm()
    half = size // 2
    firm["initiatives"] = {f"init-{i}": {"team": f"team-{i % 10}", "touches": [f"comm-{i}"], "depends_on": [f"init-{i - 1}"] if i else [], "duration": "9d"} for i in range(half)}  # fmt: skip
    firm["communications"] = {f"comm-{i}": _message(i, renamed_from=[f"old-{i}"], template_family="one", languages=["en"]) for i in range(half)}  # fmt: skip
    return firm


def promising(size: int) -> Chapters:
    """Thousands of promises made at one touchpoint, tasks over all channels, and pools that all answer one channel."""
    firm = _firm()
    quarter = size // 4
    firm["touchpoints"] = {"touch-0": {"channel": "phone", "team": "team-0", "platform": "plat-0", "kind": "assisted"}}
    firm["communications"] = {"comm-0": _message(0)}
    firm["promises"] = {
        f"promise-{i}": {"made_at": ["touch-0"], "what": "an answer", "within": "5d", "recorded_in": "store-0", "kept_by": ["comm-0"]}
        for i in range(quarter)
    }  # fmt: skip
    firm["tasks"] = {
        f"task-{i}": {
            "segments": [f"seg-{i % 6}"], "volume": "90/day",
            "channels": [{"channel": channel, "support": "full"} for channel in ("web", "phone", "branch")],
        }
        for i in range(quarter)
    }  # fmt: skip
    firm["agent_pools"] = {
        f"pool-{i}": {"team": f"team-{i % 10}", "channels": ["phone", "chat"], "arrivals": "90/30m", "handle_time": "5m", "agents": 20, "reads": ["store-0"]}
        for i in range(quarter)
    }  # fmt: skip
    firm["metrics"] = {f"metric-{i}": {"kind": "nps", "team": "team-0", "about": ["comm-0"]} for i in range(quarter)}
    return firm


def committees(size: int) -> Chapters:
    """Thousands of committees with the same members, goals of one metric, initiatives that serve one goal."""
    firm = _firm()
    quarter = size // 4
    firm["metrics"] = {"metric-0": {"kind": "nps", "team": "team-0", "target": 50}}
    firm["journeys"] = {f"journey-{i}": {"segments": ["seg-0"], "highest_impact": True} for i in range(quarter)}
    firm["committees"] = {
        f"committee-{i}": {"duty": ("oversight", "execution")[i % 2], "members": [f"team-{k}" for k in range(10)], "scope": [f"journey-{i}", "retail"]}
        for i in range(quarter)
    }  # fmt: skip
    firm["goals"] = {f"goal-{i}": {"metric": "metric-0", "target": 60, "lines_of_business": ["retail", "cards"]} for i in range(quarter)}  # fmt: skip
    firm["initiatives"] = {
        f"init-{i}": {"team": "team-0", "goals": ["goal-0", f"goal-{i}"], "metrics": ["metric-0"], "touches": ["plat-0"], "state": "running"}
        for i in range(quarter)
    }  # fmt: skip
    return firm


def lines(size: int) -> Chapters:
    """Thousands of lines of business with a product, a store and a message each, and one segment that holds all products."""
    firm = _firm()
    count = size // 5
    firm["lines_of_business"] |= {f"line-{i}": {"customers": 900 + i, "origin": "acquired"} for i in range(count)}
    firm["products"] |= {f"prod-{i}": {"line_of_business": f"line-{i}", "customers": 900} for i in range(4, count)}
    firm["segments"]["seg-0"]["products"] = [f"prod-{i}" for i in range(count)]
    firm["data_sources"] |= {f"store-{i}": {"kind": "database", "line_of_business": f"line-{i}", "holds": ["contact.email"]} for i in range(1, count)}  # fmt: skip
    firm["platforms"] |= {f"plat-{i}": {"capabilities": ["compose", "deliver_email"], "serves": [f"line-{i}"], "needs": [f"store-{i}"]} for i in range(1, count)}  # fmt: skip
    firm["communications"] = {f"comm-{i}": _message(i, line_of_business=f"line-{i}", platforms=[f"plat-{i}"], products=[f"prod-{i}"]) for i in range(1, count)}  # fmt: skip
    return firm


def capacities(size: int) -> Chapters:
    """Thousands of platforms near the limit, in layers, with alternatives between all of the next few."""
    firm = _firm()
    half = size // 2
    firm["platforms"] |= {
        f"plat-{i}": {"capabilities": ["deliver_email"], "capacity": "900/day"} for i in range(1, half)
    }
    firm["communications"] = {
        f"comm-{i}": {
            **_message(i, volume="29000/month"),
            "platforms": [{"any_of": [f"plat-{1 + (i * 3 + hop * 17 + k) % (half - 1)}" for k in range(3)]} for hop in range(3)],
        }
        for i in range(half)
    }  # fmt: skip
    return firm


def loop_web(size: int) -> Chapters:
    """Signals, insights and teams each joined with very many others, with few actions at the end."""
    firm = _firm()
    fifth = size // 5
    firm["data_sources"] |= {f"store-{i}": {"kind": "database"} for i in range(1, fifth)}
    firm["collection_points"] = {"point-0": {"kind": "survey", "segments": ["seg-0"], "writes_to": ["store-0"]}}
    firm["communications"] = {f"comm-{i}": _message(i) for i in range(fifth)}
    firm["signals"] = {f"signal-{i}": {"kind": "complaint", "from": "point-0", "about": [f"comm-{i}"], "captured_in": [f"store-{i}"], "volume": "90/day"} for i in range(fifth)}  # fmt: skip
    firm["flows"] = {str(i): {"from": f"store-{i}", "to": f"store-{(i + 1) % fifth}", "via": "batch", "every": "1d", "keeps_identity": i % 2 == 0} for i in range(fifth)}  # fmt: skip
    firm["insights"] = {
        f"insight-{i}": {"inputs": [f"store-{(i * k + 1) % fifth}" for k in range(1, 6)], "delivered_to": [f"team-{k}" for k in range(10)], "method": "text", "every": "7d"}
        for i in range(fifth)
    }  # fmt: skip
    firm["actions"] = {f"action-{i}": {"team": f"team-{i % 10}", "triggered_by": [f"insight-{i}"], "changes": [f"comm-{(i + 1) % fifth}"]} for i in range(0, fifth, 9)}  # fmt: skip
    return firm


def waiting(size: int) -> Chapters:
    """Thousands of stores that wait for one another: two by two, each with a hub, and all in a ring."""
    firm = _firm()
    third = size // 6
    firm["data_sources"] |= {f"store-{i}": {"kind": "database"} for i in range(1, 4 * third)}
    pairs = [(2 * i + 1, 2 * i + 2) for i in range(third)]
    pairs += [(2 * third + i, 3 * third) for i in range(1, third)]
    firm["flows"] = {
        f"{a}-{b}": {"from": f"store-{a}", "to": f"store-{b}", "via": "file", "required": True} for a, b in pairs
    }
    firm["flows"] |= {
        f"{b}-{a}": {"from": f"store-{b}", "to": f"store-{a}", "via": "file", "required": True} for a, b in pairs
    }
    ring = range(3 * third + 1, 4 * third)
    firm["flows"] |= {
        f"r{i}": {"from": f"store-{i}", "to": f"store-{ring[(i + 1) % len(ring)]}", "via": "file", "required": True, "volume": f"{i}/day"}
        for i in ring
    }  # fmt: skip
    return firm


DEEP_SHAPES = (
    platform_chain, platform_tree, feeder, domain, many_alternatives, ring, hand_offs, same_journeys, asked_again, deep_attributes,
    wide_attributes, many_preferences, one_preference, long_ladder, chained_ladders, org_chart, one_owner, overlapping, replacing,
    promising, committees, lines, capacities, loop_web, waiting,
)  # fmt: skip
