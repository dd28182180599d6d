"""The check of a draft: what does not hold is rejected with codes, breaches of contract are deductions.

Codes (words and what to do: dashboards' vocabulary `rejections`): no_proof, contradicted, visit_changed,
overlapping, duplicate_visit, over_hours, over_price, after_death, absent, not_enrolled, duplicate_photo.
Verdicts are read out of `visit_proof`, never weighed again. A price over the contract's is adjusted;
everything else is rejected whole.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core import audit
from core.clock import ZONE, local_date
from core.db import Conn, Row
from core.errors import Conflict
from core.ids import new_id
from core.sql import load
from services import months, statements
from services.settlement import penalties

SQL = load(__file__)
NO_TERMS: Mapping[str, Any] = {
    "number": "",
    "response_minutes": None,
    "late_penalty": None,
    "hours_most": None,
    "hours_least": None,
    "hours_penalty": None,
    "overlap_minutes": 5,
}
"""Of a provider without a contract in the month."""


def require_over(month: date, now: datetime) -> None:
    """Raise Conflict while a month is not over: its visits would fall into the next statement."""
    if local_date(now, ZONE) <= months.last_day(month):
        raise Conflict(f"{month:%Y-%m} is not over yet", code="month_open", month=f"{month:%Y-%m}")


async def check(conn: Conn, statement: UUID, *, by: UUID | None, now: datetime, is_race: bool = False) -> int:
    """Close a draft and judge its claims; return how many were rejected or adjusted.

    Raises Conflict when it is no draft (unless `is_race`: then nothing is done) or its month is not over.
    """
    row = await statements.find(conn, statement)
    require_over(row["month"], now)
    moved = await conn.fetchrow(SQL.move_to_checked, statement, by, now)
    if moved is None:
        if is_race:
            return 0
        words = f"the statement is {row['state']}"
        raise Conflict(words, code="statement_state", statement_is=row["state"])
    district, provider = moved["district_id"], moved["provider_id"]
    terms = await conn.fetchrow(SQL.find_terms, provider, row["month"], months.last_day(row["month"]))
    known: Row = terms or NO_TERMS
    await conn.fetchrow(SQL.quicken)
    rejected: int = await conn.fetchval(
        SQL.judge_claims, statement, provider, known["overlap_minutes"], known["hours_most"], now
    )
    await conn.fetchrow(SQL.calm)
    deductions = await _penalise(conn, district, statement, known, now)
    detail = {"rejected": rejected, "deductions": deductions}
    await note(
        conn, district=district, statement=statement, at=now, account=by, action="check", detail=detail
    )
    return rejected


async def _penalise(conn: Conn, district: UUID, statement: UUID, terms: Row, now: datetime) -> int:
    found: list[penalties.Penalty] = []
    if terms["response_minutes"] is not None:
        found += penalties.late(terms, await conn.fetch(SQL.list_late, statement, terms["response_minutes"]))
    if terms["hours_least"] is not None:
        missing = penalties.too_few_hours(terms, await conn.fetchval(SQL.sum_hours, statement))
        found += [missing] if missing else []
    for one in found:
        values = ("penalty", one.claim, None, one.visit, one.amount, list(one.explanation), None, now)
        await conn.execute(SQL.add_line, new_id(), district, statement, *values)
    return len(found)


async def note(
    conn: Conn,
    *,
    district: UUID,
    statement: UUID,
    at: datetime,
    account: UUID | None,
    action: str,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write what happened to a statement: its own history, the audit log, and an event for the pages."""
    kept = detail or {}
    await conn.execute(SQL.add_entry, new_id(), district, statement, at, account, action, kept)
    await audit.record(
        conn,
        district=district,
        at=at,
        account=account,
        action=f"statement.{action}",
        subject_kind="statement",
        subject=statement,
        detail=kept,
    )
    await statements.tell_changed(conn, district, statement, at)


async def history(conn: Conn, statement: UUID) -> list[Row]:
    """Return what happened to a statement: {at, account_name, role, action, detail}."""
    return await conn.fetch(SQL.list_entries, statement)


async def lines(conn: Conn, statement: UUID) -> list[Row]:
    """Return the lines beside the claims: corrections, penalties, vouchers, each with its explanation."""
    return await conn.fetch(SQL.list_lines, statement)
