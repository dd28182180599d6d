"""Who can be reached: when somebody last was, by which channel, and what failed for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.db import Conn
from core.sql import load

SQL = load(__file__)


@dataclass(frozen=True, slots=True)
class Reach:
    """What is known of reaching somebody, from notices and drills.

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
        reached, failed = row["last_reached_at"], row["last_failed_at"]
        gone = bool(row["is_permanent"]) and (reached is None or (failed is not None and reached < failed))
        found[row["person_id"]] = Reach(
            reached, failed, row["code"], row["channel"], row["failed_channel"], gone
        )
    return found
