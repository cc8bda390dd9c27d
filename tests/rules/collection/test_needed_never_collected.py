"""RED106: neither asked for nor held, by segment; silent stores leave it open."""

from __future__ import annotations

import pytest

from cx_map.analyses.known_asks import Asked
from tests.rules.collection.said import said

FIRM = """
segments: {young: {}, old: {}}
data_sources: {crm: {holds: [HELD]}}
collection_points:
  opening: {segments: [{segment: young, reach: 90%}, {segment: old, reach: 90%}], asks: [ASKED], writes_to: [crm]}
communications:
  letter: {segments: [young, old], needs: [crm], content: [language]}
"""


def firm(held: str = "identity.name", asked: str = "identity.name") -> str:
    return FIRM.replace("HELD", held).replace("ASKED", asked)


def test_somebody_must_provide_it() -> None:
    (breach,) = said("RED106", firm()).breaches
    assert breach.subject.id == "letter"
    assert breach.fix is not None
    assert breach.fix.changes == ({"change": {"opening": {"asks": {"add": ["language"]}}}},)
    assert said("RED106", firm(held="language")).passed == {"letter"}
    assert said("RED106", firm(asked="language")).passed == {"letter"}


def test_every_segment_counts() -> None:
    assert said("RED106", firm(held="{attribute: language, segments: [young]}")).subjects == ["letter"]
    both = firm(held="{attribute: language, segments: [young]}, {attribute: language, segments: [old]}")
    assert said("RED106", both).passed == {"letter"}


def test_silent_stores_leave_it_open() -> None:
    assert said("RED106", firm().replace("{holds: [identity.name]}", "{}")).open == {"letter"}
    assert said("RED106", firm().replace("needs: [crm], ", "")).open == {"letter"}


def test_derived_attributes_need_what_they_come_from() -> None:
    text = firm().replace("content: [language]", "personalises: [{attribute: greeting, derived_from: [identity.name]}]")
    assert said("RED106", text).passed == {"letter"}


def test_what_the_firm_makes_itself_is_not_asked_for() -> None:
    (breach,) = said("RED106", firm().replace("content: [language]", "content: [account.balance]")).breaches
    assert breach.fix is not None
    assert breach.fix.changes == ()


def test_a_point_that_only_some_pass_is_no_whole_remedy() -> None:
    text = """
        segments: {young: {}, old: {}}
        data_sources: {crm: {holds: [identity.name]}}
        collection_points: {form: {segments: [SEGMENTS], asks: [identity.name], writes_to: [crm]}}
        communications: {letter: {segments: [young, old], needs: [crm], personalises: [language]}}
        """
    (breach,) = said("RED106", text.replace("SEGMENTS", "young")).breaches
    assert breach.fix is not None
    assert breach.fix.changes == ()
    (breach,) = said("RED106", text.replace("SEGMENTS", "young, old")).breaches
    assert breach.fix is not None
    assert breach.fix.changes != ()


def test_an_attribute_is_told_once_under_whatever_names() -> None:
    text = firm().replace("content: [language]", "content: [finance.income, annual income]")
    assert said("RED106", text).subjects == ["letter"]


def test_names_that_may_mean_one_thing_leave_it_open() -> None:
    """`phone numbr` is declared by nobody; that nobody asks for it hangs on whether it is the phone number."""
    needed = firm(asked="contact.phone").replace("content: [language]", "content: [phone numbr]")
    assert said("RED106", needed).open == {"letter"}
    assert said("RED106", needed.replace("contact.phone", "contact.fax")).subjects == ["letter"]
    asked = firm(asked="phone numbr").replace("content: [language]", "content: [contact.phone]")
    assert said("RED106", asked).open == {"letter"}


def test_nobody_of_a_segment_that_is_not_in_use_is_written_to() -> None:
    held = firm(held="{attribute: language, segments: [young]}")
    assert said("RED106", held.replace("old: {}", "old: {status: retired}")).passed == {"letter"}


def test_a_silent_store_elsewhere_makes_it_less_sure() -> None:
    (sure,) = said("RED106", firm()).breaches
    (less,) = said("RED106", firm().replace("data_sources: {", "data_sources: {other: {}, ")).breaches
    assert (sure.basis, less.basis) == ("reported", "estimated")
    assert less.message == "'letter' needs 'language', which nobody asks for and no store is said to hold"


def test_a_one_time_code_is_made_when_it_is_sent() -> None:
    shows = "content: [credential.one_time_code]"
    assert said("RED106", firm().replace("content: [language]", shows)).passed == {"letter"}
    assert said("RED106", firm().replace("content: [language]", "content: [credential.pin]")).subjects == ["letter"]


def test_who_has_the_whole_is_looked_through_once_for_all_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0
    meets = Asked.meets

    def counted(self: Asked, segment: str | None) -> bool:
        nonlocal asked
        asked += 1
        return meets(self, segment)

    monkeypatch.setattr(Asked, "meets", counted)
    count = 100
    lines = ["segments: {seg: {}, other: {}}", "attributes:", "  a: {}", *(f"  a.b{i}: {{}}" for i in range(count))]
    lines += ["data_sources: {crm: {holds: []}}", "collection_points:"]
    lines += [f"  point-{i}: {{segments: [other], asks: [a], writes_to: [crm]}}" for i in range(count)]
    lines += ["communications:", *(f"  mail-{i}: {{segments: [seg], needs: [crm], content: [a.b{i}]}}" for i in range(count))]  # fmt: skip
    assert len(said("RED106", "\n".join(lines)).breaches) == count
    assert asked < 10 * count, f"{count} attributes, {count} asks: {asked}"
