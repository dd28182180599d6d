"""An operator does not wait for the clock: the next step of the escalation now."""

from datetime import datetime
from uuid import UUID

from core.accounts import Person
from core.db import Conn
from core.errors import Conflict
from dispatch import cases, journal


async def now_(conn: Conn, case_id: UUID, by: Person, now: datetime) -> None:
    """Let the next tick tell the next step (within two seconds); raise Conflict when no step waits."""
    row = await cases.lock(conn, case_id)
    if row["state"] != "raised" or row["class"] != "care" or row["escalate_at"] is None:
        raise Conflict("no step waits in this state", code="no_step", state=row["state"])
    await cases.watch(conn, row, now)
    await journal.case(conn, row, "step_now", now, by=by)
