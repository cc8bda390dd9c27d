"""PREF105."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cx_map.analyses.affected import volume_of
from cx_map.analyses.preference_reach import honoured
from cx_map.analyses.preferences import deciding_platforms, governing, preferences
from cx_map.analyses.wording import enumerated
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import Preference
from cx_map.model.chapter_map import Communication
from cx_map.model.routes import routes_of
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Severity, Verdict, rule
from cx_map.rulekit.bounded import measures_of

PRIVACY = ("eu-gdpr", "us-tcpa")
_UNLOCK = ("communications.*.purpose", "communications.*.governed_by", "preferences.*.kind")


@rule("PREF105", severity="major", unlock=_UNLOCK)
def marketing_without_consent_path(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """Marketing is sent by a platform that cannot know who consented.

    ## Why it matters
    Marketing to people who never agreed costs trust and, in many places, fines.

    ## How it decides
    A usable communication with the purpose `marketing` breaks the rule when no preference of the kind `consent` governs
    it (all of its routes), or none of those that do is known at the platforms that decide about it. A `legal_basis`
    (soft opt-in, for example) makes it fine, unless it is consent itself, in whatever language: what rests on consent
    needs one. *Critical* under the profiles eu-gdpr and us-tcpa, else *major*. Not assessed where `governed_by` is left
    out, or where it is not known which platform decides or what a flow on the way carries.

    The fix is the consent that governs other marketing and already gets to the platform.

    ## Evidence it needs
    `purpose` and `governed_by`; routes; `captured_at` or `master` of the consent.

    ## Example
    ```yaml
    data_sources: {consents: {}}
    platforms: {esp: {}}
    flows: [{from: consents, to: esp, via: api, carries: [preference.offers]}]
    preferences: {offers: {kind: consent, master: consents}}
    communications:
      newsletter: {purpose: marketing, governed_by: [offers], routes: [{channel: email, platforms: [esp]}]}
      promotion:  # PREF105
        purpose: marketing
        governed_by: []
        routes: [{channel: email, platforms: [esp]}]
    ```

    ## Mended
    ```yaml
    data_sources: {consents: {}}
    platforms: {esp: {}}
    flows: [{from: consents, to: esp, via: api, carries: [preference.offers]}]
    preferences: {offers: {kind: consent, master: consents}}
    communications:
      newsletter: {purpose: marketing, governed_by: [offers], routes: [{channel: email, platforms: [esp]}]}
      promotion:
        purpose: marketing
        governed_by: [offers]
        routes: [{channel: email, platforms: [esp]}]
    ```

    ## References
    GDPR Art. 6 and 7, ePrivacy Directive Art. 13; 47 CFR 64.1200. This is not legal advice.
    """
    for communication in eco.inventory.of(Communication):
        if not communication.usable or communication.purpose != "marketing":
            continue
        if communication.legal_basis is not None and not _consent(communication.legal_basis):
            yield Passed(communication.id)
            continue
        said = communication.governed_by is not None or any(
            route.governed_by for route in routes_of(communication) or ()
        )
        if not said:
            yield NotAssessed(communication.id, "which preferences govern it is not known", _UNLOCK[1:2])
            continue
        consents = [
            one
            for one, routes in governing(eco.inventory, communication)
            if one.kind_ == "consent" and _whole(communication, routes)
        ]
        unclear = [one for one, _ in governing(eco.inventory, communication) if one.kind_ is None]
        places = {one.id: deciding_platforms(eco.inventory, communication, None, one) for one in consents}
        if consents and not any(places.values()):
            yield NotAssessed(
                communication.id, "the platform that decides about it is not known", ("communications.*.routes",)
            )
        elif any(_known(eco, one, places[one.id]) for one in consents):
            yield Passed(communication.id)
        elif any(_known(eco, one, places[one.id], perhaps=True) for one in consents):
            yield NotAssessed(
                communication.id, "what a flow on the way of the consent carries is not known", ("flows.carries",)
            )
        elif unclear:
            yield NotAssessed(communication.id, "of what kind its preferences are is not known", _UNLOCK[2:])
        elif any(not eco.once(preferences).known(one).starts or not places[one.id] for one in consents):
            yield NotAssessed(
                communication.id,
                "where the consent is given or kept, or who decides about it, is not known",
                ("preferences.*.master", "preferences.*.captured_at"),
            )
        else:
            yield _breach(eco, communication, consents, places)


_CONSENT = re.compile(
    r"\b(consent|opt[ -]?in|einwilligung|zustimmung|consentement|zgod[aęy]|consentimiento|consenso|consentimento|toestemming)"
    r"|згод|соглас"
)
"""Words for consent in the languages of the shipped attributes."""
_WITHOUT = re.compile(r"\b(soft|without|ohne|sans|bez|без)\b")


def _consent(basis: object) -> bool:
    """Whether a legal basis is the customer's consent: then it is no reason to do without one."""
    written = str(basis).casefold()
    return _CONSENT.search(written) is not None and _WITHOUT.search(written) is None


