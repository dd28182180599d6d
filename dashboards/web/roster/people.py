"""Who works for a provider, one by one: what they can do, papers, weekly patterns, own limits."""

from datetime import time
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from core.clock import local_date
from core.db import Row
from core.errors import Conflict, Invalid, NotFound, Problem
from dashboards import audited, employed
from dashboards.api.shifts import NewPattern, make_pattern
from dashboards.auth import Guarded, Scope, allow
from dashboards.employed import MANAGERS
from dashboards.web.pages import back, show, wrongs
from dashboards.web.roster import forms
from dashboards.web.roster.acting import Given, given_of
from dashboards.web.roster.pages import told_of, whose_provider
from dispatch import caregivers, fields, service_items
from dispatch.roster import parting, patterns

router = APIRouter(prefix="/roster/people", route_class=Guarded, include_in_schema=False)
Manager = Annotated[Scope, allow(*MANAGERS)]
Text = Annotated[str, Query(max_length=60)]
MOST = 200
_LONGEST = 60
_COORDINATES = {"lat": 90.0, "lon": 180.0}


@router.get("")
async def list_(request: Request, scope: Manager, provider: Text = "") -> Response:
    """List a provider's people with what they can do and which papers end."""
    chosen, known = await whose_provider(scope, provider)
    people = await caregivers.list_(scope.conn, provider_id=chosen, limit=MOST)
    return show(request, scope, "roster/people.html", people=people, providers=known, provider=chosen)


@router.get("/new")
async def new(request: Request, scope: Manager, provider: Text = "") -> Response:
    """Show an empty form."""
    chosen, _ = await whose_provider(scope, provider)
    return await _form(request, scope, None, {}, provider=chosen)


@router.post("")
async def create(request: Request, scope: Manager) -> Response:
    """Hire somebody."""
    given = await given_of(request)
    chosen, _ = await whose_provider(scope, given.get("provider", ""))
    if chosen is None:
        raise NotFound("no provider")
    try:
        told = await _told(request, given)
        async with scope.conn.transaction():
            district = scope.person.district_id
            made = await caregivers.create(
                scope.conn,
                scope.keys,
                district=district,
                provider=chosen,
                now=scope.now,
                **{"phone": None, **told},
            )
    except (Conflict, Invalid) as problem:
        return await _form(request, scope, None, given, problem=problem, provider=chosen)
    await audited.note(scope, "caregiver.create", "caregiver", made)
    return back(request, f"/roster/people/{made}?done=saved")


@router.get("/{caregiver_id}")
async def one(request: Request, scope: Manager, caregiver_id: UUID, done: Text = "") -> Response:
    """Show one person."""
    return await _form(request, scope, await employed.caregiver(scope, caregiver_id), {}, done=done)


@router.post("/{caregiver_id}")
async def change(request: Request, scope: Manager, caregiver_id: UUID) -> Response:
    """Change the person, add a certificate or a weekly pattern, or note that they left."""
    given = await given_of(request)
    row = await employed.caregiver(scope, caregiver_id)
    act = {"certify": _certify, "pattern": _pattern, "end_pattern": _end_pattern, "end": _end}
    try:
        async with scope.conn.transaction():
            await act.get(given.get("do", ""), _update)(request, scope, row, given)
    except (Conflict, Invalid) as problem:
        return await _form(request, scope, row, given, problem=problem)
    gone = given.get("do") == "end"
    return back(request, "/roster/people" if gone else f"/roster/people/{caregiver_id}?done=saved")


async def _update(request: Request, scope: Scope, row: Row, given: Given) -> None:
    told = await _told(request, given)
    await caregivers.update(scope.conn, scope.keys, row["id"], **told)
    await audited.note(scope, "caregiver.update", "caregiver", row["id"], {"fields": sorted(told)})


async def _certify(_request: Request, scope: Scope, row: Row, given: Given) -> None:
    skill, name = _text(given, "skill"), _text(given, "certificate")
    fields.is_code("skill", skill)
    told: dict[str, Any] = {"district": row["district_id"], "caregiver": row["id"], "skill": skill}
    told |= {"valid_from": forms.day(given, "valid_from"), "valid_to": forms.day(given, "valid_to")}
    await caregivers.certify(scope.conn, **told, name=name)
    await audited.note(scope, "caregiver.certify", "caregiver", row["id"], {"skill": skill})


