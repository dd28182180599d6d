"""Ways that a source was asked for, kept by place to about ten metres."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from core.db import Conn
from core.sql import load
from dispatch.travel.sources import Leg
from dispatch.travel.ways import Point

SQL = load(__file__)
RETENTION = timedelta(days=180)
_PER_DEGREE = 10_000
_EAST = 10_000_000
_MOST = 2**31 - 1


class Known(NamedTuple):
    """A leg between two cells, and when it was fetched."""

    from_cell: int
    to_cell: int
    leg: Leg
    fetched_at: datetime


def cell(point: Point) -> int:
    """Return the number of the place of about ten metres that a point lies in."""
    north, east = round((point.lat + 90) * _PER_DEGREE), round((point.lon + 180) * _PER_DEGREE)
    return north * _EAST + east


def middle(number: int) -> Point:
    """Return the point that stands for a cell: all that a source is told of where a home is."""
    north, east = divmod(number, _EAST)
    return Point(round(north / _PER_DEGREE - 90, 6), round(east / _PER_DEGREE - 180, 6))


async def known(conn: Conn, source: str, cells: Sequence[int]) -> list[Known]:
    """Return what is kept of the ways between these cells."""
    rows = await conn.fetch(SQL.list_legs, source, list(cells))
    return [
        Known(row["from_cell"], row["to_cell"], Leg(row["metres"], row["seconds"]), row["fetched_at"])
        for row in rows
    ]


async def keep(conn: Conn, district: UUID, source: str, legs: Sequence[Known], now: datetime) -> None:
    """Keep what a source said now; what somebody else was told later stays."""
    await conn.execute(
        SQL.keep_legs,
        district,
        source,
        [one.from_cell for one in legs],
        [one.to_cell for one in legs],
        [_whole(one.leg.metres) for one in legs],
        [_whole(one.leg.seconds) for one in legs],
        now,
    )


async def forget_old(conn: Conn, now: datetime) -> None:
    """Drop what has passed its retention."""
    await conn.execute(SQL.forget_legs, now - RETENTION)


def _whole(value: float | None) -> int | None:
    return None if value is None else min(round(value), _MOST)
