"""Publish → receipt of an SOS with telemetry in the background, beside a bare round trip and one commit.

The floor is measured in the same seconds and at the same pace as the alarms: a machine that wakes for one
message every 50 ms is slower than one in a tight loop, for the floor as for us. The tight loop on the idle
machine is there too.
"""

import asyncio
import os
import statistics
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg

from devices.mqtt import Link
from tests.bench import stage
from tests.bench.figures import Figure
from tests.bench.presses import p, press
from tests.bench.stage import Stage

SECONDS = int(os.environ.get("BENCH_SECONDS", "20"))
BACKGROUND = 1_000
A_SECOND = 20
DEVICES = 1_000
P99_MS, TIMES_FLOOR = 250.0, 3.0
_TIGHT = 200


async def run() -> AsyncIterator[Figure]:
    """Measure the idle floor, then the alarms beside the floor under the very load that they meet."""
    total = SECONDS * A_SECOND
    async with stage.build() as built:
        _, devices = await stage.settle(built, DEVICES)
        idle = await _floor(built, _TIGHT, 0)
        async with stage.gateway(built):
            count = BACKGROUND * (SECONDS + 6)
            flood = asyncio.create_task(stage.publish(built, count, "--rate", str(BACKGROUND)))
            await asyncio.sleep(3)
            pressing = asyncio.create_task(
                press(built.mqtt_url, devices, lambda nth: nth >= total, 1 / A_SECOND)
            )
            floor = await _floor(built, total // 2, 1 / A_SECOND)
            waits = await pressing
            await flood
    p50, p99 = p(waits, 0.5), p(waits, 0.99)
    yield Figure("latency", "receipt_p99", p99, "ms", None, P99_MS, p99 <= P99_MS)
    yield Figure("latency", "receipt_p50", p50, "ms", floor, TIMES_FLOOR, p50 <= TIMES_FLOOR * floor)
    yield Figure("latency", "receipt_p50_over_tight_idle_floor", p50, "ms", idle)


async def _floor(built: Stage, times: int, pause_s: float) -> float:
    """Return, in ms, the medians of a round trip through the broker and of a commit of one row."""
    trips, commits = [], []
    conn = await asyncpg.connect(built.bare_dsn)
    try:
        await conn.execute("CREATE TABLE IF NOT EXISTS floor (id uuid PRIMARY KEY, at timestamptz)")
        async with Link(built.mqtt_url, "bench-floor") as link:
            await link.subscribe(["bench/floor"])
            for _ in range(times):
                trips.append(await _round_trip(link))
                await asyncio.sleep(pause_s)
                commits.append(await _commit(conn))
                await asyncio.sleep(pause_s)
    finally:
        await conn.close()
    return (statistics.median(trips) + statistics.median(commits)) * 1000


async def _round_trip(link: Link) -> float:
    """Time publish → own subscription, without anybody between."""
    began = time.perf_counter()
    link.send("bench/floor", b"x" * 100)
    link.acknowledge(await link.take(1))
    return time.perf_counter() - began


async def _commit(conn: asyncpg.Connection) -> float:
    began = time.perf_counter()
    await conn.execute("INSERT INTO floor VALUES ($1, $2)", uuid4(), datetime.now(UTC))
    return time.perf_counter() - began
