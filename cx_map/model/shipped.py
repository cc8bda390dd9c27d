"""Channels that every inventory may use without defining them, with sober defaults."""

from __future__ import annotations

from collections.abc import Mapping

from cx_map.model.chapter_map import Channel
from cx_map.model.values import Text


def _channel(
    identifier: str, name: str, kind: str, direction: str, confidentiality: str, identity: str, touch: str
) -> Channel:
    return Channel(
        id=identifier, name=Text((("en", name),)), kind_=kind, direction=direction,  # type: ignore[arg-type]  # literals checked by a test
        confidentiality=confidentiality, identity=identity, touch=touch,  # type: ignore[arg-type]  # literals checked by a test
    )  # fmt: skip


SHIPPED_CHANNELS: Mapping[str, Channel] = {
    channel.id: channel
    for channel in (
        _channel("email", "E-mail", "email", "two_way", "transport", "claimed", "low"),
        _channel("sms", "SMS", "sms", "two_way", "none", "claimed", "low"),
        _channel("letter", "Letter", "letter", "out", "sealed", "claimed", "low"),
        _channel("phone", "Phone", "voice", "two_way", "transport", "known", "high"),
        _channel("push", "App push", "push", "out", "transport", "known", "low"),
        _channel("web", "Website", "web", "two_way", "transport", "none", "low"),
        _channel("portal", "Customer portal", "portal", "two_way", "authenticated", "strong", "low"),
        _channel("chat", "Chat", "chat", "two_way", "transport", "claimed", "medium"),
        _channel("branch", "Branch", "branch", "two_way", "authenticated", "strong", "high"),
        _channel("social", "Social media", "social", "two_way", "none", "none", "medium"),
    )
}
"""What such a channel is at best without further measures: an inventory that knows better says so."""
