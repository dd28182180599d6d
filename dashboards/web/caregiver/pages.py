"""The caregiver's phone: today, one visit, its steps, the code at the home."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from core import districts, people
from core.db import Row
from core.errors import Conflict, Forbidden, Invalid, Problem
from core.ids import new_id
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.caregiver import today
from dashboards.web.caregiver.shell import page
from dashboards.web.pages import back, is_partial, said
from dispatch import visits
from dispatch.phone import alerts, checklists, days, navigation, reports

router = APIRouter(route_class=Guarded, include_in_schema=False)
Carer = Annotated[Scope, allow("caregiver")]
Text = Annotated[str, Form(max_length=2000)]
Code = Annotated[str, Form(max_length=200)]
Number = Annotated[str, Form(max_length=40)]


def mine(scope: Scope) -> UUID:
    """Return the caregiver that the account belongs to."""
    if scope.person.caregiver_id is None:
        raise Forbidden("this account belongs to no caregiver")
    return scope.person.caregiver_id


@router.get("/m")
async def day(request: Request, scope: Carer) -> Response:
    """Show today's visits, an offered emergency on top."""
    return await _today(request, scope)


@router.get("/m/week")
async def week(request: Request, scope: Carer) -> Response:
    """Show the days ahead: visits and shifts."""
    ahead = await today.week(scope.conn, mine(scope), scope.now)
    head = await today.head(scope.conn)
    return page(request, scope, "caregiver/week.html", days=ahead, head=head)


@router.get("/m/month")
async def month(request: Request, scope: Carer) -> Response:
    """Show what was done this month, in figures."""
    made = await days.month(scope.conn, mine(scope), scope.now)
    head = await today.head(scope.conn)
    return page(request, scope, "caregiver/month.html", month=made, head=head)


@router.get("/m/certificates")
async def certificates(request: Request, scope: Carer) -> Response:
    """Show the caregiver's own certificates and shifts."""
    rows = await today.certificates(scope.conn, mine(scope))
    shifts = await today.shifts(scope.conn, mine(scope), scope.now)
    head = await today.head(scope.conn)
    return page(request, scope, "caregiver/certificates.html", certificates=rows, shifts=shifts, head=head)


@router.get("/q/{token}")
@router.get("/m/qr/{token}")
async def scan(request: Request, scope: Carer, token: str) -> Response:
    """Open the visit at the home whose code was scanned."""
    found = await today.scanned(scope.conn, scope.keys, token, mine(scope), scope.now)
    if found is None:
        return await _today(request, scope, missed_code=True)
    return RedirectResponse(f"/m/visits/{found}?qr={token}", status_code=303)


@router.get("/m/visits/{visit_id}")
async def one(request: Request, scope: Carer, visit_id: UUID, qr: str = "") -> Response:
    """Show one visit."""
    return await _visit(request, scope, visit_id, qr)


@router.post("/m/visits/{visit_id}/accept")
async def accept(request: Request, scope: Carer, visit_id: UUID) -> Response:
    """Promise to come."""
    return await _act(request, scope, visit_id, "accept")


@router.post("/m/visits/{visit_id}/decline")
async def decline(
    request: Request, scope: Carer, visit_id: UUID, reason: Code = "", code: Code = ""
) -> Response:
    """Say no; the next nearest is asked."""
    why = {"reason": reason or None, "code": code or None}
    return await _act(request, scope, visit_id, "decline", to="/m", **why)


@router.post("/m/visits/{visit_id}/en-route")
async def en_route(request: Request, scope: Carer, visit_id: UUID) -> Response:
    """Set out."""
    return await _act(request, scope, visit_id, "en_route")


@router.post("/m/visits/{visit_id}/check-in")
async def check_in(
    request: Request,
    scope: Carer,
    visit_id: UUID,
    lat: Number = "",
    lon: Number = "",
    accuracy_m: Number = "",
    qr: Code = "",
    digits: Code = "",
) -> Response:
    """Arrive: by place, by code, or by neither (that is flagged, never blocked)."""
    given = {
        **position(lat, lon, accuracy_m),
        "scanned": qr or None,
        "digits": digits.replace(" ", "") or None,
    }
    return await _act(request, scope, visit_id, "check_in", at=scope.now, **given)


@router.post("/m/visits/{visit_id}/check-out")
async def check_out(
    request: Request,
    scope: Carer,
    visit_id: UUID,
    done: Annotated[list[Code] | None, Form()] = None,
    condition: Code = "",
    note: Text = "",
    lat: Number = "",
    lon: Number = "",
    accuracy_m: Number = "",
) -> Response:
    """Leave, with a record of what was done."""
    row = await days.visit(scope.conn, visit_id, mine(scope))
    record = checklists.record(row["service"], done or [], condition, note)
    place = position(lat, lon, accuracy_m)
    return await _act(request, scope, visit_id, "check_out", at=scope.now, record=record, **place)


