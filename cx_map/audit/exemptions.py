"""Comments and waivers that exempt findings, and what is wrong with them (CX010 to CX014)."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from msgspec import Struct

from cx_map.audit.findings import Finding, fingerprint
from cx_map.audit.own_codes import OWN_CODES
from cx_map.audit.settings import Waiver
from cx_map.errors import Location
from cx_map.model.inventory import Exemption

EXPIRING_DAYS = 30


class Exempted(Struct, frozen=True):
    """Findings that remain, and how many were held back by what."""

    findings: list[Finding]
    by_comment: int
    by_waiver: int


def exempt(
    findings: list[Finding],
    places: Callable[[Finding], set[tuple[str, int]]],
    comments: tuple[Exemption, ...],
    waivers: tuple[Waiver, ...],
    known: frozenset[str],
    judged: frozenset[str],
    as_of: str | None,
) -> Exempted:
    """Hold findings back; add findings about the exemptions themselves.

    ``places`` gives the lines (path, number) on which a comment exempts a finding: the entity's and the
    field's. ``known`` are all rule codes and names, ``judged`` the codes that ran (an exemption of a rule
    that did not run is not called unused).
    """
    own: list[Finding] = []
    active_comments = [one for one in comments if _sound(one.codes, one.reason, one.location, known, own)]
    active_waivers = [one for one in waivers if _sound((one.rule,), one.reason, one.location, known, own)]
    active_waivers = [one for one in active_waivers if not _expired(one, as_of, own)]
    used: set[int] = set()
    kept: list[Finding] = []
    commented = waived = 0
    lines: dict[tuple[str, int], list[Exemption]] = {}
    for comment in active_comments:
        lines.setdefault((comment.location.path, comment.location.line), []).append(comment)
    for finding in findings:
        names = {finding.code, finding.name}
        hit = [one for place in sorted(places(finding)) for one in lines.get(place, ()) if names & set(one.codes)]
        waiver = [one for one in active_waivers if one.rule in names and one.subject in (finding.subject, "*")]
        used.update(id(one) for one in (*hit, *waiver))
        if hit:
            commented += 1
        elif waiver:
            waived += 1
        else:
            kept.append(finding)
    for comment in active_comments:
        if id(comment) not in used and judged & set(comment.codes):
            own.append(
                _own("CX011", f"this exemption from {', '.join(comment.codes)} exempts nothing", comment.location)
            )
    for one in active_waivers:
        if id(one) not in used and one.rule in judged:
            own.append(_own("CX011", f"the waiver of {one.rule} for '{one.subject}' waives nothing", one.location))
    return Exempted(kept + own, commented, waived)


def _sound(codes: tuple[str, ...], reason: str, place: Location, known: frozenset[str], own: list[Finding]) -> bool:
    if not codes:
        own.append(_own("CX012", "this exemption names no rule", place))
        return False
    for code in codes:
        if code not in known:
            own.append(_own("CX012", f"there is no rule {code!r}", place, code))
    if not reason:
        own.append(_own("CX010", f"the exemption from {', '.join(codes)} gives no reason, so it has no effect", place))
        return False
    return True


def _expired(waiver: Waiver, as_of: str | None, own: list[Finding]) -> bool:
    """Whether the waiver has ended; tells of it, and of one about to end. Without a today, nothing has ended."""
    if waiver.expires is None or as_of is None:
        return False
    today, end = _day(as_of), _day(waiver.expires, last=True)
    if end < today:
        own.append(
            _own(
                "CX013",
                f"the waiver of {waiver.rule} for '{waiver.subject}' ended on {waiver.expires}",
                waiver.location,
            )
        )
        return True
    if (end - today).days <= EXPIRING_DAYS:
        own.append(
            _own(
                "CX014", f"the waiver of {waiver.rule} for '{waiver.subject}' ends on {waiver.expires}", waiver.location
            )
        )
    return False


def _day(text: str, *, last: bool = False) -> datetime.date:
    """The first (or last) day that a whole or partial date can mean."""
    parts = [int(part) for part in text.split("-")]
    year = parts[0]
    month = parts[1] if len(parts) > 1 else (12 if last else 1)
    if len(parts) > 2:
        return datetime.date(year, month, parts[2])
    if not last:
        return datetime.date(year, month, 1)
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    return following - datetime.timedelta(days=1)


def _own(code: str, message: str, place: Location, detail: str = "") -> Finding:
    own = OWN_CODES[code]
    subject = detail or f"{place.path}:{place.line}"
    return Finding(
        code=code, name=own.name, severity=own.severity, confidence="high", message=message, subject=subject, kind="exemptions",
        related=(), owner=None, location=place, fingerprint=fingerprint(code, (place.path, message), ()),
    )  # fmt: skip
