"""A provider's manager confirms visits for their people: who was asked by telephone has promised too."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.sql import load
from dispatch import journal, visit_rows
from dispatch.states import VISIT, after

SQL = load(__file__)
MOST = 200


async def waiting(conn: Conn, provider_id: UUID | None, since: datetime, until: datetime) -> list[Row]:
    """Return planned visits that are offered and not yet accepted, the soonest first."""
    return await conn.fetch(SQL.list_waiting, provider_id, since, until, MOST)


async def confirm(conn: Conn, visit_id: UUID, by: Person, now: datetime) -> None:
    """Accept an offered visit for its caregiver; raise Conflict when there is nothing to accept."""
    row = await visit_rows.lock(conn, visit_id)
    if by.provider_id is not None and row["provider_id"] != by.provider_id:
        raise NotFound(f"no visit {visit_id}")
    if row["case_id"]:
        raise Conflict("an emergency is accepted by who goes", code="dispatch_case")
    to = after(VISIT, "visit", "accept", row["state"])
    await visit_rows.set_(conn, SQL.confirm_visit, row, visit_id, row["state"], row["caregiver_id"], now)
    await journal.visit(conn, row, "accept", now, by=by, to=to, data={"on_behalf": True})


async def confirm_all(conn: Conn, visits: Iterable[UUID], by: Person, now: datetime) -> int:
    """Accept several; what was accepted or taken back in the meantime is left as it is. Return how many."""
    done = 0
    for visit_id in sorted(visits):
        try:
            await confirm(conn, visit_id, by, now)
        except Conflict:
            continue
        done += 1
    return done
