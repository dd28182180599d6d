"""Signatures drawn on the phone: a path, what was signed, a digest that shows whether either was changed."""

import hashlib
import json
import re
from datetime import datetime
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.crypto import Keys
from core.db import Conn
from core.sql import load
from dispatch import evidence, fields, journal
from dispatch.phone import involved

SQL = load(__file__)
WHO = ("elder", "family", "other")
_PATH = re.compile(r"(?:[ML]-?\d+(?:\.\d+)? -?\d+(?:\.\d+)? ?)+")
LONGEST = 40_000


async def keep(
    conn: Conn,
    keys: Keys,
    identity: UUID,
    visit_id: UUID,
    by: Person,
    now: datetime,
    *,
    who: str,
    path: str,
    statement: dict[str, Any],
    digest: str,
    signed_at: datetime,
) -> bool:
    """Keep a signature under the phone's id; return whether its digest fits. Sent twice it is one."""
    visit = await involved.find(conn, visit_id, by)
    if who not in WHO:
        raise fields.wrong("who", "unknown", f"one of {', '.join(WHO)}")
    check_path("path", path)
    fits = digest_of(statement, path).hex() == digest.lower()
    sealed = keys.seal(visit["district_id"], path)
    whose = (identity, visit["district_id"], visit_id, by.caregiver_id)
    what = (who, sealed, statement, digest_of(statement, path), fits, min(signed_at, now), now)
    if await conn.fetchval(SQL.create_signature, *whose, *what):
        data = {"signature_id": str(identity), "who": who, "is_intact": fits}
        await journal.visit(conn, visit, "signature", now, by=by, data=data)
        await evidence.decide_again(conn, visit_id, now)
    return fits


def check_path(field: str, path: str) -> None:
    """Raise Invalid unless a path is one of strokes: M and L with two numbers each."""
    if len(path) > LONGEST or not _PATH.fullmatch(path):
        raise fields.wrong(field, "invalid", "M and L with two numbers each")


async def list_(conn: Conn, keys: Keys, visit_id: UUID) -> list[dict[str, Any]]:
    """Return the signatures of a visit with their paths."""
    rows = await conn.fetch(SQL.list_signatures, visit_id)
    return [{**row, "path": keys.open(row["district_id"], row["path_sealed"])} for row in rows]


def digest_of(statement: dict[str, Any], path: str) -> bytes:
    """Return the SHA-256 of what was signed and how: keys in order, no spaces, then the path."""
    text = json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{text}\n{path}".encode()).digest()
