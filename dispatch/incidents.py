"""Incidents: the people of a building or community that lost power or network together, and who was called.

An incident is carried by a technical case (the same id): claimed, noted and closed as any other.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.sql import load
from dispatch import cases, fields, journal
from dispatch.states import CASE

SQL = load(__file__)


async def find(conn: Conn, incident: UUID) -> Row:
    """Return an incident with its case, and how many people are without cover; raise NotFound."""
    row = await conn.fetchrow(SQL.find_incident, incident)
    if row is None:
        raise NotFound(f"no incident {incident}")
    return row


async def list_(
    conn: Conn, *, after: UUID | None = None, limit: int = 50, is_open: bool = False
) -> list[Row]:
    """Return incidents, newest first; with `is_open`, only those that are not closed."""
    return await conn.fetch(SQL.list_incidents, after, limit, is_open)


async def members(conn: Conn, incident: UUID) -> list[Row]:
    """Return its people: without cover first, then by grade, who lives alone, age."""
    return await conn.fetch(SQL.list_members, incident)


async def contact(
    conn: Conn,
    incident: UUID,
    elder: UUID,
    by: Person,
    now: datetime,
    *,
    result: str,
    to: str = "elder",
    note: str | None = None,
) -> Row:
    """Record a call to one of its people: the last result stands in the list, each call in the timeline."""
    fields.one_of("to", to, cases.CALLED)
    fields.one_of("result", result, cases.CALL_RESULTS)
    await find(conn, incident)
    case = await cases.lock(conn, incident)
    if case["state"] == "closed":
        raise Conflict("the incident is closed", code="wrong_state", state="closed", verb="call")
    if await conn.fetchval(SQL.note_call, incident, elder, now, by.account_id, result) is None:
        raise NotFound(f"no elder {elder} in incident {incident}")
    data = {"to": to, "result": result, "elder_id": str(elder)}
    await journal.case(conn, case, "call", now, by=by, note=note, data=data)
    return await find(conn, incident)


async def acknowledge(conn: Conn, case_ids: Sequence[UUID], by: Person, now: datetime) -> int:
    """Claim those of some technical cases that wait; return how many. Others keep whom they have.

    What is being changed at this moment is left as it is: a claim of hundreds never waits.
    """
    given = (list(case_ids), sorted(CASE["claim"].sources), by.account_id, now)
    rows = await conn.fetch(SQL.claim_waiting, *given)
    for row in rows:
        await journal.case(conn, row, "claim", now, by=by, to=CASE["claim"].to)
    return len(rows)


async def acknowledge_all(conn: Conn, incident: UUID, by: Person, now: datetime) -> int:
    """Claim an incident with all cases that it explains; return how many."""
    await find(conn, incident)
    rows = await conn.fetch(SQL.list_cases, incident)
    return await acknowledge(conn, [incident, *(row["id"] for row in rows)], by, now)
