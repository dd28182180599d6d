"""Tasmota: recorded bridges, and the telemetry that its documentation shows."""

from datetime import UTC, datetime
from typing import Any

import pytest

from devices.messages import ZONE
from tests.devices.saying import Hub, recorded

LINES = recorded("tasmota")
HUB = Hub("tasmota")


def heard(nth: int) -> Any:
    return HUB.one(LINES[nth]["topic"], LINES[nth]["payload"].encode())


def test_two_recorded_codes_of_one_remote_are_one_device() -> None:
    opened, closed = heard(0), heard(1)
    assert opened.addresses == ("rf-B1E1E", "rf-B1E1E7")
    assert closed.addresses == ("rf-B1E1E", "rf-B1E1EE")
    assert (opened.is_press, opened.values) == (True, {"action": "7", "code": "B1E1E7"})


def test_a_recorded_raw_frame_is_the_bridges_own() -> None:
    assert heard(3).addresses == ("sonoffbridge",)


def test_a_recorded_zone_without_a_kind_raises_its_bit_and_its_topic_may_begin_with_a_slash() -> None:
    assert heard(4).addresses == ("0x898E",)
    assert heard(4).values[ZONE] is True


def test_a_recorded_zone_that_says_what_it_is_needs_no_bit() -> None:
    assert heard(5).values["occupied"] is True
    assert ZONE not in heard(5).values


def test_what_is_written_for_domoticz_keeps_its_number() -> None:
    assert heard(6).addresses == ("domoticz/15",)
    assert HUB.refusal("domoticz/in", {"nvalue": 1}) == ("missing_field", "idx")


def test_sensors_take_our_units_and_the_second_of_a_kind_keeps_its_own_name() -> None:
    said: dict[str, Any] = {
        "Time": "2026-11-21T22:20:38",
        "Switch1": "ON",
        "AM2301": {"Temperature": 71.6, "Humidity": 55, "DewPoint": 50, "Odd": None},
        "DS18B20-1": {"Id": "x", "Temperature": 68},
        "ENERGY": {"Total": 1.5, "Power": 12, "Voltage": 231, "Current": 0.05},
        "BMP280": {"Pressure": 760},
        "ESP32": {"Temperature": 131},
        "PressureUnit": "mmHg",
        "TempUnit": "F",
        "Deep": {"a": {"b": {}}},
        "Nothing": None,
        "Light": 7,
    }
    assert HUB.values("tele/bath/SENSOR", said) == {
        "temperature": 22.0,
        "humidity": 55,
        "energy": 1.5,
        "power": 12,
        "voltage": 231_000,
        "current": 0.05,
        "pressure": pytest.approx(1013.25, abs=0.01),
        "device_temperature": 131,
        "Switch1": "ON",
        "AM2301_DewPoint": 50,
        "DS18B20-1_Temperature": 68,
        "Deep_a_b": {},
        "Light": 7,
    }


@pytest.mark.parametrize("topic", ["tele/home/bath/STATE", "home/bath/tele/STATE", "home/tele/bath/STATE"])
def test_prefix_and_name_may_stand_in_any_order(topic: str) -> None:
    message = HUB.one(topic, {"UptimeSec": 611, "POWER1": "OFF", "POWER2": "ON", "Wifi": {"Signal": -78}})
    assert message.addresses == ("home/bath",)
    assert message.values == {"uptime": 611, "switched_on": False, "power2": "ON", "signal": -78}


CLOCKS = [
    ({"Time": "2026-11-21T22:20:38"}, None),
    ({"Time": "2026-11-21T22:20:38Z"}, datetime(2026, 11, 21, 22, 20, 38, tzinfo=UTC)),
    ({"Time": "2026-11-21T22:20:38", "Epoch": 1795299638}, datetime(2026, 11, 21, 22, 20, 38, tzinfo=UTC)),
]


@pytest.mark.parametrize(("clock", "at"), CLOCKS)
def test_a_clock_without_a_zone_is_not_used_and_not_blamed(
    clock: dict[str, Any], at: datetime | None
) -> None:
    message = HUB.one("tele/x/SENSOR", clock | {"Switch1": "ON"})
    assert (message.at, message.has_bad_clock) == (at, False)


