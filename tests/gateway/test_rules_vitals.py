"""Drift, breath that stops, loose leads, medicine, stuck sensors: both sides of each limit; pure."""

from typing import Any

import pytest

from devices import thing_models
from gateway.rules import book
from gateway.rules.memory import Device, Instance, Seen
from gateway.rules.vitals import Trend
from tests.gateway.homes import BEDROOM, DOOR, KITCHEN, MAT, MORNING, WATCH, Home, only
from tests.makers import NOW

RADAR = Device("r1", thing_models.get("radar_v1"), "bedroom")
BOX = Device("b1", thing_models.get("medicine_box_v1"), None)
HUB = Device("h1", thing_models.get("hub_v1"), None)
HOUR, DAY = 60, 24 * 60


def home(rule: str, *, has_mat: bool = True, **params: Any) -> Home:
    return Home(*only(rule), (rule, True, params), has_mat=has_mat)


def trend(one: Home, days: int, value: float, start: int = 0) -> None:
    for nth in range(start * 144, (start + days) * 144):
        one.says(nth * 10, MAT, heart_rate=value + nth % 2, in_bed=True)


def test_a_heart_that_drifts_from_its_usual_rate_is_noticed_and_becomes_usual() -> None:
    one = home("heart_rate_trend")
    trend(one, 5, 60)
    one.says(5 * DAY - 1, MAT, heart_rate=0)
    one.says(5 * DAY - 1, MAT, heart_rate=170, in_bed=False)
    for minutes in range(5 * DAY, 6 * DAY, 5):
        one.says(minutes, MAT, heart_rate=85, in_bed=True)
    trend(one, 1, 85, 6)
    assert one.types == ["heart_rate"]
    assert one.raised[0].severity == 4
    assert [row["metric"] for row in one.raised[0].evidence] == ["heart_rate", "recent", "usual"]


def test_a_trend_needs_days_to_know_what_is_usual() -> None:
    one = home("heart_rate_trend")
    trend(one, 1, 60)
    trend(one, 1, 90, 1)
    assert one.types == []


def test_a_value_that_says_nothing_of_a_person_is_no_sample() -> None:
    rule, memory = Trend("heart_rate_trend", "heart_rate", 20, 3, 7, 12, 0), Instance()
    for values in ({"heart_rate": 0.0}, {"heart_rate": 70.0, "in_bed": False}):
        assert list(rule.hear(memory, Seen(MAT, NOW, 0, values), "heart_rate_trend/m")) == []
    assert memory == Instance()


def breath(one: Home, *rates: float, start: float = 0, **more: float) -> None:
    for nth, rate in enumerate(rates):
        one.says(start + nth / 2, MAT, respiration_rate=rate, **more)


def test_breath_that_stops_while_somebody_is_there_is_apnoea_once() -> None:
    one = home("no_breath")
    breath(one, 14, 14, 0, in_bed=True)
    assert one.types == []
    breath(one, 0, 0, 0, start=1.5, in_bed=True)
    assert one.types == ["apnoea"]
    breath(one, 12, 0, 0, 0, start=5, in_bed=True)
    assert one.types == ["apnoea"]


@pytest.mark.parametrize(
    "more",
    [{"heart_rate": 60, "in_bed": True}, {"in_bed": False}, {}, {"in_bed": True, "lead_off": True}],
    ids=["a normal heart", "nobody in bed", "nobody known", "the sensor says loose"],
)
def test_no_breath_of_nobody_or_of_a_loose_lead_is_no_apnoea(more: dict[str, Any]) -> None:
    one = home("no_breath")
    breath(one, 14, in_bed=True)
    breath(one, 0, 0, 0, 0, start=1, **more)
    assert one.types == []


def test_breath_that_was_never_there_or_long_ago_did_not_stop() -> None:
    one = home("no_breath")
    breath(one, 0, 0, 0, in_bed=True)
    breath(one, 14, start=5, in_bed=True)
    breath(one, 4, start=6, in_bed=True)
    breath(one, 0, 0, 0, start=30, in_bed=True)
    assert one.types == []


def test_a_slow_heart_beside_no_breath_is_apnoea_too() -> None:
    one = home("no_breath")
    breath(one, 14, 13, in_bed=True, heart_rate=60)
    breath(one, 0, 0, 0, start=1, heart_rate=28)
    assert one.types == ["apnoea"]


