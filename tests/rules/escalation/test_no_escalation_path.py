from __future__ import annotations

from cx_map.rules.escalation.no_escalation_path import no_escalation_path as rule
from cx_map.states.apply import with_changes
from tests.rules.judging import findings, not_assessed, one_finding, passed
from tests.rules.pages import findings_of
from tests.support import inventory_of

TEAMS = "teams: {a: {hours: 24x7}, b: {hours: 24x7}, c: {hours: 24x7}, gone: {status: retired}}\n"


def ladder(
    levels: str, accountable: str = "c", error: str = "{severity: major, escalates_via: up}", more: str = ""
) -> str:
    return f"{TEAMS}error_types: {{leak: {error}}}\nescalations: {{up: {{levels: {levels}, accountable: {accountable}}}{more}}}\n"


def test_a_sound_ladder() -> None:
    assert passed(rule, ladder("[a, b, c]")) == {"leak", "up"}
    assert passed(rule, ladder("[a, b, c]", error="{severity: critical, escalates_via: up}")) == {"leak", "up"}


def test_what_is_wrong_with_a_ladder() -> None:
    cases = {
        "[a, gone, c]": "stops at 'gone', which is retired",
        "[a, b]": "ends with 'b', but 'c' is to answer for it",
        "[a, b, a, c]": "gives 'a' the case a second time",
        "[a, up, c]": "goes in a circle: 'up' -> 'up'",
        "[]": "has no level",
        "[{team: a, authority: [x, y]}, {team: c, authority: [x]}]": "goes from 'a' to 'c', which may decide no more",
    }
    for levels, what in cases.items():
        finding = one_finding(rule, ladder(levels))
        assert finding.message == f"escalation 'up' {what}"
        assert finding.severity == "major"


def test_a_critical_error_makes_it_critical_also_through_another_ladder() -> None:
    text = ladder(
        "[a, next]",
        error="{severity: critical, escalates_via: up}",
        more=", next: {levels: [b, gone, c], accountable: c}",
    )
    finding = one_finding(rule, text)
    assert (finding.subject, finding.severity) == ("next", "critical")


def test_levels_of_another_escalation_stand_in_its_place() -> None:
    text = ladder("[a, next]", more=", next: {levels: [b, c], accountable: c}")
    assert passed(rule, text) == {"leak", "up", "next"}
    round_about = ladder("[a, next]", more=", next: {levels: [b, up], accountable: b}")
    found = findings(rule, round_about)
    assert {"circle" for one in found if "in a circle" in one.message} == {"circle"}
    assert {one.subject for one in found if "in a circle" in one.message} == {"up", "next"}


def test_critical_errors_need_somebody_at_every_hour() -> None:
    critical = "{severity: critical, escalates_via: up}"
    office = ladder("[{team: a, hours: mon-fri 08:00-18:00}, {team: c, hours: mon-fri 08:00-18:00}]", error=critical)
    assert "is closed from fri 18:00 to mon 08:00" in one_finding(rule, office).message
    assert findings(rule, office.replace("severity: critical", "severity: major")) == []
    shared = ladder("[{team: a, hours: 08:00-20:00}, {team: c, hours: 20:00-08:00}]", error=critical)
    assert passed(rule, shared) == {"leak", "up"}
    unknown = ladder("[{team: a, hours: by arrangement}, {team: c, hours: mon-fri}]", error=critical)
    assert (
        not_assessed(rule, unknown)["up"]
        == "the hours 'by arrangement' of a level that critical errors take are not understood"
    )
    business = office.replace("mon-fri 08:00-18:00", "business hours")
    assert set(not_assessed(rule, business)) == {"up"}
    firm = business + "organization: {business_hours: mon-fri 9-17}\n"
    assert "is closed from fri 17:00 to mon 09:00" in one_finding(rule, firm).message
    enough = ladder("[{team: a, hours: by arrangement}, c]", error=critical)
    assert "up" in passed(rule, enough)


