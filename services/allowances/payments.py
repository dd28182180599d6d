"""Payments of issued lists: the file for the bank, and what the bank says of each payment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from core import audit
from core.accounts import Person
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, Invalid
from core.sql import load
from services.allowances import bank_files, lists
from services.allowances.bank_files import Mistake, Result

SQL = load(__file__)
_SHOWN = 100
"""Mistakes of a file that are told."""


@dataclass(frozen=True, slots=True)
class Order:
    """One payment for the bank, the account in clear."""

    reference: str
    holder: str
    bank: str
    account: str
    amount: Decimal


async def orders(conn: Conn, keys: Keys, list_id: UUID, by: Person, now: datetime) -> list[Order]:
    """Return what the bank shall pay of an issued list, on record; who has no account is left out.

    Raises Conflict `list_state` when the list is not issued.
    """
    row = await lists.find(conn, list_id)
    if row["state"] not in {"issued", "reconciled"}:
        raise Conflict(f"the list is {row['state']}", code="list_state", state=row["state"])
    found = await conn.fetch(SQL.list_orders, list_id)
    made = [
        Order(
            one["reference"],
            one["holder"],
            one["bank"],
            keys.open(row["district_id"], one["account_sealed"]),
            one["amount"],
        )
        for one in found
    ]
    detail: dict[str, object] = {"field": "payee_account", "payments": len(made)}
    await audit.record(
        conn,
        district=row["district_id"],
        at=now,
        account=by.account_id,
        action="reveal",
        subject_kind="allowance_list",
        subject=list_id,
        detail=detail,
    )
    return made


async def settle(conn: Conn, list_id: UUID, body: bytes, by: Person, now: datetime) -> Row:
    """Take the bank's file of results: all of it, or nothing when a row is wrong (Invalid names the rows).

    The same file again changes nothing. The list is reconciled when no payment waits any more.
    """
    row = await lists.lock(conn, list_id, "issued", "reconciled")
    results, mistakes = bank_files.read(body)
    known = {one["reference"]: one for one in await conn.fetch(SQL.list_payments, list_id, None, None, None)}
    mistakes += [wrong for one in results for wrong in _compared(one, known.get(one.reference))]
    if mistakes:
        raise Invalid("the bank's file is wrong", [_told(one) for one in mistakes[:_SHOWN]])
    fresh = [one for one in results if known[one.reference]["state"] == "pending"]
    await _note_results(conn, fresh, row["district_id"], by, now)
    if row["state"] == "issued" and not await conn.fetchval(SQL.count_pending, list_id):
        await conn.execute(SQL.reconcile_list, list_id, now)
    await lists.note(conn, row, "allowance.settle", by, now)
    return await lists.find(conn, list_id)


def _compared(one: Result, known: Row | None) -> Iterator[Mistake]:
    if known is None or known["state"] == "no_account":
        yield Mistake(one.row, "reference", "unknown")
    elif known["amount"] != one.amount:
        yield Mistake(one.row, "amount", "differs")
    elif known["state"] != "pending" and known["state"] != ("paid" if one.is_paid else "returned"):
        yield Mistake(one.row, "result", "other_before")


async def _note_results(
    conn: Conn, results: Sequence[Result], district: UUID, by: Person, now: datetime
) -> None:
    await conn.execute(
        SQL.settle_payments,
        district,
        [one.reference for one in results],
        ["paid" if one.is_paid else "returned" for one in results],
        [one.reason for one in results],
        [one.on for one in results],
        now,
        by.account_id,
    )


def _told(one: Mistake) -> dict[str, object]:
    words = f"row {one.row}: {one.field}: {one.code}"
    return {"field": one.field, "code": f"bank_{one.code}", "row": one.row, "message": words}


async def list_(
    conn: Conn, list_id: UUID, state: str | None = None, after: UUID | None = None, limit: int | None = 50
) -> list[Row]:
    """Return a list's payments {reference, elder, amount, state, reason, account_tail, …}, by id."""
    return await conn.fetch(SQL.list_payments, list_id, state, after, limit)


async def sums(conn: Conn, list_id: UUID) -> list[Row]:
    """Return {state, payments, amount} of a list's payments."""
    return await conn.fetch(SQL.sum_payments, list_id)
