"""ESPHome's own topics: plain words without units, and its discovery."""

from typing import Any

import pytest

from tests.devices.saying import Hub, recorded

LINES = recorded("esphome")
HUB = Hub("esphome")

STATES = [
    ("sensor/real_time_heart_rate", "71.0", {"heart_rate": 71}),
    ("sensor/bedroom_temperature", "21.5", {"temperature": 21.5}),
    ("sensor/battery_voltage", "3.1", {"voltage": 3100}),
    ("sensor/detection_distance", "250", {"distance": 2.5}),
    ("sensor/mystery", "5", {"mystery": "5"}),
    ("sensor/temperature", "hot", {"raw_temperature": "hot"}),
    ("binary_sensor/has_still_target", "OFF", {"has_still_target": "OFF"}),
    ("binary_sensor/presence", "ON", {"occupied": True}),
    ("binary_sensor/bed_occupied", "ON", {"in_bed": True}),
    ("binary_sensor/front_door", "OFF", {"open": False}),
    ("binary_sensor/water_leak", "ON", {"leak": True}),
    ("switch/relay", "ON", {"switched_on": True}),
    ("lock/front", "LOCKED", {"locked": True}),
    ("cover/garage_door", "OPEN", {"open": True}),
    ("cover/blind", "OPEN", {"blind": "OPEN"}),
    ("text_sensor/ip", "1.2.3.4", {"ip": "1.2.3.4"}),
    ("climate/heater/current_temperature", "20.5", {"temperature": 20.5}),
    ("climate/heater/mode", "heat", {"mode": "heat"}),
    ("sensor/***", "5", {"***": "5"}),
]


@pytest.mark.parametrize(("topic", "said", "values"), STATES)
def test_a_state_is_read_by_the_name_of_its_object(topic: str, said: str, values: dict[str, Any]) -> None:
    message = HUB.one(f"home/bed-radar/{topic}/state", said.encode())
    assert message.addresses == ("home/bed-radar",)
    assert message.values == values


@pytest.mark.parametrize(
    ("topic", "said", "alarm", "is_press"),
    [
        ("binary_sensor/sos_button", b"ON", "sos", False),
        ("binary_sensor/sos_button", b"OFF", None, False),
        ("event/call_button", {"event_type": "press"}, None, True),
        ("event/sos", b"press", "sos", True),
    ],
)
def test_a_button_for_help_is_an_alarm(topic: str, said: Any, alarm: str | None, *, is_press: bool) -> None:
    message = HUB.one(f"n/{topic}/state", said)
    assert (message.alarm, message.is_press) == (alarm, is_press)


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        ("n/sensor/uptime/state", b"nan"),
        ("n/button/restart/state", b"x"),
        ("n/debug", b"\x1b[0;36m[D]"),
        ("n/switch/relay/command", b"ON"),
        ("esphome/discover/n", b"{}"),
    ],
)
def test_what_says_nothing_about_a_home_is_left(topic: str, said: bytes) -> None:
    assert HUB.kinds(topic, said) == ["ignored"]


def test_a_recorded_birth_says_that_a_node_is_there() -> None:
    status = HUB.one(LINES[0]["topic"], LINES[0]["payload"].encode())
    assert (status.addresses, status.is_online) == (("weather-sensor",), True)


def test_a_discovery_logged_as_python_is_no_json() -> None:
    assert HUB.refusal(LINES[1]["topic"], LINES[1]["payload"].encode()) == ("not_json", None)


@pytest.mark.parametrize(
    ("topic", "said", "refusal"),
    [
        ("n/status", b"asleep", ("unknown_status", "status")),
        ("n/sensor/x", b"1", ("unknown_topic", "n/sensor/x")),
        ("n/odd/x/state", b"1", ("unknown_topic", "n/odd/x/state")),
        ("sensor/x/y/state", b"1", ("unknown_topic", "sensor/x/y/state")),
        ("n/sensor/x/state", b"\xff", ("not_text", None)),
    ],
)
def test_what_is_not_esphomes_is_refused(topic: str, said: bytes, refusal: tuple[str, str | None]) -> None:
    assert HUB.refusal(topic, said) == refusal


def test_its_discovery_gives_units_and_the_node_keeps_its_name() -> None:
    one = Hub("esphome")
    config = {
        "stat_t": "n/sensor/v/state",
        "unit_of_meas": "V",
        "dev_cla": "voltage",
        "dev": {"ids": "aabbcc"},
        "avty_t": "n/status",
    }
    one.says("homeassistant/sensor/n/v/config", config)
    message = one.one("n/sensor/v/state", b"3.1")
    assert (message.values, message.addresses) == ({"voltage": 3100}, ("n", "aabbcc"))
    assert message.ecosystem == "esphome"
    assert one.one("n/status", b"offline").addresses == ("n", "aabbcc")
