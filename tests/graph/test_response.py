from __future__ import annotations

import pytest

from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import ANYONE, Edge, ResponseGraph, response_graph, shown
from cx_map.model.chapter_feedback import Signal
from tests.support import inventory_of

FIRM = """
segments: {retail: {}, sme: {reachable_by: {letter: 0, email: 1}}}
teams: {care: {}, lost: {status: retired}}
platforms: {mailer: {processing: 10m}, dead: {status: retired}}
data_sources: {cases: {}, lake: {}, old: {status: retired}}
collection_points: {form: {writes_to: [cases], segments: [retail]}}
signals: {gripe: {kind: complaint, from: form, captured_in: [old, cases], latency: 5m}}
insights: {board: {inputs: [lake], every: 1w, delivered_to: [{team: care, latency: 1d}]}}
actions:
  mend: {team: care, triggered_by: [care, board], informs: [sorry, shelved], within: 2d}
communications:
  sorry: {segments: [retail], routes: [{channel: letter, platforms: [mailer]}, {id: gone, channel: email, platforms: [dead]}]}
  plain: {routes: unknown}
  shelved: {status: retired, routes: [{channel: letter}]}
channels: {letter: {latency: {p50: 1d, p95: 3d}}}
agent_pools: {desk: {team: care}}
routing_rules: {to-desk: {on: [complaint], to: desk, within: 1h}}
flows:
  - {from: cases, to: lake, via: batch, every: 1d, latency: 1h}
  - {from: cases, to: care, via: none}
  - {from: lake, to: cases, via: api, policy: blocked}
  - {from: lake, to: lost, via: event}
  - {from: care, to: lost, via: manual}
"""


def graph_of(text: str) -> ResponseGraph:
    return response_graph(Ecosystem(inventory_of(text)))


def labels(graph: ResponseGraph, node: str) -> list[tuple[str, str]]:
    return [(edge.label, edge.target) for edge in graph.edges(node)]


def edge(graph: ResponseGraph, source: str, target: str) -> Edge:
    (found,) = [one for one in graph.edges(source) if one.target == target]
    return found


def test_edges_carry_the_labels_of_the_automaton() -> None:
    graph = graph_of(FIRM)
    assert labels(graph, "gripe") == [("captured_in", "cases")], "the retired store keeps nothing"
    assert labels(graph, "gripe>cases") == [("assigned_to", "desk")]
    assert labels(graph, "cases") == [("feeds", "lake")]
    assert labels(graph, "lake") == [("assigned_to", "lost"), ("analysed_by", "board")]
    assert labels(graph, "board") == [("delivered_to", "care"), ("assigned_to", "care@mend")]
    assert labels(graph, "desk") == [("hands_to", "care")]
    assert labels(graph, "care") == [("hands_to", "lost"), ("triggers", "mend")]
    assert labels(graph, "care@mend") == [("triggers", "mend")]
    assert labels(graph, "mend") == [("informs", "sorry")]
    assert labels(graph, "sorry") == [("route", "sorry/letter"), ("route", "sorry/gone")]


def test_flows_known_not_to_exist_and_blocked_ones_carry_nothing_and_are_kept_apart() -> None:
    graph = graph_of(FIRM)
    assert {node: [flow.to for flow in flows] for node, flows in graph.breaks.items()} == {
        "cases": ["care"],
        "lake": ["cases"],
    }


def test_times_are_worst_and_typical_with_a_whole_and_half_an_interval() -> None:
    graph = graph_of(FIRM)
    assert (edge(graph, "gripe", "cases").seconds, edge(graph, "gripe", "cases").typical) == (300, 300)
    assert (edge(graph, "cases", "lake").seconds, edge(graph, "cases", "lake").typical) == (90000, 46800)
    assert edge(graph, "lake", "board").seconds == 7 * 86400
    assert edge(graph, "board", "care").seconds == 86400
    assert edge(graph, "gripe>cases", "desk").seconds == 3600
    assert edge(graph, "care", "mend").seconds == 2 * 86400
    assert edge(graph, "sorry", "sorry/letter").seconds == 3 * 86400 + 600
    assert edge(graph, "lake", "lost").seconds is None


