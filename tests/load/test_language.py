"""What the inventory language promises: each test is a sentence of its description."""

from __future__ import annotations

import pytest

from cx_map.model.chapter_customers import CollectionPoint, Preference, Segment
from cx_map.model.chapter_feedback import FeedbackLoop
from cx_map.model.chapter_map import Channel, Communication, Flow, Platform, Team
from cx_map.model.chapter_service import AgentPool, RoutingRule
from cx_map.model.inventory import basis_of, date_of
from cx_map.model.routes import routes_of
from cx_map.model.values import MONTH_SECONDS
from tests.load.broken import loaded, problems_of

TWO = "communications:\n  a: {%s}\n  b: B\n"


def communication(fields: str, rest: str = "") -> Communication:
    found = loaded(f"communications:\n  a: {{{fields}}}\n{rest}").find("a", Communication)
    assert found is not None
    return found


# files


def test_a_kind_may_be_spread_over_files() -> None:
    inventory = loaded("teams: {a: A}\n", "teams: {b: {parent: a}}\n")
    assert [team.id for team in inventory.of(Team)] == ["a", "b"]


def test_references_are_the_id_whatever_the_kind_and_file() -> None:
    inventory = loaded(
        "flows: [{from: crm, to: ccm}]\nplatforms: {ccm: {owner: ops}}\n", "data_sources: {crm: C}\nteams: {ops: O}\n"
    )
    assert inventory.flows[0].to == "ccm"


def test_attributes_have_a_namespace_of_their_own() -> None:
    inventory = loaded(
        "attributes: {crm: {sensitivity: public}}\ndata_sources: {crm: {holds: crm}}\nreferences: {crm: {}}\n"
    )
    assert inventory.attributes["crm"].sensitivity == "public"


def test_a_bare_string_is_the_name_and_names_are_any_unicode() -> None:
    assert str(loaded("teams: {a: Команда 客户}\n").of(Team)[0].name) == "Команда 客户"


def test_yaml_1_2_scalars_keep_their_meaning() -> None:
    inventory = loaded(
        "teams: {no: {hours: 22:00}}\n"
        + "platforms: {p: {vendor: no, site: 012, network: on, benefit: 1_000}, q: {vendor: 1.10, site: 1e3, network: 0x1F, benefit: 1:30}}\n"
    )
    team, p, q = inventory.entities["no"], inventory.find("p", Platform), inventory.find("q", Platform)
    assert isinstance(team, Team)
    assert p is not None
    assert q is not None
    assert team.hours == "22:00"
    assert (p.vendor, p.site, p.network, str(p.benefit)) == ("no", "012", "on", "1_000")
    assert (q.vendor, q.site, q.network, str(q.benefit)) == ("1.10", "1e3", "0x1F", "1:30")


def test_quoted_values_are_texts() -> None:
    assert str(loaded("teams: {a: {name: 'true'}, b: {name: \"~\"}}\n").of(Team)[0].name) == "true"


def test_numbers_as_names_and_ids_are_kept_as_written() -> None:
    inventory = loaded("teams: {2024: {name: 7}, b: {parent: 2024}}\n")
    assert [team.id for team in inventory.of(Team)] == ["2024", "b"]
    assert str(inventory.of(Team)[0].name) == "7"


def test_anchors_and_aliases_are_allowed() -> None:
    inventory = loaded("communications: {a: {channels: &c [email, sms]}, b: {channels: *c}}\n")
    assert [one.channels for one in inventory.of(Communication)] == [("email", "sms")] * 2


def test_own_keys_are_allowed_everywhere_and_kept() -> None:
    inventory = loaded(
        "x-top: 1\nsegments:\n  s: {x-crm: 7, reachable_by: {email: 1, x-note: soon}, value: {tier: high, x-a: b}, customers: {value: 5, x-by: me}}\n"
    )
    segment = inventory.find("s", Segment)
    assert segment is not None
    assert segment.reachable_by is not None
    assert list(segment.reachable_by) == ["email"]
    assert inventory.raw.entities["s"].fields["x-crm"] == 7


# defaults


def test_defaults_give_fields_to_a_kind_in_that_file_and_the_own_field_wins() -> None:
    inventory = loaded(
        "defaults: {status: pilot, communications: {owner: t, channels: [sms], status: active}}\n"
        "communications: {a: {channels: [email]}, b: B}\nteams: {t: T}\n",
        "communications: {c: C}\n",
    )
    a, b, c = inventory.of(Communication)
    assert (a.owner, a.channels, a.status) == ("t", ("email",), "active")
    assert (b.owner, b.channels) == ("t", ("sms",))
    assert (c.owner, c.status) == (None, None)
    assert inventory.of(Team)[0].status == "pilot"


