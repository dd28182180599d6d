"""Corrections of issued lines: somebody says what was wrong, the next list carries it, another approves."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from core import audit
from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch.fields import one_of, wrong
from services.allowances import lists
from services.pricing import ZERO, money

SQL = load(__file__)
REASONS = ("overpaid", "underpaid", "wrong_person", "wrong_grade", "register_wrong", "other")
_MOST = Decimal(100_000)


async def correct(
    conn: Conn, line: UUID, amount: Decimal, reason: str, by: Person, now: datetime, note: str = ""
) -> UUID:
    """Correct an issued line by an amount (negative: deducted from what is due, as far as it reaches).

    Raises NotFound, Invalid, Conflict `not_issued` (a draft is corrected by its facts).
    """
    one_of("reason", reason, REASONS)
    if money(amount) != amount or amount == ZERO or abs(amount) > _MOST:
        raise wrong("amount", "amount", "yuan with two decimals, not nought")
    row = await lists.find_line(conn, line)
    if row["state"] not in {"issued", "reconciled"}:
        raise Conflict("only an issued line is corrected", code="not_issued")
    identity = new_id()
    whose = (identity, row["district_id"], line, row["scheme_code"], row["elder_id"], row["for_month"])
    await conn.execute(SQL.create_correction, *whose, amount, reason, note[:500], by.account_id, now)
    await _note(conn, row["district_id"], by, now, "allowance.correct", identity, reason)
    return identity


async def withdraw(conn: Conn, correction: UUID, by: Person, now: datetime) -> None:
    """Take a correction back that no list carries yet; raise NotFound, Conflict `correction_used`."""
    row = await find(conn, correction)
    if await conn.fetchval(SQL.withdraw_correction, correction, by.account_id, now) is None:
        raise Conflict("a list carries this correction already", code="correction_used")
    await _note(conn, row["district_id"], by, now, "allowance.withdraw", correction, row["reason"])


async def find(conn: Conn, correction: UUID) -> Row:
    """Return one correction; raise NotFound."""
    row = await conn.fetchrow(SQL.find_correction, correction)
    if row is None:
        raise NotFound(f"no correction {correction}")
    return row


async def waiting(conn: Conn) -> list[Row]:
    """Return the corrections that no issued list has carried in full, oldest first."""
    return await conn.fetch(SQL.list_waiting)


async def _note(
    conn: Conn, district: UUID, by: Person, now: datetime, action: str, correction: UUID, reason: str
) -> None:
    await audit.record(
        conn,
        district=district,
        at=now,
        account=by.account_id,
        action=action,
        subject_kind="allowance_correction",
        subject=correction,
        detail={"reason": reason},
    )
