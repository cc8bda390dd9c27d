"""PREF108."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cx_map.analyses.affected import volume_of
from cx_map.analyses.operators import item_set
from cx_map.analyses.preferences import deciding_platforms, governing, preferences
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import Preference
from cx_map.model.chapter_map import Communication, Route
from cx_map.model.routes import routes_of
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Severity, Verdict, rule
from cx_map.rulekit.bounded import measures_of

SEVERITY: Mapping[str, Severity] = {
    "marketing": "major",
    "relationship": "major",
    "survey": "major",
    "servicing": "minor",
}
_UNLOCK = ("communications.*.purpose", "communications.*.governed_by", "communications.*.routes.governed_by")


@rule("PREF108", severity="major", unlock=_UNLOCK)
def no_way_to_opt_out(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """Customers cannot switch a communication off, or not on all of its routes.

    ## Why it matters
    What cannot be switched off is reported as spam, and the useful messages of the same sender with it.

    ## How it decides
    For communications of the purposes marketing, relationship, survey (*major*) and servicing (*minor*): `governed_by`
    is known to be empty, on the whole and on every route, or to name only preferences that are retired or proposed; or
    all preferences that govern it offer no choice (`default: none`); or preferences with a choice govern only some of
    its routes. Regulatory, security, collections and transactional communications are exempt. Where `governed_by` is
    left out everywhere, it is not assessed.

    The fix is the preference that governs most of its siblings (same purpose, and products or line) and gets to the
    platform that decides; or the one it has, on the routes left out.

    ## Evidence it needs
    `purpose` and `governed_by` of communications or their routes.

    ## Example
    ```yaml
    products: {clinic: {}}
    preferences: {notifications: {kind: channel, changed_at: []}}
    communications:
      appointment-text: {purpose: servicing, products: [clinic], governed_by: [notifications], channels: [sms]}
      lab-result-mail:
        purpose: servicing
        products: [clinic]
        governed_by: []  # PREF108
        channels: [email]
    ```

    ## Mended
    ```yaml
    products: {clinic: {}}
    preferences: {notifications: {kind: channel, changed_at: []}}
    communications:
      appointment-text: {purpose: servicing, products: [clinic], governed_by: [notifications], channels: [sms]}
      lab-result-mail:
        purpose: servicing
        products: [clinic]
        governed_by: [notifications]
        channels: [email]
    ```

    ## References
    Bulk-sender requirements of large mailbox providers (one-click unsubscribe, RFC 8058); public notification services that
    publish which messages cannot be switched off.
    """
    for communication in eco.inventory.of(Communication):
        if not communication.usable:
            continue
        if communication.purpose is None:
            yield NotAssessed(communication.id, "its purpose is not known", _UNLOCK[:1])
            continue
        if communication.purpose not in SEVERITY:
            continue
        routes = routes_of(communication) or ()
        on_routes = [route.governed_by for route in routes]
        if communication.governed_by is None and (
            "governed_by" in communication.unknown or all(one is None for one in on_routes)
        ):
            yield NotAssessed(communication.id, "which preferences govern it is not known", _UNLOCK[1:])
            continue
        choices = [(one, of) for one, of in governing(eco.inventory, communication) if one.default != "none"]
        covered = {route.id for one, of in choices for route in (routes if of is None else of)}
        whole = any(of is None for _, of in choices)
        left_out = [route for route in routes if route.id not in covered]
        if whole or (choices and not left_out):
            yield Passed(communication.id)
        elif not choices and communication.governed_by is None and any(one is None for one in on_routes):
            yield NotAssessed(communication.id, "which preferences govern some of its routes is not known", _UNLOCK[2:])
        elif choices:
            yield _partly(eco, communication, choices[0][0], left_out)
        else:
            yield _nothing(eco, communication)


def _severity(communication: Communication) -> Severity:
    return SEVERITY[communication.purpose or "servicing"]


def _partly(eco: Ecosystem, communication: Communication, choice: Preference, left_out: list[Route]) -> Breach:
    names = ", ".join(f"'{route.id}'" for route in left_out)
    changes: tuple[Mapping[str, object], ...] = ()
    written = communication.routes
    if written is not None:
        numbers = [
            number
            for number, route in enumerate(routes_of(communication) or ())
            if route.id in {one.id for one in left_out}
        ]
        if len(numbers) == 1:
            governed = [*(written[numbers[0]].governed_by or ()), choice.id]
            changes = (item_set(eco.inventory, communication, "routes", numbers[0], "id", {"governed_by": governed}),)
        else:
            changes = (
                {"change": {communication.id: {"governed_by": [*(communication.governed_by or ()), choice.id]}}},
            )
    return Breach(
        subject=communication,
        message=f"'{communication.id}' can be switched off by '{choice.id}', but not on {names}",
        severity=_severity(communication),
        at=("routes",) if written is not None else (),
        label=f"no choice on {names}",
        related=(choice.id,),
        measures=measures_of(items_per_month=volume_of(eco, communication)),
        fix=Fix(f"let '{choice.id}' govern {names}, too", changes),
    )


def _nothing(eco: Ecosystem, communication: Communication) -> Breach:
    mute = [one.id for one, _ in governing(eco.inventory, communication)]
    chosen = _nearest(eco, communication)
    fix = Fix("offer a choice that switches it off")
    if chosen is not None:
        more: object = {"add": [chosen.id]} if communication.governed_by else [chosen.id]
        fix = Fix(
            f"let '{chosen.id}' govern it, as it governs its siblings",
            ({"change": {communication.id: {"governed_by": more}}},),
        )
    retired = _not_in_use(eco, communication)
    why = "no preference governs it"
    if mute:
        why = f"{', '.join(mute)} {'offers' if len(mute) == 1 else 'offer'} no choice"
    elif retired:
        named = ", ".join(f"'{one.id}'" for one in retired)
        why = f"{named}, which {'governs' if len(retired) == 1 else 'govern'} it, {_state(retired)}"
    return Breach(
        subject=communication,
        message=f"customers cannot switch '{communication.id}' off: {why}",
        severity=_severity(communication),
        at=("governed_by",) if communication.governed_by is not None else (),
        label=why,
        related=tuple(mute) or (*(one.id for one in retired), *((chosen.id,) if chosen is not None else ())),
        measures=measures_of(items_per_month=volume_of(eco, communication)),
        fix=fix,
    )


def _not_in_use(eco: Ecosystem, communication: Communication) -> tuple[Preference, ...]:
    """Preferences that are said to govern it and are planned or retired."""
    names = dict.fromkeys(communication.governed_by or ())
    for route in routes_of(communication) or ():
        names.update(dict.fromkeys(route.governed_by or ()))
    found = (eco.inventory.find(name, Preference) for name in names)
    return tuple(one for one in found if one is not None and not one.usable)


def _state(some: tuple[Preference, ...]) -> str:
    """Why they offer no choice."""
    verb = "is" if len(some) == 1 else "are"
    if all(one.status == "retired" for one in some):
        return f"{verb} retired"
    return f"{verb} not in use yet" if all(one.status == "proposed" for one in some) else f"{verb} not in use"


def _siblings(eco: Ecosystem) -> dict[str, dict[str, list[Communication]]]:
    """Preferences with a choice that govern whole communications, by purpose."""
    found: dict[str, dict[str, list[Communication]]] = {}
    for communication in eco.inventory.of(Communication):
        if communication.usable and communication.purpose is not None:
            for preference, of in governing(eco.inventory, communication):
                if (
                    of is None
                    and preference.default != "none"
                    and preference.kind_ not in ("language", "accessibility", "e_delivery")
                ):
                    found.setdefault(communication.purpose, {}).setdefault(preference.id, []).append(communication)
    return found


def _nearest(eco: Ecosystem, communication: Communication) -> Preference | None:
    """The preference of the most and nearest siblings that is known where this communication is decided, if that is known."""
    deciders = deciding_platforms(eco.inventory, communication)
    best: tuple[int, int, str] | None = None
    for name, some in eco.once(_siblings).get(communication.purpose or "", {}).items():
        preference = eco.inventory.find(name, Preference)
        if preference is None:
            continue
        known = eco.once(preferences).known(preference)
        if deciders and known.starts and not all(known.of(one) for one in deciders):
            continue
        near = sum(1 for one in some if _near(one, communication))
        if not near:
            continue
        key = (-near, -len(some), name)
        best = key if best is None or key < best else best
    return eco.inventory.find(best[2], Preference) if best is not None else None


def _near(one: Communication, other: Communication) -> bool:
    """Whether two communications are about the same: a product where both name some, else the line of business."""
    if one.products and other.products:
        return not set(one.products).isdisjoint(other.products)
    return one.line_of_business is not None and one.line_of_business == other.line_of_business
