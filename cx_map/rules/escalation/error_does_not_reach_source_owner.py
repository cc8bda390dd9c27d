"""ESC106."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cx_map.analyses.entitlement import owners_of
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation
from cx_map.graph.response_edges import tells
from cx_map.model.chapter_feedback import Insight
from cx_map.model.chapter_map import Team
from cx_map.model.chapter_service import ErrorType
from cx_map.model.inventory import Inventory
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Range, Verdict, rule
from cx_map.rulekit.breach import Measure


@rule("ESC106", severity="minor", unlock=("error_types.*.recorded_in", "error_types.*.caused_by"))
def error_does_not_reach_source_owner(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """Those who could remove the cause of an error never hear of it.

    ## Why it matters
    Errors are corrected one by one where they are found; they stop where they are made.

    ## How it decides
    For a usable error type with `caused_by`, word of the error must come from the store where it is recorded to a
    usable owner (`owner` or `team`) of something that causes it, or to something that this owner owns: along flows (not
    those that name master data only), through insights (from their inputs to the teams they are delivered to). It
    breaks the rule when the record is said to be none or `unknown`, or is not in use, or when no such way leads to any
    owner of a cause. Where the record is left out, or no cause has an owner, it is not assessed.

    ## Evidence it needs
    `recorded_in` and `caused_by` of error types, owners, `inputs` and `delivered_to` of insights.

    ## Example
    ```yaml
    teams: {composition: {}, care: {}}
    platforms: {ccm: {owner: composition}}
    data_sources: {error-log: {owner: care}}
    error_types:
      wrong-balance:
        recorded_in: error-log  # ESC106
        caused_by: [ccm]
    insights: {error-report: {inputs: [error-log], delivered_to: [care]}}
    ```

    ## Mended
    ```yaml
    teams: {composition: {}, care: {}}
    platforms: {ccm: {owner: composition}}
    data_sources: {error-log: {owner: care}}
    error_types:
      wrong-balance:
        recorded_in: error-log
        caused_by: [ccm]
    insights: {error-report: {inputs: [error-log], delivered_to: [care, composition]}}
    ```

    ## References
    Faster analysis and removal of root causes, as published practice of ecosystem assessments.
    """
    ahead = _ahead(eco)
    for error in eco.inventory.of(ErrorType):
        if error.usable and error.caused_by is not None:
            yield _judge(eco.inventory, error, ahead)


def _ahead(eco: Ecosystem) -> Mapping[str, list[str]]:
    """What word of an error leads to: along flows of more than master data, into insights and on to teams."""
    found: dict[str, list[str]] = {}
    for link in eco.once(propagation).links:
        if tells(eco.inventory, link.flow):
            found.setdefault(link.source, []).append(link.target)
    for insight in eco.inventory.of(Insight):
        if insight.usable:
            for store in insight.inputs or ():
                found.setdefault(store, []).append(insight.id)
            found.setdefault(insight.id, []).extend(
                one.team for one in insight.delivered_to or () if one.team is not None
            )
    return found


def _owners(inventory: Inventory, error: ErrorType) -> list[str]:
    """The usable owners (`owner`, else the `team` behind it) of what causes an error; a team that causes it owns it."""
    names = [name for cause in error.caused_by or () for name in owners_of(inventory.entities.get(cause))]
    return [name for name in dict.fromkeys(names) if (team := inventory.find(name, Team)) is not None and team.usable]


def _judge(inventory: Inventory, error: ErrorType, ahead: Mapping[str, list[str]]) -> Verdict:
    owners = _owners(inventory, error)
    if not owners:
        return NotAssessed(error.id, "nobody is known to own what causes it", ("*.owner", "error_types.*.caused_by"))
    store = inventory.entities.get(error.recorded_in or "")
    if store is None:
        if "recorded_in" in error.unknown or "recorded_in" in error.nothing:
            return _breach(error, owners, "it is recorded nowhere", Fix("record it in a store that is analysed"))
        return NotAssessed(error.id, "where it is recorded is not known", ("error_types.*.recorded_in",))
    if not store.usable:
        why = f"it is recorded in '{store.id}', which is {store.status}"
        return _breach(error, owners, why, Fix("record it in a store that is in use"))
    reached = {store.id}
    todo = [store.id]
    while todo:
        for following in ahead.get(todo.pop(), ()):
            if following not in reached:
                reached.add(following)
                todo.append(following)
    if store.owner in owners or reached & set(owners):
        return Passed(error.id)
    owned = [
        name for name in sorted(reached) if (one := inventory.entities.get(name)) is not None and one.owner in owners
    ]
    if owned:
        return Passed(error.id)
    reports = [name for name in sorted(reached) if inventory.find(name, Insight) is not None]
    fix = Fix(f"report what '{store.id}' records to '{owners[0]}'")
    if reports:
        fix = Fix(
            f"deliver '{reports[0]}' to '{owners[0]}' too",
            ({"change": {reports[0]: {"delivered_to": {"add": [owners[0]]}}}},),
        )
    return _breach(error, owners, f"nothing leads from '{store.id}' to them", fix)


def _breach(error: ErrorType, owners: list[str], why: str, fix: Fix) -> Breach:
    measures: dict[str, Measure] = {}
    if error.volume is not None:
        measures["items_per_month"] = Range(error.volume.lowest, error.volume.highest, error.volume.basis or "reported")
    names = " or ".join(f"'{name}'" for name in owners)
    return Breach(
        subject=error,
        message=f"error type '{error.id}' never comes to the notice of {names}, where it is caused: {why}",
        at=("recorded_in",),
        label=why,
        related=(*(error.caused_by or ()), *owners),
        measures=measures,
        fix=fix,
    )
