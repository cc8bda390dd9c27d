"""What refers to a thing: by fields, in flows and overlaps, as keys, through defaults; a word that is no reference does not."""

from __future__ import annotations

import pytest

from cx_map.analyses.named_by import named_by
from tests.support import inventory_of

FIRM = """
    defaults: {platforms: {owner: desk}}
    teams: {desk: {}, rest: {parent: desk}}
    segments: {all: {reachable_by: {email: 90%}}, some: {}}
    products: {card: {}, loan: {}}
    data_sources: {crm: {notes: desk}}
    platforms: {mailer: {needs: [crm]}, printer: {owner: rest}}
    overlaps: [{between: [card, loan], share: 10%}]
    flows: [{from: crm, to: mailer, via: api}]
    communications: {letter: {segments: [all], products: [card], needs: [crm], routes: [{channel: email, platforms: [mailer]}]}}
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("desk", [("platforms", "mailer"), ("teams", "rest")]),
        ("crm", [("communications", "letter"), ("flows", "crm->mailer"), ("platforms", "mailer")]),
        ("mailer", [("communications", "letter"), ("flows", "crm->mailer")]),
        ("card", [("communications", "letter"), ("overlaps", "card+loan")]),
        ("email", [("communications", "letter"), ("segments", "all")]),
        ("all", [("communications", "letter")]),
        ("some", []),
    ],
)
def test_everything_that_refers_to_it(name: str, expected: list[tuple[str, str]]) -> None:
    assert list(named_by(inventory_of(FIRM), (name,))) == expected


def test_what_names_one_of_several_and_is_none_of_them() -> None:
    assert named_by(inventory_of(FIRM), ("crm", "mailer")) == (("communications", "letter"), ("flows", "crm->mailer"))
