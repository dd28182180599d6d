from datetime import timedelta
from uuid import UUID

import pytest

from core.errors import Conflict, NotFound
from core.ids import new_id
from dispatch import confirming, grabbing, substitutes, visits
from dispatch.geo import distance_km
from tests.dispatch.errands import HOUR, accepted, offer, want
from tests.dispatch.worlds import HOME, World, make_caregiver, make_case, make_operator
from tests.makers import NOW, make_person


async def ranked(world: World, visit: UUID) -> list[tuple[str, str]]:
    async with world.web.transaction(world.district) as conn:
        row = await substitutes.find(conn, visit)
        found = await substitutes.of(conn, row, world.provider, NOW)
    return [(one["name"], one["code"]) for one in found]


async def test_who_fits_comes_first_and_everybody_else_has_a_reason(world: World) -> None:
    has = await make_caregiver(world, "has it")
    await make_caregiver(world, "far", km=3)
    await make_caregiver(world, "near", km=0.2)
    await make_caregiver(world, "off", on_shift=False)
    await make_caregiver(world, "unskilled", skills=["meal"])
    visit = await accepted(world, has, window_start=NOW + HOUR, window_end=NOW + 2 * HOUR)
    assert await ranked(world, visit) == [
        ("near", "fits"),
        ("far", "fits"),
        ("unskilled", "no_skill"),
        ("off", "off_shift"),
    ]


async def test_who_is_busy_at_the_planned_time_may_be_free_at_another(world: World) -> None:
    has, other = await make_caregiver(world, "has it"), await make_caregiver(world, "other")
    full = await make_caregiver(world, "full")
    await make_caregiver(world, "free")
    visit = await accepted(world, has, window_start=NOW + HOUR, window_end=NOW + 4 * HOUR)
    await accepted(world, other, window_start=NOW + HOUR, window_end=NOW + HOUR)
    await accepted(world, full, window_start=NOW, window_end=NOW, minutes=480)
    async with world.web.transaction(world.district) as conn:
        await conn.execute(
            "UPDATE visit SET planned_start = $2, planned_end = $3 WHERE id = $1",
            visit,
            NOW + HOUR,
            NOW + 2 * HOUR,
        )
    assert await ranked(world, visit) == [("free", "fits"), ("other", "fits_moved"), ("full", "full")]


async def test_a_visit_that_is_none_has_no_substitutes(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(NotFound):
            await substitutes.find(conn, new_id())


async def test_a_manager_confirms_for_the_caregiver_and_the_line_says_so(world: World) -> None:
    carer, visit = await make_caregiver(world), await want(world)
    async with world.web.transaction(world.district) as conn:
        manager = await make_person(conn, world.district, "provider_manager", provider=world.provider)
    await offer(world, visit, carer, manager)
    async with world.web.transaction(world.district) as conn:
        waiting = await confirming.waiting(conn, world.provider, NOW - HOUR, NOW + HOUR)
        assert [row["id"] for row in waiting] == [visit]
        assert await confirming.confirm_all(conn, [visit, visit], manager, NOW) == 1
        row, lines = await visits.find(conn, visit), await visits.timeline(conn, visit)
    assert row["state"] == "accepted"
    assert (lines[-1]["action"], lines[-1]["data"]) == ("accept", {"on_behalf": True})


async def test_another_providers_visit_and_an_emergency_are_not_confirmed(world: World) -> None:
    carer, visit = await make_caregiver(world), await want(world)
    operator = await make_operator(world)
    await offer(world, visit, carer, operator)
    case = await make_case(world)
    async with world.web.transaction(world.district) as conn:
        stranger = await make_person(conn, world.district, "provider_manager")
        await conn.execute("UPDATE visit SET case_id = $2 WHERE id = $1", visit, case)
        with pytest.raises(Conflict):
            await confirming.confirm(conn, visit, stranger, NOW)
        await conn.execute("UPDATE visit SET case_id = NULL, provider_id = NULL WHERE id = $1", visit)
        other = await conn.fetchval(
            "INSERT INTO provider (id, district_id, name, created_at) VALUES ($1, $2, 'o', $3) RETURNING id",
            new_id(),
            world.district,
            NOW,
        )
        manager = await make_person(conn, world.district, "provider_manager", provider=other)
        with pytest.raises(NotFound):
            await confirming.confirm(conn, visit, manager, NOW)


async def test_the_database_measures_distances_as_the_program_does(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        km = await conn.fetchval("SELECT great_circle_km($1, $2, 37.5, 118.9)", *HOME)
    assert km == pytest.approx(distance_km(*HOME, 37.5, 118.9))


async def test_what_a_caregiver_has_taken_is_theirs_when_looked_at_again(world: World) -> None:
    carer = await make_caregiver(world)
    async with world.web.transaction(world.district) as conn:
        await grabbing.set_mode(conn, world.provider, "grab", 0)
    late = {"window_start": NOW + HOUR, "window_end": NOW + timedelta(hours=2)}
    visit = await want(world, provider_id=world.provider, **late)
    async with world.web.transaction(world.district) as conn:
        await grabbing.grab(conn, visit, carer, NOW)
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(Conflict) as caught:
            await grabbing.grab(conn, visit, carer, NOW)
    assert caught.value.code == "wrong_state"
