"""The timelines: every change of a case or a visit writes who, when, why, and an event with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from core import events
from core.accounts import Person
from core.db import Conn, Row
from core.events import OPERATORS
from core.ids import new_id
from core.sql import load
from dispatch.notices.telling import void
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
    "family_answer": "case.answered",
    "family_safe": "case.answered",
    "unreached": "case.unreached",
}
"""The event of each action; every other action is `case.noted`."""
FAMILY_SEES = frozenset(
    {"open", "claim", "dispatch", "arrive", "resolve", "close", "family_answer", "family_safe"}
)
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
    "hand_over": "visit.offered",
    "take_back": "visit.withdrawn",
    "retime": "visit.moved",
    "promise": "visit.promised",
    "late": "visit.late",
    "overdue": "visit.overdue",
}
"""The event of each action; every other action is `visit.noted`."""
MOVED = frozenset({"hand_over", "retime", "take_back", "turn_back", "interrupt"})
"""What is done to a visit that was promised; who waits for it is told."""
VISIT_FAMILY_SEES = frozenset({"accept", "grab", "check_in", "check_out", "promise", "late_over", *MOVED})


class Author(Protocol):
    """Who did it: somebody logged in, or known by the account only (an operator whose call ends later)."""

    @property
    def account_id(self) -> UUID | None:
        """Return the account; None is the system itself."""


async def case(
    conn: Conn,
    row: Row,
    action: str,
    now: datetime,
    *,
    by: Author | None = None,
    to: str | None = None,
    note: str | None = None,
    data: dict[str, Any] | None = None,
    roles: Sequence[str] | None = None,
) -> None:
    """Write a line about the case `row` as it was before; tell `roles`, by default those who may see it.

    Whoever takes a case, ends it or works on it silences the phones that still ring for it.
    """
    author = by.account_id if by else None
    states = (row["state"], to or row["state"])
    entry = (new_id(), row["district_id"], row["id"], now, author, action, *states, note, data or {})
    await conn.execute(SQL.write_case_entry, *entry)
    if row.get("class", "care") == "care" and _silences(row["state"], to, by):
        await void(conn, row["id"], now)
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


def _silences(state: str | None, to: str | None, by: Author | None) -> bool:
    if to is not None:
        return to != "raised"
    return by is not None and state != "raised"


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
    tell: Sequence[UUID | None] | None = None,
    roles: Sequence[str] | None = None,
) -> None:
    """Write a line about the visit `row` as it was before; tell `roles`, or call centre, provider, caregiver.

    `tell` names the caregivers instead of the row's own: each of them hears it, and no other.
    """
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
    sees = ("family",) if family and action in VISIT_FAMILY_SEES else ()
    hearers = roles or (*OPERATORS, "provider_manager", "caregiver", *sees)
    await _tell(conn, row, action, now, [row["caregiver_id"]] if tell is None else tell, hearers)


async def _tell(
    conn: Conn, row: Row, action: str, now: datetime, tell: Sequence[UUID | None], hearers: Sequence[str]
) -> None:
    """Write the event of a visit for each caregiver; the other hearers hear it once."""
    for nth, caregiver in enumerate(tell):
        await events.write(
            conn,
            district=row["district_id"],
            kind=VISIT_EVENTS.get(action, "visit.noted"),
            subject=row["id"],
            roles=("caregiver",) if nth else hearers,
            at=now,
            case=row["case_id"],
            visit=row["id"],
            elder=row["elder_id"],
            caregiver=caregiver,
        )
