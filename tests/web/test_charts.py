"""The vital-sign chart: its slots, gaps, bands, hours and the table beneath."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from dashboards.web import charts

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def rows(metric: str, *points: tuple[float, float | None]) -> list[dict[str, Any]]:
    """Return readings of so many minutes ago."""
    return [{"metric": metric, "observed_at": NOW - timedelta(minutes=ago), "value": v} for ago, v in points]


def test_what_lies_outside_or_has_no_value_is_not_drawn() -> None:
    heart = rows("heart_rate", (61, 70), (30, None), (-1, 72))
    assert charts.vitals(heart, NOW - HOUR, NOW).empty


def test_a_reading_alone_is_a_dot() -> None:
    chart = charts.vitals(rows("heart_rate", (50, 70), (10, 80)), NOW - HOUR, NOW)
    assert (chart.lines["heart_rate"], len(chart.dots["heart_rate"])) == ([], 2)


@pytest.mark.parametrize(("frame", "most"), [(charts.WIDE, 240), (charts.NARROW, 120)])
def test_a_day_of_readings_is_averaged_into_slots(frame: charts.Frame, most: int) -> None:
    heart = rows("heart_rate", *((minute, 60 + minute % 2 * 20) for minute in range(1440)))
    chart = charts.vitals(heart, NOW - DAY, NOW, frame=frame)
    (line,) = chart.lines["heart_rate"]
    points = [tuple(float(part) for part in point.split(",")) for point in line.split(" ")]
    assert len(points) == most
    assert points == sorted(points)
    assert len({y for _, y in points}) < 5
    value, at = chart.last["heart_rate"]
    assert (60 <= value <= 80, at) == (True, NOW)


def test_a_slot_without_readings_stays_empty() -> None:
    minutes = [*range(300), *range(1000, 1300)]
    chart = charts.vitals(rows("heart_rate", *((m, 70) for m in minutes)), NOW - DAY, NOW)
    assert len(chart.lines["heart_rate"]) == 2


def test_time_in_bed_that_goes_on_is_one_band_and_ends_ten_minutes_after_the_last_word() -> None:
    chart = charts.vitals(rows("in_bed", (60, 1), (50, 1), (40, 0), (30, 1)), NOW - HOUR, NOW)
    assert not chart.empty
    assert [round(width) for _, width in chart.bands] == [198, 99]
    assert chart.last["in_bed"] == (1, NOW - HOUR / 2)


@pytest.mark.parametrize(
    ("length", "frame", "step"),
    [
        (HOUR, charts.WIDE, timedelta(minutes=10)),
        (DAY, charts.WIDE, timedelta(hours=4)),
        (DAY, charts.NARROW, timedelta(hours=6)),
        (30 * DAY, charts.NARROW, DAY),
    ],
)
def test_hours_stand_at_even_local_times(length: timedelta, frame: charts.Frame, step: timedelta) -> None:
    hours = [at for _, at in charts.vitals([], NOW - length, NOW, frame=frame).hours]
    assert {later - at for at, later in pairwise(hours)} == {step}
    assert NOW - length <= hours[0] <= hours[-1] <= NOW
    assert (hours[0].minute + hours[0].hour * 60) % (step.total_seconds() / 60) == 0


@pytest.mark.parametrize(
    ("highest", "frame", "levels"),
    [
        (70, charts.WIDE, [0, 20, 40, 60, 80, 100]),
        (150, charts.WIDE, [0, 40, 80, 120, 160]),
        (70, charts.NARROW, [0, 40, 80]),
        (999, charts.WIDE, [0, 40, 80, 120, 160, 200, 240]),
    ],
)
def test_levels_reach_above_the_highest_value(highest: float, frame: charts.Frame, levels: list[int]) -> None:
    chart = charts.vitals(rows("heart_rate", (5, highest)), NOW - HOUR, NOW, frame=frame)
    assert [level for _, level in chart.levels] == levels
    assert [y for y, _ in chart.levels] == sorted((y for y, _ in chart.levels), reverse=True)


def test_an_alarm_is_marked_where_it_was_and_not_outside() -> None:
    ends = [NOW - HOUR, NOW, NOW - 2 * HOUR, NOW + HOUR]
    assert charts.vitals([], NOW - HOUR, NOW, ends).marks == [38, 632]


def test_the_table_tells_lowest_mean_and_highest_newest_first() -> None:
    said = [*rows("heart_rate", (55, 60), (54, 80), (5, 70)), *rows("in_bed", (54, 1), (53, 0), (25, 1))]
    summary = charts.vitals(said, NOW - HOUR, NOW).summary
    assert [(line["start"].minute, line["heart_rate"], line["in_bed"]) for line in summary] == [
        (20, (70, 70, 70), None),
        (0, None, 1),
        (30, (60, 70, 80), 0.5),
    ]
    assert summary[0]["end"] - summary[0]["start"] == timedelta(minutes=10)
    day = charts.vitals(said, NOW - DAY, NOW).summary
    assert [(line["start"].hour, line["end"] - line["start"]) for line in day] == [
        (16, timedelta(hours=2)),
        (14, timedelta(hours=2)),
    ]


def test_a_reading_of_the_last_instant_is_in_the_table_too() -> None:
    (line,) = charts.vitals(rows("heart_rate", (0, 70)), NOW - HOUR, NOW).summary
    assert (line["start"], line["heart_rate"]) == (NOW, (70, 70, 70))
