"""Monitoring paused for hospital, holiday or repair, with an end that is watched; alarms are kept, none page.

An alarm that falls in a pause goes to one quiet case of that pause, which closes by itself with the pause if
nobody has taken it. An SOS, a fall or a fire pages as ever, and questions the pause on its timeline.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from core import audit, districts, events
from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.events import OPERATORS
from core.ids import new_id
from core.sql import load
from dispatch import cases, escalation, fields, journal
from dispatch.centre import pausing
from dispatch.centre.pausing import REASONS, Pause, Verdict
from dispatch.lowering import LOWERED_SEVERITY
from dispatch.policy import FAMILY
from dispatch.states import CASE, after

SQL = load(__file__)
WARNING = timedelta(days=1)


async def begin(
    conn: Conn,
    *,
    elder: UUID,
    care_bed: UUID | None,
    reason: str,
    starts_at: datetime,
    ends_at: datetime,
    by: Person,
    now: datetime,
    absence: UUID | None = None,
) -> UUID:
    """Pause what a person's devices (or one bed's) say; raise Invalid, or Conflict when it is paused."""
    fields.one_of("reason", reason, REASONS)
    district = by.district_id
    days = (await districts.settings(conn, district)).pause_most_days
    if ends_at <= max(starts_at, now):
        raise fields.wrong("ends_at", "past", "must lie in the future, after the beginning")
    if ends_at - max(starts_at, now) > timedelta(days=days):
        raise fields.wrong("ends_at", "pause_too_long", f"at most {days} days")
    if starts_at < now - timedelta(hours=1):
        raise fields.wrong("starts_at", "past", "not before now")
    if care_bed is not None and not await conn.fetchval(SQL.is_bed_of, care_bed, elder):
        raise NotFound(f"no care bed {care_bed}")
    identity = new_id()
    values = (identity, district, elder, care_bed, absence, reason, starts_at, ends_at, by.account_id, now)
    try:
        async with conn.transaction():
            await conn.execute(SQL.begin_pause, *values)
    except asyncpg.ExclusionViolationError as error:
        raise Conflict("monitoring is paused at that time already", code="pause_overlap") from error
    await _note(conn, "pause.begin", identity, district, by, now, {"reason": reason})
    await _tell(conn, await find(conn, identity), "pause.begun", now)
    return identity


async def end(conn: Conn, pause_id: UUID, by: Person | None, now: datetime) -> Row:
    """End a pause, at once; its quiet cases that nobody has taken close. Raise Conflict when it is over."""
    row = await find(conn, pause_id)
    if await conn.fetchval(SQL.end_pause, pause_id, now, by.account_id if by else None) is None:
        over = await find(conn, pause_id)
        by_name = {"by": over["ended_by_name"]} if over["ended_by_name"] else {}
        raise Conflict("the pause is over", code="pause_over", at=over["ended_at"].isoformat(), **by_name)
    await _close_quiet(conn, pause_id, now)
    if by is not None:
        await _note(conn, "pause.end", pause_id, row["district_id"], by, now, {})
    await _tell(conn, row, "pause.ended", now)
    return await find(conn, pause_id)


async def _close_quiet(conn: Conn, pause_id: UUID, now: datetime) -> None:
    for one in await conn.fetch(SQL.list_quiet, pause_id):
        row = await cases.lock(conn, one["id"])
        if row["state"] in {"raised", "returned"}:
            to = after(CASE, "case", "close", row["state"])
            closed = (row["id"], row["state"], None, now, "other", None)
            await conn.fetchval(cases.SQL.close_case, *closed)
            data = {"outcome": "other", "cause": "pause_ended", "pause_id": str(pause_id)}
            await journal.case(conn, row, "close", now, to=to, data=data, roles=OPERATORS)


async def find(conn: Conn, pause_id: UUID) -> Row:
    """Return a pause or raise NotFound."""
    row = await conn.fetchrow(SQL.find_pause, pause_id)
    if row is None:
        raise NotFound(f"no monitoring pause {pause_id}")
    return row


async def list_(
    conn: Conn,
    *,
    elder: UUID | None = None,
    among: Sequence[UUID] | None = None,
    is_open: bool = False,
    before: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return pauses, the latest first; `among`: only of these people (None: of everybody)."""
    return await conn.fetch(SQL.list_pauses, elder, is_open, before, limit, among)


async def ending(conn: Conn, limit: int = 200) -> list[Row]:
    """Return the pauses that nobody has ended, with how many alarms they have kept; who ends first, first."""
    return await conn.fetch(SQL.list_ending, limit)


