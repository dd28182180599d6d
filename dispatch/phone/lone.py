"""Who is alone at somebody's home: from check-in a time runs; then the phone asks, then others are told."""

from datetime import datetime, timedelta
from uuid import UUID

from core import districts, events
from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict
from core.ids import new_id
from core.sql import load
from dispatch.phone import alerts

SQL = load(__file__)


async def begin(conn: Conn, visit: Row, by: Person, began: datetime) -> None:
    """Let the time run for a caregiver who has checked in to a visit."""
    settings = await districts.settings(conn, visit["district_id"])
    due = began + timedelta(minutes=visit["minutes"] + settings.lone_minutes)
    await conn.execute(SQL.begin_watch, visit["id"], by.caregiver_id, visit["district_id"], due)


async def end(conn: Conn, visit_id: UUID, by: Person, now: datetime) -> None:
    """Stop the time of who has checked out; an alarm about it is over."""
    await conn.execute(SQL.end_watch, visit_id, by.caregiver_id, now)
    await alerts.over(conn, visit_id, by, now, "checked_out")


async def leave(conn: Conn, visit_id: UUID, caregiver_id: UUID, now: datetime) -> None:
    """Stop the time of who leaves a visit for an emergency; what was raised about them stays raised."""
    await conn.execute(SQL.end_watch, visit_id, caregiver_id, now)


async def well(conn: Conn, visit_id: UUID, by: Person, now: datetime) -> datetime:
    """Take the caregiver's word that all is well; return when the phone asks again."""
    settings = await districts.settings(conn, by.district_id)
    due = now + timedelta(minutes=settings.lone_minutes)
    if await conn.fetchval(SQL.prolong_watch, visit_id, by.caregiver_id, due) is None:
        raise Conflict("this visit is not under way", code="not_under_way")
    await alerts.over(conn, visit_id, by, now, "answered")
    return due


async def run(conn: Conn, district: UUID, now: datetime) -> int:
    """Ask those whose time is over, and tell others of those who did not answer; return how many."""
    settings = await districts.settings(conn, district)
    due = await conn.fetch(SQL.list_due, now)
    for one in due:
        if one["asked_at"] is None:
            await conn.execute(
                SQL.ask_watch,
                one["visit_id"],
                one["caregiver_id"],
                now,
                now + timedelta(minutes=settings.lone_answer_minutes),
            )
            await _ask(conn, one, now)
        else:
            await conn.execute(SQL.alarm_watch, one["visit_id"], one["caregiver_id"], now)
            await alerts.overdue(conn, one, new_id(), now)
    return len(due)


async def _ask(conn: Conn, watch: Row, now: datetime) -> None:
    await events.write(
        conn,
        district=watch["district_id"],
        kind="visit.noted",
        subject=watch["visit_id"],
        roles=("caregiver",),
        at=now,
        visit=watch["visit_id"],
        caregiver=watch["caregiver_id"],
    )
