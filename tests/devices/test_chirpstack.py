"""LoRaWAN: one uplink of several gateways, what sensors' decoders say, history inside a live message."""

from datetime import timedelta
from typing import Any

import pytest

from devices.messages import Message
from tests.devices.platforms import MS, NOW, line, line_reason, reason, say

UP = "application/a1/device/0102ab/event/up"
INFO = {"devEui": "0102ab", "deviceName": "bed 3", "deviceProfileName": "Milesight WS101"}


def up(found: Any, **more: Any) -> list[Message]:
    body = {"deduplicationId": "d1", "time": NOW.isoformat(), "deviceInfo": INFO, "object": found, **more}
    return say("chirpstack", UP, body)


def test_a_real_uplink_keeps_what_it_measured_and_its_best_reception() -> None:
    (message,) = line("lorawan", 0)
    assert message.id == "xxx"
    assert message.values["voltage"] == 3980
    assert (message.values["signal"], message.values["satellites"]) == (-106, 12)
    assert message.values["data"] == "xxx"


def test_four_gateways_heard_one_uplink() -> None:
    (message,) = line("lorawan", 1)
    assert (message.id, message.is_id_derived, message.addresses[0]) == (
        "uplink-uuid",
        False,
        "0102030405060708",
    )


def test_decoded_objects_are_understood_without_their_envelope() -> None:
    assert line("lorawan", 2)[0].values["occupied"] is True
    assert line("lorawan", 3)[0].values["open"] is True


def test_somebody_out_of_bed_is_an_alarm_and_late_history_pages_nobody() -> None:
    live, past = line("lorawan", 4)
    assert (live.alarm, live.is_historical) == ("bed_exit", False)
    assert (past.alarm, past.is_historical) == ("bed_exit", True)


def test_what_is_not_json_is_refused() -> None:
    assert line_reason("lorawan", 5) == "not_json"


def test_a_button_is_a_press_of_what_its_profile_says() -> None:
    (message,) = up({"press": "short", "battery": 90})
    assert (message.is_press, message.model) == (True, "sos_button_v1")
    assert message.addresses == ("0102ab", "0102AB", "bed 3")


def test_an_alarm_of_no_region_is_none() -> None:
    (message,) = up({"fall_alarm": {"alarm_status": 2, "region_id": 1}})
    assert (message.kind, message.values["fall"]) == ("telemetry", False)


def test_history_without_a_kind_is_values() -> None:
    then = (NOW - timedelta(hours=1)).timestamp()
    _, past = up({"temperature": 20, "history": [{"timestamp": then, "temperature": 19}, 7]})
    assert (past.values, past.is_historical) == ({"temperature": 19}, True)


@pytest.mark.parametrize("more", [{}, {"rxInfo": 3}, {"rxInfo": [{"rssi": "x"}, 4]}])
def test_an_uplink_without_reception_or_id_gets_an_id(more: dict[str, Any]) -> None:
    (message,) = up({"temperature": 20}, deduplicationId="", **more)
    assert message.is_id_derived
    assert message.values == {"temperature": 20}


def test_other_events_say_who_is_there_and_how_it_is_fed() -> None:
    def event(kind: str, **more: Any) -> Message:
        return say("chirpstack", f"application/a/device/e/event/{kind}", {"deviceInfo": INFO, **more})[0]

    assert event("join").is_online is True
    assert event("status", batteryLevel=72.0, externalPowerSource=False, margin=7).values == {
        "battery": 72,
        "mains": False,
        "margin": 7,
    }
    assert event("status", externalPowerSource=True, batteryLevel=0).values == {"mains": True}
    assert event("status", batteryLevelUnavailable=True).values == {}
    assert event("location", location={"latitude": 37.9, "longitude": 118.5}).values == {
        "lat": 37.9,
        "lon": 118.5,
    }
    assert event("log", level="ERROR", code="UPLINK_CODEC").values["log_code"] == "UPLINK_CODEC"
    assert event("ack").kind == "ignored"


def test_what_is_said_to_a_device_or_a_gateway_is_left() -> None:
    for topic in ("application/a/device/e/command/down", "eu868/gateway/g/event/stats"):
        assert say("chirpstack", topic, b"x")[0].kind == "ignored"


def test_the_things_stack_is_understood_too() -> None:
    who = {"device_id": "door-1", "dev_eui": "0102"}
    body = {
        "end_device_ids": who,
        "correlation_ids": ["as:up:1", "gs:uplink:2"],
        "received_at": NOW.isoformat(),
        "uplink_message": {
            "f_port": 10,
            "decoded_payload": {"DOOR_OPEN_STATUS": 0, "BAT_V": 2.952},
            "rx_metadata": [{"rssi": -80}, {"rssi": -60}],
        },
    }
    (message,) = say("ttn", "v3/app@ttn/devices/door-1/up", body)
    assert (message.id, message.addresses) == ("gs:uplink:2", ("door-1", "0102"))
    assert message.values["open"] is False
    assert (message.values["voltage"], message.values["signal"]) == (2952, -60)
    (join,) = say("ttn", "v3/a/devices/d/join", {"end_device_ids": who, "join_accept": {}})
    assert join.is_online is True
    (bare,) = say("ttn", "v3/a/devices/d/up", {"end_device_ids": who, "uplink_message": {"f_port": 1}})
    assert bare.is_id_derived
    assert say("ttn", "v3/a/devices/d/x", {"end_device_ids": who})[0].kind == "ignored"


def test_an_uplink_on_another_topic_is_known_by_its_envelope() -> None:
    (message,) = say("chirpstack", "my/own/topic", {"deviceInfo": INFO, "object": {"temperature": 20}})
    assert message.addresses[0] == "0102ab"


@pytest.mark.parametrize(
    ("topic", "body", "why"),
    [
        ("application/a/device/e/event/what", {"deviceInfo": {}}, "unknown_topic"),
        ("application/a/device//event/up", {"deviceInfo": {}}, "missing_field"),
        ("v3/a/devices/d/up", {}, "missing_field"),
        (UP, [], "wrong_type"),
        (UP, {"deviceInfo": 1, "time": MS}, "wrong_type"),
    ],
)
def test_what_does_not_fit_is_named(topic: str, body: Any, why: str) -> None:
    assert reason("chirpstack", topic, body) == why
