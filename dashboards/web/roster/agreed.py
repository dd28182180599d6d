"""What was agreed: elders' wishes of those who come, and what providers have undertaken."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import ValidationError

from core.clock import local_date
from core.errors import Conflict, Invalid, NotFound, Problem
from dashboards.api import wishes as api
from dashboards.auth import Guarded, Scope, allow
from dashboards.employed import MANAGERS
from dashboards.web.pages import back, show, wrongs
from dashboards.web.roster import forms
from dashboards.web.roster.acting import Given, given_of
from dashboards.web.roster.pages import told_of, whose_provider
from dispatch import caregivers, fields, service_items
from dispatch.roster import coverage, wishes

router = APIRouter(prefix="/roster", route_class=Guarded, include_in_schema=False)
Manager = Annotated[Scope, allow(*MANAGERS)]
Office = Annotated[Scope, allow("clerk", "admin")]
Text = Annotated[str, Query(max_length=60)]
MOST = 200


@router.get("/wishes")
async def wished(request: Request, scope: Manager, provider: Text = "", done: Text = "") -> Response:
    """List the wishes in force, with a form for another."""
    return await _wishes(request, scope, provider, {}, done=done)


@router.post("/wishes")
async def note(request: Request, scope: Manager) -> Response:
    """Note a wish; what contradicts it is said by name."""
    given = await given_of(request)
    try:
        async with scope.conn.transaction():
            wanted = _read(given)
            await api.check_served(scope, wanted.elder_id)
            await api.note(scope, wanted)
    except (Conflict, Invalid, NotFound) as problem:
        return await _wishes(request, scope, given.get("provider", ""), given, problem=problem)
    return back(request, "/roster/wishes?done=saved")


def _read(given: Given) -> api.NewWish:
    kind = given.get("kind", "")
    told: dict[str, Any] = {"elder_id": forms.identity(given, "elder"), "kind": kind}
    if kind in {"prefer", "never"}:
        told["caregiver_id"] = forms.identity(given, "caregiver")
    else:
        told["value"] = given.get(kind) or None
    told |= {"is_hard": given.get("is_hard") == "yes", "wished_by": given.get("wished_by", "elder")}
    try:
        return api.NewWish(**told)
    except ValidationError as error:
        raise fields.wrong("kind", "invalid", "not a wish of ours") from error


@router.post("/wishes/{wish_id}/end")
async def end(request: Request, scope: Manager, wish_id: UUID) -> Response:
    """End a wish today."""
    row = await wishes.find(scope.conn, wish_id)
    await api.check_served(scope, row["elder_id"])
    try:
        await api.finish(scope, wish_id, local_date(scope.now))
    except Conflict as problem:
        return await _wishes(request, scope, "", {}, problem=problem)
    return back(request, "/roster/wishes?done=saved")


async def _wishes(
    request: Request,
    scope: Scope,
    provider: str,
    given: Given,
    *,
    problem: Problem | None = None,
    done: str = "",
) -> Response:
    chosen, known = await whose_provider(scope, provider)
    limit = chosen if scope.person.role == "provider_manager" else None
    elders = await wishes.elders(scope.conn, limit)
    blank = {
        "elder": "",
        "kind": "prefer",
        "caregiver": "",
        "gender": "",
        "language": "",
        "wished_by": "elder",
    }
    return show(
        request,
        scope,
        "roster/wishes.html",
        status=problem.status if problem else 200,
        wishes=await wishes.list_(scope.conn, provider_id=limit, limit=MOST),
        elders=elders,
        people=await caregivers.list_(scope.conn, provider_id=chosen, limit=MOST),
        given={**blank, "is_hard": "", **given},
        failed=told_of(scope, problem) if problem else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
        done=done,
        providers=known,
        provider=chosen,
    )


@router.get("/coverage")
async def covered(request: Request, scope: Manager, provider: Text = "", done: Text = "") -> Response:
    """List what a provider has undertaken, and what of today's capacity is used."""
    return await _coverage(request, scope, provider, {}, done=done)


@router.post("/coverage")
async def cover(request: Request, scope: Office) -> Response:
    """Note what a provider undertakes."""
    given = await given_of(request)
    try:
        async with scope.conn.transaction():
            await api.create_coverage(_covering(given), scope)
    except (Conflict, Invalid) as problem:
        return await _coverage(request, scope, given.get("provider", ""), given, problem=problem)
    return back(request, f"/roster/coverage?done=saved&provider={forms.identity(given, 'provider')}")


def _covering(given: Given) -> api.NewCovering:
    told: dict[str, Any] = {
        "provider_id": forms.identity(given, "provider"),
        "valid_from": forms.day(given, "valid_from"),
    }
    told |= {name: given.get(name) or None for name in ("service", "response_minutes", "capacity")}
    told["valid_to"] = forms.day(given, "valid_to") if given.get("valid_to") else None
    try:
        return api.NewCovering(region_code=given.get("region_code", ""), **told)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise fields.wrong(name, "invalid", "not a value of ours") from error


@router.post("/coverage/{coverage_id}/end")
async def uncover(request: Request, scope: Office, coverage_id: UUID) -> Response:
    """End it with yesterday, or its first day."""
    row = await coverage.find(scope.conn, coverage_id)
    last = local_date(scope.now) - timedelta(days=1)
    try:
        await api.end_coverage(coverage_id, api.Ended(on=last), scope)
    except Conflict as problem:
        return await _coverage(request, scope, str(row["provider_id"]), {}, problem=problem)
    return back(request, f"/roster/coverage?done=saved&provider={row['provider_id']}")


async def _coverage(
    request: Request,
    scope: Scope,
    provider: str,
    given: Given,
    *,
    problem: Problem | None = None,
    done: str = "",
) -> Response:
    chosen, known = await whose_provider(scope, provider)
    today = local_date(scope.now)
    standing = await coverage.standing(scope.conn, today, chosen)
    blank = dict.fromkeys(("service", "region_code", "response_minutes", "capacity", "valid_to"), "")
    return show(
        request,
        scope,
        "roster/coverage.html",
        status=problem.status if problem else 200,
        lines=await coverage.list_(scope.conn, provider_id=chosen, limit=MOST),
        used={row["id"]: row["used"] for row in standing},
        services=list(service_items.ITEMS),
        may_change=scope.person.role != "provider_manager",
        today=today,
        given={**blank, "valid_from": today.isoformat(), **given},
        failed=told_of(scope, problem) if problem else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
        done=done,
        providers=known,
        provider=chosen,
    )
