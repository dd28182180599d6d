"""Who looks at a case is said again every 15 seconds, or forgotten."""

from datetime import datetime, timedelta
from uuid import UUID

from core.accounts import Person
from core.ids import new_id
from dispatch.seats import watching
from tests.dispatch.worlds import World, make_case, make_operator
from tests.makers import NOW


async def look(
    world: World, who: Person, at: datetime, looking: list[UUID], left: list[UUID] | None = None
) -> list[UUID]:
    async with world.web.transaction(world.district) as conn:
        return await watching.beat(conn, who, looking, at, left or [])


async def names(world: World, case: UUID, at: datetime) -> list[str]:
    async with world.web.transaction(world.district) as conn:
        return [row["name"] for row in await watching.watchers(conn, case, at)]


async def told(world: World) -> int:
    async with world.web.transaction(world.district) as conn:
        count: int = await conn.fetchval("SELECT count(*) FROM event WHERE kind = 'case.watched'")
    return count


async def test_only_who_begins_or_ceases_to_look_is_an_event(world: World) -> None:
    case, one, two = await make_case(world), await make_operator(world), await make_operator(world)
    assert await look(world, one, NOW, [case]) == [case]
    assert await look(world, one, NOW + timedelta(seconds=15), [case]) == []
    assert await look(world, two, NOW + timedelta(seconds=16), [case]) == [case]
    assert await names(world, case, NOW + timedelta(seconds=20)) == sorted([one.name, two.name])
    assert await look(world, one, NOW + timedelta(seconds=20), [], [case]) == [case]
    assert await names(world, case, NOW + timedelta(seconds=21)) == [two.name]
    assert await told(world) == 3


async def test_who_says_nothing_for_45_seconds_looks_no_more(world: World) -> None:
    case, one, two = await make_case(world), await make_operator(world), await make_operator(world)
    await look(world, one, NOW, [case])
    assert await names(world, case, NOW + timedelta(seconds=44)) == [one.name]
    assert await names(world, case, NOW + timedelta(seconds=45)) == []
    assert await look(world, two, NOW + timedelta(seconds=46), []) == [case]


async def test_a_case_that_is_not_there_is_not_looked_at(world: World) -> None:
    assert await look(world, await make_operator(world), NOW, [new_id()]) == []
    assert await told(world) == 0
