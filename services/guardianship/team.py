"""The team of five: who holds a role from when to when; one holder of a role at a time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import asyncpg

from core.accounts import Person
from core.crypto import Keys
from core.db import Conn
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch.fields import one_of, wrong
from services.guardianship import guardianships
from services.guardianship.gaps import ROLES, VISITING

SQL = load(__file__)
LONGEST = 80


@dataclass(frozen=True, slots=True)
class NewMember:
    """Somebody who is to hold a role: a caregiver of a provider, a caller, or a name alone."""

    role: str
    valid_from: date
    name: str = ""
    phone: str = ""
    caregiver_id: UUID | None = None
    caller_id: UUID | None = None


async def appoint(
    conn: Conn, keys: Keys, guardianship: UUID, new: NewMember, *, by: Person, now: datetime
) -> UUID:
    """Let somebody hold a role from a day on; who held it ends the day before. Return the row's id.

    Raises Invalid by field, Conflict when somebody holds it from that day or later on.
    """
    one_of("role", new.role, ROLES)
    row = await guardianships.lock(conn, guardianship)
    name = await _name(conn, new)
    await conn.execute(
        SQL.end_before, guardianship, new.role, new.valid_from, new.valid_from - timedelta(days=1)
    )
    identity = new_id()
    phone = keys.seal(by.district_id, new.phone.strip()) if new.phone.strip() else None
    who = (new.role, name, phone, new.caregiver_id, new.caller_id, new.valid_from, by.account_id, now)
    try:
        async with conn.transaction():
            await conn.execute(SQL.appoint, identity, by.district_id, guardianship, *who)
    except asyncpg.ExclusionViolationError as error:
        raise Conflict("somebody holds the role from that day on", code="role_held") from error
    await guardianships.note(conn, "guardianship.appoint", guardianship, row["elder_id"], by, now)
    return identity


async def _name(conn: Conn, new: NewMember) -> str:
    if new.caregiver_id is not None and new.caller_id is not None:
        raise wrong("caller_id", "unknown", "a caregiver or a caller, not both")
    if new.caregiver_id is not None and new.role not in VISITING:
        raise wrong("caregiver_id", "unknown", "a provider's caregiver is the caregiver or the nurse")
    known = new.name.strip()
    if new.caregiver_id is not None:
        known = await conn.fetchval(SQL.caregiver_name, new.caregiver_id) or ""
    if new.caller_id is not None:
        known = await conn.fetchval(SQL.caller_name, new.caller_id) or ""
    if not known or len(known) > LONGEST or len(new.phone) > LONGEST:
        raise wrong("name", "missing" if not known else "too_long", "who holds the role")
    return known


async def dismiss(conn: Conn, member: UUID, on: date, *, by: Person, now: datetime) -> None:
    """End a role on a day; raise NotFound, Invalid before its first day, Conflict when it has ended."""
    row = await conn.fetchrow(SQL.find_member, member)
    if row is None:
        raise NotFound(f"no member {member}")
    if on < row["valid_from"]:
        raise wrong("on", "before_start", f"held from {row['valid_from']}")
    if await conn.fetchval(SQL.end_member, member, on) is None:
        raise Conflict("the role has ended already", code="role_ended")
    await guardianships.note(conn, "guardianship.dismiss", row["guardianship_id"], row["elder_id"], by, now)
