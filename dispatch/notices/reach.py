"""Who can be reached: when somebody last was, by which channel, and what failed for good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.db import Conn
from core.sql import load

SQL = load(__file__)


@dataclass(frozen=True, slots=True)
class Reach:
    """What is known of reaching somebody, from notices, drills and what operators said of their calls.

    `channel` is the one that last reached them; `code` why the last failure failed, `failed_channel` by what;
    `is_permanent`: that failure is for good (no such number) and nothing has reached them since.
    """

    last_reached_at: datetime | None = None
    last_failed_at: datetime | None = None
    code: str | None = None
    channel: str | None = None
    failed_channel: str | None = None
    is_permanent: bool = False

    @property
    def is_unreachable(self) -> bool:
        """Say whether the last thing known is that it failed."""
        if self.last_failed_at is None:
            return False
        return self.last_reached_at is None or self.last_reached_at < self.last_failed_at


NOTHING = Reach()
"""Of whom nothing is known yet."""


async def of(conn: Conn, people: Sequence[UUID]) -> dict[UUID, Reach]:
    """Return what is known of each person: ids of family members, caregivers or accounts; all are in it."""
    found = dict.fromkeys(people, NOTHING)
    for row in await conn.fetch(SQL.list_reach, list(people)):
        found[row["person_id"]] = read(row)
    return found


def read(row: Mapping[str, Any]) -> Reach:
    """Read the columns of `reach_of`."""
    return Reach(
        last_reached_at=row["last_reached_at"],
        last_failed_at=row["last_failed_at"],
        code=row["code"],
        channel=row["channel"],
        failed_channel=row["failed_channel"],
        is_permanent=row["is_permanent"],
    )
