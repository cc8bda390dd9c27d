"""DATA102."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cx_map.analyses.data_kinds import KINDS, kinds_at, own_kinds
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_customers import Segment
from cx_map.model.chapter_map import Communication, DataKind, DataSource
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Verdict, rule


@rule("DATA102", severity="minor", unlock=("data_sources.*.role", "data_sources.*.data_kinds", "flows"))
def thin_experience_profile(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """The view of customers lacks whole kinds of data, or personal messages go to segments that never change.

    ## Why it matters
    Who bought what is half the picture: how it went, what customers do and what they want belong in the same profile, or
    messages miss the moment.

    ## How it decides
    *Stores* with the role customer_master or golden: the kinds of data they keep (`data_kinds`, and what the attributes they hold
    imply) and the kinds kept by everything that feeds them, along usable flows of whatever content, do not cover experience,
    operational, behavioural and preference data. Where one of the stores involved does not say which kinds it keeps, a missing kind
    is not assessed.

    *Segments* with `definition: static` to which a usable communication that is personalised goes.

    The fix joins, for each missing kind, the first store that keeps it.

    ## Evidence it needs
    `role` and `data_kinds` of stores, `flows`; `definition` of segments.

    ## Example
    ```yaml
    data_sources:
      cdp: {role: customer_master, data_kinds: [operational, behavioural, preference]}  # DATA102
      survey-store: {data_kinds: [experience]}
    ```

    ## Mended
    ```yaml
    data_sources:
      cdp: {role: customer_master, data_kinds: [operational, behavioural, preference]}
      survey-store: {data_kinds: [experience]}
    flows: [{from: survey-store, to: cdp, via: api}]
    ```

    ## References
    Published practice of digital customer experience: experience, operational and behavioural data in one profile.
    """
    for source in eco.inventory.of(DataSource):
        if not source.usable or source.role not in ("customer_master", "golden"):
            continue
        found = kinds_at(eco, source.id)
        missing = [kind for kind in KINDS if kind not in found.kinds]
        if not missing:
            yield Passed(source.id)
        elif found.silent:
            yield NotAssessed(
                source.id, "which kinds of data some of its suppliers keep is not known", ("data_sources.*.data_kinds",)
            )
        else:
            yield _breach(eco, source, missing)
    yield from _segments(eco)


def _breach(eco: Ecosystem, source: DataSource, missing: Sequence[DataKind]) -> Breach:
    changes: dict[str, Mapping[str, object]] = {}
    lacking = []
    for kind in missing:
        keeper = next(
            (
                one.id
                for one in eco.inventory.of(DataSource)
                if one.usable and one.id != source.id and kind in own_kinds(eco, one.id)[0]
            ),
            None,
        )
        if keeper is None:
            lacking.append(kind)
        else:
            changes[keeper] = {"connect": {"from": keeper, "to": source.id, "via": "api"}}
    kinds = ", ".join(missing)
    summary = f"feed '{source.id}' from {', '.join(changes)}" if changes else f"collect {kinds} data"
    if lacking and changes:
        summary += f", and collect {', '.join(lacking)} data"
    return Breach(
        subject=source,
        message=f"the profile at '{source.id}' holds no {kinds} data, and nothing feeds it with any",
        at=("data_kinds",) if source.data_kinds is not None else (),
        label=f"no {kinds} data",
        related=tuple(changes),
        fix=Fix(summary, () if lacking else tuple(changes.values())),
    )


def _segments(eco: Ecosystem) -> Iterator[Verdict]:
    personal: dict[str, list[str]] = {}
    for communication in eco.inventory.of(Communication):
        if communication.usable and communication.personalises:
            for name in communication.segments or ():
                personal.setdefault(name, []).append(communication.id)
    for segment in eco.inventory.of(Segment):
        if segment.id not in personal or not segment.usable:
            continue
        names = personal[segment.id]
        if segment.definition is None:
            yield NotAssessed(segment.id, "whether it is recomputed is not known", ("segments.*.definition",))
        elif segment.definition == "dynamic":
            yield Passed(segment.id)
        else:
            many = f"{len(names)} personalised communications go to it"
            if len(names) == 1:
                many = f"the personalised communication '{names[0]}' goes to it"
            yield Breach(
                subject=segment,
                message=f"'{segment.id}' is a static segment, and {many}",
                at=("definition",),
                label="never recomputed",
                related=tuple(names[:8]),
                fix=Fix(
                    f"compute '{segment.id}' from behaviour", ({"change": {segment.id: {"definition": "dynamic"}}},)
                ),
            )
