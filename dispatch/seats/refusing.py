"""What was refused is told in the timeline: two who send at once, a case just ended."""

from datetime import datetime
from uuid import UUID

from core.accounts import Person
from core.db import Conn
from core.errors import Conflict
from dispatch import cases, journal

KEPT = ("dispatch", "close")
CODES = ("already_dispatched", "wrong_state")


async def keep(conn: Conn, case_id: UUID, verb: str, problem: Conflict, by: Person, now: datetime) -> None:
    """Write down that a verb was refused, once the attempt itself is rolled back."""
    if verb not in KEPT or problem.code not in CODES:
        return
    row = await cases.lock(conn, case_id)
    data = {"verb": verb, "code": problem.code, "state": row["state"], "name": problem.extra.get("by")}
    await journal.case(conn, row, "refused", now, by=by, data=data)