def _whole(communication: Communication, routes: tuple[object, ...] | None) -> bool:
    """Whether a preference governs every route."""
    return routes is None or len(routes) == len(routes_of(communication) or ())


def _known(eco: Ecosystem, preference: Preference, deciders: tuple[str, ...], *, perhaps: bool = False) -> bool:
    known = eco.once(preferences).known(preference, perhaps=perhaps)
    return bool(deciders) and all(known.of(name) for name in deciders)


def _breach(
    eco: Ecosystem, communication: Communication, consents: list[Preference], places: Mapping[str, tuple[str, ...]]
) -> Breach:
    deciders = deciding_platforms(eco.inventory, communication)
    organization = eco.inventory.organization
    profiles = (organization.regulatory_profiles or ()) if organization is not None else ()
    severity: Severity = "critical" if any(one in profiles for one in PRIVACY) else "major"
    fix = Fix("ask for consent and let it govern this, or stop sending it")
    at: tuple[str, ...] = ("governed_by",) if communication.governed_by and consents else ()
    if consents:
        without = {
            one.id: tuple(name for name in places[one.id] if not eco.once(preferences).known(one).of(name))
            for one in consents
        }
        deciders = tuple(dict.fromkeys(name for lacking in without.values() for name in lacking))
        if len(set(without.values())) == 1:
            names = ", ".join(f"'{name}'" for name in without)
            why = f"{names} {'is' if len(without) == 1 else 'are'} not known to {', '.join(deciders)}"
        else:
            why = enumerated([f"'{name}' is not known to {', '.join(lacking)}" for name, lacking in without.items()])
        fix = _reached(eco, communication, without)
    else:
        why = _ungoverned(eco, communication)
        chosen = next(
            (
                one
                for one in eco.once(_usual_consents)
                if _known(eco, one, deciding_platforms(eco.inventory, communication, None, one))
            ),
            None,
        )
        if chosen is not None:
            more = {"add": [chosen.id]} if communication.governed_by else [chosen.id]
            fix = Fix(
                f"let '{chosen.id}' govern it, as it governs other marketing",
                ({"change": {communication.id: {"governed_by": more}}},),
            )
    return Breach(
        subject=communication,
        message=f"'{communication.id}' is marketing, and {why}",
        severity=severity,
        at=at,
        label=why,
        related=(*(one.id for one in consents), *deciders),
        measures=measures_of(items_per_month=volume_of(eco, communication)),
        fix=fix,
    )


def _ungoverned(eco: Ecosystem, communication: Communication) -> str:
    """That no consent governs it, or which routes are left out by those that govern the others."""
    some = [
        (one, routes)
        for one, routes in governing(eco.inventory, communication)
        if one.kind_ == "consent" and routes is not None
    ]
    if not some:
        return "no consent governs it"
    governed = {route.id for _, routes in some for route in routes}
    out = [route.id for route in routes_of(communication) or () if route.id not in governed and route.id is not None]
    if not out:
        return "no consent governs all of its routes"
    names = ", ".join(f"'{one}'" for one in out)
    return f"no consent governs its {'route' if len(out) == 1 else 'routes'} {names}"


def _reached(eco: Ecosystem, communication: Communication, without: Mapping[str, tuple[str, ...]]) -> Fix:
    """How consents that govern it get to the platforms without them: told by PREF101 where they are to hold for its products."""
    stopped = {
        stop.preference.id for one in eco.once(honoured) if one.communication is communication for stop in one.stops
    }
    if not stopped.isdisjoint(without):
        ways = enumerated([f"'{name}' to {', '.join(lacking)}" for name, lacking in without.items()])
        return Fix(f"bring {ways}: see PREF101")
    about = ", ".join(communication.products or ())
    lacking = ", ".join(dict.fromkeys(name for some in without.values() for name in some))
    return Fix(f"ask for a consent that holds for {about} and bring it to {lacking}, or stop sending it")


def _usual_consents(eco: Ecosystem) -> tuple[Preference, ...]:
    """Consents that govern marketing, the most usual first."""
    counts: dict[str, int] = {}
    for communication in eco.inventory.of(Communication):
        if communication.usable and communication.purpose == "marketing":
            for preference, _ in governing(eco.inventory, communication):
                if preference.kind_ == "consent":
                    counts[preference.id] = counts.get(preference.id, 0) + 1
    found = (eco.inventory.find(name, Preference) for name in sorted(counts, key=lambda one: (-counts[one], one)))
    return tuple(one for one in found if one is not None)
