"""What a list changes of what is known: both sides of every comparison."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registers import deciding
from services.registers.deciding import Change, Decided, Held, Known
from services.registers.reading import Mistake, Record

NOV, OCT_END = date(2026, 11, 1), date(2026, 10, 31)
FIRST = date(2026, 3, 1)
ELDER = uuid4()
KNOWN = {"n": Known(ELDER, "张三", None)}


def listed(row: int = 2, number: str = "n", **values: str) -> Record:
    return Record(row, number, {"valid_from": "2026-03-01", **values})


def held(kind: str, value: str, first: date, last: date | None = None, **given: Any) -> Held:
    return Held(given.get("id", uuid4()), ELDER, kind, value, first, last, given.get("is_ours", True))


def decide(register: str, *records: Record, known: Any = (), **given: Any) -> Decided:
    how: dict[str, Any] = {"as_of": NOV, "is_complete": False}
    return deciding.decide(register, records, given.pop("people", KNOWN), known, **{**how, **given})


def test_what_is_not_known_is_recorded_and_strangers_are_counted() -> None:
    found = decide("assistance", listed(assistance="dibao"), listed(3, "x", assistance="dibao"))
    assert found.changes == (Change("record", ELDER, "assistance", "dibao", FIRST, None, row=2),)
    assert (found.matched, found.strangers, found.unchanged, found.ends) == (1, 1, 0, 0)


def test_what_is_known_changes_nothing() -> None:
    found = decide("assistance", listed(assistance="dibao"), known=[held("assistance", "dibao", FIRST)])
    assert (found.changes, found.mistakes, found.unchanged) == ((), (), 1)


def test_the_same_value_since_earlier_goes_on() -> None:
    known = [held("grade:disability_certificate", "2", date(2020, 1, 1))]
    assert decide("disability", listed(level="2"), known=known).unchanged == 1


def test_an_end_that_has_become_known_ends_the_fact_and_a_later_one_prolongs_it() -> None:
    fact = uuid4()
    open_, shut = (held("draws", "ltci", FIRST, last, id=fact) for last in (None, date(2026, 6, 30)))
    ends = decide("benefits", listed(draws="ltci", valid_to="2026-06-30"), known=[open_])
    assert ends.changes == (Change("end", ELDER, "draws", "ltci", FIRST, date(2026, 6, 30), fact, 2),)
    longer = decide("benefits", listed(draws="ltci", valid_to="2026-09-30"), known=[shut])
    assert longer.changes == (
        Change("record", ELDER, "draws", "ltci", date(2026, 7, 1), date(2026, 9, 30), row=2),
    )
    for_good = decide("benefits", listed(draws="ltci"), known=[shut])
    assert for_good.changes == (Change("record", ELDER, "draws", "ltci", date(2026, 7, 1), None, row=2),)


def test_an_end_is_not_moved_when_the_person_has_it_again_since() -> None:
    known = [held("draws", "ltci", FIRST, date(2026, 6, 30)), held("draws", "ltci", date(2026, 9, 1))]
    assert decide("benefits", listed(draws="ltci"), known=known).changes == ()


def test_another_value_begins_its_own_days() -> None:
    known = [held("grade:disability_certificate", "3", date(2020, 1, 1))]
    found = decide("disability", listed(level="1"), known=known)
    assert [(one.verb, one.value) for one in found.changes] == [("record", "1")]


def test_a_list_that_is_older_than_what_is_known_changes_nothing_and_is_remarked() -> None:
    known = [held("household", "370503", date(2026, 5, 1))]
    found = decide("household", listed(household="370502"), known=known)
    assert (found.changes, found.mistakes) == (
        (),
        (Mistake(2, "valid_from", "older_than_known", is_remark=True),),
    )


def test_two_values_from_the_same_day_contradict_each_other() -> None:
    known = [held("household", "370503", FIRST)]
    found = decide("household", listed(household="370502"), known=known)
    assert (found.changes, found.mistakes) == ((), (Mistake(2, "valid_from", "contradicts_known"),))


def test_two_rows_of_one_person_that_place_them_differently_contradict_each_other() -> None:
    rows = [
        listed(2, assistance="dibao", place="scattered"),
        listed(3, assistance="tuopin", place="scattered"),
        listed(4, assistance="tekun", place="institution"),
    ]
    found = decide("assistance", *rows)
    assert [(one.kind, one.value) for one in found.changes] == [
        ("assistance", "dibao"),
        ("place", "scattered"),
        ("assistance", "tuopin"),
        ("assistance", "tekun"),
    ]
    assert found.mistakes == (Mistake(4, "valid_from", "contradicts_known"),)


def test_self_care_of_a_register_is_a_grade_of_its_own_scale() -> None:
    found = decide("assistance", listed(assistance="tekun", self_care="partial", valid_to="2026-12-31"))
    assert [(one.kind, one.value, one.last) for one in found.changes] == [
        ("assistance", "tekun", date(2026, 12, 31)),
        ("grade:tekun_self_care", "partial", None),
    ]


def test_who_is_missing_in_a_complete_list_has_it_until_the_day_before() -> None:
    gone, kept = uuid4(), uuid4()
    known = [
        held("assistance", "dibao", FIRST, id=gone),
        held("assistance", "tekun", FIRST, id=kept),
        held("assistance", "orphan", FIRST, is_ours=False),
        held("assistance", "tuopin", FIRST, date(2026, 10, 31)),
        held("assistance", "dibao_margin", NOV),
        held("place", "scattered", FIRST),
    ]
    found = decide("assistance", listed(assistance="tekun"), known=known, is_complete=True)
    assert found.changes == (Change("end", ELDER, "assistance", "dibao", FIRST, OCT_END, gone),)
    assert found.ends == 1
    assert decide("assistance", listed(assistance="tekun"), known=known).changes == ()


def test_a_complete_list_of_households_or_deaths_ends_nothing() -> None:
    known = [held("household", "370503", FIRST)]
    assert decide("household", known=known, is_complete=True).changes == ()


def test_a_death_is_reported_once_and_another_day_is_remarked() -> None:
    dead = Record(2, "n", {"died_on": "2026-11-02"})
    report = Change("report", ELDER, "death", "", date(2026, 11, 2), None, row=2)
    said = {day: {"n": Known(ELDER, "张三", day)} for day in (date(2026, 11, 2), date(2026, 11, 3))}
    assert decide("death", dead).changes == (report,)
    assert decide("death", dead, people=said[date(2026, 11, 2)]).changes == ()
    late = decide("death", dead, people=said[date(2026, 11, 3)])
    assert late.mistakes == (Mistake(2, "died_on", "other_day_known", is_remark=True),)


@pytest.mark.parametrize(("name", "told"), [("张三", 0), ("张 三", 0), ("李四", 1)])
def test_another_name_for_the_same_number_is_remarked(name: str, told: int) -> None:
    assert len(decide("assistance", listed(assistance="dibao", name=name)).mistakes) == told


days = st.dates(date(2026, 1, 1), date(2026, 6, 30))
spans = st.tuples(days, st.one_of(st.none(), st.integers(0, 90))).map(
    lambda one: (one[0], None if one[1] is None else one[0] + timedelta(days=one[1]))
)


def facts(found: Decided, known: list[Held]) -> list[tuple[str, date, date]]:
    """Return what is recorded after every change was done, as the database does it."""
    rows: dict[UUID, tuple[str, date, date]] = {
        one.id: (one.value, one.first, one.last or date.max) for one in known
    }
    for one in found.changes:
        if one.verb == "end" and one.fact is not None and one.last is not None:
            rows[one.fact] = (*rows[one.fact][:2], one.last)
            continue
        for key, (value, first, last) in list(rows.items()):
            if first < one.first <= last:
                rows[key] = (value, first, one.first - timedelta(days=1))
        rows[uuid4()] = (one.value, one.first, one.last or date.max)
    return sorted(rows.values(), key=lambda one: one[1])


@given(spans, spans, st.sampled_from("12"), st.sampled_from("12"))
def test_facts_of_one_slot_never_overlap_and_the_same_list_again_changes_nothing(
    before: tuple[date, date | None], now: tuple[date, date | None], old: str, new: str
) -> None:
    known = [held("grade:disability_certificate", old, *before)]
    values = {"level": new, "valid_from": now[0].isoformat()}
    row = Record(2, "n", values | ({"valid_to": now[1].isoformat()} if now[1] else {}))
    found = decide("disability", row, known=known)
    after = facts(found, known)
    assert all(one[2] < two[1] for one, two in pairwise(after))
    if not found.mistakes:
        again = [
            held("grade:disability_certificate", value, first, None if last == date.max else last)
            for value, first, last in after
        ]
        assert decide("disability", row, known=again).changes == ()
