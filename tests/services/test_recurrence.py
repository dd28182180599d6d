"""When things recur: RFC 5545 in local days, Chinese holidays and the weekends worked for them."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from services import holidays_cn, recurrence
from services.recurrence import Rule, check, days, parts

MONDAY = date(2026, 1, 5)


def rule(text: str, **more: Any) -> Rule:
    return Rule(text, **{"starts_on": MONDAY, **more})


def wrong(text: str, **more: Any) -> Any:
    with pytest.raises(Invalid) as caught:
        check(rule(text, **more))
    return caught.value.extra["errors"][0]  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=TU,TH", [6, 8, 13, 15, 20]),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU,TH", [6, 8, 13, 15, 20]),
        ("freq=weekly;interval=2;byday=mo", [5, 19]),
        ("FREQ=DAILY;INTERVAL=7;COUNT=2", [5, 12]),
        ("FREQ=DAILY;INTERVAL=5;UNTIL=20260115", [5, 10, 15]),
        ("FREQ=DAILY;INTERVAL=5;UNTIL=20260114T170000Z", [5, 10, 15]),
        ("FREQ=MONTHLY;BYDAY=2WE", [14]),
        ("FREQ=MONTHLY;BYMONTHDAY=-12", [20]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-13", [14]),
        ("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=9", [9]),
    ],
)
def test_a_rule_gives_its_days(text: str, expected: list[int]) -> None:
    check(rule(text))
    assert [day.day for day in days(rule(text), MONDAY, date(2026, 1, 20))] == expected


def test_the_fourth_monday_falls_on_a_day_that_is_asked_for_far_from_the_start() -> None:
    fortnightly = rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", starts_on=date(2020, 1, 6))
    [found] = days(fortnightly, date(2026, 11, 16), date(2026, 11, 29))
    assert (found - date(2020, 1, 6)).days % 14 == 0


def test_nothing_happens_before_the_rule_begins() -> None:
    assert days(rule("FREQ=DAILY"), date(2025, 1, 1), date(2025, 1, 31)) == []


def test_exceptions_are_left_out_and_additions_come_in() -> None:
    one = rule("FREQ=WEEKLY;BYDAY=TU", except_on=(date(2026, 1, 13),), also_on=(date(2026, 1, 14),))
    check(one)
    assert [day.day for day in days(one, MONDAY, date(2026, 1, 20))] == [6, 14, 20]


def test_a_count_is_not_prolonged_by_an_exception() -> None:
    one = rule("FREQ=DAILY;COUNT=3", except_on=(date(2026, 1, 6),))
    assert [day.day for day in days(one, MONDAY, date(2026, 1, 20))] == [5, 7]


@pytest.mark.parametrize(
    ("holiday", "expected"),
    [
        ("as_usual", ["02-10", "02-17", "02-24"]),
        ("skip", ["02-10", "02-24"]),
        ("before", ["02-10", "02-15", "02-24"]),
        ("after", ["02-10", "02-24"]),
    ],
)
def test_spring_festival_is_kept_skipped_or_moved(holiday: Any, expected: list[str]) -> None:
    weekly = rule("FREQ=WEEKLY;BYDAY=TU", holiday=holiday)
    found = days(weekly, date(2026, 2, 9), date(2026, 2, 28))
    assert [f"{day:%m-%d}" for day in found] == expected


def test_working_days_only_takes_a_worked_saturday_and_leaves_holidays_out() -> None:
    daily = rule("FREQ=DAILY", working_days_only=True)
    found = days(daily, date(2026, 2, 12), date(2026, 3, 1))
    assert [f"{day:%m-%d}" for day in found] == [
        *("02-12", "02-13", "02-14", "02-24", "02-25", "02-26", "02-27", "02-28"),
    ]


def test_working_days_only_may_move_to_the_working_day_before() -> None:
    payday = rule("FREQ=MONTHLY;BYMONTHDAY=1", working_days_only=True, holiday="before")
    assert days(payday, date(2026, 4, 20), date(2026, 5, 10)) == [date(2026, 4, 30)]


def test_two_days_moved_to_the_same_day_are_one() -> None:
    daily = rule("FREQ=DAILY", holiday="after")
    found = days(daily, date(2026, 10, 1), date(2026, 10, 9))
    assert found == sorted(set(found))


def test_the_end_of_the_plan_is_the_end_of_the_rule_even_when_a_holiday_moves_it() -> None:
    weekly = rule("FREQ=WEEKLY;BYDAY=TU", holiday="after", ends_on=date(2026, 2, 18))
    assert days(weekly, date(2026, 2, 9), date(2026, 2, 28)) == [date(2026, 2, 10)]
    assert days(weekly, date(2025, 1, 1), date(2025, 12, 31)) == []


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("FREQ=HOURLY", "rrule_value", "FREQ"),
        ("FREQ=WEEKLY;BYDAY=XX", "rrule_value", "BYDAY"),
        ("FREQ=WEEKLY;BYHOUR=9", "rrule_time", "BYHOUR"),
        ("FREQ=WEEKLY;COLOUR=RED", "rrule_unknown", "COLOUR"),
        ("FREQ=WEEKLY;FREQ=DAILY", "rrule_twice", "FREQ"),
        ("INTERVAL=2", "rrule_missing", "FREQ"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "rrule_both", "COUNT"),
        ("FREQ=DAILY;UNTIL=20261341", "rrule_value", "UNTIL"),
        ("FREQ=DAILY;BYSETPOS=400", "rrule_value", "BYSETPOS"),
    ],
)
def test_a_wrong_rule_is_named_by_its_part(text: str, code: str, part: str) -> None:
    error = wrong(text)
    assert (error["field"], error["code"], error["part"]) == ("rrule", code, part)


@pytest.mark.parametrize("text", ["", " ", "x" * 400])
def test_an_empty_or_endless_rule_is_asked_for(text: str) -> None:
    assert wrong(text)["code"] == "rrule"


def test_a_rule_that_never_happens_is_refused_and_does_not_search_for_ever() -> None:
    assert wrong("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3")["code"] == "rrule_never"


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"ends_on": date(2026, 1, 1)}, "ends_on", "before_start"),
        ({"holiday": "sometimes"}, "holiday", "unknown"),
        ({"except_on": (date(2025, 1, 1),)}, "except_on", "before_start"),
        ({"also_on": (date(2025, 1, 1),)}, "also_on", "before_start"),
    ],
)
def test_what_stands_beside_the_rule_is_checked_too(more: Any, field: str, code: str) -> None:
    error = wrong("FREQ=DAILY", **more)
    assert (error["field"], error["code"]) == (field, code)


def test_a_year_without_days_in_lieu_is_not_announced_yet() -> None:
    assert holidays_cn.is_announced(2026)
    assert not holidays_cn.is_announced(2099)
    assert holidays_cn.is_holiday(date(2099, 10, 1))


def test_a_holiday_has_a_name_and_a_working_day_none() -> None:
    assert holidays_cn.name(date(2026, 10, 1)) == "National Day"
    assert holidays_cn.name(date(2026, 11, 20)) is None


def test_no_free_day_within_reach_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holidays_cn, "_LONGEST", 2)
    assert holidays_cn.nearest(date(2026, 2, 18), 1, working_only=False) is None


RULES = st.builds(
    lambda freq, interval, weekdays, holiday, working: Rule(
        f"FREQ={freq};INTERVAL={interval}" + (f";BYDAY={','.join(sorted(weekdays))}" if weekdays else ""),
        MONDAY,
        holiday=holiday,
        working_days_only=working,
    ),
    st.sampled_from(["DAILY", "WEEKLY"]),
    st.integers(1, 5),
    st.sets(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])),
    st.sampled_from(recurrence.HOLIDAYS),
    st.booleans(),
)


@given(RULES, st.integers(0, 500), st.integers(0, 40), st.integers(0, 40))
def test_a_longer_span_holds_the_shorter_ones_days(one: Rule, begin: int, length: int, more: int) -> None:
    first = MONDAY + timedelta(days=begin)
    last = first + timedelta(days=length)
    shorter = days(one, first, last)
    longer = days(one, first - timedelta(days=3), last + timedelta(days=more))
    assert shorter == [day for day in longer if first <= day <= last]
    assert shorter == sorted(set(shorter))


@given(RULES, st.integers(0, 500))
def test_nothing_falls_on_a_holiday_unless_it_is_kept(one: Rule, begin: int) -> None:
    first = MONDAY + timedelta(days=begin)
    found = days(one, first, first + timedelta(days=60))
    if one.working_days_only:
        assert all(holidays_cn.is_working_day(day) for day in found)
    elif one.holiday != "as_usual":
        assert not any(holidays_cn.is_holiday(day) for day in found)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_as_a_field(text: str) -> None:
    try:
        parts(text)
    except Invalid as error:
        assert error.extra["errors"]  # noqa: PT017 - either way is right


def test_a_weekend_between_the_days_of_a_holiday_belongs_to_it() -> None:
    assert [holidays_cn.is_holiday(date(2026, 10, day)) for day in range(1, 9)] == [True] * 7 + [False]
    assert not holidays_cn.is_holiday(date(2026, 11, 21))
    assert not holidays_cn.is_holiday(date(2026, 10, 10))