async def _pattern(request: Request, scope: Scope, row: Row, given: Given) -> None:
    form = await request.form()
    weekdays = [int(str(one)) for one in form.getlist("weekdays") if str(one) in set("1234567")]
    if not weekdays:
        raise fields.wrong("weekdays", "missing", "at least one day")
    laid = forms.shift({**given, "caregiver": str(row["id"]), "on": given.get("valid_from", "")})
    rest: dict[str, Any] = {}
    if laid.break_from and laid.break_to:
        after, before = laid.break_from - laid.starts_at, laid.break_to - laid.starts_at
        rest = {
            "break_after": _minutes(after),
            "break_before": _minutes(before),
            "break_minutes": laid.break_minutes,
        }
    pattern = NewPattern(
        caregiver_id=row["id"],
        weekdays=weekdays,
        starts=time.fromisoformat(given["starts"]),
        minutes=_minutes(laid.ends_at - laid.starts_at),
        valid_from=forms.day(given, "valid_from"),
        is_agreed=forms.word(given).is_agreed,
        **rest,
    )
    await make_pattern(scope, pattern)


def _minutes(length: Any) -> int:  # noqa: ANN401 - a timedelta
    return int(length.total_seconds() // 60)


async def _end_pattern(_request: Request, scope: Scope, row: Row, given: Given) -> None:
    pattern = await patterns.find(scope.conn, forms.identity(given, "pattern"))
    await employed.of(scope, {**pattern, "id": row["id"]}, "shift pattern")
    confirmed = forms.word(given).is_confirmed
    await patterns.end(scope.conn, pattern["id"], local_date(scope.now), scope.now, is_confirmed=confirmed)
    await audited.note(scope, "shift_pattern.end", "shift_pattern", pattern["id"])


async def _end(_request: Request, scope: Scope, row: Row, given: Given) -> None:
    confirmed = forms.word(given).is_confirmed
    await parting.leave(scope.conn, row["id"], scope.now, is_confirmed=confirmed)
    await audited.note(scope, "caregiver.end", "caregiver", row["id"])


async def _told(request: Request, given: Given) -> dict[str, Any]:
    """Read the form; raise Invalid at the first field that is wrong."""
    form = await request.form()
    told: dict[str, Any] = {"name": _text(given, "name"), "gender": given.get("gender", "")}
    for name, most in _COORDINATES.items():
        told[name] = _number(given, name, -most, most)
    for name in ("skills", "languages"):
        told[name] = [str(one) for one in form.getlist(name)]
        for one in told[name]:
            fields.is_code(name, one)
    told["vehicle"] = given.get("vehicle", "")
    told["staff_number"] = given.get("staff_number", "")[:_LONGEST] or None
    if given.get("phone"):
        told["phone"] = given["phone"][:_LONGEST]
    limits = {name: given.get(name, "") for name in caregivers.LIMITS}
    told["working_time"] = {
        name: _number(given, name, 0, caregivers.LIMITS[name]) for name, text in limits.items() if text
    }
    return told


def _text(given: Given, name: str) -> str:
    text = given.get(name, "").strip()
    if not text or len(text) > _LONGEST or "\0" in text:
        raise fields.wrong(name, "missing" if not text else "too_long", "a short text")
    return text


def _number(given: Given, name: str, low: float, high: float) -> float:
    try:
        value = float(given.get(name, ""))
    except ValueError as error:
        raise fields.wrong(name, "not_a_number", "a number") from error
    if not low <= value <= high:
        raise fields.wrong(name, "range", f"from {low} to {high}")
    return value


async def _form(
    request: Request,
    scope: Scope,
    row: Row | None,
    given: Given,
    *,
    problem: Problem | None = None,
    done: str = "",
    provider: UUID | None = None,
) -> Response:
    papers = await caregivers.certificates(scope.conn, row["id"]) if row else []
    weekly = await patterns.list_(scope.conn, caregiver_id=row["id"]) if row else []
    form = await request.form() if request.method == "POST" else None
    chosen = (
        {name: form.getlist(name) for name in ("skills", "languages")} if form and "name" in given else {}
    )
    return show(
        request,
        scope,
        "roster/person.html",
        status=problem.status if problem else 200,
        who=row,
        phone=scope.keys.open(row["district_id"], row["phone_sealed"]) if row and row["phone_sealed"] else "",
        given={**_blank(row), **given, **chosen},
        papers=papers,
        patterns=weekly,
        skills=sorted({item.skill for item in service_items.ITEMS.values()}),
        today=local_date(scope.now),
        failed=told_of(scope, problem) if problem else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
        done=done,
        provider=provider,
        providers=[],
    )


def _blank(row: Row | None) -> dict[str, Any]:
    names = ("name", "gender", "lat", "lon", "vehicle", "staff_number", "skills", "languages")
    told: dict[str, Any] = {name: row[name] if row else "" for name in names}
    told |= {name: row["working_time"].get(name, "") if row else "" for name in caregivers.LIMITS}
    for name in ("phone", "certificate", "skill", "valid_from", "valid_to", "pattern"):
        told[name] = ""
    shift = {"starts": "08:00", "ends": "17:00", "break_from": "11:30", "break_to": "13:30"}
    return {
        **told,
        "vehicle": told["vehicle"] or "ebike",
        **shift,
        "break_minutes": "60",
        "staff_number": told["staff_number"] or "",
    }
