"""Sending: a try is taken, sent outside any transaction, written down; what was left is looked up first.

A try goes queued -> sending (committed) -> sent. One that stays in `sending` for LEASE is taken over: the
carrier is asked whether it has it, and only what it does not have is sent again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import httpx

from core import log
from core.crypto import Keys
from core.db import Conn, Pool, Row
from core.errors import FAULTS
from core.settings import Settings
from core.sql import load
from dispatch.notices import outgoing, rooms
from dispatch.notices.outgoing import Outgoing
from dispatch.notices.steps import is_wanted
from dispatch.telephony import calls, choosing
from dispatch.telephony.carriers import IN_DOUBT, Carrier, Failed, Sent

SQL = load(__file__)
LEASE = timedelta(seconds=60)
PATIENCE = 25.0
"""Seconds for one send: less than half of LEASE, so that nobody takes over what is still being sent."""
AT_ONCE = 8
TAKING = 20.0
"""Seconds in which a tick takes tries: what it takes last is sent well within LEASE of its `now`."""
SLACK = timedelta(seconds=30)
BROKEN = "broken"
"""A fault of ours in one try: that try fails for good, and the others go out."""
CarrierOf = Callable[[Conn, UUID], Awaitable[Carrier | None]]


@dataclass(frozen=True)
class Doors:
    """The ways out of a process: its settings and keys, and which carrier a district has."""

    settings: Settings
    keys: Keys
    carrier_of: CarrierOf

    @classmethod
    def of(cls, settings: Settings, keys: Keys) -> "Doors":
        """Return the real doors."""

        async def carrier_of(conn: Conn, district: UUID) -> Carrier | None:
            return await choosing.of(conn, settings, district)

        return cls(settings, keys, carrier_of)


async def run(pool: Pool, doors: Doors, district: UUID, now: datetime, until: float | None = None) -> int:
    """Send what waits in a district, several at once; return how many were handled.

    Nothing more is taken after `until` (the event loop's clock; default: TAKING from now on).
    """
    end = asyncio.get_running_loop().time() + TAKING if until is None else until
    counts = await asyncio.gather(*(_worker(pool, doors, district, now, end) for _ in range(AT_ONCE)))
    return sum(counts)


async def _worker(pool: Pool, doors: Doors, district: UUID, now: datetime, until: float) -> int:
    clock = asyncio.get_running_loop()
    done = 0
    while clock.time() < until and await one(pool, doors, district, now):
        done += 1
    return done


async def one(pool: Pool, doors: Doors, district: UUID, now: datetime) -> bool:
    """Take one try, send it and write down what came of it; return whether there was one."""
    async with pool.transaction(district) as conn:
        row = await conn.fetchrow(SQL.take_try, now, now - LEASE)
        if row is None:
            return False
        ready = await _prepare(conn, doors, row, now)
    if ready is None:
        return True
    try:
        async with asyncio.timeout(PATIENCE):
            sent = await _send(pool, doors, ready, now)
    except Failed as failed:
        async with pool.transaction(district) as conn:
            await _failed(conn, ready, failed, now)
    except (TimeoutError, OSError, httpx.HTTPError) as error:
        # Whether it was taken is not known: it stays in `sending`, and is looked up after LEASE.
        log.get().warning("notices.in_doubt", channel=ready.channel, error=type(error).__name__)
    except FAULTS as error:  # nobody knows how far it came: as above
        log.get().error("notices.broke", notice_try=str(ready.try_id), error=type(error).__name__)
    else:
        async with pool.transaction(district) as conn:
            await outgoing.note_sent(conn, ready, sent, now)
            await conn.execute(SQL.set_sent, ready.try_id, sent.ref, now)
    return True


async def _prepare(conn: Conn, doors: Doors, row: Row, now: datetime) -> Outgoing | None:
    """Gather what a try needs; None: it is not sent, because nobody wants it any more or it cannot be."""
    if not _is_open(row, now):
        await _record(conn, row["id"], row["notice_id"], Failed("void", is_permanent=False), now)
        return None
    try:
        async with conn.transaction():
            return await outgoing.gather(conn, doors.keys, doors.carrier_of, row, now)
    except Failed as failed:
        found = failed
    except FAULTS as error:
        log.get().error("notices.broke", notice_try=str(row["id"]), error=type(error).__name__)
        found = Failed(BROKEN, is_permanent=True)
    await _record(conn, row["id"], row["notice_id"], found, now)
    return None


def _is_open(row: Row, now: datetime) -> bool:
    """Say whether a try may still be sent: the last look before it goes out."""
    if row["notice_state"] != "sending" or (row["expires_at"] is not None and row["expires_at"] <= now):
        return False
    reason = "idle" if row["words"] == "case_idle" else "unanswered"
    return row["kind"] != "case" or is_wanted(reason, row["case_state"], row["touched_at"], now)


async def _send(pool: Pool, doors: Doors, ready: Outgoing, now: datetime) -> Sent:
    if ready.channel == "push":
        return await outgoing.push_all(pool, doors.settings, ready, now)
    if ready.room is not None:
        return await rooms.write(doors.settings, ready.room, ready.text)
    assert ready.carrier is not None  # noqa: S101 - gathered
    if ready.was_left:
        async with pool.transaction(ready.district) as conn:
            known = await calls.known_refs(conn, ready.at - SLACK)
        found = await ready.carrier.find(ready.to, ready.at - SLACK, ready.token, known)
        if found is not None:
            return found
    if ready.channel == "voice":
        return await ready.carrier.say(ready.to, ready.token, ready.text)
    return await ready.carrier.text(ready.to, ready.text, ready.token)


async def _failed(conn: Conn, ready: Outgoing, failed: Failed, now: datetime) -> None:
    if failed.code == IN_DOUBT:  # it stays in `sending`, and is looked up after LEASE
        log.get().warning("notices.in_doubt", channel=ready.channel, error=failed.code)
        return
    if failed.code == "cannot_tell":
        await conn.execute(SQL.set_unknown, ready.try_id, now)
        return
    await _record(conn, ready.try_id, ready.notice_id, failed, now)
    await outgoing.note_refused(conn, ready, failed, now)


async def _record(conn: Conn, try_id: UUID, notice_id: UUID, failed: Failed, now: datetime) -> None:
    """Write down that it was not taken, and let the engine look at once."""
    again = now + timedelta(seconds=failed.retry_after) if failed.retry_after else None
    values = (try_id, failed.code, failed.is_permanent, now, again)
    if await conn.fetchval(SQL.set_failed, *values) is not None:
        await conn.execute(SQL.look_now, notice_id, now)
