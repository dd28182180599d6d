"""Dead letters: whatever is not understood, encrypted, with the reason; a person can read and retry it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.crypto import Keys
from core.db import Conn, Row
from core.errors import NotFound
from core.ids import new_id
from core.sql import load

SQL = load(__file__)
RETENTION = timedelta(days=30)
_LONGEST, _AT_ONCE = 300, 10_000


@dataclass(slots=True)
class Letter:
    """A message that was not understood."""

    topic: str
    payload: bytes
    received_at: datetime
    reason: str
    field: str | None = None
    sender: str | None = None
    device_id: UUID | None = None
    unknown_id: UUID | None = None
    district_id: UUID | None = None


CONDITIONS = ("open", "waiting", "solved")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which letters are wanted; None: whichever."""

    reason: str | None = None
    device: UUID | None = None
    condition: str | None = None
    since: datetime | None = None
    topic: str | None = None

    @property
    def values(self) -> tuple[UUID | str | datetime | None, ...]:
        """The filter as the statements take it, without the reason."""
        return self.device, self.condition, self.since, self.topic.lower() if self.topic else None


def _text(text: str | None) -> str | None:
    return None if text is None else text.replace("\0", "\ufffd")[:_LONGEST]


async def keep(conn: Conn, keys: Keys, letters: Sequence[Letter]) -> None:
    """Store letters, encrypted."""
    await conn.execute(
        SQL.insert_letters,
        [new_id() for _ in letters],
        [one.received_at for one in letters],
        [_text(one.topic) for one in letters],
        [_text(one.sender) for one in letters],
        [one.device_id for one in letters],
        [one.unknown_id for one in letters],
        [one.district_id for one in letters],
        [one.reason for one in letters],
        [_text(one.field) for one in letters],
        [keys.seal_raw(one.payload) for one in letters],
        [len(one.payload) for one in letters],
    )


async def list_(conn: Conn, after: UUID | None = None, limit: int = 50) -> list[Row]:
    """Return the current district's letters, newest first, without what they say."""
    return await conn.fetch(SQL.list_letters, after, limit)


async def found(conn: Conn, wanted: Filter, after: UUID | None = None, limit: int = 50) -> list[Row]:
    """Return the current district's letters that pass a filter, newest first, without what they say."""
    return await conn.fetch(SQL.list_found, wanted.reason, *wanted.values, after, limit)


async def counted(conn: Conn, wanted: Filter) -> list[Row]:
    """Return {reason, letters, latest} of all reasons, the most frequent first."""
    return await conn.fetch(SQL.count_reasons, *wanted.values)


async def count_open(conn: Conn) -> int:
    """Return how many letters of the current district are not understood yet, a thousand at the most."""
    count: int = await conn.fetchval(SQL.count_open)
    return count


async def retry_all(conn: Conn, wanted: Filter, now: datetime) -> int:
    """Ask the gateway to try again all that pass a filter, ten thousand at once; return how many."""
    count: int = await conn.fetchval(SQL.ask_retry_found, wanted.reason, *wanted.values, now, _AT_ONCE)
    return count


async def list_all(
    conn: Conn, after: UUID | None = None, limit: int = 50, *, with_solved: bool = False
) -> list[Row]:
    """Return every letter, newest first (for the gateway's role: the command line)."""
    return await conn.fetch(SQL.list_all, after, limit, with_solved)


async def read(conn: Conn, keys: Keys, letter: UUID) -> tuple[Row, bytes]:
    """Return a letter of the current district and what it says."""
    return _opened(keys, letter, await conn.fetchrow(SQL.find_letter, letter))


async def read_any(conn: Conn, keys: Keys, letter: UUID) -> tuple[Row, bytes]:
    """Return any letter and what it says (for the gateway's role: the command line)."""
    return _opened(keys, letter, await conn.fetchrow(SQL.find_any, letter))


def _opened(keys: Keys, letter: UUID, row: Row | None) -> tuple[Row, bytes]:
    if row is None:
        raise NotFound(f"no dead letter {letter}")
    return row, keys.open_raw(row["payload_sealed"])


async def retry(conn: Conn, letter: UUID, now: datetime) -> None:
    """Ask the gateway to try a letter of the current district again."""
    if not await conn.fetchval(SQL.ask_retry, letter, now):
        raise NotFound(f"no open dead letter {letter}")


async def retry_any(conn: Conn, letter: UUID, now: datetime) -> None:
    """Ask the gateway to try any letter again (for the gateway's role: the command line)."""
    if await conn.fetchval(SQL.ask_retry_all, letter, now) is None:
        raise NotFound(f"no open dead letter {letter}")


async def due(conn: Conn, now: datetime, most: int = 100) -> list[Row]:
    """Return what a person wants tried again, locked."""
    return await conn.fetch(SQL.list_due, now, most)


async def solve(conn: Conn, letter: UUID, now: datetime) -> None:
    """Note that a letter is understood now."""
    await conn.execute(SQL.solve, letter, now)


async def fail(conn: Conn, letter: UUID, reason: str, field: str | None) -> None:
    """Note that a letter is still not understood."""
    await conn.execute(SQL.fail, letter, reason, _text(field))


async def forget(conn: Conn, now: datetime) -> None:
    """Delete what is past its retention."""
    await conn.execute(SQL.drop_letters, now - RETENTION)
