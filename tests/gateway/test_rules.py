"""The rules, on made-up nights; pure."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import Invalid
from devices import thing_models
from gateway.rules import book, engine
from gateway.rules.memory import Device, Raised, Seen, Watch

MAT = Device("mat", thing_models.get("care_bed_v1"), "bedroom")
BEDROOM = Device("m1", thing_models.get("motion_v1"), "bedroom")
KITCHEN = Device("m2", thing_models.get("motion_v1"), "kitchen")
BATH = Device("m3", thing_models.get("motion_v1"), "bathroom")
DOOR = Device("d1", thing_models.get("door_v1"), "entrance")
LEAK = Device("w1", thing_models.get("water_v1"), "kitchen")
NIGHT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
"""23:00 in Shanghai."""


class Home:
    """A home that speaks, with a sweep before every word."""

    def __init__(self, *overrides: tuple[str, bool, dict[str, Any]], has_mat: bool = False) -> None:
        self.watch, self.rules, self.has_mat = Watch(), book.compile_(overrides), has_mat
        self.raised: list[Raised] = []

    def says(self, minutes: float, device: Device, lag_s: float = 0.0, **values: float) -> None:
        at = NIGHT + timedelta(minutes=minutes)
        self.passes(minutes)
        found, _ = engine.hear(self.watch, Seen(device, at, lag_s, values), self.rules, has_mat=self.has_mat)
        self.raised += found

    def passes(self, minutes: float) -> None:
        self.raised += engine.sweep(self.watch, self.rules, NIGHT + timedelta(minutes=minutes))

    @property
    def types(self) -> list[str]:
        return [one.type for one in self.raised]


def night(**values: Any) -> Home:
    """Return a home with a mat, somebody in bed since 23:00."""
    home = Home(("bed_exit", True, values), has_mat=True)
    home.says(0, MAT, in_bed=True)
    return home


def test_out_of_bed_at_night_and_not_back_raises_once_with_its_readings() -> None:
    home = night()
    home.says(120, MAT, in_bed=False)
    home.passes(139.9)
    assert home.types == []
    home.passes(140)
    home.passes(600)
    assert home.types == ["bed_exit"]
    assert [row["value"] for row in home.raised[0].evidence] == [True, False]
    assert home.raised[0].at == NIGHT + timedelta(minutes=140)


def test_back_in_bed_in_time_raises_nothing() -> None:
    home = night()
    home.says(120, MAT, in_bed=False)
    home.says(135, MAT, in_bed=True)
    home.passes(300)
    assert home.types == []


def test_a_mat_that_chatters_does_not_count_as_a_return() -> None:
    home = night()
    home.says(120, MAT, in_bed=False)
    home.says(130, MAT, in_bed=True)
    home.says(130.2, MAT, in_bed=False)
    home.passes(140)
    assert home.types == ["bed_exit"]


def test_a_second_exit_after_a_short_return_is_judged_on_its_own() -> None:
    home = night()
    home.says(120, MAT, in_bed=False)
    home.says(125, MAT, in_bed=True)
    home.says(130, MAT, in_bed=False)
    home.passes(145)
    assert home.types == []
    home.passes(150)
    assert home.types == ["bed_exit"]


def test_getting_up_in_the_morning_is_no_exit() -> None:
    home = night()
    home.says(6 * 60 + 50, MAT, in_bed=False)
    home.passes(8 * 60)
    assert home.types == []


def test_a_person_may_have_other_minutes() -> None:
    home = night(minutes=60)
    home.says(120, MAT, in_bed=False)
    home.passes(179)
    assert home.types == []
    home.passes(180)
    assert home.types == ["bed_exit"]


def test_a_rule_that_is_switched_off_raises_nothing() -> None:
    home = Home(("bed_exit", False, {}), has_mat=True)
    home.says(0, MAT, in_bed=True)
    home.says(120, MAT, in_bed=False)
    home.passes(400)
    assert home.types == []


def test_a_message_alone_moves_the_clock_of_its_own_mat() -> None:
    """A recording played fast: the sweep's wall clock stands still, the messages tell the time."""
    home = night()
    watch, rules = home.watch, home.rules
    for minutes, is_in in ((120, False), (145, True)):
        seen = Seen(MAT, NIGHT + timedelta(minutes=minutes), 0.0, {"in_bed": is_in})
        found, _ = engine.hear(watch, seen, rules, has_mat=True)
        home.raised += found
    assert home.types == ["bed_exit"]


def test_a_device_whose_messages_come_late_is_judged_on_its_own_clock() -> None:
    home = Home(has_mat=True)
    home.says(0, MAT, lag_s=3600, in_bed=True)
    home.says(120, MAT, lag_s=3600, in_bed=False)
    home.passes(140 + 59)
    assert home.types == []
    home.passes(140 + 60)
    assert home.types == ["bed_exit"]


