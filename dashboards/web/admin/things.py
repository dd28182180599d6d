"""Devices of the district, and what they last said."""

from typing import Any
from uuid import UUID

from core.db import Conn, Row
from core.sql import load
from gateway import states

SQL = load(__file__)
PAGE = 50


async def devices(conn: Conn, after: UUID | None) -> tuple[list[dict[str, Any]], UUID | None]:
    """Return a page of devices with their last words."""
    rows = await conn.fetch(SQL.list_devices, after, PAGE + 1)
    shown = rows[:PAGE]
    said = {row["device_id"]: row for row in await states.of(conn, [row["id"] for row in shown])}
    found = [{**row, "said": said.get(row["id"])} for row in shown]
    return found, shown[-1]["id"] if len(rows) > PAGE else None


async def beds(conn: Conn) -> list[Row]:
    """Return the beds that a device may be bound to."""
    return await conn.fetch(SQL.list_beds)
