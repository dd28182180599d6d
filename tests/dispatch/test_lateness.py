"""Who does not come is noticed at 15, 30 and 60 minutes, once each, and cleared by who turns up."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from core.accounts import Person
from dispatch import lateness, ticks, visits
from tests.dispatch.errands import HOUR, accepted, do, want
from tests.dispatch.worlds import HOME, World, events_of, make_caregiver
from tests.makers import NOW

MINUTE = timedelta(minutes=1)


async def planned(world: World, caregiver: Person, start: datetime = NOW) -> Any:
    """Return a visit that is planned to begin now, in a window that is open for hours."""
    visit = await accepted(world, caregiver, window_end=NOW + 6 * HOUR)
    async with world.web.transaction(world.district) as conn:
        await conn.execute(
            "UPDATE visit SET planned_start = $2, planned_end = $3 WHERE id = $1",
            visit,
            start,
            start + HOUR,
        )
    return visit


async def notices(world: World) -> list[tuple[str, int, str | None]]:
    async with world.web.transaction(world.district) as conn:
        rows = await conn.fetch(
            "SELECT kind, level, cleared_by FROM visit_notice ORDER BY kind, due_at, level"
        )
    return [(row["kind"], row["level"], row["cleared_by"]) for row in rows]


async def look(world: World, at: datetime) -> int:
    async with world.worker.transaction(world.district) as conn:
        return await lateness.notice_due(conn, world.district, at)


async def told(world: World, kind: str) -> list[list[str]]:
    return [roles for event, roles in await events_of(world) if event == kind]


async def test_each_level_is_told_once_to_those_whom_it_concerns(world: World) -> None:
    visit = await planned(world, await make_caregiver(world))
    for minutes, heard in ((14, 0), (15, 1), (29, 0), (30, 1), (59, 0), (60, 1), (90, 0)):
        assert await look(world, NOW + minutes * MINUTE) == heard
    assert await told(world, "visit.late") == [
        ["caregiver"],
        ["operator", "duty_manager", "admin", "provider_manager"],
        ["operator", "duty_manager", "admin", "provider_manager", "caregiver", "family"],
    ]
    async with world.web.transaction(world.district) as conn:
        (plan,) = await conn.fetch("SELECT cause, trigger, state FROM plan")
        (open_,) = await lateness.list_open(conn, world.provider)
    assert (plan["cause"], plan["trigger"]["kind"], plan["state"]) == ("repair", "late", "computing")
    assert (open_["visit_id"], open_["level"], open_["late_minutes"]) == (visit, 3, 60)


async def test_two_clocks_at_once_and_one_that_was_down_tell_once(world: World) -> None:
    await planned(world, await make_caregiver(world))
    assert sorted(await asyncio.gather(*(look(world, NOW + 61 * MINUTE) for _ in range(2)))) == [0, 3]


async def test_who_comes_late_clears_the_board_and_is_late_no_more(world: World) -> None:
    caregiver = await make_caregiver(world)
    visit = await planned(world, caregiver)
    await look(world, NOW + 31 * MINUTE)
    async with world.web.transaction(world.district) as conn:
        at = NOW + 40 * MINUTE
        await visits.check_in(conn, world.keys, visit, caregiver, at, at=at, lat=HOME[0], lon=HOME[1])
        assert await lateness.list_open(conn) == []
        last = (await visits.timeline(conn, visit))[-1]
    assert (last["action"], last["data"]["in_time"]) == ("late_over", False)
    assert await notices(world) == [("late", 1, "came"), ("late", 2, "came")]
    assert await look(world, NOW + 99 * MINUTE) == 0


async def test_a_phone_that_was_without_network_says_later_that_nobody_was_late(world: World) -> None:
    caregiver = await make_caregiver(world)
    visit = await planned(world, caregiver)
    await look(world, NOW + 61 * MINUTE)
    async with world.web.transaction(world.district) as conn:
        late = NOW + 2 * HOUR
        await visits.check_in(conn, world.keys, visit, caregiver, late, at=NOW + 3 * MINUTE)
        last = (await visits.timeline(conn, visit))[-1]
    assert (last["action"], last["data"]["in_time"]) == ("late_over", True)
    assert {how for _, _, how in await notices(world)} == {"came_in_time"}


async def test_who_does_not_check_out_is_noticed_too(world: World) -> None:
    caregiver = await make_caregiver(world)
    visit = await planned(world, caregiver)
    async with world.web.transaction(world.district) as conn:
        await visits.check_in(conn, world.keys, visit, caregiver, NOW, at=NOW)
        minutes = (await visits.find(conn, visit))["minutes"]
    assert await look(world, NOW + (minutes + 31) * MINUTE) == 2
    assert [len(roles) for roles in await told(world, "visit.overdue")] == [1, 4]
    async with world.web.transaction(world.district) as conn:
        end = NOW + 2 * HOUR
        await visits.check_out(conn, world.keys, visit, caregiver, end, at=end, record="x")
    assert await notices(world) == [("overdue", 1, "left"), ("overdue", 2, "left")]


async def test_a_visit_that_is_moved_or_called_off_leaves_the_board_and_may_be_late_again(
    world: World,
) -> None:
    visit = await planned(world, await make_caregiver(world))
    await look(world, NOW + 16 * MINUTE)
    async with world.web.transaction(world.district) as conn:
        await conn.execute(
            "UPDATE visit SET planned_start = $2, planned_end = $3 WHERE id = $1",
            visit,
            NOW + HOUR,
            NOW + 2 * HOUR,
        )
    assert await look(world, NOW + 20 * MINUTE) == 0
    assert await look(world, NOW + 76 * MINUTE) == 1
    assert await notices(world) == [("late", 1, "changed"), ("late", 1, None)]


async def test_a_visit_that_nobody_has_is_told_to_managers_when_its_time_is_over(world: World) -> None:
    await want(world)
    assert await ticks.late(world.worker, NOW + HOUR + 16 * MINUTE) == 2
    assert (await told(world, "visit.late"))[0] == ["operator", "duty_manager", "admin", "provider_manager"]
    async with world.web.transaction(world.district) as conn:
        assert await conn.fetchval("SELECT count(*) FROM plan") == 0


async def test_what_the_home_tells_after_the_check_out_is_weighed_a_quarter_of_an_hour_later(
    world: World,
) -> None:
    caregiver = await make_caregiver(world)
    visit = await accepted(world, caregiver)
    done = await do(world, visit, caregiver)
    end = done["ended_at"]
    assert await ticks.settle_proofs(world.worker, end + 14 * MINUTE) == 0
    assert await ticks.settle_proofs(world.worker, end + 15 * MINUTE) == 1
    assert await ticks.settle_proofs(world.worker, end + 16 * MINUTE) == 0
