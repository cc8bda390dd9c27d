"""The editors' schema accepts what loading accepts and refuses what is wrong by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from cx_map.load.reader import read
from cx_map.model.fields import fields_of
from cx_map.model.kinds import KINDS
from cx_map.schema import SCHEMAS
from cx_map.schema.inventory import inventory_schema
from tests.load.broken import CASES, Case

ROOT = Path(__file__).parents[2]
SCHEMA = inventory_schema()
VALIDATOR = Draft7Validator(SCHEMA)
FILES = sorted([*ROOT.glob("inventories/**/*.cxmap.yaml"), *ROOT.glob("examples/**/*.cxmap.yaml")])
WHOLE_INVENTORY = {
    # what one file cannot show by itself
    "nothing but the organization", "nothing but the version", "the same id in two files", "a second organization",
    "a dangling reference", "a dangling reference with nothing near", "a reference to a wrong kind", "a reference to a replaced channel",
    "a reference of several kinds", "an unregistered source", "a channel among shares", "two currencies", "not the firm's currency",
    "an amount without currency", "parents in a circle", "its own parent", "a dotted attribute in a circle",
    # what draft-07 cannot say: sums, order of numbers, equality of items, days of a month
    "shares over 1", "shares of some routes", "a fallback for an absent route", "a fallback with a share", "fallbacks for one another",
    "two routes of one id", "routes and their short form", "an overlap with itself", "a range beside its value", "a date that is none",
    "too large", "percentiles the wrong way round",
    # numbers that a pattern cannot tell from others


    # how a number is written: to a schema 88.000 is 88
    "thousands with a point", "a rate with a point", "money with a point",
    # what the reader drops before a schema sees it
    "an unquoted comma in {...}", "an unquoted comma that makes an id", "a thousands comma in {...}",
}  # fmt: skip


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key.partition("\0")[0]: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value


def document(text: str | bytes) -> Any:
    return plain(read(text if isinstance(text, bytes) else text.encode(), "a", 0).root)


def errors(text: str) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(document("cxmap: 1\n" + text))]


def test_it_is_draft_07_and_always_the_same() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert json.dumps(SCHEMA) == json.dumps(inventory_schema())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_inventory_of_the_repository_is_valid(path: Path) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(document(path.read_bytes()))] == []


def test_there_are_inventories() -> None:
    assert len(FILES) > 10


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.name not in WHOLE_INVENTORY], ids=lambda case: case.name
)
def test_broken_inventories_are_refused(case: Case) -> None:
    heads = [text if isinstance(text, bytes) else (text if case.bare else "cxmap: 1\n" + text) for text in case.files]
    roots = [document(text) for text in heads]
    repeated = any("twice" in words or "already" in words for *_, words in case.errors)
    assert repeated or any(root is None or not VALIDATOR.is_valid(root) for root in roots)


@pytest.mark.parametrize("name", sorted(WHOLE_INVENTORY))
def test_what_only_validate_can_tell_is_not_refused(name: str) -> None:
    (case,) = [case for case in CASES if case.name == name]
    assert all(VALIDATOR.is_valid(document("cxmap: 1\n" + str(text))) for text in case.files)


ACCEPTED = """
communications: {a: Name only, b: {owner: unknown, needs: [], archive: [], deadline: [unknown], volume: ~}, c: ~}
communications: {a: {volume: 120000/month}, b: {volume: 414/30m}, c: {volume: 012}, d: {volume: 5}, e: {volume: 50 / s}, f: {volume: 1/P1M}}
communications: {a: {volume: {value: 5/day, low: 3, high: unknown, basis: assumed, as_of: 2026}}, b: {volume: {value: 5, per: day, x-a: b}}}
communications: {a: {deadline: 15m}, b: {deadline: 5bd}, c: {deadline: PT1H30M}, d: {deadline: P1M}, e: {deadline: 1.5 h}}
communications: {a: {channels: email, platforms: [p, {any_of: [p, q]}]}, b: {routes: {channel: sms, share: 35%}}}
communications: {a: {content: [account.balance, {attribute: x, render: masked}]}, b: {content: account.balance, x-own: [1]}}
communications: {a: {trigger: on payment}, b: {trigger: {en: A, uk: Б}}, c: {trigger: {kind: manual, by: t}}, d: {last_changed: 2026-02}}
segments: {a: {vulnerable: 0.3, languages: {en: 90%, pt-BR: unknown}, access_needs: {braille: 1}, reachable_by: {email: 1, x-n: a}}}
platforms: {a: {cost_per_year: 250000 EUR}, b: {cost_per_year: 5}, c: {cost_per_year: {value: 5, currency: EUR}}, d: {cost_per_year: 250 000 EUR}}
channels: {a: {latency: 2m}, b: {latency: {p50: 1m, p95: 1h}}, c: {latency: {p95: unknown, p50: 1m}}}
teams: {2024: {name: 7, hours: 22}, b: {name: {en: B}, parent: 2024}}
flows: {from: a, to: b}
flows: [{from: a, to: b, carries: '*', id: x}, {from: unknown, to: b, via: none}]
defaults: {source: s1, status: pilot, communications: {owner: t, channels: [sms]}, flows: {via: batch}, x-a: 1}
organization: A firm
references: {s1: {title: A, url: b, as_of: 2026-02, basis: reported}, s2: B}
attributes: {contact.email: {aliases: {uk: [пошта], en: mail}, valid_for: 1bd}}
feedback_loops: {a: {within: 30d, stages: {own: t, act: [u, v]}}, b: {within: {own: 2d}, by_design: none, reason: small}}
routing_rules: {r: {when: {topic: fees, severity: [major]}, priority: 1, on: a}}
roadmap: {phases: {id: one, changes: {remove: a}}}
roadmap: {phases: [{id: one, cutover: 4w, changes: [{add: {teams: {t: T}, flows: [{from: a, to: b}]}, for: i}, {remove: [a, b]}]}]}
roadmap: {phases: [{changes: [{change: {a: {enforces: {add: [p], remove: q}, owner: ~, volume: 5/day}}}, {replace: {a: b}}, {rename: {a: b}}]}]}
roadmap: {phases: [{changes: [{merge: {into: a, from: [b]}}, {connect: {from: a, to: b, via: api}}, {disconnect: {from: a, to: b}}]}]}
x-anything: {at: [all]}
""".strip().splitlines()


@pytest.mark.parametrize("text", ACCEPTED)
def test_every_accepted_form_is_valid(text: str) -> None:
    assert errors(text) == []


REFUSED = """
teams: {a: {owner: [b, unknown, {}]}}
teams: {a: {status: gone}}
communications: {a: {volume: -5}, b: B}
communications: {a: {volume: 5/fortnight}}
communications: {a: {deadline: 15}}
communications: {a: {deadline: P}}
communications: {a: {deadline: PT}}
communications: {a: {deadline: P1DT}}
communications: {a: {routes: [{chanel: email}]}}
communications: {a: {must_arrive: yes}}
segments: {a: {vulnerable: 130%}}
segments: {a: {vulnerable: 1.3}}
segments: {a: {access_needs: {brail: 1}}}
platforms: {a: {cost_per_year: 5 euro}}
flows: [{from: a}]
defaults: {volume: 5}
references: {s1: {basis: guess}}
roadmap: {phases: [{changes: [{remove: a, rename: {a: b}}]}]}
roadmap: {phases: [{changes: [{move: a}]}]}
roadmap: {phases: [{changes: [{connect: {from: a}}]}]}
roadmap: {phases: [{changes: [{change: {a: {ownr: b}}}]}]}
""".strip().splitlines()


@pytest.mark.parametrize("text", REFUSED)
def test_wrong_forms_are_refused(text: str) -> None:
    assert errors(text)


def _properties(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(schema, dict):
        for name, one in {**schema.get("properties", {}), **schema.get("patternProperties", {})}.items():
            yield f"{path}/{name}", one
        for key, one in schema.items():
            if key not in ("enum", "examples", "const"):
                yield from _properties(one, f"{path}/{key}")
    elif isinstance(schema, list):
        for number, one in enumerate(schema):
            yield from _properties(one, f"{path}/{number}")


@pytest.mark.parametrize("name", SCHEMAS)
def test_everything_has_a_description(name: str) -> None:
    schema = SCHEMAS[name]()
    Draft7Validator.check_schema(schema)
    missing = []
    for path, one in _properties(schema):
        target = schema["definitions"][one["$ref"].rpartition("/")[2]] if "$ref" in one else one
        if isinstance(target, dict) and not target.get("description"):
            missing.append(path)
    missing += [key for key, one in schema.get("definitions", {}).items() if not one.get("description")]
    assert missing == []


def test_every_kind_and_field_is_in_it() -> None:
    for kind, cls in KINDS.items():
        known = SCHEMA["definitions"][f"{kind}_entity"]["properties"]
        assert set(fields_of(cls)) <= set(known)
        assert kind in SCHEMA["properties"]
