"""Calls to the call centre: they wait, somebody takes them, or they are missed with a reason."""

from datetime import datetime, timedelta
from uuid import UUID

from core import audit, events, phones
from core.accounts import Person
from core.clock import local_date
from core.crypto import Keys, digest
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch import duty
from dispatch.inbound import callers, queueing
from dispatch.inbound.callers import Caller
from dispatch.inbound.queueing import Next, Waiting
from dispatch.telephony import calls as telephone

SQL = load(__file__)
THERE = timedelta(seconds=90)
"""An operator whose console was open so lately is there, whatever the rota says."""
GONE = timedelta(minutes=2)
"""A caller who waits is asked for every few seconds, or a phone rings for half a minute: after this silence
nobody is there any more, and the carrier's word of the end was lost."""
FORGOTTEN = timedelta(hours=4)
"""A conversation whose end nobody has told us is over."""


async def arrive(
    conn: Conn, keys: Keys, *, district: UUID, carrier: str, ref: str, number: str | None, now: datetime
) -> tuple[UUID, str]:
    """Write down that somebody calls; return the call and the token of its webhooks.

    `number` as the carrier gave it (None: withheld). The same `ref` again is the same call.
    """
    known: UUID | None = await conn.fetchval(SQL.find_ref, carrier, ref)
    if known is not None:
        return known, telephone.token_of(keys, known)
    await callers.refresh(conn, keys, district)
    stored, identity = phones.find(number or ""), new_id()
    index = callers.index_of(keys, district, stored) if stored else None
    caller = await callers.known(conn, index, local_date(now))
    sealed = keys.seal(district, stored) if stored else None
    token = telephone.token_of(keys, identity)
    member = _one(caller, "family_member")
    whose = (caller.only_elder, member, _one(caller, "caregiver"))
    line = telephone.index_of(keys, phones.read(stored, made_up=True).e164) if stored else None
    await conn.execute(
        SQL.create_call,
        identity,
        district,
        carrier,
        ref,
        digest(token),
        now + telephone.TOKEN_HOLDS,
        *whose,
        sealed,
        line,
        now,
    )
    there = await operators_there(conn, now)
    await conn.execute(SQL.create_inbound, identity, district, sealed, index, now, there)
    await _tell(conn, district, "inbound.ringing", identity, caller.only_elder, now)
    return identity, token


async def operators_there(conn: Conn, now: datetime) -> int:
    """Count the operators who are on duty or sit at an open console."""
    on = {row["account_id"] for row in await duty.on(conn, "operator", now)}
    return len(on | {row["account_id"] for row in await conn.fetch(SQL.list_seen, now - THERE)})


async def next_of(conn: Conn, call: UUID, now: datetime) -> tuple[Next, Row]:
    """Say what the caller hears now, and count the round; the call is locked until the transaction ends."""
    row = await lock(conn, call)
    managers = await duty.on(conn, "duty_manager", now)
    phone = next((one for one in managers if one["phone_sealed"]), None)
    there = row["on_duty"] or await operators_there(conn, now)
    waiting = Waiting(
        row["arrived_at"],
        row["step"],
        there,
        is_taken=row["taken_by"] is not None,
        is_rung=row["rung_over"],
        manager=phone is not None,
    )
    found = queueing.next_of(waiting, now)
    rung = phone["account_id"] if phone is not None and found == Next.MANAGER else None
    await conn.execute(SQL.count_round, call, rung, there, now)
    return found, await lock(conn, call)


async def take(conn: Conn, call: UUID, by: Person, now: datetime) -> Row:
    """Take a waiting call; raise NotFound, Conflict `already_taken` naming who was first, or `call_over`."""
    row = await lock(conn, call)
    if row["ended_at"] is not None:
        raise Conflict("the caller is no longer on the line", code="call_over")
    if await conn.fetchval(SQL.take_call, call, by.account_id, now) is None:
        first = await conn.fetchval(SQL.who_took, call)
        raise Conflict(f"{first} took this call first", code="already_taken", by=first)
    await _record(conn, row, "take_call", by, now)
    await _tell(conn, row["district_id"], "inbound.taken", call, None, now)
    return await find(conn, call)