def test_what_is_wrong_within_another_escalation_is_told_there_only() -> None:
    equal = "[{team: a, authority: [x]}, {team: c, authority: [x]}]"
    outer = ladder("[next, b]", "b", more=f", next: {{levels: {equal}, accountable: c}}")
    assert [one.subject for one in findings(rule, outer)] == ["next"]
    twice = ladder("[next, b]", "b", more=", next: {levels: [a, c, a, c], accountable: c}")
    assert {one.subject for one in findings(rule, twice)} == {"next"}


def test_errors_without_a_way_up() -> None:
    assert (
        "asked, and nobody knows"
        in one_finding(rule, ladder("[c]", error="{severity: critical, escalates_via: unknown}")).message
    )
    assert (
        "known to have none" in one_finding(rule, ladder("[c]", error="{severity: major, escalates_via: []}")).message
    )
    left_out = ladder("[c]", error="{severity: critical}")
    assert one_finding(rule, left_out).severity == "critical"
    assert "leak" in passed(rule, ladder("[c]", error="{severity: critical, resolvable_by: [a]}"))
    assert one_finding(rule, ladder("[c]", error="{severity: critical, resolvable_by: [gone]}"))
    assert "leak" in passed(rule, ladder("[c]", error="{severity: minor}"))
    assert not_assessed(rule, TEAMS + "error_types: {leak: {severity: critical}}") == {
        "leak": "no escalation is described"
    }
    assert not_assessed(rule, TEAMS + "error_types: {leak: {}}") == {"leak": "its severity is not known"}


def test_fixes_mend() -> None:
    for text in (
        ladder("[a, b]"), ladder("[a, c, b]"), ladder("[a, c]", error="{severity: critical, escalates_via: unknown}")
    ):  # fmt: skip
        inventory = inventory_of(text)
        (finding,) = findings_of(rule, inventory)
        assert finding.fix is not None
        assert finding.fix.changes
        assert findings_of(rule, with_changes(inventory, finding.fix.changes)) == []


def test_what_is_not_known_of_a_ladder() -> None:
    text = TEAMS + "escalations: {up: {accountable: c}}"
    assert not_assessed(rule, text) == {"up": "its levels are not known"}
    assert not_assessed(rule, TEAMS + "escalations: {up: {levels: [a]}}") == {
        "up": "it is not known who answers in the end"
    }


def test_a_last_level_that_brings_a_new_fault_is_only_advised() -> None:
    weak = ladder("[{team: b, authority: [x, y]}]").replace("c: {hours: 24x7}", "c: {hours: 24x7, authority: [x]}")
    fix = one_finding(rule, weak).fix
    assert fix is not None
    assert fix.changes == ()
    strong = weak.replace("authority: [x]}, gone", "authority: [x, z]}, gone")
    fix = one_finding(rule, strong).fix
    assert fix is not None
    assert fix.changes != ()


def test_one_team_twice_is_one_fault() -> None:
    text = ladder("[{team: a, authority: [x]}, {team: a, authority: [x]}, c]")
    assert [one.message for one in findings(rule, text)] == ["escalation 'up' gives 'a' the case a second time"]


def test_one_more_level_is_no_fix_where_it_breaks_a_ladder_that_leads_over_it() -> None:
    def changed(outer: str, accountable: str) -> bool:
        more = f", over: {{levels: {outer}, accountable: {accountable}}}"
        found = {
            one.subject: one for one in findings(rule, ladder("[a]", "b", more=more)) if "ends with" in one.message
        }
        fix = found["up"].fix
        assert fix is not None
        return bool(fix.changes)

    assert changed("[c, up]", "b"), "it ends with 'b', too"
    assert changed("[up, c]", "c")
    assert not changed("[c, up]", "a"), "it would no longer end with 'a'"
    assert not changed("[b, up]", "b"), "'b' would get the case a second time"


def test_who_is_not_in_use_is_not_asked_to_answer_for_it() -> None:
    (finding,) = findings(rule, ladder("[c, gone]"))
    assert "stops at 'gone'" in finding.message
    (circle,) = findings(rule, ladder("[c, a, up]"))
    assert "in a circle" in circle.message
