"""Clocks that jump, the gateway's and the devices': an alarm is an alarm all the same, once."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.db import Pool
from gateway.known import Registry
from gateway.listener import LANES, Gateway, Listener
from tests.databases import Database
from tests.gateway.conftest import mat, world
from tests.gateway.worlds import Device, World
from tests.waiting import until

__all__ = ["mat", "world"]


async def _answers(client: Any, count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(15):
        async for message in client.messages:
            found.append(json.loads(message.payload))
            if len(found) == count:
                break
    return found


async def _listen(world: World, pool: Pool, url: str, clock: Callable[[], datetime]) -> list[Listener]:
    gateway = Gateway(pool, Registry(), world.keys, url, "gateway", 500, clock=clock)
    return [Listener(gateway, lane) for lane in LANES]


@pytest.mark.parametrize("jump", [timedelta(hours=-3), timedelta(days=2), timedelta(days=-40)])
async def test_the_gateways_clock_jumps_and_every_alarm_is_there_once(
    world: World, mat: Device, broker: Any, database: Database, jump: timedelta
) -> None:
    shift = [timedelta(0)]
    pool = await Pool.open(database.gateway, size=4)
    listeners = await _listen(world, pool, broker.gateway_url, lambda: datetime.now(UTC) + shift[0])
    tasks = [asyncio.create_task(one.run()) for one in listeners]
    try:
        await until(lambda: all(one.is_subscribed for one in listeners), seconds=15)
        async with broker.client(mat.username, mat.password) as client:
            await client.subscribe(mat.topic("receipt"), qos=1)
            said = [mat.alarms("sos", at=datetime.now(UTC)) for _ in range(4)]
            for nth, (topic, body) in enumerate(said):
                shift[0] = jump if nth % 2 else timedelta(0)
                await client.publish(topic, json.dumps(body), qos=1)
                (answer,) = await _answers(client, 1)
                assert (answer["id"], answer["result"]) == (body["id"], "accepted")
            shift[0] = jump
            for topic, body in said:
                await client.publish(topic, json.dumps(body), qos=1)
            assert [one["result"] for one in await _answers(client, 4)] == ["duplicate"] * 4
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await pool.close()
    assert len(await world.rows("SELECT 1 FROM alarm")) == 4
    assert await world.rows("SELECT 1 FROM ingest.dead_letter") == []


@pytest.mark.parametrize("at", ["1970-01-01T00:00:07Z", "2106-02-07T06:28:15Z", "yesterday", None, 0])
async def test_an_alarm_of_a_device_without_a_clock_is_raised_at_the_time_it_came(
    world: World, mat: Device, at: object
) -> None:
    topic, body = mat.alarms("sos")
    (receipt,) = await world.hear((topic, body | {"at": at}))
    assert receipt["result"] == "accepted"
    (row,) = await world.rows("SELECT observed_at = received_at AS is_ours FROM alarm")
    assert row["is_ours"]
