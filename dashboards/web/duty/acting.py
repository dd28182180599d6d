"""What a duty manager does to the rota; what stands in the way is said beside the form."""

from collections.abc import Awaitable, Callable
from datetime import time
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core import districts
from core.clock import local_date
from core.errors import Conflict, Invalid, NotFound
from core.ids import parse_id
from core.phones import BadNumber, read
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.duty import forms, week
from dashboards.web.duty.forms import Given, given_of
from dashboards.web.pages import back
from dashboards.web.roster.forms import clock, day
from dispatch import fields
from dispatch.centre import rota, standing_in

router = APIRouter(prefix="/duty", route_class=Guarded, include_in_schema=False)
Planner = Annotated[Scope, allow(*week.PLANNERS)]


async def attempt(
    request: Request,
    scope: Scope,
    given: Given,
    opened: dict[str, Any] | None,
    act: Callable[[], Awaitable[str]],
) -> Response:
    """Do it and go back to the week, or show the form again with what stands in the way."""
    try:
        async with scope.conn.transaction():
            done = await act()
    except (Conflict, Invalid) as problem:
        return await week.page(request, scope, given.get("week", ""), opened=opened, problem=problem)
    told = {name: given[name] for name in ("week",) if given.get(name)}
    return back(request, f"/duty/week?{urlencode({**told, 'done': done})}")


def _agreed(given: Given) -> bool:
    return given.get("is_agreed") == "yes"


@router.post("/shifts")
async def add(request: Request, scope: Planner) -> Response:
    """Lay a shift."""
    given = await given_of(request)

    async def act() -> str:
        wanted = forms.shift(given)
        await rota.add(scope.conn, wanted, scope.person, scope.now, is_agreed=_agreed(given))
        return "added"

    opened = {"kind": "shift", "shift": None, "given": {**week.BLANK, **given}}
    return await attempt(request, scope, given, opened, act)


@router.post("/shifts/{duty_shift_id}")
async def change(request: Request, scope: Planner, duty_shift_id: UUID) -> Response:
    """Change a shift, or take it away."""
    row = await rota.find(scope.conn, duty_shift_id)
    given = await given_of(request)

    async def act() -> str:
        if given.get("do") == "remove":
            await rota.remove(scope.conn, duty_shift_id, scope.person, scope.now)
            return "removed"
        what = (forms.shift(given), scope.person, scope.now)
        await rota.move(scope.conn, duty_shift_id, *what, is_agreed=_agreed(given))
        return "changed"

    opened = {"kind": "shift", "shift": row, "given": {**forms.as_form(row), **given}}
    return await attempt(request, scope, given, opened, act)


@router.post("/drag")
async def drag(request: Request, scope: Planner) -> Response:
    """Move or copy a shift to another day or person, as a mouse or the arrow keys have it."""
    given = await given_of(request)
    known = parse_id(given.get("shift", ""))
    if known is None:
        raise NotFound("no duty shift of that id")
    row = await rota.find(scope.conn, known)
    is_copy = given.get("copy") == "yes"
    wanted = forms.moved(row, forms.account(given, "caregiver"), day(given, "on"))
    tried = forms.as_form(
        {
            **row,
            "account_id": wanted.account_id,
            "starts_at": wanted.starts_at,
            "ends_at": wanted.ends_at,
        }
    )

    async def act() -> str:
        if is_copy:
            await rota.add(scope.conn, wanted, scope.person, scope.now)
            return "added"
        await rota.move(scope.conn, row["id"], wanted, scope.person, scope.now)
        return "changed"

    opened = {"kind": "shift", "shift": None if is_copy else row, "given": tried}
    return await attempt(request, scope, given, opened, act)


