"""How much a change matters to others: ``breaking``, ``notable`` or ``cosmetic``.

*Breaking*: something that others rely on is no longer there. An entity that was in use goes, or is no
longer in use (``status``); one of the fields below loses an item or is unset; a flow that worked goes or
carries less. *Cosmetic*: only words about the thing change (its name, notes, source, tags...), or only its
id. *Notable*: everything else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Literal, TypeAlias

from cx_map.compare.records import FieldChange

Level: TypeAlias = Literal["breaking", "notable", "cosmetic"]
LEVELS: tuple[Level, ...] = ("breaking", "notable", "cosmetic")

COSMETIC = frozenset(
    {
        "name",
        "description",
        "tags",
        "links",
        "source",
        "as_of",
        "basis",
        "renamed_from",
        "notes",
        "review_every",
        "title",
        "url",
        "template_family",
    }
)
"""Fields that say something about the entity and change nothing in it."""

RELIED_ON: Mapping[str, frozenset[str]] = {
    "organization": frozenset({"languages"}),
    "lines_of_business": frozenset(),
    "teams": frozenset({"functions", "authority"}),
    "channels": frozenset({"languages", "offramp"}),
    "platforms": frozenset({"capabilities", "serves", "holds", "enforces", "events_to"}),
    "data_sources": frozenset({"holds", "data_kinds"}),
    "communications": frozenset(
        {
            "routes",
            "channels",
            "platforms",
            "segments",
            "products",
            "languages",
            "formats",
            "archive",
            "undeliverable_to",
            "governed_by",
            "reply_to",
        }
    ),
    "flows": frozenset({"carries"}),
    "segments": frozenset(),
    "products": frozenset(),
    "attributes": frozenset(),
    "collection_points": frozenset({"writes_to", "suppressed_by", "cap_store", "notice"}),
    "preferences": frozenset({"captured_at", "withdrawn_at", "changed_at", "master", "products"}),
    "signals": frozenset({"captured_in"}),
    "insights": frozenset({"inputs", "delivered_to", "metrics"}),
    "actions": frozenset({"team", "triggered_by", "informs", "tracked_in"}),
    "feedback_loops": frozenset({"stages"}),
    "metrics": frozenset({"collected_at", "team"}),
    "touchpoints": frozenset({"reads", "writes_to", "passes_authentication_to", "team"}),
    "journeys": frozenset({"steps"}),
    "tasks": frozenset({"channels"}),
    "promises": frozenset({"recorded_in", "kept_by", "monitored_by"}),
    "agent_pools": frozenset({"channels", "desktops", "reads"}),
    "routing_rules": frozenset({"to", "on"}),
    "error_types": frozenset({"detected_by", "resolvable_by", "escalates_via", "recorded_in"}),
    "escalations": frozenset({"levels", "accountable"}),
}
"""By kind, the fields whose loss takes something away from others: an item of a list, or the only value.

What a thing itself needs, asks or costs is not here: needing less breaks nobody. ``owner`` counts for every
kind that has a row."""

_OUT_OF_USE = ("proposed", "retired")


def level_of_fields(kind: str, fields: Iterable[FieldChange], lost: Collection[str]) -> Level:
    """The level of an entity whose fields changed.

    ``lost`` are the fields from which something was taken away and nothing put in its place: what an
    operator replaced is not lost.
    """
    levels = {_level_of_field(kind, one, lost) for one in fields}
    return next((level for level in LEVELS if level in levels), "cosmetic")


def _level_of_field(kind: str, change: FieldChange, lost: Collection[str]) -> Level:
    if change.root in COSMETIC or change.root.startswith("x-"):
        return "cosmetic"
    if change.root == "status":
        return "breaking" if change.after in _OUT_OF_USE and change.before not in _OUT_OF_USE else "notable"
    if kind == "flows" and change.root in ("via", "policy"):
        return "breaking" if change.after in ("none", "blocked") else "notable"
    relied_on = RELIED_ON.get(kind)
    if relied_on is not None and change.root in lost and (change.root in relied_on or change.root == "owner"):
        return "breaking"
    return "notable"
