"""SURV102."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from cx_map.analyses.contact_pressure import shared_cap, surveys
from cx_map.analyses.data_kinds import all_from, fed
from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.propagation import propagation
from cx_map.model.chapter_customers import CollectionPoint
from cx_map.model.chapter_map import Channel
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Verdict, rule

_UNLOCK = ("collection_points.*.cap_store", "collection_points.*.platform", "flows")


@rule("SURV102", severity="major", unlock=_UNLOCK)
def cap_cannot_work_across_tools(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """Surveys of different tools invite the same customers, and no cap counts across them.

    ## Why it matters
    Each tool keeps its own quarantine and believes that it respects customers' time; together they do not.

    ## How it decides
    Two usable surveys share a segment, and no store in which either counts invitations (`cap_store`) reaches the
    platforms of both along usable flows, whatever these carry. A store reaches itself: a tool that counts in itself
    caps itself. `cap_store: []` is known to be none; left out it counts as none where the other survey of the pair
    states one, else the pair is not assessed; nor is it where a platform is not known or not in use. An anonymous
    survey in a channel in which people need not be known (a kiosk, a branch, a web page) asks whoever is there: no cap
    can count that, and it passes. One finding for all surveys that hang together so, of the first of them (by id).

    The fix counts all of them in the store that most surveys use already, and brings the count to their platforms.

    ## Evidence it needs
    `cap_store`, `platform` and `segments` of surveys; flows.

    ## Example
    ```yaml
    segments: {retail: {}}
    data_sources: {quarantine: {}}
    platforms: {ivr-tool: {}, web-tool: {}}
    flows: [{from: quarantine, to: web-tool, via: api}]
    collection_points:
      call-survey: {kind: survey, segments: [retail], platform: ivr-tool, cap_store: []}  # SURV102
      web-survey: {kind: survey, segments: [retail], platform: web-tool, cap_store: quarantine}
    ```

    ## Mended
    ```yaml
    segments: {retail: {}}
    data_sources: {quarantine: {}}
    platforms: {ivr-tool: {}, web-tool: {}}
    flows:
      - {from: quarantine, to: web-tool, via: api}
      - {from: quarantine, to: ivr-tool, via: api}
    collection_points:
      call-survey: {kind: survey, segments: [retail], platform: ivr-tool, cap_store: quarantine}
      web-survey: {kind: survey, segments: [retail], platform: web-tool, cap_store: quarantine}
    ```

    ## References
    Published practice of survey programmes: central suppression.
    """
    every = eco.once(surveys)
    apart: dict[str, set[str]] = {}
    open_: set[str] = set()
    judged: set[str] = set()
    for segment, some in sorted(every.by_segment.items(), key=lambda pair: pair[0] or ""):
        if segment is None:
            open_.update(one.id for one in some)
            continue
        asked = [one for one in some if not _of_nobody(eco, one)]
        judged.update(one.id for one in some)
        for one, other, members in _pairs(asked):
            found = _apart(eco, one, other)
            if found is None:
                open_.update(members)
            elif found:
                for name in members[1:]:
                    apart.setdefault(members[0], set()).add(name)
                    apart.setdefault(name, set()).add(members[0])
    told: set[str] = set()
    for survey in every.all:
        if survey.id in told:
            continue
        if survey.id in apart:
            group = _together(apart, survey.id)
            told |= group
            yield _breach(eco, survey, tuple(sorted(group - {survey.id})))
        elif survey.id in open_:
            yield NotAssessed(
                survey.id, "where it counts invitations, whom it asks or what runs it is not known", _UNLOCK[:2]
            )
        elif survey.id in judged:
            yield Passed(survey.id)


PASSING_BY = ("kiosk", "branch", "web")
"""Kinds of channel in which nobody need say who he is."""


def _of_nobody(eco: Ecosystem, survey: CollectionPoint) -> bool:
    """Whether a survey asks whoever stands there: anonymous, and in a channel in which people need not be known."""
    channel = eco.inventory.find(survey.channel, Channel)
    return bool(survey.anonymous) and channel is not None and channel.kind_ in PASSING_BY


def _together(apart: Mapping[str, set[str]], start: str) -> set[str]:
    """All surveys that hang together by pairs without a common cap."""
    group, todo = {start}, [start]
    while todo:
        more = apart[todo.pop()] - group
        group |= more
        todo += more
    return group


def _pairs(some: Iterable[CollectionPoint]) -> Iterator[tuple[CollectionPoint, CollectionPoint, list[str]]]:
    """A pair of surveys for each two sorts that :func:`_apart` could tell from others, with all of both sorts.

    Thousands of surveys of one segment are of few sorts: what holds of one pair holds of all pairs of these sorts.
    """
    sorts: dict[tuple[object, ...], list[CollectionPoint]] = {}
    for one in some:
        said = ("cap_store" in one.unknown, "cap_store" in one.nothing)
        sorts.setdefault((one.cap_store, one.platform, *said), []).append(one)
    groups = list(sorts.values())
    for number, group in enumerate(groups):
        if len(group) > 1:
            yield group[0], group[1], [one.id for one in group]
        for other in groups[number + 1 :]:
            yield group[0], other[0], [one.id for one in (*group, *other)]


def _apart(eco: Ecosystem, one: CollectionPoint, other: CollectionPoint) -> bool | None:
    """Whether no cap works across two surveys; None where that is not known."""
    if shared_cap(eco, one, other) is not None:
        return False
    platforms = [eco.inventory.entities.get(survey.platform or "") for survey in (one, other)]
    if any(platform is None or not platform.usable for platform in platforms):
        return None
    if any("cap_store" in survey.unknown for survey in (one, other)):
        return None
    stated = [survey.cap_store is not None or "cap_store" in survey.nothing for survey in (one, other)]
    return True if any(stated) else None


def _counts(eco: Ecosystem, survey: CollectionPoint) -> str:
    runs = f"runs on '{survey.platform}'" if survey.platform is not None else "platform not known"
    if survey.cap_store is not None:
        reads = survey.platform is None or survey.platform in all_from(eco.once(fed), (survey.cap_store,))
        return f"{runs}, counts in '{survey.cap_store}'{'' if reads else ', which it is not fed from'}"
    return f"{runs}, {'counts nowhere' if 'cap_store' in survey.nothing else 'no cap store stated'}"


def _breach(eco: Ecosystem, survey: CollectionPoint, others: tuple[str, ...]) -> Breach:
    entities = [one for name in others if (one := eco.inventory.find(name, CollectionPoint)) is not None]
    store = _store(eco, [survey, *entities])
    changes = _changes(eco, store, [survey, *entities]) if store is not None else ()
    names = [f"'{name}'" for name in (survey.id, *others[:3])]
    names += [f"{len(others) - 3} more"] if len(others) > 3 else []
    return Breach(
        subject=survey,
        message=f"no cap counts across {', '.join(names[:-1])} and {names[-1]}, which ask the same customers",
        at=("cap_store",) if survey.cap_store is not None else (),
        label="counts invitations by itself" if survey.cap_store is not None else "counts invitations nowhere",
        related=(*others, *((store,) if store is not None else ())),
        evidence=tuple((f"'{one.id}'", _counts(eco, one)) for one in [survey, *entities[:5]]),
        measures={"surveys": len(others) + 1},
        fix=Fix(
            f"count invitations of all of them in '{store}'" if store is not None else "count invitations in one store",
            changes,
        ),
    )


def _store(eco: Ecosystem, some: list[CollectionPoint]) -> str | None:
    """The counting store that most surveys of the firm use, of those that these use."""
    usage = eco.once(_usage)
    candidates = {
        one.cap_store for one in some if one.cap_store is not None and eco.inventory.entities[one.cap_store].usable
    }
    return min(candidates, key=lambda name: (-usage[name], name), default=None)


def _usage(eco: Ecosystem) -> Counter[str]:
    return Counter(one.cap_store for one in eco.once(surveys).all if one.cap_store is not None)


def _changes(eco: Ecosystem, store: str, some: list[CollectionPoint]) -> tuple[Mapping[str, object], ...]:
    reached = all_from(eco.once(fed), (store,))
    forbidden = {(link.source, link.target) for link in eco.once(propagation).blocked}
    changes: list[Mapping[str, object]] = []
    for platform in sorted({one.platform for one in some if one.platform is not None} - reached):
        if (store, platform) in forbidden:
            return ()
        changes.append({"connect": {"from": store, "to": platform, "via": "api"}})
    changes += [{"change": {one.id: {"cap_store": store}}} for one in some if one.cap_store != store]
    return tuple(changes)
