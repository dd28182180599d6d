from typing import Any

import pytest

from core.db import Pool
from tests.dispatch.worlds import World, make_world


@pytest.fixture
async def world(pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Any) -> World:
    return await make_world(pool_owner, pool_web, pool_worker, pool_gateway, keys)
