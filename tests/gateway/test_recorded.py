"""Recordings: decoded, judged on their own clock, played through the broker."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.clock import ZONE
from core.errors import Failure
from devices import recordings
from gateway import decode, kit_files, recorded, replay, rules_replay
from tests.gateway.worlds import RunningGateway, World

CASAS = """2011-06-15 22:10:00.1 Kitchen Kitchen ON Meal
2011-06-15 22:30:00 Bedroom Bedroom ON Sleep
2011-06-15 22:30:04 Bedroom Bedroom OFF Sleep
2011-06-16 02:00:00 Bathroom Bathroom ON Toilet
2011-06-16 02:00:03 Bathroom Bathroom OFF Toilet
2011-06-16 02:31:00 Bedroom Bedroom ON Sleep
2011-06-16 09:00:00 OutsideDoor FrontDoor OPEN Leave
2011-06-16 09:00:05 OutsideDoor FrontDoor CLOSE Leave""".splitlines()
ORDONEZ = """Start time\tEnd time\tLocation\tType\tPlace
2011-11-28 23:00:00\t2011-11-29 02:00:00\tBed\tPressure\tBedroom
2011-11-29 02:40:00\t2011-11-29 07:00:00\tBed\tPressure\tBedroom""".splitlines()


def converted(found: tuple[list[Any], dict[str, Any]]) -> tuple[list[str], kit_files.Kit]:
    events, kit = found
    return list(recordings.as_log(events)), kit_files.parse(recordings.as_kit(kit))


def test_a_home_without_a_mat_raises_its_bed_exit_with_the_readings_behind_it() -> None:
    alarms, figures = rules_replay.run(*converted(recordings.casas(CASAS)))
    (exit_,) = [one for one in alarms if one["type"] == "bed_exit"]
    assert exit_["at"] == "2011-06-16T02:20:00+08:00"
    assert [row["room"] for row in exit_["readings"]] == ["bedroom", "bathroom"]
    assert figures["by_rule"]["bed_exit"]["alarms"] == 1


def test_a_home_with_a_mat_raises_its_bed_exit() -> None:
    alarms, _ = rules_replay.run(*converted(recordings.ordonez(ORDONEZ)))
    assert [one["at"] for one in alarms if one["type"] == "bed_exit"] == ["2011-11-29T02:20:00+08:00"]


def test_a_log_without_a_kit_is_judged_by_what_it_says() -> None:
    log, _ = converted(recordings.ordonez(ORDONEZ))
    alarms, figures = rules_replay.run(log)
    assert "bed_exit" in {one["type"] for one in alarms}
    assert figures["rejected"] == 0


def test_a_kit_may_be_written_in_three_ways() -> None:
    row = 'thing_model = "motion_v1"\nroom = "\u5367\u5ba4"\n'
    for text in (f'[topics."a/b"]\n{row}', f'["a/b"]\n{row}', f'[[devices]]\ntopic = "a/b"\n{row}'):
        device = kit_files.parse(text).find("a/b", {})
        assert (device.model.code, device.room) == ("motion_v1", "bedroom")


@pytest.mark.parametrize("text", ["x = ", '["a"]\nthing_model = "robot_v9"', "[[devices]]\nroom = 'x'"])
def test_a_kit_that_is_wrong_says_so(text: str) -> None:
    with pytest.raises(Failure, match="kit"):
        kit_files.parse(text)


def test_a_bad_line_is_named() -> None:
    with pytest.raises(Failure, match="line 2"):
        rules_replay.run(['{"at": "2026-01-01T00:00:00Z", "topic": "a", "payload": ""}', "nonsense"])


def decoded(*lines: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in decode.run(json.dumps(line) for line in lines))


def test_decode_says_what_each_message_would_become() -> None:
    sos, leak, bad, foreign = decoded(
        {"topic": "yl/v1/d/alarm", "payload": {"id": "1", "type": "sos"}},
        {
            "ecosystem": "zigbee2mqtt",
            "hub": "h",
            "topic": "zigbee2mqtt/kitchen",
            "payload": '{"water_leak": true}',
        },
        {"topic": "yl/v1/d/telemetry", "payload": {"id": "1", "values": {"heart_rate": "x"}, "ack": True}},
        {"topic": "elsewhere", "payload": "hello"},
    )
    assert (sos["alarms"], sos["receipt"]) == (["sos"], {"id": "1", "result": "accepted"})
    assert (leak["device"], leak["alarms"], leak["receipt"]) == ("kitchen", ["water_leak"], None)
    assert bad["rejected"] == {"reason": "wrong_type", "field": "values.heart_rate"}
    assert foreign["rejected"]["reason"] == "foreign_topic"


def test_a_live_night_keeps_its_hours_and_history_ends_now() -> None:
    now = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
    first, last = datetime(2011, 6, 15, 14, 30, tzinfo=UTC), datetime(2011, 6, 15, 22, 0, tzinfo=UTC)
    live = replay.shift_of(first, last, now, live=True)
    assert first + live == datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
    assert last + replay.shift_of(first, last, now, live=False) == now


def hour_of_a_night(now: datetime) -> list[str]:
    """Return an hour that is over whenever it is played, and less than a day ago."""
    is_morning = 0 < now.astimezone(ZONE).hour < 12
    start = datetime(2011, 6, 15, 23) if is_morning else datetime(2011, 6, 16, 1)  # noqa: DTZ001 - as in logs
    said = [
        (0, "Kitchen Kitchen ON Meal"),
        (2, "Bedroom Bedroom ON Sleep"),
        (3, "Bedroom Bedroom OFF Sleep"),
        (75, "Bathroom Bathroom ON Toilet"),
        (76, "Bathroom Bathroom OFF Toilet"),
        (110, "Bedroom Bedroom ON Sleep"),
    ]
    return [f"{start + timedelta(minutes=minute)} {words}" for minute, words in said]


async def test_a_recorded_night_played_live_raises_its_alarm(
    world: World, broker: Any, gateway: RunningGateway
) -> None:
    """One recorded hour is played in a few milliseconds: the messages themselves tell the time."""
    assert gateway.listeners
    now = datetime.now(UTC)
    log, kit = converted(recordings.casas(hour_of_a_night(now)))
    async with world.pool_owner.transaction(world.district) as conn:
        made = await replay.register(conn, log, kit, district=world.district, care_bed=world.bed, now=now)
        assert len(made) == 3
        assert (
            await replay.register(conn, log, kit, district=world.district, care_bed=world.bed, now=now) == []
        )
    done = [nth async for nth in replay.run(broker.gateway_url, log, now, live=True, speed=100_000)]
    assert done[-1] == 6
    await gateway.until(lambda rows: rows == ["bed_exit"], "SELECT type FROM alarm WHERE rule = 'bed_exit'")


async def test_a_replayed_history_is_stored_and_raises_nothing(
    world: World, broker: Any, gateway: RunningGateway
) -> None:
    log, kit = converted(recordings.casas(CASAS))
    now = datetime.now(UTC)
    async with world.pool_owner.transaction(world.district) as conn:
        await replay.register(conn, log, kit, district=world.district, care_bed=world.bed, now=now)
    assert [nth async for nth in replay.run(broker.gateway_url, log, now)][-1] == 8
    await gateway.until(lambda rows: rows == [8], "SELECT count(*) FROM ingest.reading")
    (row,) = await world.rows(
        "SELECT max(observed_at) AS last, min(observed_at) AS first FROM ingest.reading"
    )
    assert abs(row["last"] - now) < timedelta(seconds=1)
    assert await world.rows("SELECT 1 FROM alarm") == []


def test_messages_without_a_time_follow_each_other_and_end_now() -> None:
    lines = ['{"topic": "zigbee2mqtt/a", "payload": "1"}', '{"topic": "zigbee2mqtt/a", "payload": "2"}']
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    found = replay.timed(list(recorded.read(lines, needs_time=False)), now)
    assert [line.at for line in found] == [now - timedelta(seconds=1), now]
    lines.insert(0, '{"at": "2026-11-20T09:00:00Z", "topic": "zigbee2mqtt/a", "payload": "0"}')
    found = replay.timed(list(recorded.read(lines, needs_time=False)), now)
    assert [line.at.second for line in found if line.at] == [0, 1, 2]


GUESSES = [
    ("homeassistant/sensor/x/config", "home_assistant"),
    ("tele/bath/SENSOR", "tasmota"),
    ("home/bath/tele/STATE", "tasmota"),
    ("shellyplusht-1/events/rpc", "shelly"),
    ("shellies/flood/sensor/flood", "shelly"),
    ("radar/sensor/heart_rate/state", "esphome"),
    ("spBv1.0/G/NBIRTH/E", "sparkplug_b"),
    ("v1/devices/me/telemetry", "thingsboard"),
    ("$sys/p/d/thing/property/post", "onenet"),
]


@pytest.mark.parametrize(("topic", "ecosystem"), GUESSES)
def test_a_line_without_its_ecosystem_is_known_by_its_topic(topic: str, ecosystem: str) -> None:
    (line,) = recorded.read([json.dumps({"topic": topic, "payload": "x"})], needs_time=False)
    assert line.topic == f"eco/hub/{ecosystem}/{topic}"


def test_what_is_no_text_is_written_as_base64() -> None:
    (line,) = recorded.read(['{"topic": "yl/v1/d/x", "payload_base64": "AP8="}'], needs_time=False)
    assert line.payload == b"\0\xff"


def test_history_of_which_nobody_wrote_down_when_it_came_is_shown() -> None:
    frame = "[3G*1*004E*UD2,220322,055105,A,22.7,N,114.3,E,0,0,47,14,100,64,0,0,00000000]"
    line = {"ecosystem": "watch", "topic": "tcp", "payload": frame}
    undated, dated = decoded(line, line | {"at": "2026-11-21T08:00:00Z"})
    assert (undated["observed_at"], undated["historical"]) == ("2022-03-22T05:51:05Z", True)
    assert dated["rejected"] == {"reason": "too_old", "field": "at"}


def test_a_gateway_that_only_names_itself_stands_behind_what_it_brings() -> None:
    row = {"ble_addr": "d6", "bp_high": 137, "bp_low": 95}
    body = {"mac": "08", "device": "Cuff", "data": {"attribute": "BP", "value": {"device_list": [row]}}}
    (found,) = decoded({"ecosystem": "watch", "topic": "dusun_sub", "payload": json.dumps(body)})
    assert (found["device"], found["values"]) == ("d6", {"systolic": 137, "diastolic": 95})


def test_what_a_hub_announces_and_takes_back_is_remembered_line_by_line() -> None:
    topic = "eco/hub/homeassistant/homeassistant/sensor/t/config"
    config = {"state_topic": "home/t", "device_class": "temperature", "unique_id": "t"}
    state = "eco/hub/homeassistant/home/t"
    said = [(topic, config), (state, 21.5), (topic, ""), (state, 21)]
    lines = [json.dumps({"topic": t, "payload": p if p == "" else json.dumps(p)}) for t, p in said]
    shown = [json.loads(line) for line in decode.run(lines)]
    assert shown[1]["values"] == {"temperature": 21.5}
    assert shown[3]["rejected"]["reason"] == "not_discovered"
