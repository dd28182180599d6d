"""Findings as rows: kept by every run, decided by people; what a person decided no run changes."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from core import audit, events
from core.accounts import Person
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load
from services.fraud.records import KINDS, OUTLIER, Finding, Month

SQL = load(__file__)
STATES = ("open", "confirmed", "dismissed", "cleared")
EVERY_KIND = (*KINDS, OUTLIER)
REASONS = {
    "confirmed": ("admitted", "seen_at_home", "documents", "elder_says"),
    "dismissed": ("explained", "device_fault", "register_wrong", "honest_mistake", "other"),
}
"""Why somebody decided so, by what they decided."""
WATCHERS = ("auditor", "approver", "clerk", "admin")


async def keep(conn: Conn, district: UUID, month: Month, found: Sequence[Finding], now: datetime) -> None:
    """Store a run's findings: new ones, renewed open ones; what is not found any more is cleared."""
    rows = _rows(month, found)
    await conn.execute(SQL.keep_findings, district, month.first, now, rows)
    await conn.execute(SQL.clear_unseen, month.first, now)


async def list_(
    conn: Conn,
    *,
    month: date | None = None,
    kind: str | None = None,
    state: str | None = None,
    provider_id: UUID | None = None,
    only_main: bool = True,
    after: tuple[Decimal, UUID] | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return findings, the surest first; of a visit its main one only, unless asked otherwise."""
    _one_of("kind", kind, EVERY_KIND)
    _one_of("state", state, STATES)
    score, identity = after or (None, None)
    return await conn.fetch(
        SQL.list_findings, month, kind, state, provider_id, only_main, score, identity, limit
    )


async def place(conn: Conn, finding: UUID) -> tuple[Decimal, UUID] | None:
    """Return where a finding stands in the list, for the page after it."""
    row = await conn.fetchrow(SQL.find_place, finding)
    return None if row is None else (row["score"], row["id"])


async def newest_month(conn: Conn) -> date | None:
    """Return the last month that has findings, or None."""
    found: date | None = await conn.fetchval(SQL.find_newest_month)
    return found


async def find(conn: Conn, finding: UUID) -> Row:
    """Return a finding; raise NotFound."""
    row = await conn.fetchrow(SQL.find_finding, finding)
    if row is None:
        raise NotFound(f"no finding {finding}")
    return row


async def decide(
    conn: Conn,
    keys: Keys,
    finding: UUID,
    by: Person,
    now: datetime,
    *,
    confirms: bool,
    reason: str,
    note: str | None = None,
) -> Row:
    """Confirm or dismiss a finding with a reason, once; who comes second is told who was first."""
    state = "confirmed" if confirms else "dismissed"
    _one_of("reason", reason, REASONS[state])
    row = await find(conn, finding)
    sealed = keys.seal(row["district_id"], note) if note else None
    if await conn.fetchval(SQL.decide_finding, finding, state, reason, sealed, by.account_id, now) is None:
        held = await find(conn, finding)
        words = f"this finding is {held['state']}"
        raise Conflict(words, code="wrong_state", state=held["state"], verb="decide", by=held["decided_name"])
    await audit.record(
        conn,
        district=row["district_id"],
        at=now,
        account=by.account_id,
        action=f"finding.{'confirm' if confirms else 'dismiss'}",
        subject_kind="finding",
        subject=finding,
        detail={"kind": row["kind"], "reason": reason},
    )
    await tell(conn, row["district_id"], finding, now)
    return await find(conn, finding)


async def tell(conn: Conn, district: UUID, subject: UUID, now: datetime) -> None:
    """Tell the auditors' pages that findings have changed."""
    await events.write(conn, district=district, kind="finding", subject=subject, roles=WATCHERS, at=now)


async def of_visits(conn: Conn, visits: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Return by visit the kinds of its findings that are open or confirmed; visits without one are absent."""
    rows = await conn.fetch(SQL.list_of_visits, list(visits))
    return {row["visit_id"]: list(row["kinds"]) for row in rows}


async def counts(conn: Conn, month: date) -> list[Row]:
    """Return how many main findings of each kind and state a month has, and what was claimed for them."""
    return await conn.fetch(SQL.count_kinds, month)


def _rows(month: Month, found: Sequence[Finding]) -> list[dict[str, Any]]:
    visits = {visit.id: visit for visit in month.visits}
    return [_row(one, visits[one.visit] if one.visit else None) for one in found]


def _row(one: Finding, visit: Any) -> dict[str, Any]:  # noqa: ANN401 - a Visit or None
    return {
        "id": str(new_id()),
        "kind": one.kind,
        "key": one.key,
        "is_main": one.is_main,
        "severity": one.severity,
        "provider_id": one.provider,
        "caregiver_id": one.caregiver,
        "elder_id": visit.person if visit else None,
        "visit_id": one.visit,
        "visit_ids": [identity for identity in one.visits if _is_uuid(identity)],
        "is_pair": one.is_pair,
        "score": round(one.score, 4),
        "amount": None if visit is None or visit.amount is None else str(visit.amount),
        "evidence": list(one.evidence),
    }


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _one_of(field: str, value: str | None, allowed: Sequence[str]) -> None:
    if value is not None and value not in allowed:
        words = f"{field}: one of {', '.join(allowed)}"
        raise Invalid(words, [{"field": field, "code": "unknown", "message": words}])
