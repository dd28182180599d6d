"""Every provider's score of a month, from what the district knows: one statement."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from core.clock import ZONE, month_after
from core.db import Conn, Row
from core.sql import load
from services import scores
from services.scores import Score

SQL = load(__file__)


@dataclass(frozen=True, slots=True)
class Scored:
    """A provider and its score."""

    provider_id: UUID
    provider: str
    visits: int
    score: Score


async def of_month(conn: Conn, month: date, zone: ZoneInfo = ZONE) -> list[Scored]:
    """Return the score of every provider that had visits or claims in a local month, by name."""
    since, until = (
        datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
        for day in (month, month_after(month))
    )
    rows = await conn.fetch(SQL.list_counts, month, since, until)
    return [Scored(row["id"], row["name"], row["visits"], scores.score(_counts(row))) for row in rows]


def _counts(row: Row) -> dict[str, tuple[int, int]]:
    return {
        "on_time": (row["on_time"], row["visits"]),
        "verified": (row["proven"], row["weighed"]),
        "kept": (row["visits"], row["due"]),
        "findings": (row["confirmed"], row["visits"]),
        "samples": (row["wrong"], row["asked"]),
        "complaints": (row["upheld"], row["visits"]),
        "rejected": (row["rejected"], row["claims"]),
    }
