"""Random small inventories, and random operators that fit them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from cx_map.model.inventory import Inventory
from tests.states.small import as_yaml
from tests.support import inventory_of

STORES = ("s1", "s2", "s3")
PLATFORMS = ("p1", "p2", "p3", "p4")
CHANNELS = ("ch1", "ch2", "ch3")
SEGMENTS = ("seg1", "seg2")
LETTERS = ("l1", "l2", "l3", "l4")


def some(names: tuple[str, ...], **limits: int) -> st.SearchStrategy[list[str]]:
    """Some of these names, each once."""
    return st.lists(st.sampled_from(names), unique=True, **limits)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A document with platforms, stores, communications, flows, segments and a preference."""
    platforms = {
        name: {
            "capabilities": draw(some(("compose", "print", "archive"))),
            "needs": [
                one if draw(st.booleans()) else {"any_of": [one, "s1"]}
                for one in draw(some(("s2", "s3", "p1")))
                if one != name
            ],
            "enforces": draw(some(("quiet",))),
        }
        for name in PLATFORMS
    }
    letters = {}
    for name in LETTERS:
        channels = draw(some(CHANNELS, min_size=1))
        letters[name] = {
            "purpose": draw(st.sampled_from(["servicing", "marketing"])),
            "segments": draw(some(SEGMENTS)),
            "needs": draw(some(STORES)),
            "routes": [
                {"channel": channel, "platforms": draw(some(PLATFORMS, min_size=1, max_size=3))} for channel in channels
            ],
            "name": draw(st.sampled_from(["p1", "Letter", "l1"])),
            "content": [{"attribute": "preference.quiet", "render": "masked"}]
            if draw(st.booleans())
            else ["contact.email"],
            "volume": draw(st.sampled_from(["100/day", {"value": 5, "basis": "estimated"}, "unknown", None])),
        }
        if len(channels) > 1 and draw(st.booleans()):
            letters[name]["routes"][1]["fallback_for"] = channels[0]
    pairs = draw(
        st.lists(
            st.tuples(st.sampled_from(STORES + PLATFORMS), st.sampled_from(STORES + PLATFORMS)), unique=True, max_size=6
        )
    )
    return {
        "channels": {name: {"kind": "sms"} for name in CHANNELS},
        "data_sources": {name: {"holds": ["contact.email", "preference.quiet"]} for name in STORES},
        "platforms": platforms,
        "preferences": {"quiet": {"kind": "frequency", "master": draw(st.sampled_from(STORES))}},
        "segments": {name: {"reachable_by": dict.fromkeys(draw(some(CHANNELS)), 0.5)} for name in SEGMENTS},
        "communications": letters,
        "flows": [
            {"from": one, "to": other, "via": draw(st.sampled_from(["api", "batch", "none"])), "carries": ["preference.quiet"]}
            for one, other in pairs
        ],
    }  # fmt: skip


def inventory_from(document: dict[str, Any]) -> Inventory:
    """The inventory of a document in one file."""
    return inventory_of(as_yaml(document))


RENAMES = st.sampled_from([*PLATFORMS, *STORES, *CHANNELS, *LETTERS, *SEGMENTS, "quiet"])
"""An id that can be renamed."""

REPLACEMENTS = st.sampled_from([
    *[(one, other) for names in (PLATFORMS, STORES, CHANNELS, SEGMENTS) for one in names for other in names if one != other],
    ("s2", "p1"),
])  # fmt: skip
"""An id and one that can stand for it."""


@st.composite
def operators(draw: st.DrawFn) -> dict[str, Any]:
    """One operator that fits every generated inventory that still has its entities."""
    kind = draw(st.sampled_from(["rename", "replace", "merge", "add", "change", "connect"]))
    if kind == "rename":
        return {"rename": {draw(RENAMES): "renamed-" + draw(st.sampled_from("abc"))}}
    if kind in ("replace", "merge"):
        old, new = draw(REPLACEMENTS)
        return {"replace": {old: new}} if kind == "replace" else {"merge": {"into": new, "from": [old]}}
    if kind == "add":
        return {"add": {"platforms": {"added": {"needs": ["s1"]}}, "flows": [{"from": "s1", "to": "added"}]}}
    if kind == "connect":
        return {"connect": {"id": "new", "from": "s1", "to": draw(st.sampled_from(PLATFORMS)), "via": "event"}}
    return {
        "change": {
            draw(st.sampled_from(LETTERS)): {"volume": "7/h", "description": None if draw(st.booleans()) else "x"}
        }
    }
