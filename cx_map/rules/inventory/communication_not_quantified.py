"""INV102."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_map import Communication, Schedule, Trigger
from cx_map.model.routes import routes_of
from cx_map.rulekit import Breach, Fix, NoParameters, Passed, rule

UNLOCKS: Mapping[str, int] = {
    "routes": 34, "volume": 26, "segments": 22, "purpose": 14, "owner": 7, "trigger": 5,
}  # fmt: skip
"""How many rules of the catalogue look at each field of a communication: the order in which to fill them in."""


@rule("INV102", severity="minor", unlock=("communications",))
def communication_not_quantified(eco: Ecosystem, _: NoParameters) -> Iterator[Breach | Passed]:
    """A communication lacks the facts without which nothing can be computed about it.

    ## Why it matters
    An assessment begins with knowing what is sent, to whom, how often, why and on whose behalf. What is not
    known cannot be called fine: the rules that need it are reported as not assessed.

    ## How it decides
    Five facts count for each usable communication: `volume`, `trigger` or `schedule`, `owner`, `purpose` and
    `segments`. One that is missing breaks the rule, be it left out or said to be `unknown`; `[]`, known to be none, is
    an answer, and a `trigger` or `schedule` that says nothing is none. Routes left out altogether (`routes`, or
    `channels` and `platforms`) break it too. The missing fields are listed in the order in which they unlock most
    rules. A volume with `basis: estimated` is good enough.

    ## Evidence it needs
    Communications.

    ## Example
    ```yaml
    teams: {lending: {name: Lending}}
    segments: {borrowers: {name: Borrowers}}
    communications:
      payment-reminder:  # INV102
        purpose: servicing
        owner: lending
        segments: [borrowers]
        trigger: payment is due
        needs: []
        routes: [{channel: sms, platforms: []}]
    ```

    ## Mended
    ```yaml
    teams: {lending: {name: Lending}}
    segments: {borrowers: {name: Borrowers}}
    communications:
      payment-reminder:
        purpose: servicing
        owner: lending
        segments: [borrowers]
        trigger: payment is due
        volume: {value: 4000, per: month, basis: estimated}
        needs: []
        routes: [{channel: sms, platforms: []}]
    ```

    ## References
    Inventory of communications as the first step of an assessment of a communications ecosystem.
    """
    for communication in eco.inventory.of(Communication):
        if not communication.usable:
            continue
        missing = _missing(communication)
        if not missing:
            yield Passed(communication.id)
            continue
        asked = [field for field in missing if field in communication.unknown]
        few = [field for field in missing if field != "routes"]
        facts = 5 - len(few)
        lost = "routes" in missing
        words = [*([f"{', '.join(few)} not known"] if few else []), *(["no route is known"] if lost else [])]
        yield Breach(
            subject=communication,
            message=f"'{communication.id}' is not quantified: {', and '.join(words)}",
            label=f"{facts} of 5 facts known" + (", and no route" if lost else ""),
            evidence=(
                ("facts known", f"{facts} of 5" + (", besides routes, which are not known" if lost else "")),
                ("missing, most useful first", ", ".join(missing)),
                *((("asked, and nobody knows", ", ".join(asked)),) if asked else ()),
            ),
            measures={"facts_known": facts, "regulated": communication.regulated},
            fix=Fix(f"find out {missing[0]} first, which most rules wait for"
                    + (f"; then {', '.join(missing[1:])}" if missing[1:] else "")),
        )  # fmt: skip


def _says(record: Trigger | Schedule | None) -> bool:
    """Whether one of its fields is given: ``trigger: {}`` says nothing."""
    if record is None:
        return False
    fields = set(record.__struct_fields__) - {"unknown", "nothing"}
    return bool(record.nothing) or any(getattr(record, field) is not None for field in sorted(fields))


def _missing(communication: Communication) -> list[str]:
    """The missing facts, those that unlock most rules first."""
    known = {
        "volume": communication.volume is not None,
        "trigger": _says(communication.trigger) or _says(communication.schedule),
        "owner": communication.owner is not None,
        "purpose": communication.purpose is not None,
        "segments": communication.segments is not None,
        "routes": routes_of(communication) is not None,
    }
    none = communication.nothing
    missing = [field for field, given in known.items() if not given and field not in none]
    return sorted(missing, key=lambda field: (-UNLOCKS[field], field))
