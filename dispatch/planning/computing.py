"""Plans that wait are computed, off the event loop, in a process that ends with its work or with us.

May be killed at any instant and run twice: who computes gives a sign every second, and without it for long
enough somebody else begins again; a plan that was accepted or discarded meanwhile stays as it is.
"""

import asyncio
import os
import pickle
import sys
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import districts, log
from core.db import Conn, Pool, Row
from core.settings import Settings
from dispatch.planning import plan_rows, promises, reading
from dispatch.planning.shapes import DayFacts, Drafted, Reason
from dispatch.planning.worker import LENGTH, Order

MANY = 200
"""Visits from which on a day is worth several processes."""
Said = tuple[str, Any]
Clock = Callable[[], datetime]
BEAT = 10.0
"""Seconds between two signs of a process that computes."""


async def run_waiting(
    pool: Pool, district: UUID, now: datetime, settings: Settings, *, repairs: bool
) -> list[UUID]:
    """Compute what waits in a district (repairs, or whole days); return the plans that became ready."""
    async with pool.transaction(district) as conn:
        waiting = await plan_rows.waiting(conn, now, repairs=repairs)
    return [one for one in waiting if await run(pool, district, one, now, settings)]


async def run(pool: Pool, district: UUID, plan_id: UUID, now: datetime, settings: Settings) -> bool:
    """Compute one plan, unless somebody else does; say whether it became ready."""
    began = asyncio.get_running_loop().time()

    def clock() -> datetime:
        return now + timedelta(seconds=asyncio.get_running_loop().time() - began)

    async with pool.transaction(district) as conn:
        if not await plan_rows.take(conn, plan_id, now):
            return False
        plan = await plan_rows.find(conn, plan_id)
        whose = (plan["provider_id"], plan["trigger"])
        known = await reading.day(conn, district, plan["on"], now, *whose)
        factor = (await districts.settings(conn, district)).travel_factor
    try:
        ways = await reading.ways(settings, pool, district, factor, known, now)
        is_day = plan["cause"] not in {"repair", "drag"}
        order = Order(known, ways, plan["seconds"], plan["seed"], _threads(known), is_nice=is_day)
        beating = asyncio.create_task(_beat(pool, plan, clock))
        try:
            return await _follow(pool, plan, order, clock)
        finally:
            beating.cancel()
    except Exception as error:
        reason = {"code": "broke", "error": type(error).__name__}
        async with pool.transaction(district) as conn:
            await plan_rows.fail(conn, plan_id, reason, clock())
        log.get().error("plan.broke", plan=str(plan_id), error=type(error).__name__)
        raise


async def _beat(pool: Pool, plan: Row, clock: Clock) -> None:
    """Give signs while the worker has nothing to say yet (it may have to compile for a minute)."""
    while True:
        await asyncio.sleep(BEAT)
        async with pool.transaction(plan["district_id"]) as conn:
            await plan_rows.beat(conn, plan["id"], clock())


async def _follow(pool: Pool, plan: Row, order: Order, clock: Clock) -> bool:
    """Keep what the worker says; let it go when nobody waits for the plan any more."""
    district, so_far = plan["district_id"], dict[str, Any]()
    async for kind, what in answers(order):
        async with pool.transaction(district) as conn:
            if kind == "failed":
                await plan_rows.fail(conn, plan["id"], what, clock())
                return False
            if kind == "done":
                return await _finish(conn, plan, order, what, so_far, clock())
            so_far, items = what
            so_far = {**so_far, "at": clock().isoformat()}
            if not await plan_rows.show(conn, plan, so_far, items, clock()):
                return False
    async with pool.transaction(district) as conn:
        await plan_rows.fail(conn, plan["id"], {"code": "worker_died"}, clock())
    return False


async def _finish(
    conn: Conn, plan: Row, order: Order, drafted: Drafted, so_far: Reason, now: datetime
) -> bool:
    broken = promises.broken(order.facts.visits, drafted.items, order.facts.manner.moved)
    travel = order.ways.told(now)
    whole = Drafted(drafted.items, drafted.rests, {**drafted.cost, "travel": travel})
    planned = {one.visit_id for one in drafted.items if one.caregiver_id is not None}
    every = {one.visit_id for one in drafted.items}
    counts = {"served": len(planned), "unserved": len(every) - len(planned), "at": now.isoformat()}
    return await plan_rows.finish(conn, plan, whole, broken, {**so_far, **counts}, now)


async def answers(order: Order) -> AsyncIterator[Said]:
    """Yield what a worker says of an order; when nobody listens any more it is told to stop."""
    pipe = asyncio.subprocess.PIPE
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "dispatch.planning.worker"),
        stdin=pipe,
        stdout=pipe,
        start_new_session=True,
        limit=2**26,
    )
    assert worker.stdin is not None  # noqa: S101 - it is a pipe
    assert worker.stdout is not None  # noqa: S101 - it is a pipe
    try:
        body = pickle.dumps(order)
        worker.stdin.write(LENGTH.pack(len(body)) + body)
        await worker.stdin.drain()
        while True:
            (length,) = LENGTH.unpack(await worker.stdout.readexactly(LENGTH.size))
            said: Said = pickle.loads(await worker.stdout.readexactly(length))  # noqa: S301 - our own child
            yield said
            if said[0] in {"done", "failed"}:
                return
    except asyncio.IncompleteReadError:
        return
    finally:
        worker.stdin.close()
        await _end(worker)


async def _end(worker: asyncio.subprocess.Process) -> None:
    """Wait for a worker that was told to stop; one that does not is ended."""
    try:
        async with asyncio.timeout(10):
            await worker.wait()
    except TimeoutError:
        worker.kill()
        await worker.wait()


def _threads(known: DayFacts) -> int:
    """Return how many processes search: a small day is done before a second one has started."""
    return len(os.sched_getaffinity(0)) if len(known.visits) >= MANY else 1
