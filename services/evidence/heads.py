"""The head of the district's audit chain, as it is printed on statements and in packs."""

from dataclasses import dataclass

from core import audit
from core.db import Conn
from core.sql import load

SQL = load(__file__)


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of the audit log that is in the chain; `hash` is SHA-256, 32 bytes."""

    number: int
    hash: bytes

    @property
    def hex(self) -> str:
        """The hash in hexadecimal digits, as it is printed."""
        return self.hash.hex()


async def head(conn: Conn) -> Head | None:
    """Return the head of the current district's chain, or None before its first line.

    A line is linked within a minute (`core.upkeep.tick`); the head stands for all lines up to it.
    """
    found = await audit.head(conn)
    return Head(*found) if found else None


async def list_lost(conn: Conn) -> list[int]:
    """Return the numbers of issued statements whose printed head the log does not hold any more.

    A log that was cut at its end is a chain in itself; the heads printed on statements and in packs tell.
    """
    return [row["number"] for row in await conn.fetch(SQL.list_lost)]
