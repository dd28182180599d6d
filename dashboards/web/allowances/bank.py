"""The bank: the file of what it shall pay, with accounts in clear and on record, and its file of results."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, UploadFile
from fastapi.responses import Response

from core.errors import Conflict, Invalid, NotFound
from dashboards import words
from dashboards.auth import Guarded, Scope, allow
from dashboards.vocabulary.mark import N_
from dashboards.web import sheets
from dashboards.web.allowances.pages import shown
from dashboards.web.pages import back
from services.allowances import lists, payments

router = APIRouter(prefix="/desk/allowances", route_class=Guarded, include_in_schema=False)
Clerk = Annotated[Scope, allow("clerk")]
LARGEST = 10_000_000
COLUMNS = (
    (N_("Reference"), 16),
    (N_("Name of the account"), 16),
    (N_("Bank"), 24),
    (N_("Account number"), 26),
    (N_("Amount"), 12),
)
_TITLE, _ABOUT, _LIST, _MONTH = N_("Payments"), N_("About this file"), N_("Payment list"), N_("Month")
_MADE, _SUM, _HASH = N_("Made by"), N_("Together"), N_("Hash of the list")


@router.post("/{allowance_id}/bank-file.{kind}")
async def orders(request: Request, scope: Clerk, allowance_id: UUID, kind: str) -> Response:
    """Give the payments as a file for the bank; that it was taken is on record."""
    if kind not in {"xlsx", "csv"}:
        raise NotFound(f"no file of kind {kind}")
    try:
        made = await payments.orders(scope.conn, scope.keys, allowance_id, scope.person, scope.now)
    except Conflict as problem:
        return await shown(request, scope, allowance_id, problem)
    row = await lists.find(scope.conn, allowance_id)
    rows = [(one.reference, one.holder, one.bank, one.account, f"{one.amount:.2f}") for one in made]

    def word(message: str) -> str:
        return words.say(scope.language, message)

    columns = [(word(name), width) for name, width in COLUMNS]
    about = (
        (word(_LIST), str(row["scheme_name"] or row["scheme_code"])),
        (word(_MONTH), f"{row['month']:%Y-%m}"),
        (word(_SUM), f"{sum(one.amount for one in made):.2f}"),
        (word(_MADE), scope.person.name),
        (word(_HASH), row["hash"].hex()),
    )
    if kind == "csv":
        body = await asyncio.to_thread(sheets.table, columns, rows)
    else:
        body = await asyncio.to_thread(sheets.workbook, word(_TITLE), columns, rows, (word(_ABOUT), about))
    return sheets.download(body, f"payments-{row['scheme_code']}-{row['month']:%Y-%m}", kind)


@router.post("/{allowance_id}/bank-results")
async def results(request: Request, scope: Clerk, allowance_id: UUID, sheet: UploadFile) -> Response:
    """Take the bank's file of results: all of it or nothing."""
    body = await sheet.read(LARGEST + 1)
    try:
        if len(body) > LARGEST:
            raise Invalid("the file is too large", [{"field": "file", "code": "too_large"}])  # noqa: TRY301
        async with scope.conn.transaction():
            await payments.settle(scope.conn, allowance_id, body, scope.person, scope.now)
    except (Conflict, Invalid) as problem:
        return await shown(request, scope, allowance_id, problem)
    return back(request, f"/desk/allowances/{allowance_id}")
