"""A shift out of a local day and clock times: what is not after its beginning is on the next day; pure."""

from datetime import date, datetime, timedelta
from uuid import UUID

from core.clock import at_local, local
from dispatch.roster.weeks import Laid

Rest = tuple[str | None, str | None, int]
"""Not before, not after, minutes."""


def shift(caregiver: UUID, on: date, starts: str, ends: str, rest: Rest = (None, None, 0)) -> Laid:
    """Return the shift that begins on a day; a break without times may lie anywhere in it."""
    starts_at = at_local(on, starts)
    ends_at = after(starts_at, on, ends)
    since, until, minutes = rest
    if not minutes:
        return Laid(caregiver, starts_at, ends_at)
    begins = _from(starts_at, on, since) if since else starts_at
    finishes = after(begins, local(begins).date(), until) if until else ends_at
    return Laid(caregiver, starts_at, ends_at, begins, finishes, minutes)


def _from(starts_at: datetime, on: date, clock: str) -> datetime:
    """Return the first time at or after the start at which a clock shows that."""
    same = at_local(on, clock)
    return same if same >= starts_at else at_local(on + timedelta(days=1), clock)


def after(starts_at: datetime, on: date, clock: str) -> datetime:
    """Return the first time after the start at which a clock shows that."""
    same = at_local(on, clock)
    return same if same > starts_at else at_local(on + timedelta(days=1), clock)
