"""Golden: real devices' messages (tests/data/zigbee2mqtt.jsonl, each with its source)."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import codecs
from devices.messages import Message, Rejected

NOW = datetime(2026, 4, 18, tzinfo=UTC)
LINES: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "data" / "zigbee2mqtt.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


def heard(nth: int) -> Message:
    return codecs.decode(f"eco/hub/{LINES[nth]['topic']}", LINES[nth]["payload"].encode(), NOW)[0]


def test_a_pressed_panic_button_is_an_sos_with_its_battery() -> None:
    message = heard(0)
    assert (message.kind, message.alarm, message.values["battery"]) == ("alarm", "sos", 100)
    assert message.at == datetime(2026, 4, 17, 15, 33, 22, tzinfo=UTC)


def test_its_announcement_with_a_null_action_is_no_press() -> None:
    message = heard(1)
    assert (message.kind, message.alarm) == ("telemetry", None)


def test_the_plain_text_on_its_action_topic_is_the_same_press() -> None:
    assert heard(4).kind == "ignored"


def test_a_null_battery_is_absent() -> None:
    message = heard(3)
    assert message.alarm == "sos"
    assert "battery" not in message.values


def test_a_battery_written_as_text_is_a_number() -> None:
    assert heard(6).values["battery"] == pytest.approx(80)


def test_a_leak_that_clears_at_once_is_two_different_messages() -> None:
    assert heard(7).values["leak"] is True
    assert heard(8).values["leak"] is False
    assert heard(7).id != heard(8).id


def test_a_contact_that_is_closed_is_a_door_that_is_not_open() -> None:
    assert heard(11).values["open"] is False


def test_a_bridge_that_speaks_json_or_text_says_whether_the_hub_is_there() -> None:
    assert (heard(14).kind, heard(14).addresses, heard(14).is_online) == ("status", ("hub",), True)
    text = codecs.decode("eco/hub/zigbee2mqtt/bridge/state", b"offline", NOW)[0]
    assert text.is_online is False


def test_the_same_bytes_with_a_time_are_the_same_message_and_without_one_only_within_a_second() -> None:
    topic, with_time, without = (
        "eco/hub/zigbee2mqtt/a",
        b'{"last_seen":"2026-04-18T00:00:00Z","x":1}',
        b'{"x":1}',
    )
    later = NOW.replace(minute=5)
    assert codecs.decode(topic, with_time, NOW)[0].id == codecs.decode(topic, with_time, later)[0].id
    assert codecs.decode(topic, without, NOW)[0].id != codecs.decode(topic, without, later)[0].id


@pytest.mark.parametrize("payload", [b"", b"[]", b"1", b"{", b"\xff\xfe", b'{"state"', "离线".encode()])
def test_what_is_no_object_is_rejected(payload: bytes) -> None:
    with pytest.raises(Rejected):
        codecs.decode("eco/hub/zigbee2mqtt/lamp", payload, NOW)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from(
    ["action", "battery", "contact", "last_seen", "device", "smoke", "linkquality", "water_leak"]
)
levels = st.sampled_from(
    [
        "yl/v1/x/telemetry",
        "yl/v1/x/alarm",
        "yl/v1/x/status",
        "eco/h/zigbee2mqtt/a b",
        "eco/h/zigbee2mqtt/bridge/event",
        "eco/h/zigbee2mqtt/bridge/state",
        "eco/h/other/x",
        "x",
    ]
)
bodies = (
    st.binary(max_size=80)
    | json_values.map(lambda value: json.dumps(value).encode())
    | st.dictionaries(
        names | st.sampled_from(["id", "at", "type", "values", "cancels", "historical", "ack", "online"]),
        json_values,
        max_size=6,
    ).map(lambda value: json.dumps(value).encode())
)


@given(levels | st.text(max_size=30), bodies)
def test_whatever_comes_is_decoded_or_rejected_with_a_reason(topic: str, payload: bytes) -> None:
    try:
        kind = codecs.decode(topic, payload, NOW)[0].kind
    except Rejected as wrong:
        kind = wrong.reason
    assert kind
