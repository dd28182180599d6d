from typing import Any

import pytest

from core.db import Pool
from tests.services.people.applying import Office, make_office


@pytest.fixture
async def office(pool_owner: Pool, pool_worker: Pool, pool_web: Pool, keys: Any) -> Office:
    return await make_office(pool_owner, pool_worker, pool_web, keys)


@pytest.fixture
async def elsewhere(pool_owner: Pool, pool_worker: Pool, pool_web: Pool, keys: Any) -> Office:
    return await make_office(pool_owner, pool_worker, pool_web, keys, "341302")
