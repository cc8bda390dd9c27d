"""PREF104."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cx_map.analyses.preference_reach import brought, honoured
from cx_map.analyses.preference_timing import enforcing, governed, platforms_concerned
from cx_map.analyses.preferences import deciding_platforms, origin_unknown, preferences
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import ANYONE
from cx_map.model.chapter_customers import Preference
from cx_map.model.chapter_map import Platform
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Verdict, rule

_UNLOCK = ("platforms.*.enforces", "communications.*.governed_by", "preferences.*.captured_at")
_ROUTES = ("communications.*.routes.platforms", "communications.*.channel_decided_at")


@rule("PREF104", severity="major", unlock=_UNLOCK)
def captured_never_enforced(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """A preference is asked for and kept, and nothing respects it.

    ## Why it matters
    To ask customers what they want and then to ignore it is worse than not to ask.

    ## How it decides
    The preference has a master or points of capture, and no usable platform that says in `enforces` that it respects it learns
    of it along the flows. Looked at are the platforms that make, send or decide about what the preference governs, and any
    other that enforces it. Where one of the platforms concerned does not say what it enforces, or nothing is said to be
    governed by the preference and not every platform says what it enforces, the preference is not assessed; nor is it where it
    is not known which platform decides about something it governs, or what a flow on the way carries (`carries: unknown`).
    Where a deciding platform enforces it and only the flow is missing, that is PREF101, not told again.

    The fix lets the platform that decides the channel enforce it and brings it there.

    ## Evidence it needs
    `enforces` of platforms, `governed_by` of communications, `captured_at` or `master`.

    ## Example
    ```yaml
    data_sources: {crm: {}}
    platforms: {ccm: {enforces: []}}
    collection_points: {account-opening: {writes_to: [crm]}}
    preferences:
      letter-language: {kind: language, captured_at: [account-opening], master: crm}  # PREF104
    communications:
      statement: {governed_by: [letter-language], routes: [{channel: letter, platforms: [ccm]}]}
    ```

    ## Mended
    ```yaml
    data_sources: {crm: {}}
    platforms: {ccm: {enforces: [letter-language]}}
    flows: [{from: crm, to: ccm, via: api, carries: [preference.letter-language]}]
    collection_points: {account-opening: {writes_to: [crm]}}
    preferences:
      letter-language: {kind: language, captured_at: [account-opening], master: crm}
    communications:
      statement: {governed_by: [letter-language], routes: [{channel: letter, platforms: [ccm]}]}
    ```

    ## References
    Assessment of communications ecosystems: preferences are to be respected wherever the customer is met.
    """
    for preference in eco.inventory.of(Preference):
        if not preference.usable:
            continue
        known = eco.once(preferences).known(preference)
        if not known.starts:
            yield NotAssessed(preference.id, "where it is given or kept is not known", _UNLOCK[2:])
            continue
        declared = eco.once(enforcing).get(preference.id, ())
        if any(known.of(platform) for platform in declared):
            yield Passed(preference.id)
            continue
        if any(eco.once(preferences).known(preference, perhaps=True).of(platform) for platform in declared):
            yield NotAssessed(preference.id, "what a flow on the way carries is not known", ("flows.carries",))
            continue
        if not eco.once(_stopped).isdisjoint((preference.id, platform) for platform in declared):
            yield Passed(preference.id)  # it is respected once it gets there: that it does not is told by PREF101
            continue
        if declared and origin_unknown(eco.inventory, preference):
            yield NotAssessed(preference.id, "where it is given or kept is not known", _UNLOCK[2:])
            continue
        if any(
            not deciding_platforms(eco.inventory, one, routes)
            for one, routes in eco.once(governed).get(preference.id, ())
        ):
            yield NotAssessed(preference.id, "which platforms decide about what it governs is not known", _ROUTES)
            continue
        concerned = platforms_concerned(eco, preference)
        silent = any(_silent(eco, name) for name in concerned) if concerned else eco.once(_some_platform_is_silent)
        if silent:
            yield NotAssessed(preference.id, "what some platforms enforce is not known", _UNLOCK[:2])
        else:
            yield _breach(eco, preference, declared)


def _stopped(eco: Ecosystem) -> frozenset[tuple[str, str]]:
    """Preferences and the deciding platforms that do not learn of them."""
    return frozenset((stop.preference.id, stop.decider) for one in eco.once(honoured) for stop in one.stops)


def _some_platform_is_silent(eco: Ecosystem) -> bool:
    """Whether a usable platform does not say what it enforces, or there is none."""
    usable = [one for one in eco.inventory.of(Platform) if one.usable]
    return not usable or any(one.enforces is None for one in usable)


def _silent(eco: Ecosystem, name: str) -> bool:
    platform = eco.inventory.find(name, Platform)
    return platform is not None and platform.enforces is None


def _breach(eco: Ecosystem, preference: Preference, declared: tuple[str, ...]) -> Breach:
    communications = eco.once(governed).get(preference.id, ())
    deciders = {name for one, routes in communications for name in deciding_platforms(eco.inventory, one, routes)}
    target = min(declared, default=None) or min(deciders, default=None)
    changes: list[Mapping[str, object]] = []
    summary = "let the platform that sends respect it"
    if target is not None:
        platform = eco.inventory.find(target, Platform)
        if target not in declared:
            more = {"add": [preference.id]} if platform is not None and platform.enforces else [preference.id]
            changes.append({"change": {target: {"enforces": more}}})
        repair = brought(eco, preference, target, ANYONE)
        summary = "" if target in declared else f"let '{target}' respect it"
        if repair is None:
            changes = []
            summary = f"change the policy that keeps it from '{target}', or let another platform respect it"
        else:
            changes += repair.changes
            summary = "; ".join(part for part in (summary, repair.summary) if part)
    why = f"'{declared[0]}', which would respect it, never learns of it" if declared else "no platform respects it"
    return Breach(
        subject=preference,
        message=f"'{preference.id}' is asked of customers, but {why}",
        label=why,
        related=tuple(dict.fromkeys((*declared, *sorted(deciders), *(one.id for one, _ in communications[:5])))),
        evidence=(("governs", ", ".join(one.id for one, _ in communications[:8]) or "nothing that is described"),),
        measures={"communications": len(communications)},
        fix=Fix(summary, tuple(changes)),
    )
