"""A month's page of answer times with a million cases behind it: its four questions, and a tick's work.

BENCH_CASES sets another number. The cases themselves are left out (the page reads their facts and sums).
"""

import os
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg

from core.db import Pool
from core.ids import new_id
from deploy import bootstrap
from dispatch.centre import answers
from tests.bench import stage
from tests.bench.figures import Figure
from tests.makers import make_district

CASES = int(os.environ.get("BENCH_CASES", "1000000"))
OPERATORS, MONTHS, TIMES = 12, 12, 20
BAR_MS = 50.0
SINCE = datetime(2025, 11, 30, 16, tzinfo=UTC)
MONTH = (datetime(2026, 9, 30, 16, tzinfo=UTC), datetime(2026, 10, 31, 16, tzinfo=UTC))
_FACTS = """
INSERT INTO answer (case_id, district_id, opened_at, hour, alarms, type, severity, answered_at, answered_by,
                    seconds, busy_seconds, sent_at, scene_at, scene_seconds, visits, is_closed, is_false,
                    thing_model, device_id, home_id)
SELECT gen_random_uuid(), $1, at, date_trunc('hour', at), 1, 'bed_exit', 2, at + make_interval(secs => wait),
       ($4::uuid[])[1 + nth % $5], wait, 120, CASE WHEN nth % 9 = 0 THEN at END,
       CASE WHEN nth % 9 = 0 THEN at + interval '20 min' END, CASE WHEN nth % 9 = 0 THEN 600 + nth % 2500 END,
       0, true, nth % 3 = 0, 'care_bed_v1', device, device
FROM (SELECT nth, $2::timestamptz + make_interval(secs => nth * (31536000.0 / $3)) AS at,
             CASE WHEN nth % 40 = 0 THEN 61 + nth % 300 ELSE nth % 55 END AS wait,
             md5((nth % 5000)::text)::uuid AS device
      FROM generate_series(1, $3) AS nth) g
"""


async def run() -> AsyncIterator[Figure]:
    """Measure."""
    async with stage.build() as built:
        owner = await Pool.open(built.dsn(bootstrap.OWNER), size=1)
        district = await make_district(owner)
        await owner.close()
        await _fill(built.server.superuser, district)
        pool = await Pool.open(built.dsn(bootstrap.WEB), size=1)
        taken = []
        for _ in range(TIMES):
            async with pool.transaction(district) as conn:
                began = time.perf_counter()
                await answers.between(conn, *MONTH, MONTH[1])
                await answers.slowest(conn, *MONTH, MONTH[1])
                await answers.latest(conn, *MONTH, MONTH[1])
                taken.append(1000 * (time.perf_counter() - began))
        middle = sorted(taken)[TIMES // 2]
        yield Figure("answers", "month_page_questions", middle, "ms", None, BAR_MS, middle <= BAR_MS)
        async with pool.transaction(district) as conn:
            began = time.perf_counter()
            await answers.falses(conn, *MONTH)
            yield Figure("answers", "month_of_false_alarms", 1000 * (time.perf_counter() - began), "ms")
        await pool.close()


async def _fill(superuser: str, district: object) -> None:
    """Write facts without their cases, and the sums of every hour as the tick writes them."""
    conn = await asyncpg.connect(bootstrap.with_database(superuser, stage.DATABASE))
    try:
        await conn.execute("SET session_replication_role = replica")
        people = [new_id() for _ in range(OPERATORS)]
        await conn.execute(_FACTS, district, SINCE, CASES, people, OPERATORS)
        await conn.execute("SELECT set_config('yinling.district', $1, false)", str(district))
        hours = [SINCE + timedelta(hours=nth) for nth in range(366 * 24)]
        await conn.execute(answers.SQL.make_sums, hours)
        await conn.execute("ANALYZE answer, answer_tally")
    finally:
        await conn.close()
