"""Who already knows what is asked: golden cases, the definition by brute force, and what more flows may not do."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_map.analyses.asked_again import asked_again, verdicts_by_ask
from cx_map.analyses.known_asks import known_asks
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation_of
from cx_map.model.chapter_customers import Ask, CollectionPoint, SegmentAtPoint
from cx_map.model.chapter_map import Flow
from cx_map.model.inventory import Inventory
from cx_map.model.values import Share
from tests.support import inventory_of

FIRM = """
segments: {retail: {customers: 1000}}
data_sources: {crm: {}, cards: {}}
touchpoints: {opening: {}, card: {}}
flows: [{from: crm, to: cards, via: api, carries: [contact]}]
collection_points:
  first: {touchpoint: opening, segments: [{segment: retail, reach: 90%}], asks: [ASKED], writes_to: [crm]}
  second:
    touchpoint: card
    segments: [{segment: retail, reach: 30%}]
    volume: 1000/month
    asks: [AGAIN]
    writes_to: [cards]
"""


def answers(text: str, **replaced: str) -> dict[str, str]:
    """The answer for each point's first ask."""
    for old, new in replaced.items():
        text = text.replace(old, new)
    verdicts = known_asks(Ecosystem(inventory_of(text)))
    return {one.asked.point.id: one.answer for one in verdicts}


@pytest.mark.parametrize(
    ("asked", "again", "answer"),
    [
        ("contact.email", "contact.email", "known"),
        ("contact.postal_address", "contact.postal_address.postcode", "known"),
        ("contact.postal_address.postcode", "contact.postal_address", "first"),
        ("account.number", "account.number", "silo"),
        ("{attribute: contact.email, purpose: verify}", "contact.email", "first"),
        ("contact.email", "{attribute: contact.email, purpose: verify}", "justified"),
        ("contact.email", "{attribute: contact.email, purpose: refresh}", "known"),
        ("contact.email", "{attribute: contact.email, legal_basis: KYC}", "justified"),
        ("contact.email", "{attribute: contact.email, prefilled_from: cards}", "justified"),
        ("contact.email", "{attribute: contact.email, step_up: true}", "justified"),
        ("preference.paperless", "preference.paperless", "justified"),
    ],
)
def test_one_earlier_ask(asked: str, again: str, answer: str) -> None:
    assert answers(FIRM, ASKED=asked, AGAIN=again)["second"] == answer


def test_known_without_any_flow_where_both_write_to_one_store() -> None:
    assert (
        answers(FIRM, ASKED="identity.name", AGAIN="identity.name", **{"writes_to: [cards]": "writes_to: [crm]"})[
            "second"
        ]
        == "known"
    )


def test_a_read_store_is_enough() -> None:
    text = FIRM.replace("writes_to: [cards]", "writes_to: [cards]\n    reads: [crm]")
    assert answers(text, ASKED="identity.name", AGAIN="identity.name")["second"] == "known"


def test_strictly_greater_reach_outside_journeys_and_unknown_reach_is_open() -> None:
    pair = {"ASKED": "contact.email", "AGAIN": "contact.email"}
    assert answers(FIRM, **pair, **{"reach: 30%": "reach: 90%"}) == {"first": "first", "second": "first"}
    assert answers(FIRM, **pair, **{", reach: 90%": ""}) == {"first": "open", "second": "open"}


def test_a_journey_decides_against_reach() -> None:
    pair = {"ASKED": "contact.email", "AGAIN": "contact.email"}
    backwards = FIRM + "journeys: {j: {steps: [card, opening]}}\n"
    assert answers(backwards, **pair) == {"first": "silo", "second": "first"}
    assert answers(backwards.replace("[card, opening]", "[{from: opening, to: card}]"), **pair)["second"] == "known"


