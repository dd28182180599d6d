"""Messages that wait in the broker while no gateway runs: how fast they drain, none lost, memory flat.

BENCH_BACKLOG=1000000 for the bar. The same again with two gateways on one shared subscription.
"""

import os
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import asyncpg

from deploy import bootstrap
from gateway.listener import LANES
from tests.bench import stage
from tests.bench.figures import Figure
from tests.bench.stage import Stage

BACKLOG = int(os.environ.get("BENCH_BACKLOG", "100000"))
DEVICES = 1_000
MEMORY_MIB = 300.0
GROUP = "bench"
_COUNT = "SELECT count(*) FROM ingest.inbox"
_PATIENCE_S = 1_800


async def run() -> AsyncIterator[Figure]:
    """Measure."""
    async with stage.build() as built:
        await stage.settle(built, DEVICES)
        speed, memory, lost = await _drain(built, 1)
        yield Figure("backlog", "drained_per_second", speed, "messages/s")
        yield Figure("backlog", "lost", lost, "messages", None, 0, lost == 0)
        yield Figure("backlog", "gateway_memory", memory, "MiB", None, MEMORY_MIB, memory <= MEMORY_MIB)
        shared, memory, lost = await _drain(built, 2)
        yield Figure("backlog", "drained_per_second_by_two", shared, "messages/s", speed)
        yield Figure("backlog", "lost_by_two", lost, "messages", None, 0, lost == 0)


async def _drain(built: Stage, processes: int) -> tuple[float, float, int]:
    """Fill sessions, then drain them; return messages a second, MiB of the largest, and how many are lost."""
    names = [f"gateway{nth}" for nth in range(processes)]
    before = await _count(built)
    async with _gateways(built, names):
        pass  # their sessions are known to the broker now
    await stage.publish(built, BACKLOG, "--connections", "4")
    began = time.monotonic()
    async with _gateways(built, names) as children:
        ended = await stage.until(built.dsn(bootstrap.GATEWAY), _COUNT, before + BACKLOG, _PATIENCE_S)
        memory = max(_memory(pid) for pid in children)
    await stage.forget(built, *(f"{name}-{lane.name}" for name in names for lane in LANES))
    return BACKLOG / (ended - began), memory, before + BACKLOG - await _count(built)


@asynccontextmanager
async def _gateways(built: Stage, names: list[str]) -> AsyncIterator[list[int]]:
    """Run gateways of these names until the block ends, sharing when there are several; give their pids."""
    shared = {"YINLING_SHARED_GROUP": GROUP} if len(names) > 1 else {}
    async with AsyncExitStack() as stack:
        pids = []
        for name in names:
            env = {**built.environment(), **shared, "YINLING_GATEWAY_NAME": name}
            pids.append((await stack.enter_async_context(stage.process("-m", "gateway", env=env))).pid)
        await stage.ready(built, len(names))
        yield pids
    await stage.gone(built)


async def _count(built: Stage) -> int:
    conn = await asyncpg.connect(built.dsn(bootstrap.GATEWAY))
    try:
        found: int = await conn.fetchval(_COUNT)
        return found
    finally:
        await conn.close()


def _memory(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
