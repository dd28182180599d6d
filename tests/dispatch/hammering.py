"""An operator, a tick and some caregivers as one process: whatever comes to mind, as fast as it goes.

`python -m tests.dispatch.hammering DSN`, the rest as JSON on standard input; prints what PostgreSQL refused.
"""

import asyncio
import json
import random
import sys
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from core.accounts import Person
from core.db import Pool
from core.errors import Problem
from dispatch import cases, emergency, passing, visits

RACES = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
STEP = timedelta(seconds=17)


def person(account: str, district: UUID, role: str, caregiver: str | None, at: datetime) -> Person:
    """Return somebody who acts."""
    whose = UUID(caregiver) if caregiver else None
    return Person(UUID(account), district, "370503", "", role, "", "en", None, whose, None, at)


async def act(pool: Pool, given: dict[str, Any], dice: random.Random, now: datetime) -> None:
    """Do one thing."""
    district = UUID(given["district"])
    operator = person(given["operator"], district, "operator", None, now)
    case = UUID(dice.choice(given["cases"]))
    what = dice.choice(("send", "send", "yes", "yes", "yes", "no", "recall", "tick", "tick", "off"))
    if what == "tick":
        await passing.run(pool, district, now)
        return
    account, caregiver = dice.choice(given["people"])
    carer = person(account, district, "caregiver", caregiver, now)
    async with pool.transaction(district) as conn:
        if what == "send":
            await emergency.send(conn, case, operator, now)
        elif what == "recall":
            await cases.recall(conn, case, operator, now)
        elif what == "off":
            await cases.call(conn, case, operator, now, "elder", "answered")
        else:
            asked = "SELECT visit_id FROM visit_offer WHERE caregiver_id = $1 ORDER BY id"
            rows = await conn.fetch(asked, carer.caregiver_id)
            if not rows:
                return
            visit = dice.choice(rows)["visit_id"]
            await (visits.accept if what == "yes" else visits.decline)(conn, visit, carer, now)


async def main(dsn: str) -> None:
    """Act until it is enough."""
    given = json.loads(sys.stdin.read())
    dice, now = random.Random(given["seed"]), datetime.fromisoformat(given["now"])  # noqa: S311 - a test's dice
    pool = await Pool.open(dsn, size=2)
    try:
        for _ in range(given["times"]):
            now += STEP
            try:
                await act(pool, given, dice, now)
            except Problem:
                continue
            except RACES as race:
                sys.stdout.write(f"{type(race).__name__}\n")
            except asyncpg.PostgresError as error:
                sys.stdout.write(f"{error!r}\n")
    finally:
        await pool.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
