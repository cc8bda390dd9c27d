"""The invariants of a plan (analyses.md, G): each broken by one change, and kept by its harmless twin."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses.phase_simulation import broken
from cx_map.analyses.plan_invariants import standing
from cx_map.graph.ecosystem import Ecosystem
from cx_map.states.apply import with_changes
from tests.inventories.random_firms import firm, inventory_from
from tests.support import inventory_of

FIRM = """
segments:
  owners: {customers: 1000, products: [card, loan], reachable_by: {email: 80%, letter: 99%}}
  firms: {customers: 50, reachable_by: {email: 90%, letter: 0}}
products: {card: {}, loan: {}}
teams: {desk: {functions: [complaints], authority: [small]}, head: {authority: [small, large]}, spare: {authority: [small, large]}}
data_sources: {archive: {}, choices: {}, cases: {owner: desk}, proofs: {}, relay: {}, core: {}}
platforms:
  composer: {}
  printer: {events_to: [proofs]}
  mailer: {enforces: [marketing]}
  dialler: {enforces: [marketing]}
collection_points: {form: {kind: complaint, writes_to: [cases]}, page: {writes_to: [choices]}}
preferences: {marketing: {kind: consent, captured_at: [page], master: choices, products: [card, loan]}}
touchpoints: {counter: {team: desk}}
promises: {call: {made_at: [counter], recorded_in: cases, owner: desk, kept_by: [reply], within: 5d, monitored_by: [head]}}
escalations: {ladder: {levels: [{team: desk, within: 1d}, {team: head, within: 1d}], accountable: head}}
error_types: {wrong-letter: {class: misdelivery, severity: major, escalates_via: ladder}}
flows:
  - {from: composer, to: relay, via: file}
  - {from: relay, to: archive, via: file}
  - {from: choices, to: mailer, via: api, carries: [preference.marketing]}
  - {from: choices, to: dialler, via: api, carries: [preference.marketing]}
communications:
  notice:
    purpose: regulatory
    segments: [owners, firms]
    needs: []
    archive: archive
    proof_of_delivery: required
    routes: [{channel: letter, platforms: [composer, printer]}, {id: spare, channel: email, platforms: [composer, mailer], fallback_for: letter}]
  offer: {purpose: marketing, segments: [owners], products: [card], needs: [], governed_by: [marketing], routes: [{channel: email, platforms: [mailer]}]}
  answer: {segments: [owners], needs: [], routes: [{channel: letter, platforms: [printer]}]}
