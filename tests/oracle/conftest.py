from typing import Any

import pytest

from core.db import Pool
from tests.services.worlds import World, make_world


@pytest.fixture
async def world(pool_owner: Pool, pool_worker: Pool, keys: Any) -> World:
    return await make_world(pool_owner, pool_worker, keys)
