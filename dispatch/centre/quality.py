"""The monthly sample of calls: drawn with a stored seed, scored on a form, answered by the operator.

Two cases an operator, one a whole emergency (DOMAIN section 4, H). Nobody scores their own case.
What is written about a call and the operator's answer are sealed: they may name people.
"""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from core import audit
from core.accounts import Person
from core.clock import at_local, month_after, month_of
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, Forbidden, NotFound
from core.ids import new_id
from core.sql import load
from dispatch import fields
from dispatch.centre import scoring
from dispatch.centre.scoring import Candidate, Form

SQL = load(__file__)
LONGEST = 2000


async def draw(conn: Conn, month: date, by: Person | None, district: UUID, now: datetime) -> UUID:
    """Draw the sample of a month that is over or under way, once; raise Conflict, or `nothing_to_draw`."""
    first = month_of(month)
    if at_local(first, "00:00") > now:
        raise fields.wrong("month", "month_to_come", "not a month to come")
    known = await candidates(conn, first)
    if not known:
        raise Conflict("no case of that month was handled by an operator", code="nothing_to_draw")
    seed, identity = secrets.token_hex(16), new_id()
    form = scoring.newest()
    what = (seed, form.version, len(known), scoring.population_hash(known), now)
    try:
        async with conn.transaction():
            await conn.execute(
                SQL.create_sample, identity, district, first, *what, by.account_id if by else None
            )
    except asyncpg.UniqueViolationError as error:
        raise Conflict("the sample of that month is drawn already", code="sample_drawn") from error
    for one in scoring.choose(seed, known):
        whose = (UUID(one.account_id), UUID(one.case_id), one.is_whole)
        await conn.execute(SQL.create_item, new_id(), district, identity, *whose)
    if by is not None:
        await _note(conn, "quality.draw", "quality_sample", identity, by, now, {"population": len(known)})
    return identity


async def candidates(conn: Conn, month: date) -> list[Candidate]:
    """Return what may be drawn of a month: every closed care case with the operator who answered it."""
    since, until = (at_local(day, "00:00") for day in (month, month_after(month)))
    rows = await conn.fetch(SQL.list_candidates, since, until)
    return [Candidate(str(row["case_id"]), str(row["account_id"]), row["is_whole"]) for row in rows]


async def redraw(conn: Conn, sample_id: UUID) -> list[Candidate]:
    """Draw a sample again from its seed and what there is now: the same if no case has changed."""
    sample = await find(conn, sample_id)
    return scoring.choose(sample["seed"], await candidates(conn, sample["month"]))


async def samples(conn: Conn, before: date | None = None, limit: int = 24) -> list[Row]:
    """Return {id, month, population, items, scored, points, most, failed}, the latest month first."""
    return await conn.fetch(SQL.list_samples, before, limit)


async def find(conn: Conn, sample_id: UUID) -> Row:
    """Return a sample or raise NotFound."""
    row = await conn.fetchrow(SQL.find_sample, sample_id)
    if row is None:
        raise NotFound(f"no quality sample {sample_id}")
    return row


async def items(conn: Conn, sample_id: UUID | None, account: UUID | None = None) -> list[Row]:
    """Return the items of a sample, or what has been scored of one operator; by operator."""
    return await conn.fetch(SQL.list_items, sample_id, account)


async def item(conn: Conn, item_id: UUID) -> Row:
    """Return one item or raise NotFound."""
    row = await conn.fetchrow(SQL.find_item, item_id)
    if row is None:
        raise NotFound(f"no quality item {item_id}")
    return row


def form_of(row: Row) -> Form:
    """Return the form on which an item is scored."""
    return scoring.forms()[row["form"]]


async def score(
    conn: Conn,
    keys: Keys,
    item_id: UUID,
    marks: Mapping[str, int | None],
    remark: str,
    by: Person,
    now: datetime,
) -> Row:
    """Score a call once, never one's own; raise Invalid that names the criterion without a mark."""
    row = await item(conn, item_id)
    if row["account_id"] == by.account_id:
        raise Forbidden("nobody scores their own call", code="own_call")
    if len(remark) > LONGEST:
        raise fields.wrong("remark", "too_long", f"at most {LONGEST} characters")
    form = form_of(row)
    asked = {one.code for one in scoring.asked(form, is_whole=row["is_whole"])}
    try:
        found = scoring.score(form, marks, is_whole=row["is_whole"])
    except ValueError as error:
        raise fields.wrong(str(error), "missing", "0, 1, 2 or not applicable") from error
    kept: dict[str, Any] = {code: mark for code, mark in marks.items() if code in asked}
    sealed = keys.seal(by.district_id, remark.strip()) if remark.strip() else None
    what = (kept, found.is_critical, found.points, found.most, sealed, by.account_id, now)
    if await conn.fetchval(SQL.score_item, item_id, *what) is None:
        first = await item(conn, item_id)
        raise Conflict(
            f"{first['scored_by_name']} has scored this call",
            code="already_scored",
            by=first["scored_by_name"],
            at=first["scored_at"].isoformat(),
        )
    detail: dict[str, object] = {"points": found.points, "most": found.most}
    await _note(conn, "quality.score", "quality_item", item_id, by, now, detail)
    return await item(conn, item_id)


async def see(conn: Conn, item_id: UUID, by: Person, now: datetime) -> None:
    """Keep that the operator has seen what was said of their call."""
    await conn.execute(SQL.see_item, item_id, by.account_id, now)


async def reply(conn: Conn, keys: Keys, item_id: UUID, words: str, by: Person, now: datetime) -> Row:
    """Answer to a score of one's own call, once."""
    row = await item(conn, item_id)
    if row["account_id"] != by.account_id or row["scored_at"] is None:
        raise NotFound(f"no quality item {item_id}")
    if not 0 < len(words.strip()) <= LONGEST:
        raise fields.wrong("answer", "empty", f"write something, at most {LONGEST} characters")
    sealed = keys.seal(by.district_id, words.strip())
    if await conn.fetchval(SQL.answer_item, item_id, sealed, now) is None:
        raise Conflict("you have answered to this already", code="already_answered")
    await _note(conn, "quality.answer", "quality_item", item_id, by, now, {})
    return await item(conn, item_id)


async def _note(
    conn: Conn, action: str, kind: str, subject: UUID, by: Person, now: datetime, detail: dict[str, object]
) -> None:
    about = {"district": by.district_id, "at": now, "account": by.account_id}
    await audit.record(conn, **about, action=action, subject_kind=kind, subject=subject, detail=detail)  # type: ignore[arg-type]
