"""PREF101: one finding a communication; consent is critical; what is unknown stays open."""

from __future__ import annotations

import re

from cx_map.rulekit import Range
from tests.rules.collection.said import said

FIRM = """
products: {card: {}, loan: {}}
segments: {owners: {customers: 1000, products: [card, loan]}}
data_sources: {file: {}}
platforms: {engine: {}}
flows: [{from: file, to: engine, carries: [preference.a, preference.b]SCOPE}]
preferences: {a: {kind: KIND, master: file, adoption: 50%}, b: {kind: channel, master: file}}
communications:
  bill: {PRODUCTS segments: [owners], volume: 100/month, governed_by: [a, b], routes: [{channel: letter, platforms: [engine]}]}
"""


def firm(scope: str = ", products: [card]", kind: str = "e_delivery", products: str = "products: [loan],") -> str:
    return FIRM.replace("SCOPE", scope).replace("KIND", kind).replace("PRODUCTS", products)


def test_one_finding_a_communication_with_its_preferences() -> None:
    (breach,) = said("PREF101", firm()).breaches
    assert (breach.subject.id, breach.related, breach.severity) == ("bill", ("a", "b"), "major")
    assert breach.measures["customers_per_month"].high == 1000, "500 and 1000 of 1000 customers"
    assert said("PREF101", firm(kind="consent")).breaches[0].severity == "critical"
    assert said("PREF101", firm(kind="do_not_contact")).breaches[0].severity == "critical"


def test_products_in_scope_pass() -> None:
    assert said("PREF101", firm(products="products: [card],")).passed == {"bill"}
    assert said("PREF101", firm(scope="")).passed == {"bill"}


def test_it_may_depend_on_products_that_nobody_names() -> None:
    assert said("PREF101", firm(products="")).open == {"bill"}
    assert said(
        "PREF101", firm(products="", scope="").replace("[preference.a, preference.b]", "[contact]")
    ).subjects == ["bill"]


def test_paper_that_the_law_wants_is_left_out() -> None:
    text = firm().replace("loan: {}}", "loan: {paper_required: true}}")
    assert said("PREF101", text).passed == {"bill"}


def test_unknown_deciders_and_origins_are_open() -> None:
    assert said("PREF101", firm().replace(", routes: [{channel: letter, platforms: [engine]}]", "")).open == {"bill"}
    assert said("PREF101", firm().replace("master: file, ", "").replace(", master: file}", "}")).open == {"bill"}


def test_segments_of_flows_count() -> None:
    text = firm(scope=", segments: [others]").replace("segments: {", "segments: {others: {}, ")
    assert said("PREF101", text).subjects == ["bill"]


BORDER = """
products: {card: {customers: 100}, mort: {customers: 30}}
segments: {all: {customers: 300}, few: {customers: 20}}
data_sources: {file: {}, hub: {}}
platforms: {engine: {}}
flows: [{from: file, to: engine, via: api, CARRIES}, {from: hub, to: engine, via: api, OTHER}]
collection_points: {app: {segments: [ASKED], writes_to: [file]}}
preferences: {p: {kind: e_delivery, captured_at: [app], master: file, adoption: 40%}}
communications:
  bill: {segments: [all], governed_by: [p], routes: [{channel: letter, platforms: [engine]}]}
"""


def border(carries: str = "carries: [preference.p], products: [card]", other: str = "carries: [x]", asked: str = "all",
           products: str = "products: [card, mort], ") -> str:  # fmt: skip
    text = BORDER.replace("CARRIES", carries).replace("OTHER", other).replace("ASKED", asked)
    return text.replace("bill: {", f"bill: {{{products}")


def test_no_more_customers_than_hold_the_products_it_does_not_reach() -> None:
    (breach,) = said("PREF101", border()).breaches
    assert breach.measures["customers_per_month"].high == 12
    unknown = border().replace("mort: {customers: 30}", "mort: {}")
    assert said("PREF101", unknown).breaches[0].measures["customers_per_month"].high == 120


def test_no_more_customers_than_are_asked_for_it() -> None:
    (breach,) = said("PREF101", border(asked="few").replace("mort: {customers: 30}", "mort: {}")).breaches
    assert breach.measures["customers_per_month"].high == 8