@pytest.mark.parametrize(
    "values",
    [{"respiration_rate": 0, "heart_rate": 0, "in_bed": True}, {"lead_off": True}],
    ids=["no signal at all", "the sensor says so"],
)
def test_a_signal_that_is_lost_in_bed_is_a_technical_matter(values: dict[str, Any]) -> None:
    one = home("lead_off")
    for minutes in range(0, 12, 2):
        one.says(minutes, MAT, **values)
    assert one.types == ["fault"]
    limits = Home(*only("respiration_rate"))
    for minutes in range(6):
        limits.says(minutes, MAT, respiration_rate=0, lead_off=True)
    assert limits.types == []


def test_a_dose_that_is_not_taken_is_missed_each_time() -> None:
    one = home("missed_medicine", times=["08:00", "20:00"])
    one.says(MORNING - 100, BOX, lid_open=True)
    one.says(MORNING - 99, BOX, lid_open=False)
    one.passes(MORNING + 90)
    assert one.types == []
    one.passes(MORNING + 12 * HOUR + 89)
    assert one.types == []
    one.passes(MORNING + 12 * HOUR + 90)
    one.passes(MORNING + 24 * HOUR + 90)
    assert one.types == ["missed_medicine", "missed_medicine"]
    assert len({raised.message_id for raised in one.raised}) == 2


def test_a_box_without_times_and_a_kitchen_cupboard_are_not_watched() -> None:
    one = home("missed_medicine")
    one.says(0, BOX, lid_open=True)
    two = home("missed_medicine", times=["08:00"])
    two.says(0, DOOR, open=True)
    for each in (one, two):
        each.passes(3 * DAY)
        assert each.types == []


def test_times_taken_away_end_the_wait() -> None:
    one = home("missed_medicine", times=["08:00"])
    one.says(0, BOX, lid_open=False)
    one.rules = book.compile_([("missed_medicine", True, {"times": []})])
    one.passes(MORNING + 90)
    assert one.watch.due_at() is None


def test_motion_that_never_ends_is_a_stuck_sensor_once_a_day() -> None:
    one = home("stuck")
    one.says(0, KITCHEN, occupied=True)
    one.says(60, KITCHEN, occupied=True)
    one.passes(12 * HOUR)
    one.passes(30 * HOUR)
    assert one.types == ["fault"]
    one.says(31 * HOUR, KITCHEN, occupied=False)
    one.says(32 * HOUR, KITCHEN, occupied=True)
    one.says(43 * HOUR, KITCHEN, occupied=False)
    one.passes(99 * HOUR)
    assert one.types == ["fault"]


def test_what_is_stuck_again_is_told_when_the_cooldown_is_over() -> None:
    one = home("stuck")
    one.says(0, KITCHEN, occupied=True)
    one.says(13 * HOUR, KITCHEN, occupied=False)
    one.says(14 * HOUR, KITCHEN, occupied=True)
    one.passes(36 * HOUR - 1)
    assert one.types == ["fault"]
    one.passes(36 * HOUR)
    assert one.types == ["fault", "fault"]


def test_a_heart_that_is_the_same_for_hours_is_a_stuck_sensor() -> None:
    one = home("stuck")
    for nth in range(0, 5 * HOUR, 5):
        one.says(nth, MAT, heart_rate=71, in_bed=True)
        one.says(nth, WATCH, heart_rate=71 + nth % 3, worn=True)
    assert [(raised.type, raised.device) for raised in one.raised] == [("fault", "mat")]
    one.says(6 * HOUR, MAT, heart_rate=0)
    one.watch.instances["stuck_heart_rate/mat"].due = one.raised[0].at
    one.passes(7 * HOUR)
    assert one.types == ["fault"]


def test_a_hub_or_a_watch_measures_no_room() -> None:
    one = home("temperature")
    for minutes in range(0, 90, 10):
        one.says(minutes, HUB, temperature=50)
        one.says(minutes, WATCH, temperature=37)
        one.says(minutes, BEDROOM, temperature=37)
    assert {raised.device for raised in one.raised} == {"m1"}


def test_breath_that_is_slow_and_goes_on_is_no_apnoea() -> None:
    one = home("no_breath")
    breath(one, 14, *range(14, 3, -1), in_bed=True)
    assert one.types == []
