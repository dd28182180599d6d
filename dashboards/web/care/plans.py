"""The desk, care plans: an elder's week in words, the form with a preview, two people's approval."""

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core import absences, people
from core.clock import local_date
from core.db import Row
from core.errors import Conflict, Invalid, Problem
from core.sql import load
from dashboards import recurring
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.care import forms
from dashboards.web.pages import back, said, show, wrongs
from dispatch import providers, service_items
from services import care_plans, plan_items, recurrence, upcoming

SQL = load(__file__)
router = APIRouter(prefix="/desk", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow("clerk", "auditor", "approver", "assessor", "admin")]
Writer = Annotated[Scope, allow("clerk", "assessor", "admin")]
Approver = Annotated[Scope, allow("clerk", "approver", "admin")]
Clerk = Annotated[Scope, allow("clerk", "admin")]
WRITERS, APPROVERS = ("clerk", "assessor", "admin"), ("clerk", "approver", "admin")
AHEAD = timedelta(days=7)
SERVICES = tuple(code for code in service_items.ITEMS if code != "emergency")


@router.get("/elders/{elder_id}/care")
async def overview(request: Request, scope: Reader, elder_id: UUID) -> Response:
    """Show what is planned for an elder, and what comes."""
    return await _overview(request, scope, elder_id, None)


async def _overview(request: Request, scope: Scope, elder_id: UUID, problem: Problem | None) -> Response:
    conn, today = scope.conn, local_date(scope.now)
    elder = await people.find_elder(conn, elder_id)
    versions = await care_plans.list_(conn, elder_id=elder_id, limit=20)
    plan = _current(versions, today)
    return show(
        request,
        scope,
        "care/elder.html",
        status=problem.status if problem else 200,
        elder=elder,
        plan=plan,
        lines=await _lines(scope, plan["id"], plan) if plan else [],
        versions=versions,
        coming=await conn.fetch(SQL.list_coming, elder_id, scope.now, scope.now + AHEAD),
        away=await absences.list_(conn, elder_id),
        kinds=absences.KINDS,
        today=today,
        may_write=scope.person.role in WRITERS,
        may_note=scope.person.role in {"clerk", "admin"},
        failed=said(scope, problem) if problem else None,
    )


def _current(versions: list[Row], today: date) -> Row | None:
    """Return the version in force today, else the next one."""
    live = [row for row in versions if row["state"] in {"approved", "ended"}]
    live = [row for row in live if row["valid_to"] is None or row["valid_to"] >= today]
    return min(live, key=lambda row: row["valid_from"], default=None)


async def _lines(scope: Scope, plan: UUID, row: Row) -> list[dict[str, Any]]:
    today = local_date(scope.now)
    first = max(today, row["valid_from"])
    return [
        {**line, "says": recurring.says(scope.language, line), "next": next_days, "place": nth}
        for nth, (item, line) in enumerate(await care_plans.items_of(scope.conn, plan), 1)
        for next_days in [upcoming.days(item.rule, first, 5, row["valid_to"])]
    ]


@router.post("/elders/{elder_id}/absences")
async def away(request: Request, scope: Clerk, elder_id: UUID) -> Response:
    """Record that an elder is away, or until when."""
    sent = await request.form()
    await people.find_elder(scope.conn, elder_id)
    try:
        async with scope.conn.transaction():
            known = forms.identity(forms.text(sent, "absence"))
            if known:
                await absences.end(scope.conn, known, forms.needed_day(sent, "ends_on"), scope.now)
            else:
                await absences.record(
                    scope.conn,
                    district=scope.person.district_id,
                    elder=elder_id,
                    kind=forms.text(sent, "kind"),
                    starts_on=forms.needed_day(sent, "starts_on"),
                    ends_on=forms.day(sent, "ends_on"),
                    now=scope.now,
                )
    except (Conflict, Invalid) as problem:
        return await _overview(request, scope, elder_id, problem)
    return back(request, f"/desk/elders/{elder_id}/care")


@router.get("/elders/{elder_id}/care/new")
async def blank(request: Request, scope: Writer, elder_id: UUID) -> Response:
    """Show the form, filled with what is planned now."""
    today = local_date(scope.now)
    versions = await care_plans.list_(scope.conn, elder_id=elder_id, limit=20)
    draft = next((row for row in versions if row["state"] == "draft"), None)
    plan = draft or _current(versions, today)
    filled: dict[str, Any] = {"valid_from": (today + timedelta(days=1)).isoformat()}
    if plan:
        filled |= {"goals": plan["goals"]}
        rows = [row for _, row in await care_plans.items_of(scope.conn, plan["id"])]
        place = {row["id"]: nth for nth, row in enumerate(rows)}
        for nth, row in enumerate(rows[: forms.LINES]):
            filled |= {f"items.{nth}.{name}": value for name, value in forms.given(row).items()}
            if row["follows_id"] in place:
                gap = {"follows": place[row["follows_id"]]}
                gap |= {"follows_min": row["follows_min"], "follows_max": row["follows_max"]}
                filled |= {f"items.{nth}.{name}": value for name, value in gap.items()}
    return await _form(request, scope, elder_id, filled, None)


