"""Providers: organisations under contract, whose caregivers make the visits."""

from datetime import datetime
from uuid import UUID

from core.crypto import Keys
from core.db import Conn, Row
from core.errors import NotFound
from core.ids import new_id
from core.sql import load
from dispatch import fields

SQL = load(__file__)
MODES = ("dispatch", "grab")


async def create(
    conn: Conn, keys: Keys, *, district: UUID, name: str, phone: str | None, now: datetime
) -> UUID:
    """Make a provider; the phone number is sealed."""
    identity = new_id()
    sealed = keys.seal(district, phone) if phone else None
    await conn.execute(SQL.create_provider, identity, district, name, sealed, now)
    return identity


async def find(conn: Conn, provider_id: UUID) -> Row:
    """Return a provider or raise NotFound."""
    row = await conn.fetchrow(SQL.find_provider, provider_id)
    if row is None:
        raise NotFound(f"no provider {provider_id}")
    return row


async def set_mode(conn: Conn, provider_id: UUID, mode: str) -> None:
    """Say how its visits find their caregiver: `dispatch` names who goes, `grab` lets the first have it."""
    fields.one_of("mode", mode, MODES)
    if await conn.fetchval(SQL.set_mode, provider_id, mode) is None:
        raise NotFound(f"no provider {provider_id}")


async def list_(conn: Conn, after: UUID | None = None, limit: int = 50) -> list[Row]:
    """Return the district's providers in pages."""
    return await conn.fetch(SQL.list_providers, after, limit)