@router.post("/m/visits/{visit_id}/report")
async def report(
    request: Request,
    scope: Carer,
    visit_id: UUID,
    changes: Annotated[list[Code] | None, Form()] = None,
    note: Text = "",
    wants_assessment: Code = "",
) -> Response:
    """Report a changed condition (a phone with scripts sends it through its own store)."""
    what: dict[str, Any] = {"changes": changes or [], "note": note.strip() or None}
    what |= {"wants_assessment": wants_assessment == "1", "observed_at": scope.now}
    await reports.keep(scope.conn, scope.keys, new_id(), visit_id, scope.person, scope.now, **what)
    return back(request, f"/m/visits/{visit_id}")


@router.post("/m/sos")
async def sos(request: Request, scope: Carer) -> Response:
    """Call for help for oneself (a phone with scripts adds its position)."""
    await alerts.sos(scope.conn, new_id(), scope.person, scope.now, said_at=scope.now)
    return back(request, "/m")


@router.post("/m/visits/{visit_id}/reveal")
async def reveal(request: Request, scope: Carer, visit_id: UUID, field: Code = "") -> Response:
    """Show the address, the way in or the phone of an own visit's elder; that is on record."""
    row = await days.visit(scope.conn, visit_id, mine(scope))
    if field not in days.revealable(row["state"]):
        raise Forbidden("only while the visit is ahead or under way; before it is promised the address only")
    value = await people.reveal(scope.conn, scope.keys, scope.person, row["elder_id"], field, scope.now)
    return page(request, scope, "console/revealed.html", value=value, phone=field == "phone")


def position(lat: str, lon: str, accuracy_m: str) -> dict[str, Any]:
    """Return the phone's position; what is no number counts as none."""
    try:
        found = {"lat": float(lat), "lon": float(lon), "accuracy_m": float(accuracy_m or 0)}
    except ValueError:
        return {"lat": None, "lon": None, "accuracy_m": None}
    inside = abs(found["lat"]) <= 90 and abs(found["lon"]) <= 180 and 0 <= found["accuracy_m"] < 1e6  # noqa: PLR2004 - the globe
    return {**found} if inside else {"lat": None, "lon": None, "accuracy_m": None}


async def _do(scope: Scope, visit_id: UUID, verb: str, given: dict[str, Any]) -> None:
    conn, person, now = scope.conn, scope.person, scope.now
    if verb in ("check_in", "check_out"):
        await getattr(visits, verb)(conn, scope.keys, visit_id, person, now, **given)
    else:
        await getattr(visits, verb)(conn, visit_id, person, now, **given)


async def _act(
    request: Request,
    scope: Scope,
    visit_id: UUID,
    verb: str,
    to: str | None = None,
    **given: Any,  # noqa: ANN401 - a verb's own
) -> Response:
    await days.visit(scope.conn, visit_id, mine(scope))
    try:
        async with scope.conn.transaction():
            await _do(scope, visit_id, verb, given)
    except (Conflict, Invalid) as problem:
        return await _visit(request, scope, visit_id, "", problem)
    return back(request, to or f"/m/visits/{visit_id}")


async def _today(request: Request, scope: Scope, *, missed_code: bool = False) -> Response:
    rows = await days.visits(scope.conn, mine(scope), scope.now)
    head, status = await today.head(scope.conn), 404 if missed_code else 200
    shown = {"visits": rows, "head": head, "missed_code": missed_code}
    return page(request, scope, "caregiver/today.html", status=status, **shown)


async def _visit(
    request: Request, scope: Scope, visit_id: UUID, code: str, problem: Problem | None = None
) -> Response:
    row = await days.visit(scope.conn, visit_id, mine(scope))
    settings = await districts.settings(scope.conn, scope.person.district_id)
    return page(
        request,
        scope,
        "caregiver/part.html" if is_partial(request) else "caregiver/visit.html",
        status=problem.status if problem else 200,
        visit=row,
        qr=code[:200],
        failed=said(scope, problem) if problem else None,
        masked=_masked(scope, row),
        tasks=checklists.tasks_of(row["service"]),
        conditions=checklists.CONDITIONS,
        changes=checklists.CHANGES,
        declines=checklists.DECLINES,
        navigation=navigation.links(row["lat"], row["lon"]),
        lone_seconds=(row["minutes"] + settings.lone_minutes) * 60,
        lone_again=settings.lone_minutes * 60,
        head=await today.head(scope.conn),
    )


def _masked(scope: Scope, row: Row) -> dict[str, str]:
    district, keys = scope.person.district_id, scope.keys
    address, phone = row["address_sealed"], row["phone_sealed"]
    return {
        "address": people.mask_address(keys.open(district, address)) if address else "",
        "access": "****" if row["access_sealed"] else "",
        "phone": people.mask_phone(keys.open(district, phone)) if phone else "",
    }
