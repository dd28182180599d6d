"""Meal cards: six digits of an elder's own, shown at a meal point by the elder or the family."""

import secrets
from datetime import datetime
from uuid import UUID

import asyncpg

from core.crypto import Keys
from core.db import Conn
from core.errors import Failure
from core.sql import load

SQL = load(__file__)
DIGITS = 6
_TRIES = 20


async def of(conn: Conn, keys: Keys, district: UUID, elder: UUID, now: datetime) -> str:
    """Return an elder's code, made when there is none yet."""
    sealed = await conn.fetchval(SQL.find_card, elder)
    return keys.open(district, sealed) if sealed else await renew(conn, keys, district, elder, now)


async def renew(conn: Conn, keys: Keys, district: UUID, elder: UUID, now: datetime) -> str:
    """Give an elder a new code; the old one is worth nothing any more."""
    for _ in range(_TRIES):
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        sealed, index = keys.seal(district, code), keys.index(district, "meal_card", code)
        try:
            async with conn.transaction():
                await conn.execute(SQL.make_card, elder, district, sealed, index, now)
        except asyncpg.UniqueViolationError:
            continue  # somebody of this district has these digits
        return code
    raise Failure("no six digits are free in this district")


async def who(conn: Conn, keys: Keys, district: UUID, code: str) -> UUID | None:
    """Return whose code it is, None: nobody's. Spaces do not matter; a QR code has a prefix."""
    digits = "".join(letter for letter in code.rpartition(":")[2] if letter.isdecimal() and letter.isascii())
    if len(digits) != DIGITS:
        return None
    elder: UUID | None = await conn.fetchval(SQL.find_owner, keys.index(district, "meal_card", digits))
    return elder
