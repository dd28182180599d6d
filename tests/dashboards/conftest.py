from typing import Any

import pytest
from fastapi import FastAPI

from core.db import Pool
from tests.dashboards.clients import make_app
from tests.dispatch.worlds import World, make_world


@pytest.fixture
async def world(pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Any) -> World:
    return await make_world(pool_owner, pool_web, pool_worker, pool_gateway, keys)


@pytest.fixture
def app(world: World) -> FastAPI:
    return make_app(world.web, world.keys)
