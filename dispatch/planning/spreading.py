"""Movable visits get their day, the one with most room, before that day is planned."""

from datetime import date, datetime, timedelta
from uuid import UUID

from core.clock import local_date
from core.db import Conn
from core.sql import load
from dispatch import journal
from dispatch.planning.spread import Movable, spread

SQL = load(__file__)
AHEAD = timedelta(days=14)


async def choose(conn: Conn, on: date, now: datetime, provider: UUID | None = None) -> int:
    """Bring the movable visits whose best day is `on` to that day; return how many changed theirs."""
    rows = {row["id"]: row for row in await conn.fetch(SQL.list_movable, on, provider)}
    if not rows:
        return 0
    last = min(max(row["movable_to"] for row in rows.values()), on + AHEAD)
    loads = await conn.fetch(SQL.list_loads, on, last, provider)
    asked = [Movable(row["id"], row["minutes"], row["movable_to"]) for row in rows.values()]
    room = {row["day"]: (row["wanted"], row["worked"]) for row in loads}
    moved = 0
    for visit_id, day in spread(asked, room).items():
        row = rows[visit_id]
        days = (day - local_date(row["window_start"])).days
        if day == on and days:
            await conn.fetchval(SQL.move_day, visit_id, days)
            await journal.visit(conn, row, "move_day", now, data={"on": on.isoformat(), "days": days})
            moved += 1
    return moved
