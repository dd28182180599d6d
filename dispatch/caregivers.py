"""Caregivers: who they are, what they can do and may do, and where they were last."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch import fields

SQL = load(__file__)
SPEED_KMH = 18.0
"""An electric bicycle in town."""


async def create(
    conn: Conn,
    keys: Keys,
    *,
    district: UUID,
    provider: UUID,
    name: str,
    gender: str,
    phone: str | None,
    skills: Sequence[str],
    lat: float,
    lon: float,
    now: datetime,
    languages: Sequence[str] = ("zh",),
    speed_kmh: float = SPEED_KMH,
) -> UUID:
    """Make a caregiver who starts from the WGS-84 position of their base; the phone number is sealed."""
    identity = new_id()
    sealed = keys.seal(district, phone) if phone else None
    given = (list(skills), list(languages), lat, lon, speed_kmh, now)
    await conn.execute(SQL.create_caregiver, identity, district, provider, name, gender, sealed, *given)
    return identity


async def find(conn: Conn, caregiver_id: UUID) -> Row:
    """Return a caregiver with the last known position, or raise NotFound."""
    row = await conn.fetchrow(SQL.find_caregiver, caregiver_id)
    if row is None:
        raise NotFound(f"no caregiver {caregiver_id}")
    return row


async def list_(
    conn: Conn, *, provider_id: UUID | None = None, after: UUID | None = None, limit: int = 50
) -> list[Row]:
    """Return the caregivers who work here, in pages."""
    return await conn.fetch(SQL.list_caregivers, provider_id, after, limit)


async def end(conn: Conn, caregiver_id: UUID, now: datetime) -> None:
    """Note that a caregiver left; raise Conflict when already gone."""
    if await conn.fetchval(SQL.end_caregiver, caregiver_id, now) is None:
        raise Conflict(f"caregiver {caregiver_id} has already left", code="caregiver_ended")


async def place(
    conn: Conn, caregiver: Row, lat: float, lon: float, accuracy_m: float | None, at: datetime
) -> None:
    """Remember where a caregiver ({id, district_id}) is; what arrives late never replaces what is newer."""
    await conn.execute(SQL.set_position, caregiver["id"], caregiver["district_id"], lat, lon, accuracy_m, at)


async def certify(
    conn: Conn, *, district: UUID, caregiver: UUID, skill: str, name: str, valid_from: date, valid_to: date
) -> UUID:
    """Record a certificate: from now on the skill may be used only while one is in force."""
    if valid_to < valid_from:
        raise fields.wrong("valid_to", "before_start", "before valid_from")
    identity = new_id()
    values = (identity, district, caregiver, skill, name, valid_from, valid_to)
    await conn.execute(SQL.create_certificate, *values)
    return identity


async def certificates(conn: Conn, caregiver_id: UUID) -> list[Row]:
    """Return a caregiver's certificates, the one that ends first at the top."""
    return await conn.fetch(SQL.list_certificates, caregiver_id)