@pytest.mark.parametrize("journey", ["", "journeys: {j: {steps: [app, opening, card]}}\n"])
@pytest.mark.parametrize("attribute", ["contact.email", "account.number"])
def test_of_several_earlier_asks_the_one_of_greatest_reach_is_told(attribute: str, journey: str) -> None:
    """analyses.md, J: also where one of smaller reach comes first by id, and for silos as for what is known."""
    text = (
        FIRM.replace("ASKED", attribute)
        .replace("AGAIN", attribute)
        .replace("touchpoints: {", "touchpoints: {app: {}, ")
    )
    for reach, told in (("60%", "first"), ("95%", "app-form")):
        app = f"  app-form: {{touchpoint: app, segments: [{{segment: retail, reach: {reach}}}], asks: [{attribute}], writes_to: [crm]}}\n"
        verdicts = {one.asked.point.id: one for one in known_asks(Ecosystem(inventory_of(text + app + journey)))}
        earlier = verdicts["second"].earlier
        assert earlier is not None
        assert (verdicts["second"].answer, earlier.point.id) == (
            "known" if attribute == "contact.email" else "silo", told,
        )  # fmt: skip


def test_an_answer_that_is_no_longer_fresh_may_be_asked_again() -> None:
    pair = {"ASKED": "finance.income", "AGAIN": "finance.income"}
    late = FIRM + "journeys: {j: {steps: [opening, {touchpoint: card, max_gap: 500d}]}}\n"
    assert answers(late, **pair)["second"] == "first"
    assert answers(late.replace("500d", "300d"), **pair)["second"] == "silo"
    assert answers(late.replace("{touchpoint: card, max_gap: 500d}", "card"), **pair)["second"] == "silo"


def test_a_silo_by_design_is_none() -> None:
    text = FIRM.replace("carries: [contact]}", "policy: blocked}")
    assert answers(text, ASKED="contact.email", AGAIN="contact.email")["second"] == "blocked"
    said = FIRM.replace("via: api, carries: [contact]}", "via: none, policy: blocked}")
    assert answers(said, ASKED="contact.email", AGAIN="contact.email")["second"] == "blocked", "forbidden and not there"
    other = FIRM.replace("via: api, carries: [contact]}", "policy: blocked, carries: [account]}")
    assert answers(other, ASKED="contact.email", AGAIN="contact.email")["second"] == "silo"


def test_unknown_ends_leave_it_open() -> None:
    pair = {"ASKED": "account.number", "AGAIN": "account.number"}
    assert answers(FIRM, **pair, **{"writes_to: [cards]": "reads: [cards]"})["second"] == "open"
    assert answers(FIRM, **pair, **{"writes_to: [crm]": "notice: none"})["second"] == "open"


def test_effort_is_visits_times_share_times_seconds() -> None:
    text = FIRM.replace("ASKED", "contact.email").replace("AGAIN", "{attribute: contact.email, seconds: 36}")
    eco = Ecosystem(inventory_of(text))
    again = asked_again(eco, eco.once(verdicts_by_ask)["second", 0], "known")
    assert again is not None
    assert again.times.value == pytest.approx(900)
    assert again.hours.value == pytest.approx(9)
    assert again.fields.value == pytest.approx(900 * 12 / 1000)
    unknown = Ecosystem(inventory_of(text.replace("volume: 1000/month", "notice: none")))
    open_ = asked_again(unknown, unknown.once(verdicts_by_ask)["second", 0], "known")
    assert open_ is not None
    assert (open_.hours.low, open_.hours.value, open_.hours.high) == (0.0, None, None)


STORES = ("s0", "s1", "s2", "s3")
BASE = inventory_of(
    "segments: {x: {}, y: {}}\ndata_sources: {s0: {}, s1: {}, s2: {}, s3: {}}\n"
    "collection_points: {p0: {}, p1: {}, p2: {}, p3: {}}"
)
ATTRIBUTES = ("contact.postal_address", "contact.postal_address.postcode", "contact.email")
some_stores = st.lists(st.sampled_from(STORES), max_size=2, unique=True).map(tuple)


