from __future__ import annotations

from cx_map.rules.journeys.pain_without_a_cause_class import pain_without_a_cause_class as rule
from tests.rules.judging import findings, one_finding, passed


def test_pains_and_their_causes() -> None:
    text = """
        touchpoints:
          a: {pains: [{text: wait, cause: people}, {text: again, cause: technology}]}
          b:
            pains:
              - {text: form, cause: process}
              - {text: odd}
          c: {}
        """
    finding = one_finding(rule, text)
    assert (finding.subject, finding.severity, finding.location.line) == ("b", "info", 7)
    assert finding.evidence == (("known causes", "people 1, process 1, technology 1"),)
    assert passed(rule, text) == {"a"}
    assert findings(rule, "touchpoints: {c: {pains: []}}") == []
