"""The desk's pages of settlement: what came of a claim."""

from typing import Any

import pytest

from core.db import Pool
from tests.dashboards.clients import client_of, make_app
from tests.makers import make_person
from tests.services.settlement.worlds import Office, make_office
from tests.services.worlds import at


@pytest.fixture
async def office(pool_owner: Pool, pool_worker: Pool, keys: Any) -> Office:
    return await make_office(pool_owner, pool_worker, keys)


async def test_the_page_of_a_claim_says_what_stands_against_it_and_what_is_paid(
    office: Office, pool_web: Pool, keys: Any
) -> None:
    world = office.world
    await world.visit(await world.elder("severe"), "clean", at(3), "contradicted")
    await office.run()
    [claim] = await office.claims()
    async with world.worker.transaction(world.district) as conn:
        auditor = await make_person(conn, world.district, "auditor")
        await conn.execute("UPDATE account SET language = 'en' WHERE id = $1", auditor.account_id)
    async with await client_of(make_app(pool_web, keys), auditor) as client:
        page = (await client.get(f"/desk/claims/{claim['id']}")).text
    assert "<strong>Contradicted by what the home" in page
    assert '<span class="tag bad">Rejected</span>' in page
    assert "<dt>The district pays</dt><dd>¥0.00</dd>" in page
