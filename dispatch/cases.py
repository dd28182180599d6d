"""Cases: what the call centre works on; every change is one compare-and-set with a line in the timeline."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.sql import load
from dispatch import fields, journal, offers, policy
from dispatch.notices import steps
from dispatch.states import CASE, after

SQL = load(__file__)
OUTCOMES = ("assisted", "reassured", "hospital", "police_fire", "no_answer", "false_alarm", "test", "other")
DIED = "died"
"""The outcome of what was open when the elder's death was confirmed; no page offers it."""
FALSE_ALARMS = (
    "pressed_by_mistake",
    "device_fault",
    "visitor",
    "pet",
    "already_up",
    "limit_too_tight",
    "test",
    "other",
)
"""The codes that pages offer; any other short code is kept as given."""
CALL_RESULTS = ("answered", "no_answer", "busy", "refused", "wrong_number", "callback")
CALLED = ("elder", "family", "caregiver", "emergency_120", "fire_119", "police_110", "neighbour", "other")
SHELVE_REASONS = ("maintenance", "hospital", "holiday", "other")


async def find(conn: Conn, case_id: UUID) -> Row:
    """Return a case with its person, home, grade, claimant and newest visit; raise NotFound."""
    row = await conn.fetchrow(SQL.find_case, case_id)
    if row is None:
        raise NotFound(f"no case {case_id}")
    return row


async def list_open(conn: Conn, class_: str = "care") -> list[Row]:
    """Return what is not closed, gravest first: severity, then the elder's grade, then age."""
    return await conn.fetch(SQL.list_open, class_)


