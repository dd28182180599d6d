"""The elder's own cancel is evidence: a line of the timeline, never an end."""

from datetime import timedelta
from uuid import UUID

import pytest

from dispatch import cases, ticks
from tests.dispatch.worlds import World, case_of, events_of, make_operator, raise_alarm
from tests.makers import NOW

MINUTE = timedelta(minutes=1)


async def cancel(world: World, alarm: UUID) -> None:
    async with world.gateway.transaction(world.district) as conn:
        await conn.execute("UPDATE alarm SET cancelled_at = $2 WHERE id = $1", alarm, NOW + MINUTE)


async def lines(world: World, case_id: UUID) -> list[str]:
    async with world.web.transaction(world.district) as conn:
        return [line["action"] for line in await cases.timeline(conn, case_id)]


async def state(world: World, case_id: UUID) -> str:
    async with world.web.transaction(world.district) as conn:
        return str((await cases.find(conn, case_id))["state"])


@pytest.mark.parametrize("is_claimed", [False, True])
async def test_a_cancel_before_or_after_the_claim_leaves_the_case_as_it_is(
    world: World, *, is_claimed: bool
) -> None:
    operator, alarm = await make_operator(world), await raise_alarm(world)
    await ticks.intake(world.worker, NOW)
    case_id = await case_of(world, alarm)
    if is_claimed:
        async with world.web.transaction(world.district) as conn:
            await cases.claim(conn, case_id, operator, NOW)
    before = await state(world, case_id)
    await cancel(world, alarm)
    assert await ticks.intake(world.worker, NOW + MINUTE) == 1
    assert await state(world, case_id) == before
    assert (await lines(world, case_id))[-1] == "cancelled"
    if not is_claimed:
        assert await ticks.escalate(world.worker, NOW + 2 * MINUTE) == 1  # it pages all the same


async def test_a_cancel_of_an_alarm_that_was_not_taken_in_yet_opens_the_case_all_the_same(
    world: World,
) -> None:
    alarm = await raise_alarm(world)
    await cancel(world, alarm)
    assert await ticks.intake(world.worker, NOW + MINUTE) == 1
    assert await lines(world, await case_of(world, alarm)) == ["open", "cancelled"]
    assert "family" in next(roles for kind, roles in await events_of(world) if kind == "case.opened")


async def test_a_cancel_after_the_end_is_kept_with_the_closed_case(world: World) -> None:
    operator, alarm = await make_operator(world), await raise_alarm(world)
    await ticks.intake(world.worker, NOW)
    case_id = await case_of(world, alarm)
    async with world.web.transaction(world.district) as conn:
        await cases.close(conn, case_id, operator, NOW, "reassured")
    await cancel(world, alarm)
    await ticks.intake(world.worker, NOW + MINUTE)
    assert (await state(world, case_id), await lines(world, case_id)) == (
        "closed",
        ["open", "close", "cancelled"],
    )


async def test_a_cancel_of_one_alarm_says_nothing_of_the_others_in_the_case(world: World) -> None:
    first, second = await raise_alarm(world), await raise_alarm(world, "fall", NOW + MINUTE)
    await ticks.intake(world.worker, NOW + MINUTE)
    await cancel(world, first)
    await ticks.intake(world.worker, NOW + MINUTE)
    async with world.web.transaction(world.district) as conn:
        found = await cases.alarms(conn, await case_of(world, second))
    assert [(row["id"], row["cancelled_at"] is not None) for row in found] == [(first, True), (second, False)]
