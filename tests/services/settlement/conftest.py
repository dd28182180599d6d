from typing import Any

import pytest

from core.db import Pool
from tests.services.settlement.worlds import Office, make_office


@pytest.fixture
async def office(pool_owner: Pool, pool_worker: Pool, keys: Any) -> Office:
    return await make_office(pool_owner, pool_worker, keys)