async def list_(
    conn: Conn,
    *,
    elder_id: UUID | None = None,
    state: str | None = None,
    class_: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return cases, newest first, older than the case `after`."""
    return await conn.fetch(SQL.list_cases, elder_id, state, class_, after, limit)


async def alarms(conn: Conn, case_id: UUID) -> list[Row]:
    """Return the alarms that a case joins, with the visit that explains each, if one does."""
    return await conn.fetch(SQL.list_alarms, case_id)


async def of_alarms(conn: Conn, alarm_ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Return {alarm id: {case_id, state, lowered_by}} of those alarms that have a case."""
    return {row["alarm_id"]: row for row in await conn.fetch(SQL.list_of_alarms, list(alarm_ids))}


async def timeline(conn: Conn, case_id: UUID) -> list[Row]:
    """Return every step of a case and its visits: who (none: the system), when, why; raise NotFound."""
    await find(conn, case_id)
    return await conn.fetch(journal.SQL.list_case_entries, case_id)


async def lock(conn: Conn, case_id: UUID) -> Row:
    """Return a case locked for a change (always before its visits); raise NotFound."""
    row = await conn.fetchrow(SQL.lock_case, case_id)
    if row is None:
        raise NotFound(f"no case {case_id}")
    return row


async def claim(conn: Conn, case_id: UUID, by: Person, now: datetime) -> Row:
    """Take a case; raise Conflict `already_claimed` naming the first, or the state in which it cannot be."""
    row = await lock(conn, case_id)
    if row["claimed_by"] is not None and row["state"] not in {"closed", "shelved", "out_of_service"}:
        first = await conn.fetchrow(SQL.who_claimed, case_id)
        assert first is not None  # noqa: S101 - the account of claimed_by is there
        at = first["claimed_at"].isoformat()
        raise Conflict(
            f"{first['name']} claimed this case first", code="already_claimed", by=first["name"], at=at
        )
    to = after(CASE, "case", "claim", row["state"])
    await _set(conn, SQL.claim_case, row, case_id, by.account_id, now, _watch(row, now, policy.IDLE))
    await journal.case(conn, row, "claim", now, by=by, to=to)
    return await find(conn, case_id)


async def call(
    conn: Conn, case_id: UUID, by: Person, now: datetime, to: str, result: str, note: str | None = None
) -> Row:
    """Record a call: whom it went to, and what came of it."""
    fields.one_of("to", to, CALLED)
    fields.one_of("result", result, CALL_RESULTS)
    return await _move(conn, case_id, "call", by, now, note=note, data={"to": to, "result": result})


async def note(conn: Conn, case_id: UUID, by: Person, now: datetime, note: str) -> Row:
    """Add a remark, also to a case that is closed."""
    if not note.strip():
        raise fields.wrong("note", "empty", "write something")
    row = await lock(conn, case_id)
    await journal.case(conn, row, "note", now, by=by, note=note)
    return await find(conn, case_id)


async def verify(conn: Conn, case_id: UUID, by: Person, now: datetime, note: str | None = None) -> Row:
    """Say that somebody needs help indeed."""
    return await _move(conn, case_id, "verify", by, now, note=note)


async def resolve(conn: Conn, case_id: UUID, by: Person, now: datetime, note: str | None = None) -> Row:
    """Say that nothing more is to be done; who was sent and has not arrived is called off."""
    row = await lock(conn, case_id)
    to = after(CASE, "case", "resolve", row["state"])
    await _set(conn, SQL.resolve_case, row, case_id, row["state"], now)
    await journal.case(conn, row, "resolve", now, by=by, to=to, note=note)
    await call_off(conn, case_id, by, now, "case_resolved")
    return await find(conn, case_id)


async def close(
    conn: Conn,
    case_id: UUID,
    by: Person,
    now: datetime,
    outcome: str,
    false_alarm: str | None = None,
    note: str | None = None,
) -> Row:
    """Close a case in whatever state with an outcome; who was sent and has not arrived is called off."""
    fields.one_of("outcome", outcome, (*OUTCOMES, DIED))
    if false_alarm is not None:
        fields.is_code("false_alarm", false_alarm)
    row = await lock(conn, case_id)
    to = after(CASE, "case", "close", row["state"])
    await _set(conn, SQL.close_case, row, case_id, row["state"], by.account_id, now, outcome, false_alarm)
    data = {"outcome": outcome, "false_alarm": false_alarm}
    await journal.case(conn, row, "close", now, by=by, to=to, note=note, data=data)
    await call_off(conn, case_id, by, now, "case_closed")
    return await find(conn, case_id)


async def end(conn: Conn, row: Row, now: datetime, outcome: str, data: dict[str, Any] | None = None) -> None:
    """Close a technical case that the caller has locked, by itself: what it was about is over."""
    to = after(CASE, "case", "close", row["state"])
    await _set(conn, SQL.close_case, row, row["id"], row["state"], None, now, outcome, None)
    await journal.case(conn, row, "close", now, to=to, data={"outcome": outcome, **(data or {})})


async def recall(conn: Conn, case_id: UUID, by: Person, now: datetime, note: str | None = None) -> Row:
    """Call off whom was sent, so that somebody else can be."""
    row = await _move(conn, case_id, "recall", by, now, note=note)
    await call_off(conn, case_id, by, now, "recalled")
    return row


async def shelve(
    conn: Conn,
    case_id: UUID,
    by: Person,
    now: datetime,
    until: datetime,
    reason: str,
    note: str | None = None,
) -> Row:
    """Put a case aside until an instant; then it comes back by itself."""
    fields.one_of("reason", reason, SHELVE_REASONS)
    if until <= now:
        raise fields.wrong("until", "past", "must lie in the future")
    data = {"reason": reason, "until": until.isoformat()}
    return await _move(conn, case_id, "shelve", by, now, note=note, data=data, escalate_at=until)


async def unshelve(
    conn: Conn, case_id: UUID, by: Person | None, now: datetime, note: str | None = None
) -> Row:
    """Bring a shelved case back to the list, unclaimed."""
    return await reopen(conn, case_id, "unshelve", by, now, note)


async def return_(
    conn: Conn, case_id: UUID, by: Person | None, now: datetime, note: str | None = None
) -> Row:
    """Say that the condition went away before anybody claimed it: it stays listed and stops paging."""
    return await _move(conn, case_id, "return", by, now, note=note, watched=False)


async def take_out(conn: Conn, case_id: UUID, by: Person, now: datetime, note: str | None = None) -> Row:
    """Take what raised the case out of service."""
    return await _move(conn, case_id, "take_out", by, now, note=note, watched=False)


async def put_back(conn: Conn, case_id: UUID, by: Person, now: datetime, note: str | None = None) -> Row:
    """Put it back into service; the case is on the list again, unclaimed."""
    return await reopen(conn, case_id, "put_back", by, now, note)


async def reopen(
    conn: Conn, case_id: UUID, verb: str, by: Person | None, now: datetime, note: str | None = None
) -> Row:
    """Bring a case back to raised by `verb`, its escalation from the start."""
    row = await lock(conn, case_id)
    to = after(CASE, "case", verb, row["state"])
    first = policy.notice(row["policy"]["steps"], 0)
    await _set(conn, SQL.reopen_case, row, case_id, row["state"], _watch(row, now, first.wait))
    await journal.case(conn, row, verb, now, by=by, to=to, note=note)
    if row["class"] == "care":
        await steps.want(conn, row, first, now)
    return await find(conn, case_id)


async def call_off(conn: Conn, case_id: UUID, by: Person | None, now: datetime, reason: str) -> None:
    """Cancel the visits of a case to which nobody has come yet; the case is locked by the caller."""
    for visit in await conn.fetch(SQL.call_off_visits, case_id):
        await offers.withdraw(conn, visit, now)
        await journal.visit(conn, visit, "cancel", now, by=by, to="cancelled", data={"reason": reason})


async def move(
    conn: Conn,
    row: Row,
    verb: str,
    now: datetime,
    *,
    by: Person | None,
    escalate_at: datetime | None,
    note: str | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Lead a case that the caller has locked as `row` to its next state, and write the line."""
    to = after(CASE, "case", verb, row["state"])
    at = escalate_at if row["class"] == "care" or verb == "shelve" else None
    await _set(conn, SQL.move_case, row, row["id"], row["state"], to, at)
    await journal.case(conn, row, verb, now, by=by, to=to, note=note, data=data)


async def watch(conn: Conn, row: Row, at: datetime | None) -> None:
    """Set when the clock looks again at a case that the caller has locked; technical cases do not page."""
    await conn.execute(SQL.watch_case, row["id"], at if row["class"] == "care" else None)


async def _move(
    conn: Conn,
    case_id: UUID,
    verb: str,
    by: Person | None,
    now: datetime,
    *,
    note: str | None = None,
    data: dict[str, Any] | None = None,
    escalate_at: datetime | None = None,
    watched: bool = True,
) -> Row:
    row = await lock(conn, case_id)
    at = escalate_at or (_watch_after(row, verb, now) if watched else None)
    await move(conn, row, verb, now, by=by, escalate_at=at, note=note, data=data)
    return await find(conn, case_id)


def _watch_after(row: Row, verb: str, now: datetime) -> datetime | None:
    """Give an operator time again; whoever was sent is watched as before."""
    if verb == "call" and row["state"] not in {"claimed", "verified"}:
        at: datetime | None = row["escalate_at"]
        return at
    return now + policy.IDLE


def _watch(row: Row, now: datetime, wait: timedelta) -> datetime | None:
    return now + wait if row["class"] == "care" else None


async def _set(conn: Conn, statement: str, row: Row, *values: object) -> None:
    """Run a compare-and-set on a locked case; that it finds no row is our own mistake."""
    if await conn.fetchval(statement, *values) is None:
        raise Conflict(
            f"the case is no longer {row['state']}", code="wrong_state", state=row["state"], verb="change"
        )
