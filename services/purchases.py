"""What was bought: sums by month, town, provider, service, grade and scheme, and the claims behind them.

The sums stand beside the claims (`purchase_tally`), made anew by a tick for each provider and month that
changed; where they are stale the view `purchase` adds up the claims themselves: a total is always right.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args
from uuid import UUID

from core import districts
from core.db import Conn, Pool, Row
from core.sql import load

SQL = load(__file__)
By = Literal["month", "town", "provider", "service", "grade", "scheme"]
BY: tuple[By, ...] = get_args(By)
"""What sums can be grouped by."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which purchases: statements' months from `first` to `last`; None: any, an empty text: without one."""

    first: date
    last: date
    town: str | None = None
    """Nine digits."""
    provider: UUID | None = None
    service: str | None = None
    grade: str | None = None
    scheme: str | None = None
    """A scheme's code, whatever its version."""

    @property
    def values(self) -> tuple[object, ...]:
        """The filter as arguments of the statements."""
        return (self.first, self.last, self.town, self.provider, self.service, self.grade, self.scheme)


async def total(conn: Conn, wanted: Filter) -> Row:
    """Return claims, units, amount, subsidy, copay, approved (CNY) and flagged of a filter."""
    row = await conn.fetchrow(SQL.sum_purchases, *wanted.values)
    assert row is not None  # noqa: S101 - an aggregate always gives a row
    return row


async def grouped(conn: Conn, wanted: Filter, by: By) -> list[Row]:
    """Return the same group by group with `key` and `name`: the largest amount first, months in order."""
    return await conn.fetch(SQL.group_purchases, *wanted.values, by)


async def list_(conn: Conn, wanted: Filter, after: UUID | None = None, limit: int = 50) -> list[Row]:
    """Return the claims behind a total, by id."""
    return await conn.fetch(SQL.list_purchases, *wanted.values, after, limit)


async def choices(conn: Conn) -> list[Row]:
    """Return {kind: town | provider | scheme, key, name}: what a filter may name."""
    return await conn.fetch(SQL.list_choices)


async def tick(pool: Pool, now: datetime) -> int:
    """Add up anew what changed, killed anywhere or started twice; return how many providers' months."""
    del now
    async with pool.transaction() as conn:
        every = await districts.ids(conn)
    made = 0
    for district in every:
        while await _next(pool, district):
            made += 1
    return made


async def _next(pool: Pool, district: UUID) -> bool:
    """Add up one provider's month; the mark goes before the claims are read, in the same transaction."""
    async with pool.transaction(district) as conn:
        await conn.execute(SQL.lock_tallies, str(district))
        row = await conn.fetchrow(SQL.take_touched)
        if row is None:
            return False
        await conn.execute(SQL.drop_tallies, row["provider_id"], row["month"])
        await conn.execute(SQL.keep_tallies, row["provider_id"], row["month"])
    return True
