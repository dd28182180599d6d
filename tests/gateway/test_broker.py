"""The gateway on a real broker: receipts after the commit, nothing lost when it is killed."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import asyncpg

from core.db import Pool
from gateway import listener
from gateway.listener import Listener
from tests.brokers import embedded_only
from tests.gateway.worlds import Device, RunningGateway, World, add_device


async def _receipts(client: Any, count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(10):
        async for message in client.messages:
            found.append(json.loads(message.payload))
            if len(found) == count:
                break
    return found


async def _until(world: World, query: str, expected: object) -> None:
    async with asyncio.timeout(10):
        while True:
            rows = await world.rows(query)
            if [next(iter(row.values())) for row in rows] == expected:
                return
            await asyncio.sleep(0.02)


async def test_a_device_gets_its_receipt_and_a_repetition_the_same_alarm(
    world: World, mat: Device, broker: Any, gateway: RunningGateway
) -> None:
    assert gateway.listeners
    topic, sos = mat.alarms("sos")
    async with broker.client(mat.username, mat.password) as client:
        await client.subscribe(mat.topic("receipt"), qos=1)
        await client.publish(topic, json.dumps(sos), qos=1)
        (first,) = await _receipts(client, 1)
        await client.publish(topic, json.dumps(sos), qos=1)
        (second,) = await _receipts(client, 1)
    assert (first["result"], second["result"]) == ("accepted", "duplicate")
    assert first["alarm_id"] == second["alarm_id"]
    assert len(await world.rows("SELECT 1 FROM alarm")) == 1


async def test_a_device_added_while_the_gateway_runs_is_heard_at_once(
    world: World, broker: Any, gateway: RunningGateway
) -> None:
    assert gateway.listeners
    button = await add_device(world, "sos_button_v1")
    topic, sos = button.alarms("sos")
    async with broker.client(button.username, button.password) as client:
        await client.subscribe(button.topic("receipt"), qos=1)
        await client.publish(topic, json.dumps(sos), qos=1)
        (receipt,) = await _receipts(client, 1)
    assert receipt["result"] == "accepted"


async def test_what_was_published_while_the_gateway_was_away_is_stored_once(
    world: World, mat: Device, broker: Any, gateway: RunningGateway
) -> None:
    await gateway.stop()
    async with broker.client(mat.username, mat.password) as client:
        for nth in range(300):
            topic, said = mat.says(heart_rate=60 + nth % 20)
            await client.publish(topic, json.dumps(said), qos=1)
        topic, sos = mat.alarms("sos")
        await client.publish(topic, json.dumps(sos), qos=1)
        await client.subscribe(mat.topic("receipt"), qos=1)
        await gateway.start()
        (receipt,) = await _receipts(client, 1)
    assert receipt["result"] == "accepted"
    await _until(world, "SELECT count(*) FROM ingest.inbox", [300])
    assert await world.rows("SELECT count(*) AS n FROM ingest.reading") == [{"n": 300}]


async def test_a_gateway_killed_between_store_and_acknowledgement_stores_once_and_answers(
    world: World, mat: Device, broker: Any, gateway: RunningGateway, monkeypatch: Any
) -> None:
    is_stored = asyncio.Event()

    async def stored_then_killed(self: Listener, uplinks: Any) -> Any:
        await Listener._store(self, uplinks)  # noqa: SLF001 - the very step that is cut
        is_stored.set()
        await asyncio.Event().wait()

    topic, sos = mat.alarms("sos")
    async with broker.client(mat.username, mat.password) as client:
        await client.subscribe(mat.topic("receipt"), qos=1)
        with monkeypatch.context() as patch:
            patch.setattr(listener.Listener, "_until_stored", stored_then_killed_of(stored_then_killed))
            await client.publish(topic, json.dumps(sos), qos=1)
            async with asyncio.timeout(10):
                await is_stored.wait()
            await gateway.stop()
        await gateway.start()
        (receipt,) = await _receipts(client, 1)
    assert receipt["result"] == "duplicate"
    assert len(await world.rows("SELECT 1 FROM alarm")) == 1


def stored_then_killed_of(killed: Any) -> Any:
    """Store a batch as always, and never come back to acknowledge it."""

    async def until_stored(self: Listener, uplinks: Any) -> Any:
        return await killed(self, uplinks)

    return until_stored


async def test_a_database_that_is_away_loses_nothing(
    world: World, mat: Device, broker: Any, gateway: RunningGateway, monkeypatch: Any
) -> None:
    assert gateway.listeners
    tries = iter([True, True, False])
    store = Listener._store  # noqa: SLF001 - the very step that is cut

    async def away(self: Listener, uplinks: Any) -> Any:
        if next(tries, False):
            raise asyncpg.ConnectionDoesNotExistError("the database is away")
        return await store(self, uplinks)

    monkeypatch.setattr(Listener, "_store", away)
    topic, sos = mat.alarms("sos")
    async with broker.client(mat.username, mat.password) as client:
        await client.subscribe(mat.topic("receipt"), qos=1)
        await client.publish(topic, json.dumps(sos), qos=1)
        (receipt,) = await _receipts(client, 1)
    assert receipt["result"] == "accepted"
    assert len(await world.rows("SELECT 1 FROM alarm")) == 1


async def test_a_message_that_cannot_be_stored_is_set_aside_and_the_next_is_stored(
    world: World, mat: Device, broker: Any, gateway: RunningGateway
) -> None:
    assert gateway.listeners
    poison = b'{"id": "a", "values": {"x": "\\ud800"}, "at": "0001-01-01T00:00:00+14:00", "historical": true}'
    async with broker.client(mat.username, mat.password) as client:
        await client.publish(mat.topic(), poison, qos=1)
        topic, said = mat.says(heart_rate=61)
        await client.publish(topic, json.dumps(said), qos=1)
    await _until(world, "SELECT count(*) FROM ingest.inbox", [1])
    await _until(world, "SELECT count(*) FROM ingest.dead_letter", [1])


async def test_a_last_will_puts_the_device_off_line(
    world: World, mat: Device, broker: Any, gateway: RunningGateway
) -> None:
    assert gateway.listeners
    async with broker.client(mat.username, mat.password) as client:
        await client.publish(mat.topic("status"), json.dumps({"online": True}), qos=1, retain=True)
        await _until(world, "SELECT is_online FROM ingest.device_state", [True])
        await client.publish(mat.topic("status"), b"offline", qos=1, retain=True)
        await _until(world, "SELECT is_online FROM ingest.device_state", [False])


@embedded_only
async def test_a_device_that_speaks_for_another_is_refused_and_reported(
    world: World, mat: Device, broker: Any, gateway: RunningGateway, pool_web: Pool
) -> None:
    assert gateway.listeners
    other = await add_device(world, "sos_button_v1")
    topic, sos = other.alarms("sos")
    async with broker.client(mat.username, mat.password) as client:
        await client.publish(topic, json.dumps(sos | {"id": str(uuid4())}), qos=1)
    await _until(world, "SELECT reason FROM ingest.dead_letter", ["foreign_topic"])
    assert await world.rows("SELECT 1 FROM alarm") == []
    assert pool_web is not None
