from __future__ import annotations

import pytest

from cx_map.rules.silos.teams_that_should_meet_have_no_path import teams_that_should_meet_have_no_path as rule
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of

FIRM = """
teams: {web: {}, branch: {}, other: {}}
data_sources: {w: {}, b: {}}
touchpoints:
  page: {team: web, writes_to: [w], reads: [w]}
  desk: {team: branch, writes_to: [b], reads: [b]}
journeys: {open-account: {steps: [page, desk]}}
"""


def test_two_teams_of_one_journey() -> None:
    inventory = inventory_of(FIRM)
    (finding,) = findings_of(rule, inventory)
    assert (finding.subject, finding.related) == ("branch", ("web", "open-account"))
    assert finding.fix is not None
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []


@pytest.mark.parametrize(
    "joined",
    [
        "flows: [{from: w, to: b}]", "flows: [{from: b, to: web}]",
        "insights: {i: {inputs: [w], delivered_to: [branch]}}", "committees: {c: {members: [web, branch, other]}}",
    ],
)  # fmt: skip
def test_a_path_either_way_or_a_committee_is_enough(joined: str) -> None:
    assert passed(rule, FIRM, joined) == {"web", "branch"}


def test_related_teams_meet() -> None:
    assert (
        findings(rule, FIRM.replace("web: {}", "web: {parent: other}").replace("branch: {}", "branch: {parent: other}"))
        == []
    )
    assert findings(rule, FIRM.replace("web: {}", "web: {parent: branch}")) == []


def test_teams_of_which_nothing_is_known() -> None:
    text = FIRM.replace("team: branch, writes_to: [b], reads: [b]", "team: branch")
    assert not_assessed(rule, text) == {"branch": "what it writes and reads is not known"}


def test_one_team_or_no_team_is_nobody_to_meet() -> None:
    assert findings(rule, FIRM.replace("team: branch", "team: web")) == []
    assert findings(rule, FIRM.replace("team: branch, ", "")) == []


PROJECTS = """
platforms: {ccm: {}}
goals: {one: {}, two: {}}
initiatives:
  first: {touches: [ccm], goals: [one]}
  second: {touches: [ccm], goals: [two]}
"""


def test_initiatives_that_change_one_thing() -> None:
    inventory = inventory_of(PROJECTS)
    (finding,) = findings_of(rule, inventory)
    assert (finding.subject, finding.related) == ("second", ("first", "ccm"))
    assert finding.fix is not None
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []


def test_initiatives_that_know_of_each_other() -> None:
    assert passed(rule, PROJECTS.replace("goals: [two]", "goals: [one, two]")) == {"first", "second"}
    assert findings(rule, PROJECTS.replace("goals: [two]", "goals: [two], depends_on: [first]")) == []
    through = PROJECTS.replace("goals: [two]", "goals: [two], depends_on: [third]") + "  third: {depends_on: [first]}\n"
    assert findings(rule, through) == []
    assert findings(rule, PROJECTS.replace("goals: [two]", "goals: [two], state: done")) == []
    vague = not_assessed(rule, PROJECTS.replace(", goals: [two]", ""))
    assert vague == {"second": "neither its goals nor what it depends on are known"}


def test_each_pair_has_its_own_fingerprint() -> None:
    third = (
        FIRM.replace("journeys: {open-account: {steps: [page, desk]}}", "")
        + """
  call: {team: other, writes_to: [o], reads: [o]}
journeys: {open-account: {steps: [page, desk, call]}}
"""
    )
    found = findings(rule, third, "data_sources: {o: {}}")
    assert [(one.subject, one.related[0]) for one in found] == [("branch", "other"), ("branch", "web")]
    assert one_finding(rule, FIRM).fingerprint in {one.fingerprint for one in found}


def test_a_retired_platform_joins_nobody_and_is_no_end_of_a_flow() -> None:
    gone = FIRM.replace("data_sources: {", "platforms: {old: {status: retired}}\ndata_sources: {")
    both = gone.replace("page: {", "page: {platform: old, ").replace("desk: {", "desk: {platform: old, ")
    inventory = inventory_of(both)
    (finding,) = findings_of(rule, inventory)
    assert finding.fix is not None
    assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []
    only = gone.replace("page: {team: web, writes_to: [w], reads: [w]}", "page: {team: web, platform: old}")
    assert set(not_assessed(rule, only)) == {"web"}
