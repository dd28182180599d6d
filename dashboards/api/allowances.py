"""Allowances: monthly payment lists, their lines and payments, corrections of what was issued."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, UploadFile

from core.db import Row
from core.errors import Invalid
from dashboards import visible, words
from dashboards.api.settlement_shapes import Yuan
from dashboards.api.shapes import (
    OFFICE,
    Code,
    Given,
    Money,
    Month,
    Note,
    Page,
    Paged,
    Shape,
    month_start,
    shape_of,
)
from dashboards.auth import Guarded, Scope, allow
from services.allowances import corrections, issuing, lists, payments

router = APIRouter(prefix="/api/v1/allowances", tags=["allowances"], route_class=Guarded)
lined = APIRouter(prefix="/api/v1/allowance-lines", tags=["allowances"], route_class=Guarded)
corrected = APIRouter(prefix="/api/v1/allowance-corrections", tags=["allowances"], route_class=Guarded)
Readers = Annotated[Scope, allow(*OFFICE)]
Clerk = Annotated[Scope, allow("clerk")]
Two = Annotated[Scope, allow("clerk", "approver")]
Approver = Annotated[Scope, allow("approver")]
LARGEST = 10_000_000
"""Bytes of a bank's file."""


class NewList(Given):
    """An allowance and a month; the list of an earlier start is begun again."""

    scheme: Code
    month: Month


class Wrong(Given):
    """By how much an issued line was wrong: paid in addition, or deducted when negative."""

    amount: Yuan
    reason: Code
    note: Note = ""


class List(Shape):
    """One month's list; `done` of `people` are computed, `hash` is there once it is issued."""

    id: UUID
    scheme: str
    scheme_name: str | None
    month: str
    state: str
    people: int
    done: int
    total: Money
    computed_at: datetime | None
    created_by_name: str | None
    checked_by_name: str | None
    approved_by_name: str | None
    issued_at: datetime | None
    reconciled_at: datetime | None
    number: int | None
    hash: str | None


class Line(Shape):
    """One line; `says` is the explanation in the reader's language."""

    id: UUID
    elder_id: UUID
    kind: str
    for_month: str
    amount: Money
    previous: Money | None
    change: str | None
    reasons: list[str]
    explanation: list[dict[str, Any]]
    says: str


class Payment(Shape):
    """One payment of an issued list; of the account only its last digits."""

    id: UUID
    elder_id: UUID
    reference: str
    amount: Money
    state: str
    reason: str | None
    settled_on: date | None
    account_tail: str | None


class Correction(Shape):
    """A correction of which lists have not carried `rest` yet."""

    id: UUID
    line_id: UUID
    elder_id: UUID
    scheme_code: str
    for_month: date
    amount: Money
    rest: Money
    reason: str
    made_by_name: str
    made_at: datetime


@router.get("")
async def list_(
    scope: Readers, paged: Paged, month: Month | None = None, state: Code | None = None
) -> Page[List]:
    """List payment lists, newest first."""
    rows = await lists.list_(
        scope.conn, month=month_start(month), state=state, after=paged.after, limit=paged.ask
    )
    return paged.page([_shown(row) for row in rows], List)


@router.post("", status_code=201)
async def open_(given: NewList, scope: Clerk) -> List:
    """Begin a month's list; it is computed within moments, `computed_at` says when."""
    month = month_start(given.month)
    assert month is not None  # noqa: S101 - the field is required
    found = await lists.open_(
        scope.conn, scope.person.district_id, given.scheme, month, scope.person, scope.now
    )
    return await _one(scope, found)


@router.get("/{allowance_id}")
async def find(allowance_id: UUID, scope: Readers) -> List:
    """Show one list."""
    return await _one(scope, allowance_id)


