"""Retention of what was told and telephoned: notices with their tries, drills, calls with their words.

The figures are those of the tables' comments. A batch at a time, oldest first: the next tick takes the rest.
"""

from datetime import datetime, timedelta

from core.db import Conn
from core.sql import load

SQL = load(__file__)
BATCH = 5000
SECRETS = timedelta(days=30)
"""Notices of codes and invitations: what they said is gone already, that they were sent soon after."""
NOTICES = timedelta(days=730)
CASES = timedelta(days=3652)
CALLS = timedelta(days=1096)
KEPT = (
    (("code", "invite"), SECRETS),
    (("drill", "gap", "visit", "complaint"), NOTICES),
    (("case",), CASES),
)
"""How long the notices of each kind are kept after they were made."""


async def run(conn: Conn, now: datetime) -> int:
    """Drop what has passed its retention in a district; return how many notices and calls."""
    count = 0
    for kinds, kept in KEPT:
        count += len(await conn.fetch(SQL.forget_notices, list(kinds), now - kept, BATCH))
    await conn.execute(SQL.forget_drills, now - NOTICES)
    return count + len(await conn.fetch(SQL.forget_calls, now - CALLS, BATCH))
