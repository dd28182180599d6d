"""Complaints: the list with its deadlines, taking one, and its way to an answer."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from core.clock import ZONE, local
from core.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from core.ids import parse_id
from core.people import find_elder
from core.sql import load
from dashboards import audited
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.pages import back, said, show, wrongs
from services import complaining, complaints
from services.complaints import Given

SQL = load(__file__)
router = APIRouter(prefix="/desk/complaints", route_class=Guarded, include_in_schema=False)
CENTRE = ("operator", "duty_manager", "admin")
OFFICE = ("clerk", "auditor")
Reader = Annotated[Scope, allow(*OFFICE, "approver", *CENTRE, "provider_manager")]
Taker = Annotated[Scope, allow(*OFFICE, *CENTRE)]
Office = Annotated[Scope, allow(*OFFICE)]
Answerer = Annotated[Scope, allow("clerk", "provider_manager")]
PAGE = 50
STATES = ("live", "open", "assigned", "answered", "closed")


def _only(scope: Scope) -> UUID | None:
    """Return the provider that a manager is kept to; None: all."""
    if scope.person.role != "provider_manager":
        return None
    if scope.person.provider_id is None:
        raise Forbidden("this account belongs to no provider")
    return scope.person.provider_id


@router.get("")
async def list_(
    request: Request, scope: Reader, state: str = "live", late: str = "", after: str = ""
) -> Response:
    """List complaints, newest first."""
    wanted = state if state in STATES else "live"
    rows = await complaints.list_(
        scope.conn,
        state=wanted,
        provider=_only(scope),
        late_at=scope.now if late else None,
        after=parse_id(after) if after else None,
        limit=PAGE + 1,
    )
    shown = [
        {**row, "standing": complaining.standing(row["state"], row["due_at"], scope.now)}
        for row in rows[:PAGE]
    ]
    return show(
        request,
        scope,
        "audit/complaints.html",
        complaints=shown,
        state=wanted,
        states=STATES,
        late=bool(late),
        next=rows[PAGE - 1]["id"] if len(rows) > PAGE else None,
        may_take=scope.person.role in (*OFFICE, *CENTRE),
    )


@router.get("/new")
async def blank(request: Request, scope: Taker, visit: str = "", elder: str = "") -> Response:
    """Show the empty form, for a visit or a person if one is named."""
    return await _form(request, scope, {"visit": visit, "elder": elder}, None)


@router.post("")
async def take(request: Request, scope: Taker) -> Response:
    """Take a complaint, or say what is wrong field by field."""
    sent = await request.form()
    try:
        async with scope.conn.transaction():
            given = _given(sent)
            identity = await complaints.record(scope.conn, scope.keys, given, scope.person, scope.now)
    except (Invalid, Conflict) as problem:
        return await _form(request, scope, {name: str(value) for name, value in sent.items()}, problem)
    return back(request, f"/desk/complaints/{identity}")


@router.get("/{complaint_id}")
async def one(request: Request, scope: Reader, complaint_id: UUID) -> Response:
    """Show one complaint with its story."""
    return await _one(request, scope, complaint_id, None)


@router.post("/{complaint_id}/assign")
async def assign(request: Request, scope: Office, complaint_id: UUID) -> Response:
    """Give it to a provider."""
    provider = parse_id(str((await request.form()).get("provider", "")))

    async def act() -> None:
        if provider is None or not await scope.conn.fetchval(SQL.has_provider, provider):
            raise Invalid("provider: missing", [{"field": "provider", "code": "missing"}])
        await complaints.assign(scope.conn, complaint_id, provider, scope.person, scope.now)

    return await _act(request, scope, complaint_id, act)


@router.post("/{complaint_id}/answer")
async def answer(request: Request, scope: Answerer, complaint_id: UUID) -> Response:
    """Answer it."""
    text = str((await request.form()).get("text", ""))
    if _only(scope) not in (None, (await complaints.find(scope.conn, complaint_id))["provider_id"]):
        raise NotFound(f"no complaint {complaint_id}")

    async def act() -> None:
        await complaints.answer(scope.conn, scope.keys, complaint_id, text, scope.person, scope.now)

    return await _act(request, scope, complaint_id, act)


@router.post("/{complaint_id}/return")
async def give_back(request: Request, scope: Office, complaint_id: UUID) -> Response:
    """Ask for a better answer."""
    text = str((await request.form()).get("text", ""))

    async def act() -> None:
        await complaints.give_back(scope.conn, scope.keys, complaint_id, text, scope.person, scope.now)

    return await _act(request, scope, complaint_id, act)


@router.post("/{complaint_id}/close")
async def close(request: Request, scope: Office, complaint_id: UUID) -> Response:
    """Close it with what was found."""
    sent = await request.form()
    is_satisfied = {"yes": True, "no": False}.get(str(sent.get("satisfied", "")))

    async def act() -> None:
        values: dict[str, Any] = {"is_satisfied": is_satisfied, "by": scope.person, "now": scope.now}
        await complaints.close(scope.conn, complaint_id, str(sent.get("outcome", "")), **values)

    return await _act(request, scope, complaint_id, act)


async def _act(request: Request, scope: Scope, complaint: UUID, act: Any) -> Response:  # noqa: ANN401 - one of the above
    try:
        async with scope.conn.transaction():
            await act()
    except (Invalid, Conflict) as problem:
        return await _one(request, scope, complaint, problem)
    return back(request, f"/desk/complaints/{complaint}")


async def _one(request: Request, scope: Scope, complaint: UUID, problem: Problem | None) -> Response:
    row = await complaints.find(scope.conn, complaint)
    if (only := _only(scope)) is not None and not complaining.is_given_to(row, only):
        raise NotFound(f"no complaint {complaint}")
    await audited.note(scope, "reveal", "complaint", complaint, {"field": "text"})
    whole = await complaints.story(scope.conn, complaint)
    part = whole if only is None else complaining.part_of(whole, only)
    story = [{**entry, "note": _clear(scope, row, entry["note_sealed"])} for entry in part]
    return show(
        request,
        scope,
        "audit/complaint.html",
        status=problem.status if problem else 200,
        complaint=row,
        standing=complaining.standing(row["state"], row["due_at"], scope.now),
        text=_clear(scope, row, row["text_sealed"]),
        contact=_clear(scope, row, row["contact_sealed"]) if only is None else "",
        answered=_clear(scope, row, row["answer_sealed"]),
        story=story,
        providers=await scope.conn.fetch(SQL.list_providers) if scope.person.role in OFFICE else [],
        outcomes=complaining.OUTCOMES,
        is_office=scope.person.role in OFFICE,
        may_answer=row["state"] == "assigned" and scope.person.role in ("clerk", "provider_manager"),
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
    )


def _clear(scope: Scope, row: Any, sealed: bytes | None) -> str:  # noqa: ANN401 - a row of a result
    return scope.keys.open(row["district_id"], sealed) if sealed else ""


def _given(sent: FormData) -> Given:
    def text(name: str) -> str:
        return str(sent.get(name, "")).strip()

    return Given(
        source=text("source"),
        kind=text("kind"),
        urgency=text("urgency"),
        text=text("text"),
        received_at=_instant(text("received_at")),
        number=text("number")[:60] or None,
        contact=text("contact")[:60] or None,
        elder=parse_id(text("elder")) if text("elder") else None,
        provider=parse_id(text("provider")) if text("provider") else None,
        visit=parse_id(text("visit")) if text("visit") else None,
    )


def _instant(text: str) -> datetime:
    """Return a local day and clock time as an instant."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("received_at: no time", [{"field": "received_at", "code": "date"}]) from error
    if not 2000 <= at.year <= 2200:  # noqa: PLR2004 - what a calendar of ours can hold
        raise Invalid("received_at: no time of ours", [{"field": "received_at", "code": "date"}])
    return at.replace(tzinfo=ZONE) if at.tzinfo is None else at


async def _form(request: Request, scope: Scope, given: dict[str, str], problem: Problem | None) -> Response:
    visit, elder = (parse_id(given.get(name, "")) for name in ("visit", "elder"))
    about = await scope.conn.fetchrow(SQL.find_about, visit) if visit else None
    if visit and about is None:
        raise NotFound(f"no visit {visit}")
    person = about["elder_id"] if about else elder
    return show(
        request,
        scope,
        "audit/complaint_form.html",
        status=problem.status if problem else 200,
        given=given,
        about=about,
        elder=await find_elder(scope.conn, person) if person else None,
        providers=await scope.conn.fetch(SQL.list_providers),
        sources=complaining.SOURCES,
        kinds=complaining.KINDS,
        urgencies=complaining.URGENCIES,
        at=given.get("received_at") or local(scope.now).strftime("%Y-%m-%dT%H:%M"),
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
    )
