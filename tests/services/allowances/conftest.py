from typing import Any

import pytest

from core.db import Pool
from tests.services.allowances import payers
from tests.services.allowances.payers import Payers


@pytest.fixture
async def world(pool_owner: Pool, pool_worker: Pool, keys: Any) -> Payers:
    return await payers.make(pool_owner, pool_worker, keys)
