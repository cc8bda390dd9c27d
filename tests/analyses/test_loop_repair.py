from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import assume, given, settings

from cx_map.analyses import loop_repair
from cx_map.analyses.closed_loops import LoopVerdict, closed_loops
from cx_map.analyses.loop_repair import Repair, _Problem, cheapest_repair
from cx_map.analyses.loop_walks import NEXT, Stage, State, identified
from cx_map.analyses.repair_candidates import NEW, Candidates, RepairCosts, Step, candidates
from cx_map.analyses.repair_operators import plan_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.response import active_team
from cx_map.rules.feedback.broken_loop import broken_loop
from cx_map.states.apply import with_changes
from tests.analyses.loops_firm import Firm, built, firms
from tests.rules.pages import findings_of
from tests.support import inventory_of

Change = tuple[str, str, str]


def changes_of(step: Step) -> Change:
    return (step.means, step.source, step.target)


def existing(verdict: LoopVerdict, stage: Stage, node: str) -> list[tuple[Stage, str, bool, Step | None]]:
    """Existing steps: where they lead, whether they lose identity."""
    search = verdict.search
    found = []
    for edge in search.leaving(stage, node):
        following = NEXT.get((edge.label, stage))
        if following is None or not edge.works:
            continue
        if following == Stage.OWNED and active_team(search.graph.inventory, edge.target) is None:
            continue
        lost = identified(search) and edge.kept is False and stage != Stage.SIGNALLED
        step = Step("identity", edge.source, edge.target, following, 0.5, edge) if lost else None
        found.append((following, edge.target, lost, step))
    return found


def universe(verdict: LoopVerdict, offers: Candidates, wanted: int) -> dict[Change, Step]:
    """Every change that any state of the product offers."""
    search = verdict.search
    begin = (Stage.SIGNALLED, verdict.signal.id)
    seen, queue = {begin}, [begin]
    found: dict[Change, Step] = {}
    while queue:
        stage, node = queue.pop()
        steps = [(one[0], one[1], one[3]) for one in existing(verdict, stage, node)]
        steps += [(one.following, one.target, one) for one in offers.added(search, stage, node, wanted)]
        for following, target, step in steps:
            if step is not None:
                found.setdefault(changes_of(step), step)
            if (following, target) not in seen:
                seen.add((following, target))
                queue.append((following, target))
    return found


def closes(verdict: LoopVerdict, offers: Candidates, wanted: int, chosen: Iterable[Change]) -> bool:
    """Whether a loop is closed once some changes are made, by plain search."""
    search, allowed = verdict.search, set(chosen)
    goal = Stage.SENT if identified(search) else Stage.ACTED
    begin = (Stage.SIGNALLED, verdict.signal.id, False)
    seen, queue = {begin}, [begin]
    while queue:
        stage, node, met = queue.pop()
        if (
            stage == goal
            and met
            and (goal == Stage.ACTED or node == NEW or search.graph.audience(node) & wanted == wanted)
        ):
            return True
        steps = [
            (one[0], one[1], False)
            for one in existing(verdict, stage, node)
            if one[3] is None or changes_of(one[3]) in allowed
        ]
        steps += [
            (one.following, one.target, one.means == "assign")
            for one in offers.added(search, stage, node, wanted)
            if changes_of(one) in allowed
        ]
        for following, target, routed in steps:
            now = met or routed or (following == Stage.OWNED and search.entitlement.of(target) is not False)
            if following == Stage.ACTED and not target.startswith(NEW):
                team = getattr(search.graph.inventory.entities[target], "team", None)
                if team is not None and active_team(search.graph.inventory, team) is None:
                    continue
                now = now or (team is not None and search.entitlement.of(team) is not False)
            if following == Stage.ACTED and not now:
                continue
            if (following, target, now) not in seen:
                seen.add((following, target, now))
                queue.append((following, target, now))
    return False


