"""The queues of the console, and the rows that its live feed sends."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from core.db import Conn, Row
from core.sql import load
from dispatch.seats.presence import FRESH

SQL = load(__file__)
PARKED = ("shelved", "out_of_service")


async def head(conn: Conn) -> Row:
    """Return {number, care, technical: how many wait, open_care, open_technical, grave, offered}.

    `number` is of the last event, `grave` are the cases that ring until somebody claims them, `offered` the
    accounts (or `managers`) to whom cases are offered.
    """
    row = await conn.fetchrow(SQL.find_head)
    if row is None:
        raise LookupError("an aggregate has a row")
    return row


async def open_cases(conn: Conn, class_: str, now: datetime) -> list[dict[str, Any]]:
    """Return what is open in a queue, in the order in which it should be worked on."""
    return [ranked(row) for row in await conn.fetch(SQL.list_queue, class_, now - FRESH)]


async def some(conn: Conn, cases: Iterable[UUID], now: datetime) -> list[dict[str, Any]]:
    """Return some cases as rows of a queue."""
    return [ranked(row) for row in await conn.fetch(SQL.list_rows, list(cases), now - FRESH)]


async def history(conn: Conn, after: UUID | None, limit: int = 50) -> list[Row]:
    """Return closed cases, newest first; one more than the limit when there are more."""
    return await conn.fetch(SQL.list_history, after, limit + 1)


def ranked(row: Row) -> dict[str, Any]:
    """Add the place of a row as text that sorts: severity, grade and age, never arrival."""
    parts = (
        int(row["state"] in PARKED),
        int(row["state"] == "resolved"),
        row["severity"],
        row["grade_rank"],
        f"{row['opened_at'].timestamp():017.3f}",
    )
    return {**row, "rank": "-".join(str(part) for part in parts)}
