"""Leave: asked for by a caregiver, approved by a manager who has seen which visits then have nobody."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch import fields
from dispatch.roster import editing, effects, telling
from dispatch.roster.effects import Absence

SQL = load(__file__)
KINDS = ("annual", "sick", "injury", "personal", "maternity", "bereavement", "training", "other")
LONGEST = timedelta(days=400)
VERBS = {
    "approve": (("asked",), "approved"),
    "refuse": (("asked",), "refused"),
    "withdraw": (("asked", "approved"), "withdrawn"),
}
"""What leads a leave from which states to which."""


async def ask(
    conn: Conn,
    caregiver_id: UUID,
    kind: str,
    starts_at: datetime,
    ends_at: datetime,
    by: Person | None,
    now: datetime,
) -> UUID:
    """Ask for leave; nothing changes until it is approved. Raise Conflict when leave is there already."""
    fields.one_of("kind", kind, KINDS)
    if ends_at <= starts_at:
        raise fields.wrong("ends_at", "before_start", "before starts_at")
    if ends_at - starts_at > LONGEST:
        raise fields.wrong("ends_at", "too_long", "more than 400 days after starts_at")
    caregiver = await editing.lock(conn, caregiver_id)
    identity, who = new_id(), by.account_id if by else None
    values = (identity, caregiver["district_id"], caregiver_id, kind, starts_at, ends_at, who, now)
    try:
        async with conn.transaction():
            await conn.execute(SQL.ask_leave, *values)
    except asyncpg.ExclusionViolationError as error:
        raise Conflict("there is leave at that time already", code="leave_overlap") from error
    await telling.changed(conn, caregiver, now)
    return identity


async def record(
    conn: Conn,
    caregiver_id: UUID,
    kind: str,
    starts_at: datetime,
    ends_at: datetime,
    by: Person | None,
    now: datetime,
    *,
    is_confirmed: bool = False,
) -> UUID:
    """Note leave and approve it at once, as a manager does who is told on the telephone."""
    identity = await ask(conn, caregiver_id, kind, starts_at, ends_at, by, now)
    await decide(conn, identity, "approve", by, now, is_confirmed=is_confirmed)
    return identity


async def decide(
    conn: Conn, leave_id: UUID, verb: str, by: Person | None, now: datetime, *, is_confirmed: bool = False
) -> Row:
    """Approve, refuse or withdraw leave; an approval lists the visits that lose their caregiver first."""
    row = await find(conn, leave_id)
    caregiver = await editing.lock(conn, row["caregiver_id"])
    (sources, to), who = VERBS[verb], by.account_id if by else None
    gone = Absence(row["kind"], row["caregiver_id"], row["starts_at"], row["ends_at"])
    lost = await effects.of_absence(conn, gone, now) if verb == "approve" else []
    effects.refuse(lost, is_confirmed=is_confirmed)
    if await conn.fetchval(SQL.decide_leave, leave_id, list(sources), to, who, now) is None:
        row = await find(conn, leave_id)
        told: dict[str, Any] = {"state": row["state"], "verb": verb}
        raise Conflict(f"cannot {verb} leave that is {row['state']}", code="wrong_state", **told)
    await effects.mend(conn, [gone], lost, now)
    await telling.changed(conn, caregiver, now)
    return await find(conn, leave_id)


async def find(conn: Conn, leave_id: UUID) -> Row:
    """Return leave or raise NotFound."""
    row = await conn.fetchrow(SQL.find_leave, leave_id)
    if row is None:
        raise NotFound(f"no leave {leave_id}")
    return row


async def list_(
    conn: Conn,
    *,
    provider_id: UUID | None = None,
    caregiver_id: UUID | None = None,
    is_open: bool = False,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return leave, the latest first; only what waits for a decision with `is_open`."""
    return await conn.fetch(SQL.list_leaves, provider_id, caregiver_id, after, limit, is_open)


async def touching(conn: Conn, provider_id: UUID | None, since: datetime, until: datetime) -> list[Row]:
    """Return the asked and approved leave that touches a span."""
    return await conn.fetch(SQL.list_touching, provider_id, since, until)
