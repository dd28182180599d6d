"""Guardianships: opened for one person, step by step, the six looked at, closed with a reason."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from core import audit, districts, events, people
from core.accounts import Person
from core.clock import local_date
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch.fields import one_of, wrong
from services.guardianship import duties, gaps, steps
from services.guardianship.gaps import Gap, Have, Held
from services.guardianship.steps import FINDINGS, STEPS, Done

SQL = load(__file__)
CLOSINGS = ("died", "capacity_regained", "moved", "not_needed")
HEARERS = ("clerk", "approver", "admin")
LONGEST_NOTE = 1000
LONGEST_ITEM = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """A guardianship as it stands on a day."""

    row: Row
    steps: list[Row]
    next_step: str | None
    members: list[Row]
    gaps: list[Gap]
    duties: list[duties.Standing]
    haves: list[Have]


async def open_(conn: Conn, elder: UUID, by: Person, now: datetime) -> UUID:
    """Open a guardianship; raise NotFound, or Conflict when the person is dead or has one."""
    row = await people.find_elder(conn, elder)
    if row["died_on"] is not None:
        raise Conflict("the person has died", code="elder_died")
    identity = new_id()
    try:
        async with conn.transaction():
            await conn.execute(SQL.open_guardianship, identity, by.district_id, elder, by.account_id, now)
    except asyncpg.UniqueViolationError as error:
        raise Conflict("the person has a guardianship already", code="guardianship_open") from error
    await note(conn, "guardianship.open", identity, elder, by, now)
    return identity


async def step(
    conn: Conn,
    keys: Keys,
    guardianship: UUID,
    which: str,
    *,
    on: date,
    finding: str,
    words: str,
    by: Person,
    now: datetime,
) -> None:
    """Record the next of the four steps; raise Invalid by field, Conflict with why it cannot be."""
    one_of("step", which, STEPS)
    one_of("finding", finding, FINDINGS[which])
    if len(words) > LONGEST_NOTE:
        raise wrong("note", "too_long", f"at most {LONGEST_NOTE} characters")
    row = await lock(conn, guardianship)
    done = {one["step"]: Done(one["done_on"], one["done_by"]) for one in await _steps(conn, guardianship)}
    today = local_date(now)
    has_guardian = bool(await conn.fetchval(SQL.has_guardian, guardianship, today))
    found = steps.objection(done, which, Done(on, by.account_id), has_guardian=has_guardian, today=today)
    if found in ("future", "before_previous"):
        raise wrong("done_on", found, "after the step before, and not after today")
    if found is not None:
        raise Conflict(f"the step {which} cannot be recorded: {found}", code=found)
    sealed = keys.seal(by.district_id, words.strip()) if words.strip() else None
    what = (which, by.district_id, on, finding, sealed, by.account_id, now)
    await conn.execute(SQL.record_step, guardianship, *what)
    if which == "determine":
        await conn.execute(SQL.set_capacity, guardianship, steps.capacity(finding))
    await note(conn, f"guardianship.{which}", guardianship, row["elder_id"], by, now)


async def look(
    conn: Conn, guardianship: UUID, item: str, *, had: bool, on: date, by: Person, now: datetime
) -> None:
    """Record a look at one of the six: there, and for so many days taken to be, or missing."""
    row = await lock(conn, guardianship)
    settings = await districts.settings(conn, by.district_id)
    one_of("item", item, settings.guardianship_haves)
    if on > local_date(now):
        raise wrong("had_on", "future", "not after today")
    until = on + timedelta(days=settings.guardianship_check_days) if had else None
    await conn.execute(SQL.look, guardianship, item, by.district_id, on, until, by.account_id, now)
    await note(conn, "guardianship.look", guardianship, row["elder_id"], by, now)


async def give_duty(
    conn: Conn, guardianship: UUID, new: duties.NewDuty, *, by: Person, now: datetime
) -> UUID:
    """Give a role its recurring duty in place of the one it has; return the duty's id."""
    row = await lock(conn, guardianship)
    identity = await duties.give(conn, guardianship, new, by=by, now=now)
    await note(conn, "guardianship.duty", guardianship, row["elder_id"], by, now)
    return identity


async def close(conn: Conn, guardianship: UUID, reason: str, *, on: date, by: Person, now: datetime) -> None:
    """Close a guardianship: roles and duties end, visits ahead are taken back."""
    one_of("reason", reason, CLOSINGS)
    if on > local_date(now):
        raise wrong("closed_on", "future", "not after today")
    row = await lock(conn, guardianship)
    await conn.execute(SQL.close_guardianship, guardianship, on, by.account_id, reason)
    await conn.execute(SQL.end_members, guardianship, on)
    await duties.end_all(conn, guardianship, on, now)
    await note(conn, "guardianship.close", guardianship, row["elder_id"], by, now)


async def lock(conn: Conn, guardianship: UUID) -> Row:
    """Take a guardianship for a change; raise NotFound, or Conflict when it is closed."""
    row = await conn.fetchrow(SQL.lock_guardianship, guardianship)
    if row is None:
        raise NotFound(f"no guardianship {guardianship}")
    if row["closed_on"] is not None:
        raise Conflict("the guardianship is closed", code="wrong_state", state="closed", verb="change")
    return row


async def find(conn: Conn, guardianship: UUID, now: datetime) -> Standing:
    """Return a guardianship with steps, team, gaps since the first step, duties and the six."""
    row = await conn.fetchrow(SQL.find_guardianship, guardianship)
    if row is None:
        raise NotFound(f"no guardianship {guardianship}")
    today = local_date(now)
    done, members = await _steps(conn, guardianship), await conn.fetch(SQL.list_members, guardianship)
    held = [Held(one["role"], one["valid_from"], one["valid_to"]) for one in members]
    settings = await districts.settings(conn, row["district_id"])
    looks = await conn.fetch(SQL.list_haves, guardianship)
    seen = {one["item"]: (one["had_on"], one["check_by"]) for one in looks}
    until = row["closed_on"] or today
    return Standing(
        row=row,
        steps=done,
        next_step=steps.next_step({one["step"]: Done(one["done_on"], one["done_by"]) for one in done}),
        members=members,
        gaps=gaps.gaps(held, local_date(row["opened_at"]), until),
        duties=await duties.of(conn, guardianship, today),
        haves=gaps.haves(settings.guardianship_haves, seen, today),
    )


async def list_(
    conn: Conn, now: datetime, *, elder_id: UUID | None = None, after: UUID | None = None, limit: int = 50
) -> list[Row]:
    """Return guardianships, newest first, with how many roles are held today and the last step."""
    return await conn.fetch(SQL.list_guardianships, elder_id, after, limit, local_date(now))


async def candidates(conn: Conn, now: datetime) -> list[Row]:
    """Return living persons in extreme hardship who have no guardianship, by name; at most 200."""
    return await conn.fetch(SQL.list_candidates, local_date(now))


async def _steps(conn: Conn, guardianship: UUID) -> list[Row]:
    return await conn.fetch(SQL.list_steps, guardianship)


async def note(conn: Conn, action: str, guardianship: UUID, elder: UUID, by: Person, now: datetime) -> None:
    """Put a change on the audit log, and tell the pages."""
    what: dict[str, Any] = {"action": action, "subject_kind": "guardianship", "subject": guardianship}
    await audit.record(conn, district=by.district_id, at=now, account=by.account_id, **what)
    who: dict[str, Any] = {"district": by.district_id, "subject": guardianship, "elder": elder}
    await events.write(conn, kind="elder.changed", roles=HEARERS, at=now, **who)
