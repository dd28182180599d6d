"""Whose phones an audience is: the family in order, neighbours, staff on duty, caregivers nearest on shift.

An audience of staff is never empty for want of a rota: with nobody on duty who has a telephone, every account
of the role is told.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from core.db import Conn, Row
from core.sql import load
from dispatch import duty
from dispatch.notices.telling import Recipient

SQL = load(__file__)
STAFF = {"operators": "operator", "duty_managers": "duty_manager"}
NEAREST = 3
"""So many caregivers are told at once: the others sleep."""
FRESH = timedelta(minutes=30)
"""A phone's position is where a caregiver is for so long."""
FAMILY = {"contacts": "case_contact", "neighbours": "case_neighbour"}
NEIGHBOUR = "neighbour"


async def of(conn: Conn, case: Row, audience: str, now: datetime) -> list[Recipient]:
    """Return whom an audience of a case's policy is, in the order in which they are told, each once."""
    if audience in STAFF:
        return await staff(conn, audience, now)
    if audience in FAMILY:
        return await family(conn, case["elder_id"], audience)
    if audience in {"caregivers", "ring"}:
        return await caregivers(conn, case["id"], audience, now)
    return _once(
        [
            *await staff(conn, "duty_managers", now),
            *await staff(conn, "operators", now),
            *await family(conn, case["elder_id"], "contacts"),
            *await family(conn, case["elder_id"], "neighbours"),
            *await caregivers(conn, case["id"], "caregivers", now),
            *await caregivers(conn, case["id"], "ring", now),
        ]
    )


async def staff(conn: Conn, audience: str, now: datetime) -> list[Recipient]:
    """Return who of the centre is on duty in a role; where none of them has a telephone, everybody of it."""
    role = STAFF[audience]
    held = await duty.on(conn, role, now)
    on = [Recipient(account=row["account_id"], language=row["language"], audience=audience) for row in held]
    if any(row["phone_sealed"] is not None for row in held):
        return _once(on)
    rows = await conn.fetch(SQL.list_accounts, role)
    every = [Recipient(account=row["id"], language=row["language"], audience=audience) for row in rows]
    return _once([*on, *every])


async def family(conn: Conn, elder: UUID | None, audience: str) -> list[Recipient]:
    """Return an elder's contacts (or neighbours) who have agreed to be told of alarms, in order."""
    rows = await conn.fetch(SQL.list_family, elder, audience == "neighbours")
    return [
        Recipient(
            family_member=row["id"],
            language=row["language"],
            audience=audience,
            agreed=None if row["agreed"] is None else frozenset(row["agreed"]),
        )
        for row in rows
    ]


async def caregivers(conn: Conn, case: UUID, audience: str, now: datetime) -> list[Recipient]:
    """Return the nearest caregivers on shift: of the home's provider, or (`ring`) of all the others.

    A home without a provider has everybody in the first and nobody in the ring.
    """
    rows = await conn.fetch(SQL.list_caregivers, case, audience == "ring", now, now - FRESH, NEAREST)
    return [Recipient(caregiver=row["id"], language=row["language"], audience=audience) for row in rows]


def _once(people: Iterable[Recipient]) -> list[Recipient]:
    seen: set[tuple[UUID | None, ...]] = set()
    found = []
    for one in people:
        key = (one.family_member, one.account, one.caregiver)
        if key not in seen:
            seen.add(key)
            found.append(one)
    return found


def words_for(audience: str, reason: str) -> str:
    """Return what is said to somebody of an audience (a key of words.toml)."""
    if reason == "idle":
        return "case_idle"
    if audience in FAMILY:
        return FAMILY[audience]
    return "case_caregiver" if audience in {"caregivers", "ring"} else "case_staff"


def split(channels: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the channels that reach a person, and those that reach a room (a group, a mailbox)."""
    rooms = [one for one in channels if one in {"chat", "mail"}]
    return [one for one in channels if one not in rooms], rooms
