"""Policies of escalation: versions, a form, a simulation on a clock, activation."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from core.errors import Conflict, Invalid, NotFound, Problem
from core.ids import parse_id
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.notices import forms, timeline
from dashboards.web.pages import back, said, show, wrongs
from dispatch import policies, policy, simulating
from dispatch.notices import capabilities

router = APIRouter(prefix="/admin/policies", route_class=Guarded, include_in_schema=False)
Centre = Annotated[Scope, allow("operator", "duty_manager", "admin")]
Deciders = Annotated[Scope, allow("duty_manager", "admin")]
Text = Annotated[str, Query(max_length=60)]
_MOST_FIELDS = 300


@router.get("")
async def list_(request: Request, scope: Centre, done: Text = "") -> Response:
    """List the versions; the one in force is first."""
    return await _list(request, scope, done=done)


@router.get("/new")
async def new(request: Request, scope: Deciders, like: Text = "") -> Response:
    """Show the form: the steps of the version `like`, or of the one in force, or the product's."""
    rows = await policies.list_(scope.conn)
    wanted = parse_id(like) if like else None
    if like and wanted is None:
        raise NotFound("no escalation policy of that id")
    if wanted is not None:
        row = await policies.find(scope.conn, wanted)
        return await _form(request, scope, row["steps"], row["name"], row)
    steps = rows[0]["steps"] if rows and rows[0]["active"] else [dict(one) for one in policy.DEFAULT]
    return await _form(request, scope, steps, "", None)


@router.post("")
async def save(request: Request, scope: Deciders) -> Response:
    """Do what a button of the form says: change the steps, simulate, or keep the draft."""
    form = await request.form(max_fields=_MOST_FIELDS)
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    ticked = {name: [str(one) for one in form.getlist(name)] for name in form if name.startswith("channels.")}
    kept = parse_id(given.get("id", "")) if given.get("id") else None
    if given.get("id") and kept is None:
        raise NotFound("no escalation policy of that id")
    row = await policies.find(scope.conn, kept) if kept else None
    steps = forms.steps_of(given, ticked)
    do, name = given.get("do", "save"), given.get("name", "")
    if do != "save":
        tried = given.get("scenario", "nobody") if do == "simulate" else None
        return await _form(request, scope, forms.done(steps, do), name, row, tried=tried)
    try:
        async with scope.conn.transaction():
            await _keep(scope, row, name, steps)
    except (Conflict, Invalid) as problem:
        return await _form(request, scope, steps, name, row, problem=problem)
    return back(request, "/admin/policies?done=drafted")


@router.post("/{escalation_policy_id}/activate")
async def activate(request: Request, scope: Deciders, escalation_policy_id: UUID) -> Response:
    """Put a version into force for the cases that start from now on."""
    able = await capabilities.of(scope.conn, scope.settings, scope.person.district_id)
    try:
        async with scope.conn.transaction():
            await policies.activate(scope.conn, escalation_policy_id, scope.person, scope.now, able)
    except (Conflict, Invalid) as problem:
        return await _list(request, scope, problem=problem)
    return back(request, "/admin/policies?done=activated")


async def _keep(scope: Scope, row: Any, name: str, steps: list[dict[str, Any]]) -> None:  # noqa: ANN401 - a row
    if row is not None and row["state"] == "draft":
        await policies.change(scope.conn, row["id"], name=name, steps=steps, by=scope.person, now=scope.now)
        return
    await policies.draft(
        scope.conn,
        district=scope.person.district_id,
        name=name,
        steps=steps,
        by=scope.person,
        now=scope.now,
    )


async def _list(
    request: Request, scope: Scope, *, done: str = "", problem: Problem | None = None
) -> Response:
    able = await capabilities.of(scope.conn, scope.settings, scope.person.district_id)
    return show(
        request,
        scope,
        "notices/policies.html",
        status=problem.status if problem else 200,
        rows=await policies.list_(scope.conn),
        default=policy.DEFAULT,
        lacking=[one for one, needs in policy.CHANNELS.items() if not needs <= able],
        may_change=scope.person.role != "operator",
        failed=said(scope, problem) if problem else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
        done=done if done in {"drafted", "activated"} else "",
    )


async def _form(
    request: Request,
    scope: Scope,
    steps: list[dict[str, Any]],
    name: str,
    row: Any,  # noqa: ANN401 - a row
    *,
    tried: str | None = None,
    problem: Problem | None = None,
) -> Response:
    able = await capabilities.of(scope.conn, scope.settings, scope.person.district_id)
    scenario = tried if tried is not None and tried in simulating.SCENARIOS else "nobody"
    lines: list[simulating.Line] = []
    if tried is not None:
        try:
            policy.check(steps)
        except Invalid as wrong:
            problem = wrong
        else:
            answers = simulating.SCENARIOS[scenario]
            lines = simulating.simulate(steps, simulating.CAST, answers, scope.now)
    return show(
        request,
        scope,
        "notices/policy.html",
        status=problem.status if problem else 200,
        steps=steps,
        name=name,
        row=row,
        audiences=list(policy.AUDIENCES),
        channels=list(policy.CHANNELS),
        lacking=[one for one, needs in policy.CHANNELS.items() if not needs <= able],
        scenarios=list(simulating.SCENARIOS),
        scenario=scenario,
        lines=lines,
        start=scope.now,
        drawing=timeline.draw(lines, scope.now, simulating.HORIZON) if lines else None,
        failed=said(scope, problem) if problem else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
    )
