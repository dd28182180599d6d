"""Statements: one per provider and month; a draft's totals are the sums of its claims at any moment."""

from datetime import date, datetime
from uuid import UUID

from core import events
from core.clock import local_date, month_after, month_of
from core.db import Conn, Row
from core.errors import NotFound
from core.ids import new_id
from core.sql import load

SQL = load(__file__)
HEARERS = ("clerk", "auditor", "approver", "provider_manager", "admin")


async def draft(
    conn: Conn, *, district: UUID, provider: UUID, month: date, now: datetime
) -> tuple[UUID, date]:
    """Return the draft that a claim of `month` joins, and its month; it stays a draft until the commit.

    A statement that is no longer a draft takes no claims: a late one joins the next month's that still is.
    """
    newest = month_after(month_of(max(local_date(now), month)))
    while month <= newest:
        await conn.execute(SQL.open_statement, new_id(), district, provider, month, now)
        row = await conn.fetchrow(SQL.find_open, provider, month)
        if row is not None and row["state"] == "draft":
            return row["id"], month
        month = month_after(month)
    raise NotFound(f"provider {provider} has no open statement up to {newest:%Y-%m}")


async def list_(
    conn: Conn,
    month: date | None = None,
    *,
    provider_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return statements with total, subsidy, copay, claims and flagged, by id."""
    return await conn.fetch(SQL.list_statements, month, provider_id, after, limit)


async def find(conn: Conn, statement: UUID) -> Row:
    """Return a statement with its sums; raise NotFound."""
    row = await conn.fetchrow(SQL.find_statement, statement)
    if row is None:
        raise NotFound(f"no statement {statement}")
    return row


async def tell_changed(conn: Conn, district: UUID, statement: UUID, now: datetime) -> None:
    """Tell the offices and the statement's own provider that it has changed."""
    provider = await conn.fetchval(SQL.find_provider, statement)
    whose = {"subject": statement, "provider": provider}
    await events.write(conn, district=district, kind="statement.changed", roles=HEARERS, at=now, **whose)
