"""The text form of a finding says each number once, and what is not known all the same."""

from __future__ import annotations

from cx_map.audit.findings import Finding
from cx_map.errors import Location
from cx_map.report.lines import plain
from cx_map.report.sources import Sources
from cx_map.report.text import finding_lines
from cx_map.rulekit import Range


def test_a_number_of_the_impact_is_not_told_twice() -> None:
    finding = Finding(
        code="BOT109", name="single-point-of-failure", severity="major", confidence="high", message="m", subject="core",
        kind="platforms", related=(), owner=None, location=Location("a.yaml"), fingerprint="f",
        evidence=(("customers", "400,000 customers"), ("items a month", "not known"), ("stops", "statement")),
        measures={"customers_per_month": Range(400_000, 400_000)},
    )  # fmt: skip
    text = plain(finding_lines(finding, Sources(())))
    assert text.count("400,000") == 1
    assert "impact: 400,000 customers a month (reported)" in text
    assert "items a month: not known" in text
    assert "stops: statement" in text
