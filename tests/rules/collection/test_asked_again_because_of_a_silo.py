"""RED102: only where no flow leads; the fix is the cheapest set of flows."""

from __future__ import annotations

from tests.rules.collection.said import said

FIRM = """
segments: {retail: {customers: 500000}}
lines_of_business: {bank: {}, mortgages: {}}
data_sources: {crm: {line_of_business: bank}, hub: {line_of_business: bank}, loans: {line_of_business: mortgages}}
flows: [{from: crm, to: loans, via: file, every: 1d, carries: [account]}]
collection_points:
  opening: {segments: [{segment: retail, reach: 90%}], asks: [contact.email], writes_to: [crm]}
  loan-form: {segments: [{segment: retail, reach: 8%}], writes_to: [loans], asks: [contact.email]}
"""


def test_widening_a_flow_is_cheaper_than_a_new_one() -> None:
    (breach,) = said("RED102", FIRM).breaches
    assert breach.subject.id == "loan-form"
    assert breach.fix is not None
    widened, prefilled = breach.fix.changes
    assert widened == {
        "connect": {
            "id": "contact.email",
            "from": "crm",
            "to": "loans",
            "via": "file",
            "every": "1d",
            "carries": ["contact.email"],
        }
    }
    assert prefilled == {"change": {"loan-form": {"asks": [{"attribute": "contact.email", "prefilled_from": "loans"}]}}}


def test_a_new_flow_where_there_is_none() -> None:
    (breach,) = said("RED102", FIRM.replace("flows: [{from: crm, to: loans", "flows: [{from: loans, to: crm")).breaches
    assert breach.fix is not None
    assert breach.fix.changes[0] == {
        "connect": {"from": "crm", "to": "loans", "via": "api", "carries": ["contact.email"]}
    }


def test_a_silo_by_design_is_only_listed() -> None:
    result = said("RED102", FIRM.replace("via: file, every: 1d, carries: [account]", "policy: blocked"))
    (breach,) = result.breaches
    assert (breach.subject.id, breach.severity, breach.fix) == ("loan-form", "info", None)
    assert "by design" in breach.message
    assert result.passed == {"opening"}


def test_a_flow_of_which_nobody_knows_what_it_carries_leaves_it_open() -> None:
    assert said("RED102", FIRM.replace("carries: [account]", "carries: unknown")).open == {"loan-form"}
    assert said("RED102", FIRM.replace(", carries: [account]", "")).subjects == ["loan-form"]
    away = FIRM.replace("from: crm, to: loans", "from: loans, to: crm").replace(
        "carries: [account]", "carries: unknown"
    )
    assert said("RED102", away).subjects == ["loan-form"]


def test_a_store_that_holds_something_else_does_not_know_the_answer() -> None:
    told = FIRM.replace("carries: [account]", 'carries: ["*"]')
    assert said("RED101", told).subjects == ["loan-form"]
    other = told.replace("crm: {", "crm: {holds: [account], ")
    assert said("RED101", other).breaches == []
    assert said("RED102", other).open == {"loan-form"}, "nobody says where the answer is kept"
    both = other.replace("writes_to: [crm]", "writes_to: [crm, hub]")
    (breach,) = said("RED102", both).breaches
    assert breach.fix is not None
    assert breach.fix.changes[0] == {
        "connect": {"from": "hub", "to": "crm", "via": "api", "carries": ["contact.email"]}
    }, "the hub knows it, and from the crm on everything flows"


def test_the_fix_says_for_what_the_flow_carries_it_not_yet() -> None:
    text = "products: {card: {}, loan: {}}\n" + FIRM.replace(
        "carries: [account]", "carries: [contact], products: [card]"
    )
    (breach,) = said("RED102", text.replace("customers: 500000", "customers: 500000, products: [loan]")).breaches
    assert breach.fix is not None
    assert breach.fix.summary.startswith("let the flow crm → loans carry it for loan, too")


def test_unknown_stores_are_not_assessed() -> None:
    result = said("RED102", FIRM.replace("writes_to: [loans]", "writes_to: unknown"))
    assert result.breaches == []
    assert result.open == {"loan-form"}


TWO_SEGMENTS = """
segments: {young: {customers: 1000}, old: {customers: 2000}}
data_sources: {app: {}, branch: {}, loans: {}}
collection_points:
  app-form: {segments: [{segment: young, reach: 90%}], asks: [contact.email], writes_to: [app]}
  branch-form: {segments: [{segment: old, reach: 80%}], asks: [contact.email], writes_to: [branch]}
  loan-form:
    segments: [{segment: young, reach: 8%}, {segment: old, reach: 8%}]
    writes_to: [loans]
    asks: [contact.email]
"""


