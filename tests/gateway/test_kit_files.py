"""Kit files and logs as people write them: read, or refused by name; pure."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Failure
from gateway import kit_files, recorded
from gateway.recorded import Line

MOTION = 'thing_model = "motion_v1"'


@pytest.mark.parametrize(
    "text",
    [
        f'[topics."yl/v1/d/telemetry"]\n{MOTION}',
        f'["yl/v1/d/telemetry"]\n{MOTION}',
        f'[[devices]]\ntopic = "yl/v1/d/telemetry"\n{MOTION}',
        f'[[device]]\ntopic = "yl/v1/d/telemetry"\n{MOTION}',
        f'[devices."yl/v1/d/telemetry"]\n{MOTION}',
        f'title = "our flat"\nversion = 1\n[devices.x]\ntopic = "yl/v1/d/telemetry"\n{MOTION}',
    ],
)
def test_a_device_is_one_for_its_telemetry_and_its_alarms(text: str) -> None:
    kit = kit_files.parse(text)
    assert kit.find("yl/v1/d/alarm", {}) == kit.find("yl/v1/d/telemetry", {})
    assert (kit.find("yl/v1/d/alarm", {}).id, kit.find("yl/v1/d/alarm", {}).room) == ("d", None)


WRONG = [
    ("no TOML", "x = ", "kit: "),
    ("no model", '["a"]\nroom = "x"', "its topic and its thing_model"),
    ("no topic", f"[[devices]]\n{MOTION}", "its topic and its thing_model"),
    ("a topic that is a number", f"[[devices]]\ntopic = 5\n{MOTION}", "its topic and its thing_model"),
    ("devices that are a number", "devices = 5", "its topic and its thing_model"),
    ("a device that is a number", "device = [5]", "its topic and its thing_model"),
    ("topics that are a list", "topics = []\n[topic]", "its topic and its thing_model"),
    ("topics without a table", "[topics]\na = 5", "its topic and its thing_model"),
    ("a model that is a list", '["a"]\nthing_model = []', "its topic and its thing_model"),
    ("a model that nobody knows", '["a"]\nthing_model = "robot_v9"', "no thing model robot_v9; there are"),
    ("a room that is a number", f'["a"]\n{MOTION}\nroom = 5', "kit: the room of a is no text"),
]


@pytest.mark.parametrize(("text", "words"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_kit_that_is_wrong_says_in_what(text: str, words: str) -> None:
    with pytest.raises(Failure, match=words):
        kit_files.parse(text)


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("yl/v1/d/telemetry", "d"),
        ("yl/v1", "yl/v1"),
        ("eco/hub/zigbee2mqtt/kitchen/door", "kitchen/door"),
        ("zigbee2mqtt/x", "zigbee2mqtt/x"),
    ],
)
def test_a_device_s_name_is_in_its_topic(topic: str, name: str) -> None:
    assert kit_files.name_of(topic) == name


@pytest.mark.parametrize(
    ("values", "model"),
    [({"smoke": True}, "smoke_v1"), ({"in_bed": True, "open": True}, "care_bed_v1"), ({}, "sos_button_v1")],
)
def test_a_device_that_the_kit_does_not_name_is_guessed_from_what_it_says(
    values: dict[str, Any], model: str
) -> None:
    device = kit_files.Kit({}).find("eco/hub/zigbee2mqtt/Toilet", values)
    assert (device.id, device.model.code, device.room) == ("Toilet", model, "bathroom")


def lines(*rows: Any, **given: Any) -> list[Line]:
    written = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    return list(recorded.read(written, **given))


def test_a_line_is_read_as_the_gateway_would_hear_it() -> None:
    (found,) = lines({"at": "2026-01-01T08:00:00+08:00", "topic": "yl/v1/d/status", "payload": "online"})
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert found == Line(1, at, "yl/v1/d/status", "yl/v1/d/status", b"online")


def test_a_time_without_a_zone_is_the_homes_own_and_empty_lines_count() -> None:
    (found,) = lines("", "  ", {"at": "2026-01-01 08:00:00", "topic": "a", "payload": {"x": [1]}})
    assert (found.number, found.at, found.payload) == (3, datetime(2026, 1, 1, tzinfo=UTC), b'{"x":[1]}')


HEARD = [
    ({"topic": "zigbee2mqtt/x"}, "eco/hub/zigbee2mqtt/x"),
    ({"topic": "x/y", "ecosystem": "zigbee2mqtt", "hub": "h"}, "eco/h/zigbee2mqtt/x/y"),
    ({"topic": "zigbee2mqtt/x", "ecosystem": "zigbee2mqtt"}, "eco/hub/zigbee2mqtt/x"),
    ({"topic": "eco/h/zigbee2mqtt/x", "hub": "other"}, "eco/h/zigbee2mqtt/x"),
    ({"topic": "knx/x"}, "knx/x"),
    ({"topic": "x", "ecosystem": ["zigbee2mqtt"]}, "x"),
]


@pytest.mark.parametrize(("row", "topic"), HEARD)
def test_a_foreign_topic_is_put_under_its_hub(row: dict[str, Any], topic: str) -> None:
    (found,) = lines({**row, "payload": ""}, needs_time=False)
    assert (found.topic, found.raw_topic, found.at) == (topic, row["topic"], None)


BAD = [
    ("no JSON", "nonsense", "line 1"),
    ("a list", [1], "line 1"),
    ("nested too deep", "[" * 100_000, "line 1"),
    ("no topic", {"at": "2026-01-01", "payload": ""}, "line 1: 'topic'"),
    ("no payload", {"at": "2026-01-01", "topic": "a"}, "line 1: 'payload'"),
    ("a time that is none", {"at": "soon", "topic": "a", "payload": ""}, "line 1: Invalid isoformat"),
    ("no time", {"topic": "a", "payload": ""}, "line 1: `at` is missing"),
    (
        "a topic that is a number",
        {"at": "2026-01-01", "topic": 5, "payload": ""},
        "line 1: `topic` is no text",
    ),
]


@pytest.mark.parametrize(("row", "words"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_line_that_is_wrong_is_named(row: Any, words: str) -> None:
    with pytest.raises(Failure, match=words):
        lines(row)


rows = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["at", "topic", "payload", "hub", "ecosystem"]), inner, max_size=5)
    ),
    max_leaves=8,
)


@given(rows)
def test_whatever_a_line_holds_it_is_read_or_refused_with_its_number(row: Any) -> None:
    try:
        found = [one.number for one in recorded.read([json.dumps(row)])]
    except Failure as wrong:
        found = [int(str(wrong).split()[1].rstrip(":"))]
    assert found == [1]
