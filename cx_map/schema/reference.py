"""The reference page of the inventory language, from the model: every kind, field, type and unit."""

from __future__ import annotations

from pathlib import Path

from cx_map.model.entity import Entity
from cx_map.model.fields import FieldSpec, Record, TypeSpec, fields_of, shorthand_of
from cx_map.model.kinds import CHAPTERS, LIST_KINDS, SINGLE_KINDS, singular
from cx_map.model.shipped import SHIPPED_CHANNELS
from cx_map.model.values import SECONDS_PER
from cx_map.schema.fields import name_of, summary

PAGE = Path(__file__).parents[1] / "docs" / "reference.md"
_WORDS = {
    "text": "[text](#values)", "string": "text", "bool": "true or false", "integer": "whole number", "number": "[number](#values)",
    "rate": "[rate](#values)", "duration": "[duration](#values)", "latency": "[latency](#values)", "share": "[share](#values)",
    "money": "[money](#values)", "date": "[date](#values)",
}  # fmt: skip
_INTRODUCTION = """\
# Reference of the inventory language

Made from the model by `cx_map.schema.reference`; do not edit it by hand.

Every field may be left out (not looked at yet), be `unknown` (asked, nobody knows) or `[]` (known to be none).
A list takes a single value too. Keys that start with `x-` are yours: kept, never read.

## Values

| type | forms |
|---|---|
| text | a text, or one a language: `{{en: ..., uk: ...}}` (BCP 47 codes) |
| number | a number from 0, or `{{value, low, high, basis, as_of}}`; basis is measured, reported, estimated or assumed |
| rate | a number over a unit or a duration: `120000/month`, `50/s`, `414/30m`; bare = per month; or `{{value, per, ...}}`. Units: {units} |
| share | `0.35` or `35%`, or `{{value, ...}}` |
| money | `250000 EUR`; bare = in `organization.currency`; or `{{value, currency, ...}}` |
| duration | `30s` `15m` (minutes) `2h` `3d` `4w` `5bd` (business days), or ISO 8601: `PT15M` `P3D` `P1M` |
| latency | a duration, or `{{p50, p95}}` |
| date | ISO 8601, whole or partial: `2026`, `2026-02`, `2026-02-28` |

1 month is 30.44 days or 730.5 hours. Shipped channels: {channels}.

## Fields of every entity

{common}
"""


def reference_page() -> str:
    """The page as Markdown, the same bytes every time."""
    records: dict[str, type[Record]] = {}
    common = _table(Entity, records)
    parts = [
        _INTRODUCTION.format(
            units=", ".join(f"`{unit}`" for unit in SECONDS_PER),
            channels=", ".join(f"`{name}`" for name in SHIPPED_CHANNELS),
            common=common,
        )
    ]
    for chapter, classes in CHAPTERS.items():
        parts.append(f"## {chapter}\n")
        parts += [_kind(cls, records) for cls in classes]
    parts.append("## Parts\n")
    done: set[str] = set()
    while waiting := sorted(set(records) - done):  # describing a part may name further parts
        for name in waiting:
            done.add(name)
            _table(records[name], records)
    parts += [_part(name, records) for name in sorted(records)]
    return "\n".join(parts).rstrip("\n") + "\n"


def write(path: Path = PAGE) -> None:
    """Write the page where the documentation keeps it."""
    path.write_text(reference_page(), encoding="utf-8", newline="\n")


def _kind(cls: type[Entity], records: dict[str, type[Record]]) -> str:
    how = (
        "a list"
        if cls.kind in LIST_KINDS
        else "one an inventory, without an id"
        if cls.kind in SINGLE_KINDS
        else "by id"
    )
    return f"### `{cls.kind}`\n\n{summary(cls)} ({how})\n\n{_table(cls, records)}\n"


def _part(name: str, records: dict[str, type[Record]]) -> str:
    cls = records[name]
    short = shorthand_of(cls)
    bare = f" A bare value is its `{short}`." if short else ""
    return f"### {_title(cls)}\n\n{summary(cls)}{bare}\n\n{_table(cls, records)}\n"


def _table(cls: type[Record], records: dict[str, type[Record]]) -> str:
    common = fields_of(Entity) if issubclass(cls, Entity) and cls is not Entity else {}
    own = [field for key, field in fields_of(cls).items() if common.get(key) != field]
    if not own:
        return "No fields of its own.\n"
    rows = "".join(_row(field, records) for field in own)
    return f"| field | type | meaning |\n|---|---|---|\n{rows}"


def _row(field: FieldSpec, records: dict[str, type[Record]]) -> str:
    meaning = field.description.replace("|", "\\|")
    return f"| `{field.key}` | {_type(field.spec, records)} | {meaning} |\n"


def _type(spec: TypeSpec, records: dict[str, type[Record]]) -> str:
    if spec.type == "list" and spec.item is not None:
        return f"list: {_type(spec.item, records)}"
    if spec.type == "mapping" and spec.item is not None and spec.key is not None:
        return f"mapping: {_type(spec.key, records)} → {_type(spec.item, records)}"
    if spec.type == "choice":
        return " ".join(f"`{choice}`" for choice in spec.choices)
    if spec.type == "ref" and spec.ref is not None:
        return " or ".join(f"[{singular(kind)}](#{kind})" for kind in spec.ref.kinds) or "any id"
    if spec.type == "attribute":
        return "attribute or `*`" if spec.wildcard else "attribute"
    if spec.record is not None:
        records[name_of(spec.record)] = spec.record
        return f"[{_title(spec.record).lower()}](#{_title(spec.record).lower().replace(' ', '-')})"
    return _WORDS[spec.type]


def _title(record: type[Record]) -> str:
    return name_of(record).replace("_", " ").capitalize()


if __name__ == "__main__":
    write()
