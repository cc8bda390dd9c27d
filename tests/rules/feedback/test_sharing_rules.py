"""LOOP108 to LOOP112: listening, sharing, line of sight, wiring, incident plays."""

from __future__ import annotations

import pytest

from cx_map.audit.findings import Finding
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.inventory import Inventory
from cx_map.rulekit import NotAssessed, Rule
from cx_map.rules.feedback.deaf_touchpoint import deaf_touchpoint
from cx_map.rules.feedback.feedback_not_shared import Parameters as Sharing
from cx_map.rules.feedback.feedback_not_shared import feedback_not_shared
from cx_map.rules.feedback.incident_play_incomplete import incident_play_incomplete
from cx_map.rules.feedback.insight_not_wired import insight_not_wired
from cx_map.rules.feedback.no_line_of_sight import no_line_of_sight
from cx_map.states.apply import with_changes
from tests.rules.pages import findings_of
from tests.support import inventory_of


def found(rule: Rule, text: str) -> list[Finding]:
    return findings_of(rule, inventory_of(text))


def subjects(rule: Rule, text: str) -> list[str]:
    return sorted(one.subject for one in found(rule, text))


def mended(rule: Rule, inventory: Inventory) -> bool:
    """Whether the fix of the only finding removes it."""
    (finding,) = findings_of(rule, inventory)
    assert finding.fix is not None
    assert finding.fix.changes
    return findings_of(rule, with_changes(inventory, finding.fix.changes)) == []


TOUCH = """
touchpoints: {form: {channel: web}, status: {channel: web}, visit: {channel: branch}}
signals: {clicks: {about: [form, status]}}
"""


def test_deaf_is_what_no_signal_is_about() -> None:
    assert subjects(deaf_touchpoint, TOUCH) == ["visit"]
    assert (
        subjects(
            deaf_touchpoint,
            TOUCH.replace("signals", "collection_points: {s: {kind: survey, touchpoint: visit}}\nsignals"),
        )
        == []
    )
    yearly = TOUCH.replace(
        "signals: {", "collection_points: {y: {scope: relationship}}\nsignals: {nps: {from: y, about: [visit]}, "
    )
    (finding,) = found(deaf_touchpoint, yearly)
    assert finding.label == "only 'nps' asks about it, as part of the whole relationship"


def test_moments_of_truth_and_journeys_of_highest_impact_are_major() -> None:
    assert [one.severity for one in found(deaf_touchpoint, TOUCH)] == ["minor"]
    assert [
        one.severity for one in found(deaf_touchpoint, TOUCH.replace("branch", "branch, moment_of_truth: true"))
    ] == ["major"]
    journey = "journeys: {buy: {steps: [form, visit], highest_impact: true}}"
    assert [one.severity for one in found(deaf_touchpoint, TOUCH + journey)] == ["major"]
    (finding,) = found(deaf_touchpoint, TOUCH + journey)
    assert finding.fix is not None
    assert finding.fix.changes == ({"change": {"clicks": {"about": {"add": ["visit"]}}}},)
    assert mended(deaf_touchpoint, inventory_of(TOUCH + journey))
    whole = (TOUCH + journey).replace("signals: {", "signals: {trip: {about: [buy]}, ")
    (finding,) = found(deaf_touchpoint, whole)
    assert finding.fix is not None
    assert "let 'trip'" in finding.fix.summary, (
        "the signal about the whole journey is nearer than one about another step"
    )


def test_coverage_is_by_visits_where_all_are_known() -> None:
    assert found(deaf_touchpoint, TOUCH)[0].measures["listening_coverage"] == pytest.approx(0.6667)
    text = TOUCH.replace("web}, ", "web, volume: 200}, ").replace("branch", "branch, volume: 600")
    assert found(deaf_touchpoint, text)[0].measures["listening_coverage"] == pytest.approx(0.4)


def test_where_no_signal_says_what_it_is_about_nothing_is_deaf() -> None:
    text = TOUCH.replace("{about: [form, status]}", "{}")
    assert found(deaf_touchpoint, text) == []
    assert all(isinstance(one, NotAssessed) for one in deaf_touchpoint.check(Ecosystem(inventory_of(text))))


