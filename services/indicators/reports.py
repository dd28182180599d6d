"""Published reports: a report keeps its figures; a correction is published with the next number."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from core import audit
from core.accounts import Person
from core.clock import ZONE, local_date
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from services.indicators import counting
from services.indicators.definitions import Period
from services.indicators.freezing import sha256

SQL = load(__file__)


async def publish(conn: Conn, period: Period, by: Person, now: datetime, zone: ZoneInfo = ZONE) -> UUID:
    """Freeze a period's figures as they are; raise Conflict while the period is not over."""
    if local_date(now, zone) <= period.last:
        words = f"the period ends on {period.last}: its figures may still change"
        raise Conflict(words, code="period_open", on=period.last.isoformat())
    district = by.district_id
    await conn.execute(SQL.lock, str(district))
    number: int = await conn.fetchval(SQL.next_number, period.first, period.last)
    figures = await counting.rows(conn, period, zone)
    identity, digest = new_id(), sha256(period.first, period.last, number, figures)
    values = (identity, district, period.first, period.last, number, figures, digest)
    await conn.execute(SQL.publish, *values, by.account_id, now)
    await audit.record(
        conn,
        district=district,
        at=now,
        account=by.account_id,
        action="report.publish",
        subject_kind="report",
        subject=identity,
        detail={"period": period.code, "number": number, "sha256": digest},
    )
    return identity


async def find(conn: Conn, report: UUID) -> Row:
    """Return a published report with its figures; raise NotFound."""
    row = await conn.fetchrow(SQL.find, report)
    if row is None:
        raise NotFound(f"no report {report}")
    return row


async def list_(conn: Conn, limit: int = 50) -> list[Row]:
    """Return published reports, newest first."""
    return await conn.fetch(SQL.list_reports, limit)
