from __future__ import annotations

from cx_map.rules.channels.new_channel_without_rollout_case import CRITERIA
from cx_map.rules.channels.new_channel_without_rollout_case import new_channel_without_rollout_case as rule
from tests.rules.judging import findings, not_assessed, one_finding, passed


def test_every_criterion_counts() -> None:
    known: list[str] = []
    for name in CRITERIA:
        said = ", ".join(f"{one}: {'[j]' if one == 'journeys' else 'x'}" for one in known)
        finding = one_finding(
            rule, f"channels: {{c: {{kind: chat, status: pilot, rollout: {{{said}}}}}}}\njourneys: {{j: {{}}}}"
        )
        assert finding.measures["open_criteria"] == len(CRITERIA) - len(known)
        known.append(name)
    said = ", ".join(f"{one}: {'[j]' if one == 'journeys' else 'x'}" for one in known)
    assert passed(rule, f"channels: {{c: {{status: pilot, rollout: {{{said}}}}}}}\njourneys: {{j: {{}}}}") == {"c"}


def test_channels_in_use_and_proposals_that_nobody_looked_at() -> None:
    assert findings(rule, "channels: {c: {kind: chat}}") == []
    assert set(not_assessed(rule, "channels: {c: {status: proposed}}")) == {"c"}
    assert one_finding(rule, "channels: {c: {status: proposed, rollout: unknown}}").subject == "c"


def test_the_burden_is_told() -> None:
    text = "channels: {c: {status: pilot}}\nagent_pools: {p: {channels: [c]}}\ncommunications: {m: {channels: [c]}}"
    assert one_finding(rule, text).evidence == (("pools to staff", "'p'"), ("communications to adapt", "'m'"))