SHARED = """
lines_of_business: {cards: {}, loans: {}}
teams:
  cx: {functions: [cx]}
  site: {functions: [digital]}
  care: {functions: [service]}
  loan-care: {functions: [service], line_of_business: loans}
touchpoints: {help: {team: site, line_of_business: cards}}
data_sources: {answers: {}}
signals: {g: {about: [help], captured_in: [answers]}}
insights: {digest: {inputs: [answers], every: 1h, delivered_to: [cx, site, care]}}
"""


def test_owners_and_every_function_that_exists_are_told() -> None:
    assert subjects(feedback_not_shared, SHARED) == []
    (finding,) = found(feedback_not_shared, SHARED.replace("[cx, site, care]", "[cx]"))
    assert finding.related == ("site", "care")
    assert finding.measures["teams_not_told"] == 2, "site, though it is owner and digital, and care"
    assert "'site' (owner, digital), 'care' (service)" in finding.message
    assert mended(feedback_not_shared, inventory_of(SHARED.replace("[cx, site, care]", "[cx]")))


def test_one_team_of_a_function_is_enough_and_other_lines_do_not_count() -> None:
    assert (
        subjects(
            feedback_not_shared,
            SHARED.replace(
                "care: {functions: [service]}", "care: {functions: [service]}\n  more: {functions: [service]}"
            ),
        )
        == []
    )
    assert subjects(feedback_not_shared, SHARED.replace("site, care]", "site, loan-care]")) == ["g"]


def test_late_is_not_told() -> None:
    assert subjects(feedback_not_shared, SHARED.replace("every: 1h", "every: 25h")) == ["g"]
    assert mended(feedback_not_shared, inventory_of(SHARED.replace("every: 1h", "every: 25h")))
    slow = SHARED.replace("every: 1h", "every: 5h")
    assert subjects(feedback_not_shared, slow) == []
    incident = slow + "feedback_loops: {l: {kind: incident, signal: g}}"
    assert subjects(feedback_not_shared, incident) == ["g"]
    eco = Ecosystem(inventory_of(slow))
    assert any(hasattr(one, "fix") for one in feedback_not_shared.check(eco, Sharing(hours=4)))


def test_without_owners_and_functions_nothing_is_concluded() -> None:
    text = "touchpoints: {help: {}}\nteams: {a: {}}\nsignals: {g: {about: [help]}}"
    (verdict,) = feedback_not_shared.check(Ecosystem(inventory_of(text)))
    assert isinstance(verdict, NotAssessed)


SIGHT = """
teams: {cx: {}, it: {customer_impact: direct}, back: {}, legal: {customer_impact: none}}
data_sources: {answers: {}, a: {}, b: {}, c: {}}
signals: {g: {captured_in: [answers]}}
insights: {digest: {inputs: [answers], every: 30d, delivered_to: [cx]}}
"""


def test_no_line_of_sight_is_major_for_direct_impact() -> None:
    assert {one.subject: one.severity for one in found(no_line_of_sight, SIGHT)} == {"it": "major", "back": "minor"}
    text = SIGHT.replace("back: {}, ", "")
    assert mended(no_line_of_sight, inventory_of(text))


def test_far_and_old_news_is_none() -> None:
    far = SIGHT.replace("back: {}, ", "").replace(
        "[cx]}}", "[cx]}}\nflows: [{from: answers, to: a}, {from: a, to: b}, {from: b, to: c}, {from: c, to: it}]"
    )
    assert found(no_line_of_sight, far)[0].label == "the nearest signal is 5 steps away"
    old = SIGHT.replace("back: {}, ", "").replace("[cx]", "[cx, {team: it, latency: 100d}]")
    assert found(no_line_of_sight, old)[0].label == "what it hears is 130 days old"


WIRED = """
teams: {care: {capacity_fte: 2}}
platforms: {desk: {owner: care}}
signals: {g: {identity: known, about: [desk], captured_in: [desk], volume: 4000}}
actions: {call: {team: care, mode: manual, triggered_by: [care], informs: [ring]}}
communications: {ring: {channels: [phone], platforms: [desk]}}
flows: [{from: desk, to: care, via: event}]
"""


