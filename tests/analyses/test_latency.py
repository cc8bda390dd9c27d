from __future__ import annotations

import random

import pytest

from cx_map.analyses.latency import Timeline, average, timelines
from cx_map.graph.ecosystem import Ecosystem
from tests.support import inventory_of


def times_of(text: str) -> dict[str, Timeline]:
    return dict(timelines(Ecosystem(inventory_of(text))))


BATCH = """
channels: {push: {latency: 2s}}
data_sources: {engine: {}}
platforms: {hub: {processing: {p50: 3s, p95: 9s}}}
communications:
  alert: {needs: [engine], routes: [{channel: push, platforms: [hub]}]}
flows:
  - {from: engine, to: hub, via: batch, every: 15m, latency: 1m}
"""


def test_a_batch_waits_its_interval_at_worst_and_half_of_it_on_average() -> None:
    eco = Ecosystem(inventory_of(BATCH))
    one = timelines(eco)["alert"]
    assert one.decisive.worst == 900 + 60 + 9 + 2
    assert average(eco, one) == 450 + 60 + 3 + 2
    assert one.complete
    assert [(step.kind, step.source, step.seconds) for step in one.decisive.chain] == [
        ("flow", "engine", 960), ("processing", "hub", 9), ("channel", "push", 2),
    ]  # fmt: skip


def test_the_latest_of_the_required_and_the_fastest_of_the_alternatives() -> None:
    text = """
    channels: {email: {latency: 0s}}
    data_sources: {slow: {}, quick: {}}
    platforms: {p: {processing: 0s}}
    communications:
      both: {needs: [slow, quick], routes: [{channel: email, platforms: [p]}]}
      either: {needs: [{any_of: [slow, quick]}], routes: [{channel: email, platforms: [p]}]}
    flows:
      - {from: slow, to: p, latency: 5m}
      - {from: quick, to: p, latency: 1m}
    """
    found = times_of(text)
    assert found["both"].decisive.worst == 300
    assert found["either"].decisive.worst == 60


def test_the_fastest_primary_route_decides_and_the_slowest_of_all() -> None:
    text = """
    channels: {email: {latency: 1m}, letter: {latency: 3d}, sms: {latency: 1s}}
    communications:
      one: {needs: [], %s routes: [{channel: letter, platforms: []}, {channel: email, platforms: []},
        {channel: sms, platforms: [], fallback_for: email}]}
    """
    assert times_of(text % "")["one"].decisive.worst == 60
    assert times_of(text % "send: all,")["one"].decisive.worst == 3 * 86400


def test_required_flows_and_platform_needs_come_before() -> None:
    text = """
    channels: {email: {latency: 0s}}
    data_sources: {core: {}, crm: {}}
    platforms: {p: {processing: 0s, needs: [crm]}}
    communications: {c: {needs: [], routes: [{channel: email, platforms: [p]}]}}
    flows:
      - {from: crm, to: p, latency: 10s}
      - {from: core, to: crm, latency: 1h, required: %s}
    """
    assert times_of(text % "true")["c"].decisive.worst == 3610
    assert times_of(text % "false")["c"].decisive.worst == 10


def test_what_sets_it_off_counts_where_a_flow_leads_from_it() -> None:
    text = BATCH.replace("{needs: [engine],", "{needs: [], trigger: {kind: event, by: engine},")
    assert times_of(text)["alert"].decisive.worst == 971


def test_unknown_times_are_a_lower_bound_and_named() -> None:
    one = times_of(BATCH.replace("processing: {p50: 3s, p95: 9s}", ""))["alert"]
    assert one.decisive.worst == 962
    assert one.decisive.open == ("platforms.hub.processing",)
    assert not one.complete


def test_flows_that_do_not_exist_carry_nothing_and_the_fastest_counts() -> None:
    text = BATCH + "  - {from: engine, to: hub, via: %s, latency: 1s, id: other}\n"
    assert times_of(text % "none")["alert"].decisive.worst == 971
    assert times_of(text % "event")["alert"].decisive.worst == 12


def test_things_that_wait_for_one_another_are_let_through_in_any_order() -> None:
    text = """
    channels: {email: {latency: 0s}}
    data_sources: {a: {}, b: {}, far: {}}
    platforms: {p: {processing: 0s, needs: [a]}}
    communications: {c: {needs: [], routes: [{channel: email, platforms: [p]}]}}
    flows:
      - {from: a, to: b, latency: 1s, required: true}
      - {from: b, to: a, latency: 2s, required: true}
      - {from: far, to: b, latency: 60s, required: true}
    """
    assert times_of(text)["c"].decisive.worst == 60
    swapped = (
        text.replace("{a: {}, b", "{z: {}, b")
        .replace("[a]", "[z]")
        .replace("from: a", "from: z")
        .replace("to: a", "to: z")
    )
    assert times_of(swapped)["c"].decisive.worst == times_of(text)["c"].decisive.worst


