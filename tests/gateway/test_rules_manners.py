"""Quiet hours, cooldown, what fits a rule, silence by habit; pure."""

from datetime import timedelta
from typing import Any

import pytest

from core.errors import Failure, Invalid
from devices import thing_models
from gateway import kit_files
from gateway.rules import book
from gateway.rules.memory import Device
from gateway.rules.silence import Habit, Silence, is_of_changes, unheard
from tests.gateway.homes import DOOR, Home, only
from tests.makers import NOW

RADAR = Device("r1", thing_models.get("radar_v1"), "bedroom")
BOX = Device("b1", thing_models.get("medicine_box_v1"), None)
HUB = Device("h1", thing_models.get("hub_v1"), None)
HOUR, DAY = 60, 24 * 60


def home(rule: str, *, has_mat: bool = True, **params: Any) -> Home:
    return Home(*only(rule), (rule, True, params), has_mat=has_mat)


def test_what_falls_into_quiet_hours_and_lasts_is_told_at_their_end() -> None:
    one = home("door_open", quiet=["22:00-06:00", "06:00-07:00"])
    one.says(60, DOOR, open=True)
    one.passes(8 * HOUR - 1)
    assert one.types == []
    one.passes(8 * HOUR)
    assert (one.types, one.raised[0].at - one.raised[0].episode) == (["door_open"], timedelta(hours=7))


def test_what_ends_in_quiet_hours_is_not_told() -> None:
    one = home("door_open", quiet=["22:00-06:00"])
    one.says(60, DOOR, open=True)
    one.passes(100)
    assert one.watch.due_at() is not None
    one.says(120, DOOR, open=False)
    one.passes(12 * HOUR)
    assert one.types == []


def test_a_rule_that_is_switched_off_drops_what_it_held() -> None:
    one = home("door_open", quiet=["22:00-06:00"])
    one.says(60, DOOR, open=True)
    one.passes(100)
    one.rules = book.compile_([("door_open", False, {})])
    one.passes(12 * HOUR)
    assert (one.types, one.watch.due_at()) == ([], None)


def test_a_cooldown_keeps_any_rule_from_telling_again_too_soon() -> None:
    one = home("door_open", cooldown_s=7200)
    for start in (0, 60, 240):
        one.says(start, DOOR, open=True)
        one.passes(start + 30)
        one.says(start + 31, DOOR, open=False)
    assert len(one.raised) == 2


def test_quiet_all_day_long_is_quiet_for_ever() -> None:
    one = home("door_open", quiet=["00:00-12:00", "12:00-00:00"])
    one.says(0, DOOR, open=True)
    one.passes(2 * DAY)
    assert one.types == []


@pytest.mark.parametrize(
    ("rule", "params", "field"),
    [
        ("nothing", {}, "rule"),
        ("bed_exit", {"speed": 1}, "params.speed"),
        ("bed_exit", {"minutes": -1}, "params.minutes"),
        ("bed_exit", {"minutes": "20"}, "params.minutes"),
        ("bed_exit", {"minutes": float("nan")}, "params.minutes"),
        ("bed_exit", {"night_start": "25:00"}, "params.night_start"),
        ("bed_exit", {"severity": 6}, "params.severity"),
        ("bed_exit", {"quiet": ["22-06"]}, "params.quiet"),
        ("bed_exit", {"quiet": "22:00-06:00"}, "params.quiet"),
        ("bed_exit", {"cooldown_s": -1}, "params.cooldown_s"),
        ("missed_medicine", {"times": ["8"]}, "params.times"),
        ("door_open", {"rooms": [""]}, "params.rooms"),
        ("heart_rate", {"low": 150}, "params.low"),
        ("heart_rate", {"high": 30}, "params.high"),
        ("low_battery", {"low": 30}, "params.low"),
        ("low_battery", {"clear": 5}, "params.clear"),
        ("smoke", {"minutes": 1}, "params.minutes"),
    ],
)
def test_a_change_that_does_not_fit_names_its_field(rule: str, params: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        book.check(rule, params)
    assert [one["field"] for one in wrong.value.extra["errors"]] == [field]  # type: ignore[attr-defined]


def test_changes_that_fit_are_taken() -> None:
    book.check("bed_exit", {"minutes": 5, "quiet": ["22:00-06:00"], "severity": 1, "cooldown_s": 60})
    book.check("temperature", {"low": -5})
    book.check("missed_medicine", {"times": ["08:00"]})
    book.check("smoke", {"cooldown_s": 60})
    book.check("door_open", {"rooms": ["hall"]})


def test_one_alarm_value_may_be_set_apart_from_the_others() -> None:
    rules = book.compile_([("wet", True, {"severity": 5}), ("flags", True, {"severity": 1})])
    assert [getattr(rules.by_name[name], "severity", 0) for name in ("wet", "smoke")] == [5, 1]
    assert "smoke" not in book.compile_([("flags", False, {})]).by_name
    assert "smoke" in book.compile_([("flags", False, {}), ("smoke", True, {})]).by_name


@pytest.mark.parametrize(
    ("habit", "days"),
    [
        (None, 1),
        (Habit(100, 50 * 3600, has_pulse=True), 1),
        (Habit(100, 3600, has_pulse=False), 1),
        (Habit(100, 36 * 3600, has_pulse=False), 3),
        (Habit(5, 3600, has_pulse=False), 7),
    ],
    ids=["a model alone", "a pulse", "often", "seldom", "hardly known"],
)
def test_silence_is_judged_by_habit_where_there_is_no_pulse(habit: Habit | None, days: float) -> None:
    assert Silence(1.0, 2, 20, 7).limit_s(86_400, habit) == days * 86_400


def test_a_kit_may_say_how_long_a_device_may_be_silent() -> None:
    text = '["a/b"]\nthing_model = "door_v1"\nsilent_after_s = {}\n'
    assert kit_files.parse(text.format(60)).silent_after_s == {"a/b": 60}
    for wrong in ('"long"', "-1", "true"):
        with pytest.raises(Failure, match="silent_after_s"):
            kit_files.parse(text.format(wrong))


def test_a_habit_grows_with_what_is_said() -> None:
    habit = Habit().said(None, is_pulse=False).said(60, is_pulse=False).said(30, is_pulse=True)
    assert habit == Habit(2, 60, has_pulse=True)
    assert [
        is_of_changes(thing_models.get(code)) for code in ("door_v1", "care_bed_v1", "sos_button_v1")
    ] == [
        True,
        False,
        False,
    ]


def test_time_in_which_nobody_listened_counts_once_and_only_within_the_silence() -> None:
    at = [NOW + timedelta(minutes=n) for n in range(10)]
    spans = [(at[0], at[2]), (at[1], at[4]), (at[3], at[4]), (at[8], at[9])]
    assert unheard(spans, at[1], at[6]) == timedelta(minutes=3)
    assert unheard([], at[0], at[9]) == timedelta(0)
