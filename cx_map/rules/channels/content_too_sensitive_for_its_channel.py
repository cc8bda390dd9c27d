"""CHAN101."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cx_map.analyses.channel_assurance import needed_by, protection_of, protects, shown
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import Sensitivity
from cx_map.model.chapter_map import Channel, Communication, Route
from cx_map.model.inventory import Inventory
from cx_map.model.routes import routes_of
from cx_map.model.values import Basis, worst_basis
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Range, Severity, Verdict, rule
from cx_map.rulekit.breach import Measure


@rule("CHAN101", severity="major", unlock=("communications.*.content", "communications.*.routes.channel"))
def content_too_sensitive_for_its_channel(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """A message shows data that its channel does not protect well enough.

    ## Why it matters
    Some channels are not secure enough for some content: an SMS or an e-mail can be read by whoever holds the
    phone or runs the mail server, and card numbers may not go by end-user messaging without strong cryptography.

    ## How it decides
    Every route of a usable communication, fallbacks included, is held against what the communication shows. An
    attribute's sensitivity is its own, else that of the nearest attribute above it; an attribute of unknown
    sensitivity is not assessed. Attributes with `render: masked` or `link` are not shown. Public and internal data may
    go anywhere; personal data need a channel with `confidentiality` transport, confidential data sealed (post) or
    authenticated, special categories authenticated, payment data end_to_end. Credentials may not be sent at all,
    except a one-time code in a communication with purpose security (never a password, PIN or security answer).

    Two deliberate readings follow common practice. A sealed letter to the known address counts as authenticated for
    special categories (the results of an examination), and may carry credentials (the PIN of a card). Payment data
    may be shown in a branch, where the customer is authenticated: that is no end-user messaging.

    There is one finding for each sensitivity that is not protected. It is *critical* for payment data and
    credentials, *major* for confidential and special data, and *minor* for personal data, because a first name in an
    SMS is a matter of taste. A channel of the inventory's own that does not state its `confidentiality` is taken to be
    like the shipped one of its kind, as a hypothesis.

    ## Evidence it needs
    `content` and the channels of the routes; sensitivity of the attributes (shipped for the usual ones).

    ## Example
    ```yaml
    communications:
      balance-alert:
        content: [product.price, account.number]  # CHAN101
        routes: [{channel: sms}, {channel: portal}]
    ```

    ## Mended
    ```yaml
    communications:
      balance-alert:
        content: [product.price, {attribute: account.number, render: link}]
        routes: [{channel: sms}, {channel: portal}]
    ```

    ## References
    PCI DSS 4.0.1, requirement 4.2.2 (card numbers sent by e-mail, instant messaging, SMS or chat need strong
    cryptography). The rest of the matrix is a judgement.
    """
    for communication in eco.inventory.of(Communication):
        if communication.usable:
            yield from _judge(eco.inventory, communication)


def _judge(inventory: Inventory, communication: Communication) -> Iterator[Verdict]:
    routes = routes_of(communication)
    if communication.content is None:
        yield NotAssessed(communication.id, "what it shows is not described", ("communications.*.content",))
        return
    if routes is None or all(route.channel is None for route in routes):
        yield NotAssessed(communication.id, "its channels are not known", ("communications.*.routes.channel",))
        return
    items = shown(inventory, communication)
    unclear: list[tuple[str, str]] = []
    bad: dict[Sensitivity, list[tuple[int, str, Route, Basis]]] = {}
    for route in routes:
        channel = inventory.find(route.channel, Channel)
        if channel is None or not channel.usable:
            continue
        protection = protection_of(channel)
        for number, attribute, sensitivity in items:
            if sensitivity is None:
                unclear.append((f"the sensitivity of '{attribute}' is not known", "attributes.*.sensitivity"))
                continue
            needed = needed_by(sensitivity, channel.kind_)
            if needed == "none":
                continue
            if protection is None and (needed is not None or channel.kind_ is None):
                unclear.append((f"how well '{channel.id}' protects content is not known", "channels.*.confidentiality"))
            elif protection is None or not protects(protection[0], sensitivity, channel.kind_):
                basis = "reported" if protection is None else protection[1]
                bad.setdefault(sensitivity, []).append((number, attribute, route, basis))
    for sensitivity in sorted(bad):
        yield _breach(communication, sensitivity, bad[sensitivity], routes)
    for reason, unlock in dict.fromkeys(unclear):
        yield NotAssessed(communication.id, reason, (unlock,))
    if not bad and not unclear:
        yield Passed(communication.id)


def _breach(
    communication: Communication,
    sensitivity: Sensitivity,
    bad: list[tuple[int, str, Route, Basis]],
    routes: tuple[Route, ...],
) -> Breach:
    attributes = list(dict.fromkeys(attribute for _, attribute, _, _ in bad))
    channels = list(dict.fromkeys(route.channel or "" for _, _, route, _ in bad))
    severity: Severity = {"payment": "critical", "credential": "critical", "personal": "minor"}.get(
        sensitivity, "major"
    )  # type: ignore[assignment]  # a literal by construction
    what = f"'{attributes[0]}'" + (f" and {len(attributes) - 1} more" if len(attributes) > 1 else "")
    measures: dict[str, Measure] = {"regulated": communication.regulated or sensitivity == "payment"}
    items = _items(communication, [route for _, _, route, _ in bad], routes)
    if items is not None:
        measures["items_per_month"] = items
    safe = [route.channel for route in routes if route.channel is not None and route.channel not in channels]
    return Breach(
        subject=communication,
        message=f"communication '{communication.id}' shows {sensitivity} data ({what}) by {_and(channels)}, {_WANTED[sensitivity]}",
        severity=severity,
        at=("content", bad[0][0]),
        label=f"{sensitivity} data by {_and(channels)}",
        related=tuple(channels),
        discriminator=(sensitivity,),
        evidence=tuple(
            dict.fromkeys(
                (f"by {route.channel}", f"'{attribute}' is {sensitivity}, shown in full")
                for _, attribute, route, _ in bad
            )
        ),
        measures=measures,
        basis=worst_basis(*(basis for _, _, _, basis in bad)),
        fix=_fix(communication, sensitivity, set(attributes), safe),
    )


_WANTED: Mapping[Sensitivity, str] = {
    "personal": "which calls for a channel that protects it on the way (confidentiality transport)",
    "confidential": "which calls for a sealed letter or a channel behind a sign-in",
    "special": "which calls for a sealed letter or a channel behind a sign-in",
    "payment": "which calls for end-to-end encryption",
    "credential": "which nothing but a sealed letter may carry",
}
"""What each sensitivity needs, as people say it; public and internal data need nothing."""


def _and(names: list[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def _items(communication: Communication, bad: list[Route], routes: tuple[Route, ...]) -> Range | None:
    """Items a month on the routes in question; a share that is not known may be anything."""
    volume = communication.volume
    if volume is None:
        return None
    concerned = {route.id for route in bad}
    known = sum(route.share.value for route in routes if route.id in concerned and route.share is not None)
    unknown = any(route.share is None for route in routes if route.id in concerned)
    low, high = min(known, 1.0), 1.0 if unknown else min(known, 1.0)
    return Range(volume.lowest * low, volume.highest * high, volume.basis or "reported")


def _fix(communication: Communication, sensitivity: Sensitivity, attributes: set[str], safe: list[str]) -> Fix:
    """Show a link, or a masked card number, instead of the data."""
    instead = "masked" if sensitivity == "payment" else "link"
    content: list[object] = []
    for item in communication.content or ():
        if item.attribute in attributes:
            content.append({"attribute": item.attribute, "render": instead})
        elif item.render is not None:
            content.append({"attribute": item.attribute, "render": item.render})
        else:
            content.append(item.attribute)
    names = _and(sorted(attributes))
    if sensitivity == "credential":
        summary = f"let customers set {names} themselves after signing in, and send a link"
    elif instead == "masked":
        summary = f"mask {names}"
    else:
        where = f" in '{safe[0]}'" if safe else " behind a sign-in"
        summary = f"show {names}{where}, and only a link to it in the message"
    return Fix(summary, ({"change": {communication.id: {"content": content}}},))