def test_random_chains_equal_the_recursion() -> None:
    for seed in range(80):
        chance = random.Random(seed)
        stores = [f"s{n}" for n in range(chance.randint(1, 5))]
        flows: dict[tuple[str, str], int] = {}
        for place, target in enumerate(stores):
            for source in stores[:place]:
                if chance.random() < 0.5:
                    flows[source, target] = chance.randint(1, 100)
        processing = {f"p{n}": chance.randint(0, 50) for n in range(chance.randint(1, 3))}
        needs = chance.sample(stores, chance.randint(1, len(stores)))
        for name in needs:
            flows[name, "p0"] = chance.randint(1, 100)
        lines = [
            "channels: {email: {latency: 7s}}",
            "data_sources: {" + ", ".join(f"{one}: {{}}" for one in stores) + "}",
        ]
        lines.append(
            "platforms: {" + ", ".join(f"{one}: {{processing: {time}s}}" for one, time in processing.items()) + "}"
        )
        lines.append(
            f"communications: {{c: {{needs: [{', '.join(needs)}], routes: [{{channel: email, platforms: [{', '.join(processing)}]}}]}}}}"
        )
        lines.append("flows:")
        lines += [
            f"  - {{from: {one}, to: {two}, latency: {time}s, required: {str(two != 'p0').lower()}}}"
            for (one, two), time in flows.items()
        ]
        ready: dict[str, int] = {}
        for name in stores:
            ready[name] = max((ready[one] + time for (one, two), time in flows.items() if two == name), default=0)
        expected = max(ready[name] + flows[name, "p0"] for name in needs) + sum(processing.values()) + 7
        found = times_of("\n".join(lines))["c"]
        assert found.decisive.worst == pytest.approx(expected), seed
        assert found.complete
        assert sum(step.seconds for step in found.decisive.chain) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("latency: 2s", "latency: {p50: 2s}", "channels.push.latency"),
        ("{p50: 3s, p95: 9s}", "{p50: 3s}", "platforms.hub.processing"),
        ("latency: 1m", "latency: {p50: 1m}", "flows.engine->hub.latency"),
    ],
)
def test_a_median_alone_is_a_lower_bound_of_the_worst(old: str, new: str, field: str) -> None:
    one = times_of(BATCH.replace(old, new))["alert"]
    assert not one.complete
    assert one.decisive.open == (field,)


SUPPLIED = """
channels: {email: {latency: 0s}}
data_sources: {store: {}}
platforms:
  a-slow: {processing: 4h}
  b-gone: {processing: 1s, status: retired}
  hub: {processing: 1m, needs: [{any_of: [a-slow, b-gone, store]}]}
communications:
  c: {needs: [%s], routes: [{channel: email, platforms: [hub]}]}
flows:
  - {from: store, to: hub, via: event, latency: 5m}
"""


def test_alternatives_of_a_platform_are_compared_with_their_own_time_and_only_where_they_work() -> None:
    assert times_of(SUPPLIED % "")["c"].decisive.worst == 360
    gone = SUPPLIED.replace("store: {}", "store: {status: retired}") % ""
    assert times_of(gone)["c"].decisive.worst == 4 * 3600 + 60


def test_nobody_waits_for_what_is_retired() -> None:
    text = SUPPLIED + "  - {from: b-gone, to: hub, via: batch, every: 7d, required: true}\n"
    assert times_of(text % "")["c"].decisive.worst == 360


def test_a_required_flow_is_waited_for_whatever_else_joins_the_two() -> None:
    text = SUPPLIED + "  - {from: store, to: hub, via: file, latency: 1h, required: true}\n"
    assert times_of(text % "")["c"].decisive.worst == 3660


def test_a_platform_needed_and_passed_is_passed_once() -> None:
    assert times_of(SUPPLIED % "hub")["c"].decisive.worst == 360
    later = SUPPLIED.replace("[hub]}", "[a-slow, hub]}") % "hub"
    assert times_of(later)["c"].decisive.worst == 4 * 3600 + 60


@pytest.mark.parametrize(
    ("flow", "field"),
    [("via: batch, latency: 5m", "every"), ("via: file, latency: 5m, every: unknown", "every"),
     ("via: batch, every: 1h, latency: unknown", "latency"), ("via: batch, every: 1h", None), ("via: file, latency: 5m", None)],
)  # fmt: skip
def test_a_batch_of_unknown_interval_is_known_in_part_only(flow: str, field: str | None) -> None:
    one = times_of((SUPPLIED % "").replace("via: event, latency: 5m", flow))["c"]
    assert one.decisive.open == (() if field is None else (f"flows.store->hub.{field}",))