def test_thirty_cases_a_day_by_hand_is_the_most() -> None:
    (finding,) = found(insight_not_wired, WIRED)
    assert finding.measures["cases_per_month_possible"] == pytest.approx(30 * 2 * 30.4375 * 5 / 7)
    assert found(insight_not_wired, WIRED.replace("volume: 4000", "volume: 1300")) == []
    assert found(insight_not_wired, WIRED.replace("mode: manual", "mode: assisted")) == []
    assert found(insight_not_wired, WIRED.replace("capacity_fte: 2", "capacity_fte: 7")) == []
    assert mended(insight_not_wired, inventory_of(WIRED))


def test_signals_that_come_to_one_action_add_up() -> None:
    two = WIRED.replace(
        "volume: 4000}", "volume: 1000}, h: {identity: known, about: [desk], captured_in: [desk], volume: 1000}"
    )
    assert found(insight_not_wired, two)[0].measures["cases_per_month"] == 2000


def test_an_insight_made_more_seldom_than_the_answer_is_due() -> None:
    text = WIRED.replace(
        "via: event}]", "via: none}]\ninsights: {weekly: {inputs: [desk], every: 1w, delivered_to: [care]}}"
    )
    text = text.replace("identity: known", "identity: known, kind: complaint").replace("manual", "automated")
    (finding,) = found(insight_not_wired, text)
    assert (finding.subject, finding.measures["limit_seconds"]) == ("weekly", 86400)
    assert mended(insight_not_wired, inventory_of(text))


PLAY = """
teams: {site: {}, care: {}}
agent_pools: {pool: {team: care}}
platforms: {mailer: {}, faq: {capabilities: [knowledge]}, web: {}}
touchpoints: {login: {team: site, platform: web, induces: [{pool: pool, per_1000: 40}]}}
data_sources: {errors: {}}
signals: {failed: {about: [login], captured_in: [errors]}}
actions:
  mend: {team: site, triggered_by: [site], changes: [web], within: 3d}
  tell: {team: site, triggered_by: [site], changes: [faq], informs: [note]}
communications: {note: {channels: [email], platforms: [mailer]}}
flows: [{from: errors, to: site, via: event}, {from: errors, to: pool, via: event}]
"""


def test_a_whole_play_is_quiet() -> None:
    assert found(incident_play_incomplete, PLAY) == []


@pytest.mark.parametrize(
    ("before", "after", "missing"),
    [
        ("changes: [web]", "changes: []", "fix"),
        ("changes: [faq]", "changes: []", "self-service"),
        ("to: pool", "to: pool, latency: 5h", "pool"),
        ("informs: [note]", "informs: []", "inform"),
        ("changes: [faq], informs", "changes: [faq], within: 5h, informs", "inform"),
    ],
)
def test_each_obligation_can_be_missed_and_mended(before: str, after: str, missing: str) -> None:
    assert before in PLAY
    inventory = inventory_of(PLAY.replace(before, after))
    (finding,) = findings_of(incident_play_incomplete, inventory)
    assert dict(finding.evidence)["missing"] == missing
    assert mended(incident_play_incomplete, inventory)


def test_self_service_is_owed_only_where_there_is_any() -> None:
    text = PLAY.replace("faq: {capabilities: [knowledge]}", "faq: {}").replace("changes: [faq]", "changes: []")
    assert found(incident_play_incomplete, text) == []


def test_a_touchpoint_nobody_hears_of_is_not_assessed() -> None:
    (verdict,) = incident_play_incomplete.check(Ecosystem(inventory_of(PLAY.replace("about: [login]", "about: [web]"))))
    assert isinstance(verdict, NotAssessed)


STORE = """
teams: {complaints: {functions: [complaints]}, tracking: {}, far: {}}
data_sources: {cases: {owner: complaints}}
signals: {g: {kind: complaint, captured_in: [cases]}}
actions: {mend: {team: tracking, tracked_in: cases}}
"""


def test_who_owns_the_store_of_signals_or_tracks_actions_there_sees_customers() -> None:
    assert [one.subject for one in found(no_line_of_sight, STORE)] == ["far"]
    elsewhere = STORE.replace("captured_in: [cases]", "captured_in: [other]").replace("cases: {", "other: {}, cases: {")
    assert [one.subject for one in found(no_line_of_sight, elsewhere)] == ["complaints", "far", "tracking"]


