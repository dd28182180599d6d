"""Two that change the same at once, each in a transaction of its own: none is lost."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest

from core.errors import Conflict
from dispatch import cases, emergency, escalation, passing, visits
from dispatch.roster import parting
from tests.dispatch import errands, plan_worlds
from tests.dispatch.test_offers import accept, asked, find, sent
from tests.dispatch.worlds import World, make_caregiver, make_case, make_operator
from tests.makers import NOW
from tests.waiting import until_true

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def waits(world: World, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    """Begin something that has to wait for a lock, and wait until it does."""
    task = asyncio.create_task(work)

    async def is_waiting() -> bool:
        async with world.web.transaction() as conn:
            return task.done() or bool(
                await conn.fetchval(
                    "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid())"
                )
            )

    await until_true(is_waiting, seconds=60)
    return task


async def test_a_yes_that_comes_late_counts_also_when_nobody_else_could_go(world: World) -> None:
    operator, near = await make_operator(world), await make_caregiver(world, "near", km=1)
    case_id, found = await sent(world, operator)
    await passing.run(world.worker, world.district, NOW + 2 * MINUTE)
    assert (await find(world, found.visit_id))["state"] == "wanted"
    row = await accept(world, found.visit_id, near, NOW + 3 * MINUTE)
    assert (row["state"], row["caregiver_id"]) == ("accepted", near.caregiver_id)
    assert row["why"]["chosen"]["code"] == "late_yes"
    assert await asked(world, found.visit_id) == {"near": "accepted"}
    async with world.web.transaction(world.district) as conn:
        assert (await cases.find(conn, case_id))["state"] == "dispatched"
    assert await passing.run(world.worker, world.district, NOW + 4 * MINUTE) == 0


async def test_who_said_no_does_not_take_what_waits_for_somebody(world: World) -> None:
    operator, near = await make_operator(world), await make_caregiver(world, "near", km=1)
    _, found = await sent(world, operator)
    async with world.web.transaction(world.district) as conn:
        await visits.decline(conn, found.visit_id, near, NOW)
    with pytest.raises(Exception, match="no visit"):
        await accept(world, found.visit_id, near, NOW + MINUTE)


async def test_a_late_yes_waits_for_who_is_just_asking_the_same_person_for_another(world: World) -> None:
    operator, near = await make_operator(world), await make_caregiver(world, "near", km=1)
    await make_caregiver(world, "far", km=3)
    _, first = await sent(world, operator)
    await passing.run(world.worker, world.district, NOW + 2 * MINUTE)
    case = await make_case(world, at=NOW + HOUR)
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case, operator, NOW + HOUR)
        second = await emergency.send(conn, case, operator, NOW + HOUR)
        assert second.caregiver_id == near.caregiver_id
        late = await waits(world, accept(world, first.visit_id, near, NOW + HOUR))
    with pytest.raises(Conflict) as refused:
        await late
    assert refused.value.code == "not_asked"
    assert (await accept(world, second.visit_id, near, NOW + HOUR))["state"] == "accepted"


async def test_who_has_left_is_not_offered_a_visit_and_takes_no_emergency(world: World) -> None:
    operator, near = await make_operator(world), await make_caregiver(world, "near", km=1)
    _, found = await sent(world, operator)
    async with world.web.transaction(world.district) as conn:
        assert near.caregiver_id is not None
        await parting.leave(conn, near.caregiver_id, NOW, is_confirmed=True)
    with pytest.raises(Conflict) as refused:
        await accept(world, found.visit_id, near)
    assert refused.value.code == "caregiver_ended"
    wanted = await errands.want(world)
    with pytest.raises(Conflict) as refused:
        await errands.offer(world, wanted, near, operator)
    assert refused.value.code == "caregiver_ended"


async def test_who_leaves_on_the_way_to_an_emergency_is_named_first_and_operators_are_told(
    world: World,
) -> None:
    operator, near = await make_operator(world), await make_caregiver(world, "near", km=1)
    _, found = await sent(world, operator)
    await accept(world, found.visit_id, near)
    assert near.caregiver_id is not None
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(Conflict) as refused:
            await parting.leave(conn, near.caregiver_id, NOW + HOUR)
        await parting.leave(conn, near.caregiver_id, NOW + MINUTE, is_confirmed=True)
        disabled = await conn.fetchval("SELECT disabled_at FROM account WHERE id = $1", near.account_id)
    assert (refused.value.code, refused.value.extra["count"]) == ("visits_lost", 1)
    assert disabled == NOW + MINUTE
    async with world.worker.transaction(world.district) as conn:
        assert await escalation.escalate_due(conn, world.district, NOW + MINUTE) == 1


async def test_a_plan_that_comes_into_force_while_somebody_leaves_gives_them_nothing(world: World) -> None:
    anna = await plan_worlds.make_carer(world, "anna")
    wanted = await plan_worlds.want(world, "09:00", "11:00")
    plan = await plan_worlds.compute(world, await plan_worlds.start(world))
    async with world.web.transaction(world.district) as conn:
        assert anna.caregiver_id is not None
        await parting.leave(conn, anna.caregiver_id, NOW)
        task = await waits(world, plan_worlds.accept(world, plan["id"]))
    assert [one["code"] for one in (await task)["left_out"]] == ["left"]
    assert (await plan_worlds.visit(world, wanted))["state"] == "wanted"


async def test_a_plan_leaves_what_was_moved_while_it_came_into_force(world: World) -> None:
    await plan_worlds.make_carer(world, "anna")
    wanted = await plan_worlds.want(world, "09:00", "11:00")
    plan = await plan_worlds.compute(world, await plan_worlds.start(world))
    later = plan_worlds.at("10:45")
    async with world.web.transaction(world.district) as conn:
        await conn.execute(
            "UPDATE visit SET planned_start = $2, planned_end = $3 WHERE id = $1",
            *(wanted, later, later + HOUR),
        )
        task = await waits(world, plan_worlds.accept(world, plan["id"]))
    assert [one["code"] for one in (await task)["left_out"]] == ["no_longer_open"]
    assert (await plan_worlds.visit(world, wanted))["planned_start"] == later


async def test_a_repair_that_is_accepted_twice_at_once_is_accepted_once(world: World) -> None:
    await plan_worlds.make_carer(world, "anna")
    wanted = await plan_worlds.want(world, "09:00", "11:00")
    plan = await plan_worlds.compute(world, await plan_worlds.start(world))
    both = await asyncio.gather(
        *(plan_worlds.accept(world, plan["id"]) for _ in range(2)), return_exceptions=True
    )
    assert [one.code for one in both if isinstance(one, Conflict)] == ["plan_state"]
    async with world.web.transaction(world.district) as conn:
        lines = [one["action"] for one in await visits.timeline(conn, wanted)]
    assert lines.count("offer") == 1
