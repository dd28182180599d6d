"""A sweep over 10,000 open cases: a usual one, a storm in which all are due at once, and the notices of it.

The floor of the same run is the least that telling them all can be: one statement that sets the next step of
each, one that writes a line and one that writes an event for each. BENCH_CASES sets another number.
"""

import os
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from core.db import Pool
from deploy import bootstrap
from dispatch import policy, ticks
from dispatch.notices import ticks as notices
from tests.bench import stage
from tests.bench.figures import Figure
from tests.makers import make_district, make_elder, make_person

CASES = int(os.environ.get("BENCH_CASES", "10000"))
BAR_MS = 1000.0
AT = datetime(2026, 11, 21, 3, tzinfo=UTC)
TIMES = 3
_CASES = """
INSERT INTO care_case (id, district_id, elder_id, class, type, severity, state, opened_at, last_alarm_at,
                       policy, step, escalate_at)
SELECT gen_random_uuid(), $1, $2, 'care', 'sos', 1, 'raised', $3, $3, $4,
       0, $3::timestamptz + interval '1 day'
FROM generate_series(1, $5)
"""
_ALL_DUE = "UPDATE care_case SET escalate_at = $1, step = 0, state = 'raised'"
_SOME_DUE = """
UPDATE care_case
SET escalate_at = $1::timestamptz
  + CASE WHEN hashtext(id::text) % 100 = 0 THEN interval '0' ELSE interval '1 day' END
"""
_CLEAR = "TRUNCATE case_entry, event, notice_step, notice_try, notice CASCADE"
_STEP = """
UPDATE care_case SET step = step + 1, escalate_at = $1::timestamptz + interval '1 minute'
WHERE escalate_at <= $1
"""
_LINES = """
INSERT INTO case_entry (id, district_id, case_id, at, action, from_state, to_state, data)
SELECT gen_random_uuid(), district_id, id, $1, 'escalate', state, state, '{}' FROM care_case
"""
_EVENTS = """
INSERT INTO event (district_id, kind, subject_id, roles, at, case_id, elder_id)
SELECT district_id, 'case.escalated', id, '{operator}', $1, id, elder_id FROM care_case
"""
_FLOOR = (_STEP, _LINES, _EVENTS)


async def run() -> AsyncIterator[Figure]:
    """Measure."""
    async with stage.build() as built:
        district = await _fill(built)
        superuser = await asyncpg.connect(bootstrap.with_database(built.server.superuser, stage.DATABASE))
        pool = await Pool.open(built.dsn(bootstrap.WORKER), size=2)
        usual = await _best(superuser, pool, _SOME_DUE)
        storm = await _best(superuser, pool, _ALL_DUE)
        floor = await _floor(superuser)
        yield Figure("escalation", "a_hundredth_due", usual, "ms", None, BAR_MS, usual <= BAR_MS)
        yield Figure("escalation", "all_open_cases_due", storm, "ms", floor, BAR_MS, storm <= BAR_MS)
        began = time.perf_counter()
        made = await notices.make(pool, district, AT)
        yield Figure(
            "escalation", "steps_made_notices", 1000 * (time.perf_counter() - began) / made, "ms/case"
        )
        began = time.perf_counter()
        looked = await notices.advance(pool, district, AT)
        took = 1000 * (time.perf_counter() - began) / looked
        yield Figure("escalation", "a_look_at_a_notice", took, "ms")
        tries = await superuser.fetchval("SELECT count(*) FROM notice_try")
        yield Figure("escalation", "messages_for_one_person", tries, "messages", None, 1, tries == 1)
        await pool.close()
        await superuser.close()


async def _fill(built: stage.Stage) -> UUID:
    owner = await Pool.open(built.dsn(bootstrap.OWNER), size=1)
    district = await make_district(owner)
    async with owner.transaction(district) as conn:
        elder = await make_elder(conn, built.keys, district)
        await make_person(conn, district, "duty_manager")
        fixed = {"id": None, "name": "default", "steps": list(policy.DEFAULT)}
        await conn.execute(_CASES, district, elder, AT, fixed, CASES)
    await owner.close()
    return district


async def _best(superuser: asyncpg.Connection, pool: Pool, due: str) -> float:
    """Return the middle of some sweeps, in ms."""
    taken = []
    for _ in range(TIMES):
        await superuser.execute(_CLEAR)
        await superuser.execute(due, AT)
        await superuser.execute("VACUUM ANALYZE care_case")
        began = time.perf_counter()
        await ticks.escalate(pool, AT)
        taken.append(1000 * (time.perf_counter() - began))
    return sorted(taken)[TIMES // 2]


async def _floor(superuser: asyncpg.Connection) -> float:
    taken = []
    for _ in range(TIMES):
        async with superuser.transaction():
            await superuser.execute(_ALL_DUE, AT)
        await superuser.execute("VACUUM ANALYZE care_case")
        rolled = superuser.transaction()
        await rolled.start()
        began = time.perf_counter()
        for statement in _FLOOR:
            await superuser.execute(statement, AT)
        taken.append(1000 * (time.perf_counter() - began))
        await rolled.rollback()
    return sorted(taken)[TIMES // 2]
