"""Registers at the desk: bring a list, look at it, import it as a whole; headings; sources."""

import asyncio
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from core.clock import local_date, month_of
from core.errors import Conflict, Invalid, NotFound, Problem
from dashboards import audited, words
from dashboards.auth import Guarded, Scope, allow
from dashboards.vocabulary.mark import N_
from dashboards.web import sheets
from dashboards.web.care import forms
from dashboards.web.pages import back, said, show, wrongs
from services.registers import connectors, files, imports, shapes
from services.registers.shapes import REGISTERS

router = APIRouter(prefix="/clerk/registers", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow("clerk", "admin", "auditor")]
Clerk = Annotated[Scope, allow("clerk", "admin")]
Admin = Annotated[Scope, allow("admin")]
PAGE, SHOWN = 30, 200
_NAME = 200
COLUMNS = ((N_("Row"), 8), (N_("Column"), 18), (N_("What is wrong"), 70), (N_("Kind"), 14))


@router.get("")
async def list_(request: Request, scope: Reader, register: str = "", after: UUID | None = None) -> Response:
    """List what was brought in, with the form for the next list."""
    return await _list(request, scope, register, after, None)


async def _list(
    request: Request, scope: Scope, register: str, after: UUID | None, problem: Problem | None
) -> Response:
    chosen = register if register in REGISTERS else ""
    rows = await imports.list_(scope.conn, register=chosen or None, after=after, limit=PAGE + 1)
    known = {row["register"]: row for row in await connectors.sources(scope.conn)}
    return show(
        request,
        scope,
        "clerk/registers.html",
        status=problem.status if problem else 200,
        rows=rows[:PAGE],
        next=rows[PAGE - 1]["id"] if len(rows) > PAGE else None,
        registers=REGISTERS,
        register=chosen,
        as_of=month_of(local_date(scope.now)),
        sources=known,
        columns=shapes.columns(chosen) if chosen else (),
        mapping=known[chosen]["mapping"] if chosen in known else {},
        may_bring=scope.person.role in {"clerk", "admin"},
        may_connect=scope.person.role == "admin",
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
    )


@router.post("")
async def bring(request: Request, scope: Clerk) -> Response:
    """Bring a list to be looked at."""
    async with request.form() as sent:
        register = forms.text(sent, "register", 40)
        try:
            mapping = await imports.mapping_of(scope.conn, register)
            as_of: date = forms.needed_day(sent, "as_of")
            content, name = await _content(sent.get("sheet"))
            is_complete = bool(sent.get("is_complete"))
            how: dict[str, Any] = {"as_of": as_of, "is_complete": is_complete, "now": scope.now}
            brought = await asyncio.to_thread(imports.read_file, register, name, content, mapping, **how)
            whose, by = scope.person.district_id, scope.person.account_id
            async with scope.conn.transaction():
                made = await imports.bring(scope.conn, scope.keys, whose, brought, by, scope.now)
        except (Conflict, Invalid) as problem:
            return await _list(request, scope, register, None, problem)
    return back(request, f"/clerk/registers/{made}")


async def _content(sheet: object) -> tuple[bytes, str]:
    if not isinstance(sheet, UploadFile):
        raise Invalid("sheet: none", [{"field": "sheet", "code": "missing"}])
    return await sheet.read(files.LARGEST + 1), (sheet.filename or "").replace("\0", "")[:_NAME]


@router.post("/mapping")
async def mapping(request: Request, scope: Clerk) -> Response:
    """Keep the headings of a register's files."""
    sent = await request.form()
    register = forms.text(sent, "register", 40)
    if register not in REGISTERS:
        raise NotFound("no such register")
    kept = {one.name: forms.text(sent, f"head-{one.name}", 100) for one in shapes.columns(register)}
    person = scope.person
    await imports.keep_mapping(scope.conn, person.district_id, register, kept, person.account_id, scope.now)
    return back(request, f"/clerk/registers?register={register}")


@router.post("/source")
async def source(request: Request, scope: Admin) -> Response:
    """Say where a register is fetched from, or that it is fetched no longer."""
    sent = await request.form()
    register, url = forms.text(sent, "register", 40), forms.text(sent, "url", 500)
    try:
        async with scope.conn.transaction():
            if url:
                await connectors.set_source(
                    scope.conn,
                    scope.keys,
                    register,
                    url=url,
                    auth=forms.text(sent, "auth", 20),
                    secret=forms.text(sent, "secret", 500),
                    every_days=forms.number(sent, "every_days") or 30,
                    outgoing=scope.settings.outgoing,
                    by=scope.person,
                    now=scope.now,
                )
            else:
                await connectors.clear_source(scope.conn, register, scope.person, scope.now)
    except (Conflict, Invalid) as problem:
        return await _list(request, scope, register, None, problem)
    return back(request, f"/clerk/registers?register={register}")


@router.get("/{register_import_id}")
async def one(request: Request, scope: Reader, register_import_id: UUID) -> Response:
    """Show one list: what it would change, and every mistake."""
    return await _one(request, scope, register_import_id, None)


async def _one(request: Request, scope: Scope, identity: UUID, problem: Problem | None) -> Response:
    row = await imports.find(scope.conn, identity)
    return show(
        request,
        scope,
        "clerk/import.html",
        status=problem.status if problem else 200,
        row=row,
        counts=row["counts"],
        mistakes=await imports.mistakes(scope.conn, identity, SHOWN),
        shown=SHOWN,
        may_act=scope.person.role in {"clerk", "admin"},
        failed=said(scope, problem) if problem else None,
    )


@router.get("/{register_import_id}/mistakes.{kind}")
async def mistakes(scope: Reader, register_import_id: UUID, kind: Literal["xlsx", "csv"]) -> Response:
    """Give every mistake of a list as a file, to be sent back to the office that made it."""
    row = await imports.find(scope.conn, register_import_id)
    language, register = scope.language, words.word(scope.language, "registers", row["register"])
    lines = [
        [
            one["row"],
            words.word(language, "register_fields", one["field"]),
            words.word(language, "register_mistakes", one["code"]),
            words.say(language, N_("Remark") if one["is_remark"] else N_("Mistake")),
        ]
        for one in await imports.mistakes(scope.conn, register_import_id)
    ]
    what: dict[str, object] = {"rows": len(lines), "format": kind}
    await audited.note(scope, "export", "register_import", register_import_id, what)
    columns = [(words.say(language, head), width) for head, width in COLUMNS]
    about = (words.say(language, N_("How it was made")), [(register, row["name"])])
    body = (
        sheets.table(columns, lines)
        if kind == "csv"
        else await asyncio.to_thread(sheets.workbook, register, columns, lines, about)
    )
    return sheets.download(body, f"yinling-mistakes-{row['register']}-{row['as_of']:%Y-%m-%d}", kind)


@router.post("/{register_import_id}/{verb}")
async def act(
    request: Request, scope: Clerk, register_import_id: UUID, verb: Literal["apply", "discard"]
) -> Response:
    """Import a list as a whole, or put it aside."""
    by = scope.person.account_id
    try:
        async with scope.conn.transaction():
            if verb == "apply":
                await imports.apply(scope.conn, scope.keys, register_import_id, by, scope.now)
            else:
                await imports.discard(scope.conn, register_import_id, by, scope.now)
    except (Conflict, Invalid) as problem:
        return await _one(request, scope, register_import_id, problem)
    return back(request, f"/clerk/registers/{register_import_id}")
