"""The exposes model of Zigbee2MQTT: what a bridge says once about its devices, and what that changes."""

from typing import Any

import pytest

from devices import codecs
from tests.devices.saying import NOW, Hub

IEEE = "0x00124b0022aabbcc"


def device(name: str, *exposes: dict[str, Any], ieee: str = IEEE) -> dict[str, Any]:
    return {
        "ieee_address": ieee,
        "friendly_name": name,
        "type": "EndDevice",
        "definition": {"model": "M", "vendor": "V", "exposes": list(exposes)},
    }


def binary(name: str, *words: Any, prop: str | None = None) -> dict[str, Any]:
    on, off = words or (True, False)
    return {"type": "binary", "name": name, "property": prop or name, "value_on": on, "value_off": off}


def numeric(name: str, unit: str | None = None, prop: str | None = None) -> dict[str, Any]:
    found = {"type": "numeric", "name": name, "property": prop or name}
    return found | ({"unit": unit} if unit else {})


def hub(*devices: dict[str, Any]) -> Hub:
    made = Hub("zigbee2mqtt")
    made.says("bridge/devices", list(devices))
    return made


SECOND = {"temperature_2": 5}
BY_EXPOSES = [
    ("its own words", binary("water_leak", "LEAK", "DRY"), {"water_leak": "LEAK"}, {"leak": True}),
    ("inverted by its own words", binary("smoke", "ok", "fire"), {"smoke": "fire"}, {"smoke": False}),
    ("Fahrenheit", numeric("temperature", "°F"), {"temperature": 212}, {"temperature": 100.0}),
    ("volts of the mains", numeric("voltage", "V"), {"voltage": 230}, {"voltage": 230_000}),
    ("a unit that is none of ours", numeric("voc", "mg/m³"), {"voc": 1}, {"raw_voc": 1}),
    ("a gas that is measured", numeric("gas", "%LEL"), {"gas": 3}, {"raw_gas": 3}),
    ("a smoke that is a density", numeric("smoke", "dB/m"), {"smoke": 1}, {"raw_smoke": 1}),
    ("one of two leaks", binary("water_leak", prop="water_leak_2"), {"water_leak_2": True}, {"leak": True}),
    ("one of two temperatures", numeric("temperature", prop="temperature_2"), {"temperature_2": 5}, SECOND),
    ("a contact that is off", binary("contact", False, True), {"contact": True}, {"open": False}),
    ("a contact that is on", binary("contact", False, True), {"contact": False}, {"open": True}),
    ("a model that has it the other way", binary("contact"), {"contact": True}, {"open": True}),
    ("a fault of the mains", binary("ac_status"), {"ac_status": True}, {"mains": False}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("exposed", "said", "values"), [row[1:] for row in BY_EXPOSES], ids=[row[0] for row in BY_EXPOSES]
)
def test_a_property_means_what_the_bridge_has_said_of_it(
    exposed: dict[str, Any], said: dict[str, Any], values: dict[str, Any]
) -> None:
    assert hub(device("d", exposed)).values("d", said) == values


def test_properties_inside_a_lock_or_a_light_are_found_and_composites_are_left() -> None:
    lock = {"type": "lock", "features": [binary("state", "LOCK", "UNLOCK"), {"type": "enum"}, "x"]}
    odd = {"type": "composite", "property": "c", "features": [numeric("battery", "V")]}
    assert hub(device("d", lock, odd)).values("d", {"state": "LOCK", "lock_state": "locked"}) == {
        "switched_on": True,
        "locked": True,
    }


def test_either_of_two_leaks_is_a_leak() -> None:
    two = hub(
        device("d", binary("water_leak", prop="water_leak_1"), binary("water_leak", prop="water_leak_2"))
    )
    assert two.values("d", {"water_leak_1": True, "water_leak_2": False}) == {"leak": True}


@pytest.mark.parametrize(
    ("exposes", "model"),
    [
        ([binary("smoke"), numeric("temperature")], "smoke_v1"),
        ([binary("presence")], "radar_v1"),
        ([{"type": "enum", "name": "action", "property": "action"}, numeric("battery")], "sos_button_v1"),
        ([{"type": "enum", "name": "mode", "property": "mode"}], None),
    ],
)
def test_a_strangers_model_is_guessed_from_all_that_it_can_say(exposes: Any, model: str | None) -> None:
    assert hub(device("d", *exposes)).one("d", {"linkquality": 5}).model == model


def test_a_device_keeps_its_identity_when_it_is_renamed() -> None:
    one = hub(device("old"))
    one.says("bridge/devices", [device("new")])
    assert one.one("new", {"battery": 5}).addresses == ("new", IEEE, "old")


def test_a_name_that_somebody_else_bears_now_is_given_up() -> None:
    one = hub(device("bed"))
    one.says("bridge/devices", [device("bed-old"), device("bed", ieee="0x2")])
    assert one.one("bed-old", {"battery": 5}).addresses == ("bed-old", IEEE)
    assert one.one("bed", {"battery": 5}).addresses == ("bed", "0x2")


def test_what_is_said_again_teaches_nothing_and_what_is_gone_is_forgotten() -> None:
    one = hub(device("d"))
    assert one.kinds("bridge/devices", [device("d")]) == ["ignored"]
    one.says("bridge/devices", [])
    assert one.memory == {}


@pytest.mark.parametrize(
    "row",
    ["x", {}, {"ieee_address": 5}, {"ieee_address": "0x0", "friendly_name": "c", "type": "Coordinator"}],
)
def test_a_row_that_is_no_device_is_left(row: Any) -> None:
    assert hub(row).memory == {}


def test_a_device_without_a_definition_or_a_name_has_its_address() -> None:
    assert hub({"ieee_address": IEEE, "definition": None}).one(IEEE, {"battery": 5}).addresses == (IEEE,)


def test_a_list_of_devices_that_is_none_is_refused() -> None:
    assert Hub("zigbee2mqtt").refusal("bridge/devices", {}) == ("wrong_type", "payload")


def test_what_a_group_says_its_members_say_as_well() -> None:
    one = Hub("zigbee2mqtt")
    one.says("bridge/groups", [{"friendly_name": "all lamps"}, "x"])
    assert one.kinds("all lamps", {"state": "ON"}) == ["ignored"]
    assert one.kinds("bridge/groups", [{"friendly_name": "all lamps"}]) == ["ignored"]
    assert one.kinds("bridge/groups", {}) == ["learned"]


def test_a_bridge_that_publishes_each_property_by_itself_is_heard() -> None:
    one = hub(device("bath/leak", binary("water_leak")))
    one.says("bridge/info", {"config": {"advanced": {"output": "attribute"}}})
    assert one.values("bath/leak/water_leak", b"true") == {"leak": True}
    assert one.one("bath/leak/action", b"emergency").alarm == "sos"
    assert one.kinds("bath/leak/set", b"{}") == ["ignored"]
    assert one.kinds("bridge/info", {"config": {"advanced": {"output": "attribute"}}}) == ["ignored"]
    one.says("bridge/info", {"config": None})
    assert "output" not in one.memory
    assert one.kinds("bridge/info", {"config": {"advanced": None}}) == ["ignored"]


ACTIONS = [
    ("1_single", True, None),
    ("button_2_double", True, None),
    ("single_left", True, None),
    ("hold_release", False, None),
    ("rotate_right", False, None),
    ("toggle", True, None),
    ("button_1_emergency", False, "sos"),
    ("", False, None),
    (5, False, None),
]


@pytest.mark.parametrize(("action", "is_press", "alarm"), ACTIONS)
def test_any_button_is_understood(action: Any, alarm: str | None, *, is_press: bool) -> None:
    message = Hub("zigbee2mqtt").one("b", {"action": action})
    assert (message.is_press, message.alarm) == (is_press, alarm)


def test_older_names_of_a_press_and_an_sos_that_is_a_property() -> None:
    assert Hub("zigbee2mqtt").one("b", {"click": "single"}).is_press
    assert Hub("zigbee2mqtt").one("b", {"sos": True}).alarm == "sos"
    assert Hub("zigbee2mqtt").one("b", {"sos": False}).alarm is None


BY_NAME = [
    ({"battery_state": "low"}, {"battery_low": True}),
    ({"battery_state": "medium"}, {"battery_low": False}),
    ({"battery_state": "odd"}, {"battery_state": "odd"}),
    ({"fall_down_status": "fall"}, {"fall": True}),
    ({"fall_down_status": "maybe_fall"}, {"fall_down_status": "maybe_fall"}),
    ({"presence_state": "none"}, {"occupied": False}),
    ({"carbon_monoxide": True, "co": 30}, {"co": True, "co_level": 30}),
    ({"voltage": 230, "power": 5}, {"voltage": 230_000, "power": 5}),
    ({"voltage": 3000}, {"voltage": 3000}),
    ({"ac_status": True}, {"mains": False}),
    ({"action": "vibration"}, {"action": "vibration", "vibration": True}),
    ({"state": "OFF"}, {"switched_on": False}),
    ({"state": "LOCK"}, {"state": "LOCK"}),
    ({"power_supply": "battery"}, {"mains": False}),
]


@pytest.mark.parametrize(("said", "values"), BY_NAME)
def test_without_exposes_the_names_say_what_they_can(said: dict[str, Any], values: dict[str, Any]) -> None:
    assert Hub("zigbee2mqtt").values("d", said) == values


def test_availability_finds_the_device_under_all_its_names() -> None:
    status = hub(device("d")).one("d/availability", {"state": "offline"})
    assert (status.addresses, status.is_online) == (("d", IEEE), False)


def test_a_blank_name_is_nobodys() -> None:
    assert Hub("zigbee2mqtt").refusal(" ", {"battery": 5}) == ("bad_topic", "device")


def test_a_topic_without_a_hub_is_foreign() -> None:
    assert codecs.place_of("eco//zigbee2mqtt/d") is None
    assert codecs.place_of("eco/h/homeassistant/x") == ("h", "home_assistant", "x")
    assert NOW.tzinfo is not None
