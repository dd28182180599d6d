"""The desk, meals: a day's meals, who eats there by code, who has it brought, and the routes."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.clock import at_local, local_date
from core.db import Row
from core.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from core.sql import load
from dashboards import employed
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.care import forms
from dashboards.web.pages import back, said, show, wrongs
from dispatch import caregivers
from dispatch.places import delivering, meals, places

SQL = load(__file__)
router = APIRouter(prefix="/desk/meals", route_class=Guarded, include_in_schema=False)
HANDS = ("clerk", "operator", "duty_manager", "admin", "provider_manager")
Reader = Annotated[Scope, allow(*HANDS, "auditor", "approver")]
Hands = Annotated[Scope, allow(*HANDS)]
TIMES = {"breakfast": ("07:00", "08:30"), "lunch": ("11:00", "13:00"), "dinner": ("17:00", "18:30")}


def _only(scope: Scope) -> UUID | None:
    if scope.person.role == "provider_manager" and scope.person.provider_id is None:
        raise Forbidden("this account belongs to no provider")
    return scope.person.provider_id if scope.person.role == "provider_manager" else None


@router.get("")
async def list_(request: Request, scope: Reader, on: str = "") -> Response:
    """List a day's meals."""
    return await _list(request, scope, on, None)


async def _list(request: Request, scope: Scope, on: str, problem: Problem | None) -> Response:
    today = local_date(scope.now)
    day = forms.day({"on": on}, "on") or today
    rows = await meals.list_(scope.conn, on=day, limit=200)
    kitchens = await places.list_(scope.conn, provider_id=_only(scope), on=day, limit=200)
    return show(
        request,
        scope,
        "care/meals.html",
        status=problem.status if problem else 200,
        meals=[row for row in rows if _only(scope) in (None, row["provider_id"])],
        day=day,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        kitchens=[row for row in kitchens if row["has_kitchen"] or row["kind"] == "meal_point"],
        kinds=meals.KINDS,
        may_act=scope.person.role in HANDS,
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
    )


@router.post("")
async def create(request: Request, scope: Hands) -> Response:
    """Plan a meal."""
    sent = await request.form()
    try:
        async with scope.conn.transaction():
            day, kind = forms.needed_day(sent, "on"), forms.text(sent, "kind")
            place = forms.needed_id(sent, "place")
            await _own_place(scope, place)
            starts, ends = (at_local(day, clock) for clock in TIMES.get(kind, TIMES["lunch"]))
            meal = await meals.create(
                scope.conn,
                district=scope.person.district_id,
                place=place,
                on=day,
                kind=kind,
                portions=forms.number(sent, "portions") or 0,
                starts_at=starts,
                ends_at=ends,
                now=scope.now,
                menu=forms.text(sent, "menu", 200),
                by=scope.person,
            )
    except (Conflict, Invalid) as problem:
        return await _list(request, scope, forms.text(sent, "on"), problem)
    return back(request, f"/desk/meals/{meal}")


async def _own_place(scope: Scope, place: UUID) -> None:
    row = await places.find(scope.conn, place)
    if _only(scope) not in {None, row["provider_id"]}:
        raise NotFound(f"no place {place}")


@router.get("/{meal_id}")
async def one(request: Request, scope: Reader, meal_id: UUID) -> Response:
    """Show a meal: who gets it, the code, the routes."""
    return await _one(request, scope, meal_id, None)


async def _one(
    request: Request, scope: Scope, meal_id: UUID, problem: Problem | None, **more: object
) -> Response:
    row = await _seen(scope, meal_id)
    servings = await meals.servings(scope.conn, meal_id)
    return show(
        request,
        scope,
        "care/meal.html",
        status=problem.status if problem else 200,
        meal=row,
        servings=servings,
        waiting=sum(one["mode"] == "deliver" and one["visit_id"] is None for one in servings),
        people=await scope.conn.fetch(SQL.list_people, _only(scope)),
        carers=await caregivers.list_(scope.conn, provider_id=_only(scope), limit=200),
        may_act=scope.person.role in HANDS,
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
        **{"served": None, "left": (), **more},
    )


async def _seen(scope: Scope, meal_id: UUID) -> Row:
    row = await meals.find(scope.conn, meal_id)
    if _only(scope) not in {None, row["provider_id"]}:
        raise NotFound(f"no meal {meal_id}")
    return row


@router.post("/{meal_id}/attend")
async def attend(request: Request, scope: Hands, meal_id: UUID) -> Response:
    """Record who eats here, by code or by name."""
    await _seen(scope, meal_id)
    sent = await request.form()
    elder = forms.identity(forms.text(sent, "elder"))
    try:
        async with scope.conn.transaction():
            if elder:
                await meals.check_known(scope.conn, elder, _only(scope))
                row = await meals.serve(scope.conn, meal_id, elder, "staff", scope.person, scope.now)
            else:
                code = forms.text(sent, "code", 40)
                row = await meals.attend(scope.conn, scope.keys, meal_id, code, scope.person, scope.now)
    except (Conflict, Invalid) as problem:
        return await _one(request, scope, meal_id, problem)
    return await _one(request, scope, meal_id, None, served=row)


@router.post("/{meal_id}/order")
async def order(request: Request, scope: Hands, meal_id: UUID) -> Response:
    """Order a portion for somebody, or call one off."""
    await _seen(scope, meal_id)
    sent = await request.form()
    elder, serving = (forms.identity(forms.text(sent, name)) for name in ("elder", "serving"))
    try:
        async with scope.conn.transaction():
            if serving:
                if (await meals.find_serving(scope.conn, serving))["meal_id"] != meal_id:
                    raise NotFound(f"no serving {serving}")
                await meals.cancel(scope.conn, serving, scope.now)
            elif elder:
                await meals.check_known(scope.conn, elder, _only(scope))
                mode, funding = forms.text(sent, "mode"), forms.text(sent, "funding") or "subsidy"
                await meals.order(scope.conn, meal_id, elder, mode, scope.now, scope.person, funding)
    except (Conflict, Invalid) as problem:
        return await _one(request, scope, meal_id, problem)
    return back(request, f"/desk/meals/{meal_id}")


@router.post("/{meal_id}/send")
async def send(request: Request, scope: Hands, meal_id: UUID) -> Response:
    """Say that it is cooked, build the routes and offer them."""
    row = await _seen(scope, meal_id)
    sent = await request.form()
    chosen = [one for one in (forms.identity(str(text)) for text in sent.getlist("carers")) if one]
    for carer in chosen:
        await employed.caregiver(scope, carer)
    try:
        async with scope.conn.transaction():
            if row["cooked_at"] is None:
                await meals.cooked(scope.conn, meal_id, _leaves(row, scope.now))
            made = await delivering.send(scope.conn, meal_id, chosen, scope.person, scope.now)
    except (Conflict, Invalid) as problem:
        return await _one(request, scope, meal_id, problem)
    return await _one(request, scope, meal_id, None, left=made.left)


def _leaves(row: Row, now: datetime) -> datetime:
    """Return when the boxes leave: at the beginning of the meal, or now when that has passed."""
    starts: datetime = row["starts_at"]
    return max(starts, now)