def brute_force(verdict: LoopVerdict, offers: Candidates, wanted: int) -> float:
    """The least cost of a set of at most four changes that closes the loop: capture, own, act, answer."""
    steps = universe(verdict, offers, wanted)
    best = float("inf")
    for size in range(5):
        for chosen in itertools.combinations(sorted(steps), size):
            cost = sum(steps[one].cost for one in chosen)
            if cost < best and closes(verdict, offers, wanted, chosen):
                best = cost
    return best


@settings(max_examples=120, deadline=None)
@given(firms())
def test_cheapest_repair_equals_brute_force(firm: Firm) -> None:
    eco = Ecosystem(built(firm))
    (verdict,) = closed_loops(eco)
    assume(verdict.status == "broken")
    offers = candidates(eco)
    wanted = sum(1 << verdict.search.graph.segments[one] for one in verdict.failing)
    assume(len(universe(verdict, offers, wanted)) <= 16)
    untimed = LoopVerdict(verdict.search, None, "broken", verdict.segments, verdict.failing)
    repair = cheapest_repair(untimed, offers)
    assert repair is not None
    assert closes(verdict, offers, wanted, {changes_of(step) for step in repair.changes})
    assert brute_force(verdict, offers, wanted) == pytest.approx(repair.cost)


SHOP = """
segments: {shoppers: {}}
teams: {cx: {functions: [cx]}, checkout: {functions: [digital]}}
platforms: {mailer: {}, shop: {owner: checkout}}
data_sources: {answers: {}}
signals: {feedback: {identity: known, segments: [shoppers], about: [shop], captured_in: [answers]}}
insights: {board: {inputs: [answers], delivered_to: [cx]}}
actions: {mend: {team: checkout, triggered_by: [checkout], informs: [fixed]}}
communications: {fixed: {segments: [shoppers], channels: [email], platforms: [mailer]}}
"""


def repaired(text: str) -> tuple[Repair, tuple[str, ...], tuple[object, ...]]:
    eco = Ecosystem(inventory_of(text))
    (verdict,) = closed_loops(eco)
    offers = candidates(eco)
    repair = cheapest_repair(verdict, offers)
    assert repair is not None
    plan = plan_of(repair, verdict, offers)
    return repair, plan.clauses, plan.operators


def test_delivering_an_existing_report_is_cheapest_where_the_rest_stands() -> None:
    repair, clauses, operators = repaired(SHOP)
    assert repair.cost == 1
    assert clauses in (("deliver 'board' to 'checkout'",), ("let 'cx' hand it to 'checkout'",))
    assert operators in (
        ({"change": {"board": {"delivered_to": {"add": ["checkout"]}}}},),
        ({"connect": {"from": "cx", "to": "checkout", "via": "manual"}},),
    )


def test_only_teams_that_may_own_the_signal_are_offered() -> None:
    text = SHOP.replace("checkout: {functions: [digital]}", "checkout: {functions: [digital]}, ads: {functions: [cx]}")
    eco = Ecosystem(inventory_of(text))
    (verdict,) = closed_loops(eco)
    assert candidates(eco).teams(verdict.search) == ("checkout",)


def test_a_new_reply_takes_a_route_that_reaches_these_customers() -> None:
    text = SHOP.replace("informs: [fixed]", "informs: []")
    repair, _, operators = repaired(text)
    assert repair.cost == 1 + 2
    added = operators[0]["add"]["communications"]["feedback-reply"]  # type: ignore[index]  # plain data
    assert added["routes"] == [{"channel": "email", "platforms": ["mailer"]}]
    assert added["segments"] == ["shoppers"]


