"""A small firm on which every operator can be tried, and helpers to apply operators to it."""

from __future__ import annotations

import json
from typing import Any

from cx_map.errors import InventoryError, Problem
from cx_map.model.inventory import Inventory
from cx_map.states.apply import with_changes
from tests.support import inventory_of

FIRM = """
organization: {name: Firm, currency: EUR}
teams: {cx-team: {functions: [cx]}, it-team: {functions: [it]}}
segments:
  all: {customers: 1000, reachable_by: {email: 0.8, old-app: 0.1, letter: 100%}, preferred: {old-app: 10%}}
products: {loans: {}, cards: {}}
channels: {old-app: {kind: push}, new-app: {kind: push}}
data_sources:
  crm: {holds: [contact.email, {attribute: preference.paperless, mastery: master}]}
  archive: {owner: it-team}
platforms:
  ccm: {owner: it-team, capabilities: [compose, print], needs: [crm], enforces: [paperless]}
  legacy: {owner: it-team, capabilities: [compose]}
  esp: {needs: [{any_of: [crm, legacy]}], holds: [contact.email]}
collection_points: {portal-form: {kind: web_form, asks: [contact.email, preference.paperless], writes_to: crm}}
preferences: {paperless: {kind: e_delivery, master: crm, captured_at: portal-form}}
communications:
  statement:
    purpose: regulatory
    segments: [all]
    needs: crm
    archive: archive
    governed_by: paperless
    name: legacy
    routes:
      - {channel: letter, platforms: [legacy], share: 60%}
      - {channel: email, platforms: [ccm, esp], share: 40%}
      - {id: spare, channel: letter, platforms: [ccm], fallback_for: email}
  welcome: {channels: [email, letter], platforms: [legacy, esp], notes: legacy stays a word}
  alert: {routes: [{channel: old-app, platforms: [esp]}, {channel: email, platforms: [esp], fallback_for: old-app}]}
signals: {grumble: {kind: complaint, from: portal-form}}
routing_rules: {to-cx: {on: [grumble, complaint], to: cx-team, when: {segment: [all], topic: legacy}}}
initiatives: {tidy-up: {team: it-team, touches: [legacy, statement], sponsor: cx-team}}
flows:
  - {from: crm, to: legacy, carries: [contact.email], via: batch}
  - {from: crm, to: ccm, carries: [contact.email], via: api}
  - {from: legacy, to: archive, via: file}
  - {from: legacy, to: ccm, via: manual}
  - {from: esp, to: crm, via: none}
overlaps: [{between: [loans, cards], share: 30%}]
"""


def firm() -> Inventory:
    """The firm as it is."""
    return inventory_of(FIRM)


def after(*changes: dict[str, Any], base: Inventory | None = None) -> Inventory:
    """The firm after some operators."""
    return with_changes(base or firm(), list(changes))


def refused(*changes: dict[str, Any], base: Inventory | None = None) -> tuple[Problem, ...]:
    """The problems with which some operators are refused."""
    try:
        with_changes(base or firm(), list(changes))
    except InventoryError as error:
        return error.problems
    raise AssertionError("the operators were accepted")


def plain(inventory: Inventory) -> dict[str, Any]:
    """Everything that an inventory says, without places: two that are equal say the same."""
    return {
        "entities": dict(inventory.entities),
        "attributes": dict(inventory.attributes),
        "references": dict(inventory.references),
        "flows": inventory.flows,
        "overlaps": inventory.overlaps,
        "organization": inventory.organization,
    }


def as_yaml(document: dict[str, Any]) -> str:
    """A document as YAML text, one key a line."""
    return "\n".join(f"{key}: {json.dumps(value)}" for key, value in document.items()) + "\n"


def roadmap_of(*phases: str) -> Inventory:
    """The firm with a roadmap; each phase is the YAML text of its operators, at six spaces."""
    text = FIRM + "\nroadmap:\n  phases:\n"
    for number, operators in enumerate(phases, start=1):
        text += f"    - id: p{number}\n      changes:\n{operators}"
    return inventory_of(text)
