"""Who is on duty: shifts, and whoever sits in instead."""

from datetime import datetime, timedelta
from uuid import UUID

from core.ids import new_id
from dispatch import duty
from tests.dispatch.worlds import World, make_operator
from tests.makers import NOW

HOUR = timedelta(hours=1)


async def lay(world: World, account: UUID, starts: datetime, ends: datetime, role: str = "operator") -> UUID:
    identity = new_id()
    async with world.web.transaction(world.district) as conn:
        await conn.execute(
            "INSERT INTO duty_shift (id, district_id, account_id, role, starts_at, ends_at)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            identity,
            world.district,
            account,
            role,
            starts,
            ends,
        )
    return identity


async def override(
    world: World, absent: UUID, instead: UUID | None, starts: datetime, ends: datetime
) -> None:
    async with world.web.transaction(world.district) as conn:
        await conn.execute(
            "INSERT INTO duty_override (id, district_id, absent_id, instead_id, reason, starts_at, ends_at,"
            " created_at) VALUES ($1, $2, $3, $4, 'sick', $5, $6, $5)",
            new_id(),
            world.district,
            absent,
            instead,
            starts,
            ends,
        )


async def names(world: World, role: str, at: datetime) -> list[UUID]:
    async with world.web.transaction(world.district) as conn:
        return [row["account_id"] for row in await duty.on(conn, role, at)]


async def test_a_shift_is_held_from_its_start_to_just_before_its_end(world: World) -> None:
    one = (await make_operator(world)).account_id
    await lay(world, one, NOW, NOW + 8 * HOUR)
    assert await names(world, "operator", NOW) == [one]
    assert await names(world, "operator", NOW + 8 * HOUR) == []
    assert await names(world, "duty_manager", NOW) == []


async def test_who_sits_in_instead_is_on_duty_and_the_absent_one_is_not(world: World) -> None:
    one, two = [(await make_operator(world)).account_id for _ in range(2)]
    await lay(world, one, NOW, NOW + 8 * HOUR)
    await override(world, one, two, NOW + 2 * HOUR, NOW + 4 * HOUR)
    assert await names(world, "operator", NOW + HOUR) == [one]
    assert await names(world, "operator", NOW + 3 * HOUR) == [two]
    assert await names(world, "operator", NOW + 5 * HOUR) == [one]


async def test_an_absence_that_nobody_fills_leaves_nobody(world: World) -> None:
    one = (await make_operator(world)).account_id
    await lay(world, one, NOW, NOW + 8 * HOUR)
    await override(world, one, None, NOW - HOUR, NOW + 4 * HOUR)
    assert await names(world, "operator", NOW + HOUR) == []
    assert await names(world, "operator", NOW + 5 * HOUR) == [one]


async def test_a_disabled_account_is_never_on_duty(world: World) -> None:
    one = (await make_operator(world)).account_id
    await lay(world, one, NOW, NOW + 8 * HOUR)
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE account SET disabled_at = $2 WHERE id = $1", one, NOW)
    assert await names(world, "operator", NOW) == []
