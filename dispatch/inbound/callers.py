"""Whose number it is: elders, relatives, caregivers, staff, by a blind index kept beside their records."""

import hashlib
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core import phones
from core.crypto import Keys
from core.db import Conn, Row
from core.sql import load

SQL = load(__file__)
BATCH = 500
LANGUAGE = "zh_CN"
"""Of whom we know nothing."""
_PURPOSE = "caller"


@dataclass(frozen=True, slots=True)
class Caller:
    """Everybody whom a number belongs to: people by kind, and the elders they stand for."""

    people: tuple[Row, ...]
    elders: tuple[Row, ...]

    @property
    def only_elder(self) -> UUID | None:
        """The elder it must be about, when there is just one."""
        return self.elders[0]["id"] if len(self.elders) == 1 else None


def index_of(keys: Keys, district: UUID, stored: str) -> bytes:
    """Return the blind index of a number in its stored form (`core.phones`)."""
    return keys.index(district, _PURPOSE, stored)


async def refresh(conn: Conn, keys: Keys, district: UUID, most: int = BATCH) -> int:
    """Read numbers that were written or sealed anew since they were read; return how many."""
    rows = await conn.fetch(SQL.list_unread, most)
    read = []
    for row in rows:
        stored = phones.find(keys.open(district, row["phone_sealed"]))
        index = index_of(keys, district, stored) if stored else None
        mark = hashlib.sha256(row["phone_sealed"]).digest()
        read.append((row["id"], district, row["kind"], index, mark))
    await conn.executemany(SQL.keep_number, read)
    await conn.execute(SQL.drop_numbers)
    return len(rows)


async def known(conn: Conn, number_index: bytes | None, day: date) -> Caller:
    """Return whose number an index is: nobody's, one person's, or several people's; grades of `day`."""
    if number_index is None:
        return Caller((), ())
    people = await conn.fetch(SQL.list_people, number_index)
    elders = await conn.fetch(SQL.list_elders, number_index, day)
    return Caller(tuple(people), tuple(elders))


async def language(conn: Conn, number_index: bytes | None) -> str:
    """Return the language in which a caller is spoken to: theirs where it is known and one, else Chinese."""
    if number_index is None:
        return LANGUAGE
    found = {row["language"] for row in await conn.fetch(SQL.language_of, number_index)}
    return found.pop() if len(found) == 1 else LANGUAGE
