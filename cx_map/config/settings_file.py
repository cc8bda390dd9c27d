"""Read ``cxmap.yaml`` into audit settings, every mistake with its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast, get_args

from msgspec import Struct

from cx_map.audit.registry import all_rules
from cx_map.audit.settings import Settings, Waiver
from cx_map.config.place import settings_file
from cx_map.errors import InventoryError, Problem
from cx_map.load.hints import did_you_mean
from cx_map.load.quantities import date, describe
from cx_map.load.reader import read
from cx_map.model.inventory import locate
from cx_map.model.source import Map, Raw, Seq, SourceFile
from cx_map.rulekit import SEVERITIES, Rule

KEYS = ("cxmap", "select", "ignore", "fail_on", "min_confidence", "rules", "waivers")
_WAIVER_KEYS = ("rule", "subject", "reason", "because", "approved_by", "expires")
_BECAUSE = ("accepted", "false_positive", "planned")


class Configuration(Struct, frozen=True):
    """Settings and the file they came from; ``path`` None where there is none."""

    settings: Settings
    path: str | None = None
    file: SourceFile | None = None


def configure(paths: tuple[str, ...], explicit: str | None = None) -> Configuration:
    """The configuration for these paths; raises InventoryError with every mistake in the file."""
    file = settings_file(paths, explicit)
    return Configuration(Settings()) if file is None else Configuration(read_settings(file), file.path, file)


def read_settings(file: SourceFile) -> Settings:
    """Settings from the bytes of a configuration file."""
    document = read(file.data, file.path, 0)
    if document.problems:
        raise InventoryError(document.problems)
    reader = _Reader(file)
    settings = reader.settings(document.root or Map())
    if reader.problems:
        raise InventoryError(reader.problems)
    return settings


class _Reader:
    """Checks one configuration document."""

    def __init__(self, file: SourceFile) -> None:
        self.files = (file,)
        self.problems: list[Problem] = []

    def problem(self, code: str, message: str, start: int, end: int, hint: str = "") -> None:
        self.problems.append(Problem(code, message, locate(self.files, start, end), hint))

    def settings(self, root: Map) -> Settings:
        values: dict[str, Any] = {}
        for key, value, key_mark, start, end in root.entries():
            if key.startswith("x-") or key == "cxmap":
                continue
            if key not in KEYS:
                self.problem(
                    "CX002",
                    f"unknown setting {describe(key)}",
                    key_mark,
                    key_mark + len(key),
                    did_you_mean(key, list(KEYS)),
                )
            elif key in ("select", "ignore"):
                values[key] = self._codes(value, start, end)
            elif key == "fail_on":
                values[key] = self._choice(value, (*SEVERITIES, "none"), start, end)
            elif key == "min_confidence":
                values[key] = self._choice(value, ("high", "medium", "low"), start, end)
            elif key == "rules" and isinstance(value, Map):
                self._rules(value, values)
            elif key == "waivers" and isinstance(value, Seq):
                values[key] = tuple(
                    waiver for item, a, b in value.entries() if (waiver := self._waiver(item, a, b)) is not None
                )
            elif value is not None:
                self.problem(
                    "CX005",
                    f"`{key}` is a {'list' if key == 'waivers' else 'mapping'}, not {describe(value)}",
                    start,
                    end,
                )
        if "ignored_rules" in values:
            values["ignore"] = (*values.get("ignore", ()), *values.pop("ignored_rules"))
        return Settings(**{key: value for key, value in values.items() if value is not None})

    def _choice(self, value: Raw, choices: tuple[str, ...], start: int, end: int) -> str | None:
        if isinstance(value, str) and value in choices:
            return value
        self.problem("CX005", f"{describe(value)} is not one of {', '.join(choices)}", start, end)
        return None

    def _codes(self, value: Raw, start: int, end: int) -> tuple[str, ...]:
        items = list(value.entries()) if isinstance(value, Seq) else [(value, start, end)]
        for item, begin, finish in items:
            if not isinstance(item, str) or not _known(item):
                self.problem(
                    "CX012",
                    f"no rule is meant by {describe(item)}",
                    begin,
                    finish,
                    "`cxmap rules` lists codes and names",
                )
        return tuple(str(item) for item, _, _ in items)

    def _rules(self, rules: Map, values: dict[str, Any]) -> None:
        parameters: dict[str, object] = {}
        severities: dict[str, str] = {}
        ignored: list[str] = []
        by_name = {key: rule for rule in all_rules() for key in (rule.code, rule.name)}
        for key, value, key_mark, start, end in rules.entries():
            rule = by_name.get(key)
            if rule is None:
                self.problem(
                    "CX012",
                    f"there is no rule {describe(key)}",
                    key_mark,
                    key_mark + len(key),
                    did_you_mean(key, list(by_name)),
                )
                continue
            if value is False:
                ignored.append(rule.code)
            elif isinstance(value, Map):
                changed: dict[str, object] = {}
                for name, setting, name_mark, begin, finish in value.entries():
                    if name == "severity":
                        chosen = self._choice(setting, SEVERITIES, begin, finish)
                        if chosen:
                            severities[rule.code] = chosen
                    elif name == "enabled" and isinstance(setting, bool):
                        if not setting:
                            ignored.append(rule.code)
                    else:
                        self._parameter(rule, name, setting, (name_mark, begin, finish), changed)
                if changed:
                    parameters[rule.code] = rule.parameters_type(**changed)
            elif value is not None and value is not True:
                self.problem("CX005", f"the settings of {rule.code} are a mapping, not {describe(value)}", start, end)
        values["parameters"] = parameters
        values["severities"] = severities
        values["ignored_rules"] = tuple(ignored)

    def _parameter(
        self, rule: Rule, name: str, value: Raw, marks: tuple[int, int, int], changed: dict[str, object]
    ) -> None:
        parameters = {parameter.name: parameter for parameter in rule.parameters}
        if name not in parameters:
            known = [*parameters, "severity", "enabled"]
            hint = did_you_mean(name, known) or f"{rule.code} has {', '.join(known)}"
            self.problem(
                "CX002", f"{rule.code} has no parameter {describe(name)}", marks[0], marks[0] + len(name), hint
            )
            return
        wanted = parameters[name].type
        fits = (
            isinstance(value, (int, float)) and not isinstance(value, bool)
            if wanted in (float, int)
            else isinstance(value, wanted)
        )
        if wanted is tuple or get_args(wanted):
            fits = isinstance(value, Seq)
        if not fits or (wanted in (float, int) and cast(float, value) < 0):
            self.problem("CX005", f"`{name}` takes a {getattr(wanted, '__name__', 'list')}, found {describe(value)}", marks[1], marks[2],
                         f"default: {parameters[name].default}")  # fmt: skip
            return
        if isinstance(value, (int, float)) and wanted in (float, int):
            changed[name] = wanted(value)
        else:
            changed[name] = tuple(value) if isinstance(value, Seq) else value

    def _waiver(self, item: Raw, start: int, end: int) -> Waiver | None:
        if not isinstance(item, Map):
            self.problem(
                "CX005",
                f"a waiver is a mapping, not {describe(item)}",
                start,
                end,
                "write {rule: BOT109, subject: core, reason: ...}",
            )
            return None
        texts: dict[str, str] = {}
        for key, value, key_mark, begin, finish in item.entries():
            if key not in _WAIVER_KEYS:
                if not key.startswith("x-"):
                    self.problem("CX002", f"unknown field {describe(key)} in a waiver", key_mark, key_mark + len(key),
                                 did_you_mean(key, list(_WAIVER_KEYS)))  # fmt: skip
            elif key == "because":
                self._choice(value, _BECAUSE, begin, finish)
                texts[key] = str(value)
            elif key == "expires":
                try:
                    texts[key] = date(value if not isinstance(value, (Map, Seq)) else None)
                except ValueError as error:
                    self.problem("CX005", str(error), begin, finish)
            elif isinstance(value, (Map, Seq)):
                self.problem("CX005", f"expected a text, found {describe(value)}", begin, finish)
            elif value is not None:
                texts[key] = str(value)
        missing = [key for key in ("rule", "subject") if key not in texts]
        if missing:
            self.problem("CX005", f"a waiver needs `{'` and `'.join(missing)}`", start, end)
            return None
        place = locate(self.files, start, end)
        return Waiver(location=place, **cast("Mapping[str, Any]", texts))


def _known(pattern: str) -> bool:
    return any(rule.code.startswith(pattern.upper()) or rule.name == pattern.lower() for rule in all_rules())