def test_without_a_mat_motion_in_the_rooms_says_who_is_up() -> None:
    home = Home()
    home.says(0, KITCHEN, occupied=True)
    home.says(5, BEDROOM, occupied=True)
    home.says(50, BEDROOM, occupied=True)
    home.says(120, BATH, occupied=True)
    home.passes(140)
    assert home.types == ["bed_exit"]


def test_without_a_mat_motion_in_the_bedroom_is_the_return() -> None:
    home = Home()
    home.says(5, BEDROOM, occupied=True)
    home.says(120, BATH, occupied=True)
    home.says(125, BEDROOM, occupied=True)
    home.passes(200)
    assert home.types == []


def test_watching_television_late_is_no_exit() -> None:
    home = Home()
    home.says(0, BEDROOM, occupied=True)
    home.says(1, KITCHEN, occupied=True)
    for minutes in range(10, 90, 5):
        home.says(minutes, KITCHEN, occupied=True)
    home.passes(110)
    assert home.types == []


def test_nobody_moves_for_hours_of_the_day() -> None:
    home = Home()
    home.says(9 * 60, KITCHEN, occupied=True)
    home.says(9 * 60 + 1, KITCHEN, occupied=False)
    home.passes(13 * 60)
    assert home.types == []
    home.passes(13 * 60 + 2)
    assert home.types == ["no_motion"]


def test_gone_out_of_the_front_door_is_away() -> None:
    home = Home()
    home.says(9 * 60, KITCHEN, occupied=True)
    home.says(9 * 60 + 5, DOOR, open=True)
    home.says(9 * 60 + 6, DOOR, open=False)
    home.passes(20 * 60)
    assert home.types == []


def test_silence_with_the_bed_occupied_is_sleep() -> None:
    home = Home(("still_in_bed", False, {}), has_mat=True)
    home.says(0, MAT, in_bed=True)
    home.passes(13 * 60)
    assert home.types == []


def test_a_door_that_stands_open_is_raised_and_a_closed_one_is_not() -> None:
    home = Home()
    home.says(0, DOOR, open=True)
    home.says(3, DOOR, open=False)
    home.says(30, DOOR, open=True)
    home.passes(39)
    assert home.types == []
    home.passes(40)
    assert home.types == ["door_open"]


def test_a_leak_is_raised_at_once_and_its_flapping_once() -> None:
    home = Home()
    home.says(0, LEAK, leak=True)
    home.says(0.01, LEAK, leak=False)
    home.says(0.02, LEAK, leak=True)
    assert home.types == ["water_leak"]
    home.says(11, LEAK, leak=False)
    home.says(12, LEAK, leak=True)
    assert home.types == ["water_leak", "water_leak"]


def test_a_heart_rate_must_hold_before_anybody_is_called_and_calls_once() -> None:
    home = Home(has_mat=True)
    home.says(0, MAT, heart_rate=150, in_bed=True)
    home.says(0.2, MAT, heart_rate=80, in_bed=True)
    for nth in range(20):
        home.says(1 + nth / 6, MAT, heart_rate=150, in_bed=True)
    assert home.types == ["heart_rate"]
    assert len(home.raised[0].evidence) == 5


def test_no_breath_beside_a_normal_heart_is_a_loose_lead_and_pages_nobody() -> None:
    home = Home(has_mat=True)
    for minute in range(240):
        home.says(minute, MAT, heart_rate=70, respiration_rate=0, in_bed=True)
    assert home.types == ["fault"]


def test_an_empty_bed_has_no_heart_rate() -> None:
    home = Home(has_mat=True)
    for minute in range(30):
        home.says(minute, MAT, heart_rate=0, in_bed=False)
    assert home.types == []


def test_a_low_battery_is_said_once() -> None:
    home = Home()
    for minute in range(0, 600, 30):
        home.says(minute, KITCHEN, battery=9)
    assert home.types == ["low_battery"]


def test_a_link_that_comes_back_was_not_lost() -> None:
    home = Home()
    home.says(0, DOOR, online=False)
    home.says(5, DOOR, online=True)
    home.says(100, DOOR, online=False)
    home.passes(109)
    assert home.types == []
    home.passes(110)
    assert home.types == ["link_lost"]


@pytest.mark.parametrize(
    ("rule", "params"), [("bed_exit", {"minuten": 3}), ("bed_exit", {"minutes": "3"}), ("nothing", {})]
)
def test_an_override_that_does_not_fit_is_refused(rule: str, params: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        book.check(rule, params)


def test_the_manual_has_every_parameter_of_every_rule_with_its_default() -> None:
    page = (Path(__file__).parents[2] / "docs" / "manual" / "rules.md").read_text(encoding="utf-8")
    table = page.partition("## Parameters")[2].partition("\n## ")[0]
    told = [line.split(" | ")[:3] for line in table.splitlines() if line.startswith("| `")]
    known = book.defaults()
    wanted = [
        [f"| `{r}`", f"`{p}`", f"`{json.dumps(v)}`"] for r, row in known.items() for p, v in row.items()
    ]
    assert told == wanted
