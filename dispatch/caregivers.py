"""Caregivers: who they are, what they can do and may do, and where they were last."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

import asyncpg

from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch import fields

SQL = load(__file__)
SPEEDS = {"walk": 4.5, "ebike": 18.0, "motorbike": 30.0, "car": 25.0}
"""How fast somebody gets through a town, stops included, in km/h."""
SPEED_KMH = SPEEDS["ebike"]
GENDERS = ("female", "male")
LIMITS = {"day_hours": 24.0, "week_hours": 168.0, "rest_hours": 48.0, "days_in_a_row": 31.0}
"""A caregiver's own limits of working time, and how high they may be."""


class Changes(TypedDict, total=False):
    """What may be changed of a caregiver."""

    name: str
    gender: str
    phone: str | None
    skills: Sequence[str]
    languages: Sequence[str]
    lat: float
    lon: float
    vehicle: str
    speed_kmh: float
    staff_number: str | None
    working_time: Mapping[str, float]


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
    speed_kmh: float | None = None,
    vehicle: str = "ebike",
    staff_number: str | None = None,
    working_time: Mapping[str, float] | None = None,
) -> UUID:
    """Make a caregiver who starts from the WGS-84 position of their base; the phone number is sealed."""
    _check(gender, vehicle, working_time or {})
    identity = new_id()
    sealed = keys.seal(district, phone) if phone else None
    given = (list(skills), list(languages), lat, lon, speed_kmh or SPEEDS[vehicle], now)
    more = (vehicle, staff_number, dict(working_time or {}))
    values = (identity, district, provider, name, gender, sealed, *given, *more)
    await _unless_numbered_twice(conn, SQL.create_caregiver, *values)
    return identity


async def update(conn: Conn, keys: Keys, caregiver_id: UUID, **changed: Unpack[Changes]) -> None:
    """Change what is given; raise Conflict when somebody left, or another has the staff number."""
    row = await find(conn, caregiver_id)
    new: dict[str, Any] = {**row, **changed}
    _check(new["gender"], new["vehicle"], new["working_time"])
    if "vehicle" in changed and "speed_kmh" not in changed:
        new["speed_kmh"] = SPEEDS[new["vehicle"]]
    if "phone" in changed:
        phone = changed["phone"]
        new["phone_sealed"] = keys.seal(row["district_id"], phone) if phone else None
    who = (caregiver_id, new["name"], new["gender"], new["phone_sealed"], list(new["skills"]))
    where = (list(new["languages"]), new["lat"], new["lon"], new["speed_kmh"], new["vehicle"])
    values = (*who, *where, new["staff_number"], dict(new["working_time"]))
    if await _unless_numbered_twice(conn, SQL.update_caregiver, *values) is None:
        raise Conflict(f"caregiver {caregiver_id} has left", code="caregiver_ended")


async def _unless_numbered_twice(conn: Conn, statement: str, *values: object) -> UUID | None:
    try:
        async with conn.transaction():
            found: UUID | None = await conn.fetchval(statement, *values)
            return found
    except asyncpg.UniqueViolationError as error:
        raise Conflict("this staff number is somebody else's", code="staff_number_taken") from error


def _check(gender: str, vehicle: str, working_time: Mapping[str, float]) -> None:
    fields.one_of("gender", gender, GENDERS)
    fields.one_of("vehicle", vehicle, SPEEDS)
    for name, value in working_time.items():
        fields.one_of("working_time", name, LIMITS)
        if not 0 <= value <= LIMITS[name]:
            raise fields.wrong(name, "invalid", f"from 0 to {LIMITS[name]:.0f}")


async def ending_certificates(conn: Conn, by: date, *, provider_id: UUID | None = None) -> list[Row]:
    """Return the certificates that have ended or end by a day and are followed by no later one."""
    return await conn.fetch(SQL.list_ending, provider_id, by)


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
