"""Shelly: recorded notifications, and what its documentation shows."""

from typing import Any

import pytest

from tests.devices.saying import Hub, recorded

LINES = recorded("shelly")
HUB = Hub("shelly")
TS = 1795300000.5


def notify(method: str = "NotifyStatus", src: str = "dev", **params: Any) -> dict[str, Any]:
    return {"src": src, "method": method, "params": {"ts": TS} | params}


def event(**row: Any) -> dict[str, Any]:
    return notify("NotifyEvent", events=[{"component": "input:0", "id": 0} | row])


def test_a_recorded_change_of_configuration_is_no_press() -> None:
    assert HUB.kinds(LINES[0]["topic"], LINES[0]["payload"].encode()) == ["ignored"]


def test_a_recorded_push_with_a_clock_of_one_second_is_a_press_now() -> None:
    message = HUB.one(LINES[1]["topic"], LINES[1]["payload"].encode())
    assert (message.is_press, message.at, message.has_bad_clock) == (True, None, True)
    assert message.model == "sos_button_v1"


def test_a_status_logged_as_python_is_no_json() -> None:
    assert HUB.refusal("x/events/rpc", LINES[2]["payload"].encode()) == ("not_json", None)


def test_a_recorded_full_status_on_wake_is_read() -> None:
    message = HUB.one(LINES[3]["topic"], LINES[3]["payload"].encode())
    assert message.values == {
        "voltage": 430,
        "battery": 0,
        "mains": True,
        "humidity": 42.2,
        "temperature": 19.8,
    }
    assert message.model == "climate_v1"


TWO = {"temperature": 20, "temperature:1_tC": 30}
STATUS = [
    ({"smoke:0": {"id": 0, "alarm": True}}, {"smoke": True}),
    ({"flood:0": {"id": 0, "alarm": True, "mute": False}}, {"leak": True, "flood:0_mute": False}),
    ({"flood:0": {"alarm": True}, "flood:1": {"alarm": False}}, {"leak": True}),
    ({"temperature:0": {"tC": 20, "tF": 68}, "temperature:1": {"tC": 30}}, TWO),
    ({"temperature:0": {"tC": None}}, None),
    ({"temperature:0": {"tC": "cold"}}, {"temperature:0_tC": "cold"}),
    ({"presencezone:200": {"value": True, "num_objects": 2}}, {"occupied": True, "people": 2}),
    ({"boolean:200": {"value": True}}, {"boolean:200_value": True}),
    ({"wifi": {"rssi": -60, "ssid": "x"}, "cloud": {"connected": True}, "odd": 5}, {"signal": -60}),
]  # fmt: skip


@pytest.mark.parametrize(("params", "values"), STATUS)
def test_a_component_says(params: dict[str, Any], values: dict[str, Any] | None) -> None:
    if values is None:
        assert HUB.kinds("home/d/events/rpc", notify(**params)) == ["ignored"]
    else:
        message = HUB.one("home/d/events/rpc", notify(**params))
        assert (message.values, message.addresses) == (values, ("home/d", "dev"))


def test_a_component_on_its_own_topic_says_the_same() -> None:
    switch = {"id": 0, "output": True, "apower": 12.5, "voltage": 231.1, "aenergy": {"total": 1500.0}}
    assert HUB.values("plug/status/switch:0", switch) == {
        "switched_on": True,
        "power": 12.5,
        "voltage": 231_100,
        "energy": 1.5,
    }


EVENTS = [
    ({"event": "long_push"}, {"action": "input:0_long_push"}, True),
    ({"component": "smoke:0", "event": "alarm"}, {"smoke": True}, False),
    ({"component": "flood:0", "event": "alarm_off"}, {"leak": False}, False),
    ({"component": "smoke:0", "event": "alarm_test"}, {"event": "smoke:0_alarm_test"}, False),
]


@pytest.mark.parametrize(("row", "values", "is_press"), EVENTS)
def test_an_event_is_a_press_an_alarm_or_itself(
    row: dict[str, Any], values: dict[str, Any], *, is_press: bool
) -> None:
    message = HUB.one("d/events/rpc", event(**row))
    assert (message.values, message.is_press) == (values, is_press)


def test_two_events_in_one_message_are_two_messages() -> None:
    rows = [
        {"component": "input:0", "event": "single_push"},
        {"component": "input:1", "event": "single_push"},
        "x",
    ]
    first, second = HUB.says("d/events/rpc", notify("NotifyEvent", events=rows))
    assert first.id != second.id


