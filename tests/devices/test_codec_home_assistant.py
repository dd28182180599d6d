"""Home Assistant's discovery: configurations recorded in the wild, and what its documentation shows."""

from typing import Any

import pytest

from tests.devices.saying import Hub, recorded

LINES = recorded("homeassistant_discovery")


def hub(*configs: tuple[str, dict[str, Any]]) -> Hub:
    made = Hub("home_assistant")
    for path, config in configs:
        made.says(f"homeassistant/{path}/config", config)
    return made


def entity(**config: Any) -> dict[str, Any]:
    return {"state_topic": "t", "unique_id": "u", "device": {"identifiers": ["dev"]}} | config


def read(component: str, said: Any, **config: Any) -> dict[str, Any]:
    return hub((f"{component}/n/o", entity(**config))).values("t", said)


def test_a_recorded_door_sensor_speaks_on_a_topic_that_is_not_ascii() -> None:
    one = Hub("home_assistant")
    one.says(LINES[0]["topic"], LINES[0]["payload"].encode())
    message = one.one("zigbee2mqtt/entrée", {"device_temperature": 31, "contact": True})
    assert message.addresses == ("zigbee2mqtt_0x00158d00069ac6af",)
    assert message.values == {"device_temperature": 31}


def test_a_recorded_smoke_detector_has_booleans_for_words() -> None:
    one = Hub("home_assistant")
    one.says(LINES[1]["topic"], LINES[1]["payload"].encode())
    message = one.one("zigbee2mqtt/0x00124b00168change", {"smoke": True})
    assert (message.values, message.model) == ({"smoke": True}, "smoke_v1")


def test_a_recorded_bridge_state_with_a_template_is_an_availability() -> None:
    one = Hub("home_assistant")
    one.says(LINES[2]["topic"], LINES[2]["payload"].encode())
    assert one.one("zigbee2mqtt/bridge/state", {"state": "offline"}).is_online is False
    assert one.values("zigbee2mqtt/0x0cae5ffffeefe7de", {"battery_low": True}) == {"battery_low": True}


def test_a_recorded_trigger_is_a_press_by_its_payload() -> None:
    one = Hub("home_assistant")
    one.says(LINES[3]["topic"], LINES[3]["payload"].encode())
    message = one.one("zigbee2mqtt/Deursensor Tuindeur/action", b"vibration")
    assert message.values == {"action": "action vibration"}
    assert one.kinds("zigbee2mqtt/Deursensor Tuindeur/action", b"other") == ["ignored"]


SENSORS = [
    ("sensor", "212", {"device_class": "temperature", "unit_of_measurement": "°F"}, {"temperature": 100.0}),
    (
        "sensor",
        "36.6",
        {"device_class": "temperature", "name": "Body temperature"},
        {"body_temperature": 36.6},
    ),
    (
        "sensor",
        "40",
        {"device_class": "temperature", "entity_category": "diagnostic"},
        {"device_temperature": 40},
    ),
    ("sensor", "71", {"name": "Heart rate", "unit_of_measurement": "bpm"}, {"heart_rate": 71}),
    ("sensor", "3", {"device_class": "gas", "unit_of_measurement": "m³", "object_id": "g"}, {"o": "3"}),
    (
        "sensor",
        "0.5",
        {"device_class": "volatile_organic_compounds", "unit_of_measurement": "mg/m³"},
        {"o": "0.5"},
    ),
    ("number", "5", {"name": "Delay"}, {"o": "5"}),
    ("binary_sensor", "ON", {"device_class": "moisture"}, {"leak": True}),
    ("binary_sensor", "1", {"device_class": "smoke", "payload_on": "1", "payload_off": "0"}, {"smoke": True}),
    ("binary_sensor", "ON", {"device_class": "lock"}, {"locked": False}),
    ("binary_sensor", "ON", {"device_class": "occupancy", "name": "Bed"}, {"in_bed": True}),
    ("binary_sensor", "ON", {"device_class": "presence"}, {"occupied": True}),
    ("binary_sensor", "perhaps", {"device_class": "smoke"}, {"o": "perhaps"}),
    ("binary_sensor", "ON", {"name": "Water leak"}, {"leak": True}),
    ("switch", "ON", {}, {"switched_on": True}),
    ("lock", "LOCKED", {}, {"locked": True}),
    ("cover", "open", {"device_class": "door"}, {"open": True}),
    ("select", "eco", {}, {"o": "eco"}),
    ("device_tracker", "home", {}, {"o": "home"}),
]


