"""433 MHz and Bluetooth: names made of model and number, words in brackets, remote controls."""

from typing import Any

import pytest

from tests.devices.platforms import line, reason, say


def test_a_sensor_is_named_by_its_model_and_number() -> None:
    (message,) = line("rtl_433_openmqttgateway", 0)
    assert message.addresses == ("Govee-Water/4115",)
    assert message.at is not None


def test_words_in_brackets_are_read_and_a_time_without_a_zone_is_not_believed() -> None:
    (message,) = line("rtl_433_openmqttgateway", 1)
    assert message.values["open"] is True
    assert (message.at, message.has_bad_clock) == (None, True)


def test_an_undecoded_beacon_is_kept_with_its_signal() -> None:
    (message,) = line("rtl_433_openmqttgateway", 2)
    assert (message.addresses, message.values["signal"]) == (("4XXXXXXXXXX4",), -63)


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ({"event": "Water Leak"}, {"leak": True}),
        ({"battery_ok": 0, "temperature_C": 20.5, "noise": -20}, {"battery_low": True, "temperature": 20.5}),
        ({"closed": 1}, {"open": False}),
        ({"temperature_F": 68}, {"temperature": 20}),
    ],
)
def test_what_sensors_call_things_is_ours(said: dict[str, Any], values: dict[str, Any]) -> None:
    (message,) = say("rtl_433", "rtl_433/pi/events", {"model": "X", "id": 1, "channel": 2, **said})
    assert values.items() <= message.values.items()
    assert message.addresses == ("X/1", "X/2/1")
    assert "noise" not in values


def test_a_panic_button_is_an_sos_and_a_remote_control_is_a_press() -> None:
    (alarm,) = say("rtl_433", "rtl_433/pi/events", {"model": "Kerui", "id": 5, "state": "panic"})
    assert alarm.alarm == "sos"
    (press,) = say("openmqttgateway", "home/OMG/433toMQTT", {"value": 5393, "length": 24})
    assert (press.is_press, press.addresses) == (True, ("433/5393",))


@pytest.mark.parametrize(
    ("topic", "body", "address"),
    [
        (
            "home/OMG/BTtoMQTT/A4C138",
            {"id": "A4:C1:38:00:00:01", "tempc": 20, "hum": 50},
            "A4:C1:38:00:00:01",
        ),
        ("home/OMG/BTtoMQTT/A4C138", {"tempc": 20, "hum": 50}, "A4C138"),
        ("rtl_433/pi/events", {"model": "Bare", "temperature_C": 20, "humidity": 50}, "Bare"),
        ("some/topic", {"temperature_C": 20, "humidity": 50}, "some/topic"),
    ],
)
def test_a_device_has_a_name_whatever_is_missing(topic: str, body: Any, address: str) -> None:
    (message,) = say("rtl_433", topic, body)
    assert message.addresses == (address,)
    assert (message.values["temperature"], message.values["humidity"]) == (20, 50)


def test_one_value_a_topic_is_read_too() -> None:
    (message,) = say("rtl_433", "rtl_433/pi/devices/Acurite/1/temperature_C", b"20.5")
    assert (message.addresses, message.values) == (("Acurite/1",), {"temperature": 20.5})
    (words,) = say("rtl_433", "rtl_433/pi/devices/Kerui/7/state", b"open")
    assert words.values["open"] is True
    for topic in ("rtl_433/pi/devices/Acurite/1/time", "rtl_433/pi/x"):
        assert say("rtl_433", topic, b"1")[0].kind == "ignored"


def test_a_gateway_s_will_is_its_status_and_its_own_affairs_are_left() -> None:
    assert say("rtl_433", "home/OMG/LWT", b"offline")[0].is_online is False
    assert say("rtl_433", "home/OMG/SYStoMQTT", {"uptime": 5})[0].kind == "ignored"


@pytest.mark.parametrize(
    ("topic", "body", "why"),
    [
        ("home/OMG/LWT", b"dancing", "unknown_status"),
        ("rtl_433/pi/devices/x", b"1", "missing_field"),
        ("rtl_433/pi/events", {"model": "x" * 400, "id": 1}, "too_long"),
        ("rtl_433/pi/events", {"model": "x" * 400}, "too_long"),
        ("rtl_433/pi/events", b"{", "not_json"),
    ],
)
def test_what_does_not_fit_is_named(topic: str, body: Any, why: str) -> None:
    assert reason("rtl_433", topic, body) == why


def test_a_smoke_detector_that_sends_alarms_unless_it_is_taught() -> None:
    detector = {"model": "Smoke-GS558", "id": 7, "code": "5f7d58"}
    assert say("rtl_433", "rtl_433/pi/events", detector | {"learn": 0})[0].values["smoke"] is True
    assert "smoke" not in say("rtl_433", "rtl_433/pi/events", detector | {"learn": 1})[0].values
