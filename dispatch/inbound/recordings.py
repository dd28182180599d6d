"""Recordings of calls: only with consent, sealed, heard on record, gone after their retention.

A carrier says that it has one; a tick fetches the sound, seals it and has the carrier's copy deleted.
"""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from core import audit, consents, districts, log
from core.accounts import Person
from core.crypto import Keys
from core.db import Conn, Pool, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch.telephony.carriers import Failed

SQL = load(__file__)
AGAIN = timedelta(minutes=1)
MOST_TRIES = 30
LARGEST = 50 * 1024 * 1024
"""Bytes of a sound: near an hour of telephone in two channels of one byte a sample."""


class Keeper(Protocol):
    """A carrier's store of recordings; each method raises Failed."""

    async def fetch(self, ref: str) -> bytes:
        """Return the sound (WAV)."""
        ...

    async def drop(self, ref: str) -> None:
        """Delete the carrier's copy; one that is gone already is no failure."""
        ...


@dataclass(frozen=True, slots=True)
class Heard:
    """A sound in clear, as a page plays it."""

    sound: bytes
    media_type: str


async def wanted(conn: Conn, district: UUID, elder: UUID | None, now: datetime) -> bool:
    """Say whether a call about an elder may be recorded: the district's setting and the elder's consent."""
    if elder is None or not (await districts.settings(conn, district)).records_calls:
        return False
    return await consents.given(conn, elder, "recording", now)


async def expect(conn: Conn, call: UUID, ref: str, seconds: int, now: datetime) -> UUID | None:
    """Note that the carrier has a recording of a call, once. None: the call is about no elder."""
    row = await conn.fetchrow(SQL.find_call, call)
    if row is None:
        raise NotFound(f"no call {call}")
    if row["elder_id"] is None:
        log.get().error("recording.without_elder", call=str(call))
        return None
    days = (await districts.settings(conn, row["district_id"])).recording_days
    values = (
        new_id(),
        row["district_id"],
        call,
        row["elder_id"],
        ref,
        seconds,
        now,
        now + timedelta(days=days),
    )
    identity: UUID = await conn.fetchval(SQL.expect_recording, *values)
    return identity


async def fetch_due(pool: Pool, keys: Keys, district: UUID, keeper: Keeper, now: datetime) -> int:
    """Fetch what the carrier has, outside any transaction; return how many sounds were kept."""
    count = 0
    async with pool.transaction(district) as conn:
        rows = await conn.fetch(SQL.take_wanted, now, now + AGAIN, 20)
    for row in rows:
        try:
            sound = await keeper.fetch(row["carrier_ref"])
        except Failed as failed:
            await _fail(pool, district, row, failed)
            continue
        async with pool.transaction(district) as conn:
            is_allowed = await consents.given(conn, row["elder_id"], "recording", row["made_at"])
            if is_allowed and len(sound) <= LARGEST:
                sealed = keys.seal(district, base64.b64encode(sound).decode())
                count += len(await conn.fetch(SQL.keep_sound, row["id"], sealed))
        await _drop(keeper, row["carrier_ref"])
    return count


async def forget_due(conn: Conn, now: datetime) -> int:
    """Delete the sounds whose retention is over or whose consent was withdrawn; return how many."""
    return len(await conn.fetch(SQL.delete_due, now))


async def delete(conn: Conn, recording: UUID, by: Person, now: datetime) -> None:
    """Delete one recording by hand, on record; raise NotFound, Conflict `recording_gone`."""
    row = await find(conn, recording)
    if not await conn.fetchval(SQL.delete_one, recording, now):
        raise Conflict("the recording is gone", code="recording_gone")
    await _record(conn, row, "delete_recording", by, now)


async def find(conn: Conn, recording: UUID) -> Row:
    """Return a recording without its sound; raise NotFound."""
    row = await conn.fetchrow(SQL.find_recording, recording)
    if row is None:
        raise NotFound(f"no recording {recording}")
    return row


async def of_case(conn: Conn, case: UUID) -> list[Row]:
    """Return the recordings of a case's calls, newest first."""
    return await conn.fetch(SQL.list_of_case, case)


async def of_call(conn: Conn, call: UUID) -> list[Row]:
    """Return the recordings of one call."""
    return await conn.fetch(SQL.list_of_call, call)


async def play(conn: Conn, keys: Keys, recording: UUID, by: Person, now: datetime) -> Heard:
    """Return a sound in clear, on record as a reveal; raise NotFound, Conflict `recording_gone`."""
    row = await find(conn, recording)
    sealed = await conn.fetchval(SQL.find_sound, recording)
    if sealed is None:
        raise Conflict("the recording is gone", code="recording_gone")
    await _record(conn, row, "reveal", by, now)
    return Heard(base64.b64decode(keys.open(by.district_id, sealed)), row["media_type"])


async def _fail(pool: Pool, district: UUID, row: Row, failed: Failed) -> None:
    is_lost = failed.is_permanent or row["tries"] >= MOST_TRIES
    log.get().warning("recording.not_fetched", recording=str(row["id"]), code=failed.code, lost=is_lost)
    if is_lost:
        async with pool.transaction(district) as conn:
            await conn.execute(SQL.lose, row["id"])


async def _drop(keeper: Keeper, ref: str) -> None:
    """Delete the carrier's copy; that it stayed is logged, and Twilio's own retention ends it."""
    try:
        await keeper.drop(ref)
    except Failed as failed:
        log.get().warning("recording.not_dropped", code=failed.code)


async def _record(conn: Conn, row: Row, action: str, by: Person, now: datetime) -> None:
    await audit.record(
        conn,
        district=row["district_id"],
        at=now,
        account=by.account_id,
        action=action,
        subject_kind="recording",
        subject=row["id"],
        detail={"field": "sound"} if action == "reveal" else None,
    )
