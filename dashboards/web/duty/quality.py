"""The monthly sample of calls: drawn, scored on the form, seen and answered by the operator."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from core.clock import local_date, month_of
from core.db import Row
from core.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.duty.forms import given_of
from dashboards.web.duty.week import day
from dashboards.web.pages import back, said, show, wrongs
from dispatch import cases
from dispatch.centre import quality, scoring
from dispatch.centre.scoring import Score

router = APIRouter(prefix="/desk/quality", route_class=Guarded, include_in_schema=False)
Manager = Annotated[Scope, allow("duty_manager", "admin", "auditor")]
Scorer = Annotated[Scope, allow("duty_manager")]
Own = Annotated[Scope, allow("operator", "duty_manager", "admin", "auditor")]
Answerer = Annotated[Scope, allow("operator", "duty_manager")]
Done = Annotated[str, Query(max_length=30)]


@router.get("")
async def list_(request: Request, scope: Manager, done: Done = "") -> Response:
    """Show the samples of past months."""
    return await _list(request, scope, done=done)


async def _list(
    request: Request, scope: Scope, *, done: str = "", problem: Problem | None = None
) -> Response:
    last = month_of(month_of(local_date(scope.now)) - timedelta(days=1))
    return show(
        request,
        scope,
        "duty/samples.html",
        status=problem.status if problem else 200,
        samples=await quality.samples(scope.conn),
        last=last,
        may_draw=scope.person.role == "duty_manager",
        failed=said(scope, problem) if problem else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
        done=done,
    )


@router.post("")
async def draw(request: Request, scope: Scorer) -> Response:
    """Draw the sample of a month."""
    given = await given_of(request)
    person = scope.person
    month = day(f"{given.get('month', '')[:7]}-01")
    if month is None:
        missing = Invalid("month: YYYY-MM", [{"field": "month", "code": "missing"}])
        return await _list(request, scope, problem=missing)
    try:
        async with scope.conn.transaction():
            made = await quality.draw(scope.conn, month, person, person.district_id, scope.now)
    except (Conflict, Invalid) as problem:
        return await _list(request, scope, problem=problem)
    return back(request, f"/desk/quality/{made}?done=drawn")


@router.get("/{quality_sample_id}")
async def sample(request: Request, scope: Manager, quality_sample_id: UUID, done: Done = "") -> Response:
    """Show what was drawn, by operator, and whether the seed still draws the same."""
    row = await quality.find(scope.conn, quality_sample_id)
    found = await quality.items(scope.conn, quality_sample_id)
    again = {(one.account_id, one.case_id) for one in await quality.redraw(scope.conn, quality_sample_id)}
    form = scoring.forms()[row["form"]]
    return show(
        request,
        scope,
        "duty/sample.html",
        sample=row,
        items=[{**one, "passes": _passes(form, one)} for one in found],
        is_same=again == {(str(one["account_id"]), str(one["case_id"])) for one in found},
        enough=form.enough,
        me=scope.person.account_id,
        done=done,
    )


def _passes(form: scoring.Form, row: Row) -> bool | None:
    if row["points"] is None:
        return None
    return scoring.passes(form, Score(row["points"], row["most"], row["is_critical"]))


@router.get("/items/{quality_item_id}")
async def item(request: Request, scope: Own, quality_item_id: UUID, done: Done = "") -> Response:
    """Show a call with its timeline and form; an operator sees only their own, once it is scored."""
    row = await _seen(scope, quality_item_id)
    if row["account_id"] == scope.person.account_id and row["scored_at"] is not None:
        await quality.see(scope.conn, quality_item_id, scope.person, scope.now)
    return await _item(request, scope, row, done=done)


async def _seen(scope: Scope, item_id: UUID) -> Row:
    row = await quality.item(scope.conn, item_id)
    is_own = row["account_id"] == scope.person.account_id
    if scope.person.role == "operator" and not (is_own and row["scored_at"]):
        raise NotFound(f"no quality item {item_id}")
    return row


async def _item(
    request: Request,
    scope: Scope,
    row: Row,
    *,
    given: dict[str, str] | None = None,
    problem: Problem | None = None,
    done: str = "",
) -> Response:
    is_own = row["account_id"] == scope.person.account_id
    form = quality.form_of(row)
    return show(
        request,
        scope,
        "duty/item.html",
        status=problem.status if problem else 200,
        item=row,
        passes=_passes(form, row),
        criteria=scoring.asked(form, is_whole=row["is_whole"]),
        entries=await cases.timeline(scope.conn, row["case_id"]),
        remark=_open(scope, row, "remark_sealed"),
        answer=_open(scope, row, "answer_sealed"),
        may_score=scope.person.role == "duty_manager" and not is_own and row["scored_at"] is None,
        may_answer=is_own and row["scored_at"] is not None and row["answered_at"] is None,
        is_own=is_own,
        given=given or {},
        failed=said(scope, problem) if problem else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
        done=done,
    )


def _open(scope: Scope, row: Row, name: str) -> str:
    sealed = row[name]
    return scope.keys.open(row["district_id"], sealed) if sealed else ""


@router.post("/items/{quality_item_id}")
async def score(request: Request, scope: Scorer, quality_item_id: UUID) -> Response:
    """Score a call."""
    row = await quality.item(scope.conn, quality_item_id)
    given = await given_of(request)
    marks = {name[5:]: _mark(value) for name, value in given.items() if name.startswith("mark_") and value}
    what = (marks, given.get("remark", ""), scope.person, scope.now)
    try:
        async with scope.conn.transaction():
            await quality.score(scope.conn, scope.keys, quality_item_id, *what)
    except (Conflict, Invalid, Forbidden) as problem:
        return await _item(request, scope, row, given=given, problem=problem)
    return back(request, f"/desk/quality/{row['quality_sample_id']}?done=scored")


def _mark(text: str) -> Any:  # noqa: ANN401 - a number, or None: does not apply
    if text == "none":
        return None
    return int(text) if text in {"0", "1", "2"} else -1


@router.post("/items/{quality_item_id}/answer")
async def reply(request: Request, scope: Answerer, quality_item_id: UUID) -> Response:
    """Answer to the score of one's own call."""
    row = await _seen(scope, quality_item_id)
    given = await given_of(request)
    what = (given.get("answer", ""), scope.person, scope.now)
    try:
        async with scope.conn.transaction():
            await quality.reply(scope.conn, scope.keys, quality_item_id, *what)
    except (Conflict, Invalid) as problem:
        return await _item(request, scope, row, given=given, problem=problem)
    return back(request, f"/desk/quality/items/{quality_item_id}?done=answered")
