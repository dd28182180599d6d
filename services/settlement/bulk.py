"""A range of persons priced in a few statements: every verified visit of a month that waits becomes a claim.

Rules: the same as of `services.claiming`, which prices one visit at a time (a test compares both). The
quota of a month is spent in the order of the visits' start, `used' = max(used, min(used + amount,
quota))`, where the quota is that of the grade in force on the service date; a window over the custom
aggregate `spent` does it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from core import districts
from core.clock import ZONE, at_local, month_after
from core.db import Conn
from core.sql import load
from services import months, schemes, statements
from services.settlement import plain

SQL = load(__file__)


@dataclass(frozen=True, slots=True)
class Month:
    """What a run works on; every mark of it sees the same."""

    district: UUID
    month: date
    provider: UUID | None
    schemes: list[dict[str, Any]]
    refuses: bool
    zone: ZoneInfo = ZONE

    @property
    def since(self) -> datetime:
        """The first instant of the month."""
        return at_local(self.month, "00:00", self.zone)

    @property
    def before(self) -> datetime:
        """The first instant after it."""
        return at_local(month_after(self.month), "00:00", self.zone)

    @property
    def last(self) -> date:
        """Its last day."""
        return months.last_day(self.month)

    @property
    def codes(self) -> list[str]:
        """The plain schemes' codes."""
        return [one["code"] for one in self.schemes]


async def read(
    conn: Conn, district: UUID, month: date, provider: UUID | None, zone: ZoneInfo = ZONE
) -> Month:
    """Read what the month's plain schemes say."""
    settings = await districts.settings(conn, district)
    rows = [
        row for row in await schemes.list_(conn) if _holds(row["effective_from"], row["effective_to"], month)
    ]
    newest: dict[str, tuple[UUID, Any]] = {}
    odd: set[str] = set()
    for row in sorted(rows, key=lambda one: (one["code"], -one["version"])):
        rules = schemes.read(row["body"])
        if row["code"] in newest or row["code"] in odd:
            continue
        if rules.is_plain:
            newest[row["code"]] = (row["id"], rules)
        else:
            odd.add(row["code"])
    known = plain.described(newest.values(), settings.grade_fallback)
    return Month(district, month, provider, known, settings.over_quota == "refuse", zone)


def _holds(first: date, last: date | None, month: date) -> bool:
    return first <= month and (last is None or last >= months.last_day(month))


async def price(conn: Conn, run: Month, first: UUID, last: UUID, now: datetime) -> int:
    """Price the range in the caller's transaction; return how many claims it made."""
    await conn.fetchrow(SQL.steady)
    odd = [
        row["elder_id"] for row in await conn.fetch(SQL.list_odd, first, last, run.month, run.last, run.codes)
    ]
    waiting = await conn.fetch(SQL.list_providers, first, last, run.since, run.before, run.provider)
    providers = sorted(row["provider_id"] for row in waiting)
    if not providers:
        return 0
    drafts = [
        await statements.draft(conn, district=run.district, provider=one, month=run.month, now=now)
        for one in providers
    ]
    await conn.fetch(SQL.lock_drafts)
    ms = int(now.timestamp() * 1000)
    reach = (first, last, run.month, run.last)
    window = (run.since, run.before)
    await conn.execute(SQL.open_range, run.district, *reach, odd, run.schemes, *window, ms)
    await conn.fetchrow(SQL.steady)
    taken = await conn.fetchrow(SQL.take_range, first, last, *window, providers, odd, run.month)
    assert taken is not None  # noqa: S101 - aggregates always give a row
    made: int = await conn.fetchval(
        SQL.price_range,
        *(run.district, *reach, run.schemes, run.zone.key, now, ms),
        *(providers, [one for one, _ in drafts], [month for _, month in drafts], run.refuses),
        *(taken["visits"], taken["doubts"], taken["claims"]),
    )
    await conn.fetchrow(SQL.calm)
    return made


async def left(conn: Conn, run: Month, first: UUID, last: UUID) -> Sequence[UUID]:
    """Return the visits of the range that still wait: priced one by one, or not at all yet."""
    await conn.fetchrow(SQL.steady)
    rows = await conn.fetch(SQL.list_left, first, last, run.since, run.before, run.provider)
    await conn.fetchrow(SQL.calm)
    return [row["id"] for row in rows]