def test_the_packet_of_a_bluetooth_button_is_its_own_press() -> None:
    packet = {
        "BTHome_version": 2,
        "pid": 54,
        "battery": 99,
        "button": [0, 4],
        "rssi": -60,
        "address": "b4:35",
        "odd": 1,
    }
    message = HUB.one("gw/events/rpc", event(component="script:1", event="shelly-blu", data=packet))
    assert message.addresses == ("b4:35",)
    assert message.values == {"battery": 99, "signal": -60, "action": "long", "odd": 1}
    assert (message.is_press, message.model) == (True, "sos_button_v1")


def test_a_script_may_publish_packets_on_any_topic() -> None:
    packet = {"addr": "b4:36", "pid": 5, "window": 1, "illuminance": 5, "button": 0, "distance_mm": 1500}
    message = HUB.one("shelly-blu/b4:36", packet)
    assert message.values == {"open": True, "illuminance": 5, "distance": 1.5}
    assert not message.is_press


def test_a_gateways_list_of_components_says_whose_values_they_are() -> None:
    one = Hub("shelly")
    rows = [
        {"key": "bthomesensor:200", "config": {"addr": "aa:bb", "obj_id": 45}},
        {"key": "bthomedevice:200", "config": {"addr": "aa:bb"}},
        {"key": "switch:0", "config": {}},
        {"key": "bthomesensor:201", "config": {"addr": 5}},
        "x",
    ]
    answer = {"id": 1, "src": "gw", "dst": "me", "result": {"components": rows}}
    assert one.kinds("me/rpc", answer) == ["learned", "learned"]
    assert one.kinds("me/rpc", answer) == ["ignored"]
    states: dict[str, Any] = {"bthomesensor:200": {"value": True}, "bthomedevice:200": {"battery": 80}}
    said = notify(src="gw", **states)
    message = one.one("gw/events/rpc", said)
    assert (message.addresses, message.values) == (("aa:bb",), {"open": True, "battery": 80})
    pressed = notify(
        "NotifyEvent", src="gw", events=[{"component": "bthomedevice:200", "event": "single_push"}]
    )
    assert one.one("gw/events/rpc", pressed).addresses == ("aa:bb",)


def test_other_answers_logs_and_calls_are_left() -> None:
    assert HUB.kinds("me/rpc", {"src": "gw", "result": {"output": True}}) == ["ignored"]
    assert HUB.kinds("gw/debug/log", b"anything") == ["ignored"]
    assert HUB.kinds("gw/rpc", {"src": "me", "method": "Switch.Set", "params": {}}) == ["ignored"]
    assert HUB.one("gw/online", b"false").is_online is False


REFUSED = [
    ("gw/online", b"perhaps", ("unknown_status", "online")),
    ("gw/events/rpc", {"src": "gw"}, ("missing_field", "method")),
    ("gw/events/rpc", {"method": "NotifyStatus"}, ("missing_field", "params")),
    ("gw/events/rpc", {"method": "NotifyEvent", "params": {}}, ("missing_field", "params.events")),
    (" /events/rpc", {"method": "NotifyStatus", "params": {}}, ("bad_topic", "device")),
    ("shellies/x/online", b"perhaps", ("unknown_status", "online")),
]


@pytest.mark.parametrize(("topic", "said", "refusal"), REFUSED)
def test_what_is_none_of_shellys_is_refused(topic: str, said: Any, refusal: tuple[str, str]) -> None:
    assert HUB.refusal(topic, said) == refusal


FIRST = [
    ("sensor/flood", b"true", {"leak": True}),
    ("sensor/state", b"open", {"open": True}),
    ("sensor/gas", b"heavy", {"gas": True}),
    ("sensor/gas", b"test", {"sensor/gas": "test"}),
    ("relay/0", b"on", {"switched_on": True}),
    ("relay/0/power", b"12.3", {"power": 12.3}),
    ("relay/0/energy", b"60000", {"energy": 1}),
    ("relay/0/odd", b"x", {"relay/0/odd": "x"}),
    ("voltage", b"231", {"voltage": 231_000}),
    (
        "status",
        {"motion": True, "bat": 90, "active": True},
        {"occupied": True, "battery": 90, "active": True},
    ),
    ("input_event/0", {"event": "S", "event_cnt": 4}, {"action": "input0_single"}),
]


@pytest.mark.parametrize(("topic", "said", "values"), FIRST)
def test_the_first_generation_says_it_plainly(topic: str, said: Any, values: dict[str, Any]) -> None:
    message = HUB.one(f"shellies/old-1/{topic}", said)
    assert (message.values, message.addresses) == (values, ("old-1",))


def test_an_empty_event_of_the_first_generation_is_no_press() -> None:
    assert HUB.kinds("shellies/old-1/input_event/0", {"event": "", "event_cnt": 0}) == ["ignored"]
    assert HUB.kinds("shellies/announce", b"{}") == ["ignored"]
    assert HUB.kinds("shellies/old-1/info", b"{}") == ["ignored"]
    assert HUB.one("shellies/old-1/online", b"true").is_online
