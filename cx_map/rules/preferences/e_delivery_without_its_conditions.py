"""PREF107."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cx_map.analyses.operators import written
from cx_map.analyses.preferences import capture_points, governing, withdrawal_points
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import Preference
from cx_map.model.chapter_map import Channel, Communication, Platform, Route
from cx_map.model.inventory import Inventory
from cx_map.model.routes import routes_of
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Verdict, rule

ELECTRONIC = ("email", "sms", "rcs", "push", "in_app", "portal", "web", "chat", "messaging")
_UNLOCK = ("communications.*.in_writing", "communications.*.routes", "communications.*.governed_by")


@rule("PREF107", severity="major", unlock=("organization.regulatory_profiles", *_UNLOCK))
def e_delivery_without_its_conditions(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """What the law wants in writing is sent electronically without the conditions for that.

    ## Why it matters
    An electronic notice replaces paper only for customers who agreed to it, can go back to paper, and are written to when
    the e-mail bounces. Without that the notice may not count as given.

    ## How it decides
    Looked at only under the profile us-esign: usable communications with `in_writing: true` and at least one electronic route
    (e-mail, SMS, push, portal, web...). Each must have a preference of the kind `e_delivery` that governs its electronic
    routes and says where it is given and where it is withdrawn; a route on paper (letter); and, for each electronic route that
    can bounce (e-mail, SMS), word of failed delivery (`undeliverable_to`, or `events_to` of its last platform) together with a letter that
    stands in for it (`fallback_for`) or goes out in any case (`send: all`). The statement of hardware and
    software, and access shown by the customer, are texts that an inventory does not hold.

    ## Evidence it needs
    The profile us-esign; `in_writing`, `routes`, `governed_by`; `captured_at` and `withdrawn_at` of the preference.

    ## Example
    ```yaml
    organization: {regulatory_profiles: [us-esign]}
    data_sources: {bounces: {}}
    platforms: {esp: {capabilities: [deliver_email], events_to: [bounces]}, printer: {capabilities: [print]}}
    collection_points: {settings: {channel: web}}
    preferences: {e-notices: {kind: e_delivery, changed_at: [settings]}}
    communications:
      rate-change:
        in_writing: true
        governed_by: [e-notices]
        routes:  # PREF107
          - {channel: email, platforms: [esp]}
    ```

    ## Mended
    ```yaml
    organization: {regulatory_profiles: [us-esign]}
    data_sources: {bounces: {}}
    platforms: {esp: {capabilities: [deliver_email], events_to: [bounces]}, printer: {capabilities: [print]}}
    collection_points: {settings: {channel: web}}
    preferences: {e-notices: {kind: e_delivery, changed_at: [settings]}}
    communications:
      rate-change:
        in_writing: true
        governed_by: [e-notices]
        routes:
          - {channel: email, platforms: [esp]}
          - {channel: letter, platforms: [printer], fallback_for: email}
    ```

    ## References
    15 USC 7001(c)(1) (E-SIGN). This is not legal advice.
    """
    organization = eco.inventory.organization
    if organization is None or "us-esign" not in (organization.regulatory_profiles or ()):
        return
    for communication in eco.inventory.of(Communication):
        if not communication.usable or communication.in_writing is False:
            continue
        routes = routes_of(communication)
        if communication.in_writing is None:
            if communication.regulated:
                yield NotAssessed(communication.id, "whether the law asks for writing is not known", _UNLOCK[:1])
            continue
        if routes is None:
            yield NotAssessed(communication.id, "its routes are not known", _UNLOCK[1:2])
            continue
        electronic = [route for route in routes if _kind(eco.inventory, route) in ELECTRONIC]
        if not electronic:
            yield Passed(communication.id)
            continue
        missing, open_ = _missing(eco, communication, routes, electronic)
        if missing:
            yield _breach(eco, communication, missing, electronic)
        elif open_:
            yield NotAssessed(communication.id, "some of the conditions cannot be judged", open_)
        else:
            yield Passed(communication.id)


def _kind(inventory: Inventory, route: Route) -> str | None:
    channel = inventory.find(route.channel, Channel)
    return channel.kind_ if channel is not None else None


def _missing(
    eco: Ecosystem, communication: Communication, routes: tuple[Route, ...], electronic: list[Route]
) -> tuple[list[str], tuple[str, ...]]:
    """The conditions that are not met, in words, and the fields without which others cannot be judged."""
    inventory = eco.inventory
    missing: list[str] = []
    open_: list[str] = []
    names = {route.id for route in electronic}
    choices = [
        one for one, of in governing(inventory, communication)
        if one.kind_ == "e_delivery" and (of is None or names <= {route.id for route in of})
    ]  # fmt: skip
    if not choices:
        said = communication.governed_by is not None or any(route.governed_by is not None for route in routes)
        if said:
            missing.append("no preference of the kind e_delivery governs it")
        else:
            open_.append("communications.*.governed_by")
    for choice in choices:
        missing += _one_sided(inventory, choice)
        open_ += _unsaid(choice)
    paper = [route for route in routes if _kind(inventory, route) == "letter"]
    if not paper:
        missing.append("there is no way on paper")
    for route in electronic:
        if _kind(inventory, route) not in ("email", "sms"):
            continue
        if paper and communication.send != "all" and not any(one.fallback_for == route.id for one in paper):
            missing.append(f"no letter stands in when '{route.id}' fails")
        heard = communication.undeliverable_to is not None or _events(inventory, route)
        if heard is None:
            open_.append("platforms.*.events_to")
        elif not heard:
            missing.append(f"nobody hears that '{route.id}' failed")
    return missing, tuple(dict.fromkeys(open_))


def _one_sided(inventory: Inventory, choice: Preference) -> list[str]:
    found = []
    if not capture_points(inventory, choice) and (choice.captured_at is not None or choice.changed_at is not None):
        found.append(f"'{choice.id}' can be given nowhere")
    if not withdrawal_points(inventory, choice) and (choice.withdrawn_at is not None or choice.changed_at is not None):
        found.append(f"'{choice.id}' can be withdrawn nowhere")
    return found


def _unsaid(choice: Preference) -> list[str]:
    if choice.changed_at is not None:
        return []
    return [f"preferences.*.{field}" for field in ("captured_at", "withdrawn_at") if getattr(choice, field) is None]


def _events(inventory: Inventory, route: Route) -> bool | None:
    """Whether word of failure comes back from the last platform of a route; None where nobody says."""
    hops = route.platforms or ()
    last = hops[-1].any_of or () if hops else ()
    answers = [platform.events_to for name in last if (platform := inventory.find(name, Platform)) is not None]
    if not answers or any(one is None for one in answers):
        return None
    return all(answers)


def _breach(eco: Ecosystem, communication: Communication, missing: list[str], electronic: list[Route]) -> Breach:
    changes = _changes(eco, communication, electronic)
    only_fallback = all(reason.startswith(("there is no way on paper", "no letter stands in")) for reason in missing)
    return Breach(
        subject=communication,
        message=f"'{communication.id}' is wanted in writing and goes out electronically, but {'; '.join(missing)}",
        at=("routes",) if communication.routes is not None else ("channels",),
        label=missing[0],
        related=tuple(dict.fromkeys(route.channel for route in electronic if route.channel is not None)),
        evidence=tuple(("missing", reason) for reason in missing),
        measures={"regulated": True},
        fix=Fix(
            "add a letter that stands in, word of failed delivery, and a choice of e-delivery that can be withdrawn",
            changes if only_fallback else (),
        ),
    )


def _changes(eco: Ecosystem, communication: Communication, electronic: list[Route]) -> tuple[Mapping[str, object], ...]:
    """A letter for each electronic route that has none, by a platform that prints; nothing where none does."""
    printers = [one.id for one in eco.inventory.of(Platform) if one.usable and "print" in (one.capabilities or ())]
    if communication.routes is None or not printers:
        return ()
    standing_in = {route.fallback_for for route in communication.routes if _kind(eco.inventory, route) == "letter"}
    used = {route.id or route.channel for route in communication.routes}
    added: list[object] = []
    for route in electronic:
        if _kind(eco.inventory, route) in ("email", "sms") and route.id not in standing_in:
            name = "letter" if "letter" not in used else f"letter-for-{route.id}"
            used.add(name)
            added.append({"id": name, "channel": "letter", "platforms": printers[:1], "fallback_for": route.id})
    return (
        ({"change": {communication.id: {"routes": [*written(eco.inventory, communication, "routes"), *added]}}},)
        if added
        else ()
    )
