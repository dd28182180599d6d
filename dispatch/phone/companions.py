"""The second caregiver of a visit: accepts, sets out, checks in and out like the first, in an own row."""

from datetime import datetime
from typing import Any
from uuid import UUID

from core import events
from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.sql import load
from dispatch import evidence, journal, visit_rows

SQL = load(__file__)
_SOURCES = {
    "accept": ("offered",),
    "decline": ("offered",),
    "en_route": ("accepted",),
    "check_in": ("offered", "accepted", "en_route"),
    "check_out": ("in_progress",),
}


def standing(row: Row) -> str:
    """Return how far the one who comes along is: their own state, in the words of visits."""
    marks = (
        ("ended_at", "completed"),
        ("started_at", "in_progress"),
        ("en_route_at", "en_route"),
        ("accepted_at", "accepted"),
    )
    return next((state for column, state in marks if row[column] is not None), "offered")


async def find(conn: Conn, visit_id: UUID, by: Person) -> Row | None:
    """Return the seat beside the first if it is this caregiver's; None: it is not."""
    if by.caregiver_id is None:
        return None
    return await conn.fetchrow(SQL.find_companion, visit_id, by.caregiver_id)


async def accept(conn: Conn, visit_id: UUID, by: Person, now: datetime) -> Row:
    """Promise to come along."""
    visit, _ = await _may(conn, visit_id, by, "accept")
    await conn.execute(SQL.accept_companion, visit_id, by.caregiver_id, now)
    return await _note(conn, visit, "companion_accept", by, now)


async def decline(
    conn: Conn, visit_id: UUID, by: Person, now: datetime, reason: str | None, code: str | None
) -> None:
    """Say no: the seat is free again, and the planner or a manager finds somebody else."""
    visit, _ = await _may(conn, visit_id, by, "decline")
    await conn.execute(SQL.drop_companion, visit_id, by.caregiver_id)
    data = {"caregiver_id": str(by.caregiver_id), "reason": reason, "code": code}
    await _note(conn, visit, "companion_decline", by, now, data)


async def en_route(conn: Conn, visit_id: UUID, by: Person, now: datetime) -> Row:
    """Set out."""
    visit, _ = await _may(conn, visit_id, by, "en_route")
    await conn.execute(SQL.send_companion, visit_id, by.caregiver_id, now)
    return await _note(conn, visit, "companion_en_route", by, now)


async def check_in(
    conn: Conn, visit_id: UUID, by: Person, now: datetime, began: datetime, mark: dict[str, Any]
) -> Row:
    """Begin: the mark is kept as the phone said it."""
    visit, _ = await _may(conn, visit_id, by, "check_in")
    await conn.execute(SQL.start_companion, visit_id, by.caregiver_id, began, mark)
    await evidence.decide_again(conn, visit_id, now)
    return await _note(conn, visit, "companion_check_in", by, now, {"at": mark["at"]})


async def check_out(
    conn: Conn, visit_id: UUID, by: Person, now: datetime, ended: datetime, mark: dict[str, Any]
) -> Row:
    """Leave; the record of the visit is the first caregiver's."""
    visit, seat = await _may(conn, visit_id, by, "check_out")
    at = max(ended, seat["started_at"])
    await conn.execute(SQL.end_companion, visit_id, by.caregiver_id, at, mark)
    await evidence.decide_again(conn, visit_id, now)
    return await _note(conn, visit, "companion_check_out", by, now, {"at": mark["at"]})


async def _may(conn: Conn, visit_id: UUID, by: Person, verb: str) -> tuple[Row, Row]:
    """Lock the visit, then look at the seat: whoever changes both takes them in this order."""
    visit = await visit_rows.lock(conn, visit_id)
    seat = await find(conn, visit_id, by)
    if seat is None:
        raise NotFound(f"no visit {visit_id}")
    state = visit["state"] if visit["state"] in ("cancelled", "reassigned", "wanted") else standing(seat)
    if state not in _SOURCES[verb]:
        said = verb.replace("_", " ")
        raise Conflict(f"cannot {said}: it is {state}", code="wrong_state", state=state, verb=verb)
    return visit, seat


async def _note(
    conn: Conn, visit: Row, action: str, by: Person, now: datetime, data: dict[str, Any] | None = None
) -> Row:
    await journal.visit(conn, visit, action, now, by=by, data=data)
    await events.write(
        conn,
        district=visit["district_id"],
        kind="visit.noted",
        subject=visit["id"],
        roles=("caregiver",),
        at=now,
        visit=visit["id"],
        caregiver=by.caregiver_id,
    )
    return await visit_rows.find(conn, visit["id"])