@pytest.mark.parametrize(("component", "said", "config", "values"), SENSORS)
def test_a_state_is_read_by_its_component_class_unit_and_name(
    component: str, said: str, config: dict[str, Any], values: dict[str, Any]
) -> None:
    assert read(component, said.encode(), **config) == values


@pytest.mark.parametrize("said", ["unknown", "unavailable", "None", ""])
def test_a_state_that_is_none_says_nothing(said: str) -> None:
    one = hub(("sensor/n/o", entity(device_class="humidity")))
    assert one.kinds("t", said.encode()) == ["ignored"]


def test_abbreviations_and_the_base_topic_are_written_out() -> None:
    short = {
        "~": "k/leak",
        "stat_t": "~/state",
        "json_attr_t": "a/~",
        "avty": [{"t": "~/up", "pl_avail": "1", "pl_not_avail": "0"}, "x"],
        "dev_cla": "moisture",
        "dev": {"cns": [["mac", "aa:bb"], "x"]},
    }
    one = hub(("binary_sensor/leak", short))
    assert one.one("k/leak/state", b"ON").addresses == ("aa:bb",)
    assert one.one("k/leak/up", b"0").is_online is False
    assert one.kinds("k/leak/up", b"perhaps") == ["ignored"]
    assert one.values("a/k/leak", {"rssi": -60, "colour": "red"}) == {"signal": -60}
    assert one.kinds("a/k/leak", b"5") == ["ignored"]


def test_a_device_announces_all_its_components_at_once_and_drops_one() -> None:
    parts = {
        "t": {"p": "sensor", "dev_cla": "temperature", "val_tpl": "{{ value_json.t }}"},
        "h": {"p": "sensor", "dev_cla": "humidity", "val_tpl": "{{ value_json.h }}"},
        "none": {"p": "button", "name": "Restart"},
        "odd": "x",
        "nul\0": {"p": "sensor", "dev_cla": "humidity"},
    }
    shared = {"~": "x", "dev": {"ids": 7}, "o": {"name": "b"}, "stat_t": "~/state", "avty": {"t": "~/up"}}
    one = hub(("device/abc", shared | {"cmps": parts}))
    assert one.values("x/state", {"t": 20, "h": 50}) == {"temperature": 20, "humidity": 50}
    one.says("homeassistant/device/abc/config", shared | {"cmps": parts | {"h": {"p": "sensor"}}})
    assert one.values("x/state", {"t": 20, "h": 50}) == {"temperature": 20}
    one.says("homeassistant/device/abc/config", b"")
    assert one.memory == {}


@pytest.mark.parametrize(
    ("parts", "refusal"),
    [
        (None, ("missing_field", "components")),
        ({str(nth): {} for nth in range(300)}, ("too_many_values", "components")),
    ],
)
def test_a_bundle_that_is_none_is_refused(parts: Any, refusal: tuple[str, str]) -> None:
    config = {"device": {"identifiers": ["d"]}, "components": parts}
    assert Hub("home_assistant").refusal("homeassistant/device/abc/config", config) == refusal


def test_an_empty_configuration_forgets_and_its_topic_is_unknown_again() -> None:
    one = hub(("sensor/a", entity(device_class="humidity")), ("sensor/b", entity(name="b")))
    one.says("homeassistant/sensor/a/config", b"")
    assert one.values("t", b"5") == {"b": "5"}
    one.says("homeassistant/sensor/b/config", b" ")
    assert one.memory == {}
    assert one.refusal("t", b"5") == ("not_discovered", "t")


def test_a_configuration_said_again_teaches_nothing() -> None:
    one = hub(("sensor/a", entity(device_class="humidity")))
    assert one.kinds("homeassistant/sensor/a/config", entity(device_class="humidity")) == ["ignored"]


def test_an_availability_of_several_devices_is_the_hubs() -> None:
    one = hub(
        ("sensor/a", entity(availability_topic="up")),
        ("sensor/b", entity(availability_topic="up", device={"identifiers": "other"}, state_topic="t2")),
    )
    message = one.one("up", b"offline")
    assert (message.ecosystem, message.addresses, message.is_online) == ("native", ("hub",), False)


