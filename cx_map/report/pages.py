"""Pages of rules: what ``cxmap explain`` prints and the documentation is made of."""

from __future__ import annotations

from cx_map.audit.own_codes import OwnCode
from cx_map.rulekit import Rule


def page_markdown(rule: Rule) -> str:
    """A rule's whole page, with its parameters."""
    lines = [
        f"# {rule.code} {rule.name}",
        "",
        f"Severity: {rule.severity} unless the rule says otherwise below. Family: {rule.family}.",
        "",
    ]
    lines += [rule.page.strip(), ""]
    if rule.parameters:
        lines += ["## Parameters", "", f"Set in `cxmap.yaml` under `rules: {{{rule.code}: {{...}}}}`.", ""]
        lines += [f"- `{one.name}` (default {_shown(one.default)}): {one.description}" for one in rule.parameters]
        lines.append("")
    lines += ["## Unlocked by", "", ", ".join(f"`{field}`" for field in rule.unlock), ""]
    return "\n".join(lines)


def page_json(rule: Rule) -> dict[str, object]:
    """A rule's page and metadata as plain data."""
    return {
        "code": rule.code,
        "name": rule.name,
        "family": rule.family,
        "severity": rule.severity,
        "summary": rule.summary,
        "unlock": list(rule.unlock),
        "parameters": [
            {"name": one.name, "default": one.default, "description": one.description} for one in rule.parameters
        ],
        "page": rule.page,
    }


def own_page(own: OwnCode) -> str:
    """The page of one of the tool's own codes."""
    what = "It makes the inventory invalid: exit 2." if own.code < "CX010" else f"Severity: {own.severity}."
    return f"# {own.code} {own.name}\n\n{what}\n\n{own.page}\n"


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
