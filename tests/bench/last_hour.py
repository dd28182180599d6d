"""Any bed's last hour out of very many readings: time, and the plan that PostgreSQL chooses.

BENCH_ROWS=50000000 for the bar (some minutes and 5 GB); the plan is the same whatever the number: the
partition or chunk of the day, one descent of its index for each metric of each device, and nothing else.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg

from core.db import Pool
from deploy import bootstrap
from gateway import readings
from tests.bench import stage
from tests.bench.figures import Figure
from tests.bench.stage import Stage

ROWS = int(os.environ.get("BENCH_ROWS", "2000000"))
DEVICES = int(os.environ.get("BENCH_DEVICES", "1000"))
METRICS = 5
BAR_MS = 20.0
ASKED = 200
_NOW = datetime.now(UTC).replace(microsecond=0)
_HOUR = timedelta(hours=1)
_FILL = """
INSERT INTO ingest.reading (device_no, observed_at, value, metric)
SELECT d.no, $1::timestamptz + nth * $2::interval, 60 + nth % 30, metric
FROM generate_series(0, $3::int - 1) AS nth, device d, generate_series(1, $4::int) AS metric
"""
_INDEX = "CREATE INDEX reading_device ON ingest.reading (device_no, metric, observed_at)"
_EXPLAIN = """
EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF)
SELECT d.id, m.name, r.observed_at, r.value
FROM device d JOIN ingest.reading r ON r.device_no = d.no JOIN ingest.metric m ON m.id = r.metric
WHERE d.id = ANY ($1::uuid[]) AND d.district_id = current_district()
  AND r.observed_at >= $2 AND r.observed_at < $3
ORDER BY r.observed_at, d.id, m.name LIMIT 20000
"""


async def run() -> AsyncIterator[Figure]:
    """Fill a week, one reading of each metric a step, and ask for the last hour of any bed."""
    async with stage.build() as built:
        district = await stage.settle_many(built, DEVICES)
        began = time.monotonic()
        await _fill(built)
        yield Figure("last_hour", "rows", ROWS, "rows")
        yield Figure("last_hour", "filled_per_second", ROWS / (time.monotonic() - began), "rows/s")
        waits = await _ask(built, district)
        p95 = waits[int(len(waits) * 0.95)]
        yield Figure("last_hour", "last_hour_p95", p95, "ms", None, BAR_MS, p95 <= BAR_MS)
        yield Figure("last_hour", "last_hour_p50", statistics.median(waits), "ms")


async def _fill(built: Stage) -> None:
    """Fill day by day as the superuser, the index last."""
    steps = max(1, ROWS // (DEVICES * METRICS))
    step = timedelta(days=7) / steps
    pool = await Pool.open(built.dsn(bootstrap.GATEWAY), size=1)
    async with pool.transaction() as conn:
        await conn.execute(
            "SELECT keep_partitions($1, $2, $3)",
            (_NOW - timedelta(days=8)).date(),
            (_NOW + timedelta(days=1)).date(),
            _NOW - timedelta(days=400),
        )
    await pool.close()
    conn = await asyncpg.connect(
        bootstrap.with_database(built.server.superuser, stage.DATABASE),
        server_settings={"synchronous_commit": "off", "maintenance_work_mem": "512MB"},
    )
    try:
        await conn.execute("DROP INDEX ingest.reading_device")
        for first in range(0, steps, 100):
            count = min(100, steps - first)
            await conn.execute(_FILL, _NOW - timedelta(days=7) + first * step, step, count, METRICS)
        await conn.execute(_INDEX)
        await conn.execute("VACUUM ANALYZE ingest.reading")
    finally:
        await conn.close()


async def _ask(built: Stage, district: UUID) -> list[float]:
    """Return, in ms and sorted, how long the page's own query takes for beds taken at random."""
    pool = await Pool.open(built.dsn(bootstrap.WEB), size=1)
    waits = []
    async with pool.transaction(district) as conn:
        devices = [row["id"] for row in await conn.fetch("SELECT id FROM device")]
        for _ in range(ASKED):
            asked = [random.choice(devices)]  # noqa: S311 - a sample, not a secret
            began = time.perf_counter()
            await readings.between(conn, asked, _NOW - _HOUR, _NOW)
            waits.append((time.perf_counter() - began) * 1000)
    await pool.close()
    await _explain(built, district, asked)
    return sorted(waits)


async def _explain(built: Stage, district: UUID, asked: list[UUID]) -> None:
    """Print the plan of the query inside the function, as its owner runs it."""
    conn = await asyncpg.connect(bootstrap.with_database(built.server.superuser, stage.DATABASE))
    try:
        async with conn.transaction():
            await conn.execute("SELECT set_config('yinling.district', $1, true)", str(district))
            plan = await conn.fetch(_EXPLAIN, asked, _NOW - _HOUR, _NOW)
    finally:
        await conn.close()
    sys.stderr.write("\n".join(row[0] for row in plan) + "\n")
