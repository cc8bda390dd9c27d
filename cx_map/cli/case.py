"""What one ``cxmap audit`` is about: files that are read at once, and what is made of them, when somebody first needs it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from cx_map.audit import kept

if TYPE_CHECKING:
    from cx_map.audit.findings import Report, RootCauses
    from cx_map.audit.settings import Settings
    from cx_map.load.targets import Read
    from cx_map.model.inventory import Inventory
    from cx_map.model.source import SourceFile


@dataclass(eq=False)
class Case:
    """An inventory in a state, its configuration, and its audit: replayed where all of these are as they were.

    ``select`` and ``ignore`` are asked for beside the configuration. Everything computed raises as
    :func:`cx_map.states.open.open_state` and :func:`cx_map.config.settings_file.configure` do; what is replayed had no error.
    """

    read: Read
    file: SourceFile | None
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    as_of: str | None

    @cached_property
    def inventory(self) -> Inventory:
        """The inventory, parsed now."""
        from cx_map.states.open import state_of

        return state_of(self.read)

    @cached_property
    def settings(self) -> Settings:
        """The settings of the configuration with ``select`` and ``ignore``. Raises UsageError where these mean no rule."""
        from cx_map.audit.settings import DEFAULTS

        base = DEFAULTS
        if self.file is not None:
            from cx_map.config.settings_file import read_settings

            base = read_settings(self.file)
        _check_patterns((*self.select, *self.ignore))
        return replace(base, select=self.select or base.select, ignore=(*base.ignore, *self.ignore))

    @cached_property
    def known(self) -> kept.Known | None:
        """The answer of an earlier run."""
        return kept.recall(self._asked) if not self.read.found.problems else None

    @cached_property
    def report(self) -> Report:
        """The report."""
        if self.known is not None:
            return self.known.report
        inventory, settings = self.inventory, self.settings
        report = kept.audit(inventory, settings, as_of=self.as_of)
        kept.remember(self._asked, inventory, settings, report)
        return report

    def judged_by(self, fail_on: str | None, min_confidence: str | None) -> Settings:
        """Settings with what a report is judged by, which may be asked for beside the configuration; the rest of them are defaults."""
        from cx_map.audit.settings import DEFAULTS

        said = self.known if self.known is not None else self.settings
        return replace(
            DEFAULTS,
            fail_on=fail_on if fail_on is not None else said.fail_on,  # type: ignore[arg-type]  # a choice
            min_confidence=min_confidence if min_confidence is not None else said.min_confidence,  # type: ignore[arg-type]  # a choice
        )

    def root_causes(self, report: Report, judged: Settings, tries: int | None) -> RootCauses:
        """The changes to begin with, of the report or of a part of its findings."""
        found = kept.recall_causes(self.known, report, judged.min_confidence, tries) if self.known is not None else None
        if found is not None:
            return found
        settings = replace(self.settings, min_confidence=judged.min_confidence)
        return kept.root_causes(self.inventory, report, settings, tries)

    @property
    def _asked(self) -> kept.Asked:
        return kept.Asked(self.read.found.files, self.read.phase, self.file, self.select, self.ignore, self.as_of)


def _check_patterns(patterns: tuple[str, ...]) -> None:
    from cx_map.audit.registry import all_rules, matches
    from cx_map.errors import UsageError

    for pattern in patterns:
        if not any(matches(rule, (pattern,)) for rule in all_rules()):
            raise UsageError(f"no rule is meant by {pattern!r}", hint="`cxmap rules` lists codes and names")
