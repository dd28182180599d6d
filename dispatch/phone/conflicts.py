"""What a phone recorded and the server did not accept: kept whole with its reason until it is settled."""

from datetime import datetime
from typing import Any
from uuid import UUID

from core import events
from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.sql import load

SQL = load(__file__)


async def keep(
    conn: Conn,
    identity: UUID,
    by: Person,
    now: datetime,
    *,
    visit_id: UUID | None,
    verb: str,
    said: dict[str, Any],
    said_at: datetime | None,
    status: int,
    code: str,
    reason: dict[str, Any],
) -> None:
    """Keep a refused record under its own id; sent twice it is one. Nothing of it is judged here."""
    if by.caregiver_id is None:
        raise NotFound("this account belongs to no caregiver")
    what = (visit_id, verb, said, said_at, now, status, code, reason)
    if await conn.fetchval(SQL.create_conflict, identity, by.district_id, by.caregiver_id, *what) is None:
        return
    await events.write(
        conn,
        district=by.district_id,
        kind="phone.conflict",
        subject=identity,
        roles=("provider_manager", "duty_manager", "admin"),
        at=now,
        visit=await conn.fetchval(SQL.find_visit, visit_id),
        caregiver=by.caregiver_id,
    )


async def list_open(conn: Conn, provider: UUID | None = None) -> list[Row]:
    """Return what is not settled, the oldest first; of one provider's caregivers if said."""
    return await conn.fetch(SQL.list_open, provider)


async def settled_of(conn: Conn, caregiver: UUID, since: datetime) -> list[Row]:
    """Return {id, note} of a caregiver's records that are settled since: the phone may let go of them."""
    return await conn.fetch(SQL.list_settled, caregiver, since)


async def settle(
    conn: Conn, identity: UUID, by: Person, now: datetime, note: str, provider: UUID | None = None
) -> None:
    """Say what came of a refused record; the first one says it."""
    if await conn.fetchval(SQL.settle_conflict, identity, by.account_id, now, note, provider):
        return
    if await conn.fetchval(SQL.conflict_exists, identity, provider):
        raise Conflict("this record is settled", code="wrong_state", state="closed", verb="close")
    raise NotFound(f"no phone conflict {identity}")
