"""The audit that a picture or a table is drawn with: the settings are those beside the inventory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cx_map.audit.findings import Report
    from cx_map.model.inventory import Inventory


def audited(inventory: Inventory, paths: Sequence[str], config: str | None, as_of: str | None) -> Report:
    """The report of a state."""
    from cx_map.audit.kept import audit
    from cx_map.config.settings_file import configure

    return audit(inventory, configure(tuple(paths), config).settings, as_of=as_of)


def severities_of(report: Report | None) -> dict[str, set[str]]:
    """The severities of the findings by their subject, for selectors; none without an audit."""
    found: dict[str, set[str]] = {}
    for finding in report.findings if report is not None else ():
        found.setdefault(finding.subject, set()).add(finding.severity)
    return found
