"""Our calls and messages as rows: what is expected of a carrier, and which call a webhook speaks of."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.crypto import Keys, digest
from core.db import Conn, Pool, Row
from core.errors import NotFound
from core.ids import new_id
from core.sql import load

SQL = load(__file__)
EVERYWHERE = UUID(int=0)
"""What the index of a number hangs on when its district is not known yet."""
TOKEN_HOLDS = timedelta(hours=24)
"""So long a carrier's word of a call is listened to."""
REPLY_WITHIN = timedelta(hours=24)
_TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Which call, of which district."""

    call: UUID
    district: UUID


def token_of(keys: Keys, call: UUID) -> str:
    """Return the token of a call of ours: 128 bits that nobody without the key file can find."""
    mac = keys.sign("phone_call", call.bytes)[:_TOKEN_BYTES]
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def index_of(keys: Keys, number: str) -> bytes:
    """Return the blind index of an E.164 number, the same in every district."""
    return keys.index(EVERYWHERE, "telephone", number)


async def expect(
    conn: Conn,
    keys: Keys,
    *,
    district: UUID,
    notice_try_id: UUID,
    token: str,
    channel: str,
    carrier: str,
    to: str,
    now: datetime,
    case: UUID | None = None,
    elder: UUID | None = None,
    family_member: UUID | None = None,
    account: UUID | None = None,
    caregiver: UUID | None = None,
) -> UUID:
    """Write down a try of a notice before the carrier is asked, in the transaction that takes the try.

    `to` is an E.164 number, `channel` voice or sms, `carrier` the name of whom will be asked. The same token
    again is the same call: its id is returned.
    """
    whose = (case, notice_try_id, account, elder, family_member, caregiver)
    sealed = (keys.seal(district, to), index_of(keys, to))
    values = (new_id(), district, channel, carrier, digest(token), now + TOKEN_HOLDS, *whose, *sealed, now)
    await conn.execute(SQL.expect_call, *values)
    known: UUID = await conn.fetchval(SQL.id_of_token, digest(token))
    return known


async def place(pool: Pool, token: str, now: datetime) -> Place | None:
    """Return which call a webhook's token names, or None: unknown, or no longer good."""
    async with pool.transaction() as conn:
        row = await conn.fetchrow(SQL.of_token, digest(token), now)
    return Place(row["id"], row["district_id"]) if row else None


async def place_of_number(pool: Pool, keys: Keys, number: str, now: datetime) -> Place | None:
    """Return what an E.164 number was last told of within a day, or None."""
    async with pool.transaction() as conn:
        row = await conn.fetchrow(SQL.of_number, index_of(keys, number), now - REPLY_WITHIN)
    return Place(row["id"], row["district_id"]) if row else None


async def lock(conn: Conn, call: UUID) -> Row:
    """Return a call for a change; raise NotFound."""
    row = await conn.fetchrow(SQL.lock_call, call)
    if row is None:
        raise NotFound(f"no call {call}")
    return row


async def find(conn: Conn, call: UUID) -> Row:
    """Return a call with who made it; raise NotFound."""
    row = await conn.fetchrow(SQL.find_call, call)
    if row is None:
        raise NotFound(f"no call {call}")
    return row


async def of_case(conn: Conn, case: UUID) -> list[Row]:
    """Return every call and message of a case, newest first (at most 200)."""
    return await conn.fetch(SQL.list_of_case, case)


async def events(conn: Conn, call: UUID) -> list[Row]:
    """Return what the carrier said of a call, as it arrived."""
    return await conn.fetch(SQL.list_events, call)


async def known_refs(conn: Conn, since: datetime) -> frozenset[str]:
    """Return the carrier's ids of calls that are known, for `Carrier.find`."""
    return frozenset(row["carrier_ref"] for row in await conn.fetch(SQL.list_refs, since))
