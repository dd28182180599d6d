"""A caregiver in need: pressed SOS, or stayed away after a check-in. Somebody takes it, and closes it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import events
from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.events import OPERATORS
from core.sql import load
from dispatch import fields

SQL = load(__file__)
OUTCOMES = ("helped", "all_well", "police", "hospital", "not_reached", "pressed_by_mistake")
"""What a person may close it with; `checked_out` and `answered` are the system's own."""
TOLD = (*OPERATORS, "provider_manager")
_CHANGED = "caregiver.alert_changed"
WAIT = timedelta(minutes=2)
"""An alert that nobody has taken is told again after so long, and again."""


async def sos(
    conn: Conn,
    identity: UUID,
    by: Person,
    now: datetime,
    *,
    said_at: datetime,
    visit_id: UUID | None = None,
    place: tuple[float | None, float | None, float | None] = (None, None, None),
) -> UUID:
    """Raise a caregiver's own alarm under the phone's id; sent twice it is one."""
    if by.caregiver_id is None:
        raise NotFound("this account belongs to no caregiver")
    whose = (identity, by.district_id, by.caregiver_id, visit_id, "sos")
    made = await conn.fetchval(SQL.raise_alert, *whose, min(said_at, now), now, *place, now + WAIT)
    if made:
        await _tell(conn, by.district_id, identity, by.caregiver_id, visit_id, now)
    return identity


async def overdue(conn: Conn, watch: Row, identity: UUID, now: datetime) -> None:
    """Raise the alarm about who has not checked out and does not answer, with the last known place."""
    seen = await conn.fetchrow(SQL.find_position, watch["caregiver_id"])
    place = (seen["lat"], seen["lon"], seen["accuracy_m"]) if seen else (None, None, None)
    whose = (identity, watch["district_id"], watch["caregiver_id"], watch["visit_id"], "overdue")
    await conn.execute(SQL.raise_alert, *whose, watch["due_at"], now, *place, now + WAIT)
    await _tell(conn, watch["district_id"], identity, watch["caregiver_id"], watch["visit_id"], now)


async def over(conn: Conn, visit_id: UUID, by: Person, now: datetime, outcome: str) -> None:
    """Close what was raised about a visit because its caregiver has been heard of."""
    for row in await conn.fetch(SQL.end_overdue, visit_id, by.caregiver_id, now, outcome):
        await _tell(conn, row["district_id"], row["id"], row["caregiver_id"], visit_id, now, _CHANGED)


async def find(conn: Conn, alert_id: UUID, by: Person) -> Row:
    """Return an alert that this person may see, or raise NotFound: a manager sees the own provider's."""
    row = await conn.fetchrow(SQL.find_alert, alert_id)
    if row is None or (by.role == "provider_manager" and row["provider_id"] != by.provider_id):
        raise NotFound(f"no caregiver alert {alert_id}")
    return row


async def list_open(conn: Conn, by: Person) -> Sequence[Row]:
    """Return what is not closed, the oldest first."""
    provider = by.provider_id if by.role == "provider_manager" else None
    return await conn.fetch(SQL.list_open, by.role == "provider_manager", provider)


async def take(conn: Conn, alert_id: UUID, by: Person, now: datetime) -> Row:
    """Take it: one person cares for it, and the telling stops; a second is told who was first."""
    row = await find(conn, alert_id, by)
    if await conn.fetchval(SQL.take_alert, alert_id, by.account_id, now) is None:
        held = await find(conn, alert_id, by)
        first: dict[str, Any] = {
            "by": held["taken_name"] or "",
            "at": str(held["taken_at"] or held["closed_at"]),
        }
        raise Conflict(f"{first['by']} was first", code="already_claimed", **first)
    await _tell(conn, row["district_id"], alert_id, row["caregiver_id"], row["visit_id"], now, _CHANGED)
    return await find(conn, alert_id, by)


async def close(conn: Conn, alert_id: UUID, by: Person, now: datetime, outcome: str) -> Row:
    """Close it with what came of it."""
    row = await find(conn, alert_id, by)
    fields.one_of("outcome", outcome, OUTCOMES)
    if await conn.fetchval(SQL.close_alert, alert_id, by.account_id, now, outcome) is None:
        raise Conflict("this alert is closed", code="wrong_state", state="closed", verb="close")
    await _tell(conn, row["district_id"], alert_id, row["caregiver_id"], row["visit_id"], now, _CHANGED)
    return await find(conn, alert_id, by)


async def escalate_due(conn: Conn, now: datetime) -> int:
    """Tell again of every alert that nobody has taken; return how many."""
    rows = await conn.fetch(SQL.escalate_due, now, now + WAIT)
    for row in rows:
        await _tell(conn, row["district_id"], row["id"], row["caregiver_id"], row["visit_id"], now)
    return len(rows)


async def _tell(
    conn: Conn,
    district: UUID,
    alert: UUID,
    caregiver: UUID,
    visit: UUID | None,
    now: datetime,
    kind: str = "caregiver.alert",
) -> None:
    await events.write(
        conn,
        district=district,
        kind=kind,
        subject=alert,
        roles=(*TOLD, "caregiver"),
        at=now,
        visit=visit,
        caregiver=caregiver,
    )
