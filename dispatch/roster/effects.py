"""Which visits lose their caregiver when a roster changes: listed before it is accepted, then repaired."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.clock import local_date
from core.db import Conn, Row
from core.errors import Conflict
from core.sql import load

SQL = load(__file__)
MOST = 50
"""So many visits are named in a refusal; all are counted."""


@dataclass(frozen=True, slots=True)
class Absence:
    """A caregiver who will not be there; kind is what the repair is told: sick, leave, swap, shift."""

    kind: str
    caregiver_id: UUID
    starts_at: datetime
    ends_at: datetime


async def of_absence(conn: Conn, absence: Absence, now: datetime) -> list[Row]:
    """Return the visits to come that touch the time of an absence, by start."""
    since = max(absence.starts_at, now)
    if since >= absence.ends_at:
        return []
    return await conn.fetch(SQL.list_lost, absence.caregiver_id, since, absence.ends_at, now)


def refuse(lost: Sequence[Row], *, is_confirmed: bool) -> None:
    """Raise Conflict that names the visits which lose their caregiver, unless that has been confirmed."""
    if not lost or is_confirmed:
        return
    visits = [shown(row) for row in lost[:MOST]]
    raise Conflict(
        f"{len(lost)} visits lose their caregiver", code="visits_lost", count=len(lost), visits=visits
    )


def shown(row: Row) -> dict[str, Any]:
    """Return a lost visit in codes."""
    return {
        "visit_id": str(row["id"]),
        "elder_id": str(row["elder_id"]),
        "elder_name": row["elder_name"],
        "service": row["service"],
        "state": row["state"],
        "at": row["starts_at"].isoformat(),
        "on": local_date(row["starts_at"]).isoformat(),
    }


async def mend(conn: Conn, absences: Sequence[Absence], lost: Sequence[Row], now: datetime) -> None:
    """Ask the planner to repair the days of which visits were lost, the operators to send somebody else."""
    sent = sorted({row["case_id"] for row in lost if row["case_id"]})
    if sent:
        await conn.execute(SQL.look_now, sent, now)
    if all(row["case_id"] for row in lost):
        return
    from dispatch.planning import repair  # noqa: PLC0415 - what is accepted there may note leave here

    for one in absences:
        trigger = {
            "kind": "sick" if one.kind == "sick" else "leave",
            "caregiver_id": str(one.caregiver_id),
            "from": max(one.starts_at, now).isoformat(),
            "to": one.ends_at.isoformat(),
            "is_noted": True,
        }
        await repair.trigger(conn, trigger, now)
