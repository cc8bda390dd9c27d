"""The JSON Schema of ``cxmap impact --format json``: ``cxmap.impact/1``."""

from __future__ import annotations

from cx_map.schema.parts import DRAFT, Schema, described, output, text, texts
from cx_map.schema.report import definitions


def impact_schema() -> Schema:
    """The schema as plain data (draft-07). Readers must ignore keys they do not know."""
    return {
        "$schema": DRAFT,
        "title": "cxmap impact, version 1",
        **output(
            "What losing or changing an entity does.",
            {
                "schema": {"description": "The version of this contract.", "const": "cxmap.impact/1"},
                "subject": text("The id of what is lost."),
                "state": text("The state it is lost in."),
                "stops": texts("Communications that no longer reach anybody."),
                "degrades": texts("Communications that lose some of their routes or needs."),
                "customers_per_month": described(
                    "Customers reached less; null where nothing says how many.",
                    {
                        "type": "object",
                        "properties": {
                            "low": {"description": "At least.", "type": "number"},
                            "high": {
                                "description": "At most; null where nothing bounds it.",
                                "type": ["number", "null"],
                            },
                            "basis": definitions()["range"]["properties"]["basis"],
                        },
                        "required": ["low", "high"],
                    },
                    {"type": "null"},
                ),
                "loops_broken": texts("Feedback loops that no longer close."),
                "preferences_lost": texts("Preferences no longer respected."),
                "owners": texts("Teams to tell."),
                "named_by": texts("What refers to it: ids, and flows by their ends."),
            },
            ("state", "named_by"),
        ),
    }