def test_a_report_every_three_months_is_in_time() -> None:
    text = STORE + "insights: {digest: {inputs: [cases], every: P3M, delivered_to: [far]}}"
    assert found(no_line_of_sight, text) == []
    assert [one.subject for one in found(no_line_of_sight, text.replace("P3M", "P4M"))] == ["far"]


def test_what_leaves_out_where_it_goes_may_well_reach_a_team() -> None:
    text = "teams: {care: {}}\nsignals: {g: {kind: contact}}"
    (finding,) = found(no_line_of_sight, text)
    assert finding.confidence == "medium"
    assert finding.fix is not None
    (sure,) = found(no_line_of_sight, text.replace("{kind: contact}", "{kind: contact, captured_in: []}"))
    assert sure.confidence == "high"


def test_a_team_that_gets_a_report_too_late_is_told_directly() -> None:
    text = """
        teams: {site: {}}
        data_sources: {answers: {}}
        touchpoints: {pay: {team: site}}
        signals: {g: {about: [pay], captured_in: [answers]}}
        insights: {digest: {inputs: [answers], every: 1h, delivered_to: [{team: site, latency: 3d}]}}
        """
    (finding,) = findings_of(feedback_not_shared, inventory_of(text))
    assert finding.fix is not None
    assert finding.fix.changes == ({"connect": {"from": "answers", "to": "site", "via": "event"}},)
    assert findings_of(feedback_not_shared, with_changes(inventory_of(text), finding.fix.changes)) == []


def test_an_insight_that_has_to_be_there_within_seconds_is_made_within_seconds() -> None:
    text = """
        teams: {care: {}}
        data_sources: {cases: {}}
        platforms: {mailer: {}}
        signals: {g: {identity: known, captured_in: [cases]}}
        insights: {view: {inputs: [cases], every: 3d, delivered_to: [care]}}
        actions: {mend: {team: care, triggered_by: [care], informs: [sorry]}}
        communications: {sorry: {channels: [email], platforms: [mailer]}}
        feedback_loops: {l: {signal: g, within: 30s}}
        """
    (finding,) = findings_of(insight_not_wired, inventory_of(text))
    assert finding.fix is not None
    assert finding.fix.summary == "make it every 30s"


def test_teams_are_told_from_where_the_signal_is_kept_in_time() -> None:
    text = """
        teams: {site: {}}
        data_sources: {lake: {}, stream: {}}
        collection_points: {form: {}}
        touchpoints: {pay: {team: site}}
        signals: {g: {about: [pay], from: form}}
        flows: [{from: form, to: lake, latency: 30d} QUICK]
        """
    (finding,) = findings_of(feedback_not_shared, inventory_of(text.replace(" QUICK", "")))
    assert finding.fix is not None
    assert finding.fix.summary == "keep the signal where it can be passed on within 24 h, then tell 'site'"
    (finding,) = findings_of(
        feedback_not_shared, inventory_of(text.replace(" QUICK", ", {from: form, to: stream, latency: 1h}"))
    )
    assert finding.fix is not None
    assert finding.fix.summary == "tell 'site' of what comes to 'stream'"


def test_the_line_of_a_signal_is_that_of_its_customers_where_nobody_states_it() -> None:
    """Who buys rail only concerns neither the coach line's marketing nor has to be heard of by it."""
    text = """
        lines_of_business: {group: {}, rail: {parent: group}, coach: {}}
        products: {ticket: {line_of_business: rail}, tour: {line_of_business: coach}}
        segments: {commuters: {products: [PRODUCTS]}}
        teams:
          coach-marketing: {functions: [marketing], line_of_business: coach}
          group-marketing: {functions: [marketing], line_of_business: group}
        touchpoints: {help: {channel: phone}}
        data_sources: {log: {}}
        signals: {calls: {about: [help], segments: [commuters], captured_in: log}}
        """

    def told(products: str) -> str:
        (finding,) = found(feedback_not_shared, text.replace("PRODUCTS", products))
        return finding.message

    assert "'group-marketing' (marketing)" in told("ticket")
    assert "'coach-marketing' (marketing)" in told("tour")
    assert "'coach-marketing' or 'group-marketing' (marketing)" in told("")
