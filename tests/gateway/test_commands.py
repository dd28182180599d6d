"""Commands on a real broker: a pretend device obeys, refuses, is late, is silent, is away and comes back."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from core.errors import Conflict, Invalid
from devices import commands, registry
from devices.simulator import Pretender
from gateway import delivery
from tests.databases import Database
from tests.gateway.worlds import Device, RunningGateway, World, add_device
from tests.makers import NOW

STATES = "SELECT state FROM command"


@pytest.fixture
async def delivering(gateway: RunningGateway, database: Database) -> AsyncIterator[RunningGateway]:
    shared = gateway.listeners[0].gateway
    running = asyncio.create_task(delivery.run(shared, database.gateway))
    yield gateway
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def want(
    world: World, device: UUID, name: str = "ring", lasts: timedelta = timedelta(minutes=5), **params: Any
) -> UUID:
    now = datetime.now(UTC)
    async with world.pool_owner.transaction(world.district) as conn:
        return await commands.create(conn, device, name=name, params=params, by=None, now=now, lasts=lasts)


async def change(world: World, query: str) -> None:
    pool = world.pool_gateway if "ingest" in query else world.pool_owner
    async with pool.transaction(world.district) as conn:
        await conn.execute(query)


def pretend(device: Device, url: str, **manner: Any) -> asyncio.Task[None]:
    about = {**asdict(device), "device_id": device.id, "thing_model": "watch_v1", **manner}
    one = Pretender(url, about, seed=1, every_s=60, zone=ZoneInfo("Asia/Shanghai"), presses=1)
    return asyncio.create_task(one.run())


@pytest.mark.parametrize(
    ("manner", "name", "params", "ends"),
    [
        ({"manner": "obeys"}, "ring", {}, ("done", "done", None)),
        ({"manner": "obeys"}, "set_interval", {"seconds": 30}, ("done", "done", None)),
        ({"manner": "obeys"}, "reboot", {}, ("done", "done", None)),
        ({"manner": "refuses"}, "ring", {}, ("refused", "refused", "busy")),
        ({"manner": "late", "late_s": 0.5}, "ring", {}, ("done", "done", None)),
    ],
)
async def test_a_device_that_answers_is_believed(
    world: World,
    broker: Any,
    delivering: RunningGateway,
    manner: dict[str, Any],
    name: str,
    params: dict[str, Any],
    ends: tuple[str, str, str | None],
) -> None:
    watch = await add_device(world, "watch_v1")
    speaking = pretend(watch, broker.device_url, **manner)
    await want(world, watch.id, name, **params)
    await delivering.until(lambda found: found == [ends[0]], STATES)
    (row,) = await world.rows("SELECT result, reason, tries, next_at, answered_at FROM command")
    assert (row["result"], row["reason"], row["next_at"]) == (ends[1], ends[2], None)
    assert row["tries"] >= 1
    assert row["answered_at"] is not None
    speaking.cancel()


async def test_a_silent_device_is_asked_again_and_then_its_command_expires(
    world: World, broker: Any, delivering: RunningGateway
) -> None:
    watch = await add_device(world, "watch_v1")
    speaking = pretend(watch, broker.device_url, manner="silent")
    command = await want(world, watch.id)
    await delivering.until(lambda found: found == ["sent"], STATES)
    await change(world, "UPDATE command SET next_at = now() WHERE next_at IS NOT NULL")  # unless it was seen
    await delivering.until(lambda found: found == [2], "SELECT tries FROM command")
    await change(world, "UPDATE command SET next_at = now(), expires_at = now()")
    await delivering.until(lambda found: found == ["expired"], STATES)
    async with world.pool_gateway.transaction(world.district) as conn:
        await commands.answered(conn, command, watch.id, "done", None, datetime.now(UTC))
    (row,) = await world.rows("SELECT * FROM command")
    (said,) = commands.describe([row], datetime.now(UTC))
    assert (row["state"], row["result"], said["is_late"], said["is_open"]) == ("expired", "done", True, False)
    speaking.cancel()


async def test_what_is_wanted_of_a_device_that_is_away_waits_until_it_is_back(
    world: World, broker: Any, delivering: RunningGateway
) -> None:
    watch = await add_device(world, "watch_v1")
    await want(world, watch.id)
    await delivering.until(lambda found: found == [True], "SELECT next_at > created_at FROM command")
    assert [row["state"] for row in await world.rows(STATES)] == ["queued"]
    speaking = pretend(watch, broker.device_url)
    await delivering.until(lambda found: found == ["done"], STATES)
    speaking.cancel()


async def test_a_hub_is_told_in_its_own_words_and_nobody_waits_for_an_answer(
    world: World, broker: Any, delivering: RunningGateway
) -> None:
    hub = await add_device(world, "hub_v1")
    box = await add_device(world, "medicine_box_v1", hub=hub.id, ecosystem="zigbee2mqtt", address="box")
    topic = f"eco/{hub.id}/zigbee2mqtt/box/set"
    async with broker.client(hub.username, hub.password) as client:
        await client.subscribe(topic, qos=1)
        await client.publish(hub.topic("status"), '{"online": true}', qos=1)
        await want(world, box.id)
        async with asyncio.timeout(10):
            message = await anext(client.messages)
    assert str(message.topic) == topic
    await delivering.until(lambda found: found == ["unconfirmed"], STATES)


async def test_a_retired_device_cannot_be_told_any_more(
    world: World, broker: Any, delivering: RunningGateway
) -> None:
    watch = await add_device(world, "watch_v1")
    await want(world, watch.id)
    async with world.pool_owner.transaction(world.district) as conn:
        await registry.retire(conn, watch.id, NOW)
        with pytest.raises(Conflict):
            await commands.create(conn, watch.id, name="ring", params={}, by=None, now=NOW)
    await change(world, "UPDATE command SET next_at = now() WHERE next_at IS NOT NULL")  # unless it was seen
    await delivering.until(lambda found: found == ["failed"], STATES)
    assert broker


async def test_two_gateways_send_a_command_once(world: World) -> None:
    watch = await add_device(world, "watch_v1")
    await want(world, watch.id)
    await change(
        world, "INSERT INTO ingest.device_state (device_no, last_seen_at) SELECT no, now() FROM device"
    )
    now = datetime.now(UTC)
    found = await asyncio.gather(*(delivery.prepare(world.pool_gateway, now) for _ in range(2)))
    assert sorted(len(one) for one in found) == [0, 1]


@pytest.mark.parametrize(
    ("name", "params", "lasts"),
    [("dance", {}, 300), ("ring", {"loud": 1}, 300), ("ring", {}, 1), ("set_interval", {"seconds": 0}, 300)],
)
async def test_a_command_that_is_wrong_is_refused(
    world: World, name: str, params: dict[str, Any], lasts: int
) -> None:
    watch = await add_device(world, "watch_v1")
    with pytest.raises(Invalid):
        await want(world, watch.id, name, timedelta(seconds=lasts), **params)


async def test_another_devices_command_cannot_be_answered(world: World) -> None:
    watch, other = await add_device(world, "watch_v1"), await add_device(world, "watch_v1")
    command = await want(world, watch.id)
    async with world.pool_gateway.transaction(world.district) as conn:
        assert await commands.answered(conn, command, other.id, "done", None, NOW) is None
    assert [row["state"] for row in await world.rows(STATES)] == ["queued"]
