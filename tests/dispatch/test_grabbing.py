import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core.accounts import Person
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from dispatch import grabbing, shifts, visits
from tests.dispatch.errands import HOUR, want
from tests.dispatch.worlds import World, make_caregiver
from tests.makers import NOW

DAY = timedelta(days=1)


@pytest.fixture
async def carer(world: World) -> Person:
    return await on_shift(world, await make_caregiver(world))


async def on_shift(world: World, one: Person) -> Person:
    assert one.caregiver_id
    async with world.web.transaction(world.district) as conn:
        starts, ends = NOW + DAY - 2 * HOUR, NOW + DAY + 6 * HOUR
        who = one.caregiver_id
        await shifts.create(conn, district=world.district, caregiver=who, starts_at=starts, ends_at=ends)
    return one


async def tomorrow(world: World, **given: object) -> UUID:
    window = {"window_start": NOW + DAY, "window_end": NOW + DAY + 2 * HOUR}
    return await want(world, **{"provider_id": world.provider, **window, **given})


async def set_mode(world: World, mode: str = "grab", hours: int = 12) -> None:
    async with world.web.transaction(world.district) as conn:
        await grabbing.set_mode(conn, world.provider, mode, hours)


async def open_to(world: World, one: Person) -> list[UUID]:
    async with world.web.transaction(world.district) as conn:
        assert one.caregiver_id
        found = await grabbing.open_to(conn, one.caregiver_id, world.provider, NOW)
    return [opening.visit["id"] for opening in found]


async def grab(world: World, visit_id: UUID, by: Person) -> str:
    async with world.web.transaction(world.district) as conn:
        return str((await grabbing.grab(conn, visit_id, by, NOW))["state"])


async def test_visits_stand_open_only_in_mode_grab_and_until_its_hours(world: World, carer: Person) -> None:
    visit = await tomorrow(world)
    assert await open_to(world, carer) == []
    await set_mode(world)
    assert await open_to(world, carer) == [visit]
    await set_mode(world, hours=25)
    assert await open_to(world, carer) == []


async def test_who_takes_a_visit_has_it_promised_with_its_time_and_reason(
    world: World, carer: Person
) -> None:
    await set_mode(world)
    visit = await tomorrow(world)
    assert await grab(world, visit, carer) == "accepted"
    async with world.web.transaction(world.district) as conn:
        row, lines = await visits.find(conn, visit), await visits.timeline(conn, visit)
    assert (row["caregiver_id"], row["planned_start"], row["is_pinned"]) == (
        carer.caregiver_id,
        NOW + DAY,
        True,
    )
    assert row["promised_at"] == NOW
    assert row["why"]["chosen"]["code"] == "grabbed"
    assert [line["action"] for line in lines] == ["want", "grab"]
    assert await open_to(world, carer) == []


async def test_of_two_at_once_one_has_it_and_the_other_learns_who(world: World, carer: Person) -> None:
    await set_mode(world)
    visit, other = await tomorrow(world), await on_shift(world, await make_caregiver(world, "other"))
    both = await asyncio.gather(grab(world, visit, carer), grab(world, visit, other), return_exceptions=True)
    assert sorted(isinstance(one, Conflict) for one in both) == [False, True]
    lost = next(one for one in both if isinstance(one, Conflict))
    assert (lost.code, lost.extra["by"] in {"caregiver", "other"}) == ("taken", True)


async def test_nobody_takes_two_visits_at_the_same_time(world: World, carer: Person) -> None:
    await set_mode(world)
    first = await tomorrow(world, window_end=NOW + DAY)
    second = await tomorrow(world, window_end=NOW + DAY)
    both = await asyncio.gather(grab(world, first, carer), grab(world, second, carer), return_exceptions=True)
    lost = next(one for one in both if isinstance(one, Conflict))
    assert (lost.code, lost.extra["why"]) == ("may_not_take", {"code": "full"})


async def test_what_one_may_not_do_is_neither_shown_nor_taken(world: World, carer: Person) -> None:
    await set_mode(world)
    unskilled = await on_shift(world, await make_caregiver(world, "unskilled", skills=["meal"]))
    off = await make_caregiver(world, "off", on_shift=False)
    visit = await tomorrow(world, service="bath")
    assert await open_to(world, unskilled) == []
    assert await open_to(world, off) == []
    with pytest.raises(Conflict) as caught:
        await grab(world, visit, unskilled)
    why: Any = caught.value.extra["why"]
    assert why["code"] == "no_skill"
    assert await open_to(world, carer) == [visit]


async def test_what_does_not_stand_open_is_not_taken(world: World, carer: Person) -> None:
    visit = await tomorrow(world)
    with pytest.raises(Conflict) as caught:
        await grab(world, visit, carer)
    assert caught.value.code == "not_open"
    with pytest.raises(NotFound):
        await grab(world, new_id(), carer)
    gone = await make_caregiver(world, "gone")
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE caregiver SET ended_at = $2 WHERE id = $1", gone.caregiver_id, NOW)
    with pytest.raises(NotFound):
        await grab(world, visit, gone)


async def test_an_unknown_mode_or_provider_is_refused_by_name(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        assert (await grabbing.mode(conn, world.provider))["mode"] == "dispatch"
        with pytest.raises(Invalid):
            await grabbing.set_mode(conn, world.provider, "lottery", 12)
        with pytest.raises(Invalid):
            await grabbing.set_mode(conn, world.provider, "grab", 1000)
        with pytest.raises(NotFound):
            await grabbing.set_mode(conn, new_id(), "grab", 12)
        with pytest.raises(NotFound):
            await grabbing.mode(conn, new_id())
