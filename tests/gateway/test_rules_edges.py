"""The rules at their edges: what is repeated, late, switched off or elsewhere; pure."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.rules import book
from gateway.rules.memory import Device
from tests.gateway.homes import (
    BATH,
    BEDROOM,
    CABINET,
    DOOR,
    FRIDGE,
    KITCHEN,
    MAT,
    MORNING,
    NIGHT,
    SMOKE,
    WATCH,
    Home,
    only,
)


def test_a_mat_that_repeats_itself_after_the_minutes_is_judged_on_its_own_clock() -> None:
    home = Home(*only("bed_exit"), has_mat=True)
    home.says(0, MAT, in_bed=True)
    home.says(120, MAT, in_bed=False)
    assert not home.says(130, MAT, in_bed=False)
    home.says(141, MAT, in_bed=False)
    assert home.types == ["bed_exit"]
    assert home.raised[0].at == NIGHT + timedelta(minutes=140)
    home.says(142, MAT, in_bed=False)
    assert home.types == ["bed_exit"]


def test_a_return_that_lasts_ends_the_exit() -> None:
    home = Home(*only("bed_exit"), has_mat=True)
    home.says(0, MAT, in_bed=True)
    home.says(120, MAT, in_bed=False)
    home.says(130, MAT, in_bed=True)
    home.passes(200)
    assert home.types == []
    assert home.watch.instances["bed_exit/mat"].since is None


def test_the_day_s_end_of_an_exit_pages_nobody() -> None:
    home = Home(*only("bed_exit"), has_mat=True)
    home.says(0, MAT, in_bed=True)
    home.says(6 * 60 + 50, MAT, in_bed=False)
    home.says(6 * 60 + 51, MAT, in_bed=True)
    home.passes(8 * 60)
    assert home.types == []


def test_no_mat_motion_at_day_or_before_any_sleep_is_no_exit() -> None:
    home = Home(*only("bed_exit"))
    home.says(0, KITCHEN, occupied=True)
    assert not home.says(1, KITCHEN, occupied=False)
    home.says(MORNING, BEDROOM, occupied=True)
    home.says(MORNING + 60, KITCHEN, occupied=True)
    home.passes(MORNING + 120)
    assert home.types == []


def test_no_mat_out_of_the_bedroom_at_night_says_which_sensor_saw_it() -> None:
    home = Home(*only("bed_exit"))
    home.says(0, BEDROOM, occupied=True)
    home.says(60, FRIDGE, occupied=False, open=True)
    home.says(70, KITCHEN, occupied=True)
    home.passes(80)
    assert home.types == ["bed_exit"]
    assert home.rooms == [[("bedroom", "occupied", True), ("kitchen", "open", True)]]
    home.says(81, KITCHEN, occupied=True)
    home.passes(200)
    assert home.types == ["bed_exit"]


def test_no_mat_a_wardrobe_in_the_bedroom_is_back() -> None:
    home = Home(*only("bed_exit"))
    home.says(0, BEDROOM, occupied=True)
    home.says(60, KITCHEN, occupied=True)
    home.says(70, Device("d9", FRIDGE.model, "bedroom"), open=True)
    home.passes(200)
    assert home.types == []
    assert home.watch.instances["bed_exit/motion"].evidence[0]["metric"] == "open"


def test_motion_that_was_awake_a_moment_ago_is_no_exit() -> None:
    home = Home(*only("bed_exit"))
    home.says(0, BEDROOM, occupied=True)
    home.says(5, KITCHEN, occupied=True)
    home.says(10, BEDROOM, occupied=True)
    home.says(20, KITCHEN, occupied=True)
    home.passes(120)
    assert home.types == []


def test_the_bathroom_is_judged_by_the_first_sign_and_left_by_another_room() -> None:
    home = Home(*only("long_bathroom"))
    home.says(0, CABINET, open=True)
    home.says(30, BATH, occupied=True)
    assert not home.says(31, BATH, occupied=False)
    home.passes(60)
    assert home.types == ["long_bathroom"]
    assert home.rooms == [[("bathroom", "open", True)]]
    home.says(61, BATH, occupied=True)
    home.passes(200)
    home.says(201, KITCHEN, occupied=True)
    assert not home.says(202, KITCHEN, occupied=True)
    home.says(203, BATH, occupied=True)
    home.says(204, KITCHEN, occupied=True)
    home.passes(400)
    assert home.types == ["long_bathroom"]


def test_a_late_word_about_the_same_episode_raises_it_once() -> None:
    for rule, device, bad, good in (
        ("door_open", DOOR, {"open": True}, {"open": False}),
        ("long_bathroom", BATH, {"occupied": True}, None),
    ):
        home = Home(*only(rule))
        for _ in range(2):
            home.says(0, device, **bad)
            home.passes(120)
            if good is None:
                home.says(121, KITCHEN, occupied=True)
            else:
                home.says(121, device, **good)
        assert home.types == [rule]


def test_stillness_is_told_once_and_by_a_bed_only_when_it_changes() -> None:
    home = Home(*only("no_motion"), has_mat=True)
    home.says(MORNING, MAT, in_bed=False)
    assert not home.says(MORNING + 5, MAT, in_bed=False)
    home.says(MORNING + 4 * 60, MAT, in_bed=False)
    assert home.types == ["no_motion"]
    home.says(MORNING, KITCHEN, occupied=True)
    home.passes(MORNING + 8 * 60)
    assert home.types == ["no_motion"]


def test_motion_within_the_same_minute_is_not_written_down_again() -> None:
    home = Home(*only("no_motion"))
    assert home.says(MORNING, KITCHEN, occupied=True)
    assert not home.says(MORNING + 0.5, BEDROOM, occupied=True)
    assert home.says(MORNING + 1, BEDROOM, occupied=True)
    assert home.says(MORNING + 1.1, BEDROOM, occupied=False)


def test_who_comes_in_by_the_front_door_is_watched_again_at_the_first_motion() -> None:
    home = Home(*only("no_motion"))
    home.says(MORNING, KITCHEN, occupied=False)
    home.says(MORNING + 60, DOOR, open=True)
    home.passes(MORNING + 600)
    assert home.types == []
    home.says(MORNING + 601, KITCHEN, occupied=True)
    home.says(MORNING + 601.2, KITCHEN, occupied=False)
    assert home.watch.due_at() is not None


def test_a_cupboard_is_no_door_of_the_home_and_a_door_without_a_room_is() -> None:
    home = Home(*only("door_open"))
    home.says(0, FRIDGE, open=True)
    assert home.watch.instances == {}
    home.says(0, Device("d9", DOOR.model, None), open=True)
    home.passes(30)
    assert home.types == ["door_open"]


def test_a_door_that_stays_open_or_stays_closed_changes_nothing() -> None:
    home = Home(*only("door_open"))
    assert not home.says(0, DOOR, open=False)
    assert home.says(1, DOOR, open=True)
    assert not home.says(2, DOOR, open=True)
    assert home.says(3, DOOR, open=False)
    assert not home.says(4, DOOR, open=False)


def test_a_detector_that_repeats_itself_is_raised_once_with_its_battery() -> None:
    home = Home(*only("flags"))
    home.says(0, SMOKE, smoke=True, battery=70)
    assert not home.says(20, SMOKE, smoke=True)
    assert home.rooms == [[("kitchen", "smoke", True), ("kitchen", "battery", 70)]]


def test_a_district_may_set_how_grave_a_flag_is() -> None:
    home = Home(("flags", True, {"severity": 2}))
    home.says(0, SMOKE, smoke=True)
    assert [(one.type, one.severity) for one in home.raised] == [("smoke", 2)]


def test_a_heart_that_is_well_again_and_a_loose_lead_that_is_fixed_begin_anew() -> None:
    home = Home(*only("heart_rate", "lead_off"), has_mat=True)
    home.says(0, MAT, heart_rate=150)
    home.says(1, MAT, heart_rate=80)
    assert not home.says(2, MAT, heart_rate=80)
    home.says(3, MAT, heart_rate=70, respiration_rate=0)
    home.says(8, MAT, heart_rate=70, respiration_rate=15)
    assert not home.says(9, MAT, heart_rate=70, respiration_rate=15)
    home.says(10, MAT, heart_rate=70, respiration_rate=0)
    home.says(19, MAT, heart_rate=70, respiration_rate=0)
    assert home.types == []
    home.says(20, MAT, heart_rate=70, respiration_rate=0)
    assert home.types == ["fault"]


@pytest.mark.parametrize(
    ("rule", "values", "every"),
    [
        ("heart_rate", {"heart_rate": 150}, 30),
        ("lead_off", {"heart_rate": 70, "respiration_rate": 0}, 24 * 60),
    ],
)
def test_what_lasts_is_an_alarm_again_after_a_while(rule: str, values: dict[str, float], every: int) -> None:
    home = Home(*only(rule), has_mat=True)
    for minute in range(0, every + 30, 5):
        home.says(minute, MAT, **values)
    first, again = home.raised
    assert again.at - first.at == timedelta(minutes=every)
    assert (first.episode, again.episode) == (NIGHT, again.at)


def test_a_watch_that_nobody_wears_has_no_heart_rate() -> None:
    home = Home(*only("heart_rate"))
    for minute in range(5):
        home.says(minute, WATCH, heart_rate=0, worn=False)
    assert home.types == []


def test_a_battery_that_was_changed_may_run_low_again_after_a_day() -> None:
    home = Home(*only("low_battery"))
    for at, level in ((0, 14), (10, 18), (20, 90), (30, 14), (25 * 60, 90), (26 * 60, 14)):
        home.says(at, KITCHEN, battery=level)
    assert [one.at - NIGHT for one in home.raised] == [timedelta(0), timedelta(hours=26)]


def test_a_rule_that_was_switched_off_meanwhile_lets_go() -> None:
    home = Home(*only("door_open"))
    home.says(0, DOOR, open=True)
    home.rules = book.compile_(only())
    home.passes(600)
    assert (home.types, home.watch.due_at()) == ([], None)


def test_a_watch_is_due_by_the_wall_clock_at_its_earliest() -> None:
    home = Home(*only("door_open", "long_bathroom"))
    assert home.watch.due_at() is None
    home.says(0, BATH, occupied=True)
    home.says(0, DOOR, lag_s=90, open=True)
    assert home.watch.due_at() == NIGHT + timedelta(minutes=11.5)
    home.passes(11)
    assert home.types == []
    home.passes(11.5)
    assert home.types == ["door_open"]


def test_an_alarm_s_id_is_its_rule_its_thing_and_its_episode() -> None:
    home = Home(*only("flags"))
    home.says(0, SMOKE, smoke=True)
    assert home.raised[0].message_id == "smoke:smoke/s1:2026-11-20T15:00:00+00:00"


devices = st.sampled_from([MAT, BEDROOM, KITCHEN, BATH, DOOR, SMOKE, WATCH])
numbers = st.dictionaries(
    st.sampled_from(["heart_rate", "respiration_rate", "battery", "temperature"]),
    st.integers(0, 300),
    max_size=3,
)
flags = st.dictionaries(
    st.sampled_from(["in_bed", "occupied", "open", "smoke", "worn", "mains", "online"]),
    st.booleans(),
    max_size=3,
)


@given(st.lists(st.tuples(st.integers(0, 90), devices, numbers, flags), max_size=40), st.booleans())
def test_whatever_a_home_says_no_episode_is_raised_twice_and_a_sweep_settles(
    words: list[tuple[int, Device, dict[str, float], dict[str, float]]],
    has_mat: bool,  # noqa: FBT001 - hypothesis
) -> None:
    home, at = Home(has_mat=has_mat), 0
    for step, device, figures, booleans in words:
        at += step
        home.says(at, device, **figures, **booleans)
    home.passes(at + 100 * 24 * 60)
    assert home.watch.due_at() is None
    ids = [one.message_id for one in home.raised]
    assert len(ids) == len(set(ids))
