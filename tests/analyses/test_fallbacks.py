from __future__ import annotations

from cx_map.analyses.fallbacks import fallback, ways, with_fallback, with_first
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import production
from cx_map.model.chapter_map import Communication
from cx_map.model.routes import routes_of
from cx_map.states.apply import with_changes
from tests.support import inventory_of

TEXT = """
segments: {all: {reachable_by: {email: 80%, sms: 60%}}}
platforms: {esp: {needs: [core]}, gateway: {}, printer: {}}
data_sources: {core: {}}
communications:
  alert: {segments: [all], channels: [email], platforms: [esp]}
  text: {channels: [sms], platforms: [gateway]}
  letter-only: {channels: [letter], platforms: [printer]}
"""


def one(eco: Ecosystem, name: str) -> Communication:
    found = eco.inventory.find(name, Communication)
    assert found is not None
    return found


def test_a_way_that_hangs_on_nothing_lost_and_reaches_the_customers() -> None:
    eco = Ecosystem(inventory_of(TEXT))
    assert [(way.platforms, way.channel) for way in ways(eco)] == [
        (("esp",), "email"), (("gateway",), "sms"), (("printer",), "letter"),
    ]  # fmt: skip
    found = fallback(eco, one(eco, "alert"), ("core",))
    assert found is not None
    assert found.channel == "sms"
    assert fallback(eco, one(eco, "alert"), ("core", "sms")) is None
    other = fallback(eco, one(eco, "text"), ("gateway", "core"))
    assert other is not None
    assert other.channel == "letter"


def test_the_operator_adds_a_fallback_in_either_form() -> None:
    for text in (
        TEXT,
        TEXT.replace("channels: [email], platforms: [esp]", "routes: [{channel: email, platforms: [esp]}]"),
    ):
        eco = Ecosystem(inventory_of(text))
        way = fallback(eco, one(eco, "alert"), ("core",))
        assert way is not None
        change = with_fallback(one(eco, "alert"), way)
        assert change is not None
        after = production(Ecosystem(with_changes(eco.inventory, (change,))))
        assert after.failure_set("alert") == ()


def test_a_name_that_is_taken_is_not_used_twice() -> None:
    eco = Ecosystem(
        inventory_of(TEXT.replace("channels: [email], platforms: [esp]", "channels: [email, sms], platforms: [esp]"))
    )
    way = fallback(eco, one(eco, "alert"), ("core",))
    assert way is not None
    change = with_fallback(one(eco, "alert"), way)
    assert change is not None
    assert "sms-fallback" in str(change)


def test_nothing_fleeting_stands_in_for_what_the_law_demands_nor_talk_for_what_it_wants_in_writing() -> None:
    text = """
channels: {app: {kind: push}, line: {kind: voice}}
platforms: {engine: {}, gateway: {}, dialler: {}, phone: {}%s}
communications:
  notice: {%schannels: [letter], platforms: [engine]}
  text: {channels: [sms], platforms: [gateway]}
  nudge: {channels: [app], platforms: [gateway]}
  call: {channels: [line], platforms: [dialler]}%s
"""
    mail = (", esp: {}", "\n  mail: {channels: [email], platforms: [esp]}")

    def channel(said: str, extra: tuple[str, str] = ("", "")) -> str | None:
        eco = Ecosystem(inventory_of(text % (extra[0], said, extra[1])))
        way = fallback(eco, one(eco, "notice"), ("engine",))
        return way.channel if way is not None else None

    assert channel("") is not None
    assert channel("purpose: regulatory, ") == "line"
    assert channel("purpose: regulatory, in_writing: true, ") is None
    assert channel("purpose: regulatory, in_writing: true, ", mail) == "email"
    assert channel("in_writing: true, ", mail) == "email"


def test_with_send_all_the_fallback_stands_in_for_what_is_lost() -> None:
    text = """
platforms: {esp: {}, gateway: {}, printer: {}}
communications:
  alert:
    needs: []
    send: all
    routes: [{channel: email, platforms: [esp]}, {channel: sms, platforms: [gateway]}]
  post: {needs: [], routes: [{channel: letter, platforms: [printer]}]}
"""
    eco = Ecosystem(inventory_of(text))
    way = fallback(eco, one(eco, "alert"), ("sms",))
    assert way is not None
    change = with_fallback(one(eco, "alert"), way, ("sms",))
    assert change is not None
    after = production(Ecosystem(with_changes(eco.inventory, (change,))))
    assert "sms" not in after.failure_set("alert")


def test_a_fallback_can_be_switched_off_as_the_route_it_stands_in_for() -> None:
    governed = TEXT.replace("channels: [email], platforms: [esp]",
                            "routes: [{channel: email, platforms: [esp], governed_by: [offers]}]")  # fmt: skip
    eco = Ecosystem(inventory_of(governed + "preferences: {offers: {kind: channel}}\n"))
    way = fallback(eco, one(eco, "alert"), ("core",))
    assert way is not None
    for change in (with_fallback(one(eco, "alert"), way), with_first(one(eco, "alert"), way)):
        assert change is not None
        routes = routes_of(one(Ecosystem(with_changes(eco.inventory, [change])), "alert")) or ()
        assert [route.governed_by for route in routes] == [("offers",), ("offers",)]


def test_under_e_sign_only_paper_stands_in_for_what_is_wanted_in_writing() -> None:
    written = TEXT.replace("letter-only: {channels: [letter]", "letter-only: {in_writing: true, channels: [letter]")
    found = fallback(Ecosystem(inventory_of(written)), one(Ecosystem(inventory_of(written)), "letter-only"), ())
    assert found is not None
    assert found.channel == "email"
    us = Ecosystem(inventory_of("organization: {regulatory_profiles: [us-esign]}\n" + written))
    found = fallback(us, one(us, "letter-only"), ())
    assert found is not None
    assert found.channel == "letter"
