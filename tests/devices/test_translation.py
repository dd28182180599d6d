"""Names, words and units that devices choose freely, as ours."""

from typing import Any

import pytest

from devices import thing_models
from devices.codecs import translation

WORDS = translation.words()


def values(**found: Any) -> dict[str, Any]:
    return translation.translate(found, WORDS).values


@pytest.mark.parametrize(
    ("name", "value", "ours"),
    [
        ("heartRate", "80.00", {"heart_rate": 80}),
        ("Heart-Rate", 80, {"heart_rate": 80}),
        ("contact", True, {"open": False}),
        ("leave_bed", 0, {"in_bed": True}),
        ("battery", 3.98, {"voltage": 3980}),
        ("battery", 5, {"battery": 5}),
        ("blood_glucose", "108", {"blood_glucose": 5.9948}),
        ("voltage", 230, {"voltage": 230_000}),
        ("doorStatus", "open", {"open": True}),
        ("doorStatus", "ajar", {"doorStatus": "ajar"}),
        ("smoke", 37, {"raw_smoke": 37}),
        ("temperature", "warm", {"raw_temperature": "warm"}),
        ("temperature", None, {}),
        ("battery_low", None, {}),
        ("contact", "open", {"open": True}),
        ("contact", "closed", {"open": False}),
        ("SmokeSensorState", 1, {"smoke": True}),
        ("MotionAlarmState", 0, {"occupied": False}),
        ("battery_state", 1, {"battery_state": 1}),
    ],
)
def test_a_value_is_ours_or_is_kept_under_its_own_name(name: str, value: Any, ours: dict[str, Any]) -> None:
    assert values(**{name: value}) == pytest.approx(ours)


@pytest.mark.parametrize(
    ("value", "alarms"),
    [
        (1, ["sos"]),
        ("pressed", ["sos"]),
        ("?", ["sos"]),
        (0, []),
        ("normal", []),
        (None, []),
        ([], []),
        ("", []),
    ],
)
def test_an_alarm_s_word_that_nobody_knows_is_one(value: Any, alarms: list[str]) -> None:
    assert translation.translate({"sos": value}, WORDS).alarms == alarms


def test_every_name_of_every_vocabulary_is_a_metric_or_an_alarm_type() -> None:
    metrics, alarms = thing_models.metrics(), thing_models.alarm_types()
    for ecosystem in (
        "vocabulary",
        "alink",
        "chirpstack",
        "onenet",
        "plain",
        "rtl_433",
        "thingsboard",
        "watch",
    ):
        table = translation.words(ecosystem)
        specs = [*table.scaled.values(), *table.doubtful.values()]
        named = {*table.names.values(), *table.inverted.values(), *(spec["to"] for spec in specs)} - {""}
        assert named <= set(metrics)
        assert set(table.alarms.values()) <= set(alarms)
        assert all(metrics[name].is_bool for name in table.inverted.values())
        keys = [*table.names, *table.inverted, *table.scaled, *table.alarms, *table.presses, *table.online]
        assert [key for key in keys if translation.key_of(key) != key] == []


def test_every_kind_of_device_is_a_thing_model() -> None:
    assert thing_models.guess(["systolic", "heart_rate"]) == "blood_pressure_v1"
    assert thing_models.guess([], "smoke") == "smoke_v1"
    assert thing_models.guess([], "spaceship") is None
    kinds = thing_models._kinds()  # noqa: SLF001 - the data itself
    models = {*kinds["by_word"].values(), *(model for _, model in kinds["by_metric"])}
    assert models <= set(thing_models.all_())
    assert {name for name, _ in kinds["by_metric"]} <= set(thing_models.metrics())
    assert {one.name for one in thing_models.metrics().values() if one.alarm} >= {"smoke", "heat", "apnoea"}


def test_every_thing_model_says_how_long_it_may_be_silent_and_what_it_understands() -> None:
    understood = {"set_interval", "ring", "reboot", "two_way_voice"}
    for model in thing_models.all_().values():
        assert set(model.commands) <= understood
        assert model.power in {"mains", "battery"}
        assert model.is_mains or model.battery_low is not None
        assert model.press is None or model.press in thing_models.alarm_types()
    button = thing_models.get("sos_button_v1")
    assert button.silent_after_s <= 25 * 3600
    assert button.silent_severity == 2


async def test_every_metric_has_its_number_in_the_database(pool_gateway: Any) -> None:
    async with pool_gateway.transaction() as conn:
        rows = await conn.fetch("SELECT id, name FROM ingest.metric")
    assert {row["name"]: row["id"] for row in rows} == {
        name: metric.id for name, metric in thing_models.metrics().items()
    }


def test_somebody_who_does_not_move_is_there() -> None:
    assert values(presence=1, motion=0) == {"occupied": True} == values(motion=0, presence=1)


def test_an_alarm_is_known_whatever_stands_behind_its_name() -> None:
    assert translation.translate({"sos_alarm_status": 1}, WORDS).alarms == ["sos"]
    assert translation.translate({"sos_alarm_status": 0}, WORDS).alarms == []