def test_own_routes_win_over_the_short_form_in_the_defaults_and_the_reverse() -> None:
    platforms = "platforms: {p: P, q: Q}\n"
    short = "defaults: {communications: {channels: [letter], platforms: [p], status: active}}\n" + platforms
    a, b = loaded(short + "communications: {a: {routes: [{channel: sms, platforms: [q]}]}, b: B}\n").of(Communication)
    assert (a.channels, a.platforms, a.status) == (None, None, "active")
    assert b.channels == ("letter",)
    assert [hop.any_of for hop in b.platforms or ()] == [("p",)]
    long = "defaults: {communications: {routes: [{channel: letter, platforms: [p]}]}}\n" + platforms
    a, b = loaded(long + "communications: {a: {channels: [sms]}, b: B}\n").of(Communication)
    assert (a.routes, a.channels) == (None, ("sms",))
    assert b.routes is not None


def test_defaults_are_not_merged_deeper() -> None:
    a, b = loaded(
        "defaults: {channels: {baseline: {csat: 80%}}}\nchannels: {a: {baseline: {resolution: 50%}}, b: B}\n"
    ).of(Channel)[:2]
    assert a.baseline is not None
    assert b.baseline is not None
    assert a.baseline.csat is None
    assert b.baseline.csat is not None


def test_unknown_overrides_a_default_and_null_leaves_out() -> None:
    a, b = loaded("defaults: {communications: {deadline: 2d}}\n" + TWO % "deadline: unknown").of(Communication)
    assert (a.deadline, a.unknown) == (None, frozenset({"deadline"}))
    assert b.deadline is not None
    assert communication("deadline: ~").unknown == frozenset()


def test_flows_take_defaults() -> None:
    flows = loaded(
        "defaults: {flows: {via: batch}}\nflows: [{from: a, to: b}, {from: b, to: a, via: api}]\nteams: {a: A, b: B}\n"
    ).flows
    assert [flow.via for flow in flows] == ["batch", "api"]


# the three ways of not saying


def test_unknown_absent_and_none_differ() -> None:
    asked, absent, none = (communication(fields) for fields in ("needs: unknown", "name: A", "needs: []"))
    assert (asked.needs, asked.unknown) == (None, frozenset({"needs"}))
    assert (absent.needs, absent.unknown) == (None, frozenset())
    assert (none.needs, none.unknown, none.nothing) == ((), frozenset(), frozenset())


def test_none_of_a_single_value_is_kept_apart() -> None:
    found = communication("archive: [], tested: [unknown]")
    assert (found.archive, found.nothing, found.unknown) == (None, frozenset({"archive"}), frozenset({"tested"}))


def test_unknown_inside_a_route() -> None:
    routes = communication("routes: [{channel: email, share: unknown}, {channel: sms, share: 40%}]").routes
    assert routes is not None
    assert routes[0].unknown == frozenset({"share"})


# shipped channels


def test_shipped_channels_are_there_and_do_not_count() -> None:
    inventory = loaded("teams: {a: A}\n")
    ids = {channel.id for channel in inventory.of(Channel)}
    assert ids == {"email", "sms", "letter", "phone", "web", "push", "portal", "chat", "branch", "social"}
    assert inventory.shipped == ids
    assert inventory.counts == {"teams": 1}


def test_defining_a_shipped_channel_refines_it() -> None:
    email = loaded("channels: {email: {identity: unknown, touch: medium, offramp: []}}\n").find("email", Channel)
    assert email is not None
    assert (email.kind_, email.identity, email.touch, str(email.name)) == ("email", None, "medium", "E-mail")
    assert email.unknown == frozenset({"identity"})


def test_defining_it_under_another_kind_replaces_it() -> None:
    inventory = loaded("platforms: {portal: {}}\n")
    assert isinstance(inventory.entities["portal"], Platform)
    assert "portal" not in inventory.shipped


# lists, routes, flows


def test_a_list_takes_a_single_value_and_repeats() -> None:
    found = communication(
        "channels: email, languages: [en, en], content: account.balance, induces: {pool: p, per_1000: 3}",
        "agent_pools: {p: P}\n",
    )
    assert found.channels == ("email",)
    assert found.languages == ("en", "en")
    assert found.content is not None
    assert found.content[0].attribute == "account.balance"
    assert found.induces is not None
    assert found.induces[0].per_1000 is not None


