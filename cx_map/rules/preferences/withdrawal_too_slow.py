"""PREF102."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.cheapest_flows import allowed, cheapest_flows
from cx_map.analyses.holdings import learners
from cx_map.analyses.operators import connected, joined_pairs, quicker
from cx_map.analyses.preference_timing import Way, enforcing, from_master, silent, withdrawals
from cx_map.analyses.preferences import attribute_of, given_at, withdrawal_points
from cx_map.analyses.wording import length
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import ANYONE
from cx_map.model.chapter_customers import CollectionPoint, Preference
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, PathStep, Verdict, rule

PERMISSIONS = ("consent", "do_not_contact")
"""Kinds of preference whose withdrawal the law protects."""
BUSINESS_DAY = 86400 * 7 / 5
_UNLOCK = ("preferences.*.withdrawn_at", "preferences.*.deadline", "platforms.*.enforces", "flows.latency")


class Parameters(Struct, frozen=True):
    """Deadlines that hold where a preference gives none."""

    us_tcpa_business_days: Annotated[float, "Business days under the profile us-tcpa."] = 10.0
    eu_gdpr_days: Annotated[float, "Days under the profile eu-gdpr."] = 2.0


@rule("PREF102", severity="critical", unlock=_UNLOCK)
def withdrawal_too_slow(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """A withdrawal takes longer to be respected than it may.

    ## Why it matters
    A customer who answers STOP and gets three more messages has been ignored; in many places the law says how long a
    withdrawal may take.

    ## How it decides
    The deadline is the preference's own and, for consent and do-not-contact, that of the regulatory profiles: ten
    business days under us-tcpa, two days under eu-gdpr, whichever is shortest. From every point of withdrawal, by
    itself, the quickest way along flows that carry the preference to every platform that `enforces` it is taken
    (latency at the 95th percentile, a whole interval of each batch; 0 at the store itself). The rule is broken where
    that is longer than the deadline, or where a withdrawal at one point never gets to a platform that another point
    reaches. Where no point has a way to a platform, the way from the `master` is what any withdrawal takes at least:
    where that alone is longer than the deadline, the rule is broken (medium confidence), else nothing is too slow: that
    is not assessed here, and told by PREF101 and PREF104. Where no platform says that it `enforces` it, one of those
    that make, send or decide about what it governs and do not say what they enforce has to: where all of these that
    learn of it learn too late, the rule is broken (medium confidence). Latencies that nobody states count zero, so that
    a lower bound over the deadline is a finding and one below it is not assessed; nor is it where a flow with
    `carries: unknown` may bring the withdrawal in time. One finding a preference and platform: *critical* for consent
    and do-not-contact, else *major*.

    ## Evidence it needs
    `withdrawn_at` (or `changed_at`), `enforces` of platforms, `writes_to` of the points, `latency` and `every` of flows; a
    deadline or a profile.

    ## Example
    ```yaml
    organization: {regulatory_profiles: [us-tcpa]}
    data_sources: {stop-list: {}}
    platforms: {dialler: {enforces: [calls]}}
    flows:
      - {from: stop-list, to: dialler, via: file, every: 30d, latency: 1d, carries: [preference.calls]}
    collection_points: {text-reply: {writes_to: [stop-list]}}
    preferences:
      calls:  # PREF102
        kind: do_not_contact
        withdrawn_at: [text-reply]
        master: stop-list
    ```

    ## Mended
    ```yaml
    organization: {regulatory_profiles: [us-tcpa]}
    data_sources: {stop-list: {}}
    platforms: {dialler: {enforces: [calls]}}
    flows:
      - {from: stop-list, to: dialler, via: event, latency: 5m, carries: [preference.calls]}
    collection_points: {text-reply: {writes_to: [stop-list]}}
    preferences:
      calls:
        kind: do_not_contact
        withdrawn_at: [text-reply]
        master: stop-list
    ```

    ## References
    47 CFR 64.1200(a)(10): revocations within ten business days. GDPR Art. 7(3) gives no figure: two days are a judgement.
    A business day counts as 7/5 of a day. This is not legal advice.
    """
    for preference in eco.inventory.of(Preference):
        if not preference.usable:
            continue
        deadline = _deadline(eco, preference, parameters)
        if deadline is None:
            yield NotAssessed(
                preference.id, "no deadline is known", ("preferences.*.deadline", "organization.regulatory_profiles")
            )
            continue
        enforcers = eco.once(enforcing).get(preference.id, ())
        if not withdrawal_points(eco.inventory, preference) or not enforcers:
            least = _late_wherever(eco, preference, deadline)
            if least:
                yield _breach(eco, preference, least[0].platform, least, deadline)
            else:
                yield NotAssessed(preference.id, "where it is withdrawn, or what enforces it, is not known", _UNLOCK)
            continue
        ways = list(withdrawals(eco, preference, enforcers))
        late = _late(eco, preference, ways, deadline)
        for platform in sorted(late):
            yield _breach(eco, preference, platform, late[platform], deadline)
        if not late:
            if all(way.late(deadline) is False for way in ways):
                yield Passed(preference.id)
            else:
                nowhere = next((way for way in ways if way.seconds is None and way.perhaps is None), None)
                yield NotAssessed(
                    preference.id,
                    "how long a withdrawal takes is not known"
                    if nowhere is None
                    else f"no way from '{nowhere.point.id}' to '{nowhere.platform}' is described",
                    ("flows.latency", "flows.carries", "collection_points.*.writes_to"),
                )


def _late(eco: Ecosystem, preference: Preference, ways: Sequence[Way], deadline: float) -> dict[str, list[Way]]:
    """The ways that take too long, or never get where another one does, by platform."""
    reached = {way.platform for way in ways if way.seconds is not None}
    late: dict[str, list[Way]] = {}
    for way in ways:
        never = way.seconds is None and way.perhaps is None and way.platform in reached
        if never or way.late(deadline):
            late.setdefault(way.platform, []).append(way)
    looked_at = reached | {way.platform for way in ways if not way.known}
    for platform in eco.once(enforcing)[preference.id]:
        if platform not in looked_at:
            kept = from_master(eco, preference, platform)
            if kept is not None and kept.late(deadline):
                late[platform] = [kept]
    return late


def _late_wherever(eco: Ecosystem, preference: Preference, deadline: float) -> list[Way]:
    """Where nobody says what respects it: the ways to the platform that learns first, if those that may all learn too late."""
    by_platform: dict[str, list[Way]] = {}
    for way in withdrawals(eco, preference, silent(eco, preference)):
        if way.seconds is not None:
            by_platform.setdefault(way.platform, []).append(way)
    late = {name: [way for way in ways if way.late(deadline)] for name, ways in by_platform.items()}
    if not late or not all(late.values()):
        return []
    return min(late.values(), key=lambda ways: (max(way.seconds or 0.0 for way in ways), ways[0].platform))


def _deadline(eco: Ecosystem, preference: Preference, parameters: Parameters) -> float | None:
    found = [preference.deadline.seconds] if preference.deadline is not None else []
    organization = eco.inventory.organization
    profiles = (organization.regulatory_profiles or ()) if organization is not None else ()
    if preference.kind_ in PERMISSIONS:
        if "us-tcpa" in profiles:
            found.append(parameters.us_tcpa_business_days * BUSINESS_DAY)
        if "eu-gdpr" in profiles:
            found.append(parameters.eu_gdpr_days * 86400)
    return min(found, default=None)


def _breach(eco: Ecosystem, preference: Preference, platform: str, late: list[Way], deadline: float) -> Breach:
    attribute = attribute_of(preference)
    worst = max(late, key=lambda one: (one.seconds is None, one.seconds or 0.0, one.point.id))
    changes: list[Mapping[str, object]] = []
    names: list[str] = []
    for way in late:
        if way.seconds is None:
            starts = (
                given_at(eco.once(learners), preference, (way.point,)) if isinstance(way.point, CollectionPoint) else ()
            )
            repair = cheapest_flows(eco, attribute, starts, (platform,), ANYONE)
            straight = [one for one in sorted(starts) if allowed(eco, one, platform, attribute)]
            if repair is not None and straight:
                start = next((one for one in straight if one != way.point.id), way.point.id)
                names.append(f"connect {start} → {platform} by event")
                change = connected(
                    start, platform, attribute, "event", beside=(start, platform) in eco.once(joined_pairs)
                )
                changes += [change] if change not in changes else []
            continue
        left = way.seconds
        for link in sorted(way.links, key=lambda one: (-one.worst, one.source, one.target)):
            if left <= deadline:
                break
            left -= link.worst
            change = quicker(link, attribute, max(min(deadline - left, 3600.0), 1.0))
            left += 1.0
            names.append(f"send events from {link.source} to {link.target}")
            if change not in changes:
                changes.append(change)
    asked = isinstance(worst.point, CollectionPoint)
    said = platform in eco.once(enforcing).get(preference.id, ())
    where, respects = "at" if asked else "kept at", "respects" if said else "can respect"
    took = f"never gets to '{platform}', which is to respect it"
    if worst.seconds is not None:
        taken = f"takes up to {length(worst.seconds)}" if worst.known else f"may take {length(worst.seconds)} or more"
        took = f"{taken} before '{platform}' {respects} it"
    label = (
        "no way to the enforcing platform"
        if worst.seconds is None
        else f"{length(worst.seconds)}, {length(deadline)} are allowed"
    )
    measures: dict[str, float] = {"allowed_seconds": deadline}
    if worst.seconds is not None:
        measures["worst_seconds"] = worst.seconds
    return Breach(
        subject=preference,
        message=f"a withdrawal of '{preference.id}' {where} '{worst.point.id}' {took}",
        severity="critical" if preference.kind_ in PERMISSIONS else "major",
        label=label,
        related=(platform, *(way.point.id for way in late)),
        discriminator=(platform,),
        evidence=tuple(
            (
                f"from '{way.point.id}'",
                "no way" if way.seconds is None else f"{length(way.seconds)}{'' if way.known else ' or more'}",
            )
            for way in late
        ),
        path=tuple(
            PathStep(link.source, f"flow, {length(link.worst)}", link.target, link.flow) for link in worst.links
        ),
        measures=measures,
        basis="reported" if asked and said else "estimated",
        fix=Fix("; ".join(dict.fromkeys(names)) or "change the policy that forbids the way", tuple(changes)),
    )
