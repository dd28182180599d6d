"""The call-back list: who was missed, how often, since when; off it by a call, or by coming through."""

from datetime import datetime, timedelta
from uuid import UUID

from core import audit, events
from core.accounts import Person
from core.clock import local_date
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict
from core.sql import load
from dispatch import cases, fields, journal
from dispatch.inbound import callers, calls, entering
from dispatch.inbound.entering import Report

SQL = load(__file__)
RESULTS = ("answered", "no_answer", "busy", "wrong_number", "written_off")
"""What came of a call back; the first takes the number off the list, as do the last two."""
WITHIN = timedelta(minutes=15)
"""A missed call that nobody has returned by then opens a case, which the escalation policy follows."""
AWAKE = ("raised", "claimed", "verified", "dispatched", "on_scene")
"""States in which a case pages, or somebody works on it."""
_DONE = {"answered": "called", "wrong_number": "wrong_number", "written_off": "written_off"}


async def list_(conn: Conn, limit: int = 200) -> list[Row]:
    """Return who is to be called back, one line a number (one a call where it was withheld), longest first.

    {id: the newest call, calls, first_at, last_at, tries, tried_at, reasons, names, elders, number_sealed}
    """
    return await conn.fetch(SQL.list_missed, limit)


async def count(conn: Conn) -> int:
    """Return how many lines the list has."""
    found: int = await conn.fetchval(SQL.count_missed)
    return found


async def tried(conn: Conn, call: UUID, result: str, by: Person, now: datetime) -> Row:
    """Say what came of a call back; raise NotFound, Invalid, Conflict `not_missed` or `returned_already`."""
    fields.one_of("result", result, RESULTS)
    row = await calls.lock(conn, call)
    if row["reason"] is None:
        raise Conflict("this caller was not missed", code="not_missed")
    if row["returned_at"] is not None:
        who = (await calls.find(conn, call))["returned_name"] or ""
        raise Conflict(f"{who} called back first", code="returned_already", by=who)
    if result in _DONE:
        await done(conn, row, _DONE[result], by, now)
    else:
        await conn.execute(SQL.count_try, call, row["number_index"], now, by.account_id)
    await _record(conn, row, by, now, result)
    return await calls.find(conn, call)


async def done(conn: Conn, row: Row, how: str, by: Person, now: datetime) -> None:
    """Take a number off the list."""
    if row["number_index"] is not None:
        await conn.execute(calls.SQL.return_number, row["number_index"], now, by.account_id, how, None)
    else:
        await conn.execute(SQL.return_one, row["call_id"], now, by.account_id, how)


async def overdue(conn: Conn, district: UUID, now: datetime) -> int:
    """Open a case for every number that nobody has called back in time; return how many.

    A call that came when nobody was on duty does not wait. A person's case that pages, or that somebody
    works on, takes the call instead; one that rests (put aside, explained by a visit, of a pause) does not.
    """
    await conn.execute(SQL.lock_missed, str(district))
    rows = await conn.fetch(SQL.take_overdue, now - WITHIN, 50)
    for found in rows:
        caller = await callers.known(conn, found["number_index"], local_date(now))
        awake = await _awake(conn, caller.only_elder)
        row = await calls.lock(conn, found["call_id"])
        if row["returned_at"] is not None or row["case_id"] is not None:
            continue  # somebody was faster than this tick
        if awake is not None:
            data = {"call_id": str(row["call_id"])}
            await journal.case(conn, awake, "caller", now, data=data)
        else:
            elder, call = caller.only_elder, row["call_id"]
            report = Report(source="phone", type="missed_call", words="-", elder=elder, call=call)
            awake = await entering.open_(conn, district, report, now)
        await conn.execute(SQL.name_case, row["call_id"], row["number_index"], awake["id"])
    return len(rows)


async def _awake(conn: Conn, elder: UUID | None) -> Row | None:
    """Return a person's case that pages or is worked on, locked (always before its call), or None."""
    case = await conn.fetchval(SQL.find_awake, elder, AWAKE) if elder else None
    row = await cases.lock(conn, case) if case else None
    return row if row is not None and row["state"] in AWAKE else None


async def reveal(conn: Conn, keys: Keys, call: UUID, by: Person, now: datetime) -> str:
    """Return a caller's number in clear, on record; empty when it was withheld."""
    row = await calls.lock(conn, call)
    await _record(conn, row, by, now, "number", action="reveal")
    return keys.open(by.district_id, row["number_sealed"]) if row["number_sealed"] else ""


async def _record(
    conn: Conn, row: Row, by: Person, now: datetime, result: str, action: str = "call_back"
) -> None:
    detail: dict[str, object] = {"field" if action == "reveal" else "result": result}
    await audit.record(
        conn,
        district=row["district_id"],
        at=now,
        account=by.account_id,
        action=action,
        subject_kind="inbound_call",
        subject=row["call_id"],
        detail=detail,
    )
    if action != "reveal":
        hearers = events.OPERATORS
        district, call = row["district_id"], row["call_id"]
        await events.write(
            conn, district=district, kind="inbound.returned", subject=call, roles=hearers, at=now
        )
