"""Bed times, the home's door, walks at night: both sides of each limit; pure."""

from typing import Any

import pytest

from devices import thing_models
from gateway.rules.memory import Device
from tests.gateway.homes import BATH, DOOR, KITCHEN, MAT, MORNING, Home, only

RADAR = Device("r1", thing_models.get("radar_v1"), "bedroom")
BOX = Device("b1", thing_models.get("medicine_box_v1"), None)
HUB = Device("h1", thing_models.get("hub_v1"), None)
HOUR, DAY = 60, 24 * 60


def home(rule: str, *, has_mat: bool = True, **params: Any) -> Home:
    return Home(*only(rule), (rule, True, params), has_mat=has_mat)


def test_nobody_in_bed_for_twenty_hours_is_an_absence_and_is_told_once() -> None:
    one = home("bed_absence")
    one.says(0, KITCHEN, occupied=True)
    one.says(0, MAT, in_bed=True)
    one.says(8 * HOUR, MAT, in_bed=False)
    one.says(9 * HOUR, MAT, in_bed=False)
    one.passes(28 * HOUR - 1)
    assert one.types == []
    one.passes(28 * HOUR)
    one.passes(60 * HOUR)
    assert one.types == ["not_in_bed"]
    one.says(61 * HOUR, DOOR, open=True)
    one.says(62 * HOUR, KITCHEN, occupied=True)
    one.passes(99 * HOUR)
    assert one.types == ["not_in_bed"]


def test_who_is_away_is_not_absent_from_bed_until_home_again_for_long() -> None:
    one = home("bed_absence")
    one.says(0, MAT, in_bed=True)
    one.says(1, DOOR, open=True)
    one.says(8 * HOUR, MAT, in_bed=False)
    one.says(9 * HOUR, DOOR, open=True)
    one.says(9 * HOUR + 1, KITCHEN, occupied=True)
    one.passes(40 * HOUR)
    assert one.types == []
    one.says(48 * HOUR, KITCHEN, occupied=True)
    one.passes(57 * HOUR)
    assert one.types == []
    one.passes(58 * HOUR)
    assert one.types == ["not_in_bed"]


def test_a_short_walk_to_the_door_does_not_hide_an_absence() -> None:
    one = home("bed_absence")
    one.says(0, MAT, in_bed=True)
    one.says(8 * HOUR, MAT, in_bed=False)
    one.says(9 * HOUR, DOOR, open=True)
    one.says(9 * HOUR + 10, KITCHEN, occupied=True)
    one.passes(28 * HOUR)
    assert one.types == ["not_in_bed"]


def test_back_in_bed_is_no_absence() -> None:
    one = home("bed_absence")
    one.says(0, MAT, in_bed=True)
    one.says(8 * HOUR, MAT, in_bed=False)
    one.says(20 * HOUR, MAT, in_bed=True)
    one.passes(40 * HOUR)
    assert one.types == []


def test_before_a_habit_is_known_still_in_bed_waits_two_hours_more() -> None:
    one = home("still_in_bed")
    one.says(-HOUR, MAT, in_bed=False)
    one.says(0, MAT, in_bed=True)
    one.passes(13 * HOUR - 1)
    assert one.types == []
    one.says(13 * HOUR, MAT, in_bed=True)
    assert one.types == ["no_motion"]
    one.says(14 * HOUR, MAT, in_bed=False)
    one.says(14 * HOUR + 10, MAT, in_bed=True)
    one.passes(60 * HOUR)
    assert one.types == ["no_motion"]


def mornings(one: Home, *clocks: float) -> float:
    """Let somebody go to bed at 23:00 and get up so many minutes later, daily; return the next evening."""
    for nth, clock in enumerate(clocks):
        one.says(nth * DAY, MAT, in_bed=True)
        one.says(nth * DAY + 180, MAT, in_bed=False)
        one.says(nth * DAY + 190, MAT, in_bed=True)
        one.says(nth * DAY + clock, MAT, in_bed=False)
    return len(clocks) * DAY


def test_an_early_riser_is_missed_at_ten() -> None:
    one = home("still_in_bed")
    evening = mornings(one, 7 * HOUR, 7 * HOUR, 7 * HOUR)
    one.says(evening, MAT, in_bed=True)
    one.passes(evening + 11 * HOUR - 1)
    assert one.types == []
    one.passes(evening + 11 * HOUR)
    assert one.types == ["no_motion"]


