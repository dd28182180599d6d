"""A caregiver leaves for good: the visits to come that have nobody then are listed first."""

from datetime import datetime, timedelta
from uuid import UUID

from core import accounts
from core.db import Conn
from dispatch import caregivers
from dispatch.roster import editing, effects, telling
from dispatch.roster.effects import Absence

AHEAD = timedelta(days=366)


async def leave(conn: Conn, caregiver_id: UUID, now: datetime, *, is_confirmed: bool = False) -> None:
    """Note that a caregiver has left, accounts closed; raise Conflict naming the visits unless confirmed."""
    caregiver = await editing.lock(conn, caregiver_id)
    gone = Absence("leave", caregiver_id, now, now + AHEAD)
    lost = await effects.of_absence(conn, gone, now)
    effects.refuse(lost, is_confirmed=is_confirmed)
    await caregivers.end(conn, caregiver_id, now)
    await accounts.disable_caregiver(conn, caregiver_id, now)
    await effects.mend(conn, [gone], lost, now)
    await telling.changed(conn, caregiver, now)
