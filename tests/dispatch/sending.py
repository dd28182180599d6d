"""A dispatcher as a process of its own: decides, says so, and commits when it is told to.

`python -m tests.dispatch.sending DSN DISTRICT CASE ACCOUNT NOW`; prints `decided CAREGIVER` before that.
"""

import asyncio
import sys
from datetime import datetime
from uuid import UUID

from core.accounts import Person
from core.db import Pool
from core.errors import Conflict
from dispatch import emergency


async def main(dsn: str, district: str, case: str, account: str, now: str) -> None:
    """Send somebody to a case."""
    at = datetime.fromisoformat(now)
    identity = UUID(account)
    by = Person(identity, UUID(district), "370503", "", "operator", "", "en", None, None, None, at)
    pool = await Pool.open(dsn, size=1)
    try:
        async with pool.transaction(UUID(district)) as conn:
            try:
                sent = await emergency.send(conn, UUID(case), by, at)
            except Conflict as refused:
                sys.stdout.write(f"refused {refused.code}\n")
                return
            sys.stdout.write(f"decided {sent.caregiver_id}\n")
            sys.stdout.flush()
            await asyncio.to_thread(sys.stdin.readline)
    finally:
        await pool.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