def test_a_late_riser_is_missed_two_hours_after_the_usual_time() -> None:
    one = home("still_in_bed")
    evening = mornings(one, 12 * HOUR, 12 * HOUR, 12 * HOUR)
    one.says(evening, MAT, in_bed=True)
    one.passes(evening + 14 * HOUR - 1)
    assert one.types == []
    one.passes(evening + 14 * HOUR)
    assert one.types == ["no_motion"]


def test_a_nap_teaches_nothing_and_is_not_missed() -> None:
    one = home("still_in_bed")
    one.says(MORNING, MAT, in_bed=True)
    one.says(MORNING + 60, MAT, in_bed=False)
    one.says(MORNING + 600, MAT, in_bed=True)
    one.says(MORNING + 1000, MAT, in_bed=False)
    one.says(DAY + MORNING + 60, MAT, in_bed=True)
    one.passes(DAY + MORNING + 5 * HOUR)
    assert one.types == []


def test_who_comes_home_is_watched_again() -> None:
    """Out at nine, back at ten, both through one door; then nothing moves for four hours of the day."""
    one = home("no_motion", has_mat=False)
    one.says(MORNING, KITCHEN, occupied=True)
    one.says(MORNING + 60, DOOR, open=True)
    one.says(MORNING + 60.2, DOOR, open=False)
    one.passes(MORNING + 119)
    one.says(MORNING + 120, DOOR, open=True)
    one.says(MORNING + 120.2, DOOR, open=False)
    one.says(MORNING + 121, KITCHEN, occupied=True)
    one.says(MORNING + 122, KITCHEN, occupied=False)
    one.passes(MORNING + 122 + 4 * HOUR - 1)
    assert one.types == []
    one.passes(MORNING + 122 + 4 * HOUR)
    assert one.types == ["no_motion"]


@pytest.mark.parametrize(("minutes", "found"), [(0, ["wandering"]), (9 * HOUR, [])], ids=["night", "day"])
def test_a_door_opened_at_night_is_told_at_once_where_somebody_wants_it(
    minutes: float, found: list[str]
) -> None:
    one = home("door_night")
    one.says(minutes, DOOR, open=True)
    one.says(minutes + 1, DOOR, open=True)
    one.says(minutes + 2, DOOR, open=False)
    one.says(minutes + 3, DOOR, open=True)
    one.says(minutes + 4, KITCHEN, open=True)
    assert one.types == found
    assert Home().rules.by_name.get("door_night") is None


def test_out_at_night_and_nobody_moves_inside_is_told() -> None:
    one = home("left_at_night", has_mat=False)
    one.says(60, KITCHEN, occupied=True)
    one.says(60.5, KITCHEN, occupied=True)
    one.says(62, DOOR, open=True)
    one.says(62.5, DOOR, open=False)
    one.passes(92)
    assert one.types == []
    one.passes(92.5)
    assert one.types == ["wandering"]
    one.says(100, DOOR, open=True)
    one.passes(200)
    assert one.types == ["wandering"]


@pytest.mark.parametrize(
    "said",
    [
        [(60, KITCHEN, {"occupied": True}), (62, DOOR, {"open": True}), (65, KITCHEN, {"occupied": True})],
        [(60, DOOR, {"open": True}), (61, KITCHEN, {"occupied": False})],
        [(9 * HOUR, KITCHEN, {"occupied": True}), (9 * HOUR + 1, DOOR, {"open": True})],
    ],
    ids=["back inside", "somebody comes home", "by day"],
)
def test_a_door_at_night_that_is_no_outing(said: list[Any]) -> None:
    one = home("left_at_night", has_mat=False)
    for minutes, device, values in said:
        one.says(minutes, device, **values)
    one.passes(12 * HOUR)
    assert one.types == []


def test_from_room_to_room_in_the_night_is_wandering_once_a_night() -> None:
    one = home("wandering", has_mat=False, changes=5)
    for nth in range(14):
        one.says(60 + nth, KITCHEN if nth % 2 else BATH, occupied=True)
        one.says(60.5 + nth, KITCHEN if nth % 2 else BATH, occupied=nth % 3 == 0)
    assert one.types == ["wandering"]
    assert len(one.raised[0].evidence) == 6


def test_the_same_walk_by_day_or_slowly_is_none() -> None:
    one = home("wandering", has_mat=False, changes=5)
    for nth in range(14):
        one.says(MORNING + nth, KITCHEN if nth % 2 else BATH, occupied=True)
        one.says(DAY + 60 + nth * 15, KITCHEN if nth % 2 else BATH, occupied=True)
    one.says(DAY + MORNING, BATH, occupied=True)
    one.says(2 * DAY, Device("x", thing_models.get("motion_v1"), None), occupied=True)
    assert one.types == []
