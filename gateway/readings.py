"""Readings: values over time, by short keys; written by COPY, read under the caller's district."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from core.db import Conn, Row
from core.sql import load

SQL = load(__file__)
RETENTION = timedelta(days=400)
_AHEAD = timedelta(days=3)
_BEHIND = timedelta(days=2)
_COLUMNS = ["device_no", "observed_at", "value", "metric"]
ReadingRow = tuple[int, datetime, float, int]
ExtraRow = tuple[int, datetime, str, str, str]


async def store(conn: Conn, rows: Sequence[ReadingRow], extras: Sequence[ExtraRow]) -> None:
    """Append readings and extras (their values as JSON)."""
    if rows:
        await conn.copy_records_to_table("reading", records=rows, columns=_COLUMNS, schema_name="ingest")
    if extras:
        await conn.execute(SQL.insert_extra, *(list(column) for column in zip(*extras, strict=True)))


async def between(
    conn: Conn, devices: Sequence[UUID], since: datetime, until: datetime, limit: int = 20_000
) -> list[Row]:
    """Return {device_id, metric, observed_at, value} of devices of the current district, oldest first."""
    return await conn.fetch(SQL.list_between, list(devices), since, until, limit)


async def extra_between(
    conn: Conn, devices: Sequence[UUID], since: datetime, until: datetime, limit: int = 2_000
) -> list[Row]:
    """Return {device_id, name, observed_at, value, why} of what no thing model explains."""
    return await conn.fetch(SQL.list_extra_between, list(devices), since, until, limit)


async def keep(conn: Conn, now: datetime) -> int:
    """Make the partitions of the coming days, drop what is past its retention; return how many were made."""
    made: int = await conn.fetchval(
        SQL.keep_partitions, (now - _BEHIND).date(), (now + _AHEAD).date(), now - RETENTION
    )
    await conn.execute(SQL.drop_extra, now - RETENTION)
    return made
