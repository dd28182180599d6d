"""Invitations: after the elder's consent a relative comes in by the named phone and a code of eight digits.

open -> proven (the code fitted) -> joined; locked after five wrong codes; revoked by a clerk; expired by day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from core import codes
from core.crypto import Keys, digest
from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.rights import check as check_rights
from core.sql import load

SQL = load(__file__)
DIGITS = 8
TRIES = 5
"""Wrong codes after which an invitation is locked, and only the office can give a new code."""
STAY = timedelta(minutes=30)
"""So long after the code fitted the relative may read what will be shared, and agree."""
RELATIONS = (
    *("spouse", "daughter", "son", "daughter_in_law", "son_in_law", "grandchild", "sibling"),
    *("niece", "nephew", "neighbour", "friend", "guardian", "other"),
)
WISHED_BY, WISHED_HOW = ("office", "elder"), ("counter", "visit", "phone")
CONSENTED_HOW = ("paper", "voice", "in_person")
PURPOSE = "invitation"


@dataclass(frozen=True, slots=True)
class Agreed:
    """The elder's consent to this relative, which comes first: as whom, by whom, how, when."""

    given_as: str
    by: UUID
    how: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """Who is invited: `phone` in its stored form; `shares_phone`: knowingly another relative's number."""

    elder: UUID
    name: str
    phone: str
    relation: str
    priority: int
    rights: Sequence[str]
    agreed: Agreed
    wished_by: str = "office"
    wished_how: str = "counter"
    shares_phone: bool = False
    call: UUID | None = None


async def invite(
    conn: Conn, keys: Keys, new: NewInvitation, *, district: UUID, account: UUID, now: datetime, days: int
) -> UUID:
    """Make an invitation; raise Invalid on a field, Conflict when the number is invited already."""
    _check(new, now)
    identity = new_id()
    phone = (keys.seal(district, new.phone), keys.index(district, "phone", new.phone), new.shares_phone)
    who = (
        new.relation,
        new.priority,
        list(check_rights(new.rights)),
        new.wished_by,
        new.wished_how,
        new.call,
    )
    agreed = (new.agreed.given_as, new.agreed.by, new.agreed.how, new.agreed.at)
    until = now + timedelta(days=days)
    try:
        async with conn.transaction():
            around = (identity, district, new.elder, new.name.strip(), *phone, *who, *agreed)
            await conn.execute(SQL.invite, *around, account, now, until)
    except asyncpg.UniqueViolationError as error:
        raise Conflict("this number is invited to this elder already", code="invited_already") from error
    return identity


async def find(conn: Conn, invitation: UUID) -> Row:
    """Return an invitation with the elder's name; raise NotFound."""
    row = await conn.fetchrow(SQL.find, invitation)
    if row is None:
        raise NotFound(f"no invitation {invitation}")
    return row


async def of_elder(conn: Conn, elder: UUID) -> list[Row]:
    """Return an elder's invitations, newest first."""
    return await conn.fetch(SQL.list_of_elder, elder)


def state_of(row: Row, now: datetime) -> str:
    """Return the state with what the clock says: an open invitation past its day is `expired`."""
    is_over = row["state"] in ("open", "proven") and row["expires_at"] <= now
    return "expired" if is_over else str(row["state"])


def code_of(keys: Keys, row: Row) -> str:
    """Return the code in force: to be sent, read aloud or printed, and noted on record when it is shown."""
    return codes.make(keys, PURPOSE, row["id"], row["turn"], DIGITS)


async def renew(conn: Conn, invitation: UUID, now: datetime, days: int) -> Row:
    """Give an invitation a new code and new days; Conflict when the person has joined or it was revoked."""
    row = await conn.fetchrow(SQL.renew, invitation, now + timedelta(days=days))
    if row is None:
        raise await _over(conn, invitation)
    return row


async def revoke(conn: Conn, invitation: UUID, now: datetime) -> None:
    """Take an invitation back; its code opens nothing any more; Conflict when it is over."""
    if await conn.fetchval(SQL.revoke, invitation, now) is None:
        raise await _over(conn, invitation)


async def count_wrong(conn: Conn, invitation: UUID) -> None:
    """Count a wrong code; the fifth locks the invitation."""
    await conn.execute(SQL.count_wrong, invitation, TRIES)


async def prove(conn: Conn, invitation: UUID, turn: int, ticket: str, now: datetime) -> bool:
    """Note that the code fitted, for whoever holds the ticket; False: meanwhile it is over."""
    return await conn.fetchval(SQL.prove, invitation, turn, digest(ticket), now) is not None


async def join(conn: Conn, invitation: UUID, member: UUID, now: datetime) -> None:
    """Note who joined; Conflict when the invitation is over, or was meanwhile used from another window."""
    if await conn.fetchval(SQL.join, invitation, member, now) is None:
        raise await _over(conn, invitation)


async def _over(conn: Conn, invitation: UUID) -> Conflict:
    row = await find(conn, invitation)
    return Conflict(f"the invitation is {row['state']}", code="invitation_over", invitation_is=row["state"])


def _check(new: NewInvitation, now: datetime) -> None:
    known = {
        "name": bool(new.name.strip()),
        "relation": new.relation in RELATIONS,
        "wished_by": new.wished_by in WISHED_BY,
        "wished_how": new.wished_how in WISHED_HOW,
        "how": new.agreed.how in CONSENTED_HOW,
        "given_as": new.agreed.given_as in ("elder", "guardian"),
        "priority": 1 <= new.priority <= 20,  # noqa: PLR2004 - nobody has more relatives to call
    }
    wrong = [{"field": field, "code": "required"} for field, is_right in known.items() if not is_right]
    if new.agreed.at > now:
        wrong.append({"field": "consented_on", "code": "future"})
    if wrong:
        raise Invalid(f"{wrong[0]['field']}: {wrong[0]['code']}", wrong)
