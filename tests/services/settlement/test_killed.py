"""A run that is killed in the middle goes on, and comes to the fen where it would have come."""

import asyncio
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from core.db import Pool
from services import claims
from services.settlement import runs
from tests.databases import Database
from tests.services.settlement.worlds import LATER, MONTH, Office
from tests.services.worlds import at
from tests.waiting import until_true

ROOT = Path(__file__).parents[3]
PERSONS = 60


async def _child(database: Database, office: Office, run: object) -> asyncio.subprocess.Process:
    command = (
        "-m",
        "tests.services.settlement.killed",
        database.worker,
        str(office.world.district),
        str(run),
        "3",
    )
    return await asyncio.create_subprocess_exec(sys.executable, *command, cwd=ROOT)


@pytest.mark.parametrize("after", [1, 40])
async def test_a_killed_run_goes_on(
    office: Office, pool_worker: Pool, database: Database, after: int
) -> None:
    world = office.world
    for nth in range(PERSONS):
        elder = await world.elder(("moderate", "severe", "intact")[nth % 3])
        for day in range(4):
            await world.visit(elder, "bath", at(2 + day, hour=nth % 24))
    async with pool_worker.transaction(world.district) as conn:
        run = await runs.start(conn, district=world.district, month=MONTH, step="check", now=LATER)
    child = await _child(database, office, run)

    async def is_under_way() -> bool:
        async with pool_worker.transaction(world.district) as conn:
            return bool((await runs.show(conn, run))["pieces_done"] >= after)

    await until_true(is_under_way, 60)
    child.send_signal(signal.SIGKILL)
    await child.wait()
    async with pool_worker.transaction(world.district) as conn:
        before: Any = await runs.show(conn, run)
    assert before["state"] == "running" or before["pieces_done"] == before["pieces"]
    again = [await _child(database, office, run) for _ in range(2)]
    assert [await one.wait() for one in again] == [0, 0]
    async with pool_worker.transaction(world.district) as conn:
        after_all, made = await runs.show(conn, run), await claims.list_(conn, limit=1000)
    assert after_all["state"] == "done"
    assert len({row["visit_id"] for row in made}) == len(made) == PERSONS * 4
    # Four baths of 80 yuan: a quota of 260 pays 260, of 320 pays 320, of 200 pays 200; twenty persons each.
    assert sum(row["subsidy"] for row in made) == 20 * (260 + 320 + 200)
    assert {row["statement_state"] for row in made} == {"checked"}
