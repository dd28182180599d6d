"""A sweep over 100,000 beds and their mats: a usual second, a hundredth due at once, and the worst there is.

The rules' memory is made by the pipeline itself, out of what mats say on one night.
"""

import json
import os
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from core.db import Pool
from deploy import bootstrap
from gateway import pipeline, sweep
from gateway.heard import Uplink
from gateway.known import Known, Registry
from tests.bench import stage
from tests.bench.figures import Figure
from tests.bench.stage import Stage

BEDS = int(os.environ.get("BENCH_BEDS", "100000"))
BAR_MS = 1000.0
SECONDS = 10
_BATCH = 4_000
_TO_BED = datetime(2026, 11, 20, 22, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
_OUT = _TO_BED + timedelta(hours=2)
_SPREAD = timedelta(minutes=20)
_RULE = timedelta(minutes=20)
_ALIVE = """
UPDATE ingest.device_state SET last_seen_at = $1, silent_since = NULL,
  silent_check_at = $1::timestamptz + make_interval(secs => (device_no % 900) + 1)
"""
_ALL_DUE = "UPDATE ingest.device_state SET silent_check_at = $1, last_seen_at = $2, silent_since = NULL"
_DUE_OF = (
    "UPDATE ingest.watch SET due_at = $1 WHERE due_at IS NOT NULL AND hashtext(subject_id::text) % 100 = 0"
)


async def run() -> AsyncIterator[Figure]:
    """Measure."""
    async with stage.build() as built:
        await stage.settle_many(built, BEDS)
        pool = await Pool.open(built.dsn(bootstrap.GATEWAY), size=4)
        registry = Registry()
        await registry.refresh(pool, _TO_BED)
        await _night(built, pool, registry)
        began = _OUT + _RULE
        await _do(pool, _ALIVE, began)
        usual = [await _tick(pool, registry, began + timedelta(seconds=nth)) for nth in range(1, SECONDS + 1)]
        worst = max(took for took, _ in usual)
        yield Figure("sweep", "usual_second_worst", worst, "ms", None, BAR_MS, worst <= BAR_MS)
        yield Figure("sweep", "usual_second_alarms", sum(count for _, count in usual) / SECONDS, "alarms")
        at = began + timedelta(seconds=SECONDS) + _SPREAD / 100
        took, count = await _tick(pool, registry, at)
        yield Figure("sweep", "a_hundredth_at_once", took, "ms", None, BAR_MS, took <= BAR_MS)
        yield Figure("sweep", "a_hundredth_at_once_alarms", count, "alarms")
        took, count = await _tick(pool, registry, at + _SPREAD)
        yield Figure("sweep", "the_rest_at_once", took, "ms")
        yield Figure("sweep", "the_rest_at_once_alarms", count, "alarms")
        await _do(pool, _ALL_DUE, at, at - timedelta(minutes=1))
        took, _ = await _tick(pool, registry, at)
        yield Figure("sweep", "all_looked_at_none_silent", took, "ms")
        await _do(pool, _ALL_DUE, at, at - timedelta(hours=2))
        took, count = await _tick(pool, registry, at)
        yield Figure("sweep", "all_silent_at_once", took, "ms")
        yield Figure("sweep", "all_silent_at_once_alarms", count, "alarms")
        await pool.close()


async def _do(pool: Pool, query: str, *args: object) -> None:
    async with pool.transaction() as conn:
        await conn.execute(query, *args)


async def _tick(pool: Pool, registry: Registry, now: datetime) -> tuple[float, int]:
    """Return how long a sweep takes, in ms, and how many alarms it raises."""
    began = time.perf_counter()
    count = await sweep.tick(pool, registry, now)
    return (time.perf_counter() - began) * 1000, count


async def _night(built: Stage, pool: Pool, registry: Registry) -> None:
    """Everybody goes to bed, and gets up two hours later: all within 20 minutes, one after the other."""
    mats = [mat for no in range(1, BEDS + 1) if (mat := registry.by_no(no)) is not None]
    for moment, in_bed in ((_TO_BED, True), (_OUT, False)):
        for start in range(0, len(mats), _BATCH):
            said = [
                _says(mat, moment + _SPREAD * (start + nth) / len(mats), in_bed=in_bed)
                for nth, mat in enumerate(mats[start : start + _BATCH])
            ]
            async with pool.transaction() as conn:
                await pipeline.handle(conn, registry, built.keys, said, said[-1].received_at)


def _says(mat: Known, at: datetime, *, in_bed: bool) -> Uplink:
    body = {"id": str(uuid4()), "at": at.isoformat(), "values": {"in_bed": in_bed}}
    return Uplink(f"yl/v1/{mat.text}/telemetry", json.dumps(body).encode(), at)
