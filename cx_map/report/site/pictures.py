"""The drawings of a report, each as the text of an SVG, or the reason why it is not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from cx_map.errors import UsageError
from cx_map.report.site.facts import Facts


@dataclass(frozen=True, slots=True)
class Drawn:
    """One view (``heat-age`` is the view heat by age), what it shows; ``svg`` is empty where ``why`` says why there is none."""

    view: str
    about: str
    svg: str = ""
    why: str = ""

    @property
    def label(self) -> str:
        """The name of the view for people."""
        return self.view.replace("-", " by ").capitalize()


def drawings(facts: Facts, language: str) -> list[Drawn]:
    """Every view of the state with its findings, in the order of the registry; heat in every perspective."""
    return list(_drawings(facts, language))


def _drawings(facts: Facts, language: str) -> Iterator[Drawn]:
    from cx_map.draw.geometry import View
    from cx_map.draw.scenes.heat_numbers import By
    from cx_map.draw.views import VIEWS, picture
    from cx_map.draw.writers.svg import to_svg

    for name in get_args(View):
        for by in get_args(By) if name == "heat" else (None,):
            shown = name if by is None else f"{name}-{by}"
            try:
                layout = picture(facts.inventory, name, facts.report, as_of=facts.eco.as_of, language=language, by=by)
            except UsageError as error:
                yield Drawn(shown, VIEWS[name].help, why=error.message)
            else:
                yield Drawn(shown, VIEWS[name].help, to_svg(layout, prefix=f"{shown}-"))


def difference(facts: Facts, language: str) -> str:
    """Today and the last state of the roadmap on one map."""
    from cx_map.compare.changes import compare
    from cx_map.draw.layouts.layers import layout_layers, suggest_folds
    from cx_map.draw.scenes.collapse import collapse
    from cx_map.draw.scenes.difference import scene_of_diff
    from cx_map.draw.writers.svg import to_svg

    changes = compare(facts.inventory, facts.stages[-1].inventory)
    scene = scene_of_diff(changes, as_of=facts.eco.as_of, language=language)
    return to_svg(layout_layers(suggest_folds(collapse(scene))), prefix="diff-")


def interactive(facts: Facts, language: str) -> str:
    """The page to explore the map in, with every state of the roadmap."""
    from cx_map.draw.page.heats import heats_of
    from cx_map.draw.page.moment import Moment
    from cx_map.draw.page.page import to_html

    stages = facts.stages
    moments = [
        Moment(stage.id, stage.inventory, stage.report, stage.name if number else "", stage.by or "" if number else "",
               target=number == len(stages) - 1)
        for number, stage in enumerate(stages)
    ] or [Moment(facts.report.state, facts.inventory, facts.report)]  # fmt: skip
    return to_html(moments, heats_of(moments, language), language=language, as_of=facts.eco.as_of)
