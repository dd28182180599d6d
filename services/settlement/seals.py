"""Sealing a statement when it is issued: its lines hashed in order, itself linked to the one before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.sql import load
from services.settlement import chain

SQL = load(__file__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a claim or line stands in an issued statement: what is needed to check it against the seal."""

    seal: Row
    number: int
    body: str
    block: tuple[bytes, ...]
    blocks: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """The first statement of the chain that does not fit: `code` is lines | link | number."""

    number: int
    statement: UUID
    code: str


async def seal(conn: Conn, *, district: UUID, statement: UUID, body: str, now: datetime) -> Row:
    """Link a statement to the chain in the caller's transaction; its lines may not change afterwards."""
    lines = await conn.fetchrow(SQL.hash_lines, statement)
    assert lines is not None  # noqa: S101 - an aggregate always gives a row
    await conn.execute(SQL.lock_chain, str(district))
    head = await conn.fetchrow(SQL.find_head)
    number, previous = (head["number"] + 1, head["hash"]) if head else (1, chain.NOTHING)
    hash_ = chain.link(previous, number, body, lines["hash"])
    audit = await conn.fetchrow(SQL.find_audit_head)
    heads = (audit["number"], audit["hash"]) if audit else (None, None)
    values = (district, number, statement, body, lines["lines"], lines["hash"], previous, hash_, *heads, now)
    await conn.execute(SQL.add_seal, *values)
    return await find(conn, statement)


async def find(conn: Conn, statement: UUID) -> Row:
    """Return a statement's seal; raise Conflict `statement_state` while it is not issued, or NotFound."""
    row = await conn.fetchrow(SQL.find_seal, statement)
    if row is None:
        state = await conn.fetchval(SQL.find_state, statement)
        if state is None:
            raise NotFound(f"no statement {statement}")
        raise Conflict("the statement is not issued", code="statement_state", statement_is=state)
    return row


async def place(conn: Conn, statement: UUID, line: UUID) -> Place:
    """Return where a claim or another line stands in an issued statement; raise NotFound."""
    found = await find(conn, statement)
    rows = await conn.fetch(SQL.list_lines, statement)
    number = next((nth for nth, row in enumerate(rows) if row["id"] == line), None)
    if number is None:
        raise NotFound(f"statement {statement} has no line {line}")
    hashes = [row["hash"] for row in rows]
    first = number - number % chain.BLOCK
    blocks = [chain.block_hash(part) for part in _parts(hashes)]
    block = tuple(hashes[first : first + chain.BLOCK])
    return Place(found, number, rows[number]["body"], block, tuple(blocks))


def _parts(hashes: Sequence[bytes]) -> list[Sequence[bytes]]:
    return [hashes[nth : nth + chain.BLOCK] for nth in range(0, len(hashes), chain.BLOCK)]


async def verify(conn: Conn) -> Break | None:
    """Compute the district's chain again from the claims and lines as they stand; return the first break."""
    previous = chain.NOTHING
    for expected, row in enumerate(await conn.fetch(SQL.list_seals), start=1):
        if row["number"] != expected:
            return Break(expected, row["statement_id"], "number")
        lines = await conn.fetchrow(SQL.hash_lines, row["statement_id"])
        assert lines is not None  # noqa: S101 - an aggregate always gives a row
        if (lines["lines"], lines["hash"]) != (row["lines"], row["lines_hash"]):
            return Break(expected, row["statement_id"], "lines")
        if chain.link(previous, expected, row["body"], row["lines_hash"]) != row["hash"]:
            return Break(expected, row["statement_id"], "link")
        previous = row["hash"]
    return None
