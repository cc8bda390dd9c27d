"""The tool's own codes: CX001 to CX009 make an inventory invalid, CX010 to CX014 are findings."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from cx_map.rulekit import Severity


class OwnCode(Struct, frozen=True):
    """One of the tool's own codes."""

    code: str
    name: str
    severity: Severity
    page: str


def _own(code: str, name: str, severity: Severity, page: str) -> OwnCode:
    return OwnCode(code, name, severity, page)


OWN_CODES: Mapping[str, OwnCode] = {
    own.code: own
    for own in (
        _own("CX001", "syntax", "critical",
             "The file cannot be read as one inventory document.\n\nThe YAML is broken, the file is not UTF-8 or too large, "
             "it holds several documents, tags or merge keys, the same key twice, the key `cxmap: 1` is missing, or nothing "
             "is described. YAML is read with YAML 1.2 core meaning: `no`, `on` and `012` stay texts. Put a value with a comma, "
             "colon, bracket or `#` in quotes; share fields with `defaults:` instead of `<<`."),
        _own("CX002", "unknown-key", "critical",
             "A key is not part of the inventory language.\n\nIt is probably misspelt, or stands under the wrong kind. "
             "`cxmap schema inventory` and the reference page list the fields of every kind. Keys of your own start with `x-`."),
        _own("CX003", "unknown-reference", "critical",
             "A reference leads to nothing, or to a thing of the wrong kind.\n\nDefine the thing under its kind, correct the id, "
             "or write `unknown` where nobody knows. Channels such as `email` and `sms` need no definition."),
        _own("CX004", "duplicate-id", "critical",
             "The same id is defined twice.\n\nIds are unique over all kinds and files of an inventory. Keep all fields of an "
             "entity in one place; give different things different ids. Both places are named."),
        _own("CX005", "bad-value", "critical",
             "A value is not of the form its field takes.\n\nRates are written `120000/month`, durations `15m`, `3d` or `PT15M`, "
             "shares `0.35` or `35%`, money `250000 EUR`, dates `2026-02-28`. Numbers are finite and not negative, the shares of "
             "a communication's routes sum to 1, and an inventory has one currency."),
        _own("CX006", "cycle-in-parent", "critical",
             "A thing is its own ancestor by `parent`.\n\nLines of business, teams and attributes form trees. Remove the "
             "`parent` that closes the circle."),
        _own("CX010", "exemption-without-reason", "minor",
             "An exemption gives no reason, so it has no effect.\n\nWrite `# cxmap: ignore[LOOP101] why this is right here`, or "
             "`reason:` in the waiver."),
        _own("CX011", "unused-exemption", "info",
             "An exemption exempts nothing.\n\nThe finding is gone, or the comment stands on another line than the entity or "
             "field. Remove it, so that it cannot hide a later finding."),
        _own("CX012", "unknown-rule", "minor",
             "An exemption or a setting names a rule that does not exist.\n\n`cxmap rules` lists all codes and names."),
        _own("CX013", "expired-waiver", "minor",
             "A waiver's end date has passed, so its finding counts again.\n\nMend the finding, or have the waiver approved anew."),
        _own("CX014", "waiver-expiring", "info",
             "A waiver ends within 30 days.\n\nPlan the mending, or have the waiver approved anew."),
    )
}  # fmt: skip
