"""A caregiver's days as the phone carries them: visits in order, what to know at the door, whom to call."""

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import districts, people
from core.accounts import Person
from core.clock import at_local, local_date
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import NotFound
from core.sql import load
from dispatch.phone import figures, navigation
from dispatch.phone.checklists import tasks_of

SQL = load(__file__)
AHEAD = ("offered", "accepted", "en_route", "in_progress")
"""States in which sealed values may be shown to the caregiver, on record."""
SEALED = ("phone", "address", "access")
OFFERED = ("address",)
"""What may be shown of a visit that is not promised yet: enough to decide."""
_SEEN = ("state", "window_start", "window_end", "planned_start", "minutes", "companion_id", "lone_due_at")


async def visits(conn: Conn, caregiver: UUID, now: datetime, days: int = 1) -> list[Row]:
    """Return the visits of today and of the days after it, and what is still under way, in order."""
    since = at_local(local_date(now), "00:00")
    return await conn.fetch(SQL.list_visits, caregiver, since, since + timedelta(days=days))


async def visit(conn: Conn, identity: UUID, caregiver: UUID) -> Row:
    """Return one of the caregiver's own visits, made alone or along; of another: NotFound."""
    row = await conn.fetchrow(SQL.find_visit, identity, caregiver)
    if row is None:
        raise NotFound(f"no visit {identity}")
    return row


async def at_home(conn: Conn, caregiver: UUID, home: UUID, now: datetime) -> UUID | None:
    """Return the caregiver's visit that a code scanned at a home belongs to, or None."""
    found: UUID | None = await conn.fetchval(SQL.find_visit_at, caregiver, home, now)
    return found


async def month(conn: Conn, caregiver: UUID, now: datetime) -> dict[str, Any]:
    """Return what the caregiver has done since the first of the month: visits, hours, kilometres."""
    first = at_local(local_date(now).replace(day=1), "00:00")
    rows = await conn.fetch(SQL.list_done, caregiver, first, now)
    settings = await districts.settings(conn, rows[0]["district_id"]) if rows else None
    made = figures.of_month(rows, settings.travel_factor if settings else 1.0)
    return {"since": local_date(first), **made}


async def contacts(conn: Conn, keys: Keys, by: Person) -> list[dict[str, str]]:
    """Return whom the caregiver may call at any time, as {code, phone}: call centre, provider, 120."""
    row = await conn.fetchrow(SQL.find_provider, by.caregiver_id)
    settings = await districts.settings(conn, by.district_id)
    provider = keys.open(by.district_id, row["phone_sealed"]) if row and row["phone_sealed"] else ""
    known = (("centre", settings.centre_phone), ("provider", provider), ("ambulance", "120"))
    return [{"code": code, "phone": phone} for code, phone in known if phone]


async def reveal(conn: Conn, keys: Keys, by: Person, identity: UUID, now: datetime) -> dict[str, str]:
    """Return the sealed values of a visit ahead or under way, each on record, for the phone to carry."""
    row = await visit(conn, identity, _caregiver(by))
    return {
        field: await people.reveal(conn, keys, by, row["elder_id"], field, now)
        for field in revealable(row["state"])
        if row[f"{field}_sealed"]
    }


def revealable(state: str) -> tuple[str, ...]:
    """Return which sealed values may be shown to the caregiver in a state of the visit."""
    if state not in AHEAD:
        return ()
    return OFFERED if state == "offered" else SEALED


def carried(row: Row) -> dict[str, Any]:
    """Return a visit as the phone keeps it: nothing sealed, and a mark of what it was rendered from."""
    kept = {name: value for name, value in row.items() if not name.endswith("_sealed")}
    return {
        **kept,
        "tasks": list(tasks_of(row["service"])),
        "navigation": navigation.links(row["lat"], row["lon"]),
        "mark": mark_of(row),
    }


def mark_of(row: Row) -> str:
    """Return a short digest of what a visit's page hangs on: another one means another page."""
    said = "|".join(str(row[name]) for name in _SEEN)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _caregiver(by: Person) -> UUID:
    if by.caregiver_id is None:
        raise NotFound("this account belongs to no caregiver")
    return by.caregiver_id
