"""ESC101."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cx_map.analyses.escalation_ladders import SEVERITIES
from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_service import ErrorType
from cx_map.rulekit import Breach, Fix, NoParameters, Passed, Range, rule
from cx_map.rulekit.breach import Measure

FLOOR: Mapping[str, str] = {
    "identity": "minor",
    "contact_data": "moderate",
    "calculation": "major",
    "misdelivery": "critical",
}
"""The least severity of four classes: a misspelt name, a wrong e-mail or phone, a wrong balance, a statement to another person."""


@rule("ESC101", severity="minor", unlock=("error_types.*.severity", "error_types.*.class"))
def error_without_severity_or_class(eco: Ecosystem, _: NoParameters) -> Iterator[Breach | Passed]:
    """Nobody has said how grave an error is, or it is called more harmless than it is.

    ## Why it matters
    Errors are not equal. Reporting that escalates by severity needs one for every error, and one that is not set too low
    by those who would have to act.

    ## How it decides
    A usable error type breaks the rule when its `severity` or `class` is not given (*minor*), or when its severity is
    below the floor of its class (*major*): identity (a misspelt name) minor, contact_data (a wrong e-mail address or
    phone number) moderate, calculation (a wrong balance) major, misdelivery (a statement to another person) critical.

    ## Evidence it needs
    `error_types`.

    ## Example
    ```yaml
    error_types:
      letter-to-another-person: {class: misdelivery, severity: moderate}  # ESC101
    ```

    ## Mended
    ```yaml
    error_types:
      letter-to-another-person: {class: misdelivery, severity: critical}
    ```

    ## References
    Severity of communication errors as published practice of ecosystem assessments; the floors are a judgement.
    """
    for error in eco.inventory.of(ErrorType):
        if error.usable:
            yield _judge(error)


def _judge(error: ErrorType) -> Breach | Passed:
    measures: dict[str, Measure] = {}
    if error.volume is not None:
        measures["items_per_month"] = Range(error.volume.lowest, error.volume.highest, error.volume.basis or "reported")
    missing = [name for name, value in (("severity", error.severity), ("class", error.class_)) if value is None]
    floor = FLOOR.get(error.class_ or "")
    if missing:
        said = [name for name in missing if name in error.unknown or f"{name}_" in error.unknown]
        return Breach(
            subject=error,
            message=f"error type '{error.id}' has no {' and no '.join(missing)}",
            at=tuple(said[:1]),
            label=f"no {' and no '.join(missing)}",
            discriminator=("missing",),
            measures=measures,
            fix=_fix(error, floor)
            if missing == ["severity"] and floor
            else Fix(f"say its {' and its '.join(missing)}"),
        )
    if floor is not None and error.severity is not None and SEVERITIES.index(error.severity) < SEVERITIES.index(floor):
        return Breach(
            subject=error,
            message=f"error type '{error.id}' is called {error.severity}, but errors of class {error.class_} are {floor} at least",
            severity="major",
            at=("severity",),
            label=f"below {floor}",
            discriminator=("floor",),
            measures=measures,
            fix=_fix(error, floor),
        )
    return Passed(error.id)


def _fix(error: ErrorType, floor: str) -> Fix:
    return Fix(f"call it {floor}", ({"change": {error.id: {"severity": floor}}},))
