"""Inventories of awkward shapes: plausible firms in which one thing is very large.

Each shape is small in every other respect, so that a rule whose cost grows faster than the inventory shows by itself.
Entities are written one a line in flow style. The same shape always gives the same bytes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from tests.benchmarks.deep_shapes import DEEP_SHAPES

Chapters: TypeAlias = "dict[str, dict[str, dict[str, Any]]]"
"""Entities by kind and id; ``flows`` and ``overlaps`` by a number that is not written."""


def _base() -> Chapters:
    return {
        "organization": {},
        "lines_of_business": {"retail": {"customers": 100000}, "cards": {"customers": 50000}},
        "teams": {
            f"team-{i}": {"functions": ["service", "product"], "customer_impact": "direct", "capacity_fte": 5} for i in range(20)
        },
        "products": {f"prod-{i}": {"line_of_business": "retail" if i % 2 else "cards", "customers": 900} for i in range(10)},
        "segments": {
            f"seg-{i}": {"customers": 1000 + i, "products": [f"prod-{i % 10}"], "reachable_by": {"email": "80%", "sms": "60%"}}
            for i in range(10)
        },
        "preferences": {"paperless": {"kind": "e_delivery", "changed_at": ["point-0"], "master": "store-0", "default": "out"}},
        "collection_points": {"point-0": {"kind": "web_form", "asks": ["contact.email"], "writes_to": ["store-0"], "segments": ["seg-0"]}},
        "data_sources": {"store-0": {"kind": "crm", "owner": "team-0", "holds": [{"attribute": "contact.email", "mastery": "master"}]}},
        "platforms": {"plat-0": {"capabilities": ["compose", "deliver_email"], "needs": ["store-0"], "capacity": "90000/day"}},
        "flows": {},
    }  # fmt: skip


def _stores(count: int) -> dict[str, dict[str, Any]]:
    return {
        f"store-{i}": {
            "kind": "database",
            "owner": f"team-{i % 20}",
            "holds": [{"attribute": f"contact.a{i % 40}", "mastery": "copy" if i else "master"}, "contact.email"],
            "data_kinds": ["operational"] if i % 2 else ["experience"],
        }
        for i in range(count)
    }


def _message(i: int, **more: Any) -> dict[str, Any]:
    return {
        "owner": f"team-{i % 20}", "purpose": ("servicing", "regulatory", "marketing")[i % 3], "products": [f"prod-{i % 10}"],
        "segments": [f"seg-{i % 10}"], "volume": f"{1000 + i}/month", "deadline": f"{1 + i % 9}d", **more,
    }  # fmt: skip


def one_line(size: int) -> Chapters:
    """Everything in one line of business: every communication on the same few platforms."""
    base = _base()
    base["data_sources"] |= _stores(max(40, size // 5))
    base["platforms"] |= {
        f"plat-{i}": {"capabilities": ["compose", "deliver_email"], "serves": ["retail"], "needs": [f"store-{i}"], "capacity": "9000/day"}
        for i in range(40)
    }  # fmt: skip
    base["communications"] = {
        f"comm-{i}": _message(i, channels=["email"], platforms=[f"plat-{i % 40}"], needs=[f"store-{i % (size // 5)}"])
        for i in range(size * 3 // 5)
    }
    base["flows"] = {
        str(i): {"from": f"store-{i}", "to": f"store-{(i * 7 + 1) % (size // 5)}", "via": "batch", "carries": ["contact.email"]}
        for i in range(size // 5)
        if i != (i * 7 + 1) % (size // 5)
    }  # fmt: skip
    return base


def hub(size: int) -> Chapters:
    """One platform that everything flows into and out of."""
    base = _base()
    base["data_sources"] |= _stores(size)
    base["flows"] = {
        str(i): {"from": f"store-{i}", "to": "plat-0", "via": "api", "carries": [f"contact.a{i % 40}"]} for i in range(size)
    } | {f"b{i}": {"from": "plat-0", "to": f"store-{i}", "via": "event", "carries": ["contact.email"]} for i in range(size)}  # fmt: skip
    base["communications"] = {
        f"comm-{i}": _message(i, channels=["email"], platforms=["plat-0"], needs=[f"store-{i % size}"])
        for i in range(200)
    }
    return base


def signals(size: int) -> Chapters:
    """Thousands of signals about the same few things, and a loop for some of them."""
    base = _base()
    base["data_sources"] |= _stores(50)
    base["communications"] = {f"comm-{i}": _message(i, channels=["email"], platforms=["plat-0"]) for i in range(20)}
    base["signals"] = {
        f"signal-{i}": {
            "kind": "complaint" if i % 2 else "survey", "from": "point-0", "about": ["comm-0", f"comm-{i % 20}"],
            "segments": [f"seg-{i % 10}"], "volume": "300/month", "captured_in": [f"store-{i % 50}"],
        }
        for i in range(size)
    }  # fmt: skip
    base["insights"] = {
        f"insight-{i}": {"inputs": [f"store-{i % 50}"], "delivered_to": [f"team-{i % 20}"], "method": "text"}
        for i in range(100)
    }
    base["actions"] = {
        f"action-{i}": {"team": f"team-{i % 20}", "triggered_by": [f"insight-{i}"], "changes": [f"comm-{i % 20}"]}
        for i in range(100)
    }
    base["feedback_loops"] = {
        f"loop-{i}": {"kind": "outer" if i % 2 else "inner", "signal": f"signal-{i}", "within": "10d"}
        for i in range(size // 10)
    }
    return base


def surveys(size: int) -> Chapters:
    """Thousands of surveys that ask the same customers."""
    base = _base()
    base["collection_points"] |= {
        f"survey-{i}": {
            "kind": "survey", "segments": [f"seg-{i % 10}"], "asks": ["contact.email", f"contact.a{i % 40}"], "writes_to": ["store-0"],
            "volume": "200/day", "invites": "400/day", "metric": f"metric-{i % 9}", "topics": [f"topic-{i % 7}", f"topic-{i % 5}"],
            "trigger": f"event-{i % 12}", "quarantine": "30d", "owner": f"team-{i % 20}",
        }
        for i in range(size)
    }  # fmt: skip
    base["metrics"] = {f"metric-{i}": {"kind": "nps", "team": f"team-{i}"} for i in range(9)}
    return base


def chain(size: int) -> Chapters:
    """A long chain of stores, each fed by and needing the one before, and deep trees of teams."""
    base = _base()
    base["data_sources"] |= _stores(size)
    base["platforms"] |= {f"plat-{i}": {"needs": [f"plat-{i - 1}"], "processing": "5m"} for i in range(1, size // 4)}
    base["teams"] |= {f"team-{i}": {"parent": f"team-{i - 1}"} for i in range(20, size // 4)}
    base["flows"] = {
        str(i): {"from": f"store-{i}", "to": f"store-{i + 1}", "via": "batch", "latency": "1h", "carries": ["contact.email"]}
        for i in range(size - 1)
    }  # fmt: skip
    base["communications"] = {
        f"comm-{i}": _message(
            i, channels=["email"], platforms=[f"plat-{i % (size // 4)}"], needs=[f"store-{size - 1 - i % 50}"]
        )
        for i in range(size // 4)
    }
    return base


def alternatives(size: int) -> Chapters:
    """Communications with many routes, each through several platforms any one of which is enough."""
    base = _base()
    base["data_sources"] |= _stores(60)
    base["platforms"] |= {
        f"plat-{i}": {
            "capabilities": ["compose", "deliver_email", "deliver_sms"], "vendor": f"vendor-{i % 7}", "site": f"site-{i % 3}",
            "needs": [{"any_of": [f"store-{(i + k) % 60}" for k in range(4)]}], "capacity": "9000/day", "processing": "1h",
        }
        for i in range(120)
    }  # fmt: skip
    channels = ("email", "sms", "letter", "push", "portal", "chat", "web", "phone")
    base["communications"] = {
        f"comm-{i}": _message(
            i,
            must_arrive=True,
            routes=[
                {
                    "channel": channel, "share": "12.5%",
                    "platforms": [{"any_of": [f"plat-{(i + 7 * hop + 11 * k + number) % 120}" for k in range(4)]} for hop in range(3)],
                }
                for number, channel in enumerate(channels)
            ],
            needs=[{"any_of": [f"store-{(i + k) % 60}" for k in range(5)]} for _ in range(3)],
        )
        for i in range(size)
    }  # fmt: skip
    return base


def dense(size: int) -> Chapters:
    """Two thousand stores at most, every one joined with a hundred others."""
    base = _base()
    stores = max(20, size // 5)
    base["data_sources"] |= _stores(stores)
    base["flows"] = {
        f"{i}-{k}": {"from": f"store-{i}", "to": f"store-{(i + k * k + 1) % stores}", "via": "api", "carries": [f"contact.a{k % 40}"], "id": f"f{k}"}
        for i in range(stores)
        for k in range(min(100, stores // 2))
        if (k * k + 1) % stores
    }  # fmt: skip
    base["communications"] = {
        f"comm-{i}": _message(
            i, channels=["email"], platforms=["plat-0"], needs=[f"store-{i % stores}"], content=[f"contact.a{i % 40}"]
        )
        for i in range(size // 5)
    }
    base["collection_points"] |= {
        f"point-{i}": {"kind": "web_form", "asks": [f"contact.a{i % 40}"], "writes_to": [f"store-{i % stores}"], "segments": ["seg-1"], "volume": "90/day"}
        for i in range(1, size // 20)
    }  # fmt: skip
    return base


def routing(size: int) -> Chapters:
    """Many routing rules over many topics, severities and segments."""
    base = _base()
    base["signals"] = {
        f"signal-{i}": {"kind": "complaint", "from": "point-0", "captured_in": ["store-0"], "volume": "9/day"}
        for i in range(60)
    }
    base["error_types"] = {
        f"error-{i}": {"class": "content", "severity": "major", "detected_by": ["plat-0"]} for i in range(60)
    }
    base["routing_rules"] = {
        f"rule-{i}": {
            "on": [f"signal-{i % 60}", f"error-{(i * 7) % 60}"] if i % 3 else ["complaint"],
            "when": {
                "topic": [f"topic-{(i * k) % 40}" for k in range(1, 5)], "severity": [f"s{i % 5}", f"s{(i + 2) % 5}"],
                "segment": [f"seg-{i % 10}"], "channel": [("email", "sms", "chat", "phone")[i % 4]],
            },
            "to": f"team-{i % 20}", "priority": i % 9, "within": "2h",
        }
        for i in range(size // 5)
    }  # fmt: skip
    return base


def loops(size: int) -> Chapters:
    """Many broken loops that many candidates could mend."""
    base = _base()
    count = size // 10
    base["data_sources"] |= _stores(count)
    base["communications"] = {f"comm-{i}": _message(i, channels=["email"], platforms=["plat-0"]) for i in range(count)}
    base["signals"] = {
        f"signal-{i}": {
            "kind": "survey",
            "from": "point-0",
            "about": [f"comm-{i}"],
            "captured_in": [f"store-{i}"],
            "volume": "300/month",
        }
        for i in range(count)
    }
    base["insights"] = {
        f"insight-{i}": {
            "inputs": [f"store-{(i + 1) % count}"],
            "delivered_to": [f"team-{i % 20}"],
            "method": "text",
            "every": "7d",
        }
        for i in range(count)
    }
    base["actions"] = {
        f"action-{i}": {"team": f"team-{(i + 3) % 20}", "triggered_by": [f"insight-{(i + 5) % count}"], "changes": [f"comm-{(i + 2) % count}"], "informs": [f"comm-{(i + 9) % count}"]}
        for i in range(count)
    }  # fmt: skip
    base["feedback_loops"] = {
        f"loop-{i}": {"kind": ("outer", "inner")[i % 2], "signal": f"signal-{i}", "within": "10d"}
        for i in range(count * 2 // 2)
    }
    base["flows"] = {
        str(i): {
            "from": f"store-{i}",
            "to": f"store-{(i * 3 + 1) % count}",
            "via": "batch",
            "carries": ["contact.email"],
        }
        for i in range(count)
        if (i * 3 + 1) % count != i
    }
    return base


def journeys(size: int) -> Chapters:
    """Long journeys over many touchpoints, with hand-offs between teams and channels."""
    base = _base()
    base["data_sources"] |= _stores(100)
    base["touchpoints"] = {
        f"touch-{i}": {
            "channel": ("email", "phone", "web", "chat")[i % 4], "team": f"team-{i % 20}", "reads": [f"store-{i % 100}"],
            "needs_context": ["contact.email", f"contact.a{i % 40}"], "writes_to": [f"store-{(i + 1) % 100}"], "volume": "900/day",
        }
        for i in range(size // 5)
    }  # fmt: skip
    touchpoints = size // 5
    base["journeys"] = {
        f"journey-{j}": {
            "segments": [f"seg-{j % 10}"], "volume": "90/day",
            "steps": [
                {"from": f"touch-{(j * 31 + s) % touchpoints}", "to": f"touch-{(j * 31 + s + 1 + s % 3) % touchpoints}", "share": "50%"}
                for s in range(300)
            ],
        }
        for j in range(size // 200)
    }  # fmt: skip
    base["flows"] = {
        str(i): {"from": f"store-{i}", "to": f"store-{i + 1}", "via": "api", "carries": ["*"]} for i in range(99)
    }
    return base


SHAPES: Mapping[str, Callable[[int], Chapters]] = {
    shape.__name__: shape
    for shape in (
        one_line,
        hub,
        signals,
        surveys,
        chain,
        alternatives,
        dense,
        routing,
        loops,
        journeys,
        *DEEP_SHAPES,
    )
}
"""Every shape by name; the argument is about the number of entities."""


def text_of(chapters: Chapters) -> str:
    """The YAML of a shape."""
    return "\n".join(_lines(chapters)) + "\n"


def _lines(chapters: Chapters) -> Iterator[str]:
    yield "cxmap: 1"
    for kind, entities in chapters.items():
        if not entities:
            continue
        yield f"{kind}:"
        for identifier, fields in entities.items():
            yield (
                f"  - {json.dumps(fields)}"
                if kind in ("flows", "overlaps")
                else f"  {identifier}: {json.dumps(fields)}"
            )


def write_shape(folder: Path, shape: str, size: int) -> None:
    """Write one shape as an inventory of one file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "all.cxmap.yaml").write_text(text_of(SHAPES[shape](size)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_shape(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
