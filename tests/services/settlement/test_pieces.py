"""A month's run is cut into pieces of many persons."""

import pytest

from core.db import Pool
from services.settlement import runs
from tests.services.settlement.worlds import LATER, MONTH, Office
from tests.services.worlds import at


async def test_a_piece_takes_persons_until_it_has_its_visits(
    office: Office, pool_worker: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "VISITS", 10)
    world = office.world
    for _ in range(5):
        elder = await world.elder("moderate")
        for day in range(4):
            await world.visit(elder, "bath", at(2 + day))
    async with pool_worker.transaction(world.district) as conn:
        run = await runs.start(conn, district=world.district, month=MONTH, step="draft", now=LATER)
    assert await runs.work(pool_worker, world.district, run, lambda: LATER)
    async with pool_worker.transaction(world.district) as conn:
        row = await runs.show(conn, run)
    # Persons begin at visits 0, 4 and 8, and at 12 and 16: two pieces, of twelve visits and of eight.
    assert (row["pieces"], row["visits"], row["made"], row["singly"]) == (2, 20, 20, 0)
