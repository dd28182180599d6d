"""One's own shifts: when, with whom, offered and taken; the number for duty; what was said of one's calls."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from core.errors import Conflict, Forbidden, Invalid, Problem
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.duty import forms
from dashboards.web.duty.acting import keep_phone
from dashboards.web.duty.forms import given_of
from dashboards.web.pages import back, show, wrongs
from dashboards.web.roster.pages import told_of
from dispatch import duty
from dispatch.centre import quality, rota, standing_in

router = APIRouter(prefix="/duty/mine", route_class=Guarded, include_in_schema=False)
Own = Annotated[Scope, allow("operator", "duty_manager")]
AHEAD = timedelta(days=35)


@router.get("")
async def mine(request: Request, scope: Own, done: Annotated[str, Query(max_length=30)] = "") -> Response:
    """Show my shifts of the next five weeks, what is offered to me, and the scores of my calls."""
    return await page(request, scope, done=done)


async def page(request: Request, scope: Scope, *, problem: Problem | None = None, done: str = "") -> Response:
    """Show one's own page, with what stood in the way."""
    conn, me = scope.conn, scope.person.account_id
    held = await duty.held(conn, scope.now, scope.now + AHEAD, me)
    swaps = await standing_in.swaps(conn, me, scope.now, is_open=True)
    people = await rota.people(conn)
    return show(
        request,
        scope,
        "duty/mine.html",
        status=problem.status if problem else 200,
        held=[row for row in held if row["ends_at"] > scope.now],
        given={one["duty_shift_id"] for one in swaps if one["giver_id"] == me},
        swaps=swaps,
        others=[one for one in people if one["account_id"] != me],
        has_phone=any(one["has_phone"] for one in people if one["account_id"] == me),
        scored=await quality.items(conn, None, me),
        me=me,
        failed=told_of(scope, problem) if problem else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
        done=done,
    )


async def _attempt(request: Request, scope: Scope, done: str, act: Callable[[], Awaitable[Any]]) -> Response:
    try:
        async with scope.conn.transaction():
            await act()
    except (Conflict, Invalid, Forbidden) as problem:
        return await page(request, scope, problem=problem)
    return back(request, f"/duty/mine?done={done}")


@router.post("/shifts/{duty_shift_id}/offer")
async def offer(request: Request, scope: Own, duty_shift_id: UUID) -> Response:
    """Offer one of my shifts to a colleague, or to everybody."""
    await rota.find(scope.conn, duty_shift_id)
    given = await given_of(request)

    async def act() -> None:
        taker = forms.somebody(given, "taker")
        await standing_in.offer(scope.conn, duty_shift_id, taker, scope.person, scope.now)

    return await _attempt(request, scope, "offered", act)


@router.post("/swaps/{duty_swap_id}")
async def answer(request: Request, scope: Own, duty_swap_id: UUID) -> Response:
    """Take, decline or withdraw."""
    await standing_in.find_swap(scope.conn, duty_swap_id)
    given = await given_of(request)

    async def act() -> None:
        await standing_in.answer(scope.conn, duty_swap_id, given.get("verb", ""), scope.person, scope.now)

    return await _attempt(request, scope, "answered", act)


@router.post("/phone")
async def phone(request: Request, scope: Own) -> Response:
    """Keep by which number I am reached on duty."""
    given = await given_of(request)

    async def act() -> None:
        await keep_phone(scope, scope.person.account_id, given.get("phone", ""))

    return await _attempt(request, scope, "phone", act)
