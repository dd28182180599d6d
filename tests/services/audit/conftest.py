from typing import Any

import pytest

from core.accounts import Person
from core.db import Pool
from tests.makers import make_person
from tests.services.worlds import World, make_world


@pytest.fixture
async def world(pool_owner: Pool, pool_worker: Pool, keys: Any) -> World:
    return await make_world(pool_owner, pool_worker, keys)


@pytest.fixture
async def clerk(world: World) -> Person:
    async with world.worker.transaction(world.district) as conn:
        return await make_person(conn, world.district, "clerk")


@pytest.fixture
async def manager(world: World) -> Person:
    async with world.worker.transaction(world.district) as conn:
        return await make_person(conn, world.district, "provider_manager", provider=world.provider)
