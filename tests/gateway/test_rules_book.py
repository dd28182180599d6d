"""The book of rules: what an override may say, and the clocks of days and nights; pure."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.clock import ZONE
from core.errors import Invalid
from gateway.rules import book, engine, night
from gateway.rules.memory import Instance, Watch
from tests.gateway.homes import NIGHT

FITS = [
    ("bed_exit", {"minutes": 30, "night_start": "21:30", "severity": 1}, None),
    ("bed_exit", {"minutes": 12.5}, None),
    ("door_open", {"rooms": ["garage"]}, None),
    ("door_open", {"rooms": "garage"}, "params.rooms"),
    ("door_open", {"rooms": [5]}, "params.rooms"),
    ("bed_exit", {"minutes": True}, "params.minutes"),
    ("bed_exit", {"minutes": float("nan")}, "params.minutes"),
    ("bed_exit", {"night_start": "25:00"}, "params.night_start"),
    ("bed_exit", {"night_start": 22}, "params.night_start"),
    ("flags", {"severity": 6}, "params.severity"),
    ("flags", {"severity": "2"}, "params.severity"),
    ("flags", {"severity": True}, "params.severity"),
]


@pytest.mark.parametrize(("rule", "params", "field"), FITS)
def test_an_override_fits_its_rule_or_its_field_is_named(
    rule: str, params: dict[str, Any], field: str | None
) -> None:
    if field is None:
        book.check(rule, params)
        assert book.compile_([(rule, True, params)]).by_name
        return
    with pytest.raises(Invalid) as wrong:
        book.check(rule, params)
    assert wrong.value.extra["errors"] == [{"field": field, "code": "invalid"}]


def test_an_override_of_a_rule_that_is_gone_changes_nothing_and_the_later_one_wins() -> None:
    assert book.compile_([("gone", True, {"x": 1})]).by_name.keys() == book.compile_().by_name.keys()
    back = book.compile_([("silent", False, {}), ("door_open", False, {}), ("silent", True, {"factor": 2})])
    assert back.silence is not None
    assert back.silence.factor == 2
    assert "door_open" not in back.by_name


CLOCKS = [
    ("today", 9, 4, "08:00", "21:00", 13),
    ("before it opens", 5, 4, "08:00", "21:00", 12),
    ("over the night", 20, 4, "08:00", "21:00", 24 + 11),
    ("after it has closed", 22, 4, "08:00", "21:00", 24 + 12),
    ("over days", 9, 30, "08:00", "21:00", 48 + 13),
    ("a day that never opens", 9, 4, "21:00", "08:00", 60 * 24 + 9),
]


@pytest.mark.parametrize(
    ("since", "hours", "start", "end", "until"), [row[1:] for row in CLOCKS], ids=[row[0] for row in CLOCKS]
)
def test_the_waking_day_alone_is_counted(since: int, hours: float, start: str, end: str, until: int) -> None:
    midnight = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    found = night.after_waking_hours(midnight + timedelta(hours=since), hours, start, end, ZONE)
    assert found - midnight == timedelta(hours=until)


@pytest.mark.parametrize(
    ("clock", "start", "end", "is_so"),
    [
        (23, "22:00", "06:00", True),
        (5, "22:00", "06:00", True),
        (6, "22:00", "06:00", False),
        (9, "08:00", "21:00", True),
    ],
)
def test_a_night_may_pass_midnight(clock: int, start: str, end: str, *, is_so: bool) -> None:
    at = datetime(2026, 11, 20, clock, 0, tzinfo=ZONE).astimezone(UTC)
    assert night.is_between(at, start, end, ZONE) is is_so


@pytest.mark.parametrize("key", ["heart_rate/d", "lead_off/d", "low_battery/d"])
def test_what_is_judged_when_it_is_said_is_not_judged_by_time(key: str) -> None:
    one = Instance(due=NIGHT, since=NIGHT, is_on=True)
    assert engine.sweep(Watch({key: one}), book.compile_(), NIGHT) == []
    assert (one.due, one.since, one.is_on) == (None, NIGHT, True)
