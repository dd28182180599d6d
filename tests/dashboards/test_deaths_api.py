"""Who may say that somebody has died, and whose word it is."""

from uuid import UUID

import pytest
from fastapi import FastAPI

from core.accounts import Person
from tests import makers
from tests.dashboards.clients import client_of
from tests.dashboards.test_allowed import API
from tests.dispatch.errands import offer, want
from tests.dispatch.worlds import World, make_caregiver, make_operator


@pytest.fixture
async def carer(world: World) -> Person:
    """Make a caregiver who is sent to the world's elder."""
    made = await make_caregiver(world)
    await offer(world, await want(world), made, await make_operator(world, "duty_manager"))
    return made


async def tell(app: FastAPI, by: Person, elder: UUID) -> int:
    async with await client_of(app, by) as phone:
        said = {"elder_id": str(elder), "died_on": "2026-11-20", "source": "register"}
        return (await phone.post(f"{API}/deaths", json=said)).status_code


async def test_a_caregiver_speaks_of_those_whom_it_is_sent_to(
    app: FastAPI, world: World, carer: Person
) -> None:
    async with world.web.transaction(world.district) as conn:
        stranger = await makers.make_elder(conn, world.keys, world.district)
    assert await tell(app, carer, stranger) == 404
    assert await tell(app, carer, world.elder) == 201


async def test_a_caregiver_does_not_speak_for_the_register(app: FastAPI, world: World, carer: Person) -> None:
    await tell(app, carer, world.elder)
    async with world.web.transaction(world.district) as conn:
        row = await conn.fetchrow("SELECT source, reported_by FROM death_event")
    assert row is not None
    assert tuple(row.values()) == ("clerk", carer.account_id)
