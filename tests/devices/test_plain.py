"""What speaks in its own way: one value a topic, JSON of whatever shape, the clouds of several makers."""

from typing import Any

import pytest

from tests.devices.platforms import MS, line, reason, say


def test_a_bare_value_is_named_by_its_topic() -> None:
    assert line("bed_and_radar", 0)[0].values == {"in_bed": True}
    assert line("bed_and_radar", 1)[0].values == {"occupied": True}
    (words,) = say("plain", "opensleep/state/sensor/hwinfo", b"SN 1")
    assert (words.values, words.addresses) == ({"hwinfo": "SN 1"}, ("opensleep",))


def test_availability_is_a_status_and_an_unknown_word_is_a_value() -> None:
    assert line("bed_and_radar", 2)[0].is_online is True
    assert say("plain", "x/status", b"Offline")[0].is_online is False
    assert say("plain", "x/status", b"dancing")[0].values == {"status": "dancing"}


def test_a_mat_s_record_is_read() -> None:
    (message,) = line("bed_and_radar", 4)
    assert (message.values["heart_rate"], message.values["respiration_rate"]) == (63, 13)


def test_an_event_of_another_cloud_is_kept_with_its_name() -> None:
    (message,) = line("cn_other", 0)
    assert message.values == {"output1": "outputValue1", "event": "eventIdentifier"}
    assert message.addresses == ("${DeviceSN}",)


@pytest.mark.parametrize(
    ("nth", "name", "value"), [(2, "temperature", 25.6), (4, "heart_rate", 65), (5, "spo2", 99)]
)
def test_properties_in_wrappers_are_found(nth: int, name: str, value: float) -> None:
    assert line("cn_other", nth)[0].values[name] == pytest.approx(value)


def test_what_is_said_to_a_device_is_left() -> None:
    assert line("cn_other", 3)[0].kind == "ignored"


def test_a_device_is_named_by_its_payload_before_its_topic() -> None:
    assert line("cn_other", 4)[0].addresses == ("a1b2c3d4",)
    assert say("plain", "any/topic", {"deviceId": 77, "hr": 60})[0].addresses == ("77",)
    assert say("plain", "any/topic", {"deviceId": True, "hr": 60})[0].addresses == ("any/topic",)


def test_a_gateway_s_devices_are_read_each_with_its_own_clock() -> None:
    rows = [
        {
            "device_id": "a",
            "services": [{"service_id": "s", "properties": {"hr": 60}, "eventTime": "20261121T075959Z"}],
        },
        {"device_id": "b", "services": [{"properties": {"temp": {"Value": 20, "Time": MS}}}]},
    ]
    a, b = say("plain", "$oc/devices/gw/sys/gateway/sub_devices/properties/report", {"devices": rows})
    assert (a.addresses[0], a.values, a.at is not None) == ("a", {"heart_rate": 60}, True)
    assert (b.addresses[0], b.values) == ("b", {"temperature": 20})


def test_an_alarm_event_of_a_cloud_is_an_alarm() -> None:
    event = {"service_id": "$x", "event_type": "sos", "event_time": "20261121T075959Z", "paras": {"level": 1}}
    (message,) = say("plain", "$oc/devices/d/sys/events/up", {"services": [event]})
    assert (message.alarm, message.values) == ("sos", {"level": 1})


def test_one_device_s_values_in_several_tables_are_one_message() -> None:
    (message,) = say("plain", "$thing/up/property/pid/d", {"params": {"hr": 60}, "data": {"battery": 80}})
    assert (message.values, message.addresses[0]) == ({"heart_rate": 60, "battery": 80}, "d")


def test_nothing_at_all_says_that_the_device_is_there() -> None:
    (message,) = say("plain", "x/y", {"params": {}})
    assert (message.kind, message.values) == ("telemetry", {})


def test_a_row_a_day_older_than_its_message_is_history() -> None:
    body = {
        "time": "21/11/2026 08:00:00",
        "data": [{"ts": "2026-11-19 08:00:00", "hr": 60}, {"ts": "?", "hr": 61}],
    }
    old, odd = say("plain", "x/y", body)
    assert (old.is_historical, odd.is_historical) == (True, False)


def test_lists_of_numbers_and_deep_tables_are_kept_as_they_are() -> None:
    deep: Any = {"hr": 60}
    for _ in range(9):
        deep = {"data": deep}
    assert say("plain", "x/y", {"list": [1, 2], "data": deep})[0].values["list"] == [1, 2]


@pytest.mark.parametrize(
    ("topic", "body", "why"),
    [
        ("x/y", [1], "wrong_type"),
        ("x/y", b"a\nb", "not_json"),
        ("x/y", b"x" * 600, "not_json"),
        ("x/y", b"\xff", "not_text"),
        ("x/y", b"{", "not_json"),
        ("/", b"1", "missing_field"),
    ],
)
def test_what_does_not_fit_is_named(topic: str, body: Any, why: str) -> None:
    assert reason("plain", topic, body) == why
