"""Guardianship of persons in extreme hardship: the list; one person's steps, team, duties, the six."""

from collections.abc import Awaitable, Callable
from datetime import time
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from core.clock import local_date
from core.errors import Conflict, Invalid, Problem
from dashboards import recurring, visible
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.care import forms
from dashboards.web.pages import back, said, show, wrongs
from dispatch import caregivers
from dispatch.places import calling
from services.guardianship import duties, gaps, guardianships, steps, team
from services.guardianship.duties import NewDuty
from services.guardianship.team import NewMember

router = APIRouter(prefix="/desk/guardianships", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow("clerk", "auditor", "approver", "admin")]
Writer = Annotated[Scope, allow("clerk", "approver", "admin")]
Clerk = Annotated[Scope, allow("clerk", "admin")]
PAGE = 50
RULES = ("FREQ=DAILY", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY")
"""How often a duty may recur by the page; the API takes any rule."""


@router.get("")
async def list_(request: Request, scope: Reader, after: UUID | None = None) -> Response:
    """List guardianships, newest first."""
    return await _list(request, scope, after, None)


@router.post("")
async def open_(request: Request, scope: Clerk) -> Response:
    """Open a guardianship for an elder."""
    sent = await request.form()
    try:
        elder = forms.needed_id(sent, "elder")
        await visible.check_elder(scope, elder)
        async with scope.conn.transaction():
            made = await guardianships.open_(scope.conn, elder, scope.person, scope.now)
    except (Conflict, Invalid) as problem:
        return await _list(request, scope, None, problem)
    return back(request, f"/desk/guardianships/{made}")


@router.get("/{guardianship_id}")
async def one(request: Request, scope: Reader, guardianship_id: UUID) -> Response:
    """Show steps, team with its gaps, duties, the six."""
    return await _one(request, scope, guardianship_id, None)


@router.post("/{guardianship_id}/step")
async def step(request: Request, scope: Writer, guardianship_id: UUID) -> Response:
    """Record the next step."""
    sent = await request.form()

    async def act() -> None:
        await guardianships.step(
            scope.conn,
            scope.keys,
            guardianship_id,
            forms.text(sent, "step", 20),
            on=forms.needed_day(sent, "done_on"),
            finding=forms.text(sent, "finding", 40),
            words=forms.text(sent, "note"),
            by=scope.person,
            now=scope.now,
        )

    return await _act(request, scope, guardianship_id, act)


@router.post("/{guardianship_id}/team")
async def appoint(request: Request, scope: Clerk, guardianship_id: UUID) -> Response:
    """Let somebody hold a role, or end it."""
    sent = await request.form()

    async def act() -> None:
        ends = forms.identity(forms.text(sent, "end"))
        if ends is not None:
            await team.dismiss(scope.conn, ends, local_date(scope.now), by=scope.person, now=scope.now)
            return
        new = _member(sent)
        await visible.check(scope, "caregiver", new.caregiver_id)
        await visible.check(scope, "caller", new.caller_id)
        await team.appoint(scope.conn, scope.keys, guardianship_id, new, by=scope.person, now=scope.now)

    return await _act(request, scope, guardianship_id, act)


def _member(sent: FormData) -> NewMember:
    kind, _, identity = forms.text(sent, "who", 60).partition(":")
    known = forms.identity(identity)
    return NewMember(
        role=forms.text(sent, "role", 20),
        valid_from=forms.needed_day(sent, "valid_from"),
        name=forms.text(sent, "name", 200),
        phone=forms.text(sent, "phone", 40),
        caregiver_id=known if kind == "caregiver" else None,
        caller_id=known if kind == "caller" else None,
    )


@router.post("/{guardianship_id}/duties")
async def duty(request: Request, scope: Clerk, guardianship_id: UUID) -> Response:
    """Give a role its recurring duty, or end one."""
    sent = await request.form()

    async def act() -> None:
        ends = forms.identity(forms.text(sent, "end"))
        if ends is not None:
            await visible.check(scope, "guardianship_duty", ends)
            await duties.end(scope.conn, ends, local_date(scope.now), scope.now)
            return
        window = (_clock(sent, "window_start"), _clock(sent, "window_end"))
        role, starts_on = forms.text(sent, "role", 20), forms.needed_day(sent, "starts_on")
        new = NewDuty(role, forms.text(sent, "rrule", 300), starts_on, window)
        await guardianships.give_duty(scope.conn, guardianship_id, new, by=scope.person, now=scope.now)

    return await _act(request, scope, guardianship_id, act)


def _clock(sent: FormData, name: str) -> time:
    try:
        return time.fromisoformat(forms.text(sent, name, 5))
    except ValueError as error:
        raise Invalid(f"{name}: no time", [{"field": name, "code": "clock"}]) from error


@router.post("/{guardianship_id}/look")
async def look(request: Request, scope: Clerk, guardianship_id: UUID) -> Response:
    """Record a look at one of the six."""
    sent = await request.form()
    what: dict[str, Any] = {"had": sent.get("had") == "1", "on": local_date(scope.now)}

    async def act() -> None:
        item = forms.text(sent, "item", guardianships.LONGEST_ITEM)
        await guardianships.look(scope.conn, guardianship_id, item, by=scope.person, now=scope.now, **what)

    return await _act(request, scope, guardianship_id, act)


@router.post("/{guardianship_id}/close")
async def close(request: Request, scope: Clerk, guardianship_id: UUID) -> Response:
    """Close the guardianship."""
    sent = await request.form()

    async def act() -> None:
        reason, on = forms.text(sent, "reason", 20), forms.needed_day(sent, "on")
        await guardianships.close(scope.conn, guardianship_id, reason, on=on, by=scope.person, now=scope.now)

    return await _act(request, scope, guardianship_id, act)


async def _act(
    request: Request, scope: Scope, identity: UUID, act: Callable[[], Awaitable[None]]
) -> Response:
    try:
        async with scope.conn.transaction():
            await act()
    except (Conflict, Invalid) as problem:
        return await _one(request, scope, identity, problem)
    return back(request, f"/desk/guardianships/{identity}")


async def _list(request: Request, scope: Scope, after: UUID | None, problem: Problem | None) -> Response:
    rows = await guardianships.list_(scope.conn, scope.now, after=after, limit=PAGE + 1)
    return show(
        request,
        scope,
        "guardianship/list.html",
        status=problem.status if problem else 200,
        rows=rows[:PAGE],
        next=rows[PAGE - 1]["id"] if len(rows) > PAGE else None,
        candidates=await guardianships.candidates(scope.conn, scope.now),
        roles=len(gaps.ROLES),
        may_write=scope.person.role in {"clerk", "admin"},
        failed=said(scope, problem) if problem else None,
    )


async def _one(request: Request, scope: Scope, identity: UUID, problem: Problem | None) -> Response:
    found = await guardianships.find(scope.conn, identity, scope.now)
    may = scope.person.role in {"clerk", "admin"} and found.row["closed_on"] is None
    return show(
        request,
        scope,
        "guardianship/one.html",
        status=problem.status if problem else 200,
        found=found,
        done={row["step"]: row for row in found.steps},
        findings=steps.FINDINGS,
        steps=steps.STEPS,
        team=[(role, [row for row in found.members if row["role"] == role]) for role in gaps.ROLES],
        roles=gaps.ROLES,
        visiting=gaps.VISITING,
        often={
            one.row["id"]: recurring.often(scope.language, one.row["rrule"], one.row["starts_on"])
            for one in found.duties
        },
        rules=[(rule, recurring.often(scope.language, rule, local_date(scope.now))) for rule in RULES],
        closings=guardianships.CLOSINGS,
        callers=await calling.callers(scope.conn, limit=200) if may else [],
        caregivers=await caregivers.list_(scope.conn, limit=200) if may else [],
        today=local_date(scope.now),
        may_write=may,
        may_step=scope.person.role in {"clerk", "approver", "admin"} and found.row["closed_on"] is None,
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
    )
