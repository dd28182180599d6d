import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.crypto import Keys
from core.db import Pool
from core.errors import NotFound
from devices import care_beds, registry
from gateway import dead_letters, sweep, upkeep
from gateway.dead_letters import Letter
from gateway.known import Registry
from tests.gateway.worlds import Device, RunningGateway, World, add_device
from tests.makers import NOW, make_elder

DEEP = b"[" * 5_000 + b"]" * 5_000


@pytest.mark.parametrize("kind", ["alarm", "telemetry"])
async def test_a_message_nested_without_end_is_set_aside_and_the_next_sos_is_stored(
    mat: Device, broker: Any, gateway: RunningGateway, kind: str
) -> None:
    deep = b'{"id": "a", "type": "sos", "ack": true, "values": {"x": ' + DEEP + b"}}"
    async with broker.client(mat.username, mat.password) as client:
        await client.publish(mat.topic(kind), deep, qos=1)
        topic, sos = mat.alarms("sos")
        await client.publish(topic, json.dumps(sos), qos=1)
    await gateway.until(lambda found: found == ["too_large"], "SELECT reason FROM ingest.dead_letter")
    await gateway.until(lambda found: found == [1], "SELECT count(*) FROM alarm")


async def test_what_nobody_could_read_back_is_refused(world: World, mat: Device) -> None:
    value: Any = 1
    for _ in range(100):
        value = [value]
    topic, said = mat.says(mystery=value)
    (receipt,) = await world.hear((topic, said | {"ack": True}))
    assert receipt["reason"] == "too_large: values.mystery"


async def test_what_a_device_said_in_anothers_name_is_never_tried_again(
    world: World, mat: Device, pool_web: Pool
) -> None:
    topic, sos = mat.alarms("sos")
    letter = Letter(topic, json.dumps(sos).encode(), NOW, "foreign_topic", sender="somebody else")
    letter.district_id = world.district
    async with world.pool_gateway.transaction() as conn:
        await dead_letters.keep(conn, world.keys, [letter])
    (row,) = await world.rows("SELECT id FROM ingest.dead_letter")
    with pytest.raises(NotFound):
        async with pool_web.transaction(world.district) as conn:
            await dead_letters.retry(conn, row["id"], NOW)
    with pytest.raises(NotFound):
        async with world.pool_gateway.transaction() as conn:
            await dead_letters.retry_any(conn, row["id"], NOW)
    async with world.pool_gateway.transaction() as conn:
        await conn.execute("UPDATE ingest.dead_letter SET retry_at = $1", NOW)
    assert await upkeep.retry_letters(world.pool_gateway, Registry(), world.keys, NOW) == 0
    assert await world.rows("SELECT 1 FROM alarm") == []


