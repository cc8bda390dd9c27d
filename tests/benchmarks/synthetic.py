"""Synthetic inventories of any size: a firm of many lines of business, each with its own small ecosystem.

The same number of entities always gives the same bytes. An entity is about 250 bytes of YAML; a block of
100 entities (flows included) is one line of business, linked within itself and to its neighbour, so that
graphs have the shape of a real firm's: many weakly joined silos.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

BLOCK = 100
_MIX = (
    ("communications", 34), ("data_sources", 12), ("platforms", 10), ("collection_points", 9), ("signals", 7),
    ("touchpoints", 6), ("insights", 4), ("actions", 4), ("products", 3), ("teams", 2), ("segments", 1),
    ("preferences", 1), ("feedback_loops", 1), ("lines_of_business", 1), ("flows", 5),
)  # fmt: skip
_SMALL = (
    ("communications", 8), ("data_sources", 12), ("platforms", 9), ("collection_points", 7), ("signals", 7),
    ("insights", 4), ("actions", 4), ("products", 3), ("teams", 2), ("segments", 1), ("preferences", 1),
    ("feedback_loops", 1), ("lines_of_business", 1),
)  # fmt: skip
"""A line of business of 60 entities in which nothing refers to what is left out."""
SMALL = sum(count for _, count in _SMALL)
_PURPOSES = ("transactional", "servicing", "regulatory", "marketing", "security", "servicing")
_CHANNELS = ("email", "letter", "sms", "portal", "push")
_STORES = ("crm", "database", "warehouse", "spreadsheet", "saas", "mdm")
_POINTS = ("web_form", "app_form", "survey", "agent", "complaint", "chat")


def block(number: int, blocks: int, mix: tuple[tuple[str, int], ...] = _MIX) -> dict[str, list[str]]:
    """The lines of YAML of one line of business, by kind."""
    b, near = f"b{number}", f"b{(number + 1) % blocks}"
    lines: dict[str, list[str]] = {}
    for kind, count in mix:
        write = globals()[f"_{kind}"]
        lines[kind] = [line for item in range(count) for line in write(b, near, item, number)]
    return lines


def _communications(b: str, near: str, i: int, n: int) -> Iterator[str]:
    yield f"  {b}-comm-{i}:"
    yield f"    name: Notice {i} of line {n} to its customers"
    yield f"    owner: {b}-team-{i % 2}"
    yield f"    purpose: {_PURPOSES[i % 6]}"
    yield f"    products: [{b}-prod-{i % 3}]"
    yield f"    segments: [{b}-seg-0]"
    yield f"    volume: {1000 + 137 * i}/month"
    yield f"    needs: [{b}-store-{i % 12}, {b}-store-{(i * 5 + 1) % 12}]"
    if i % 3:
        yield f"    channels: [{_CHANNELS[i % 5]}]"
        yield f"    platforms: [{b}-plat-{i % 10}]"
    else:
        yield "    routes:"
        yield f"      - {{channel: {_CHANNELS[i % 5]}, platforms: [{b}-plat-{i % 10}], share: 70%}}"
        yield f"      - {{id: other, channel: {_CHANNELS[(i + 1) % 5]}, platforms: [{near}-plat-{i % 10}], share: 0.3}}"
    yield f"    deadline: {1 + i % 9}d"


def _data_sources(b: str, near: str, i: int, n: int) -> Iterator[str]:
    yield f"  {b}-store-{i}:"
    yield f"    name: Store {i} of line {n}, kept since the merger"
    yield f"    kind: {_STORES[i % 6]}"
    yield f"    owner: {b}-team-{i % 2}"
    yield "    holds:"
    yield f"      - {{attribute: contact.email, mastery: {'master' if i == 0 else 'copy'}}}"
    yield f"      - {{attribute: account.balance, quality: 9{i % 10}%}}"
    yield "    data_kinds: [operational]"
    yield f"    availability: 99.{i % 10}%"


def _platforms(b: str, near: str, i: int, n: int) -> Iterator[str]:
    yield f"  {b}-plat-{i}:"
    yield f"    name: Platform {i} that serves line {n}"
    yield f"    owner: {b}-team-{i % 2}"
    yield "    capabilities: [compose, deliver_email, print]"
    yield f"    serves: [{b}]"
    yield f"    capacity: {40 + i}000/day"
    yield f"    processing: {{p50: {5 + i}m, p95: {1 + i}h}}"
    yield f"    needs: [{b}-store-{i % 12}]"
    yield f"    enforces: [{b}-pref-0]"


def _collection_points(b: str, near: str, i: int, n: int) -> Iterator[str]:
    yield f"  {b}-point-{i}:"
    yield f"    name: Point {i} of line {n}"
    yield f"    kind: {_POINTS[i % 6]}"
    yield f"    segments: [{b}-seg-0]"
    yield "    asks:"
    yield f"      - {{attribute: contact.email, purpose: collect, mandatory: true, seconds: {5 + i}}}"
    yield "      - contact.phone"
    yield f"    writes_to: [{b}-store-{i % 12}]"
    yield f"    volume: {200 + i}/day"


def _signals(b: str, near: str, i: int, n: int) -> Iterator[str]:
    yield f"  {b}-signal-{i}:"
    yield f"    name: What customers of line {n} say at point {i}"
    yield f"    kind: {'complaint' if i % 2 else 'survey'}"
    yield f"    from: {b}-point-{i % 9}"
    yield f"    about: [{b}-comm-{i}, {b}-prod-0]"
    yield f"    segments: [{b}-seg-0]"
    yield f"    volume: {{value: {300 + i}, per: month, basis: estimated}}"
    yield f"    captured_in: [{b}-store-{i % 12}]"


def _touchpoints(b: str, near: str, i: int, n: int) -> Iterator[str]:
    yield f"  {b}-touch-{i}:"
    yield f"    name: Touchpoint {i} of line {n}"
    yield f"    channel: {_CHANNELS[i % 5]}"
    yield f"    platform: {b}-plat-{i}"
    yield f"    team: {b}-team-{i % 2}"
    yield "    kind: self_service"
    yield f"    reads: [{b}-store-{i}, {near}-store-{i}]"
    yield "    needs_context: [contact.email, account.balance]"
    yield f"    volume: {1000 + i}/week"


def _insights(b: str, near: str, i: int, n: int) -> Iterator[str]:
    yield f"  {b}-insight-{i}:"
    yield f"    name: Dashboard {i} of line {n}, read every week"
    yield f"    inputs: [{b}-store-{i}, {b}-store-{i + 4}]"
    yield "    data_kinds: [experience, operational]"
    yield "    method: text"
    yield "    every: 7d"
    yield f"    delivered_to: [{{team: {b}-team-{i % 2}, via: mail, latency: 1d}}]"


def _actions(b: str, near: str, i: int, n: int) -> Iterator[str]:
    yield f"  {b}-action-{i}:"
    yield f"    name: What the team does about insight {i} of line {n}"
    yield f"    team: {b}-team-{i % 2}"
    yield "    kind: fix"
    yield f"    triggered_by: [{b}-insight-{i}]"
    yield f"    changes: [{b}-comm-{i}, {b}-plat-{i}]"
    yield f"    informs: [{b}-comm-{i}]"
    yield "    within: 10bd"


def _products(b: str, near: str, i: int, n: int) -> Iterator[str]:
    yield f"  {b}-prod-{i}: {{name: Product {i} of line {n}, line_of_business: {b}, customers: {10000 + i}, owner: {b}-team-0}}"


def _teams(b: str, near: str, i: int, n: int) -> Iterator[str]:
    yield f"  {b}-team-{i}: {{name: Team {i} of line {n}, functions: [service, product], customer_impact: direct, capacity_fte: {5 + i}}}"


def _segments(b: str, near: str, i: int, n: int) -> Iterator[str]:
    yield f"  {b}-seg-{i}:"
    yield f"    customers: {{value: {20000 + n}, low: 15000, high: 30000, basis: reported}}"
    yield f"    products: [{b}-prod-0, {b}-prod-1, {b}-prod-2]"
    yield "    reachable_by: {email: 80%, letter: 99%, sms: 60%}"
    yield "    languages: {en: 90%, es: 10%}"


def _preferences(b: str, near: str, i: int, n: int) -> Iterator[str]:
    yield f"  {b}-pref-{i}:"
    yield f"    name: Paperless for line {n}"
    yield "    kind: e_delivery"
    yield f"    changed_at: [{b}-point-0]"
    yield f"    master: {b}-store-0"
    yield "    default: out"
    yield "    deadline: 2d"


def _feedback_loops(b: str, near: str, i: int, n: int) -> Iterator[str]:
    yield f"  {b}-loop-{i}:"
    yield "    kind: outer"
    yield f"    signal: {b}-signal-0"
    yield f"    stages: {{capture: {b}-store-0, analyse: {b}-insight-0, own: {b}-team-0, act: {b}-action-0, inform: {b}-comm-0}}"
    yield "    within: 30d"


def _lines_of_business(b: str, near: str, i: int, n: int) -> Iterator[str]:
    yield f"  {b}: {{name: Line of business {n}, customers: {20000 + n}, origin: built}}"


def _flows(b: str, near: str, i: int, n: int) -> Iterator[str]:
    yield f"  - from: {b}-store-{i}"
    yield f"    to: {b}-store-{i + 1}" if i % 2 else f"    to: {near}-store-{i}"
    yield f"    via: {'batch' if i % 2 else 'api'}"
    yield "    carries: [contact.email, account.balance]"
    yield "    latency: {p50: 2h, p95: 1d}"
    yield f"    volume: {500 + i}/day"


def inventory_text(entities: int, *, first: int = 0, last: int | None = None) -> str:
    """The YAML of the blocks from ``first`` up to ``last`` of an inventory of that many entities."""
    blocks = max(1, entities // BLOCK)
    merged: dict[str, list[str]] = {kind: [] for kind, _ in _MIX}
    for number in range(first, blocks if last is None else last):
        for kind, lines in block(number, blocks).items():
            merged[kind] += lines
    return _document(merged)


def small_text() -> str:
    """The YAML of a single small line of business, :data:`SMALL` entities."""
    return _document(block(0, 1, _SMALL))


def _document(lines_by_kind: dict[str, list[str]]) -> str:
    text = ["cxmap: 1"]
    for kind, lines in lines_by_kind.items():
        text += [f"{kind}:", *lines]
    return "\n".join(text) + "\n"


def write_small(folder: Path) -> None:
    """Write the small inventory."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "all.cxmap.yaml").write_text(small_text(), encoding="utf-8", newline="\n")


def write_inventory(folder: Path, entities: int, files: int = 1) -> list[Path]:
    """Write an inventory of that many entities in one or several files; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    blocks = max(1, entities // BLOCK)
    files = min(files, blocks)
    written = []
    for part in range(files):
        path = folder / (f"part{part:03}.cxmap.yaml" if files > 1 else "all.cxmap.yaml")
        first, last = part * blocks // files, (part + 1) * blocks // files
        path.write_text(inventory_text(entities, first=first, last=last), encoding="utf-8", newline="\n")
        written.append(path)
    return written


if __name__ == "__main__":
    write_inventory(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
