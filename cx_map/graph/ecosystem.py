"""An inventory with everything computed from it kept for the next asker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from cx_map.model.inventory import Inventory

T = TypeVar("T")


@dataclass(eq=False)
class Ecosystem:
    """One state of an inventory and the results computed from it.

    ``as_of`` is *today* (ISO 8601, whole or partial), or None where nobody said and the inventory gives no
    date; rules that need a date are then not assessed.
    """

    inventory: Inventory
    as_of: str | None = None
    _results: dict[Callable[..., object], object] = field(default_factory=dict, repr=False)

    def once(self, function: Callable[[Ecosystem], T]) -> T:
        """The result of a function of this ecosystem, computed on the first call only."""
        if function not in self._results:
            self._results[function] = function(self)
        return cast(T, self._results[function])

    def forget(self, unneeded: Callable[[Callable[..., object]], bool]) -> None:
        """Let go of the results of functions that will not be asked for again, if need be to compute them anew."""
        for function in [one for one in self._results if unneeded(one)]:
            del self._results[function]