@router.get("/{allowance_id}/lines")
async def lines(
    allowance_id: UUID,
    scope: Readers,
    paged: Paged,
    change: Code | None = None,
    elder_id: UUID | None = None,
) -> Page[Line]:
    """List its lines; `change`: new, ended, changed, same, suspended, resumed, or another kind of line."""
    await lists.find(scope.conn, allowance_id)
    await visible.check_elder(scope, elder_id)
    rows = await lists.lines(
        scope.conn, allowance_id, change=change, elder=elder_id, after=paged.after, limit=paged.ask
    )
    return paged.page([_line(scope, row) for row in rows], Line)


@router.get("/{allowance_id}/payments")
async def list_payments(
    allowance_id: UUID, scope: Readers, paged: Paged, state: Code | None = None
) -> Page[Payment]:
    """List the payments of an issued list."""
    await lists.find(scope.conn, allowance_id)
    rows = await payments.list_(scope.conn, allowance_id, state, paged.after, paged.ask)
    return paged.page(rows, Payment)


@router.post("/{allowance_id}/check")
async def check(allowance_id: UUID, scope: Two) -> List:
    """Say that a computed draft is complete and right."""
    return shape_of(List, _shown(await lists.check(scope.conn, allowance_id, scope.person, scope.now)))


@router.post("/{allowance_id}/approve")
async def approve(allowance_id: UUID, scope: Approver) -> List:
    """Approve as the second person."""
    return shape_of(List, _shown(await lists.approve(scope.conn, allowance_id, scope.person, scope.now)))


@router.post("/{allowance_id}/issue")
async def issue(allowance_id: UUID, scope: Approver) -> List:
    """Issue: frozen and hashed; the payments are made."""
    return shape_of(List, _shown(await issuing.issue(scope.conn, allowance_id, scope.person, scope.now)))


@router.post("/{allowance_id}/reopen")
async def reopen(allowance_id: UUID, scope: Two) -> List:
    """Make a list that is not issued a draft again, computed anew."""
    return shape_of(List, _shown(await lists.reopen(scope.conn, allowance_id, scope.person, scope.now)))


@router.post("/{allowance_id}/settle")
async def settle(allowance_id: UUID, scope: Clerk, sheet: UploadFile | None = None) -> List:
    """Take the bank's file of results (.xlsx, .csv): all of it or nothing."""
    await lists.find(scope.conn, allowance_id)
    body = await sheet.read(LARGEST + 1) if sheet else b""
    if len(body) > LARGEST:
        raise Invalid("the file is too large", [{"field": "file", "code": "too_large"}])
    row = await payments.settle(scope.conn, allowance_id, body, scope.person, scope.now)
    return shape_of(List, _shown(row))


@lined.post("/{allowance_line_id}/correct", status_code=201)
async def correct(allowance_line_id: UUID, given: Wrong, scope: Clerk) -> Correction:
    """Correct an issued line: the scheme's next list carries it, and a second person approves that."""
    made = await corrections.correct(
        scope.conn, allowance_line_id, given.amount, given.reason, scope.person, scope.now, given.note
    )
    rows = await corrections.waiting(scope.conn)
    return next(shape_of(Correction, row) for row in rows if row["id"] == made)


@corrected.get("")
async def waiting(scope: Readers) -> list[Correction]:
    """List the corrections that no issued list has carried in full, oldest first."""
    return [shape_of(Correction, row) for row in await corrections.waiting(scope.conn)]


@corrected.post("/{allowance_correction_id}/withdraw", status_code=204)
async def withdraw(allowance_correction_id: UUID, scope: Clerk) -> None:
    """Take a correction back that no list carries yet."""
    await corrections.withdraw(scope.conn, allowance_correction_id, scope.person, scope.now)


async def _one(scope: Scope, found: UUID) -> List:
    return shape_of(List, _shown(await lists.find(scope.conn, found)))


def _shown(row: Row) -> dict[str, object]:
    sealed = row["hash"].hex() if row["hash"] else None
    return {**row, "scheme": row["scheme_code"], "month": f"{row['month']:%Y-%m}", "hash": sealed}


def _line(scope: Scope, row: Row) -> dict[str, object]:
    says = words.explain(scope.language, row["explanation"])
    return {**row, "for_month": f"{row['for_month']:%Y-%m}", "says": says}
