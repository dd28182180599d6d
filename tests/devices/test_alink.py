"""Alibaba's thing model: values with and without times, packs, history, sub-devices, replies."""

import json
from typing import Any

import pytest

from devices.messages import Message, Rejected
from tests.devices.platforms import MS, line, line_reason, reason, say

POST = "/sys/pk/bed1/thing/event/property/post"


def post(params: Any, **more: Any) -> list[Message]:
    return say("alink", POST, {"id": "1", "params": params, **more})


def answer(message: Message) -> dict[str, Any]:
    assert message.reply is not None
    found: dict[str, Any] = json.loads(message.reply.accepted)
    return found


def test_the_documented_report_keeps_its_values_and_wants_no_reply() -> None:
    (message,) = line("alink_thing_model", 0)
    assert message.values == {"Power": "on", "WF": 23.6}
    assert message.addresses == ("{deviceName}", "{productKey}/{deviceName}")
    assert message.reply is None


def test_raw_bytes_are_named_binary() -> None:
    assert line_reason("alink_thing_model", 1) == "binary"


def test_an_enos_event_with_an_impossible_clock_is_kept() -> None:
    (message,) = line("alink_thing_model", 2)
    assert message.values["temperature"] == pytest.approx(1.02)
    assert (message.at, message.has_bad_clock) == (None, True)


def test_a_report_without_values_says_that_it_is_there() -> None:
    (message,) = line("alink_thing_model", 3)
    assert (message.kind, message.values) == ("telemetry", {})


def test_values_are_ours_and_the_reply_has_code_200() -> None:
    (message,) = post({"HeartRate": {"value": "72", "time": MS}, "InBed": {"value": 1, "time": MS}})
    assert message.values == {"heart_rate": 72, "in_bed": True}
    assert message.reply is not None
    assert message.reply.topic == f"{POST}_reply"
    assert (answer(message)["code"], answer(message)["id"]) == (200, "1")


def test_an_older_value_of_the_same_report_is_history() -> None:
    old, new = post({"temp": {"value": 20, "time": MS - 3_600_000}, "hr": {"value": 60, "time": MS}})
    assert (old.is_historical, new.is_historical) == (True, False)
    assert (old.id, old.values) != (new.id, new.values)


def test_an_sos_event_is_an_alarm_and_one_that_is_over_is_not() -> None:
    (alarm,) = say("alink", "/sys/pk/b/thing/event/SosAlarm/post", {"params": {"value": {}, "time": MS}})
    assert (alarm.kind, alarm.alarm) == ("alarm", "sos")
    (over,) = say("alink", "/sys/pk/b/thing/event/SosAlarm/post", {"params": {"value": {"status": 0}}})
    assert (over.kind, over.values["event"]) == ("telemetry", "SosAlarm")


def test_an_event_named_as_a_flag_raises_the_flag_s_alarm_or_clears_it() -> None:
    (fall,) = say("alink", "sys/pk/b/thing/event/FallDetected/post", {"params": {}})
    assert fall.alarm == "fall"
    (over,) = say("alink", "sys/pk/b/thing/event/FallDetected/post", {"params": {"state": "normal"}})
    assert over.values["fall"] is False
    (bare,) = say("alink", "sys/pk/b/thing/event/note/post", {"params": {"value": 3}})
    assert bare.values == {"value": 3, "event": "note"}


def test_a_pack_speaks_for_sub_devices_too() -> None:
    params = {
        "properties": {"Power": {"value": 1, "time": MS}},
        "events": {"powerCut": {"value": {}, "time": MS}},
        "subDevices": [
            {
                "identity": {"productKey": "p2", "deviceName": "door"},
                "properties": {"DoorOpen": {"value": 1, "time": MS}},
                "events": {"tamperEvent": [{"value": {}, "time": MS}]},
            }
        ],
    }
    found = say("alink", "/sys/pk/gw/thing/event/property/pack/post", {"id": 7, "params": params})
    assert [(m.addresses[0], m.kind, m.alarm) for m in found] == [
        ("gw", "telemetry", None),
        ("gw", "alarm", "power_lost"),
        ("door", "telemetry", None),
        ("door", "alarm", "tamper"),
    ]
    assert found[2].values == {"open": True}
    assert [m.reply is not None for m in found] == [True, False, False, False]


def test_a_batch_holds_lists_of_values() -> None:
    params = {"properties": {"temp": [{"value": 20, "time": MS - 1000}, {"value": 21, "time": MS}]}}
    found = say("alink", "/sys/pk/gw/thing/event/property/batch/post", {"params": params})
    assert [m.values for m in found] == [{"temperature": 20}, {"temperature": 21}]


