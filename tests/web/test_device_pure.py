"""What a device's state comes to, small charts, parameters of rules as fields: pure."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboards.web import sheets, sparks
from dashboards.web.admin import parameters
from dashboards.web.fleet import standing
from devices import thing_models

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
SAID = {"last_seen_at": NOW, "is_online": True, "silent_since": None, "values": {}}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (None, "never"),
        (SAID | {"last_seen_at": None}, "never"),
        (SAID, "online"),
        (SAID | {"silent_since": NOW}, "silent"),
        (SAID | {"is_online": False, "silent_since": NOW}, "offline"),
    ],
)
def test_a_device_stands_in_one_way(said: dict[str, Any] | None, found: str) -> None:
    assert standing.standing(said) == found


@pytest.mark.parametrize(
    ("values", "firmware", "battery"),
    [
        ({}, None, None),
        ({"fw": ["1.2", "t"], "battery": [80, "t"]}, "1.2", 80),
        ({"sw_version": [3, "t"], "battery": ["low", "t"]}, "3", None),
        ({"fw": [True, "t"], "battery": [True, "t"]}, None, None),
        ({"update": [{"installed_version": 17}, "t"]}, "17", None),
        ({"update": [{"state": "idle"}, "t"], "battery": []}, None, None),
        ({"update": ["idle", "t"], "battery": None}, None, None),
    ],
)
def test_firmware_and_battery_go_by_many_names_and_may_be_anything(
    values: dict[str, Any], firmware: str | None, battery: float | None
) -> None:
    said = SAID | {"values": values}
    assert (standing.firmware(said), standing.battery(said)) == (firmware, battery)
    assert standing.firmware(None) is None


def test_values_are_what_the_model_knows_and_what_else_is_said() -> None:
    at = NOW.isoformat()
    said = SAID | {"values": {"in_bed": [True, at], "battery": ["odd", at], "mood": [{"a": 1}, at]}}
    known, other = standing.values(said, thing_models.get("care_bed_v1").metrics)
    assert [(one["name"], one["value"], one["is_bool"], one["at"]) for one in known] == [
        ("in_bed", True, True, NOW)
    ]
    assert [one["name"] for one in other] == ["battery", "mood"]
    assert standing.values(None, {}) == ([], [])


def slot(minute: int, low: float, mean: float, high: float, times: int = 2) -> dict[str, Any]:
    return {"at": NOW + timedelta(minutes=minute), "low": low, "mean": mean, "high": high, "times": times}


def test_a_line_breaks_where_slots_are_missing_and_one_slot_alone_is_a_dot() -> None:
    rows = [slot(20, 70, 75, 80), slot(10, 60, 60, 60), slot(110, 90, 90, 90)]
    chart = sparks.draw(rows, NOW, NOW + timedelta(hours=2), name="heart_rate", unit="bpm")
    assert (len(chart.lines), len(chart.dots), len(chart.bars)) == (1, 1, 1)
    assert (chart.low, chart.high, chart.times, chart.last) == (60, 90, 6, 90)
    assert chart.mean == 75
    assert chart.levels == [(sparks.BASE, 57.0), (sparks.TOP, 93.0)]


def test_a_yes_or_no_is_bars_as_high_as_its_share() -> None:
    rows = [slot(0, 0, 0, 0), slot(10, 0, 0.5, 1), slot(20, 1, 1, 1)]
    chart = sparks.draw(rows, NOW, NOW + timedelta(hours=1), name="in_bed", is_bool=True)
    assert [height for _, _, height in chart.bars] == [33.0, 66.0]
    assert chart.lines == []


def test_bounds_hold_a_value_that_leaves_them_and_a_flat_line_has_air() -> None:
    given = sparks.draw(
        [slot(0, 0, 120, 130)], NOW, NOW + timedelta(hours=1), name="battery", bounds=(0, 100)
    )
    assert given.dots == [(sparks.LEFT, sparks.TOP)]
    flat = sparks.draw([slot(0, 0, 0, 0)], NOW, NOW + timedelta(hours=1), name="x")
    assert [level for _, level in flat.levels] == [-1.0, 1.0]


def test_no_slot_is_an_empty_drawing() -> None:
    chart = sparks.draw([], NOW, NOW + timedelta(hours=1), name="x")
    assert (chart.lines, chart.dots, chart.bars, chart.last_at) == ([], [], [], None)


PARAMS = {"minutes": 20, "factor": 1.5, "night_start": "22:00", "rooms": ["hall", "cellar"], "times": []}


def test_each_parameter_has_its_kind_of_field_and_every_rule_has_the_common_ones() -> None:
    shown = parameters.fields(PARAMS | {"cooldown_s": 60})
    kinds = {one["name"]: (one["kind"], one["value"], one["unit"]) for one in shown}
    assert kinds == {
        "minutes": ("number", "20", "min"),
        "factor": ("number", "1.5", ""),
        "night_start": ("clock", "22:00", ""),
        "rooms": ("rooms", "hall, cellar", ""),
        "times": ("list", "", ""),
        "cooldown_s": ("number", "60", "s"),
        "severity": ("severity", "", ""),
        "quiet": ("list", "", ""),
    }
    rooms = next(one["rooms"] for one in shown if one["name"] == "rooms")
    assert {"hall", "cellar", "bathroom"} <= set(rooms)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, {}),
        ({"params.minutes": "20", "params.night_start": "22:00"}, {}),
        ({"params.minutes": " 25 "}, {"minutes": 25}),
        ({"params.factor": "2.5"}, {"factor": 2.5}),
        ({"params.factor": "2.0"}, {"factor": 2.0}),
        ({"params.minutes": "many"}, {"minutes": "many"}),
        ({"params.night_start": "21:00"}, {"night_start": "21:00"}),
        ({"params.times": "08:00\N{FULLWIDTH COMMA}18:00,"}, {"times": ["08:00", "18:00"]}),
        ({"params.rooms.asked": "1"}, {"rooms": []}),
        ({"params.rooms": "hall,cellar", "params.rooms.asked": "1"}, {}),
        ({"params.severity": "2", "params.quiet": "22:00-06:00"}, {"severity": 2, "quiet": ["22:00-06:00"]}),
        ({"params.severity": "", "params.quiet": ""}, {}),
        ({"params.severity": "high"}, {"severity": "high"}),
    ],
)
def test_a_form_changes_what_differs_and_leaves_nonsense_to_be_refused(
    given: dict[str, str], found: dict[str, Any]
) -> None:
    assert parameters.changed(given, PARAMS) == found


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("cooldown_s", 86_400, (24, "h")),
        ("hold_s", 60, (1, "min")),
        ("hold_s", 90, (90, "s")),
        ("minutes", 60, (60, "min")),
        ("low", 40, (40, "")),
        ("days", 7, (7, "d")),
    ],
)
def test_a_figure_is_said_as_one_says_it(name: str, value: float, found: tuple[float, str]) -> None:
    assert parameters.spoken(name, value) == found


def test_a_sheet_of_commas_holds_no_formula_and_no_hole() -> None:
    rows: list[list[sheets.Cell]] = [["=1+1", None, 3, NOW, "a,b"]]
    text = sheets.table([(name, 1) for name in "abcde"], rows).decode("utf-8-sig")
    assert text.splitlines() == ["a,b,c,d,e", '\'=1+1,,3,2026-11-21 16:00:00+08:00,"a,b"']