signals: {complaint: {kind: complaint, from: form, about: [answer], segments: [owners], identity: known, captured_in: [cases]}}
insights: {queue: {inputs: [cases], delivered_to: [desk]}}
actions: {reply: {team: desk, triggered_by: [queue, desk], informs: [answer], within: 1d}}
"""

Change = dict[str, Any]


def after(*changes: Change, base: str = FIRM) -> list[tuple[str, str, tuple[str, ...]]]:
    """What some changes break."""
    eco = Ecosystem(inventory_of(base))
    return [one.key for one in broken(eco, eco, Ecosystem(with_changes(eco.inventory, changes)))]


def retired(name: str) -> Change:
    return {"change": {name: {"status": "retired"}}}


def test_nothing_is_wrong_with_the_firm_and_it_keeps_what_is_tested_here() -> None:
    assert standing(Ecosystem(inventory_of(FIRM))) == ()
    assert after() == []


@pytest.mark.parametrize(
    ("change", "key"),
    [
        # I1: a way that works, to every segment
        (retired("composer"), ("I1", "notice", ())),
        ({"change": {"notice": {"routes": {"remove": ["spare"]}}}}, ("I1", "notice", ("firms",))),
        # I2: archive and proof, from every route
        ({"disconnect": {"from": "relay", "to": "archive"}}, ("I2", "notice", ("archive", "letter"))),
        (retired("archive"), ("I2", "notice", ("archive", "spare"))),
        ({"change": {"notice": {"archive": None}}}, ("I2", "notice", ("archive",))),
        ({"change": {"notice": {"archive": []}}}, ("I2", "notice", ("archive",))),
        (retired("proofs"), ("I2", "notice", ("proof", "letter"))),
        # I3: loops, promises, escalations
        (retired("reply"), ("I3", "complaint", ())),
        ({"change": {"call": {"within": "1h"}}}, ("I3", "call", ("in time",))),
        (retired("head"), ("I3", "ladder", ())),
        ({"change": {"wrong-letter": {"escalates_via": None}}}, ("I3", "wrong-letter", ("escalates_via",))),
        # I4: consents are known and respected
        ({"disconnect": {"from": "choices", "to": "dialler"}}, ("I4", "dialler", ("marketing", "loan"))),
        ({"disconnect": {"from": "choices", "to": "mailer"}}, ("I4", "offer", ("marketing",))),
        ({"change": {"offer": {"governed_by": []}}}, ("I4", "offer", ("marketing",))),
        # I6: nothing in use points at what is retired
        (retired("relay"), ("I6", "composer", ("relay", "flow"))),
        (retired("head"), ("I6", "ladder", ("head",))),
        # I7: what the law demands hangs on no more than before
        ({"change": {"notice": {"needs": ["core"]}}}, ("I7", "notice", ("core",))),
    ],
)  # fmt: skip
def test_one_change_breaks_it(change: Change, key: tuple[str, str, tuple[str, ...]]) -> None:
    assert key in after(change)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param([{"rename": {"notice": "letter-of-law"}}, {"rename": {"marketing": "ads"}}], id="renamed"),
        pytest.param([{"rename": {"complaint": "grumble", "ladder": "stairs", "call": "ring"}}], id="renamed loops"),
        pytest.param([{"add": {"platforms": {"new": {}}}}, {"connect": {"from": "new", "to": "relay", "via": "api"}},
                      {"change": {"notice": {"routes": {"add": [{"id": "third", "channel": "email", "platforms": ["new", "mailer"]}]}}}}],
                     id="another archived way"),
        pytest.param([{"add": {"platforms": {"new": {}}}}, {"replace": {"composer": "new"}}], id="replaced with its flows"),
        pytest.param([{"remove": ["offer"]}], id="nothing to respect"),
        pytest.param([{"change": {"owners": {"products": ["card"]}, "marketing": {"products": ["card"]}}}, {"remove": ["loan"]}, {"disconnect": {"from": "choices", "to": "dialler"}},
                      {"connect": {"from": "choices", "to": "dialler", "via": "api", "carries": ["preference.marketing"], "products": ["card"]}}],
                     id="no longer sold"),
        pytest.param([{"remove": ["wrong-letter"]}, {"remove": ["ladder"]}], id="no such error any more"),
        pytest.param([{"remove": ["complaint"]}], id="no such signal any more"),
        pytest.param([{"add": {"platforms": {"hot": {"redundancy": "active_active"}}}}, {"change": {"notice": {"needs": ["hot"]}}}],
                     id="hangs on nothing that can fail"),
        pytest.param([{"change": {"notice": {"proof_of_delivery": "none"}}}, {"change": {"printer": {"events_to": []}}}],
                     id="no proof is asked for"),
    ],
)  # fmt: skip
def test_its_harmless_twin_breaks_nothing(changes: list[Change]) -> None:
    assert after(*changes) == []


def test_only_what_the_law_demands_must_be_archived() -> None:
    where = {"change": {"answer": {"archive": "archive", "purpose": "servicing"}}}
    assert after(where) == []
    demanded = [{"change": {"answer": {"archive": "archive", "purpose": "regulatory"}}}]
    assert ("I2", "answer", ("archive", "letter")) in after(*demanded)
    idle = after(*demanded, {"change": {"answer": {"status": "proposed"}}})
    assert [key for key in idle if key[0] == "I2"] == []


@pytest.mark.parametrize(
    ("reach", "channel", "left_out"),
    [
        ("{sms: 90%}", "email", True),  # an address for e-mail is collected or is not there
        ("{sms: 90%}", "letter", False),  # post goes anywhere
        ("{sms: 90%, letter: 0}", "letter", True),
        ("{sms: 90%, email: 1%}", "email", False),
        ("unknown", "email", False),
    ],
)
def test_a_segment_is_left_out_where_no_channel_that_works_reaches_it(reach: str, channel: str, left_out: bool) -> None:
    text = f"""
    segments: {{some: {{reachable_by: {reach}}}}}
    communications: {{news: {{segments: [some], needs: [], routes: [{{channel: {channel}}}]}}}}
    """
    found = [one.key for one in standing(Ecosystem(inventory_of(text)))]
    assert found == ([("I1", "news", ("some",))] if left_out else [])
    open_way = text.replace("routes: [", "routes: [{id: other, platforms: []}, ")
    assert standing(Ecosystem(inventory_of(open_way))) == (), "a way of which the channel is not known may reach it"


def test_a_platform_that_no_longer_enforces_a_consent_need_not_know_it() -> None:
    apart = {"disconnect": {"from": "choices", "to": "dialler"}}
    assert after({"change": {"dialler": {"enforces": []}}}, apart) == []
    eco = Ecosystem(inventory_of(FIRM))
    told = broken(eco, eco, Ecosystem(with_changes(eco.inventory, [apart])))
    assert [one.why for one in told] == [
        f"'marketing' is no longer known there for '{name}'" for name in ("card", "loan")
    ]


def test_what_was_wrong_at_the_start_is_not_told_under_its_new_name_either() -> None:
    text = FIRM.replace("  - {from: relay, to: archive, via: file}\n", "")
    assert len(standing(Ecosystem(inventory_of(text)))) == 2
    assert after({"rename": {"notice": "letter-of-law"}}, base=text) == []


def test_a_route_over_alternatives_is_archived_only_where_each_of_them_is() -> None:
    either = {"platforms": {"other": {}}}
    routes = {"change": {"notice": {"routes": [
        {"channel": "letter", "platforms": [{"any_of": ["composer", "other"]}, "printer"]},
        {"id": "spare", "channel": "email", "platforms": ["composer", "mailer"], "fallback_for": "letter"},
    ]}}}  # fmt: skip
    assert ("I2", "notice", ("archive", "letter")) in after({"add": either}, routes)
    joined = {"connect": {"from": "other", "to": "relay", "via": "api"}}
    assert after({"add": either}, joined, routes) == []


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 100_000))
def test_other_names_break_nothing_in_random_firms(seed: int) -> None:
    eco = Ecosystem(inventory_from(firm(seed)))
    names = {
        name: f"x-{name}" for name in eco.inventory.raw.entities if eco.inventory.entities[name].kind != "channels"
    }
    assert broken(eco, eco, eco) == ()
    assert broken(eco, eco, Ecosystem(with_changes(eco.inventory, [{"rename": names}]))) == ()