def test_the_fix_brings_the_answer_of_every_segment_that_is_asked_again() -> None:
    (breach,) = said("RED102", TWO_SEGMENTS).breaches
    assert breach.fix is not None
    *flows, prefilled = breach.fix.changes
    assert [(flow["connect"]["from"], flow["connect"]["to"]) for flow in flows] == [  # type: ignore[index]  # plain data
        ("app", "loans"), ("branch", "loans"),
    ]  # fmt: skip
    assert prefilled == {"change": {"loan-form": {"asks": [{"attribute": "contact.email", "prefilled_from": "loans"}]}}}


def test_one_flow_is_enough_where_the_other_answer_comes_to_its_start() -> None:
    joined = TWO_SEGMENTS + "flows: [{from: branch, to: app, via: api, carries: [contact]}]\n"
    (breach,) = said("RED102", joined).breaches
    assert breach.fix is not None
    assert [next(iter(change)) for change in breach.fix.changes] == ["connect", "change"]


def test_where_the_form_itself_is_fed_it_is_prefilled_from_what_feeds_it() -> None:
    alone = FIRM.replace("writes_to: [loans], asks", "writes_to: [], asks").replace("flows: [", "flows: []\nx-flows: [")
    (breach,) = said("RED102", alone).breaches
    assert breach.fix is not None
    assert [change.get("connect") or change.get("change") for change in breach.fix.changes] == [
        {"from": "crm", "to": "loan-form", "via": "api", "carries": ["contact.email"]},
        {"loan-form": {"asks": [{"attribute": "contact.email", "prefilled_from": "crm"}]}},
    ]


def test_an_earlier_ask_of_which_nobody_knows_where_its_answer_goes_does_not_hide_one_that_is_known() -> None:
    vague = "  wider: {segments: [{segment: retail, reach: REACH}], asks: [contact.email], writes_to: unknown}\n"
    for reach in ("95%", "90%", "50%", "unknown"):
        more = FIRM + vague.replace("REACH", reach)
        assert "loan-form" in said("RED102", more).subjects, reach
    alone = FIRM.replace("writes_to: [crm]", "writes_to: unknown") + vague.replace("REACH", "95%")
    assert "loan-form" in said("RED102", alone).open


def test_an_import_has_collected_and_asked_nobody() -> None:
    """What an import brought is known all the same; that customers were asked for it would be a false claim."""
    text = """
        segments: {retail: {}}
        data_sources: {bureau: {}, loans: {}}
        collection_points:
          feed: {kind: import, segments: [{segment: retail, reach: 90%}], asks: [person.occupation], writes_to: [bureau]}
          form: {segments: [{segment: retail, reach: 30%}], asks: [person.occupation], writes_to: [loans]}
    """
    (breach,) = said("RED102", text).breaches
    assert (
        breach.message
        == "'form' asks for 'person.occupation', which 'feed' has collected before, but no flow brings it"
    )
    (known,) = said("RED101", text.replace("writes_to: [loans]", "writes_to: [bureau]")).breaches
    assert known.message == "'form' asks for 'person.occupation', which 'feed' has collected before and 'bureau' knows"


def test_a_segment_that_is_not_in_use_is_asked_nothing_again() -> None:
    """Segments that are not in use hold nobody, in rules about segments, too."""
    text = """
        segments: {retail: {status: retired}}
        data_sources: {crm: {}, loans: {}}
        collection_points:
          opening: {segments: [{segment: retail, reach: 90%}], asks: [contact.email], writes_to: [crm]}
          form: {segments: [{segment: retail, reach: 30%}], asks: [contact.email], writes_to: [loans]}
    """
    assert said("RED102", text).breaches == []
    assert said("RED101", text.replace("writes_to: [loans]", "writes_to: [crm]")).breaches == []
    assert said("RED102", text.replace("{status: retired}", "{}")).subjects == ["form"]


def test_a_store_of_which_nobody_knows_what_it_holds_may_not_have_the_answer() -> None:
    text = """
        segments: {retail: {}}
        data_sources: {crm: HOLDS, loans: {}}
        collection_points:
          opening: {segments: [{segment: retail, reach: 90%}], asks: [contact.email], writes_to: [crm]}
          form: {segments: [{segment: retail, reach: 30%}], asks: [contact.email], writes_to: [loans]}
    """
    assert said("RED102", text.replace("HOLDS", "{}")).subjects == ["form"]
    unknown = said("RED102", text.replace("HOLDS", "{holds: unknown}"))
    assert (unknown.breaches, unknown.open) == ([], {"form"})
