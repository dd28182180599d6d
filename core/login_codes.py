"""Logging in by a code to the phone: asked for, told, proven; whether a number is known here is never said.

Every number is treated alike until the code is there: the same statements, the same limits, the same answer.
What is told is told by a tick (dispatch/phone_codes.py), so that not even the time of an answer tells more.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core import codes, districts
from core.crypto import Keys, digest
from core.db import Conn, Pool, Row
from core.errors import TooMany, Unauthorized
from core.ids import new_id
from core.settings import Settings
from core.sql import load

SQL = load(__file__)
DIGITS = 6
LASTS = timedelta(minutes=10)
TRIES = 5
HOUR = timedelta(hours=1)
PAUSE = timedelta(seconds=60)
"""Between two codes to one number: an SMS may be slow, and a second one helps nobody."""
PER_NUMBER, PER_ADDRESS = 5, 20
"""Codes in an hour to one number, and from one address (a family behind one router, a service point)."""
PURPOSE = "login"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks: the number in its stored form, the address, the language that the message shall have."""

    phone: str
    address: str
    language: str


@dataclass(frozen=True, slots=True)
class Moving:
    """A relative who asks for a code to a new number of their own."""

    member: UUID
    district: UUID


async def accounts_of(conn: Conn, keys: Keys, phone: str) -> list[Row]:
    """Return a number's family accounts in every district.

    Rows {account_id, district_id, district_name, name, language, family_member_id}; asked without a district.
    """
    wanted = await indexes(conn, keys, phone)
    return await conn.fetch(SQL.accounts_for_phone, [index for _, index in wanted])


async def indexes(conn: Conn, keys: Keys, phone: str) -> list[tuple[UUID, bytes]]:
    """Return (district, the number's blind index there) of every district."""
    return [(one, keys.index(one, "phone", phone)) for one in sorted(await districts.ids(conn))]


async def ask(
    conn: Conn, keys: Keys, asked: Asked, settings: Settings, now: datetime, moving: Moving | None = None
) -> str:
    """Note that a code is wanted; return the ticket which binds it to who asked.

    Raises TooMany (429, Retry-After) by number, by address, and by the district's budget of messages.
    """
    wanted = await indexes(conn, keys, asked.phone)
    found = await conn.fetch(SQL.accounts_for_phone, [index for _, index in wanted])
    mark = keys.sign("login phone", asked.phone.encode())
    drawn = wanted[int.from_bytes(mark[:8], "big") % len(wanted)][0] if wanted else UUID(int=0)
    place = moving.district if moving else found[0]["district_id"] if found else drawn
    await _check_limits(conn, mark, asked.address, place, settings, now)
    member = moving.member if moving else found[0]["family_member_id"] if found else None
    ticket = secrets.token_urlsafe(32)
    what = ("move" if moving else "login", mark, place, member, keys.seal_raw(asked.phone.encode()))
    who = (asked.language, asked.address, digest(ticket))
    await conn.execute(SQL.ask, new_id(), *what, *who, now, now + LASTS)
    return ticket


async def prove(pool: Pool, keys: Keys, ticket: str, code: str, now: datetime) -> Row:
    """Return {id, phone, member_id, in_district} when the code fits the ticket; Unauthorized otherwise.

    The try is counted before it is judged, in a transaction of its own: a request that is cut counts too.
    """
    async with pool.transaction() as conn:
        row = await conn.fetchrow(SQL.count_try, digest(ticket), "login", TRIES, now)
    found = _judged(keys, row, code)
    async with pool.transaction() as conn:
        await conn.execute(SQL.prove, found["id"], now)
    return found


async def prove_move(conn: Conn, keys: Keys, ticket: str, code: str, now: datetime) -> Row:
    """Do the same for a new number of who is logged in, whose transaction counts the try if it commits."""
    found = _judged(keys, await conn.fetchrow(SQL.count_try, digest(ticket), "move", TRIES, now), code)
    await conn.execute(SQL.prove, found["id"], now)
    return found


def _judged(keys: Keys, row: Row | None, code: str) -> Row:
    identity = row["id"] if row else UUID(int=0)
    is_right = codes.fits(keys, PURPOSE, identity, 1, code, DIGITS)
    if row is None or not is_right or row["member_id"] is None:
        raise Unauthorized("the code is wrong or no longer good", code="wrong_code")
    return {**row, "phone": keys.open_raw(row["phone_sealed"]).decode()}


async def use(conn: Conn, code: UUID, now: datetime) -> None:
    """Use a proven code up; Unauthorized when it was used before."""
    if await conn.fetchval(SQL.use, code, now) is None:
        raise Unauthorized("the code is wrong or no longer good", code="wrong_code")


async def proven(conn: Conn, keys: Keys, ticket: str, now: datetime) -> Row:
    """Return {id, phone} of a ticket whose code has fitted and is not used up; Unauthorized otherwise."""
    row = await conn.fetchrow(SQL.find_proven, digest(ticket), now)
    if row is None:
        raise Unauthorized("the code is wrong or no longer good", code="wrong_code")
    return {**row, "phone": keys.open_raw(row["phone_sealed"]).decode()}


async def take_due(conn: Conn, keys: Keys, now: datetime, most: int = 50) -> list[Row]:
    """Take codes that nobody was told yet: rows {id, in_district, phone, code, language, expires_at}."""
    rows = await conn.fetch(SQL.take_due, now, most)
    return [
        {
            **row,
            "phone": keys.open_raw(row["phone_sealed"]).decode(),
            "code": codes.make(keys, PURPOSE, row["id"], 1, DIGITS),
        }
        for row in rows
    ]


async def _check_limits(
    conn: Conn, mark: bytes, address: str, place: UUID, settings: Settings, now: datetime
) -> None:
    # In turn: else those who ask at the same moment would each find the others not there.
    await conn.execute(SQL.queue)
    row = await conn.fetchrow(SQL.count_recent, mark, address, place, now - HOUR)
    assert row is not None  # noqa: S101 - an aggregate always gives a row
    last: datetime | None = row["last"]
    if last is not None and now - last < PAUSE:
        raise _too_many(last + PAUSE, now)
    limits = (
        (row["by_phone"], PER_NUMBER, row["first_phone"]),
        (row["by_address"], PER_ADDRESS, row["first_address"]),
        (row["by_district"], settings.login_codes_per_hour, row["first_district"]),
    )
    for count, most, first in limits:
        if count >= most:
            raise _too_many(first + HOUR, now)


def _too_many(again: datetime, now: datetime) -> TooMany:
    return TooMany("too many codes were asked for", max(1, int((again - now).total_seconds()) + 1))
