"""A dispatcher killed at every statement, a second one beside it: no notice lost, none doubled."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.db import Conn, Pool
from dispatch import cases, escalation
from dispatch import ticks as dispatch_ticks
from dispatch.notices import sending, ticks
from tests import makers
from tests.dispatch.notices.exchange import Exchange, doors, make_relative
from tests.dispatch.worlds import World, make_case, make_operator, make_world
from tests.makers import NOW

SECOND = timedelta(seconds=1)
BESIDE = 30
"""So many deaths beside a second process: which of the two does how much is not for us to say."""
STEPS: list[dict[str, Any]] = [
    {"audience": "operators", "wait_seconds": 60},
    {"audience": "contacts", "wait_seconds": 3600, "channels": ["voice"]},
    {"audience": "everyone", "wait_seconds": 3600},
]


class Killed(BaseException):
    """The process is gone: nothing catches this."""


class DyingPool(Pool):
    """A pool whose process dies at its n-th statement; a commit is a statement, a half-done one is undone."""

    def __init__(self, pool: Pool, left: int) -> None:
        super().__init__(pool._pool)  # noqa: SLF001 - the same connections
        self.left = left

    def count(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Killed

    @asynccontextmanager
    async def transaction(self, district: UUID | None = None) -> AsyncIterator[Conn]:
        async with super().transaction(district) as conn:
            yield _Counted(conn, self)
            self.count()


class _Counted:
    def __init__(self, conn: Conn, pool: DyingPool) -> None:
        self._conn, self._pool = conn, pool

    def __getattr__(self, name: str) -> Any:
        if name in {"execute", "executemany", "fetch", "fetchrow", "fetchval"}:
            self._pool.count()
        return getattr(self._conn, name)


async def dispatcher(pool: Pool, world: World, exchange: Exchange, at: datetime) -> None:
    """Do what one process does in a second: each statement after the other, so that each can be the last."""
    await dispatch_ticks.escalate(pool, at)
    await ticks.make(pool, world.district, at)
    await ticks.advance(pool, world.district, at)
    while await sending.one(pool, doors(world, exchange), world.district, at):
        pass


async def dies(world: World, exchange: Exchange, at: datetime, left: int) -> bool:
    """Run a dispatcher that dies after so many statements; return whether it did."""
    try:
        await dispatcher(DyingPool(world.worker, left), world, exchange, at)
    except Killed:
        return True
    return False


async def alarmed(world: World, nth: int, at: datetime) -> tuple[UUID, str]:
    """Make somebody with a daughter of their own, and a case; return it and the daughter's number."""
    async with world.web.transaction(world.district) as conn:
        elder = await makers.make_elder(conn, world.keys, world.district, world.home)
    phone = f"1390000{nth:04d}"
    await make_relative(world, phone, elder=elder)
    return await make_case(world, "sos", at, elder_id=elder, care_bed_id=None), f"+86{phone}"


async def every_statement(world: World, *, beside: bool) -> int:
    """Kill a dispatcher at each of its statements; return at how many."""
    async with world.web.transaction(world.district) as conn:
        await escalation.activate(conn, district=world.district, name="one", steps=STEPS, now=NOW)
    operator, exchange, left, died = await make_operator(world), Exchange(), 0, True
    while left < BESIDE if beside else died:
        at = NOW + timedelta(minutes=10 * (left + 1))
        case, phone = await alarmed(world, left, at)
        due = at + 60 * SECOND
        if beside:
            second = dispatcher(world.worker, world, exchange, due)
            died, _ = await asyncio.gather(dies(world, exchange, due, left), second)
        else:
            died = await dies(world, exchange, due, left)
        for later in (1, 30, 59, 61, 62, 70, 125):  # past the lease: what was left is taken over
            await dispatcher(world.worker, world, exchange, due + later * SECOND)
        assert exchange.log.count(("voice", phone)) == 1, f"killed at statement {left + 1}"
        async with world.web.transaction(world.district) as conn:
            await cases.close(conn, case, operator, due + 200 * SECOND, "test")
        left += 1
    return left - 1


async def test_no_notice_is_lost_or_doubled_wherever_a_dispatcher_dies(world: World) -> None:
    assert await every_statement(world, beside=False) > 20


async def test_no_notice_is_lost_or_doubled_when_a_second_dispatcher_runs_beside(
    pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Any
) -> None:
    world = await make_world(pool_owner, pool_web, pool_worker, pool_gateway, keys)
    await every_statement(world, beside=True)
