"""The fleet by any filter, devices listened to, dead letters by filter."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core.db import Pool
from devices import registry
from gateway import dead_letters, fleet, pipeline, quick, traces
from gateway.fleet import Filter, Place
from gateway.heard import Uplink
from gateway.known import Registry
from gateway.noise import Noise
from gateway.upkeep import tick
from tests.gateway.worlds import Device, World, add_device
from tests.makers import NOW, make_district, make_person


async def found(web: Pool, world: World, now: Any = NOW, **given: Any) -> list[UUID]:
    async with web.transaction(world.district) as conn:
        return [one for one, _ in await fleet.found(conn, Filter(**given), now)]


@pytest.fixture
async def three(world: World) -> list[Device]:
    """Return a mat that has spoken, a button with an empty battery, a sensor that never spoke."""
    mat = await add_device(world, "care_bed_v1", name="Mat one")
    button = await add_device(world, "sos_button_v1", name="Button 100%")
    door = await add_device(world, "door_v1", name="Door")
    await world.hear(mat.says(in_bed=True, battery=80), now=NOW + timedelta(minutes=30))
    await world.hear(button.says(battery=9))
    return [mat, button, door]


async def test_the_fleet_is_found_by_model_state_text_and_in_each_order(
    world: World, pool_web: Pool, three: list[Device]
) -> None:
    mat, button, door = (one.id for one in three)
    assert set(await found(pool_web, world)) == {mat, button, door}
    assert await found(pool_web, world, model="door_v1") == [door]
    assert await found(pool_web, world, condition="never") == [door]
    assert await found(pool_web, world, condition="low_battery") == [button]
    assert set(await found(pool_web, world, condition="attention")) == {button, door}
    assert set(await found(pool_web, world, condition="online")) == {mat, button}
    assert await found(pool_web, world, text="MAT o") == [mat]
    assert await found(pool_web, world, text="100%") == [button]
    assert await found(pool_web, world, text="_at") == []
    assert await found(pool_web, world, sort="seen") == [door, button, mat]
    assert await found(pool_web, world, sort="battery") == [button, mat, door]
    assert await found(pool_web, world, sort="newest") == [door, button, mat]


async def test_pages_of_the_fleet_meet_without_a_gap_in_every_order(
    world: World, pool_web: Pool, three: list[Device]
) -> None:
    for sort in fleet.SORTS:
        seen: list[UUID] = []
        after: Place | None = None
        async with pool_web.transaction(world.district) as conn:
            for _ in three:
                [(one, after)] = await fleet.found(conn, Filter(sort=sort), NOW, after, 1)
                seen.append(one)
            assert await fleet.found(conn, Filter(sort=sort), NOW, after, 1) == []
        assert (sort, set(seen)) == (sort, {one.id for one in three})


async def test_the_fleet_follows_what_becomes_of_its_devices(
    world: World, pool_web: Pool, three: list[Device]
) -> None:
    mat, button, door = three
    later = NOW + timedelta(minutes=41)
    await world.hear(mat.says(later, battery=15), (f"yl/v1/{button.id}/status", {"online": False}), now=later)
    async with pool_web.transaction(world.district) as conn:
        await registry.retire(conn, door.id, NOW)
        await conn.execute("UPDATE elder SET name = '欧阳春兰'")
        await conn.execute("UPDATE care_bed SET label = 'K-9'")
    assert set(await found(pool_web, world, condition="low_battery")) == {mat.id, button.id}
    assert await found(pool_web, world, condition="offline") == [button.id]
    assert set(await found(pool_web, world, text="春兰")) == {mat.id, button.id}
    assert set(await found(pool_web, world, text="k-9")) == {mat.id, button.id}
    assert await found(pool_web, world, condition="never") == []
    async with pool_web.transaction(world.district) as conn:
        counts = dict(await fleet.counted(conn))
    assert counts == {"all": 2, "offline": 1, "silent": 0, "never": 0, "low_battery": 2}


async def test_another_district_has_a_fleet_of_its_own(
    pool_web: Pool, pool_owner: Pool, three: list[Device]
) -> None:
    other = await make_district(pool_owner, "341302")
    assert len(three) == 3
    async with pool_web.transaction(other) as conn:
        assert await fleet.found(conn, Filter(), NOW) == []
        assert (await fleet.counted(conn))["all"] == 0
        span = (NOW - timedelta(days=1), NOW + timedelta(days=1), timedelta(hours=1))
        assert await fleet.binned(conn, three[0].id, *span) == []


async def test_a_devices_day_comes_in_slots(world: World, pool_web: Pool, three: list[Device]) -> None:
    for minute, value in ((40, 60), (41, 70), (50, 80)):
        at = NOW + timedelta(minutes=minute)
        await world.hear(three[0].says(at, heart_rate=value), now=at)
    async with pool_web.transaction(world.district) as conn:
        rows = await fleet.binned(conn, three[0].id, NOW, NOW + timedelta(hours=1), timedelta(minutes=10))
    heart = [tuple(row.values())[1:] for row in rows if row["metric"] == "heart_rate"]
    assert heart == [
        (NOW + timedelta(minutes=40), 60, 65, 70, 2),
        (NOW + timedelta(minutes=50), 80, 80, 80, 1),
    ]


async def listen(world: World, web: Pool, device: UUID) -> None:
    async with web.transaction(world.district) as conn:
        by = (await make_person(conn, world.district, "admin")).account_id
        await traces.start(conn, district=world.district, device=device, by=by, now=NOW)


async def kept(world: World, web: Pool, device: UUID) -> list[dict[str, Any]]:
    async with web.transaction(world.district) as conn:
        return await traces.messages(conn, world.keys, device)


async def test_what_a_device_says_is_kept_word_for_word_only_while_somebody_listens(
    world: World, pool_web: Pool, pool_gateway: Pool, three: list[Device]
) -> None:
    mat, button, _ = three
    await listen(world, pool_web, mat.id)
    copy = Registry()
    await copy.refresh(pool_gateway, NOW)
    later = NOW + traces.LASTS
    await world.hear(mat.says(in_bed=False), button.says(battery=8), mat.alarms("fall"), registry=copy)
    await world.hear(mat.says(later, in_bed=True), now=later, registry=copy)
    heard = {one["kind"]: one for one in await kept(world, pool_web, mat.id)}
    said = heard.pop("telemetry")
    assert json.loads(said["payload"])["values"] == said["decoded"]["values"] == {"in_bed": False}
    assert [one["decoded"]["alarm"] for one in heard.values()] == ["fall"]
    assert await kept(world, pool_web, button.id) == []
    [row] = await world.rows("SELECT payload_sealed FROM ingest.trace_message WHERE kind = 'alarm'")
    assert b"fall" not in row["payload_sealed"]


async def test_listening_can_be_stopped_and_is_forgotten_after_a_day(
    world: World, pool_web: Pool, pool_gateway: Pool, three: list[Device]
) -> None:
    mat = three[0]
    await listen(world, pool_web, mat.id)
    copy = Registry()
    await copy.refresh(pool_gateway, NOW)
    await world.hear(mat.says(in_bed=False), registry=copy)
    async with pool_web.transaction(world.district) as conn:
        await traces.stop(conn, mat.id, NOW + timedelta(minutes=1))
    await copy.refresh(pool_gateway, NOW + timedelta(minutes=1))
    assert copy.traced == {}
    assert len(await kept(world, pool_web, mat.id)) == 1
    await tick(pool_gateway, NOW + timedelta(hours=25))
    assert await kept(world, pool_web, mat.id) == []


async def test_letters_are_counted_and_tried_again_by_filter(
    world: World, pool_web: Pool, three: list[Device]
) -> None:
    mat, button, _ = three
    await world.hear((mat.topic(), b"{"), (mat.topic(), b"x"), (button.topic(), {"values": {}}))
    async with pool_web.transaction(world.district) as conn:
        of_mat = dead_letters.Filter(device=mat.id, condition="open", topic=str(mat.id)[-6:].upper())
        assert {row["reason"]: row["letters"] for row in await dead_letters.counted(conn, of_mat)} == {
            "not_json": 2
        }
        assert await dead_letters.count_open(conn) == 3
        assert await dead_letters.retry_all(conn, dead_letters.Filter(reason="not_json"), NOW) == 2
        assert await dead_letters.retry_all(conn, dead_letters.Filter(reason="not_json"), NOW) == 0
        waiting = await dead_letters.found(conn, dead_letters.Filter(condition="waiting"), None, 1)
        assert [row["reason"] for row in waiting] == ["not_json"]
        late = dead_letters.Filter(since=NOW + timedelta(seconds=1))
        assert await dead_letters.found(conn, late) == []


async def test_an_alarm_of_a_device_listened_to_takes_the_long_way(
    world: World, pool_web: Pool, pool_gateway: Pool, three: list[Device]
) -> None:
    button = three[1]
    await listen(world, pool_web, button.id)
    copy = Registry()
    await copy.refresh(pool_gateway, NOW)
    topic, body = button.alarms()
    uplink = Uplink(topic, json.dumps(body).encode(), NOW)
    assert await quick.store(pool_gateway, copy, Noise(), [uplink]) == ([], [uplink])
    async with pool_gateway.transaction() as conn:
        [receipt] = await pipeline.handle(conn, copy, world.keys, [uplink], NOW)
    assert json.loads(receipt.payload)["result"] == "accepted"
    assert [one["kind"] for one in await kept(world, pool_web, button.id)] == ["alarm"]