@router.post("/elders/{elder_id}/care")
async def write(request: Request, scope: Writer, elder_id: UUID) -> Response:
    """Keep a draft, or say what is wrong field by field."""
    sent = await request.form()
    await people.find_elder(scope.conn, elder_id)
    try:
        async with scope.conn.transaction():
            plan = await care_plans.draft(
                scope.conn,
                district=scope.person.district_id,
                elder=elder_id,
                valid_from=forms.needed_day(sent, "valid_from"),
                valid_to=forms.day(sent, "valid_to"),
                goals=forms.text(sent, "goals"),
                items=forms.lines(sent),
                by=scope.person,
                now=scope.now,
            )
    except Invalid as problem:
        return await _form(request, scope, elder_id, dict(sent), problem)
    return back(request, f"/desk/care-plans/{plan}")


async def _form(
    request: Request, scope: Scope, elder_id: UUID, given: dict[str, Any], problem: Invalid | None
) -> Response:
    filled = [n for n in range(forms.LINES) if given.get(f"items.{n}.service")]
    return show(
        request,
        scope,
        "care/form.html",
        status=problem.status if problem else 200,
        elder=await people.find_elder(scope.conn, elder_id),
        given=given,
        errors=_placed(scope, problem, filled) if problem else {},
        lines=range(min(forms.LINES, max(len(filled) + 2, 4, *(n + 1 for n in filled)))),
        services=SERVICES,
        holidays=recurrence.HOLIDAYS,
        fundings=plan_items.FUNDINGS,
        often=forms.OFTEN,
        weekdays=forms.WEEKDAYS,
        providers=await providers.list_(scope.conn),
    )


def _placed(scope: Scope, problem: Invalid, filled: list[int]) -> dict[str, str]:
    """Name a line's field by its place in the form: empty lines between do not count for the rules."""
    found = {}
    for field, words in wrongs(scope, problem).items():
        head, _, rest = field.partition(".")
        n, _, name = rest.partition(".")
        is_counted = head == "items" and n.isdigit() and name and "placed" not in problem.extra
        place = filled[int(n)] if is_counted and int(n) < len(filled) else n
        found[f"items.{place}.{name}" if head == "items" and name else field] = words
    return found


@router.post("/care-plans/preview")
async def preview(request: Request, scope: Writer, n: int) -> Response:
    """Say when one line of the form would happen: the next ten days."""
    sent = await request.form()
    try:
        new = forms.line(sent, n, {})
        plan_items.check(new)
        first = forms.day(sent, "valid_from") or local_date(scope.now)
        rule = plan_items.rule_of(new, first)
    except Invalid as problem:
        return show(
            request, scope, "care/preview.html", says=None, wrong=list(wrongs(scope, problem).values())
        )
    found = upcoming.days(rule, max(first, rule.starts_on))
    row = {**plan_items.as_row(new, rule), "windows": new.windows}
    return show(
        request,
        scope,
        "care/preview.html",
        says=recurring.says(scope.language, row),
        next=found,
        open_years=upcoming.not_announced(found),
        wrong=[],
    )


@router.get("/care-plans/{care_plan_id}")
async def one(request: Request, scope: Reader, care_plan_id: UUID) -> Response:
    """Show one version."""
    return await _one(request, scope, care_plan_id, None)


async def _one(request: Request, scope: Scope, plan: UUID, problem: Problem | None) -> Response:
    row = await care_plans.find(scope.conn, plan)
    person = scope.person
    return show(
        request,
        scope,
        "care/plan.html",
        status=problem.status if problem else 200,
        plan=row,
        lines=await _lines(scope, plan, row),
        today=local_date(scope.now),
        may_approve=person.role in APPROVERS and row["created_by"] != person.account_id,
        may_end=person.role in APPROVERS,
        may_write=person.role in WRITERS,
        failed=said(scope, problem) if problem else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
    )


@router.post("/care-plans/{care_plan_id}/approve")
async def approve(request: Request, scope: Approver, care_plan_id: UUID) -> Response:
    """Approve as the second person."""
    sent = await request.form()
    try:
        async with scope.conn.transaction():
            await care_plans.approve(
                scope.conn,
                care_plan_id,
                scope.person,
                scope.now,
                agreed_by=forms.text(sent, "agreed_by", 80),
                agreed_on=forms.day(sent, "agreed_on") or local_date(scope.now),
            )
    except (Conflict, Invalid) as problem:
        return await _one(request, scope, care_plan_id, problem)
    return back(request, f"/desk/care-plans/{care_plan_id}")


@router.post("/care-plans/{care_plan_id}/end")
async def end(request: Request, scope: Approver, care_plan_id: UUID) -> Response:
    """Break a version off."""
    sent = await request.form()
    try:
        async with scope.conn.transaction():
            last, reason = forms.needed_day(sent, "last"), forms.text(sent, "reason", 200)
            await care_plans.end(scope.conn, care_plan_id, last, reason, scope.now)
    except (Conflict, Invalid) as problem:
        return await _one(request, scope, care_plan_id, problem)
    return back(request, f"/desk/care-plans/{care_plan_id}")


@router.post("/care-plans/{care_plan_id}/discard")
async def discard(request: Request, scope: Writer, care_plan_id: UUID) -> Response:
    """Throw a draft away."""
    try:
        async with scope.conn.transaction():
            row = await care_plans.discard(scope.conn, care_plan_id)
    except Conflict as problem:
        return await _one(request, scope, care_plan_id, problem)
    return back(request, f"/desk/elders/{row['elder_id']}/care")
