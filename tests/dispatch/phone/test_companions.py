"""Two people for one visit: each accepts, comes and goes in their own time."""

from datetime import timedelta
from uuid import UUID

import pytest

from core.accounts import Person
from core.errors import Conflict, NotFound
from core.ids import new_id
from dispatch import visits
from dispatch.phone import days, lone
from tests.dispatch.errands import accepted
from tests.dispatch.worlds import World, make_caregiver
from tests.makers import NOW

HOUR = timedelta(hours=1)


async def pair(world: World, first: Person, second: Person) -> UUID:
    visit = await accepted(world, first, service="bath", staff=2)
    async with world.web.transaction(world.district) as conn:
        await conn.execute(
            "INSERT INTO visit_companion (visit_id, district_id, caregiver_id, offered_at)"
            " VALUES ($1, $2, $3, $4)",
            visit,
            world.district,
            second.caregiver_id,
            NOW,
        )
    return visit


async def test_the_second_sees_the_visit_and_goes_through_it_beside_the_first(world: World) -> None:
    first, second = await make_caregiver(world, "first"), await make_caregiver(world, "second")
    visit = await pair(world, first, second)
    assert second.caregiver_id is not None
    async with world.web.transaction(world.district) as conn:
        for verb in (visits.accept, visits.en_route):
            await verb(conn, visit, second, NOW)
        (carried,) = await days.visits(conn, second.caregiver_id, NOW)
        assert (carried["state"], carried["is_companion"], carried["with_name"]) == (
            "en_route",
            True,
            "first",
        )
        await visits.check_in(conn, world.keys, visit, second, NOW, at=NOW, lat=37.886, lon=118.526)
        assert (await visits.find(conn, visit))["state"] == "accepted"
        await visits.check_in(conn, world.keys, visit, first, NOW, at=NOW)
        await visits.check_out(
            conn, world.keys, visit, first, NOW + HOUR, at=NOW + HOUR, record={"done": ["bathed"]}
        )
        mine = await days.visit(conn, visit, second.caregiver_id)
        assert (mine["state"], mine["started_at"], mine["ended_at"]) == ("in_progress", NOW, None)
        after = await visits.check_out(
            conn, world.keys, visit, second, NOW + HOUR, at=NOW + HOUR, record=None
        )
        assert after["record"] == {"done": ["bathed"]}
        row = await conn.fetchrow("SELECT started_at, ended_at, check_in FROM visit_companion")
    assert row is not None
    assert (row["started_at"], row["ended_at"], row["check_in"]["lat"]) == (NOW, NOW + HOUR, 37.886)


async def test_who_declines_to_come_along_leaves_the_seat_to_somebody_else(world: World) -> None:
    first, second = await make_caregiver(world, "first"), await make_caregiver(world, "second")
    visit = await pair(world, first, second)
    async with world.web.transaction(world.district) as conn:
        assert await visits.decline(conn, visit, second, NOW, None, "ill") is None
        assert await conn.fetchval("SELECT count(*) FROM visit_companion") == 0
        lines = await visits.timeline(conn, visit)
        assert lines[-1]["action"] == "companion_decline"
        assert lines[-1]["data"]["code"] == "ill"
        with pytest.raises(NotFound):
            await visits.accept(conn, visit, second, NOW)


async def test_out_of_order_is_refused_by_state(world: World) -> None:
    first, second = await make_caregiver(world, "first"), await make_caregiver(world, "second")
    visit = await pair(world, first, second)
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(Conflict, match="cannot check out: it is offered"):
            await visits.check_out(conn, world.keys, visit, second, NOW, at=NOW, record=None)
        await visits.cancel(conn, visit, first, NOW, "moved")
        with pytest.raises(Conflict, match="cannot accept: it is cancelled"):
            await visits.accept(conn, visit, second, NOW)


async def test_a_seat_that_went_to_somebody_else_meanwhile_does_not_exist(world: World) -> None:
    first, second = await make_caregiver(world, "first"), await make_caregiver(world, "second")
    visit = await pair(world, first, second)
    from dispatch.phone import companions  # noqa: PLC0415

    async with world.web.transaction(world.district) as conn:
        assert await companions.find(conn, visit, await _operator(world)) is None
        with pytest.raises(NotFound):
            await companions.accept(conn, new_id(), second, NOW)
        with pytest.raises(NotFound):
            await companions.accept(conn, visit, first, NOW)
        with pytest.raises(Conflict, match="not under way"):
            await lone.well(conn, visit, second, NOW)


async def _operator(world: World) -> Person:
    from tests.dispatch.worlds import make_operator  # noqa: PLC0415

    return await make_operator(world)
