"""What every codec reads with: clocks, numbers, yes and no, units."""

from datetime import UTC, datetime
from typing import Any

import pytest

from devices.codecs import naming, reading
from devices.messages import Rejected

AT = datetime(2026, 11, 21, 22, 20, tzinfo=UTC)
CLOCKS: list[tuple[Any, datetime | None, bool]] = [
    (None, None, False),
    ("", None, False),
    ("2026-11-21T22:20:00Z", AT, False),
    ("2026-11-22T06:20:00+08:00", AT, False),
    (1795299600, AT, False),
    (1795299600000, AT, False),
    (1795299600000000, AT, False),
    (2.46, None, True),
    (float("inf"), None, True),
    (10**30, None, True),
    (True, None, True),
    ([], None, True),
    ("yesterday", None, True),
    ("2026-11-21T22:20:00", None, True),
    ("0001-01-01T00:00:00+14:00", None, True),
]


@pytest.mark.parametrize(("said", "at", "is_bad"), CLOCKS)
def test_a_clock_is_read_or_not_believed(said: Any, at: datetime | None, *, is_bad: bool) -> None:
    assert reading.instant(said) == (at, is_bad)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        (80, 80),
        ("80.00", 80),
        (" 7 ", 7),
        ("x", None),
        (True, None),
        ("nan", None),
        (10**400, None),
        ([], None),
    ],
)
def test_a_number_is_one_or_none(said: Any, number: float | None) -> None:
    assert reading.number(said) == number


TRUTHS = [
    (True, (), (), True),
    (0, (), (), False),
    (2, (), (), None),
    ("Detected", (), (), True),
    ("clear", (), (), False),
    ("LEAK", ["LEAK"], ["DRY"], True),
    ("DRY", ["LEAK"], ["DRY"], False),
    ("True", [True], [False], True),
    (5, ["5"], [], True),
    ("perhaps", (), (), None),
    ([], (), (), None),
]


@pytest.mark.parametrize(("said", "yes", "no", "truth"), TRUTHS)
def test_a_yes_is_a_yes_in_the_devices_words_or_in_everybodys(
    said: Any, yes: Any, no: Any, truth: Any
) -> None:
    assert reading.truth(said, yes, no) is truth


UNITS = [
    ("temperature", 212, "°F", 100),
    ("temperature", 300, "K", pytest.approx(26.85)),
    ("temperature", 20, "°C", 20),
    ("temperature", 20, None, 20),
    ("temperature", 20, "furlong", None),
    ("pressure", 1013, "mbar", 1013),
    ("steps", 5, "steps", 5),
    ("battery", "full", "%", None),
    ("smoke", "on", None, True),
]


@pytest.mark.parametrize(("ours", "said", "unit", "fitted"), UNITS)
def test_a_value_is_fitted_to_our_unit_or_left(ours: str, said: Any, unit: str | None, fitted: Any) -> None:
    assert reading.fit(ours, said, unit) == fitted


def test_what_does_not_fit_is_put_aside_once_under_a_name_that_can_be_stored() -> None:
    values: dict[str, Any] = {}
    reading.put(values, "battery", "battery", "full")
    reading.put(values, None, "x" * 100 + "\0", 1)
    reading.put_aside(values, "battery", "again")
    reading.put_aside(values, "", 1)
    reading.put_aside(values, "nothing", None)
    reading.put(values, "humidity", "rh", "50")
    assert values == {"raw_battery": "full", "x" * 64: 1, "humidity": 50}


def test_what_is_no_text_and_no_json_is_refused() -> None:
    with pytest.raises(Rejected, match="not_text"):
        reading.text_of(b"\xff")
    with pytest.raises(Rejected, match="not_json"):
        reading.json_of(b"{")
    assert reading.flat({"a": {"b": 1, "c": {}}, "d": 2}) == {"a_b": 1, "a_c": {}, "d": 2}


@pytest.mark.parametrize(
    ("name", "is_bool", "metric"),
    [
        ("real_time_heart_rate", False, "heart_rate"),
        ("Bedroom Temperature", False, "temperature"),
        ("respirationRate", False, "respiration_rate"),
        ("Bedroom Temperature", True, None),
        ("", False, None),
    ],
)
def test_a_free_name_means_the_metric_at_its_end(name: str, metric: str | None, *, is_bool: bool) -> None:
    assert naming.metric_of(name, is_bool=is_bool) == metric
