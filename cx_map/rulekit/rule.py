"""A rule: its code, severity, parameters, page and function."""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
import typing
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, get_args, get_origin

import msgspec.structs
from msgspec import Struct

from cx_map.rulekit.breach import Verdict
from cx_map.rulekit.severity import Severity

if TYPE_CHECKING:
    from cx_map.graph.ecosystem import Ecosystem

_CODE = re.compile(r"[A-Z]{2,5}[0-9]{3}\Z")


class NoParameters(Struct, frozen=True):
    """For rules without parameters."""


class Parameter(Struct, frozen=True):
    """One parameter of a rule, for pages, schemas and configuration errors."""

    name: str
    type: type
    default: Any
    description: str


Function: TypeAlias = "Callable[[Ecosystem, Any], Iterable[Verdict]]"


class Rule(Struct, frozen=True):
    """A rule as the engine sees it; made by the decorator :func:`rule`."""

    code: str
    name: str
    severity: Severity
    unlock: tuple[str, ...]
    function: Function
    parameters_type: type
    page: str
    family: str

    def check(self, eco: Ecosystem, parameters: object | None = None) -> Iterable[Verdict]:
        """What the rule says of an ecosystem; parameters default to the rule's own."""
        return self.function(eco, self.parameters_type() if parameters is None else parameters)

    @property
    def summary(self) -> str:
        """The first sentence of the page."""
        return self.page.split("\n", 1)[0].strip()

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The rule's parameters with their types, defaults and meanings."""
        hints = typing.get_type_hints(self.parameters_type, include_extras=True)
        found = []
        declared = dataclasses.fields if dataclasses.is_dataclass(self.parameters_type) else msgspec.structs.fields
        for one in declared(self.parameters_type):
            hint = hints[one.name]
            inner, description = hint, ""
            if get_origin(hint) is Annotated:
                inner, description = get_args(hint)[:2]
            found.append(Parameter(one.name, inner, one.default, description))
        return tuple(found)


def rule(code: str, *, severity: Severity, unlock: tuple[str, ...]) -> Callable[[Function], Rule]:
    """Make a function the rule ``code``.

    The function takes an ecosystem and a frozen Struct of parameters (or a dataclass, which is slower to make; each field
    ``Annotated[type, "meaning"]`` with a default). Its name is the rule's name, its file's name and, with
    hyphens, what users type; its docstring is the page that ``cxmap explain`` shows. ``severity`` is the
    usual one (a breach may say otherwise); ``unlock`` are the fields without which nothing can be judged.
    """
    if not _CODE.match(code):
        raise ValueError(f"{code!r} is not a rule code")

    def decorate(function: Function) -> Rule:
        page = inspect.getdoc(function) or ""
        hints = [hint for name, hint in function.__annotations__.items() if name not in ("eco", "return")]
        written = (
            hints[0] if hints else NoParameters
        )  # not typing.get_type_hints: it is slow, for every rule, at each start
        parameters = getattr(sys.modules[function.__module__], written) if isinstance(written, str) else written
        return Rule(
            code=code,
            name=function.__name__.replace("_", "-"),
            severity=severity,
            unlock=unlock,
            function=function,
            parameters_type=parameters,
            page=page,
            family=function.__module__.rsplit(".", 2)[-2],
        )

    return decorate
