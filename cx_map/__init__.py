"""cxmap maps, audits and re-plans a firm's customer-communications ecosystem.

>>> import cx_map
>>> eco = cx_map.load("examples/minimal")
>>> report = cx_map.audit(eco)

Every command of the command line is one function here, with the same name and result types. Nothing is
imported before it is used.

Two rooms of the house, ``load`` and ``audit``, have the names of functions: once imported, they can be called
like them.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from cx_map.version import __version__

if TYPE_CHECKING:
    from cx_map.api import Ecosystem, audit, diff, impact, load, paths, render, to_pandas, validate

__all__ = ["Ecosystem", "__version__", "audit", "diff", "impact", "load", "paths", "render", "to_pandas", "validate"]


class _Room(ModuleType):
    """A room of the house with the name of a public function, which it is when called."""

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        import cx_map.api

        return getattr(cx_map.api, self.__name__.rpartition(".")[2])(*arguments, **options)


class _Package(ModuleType):
    """This package: importing a room does not hide the function of its name."""

    def __setattr__(self, name: str, value: object) -> None:
        if isinstance(value, ModuleType) and name in __all__:
            value.__class__ = _Room
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    if name in __all__:
        import cx_map.api

        return getattr(cx_map.api, name)
    raise AttributeError(f"module 'cx_map' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
