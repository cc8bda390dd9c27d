"""CHAN102."""

from __future__ import annotations

from collections.abc import Iterator

from cx_map.analyses.affected import affected
from cx_map.analyses.broken_routes import working_routes
from cx_map.analyses.channel_assurance import NOT_OUT_OF_BAND, RESTRICTED
from cx_map.analyses.fallbacks import fallback, with_fallback
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.attributes import sensitivity_of
from cx_map.model.chapter_map import Channel, Communication
from cx_map.model.routes import routes_of
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Severity, Verdict, rule
from cx_map.rulekit.impact import impact_measures


@rule("CHAN102", severity="critical", unlock=("communications.*.content", "communications.*.routes.channel"))
def authentication_on_a_restricted_channel(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """Customers sign in or confirm with codes that come by SMS, phone or e-mail, and have no better way.

    ## Why it matters
    A phone number can be taken over and a mailbox read by others. Guidance on digital identity calls the telephone
    network a restricted way of authentication: it needs an alternative that is not restricted.

    ## How it decides
    A usable communication with purpose security that shows a credential (a one-time code, not masked or linked) breaks
    the rule when every channel of its routes, fallbacks included, is of kind sms, voice, ivr, callback or email:
    *critical*. Where another channel is offered too but an e-mail carries the code, it is *major*, because a code
    in a mailbox proves no possession; that e-mail is unfit is a judgement here. Routes over channels or platforms
    that are proposed or retired do not count; where a route's channel is not known, it is not assessed.

    ## Evidence it needs
    `purpose`, `content` and channels of the routes.

    ## Example
    ```yaml
    communications:
      sign-in-code:
        purpose: security
        content: [credential.one_time_code]
        routes: [{channel: sms}]  # CHAN102
    ```

    ## Mended
    ```yaml
    communications:
      sign-in-code:
        purpose: security
        content: [credential.one_time_code]
        routes: [{channel: push}, {channel: sms, fallback_for: push}]
    ```

    ## References
    NIST SP 800-63B-4 (out-of-band authentication over the public telephone network is restricted). No legal advice.
    """
    for communication in eco.inventory.of(Communication):
        if communication.usable and communication.purpose == "security":
            yield _judge(eco, communication)


def _judge(eco: Ecosystem, communication: Communication) -> Verdict:
    inventory = eco.inventory
    routes = routes_of(communication)
    if communication.content is None:
        return NotAssessed(communication.id, "what it shows is not described", ("communications.*.content",))
    codes = [
        item.attribute for item in communication.content
        if item.attribute is not None and item.render not in ("masked", "link")
        and sensitivity_of(inventory, item.attribute) == "credential"
    ]  # fmt: skip
    if not codes:
        return Passed(communication.id)
    if not routes or any(route.channel is None for route in routes):
        return NotAssessed(communication.id, "its channels are not known", ("communications.*.routes.channel",))
    working = working_routes(eco, communication) or ()
    channels = [one for route in working if (one := inventory.find(route.channel, Channel)) is not None]
    if any(one.kind_ is None for one in channels):
        return NotAssessed(communication.id, "the kind of a channel is not known", ("channels.*.kind",))
    weak = [one for one in channels if one.kind_ in (*RESTRICTED, *NOT_OUT_OF_BAND)]
    mail = [one for one in weak if one.kind_ in NOT_OUT_OF_BAND]
    if not weak or (len(weak) < len(channels) and not mail):
        return Passed(communication.id)
    alone = len(weak) == len(channels)
    severity: Severity = "critical" if alone else "major"
    names = list(dict.fromkeys(one.id for one in (weak if alone else mail)))
    by = " and ".join(f"'{name}'" for name in names)
    return Breach(
        subject=communication,
        message=f"communication '{communication.id}' sends '{codes[0]}' by {by}"
        + (" and offers no other way" if alone else ", which proves no possession of a device"),
        severity=severity,
        at=("routes",) if communication.routes is not None else ("channels",),
        label="restricted channel, no alternative" if alone else "not out of band",
        related=tuple(names),
        evidence=tuple(dict.fromkeys((one.id, f"kind {one.kind_}") for one in channels)),
        measures=impact_measures(affected(eco, [communication.id])),
        fix=_fix(eco, communication) if alone and not mail else Fix("send the code to an app instead of a mailbox"),
    )


def _fix(eco: Ecosystem, communication: Communication) -> Fix:
    """A way over an app, if some communication has one already."""
    others = {one.id for one in eco.inventory.of(Channel) if one.kind_ not in ("push", "in_app")}
    way = fallback(eco, communication, others)
    change = with_fallback(communication, way) if way is not None else None
    if way is None or change is None:
        return Fix("add a route to an authenticator app")
    return Fix(f"offer '{way.channel}' too, which is there already", (change,))