def test_a_new_reply_takes_a_quicker_way_that_reaches_fewer_only_where_time_is_short() -> None:
    text = SHOP.replace("informs: [fixed]", "informs: []").replace("delivered_to: [cx]", "delivered_to: [checkout]")
    text = text.replace("shoppers: {}", "shoppers: {reachable_by: {email: 60%, sms: 90%}}")
    text = text.replace("platforms: {", "platforms: {gateway: {processing: 3d}, ")
    text = text.replace(
        "communications: {", "communications: {text: {segments: [shoppers], channels: [sms], platforms: [gateway]}, "
    )
    for score, channel in (("", "sms"), (", score: detractor", "email")):
        _, _, operators = repaired(text.replace("identity: known", "identity: known" + score))
        added = operators[0]["add"]["communications"]["feedback-reply"]  # type: ignore[index]  # plain data
        assert added["routes"][0]["channel"] == channel


def test_without_any_way_to_the_customers_a_new_channel_is_paid_for() -> None:
    text = SHOP.replace("informs: [fixed]", "informs: []").replace(
        "fixed: {segments: [shoppers]", "fixed: {segments: []"
    )
    assert repaired(text)[0].cost == 1 + 2 + 8


def test_a_reply_that_cannot_be_made_is_no_answer() -> None:
    text = SHOP.replace("delivered_to: [cx]", "delivered_to: [checkout]").replace(
        "mailer: {}", "mailer: {status: retired}"
    )
    assert [step.means for step in repaired(text)[0].changes] == ["reply"]


def test_a_reply_to_others_is_no_answer() -> None:
    text = SHOP.replace("delivered_to: [cx]", "delivered_to: [checkout]").replace(
        "shoppers: {}", "shoppers: {}, others: {}"
    )
    others = text.replace("fixed: {segments: [shoppers]", "fixed: {segments: [others]")
    assert [step.means for step in repaired(others)[0].changes] == ["reply"]
    some = text.replace("segments: [shoppers], about", "segments: [shoppers, others], about")
    assert [step.means for step in repaired(some)[0].changes] == ["reply"], "it tells not all of them"


def test_nothing_at_all_is_repaired_from_the_first_step() -> None:
    repair, clauses, _ = repaired("signals: {gripe: {kind: complaint, identity: known}}")
    assert repair.cost == 5 + 1 + 3 + 2 + 8
    assert len(clauses) == 4


def test_a_border_between_lines_of_business_costs_half_as_much_again() -> None:
    lines = "lines_of_business: {cards: {}, loans: {}}\n"
    text = SHOP.replace("feedback: {", "feedback: {line_of_business: cards, ").replace(
        "checkout: {", "checkout: {line_of_business: loans, "
    )
    text = text.replace("delivered_to: [cx]", "delivered_to: []")
    assert repaired(lines + text)[0].cost == 1.5
    assert repaired(lines + text.replace("loans, ", "cards, "))[0].cost == 1


def test_a_team_that_has_the_signal_but_may_not_own_it_is_given_a_rule_that_says_so() -> None:
    text = """
signals: {g: {about: [owned], captured_in: [s1]}}
data_sources: {s1: {}, owned: {owner: gone}}
teams: {gone: {status: retired}, there: {}}
routing_rules: {r1: {on: [g]}}
flows: [{from: s1, to: there}]
"""
    repair, clauses, operators = repaired(text)
    assert repair.cost == 1 + 3 + 2 + 8
    assert clauses[0] == "route 'g' to 'there'"
    added = operators[0]["add"]["routing_rules"]  # type: ignore[index]  # plain data
    assert added == {"g-to-there": {"on": ["g"], "to": "there"}}


def test_costs_can_be_changed() -> None:
    eco = Ecosystem(inventory_of(SHOP.replace("delivered_to: [cx]", "delivered_to: []")))
    (verdict,) = closed_loops(eco)
    dear = Candidates(eco.inventory, candidates(eco).reach, RepairCosts(deliver=4, assign=2))
    repair = cheapest_repair(verdict, dear)
    assert repair is not None
    assert [step.means for step in repair.changes] == ["assign"]
    assert repair.cost == 2


