"""Visits: wanted, offered, accepted, under way, proven; every change is one compare-and-set with its line."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.clock import at_local
from core.db import Conn, Row
from core.errors import Conflict
from core.ids import new_id
from core.sql import load
from dispatch import (
    asking,
    emergency,
    evidence,
    fields,
    journal,
    service_items,
    visit_rows,
)
from dispatch.asking import Follows, Window
from dispatch.attendance import check_in, check_out
from dispatch.holding import free, hold
from dispatch.phone import checklists, companions
from dispatch.roster import editing
from dispatch.states import VISIT, after
from dispatch.visit_rows import find

SQL = load(__file__)

__all__ = (
    "accept",
    "cancel",
    "check_in",
    "check_out",
    "confirm",
    "decline",
    "en_route",
    "find",
    "free",
    "hold",
    "list_",
    "miss_due",
    "offer",
    "timeline",
    "want",
)


async def list_(
    conn: Conn,
    *,
    caregiver_id: UUID | None = None,
    elder_id: UUID | None = None,
    state: str | None = None,
    case_id: UUID | None = None,
    provider_id: UUID | None = None,
    day: date | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return visits, the latest window first; with a local `day` those whose window touches it."""
    since = at_local(day, "00:00") if day else None
    until = since + timedelta(days=1) if since else None
    whose = (caregiver_id, elder_id, state, case_id, provider_id)
    return await conn.fetch(SQL.list_visits, *whose, since, until, after, limit)


async def timeline(conn: Conn, visit_id: UUID) -> list[Row]:
    """Return every step of a visit: who (none: the system), when, what; raise NotFound."""
    await find(conn, visit_id)
    return await conn.fetch(journal.SQL.list_visit_entries, visit_id)


async def want(
    conn: Conn,
    *,
    district: UUID,
    elder_id: UUID,
    service: str,
    window_start: datetime,
    window_end: datetime,
    now: datetime,
    care_bed_id: UUID | None = None,
    provider_id: UUID | None = None,
    minutes: int | None = None,
    priority: int = 3,
    funding: str = "subsidy",
    by: Person | None = None,
    windows: Sequence[Window] = (),
    movable: tuple[date, date] | None = None,
    is_optional: bool = False,
    staff: int = 1,
    follows: Follows | None = None,
    origin: str | None = None,
    held_reason: str | None = None,
) -> UUID:
    """Ask for a planned visit; return its id, or the id of the visit that this `origin` has wanted already.

    `windows` are further ones of the same day; on a `movable` visit the planner picks the day; `follows` is
    (visit, least, most minutes after its start); with a `held_reason` it waits until it is freed.
    """
    item = service_items.get(service)
    asked = asking.check((window_start, window_end), windows, movable, follows, staff)
    visit_id = new_id()
    whose = (visit_id, district, elder_id, care_bed_id)
    what = (service, priority, window_start, window_end, minutes or item.minutes)
    how = (*asked, is_optional, origin, held_reason)
    if await conn.fetchval(SQL.create_visit, *whose, *what, provider_id, funding, now, *how) is None:
        there: UUID = await conn.fetchval(SQL.find_by_origin, district, origin)
        return there
    await journal.visit(conn, await visit_rows.lock(conn, visit_id), "want", now, by=by)
    return visit_id


async def offer(
    conn: Conn,
    visit_id: UUID,
    caregiver_id: UUID,
    by: Person | None,
    now: datetime,
    why: dict[str, Any] | None = None,
) -> Row:
    """Offer a wanted visit to a caregiver (a plan's or a manager's choice, with its reason)."""
    person = await editing.lock(conn, caregiver_id)
    row = await visit_rows.lock(conn, visit_id)
    if row["case_id"]:
        raise Conflict("an emergency visit is offered through its case", code="dispatch_case")
    to = after(VISIT, "visit", "offer", row["state"])
    reason = why or {"chosen": {"caregiver_id": str(caregiver_id), "code": "by_hand"}, "considered": []}
    values = (visit_id, row["state"], caregiver_id, person["provider_id"], now, reason)
    await visit_rows.set_(conn, SQL.offer_visit, row, *values)
    offered = {**row, "caregiver_id": caregiver_id}
    await journal.visit(conn, offered, "offer", now, by=by, to=to, data={"caregiver_id": str(caregiver_id)})
    return await find(conn, visit_id)


