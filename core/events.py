"""The event feed: written without a number by whoever changes something, numbered once it is committed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.db import Conn, Pool
from core.sql import load

SQL = load(__file__)

OPERATORS = ("operator", "duty_manager", "admin")
"""Who hears what happens in the call centre."""
MANAGER = "provider_manager"


@dataclass(frozen=True, slots=True)
class Event:
    """One numbered event: ids only, never a person's data."""

    number: int
    district_id: UUID
    kind: str
    subject_id: UUID
    case_id: UUID | None
    visit_id: UUID | None
    elder_id: UUID | None
    caregiver_id: UUID | None
    roles: tuple[str, ...]
    at: datetime


async def write(
    conn: Conn,
    *,
    district: UUID,
    kind: str,
    subject: UUID,
    roles: Sequence[str],
    at: datetime,
    case: UUID | None = None,
    visit: UUID | None = None,
    elder: UUID | None = None,
    caregiver: UUID | None = None,
    provider: UUID | None = None,
) -> None:
    """Write an event in the caller's transaction; who may hear it is decided here.

    A `family` hears it only for its own `elder`, a `caregiver` only for itself, a `provider_manager`
    of what names a `provider` only for the own one.
    """
    hearers = [manager_of(provider) if provider and role == MANAGER else role for role in roles]
    await conn.execute(SQL.write_event, district, kind, subject, hearers, at, case, visit, elder, caregiver)


async def write_of_cases(
    conn: Conn,
    *,
    district: UUID,
    kind: str,
    cases: Sequence[tuple[UUID, UUID | None]],
    roles: Sequence[str],
    at: datetime,
) -> None:
    """Write one event of a kind for each (case, elder) at once; the subject is the case."""
    subjects, elders = [case for case, _ in cases], [elder for _, elder in cases]
    await conn.execute(SQL.write_events, district, kind, subjects, list(roles), at, elders)


def manager_of(provider: UUID) -> str:
    """Return how the managers of one provider stand among an event's roles."""
    return f"{MANAGER}:{provider}"


async def number(pool: Pool) -> int:
    """Give numbers to what has been committed, under one lock; return how many got one."""
    async with pool.transaction() as conn:
        count: int = await conn.fetchval(SQL.number_events)
        return count


async def after(pool: Pool, last: int, most: int = 500) -> list[Event]:
    """Return the events after a number, of every district: the caller must filter by scope."""
    async with pool.transaction() as conn:
        rows = await conn.fetch(SQL.events_after, last, most)
    return [Event(**{**row, "roles": tuple(row["roles"])}) for row in rows]


async def bounds(pool: Pool) -> tuple[int, int]:
    """Return the numbers of the oldest event kept and of the last one."""
    async with pool.transaction() as conn:
        row = await conn.fetchrow(SQL.event_bounds)
    assert row is not None  # noqa: S101 - an aggregate always gives a row
    return row["oldest"], row["last"]
