"""Malformed operators: a code, a place and a next step for each."""

from __future__ import annotations

import pytest

from cx_map.states.phases import phases_of, validate_roadmap
from tests.states.small import FIRM, roadmap_of
from tests.support import inventory_of

FIRST = 2 + FIRM.lstrip("\n").count("\n") + 5  # `cxmap: 1`, the firm, a blank line and four lines of the roadmap


def problems_of(text):
    return validate_roadmap(roadmap_of("        " + text + "\n"))


@pytest.mark.parametrize(
    ("text", "code", "column", "words", "hint"),
    [
        ("- ad: {platforms: {x: {}}}", "CX002", 11, "unknown operator 'ad'", "did you mean `add`?"),
        ("- {}", "CX005", 11, "an operator is missing here", "one of add, change"),
        ("- {for: tidy-up}", "CX005", 11, "an operator is missing here", "one of add, change"),
        ("- remove the old one", "CX005", 11, "an operator is a mapping, not 'remove the old one'", "- remove: [old-platform]"),
        ("- {remove: grumble, rename: {legacy: old}}", "CX005", 29, "`remove` and `rename` in one operator", "an item of its own"),
        ("- add: [hub]", "CX005", 16, "`add` takes kinds and their entities, not a list", "`add: {platforms:"),
        ("- add: {}", "CX005", 16, "not an empty mapping", "`add: {platforms:"),
        ("- add: {plaforms: {hub: {}}}", "CX002", 17, "'plaforms' is not a kind", "did you mean `platforms`?"),
        ("- add: {hub: {capabilities: [print]}}", "CX002", 17, "'hub' is not a kind", "stand under their kind"),
        ("- add: {roadmap: {}}", "CX002", 17, "'roadmap' is not a kind", ""),
        ("- add: {platforms: {My Hub: {}}}", "CX005", 29, "'My Hub' cannot be an id", "another id"),
        ("- add: {platforms: {hub: 3}}", "CX005", 34, "a platform is a mapping of fields", "{name: ...}"),
        ("- add: {flows: [{from: crm}]}", "CX005", 25, "a flow needs `to`", "{from: crm, to: ccm, via: api}"),
        ("- add: {overlaps: [loans]}", "CX005", 28, "an overlap is a mapping, not 'loans'", "between"),
        ("- change: {ccm: null}", "CX005", 20, "nothing to change in 'ccm'", "remove: [ccm]"),
        ("- change: {ccm: [a]}", "CX005", 25, "is a mapping of fields (or just its name), not a list", "{name: ...}"),
        ("- change: legacy", "CX005", 19, "`change` takes ids and the fields to change, not 'legacy'", "write `change:"),
        ("- remove: []", "CX005", 19, "`remove` takes ids, and here is none", "remove the operator"),
        ("- remove: [{legacy: 1}]", "CX005", 20, "`remove` takes ids, not a mapping", "write its id"),
        ("- replace: {legacy: [ccm]}", "CX005", 29, "not a list", "write its id"),
        ("- replace: {legacy: legacy}", "CX005", 29, "'legacy' stays what it is", "two different ids"),
        ("- rename: {legacy: Old One}", "CX005", 28, "'Old One' cannot be an id", "another id"),
        ("- rename: {legacy: unknown}", "CX005", 28, "the word `unknown` is reserved", "another id"),
        ("- merge: {into: ccm}", "CX005", 18, "`merge` needs `from`", "{into: ccm, from:"),
        ("- merge: {into: ccm, form: [legacy]}", "CX002", 30, "`merge` has no field 'form'", "did you mean `from`?"),
        ("- merge: {into: ccm, from: [ccm]}", "CX005", 37, "'ccm' cannot be merged into itself", "leave it out"),
        ("- connect: {from: crm, too: ccm}", "CX005", 20, "a flow needs `to`", "{from: crm, to: ccm, via: api}"),
        ("- disconnect: {from: crm}", "CX005", 23, "`disconnect` needs `to`", "{from: crm, to: ccm}"),
        ("- disconnect: crm", "CX005", 23, "`disconnect` takes `from` and `to`, not 'crm'", "{from: crm, to: ccm}"),
        ("- {for: [a, b], remove: grumble}", "CX005", 17, "`for` names one initiative, not a list", "write its id"),
    ],
)  # fmt: skip
def test_malformed(text, code, column, words, hint):
    problems = problems_of(text)
    matching = [one for one in problems if words in one.message]
    assert [one.code for one in matching] == [code], problems
    (problem,) = matching
    assert hint in problem.hint
    assert (problem.location.line, problem.location.column) == (FIRST, column)


def test_a_wrong_changes_key():
    text = FIRM + "\nroadmap: {phases: [{id: p1, changes: soon}]}\n"
    (problem,) = validate_roadmap(inventory_of(text))
    assert problem.message == "changes are a list of operators, not 'soon'"


def test_one_operator_needs_no_list_and_own_keys_are_free():
    text = (
        FIRM + "\nroadmap: {phases: {id: p1, changes: {x-why: tidy, for: tidy-up, rename: {x-note: 1, legacy: old}}}}\n"
    )
    (planned,) = phases_of(inventory_of(text))
    (operator,) = planned.operators
    assert operator.initiative.id == "tidy-up"
    assert [(old.id, new.id) for old, new in operator.pairs] == [("legacy", "old")]
    assert validate_roadmap(inventory_of(text)) == []


def test_what_is_added_takes_the_defaults_of_the_roadmaps_file():
    from cx_map.states.phases import state_at

    road = """
    references: {plan: {title: Plan}, fax: {title: Fax}}
    defaults: {source: plan, platforms: {owner: it-team}, flows: {via: api}}
    roadmap:
      phases:
        - id: p1
          changes:
            - add: {platforms: {hub: {source: fax}, hub2: {}}, references: {other: {title: Other}}}
            - connect: {from: crm, to: hub}
    """
    got = state_at(inventory_of(FIRM, road), "p1")
    assert [(got.entities[name].owner, got.entities[name].source) for name in ("hub", "hub2")] == [
        ("it-team", ("fax",)),
        ("it-team", ("plan",)),
    ]
    flow = next(flow for flow in got.flows if flow.to == "hub")
    assert (flow.via, flow.source) == ("api", ("plan",))
    assert got.entities["ccm"].source is None
