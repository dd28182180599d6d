from datetime import timedelta
from typing import Any
from uuid import UUID

from core.db import Row
from dispatch import cases, recovery, ticks
from tests.dispatch.worlds import (
    World,
    case_of,
    make_case,
    make_device,
    make_neighbour,
    make_operator,
    raise_alarm,
    say,
)
from tests.makers import NOW

MINUTE = timedelta(minutes=1)
TECHNICAL: dict[str, Any] = {"class": "technical", "severity": 3}


async def find(world: World, case_id: UUID) -> Row:
    async with world.web.transaction(world.district) as conn:
        return await cases.find(conn, case_id)


async def actions(world: World, case_id: UUID) -> list[str]:
    async with world.web.transaction(world.district) as conn:
        return [line["action"] for line in await cases.timeline(conn, case_id)]


async def test_the_alarms_of_a_device_are_one_case_however_long_its_fault_lasts(world: World) -> None:
    first = await make_case(world, "silent", **TECHNICAL)
    assert await make_case(world, "low_battery", NOW + timedelta(days=3), **TECHNICAL) == first
    async with world.web.transaction(world.district) as conn:
        other = await make_device(conn, world, "door_v1")
    assert await make_case(world, "silent", NOW + MINUTE, device_id=other, **TECHNICAL) != first


async def test_a_device_that_speaks_again_is_noted_and_its_case_closed_by_rule(world: World) -> None:
    case_id = await make_case(world, "silent", **TECHNICAL)
    assert await ticks.recover(world.worker, NOW + MINUTE) == 0
    await say(world, world.device, NOW + 5 * MINUTE)
    assert await ticks.recover(world.worker, NOW + 5 * MINUTE) == 1
    row = await find(world, case_id)
    assert (row["state"], row["restored_at"]) == ("returned", NOW + 5 * MINUTE)
    assert await ticks.recover(world.worker, NOW + 14 * MINUTE) == 0
    assert await ticks.recover(world.worker, NOW + 15 * MINUTE) == 1
    row = await find(world, case_id)
    assert (row["state"], row["outcome"], row["closed_by"]) == ("closed", "restored", None)
    assert await actions(world, case_id) == ["open", "restored", "close"]


async def test_a_device_that_falls_silent_again_starts_anew(world: World) -> None:
    case_id = await make_case(world, "silent", **TECHNICAL)
    await say(world, world.device, NOW + 5 * MINUTE)
    await ticks.recover(world.worker, NOW + 5 * MINUTE)
    await say(world, world.device, NOW + 6 * MINUTE, is_online=False)
    assert await ticks.recover(world.worker, NOW + 7 * MINUTE) == 1
    row = await find(world, case_id)
    assert (row["state"], row["restored_at"]) == ("raised", None)
    assert await make_case(world, "silent", NOW + 8 * MINUTE, **TECHNICAL) == case_id
    assert await ticks.recover(world.worker, NOW + timedelta(hours=1)) == 0


async def test_an_alarm_takes_back_that_a_device_had_recovered(world: World) -> None:
    case_id = await make_case(world, "power_lost", **TECHNICAL)
    await say(world, world.device, NOW + MINUTE, mains=True)
    await ticks.recover(world.worker, NOW + MINUTE)
    assert await make_case(world, "power_lost", NOW + 2 * MINUTE, **TECHNICAL) == case_id
    row = await find(world, case_id)
    assert (row["state"], row["restored_at"]) == ("raised", None)
    assert await ticks.recover(world.worker, NOW + timedelta(hours=1)) == 0


async def test_who_acknowledged_a_fault_sees_that_it_is_over_and_it_closes_too(world: World) -> None:
    operator, case_id = await make_operator(world), await make_case(world, "low_battery", **TECHNICAL)
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case_id, operator, NOW)
    await say(world, world.device, NOW + MINUTE, battery=100.0)
    await ticks.recover(world.worker, NOW + MINUTE)
    assert (await find(world, case_id))["state"] == "claimed"
    await ticks.recover(world.worker, NOW + timedelta(minutes=61))
    assert (await find(world, case_id))["state"] == "closed"


async def test_a_tamper_alarm_is_never_closed_by_itself(world: World) -> None:
    case_id = await make_case(world, "tamper", **TECHNICAL)
    await say(world, world.device, NOW + MINUTE, tamper=False)
    await ticks.recover(world.worker, NOW + MINUTE)
    assert await ticks.recover(world.worker, NOW + timedelta(days=30)) == 0
    assert (await find(world, case_id))["state"] == "returned"


async def test_what_was_put_aside_stays_there_until_it_comes_back(world: World) -> None:
    operator, case_id = await make_operator(world), await make_case(world, "silent", **TECHNICAL)
    async with world.web.transaction(world.district) as conn:
        await cases.take_out(conn, case_id, operator, NOW)
    await say(world, world.device, NOW + MINUTE)
    assert await ticks.recover(world.worker, NOW + MINUTE) == 0
    assert await make_case(world, "silent", NOW + 2 * MINUTE, **TECHNICAL) == case_id
    assert (await find(world, case_id))["state"] == "out_of_service"


async def test_the_case_of_a_device_that_was_taken_away_is_over(world: World) -> None:
    case_id = await make_case(world, "silent", **TECHNICAL)
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE device SET retired_at = $2 WHERE id = $1", world.device, NOW)
    await ticks.recover(world.worker, NOW + MINUTE)
    await ticks.recover(world.worker, NOW + 2 * MINUTE)
    row = await find(world, case_id)
    assert (row["state"], row["outcome"]) == ("closed", "restored")
    async with world.web.transaction(world.district) as conn:
        assert (await cases.timeline(conn, case_id))[1]["data"] == {"why": "device_gone"}


async def test_a_device_that_was_moved_starts_a_case_of_its_new_bed(world: World) -> None:
    case_id, next_door = await make_case(world, "silent", **TECHNICAL), await make_neighbour(world)
    whose: dict[str, Any] = {"elder_id": next_door.elder, "care_bed_id": next_door.bed}
    assert await make_case(world, "silent", NOW + MINUTE, **whose | TECHNICAL) != case_id


async def test_more_cases_than_a_batch_are_all_looked_at(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(recovery, "BATCH", 3)
    monkeypatch.setattr(recovery, "MOST", 2)
    found = []
    for _ in range(5):
        async with world.web.transaction(world.district) as conn:
            device = await make_device(conn, world, "door_v1")
        found.append(await make_case(world, "silent", device_id=device, **TECHNICAL))
        await say(world, device, NOW + MINUTE)
    assert await ticks.recover(world.worker, NOW + MINUTE) == 5
    assert {(await find(world, one))["state"] for one in found} == {"returned"}


async def test_care_alarms_come_before_technical_ones_and_the_gravest_first(world: World) -> None:
    technical = await raise_alarm(world, "silent", NOW, **TECHNICAL)
    sos = await raise_alarm(world, "sos", NOW + MINUTE)
    assert await ticks.intake(world.worker, NOW + MINUTE) == 2
    assert await case_of(world, sos) < await case_of(world, technical)
