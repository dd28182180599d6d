"""Scripts as rows: drafts and versions, who put which in force; ours is the file beside the reader."""

import hashlib
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import asyncpg

from core import audit, events
from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.events import OPERATORS
from core.ids import new_id
from core.sql import load
from dispatch.protocol_reading import Wrong, read
from dispatch.protocol_script import Script

SQL = load(__file__)
OURS = Path(__file__).with_name("protocol_script.toml").read_text(encoding="utf-8")
"""The product's own script, in force where a district has none of its own."""


@lru_cache(maxsize=64)
def parsed(text: str) -> Script:
    """Return a script that has been in force; ours and every activated one has been checked before."""
    script, wrong = read(text)
    if script is None:
        raise ValueError(f"a script in force has mistakes: {wrong[:3]}")
    return script


def digest(text: str) -> bytes:
    """Return the SHA-256 of a script: two with the same words are one."""
    return hashlib.sha256(text.encode()).digest()


def refuse(wrong: list[Wrong]) -> Invalid:
    """Return the refusal that names every mistake with its line."""
    errors = [
        {"field": "words", "code": one.code, "line": one.line or 0, "node": one.node, "what": one.what}
        for one in wrong
    ]
    return Invalid(f"words: {len(wrong)} mistakes in the script", errors)


async def list_(conn: Conn) -> list[Row]:
    """Return a district's scripts, newest first, without their words."""
    return await conn.fetch(SQL.list_scripts)


async def find(conn: Conn, identity: UUID) -> Row:
    """Return a script with its words; raise NotFound."""
    row = await conn.fetchrow(SQL.find_script, identity)
    if row is None:
        raise NotFound(f"no protocol script {identity}")
    return row


async def draft(conn: Conn) -> Row | None:
    """Return the district's draft, or None."""
    return await conn.fetchrow(SQL.find_draft)


async def save(conn: Conn, by: Person, text: str, was: bytes | None, now: datetime) -> Row:
    """Keep the draft, whatever is wrong with it; raise Conflict when somebody else has written meanwhile.

    `was` is the digest of the draft that the writer has read (None: there was none).
    """
    mark = digest(text)
    known = await draft(conn)
    if known is None and was is not None:
        raise Conflict("the draft has been activated or removed meanwhile", code="protocol_changed")
    if known is None:
        values = (new_id(), by.district_id, text, mark, by.account_id, now)
        made: UUID | None = await _new(conn, *values)
    else:
        made = await conn.fetchval(SQL.update_draft, known["id"], text, mark, by.account_id, now, was)
    if made is None:
        raise Conflict("somebody else has written the draft meanwhile", code="protocol_changed")
    await _note(conn, by, "protocol.draft", made, now)
    return await find(conn, made)


async def _new(conn: Conn, *values: object) -> UUID | None:
    try:
        async with conn.transaction():
            made: UUID | None = await conn.fetchval(SQL.create_draft, *values)
    except asyncpg.UniqueViolationError:
        return None
    return made


async def activate(conn: Conn, identity: UUID, by: Person, now: datetime) -> Row:
    """Put a draft in force for cases that begin from now on; raise Invalid naming its mistakes by line."""
    row = await find(conn, identity)
    _, wrong = read(row["words"])
    if wrong:
        raise refuse(wrong)
    await conn.execute(SQL.lock_scripts, str(by.district_id))
    await conn.execute(SQL.retire_active, by.account_id, now)
    if await conn.fetchval(SQL.activate, identity, by.account_id, now, row["digest"]) is None:
        raise Conflict("this draft is in force already, or has changed", code="protocol_changed")
    await _note(conn, by, "protocol.activate", identity, now)
    return await find(conn, identity)


async def retire(conn: Conn, identity: UUID, by: Person, now: datetime) -> None:
    """Go back to the product's own script; raise Conflict when this one is not in force."""
    await conn.execute(SQL.lock_scripts, str(by.district_id))
    if await conn.fetchval(SQL.retire, identity, by.account_id, now) is None:
        raise Conflict("this script is not in force", code="protocol_changed")
    await _note(conn, by, "protocol.retire", identity, now)


async def in_force(conn: Conn, at: datetime) -> Row | None:
    """Return the district's script that was in force at an instant, or None: ours was."""
    return await conn.fetchrow(SQL.find_in_force, at)


async def kept(conn: Conn, district: UUID, now: datetime) -> UUID:
    """Keep ours as it is today as a row, once, so that a case which begins with it has it for good."""
    found: UUID | None = await conn.fetchval(SQL.find_product, digest(OURS))
    if found is not None:
        return found
    await conn.execute(SQL.lock_scripts, str(district))
    await conn.execute(SQL.keep_product, new_id(), district, OURS, digest(OURS), now)
    again: UUID = await conn.fetchval(SQL.find_product, digest(OURS))
    return again


async def _note(conn: Conn, by: Person, action: str, identity: UUID, now: datetime) -> None:
    await audit.record(
        conn,
        district=by.district_id,
        at=now,
        account=by.account_id,
        action=action,
        subject_kind="protocol_script",
        subject=identity,
    )
    district = by.district_id
    await events.write(conn, district=district, kind=action, subject=identity, roles=OPERATORS, at=now)
