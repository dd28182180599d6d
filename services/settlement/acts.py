"""What people do to a statement, from check to reconcile: each a compare-and-set, each on record."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.sql import load
from services.settlement import chain, checking, decisions, seals, states

SQL = load(__file__)


async def hold(conn: Conn, statement: UUID, verb: str, account: UUID) -> Row:
    """Lock a statement for a verb; raise NotFound, or Conflict (statement_state, reopened, same_person)."""
    row = await conn.fetchrow(SQL.find_hands, statement)
    if row is None:
        raise NotFound(f"no statement {statement}")
    refused = states.refusal(verb, row["state"], row["hands"], account)
    if refused == "same_person":
        raise Conflict("who checked, confirmed or changed it may not approve it", code="same_person")
    if refused is not None:
        code = "statement_reopened" if refused == "reopened" else "statement_state"
        raise Conflict(f"the statement is {row['state']}", code=code, statement_is=row["state"])
    return row


async def check(conn: Conn, statement: UUID, by: UUID, now: datetime) -> int:
    """Close a draft and judge its claims; return how many were rejected or adjusted."""
    await hold(conn, statement, "check", by)
    return await checking.check(conn, statement, by=by, now=now)


async def confirm(conn: Conn, statement: UUID, by: UUID, now: datetime) -> None:
    """Let the provider agree with a checked statement."""
    row = await hold(conn, statement, "confirm", by)
    await conn.execute(SQL.confirm, statement, by, now)
    await _note(conn, row, by, "confirm", now)


async def dispute(
    conn: Conn, statement: UUID, items: Sequence[decisions.Item], by: UUID, now: datetime
) -> list[UUID]:
    """Let the provider dispute claims or lines of a checked statement; return the disputes."""
    if not items:
        words = "items: name at least one claim or line"
        raise Invalid(words, [{"field": "items", "code": "required", "message": words}])
    row = await hold(conn, statement, "dispute", by)
    made = [await decisions.raise_(conn, row, item, by, now) for item in items]
    await conn.execute(decisions.SQL.send_back, statement)
    await _note(conn, row, by, "dispute", now, lines=len(made))
    return made


async def approve(conn: Conn, statement: UUID, by: UUID, now: datetime) -> None:
    """Let a second person approve what the provider has confirmed."""
    row = await hold(conn, statement, "approve", by)
    await conn.execute(SQL.approve, statement, by, now)
    await _note(conn, row, by, "approve", now)


async def issue(conn: Conn, statement: UUID, by: UUID, now: datetime) -> Row:
    """Fix what is paid, seal the statement and freeze it; return the seal."""
    row = await hold(conn, statement, "issue", by)
    total = await sums(conn, statement)
    await conn.execute(SQL.issue, statement, by, now, total["payable"])
    figures = {
        name: str(total[name]) for name in ("claims", "lines", "amount", "subsidy", "copay", "payable")
    }
    identity = {
        "statement": str(statement),
        "provider": str(row["provider_id"]),
        "month": f"{row['month']:%Y-%m}",
        "issued_at": now.isoformat(),
    }
    body = chain.body({**identity, **figures})
    sealed = await seals.seal(conn, district=row["district_id"], statement=statement, body=body, now=now)
    await _note(conn, row, by, "issue", now, number=sealed["number"], payable=str(total["payable"]))
    return sealed


async def reconcile(conn: Conn, statement: UUID, by: UUID, now: datetime) -> None:
    """Close an issued statement whose payments are what is owed; raise Conflict `not_paid` with both sums."""
    row = await hold(conn, statement, "reconcile", by)
    total, paid = await sums(conn, statement), await conn.fetchval(SQL.sum_paid, statement)
    if paid != total["payable"]:
        words = f"{paid} of {total['payable']} is paid"
        raise Conflict(words, code="not_paid", paid=str(paid), payable=str(total["payable"]))
    await conn.execute(SQL.reconcile, statement, now)
    await _note(conn, row, by, "reconcile", now, paid=str(paid))


async def sums(conn: Conn, statement: UUID) -> Row:
    """Return {claims, amount, subsidy, copay, approved, rejected, lines, deductions, payable}."""
    row = await conn.fetchrow(SQL.sum_statement, statement)
    assert row is not None  # noqa: S101 - aggregates always give a row
    return row


async def payments(conn: Conn, statement: UUID) -> list[Row]:
    """Return what was paid on a statement: {amount, paid_on, reference, file}."""
    return await conn.fetch(SQL.list_payments, statement)


async def _note(conn: Conn, row: Row, by: UUID, action: str, now: datetime, **detail: object) -> None:
    at = {"district": row["district_id"], "statement": row["id"], "at": now, "account": by}
    await checking.note(conn, **at, action=action, detail=detail)
