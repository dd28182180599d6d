"""The quiet digest and the charts of the family's page: what is said, and what is not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.web import trends
from dashboards.web.family import digest
from dashboards.web.family.digest import Heard
from dashboards.web.trends import Slot

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
"""Saturday, 16:30 in Shanghai."""
MAT = {"thing_model": "care_bed_v1", "name": "mat", "last_seen_at": NOW, "silent_since": None}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a local time of November."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - 8 * HOUR


def bed(*changes: tuple[datetime, int]) -> list[dict[str, Any]]:
    return [{"metric": "in_bed", "observed_at": when, "value": value} for when, value in changes]


def codes(heard: Heard, now: datetime = NOW) -> list[tuple[str, Any]]:
    found = []
    for fact in digest.of(heard, now):
        first = next(iter(fact.figures.values()), None)
        found.append((fact.code, first))
    return found


def test_a_home_that_has_said_nothing_has_no_digest() -> None:
    assert digest.of(Heard(), NOW) == []
    assert digest.of(Heard(devices=[{**MAT, "last_seen_at": None}]), NOW) == []


def test_a_night_is_summed_and_says_how_often_somebody_was_up() -> None:
    night = bed((at(20, 21, 30), 1), (at(21, 2, 40), 0), (at(21, 2, 50), 1), (at(21, 6, 10), 0))
    facts = digest.of(Heard(switched=night[::-1], devices=[MAT]), NOW)
    assert [fact.code for fact in facts] == ["up_since", "night", "moved"]
    assert facts[0].figures == {"at": at(21, 6, 10)}
    assert facts[1].figures == {
        "length": timedelta(hours=8, minutes=30),
        "times": 1,
        "since": at(20, 21, 30),
        "until": at(21, 6, 10),
    }


def test_who_turns_over_was_not_up() -> None:
    night = bed((at(20, 22), 1), (at(21, 3), 0), (at(21, 3, 4), 1), (at(21, 6), 0))
    (fact,) = [one for one in digest.of(Heard(switched=night, devices=[MAT]), NOW) if one.code == "night"]
    assert fact.figures["times"] == 0


def test_who_lies_in_bed_now_is_said_to_and_the_night_is_not_over() -> None:
    now = at(21, 5)
    heard = Heard(switched=bed((at(20, 21), 1)), devices=[{**MAT, "last_seen_at": now}])
    assert codes(heard, now) == [("in_bed_since", at(20, 21)), ("moved", at(20, 21))]


def test_an_hour_after_lunch_is_no_night() -> None:
    heard = Heard(switched=bed((at(21, 12, 30), 1), (at(21, 13, 30), 0)), devices=[MAT])
    assert [code for code, _ in codes(heard)] == ["up_since", "moved"]


def test_a_mat_that_is_silent_is_named_and_nothing_is_said_of_now() -> None:
    silent = {**MAT, "last_seen_at": at(21, 14, 20)}
    heard = Heard(switched=bed((at(20, 21), 1), (at(21, 6), 0)), devices=[silent])
    assert [code for code, _ in codes(heard)] == ["night", "moved", "no_signal"]
    (said,) = [one for one in digest.of(heard, NOW) if one.code == "no_signal"]
    assert said.figures == {"device": "care_bed_v1", "since": at(21, 14, 20)}


def test_a_button_speaks_seldom_and_is_named_only_when_it_is_known_to_be_silent() -> None:
    button = {"thing_model": "sos_button_v1", "name": "b", "last_seen_at": at(20, 1), "silent_since": None}
    assert codes(Heard(devices=[button])) == []
    assert codes(Heard(devices=[{**button, "silent_since": at(20, 9)}])) == [("no_signal", "sos_button_v1")]


def test_other_switches_tell_that_somebody_moved() -> None:
    rows = [
        {"metric": "open", "observed_at": at(21, 15), "value": 1},
        {"metric": "battery", "observed_at": at(21, 16), "value": 1},
    ]
    assert codes(Heard(switched=rows)) == [("moved", at(21, 15))]


def test_meals_and_visitors_are_told_in_their_order() -> None:
    meals: list[dict[str, object]] = [
        {"kind": "dinner", "mode": "eat_in", "served_at": at(21, 16)},
        {"kind": "lunch", "mode": "deliver", "served_at": at(21, 11, 42)},
        {"kind": "breakfast", "mode": "deliver", "served_at": None},
    ]
    carer = {"service": "bath", "caregiver_name": "carer"}
    visits: list[dict[str, object]] = [
        {**carer, "started_at": at(21, 16), "ended_at": None},
        {**carer, "started_at": at(21, 9), "ended_at": at(21, 10)},
        {**carer, "started_at": None, "ended_at": None, "caregiver_name": None},
    ]
    said = digest.of(Heard(meals=meals, visits=visits), NOW)
    assert [(one.code, one.of) for one in said] == [
        ("ate_deliver", "visits"),
        ("ate_eat_in", "visits"),
        ("visited", "visits"),
        ("visiting", "visits"),
    ]


@given(st.lists(st.tuples(st.integers(0, 22 * 60), st.booleans()), max_size=40, unique_by=lambda one: one[0]))
def test_a_night_is_never_longer_than_from_evening_to_noon(changes: list[tuple[int, bool]]) -> None:
    first = digest.begins(NOW)
    rows = bed(*((first + timedelta(minutes=minute), int(value)) for minute, value in changes))
    for fact in digest.of(Heard(switched=rows, devices=[MAT]), NOW):
        if fact.code == "night":
            assert digest.SHORTEST <= fact.figures["length"] <= 18 * HOUR
            assert first <= fact.figures["since"] < fact.figures["until"] <= at(21, 12)


def slots(*values: float | None) -> list[Slot]:
    return [Slot(NOW + n * HOUR, NOW + (n + 1) * HOUR, value) for n, value in enumerate(values)]


def test_nothing_heard_is_nothing_drawn() -> None:
    chart = trends.draw("bars", slots(None, None))
    assert (chart.empty, chart.bars, chart.levels, chart.least, chart.most) == (True, [], [], None, None)


def test_bars_begin_at_nothing_and_the_axis_ends_above_the_highest() -> None:
    chart = trends.draw("bars", slots(7.5, None, 0))
    assert [value for _, value in chart.levels] == [0, 2, 4, 6, 8]
    assert len(chart.bars) == 2
    assert (chart.lines, chart.dots) == ([], [])
    assert (chart.least, chart.most) == (0, 7.5)


def test_a_band_breaks_where_nothing_was_heard_and_a_lone_value_is_a_dot() -> None:
    one, two = Slot(NOW, NOW + HOUR, 62, 57, 71), Slot(NOW + HOUR, NOW + 2 * HOUR, 64, 58, 80)
    gap, last = Slot(NOW + 2 * HOUR, NOW + 3 * HOUR), Slot(NOW + 3 * HOUR, NOW + 4 * HOUR, 70, 70, 70)
    chart = trends.draw("band", [one, two, gap, last])
    assert (len(chart.lines), len(chart.dots), len(chart.bars)) == (1, 1, 3)
    assert [value for _, value in chart.levels] == [40, 50, 60, 70, 80]
    assert (chart.least, chart.most) == (57, 80)
    assert [start for _, start in chart.labels] == [NOW + n * HOUR for n in range(4)]


@pytest.mark.parametrize("value", [0, 0.0001, 900])
def test_any_value_has_an_axis(value: float) -> None:
    chart = trends.draw("bars", slots(value))
    assert chart.levels[-1][1] >= value
    assert len(chart.levels) <= 6


def test_rows_are_weighed_by_how_often_was_heard() -> None:
    pieces = trends.slots(NOW, NOW + 2 * HOUR, HOUR)
    rows: list[dict[str, object]] = [
        {"at": NOW, "low": 50, "high": 60, "mean": 55, "count": 1},
        {"at": NOW + HOUR / 2, "low": 52, "high": 80, "mean": 65, "count": 3},
        {"at": NOW + HOUR / 3, "low": None, "high": None, "mean": None, "count": 0},
    ]
    first, second = trends.gather(pieces, rows)
    assert (first.value, first.low, first.high) == (62.5, 50, 80)
    assert (second.value, second.low) == (None, None)


def test_seconds_of_a_night_become_hours() -> None:
    pieces = trends.slots(NOW, NOW + 2 * DAY, DAY)
    rows = [{"at": NOW + n * HOUR, "seconds": 1800} for n in range(4)] + [{"at": NOW, "seconds": None}]
    assert [one.value for one in trends.hours(pieces, rows)] == [2.0, None]
