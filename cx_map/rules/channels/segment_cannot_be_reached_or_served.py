"""CHAN105."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Struct

from cx_map.analyses.fallbacks import fallback, with_fallback
from cx_map.analyses.service_reach import missing_formats, missing_languages, reach_of, usable_channels, variants
from cx_map.analyses.wording import percent
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import Segment
from cx_map.model.chapter_map import Channel, Communication
from cx_map.model.values import worst_basis
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Range, Severity, Verdict, rule
from cx_map.rulekit.breach import Measure


class Parameters(Struct, frozen=True):
    """How many of a segment must be reached."""

    regulated: Annotated[float, "Share of a segment that a regulatory or security message must reach."] = 0.98
    other: Annotated[float, "Share of a segment that any other message must reach."] = 0.9


_UNLOCK = ("communications.*.segments", "segments.*.reachable_by", "segments.*.languages", "segments.*.access_needs")


@rule("CHAN105", severity="major", unlock=_UNLOCK)
def segment_cannot_be_reached_or_served(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """Customers to whom a message is sent cannot get it, read it or understand it.

    ## Why it matters
    A message counts when it arrives in a form that its reader can use. Blind customers with a picture of a letter,
    or customers without a smartphone who are told by push, have not been told.

    ## How it decides
    For every segment of a usable communication: the share that its channels reach together, 1 - product of (1 -
    `reachable_by`), must be at least `regulated` for regulatory and security messages and `other` for the rest; every
    language and every accessible format that a share of the segment needs must be among the communication's `languages`
    and `formats`, or among those of others of its `template_family` that go to the segment. Segments that are not in
    use have nobody to serve. Channels whose reach is not stated may reach everybody. The channel that the fix adds
    protects what is shown, keeps a known `deadline`, and is no mailbox, phone line or letter for a one-time code. There
    is one finding a communication; it is *critical* for regulatory and security messages, else *major*. Segments of
    which nothing of this is known are not assessed.

    ## Evidence it needs
    `segments` of communications, and `reachable_by`, `languages` or `access_needs` of segments with the channels,
    `languages` and `formats` of the communication.

    ## Example
    ```yaml
    segments:
      pensioners: {customers: 40000, access_needs: {large_print: 8%}}
    communications:
      fee-change:  # CHAN105
        segments: [pensioners]
        formats: [audio]
        routes: [{channel: letter}]
    ```

    ## Mended
    ```yaml
    segments:
      pensioners: {customers: 40000, access_needs: {large_print: 8%}}
    communications:
      fee-change:
        segments: [pensioners]
        formats: [audio, large_print]
        routes: [{channel: letter}]
    ```

    ## References
    ADA, effective communication (Braille, large print, audio); European Accessibility Act, in force since 28 June 2025;
    EN 301 549. The shares of 98 and 90 % are judgements. No legal advice.
    """
    for communication in eco.inventory.of(Communication):
        if communication.usable:
            yield _judge(eco, communication, parameters)


class _Gap(Struct, frozen=True):
    """A part of a segment that is not served, and why."""

    segment: Segment
    share: float
    what: str
    add: tuple[str, str] | None
    """The list of the communication that lacks an item, and the item; None where a channel is lacking."""


def _judge(eco: Ecosystem, communication: Communication, parameters: Parameters) -> Verdict:
    inventory = eco.inventory
    served = [one for name in communication.segments or () if (one := inventory.find(name, Segment)) is not None]
    segments = [one for one in served if one.usable]
    if served and not segments:
        return Passed(communication.id)
    if not segments:
        return NotAssessed(communication.id, "its segments are not known", ("communications.*.segments",))
    threshold = parameters.regulated if communication.regulated else parameters.other
    channels = usable_channels(eco, communication)
    gaps: list[_Gap] = []
    known, open_ = False, set()
    for segment in segments:
        if segment.reachable_by is not None and channels is None:
            open_.add("communications.*.routes.channel")
        elif segment.reachable_by is not None and channels:
            reach = reach_of(segment, channels)
            if reach.high < threshold:
                gaps.append(
                    _Gap(segment, 1 - reach.high, f"its channels reach {percent(reach.high)} of it at most", None)
                )
            known = known or reach.low >= threshold
            open_.update(["segments.*.reachable_by"] if reach.high >= threshold > reach.low else [])
        texts = eco.once(variants).get((communication.template_family or "", segment.id)) or (communication,)
        for name, missing in (
            ("languages", missing_languages(texts, segment)), ("formats", missing_formats(texts, segment))
        ):  # fmt: skip
            known = known or missing is not None
            gaps += [
                _Gap(segment, share, f"{percent(share)} need {code}", (name, code)) for code, share in missing or ()
            ]
            wanted = segment.languages if name == "languages" else segment.access_needs
            if missing is None and wanted is not None:
                open_.add(f"communications.*.{name}")
    if gaps:
        return _breach(eco, communication, gaps)
    if known and not open_:
        return Passed(communication.id)
    if channels == ():
        return NotAssessed(communication.id, "none of its routes works", ("communications.*.routes",))
    unlock = tuple(sorted(open_)) or ("segments.*.reachable_by", "segments.*.languages", "segments.*.access_needs")
    return NotAssessed(communication.id, "whether its segments can get and use it is not known", unlock)


def _breach(eco: Ecosystem, communication: Communication, gaps: list[_Gap]) -> Breach:
    gaps = sorted(
        gaps,
        key=lambda one: (-one.share * (one.segment.customers.value if one.segment.customers else 0), one.segment.id),
    )
    worst = gaps[0]
    severity: Severity = "critical" if communication.regulated else "major"
    measures: dict[str, Measure] = {"regulated": communication.regulated, "gaps": len(gaps)}
    sizes = [one.segment.customers for one in gaps]
    known = [(size, one.share) for size, one in zip(sizes, gaps, strict=True) if size is not None]
    if known:
        low = max(size.lowest * share for size, share in known)
        high = sum(size.highest * share for size, share in known)
        if len(known) == len(gaps):
            measures["customers_not_served"] = Range(low, high, worst_basis(*(size.basis for size, _ in known)))
    return Breach(
        subject=communication,
        message=f"communication '{communication.id}' does not serve all of segment '{worst.segment.id}': {worst.what}",
        severity=severity,
        label=worst.what,
        related=tuple(dict.fromkeys(one.segment.id for one in gaps)),
        evidence=tuple((one.segment.id, one.what) for one in gaps),
        measures=measures,
        fix=_fix(eco, communication, gaps),
    )


def _fix(eco: Ecosystem, communication: Communication, gaps: list[_Gap]) -> Fix:
    """The languages and formats that are lacking, and one more channel where customers are not reached."""
    lists: dict[str, list[str]] = {}
    for gap in gaps:
        if gap.add is not None and gap.add[1] not in lists.setdefault(gap.add[0], []):
            lists[gap.add[0]].append(gap.add[1])
    changes: list[Mapping[str, object]] = []
    parts = [f"offer {', '.join(names)}" for names in lists.values()]
    if lists:
        changes.append({"change": {communication.id: {name: {"add": names} for name, names in lists.items()}}})
    unreached = [gap.segment for gap in gaps if gap.add is None]
    if not unreached:
        return Fix(" and ".join(parts), tuple(changes))
    best = _channel(eco, communication, unreached)
    if best is None:
        return Fix("; ".join([*parts, "add a channel that reaches those who are left"]))
    way, name = best
    return Fix("; ".join([*parts, f"send it by '{name}' too"]), (*changes, way))


def _channel(
    eco: Ecosystem, communication: Communication, segments: list[Segment]
) -> tuple[Mapping[str, object], str] | None:
    """A way in use over the channel that reaches most, if it reaches everybody who is left."""
    present = set(usable_channels(eco, communication) or ())
    weak = {
        one.id for one in eco.inventory.of(Channel)
        if any((share := (segment.reachable_by or {}).get(one.id)) is None or share.lowest < 0.98 for segment in segments)
    }  # fmt: skip
    way = fallback(eco, communication, weak | present)
    change = with_fallback(communication, way) if way is not None else None
    return None if way is None or change is None else (change, way.channel)