async def of_elder(conn: Conn, elder: UUID, now: datetime) -> list[Row]:
    """Return {id, care_bed_id, reason, starts_at, ends_at} of a person's pauses, of now and to come."""
    return await conn.fetch(SQL.list_of_elder, elder, now)


async def paused_elders(conn: Conn, now: datetime) -> set[UUID]:
    """Return everybody whose monitoring is paused altogether (not one bed's) at an instant."""
    return {row["elder_id"] for row in await conn.fetch(SQL.list_paused_elders, now)}


async def proposed(conn: Conn, elder: UUID, now: datetime) -> Row | None:
    """Return {id, kind, starts_on, ends_on} of an absence of now that has no pause: it proposes one."""
    return await conn.fetchrow(SQL.find_proposed, elder, now)


async def judge(conn: Conn, alarm: Row) -> Verdict | None:
    """Return the pause that an alarm falls in, and whether it pages all the same (a fault never pages)."""
    if alarm["class"] != "care" or alarm["elder_id"] is None:
        return None
    rows = await conn.fetch(SQL.list_in_force, alarm["elder_id"], alarm["received_at"])
    known = [Pause(row["id"], row["care_bed_id"], row["starts_at"], row["ends_at"]) for row in rows]
    times = (alarm["observed_at"], alarm["received_at"])
    return pausing.judge(alarm["type"], alarm["care_bed_id"], *times, known)


async def keep(conn: Conn, alarm: Row, verdict: Verdict, now: datetime) -> None:
    """Keep an alarm of a pause in its quiet case: shown to operators, paging nobody."""
    case_id = await conn.fetchval(SQL.find_quiet, verdict.pause_id)
    data = {"alarm_id": str(alarm["id"]), "type": alarm["type"], "paused_by": str(verdict.pause_id)}
    if case_id is not None:
        row = await cases.lock(conn, case_id)
        await conn.execute(SQL.join_quiet, case_id, alarm["received_at"])
        await conn.execute(SQL.link_quiet, alarm["id"], case_id, alarm["district_id"], now)
        await journal.case(conn, row, "join", now, data=data, roles=OPERATORS)
        return
    fixed: dict[str, Any] = await escalation.in_force(conn)
    whose = (new_id(), alarm["district_id"], alarm["elder_id"], alarm["care_bed_id"], "care", alarm["type"])
    what = (LOWERED_SEVERITY, alarm["received_at"], fixed, None, None, None)
    opened = await conn.fetchrow(cases.SQL.open_case, *whose, *what)
    assert opened is not None  # noqa: S101 - an insert returns its row
    await conn.execute(SQL.mark_quiet, opened["id"], verdict.pause_id)
    await conn.execute(SQL.link_quiet, alarm["id"], opened["id"], alarm["district_id"], now)
    row = {**opened, "state": None}
    await journal.case(conn, row, "open", now, to="raised", data=data, roles=OPERATORS)


async def question(conn: Conn, case: Row, verdict: Verdict, now: datetime) -> None:
    """Say on the timeline of a case that pages during a pause that somebody seems to be there."""
    await conn.execute(SQL.question_pause, verdict.pause_id, now)
    await journal.case(conn, case, "pause_questioned", now, data={"pause_id": str(verdict.pause_id)})


async def watch_due(conn: Conn, now: datetime) -> int:
    """End what has come to its end, and tell of what ends within a day; return how many of both."""
    count = 0
    for row in await conn.fetch(SQL.list_over, now):
        if await conn.fetchval(SQL.end_pause, row["id"], row["ends_at"], None) is None:
            continue  # somebody else was first
        await _close_quiet(conn, row["id"], now)
        await _tell(conn, row, "pause.ended", now)
        count += 1
    for row in await conn.fetch(SQL.warn_due, now, now + WARNING):
        await _tell(conn, row, "pause.ending", now, roles=OPERATORS)
        count += 1
    return count


async def _tell(
    conn: Conn, row: Row, kind: str, now: datetime, roles: Sequence[str] = (*FAMILY, "clerk")
) -> None:
    """Tell the call centre and, unless it is only a reminder, the family."""
    whose = {"district": row["district_id"], "elder": row["elder_id"]}
    await events.write(conn, kind=kind, subject=row["id"], roles=roles, at=now, **whose)


async def _note(
    conn: Conn, action: str, pause: UUID, district: UUID, by: Person, now: datetime, detail: dict[str, object]
) -> None:
    what = {"action": action, "subject_kind": "monitoring_pause", "subject": pause, "detail": detail}
    await audit.record(conn, district=district, at=now, account=by.account_id, **what)  # type: ignore[arg-type]


async def names(conn: Conn, elder: UUID) -> list[Row]:
    """Return {id, name} of a person."""
    return await conn.fetch(SQL.find_name, elder)
