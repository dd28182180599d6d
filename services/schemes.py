"""Schemes of a district: versions by effective date, never edited after use, only succeeded."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load as statements
from services.policy import Scheme, parse

SQL = statements(__file__)

__all__ = ["InForce", "Scheme", "find", "in_force", "list_", "load", "parse"]

read = lru_cache(maxsize=256)(parse)
"""Parse a stored scheme; its text never changes."""


@dataclass(frozen=True, slots=True)
class InForce:
    """A stored scheme that a person is enrolled in on a day."""

    id: UUID
    rules: Scheme


async def load(conn: Conn, *, district: UUID, district_code: str, text: str, now: datetime) -> UUID:
    """Store a scheme from its file; the same file again changes nothing.

    Raises Invalid when the file is wrong or another district's, Conflict when the version has other text.
    """
    scheme = parse(text)
    if scheme.district != district_code:
        words = f"the scheme is of district {scheme.district}, not of {district_code}"
        raise Invalid(words, [{"field": "district", "code": "other_district", "message": words}])
    digest = hashlib.sha256(text.encode()).hexdigest()
    known = await conn.fetchrow(SQL.find_version, scheme.code, scheme.version)
    if known is not None:
        if known["sha256"] != digest:
            raise Conflict(f"{scheme.code} {scheme.version} is stored with other text: give it a new version")
        existing: UUID = known["id"]
        return existing
    identity, first = new_id(), scheme.effective_from
    await conn.execute(SQL.end_earlier_versions, scheme.code, scheme.version, first - timedelta(days=1))
    names = (scheme.code, scheme.version, scheme.name, scheme.scale)
    await conn.execute(
        SQL.load_scheme, identity, district, *names, first, scheme.effective_to, text, digest, now
    )
    return identity


async def find(conn: Conn, scheme: UUID) -> Row:
    """Return a scheme with its text; raise NotFound."""
    row = await conn.fetchrow(SQL.find_scheme, scheme)
    if row is None:
        raise NotFound(f"no scheme {scheme}")
    return row


async def list_(conn: Conn) -> list[Row]:
    """Return the district's schemes, newest first."""
    return await conn.fetch(SQL.list_schemes)


async def in_force(conn: Conn, elder: UUID, on: date) -> Sequence[InForce]:
    """Return the schemes that the elder is enrolled in on a day, one version of each."""
    newest: dict[str, InForce] = {}
    for row in await conn.fetch(SQL.list_in_force, elder, on):
        newest.setdefault(row["code"], InForce(row["id"], read(row["body"])))
    return tuple(newest.values())
