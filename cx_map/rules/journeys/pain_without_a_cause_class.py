"""JRNY107."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from cx_map.graph.ecosystem import Ecosystem
from cx_map.model.chapter_service import Touchpoint
from cx_map.rulekit import Breach, Fix, NoParameters, Passed, rule


@rule("JRNY107", severity="info", unlock=("touchpoints.*.pains",))
def pain_without_a_cause_class(eco: Ecosystem, _: NoParameters) -> Iterator[Breach | Passed]:
    """Something troubles customers, and nobody has said whether people, process or technology cause it.

    ## Why it matters
    Whether to train, to redesign or to buy depends on the class of cause; without it, money goes to technology by habit.

    ## How it decides
    A usable touchpoint with `pains` breaks the rule when one of them has no `cause`. How all known causes divide is
    told with it.

    ## Evidence it needs
    `pains` of touchpoints.

    ## Example
    ```yaml
    touchpoints:
      hotline:
        pains: [{text: long wait, cause: people}, {text: asked everything twice}]  # JRNY107
    ```

    ## Mended
    ```yaml
    touchpoints:
      hotline:
        pains: [{text: long wait, cause: people}, {text: asked everything twice, cause: technology}]
    ```

    ## References
    People, process and technology as classes of cause, as published practice of channel assessments.
    """
    touchpoints = [one for one in eco.inventory.of(Touchpoint) if one.usable and one.pains]
    classes = Counter(pain.cause for one in touchpoints for pain in one.pains or () if pain.cause is not None)
    known = ", ".join(f"{name} {classes[name]}" for name in ("people", "process", "technology") if classes[name])
    for touchpoint in touchpoints:
        open_ = [number for number, pain in enumerate(touchpoint.pains or ()) if pain.cause is None]
        if not open_:
            yield Passed(touchpoint.id)
            continue
        yield Breach(
            subject=touchpoint,
            message=f"touchpoint '{touchpoint.id}' has {len(open_)} pain{'s' if len(open_) > 1 else ''} without a class of cause",
            at=("pains", open_[0]),
            label="people, process or technology?",
            evidence=(("known causes", known),) if known else (),
            measures={"pains": len(touchpoint.pains or ()), "without_cause": len(open_)},
            fix=Fix("ask the team behind it: people, process or technology"),
        )
