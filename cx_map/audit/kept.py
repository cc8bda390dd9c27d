"""Finished audits, kept under all that they depend on: what has not changed is not computed again.

A report is a function of the files (their bytes, their paths as shown, their order), the state, the settings that rules
and exemptions read, today, and the program with what it computes with; its key is a hash of all of these. :func:`audit`
and :func:`root_causes` are what their namesakes in ``engine`` and ``root_causes`` are, and are replayed where somebody
asked for a cache (the command line does, the library does not). :func:`recall` finds a report before anything is parsed,
by the bytes of the inventory and of its configuration; :func:`remember` notes where it is.

Nothing is kept of what raised an error, of a report that does not come back from its bytes exactly as it was, or while
the sources of the program change. What is damaged, or of another form, is as if there were none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from cx_map.audit.findings import Report, RootCauses
from cx_map.audit.kept_form import Causes, Pointer, entry_at, keep, keep_causes, keep_report, key_of, report_at
from cx_map.audit.settings import DEFAULTS, Settings
from cx_map.load.cache import active
from cx_map.model.values import Confidence
from cx_map.rulekit.severity import Severity

if TYPE_CHECKING:
    from cx_map.graph.ecosystem import Ecosystem
    from cx_map.model.inventory import Inventory
    from cx_map.model.source import SourceFile


class Asked(Struct, frozen=True):
    """What an audit is asked about, before anything of it is parsed.

    ``select`` and ``ignore`` are what is asked beside the configuration.
    """

    files: tuple[SourceFile, ...]
    phase: str | None
    configuration: SourceFile | None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    as_of: str | None = None


class Known(Struct, frozen=True):
    """The report that answers, the key it is kept under, and what the configuration says that it is judged by."""

    report: Report
    key: str
    fail_on: Severity | Literal["none"]
    min_confidence: Confidence


def audit(
    inventory: Inventory, settings: Settings = DEFAULTS, *, as_of: str | None = None, eco: Ecosystem | None = None
) -> Report:
    """The report of :func:`cx_map.audit.engine.audit`, which is not asked where it answered before."""
    from cx_map.model.inventory import newest_date

    cache = active()
    today = as_of if as_of is not None else newest_date(inventory)
    own = eco is None or (eco.inventory is inventory and eco.as_of == today)
    key = _report_key(inventory, settings, today) if cache is not None and own else None
    if cache is not None and key is not None and (found := report_at(cache, key)) is not None:
        return found
    from cx_map.audit.engine import audit as compute

    report = compute(inventory, settings, as_of=today, eco=eco)
    if cache is not None and key is not None:
        keep_report(cache, key, report)
    return report


def root_causes(inventory: Inventory, report: Report, settings: Settings, tries: int | None = None) -> RootCauses:
    """The changes of :func:`cx_map.audit.root_causes.root_causes`, which is not asked where it answered before.

    ``report`` is the one of the inventory with these settings, or a part of its findings.
    """
    cache = active()
    whole = _report_key(inventory, settings, report.as_of) if cache is not None else None
    key = _causes_key(whole, report, settings.min_confidence, tries) if whole is not None else None
    if cache is not None and key is not None and (known := entry_at(cache, key, Causes)) is not None:
        return known.causes
    from cx_map.audit.root_causes import root_causes as compute

    found = compute(inventory, report, settings, tries)
    if cache is not None and key is not None:
        keep_causes(cache, key, found)
    return found


def recall(asked: Asked) -> Known | None:
    """The report that answered the same question about the same bytes; None where it is not known."""
    cache = active()
    if cache is None:
        return None
    key = _asked_key(asked)
    pointer = entry_at(cache, key, Pointer) if key is not None else None
    report = report_at(cache, pointer.report) if pointer is not None else None
    if pointer is None or report is None:
        return None
    return Known(report, pointer.report, pointer.fail_on, pointer.min_confidence)


def recall_causes(known: Known, report: Report, min_confidence: Confidence, tries: int | None) -> RootCauses | None:
    """What :func:`root_causes` found for a report that was recalled, or for a part of its findings; None if not known."""
    cache = active()
    key = _causes_key(known.key, report, min_confidence, tries)
    entry = entry_at(cache, key, Causes) if cache is not None and key is not None else None
    return entry.causes if entry is not None else None


def remember(asked: Asked, inventory: Inventory, settings: Settings, report: Report) -> None:
    """Note that this is the answer: ``inventory`` is the state asked for, and ``report`` what :func:`audit` made of it.

    ``settings`` are those of the configuration, with ``select`` and ``ignore`` of the question.
    """
    cache = active()
    if cache is None:
        return
    key, whole = _asked_key(asked), _report_key(inventory, settings, report.as_of)
    if key is not None and whole is not None:
        keep(cache, Pointer(key, whole, settings.fail_on, settings.min_confidence))


def _asked_key(asked: Asked) -> str | None:
    configuration = asked.configuration
    file = (configuration.path, configuration.data) if configuration is not None else None
    return key_of("asked", (asked.phase, asked.as_of, asked.select, asked.ignore, file), asked.files)


def _report_key(inventory: Inventory, settings: Settings, today: str | None) -> str | None:
    """The key of everything that a report depends on; how it is judged and shown is no part of it."""
    read = replace(settings, fail_on=DEFAULTS.fail_on, min_confidence=DEFAULTS.min_confidence)
    return key_of("report", (inventory.state, today, read), inventory.files)


def _causes_key(whole: str, report: Report, sure: Confidence, tries: int | None) -> str | None:
    """What is tried depends on the findings that are left of a report; their names say which."""
    return key_of("root causes", (whole, sure, tries, [one.fingerprint for one in report.findings]))
