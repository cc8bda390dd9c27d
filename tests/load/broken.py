"""Broken inventories and the errors they must give: code, file, line, column (in characters) and words.

``files`` are texts in the order of their names (`a.cxmap.yaml`, `b.cxmap.yaml`, ...); `cxmap: 1` is put
before each unless ``bare``, so the first written line is line 2. Every expected word stands in the message
or its hint; the errors listed are all there are, in this order.
"""

from __future__ import annotations

from dataclasses import dataclass

from cx_map.errors import InventoryError, Problem
from cx_map.load.assemble import assemble
from cx_map.load.build import build
from cx_map.model.inventory import Inventory
from cx_map.model.source import SourceFile

Error = tuple[str, str, int, int, str]


@dataclass(frozen=True)
class Case:
    name: str
    files: tuple[str | bytes, ...]
    errors: tuple[Error, ...]
    bare: bool = False


def sources(files: tuple[str | bytes, ...], *, bare: bool = False) -> tuple[SourceFile, ...]:
    head = b"" if bare else b"cxmap: 1\n"
    return tuple(
        SourceFile(f"{'abcdefgh'[number]}.cxmap.yaml", head + (text if isinstance(text, bytes) else text.encode()))
        for number, text in enumerate(files)
    )


def loaded(*files: str | bytes, bare: bool = False) -> Inventory:
    raw, problems, whole = assemble(sources(files, bare=bare))
    return build(raw, problems, whole=whole)


def problems_of(*files: str | bytes, bare: bool = False) -> tuple[Problem, ...]:
    try:
        loaded(*files, bare=bare)
    except InventoryError as error:
        return error.problems
    return ()


def case(
    name: str, text: str | bytes | tuple[str | bytes, ...], *errors: tuple[object, ...], bare: bool = False
) -> Case:
    """A case; an error without a file name is in `a`."""
    full = []
    for error in errors:
        code, *rest = error
        path = rest.pop(0) if isinstance(rest[0], str) else "a"
        line, column, words = rest
        full.append((code, path, line, column, words))
    files = text if isinstance(text, tuple) else (text,)
    return Case(name, files, tuple(full), bare)  # type: ignore[arg-type]  # checked by use


