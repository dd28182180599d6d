"""Photos of a visit: sealed, without the phone's own notes; one picture twice is flagged, not refused."""

import base64
import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from core.accounts import Person
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.sql import load
from devices import photos
from dispatch import evidence, journal
from dispatch.phone import involved

SQL = load(__file__)
MOST = 20
KEPT = timedelta(days=730)


async def keep(
    conn: Conn,
    keys: Keys,
    identity: UUID,
    visit_id: UUID,
    by: Person,
    content: bytes,
    taken_at: datetime,
    now: datetime,
) -> Row:
    """Keep a photo under the phone's id; return {id, digest, same_as}. Sent twice it is one."""
    visit = await involved.find(conn, visit_id, by)
    there = await conn.fetchrow(SQL.find_photo, identity)
    if there is not None:
        if (there["visit_id"], there["caregiver_id"]) != (visit_id, by.caregiver_id):
            raise Conflict(f"the id {identity} is another photo's")
        return there
    clean, media_type = photos.clean(content)
    if await conn.fetchval(SQL.count_photos, visit_id) >= MOST:
        raise Conflict("this visit has photos enough", code="too_many_photos", most=MOST)
    seen = hashlib.sha256(clean).digest()
    first = await conn.fetchval(SQL.find_same, seen)
    district = visit["district_id"]
    sealed = keys.seal(district, base64.b64encode(clean).decode())
    when = (min(taken_at, now), now)
    what = (media_type, len(clean), seen, first, sealed)
    kept = (identity, district, visit_id, by.caregiver_id, *when, *what)
    if await conn.fetchval(SQL.create_photo, *kept) is None:
        raise Conflict(f"the id {identity} is another photo's")
    data = {"photo_id": str(identity), "same_as": str(first) if first else None}
    await journal.visit(conn, visit, "photo", now, by=by, data=data)
    await evidence.decide_again(conn, visit_id, now)
    found = await conn.fetchrow(SQL.find_photo, identity)
    assert found is not None  # noqa: S101 - it has just been kept
    return found


async def list_(conn: Conn, visit_id: UUID, caregiver: UUID | None = None) -> list[Row]:
    """Return the photos of a visit, of one caregiver if said, without their content."""
    return await conn.fetch(SQL.list_photos, visit_id, caregiver)


async def read(
    conn: Conn, keys: Keys, visit_id: UUID, identity: UUID, caregiver: UUID | None = None
) -> tuple[bytes, str]:
    """Return a photo of a visit (of one caregiver if said) and its media type, or raise NotFound."""
    row = await conn.fetchrow(SQL.read_photo, identity, visit_id, caregiver)
    if row is None:
        raise NotFound(f"no photo {identity}")
    return base64.b64decode(keys.open(row["district_id"], row["photo_sealed"])), row["media_type"]


async def forget_old(conn: Conn, now: datetime) -> None:
    """Drop photos past their retention; what names one as the first of its kind forgets it first."""
    await conn.execute(SQL.forget_same, now - KEPT)
    await conn.execute(SQL.drop_photos, now - KEPT)
