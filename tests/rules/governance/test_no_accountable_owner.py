from __future__ import annotations

from cx_map.rules.governance.no_accountable_owner import no_accountable_owner as rule
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of


def test_nobody_has_looked_at_ownership() -> None:
    assert set(not_assessed(rule, "platforms: {a: {}}\ncommunications: {b: {}}")) == {"a", "b"}


def test_left_out_counts_where_others_are_named() -> None:
    finding = one_finding(rule, "teams: {t: {}}\nplatforms: {a: {owner: t}, b: {}}")
    assert finding.subject == "b"
    assert "none is named" in finding.message
    assert passed(rule, "teams: {t: {}}\nplatforms: {a: {owner: t}, b: {}}") == {"a"}


def test_unknown_none_and_retired_owners() -> None:
    teams = "teams: {t: {}, gone: {status: retired}, soon: {status: proposed}}\n"
    for owner, why in (
        ("unknown", "nobody knows"),
        ("[]", "known to have none"),
        ("gone", "'gone' is retired"),
        ("soon", "proposed"),
    ):
        assert why in one_finding(rule, teams + f"platforms: {{a: {{owner: {owner}}}}}").message


def test_the_critical_path_is_major() -> None:
    text = """
        teams: {t: {}}
        platforms: {a: {}, b: {}, c: {}}
        data_sources: {core: {}, mirror: {}}
        communications:
          notice:
            owner: t
            purpose: regulatory
            needs: [core, {any_of: [mirror, core]}]
            routes: [{channel: letter, platforms: [a, b]}, {channel: email, platforms: [a, c]}]
        """
    assert {one.subject: one.severity for one in findings(rule, text)} == {
        "a": "major", "b": "minor", "c": "minor", "core": "major", "mirror": "minor",
    }  # fmt: skip


def test_what_a_platform_cannot_run_without_is_on_the_critical_path() -> None:
    text = """
        teams: {t: {}}
        platforms: {a: {owner: t, needs: [core]}, b: {owner: t}}
        data_sources: {core: {}, twin: {}}
        communications:
          notice: {owner: t, purpose: regulatory, needs: [], routes: [{channel: letter, platforms: [a]}]}
          news: {owner: t, purpose: marketing, needs: [twin], routes: [{channel: email, platforms: [b]}]}
        """
    assert {one.subject: one.severity for one in findings(rule, text)} == {"core": "major", "twin": "minor"}


def test_the_nearest_owner_is_proposed_and_mends_it() -> None:
    inventory = inventory_of("""
        teams: {near: {}, far: {}}
        platforms: {one: {owner: near}, two: {owner: near}, three: {owner: far}, mine: {}}
        flows: [{from: one, to: mine}, {from: mine, to: two}, {from: three, to: mine}]
        """)
    (finding,) = findings_of(rule, inventory)
    assert finding.related == ("near",)
    assert finding.fix is not None
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []


def test_many_flows_and_many_entities_without_owner_are_all_told() -> None:
    count = 4000
    text = "teams: {t: {}}\ndata_sources:\n" + "".join(f"  d{n}: {{}}\n" for n in range(count))
    text += "flows:\n" + "".join(f"  - {{from: d{n}, to: d{(n + 1) % count}}}\n" for n in range(count))
    inventory = inventory_of(text)
    assert len(findings_of(rule, inventory)) == count  # a loop over all flows for each entity would not end in time