@st.composite
def firms(draw: st.DrawFn) -> Inventory:
    entities = dict(BASE.entities)
    for number in range(4):
        asks = draw(
            st.lists(
                st.builds(Ask, attribute=st.sampled_from(ATTRIBUTES), purpose=st.sampled_from((None, "verify"))),
                max_size=2,
            )
        )
        reach = st.sampled_from((None, 0.2, 0.5, 0.5, 0.9)).map(
            lambda value: None if value is None else Share(value=value)
        )
        segments = tuple(
            SegmentAtPoint(segment=name, reach=draw(reach))
            for name in draw(st.lists(st.sampled_from("xy"), max_size=2, unique=True))
        )
        entities[f"p{number}"] = CollectionPoint(
            id=f"p{number}", asks=tuple(asks), segments=segments, writes_to=draw(some_stores), reads=draw(some_stores)
        )
    flows = draw(st.lists(flows_, max_size=4))
    return dataclasses.replace(BASE, entities=entities, flows=tuple(flows))


flows_ = st.builds(
    lambda ends, carries, segments: Flow(from_=ends[0], to=ends[1], carries=carries, segments=segments, via="api"),
    st.tuples(st.sampled_from(STORES), st.sampled_from((*STORES, "p1"))),
    st.lists(st.sampled_from((*ATTRIBUTES, "*")), min_size=1, max_size=2).map(tuple),
    st.none() | st.sampled_from(("x", "y")).map(lambda one: (one,)),
)


def by_definition(inventory: Inventory, point: CollectionPoint, ask: Ask, segment: str) -> str:
    """B as it is written, one pair of asks at a time; journeys and freshness play no part here."""
    graph = propagation_of(inventory)
    if ask.purpose == "verify":
        return "justified"
    reach = {one.segment: one.reach for one in point.segments or ()}[segment]
    attribute = ask.attribute or ""
    before, unclear = [], []
    for other in inventory.of(CollectionPoint):
        passed = {one.segment: one.reach for one in other.segments or ()}
        for earlier in other.asks or ():
            wider = earlier.attribute == attribute or attribute.startswith(f"{earlier.attribute}.")
            if other.id == point.id or segment not in passed or not wider or earlier.purpose == "verify":
                continue
            theirs = passed[segment]
            if theirs is None or reach is None:
                unclear.append(other)
            elif theirs.value > reach.value:
                before.append(other)

    def can_know(other: CollectionPoint) -> bool:
        learnt = graph.reach(attribute, {other.id, *(other.writes_to or ())}, graph.scope_for(segment, attribute))
        return bool(learnt & {point.id, *(point.writes_to or ()), *(point.reads or ())})

    if not before:
        return "open" if unclear else "first"
    if any(can_know(other) for other in before):
        return "known"
    return "open" if any(can_know(other) for other in unclear) else "silo"


@settings(max_examples=150)
@given(firms())
def test_every_answer_is_the_definition(inventory: Inventory) -> None:
    for one in known_asks(Ecosystem(inventory)):
        assert one.answer == by_definition(inventory, one.asked.point, one.asked.ask, one.segment or "")


def silos(inventory: Inventory) -> set[tuple[str, int, str | None]]:
    return {
        (one.asked.point.id, one.asked.index, one.segment)
        for one in known_asks(Ecosystem(inventory))
        if one.answer == "silo"
    }


@settings(max_examples=100)
@given(firms(), flows_)
def test_a_further_flow_adds_no_silo(inventory: Inventory, more: Flow) -> None:
    assert silos(dataclasses.replace(inventory, flows=(*inventory.flows, more))) <= silos(inventory)


@settings(max_examples=100)
@given(firms(), st.data())
def test_taking_a_reach_away_adds_no_finding(inventory: Inventory, data: st.DataObject) -> None:
    point = inventory.entities[data.draw(st.sampled_from(("p0", "p1", "p2", "p3")))]
    assert isinstance(point, CollectionPoint)
    bare = tuple(SegmentAtPoint(segment=one.segment) for one in point.segments or ())
    entities = {**inventory.entities, point.id: msgspec.structs.replace(point, segments=bare)}
    poorer = dataclasses.replace(inventory, entities=entities)
    for answer in ("known", "silo"):
        before = {
            (one.asked.point.id, one.asked.index, one.segment)
            for one in known_asks(Ecosystem(inventory))
            if one.answer == answer
        }
        after = {
            (one.asked.point.id, one.asked.index, one.segment)
            for one in known_asks(Ecosystem(poorer))
            if one.answer == answer
        }
        assert after <= before
