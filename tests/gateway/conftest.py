"""A gateway on a test's own database and broker, and a bed with devices."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from core.crypto import Keys
from core.db import Pool
from devices import care_beds
from tests.databases import Database
from tests.gateway.worlds import Device, RunningGateway, World, add_device
from tests.makers import make_district, make_elder, make_home


@pytest.fixture
async def world(pool_owner: Pool, pool_gateway: Pool, keys: Keys) -> World:
    """Make one district with one bed."""
    district = await make_district(pool_owner)
    async with pool_owner.transaction(district) as conn:
        home = await make_home(conn, keys, district)
        elder = await make_elder(conn, keys, district, home)
        bed = await care_beds.create(
            conn, district=district, elder=elder, home=home, label="bed", enrolled_on=date(2026, 1, 1)
        )
    return World(pool_owner, pool_gateway, keys, district, elder, bed, home)


@pytest.fixture
async def mat(world: World) -> Device:
    """Make a sensor mat at the bed."""
    return await add_device(world, "care_bed_v1", room="bedroom")


@pytest.fixture
async def gateway(world: World, database: Database, broker: Any) -> AsyncIterator[RunningGateway]:
    """Run a gateway until the test ends."""
    running = RunningGateway(database.gateway, broker.gateway_url, world)
    await running.start()
    yield running
    await running.stop()
