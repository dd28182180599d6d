"""China Mobile's OneNET: OneJSON, the older data points, and both kinds of reply."""

import json
from typing import Any

import pytest

from devices.messages import Rejected
from tests.devices.platforms import MS, line, reason, say


def test_the_documented_report_is_kept_and_answered() -> None:
    (message,) = line("onenet", 0)
    assert message.values == {"Power": "on", "WF": 23.6}
    assert message.reply is not None
    assert message.reply.topic == "$sys/{pid}/{device-name}/thing/property/post/reply"
    assert json.loads(message.reply.accepted) == {"id": "123", "code": 200, "msg": "success"}


def test_several_events_are_several_messages() -> None:
    first, second = line("onenet", 1)
    assert (first.values["event"], second.values["event"]) == ("identifier1", "identifier2")
    assert first.id != second.id


def test_a_reply_is_no_report() -> None:
    assert [one.kind for one in line("onenet", 2)] == ["ignored"]
    assert [one.kind for one in say("onenet", "$sys/p/d/cmd/request/1", b"x")] == ["ignored"]


def test_an_event_named_sos_is_an_alarm() -> None:
    (alarm,) = say("onenet", "$sys/p/d/thing/event/post", {"params": {"sos": {"value": {}, "time": MS}}})
    assert (alarm.alarm, alarm.addresses) == ("sos", ("d", "p/d"))


def test_older_data_points_are_answered_on_their_own_topic() -> None:
    body = {
        "id": 5,
        "dp": {"temp": [{"v": 20, "t": MS // 1000 - 7200}, {"v": 21, "t": MS // 1000}], "hr": {"v": 70}},
    }
    old, new, bare = say("onenet", "$sys/p/d/dp/post/json", body)
    assert (old.is_historical, new.is_historical) == (True, False)
    assert (old.values, new.values, bare.values) == (
        {"temperature": 20},
        {"temperature": 21},
        {"heart_rate": 70},
    )
    assert old.reply is not None
    assert (old.reply.topic, json.loads(old.reply.accepted)) == ("$sys/p/d/dp/post/json/accepted", {"id": 5})


def test_what_is_refused_hears_so_on_the_refusing_topic() -> None:
    with pytest.raises(Rejected) as wrong:
        say("onenet", "$sys/p/d/dp/post/json", {"id": 5, "dp": {"temp": [1]}})
    assert wrong.value.reply is not None
    assert wrong.value.reply.topic.endswith("/rejected")
    assert "err_code" in json.loads(wrong.value.reply.rejected)


def test_packs_and_history_speak_for_sub_devices() -> None:
    part = {
        "identity": {"productID": "q", "deviceName": "sub"},
        "properties": {"hr": {"value": 60, "time": MS}},
        "events": {"fall_event": {"value": {}, "time": MS}},
    }
    live = say("onenet", "$sys/p/d/thing/pack/post", {"params": [part]})
    assert [(m.addresses[0], m.alarm, m.is_historical) for m in live] == [
        ("sub", None, False),
        ("sub", "fall", False),
    ]
    past = say("onenet", "$sys/p/d/thing/history/post", {"params": {"properties": part["properties"]}})
    assert [(m.addresses[0], m.is_historical) for m in past] == [("d", True)]


def test_sub_devices_come_and_go_and_questions_are_answered() -> None:
    body = {"id": "1", "params": {"productID": "q", "deviceName": "sub"}}
    (come,) = say("onenet", "$sys/p/d/thing/sub/login", body)
    (gone,) = say("onenet", "$sys/p/d/thing/sub/logout", body)
    assert (come.is_online, gone.is_online) == (True, False)
    (asked,) = say("onenet", "$sys/p/d/thing/property/desired/get", {"id": "1"})
    assert (asked.kind, asked.reply is not None) == ("ignored", True)


def test_an_empty_report_says_that_the_device_is_there() -> None:
    (message,) = say("onenet", "$sys/p/d/thing/property/post", {"params": {}})
    assert (message.kind, message.values) == ("telemetry", {})


@pytest.mark.parametrize(
    ("topic", "body", "why"),
    [
        ("$sys/p", {}, "unknown_topic"),
        ("sys/p/d/thing", {}, "unknown_topic"),
        ("$sys/p/d/dp/post/bin", b"\0", "binary"),
        ("$sys/p/d/thing/what", {}, "unknown_topic"),
        ("$sys/p/d/thing/property/post", {"params": 1}, "wrong_type"),
        ("$sys/p/d/thing/pack/post", {"params": 1}, "wrong_type"),
        ("$sys/p/d/thing/property/post", b"{", "not_json"),
    ],
)
def test_what_does_not_fit_is_named(topic: str, body: Any, why: str) -> None:
    assert reason("onenet", topic, body) == why