def test_flows_to_itself_and_several_of_one_pair() -> None:
    text = (
        "flows: [{from: a, to: a}, {from: a, to: b, id: x}, {from: a, to: b}, {from: a, to: b}]\nteams: {a: A, b: B}\n"
    )
    assert len(loaded(text).flows) == 4


def test_the_short_form_is_one_route_a_channel_with_unknown_shares() -> None:
    routes = routes_of(
        communication("channels: [email, sms, email], platforms: [p, {any_of: [q, p]}]", "platforms: {p: P, q: Q}\n")
    )
    assert routes is not None
    assert [(route.id, route.channel, route.share) for route in routes] == [
        ("email", "email", None),
        ("sms", "sms", None),
    ]
    assert routes[0].platforms is not None
    assert [hop.any_of for hop in routes[0].platforms] == [("p",), ("q", "p")]


def test_channels_without_platforms_are_legal() -> None:
    routes = routes_of(communication("channels: email"))
    assert routes is not None
    assert (routes[0].platforms, routes[0].share is not None and routes[0].share.value) == (None, 1.0)


def test_a_fallback_has_share_0_and_a_route_is_named_after_its_channel() -> None:
    text = "routes: [{channel: email, share: 1}, {channel: letter, fallback_for: email, share: 0}]"
    routes = routes_of(communication(text))
    assert routes is not None
    assert [(route.id, route.share and route.share.value) for route in routes] == [("email", 1.0), ("letter", 0.0)]


def test_send_all_needs_no_sum() -> None:
    assert communication("send: all, routes: [{channel: email, share: 1}, {channel: sms, share: 1}]").send == "all"


def test_needs_may_be_any_of_several() -> None:
    found = communication("needs: [x, {any_of: [x, y]}]", "data_sources: {x: X}\nplatforms: {y: Y}\n")
    assert found.needs is not None
    assert [need.any_of for need in found.needs] == [("x",), ("x", "y")]


def test_referring_to_what_is_retired_is_legal() -> None:
    assert communication("owner: t", "teams: {t: {status: retired}}\n").owner == "t"


def test_a_platform_that_keeps_data_stands_where_a_data_source_may() -> None:
    point = loaded("collection_points: {c: {writes_to: p}}\nplatforms: {p: {holds: contact.email}}\n").of(
        CollectionPoint
    )[0]
    assert point.writes_to == ("p",)


def test_an_attribute_nobody_declared_is_legal() -> None:
    assert problems_of("data_sources: {a: {holds: [never.heard.of]}}\n") == ()


# values


@pytest.mark.parametrize(
    ("written", "monthly"),
    [
        ("120000/month", 120000), ("120000", 120000), ("50/s", 50 * MONTH_SECONDS), ("2000/h", 2000 * 730.5),
        ("40000/day", 40000 * 30.4375), ("414/30m", 414 * 2 * 730.5), ("12/year", 1), ("3/quarter", 1), ("7/week", 30.4375),
        ("1/min", 60 * 730.5), ("{value: 5, per: day}", 5 * 30.4375), ("{value: 5/day, basis: estimated}", 5 * 30.4375),
        ("012", 12), ("1e3", 1000), ("{value: 5, low: 1/month, high: 9}", 5),
    ],
)  # fmt: skip
def test_rates(written: str, monthly: float) -> None:
    volume = communication(f"volume: {written}").volume
    assert volume is not None
    assert volume.value == pytest.approx(monthly)


def test_a_number_with_its_range_and_basis() -> None:
    volume = communication("volume: {value: 10, low: 5, high: 20, per: day, basis: estimated, as_of: 2026-02}").volume
    assert volume is not None
    assert (volume.lowest / volume.value, volume.highest / volume.value) == (0.5, 2.0)
    assert (volume.basis, volume.as_of) == ("estimated", "2026-02")


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("30s", 30), ("15m", 900), ("2h", 7200), ("3d", 259200), ("4w", 2419200), ("5bd", 604800), ("PT15M", 900), ("P3D", 259200),
        ("P1M", MONTH_SECONDS), ("P1Y", 365.25 * 86400), ("P2W", 1209600), ("PT1H30M", 5400), ("1.5h", 5400), ("0s", 0),
    ],
)  # fmt: skip
def test_durations(written: str, seconds: float) -> None:
    deadline = communication(f"deadline: {written}").deadline
    assert deadline is not None
    assert deadline.seconds == pytest.approx(seconds)
    assert deadline.business == written.endswith("bd")


