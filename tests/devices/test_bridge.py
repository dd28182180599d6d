"""What a Zigbee2MQTT bridge says beside its devices' own messages: its state, leavings, plain texts."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import codecs, thing_models, values
from devices.messages import Message, Rejected

NOW = datetime(2026, 4, 18, tzinfo=UTC)
IEEE = "0x00124b0022aabbcc"


def decode(rest: str, body: Any, at: datetime = NOW) -> Message:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    return codecs.decode(f"eco/hub/zigbee2mqtt/{rest}", payload, at)[0]


def refused(rest: str, body: Any) -> tuple[str, str | None]:
    with pytest.raises(Rejected) as wrong:
        decode(rest, body)
    return wrong.value.reason, wrong.value.field


@pytest.mark.parametrize(
    ("body", "is_online"),
    [(b"online", True), (b" offline\n", False), ({"state": "online"}, True), ({"state": "offline"}, False)],
)
@pytest.mark.parametrize(
    ("rest", "ecosystem", "hub", "name"),
    [
        ("bridge/state", "native", None, "hub"),
        ("kitchen/door/availability", "zigbee2mqtt", "hub", "kitchen/door"),
    ],
)
def test_the_bridge_and_each_device_say_whether_they_are_there(
    rest: str, ecosystem: str, hub: str | None, name: str, body: Any, *, is_online: bool
) -> None:
    message = decode(rest, body)
    assert (message.kind, message.ecosystem, message.hub) == ("status", ecosystem, hub)
    assert (message.addresses, message.is_online) == ((name,), is_online)


@pytest.mark.parametrize("rest", ["bridge/state", "lamp/availability"])
@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"state": "asleep"}, ("unknown_status", "state")),
        ({"state": 1}, ("unknown_status", "state")),
        ({}, ("unknown_status", "state")),
        (b"asleep", ("not_json", None)),
        (b'"online"', ("wrong_type", "payload")),
        (b'{"state":"\xff"}', ("not_json", None)),
    ],
)
def test_a_state_that_is_none_is_refused(rest: str, body: Any, wrong: tuple[str, str | None]) -> None:
    assert refused(rest, body) == wrong


@pytest.mark.parametrize(
    "rest",
    [
        "bridge/health",
        "bridge/logging",
        "bridge/request/device/remove",
        "bridge/response/permit_join",
        "lamp/set",
        "lamp/get",
        "kitchen/button/action",
    ],
)
def test_what_says_nothing_about_a_home_is_heard_and_left(rest: str) -> None:
    message = decode(rest, b"single")
    assert (message.kind, message.alarm, message.is_press) == ("ignored", None, False)


def test_a_bridge_topic_that_nobody_knows_is_named() -> None:
    assert refused("bridge/weather", {}) == ("unknown_topic", "bridge/weather")


def test_a_topic_without_a_device_before_its_last_level_is_a_device_of_that_name() -> None:
    assert decode("availability", {"battery": 5}).addresses == ("availability",)
    assert decode("action", {"battery": 5}).addresses == ("action",)


def test_a_device_that_leaves_is_a_fault_under_both_its_names() -> None:
    gone = {"type": "device_leave", "data": {"friendly_name": "panic", "ieee_address": IEEE}}
    message = decode("bridge/event", gone)
    assert (message.kind, message.alarm, message.addresses) == ("alarm", "fault", ("panic", IEEE))
    assert decode("bridge/event", gone).id == message.id
    assert decode("bridge/event", gone, NOW + timedelta(minutes=1)).id != message.id


@pytest.mark.parametrize("data", [{"ieee_address": IEEE}, {"friendly_name": "", "ieee_address": IEEE}])
def test_a_device_that_leaves_may_have_one_name_only(data: dict[str, str]) -> None:
    assert decode("bridge/event", {"type": "device_leave", "data": data}).addresses == (IEEE,)


@pytest.mark.parametrize("data", [{}, {"friendly_name": 5}, {"friendly_name": ""}])
def test_a_device_that_leaves_without_a_name_is_refused(data: dict[str, Any]) -> None:
    assert refused("bridge/event", {"type": "device_leave", "data": data}) == (
        "missing_field",
        "data.friendly_name",
    )


@pytest.mark.parametrize(
    "event", [{"type": "device_joined", "data": {}}, {"type": "device_leave", "data": None}, {}]
)
def test_other_events_of_the_bridge_say_nothing_about_a_home(event: dict[str, Any]) -> None:
    assert decode("bridge/event", event).kind == "ignored"


def test_a_press_that_is_no_sos_is_telemetry_that_tells_the_press() -> None:
    message = decode("button", {"action": "single", "device": {"ieeeAddr": IEEE}})
    assert (message.kind, message.is_press, message.addresses) == ("telemetry", True, ("button", IEEE))
    assert message.values == {"action": "single"}


@pytest.mark.parametrize(
    "block", [None, "x", {}, {"ieeeAddr": 5}, {"ieeeAddr": "button"}, {"ieeeAddr": "a\0"}]
)
def test_a_second_name_counts_only_when_it_is_one(block: Any) -> None:
    assert decode("button", {"device": block}).addresses == ("button",)


CLOCKS: list[tuple[str, Any, datetime | None, bool]] = [
    ("nothing", None, None, False),
    ("ISO", "2026-04-18T08:00:00+08:00", NOW, False),
    ("epoch milliseconds", 1776470400000, NOW, False),
    ("epoch seconds", 1776470400, NOW, False),
    ("no zone", "2026-04-18T08:00:00", None, True),
    ("words", "yesterday", None, True),
    ("beyond all calendars", 1e300, None, True),
    ("yes", True, None, True),
    ("a list", [], None, True),
]


@pytest.mark.parametrize(
    ("value", "at", "is_bad"), [row[1:] for row in CLOCKS], ids=[row[0] for row in CLOCKS]
)
def test_a_clock_is_read_or_not_believed(value: Any, at: datetime | None, *, is_bad: bool) -> None:
    message = decode("lamp", {"last_seen": value})
    assert (message.at, message.has_bad_clock) == (at, is_bad)


VALUES = [
    ("a number as text", {"battery": "80.00"}, {"battery": 80.0}),
    (
        "words for a number",
        {"battery": "unknown", "water_leak": True},
        {"leak": True, "raw_battery": "unknown"},
    ),
    ("no number yet", {"battery": None}, {}),
    ("a boolean as text", {"smoke": "true", "gas": "false"}, {"smoke": True, "gas": False}),
    ("a boolean as a number", {"occupancy": 1, "contact": 0}, {"occupied": True, "open": True}),
    ("closed", {"contact": True}, {"open": False}),
    ("a stranger's block", {"color": {"x": 1}, "mode": "auto"}, {"color": {"x": 1}, "mode": "auto"}),
    ("about itself", {"update": "no", "last_seen": 5, "historical": True}, {}),
]


@pytest.mark.parametrize(("said", "read"), [row[1:] for row in VALUES], ids=[row[0] for row in VALUES])
def test_values_take_our_names_and_types(said: dict[str, Any], read: dict[str, Any]) -> None:
    assert decode("x", said).values == read


@pytest.mark.parametrize("word", ["perhaps", 1.5, 7, [], {}])
@pytest.mark.parametrize(("theirs", "model"), [("contact", "door_v1"), ("smoke", "smoke_v1")])
def test_what_is_no_yes_or_no_is_never_guessed_and_refuses_nothing_beside_it(
    theirs: str, model: str, word: Any
) -> None:
    said = decode("x", {theirs: word, "tamper": True}).values
    _, extras, good = values.check(said, thing_models.get(model).metrics)
    assert good == {"tamper": True}
    assert [why for _, _, why in extras] == ["unknown_name"]


@given(
    name=st.text(max_size=400), body=st.dictionaries(st.sampled_from(["type", "data", "state"]), st.text())
)
def test_any_topic_of_the_bridge_is_understood_or_refused(name: str, body: dict[str, str]) -> None:
    try:
        kind = decode(f"bridge/{name}", body).kind
    except Rejected as wrong:
        kind = wrong.reason
    assert kind in {"ignored", "status", "bad_topic", "unknown_topic", "unknown_status", "too_long"}
