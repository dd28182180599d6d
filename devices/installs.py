"""Install tests: each sensor triggered and seen; the record of that, monthly, with photos."""

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load
from devices import care_beds, photos
from devices.install_signs import Sign

SQL = load(__file__)
INSTALL, MONTHLY = "install", "monthly"
KINDS = (INSTALL, MONTHLY)
LASTS = timedelta(minutes=45)
ARMED = timedelta(minutes=2)
EVERY = timedelta(days=31)
MOST_PHOTOS = 12
PHOTOS_KEPT = timedelta(days=730)


async def start(conn: Conn, care_bed: UUID, kind: str, by: UUID | None, now: datetime) -> UUID:
    """Begin a test of every device of a bed; raise Conflict while another is under way."""
    if kind not in KINDS:
        raise Invalid(f"kind: no test {kind}", [{"field": "kind", "code": "unknown"}])
    bed = await care_beds.find(conn, care_bed)
    if bed["ended_on"] is not None:
        raise Conflict(f"care bed {care_bed} is not open", code="care_bed_ended")
    await conn.execute(SQL.end_lapsed, care_bed, now)
    values = (new_id(), bed["district_id"], care_bed, kind, by, now, now + LASTS)
    test: UUID | None = await conn.fetchval(SQL.create_test, *values)
    if test is None:
        raise Conflict("a test is under way at this bed", code="test_under_way")
    await conn.execute(SQL.create_checks, test)
    return test


async def find(conn: Conn, test: UUID) -> Row:
    """Return a test or raise NotFound."""
    row = await conn.fetchrow(SQL.find_test, test)
    if row is None:
        raise NotFound(f"no test {test}")
    return row


async def under_way(conn: Conn, care_bed: UUID, now: datetime) -> Row | None:
    """Return the test under way at a bed, or None."""
    return await conn.fetchrow(SQL.find_open, care_bed, now)


async def checks(conn: Conn, test: UUID) -> list[Row]:
    """Return the lines of a test, one for each device."""
    return await conn.fetch(SQL.list_checks, test)


async def arm(conn: Conn, test: UUID, device: UUID, before: Mapping[str, Any], now: datetime) -> None:
    """Expect a device to be triggered now: its alarms of the next two minutes are a test, no other's."""
    if await conn.fetchrow(SQL.arm, test, device, now, now + ARMED, dict(before)) is None:
        raise Conflict("this test is over", code="test_over")


async def see(conn: Conn, test: UUID, device: UUID, sign: Sign) -> None:
    """Note what proved that a device works."""
    await conn.fetchrow(SQL.see, test, device, sign.name, sign.value, sign.at)


async def finish(conn: Conn, test: UUID, by: UUID | None, note: str | None, now: datetime) -> None:
    """End a test; what was seen until now is its result."""
    if await conn.fetchrow(SQL.finish, test, by, now, note) is None:
        raise Conflict("this test is over", code="test_over")


async def of_bed(conn: Conn, care_bed: UUID, limit: int = 24) -> list[Row]:
    """Return a bed's tests, the newest first."""
    return await conn.fetch(SQL.list_tests, care_bed, limit)


async def beds(conn: Conn, now: datetime, words: str, skip: int, limit: int) -> list[Row]:
    """Return open beds, those under test and those whose turn it is first."""
    return await conn.fetch(SQL.list_beds, skip, limit, now, words)


async def overdue(conn: Conn, now: datetime, after: UUID | None = None, limit: int = 50) -> list[Row]:
    """Return devices at a bed that no test has seen for a month, in pages."""
    return await conn.fetch(SQL.list_overdue, now - EVERY, after, limit)


async def add_photo(conn: Conn, keys: Keys, test: UUID, photo: bytes, by: UUID | None, now: datetime) -> UUID:
    """Keep a photo of a test, sealed and without what the phone wrote into it."""
    row = await find(conn, test)
    clean, media_type = photos.clean(photo)
    if await conn.fetchval(SQL.count_photos, test) >= MOST_PHOTOS:
        raise Conflict("this test has photos enough", code="too_many_photos", most=MOST_PHOTOS)
    identity, district = new_id(), row["district_id"]
    sealed = keys.seal(district, base64.b64encode(clean).decode())
    await conn.execute(SQL.create_photo, identity, district, test, by, now, media_type, len(clean), sealed)
    return identity


async def list_photos(conn: Conn, test: UUID) -> list[Row]:
    """Return the photos of a test, without their content."""
    return await conn.fetch(SQL.list_photos, test)


async def photo(conn: Conn, keys: Keys, district: UUID, identity: UUID) -> tuple[bytes, str]:
    """Return a photo and its media type, or raise NotFound."""
    row = await conn.fetchrow(SQL.find_photo, identity)
    if row is None:
        raise NotFound(f"no photo {identity}")
    return base64.b64decode(keys.open(district, row["photo_sealed"])), row["media_type"]


async def forget_old(conn: Conn, now: datetime) -> None:
    """Drop a district's photos past their retention."""
    await conn.execute(SQL.drop_photos, now - PHOTOS_KEPT)
