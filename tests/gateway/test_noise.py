"""Who says too much is muted, counted and named; its alarms pass, others are heard, it ends by itself."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from gateway import muting, urgency
from gateway.known import Registry
from gateway.noise import Noise
from tests.gateway.worlds import Device, RunningGateway, World, add_device
from tests.makers import NOW

TOPIC, HUB = "yl/v1/d/telemetry", "eco/h/zigbee2mqtt/lamp"
SECOND = timedelta(seconds=1)


def test_a_speaker_may_say_as_much_as_its_bucket_holds_and_then_its_rate() -> None:
    noise = Noise(rate=2, depth=10)
    assert [noise.is_muted(TOPIC, 5, NOW) for _ in range(12)] == [False] * 10 + [True] * 2
    assert not noise.is_muted(TOPIC, 5, NOW, lambda: True)
    assert [noise.is_muted(TOPIC, 5, NOW + SECOND) for _ in range(3)] == [False, False, True]


def test_a_hub_speaks_for_its_devices_and_nobody_pays_for_another() -> None:
    noise = Noise(rate=1, depth=10)
    assert sum(noise.is_muted(HUB, 5, NOW) for _ in range(20)) == 10
    assert not noise.is_muted("eco/other/zigbee2mqtt/lamp", 5, NOW)
    assert sum(noise.is_muted(HUB, 5, NOW + SECOND) for _ in range(20)) == 10
    assert not noise.is_muted(TOPIC, 5, NOW)


def test_a_clock_that_goes_back_gives_and_takes_nothing() -> None:
    noise = Noise(rate=1, depth=2)
    assert [noise.is_muted(TOPIC, 5, NOW - n * SECOND) for n in range(3)] == [False, False, True]


def test_an_episode_is_told_at_once_then_by_the_minute_and_a_later_one_is_another() -> None:
    noise = Noise(rate=0.001, depth=1)
    assert not noise.due(NOW)
    assert not noise.is_muted(TOPIC, 5, NOW)
    assert noise.is_muted(TOPIC, 5, NOW)
    (first,) = noise.due(NOW)
    assert (first.speaker, first.is_new, first.count, first.size) == ("d", True, 1, 5)
    noise.is_muted(TOPIC, 7, NOW + SECOND)
    noise.told(first, NOW + SECOND)
    assert noise.due(NOW + 2 * SECOND) == []
    (second,) = noise.due(NOW + 61 * SECOND)
    assert (second.is_new, second.since, second.count, second.size) == (False, first.since, 1, 7)
    noise.told(second, NOW + 61 * SECOND)
    assert noise.due(NOW + 200 * SECOND) == []
    assert noise.is_muted(TOPIC, 5, NOW + 200 * SECOND)
    (third,) = noise.due(NOW + 200 * SECOND)
    assert third.is_new
    assert third.since == NOW + 200 * SECOND


def test_who_has_long_been_quiet_is_forgotten_but_not_what_is_untold() -> None:
    noise = Noise(rate=1, depth=2)
    assert sum(noise.is_muted(TOPIC, 5, NOW) for _ in range(3)) == 1
    for nth in range(9_999):
        noise.is_muted(f"yl/v1/{nth}/telemetry", 5, NOW + 10 * SECOND)
    assert [one.speaker for one in noise.due(NOW)] == ["d"]


@pytest.mark.parametrize(
    ("topic", "payload", "is_urgent"),
    [
        ("eco/h/zigbee2mqtt/button", b'{"action": "emergency"}', True),
        ("eco/h/zigbee2mqtt/kitchen", b'{"smoke": true, "battery": 90}', True),
        ("eco/h/zigbee2mqtt/kitchen", b'{"smoke": false, "battery": 90, "tamper": false}', False),
        ("eco/h/zigbee2mqtt/bath", b'{"water_leak":false,"battery_low":false}', False),
        ("eco/h/zigbee2mqtt/bath", b'{"water_leak":true}', True),
        ("eco/h/zigbee2mqtt/mat", b'{"occupancy": true}', False),
        ("eco/h/alink/sys/p/d/thing/event/SosAlarm/post", b'{"id": "1"}', True),
        ("eco/h/esphome/binary_sensor/smoke/state", b"ON", True),
        ("eco/h/esphome/binary_sensor/smoke/state", b"OFF", False),
        ("eco/h/zigbee2mqtt/kitchen", b'{"kitchen co": true}', True),
        ("eco/h/zigbee2mqtt/kitchen/co", b"ON", True),
        ("eco/h/zigbee2mqtt/hall-co/state", b"ON", True),
        ("eco/h/zigbee2mqtt/lamp", b'{"co2": 400, "contact": true}', False),
        ("eco/h/scaip", b"<mrq><dty>0003</dty></mrq>", False),
    ],
)
def test_what_looks_like_an_alarm_is_seen_at_first_sight(topic: str, payload: bytes, is_urgent: bool) -> None:  # noqa: FBT001 - a table's column
    assert urgency.is_urgent(topic, payload) is is_urgent


async def test_a_flood_is_muted_and_named_its_alarm_passes_and_others_are_heard(
    world: World, mat: Device, broker: Any, gateway: RunningGateway
) -> None:
    shared = gateway.listeners[0].gateway
    shared.noise = Noise(rate=1, depth=200)
    for one in gateway.listeners:
        one.is_behind = False
    other = await add_device(world, "motion_v1", room="hall")
    async with broker.client(mat.username, mat.password) as loud, asyncio.timeout(30):
        await loud.subscribe(mat.topic("receipt"), qos=1)
        for nth in range(1_000):
            body = {
                "id": str(uuid4()),
                "at": datetime.now(UTC).isoformat(),
                "values": {"heart_rate": 60 + nth % 9},
            }
            await loud.publish(mat.topic(), json.dumps(body), qos=1)
        topic, sos = mat.alarms(at=datetime.now(UTC))
        await loud.publish(topic, json.dumps(sos), qos=1)
        receipt = json.loads((await anext(loud.messages)).payload)
    assert receipt["result"] == "accepted"
    async with broker.client(other.username, other.password) as quiet:
        topic, said = other.says(at=datetime.now(UTC), occupied=True)
        await quiet.publish(topic, json.dumps(said), qos=1)
    await gateway.until(lambda found: found == [1], _STORED.format(other.id))
    (stored,) = await world.rows(_STORED.format(mat.id))
    assert 200 <= stored["count"] < 400
    now = datetime.now(UTC)
    registry = Registry()
    await registry.refresh(world.pool_gateway, now)
    assert await muting.tick(world.pool_gateway, registry, world.keys, shared.noise, now) == 1
    assert await muting.tick(world.pool_gateway, registry, world.keys, shared.noise, now) == 0
    (alarm,) = await world.rows("SELECT device_id, class FROM alarm WHERE type = 'noisy'")
    assert alarm == {"device_id": mat.id, "class": "technical"}
    (letter,) = await world.rows("SELECT device_id, field FROM ingest.dead_letter WHERE reason = 'noisy'")
    assert letter == {"device_id": mat.id, "field": f"{1000 - stored['count']} messages"}


_STORED = "SELECT count(*) FROM ingest.inbox WHERE device_no = (SELECT no FROM device WHERE id = '{}')"


async def test_what_a_stranger_says_too_much_of_is_kept_without_a_name(world: World) -> None:
    noise = Noise(rate=1, depth=1)
    assert [noise.is_muted("eco/nobody/x/y", 3, NOW) for _ in range(2)] == [False, True]
    await muting.tick(world.pool_gateway, Registry(), world.keys, noise, NOW)
    (letter,) = await world.rows("SELECT topic, device_id FROM ingest.dead_letter WHERE reason = 'noisy'")
    assert letter == {"topic": "eco/nobody/x/y", "device_id": None}
    assert await world.rows("SELECT 1 FROM alarm") == []


async def test_alarms_that_are_none_are_refused_until_there_are_too_many(
    mat: Device, broker: Any, gateway: RunningGateway
) -> None:
    shared = gateway.listeners[0].gateway
    shared.noise = Noise(rate=0.001, depth=3)
    async with broker.client(mat.username, mat.password) as loud, asyncio.timeout(30):
        await loud.subscribe(mat.topic("receipt"), qos=1)
        for _ in range(10):
            await loud.publish(mat.topic("alarm"), b"no alarm", qos=1)
        topic, sos = mat.alarms(at=datetime.now(UTC))
        await loud.publish(topic, json.dumps(sos), qos=1)
        results = [json.loads((await anext(loud.messages)).payload)["result"] for _ in range(4)]
    assert sorted(results) == ["accepted", "rejected", "rejected", "rejected"]
    assert [one.count for one in shared.noise.due(datetime.now(UTC))] == [7]


async def test_a_noisy_hubs_alarm_passes_in_whatever_form(
    world: World, broker: Any, gateway: RunningGateway
) -> None:
    shared = gateway.listeners[0].gateway
    shared.noise = Noise(rate=0.0001, depth=5)
    for one in gateway.listeners:
        one.is_behind = False
    hub = await add_device(world, "hub_v1")
    await add_device(world, "sos_button_v1", hub=hub.id, ecosystem="scaip", address="1/2")
    said = b"<mrq><mty>ME</mty><ref>7</ref><cid>1</cid><did>2</did><stc>0010</stc></mrq>"
    assert not urgency.is_urgent("eco/h/scaip/message", said)
    async with broker.client(hub.username, hub.password) as client:
        for nth in range(50):
            lamp = json.dumps({"temperature": 20 + nth / 10})
            await client.publish(f"eco/{hub.id}/scaip/lamp", lamp, qos=1)
        await client.publish(f"eco/{hub.id}/scaip/message", said, qos=1)
        await gateway.until(lambda found: found == [1], "SELECT count(*) FROM alarm")
    assert [one.count for one in shared.noise.due(datetime.now(UTC))] == [45]