CASES = (
    # the file itself
    case("Latin-1 bytes", b"teams: {a: Z\xfcrich}\n", ("CX001", 2, 13, "0xFC is not UTF-8 save Latin-1")),
    case("UTF-16", "cxmap: 1\n".encode("utf-16"), ("CX001", 1, 1, "UTF-16 save it as UTF-8"), bare=True),
    case("empty file", "", ("CX001", 1, 1, "holds nothing cxmap: 1"), bare=True),
    case("comments only", "# later\n", ("CX001", 1, 1, "holds nothing"), bare=True),
    case("a list instead of a mapping", "- a\n- b\n", ("CX001", 1, 1, "holds a list cxmap: 1"), bare=True),
    case("a single word", "hello\n", ("CX001", 1, 1, "single value"), bare=True),
    case("missing version", "teams: {a: A}\n", ("CX001", 1, 1, "`cxmap: 1` is missing put top"), bare=True),
    case("version 2", "cxmap: 2\nteams: {a: A}\n", ("CX005", 1, 8, "'2' reads version 1"), bare=True),
    case("version true", "cxmap: true\nteams: {a: A}\n", ("CX005", 1, 8, "true write `cxmap: 1`"), bare=True),
    case("a control character", "teams: {a: A\x07}\n", ("CX001", 2, 13, "U+0007 not allowed delete it")),
    case("a C1 control character", "teams: {a: A\x80b}\n", ("CX001", 2, 13, "U+0080")),
    case("a byte order mark inside", "teams: {a: A\ufeffb}\n", ("CX001", 2, 13, "U+FEFF")),
    case("two documents", "teams: {a: A}\n---\nteams: {b: B}\n", ("CX001", 3, 1, "one YAML document move it ---")),
    case("nothing but the organization", "organization: {name: A}\n", ("CX001", 1, 1, "inventory is empty cxmap init")),
    case("nothing but the version", "", ("CX001", 1, 1, "inventory is empty")),
    case(
        "percentiles the wrong way round",
        "channels: {c: {latency: {p50: 10m, p95: 1m}}}\n",
        ("CX005", 2, 25, "p95 of 1m is less than the p50 of 10m swap them"),
    ),
    # YAML that the language refuses
    case("a tab to indent", "teams:\n\ta: b\n", ("CX001", 3, 1, "tab use spaces")),
    case("a tag", "teams: {a: !!str b}\n", ("CX001", 2, 12, "tags (!!str) remove")),
    case("a Python tag", "teams: {a: !python/object:os.system x}\n", ("CX001", 2, 12, "tags remove")),
    case("a tag on a mapping", "teams: !!map {a: A}\n", ("CX001", 2, 8, "tags (!!map)")),
    case("a merge key", "teams: &t {a: A}\nplatforms: {<<: *t}\n", ("CX001", 3, 13, "merge keys defaults")),
    case("an alias without anchor", "teams:\n  a: *zz\n", ("CX001", 3, 6, "*zz no anchor &zz")),
    case("a recursive alias", "teams: &a {a: *a}\n", ("CX001", 2, 15, "*a no anchor before")),
    case("a mapping as key", "teams:\n  ? {a: b}\n  : c\n", ("CX001", 3, 5, "a key must be a plain text")),
    case("an alias as key", "teams:\n  a: &x b\n  *x : c\n", ("CX001", 4, 3, "alias cannot be a key")),
    case("nested too deep", "teams: " + "[" * 5000 + "]" * 5000 + "\n", ("CX001", 2, 47, "more than 40 levels")),
    case("an open quote", 'teams:\n  a: "b\n', ("CX001", 3, 6, "not closed close it")),
    case("an open bracket", "teams:\n  a: {tags: [b}\n", ("CX001", 3, 15, "`]` is missing quote it")),
    case("bad indentation", "teams:\n  a:\n    name: A\n   owner: b\n", ("CX001", 5, 4, "indentation line keys up")),
    case("a dash without a space", "teams:\n  a:\n    tags:\n    -x\n    -y\n", ("CX001", 6, 5, "a dash without space after each dash")),
    case("a comment that was not meant", "teams:\n  a: {name: Team #1, tags: [x]}\n", ("CX001", 3, 18, "begins a comment quote")),
    case("an apostrophe", "teams:\n  a: {name: 'Miller's team'}\n", ("CX001", 3, 20, "an apostrophe ends double quotes")),
    case("a no-break space to indent", "teams: {x: {}}\n\u00a0a: {}\n", ("CX002", 3, 1, "unknown key indent with spaces no-break")),
    case("a value that starts with @", "teams:\n  a: @b\n", ("CX001", 3, 6, "cannot start quotes")),
    case("an unquoted comma in {...}", "teams:\n  cx: {name: Smith, Jones}\n",
         ("CX001", 3, 21, "'Jones' comma quote")),
    case("an unquoted comma that makes an id", "teams: {cx: Smith, jones}\n", ("CX001", 2, 20, "'jones' comma quote")),
    case("a thousands comma in {...}", "communications: {a: {volume: 1,000}}\n", ("CX001", 2, 32, "'000' without separators: 1000")),
    case("an unquoted colon in {...}", "teams:\n  cx: {name: Note: hello}\n", ("CX001", 3, 18, "inside {...} colon quote it")),
    case("an unquoted colon in a line", "teams:\n  cx:\n    name: Note: hello\n", ("CX001", 4, 15, "second colon quote it")),
    # keys and ids
    case("an unknown kind", "team: {a: b}\nteams: {a: A}\n", ("CX002", 2, 1, "unknown key 'team' did you mean `teams`")),
    case("another name of a kind", "systems: {a: b}\nteams: {a: A}\n", ("CX002", 2, 1, "'systems' did you mean `platforms`")),
    case("an unknown field", "communications:\n  x: {chanels: [email]}\n",
         ("CX002", 3, 7, "communication has no field 'chanels' did you mean `channels`")),
    case("an unknown field with nothing near", "teams: {a: {zzz: 1}}\n", ("CX002", 2, 13, "team has no field 'zzz' x-")),
    case("an unknown field of a route", "communications:\n  x: {routes: [{chanel: email}]}\n",
         ("CX002", 3, 17, "route has no field 'chanel' did you mean `channel`")),
    case("an organization under an id", "organization: {acme: {name: Acme}}\nteams: {a: {}}\n",
         ("CX002", 2, 16, "organization has no field 'acme' directly under `organization`")),
    case("an id as a field", "teams: {a: {id: b}}\n", ("CX002", 2, 13, "no field 'id' key the fields stand under")),
    case("an unknown default", "defaults: {ower: x}\nteams: {a: A}\n", ("CX002", 2, 12, "'ower' defaults did you mean `owner`")),
    case("a default of one kind for all", "defaults: {volume: 5}\nteams: {a: A}\n",
         ("CX002", 2, 12, "'volume' not every kind has communications:")),
    case("the same id in two files", ("teams: {a: A}\n", "platforms: {a: A}\n"),
         ("CX004", "b", 2, 13, "'a' already defined as one of teams a.cxmap.yaml:2:9 another id")),
    case("the same id in one mapping", "teams:\n  a: A\n  b: B\n  a: C\n", ("CX004", 5, 3, "'a' already defined a.cxmap.yaml:3:3")),
    case("the same field twice", "teams: {a: {name: A, name: B}}\n", ("CX001", 2, 22, "'name' twice a.cxmap.yaml:2:13 keep one")),
    case("the same kind twice", "teams: {a: A}\nteams: {b: {ownr: a}}\n",
         ("CX001", 3, 1, "'teams' twice one `teams:`"), ("CX002", 3, 13, "'ownr' `owner`")),
    case("a second organization", ("organization: {name: A}\nteams: {a: A}\n", "organization: {name: B}\n"),
         ("CX004", "b", 2, 1, "second `organization` a.cxmap.yaml:2:1 an inventory has one")),
    case("unknown as an id", "teams: {unknown: x}\n", ("CX005", 2, 9, "`unknown` is reserved another id")),
    case("an upper-case id", "teams: {CX Team: x}\n", ("CX005", 2, 9, "'CX Team' lower-case write `cx-team`")),
    case("an id in another script", "teams: {Zürich: x, b: B}\n", ("CX005", 2, 9, "write `zurich`")),
    case("columns count characters", "teams: {a: {name: 𝒵ü, ownr: b}, b: B}\n", ("CX002", 2, 23, "`owner`")),
    # the shape of things
    case("a number for an entity", "teams: {a: 5}\n", ("CX005", 2, 12, "'a' mapping of fields '5' quote")),
    case("a list for an entity", "teams: {a: [x]}\n", ("CX005", 2, 12, "not a list without dashes")),
    case("a list of entities", "teams:\n  - a\n", ("CX005", 3, 3, "`teams` mapping from id to fields without dashes")),
    case("flows as a mapping", "flows: {a: b}\nteams: {a: A}\n", ("CX005", 2, 8, "`flows` is a list dash")),
    case("a flow that is a word", "flows: [a]\nteams: {a: A}\n", ("CX005", 2, 9, "a flow is a mapping from")),
    case("a flow without an end", "flows: [{from: a}]\nteams: {a: A}\n", ("CX005", 2, 9, "a flow needs `to`")),
    case("an overlap with itself", "overlaps: [{between: [a, a]}]\nproducts: {a: A}\n", ("CX005", 2, 12, "two different things")),
    case("defaults as a list", "defaults: [a]\nteams: {a: A}\n", ("CX005", 2, 11, "`defaults` is a mapping")),
    case("defaults of a kind as a word", "defaults: {teams: x}\nteams: {a: A}\n", ("CX005", 2, 19, "defaults of teams")),
    # references
    case("a dangling reference", "teams: {cx-team: CX}\nplatforms: {p: {owner: cx-taem}}\n",
         ("CX003", 3, 24, "no team has the id 'cx-taem' did you mean `cx-team`")),
    case("a dangling reference with nothing near", "platforms: {p: {owner: zzz}}\n",
         ("CX003", 2, 24, "no team 'zzz' define it under `teams:` unknown")),
    case("a reference to a wrong kind", "teams: {t: {owner: p}}\nplatforms: {p: P}\n",
         ("CX003", 2, 20, "'p' is a platform; here goes a team")),
    case("a reference to a replaced channel", "platforms: {portal: {}}\ncommunications: {c: {channels: portal}}\n",
         ("CX003", 3, 32, "'portal' is a platform; here goes a channel")),
    case("a reference of several kinds", "channels: {c: {offramp: x}}\n", ("CX003", 2, 25, "no channel or agent pool")),
    case("an unregistered source", "teams: {t: {source: s1}}\n", ("CX003", 2, 21, "no reference 's1' register")),
    case("a channel among shares", "segments: {s: {reachable_by: {emial: 1}}}\n", ("CX003", 2, 31, "'emial' did you mean `email`")),
    case("an unreadable file hides no wrong kind", ("teams: {t: {owner: gone, parent: p}}\nplatforms: {p: P}\n", "\tx\n"),
         ("CX003", 2, 34, "'p' is a platform"), ("CX001", "b", 2, 1, "tab")),
    # values
    case("a list for a number", "communications: {x: {volume: [1, 2]}}\n", ("CX005", 2, 30, "one number a list")),
    case("a negative volume", "communications: {x: {volume: -5/month}}\n", ("CX005", 2, 30, "-5 is negative")),
    case("not a number", "communications: {x: {volume: .nan}, y: {volume: -.inf}}\n",
         ("CX005", 2, 30, ".nan"), ("CX005", 2, 49, "-.inf")),
    case("too large", "communications: {x: {volume: 1e999}}\n", ("CX005", 2, 30, "too large")),
    case("a bad unit", "communications: {x: {volume: 10/fortnight}}\n", ("CX005", 2, 30, "'fortnight' week, month")),
    case("separators", "communications: {x: {volume: 1_000/month}}\n", ("CX005", 2, 30, "without separators: 1000")),
    case("a rate without value", "communications: {x: {volume: {low: 1, high: 3}}}\n", ("CX005", 2, 30, "needs `value`")),
    case("a value unknown in long form", "communications: {x: {volume: {value: unknown, per: day}}}\n",
         ("CX005", 2, 30, "needs its `value` write `unknown`")),
    case("an empty text", "teams: {a: {name: {}}}\n", ("CX005", 2, 19, "empty mapping write the text")),
    case("an empty latency", "platforms: {a: {processing: {}}}\n", ("CX005", 2, 29, "empty mapping p50")),
    case("a range beside its value", "communications: {x: {volume: {value: 5, low: 6}}}\n", ("CX005", 2, 30, "low <= value <= high")),
    case("a share over the whole", "segments: {s: {vulnerable: 1.3}}\n", ("CX005", 2, 28, "more than the whole 35%")),
    case("a decimal comma", "segments:\n  s:\n    vulnerable: 0,3\n", ("CX005", 4, 17, "with a point: 0.3")),
    case("a duration without unit", "communications: {x: {deadline: 15}}\n", ("CX005", 2, 32, "'15' not a duration 15m")),
    case("a duration of two units", "communications: {x: {deadline: 1h30m}}\n", ("CX005", 2, 32, "'1h30m' PT15M")),
    case("a date that is none", "communications: {x: {last_changed: 2026-02-29}}\n", ("CX005", 2, 36, "'2026-02-29' 2026-02")),
    case("yes for true", "communications: {x: {must_arrive: yes}}\n", ("CX005", 2, 35, "true or false 'yes' write true")),
    case("no for false", "communications: {x: {must_arrive: No}}\n", ("CX005", 2, 35, "'No' write false")),
    case("a near choice", "communications: {x: {purpose: Marketting}}\n", ("CX005", 2, 31, "'Marketting' did you mean `marketing`")),
    case("a far choice", "communications: {x: {purpose: sales}}\n", ("CX005", 2, 31, "'sales' write one of transactional")),
    case("true for a name", "teams: {a: {name: true}}\n", ("CX005", 2, 19, 'found true "true"')),
    case("a language that is none", "teams: {a: {name: {english: A}}}\n", ("CX005", 2, 20, "'english' BCP 47 quote")),
    case("a colon in a list of texts", "teams: {a: {tags: [{x: b}]}}\n", ("CX005", 2, 20, "found a mapping quote a text with a colon")),
    case("unknown inside a list", "data_sources: {b: B}\ncommunications: {a: {needs: [unknown, b]}}\n",
         ("CX005", 3, 30, "whole field leave the item out")),
    case("an empty list item", "data_sources: {b: B}\ncommunications: {a: {needs: [~, b]}}\n", ("CX005", 3, 30, "empty list item []")),
    case("all attributes of a store", "data_sources: {a: {holds: '*'}}\n", ("CX005", 2, 27, "'*' carries")),
    case("an amount without currency", "platforms: {a: {cost_per_year: 5}}\n", ("CX005", 2, 32, "currency 250000 EUR")),
    case("two currencies", "platforms: {a: {cost_per_year: 5 EUR}, b: {cost_per_year: 7 USD}}\n",
         ("CX005", 2, 59, "USD among amounts in EUR one currency")),
    case("not the firm's currency", "organization: {currency: GBP}\nplatforms: {a: {cost_per_year: 5 EUR}}\n",
         ("CX005", 3, 32, "EUR among amounts in GBP")),
    case("thousands with a point", "segments: {a: {customers: 88.000}}\n", ("CX005", 2, 27, "'88.000' may be 88000 or 88")),
    case("a rate with a point", "communications: {a: {volume: 1.250/month}}\n", ("CX005", 2, 30, "'1.250' may be 1250 or 1.25")),
    case("money with a point", "platforms: {a: {cost_per_year: 250.000 EUR}}\n", ("CX005", 2, 32, "may be 250000 or 250")),
    case("a date as Germans write it", "platforms: {a: {since: 1.7.2024}}\n", ("CX005", 2, 24, "not a date write 2024-07-01")),
    case("a date without zeros", "platforms: {a: {since: 2024-7-1}}\n", ("CX005", 2, 24, "not a date write 2024-07-01")),
    case("a duration in words", "flows: [{from: unknown, to: unknown, every: daily}]\nteams: {a: {}}\n",
         ("CX005", 2, 45, "not a duration write 1d")),
    case("a duration with a long unit", "flows: [{from: unknown, to: unknown, every: 3 months}]\nteams: {a: {}}\n",
         ("CX005", 2, 45, "not a duration write P3M")),
    case("a decimal comma in money", "platforms:\n  a:\n    cost_per_year: 250,50 EUR\n", ("CX005", 4, 20, "with a point: 250.50")),
    # relations
    case("parents in a circle", "teams: {a: {parent: b}, b: {parent: a}, c: {parent: a}}\n",
         ("CX006", 2, 13, "circle: a -> b -> a remove or change")),
    case("its own parent", "lines_of_business: {a: {parent: a}}\n", ("CX006", 2, 25, "a -> a")),
    case("a dotted attribute in a circle", "teams: {t: T}\nattributes: {a: {parent: a.b}}\n", ("CX006", 3, 18, "a -> a.b -> a")),
    case("shares over 1", "communications:\n  x: {routes: [{channel: email, share: 80%}, {channel: sms, share: 50%}]}\n",
         ("CX005", 3, 33, "sum to 1.3, not 1 send: all")),
    case("shares of some routes", "communications:\n  x: {routes: [{channel: email, share: 80%}, {channel: sms}]}\n",
         ("CX005", 3, 33, "0.8 1 of its routes give none share: unknown")),
    case("a fallback for an absent route", "communications:\n  x: {routes: [{channel: sms, fallback_for: lettr}, {channel: letter}]}\n",
         ("CX003", 3, 31, "no route named 'lettr' did you mean `letter`")),
    case("a fallback with a share", "communications:\n  x: {routes: [{channel: sms, fallback_for: letter, share: 10%}, {channel: letter}]}\n",
         ("CX005", 3, 53, "fallback route has share 0, not 0.1 leave")),
    case("fallbacks for one another", "communications:\n  x: {routes: [{channel: sms, fallback_for: web}, {channel: web, fallback_for: sms}]}\n",
         ("CX005", 3, 31, "stand in for one another"), ("CX005", 3, 66, "stand in for one another")),
    case("two routes of one id", "communications:\n  x: {routes: [{channel: sms}, {channel: sms}]}\n",
         ("CX004", 3, 32, "named 'sms' a.cxmap.yaml:3:16 `id`")),
    case("routes and their short form", "communications:\n  x: {routes: [{channel: sms}], channels: web}\n",
         ("CX005", 3, 33, "both `routes` and their short form keep")),
    case("a bad share gives no second error", "communications:\n  x: {routes: [{channel: sms, share: x}, {channel: web, share: 1}]}\n",
         ("CX005", 3, 38, "'x' is not a number")),
    # several
    case("all errors of all files, in order", ("teams: {b: {ownr: x}}\nplatforms: {p: {vendr: V, owner: q}}\n", "channels: {k: {kind: fax}}\n"),
         ("CX002", 2, 13, "`owner`"), ("CX002", 3, 17, "`vendor`"), ("CX003", 3, 34, "'q'"), ("CX005", "b", 2, 22, "'fax'")),
)  # fmt: skip