def test_identity_is_kept_by_api_event_and_stream_else_not_known_unless_said() -> None:
    styles = ["api", "event", "stream", "batch", "file", "report", "manual", "rekey"]
    flows = "".join(f"  - {{id: f{n}, from: a, to: b, via: {style}}}\n" for n, style in enumerate(styles))
    said = "  - {id: said, from: a, to: b, via: api, keeps_identity: false}\n  - {id: mute, from: a, to: b}\n"
    graph = graph_of(f"data_sources: {{a: {{}}, b: {{}}}}\nflows:\n{flows}{said}")
    kept = {one.entity.id: one.kept for one in graph.edges("a")}
    expected = {f"f{n}": True if n < 3 else None for n in range(len(styles))} | {"said": False, "mute": None}
    assert kept == expected


def test_two_way_flows_lead_both_ways() -> None:
    graph = graph_of("data_sources: {a: {}, b: {}}\nflows: [{from: a, to: b, two_way: true}]")
    assert labels(graph, "a") == [("feeds", "b")]
    assert labels(graph, "b") == [("feeds", "a")]


def test_a_reply_that_production_cannot_deliver_does_not_work_and_one_without_routes_is_uncertain() -> None:
    graph = graph_of(FIRM)
    assert edge(graph, "sorry", "sorry/letter").works
    assert edge(graph, "sorry", "sorry/letter").certain
    assert not edge(graph, "sorry", "sorry/gone").works
    assert edge(graph, "plain", "plain/?").works
    assert not edge(graph, "plain", "plain/?").certain


def test_audience_is_the_segments_served_and_reachable() -> None:
    graph = graph_of(FIRM + "  - {from: mailer, to: lake}\n")
    retail, sme, anyone = (1 << graph.segments[name] for name in ("retail", "sme", ANYONE))
    assert graph.audience("sorry/letter") == retail | anyone
    assert graph.audience("plain/?") == retail | sme | anyone
    letters = graph_of(
        FIRM.replace("plain: {routes: unknown}", "plain: {channels: [letter, email], platforms: [mailer]}")
    )
    assert letters.audience("plain/letter") & sme == 0, "no customer of sme can be reached by letter"
    assert letters.audience("plain/email") & sme


def test_who_gives_a_signal_is_said_of_it_or_of_its_collection_point() -> None:
    for said, expected in (
        ("signals: {g: {from: form}}", ("retail",)),
        ("signals: {g: {from: form, segments: [sme]}}", ("sme",)),
        ("signals: {g: {}}", (ANYONE,)),
    ):
        graph = graph_of(
            f"segments: {{retail: {{}}, sme: {{}}}}\ncollection_points: {{form: {{segments: [retail]}}}}\n{said}"
        )
        (signal,) = graph.inventory.of(Signal)
        assert graph.givers(signal) == expected


def test_a_consent_that_is_refused_by_default_and_given_nowhere_forbids_a_route() -> None:
    text = """
    preferences: {may-mail: {kind: consent, default: out, captured_at: CAPTURED}}
    collection_points: {form: {}}
    platforms: {mailer: {}}
    communications: {reply: {channels: [email], platforms: [mailer], governed_by: [may-mail]}}
    """
    assert not edge(graph_of(text.replace("CAPTURED", "[]")), "reply", "reply/email").works
    assert edge(graph_of(text.replace("CAPTURED", "[form]")), "reply", "reply/email").works
    assert edge(graph_of(text.replace("CAPTURED", "unknown")), "reply", "reply/email").works


def test_channels_that_only_come_in_carry_no_reply() -> None:
    graph = graph_of(
        "channels: {desk: {direction: in}}\nplatforms: {p: {}}\ncommunications: {c: {channels: [desk, email], platforms: [p]}}"
    )
    assert [one.target for one in graph.edges("c")] == ["c/email"]


def test_nodes_of_the_graphs_own_are_shown_by_the_ids_people_know() -> None:
    assert [shown(node) for node in ("care", "care@mend", "@mend", "sorry/letter", "gripe>cases")] == [
        "care", "care", "", "sorry", "cases",
    ]  # fmt: skip


def test_a_channel_reaches_no_segment_that_leaves_it_out() -> None:
    segments = (
        "segments: {old: {reachable_by: {letter: 90%}}, young: {reachable_by: {push: 80%, letter: 0}}, any: {}}\n"
    )
    text = "communications: {note: {SERVED channels: [letter, push, sms]}}\n"
    graph = graph_of(segments + text.replace("SERVED ", ""))
    old, young, others, anyone = (1 << graph.segments[name] for name in ("old", "young", "any", ANYONE))
    assert [graph.audience(f"note/{one}") for one in ("letter", "push", "sms")] == [
        old | others | anyone, young | others | anyone, others | anyone,
    ]  # fmt: skip
    served = graph_of(segments + text.replace("SERVED", "segments: [old, young],"))
    assert served.audience("note/sms") == 0, "it reaches none of those it is for"
    assert served.audience("note/push") == young | anyone


