"""ESC102."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Struct

from cx_map.graph.ecosystem import Ecosystem
from cx_map.graph.production import production
from cx_map.model.attributes import related
from cx_map.model.chapter_map import Communication, DataSource, Platform
from cx_map.model.chapter_service import ErrorType
from cx_map.rulekit import Breach, Fix, NotAssessed, Passed, Range, Verdict, rule
from cx_map.rulekit.breach import Measure


class Parameters(Struct, frozen=True):
    """How much may be left to customers."""

    share: Annotated[float, "Share of the errors that customers may find before the firm does."] = 0.5


@rule("ESC102", severity="major", unlock=("error_types.*.detected_by",))
def only_the_customer_finds_it(eco: Ecosystem, parameters: Parameters) -> Iterator[Verdict]:
    """An error becomes known only when the customer calls.

    ## Why it matters
    By then the statement has been read, the wrong amount paid, and an agent hears of it first from somebody who is angry.

    ## How it decides
    A usable error type breaks the rule when `detected_by` is known to be nothing, names no internal control, or says
    that more than `share` of the errors are found by customers. A way of detection of unknown `kind` may be internal:
    then it is not assessed.

    ## Evidence it needs
    `detected_by` of error types, with `kind` and `share`.

    ## Example
    ```yaml
    touchpoints: {hotline: {channel: phone}}
    error_types:
      wrong-balance:
        class: calculation
        detected_by: [{where: hotline, kind: customer}]  # ESC102
    ```

    ## Mended
    ```yaml
    touchpoints: {hotline: {channel: phone}}
    platforms: {composer: {}}
    error_types:
      wrong-balance:
        class: calculation
        detected_by: [{where: composer, kind: internal, share: 90%}, {where: hotline, kind: customer, share: 10%}]
    ```

    ## References
    Errors known only from calls, as published practice of ecosystem assessments. The share is a judgement.
    """
    for error in eco.inventory.of(ErrorType):
        if error.usable:
            yield _judge(eco, error, parameters)


def _judge(eco: Ecosystem, error: ErrorType, parameters: Parameters) -> Verdict:
    if error.detected_by is None:
        return NotAssessed(error.id, "how it is found is not known", ("error_types.*.detected_by",))
    kinds = [one.kind_ for one in error.detected_by]
    shares = [one.share for one in error.detected_by if one.kind_ == "customer" and one.share is not None]
    by_customers = sum(share.value for share in shares)
    if by_customers > parameters.share:
        return _breach(eco, error, f"customers find {by_customers:.0%} of it", by_customers)
    if "internal" in kinds:
        return Passed(error.id)
    if None in kinds:
        return NotAssessed(error.id, "who finds it is not known", ("error_types.*.detected_by.kind",))
    return _breach(
        eco,
        error,
        "nothing finds it" if not kinds else "no control of the firm's own finds it",
        by_customers if shares else None,
    )


def _breach(eco: Ecosystem, error: ErrorType, why: str, share: float | None) -> Breach:
    measures: dict[str, Measure] = {} if share is None else {"share_found_by_customers": round(share, 3)}
    if error.volume is not None:
        measures["items_per_month"] = Range(error.volume.lowest, error.volume.highest, error.volume.basis or "reported")
    return Breach(
        subject=error,
        message=f"error type '{error.id}' is left to customers to find: {why}",
        at=("detected_by",),
        label=why,
        related=tuple(one.where for one in error.detected_by or () if one.where is not None),
        measures=measures,
        fix=Fix(_control(eco, error)),
    )


def _control(eco: Ecosystem, error: ErrorType) -> str:
    """The earliest place on the way to the customer at which all that is needed for a check is at hand."""
    inventory, graph = eco.inventory, eco.once(production)
    wanted = error.needs_attributes or ()
    for name in error.caused_by or ():
        communication = inventory.find(name, Communication)
        if communication is None:
            continue
        on_way = graph.failure_set(communication.id)
        stores = [one for one in on_way if isinstance(inventory.entities.get(one), (DataSource, Platform))]
        for store in stores:
            entity = inventory.entities[store]
            held = [one.attribute for one in getattr(entity, "holds", None) or () if one.attribute is not None]
            if wanted and all(any(related(inventory, have, need) for have in held) for need in wanted):
                return f"check '{communication.id}' in '{store}', which has all that the check needs, before it is composed"
    return "add a control before sending, where what is sent can be compared with its source"
