"""A seeded sample for call-back and home check of every checked statement, drawn by a tick."""

from datetime import datetime

from core import districts
from core.db import Pool
from core.sql import load
from services import samples

SQL = load(__file__)
SIZE = 20
"""Claims of a statement that are asked about (ours, L); whoever wants more draws a sample by hand."""
_MOST = 20


async def tick(pool: Pool, now: datetime) -> int:
    """Draw the samples that are missing; return how many."""
    async with pool.transaction() as conn:
        every = await districts.ids(conn)
    made = 0
    for district in every:
        async with pool.transaction(district) as conn:
            rows = await conn.fetch(SQL.list_unsampled, _MOST)
        for row in rows:
            async with pool.transaction(district) as conn:
                where = {"month": row["month"], "provider": row["provider_id"], "statement": row["id"]}
                await samples.draw(conn, district=district, size=SIZE, now=now, **where)
                made += 1
    return made