def test_the_repaired_loop_is_in_time_where_times_are_known() -> None:
    text = SHOP.replace("identity: known", "identity: known, score: detractor").replace(
        "board: {", "board: {every: 30d, "
    )
    repair, _, _ = repaired(text)
    assert [step.means for step in repair.changes] == ["assign"], "the monthly board would be too late"


def test_a_dearer_way_that_is_quicker_to_the_same_team_is_kept_in_mind() -> None:
    text = SHOP.replace("identity: known", "identity: known, score: detractor")
    text = text.replace("board: {", "board: {every: 36h, ").replace("delivered_to: [cx]", "delivered_to: [checkout]")
    slow = text.replace("mend: {", "mend: {within: 24h, ")
    assert [step.means for step in repaired(slow)[0].changes] == ["assign"], "36 h and 24 h are more than two days"
    assert repaired(slow.replace("detractor", "detractor, latency: 72h"))[0].changes == (), (
        "nothing is quick enough: what closes it at all"
    )


def test_what_exists_is_not_made_anew_however_slow_it_is() -> None:
    text = SHOP.replace("insights: {board: {inputs: [answers], delivered_to: [cx]}}\n", "")
    slow = text.replace("identity: known", "identity: known, score: detractor")
    slow += "flows: [{from: answers, to: checkout, via: batch, every: 3d, keeps_identity: true}]\n"
    assert repaired(slow)[0].changes == ()
    assert [step.means for step in repaired(slow.replace("to: checkout", "to: cx"))[0].changes] == ["assign"]


def test_keeping_identity_on_an_existing_flow_is_half_a_change() -> None:
    text = SHOP.replace("delivered_to: [cx]", "delivered_to: []").replace("inputs: [answers]", "inputs: [lake]")
    text = text.replace("answers: {}", "answers: {}, lake: {}").replace("informs: [fixed]", "informs: []")
    text += (
        "flows: [{from: answers, to: lake, via: api, keeps_identity: false}, {from: lake, to: checkout, via: event}]"
    )
    repair, clauses, operators = repaired(text)
    assert repair.cost == 0.5 + 2
    assert clauses[0] == "keep the customer identifiable from 'answers' to 'lake'"
    assert operators[-1] == {
        "connect": {
            "from": "answers",
            "to": "lake",
            "via": "api",
            "keeps_identity": True,
            "id": "answers-lake-identified",
        }
    }


def test_declared_stages_without_a_usable_node_are_named_after_the_walk() -> None:
    loop = "feedback_loops: {l: {signal: feedback, stages: {capture: answers, own: checkout, inform: fixed}}}"
    _, clauses, operators = repaired(SHOP.replace("delivered_to: [cx]", "delivered_to: [checkout]") + loop)
    assert clauses == ("name in 'l' act 'mend'",)
    assert operators == (
        {
            "change": {
                "l": {"stages": {"capture": ["answers"], "own": ["checkout"], "act": ["mend"], "inform": ["fixed"]}}
            }
        },
    )


@pytest.mark.parametrize(
    ("stage", "node", "instead"),
    [
        ("capture", "old", "answers"),
        ("own", "gone", "checkout"),
        ("act", "ended", "mend"),
        ("inform", "other", "fixed"),
        ("inform", "dead", "fixed"),
    ],
)
def test_a_named_node_that_cannot_serve_is_named_anew(stage: str, node: str, instead: str) -> None:
    text = SHOP.replace("delivered_to: [cx]", "delivered_to: [checkout]").replace(
        "shoppers: {}", "shoppers: {}, others: {}"
    )
    text = text.replace("teams: {", "teams: {gone: {status: retired}, ").replace(
        "answers: {}", "answers: {}, old: {status: retired}"
    )
    text = text.replace("actions: {", "actions: {ended: {status: retired, team: checkout}, ")
    text = text.replace("platforms: {", "platforms: {away: {status: retired}, ")
    text = text.replace("communications: {", "communications: {other: {segments: [others], channels: [email], platforms: [mailer]}, "
                        "dead: {segments: [shoppers], channels: [email], platforms: [away]}, ")  # fmt: skip
    stages = {"capture": "answers", "own": "checkout", "act": "mend", "inform": "fixed"} | {stage: node}
    named = ", ".join(f"{key}: {value}" for key, value in stages.items())
    repair, clauses, _ = repaired(text + f"feedback_loops: {{l: {{signal: feedback, stages: {{{named}}}}}}}\n")
    assert repair.changes == ()
    assert clauses == (f"name in 'l' {stage} '{instead}'",)


