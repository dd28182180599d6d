"""The tick that asks carriers for what operators want: to join two phones, to hang up. Nothing is held open.

A call is taken for a minute, asked for outside any transaction, and written down; one that a dead process
left is looked for at the carrier before it is asked for again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from core import log
from core.crypto import Keys
from core.db import Pool, Row
from core.settings import Settings
from core.ticking import Job
from dispatch.everywhere import everywhere
from dispatch.telephony import bridging, calls, choosing, hearing, ranks
from dispatch.telephony.calls import SQL
from dispatch.telephony.carriers import IN_DOUBT, Carrier, Failed, Sent
from dispatch.telephony.hearing import Word

TAKEN_FOR = timedelta(minutes=1)
FORGOTTEN = timedelta(hours=4)
"""A joined call of which the carrier has said nothing for so long is over."""
_AT_ONCE = 20


def jobs(settings: Settings) -> Sequence[Job]:
    """Return the ticks of a process; the keys are read at the first that needs them."""

    async def run(pool: Pool, now: datetime) -> int:
        return await tick(pool, settings, Keys.load_or_create(settings.keys_path), now)

    return (Job("calls", run, 1),)


async def tick(pool: Pool, settings: Settings, keys: Keys, now: datetime) -> int:
    """Ask carriers for every call that waits, in every district; return how many were handled."""
    return await everywhere(pool, lambda district: _district(pool, settings, keys, district, now))


async def _district(pool: Pool, settings: Settings, keys: Keys, district: UUID, now: datetime) -> int:
    for done in range(_AT_ONCE):
        async with pool.transaction(district) as conn:
            row = await conn.fetchrow(SQL.take_due, now, now + TAKEN_FOR)
            if row is None:
                await _forget(pool, district, now)
                return done
            number = keys.open(district, row["number_sealed"]) if row["number_sealed"] else ""
            found = await bridging.desk_of(conn, keys, district, row["account_id"])
        carrier = choosing.named(settings, row["carrier"])
        seat = found.e164 if found else ""
        await _serve(pool, keys, carrier, district, row, (seat, number), now)
    return _AT_ONCE


async def _serve(
    pool: Pool,
    keys: Keys,
    carrier: Carrier | None,
    district: UUID,
    row: Row,
    numbers: tuple[str, str],
    now: datetime,
) -> None:
    """Ask the carrier outside any transaction, then write down what it said."""
    if carrier is None:
        await _failed(pool, district, row, Failed("not_set_up", is_permanent=False), now)
        return
    try:
        if row["is_to_end"]:
            await _end(pool, carrier, district, row)
            return
        sent = await _ask(pool, carrier, district, row, numbers, calls.token_of(keys, row["id"]), now)
    except Failed as failed:
        await _failed(pool, district, row, failed, now)
        return
    async with pool.transaction(district) as conn:
        await conn.execute(SQL.end_sending, row["id"], now)
        await hearing.take(conn, row["id"], Word("sent", "sent", "sent", ref=sent.ref), now)


async def _ask(
    pool: Pool,
    carrier: Carrier,
    district: UUID,
    row: Row,
    numbers: tuple[str, str],
    token: str,
    now: datetime,
) -> Sent:
    seat, number = numbers
    if now - row["queued_at"] > bridging.GIVE_UP or not seat:
        raise Failed("too_late" if seat else "no_seat", is_permanent=False)
    if now - row["queued_at"] >= TAKEN_FOR:
        async with pool.transaction(district) as conn:
            known = await calls.known_refs(conn, row["queued_at"])
        found = await carrier.find(seat, row["queued_at"], token, known)
        if found is not None:
            return found
    return await carrier.bridge(seat, number, token)


async def _end(pool: Pool, carrier: Carrier, district: UUID, row: Row) -> None:
    if row["carrier_ref"]:
        await carrier.end(row["carrier_ref"])
    async with pool.transaction(district) as conn:
        await conn.execute(SQL.end_hanging_up, row["id"])


async def _failed(pool: Pool, district: UUID, row: Row, failed: Failed, now: datetime) -> None:
    """Say so at once: whoever waits for this call dials by hand instead of waiting for another try.

    Whether a question in doubt was taken is looked up when its minute is over.
    """
    if failed.code == IN_DOUBT:
        log.get().warning("telephony.in_doubt", carrier=row["carrier"])
        return
    async with pool.transaction(district) as conn:
        if row["is_to_end"]:
            await conn.execute(SQL.end_hanging_up, row["id"])
            return
        await conn.execute(SQL.end_sending, row["id"], now)
        await hearing.refuse(conn, row["id"], failed.code, now, is_permanent=failed.is_permanent)


async def _forget(pool: Pool, district: UUID, now: datetime) -> None:
    async with pool.transaction(district) as conn:
        for row in await conn.fetch(SQL.list_forgotten, now - FORGOTTEN):
            state = "ended" if row["state"] == "answered" else "failed"
            assert state in ranks.ENDED  # noqa: S101 - both are
            await hearing.take(conn, row["id"], Word("forgotten", "forgotten", state, code="unknown"), now)