async def test_a_letter_that_cannot_be_opened_does_not_hold_up_the_others(
    world: World, mat: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Keys.open_raw

    def damaged(self: Keys, sealed: bytes) -> bytes:
        found = opened(self, sealed)
        if found == b"damaged":
            raise KeyError("no such key")
        return found

    monkeypatch.setattr(Keys, "open_raw", damaged)
    topic, sos = mat.alarms("sos")
    letters = [
        Letter(topic, payload, NOW + timedelta(seconds=nth), "poison", district_id=world.district)
        for nth, payload in enumerate([b"damaged", json.dumps(sos).encode()])
    ]
    async with world.pool_gateway.transaction() as conn:
        await dead_letters.keep(conn, world.keys, letters)
        await conn.execute("UPDATE ingest.dead_letter SET retry_at = $1", NOW)
    assert await upkeep.retry_letters(world.pool_gateway, Registry(), world.keys, NOW) == 1
    assert len(await world.rows("SELECT 1 FROM alarm")) == 1


async def test_a_cancel_tried_again_without_its_alarm_is_not_called_solved(world: World, mat: Device) -> None:
    topic, cancel = mat.alarms("sos", cancels="never heard of")
    letter = Letter(topic, json.dumps(cancel).encode(), NOW, "poison", district_id=world.district)
    async with world.pool_gateway.transaction() as conn:
        await dead_letters.keep(conn, world.keys, [letter])
        await conn.execute("UPDATE ingest.dead_letter SET retry_at = $1", NOW)
    assert await upkeep.retry_letters(world.pool_gateway, Registry(), world.keys, NOW) == 0
    assert [row["reason"] for row in await world.rows("SELECT reason FROM ingest.dead_letter")] == [
        "unknown_alarm"
    ]


async def _second_bed(world: World) -> tuple[UUID, UUID]:
    async with world.pool_owner.transaction(world.district) as conn:
        elder = await make_elder(conn, world.keys, world.district)
        bed = await care_beds.create(
            conn,
            district=world.district,
            elder=elder,
            home=world.home,
            label="second",
            enrolled_on=date(2026, 1, 1),
        )
    return bed, elder


async def test_an_sos_right_after_a_move_is_raised_for_the_new_bed(world: World, mat: Device) -> None:
    copy = Registry()
    await copy.refresh(world.pool_gateway, NOW)
    bed, elder = await _second_bed(world)
    async with world.pool_owner.transaction(world.district) as conn:
        await registry.bind(conn, mat.id, bed, None, NOW)
    await world.hear(mat.alarms("sos"), registry=copy)
    (row,) = await world.rows("SELECT care_bed_id, elder_id FROM alarm")
    assert (row["care_bed_id"], row["elder_id"]) == (bed, elder)
    (event,) = await world.rows("SELECT elder_id FROM event")
    assert event["elder_id"] == elder


NIGHT = NOW.replace(hour=16)
"""Midnight in Shanghai."""


async def _leave_bed(world: World, mat: Device) -> None:
    lay_down = NIGHT - timedelta(hours=1)
    await world.hear(mat.says(at=lay_down, in_bed=True), now=lay_down)
    await world.hear(mat.says(at=NIGHT, in_bed=False), now=NIGHT)


async def test_what_was_watched_at_the_old_bed_is_not_told_of_the_new_beds_elder(
    world: World, mat: Device
) -> None:
    await add_device(world, "motion_v1", room="bedroom")
    await _leave_bed(world, mat)
    bed, _ = await _second_bed(world)
    async with world.pool_owner.transaction(world.district) as conn:
        await registry.bind(conn, mat.id, bed, None, NOW)
    later = NIGHT + timedelta(minutes=30)
    copy = Registry()
    await copy.refresh(world.pool_gateway, later)
    await sweep.tick(world.pool_gateway, copy, later)
    assert await world.rows("SELECT 1 FROM alarm WHERE type = 'bed_exit'") == []


async def test_a_sweep_while_the_registry_is_read_again_forgets_nobody(
    world: World, mat: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await add_device(world, "care_bed_v1", care_bed=None)
    await _leave_bed(world, mat)
    copy = Registry()
    await copy.refresh(world.pool_gateway, NIGHT)
    later, seen = NIGHT + timedelta(minutes=30), []

    async def swept(_: float) -> None:
        seen.append(copy.by_topic(str(mat.id)) is not None and copy.by_topic(str(other.id)) is not None)

    monkeypatch.setattr("gateway.known.asyncio.sleep", swept)
    await copy.refresh(world.pool_gateway, later)
    assert seen == [True]
    await sweep.tick(world.pool_gateway, copy, later)
    assert len(await world.rows("SELECT 1 FROM alarm WHERE type = 'bed_exit'")) == 1


async def test_what_the_broker_keeps_and_says_again_is_not_a_new_alarm(world: World) -> None:
    hub = await add_device(world, "hub_v1")
    button = await add_device(
        world, "sos_button_v1", hub=hub.id, ecosystem="zigbee2mqtt", address="button", care_bed=world.bed
    )
    said = (f"eco/{hub.id}/zigbee2mqtt/button", {"action": "emergency", "battery": 90})
    await world.hear(said)
    await world.hear(said, now=NOW + timedelta(days=1), retained=True)
    assert len(await world.rows("SELECT 1 FROM alarm WHERE device_id = $1", button.id)) == 1


async def test_a_cancel_that_is_repeated_is_a_duplicate_and_told_once(world: World, mat: Device) -> None:
    topic, sos = mat.alarms("sos")
    await world.hear((topic, sos))
    cancel = mat.alarms("sos", cancels=sos["id"], values={"heart_rate": 70})
    results = [(await world.hear(cancel))[0]["result"] for _ in range(2)]
    assert results == ["accepted", "duplicate"]
    assert len(await world.rows("SELECT 1 FROM ingest.reading")) == 1
    assert [row["kind"] for row in await world.rows("SELECT kind FROM event ORDER BY id")] == [
        "alarm.raised",
        "alarm.cancelled",
    ]
