"""The desk, calling on people: who waits too long, the record of a call, who should be called on."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.clock import at_local, local_date
from core.errors import Conflict, Invalid, Problem
from dashboards import audited, words
from dashboards.auth import Guarded, Scope, allow
from dashboards.vocabulary.mark import N_
from dashboards.web import sheets
from dashboards.web.care import forms
from dashboards.web.pages import back, said, show, wrongs
from dispatch.places import calling

router = APIRouter(prefix="/desk/calls", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow("operator", "duty_manager", "clerk", "auditor", "approver", "admin")]
Writer = Annotated[Scope, allow("operator", "duty_manager", "clerk", "admin")]
Office = Annotated[Scope, allow("clerk", "admin")]
WRITERS = ("operator", "duty_manager", "clerk", "admin")
SHOWN = 200
ABOUT, COUNT = N_("Calling on people"), N_("People")
COLUMNS = (
    (N_("Elder"), 16),
    (N_("Age"), 8),
    (N_("Area"), 18),
    (N_("Why"), 14),
    (N_("Caller"), 18),
    (N_("Grid cell"), 16),
    (N_("Every days"), 10),
    (N_("Last met"), 18),
    (N_("Due on"), 14),
    (N_("Days overdue"), 12),
)


@router.get("")
async def list_(request: Request, scope: Reader, show_: str = "overdue", caller: str = "") -> Response:
    """List who is called on, whoever has waited longest first."""
    return await _list(request, scope, show_, caller, None)


async def _list(request: Request, scope: Scope, shown: str, caller: str, problem: Problem | None) -> Response:
    district, only = scope.person.district_id, forms.identity(caller)
    every = await calling.duties(scope.conn, district, scope.now, caller_id=only)
    late = [one for one in every if one.standing.is_overdue]
    chosen = every if shown == "all" else late
    return show(
        request,
        scope,
        "care/calls.html",
        status=problem.status if problem else 200,
        duties=chosen[:SHOWN],
        counts={"all": len(every), "overdue": len(late)},
        shown=shown,
        caller=only,
        callers=await calling.callers(scope.conn, limit=200),
        candidates=(await calling.candidates(scope.conn, district, scope.now))[:SHOWN],
        history=await calling.history(scope.conn, caller_id=only, limit=20),
        categories=calling.CATEGORIES,
        roles=calling.ROLES,
        hows=calling.HOWS,
        outcomes=calling.OUTCOMES,
        today=local_date(scope.now),
        may_write=scope.person.role in WRITERS,
        may_staff=scope.person.role in {"clerk", "admin"},
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
    )


@router.get("/export.{kind}")
async def export(scope: Reader, kind: str) -> Response:
    """Give everybody who is called on as a file, whoever has waited longest first."""
    language, today = scope.language, local_date(scope.now)
    found = await calling.duties(scope.conn, scope.person.district_id, scope.now)
    await audited.note(scope, "export", "call_on_duty", None, {"rows": len(found)})
    columns = [(words.say(language, title), width) for title, width in COLUMNS]
    rows = [
        (
            one.row["elder_name"],
            today.year - one.row["born_on"].year,
            one.row["region_name"] or "",
            words.word(language, "call_categories", one.row["category"]),
            one.row["caller_name"] or "",
            one.row["grid"] or "",
            one.standing.every_days,
            one.row["last_at"],
            one.standing.due_on.isoformat(),
            max(0, one.standing.days),
        )
        for one in found
    ]
    if kind == "csv":
        return sheets.download(sheets.table(columns, rows), "calls", "csv")
    title = words.say(language, ABOUT)
    about = (title, [(words.say(language, COUNT), str(len(rows)))])
    return sheets.download(sheets.workbook(title, columns, rows, about), "calls", "xlsx")


@router.post("")
async def record(request: Request, scope: Writer) -> Response:
    """Record a call."""
    sent = await request.form()
    try:
        async with scope.conn.transaction():
            await calling.record(
                scope.conn,
                district=scope.person.district_id,
                elder=forms.needed_id(sent, "elder"),
                caller=forms.needed_id(sent, "caller", "caller_id"),
                at=_moment(sent),
                how=forms.text(sent, "how"),
                outcome=forms.text(sent, "outcome"),
                note=forms.text(sent, "note", 500),
                by=scope.person,
                now=scope.now,
            )
    except (Conflict, Invalid) as problem:
        return await _list(request, scope, "all", "", problem)
    return back(request, "/desk/calls")


def _moment(sent: object) -> datetime:
    form: dict[str, str] = dict(sent)  # type: ignore[call-overload]
    day, clock = forms.needed_day(form, "on"), forms.text(form, "clock", 5)
    try:
        return at_local(day, clock).astimezone(UTC)
    except ValueError as error:
        raise Invalid("clock: no time", [{"field": "clock", "code": "clock"}]) from error


@router.post("/duties")
async def assign(request: Request, scope: Writer) -> Response:
    """Have somebody called on, or no more."""
    sent = await request.form()
    try:
        async with scope.conn.transaction():
            elder = forms.needed_id(sent, "elder")
            if sent.get("end"):
                await calling.end(scope.conn, elder, local_date(scope.now))
            else:
                await calling.assign(
                    scope.conn,
                    district=scope.person.district_id,
                    elder=elder,
                    category=forms.text(sent, "category"),
                    since=local_date(scope.now),
                    caller=forms.identity(forms.text(sent, "caller")),
                    every_days=forms.number(sent, "every_days"),
                )
    except (Conflict, Invalid) as problem:
        return await _list(request, scope, "all", "", problem)
    return back(request, "/desk/calls?show_=all")


@router.post("/callers")
async def caller(request: Request, scope: Office) -> Response:
    """Make a caller, or let one go."""
    sent = await request.form()
    known: UUID | None = forms.identity(forms.text(sent, "end"))
    try:
        async with scope.conn.transaction():
            if known:
                await calling.end_caller(scope.conn, known, scope.now)
            else:
                await calling.create_caller(
                    scope.conn,
                    scope.keys,
                    district=scope.person.district_id,
                    name=forms.text(sent, "name", 80),
                    role=forms.text(sent, "role"),
                    grid=forms.text(sent, "grid", 40),
                    phone=forms.text(sent, "phone", 30) or None,
                    now=scope.now,
                )
    except Invalid as problem:
        return await _list(request, scope, "all", "", problem)
    return back(request, "/desk/calls?show_=all")