def test_the_fix_says_for_what_the_flow_carries_it_not_yet() -> None:
    (breach,) = said("PREF101", border()).breaches
    assert breach.fix is not None
    assert breach.fix.summary == "preference.p: let the flow file → engine carry it for mort, too"
    (other,) = said("PREF101", border("carries: [contact]")).breaches
    assert other.fix is not None
    assert other.fix.summary == "preference.p: let the flow file → engine carry it"


def test_a_flow_of_which_nobody_knows_what_it_carries_leaves_it_open() -> None:
    assert said("PREF101", border("carries: unknown")).open == {"bill"}
    assert said("PREF101", border("carries: unknown, products: [card]")).subjects == ["bill"]
    assert said("PREF101", border(other="carries: unknown")).subjects == ["bill"], "nothing brings it to the hub"
    assert said("PREF101", border("latency: 1h")).subjects == ["bill"], "left out: it carries no attribute"
    assert said("PREF101", border("carries: unknown", products="")).open == {"bill"}


def test_a_store_that_holds_something_else_learns_nothing_from_the_form() -> None:
    text = border("carries: [x]", "carries: [preference.p]").replace("writes_to: [file]", "writes_to: [file, hub]")
    assert said("PREF101", text).passed == {"bill"}
    assert said("PREF101", text.replace("hub: {}", "hub: {holds: [usage.meter]}")).passed == {"bill"}, "it sends it on"
    silent = text.replace("hub: {}", "hub: {holds: [usage.meter]}").replace("carries: [preference.p]", 'carries: ["*"]')
    assert said("PREF101", silent).subjects == ["bill"]
    assert said("PREF101", silent.replace("[usage.meter]", "[preference]")).passed == {"bill"}


def test_no_more_customers_than_the_line_of_the_product_has() -> None:
    text = """
        lines_of_business: {fixed: {customers: 300000}}
        products: {mobile: {}, box: {line_of_business: fixed}}
        segments: {people: {customers: 1000000, products: [mobile, box]}}
        data_sources: {centre: {}}
        platforms: {printer: {}}
        preferences: {paperless: {kind: e_delivery, master: centre, adoption: 60%}}
        communications:
          bill: {products: [box], segments: [people], governed_by: [paperless], routes: [{channel: letter, platforms: [printer]}]}
        """
    assert said("PREF101", text).breaches[0].measures["customers_per_month"] == Range(0, 180000)


def test_the_words_say_who_does_not_learn_what() -> None:
    """Two platforms decide; what the first one lacks is not claimed of the other."""
    text = """
        products: {card: {}, loan: {}}
        segments: {people: {products: [card, loan]}}
        data_sources: {centre: {}}
        platforms: {mailer: {}, printer: {}}
        preferences: {p: {kind: channel, master: centre}}
        flows: [{from: centre, to: mailer, carries: [preference.p], products: [card]}FLOW]
        communications:
          bill: {products: [card, loan], segments: [people], governed_by: [p], routes: [{channel: email, platforms: [mailer]}, {channel: letter, platforms: [printer]}]}
        """
    (both,) = said("PREF101", text.replace("FLOW", "")).breaches
    assert both.message == "'bill' is governed by 'p', which 'mailer', 'printer' do not learn for some of its products"
    same = ", {from: centre, to: printer, carries: [preference.p], products: [card]}"
    (alike,) = said("PREF101", text.replace("FLOW", same)).breaches
    assert alike.message == "'bill' is governed by 'p', which 'mailer', 'printer' do not learn for loan"
    whole = same.replace(", products: [card]", "")
    (one,) = said("PREF101", text.replace("FLOW", whole)).breaches
    assert one.message == "'bill' is governed by 'p', which 'mailer' does not learn for loan"


def test_nobody_of_a_segment_that_is_not_in_use_is_concerned() -> None:
    text = border("carries: [preference.p], products: [card]")
    assert said("PREF101", text).subjects == ["bill"]
    assert said("PREF101", re.sub(r"(segments: \{\w+: \{)", r"\1status: retired, ", text)).breaches == []