async def connected(conn: Conn, call: UUID, now: datetime) -> None:
    """Note that caller and operator speak; earlier calls of the same number that were missed are returned."""
    row = await lock(conn, call)
    if row["connected_at"] is not None or row["ended_at"] is not None:
        return
    await conn.execute(SQL.connect_call, call, now)
    await came_through(conn, row, now)
    await _tell(conn, row["district_id"], "inbound.connected", call, None, now)


async def came_through(conn: Conn, row: Row, now: datetime) -> None:
    """Take a number off the call-back list, whose caller has got through."""
    if row["number_index"] is not None:
        by = row["taken_by"] or row["rung_id"]
        await conn.execute(SQL.return_number, row["number_index"], now, by, "came_through", row["call_id"])


async def ended(conn: Conn, call: UUID, now: datetime, *, failed: bool = False) -> Row:
    """End a call, once; one that nobody spoke to is missed, and stands on the call-back list."""
    row = await lock(conn, call)
    if row["ended_at"] is not None:
        return row
    reason = None
    if row["connected_at"] is None:
        reason = queueing.missed_because(
            row["arrived_at"],
            now,
            on_duty=row["on_duty"],
            is_taken=row["taken_by"] is not None or row["missed_by"] is not None,
            is_told=now - row["arrived_at"] >= queueing.LONGEST,
            failed=failed,
        )
    await conn.execute(SQL.end_call, call, now, reason)
    await _tell(conn, row["district_id"], "inbound.missed" if reason else "inbound.ended", call, None, now)
    return await lock(conn, call)


async def forget(conn: Conn, now: datetime) -> int:
    """End the calls whose end the carrier has not told us; return how many."""
    rows = await conn.fetch(SQL.list_gone, now - GONE, now - FORGOTTEN, 50)
    for row in rows:
        is_lost = row["connected_at"] is None
        await ended(conn, row["call_id"], row["looked_at"] if is_lost else now, failed=is_lost)
    return len(rows)


async def manager_over(conn: Conn, call: UUID) -> None:
    """Note that the duty manager's phone rings no more."""
    await conn.execute(SQL.end_rung, call)


async def give_back(conn: Conn, call: UUID, now: datetime) -> None:
    """Let others take a call whose taker did not pick up; the consoles ring again."""
    row = await lock(conn, call)
    if row["taken_by"] is None or row["connected_at"] is not None or row["ended_at"] is not None:
        return
    await conn.execute(SQL.give_back, call)
    await _tell(conn, row["district_id"], "inbound.ringing", call, None, now)


async def of_ref(conn: Conn, carrier: str, ref: str) -> UUID | None:
    """Return the call to us that a carrier knows by its own id."""
    found: UUID | None = await conn.fetchval(SQL.find_ref, carrier, ref)
    return found


async def lock(conn: Conn, call: UUID) -> Row:
    """Return a call to us, locked for a change; raise NotFound."""
    row = await conn.fetchrow(SQL.lock_inbound, call)
    if row is None:
        raise NotFound(f"no inbound call {call}")
    return row


async def find(conn: Conn, call: UUID) -> Row:
    """Return a call to us with the names of who took and returned it; raise NotFound."""
    row = await conn.fetchrow(SQL.find_inbound, call)
    if row is None:
        raise NotFound(f"no inbound call {call}")
    return row


async def caller_of(conn: Conn, row: Row, now: datetime) -> Caller:
    """Return whose number a call came from, as the records say today."""
    return await callers.known(conn, row["number_index"], local_date(now))


async def ringing(conn: Conn) -> list[Row]:
    """Return the calls that are going on: who waits longest first, then who is spoken to."""
    return await conn.fetch(SQL.list_ringing)


async def list_(
    conn: Conn, *, missed: bool | None = None, after: UUID | None = None, limit: int = 50
) -> list[Row]:
    """Return calls to us, newest first; `missed` chooses those with a reason, or those without."""
    return await conn.fetch(SQL.list_inbound, missed, after, limit)


async def _record(
    conn: Conn, row: Row, action: str, by: Person, now: datetime, detail: dict[str, object] | None = None
) -> None:
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


async def _tell(conn: Conn, district: UUID, kind: str, call: UUID, elder: UUID | None, now: datetime) -> None:
    hearers = events.OPERATORS
    await events.write(conn, district=district, kind=kind, subject=call, roles=hearers, at=now, elder=elder)


def _one(caller: Caller, kind: str) -> UUID | None:
    found = {row["id"] for row in caller.people if row["kind"] == kind}
    return found.pop() if len(found) == 1 else None
