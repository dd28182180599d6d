"""The timelines: every change of a case or a visit writes who, when, why, and an event with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core import events
from core.accounts import Person
from core.db import Conn, Row
from core.events import OPERATORS
from core.ids import new_id
from core.sql import load
from dispatch.policy import FAMILY

SQL = load(__file__)

CASE_EVENTS = {
    "open": "case.opened",
    "join": "case.joined",
    "claim": "case.claimed",
    "call": "case.called",
    "verify": "case.verified",
    "dispatch": "case.dispatched",
    "arrive": "case.on_scene",
    "resolve": "case.resolved",
    "close": "case.closed",
    "escalate": "case.escalated",
}
"""The event of each action; every other action is `case.noted`."""
FAMILY_SEES = frozenset({"open", "claim", "dispatch", "arrive", "resolve", "close"})
VISIT_EVENTS = {
    "offer": "visit.offered",
    "accept": "visit.accepted",
    "decline": "visit.declined",
    "grab": "visit.accepted",
    "en_route": "visit.en_route",
    "check_in": "visit.started",
    "check_out": "visit.completed",
    "verify": "visit.verified",
    "cancel": "visit.cancelled",
    "miss": "visit.missed",
}
"""The event of each action; every other action is `visit.noted`."""
VISIT_FAMILY_SEES = frozenset({"accept", "grab", "check_in", "check_out"})


async def case(
    conn: Conn,
    row: Row,
    action: str,
    now: datetime,
    *,
    by: Person | None = None,
    to: str | None = None,
    note: str | None = None,
    data: dict[str, Any] | None = None,
    roles: Sequence[str] | None = None,
) -> None:
    """Write a line about the case `row` as it was before; tell `roles`, by default those who may see it."""
    values = (
        new_id(),
        row["district_id"],
        row["id"],
        now,
        by.account_id if by else None,
        action,
        row["state"],
        to or row["state"],
        note,
        data or {},
    )
    await conn.execute(SQL.write_case_entry, *values)
    seen = action in FAMILY_SEES and row["class"] == "care" and row["elder_id"] is not None
    await events.write(
        conn,
        district=row["district_id"],
        kind=CASE_EVENTS.get(action, "case.noted"),
        subject=row["id"],
        roles=roles or (FAMILY if seen else OPERATORS),
        at=now,
        case=row["id"],
        elder=row["elder_id"],
    )


async def visit(
    conn: Conn,
    row: Row,
    action: str,
    now: datetime,
    *,
    by: Person | None = None,
    to: str | None = None,
    data: dict[str, Any] | None = None,
    family: bool = True,
) -> None:
    """Write a line about the visit `row` as it was before; tell call centre, provider and caregiver."""
    values = (
        new_id(),
        row["district_id"],
        row["id"],
        now,
        by.account_id if by else None,
        action,
        row["state"],
        to or row["state"],
        data or {},
    )
    await conn.execute(SQL.write_visit_entry, *values)
    roles = (*OPERATORS, "provider_manager", "caregiver")
    await events.write(
        conn,
        district=row["district_id"],
        kind=VISIT_EVENTS.get(action, "visit.noted"),
        subject=row["id"],
        roles=(*roles, "family") if family and action in VISIT_FAMILY_SEES else roles,
        at=now,
        case=row["case_id"],
        visit=row["id"],
        elder=row["elder_id"],
        caregiver=row["caregiver_id"],
    )