def test_a_new_flow_stands_beside_one_that_carries_no_signal() -> None:
    text = SHOP.replace("delivered_to: [cx]", "delivered_to: []").replace("inputs: [answers]", "inputs: []")
    text = text.replace("answers: {}", "answers: {}, lake: {}")
    text += (
        "flows: [{from: answers, to: lake, via: api}, {from: lake, to: checkout, via: api, carries: [contact.email]}]\n"
        "feedback_loops: {l: {signal: feedback, stages: {capture: lake, own: checkout, act: mend, inform: fixed}}}"
    )
    _, clauses, operators = repaired(text)
    inventory = inventory_of(text)
    (after,) = closed_loops(Ecosystem(with_changes(inventory, operators)))  # type: ignore[arg-type]  # plain data
    assert after.closed, clauses


def test_a_signal_that_is_kept_late_is_answered_late_wherever_it_is_kept() -> None:
    text = SHOP.replace(", captured_in: [answers]", ", latency: 36h, score: detractor").replace(
        "delivered_to: [cx]", "delivered_to: [checkout]"
    )
    quick = repaired(text)[0]
    assert [step.means for step in quick.changes] == ["capture"]
    late = repaired(text.replace("mend: {", "mend: {within: 24h, "))[0]
    assert [step.means for step in late.changes] == ["capture", "trigger", "inform"], (
        "36 h and 24 h are more than two days"
    )


def test_of_many_ways_on_each_signal_gets_its_share_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    count = 30
    stores = ", ".join(f"s{n}: {{}}" for n in range(count))
    flows = ", ".join(f"{{from: s{n}, to: s{n + 1}, via: api}}" for n in range(count - 1))
    captured = ", ".join(
        f"v{n}: {{kind: survey, identity: known, segments: [retail], about: [mailer], captured_in: [s{n}]}}"
        for n in range(count)
    )
    text = f"""
segments: {{retail: {{}}}}
teams: {{care: {{functions: [cx]}}}}
platforms: {{mailer: {{owner: care, capabilities: [compose, deliver_email]}}}}
data_sources: {{{stores}}}
flows: [{flows}]
signals: {{{captured}}}
insights: {{report: {{inputs: [s{count - 1}], delivered_to: [care]}}}}
"""
    steps = 0
    each = _Problem._steps

    def counted(self: _Problem, state: State) -> Iterator[tuple[Step, State]]:
        nonlocal steps
        steps += 1
        return each(self, state)

    monkeypatch.setattr(_Problem, "_steps", counted)
    findings = findings_of(broken_loop, inventory_of(text))
    assert len(findings) == count
    assert all(one.fix is not None and one.fix.changes for one in findings)
    assert steps > 10 * count, "the nearest store is not the last one"
    steps = 0
    monkeypatch.setattr(loop_repair, "LEAST_STEPS", 25)
    monkeypatch.setattr(loop_repair, "MOST_STEPS", 25 * count)
    findings = findings_of(broken_loop, inventory_of(text))
    assert steps <= 2 * 25 * count
    cut = [one for one in findings if one.fix is not None and "too many ways on" in one.fix.summary]
    assert len(cut) == count
    assert not any(one.fix.changes for one in cut if one.fix is not None)