@router.post("/patterns")
async def pattern(request: Request, scope: Planner) -> Response:
    """Lay a weekly pattern."""
    given, weekdays = await given_of(request), await forms.weekdays_of(request)

    async def act() -> str:
        await rota.create_pattern(
            scope.conn,
            forms.account(given, "account"),
            given.get("role", ""),
            weekdays,
            time.fromisoformat(clock(given, "starts")),
            forms.minutes(given),
            day(given, "valid_from"),
            day(given, "valid_to") if given.get("valid_to") else None,
            scope.person,
            scope.now,
            is_agreed=_agreed(given),
        )
        return "pattern"

    tried = {**week.PATTERN, "valid_from": "", **given}
    opened = {"kind": "pattern", "given": tried, "weekdays": weekdays}
    return await attempt(request, scope, given, opened, act)


@router.post("/patterns/{duty_pattern_id}/end")
async def end_pattern(request: Request, scope: Planner, duty_pattern_id: UUID) -> Response:
    """End a pattern today; shifts that it has laid after today go."""
    await rota.find_pattern(scope.conn, duty_pattern_id)
    given = await given_of(request)

    async def act() -> str:
        today = local_date(scope.now)
        await rota.end_pattern(scope.conn, duty_pattern_id, today, scope.person, scope.now)
        return "pattern_ended"

    return await attempt(request, scope, given, None, act)


@router.post("/overrides")
async def override(request: Request, scope: Planner) -> Response:
    """Note that somebody is absent, and who is there instead."""
    given = await given_of(request)

    async def act() -> str:
        who = (forms.account(given, "absent"), forms.somebody(given, "instead"), given.get("reason", ""))
        span = forms.span(given)
        about = (scope.person, scope.now)
        await standing_in.override(scope.conn, *who, *span, *about, is_agreed=_agreed(given))
        return "override"

    opened = {"kind": "override", "given": {**week.ABSENT, "from_on": "", "to_on": "", **given}}
    return await attempt(request, scope, given, opened, act)


@router.post("/overrides/{duty_override_id}/withdraw")
async def withdraw(request: Request, scope: Planner, duty_override_id: UUID) -> Response:
    """Take an override back."""
    await standing_in.find_override(scope.conn, duty_override_id)
    given = await given_of(request)

    async def act() -> str:
        await standing_in.withdraw_override(scope.conn, duty_override_id, scope.person, scope.now)
        return "withdrawn"

    return await attempt(request, scope, given, None, act)


@router.post("/swaps/{duty_swap_id}")
async def decide(request: Request, scope: Planner, duty_swap_id: UUID) -> Response:
    """Approve or refuse a swap."""
    row = await standing_in.find_swap(scope.conn, duty_swap_id)
    given = await given_of(request)
    verb = given.get("verb", "")
    if verb not in standing_in.MANAGERS_VERBS:
        raise NotFound("no such step")

    async def act() -> str:
        what = (verb, scope.person, scope.now)
        await standing_in.decide(scope.conn, duty_swap_id, *what, is_agreed=_agreed(given))
        return "swap"

    opened = {"kind": "swap", "about": row, "given": given}
    return await attempt(request, scope, given, opened, act)


@router.post("/people/{account_id}/phone")
async def phone(request: Request, scope: Planner, account_id: UUID) -> Response:
    """Keep by which number somebody is reached on duty; an empty one takes it away."""
    await rota.person(scope.conn, account_id)
    given = await given_of(request)

    async def act() -> str:
        await keep_phone(scope, account_id, given.get("phone", ""))
        return "phone"

    return await attempt(request, scope, given, None, act)


async def keep_phone(scope: Scope, account_id: UUID, text: str) -> None:
    """Seal and keep a number; raise Invalid for what is none, or nobody's own. A demo takes made-up ones."""
    sealed = None
    if text.strip():
        row = await districts.find_by_code(scope.conn, scope.person.district_code)
        try:
            found = read(text[:40], made_up=bool(row and row["is_demo"]))
        except BadNumber as error:
            raise fields.wrong("phone", f"phone_{error.code}", "a telephone number") from error
        if found.is_emergency:
            raise fields.wrong("phone", "phone_emergency", "a number of one's own")
        sealed = scope.keys.seal(scope.person.district_id, found.stored)
    await rota.set_phone(scope.conn, account_id, sealed, scope.person, scope.now)
