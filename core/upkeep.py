"""Now and then, for core's own tables: the audit chain grows, what may not be kept is dropped."""

from datetime import datetime, timedelta

from core import audit, districts, idempotency
from core.db import Pool
from core.sql import load

SQL = load(__file__)
LOGIN_ATTEMPTS = timedelta(days=1)
EVENTS = timedelta(days=7)
SESSIONS = timedelta(days=30)
INVITATIONS = timedelta(days=365)


async def tick(pool: Pool, now: datetime) -> int:
    """Link what the audit logs wait for and drop what has passed its retention; return the lines linked."""
    async with pool.transaction() as conn:
        places = await districts.ids(conn)
        await conn.execute(SQL.drop_login_attempts, now - LOGIN_ATTEMPTS)
        await conn.execute(SQL.drop_login_codes, now - LOGIN_ATTEMPTS)
    linked = 0
    for district in places:
        async with pool.transaction(district) as conn:
            linked += await audit.link(conn, district)
            await conn.execute(SQL.drop_sessions, now - SESSIONS)
            await conn.execute(SQL.drop_events, now - EVENTS)
            await conn.execute(SQL.drop_invitations, now - INVITATIONS)
            await idempotency.forget_old(conn, district, now)
    return linked
