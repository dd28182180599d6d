"""Corrections of a visit that has ended: a reason, and two people; the proof is weighed again.

What the phone said is never lost: the marks keep it, the correction keeps what stood there before.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch import evidence, fields, journal, visit_rows
from dispatch.states import VISIT, after

SQL = load(__file__)
REASONS = ("forgot_check_in", "forgot_check_out", "wrong_time", "wrong_record", "phone_failed")
FIELDS = ("started_at", "ended_at", "record")


async def ask(
    conn: Conn,
    keys: Keys,
    visit_id: UUID,
    by: Person,
    now: datetime,
    *,
    reason: str,
    wanted: Mapping[str, Any],
    note: str | None = None,
) -> UUID:
    """Ask for other times or another record of a visit that has ended; a second person decides."""
    visit = await visit_rows.lock(conn, visit_id)
    if by.provider_id is not None and visit["provider_id"] != by.provider_id:
        raise NotFound(f"no visit {visit_id}")
    after(VISIT, "visit", "correct", visit["state"])
    fields.one_of("reason", reason, REASONS)
    change = {name: wanted[name] for name in FIELDS if wanted.get(name) not in (None, visit[name])}
    _check({**visit, **change}, change, now)
    sealed = keys.seal(visit["district_id"], note) if note else None
    before = _plain({name: visit[name] for name in change})
    identity = new_id()
    values = (identity, visit["district_id"], visit_id, reason, sealed, before, _plain(change))
    if await conn.fetchval(SQL.create_correction, *values, by.account_id, now) is None:
        raise Conflict("a correction of this visit waits for its decision", code="correction_waits")
    data = {"correction_id": str(identity), "reason": reason, "fields": sorted(change)}
    await journal.visit(conn, visit, "ask_correction", now, by=by, data=data)
    return identity


async def decide(conn: Conn, correction: UUID, by: Person, now: datetime, *, approves: bool) -> Row:
    """Approve or refuse a correction that somebody else asked for; return it. The first one decides."""
    asked = await find(conn, correction)
    visit = await visit_rows.lock(conn, asked["visit_id"])
    if asked["asked_by"] == by.account_id:
        raise Conflict("a second person decides", code="second_person")
    state = "approved" if approves else "refused"
    if await conn.fetchval(SQL.decide_correction, correction, state, by.account_id, now) is None:
        held = await find(conn, correction)
        raise Conflict(
            f"this correction is {held['state']}", code="wrong_state", state=held["state"], verb="correct"
        )
    data = {"correction_id": str(correction), "reason": asked["reason"]}
    if approves:
        await _apply(conn, visit, asked)
    await journal.visit(conn, visit, "correct" if approves else "refuse_correction", now, by=by, data=data)
    if approves:
        await evidence.decide_again(conn, visit["id"], now)
    return await find(conn, correction)


async def find(conn: Conn, correction: UUID) -> Row:
    """Return a correction; raise NotFound."""
    row = await conn.fetchrow(SQL.find_correction, correction)
    if row is None:
        raise NotFound(f"no correction {correction}")
    return row


async def list_open(conn: Conn, provider: UUID | None = None) -> list[Row]:
    """Return what waits for its decision, the oldest first."""
    return await conn.fetch(SQL.list_open, provider)


async def _apply(conn: Conn, visit: Row, asked: Row) -> None:
    wanted = asked["wanted"]
    marks = {
        name: _corrected(visit[name], wanted.get(column), asked["id"])
        for name, column in (("check_in", "started_at"), ("check_out", "ended_at"))
    }
    times = [
        datetime.fromisoformat(wanted[name]) if name in wanted else visit[name]
        for name in ("started_at", "ended_at")
    ]
    record = wanted.get("record", visit["record"])
    await visit_rows.set_(
        conn,
        SQL.correct_visit,
        visit,
        visit["id"],
        visit["state"],
        *times,
        marks["check_in"],
        marks["check_out"],
        record,
    )


def _corrected(mark: dict[str, Any], at: str | None, correction: UUID) -> dict[str, Any]:
    if at is None:
        return mark
    said = mark.get("said_at", mark["at"])
    return {**mark, "at": at, "said_at": said, "clock": "corrected", "correction_id": str(correction)}


def _check(whole: Mapping[str, Any], change: Mapping[str, Any], now: datetime) -> None:
    if not change:
        raise fields.wrong("wanted", "missing", f"another value of {', '.join(FIELDS)}")
    if whole["ended_at"] < whole["started_at"]:
        raise fields.wrong("ended_at", "before_start", "after `started_at`")
    if whole["ended_at"] > now:
        raise fields.wrong("ended_at", "invalid", "a time that has passed")


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one.isoformat() if isinstance(one, datetime) else one for name, one in values.items()}
