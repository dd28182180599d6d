"""An emergency that several are asked for stands on each of their phones, until one takes it."""

from typing import Any
from uuid import UUID

import pytest

from core.accounts import Person
from core.errors import NotFound
from dispatch import cases, emergency, visits
from dispatch.phone import days
from tests.dispatch.worlds import World, make_caregiver, make_case, make_operator, make_world
from tests.makers import NOW


@pytest.fixture
async def two(pool_owner: Any, pool_web: Any, pool_worker: Any, pool_gateway: Any, keys: Any) -> World:
    """Make a district that asks two at once."""
    return await make_world(pool_owner, pool_web, pool_worker, pool_gateway, keys, "370502", offer_to=2)


async def shown(world: World, by: Person) -> list[tuple[UUID, str]]:
    assert by.caregiver_id is not None
    async with world.web.transaction(world.district) as conn:
        return [(row["id"], row["state"]) for row in await days.visits(conn, by.caregiver_id, NOW)]


async def test_all_who_are_asked_see_it_and_once_it_is_taken_only_who_took_it(two: World) -> None:
    near, far = await make_caregiver(two, "near", km=1), await make_caregiver(two, "far", km=2)
    operator, case = await make_operator(two), await make_case(two)
    async with two.web.transaction(two.district) as conn:
        await cases.claim(conn, case, operator, NOW)
        visit = (await emergency.send(conn, case, operator, NOW)).visit_id
    assert await shown(two, near) == await shown(two, far) == [(visit, "offered")]
    assert far.caregiver_id is not None
    assert near.caregiver_id is not None
    async with two.web.transaction(two.district) as conn:
        assert (await days.visit(conn, visit, far.caregiver_id))["answer_by"] > NOW
        assert await days.reveal(conn, two.keys, far, visit, NOW) != {}
        await visits.accept(conn, visit, far, NOW)
        with pytest.raises(NotFound):
            await days.visit(conn, visit, near.caregiver_id)
    assert await shown(two, near) == []
    assert await shown(two, far) == [(visit, "accepted")]
