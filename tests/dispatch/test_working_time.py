"""Rules of working time, contradictory wishes, weeks: the pure parts of a roster."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import local_date
from core.ids import new_id
from dispatch.roster import weeks
from dispatch.roster.weeks import Laid, Pattern
from dispatch.roster.wishing import Wish, clash
from dispatch.roster.working_time import Duty, Limits, breaches, hours_of_week, new_breaches

MONDAY = date(2026, 11, 23)
EIGHT = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
SHE, HE = new_id(), new_id()
GENDERS = {SHE: "female", HE: "male"}


def duty(day: int, since: float, until: float, break_minutes: int = 0) -> Duty:
    start = EIGHT + timedelta(days=day)
    return Duty(None, start + timedelta(hours=since - 8), start + timedelta(hours=until - 8), break_minutes)


WEEK = [duty(n, 8, 16) for n in range(5)]


@pytest.mark.parametrize(
    ("duties", "codes"),
    [
        ([], []),
        (WEEK, []),
        ([duty(0, 8, 16.5)], ["long_day"]),
        ([duty(0, 8, 17, 60)], []),
        ([duty(0, 8, 12), duty(0, 11, 13)], ["overlap"]),
        ([duty(0, 8, 12), duty(0, 12, 16)], []),
        ([*WEEK, duty(5, 8, 12)], []),
        ([*WEEK, duty(5, 8, 13)], ["long_week"]),
        ([duty(0, 14, 22), duty(1, 9, 17)], []),
        ([duty(0, 14, 22), duty(1, 8, 16)], ["short_rest"]),
        ([duty(0, 8, 12), duty(0, 17, 21)], []),
        ([duty(0, 19, 27)], []),
        ([duty(n, 8, 14) for n in range(6)], []),
        ([duty(n, 8, 14) for n in range(7)], ["days_in_a_row"]),
        ([duty(n, 8, 14) for n in (0, 1, 2, 4, 5, 6)], []),
    ],
)
def test_each_rule_holds_up_to_its_limit(duties: list[Duty], codes: list[str]) -> None:
    assert [one["code"] for one in breaches(Limits(), duties)] == codes


def test_a_night_belongs_to_the_day_and_the_week_on_which_it_begins() -> None:
    sunday_night = duty(6, 22, 30)
    assert sunday_night.on == date(2026, 11, 29)
    assert (hours_of_week([sunday_night], MONDAY), hours_of_week([sunday_night], date(2026, 11, 30))) == (
        8,
        0,
    )


def test_own_limits_stand_before_the_districts_and_what_is_no_limit_is_left_out() -> None:
    limits = Limits().with_own({"week_hours": 20, "colour": "red"})
    assert limits == Limits(week_hours=20)
    assert [one["code"] for one in breaches(limits, WEEK)] == ["long_week"]


def test_a_change_is_told_only_what_it_breaks_itself() -> None:
    long = [duty(0, 8, 20)]
    assert new_breaches(Limits(), long, [*long, duty(2, 8, 12)]) == []
    worse = new_breaches(Limits(), long, [duty(0, 8, 21)])
    assert worse == [{"code": "long_day", "on": "2026-11-23", "hours": 13.0, "limit": 8.0}]


@pytest.mark.parametrize(
    ("new", "one", "code"),
    [
        (Wish("prefer", HE), Wish("never", HE), "wish_prefer_never"),
        (Wish("never", HE), Wish("prefer", HE), "wish_prefer_never"),
        (Wish("prefer", HE), Wish("never", SHE), None),
        (Wish("prefer", HE), Wish("prefer", SHE), None),
        (Wish("prefer", HE), Wish("prefer", HE), "wish_twice"),
        (Wish("gender", value="female", is_hard=True), Wish("prefer", HE), "wish_gender_prefer"),
        (Wish("prefer", HE), Wish("gender", value="female", is_hard=True), "wish_gender_prefer"),
        (Wish("prefer", SHE), Wish("gender", value="female", is_hard=True), None),
        (Wish("prefer", HE), Wish("gender", value="female"), None),
        (Wish("gender", value="male"), Wish("gender", value="female"), "wish_twice"),
        (Wish("language", value="zh"), Wish("language", value="en"), "wish_twice"),
        (Wish("language", value="zh"), Wish("gender", value="male"), None),
        (Wish("gender", value="male", is_hard=True), Wish("prefer", None), None),
    ],
)
def test_contradictory_wishes_are_named_both(new: Wish, one: Wish, code: str | None) -> None:
    found = clash(new, [Wish("language", value="nobody's") if new.kind != "language" else one, one], GENDERS)
    assert (found["code"] if found else None) == code
    if found:
        assert (found["kind"], found["with"]) == (new.kind, one.kind)


def pattern(**given: Any) -> Pattern:
    row: dict[str, Any] = {"weekdays": frozenset({1, 3}), "starts": time(22), "minutes": 480}
    return Pattern(new_id(), SHE, valid_from=MONDAY, **{**row, **given})


def test_a_pattern_lays_its_weekdays_across_midnight_with_their_break() -> None:
    one = pattern(break_after=180, break_before=300, break_minutes=60)
    found = weeks.lay([one], MONDAY - timedelta(days=7), MONDAY + timedelta(days=6))
    assert [local_date(shift.starts_at) for shift in found] == [MONDAY, MONDAY + timedelta(days=2)]
    first = found[0]
    assert first.ends_at - first.starts_at == timedelta(hours=8)
    assert first.break_from == first.starts_at + timedelta(hours=3)
    assert first.break_to == first.starts_at + timedelta(hours=5)
    assert first.origin == f"pattern:{one.pattern_id}"


def test_a_pattern_ends_with_its_last_day() -> None:
    ended = pattern(valid_to=MONDAY)
    assert len(weeks.lay([ended], MONDAY, MONDAY + timedelta(days=6))) == 1


@given(st.integers(-3000, 3000), st.booleans())
def test_the_same_week_again_is_the_same_but_later(days: int, has_break: bool) -> None:  # noqa: FBT001 - hypothesis
    rest: list[Any] = [EIGHT, EIGHT + timedelta(hours=1), 30] if has_break else [None, None, 0]
    by = timedelta(days=days)
    (later,) = weeks.again([Laid(SHE, EIGHT, EIGHT + timedelta(hours=8), *[*rest, "pattern:1"])], by)
    assert later.starts_at - EIGHT == by == later.ends_at - EIGHT - timedelta(hours=8)
    assert (later.break_from == EIGHT + by) is has_break
    assert later.origin is None


def test_a_day_in_china_is_a_holiday_a_day_made_up_for_a_weekend_or_none_of_them() -> None:
    kinds = {
        date(2026, 10, 1): "holiday",
        date(2026, 10, 10): "workday",
        date(2026, 11, 21): "weekend",
        date(2026, 11, 23): "day",
    }
    assert {day: weeks.kind_of(day) for day in kinds} == kinds
    assert weeks.holiday_of(date(2026, 10, 1), "en") == "National Day"
    assert weeks.holiday_of(date(2026, 10, 1), "zh_CN") not in {None, "National Day"}
    assert weeks.holiday_of(date(2026, 11, 23), "zh_CN") is None
