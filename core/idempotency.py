"""Idempotency keys of writes: an account's key answers once, and then always the same."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.db import Conn, enter
from core.errors import Problem
from core.sql import load

SQL = load(__file__)
LONGEST = 200
KEPT = timedelta(days=30)


class KeyReused(Problem):
    """The key was used for another request."""

    status, code, title = 422, "key_reused", "Idempotency-Key used for another request"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the first request with this key was answered."""

    status: int
    body: Any


def fingerprint(method: str, target: str, body: bytes) -> bytes:
    """Return the SHA-256 of what makes a request the same request."""
    return hashlib.sha256(b"\0".join((method.encode(), target.encode(), body))).digest()


async def begin(
    conn: Conn, *, district: UUID, account: UUID, key: str, request: bytes, now: datetime
) -> Answer | None:
    """Take a key, or return the answer that it already has.

    A second request with the same key waits here until the first has committed or failed.
    Raises KeyReused when the key belongs to another request, or is empty or too long.
    """
    if not key or len(key) > LONGEST or not key.isprintable():
        raise KeyReused(f"Idempotency-Key: 1 to {LONGEST} printable characters", code="bad_key")
    if await conn.fetchval(SQL.take_key, account, key, district, request, now):
        return None
    row = await conn.fetchrow(SQL.find_key, account, key)
    if row is None or row["request_hash"] != request:
        raise KeyReused("this Idempotency-Key was used for another request")
    return Answer(row["status"], row["body"])


async def finish(conn: Conn, *, account: UUID, key: str, answer: Answer) -> None:
    """Keep the answer, in the same transaction as what it tells of."""
    await conn.execute(SQL.finish_key, account, key, answer.status, answer.body)


async def forget_old(conn: Conn, district: UUID, now: datetime) -> None:
    """Drop keys of one district whose retention is over."""
    await enter(conn, district)
    await conn.execute(SQL.drop_keys, now - KEPT)
