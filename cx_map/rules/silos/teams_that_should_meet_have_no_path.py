"""SILO106."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cx_map.analyses.team_information import Desk, Meddling, Neighbours, desks, meddling, neighbours
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.inventory import Inventory
from cx_map.rulekit import Breach, Fix, NoParameters, NotAssessed, Passed, Verdict, rule

_UNLOCK = ("touchpoints.*.team", "journeys.*.steps", "initiatives.*.touches")


@rule("SILO106", severity="minor", unlock=_UNLOCK)
def teams_that_should_meet_have_no_path(eco: Ecosystem, _: NoParameters) -> Iterator[Verdict]:
    """Two teams serve one journey, or two projects change one thing, and neither hears of the other.

    ## Why it matters
    Conversations, information and data must flow between teams. A customer who goes from one team's touchpoint to the
    next finds out whether they do; two disconnected projects find out when both have changed the same system.

    ## How it decides
    Two teams whose touchpoints follow each other in a journey break the rule (subject: the first by id) when nothing
    that one writes or owns comes to anything that the other reads or owns, in either direction, along flows or
    through insights delivered to it, nor is one part of the other or of the same team, nor do they sit on one
    committee. Initiatives under way that touch one thing break it (subject: the last by id) when neither depends on
    the other, if only through others, and they share no goal. Where this is not described, it is not assessed.

    ## Evidence it needs
    `journeys` with steps and the `team` of touchpoints, with what they write and read; `initiatives` with `touches`,
    and `goals` or `depends_on`.

    ## Example
    ```yaml
    teams:
      web-team: {}
      branch-team: {}  # SILO106
    data_sources: {web-log: {}, branch-notes: {}}
    touchpoints:
      apply-online: {team: web-team, channel: web, writes_to: [web-log], reads: [web-log]}
      sign-in-branch: {team: branch-team, channel: branch, writes_to: [branch-notes], reads: [branch-notes]}
    journeys:
      open-account: {steps: [apply-online, sign-in-branch]}
    ```

    ## Mended
    ```yaml
    teams:
      web-team: {}
      branch-team: {}
    data_sources: {web-log: {}, branch-notes: {}}
    touchpoints:
      apply-online: {team: web-team, channel: web, writes_to: [web-log], reads: [web-log]}
      sign-in-branch: {team: branch-team, channel: branch, writes_to: [branch-notes], reads: [branch-notes]}
    journeys:
      open-account: {steps: [apply-online, sign-in-branch]}
    flows:
      - {from: web-log, to: branch-notes, via: event}
    ```

    ## References
    Information that flows between teams, and one common goal, as published practice of breaking silos.
    """
    inventory = eco.inventory
    judged: dict[str, bool] = {}
    for pair in eco.once(neighbours):
        first, second = pair.teams
        if pair.joined is None:
            known = eco.once(desks)
            unknown = first if not known[first].described else second
            yield NotAssessed(unknown, "what it writes and reads is not known", _DESK)
        elif pair.joined:
            judged.setdefault(first, True)
            judged.setdefault(second, True)
        else:
            judged[first] = False
            judged.setdefault(second, True)
            yield _breach(inventory, pair, eco.once(desks))
    for thing in eco.once(meddling):
        for name in thing.unclear:
            yield NotAssessed(name, "neither its goals nor what it depends on are known", _GOALS)
        for group in thing.groups:
            for name in group:
                judged.setdefault(name, True)
        if len(thing.groups) > 1:
            found = _unaware(inventory, thing)
            judged[found.subject.id] = False
            yield found
    yield from (Passed(name) for name in sorted(judged) if judged[name])


_DESK = ("touchpoints.*.writes_to", "touchpoints.*.reads")
_GOALS = ("initiatives.*.goals", "initiatives.*.depends_on")


def _breach(inventory: Inventory, pair: Neighbours, known: Mapping[str, Desk]) -> Breach:
    first, second = pair.teams
    journeys = ", ".join(f"'{name}'" for name in pair.journeys)
    return Breach(
        subject=inventory.entities[first],
        message=f"teams '{first}' and '{second}' serve the same journey ({journeys}), and no information passes between them",
        related=(second, *pair.journeys),
        label=f"nothing passes to or from '{second}'",
        discriminator=(second,),
        evidence=(
            (first, _works(known[first], first)),
            (second, _works(known[second], second)),
        ),
        measures={"journeys": len(pair.journeys)},
        fix=_connect(first, second, known),
    )


def _works(desk: Desk, team: str) -> str:
    names = sorted((desk.writes | desk.reads) - {team})
    return "works with " + (", ".join(f"'{name}'" for name in names) or "nothing known")


def _connect(first: str, second: str, known: Mapping[str, Desk]) -> Fix:
    """A flow from what one writes to what the other reads, or to the team itself."""
    for source, target in ((first, second), (second, first)):
        written, read = sorted(known[source].writes - {source}), sorted(known[target].reads - {target})
        if written:
            end = read[0] if read else target
            return Fix(f"let '{end}' have what '{written[0]}' knows, or set up a committee with both",
                       ({"connect": {"from": written[0], "to": end, "via": "event"}},))  # fmt: skip
    return Fix(f"let '{first}' and '{second}' report to each other, or meet on a committee")


def _unaware(inventory: Inventory, thing: Meddling) -> Breach:
    names = sorted(group[0] for group in thing.groups)
    last, others = names[-1], names[:-1]
    return Breach(
        subject=inventory.entities[last],
        message=f"initiatives '{last}' and '{others[0]}' both change '{thing.touched}' without a common goal or order",
        related=(*others, thing.touched),
        at=("touches",),
        label=f"'{others[0]}' touches '{thing.touched}' too",
        discriminator=(thing.touched,),
        evidence=tuple(("touched by", ", ".join(f"'{name}'" for name in group)) for group in thing.groups),
        measures={"initiatives": sum(len(group) for group in thing.groups)},
        fix=Fix(f"put '{last}' after {', '.join(repr(name) for name in others)}, or merge them",
                ({"change": {last: {"depends_on": {"add": others}}}},)),
    )  # fmt: skip