async def accept(conn: Conn, visit_id: UUID, by: Person, now: datetime) -> Row:
    """Promise to come, or to come along; of an emergency that several are asked, the first has it."""
    if await companions.find(conn, visit_id, by):
        return await companions.accept(conn, visit_id, by, now)
    row = await visit_rows.lock(conn, visit_id)
    if row["case_id"]:
        await emergency.accept(conn, row, by, now)
        return await find(conn, visit_id)
    row = await visit_rows.mine(conn, visit_id, by)
    to = after(VISIT, "visit", "accept", row["state"])
    await visit_rows.set_(conn, SQL.accept_visit, row, visit_id, row["state"], row["caregiver_id"], now)
    await journal.visit(conn, row, "accept", now, by=by, to=to)
    return await find(conn, visit_id)


async def decline(
    conn: Conn,
    visit_id: UUID,
    by: Person,
    now: datetime,
    reason: str | None = None,
    code: str | None = None,
) -> UUID | None:
    """Say no, with a code of DECLINES; an emergency goes to the next nearest at once (None: nobody)."""
    if code is not None:
        fields.one_of("code", code, checklists.DECLINES)
    if await companions.find(conn, visit_id, by):
        await companions.decline(conn, visit_id, by, now, reason, code)
        return None
    row = await visit_rows.lock(conn, visit_id)
    if row["case_id"]:
        return await emergency.decline(conn, row, by, now, reason, code)
    row = await visit_rows.mine(conn, visit_id, by)
    after(VISIT, "visit", "decline", row["state"])
    data = {"caregiver_id": str(row["caregiver_id"]), "reason": reason, "code": code}
    await journal.visit(conn, row, "decline", now, by=by, to="wanted", data=data)
    await visit_rows.set_(conn, SQL.want_again, row, visit_id, row["state"], row["caregiver_id"])
    return None


async def en_route(conn: Conn, visit_id: UUID, by: Person, now: datetime) -> Row:
    """Set out."""
    if await companions.find(conn, visit_id, by):
        return await companions.en_route(conn, visit_id, by, now)
    row = await visit_rows.mine(conn, visit_id, by)
    return await visit_rows.move(conn, row, "en_route", by, now)


async def cancel(conn: Conn, visit_id: UUID, by: Person, now: datetime, reason: str) -> Row:
    """Call a planned visit off; whom a case was sent is recalled through the case."""
    row = await visit_rows.lock(conn, visit_id)
    if row["case_id"]:
        raise Conflict("an emergency visit is recalled through its case", code="recall_case")
    return await visit_rows.move(conn, row, "cancel", by, now, {"reason": reason})


async def confirm(
    conn: Conn, visit_id: UUID, by: Person, now: datetime, *, agrees: bool, note: str | None = None
) -> Row:
    """Keep what the elder or the family says about a visit, and weigh its proof again."""
    row = await visit_rows.lock(conn, visit_id)
    after(VISIT, "visit", "confirm", row["state"])
    data = {"agrees": agrees, "who": by.role, "note": note}
    await journal.visit(conn, row, "confirm", now, by=by, data=data)
    await evidence.decide(conn, visit_id, now)
    return await find(conn, visit_id)


async def miss_due(conn: Conn, now: datetime, grace: timedelta) -> int:
    """Mark planned visits that nobody came to; emergencies are watched through their case."""
    late = await conn.fetch(SQL.list_late, now - grace)
    for one in late:
        row = await visit_rows.lock(conn, one["id"])
        if row["state"] in VISIT["miss"].sources:
            await visit_rows.move(conn, row, "miss", None, now)
    return len(late)