def test_customers_of_two_platforms_are_not_counted_twice() -> None:
    text = """
        products: {loan: {customers: 20000}}
        segments: {people: {products: [loan]}}
        data_sources: {centre: {}}
        platforms: {mailer: {}, printer: {}}
        preferences: {p: {kind: channel, master: centre, adoption: 50%}}
        communications:
          bill: {products: [loan], segments: [people], governed_by: [p], routes: [{channel: email, platforms: [mailer]}, {channel: letter, platforms: [printer]}]}
        """
    assert said("PREF101", text).breaches[0].measures["customers_per_month"] == Range(0, 10000)


def test_what_is_said_to_be_unknown_is_not_read_as_a_stop() -> None:
    """`unknown` overrides defaults, and is never read as none: the choice may be given or kept where it is needed."""
    text = """
        products: {loan: {}}
        segments: {people: {products: [loan]}}
        data_sources: {centre: {}}
        platforms: {mailer: {enforces: [p]}}
        collection_points: {site: {segments: [people], WRITES}}
        preferences: {p: {kind: channel, captured_at: [site], master: centre, MORE}}
        communications:
          bill: {products: [loan], segments: [people], governed_by: [p], routes: [{channel: email, platforms: [mailer]}]}
        """

    def firm(writes: str = "writes_to: [centre]", more: str = "adoption: 1") -> str:
        return text.replace("WRITES", writes).replace("MORE", more)

    assert said("PREF101", firm()).subjects == ["bill"]
    assert said("PREF101", firm(writes="writes_to: unknown")).open == {"bill"}
    assert said("PREF104", firm(writes="writes_to: unknown")).open == {"p"}
    assert said("PREF101", firm(more="changed_at: unknown")).open == {"bill"}
    assert said("PREF101", firm(more="products: unknown")).open == {"bill"}
    assert said("PREF101", firm(more="products: [loan]")).subjects == ["bill"]


def test_choices_are_brought_from_the_master_not_from_the_store_of_one_point() -> None:
    text = """
        data_sources: {crm: {}, stop-list: {}}
        platforms: {engine: {}}
        collection_points: {call: {writes_to: [crm]}, reply: {writes_to: [stop-list]}}
        flows: [{from: crm, to: stop-list, via: event, carries: [preference.p]}POLICY]
        preferences: {p: {kind: consent, captured_at: [call], withdrawn_at: [reply, call], master: stop-list}}
        communications: {promo: {governed_by: [p], routes: [{channel: sms, platforms: [engine]}]}}
        """
    (breach,) = said("PREF101", text.replace("POLICY", "")).breaches
    assert breach.fix is not None
    assert "connect stop-list → engine" in breach.fix.summary, "the CRM knows of no reply"
    blocked = text.replace("POLICY", ", {from: stop-list, to: engine, policy: blocked}")
    (breach,) = said("PREF101", blocked).breaches
    assert breach.fix is not None
    assert "connect crm → engine" in breach.fix.summary


def test_no_flow_is_widened_that_would_bring_a_withdrawal_too_late() -> None:
    text = """
        data_sources: {list: {}}
        platforms: {engine: {}}
        flows: [{from: list, to: engine, via: batch, every: 7d, carries: [contact.email]}]
        preferences: {p: {kind: KIND, master: listMORE}}
        communications: {promo: {governed_by: [p], routes: [{channel: email, platforms: [engine]}]}}
        """

    def fix(kind: str, more: str = "") -> str:
        (breach,) = said("PREF101", text.replace("KIND", kind).replace("MORE", more)).breaches
        assert breach.fix is not None
        return breach.fix.summary

    assert "let the flow list → engine carry it" in fix("language")
    assert "connect list → engine" in fix("consent")
    assert "connect list → engine" in fix("language", ", deadline: 1d")
    assert "let the flow list → engine carry it" in fix("consent", ", deadline: 30d")


def test_the_fix_names_a_preference_once_for_several_platforms() -> None:
    text = """
        data_sources: {list: {}}
        platforms: {mailer: {}, texter: {}}
        preferences: {p: {kind: language, master: list}}
        communications:
          promo: {governed_by: [p], routes: [{channel: email, platforms: [mailer]}, {channel: sms, platforms: [texter]}]}
        """
    (breach,) = said("PREF101", text).breaches
    assert breach.fix is not None
    assert breach.fix.summary == "preference.p: connect list → mailer; connect list → texter"