@pytest.mark.parametrize(
    "written", ["P", "PT", "P1", "P1DT", "-1d", "1y", "1 month", "PT1.2.3S", "d", "1_0d", "999999999999999d"]
)
def test_no_durations(written: str) -> None:
    assert [one.code for one in problems_of(TWO % f"deadline: '{written}'")] == ["CX005"]


@pytest.mark.parametrize(
    ("written", "part"),
    [("0.35", 0.35), ("35%", 0.35), ("100%", 1), ("0", 0), ("1", 1), ("{value: 35%, low: 0.2}", 0.35)],
)
def test_shares(written: str, part: float) -> None:
    segment = loaded(f"segments: {{s: {{vulnerable: {written}}}}}\n").of(Segment)[0]
    assert segment.vulnerable is not None
    assert segment.vulnerable.value == pytest.approx(part)


@pytest.mark.parametrize(
    ("written", "legal"),
    [("33%,33%,33%", True), ("0.34,0.34,0.33", True), ("0.5,0.49", True), ("0.5,0.51", True), ("0.98", False),
     ("0.5,0.489", False), ("0.5,0.511", False), ("0.5,0.51,unknown", True), ("0.5,0.52,unknown", False)],
)  # fmt: skip
def test_route_shares_may_be_off_1_by_a_hundredth(written: str, legal: bool) -> None:
    routes = [f"{{id: r{number}, channel: sms, share: {share}}}" for number, share in enumerate(written.split(","))]
    problems = problems_of(f"communications: {{a: {{routes: [{', '.join(routes)}]}}}}\n")
    assert [one.code for one in problems] == ([] if legal else ["CX005"])


@pytest.mark.parametrize(
    ("written", "amount"),
    [("250000 EUR", 250000), ("250000", 250000), ("0.02 EUR", 0.02), ('"250,000 EUR"', 250000), ("250 000 EUR", 250000),
     ("{value: 5, currency: EUR, basis: assumed}", 5), ("{value: 5 EUR, high: 7}", 5)],
)  # fmt: skip
def test_money(written: str, amount: float) -> None:
    platform = loaded(f"organization: {{currency: EUR}}\nplatforms: {{p: {{cost_per_year: {written}}}}}\n").of(
        Platform
    )[0]
    assert platform.cost_per_year is not None
    assert (platform.cost_per_year.value, platform.cost_per_year.currency) == (amount, "EUR")


@pytest.mark.parametrize("written", ["2026", "2026-02", "2026-02-28", "2024-02-29", "2000-02-29"])
def test_dates(written: str) -> None:
    assert communication(f"last_changed: {written}").last_changed == written


@pytest.mark.parametrize(
    "written", ["2026-13", "2026-00", "2026-02-30", "1900-02-29", "26-01-01", "2026-2-1", "2026-02-01T10:00", "today"]
)
def test_no_dates(written: str) -> None:
    assert [one.code for one in problems_of(TWO % f"last_changed: '{written}'")] == ["CX005"]


def test_texts_by_language_default_to_english_then_the_first_code() -> None:
    a = loaded("teams: {a: {name: {uk: Б, en: A}}, b: {name: {uk: Б, pl: C}}}\n").of(Team)
    assert [str(one.name) for one in a] == ["A", "C"]
    assert a[0].name is not None
    assert (a[0].name.into("uk"), a[0].name.into("uk-UA"), a[0].name.into("de")) == ("Б", "Б", "A")


def test_latency_is_a_duration_or_percentiles() -> None:
    one, two = (
        loaded(f"channels: {{c: {{latency: {text}}}}}\n").find("c", Channel) for text in ("2m", "{p50: 1m, p95: 1h}")
    )
    assert one is not None
    assert two is not None
    assert one.latency is not None
    assert two.latency is not None
    assert (one.latency.typical, one.latency.worst, two.latency.typical, two.latency.worst) == (120, 120, 60, 3600)


def test_trigger_is_a_text_in_languages_or_a_mapping() -> None:
    plain, languages, full = (
        communication(f"trigger: {text}", "teams: {t: T}\n").trigger
        for text in ("on payment", "{en: on payment, uk: при}", "{kind: manual, by: t}")
    )
    assert plain is not None
    assert languages is not None
    assert full is not None
    assert str(plain.what) == str(languages.what) == "on payment"
    assert (full.kind_, full.by) == ("manual", "t")


# references, feedback, service


