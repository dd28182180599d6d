"""Two dispatchers in two processes, and one that is killed between its decision and its commit."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

from core.accounts import Person
from dispatch import cases
from tests.databases import Database
from tests.dispatch.worlds import World, make_caregiver, make_case, make_operator
from tests.makers import NOW


@asynccontextmanager
async def dispatcher(database: Database, world: World, case: UUID, by: Person) -> AsyncIterator[Process]:
    given = (database.web, world.district, case, by.account_id, NOW.isoformat())
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.dispatch.sending", *map(str, given), stdin=PIPE, stdout=PIPE
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def heard(child: Process) -> str:
    assert child.stdout is not None
    async with asyncio.timeout(60):
        return (await child.stdout.readline()).decode().strip()


async def commit(child: Process) -> None:
    assert child.stdin is not None
    child.stdin.write(b"\n")
    await child.stdin.drain()
    async with asyncio.timeout(60):
        await child.wait()


async def claimed(world: World, by: Person, hours: int = 0) -> UUID:
    case = await make_case(world, at=NOW + timedelta(hours=hours))
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case, by, NOW)
    return case


async def on_the_way(world: World) -> list[tuple[UUID, UUID]]:
    async with world.web.transaction(world.district) as conn:
        rows = await conn.fetch(
            "SELECT v.case_id, o.caregiver_id FROM visit v JOIN visit_offer o ON o.visit_id = v.id"
            " WHERE v.state = 'offered' AND o.state = 'open' ORDER BY v.case_id"
        )
    return [(row["case_id"], row["caregiver_id"]) for row in rows]


async def test_two_processes_at_once_send_two_people_to_two_cases(world: World, database: Database) -> None:
    operator = await make_operator(world)
    near, far = await make_caregiver(world, "near", km=1), await make_caregiver(world, "far", km=3)
    first, second = await claimed(world, operator), await claimed(world, operator, hours=1)
    async with (
        dispatcher(database, world, first, operator) as one,
        dispatcher(database, world, second, operator) as two,
    ):
        waiting = {asyncio.create_task(heard(child)): child for child in (one, two)}
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED, timeout=60)
        quick = done.pop()
        assert quick.result() == f"decided {near.caregiver_id}"
        await commit(waiting[quick])
        (slow,) = (task for task in waiting if task is not quick)
        assert await slow == f"decided {far.caregiver_id}"
        await commit(waiting[slow])
    assert {whom for _, whom in await on_the_way(world)} == {near.caregiver_id, far.caregiver_id}


async def test_who_is_killed_before_the_commit_has_sent_nobody_and_the_next_sends_one(
    world: World, database: Database
) -> None:
    operator, near = await make_operator(world), await make_caregiver(world, "near", km=1)
    case = await claimed(world, operator)
    async with dispatcher(database, world, case, operator) as first:
        assert await heard(first) == f"decided {near.caregiver_id}"
        async with dispatcher(database, world, case, operator) as second:
            first.kill()
            assert await heard(second) == f"decided {near.caregiver_id}"
            await commit(second)
    assert await on_the_way(world) == [(case, near.caregiver_id)]
    async with dispatcher(database, world, case, operator) as third:
        assert await heard(third) == "refused already_dispatched"
    assert len(await on_the_way(world)) == 1
