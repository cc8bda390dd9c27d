"""Schemas of the values people write: every form that loading accepts."""

from __future__ import annotations

from cx_map.model.values import BASES
from cx_map.schema.parts import ID_PATTERN, Schema, described, mapping, ref

NUMBER = r"\+?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
_PLAIN_DURATION = r"[0-9]{1,15}(\.[0-9]{1,9})?\s*(ms|s|m|min|h|d|w|bd)"
_PART = r"[0-9]{1,15}(\.[0-9]{1,9})?"
_ISO_DURATION = rf"P(?=.)({_PART}Y)?({_PART}M)?({_PART}W)?({_PART}D)?(T(?=[0-9])({_PART}H)?({_PART}M)?({_PART}S)?)?"
DURATION = rf"({_PLAIN_DURATION}|{_ISO_DURATION})"
_UNIT = (
    r"(s|sec|seconds?|min|minutes?|h|hours?|d|days?|weeks?|months?|quarters?|years?)"  # as `load.quantities` reads them
)
RATE = rf"{NUMBER}\s*(/\s*({_UNIT}|{DURATION})\s*)?"
SHARE = rf"({NUMBER}|(100(\.0*)?|[0-9]{{1,2}}(\.[0-9]*)?|\.[0-9]+)\s*%)"
MONEY = r"([0-9]{1,3}([_,' ][0-9]{3})+(\.[0-9]+)?|" + NUMBER + r")\s*[A-Z]{3}"
DATE = r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$"


def _whole(pattern: str) -> Schema:
    return {"type": "string", "pattern": rf"^\s*{pattern}\s*$"}


def _quantity(what: str, short: str, bare: Schema, pattern: str, extra: Schema) -> Schema:
    """A number in its short form, or with its range, basis and date."""
    one = {"anyOf": [bare, _whole(pattern)]}
    part: Schema = {"anyOf": [bare, _whole(pattern), {"enum": [None, "unknown"]}]}
    long = mapping(
        f"{what}, with its range and how it is known.",
        {
            "value": {"description": "The number itself.", **one},
            "low": {"description": "The least it may be.", **part},
            "high": {"description": "The most it may be.", **part},
            "basis": described("How it is known.", {"enum": [*BASES, "unknown", None]}),
            "as_of": described("The date of the number.", ref("date"), {"enum": ["unknown", None]}),
            **extra,
        },
        ("value",),
    )
    return {"description": short, "anyOf": [bare, _whole(pattern), long]}


def value_definitions() -> dict[str, Schema]:
    """The definitions of all value types, by the name of their field type."""
    positive: Schema = {"type": "number", "minimum": 0}
    return {
        "unknown": {"description": "Asked, and nobody knows.", "enum": ["unknown", ["unknown"]]},
        "left_out": {"description": "Not looked at yet, as if left out.", "type": "null"},
        "not_said": {
            "description": "`unknown`: asked, nobody knows; []: known to be none; empty: not looked at yet.",
            "enum": ["unknown", ["unknown"], [], None],
        },
        "id": {"description": "The id of an entity.", "anyOf": [{"type": "string", "pattern": ID_PATTERN}, {"type": "number"}]},
        "attribute": {
            "description": "The id of an attribute, such as contact.email; one that nobody declared is legal.",
            "anyOf": [{"type": "string", "not": {"enum": ["*", "unknown"]}}, {"type": "number"}],
        },
        "string": {"description": "A text.", "type": ["string", "number"]},
        "text": {
            "description": "A text, or one text a language: {en: ..., uk: ...}.",
            "anyOf": [
                {"type": ["string", "number"]},
                {
                    "description": "A text a language, by BCP 47 code.",
                    "type": "object",
                    "minProperties": 1,
                    "patternProperties": {
                        LANGUAGE: {"description": "The text in this language.", "type": ["string", "number", "null"]},
                        "^x-": {"description": "A key of your own: kept, never read."},
                    },
                    "additionalProperties": False,
                },
            ],
        },
        "bool": {"description": "true or false (`yes` and `no` are texts in YAML 1.2).", "type": "boolean"},
        "integer": {"description": "A whole number from 0.", "type": "integer", "minimum": 0},
        "number": _quantity("A number", "A number from 0, or {value, low, high, basis, as_of}.", positive, NUMBER, {}),
        "share": _quantity(
            "A share", "A part of a whole: 0.35 or 35%, or {value, low, high, basis, as_of}.",
            {"type": "number", "minimum": 0, "maximum": 1}, SHARE, {},
        ),
        "rate": _quantity(
            "A rate", "So many a period: 120000/month, 50/s, 414/30m (a bare number is per month), or {value, per, ...}.",
            positive, RATE, {"per": {"description": "The period: month, day, 30m.", **_whole(rf"({_UNIT}|{DURATION})")}},
        ),
        "money": _quantity(
            "An amount of money", "An amount and its currency: 250000 EUR (a bare number is in organization.currency).",
            positive, f"({MONEY}|{NUMBER})",
            {"currency": {"description": "ISO 4217 code.", "type": "string", "pattern": "^[A-Z]{3}$"}},
        ),
        "duration": {"description": "A length of time: 30s, 15m (minutes), 2h, 3d, 4w, 5bd (business days) or ISO 8601: PT15M, P3D.",
                     **_whole(DURATION)},
        "latency": {
            "description": "How long it takes: a duration, or {p50, p95}.",
            "anyOf": [
                ref("duration"),
                {
                    **mapping(
                        "The median and the 95th percentile.",
                        {
                            "p50": described("Half take at most this long.", ref("duration"), {"enum": [None, "unknown"]}),
                            "p95": described("19 of 20 take at most this long.", ref("duration"), {"enum": [None, "unknown"]}),
                        },
                    ),
                    "minProperties": 1,
                },
            ],
        },
        "date": {
            "description": "An ISO 8601 date, whole or partial: 2026, 2026-02, 2026-02-28.",
            "anyOf": [_whole(DATE), {"type": "integer", "minimum": 1000, "maximum": 9999}],
        },
    }  # fmt: skip