def test_births_wills_switches_and_answers() -> None:
    assert HUB.one("tele/x/LWT", b"Offline").is_online is False
    assert HUB.refusal("tele/x/LWT", b"asleep") == ("unknown_status", "LWT")
    assert HUB.values("stat/x/POWER", b"ON") == {"switched_on": True}
    assert HUB.values("stat/x/STATUS10", {"StatusSNS": {"SI7021": {"Humidity": 40}}}) == {"humidity": 40}
    assert HUB.kinds("tele/x/INFO1", {"Info1": {}}) == ["ignored"]
    assert HUB.kinds("cmnd/x/POWER", b"") == ["ignored"]
    assert HUB.kinds("tasmota/discovery/AABB/config", {}) == ["ignored"]
    assert HUB.kinds("tele/x/SENSOR", {"Time": "2026-11-21T22:20:38"}) == ["ignored"]


@pytest.mark.parametrize(
    ("action", "is_press"), [("SINGLE", True), ("HOLD", True), ("RELEASE", False), ("CLEAR", False)]
)
def test_a_button_is_pressed_and_not_released(action: str, *, is_press: bool) -> None:
    message = HUB.one("stat/x/RESULT", {"Button1": {"Action": action}})
    assert (message.is_press, message.values) == (is_press, {"action": f"button1_{action.lower()}"})


@pytest.mark.parametrize(("topic", "said"), [("other/x/SENSOR", {}), ("tele", {}), ("tele/SENSOR", {})])
def test_a_topic_without_prefix_or_name_is_refused(topic: str, said: Any) -> None:
    assert HUB.refusal(topic, said)[0] == "unknown_topic"


def child(**said: Any) -> dict[str, Any]:
    return {"ZbReceived": {"0x1": {"Device": "0x1"} | said}}


CHILDREN = [
    ({"Contact": 1, "BatteryPercentage": 160}, {"open": True, "battery": 80}),
    ({"Water": 1, "ZoneStatusChange": 1}, {"leak": True}),
    ({"Fire": 0, "BatteryPercentage": 70}, {"smoke": False, "battery": 70}),
    ({"ZoneStatusChange": 12}, {"tamper": True, "battery_low": True, ZONE: False}),
    ({"ZoneType": 42, "ZoneStatus": 1}, {"leak": True}),
    ({"AqaraVibrationMode": "tilt"}, {"vibration": True}),
    ({"Power": 1}, {"switched_on": True}),
    ({"Power": "toggle"}, {"action": "toggle"}),
    ({"Click": "single"}, {"action": "single"}),
    ({"0500<00": "01", "Nothing": None}, {"0500<00": "01"}),
]  # fmt: skip


@pytest.mark.parametrize(("said", "values"), CHILDREN)
def test_a_zigbee_child_says(said: dict[str, Any], values: dict[str, Any]) -> None:
    assert HUB.values("tele/br/SENSOR", child(**said)) == values


def test_a_zone_is_remembered_for_the_messages_that_do_not_say_it() -> None:
    one = Hub("tasmota")
    info = {"ZbInfo": {"0x1": {"Device": "0x1", "Name": "Pendant", "ZoneType": 44, "ZoneStatus": 1}}}
    assert one.kinds("tele/br/SENSOR", info) == ["learned"]
    assert one.one("tele/br/SENSOR", child(ZoneStatusChange=2)).alarm == "sos"
    assert one.kinds("tele/br/SENSOR", child(ZoneStatusChange=0)) == ["ignored"]


def test_a_personal_alarm_is_an_sos_and_bluetooth_devices_are_devices() -> None:
    assert HUB.one("tele/br/SENSOR", child(Personal=1)).alarm == "sos"
    message = HUB.one("tele/ble/SENSOR", {"ATC-a1": {"mac": "a4c138", "Temperature": 20, "Battery": 77}})
    assert (message.addresses, message.values) == (("a4c138", "ATC-a1"), {"temperature": 20, "battery": 77})


def test_children_without_a_name_and_codes_that_are_none_are_left() -> None:
    assert HUB.kinds("tele/br/SENSOR", {"ZbReceived": {"": 5}}) == ["ignored"]
    assert HUB.kinds("tele/br/RESULT", {"RfReceived": {"Data": ""}}) == ["ignored"]
    long = HUB.one("tele/br/RESULT", {"RfReceived": {"Data": "A1B2C3D4", "RfKey": 3}})
    assert long.addresses == ("rf-A1B2C3D4",)
    assert long.values == {"action": "received", "code": "A1B2C3D4", "key": 3}