def test_history_never_pages() -> None:
    params = [
        {
            "identity": {"productKey": "pk", "deviceName": "b"},
            "properties": [{"hr": {"value": 60, "time": MS}}],
            "events": [{"sos": {"value": {}, "time": MS}}],
        },
        {"properties": {"hr": {"value": 61, "time": MS}}},
    ]
    found = say("alink", "/sys/pk/gw/thing/event/property/history/post", {"params": params})
    assert [m.is_historical for m in found] == [True, True, True]
    assert [m.addresses[0] for m in found] == ["b", "b", "gw"]


def test_enos_measure_points_have_the_time_beside_them() -> None:
    (message,) = say(
        "alink",
        "/sys/pk/b/thing/measurepoint/post",
        {"params": {"measurepoints": {"temp": {"value": 20, "quality": 9}}, "time": MS}},
    )
    assert message.values == {"temperature": 20}
    assert message.at is not None


def test_a_long_id_is_never_used_again_and_a_short_one_is_a_counter() -> None:
    body = {"id": "0193a-uuid-4711", "params": {"hr": 60}}
    (long,) = say("alink", POST, body)
    assert long.id == say("alink", POST, body)[0].id


def test_what_is_said_to_the_platform_is_answered_and_left() -> None:
    (answered,) = say("alink", "/sys/pk/gw/thing/topo/add", {"id": "9", "params": []})
    assert (answered.kind, answer(answered)["code"]) == ("ignored", 200)
    for topic in ("/sys/pk/d/thing/event/property/post_reply", "/sys/pk/d/thing/service/property/set"):
        (left,) = say("alink", topic, b"not even json")
        assert (left.kind, left.reply) == ("ignored", None)


def test_sub_devices_come_and_go_through_their_gateway() -> None:
    params = {"productKey": "p", "deviceName": "b"}
    (come,) = say("alink", "/ext/session/pk/gw/combine/login", {"id": "1", "params": params})
    assert (come.kind, come.is_online, come.addresses[0]) == ("status", True, "b")
    assert come.reply is not None
    left = say(
        "alink", "/ext/session/pk/gw/combine/batch_logout", {"params": {"deviceList": [params, params]}}
    )
    assert [one.is_online for one in left] == [False, False]
    (nobody,) = say("alink", "/ext/session/pk/gw/combine/batch_login", {"params": {"deviceList": []}})
    assert nobody.kind == "ignored"


def test_a_gateway_that_asks_for_the_time_gets_ours() -> None:
    (told,) = say("alink", "/ext/ntp/pk/gw/request", {"deviceSendTime": "5"})
    assert told.reply is not None
    assert told.reply.topic == "/ext/ntp/pk/gw/response"
    assert answer(told)["serverRecvTime"] == str(MS)


@pytest.mark.parametrize(
    ("topic", "body", "why"),
    [
        ("sys/pk", {}, "unknown_topic"),
        (POST, [], "wrong_type"),
        (POST, {"id": "1"}, "missing_field"),
        (POST, {"params": 1}, "wrong_type"),
        ("sys/pk/d/thing/what", {"params": {}}, "unknown_topic"),
        ("ext/what/pk/d", {}, "unknown_topic"),
        ("sys/pk//thing/event/property/post", {}, "missing_field"),
        ("sys/pk/d/thing/event/property/pack/post", {"params": {"subDevices": 1}}, "wrong_type"),
        ("sys/pk/d/thing/event/property/pack/post", {"params": {"subDevices": [{}]}}, "missing_field"),
        ("sys/pk/d/thing/event/property/pack/post", {"params": {"subDevices": ["d"]}}, "wrong_type"),
        ("sys/pk/d/thing/event/property/pack/post", {"params": {"properties": 1}}, "wrong_type"),
        ("sys/pk/d/thing/event/property/history/post", {"params": [1]}, "wrong_type"),
    ],
)
def test_what_does_not_fit_is_named(topic: str, body: Any, why: str) -> None:
    assert reason("alink", topic, body) == why


def test_a_refused_report_is_answered_with_an_error_code() -> None:
    with pytest.raises(Rejected) as wrong:
        say("alink", POST, {"id": "4", "params": 1})
    assert wrong.value.reply is not None
    assert json.loads(wrong.value.reply.rejected)["code"] == 460


def test_a_flood_of_moments_is_refused() -> None:
    series = [{"value": 1, "time": MS + nth} for nth in range(1001)]
    assert reason("alink", POST, {"params": {"temp": series}}) == "too_many_values"
