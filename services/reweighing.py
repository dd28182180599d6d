"""A claim in a draft follows what is said of its visit later: doubts, corrected times, corrected units."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from core import districts
from core.clock import month_of
from core.db import Conn, Row
from core.sql import load
from services import claiming, spending, statements
from services.claiming import Visit

SQL = load(__file__)
MONTHLY = ("late", "over_quota", "no_rate")
"""Flags that come from the month and not from the visit itself."""


async def renew(conn: Conn, visit: UUID, now: datetime, zone: ZoneInfo) -> None:
    """Renew the claim of a visit while its statement is a draft.

    Raises Unpriced when the corrected visit has no price, grade or scheme; the claim then stays as it was.
    """
    row = await conn.fetchrow(SQL.find_claimed, visit)
    if row is None:
        return
    facts = await claiming.facts_of(conn, row, zone)
    if _is_moved(row, facts):
        await _correct(conn, row, now, zone)
        return
    doubts = [*facts.flags, *(flag for flag in row["flags"] if flag in MONTHLY)]
    if doubts != row["flags"]:
        await conn.execute(SQL.flag_claim, row["claim_id"], doubts)
        await statements.tell_changed(conn, row["district_id"], row["statement_id"], now)


def _is_moved(row: Row, facts: Visit) -> bool:
    """Say whether day, start or units are others than the claim's."""
    told = (row["service_on"], row["claimed_from"], row["units"])
    return told != (facts.service_on, facts.line.started_at, facts.line.units)


async def _correct(conn: Conn, row: Row, now: datetime, zone: ZoneInfo) -> None:
    """Price the visit anew; the month that it leaves is spent again without it."""
    district, provider = row["district_id"], row["provider_id"]
    settings = await districts.settings(conn, district)
    costed = await claiming.cost(conn, row, settings, zone)
    month = month_of(costed.visit.service_on)
    statement, joined = await statements.draft(
        conn, district=district, provider=provider, month=month, now=now
    )
    values = claiming.values(costed, is_late=joined != month)
    await conn.execute(SQL.correct_claim, row["claim_id"], statement, *values)
    if row["entitlement_id"] is not None and row["entitlement_id"] != costed.entitlement:
        left = await conn.fetchrow(SQL.find_month, row["entitlement_id"])
        assert left is not None  # noqa: S101 - a claim's entitlement is never deleted
        await spending.renew(conn, left, district, settings)
    for one in {row["statement_id"], statement}:
        await statements.tell_changed(conn, district, one, now)