EVENTS = [
    ("event", {"name": "Button"}, {"event_type": "press"}, "action", True, None),
    ("event", {"name": "SOS"}, {"event_type": "press"}, "action", True, "sos"),
    ("event", {"name": "Button"}, {"event_type": "emergency"}, "action", False, "sos"),
    ("event", {"name": "SOS"}, {"event_type": "button_release"}, "action", False, None),
    ("binary_sensor", {"name": "Panic"}, b"ON", "n_o", False, "sos"),
    ("binary_sensor", {"name": "Panic"}, b"OFF", "n_o", False, None),
]


@pytest.mark.parametrize(("component", "config", "said", "_name", "is_press", "alarm"), EVENTS)
def test_a_press_and_an_alarm_are_known_by_their_words(
    component: str, config: dict[str, Any], said: Any, _name: str, alarm: str | None, *, is_press: bool
) -> None:
    message = hub((f"{component}/n/o", entity(**config))).one("t", said)
    assert (message.is_press, message.alarm) == (is_press, alarm)


def test_an_action_sensor_tells_a_press_and_its_trigger_is_the_same_press() -> None:
    one = hub(
        ("sensor/d/action", entity(value_template="{{ value_json.action }}")),
        (
            "device_automation/d/x",
            entity(topic="t/action", payload="single", type="action", subtype="single"),
        ),
    )
    assert one.one("t", {"action": "emergency"}).alarm == "sos"
    assert one.kinds("t/action", b"single") == ["ignored"]


def test_a_tracker_says_where_somebody_is() -> None:
    tracker = {"state_topic": "s", "json_attributes_topic": "a", "device": {"identifiers": ["w"]}}
    one = hub(("device_tracker/w", tracker))
    assert one.values("a", {"latitude": 39.9, "longitude": "116.4", "gps_accuracy": 9}) == {
        "lat": 39.9,
        "lon": 116.4,
        "accuracy_m": 9,
    }
    assert one.values("s", {"latitude": 39.9}) == {"lat": 39.9}


def test_a_climate_tells_the_temperature_of_its_room() -> None:
    climate = {
        "current_temperature_topic": "c",
        "current_temperature_template": "{{ value_json.now }}",
        "temperature_unit": "F",
        "device": {"identifiers": ["c"]},
    }
    assert hub(("climate/c", climate)).values("c", {"now": 212}) == {"temperature": 100.0}


def test_a_template_that_is_not_allowed_reads_nothing() -> None:
    evil = entity(device_class="temperature", value_template="{% for i in range(9) %}1{% endfor %}")
    assert hub(("sensor/a", evil)).kinds("t", b"5") == ["ignored"]


def test_a_time_in_the_message_is_its_time() -> None:
    one = hub(("sensor/a", entity(value_template="{{ value_json.x }}", device_class="humidity")))
    message = one.one("t", {"x": 5, "last_seen": "2026-11-21T22:20:00Z"})
    assert message.at is not None
    assert message.at.minute == 20


@pytest.mark.parametrize("config", [{"name": "no topic"}, {"state_topic": "t", "device": None}])
def test_a_configuration_without_a_topic_or_with_no_device_has_its_path_for_a_name(config: Any) -> None:
    one = Hub("home_assistant")
    one.says("homeassistant/sensor/n/o/config", config)
    assert set(one.memory) <= {
        "entity/homeassistant/sensor/n/o/config",
        "topic/t",
        "device/n/o",
    }


def test_what_home_assistant_says_of_itself_is_left() -> None:
    assert Hub("home_assistant").kinds("homeassistant/status", b"online") == ["ignored"]
    assert Hub("home_assistant").kinds("homeassistant/button/x/config", entity()) == ["ignored"]


def test_memory_with_a_hole_breaks_nothing() -> None:
    one = hub(("sensor/a", entity(device_class="humidity", availability_topic="t")))
    del one.memory["entity/homeassistant/sensor/a/config"]
    assert one.kinds("t", b"5") == ["ignored"]
    one.says("homeassistant/sensor/a/config", b"")
    assert "entity/homeassistant/sensor/a/config" not in one.memory


def test_an_older_availability_is_json_without_a_template() -> None:
    one = hub(("sensor/a", entity(availability=[{"topic": "bridge/state"}])))
    assert one.one("bridge/state", {"state": "offline"}).is_online is False