def test_date_and_basis_follow_from_the_sources_unless_given() -> None:
    inventory = loaded(
        "references: {s1: {title: Report, as_of: 2026-02, basis: reported}, s2: {as_of: 2025, basis: assumed}, s3: {}}\n"
        "defaults: {source: [s1, s2]}\n"
        "teams: {a: A, b: {as_of: 2026-05, basis: measured}, c: {source: s3}, d: {source: []}}\n"
    )
    a, b, c, d = inventory.of(Team)
    assert [(date_of(inventory, one), basis_of(inventory, one)) for one in (a, b, c, d)] == [
        ("2025", "assumed"), ("2026-05", "measured"), (None, "reported"), (None, "reported"),
    ]  # fmt: skip
    assert inventory.references["s1"].title == "Report"


def test_loop_time_in_total_or_by_stage() -> None:
    a, b = loaded(
        "feedback_loops: {a: {within: 30d}, b: {within: {own: 2d, act: 5d}, stages: {own: t}}}\nteams: {t: T}\n"
    ).of(FeedbackLoop)
    assert a.within is not None
    assert a.within.total is not None
    assert b.within is not None
    assert b.within.own is not None
    assert b.within.total is None
    assert b.stages is not None
    assert b.stages.own == ("t",)


def test_segments_asked_with_volume_and_reach() -> None:
    point = loaded(
        "collection_points: {c: {segments: [s, {segment: s, volume: 5/day, reach: 30%}]}}\nsegments: {s: S}\n"
    ).of(CollectionPoint)[0]
    assert point.segments is not None
    assert [one.segment for one in point.segments] == ["s", "s"]
    assert point.segments[1].reach is not None


def test_preferences_and_pools() -> None:
    inventory = loaded(
        "preferences: {p: {default: none, adoption: 35%}}\nagent_pools: {q: {arrivals: 414/30m, target: {share: 80%, within: 20s}}}\n"
    )
    assert inventory.of(Preference)[0].default == "none"
    pool = inventory.of(AgentPool)[0]
    assert pool.arrivals is not None
    assert pool.arrivals.per == 1800
    assert (pool.shrinkage, pool.concurrency) == (None, None)


def test_routing_conditions_take_a_value_or_a_list() -> None:
    rule = loaded("routing_rules: {r: {when: {topic: fees, severity: [major, critical]}, priority: 1}}\n").of(
        RoutingRule
    )[0]
    assert rule.when == {"topic": ("fees",), "severity": ("major", "critical")}


def test_single_kinds_and_roadmap_operators_are_left_to_their_room() -> None:
    inventory = loaded("teams: {t: T}\nroadmap: {phases: {id: one, changes: [{remove: [t]}]}}\n")
    assert inventory.roadmap is not None
    assert inventory.roadmap.phases is not None
    assert inventory.roadmap.phases[0].id == "one"


def test_places_of_entities_fields_and_items() -> None:
    inventory = loaded(
        "defaults:\n  communications: {needs: [d]}\ncommunications:\n  a:\n    channels: [email, sms]\ndata_sources: {d: D}\n"
    )
    found = inventory.find("a", Communication)
    assert found is not None
    assert str(inventory.place(found)) == "a.cxmap.yaml:5:3"
    assert str(inventory.place(found, "channels", 1)) == "a.cxmap.yaml:6:23"
    assert str(inventory.place(found, "needs")) == "a.cxmap.yaml:3:20"
    assert str(inventory.place(found, "purpose")) == "a.cxmap.yaml:5:3"


def test_exemptions_are_comments_with_a_reason() -> None:
    (one,) = loaded("teams:\n  a: A  # cxmap: ignore[LOOP101, BOT102] known since spring\n").raw.exemptions
    assert (one.codes, one.reason, one.location.line, one.location.column) == (
        ("LOOP101", "BOT102"),
        "known since spring",
        3,
        9,
    )


def test_a_flow_that_is_known_not_to_exist() -> None:
    (flow,) = loaded("flows: [{from: a, to: b, via: none, carries: '*'}]\nteams: {a: A, b: B}\n").flows
    assert isinstance(flow, Flow)
    assert (flow.via, flow.carries) == ("none", ("*",))


def test_an_id_that_begins_with_x_is_no_own_key_where_it_stands_as_a_key() -> None:
    segments = "segments: {all: {reachable_by: {x-mail: 50%, x-note: kept}}}\n"
    found = loaded("channels: {x-mail: {kind: email}}\n" + segments)
    reachable = found.entities["all"].reachable_by  # type: ignore[attr-defined]  # a segment
    assert {name: share.value for name, share in reachable.items()} == {"x-mail": 0.5}
