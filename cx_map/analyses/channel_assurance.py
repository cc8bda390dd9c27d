"""How well a channel must protect what it carries."""

from __future__ import annotations

from collections.abc import Mapping

from cx_map.model.attributes import covers, sensitivity_of
from cx_map.model.chapter_customers import Sensitivity
from cx_map.model.chapter_map import Channel, Communication
from cx_map.model.inventory import Inventory
from cx_map.model.shipped import SHIPPED_CHANNELS
from cx_map.model.values import Basis

CONFIDENTIALITY = ("none", "transport", "sealed", "authenticated", "end_to_end")
"""From the least to the best protected."""

NEEDED: Mapping[Sensitivity, str | None] = {
    "public": "none",
    "internal": "none",
    "personal": "transport",
    "confidential": "sealed",
    "special": "authenticated",
    "payment": "end_to_end",
    "credential": None,
}
"""The least protection each sensitivity needs on most kinds of channel; None: none is good enough."""

BY_KIND: Mapping[tuple[Sensitivity, str], str] = {
    ("special", "letter"): "sealed",
    ("credential", "letter"): "sealed",
    ("payment", "branch"): "authenticated",
}
"""What is enough on some kinds of channel: post to the known address, as for card PINs, and a talk in person.

A deliberate reading. Requirement 4.2.2 of PCI DSS is about end-user messaging, which a branch is not.
"""

STANDING_SECRETS = ("credential.password", "credential.pin", "credential.security_answer")
"""Credentials that stay valid, so that no purpose makes them one-time codes."""


RESTRICTED = ("sms", "voice", "ivr", "callback")
"""Kinds of channel that go over the public telephone network."""

NOT_OUT_OF_BAND = ("email",)
"""Kinds of channel that do not prove possession of a device."""

NO_WAY_FOR_CODES = (*RESTRICTED, *NOT_OUT_OF_BAND, "letter")
"""Kinds of channel by which a one-time code should not be sent for want of another way."""

LETTER_TAKES = 12 * 3600.0
"""Seconds that any letter takes at least, from the last post of a day to the first delivery of the next."""


def protection_of(channel: Channel) -> tuple[str, Basis] | None:
    """How well a channel protects content, and how that is known; None where it is not known.

    A channel of the inventory's own that does not say takes what the shipped channel of its kind has, as an
    assumption; one that says `unknown` is not known.
    """
    if channel.confidentiality is not None:
        return channel.confidentiality, "reported"
    if "confidentiality" in channel.unknown or channel.kind_ is None:
        return None
    for shipped in SHIPPED_CHANNELS.values():
        if shipped.kind_ == channel.kind_ and shipped.confidentiality is not None:
            return shipped.confidentiality, "assumed"
    return None


def protects(confidentiality: str, sensitivity: Sensitivity, kind: str | None = None) -> bool:
    """Whether a channel with this confidentiality, of this kind, may carry data of this sensitivity."""
    needed = needed_by(sensitivity, kind)
    return needed is not None and CONFIDENTIALITY.index(confidentiality) >= CONFIDENTIALITY.index(needed)


def needed_by(sensitivity: Sensitivity, kind: str | None) -> str | None:
    """The least protection that data of a sensitivity need on a kind of channel; None: none is enough."""
    return BY_KIND.get((sensitivity, kind or ""), NEEDED[sensitivity])


def shown(inventory: Inventory, communication: Communication) -> tuple[tuple[int, str, Sensitivity | None], ...]:
    """What a communication really shows: number of the content item, attribute and its sensitivity, if known.

    Masked and linked attributes are not shown. A one-time code in a security communication is meant to be
    sent, and left out here; a password, PIN or security answer never is.
    """
    found: list[tuple[int, str, Sensitivity | None]] = []
    for number, item in enumerate(communication.content or ()):
        if item.attribute is None or item.render in ("masked", "link"):
            continue
        sensitivity = sensitivity_of(inventory, item.attribute)
        one_time = not any(covers(inventory, secret, item.attribute) for secret in STANDING_SECRETS)
        if sensitivity == "credential" and communication.purpose == "security" and one_time:
            continue
        found.append((number, item.attribute, sensitivity))
    return tuple(found)


def unfit_channels(inventory: Inventory, communication: Communication) -> frozenset[str]:
    """Channels that a communication should not be given as another way.

    They do not protect all that it shows, or that is not known; they take longer than its deadline by themselves; or
    they are no way for the one-time code that it sends.
    """
    wanted = [sensitivity for _, _, sensitivity in shown(inventory, communication) if sensitivity is not None]
    code = any(
        item.attribute is not None
        and item.render not in ("masked", "link")
        and sensitivity_of(inventory, item.attribute) == "credential"
        for item in communication.content or ()
    )
    deadline = communication.deadline
    found = set()
    for channel in inventory.of(Channel):
        protection = protection_of(channel)
        exposed = any(protection is None or not protects(protection[0], one, channel.kind_) for one in wanted)
        no_way = code and communication.purpose == "security" and channel.kind_ in NO_WAY_FOR_CODES
        late = deadline is not None and (least_seconds(channel) or 0.0) > deadline.seconds
        if exposed or no_way or late:
            found.add(channel.id)
    return frozenset(found)


def least_seconds(channel: Channel) -> float | None:
    """Seconds that a channel takes at the 95th percentile, at least; None where not known."""
    stated = channel.latency.worst if channel.latency is not None else None
    if channel.kind_ != "letter":
        return stated
    return max(stated or 0.0, LETTER_TAKES)