def test_where_a_signal_says_it_is_kept_wins_over_what_its_form_writes() -> None:
    text = "data_sources: {a: {}, b: {}}\ncollection_points: {form: {writes_to: [a, b]}}\nsignals: {g: {from: form SAID}}\n"
    assert labels(graph_of(text.replace(" SAID", "")), "g") == [("captured_in", "a"), ("captured_in", "b")]
    assert labels(graph_of(text.replace(" SAID", ", captured_in: [b]")), "g") == [("captured_in", "b")]
    flow = "flows: [{from: g, to: a}]\n"
    assert len(labels(graph_of(text.replace(" SAID", ", captured_in: [b]") + flow), "g")) == 2, (
        "a flow of its own counts"
    )


@pytest.mark.parametrize(
    ("carries", "passes"),
    [
        ("", True), (", carries: unknown", True), (', carries: "*"', True), (", carries: [feedback.text]", True),
        (", carries: [contact.email, case.status]", True), (", carries: [own-thing]", True), (", carries: []", True),
        (", carries: [contact.email]", False), (", carries: [identity.name, preference.marketing]", False),
        (", carries: [e-mail]", False), (", carries: [badge]", False),
        (", carries: [account.number, product.type]", False), (", carries: [payment.card_number]", False),
        (", carries: [account.number, payment.history]", True), (", carries: [account.transactions]", True),
    ],
)  # fmt: skip
def test_a_flow_of_master_data_alone_passes_no_signal_on(carries: str, passes: bool) -> None:
    graph = graph_of(f"""
        attributes: {{badge: {{parent: identity}}, own-thing: {{}}}}
        teams: {{care: {{}}}}
        data_sources: {{a: {{}}, b: {{}}}}
        insights: {{view: {{}}}}
        signals: {{g: {{captured_in: [a]}}}}
        flows: [{{from: a, to: b, via: api{carries}}}, {{from: a, to: view, via: api{carries}}}, {{from: a, to: care, via: api{carries}}}]
        """)
    assert sorted(edge.target for edge in graph.edges("a")) == (["b", "care", "view"] if passes else [])


@pytest.mark.parametrize(
    ("on", "takes"), [("", True), ("on: [g], ", True), ("on: [], ", False), ("on: unknown, ", False)]
)
def test_a_routing_rule_that_names_nothing_takes_every_signal(on: str, takes: bool) -> None:
    graph = graph_of(f"""
        teams: {{care: {{}}}}
        data_sources: {{a: {{}}}}
        signals: {{g: {{captured_in: [a]}}}}
        routing_rules: {{rest: {{{on}to: care}}}}
        """)
    assert labels(graph, "g>a") == ([("assigned_to", "care")] if takes else [])


def test_a_scheduled_reply_waits_for_its_run() -> None:
    graph = graph_of("""
        platforms: {mailer: {processing: 10m}}
        communications:
          digest: {schedule: {run: 30d, at: "06:00", window: 4h}, channels: [email], platforms: [mailer]}
          note: {schedule: {at: "06:00"}, channels: [email], platforms: [mailer]}
        """)
    monthly, other = edge(graph, "digest", "digest/email"), edge(graph, "note", "note/email")
    assert (monthly.seconds, monthly.typical) == (30 * 86400 + 600, 15 * 86400 + 600)
    assert (other.seconds, other.typical) == (600, 600)


def test_flows_for_some_segments_tell_segments_apart() -> None:
    text = "segments: {a: {}, b: {}, c: {}}\ndata_sources: {x: {}, y: {}}\nflows: [{from: x, to: y SCOPE}]\n"
    graph = graph_of(text.replace(" SCOPE", ", segments: [a, c]"))
    a, b, c, anyone = (1 << graph.segments[name] for name in ("a", "b", "c", ANYONE))
    assert edge(graph, "x", "y").only == a | c | anyone, "customers of whom no segment is named may be among them"
    assert sorted(graph.alike(a | b | c)) == sorted([a | c, b])
    assert graph_of(text.replace(" SCOPE", "")).alike(a | b) == [a | b]
