"""Matching at the desk: how far the run is, who was found and why, decided in bulk."""

from collections import Counter
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.clock import local_date
from core.errors import Conflict, Invalid, Problem
from dashboards import standing_words
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.care import forms
from dashboards.web.clerk import acting
from dashboards.web.pages import back, said, show, wrongs
from services.matching import matches, runs
from services.matching.matches import KINDS

router = APIRouter(prefix="/clerk/matches", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow("clerk", "approver", "auditor", "admin")]
Clerk = Annotated[Scope, allow("clerk", "admin")]
PAGE = 100
FITS = {"not_enrolled": ("enrol", "resume", "dismiss"), "no_longer": ("end", "suspend", "dismiss")}


@router.get("")
async def list_(
    request: Request,
    scope: Reader,
    kind: str = "not_enrolled",
    scheme: str = "",
    after: UUID | None = None,
) -> Response:
    """List who was found, by kind and scheme."""
    return await _list(request, scope, kind, scheme, after, None, {})


async def _list(
    request: Request,
    scope: Scope,
    kind: str,
    scheme: str,
    after: UUID | None,
    problem: Problem | None,
    outcomes: dict[str, int],
) -> Response:
    wanted = kind if kind in KINDS else KINDS[0]
    names = await acting.names(scope.conn)
    rows = await matches.list_(scope.conn, kind=wanted, scheme=scheme or None, after=after, limit=PAGE + 1)
    shown = [{**row, "says": _says(scope, row, names)} for row in rows[:PAGE]]
    return show(
        request,
        scope,
        "clerk/matches.html",
        status=problem.status if problem else 200,
        rows=shown,
        next=rows[PAGE - 1]["id"] if len(rows) > PAGE else None,
        kinds=KINDS,
        kind=wanted,
        scheme=scheme,
        found=await matches.counts(scope.conn),
        runs=await runs.last(scope.conn, 3),
        actions=FITS[wanted],
        today=local_date(scope.now),
        outcomes=outcomes,
        may_act=scope.person.role in {"clerk", "admin"},
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
    )


def _says(scope: Scope, row: Any, names: dict[str, str]) -> str:  # noqa: ANN401 - a row
    return standing_words.sentence(scope.language, row["reasons"], names)


@router.get("/progress")
async def progress(request: Request, scope: Reader) -> Response:
    """Say how far the run is (asked again by the page while it is under way)."""
    return show(request, scope, "clerk/progress.html", runs=await runs.last(scope.conn, 1))


@router.post("/run")
async def run(request: Request, scope: Clerk) -> Response:
    """Start a run; the page may be left."""
    try:
        async with scope.conn.transaction():
            person = scope.person
            await runs.start(scope.conn, person.district_id, person.account_id, scope.now)
    except Conflict as problem:
        return await _list(request, scope, "", "", None, problem, {})
    return back(request, "/clerk/matches")


@router.post("")
async def decide(request: Request, scope: Clerk) -> Response:
    """Decide the chosen ones in one go, and say what became of each."""
    sent = await request.form()
    ids = [one for text in sent.getlist("match") if (one := forms.identity(str(text))) is not None]
    kind, scheme = forms.text(sent, "kind", 20), forms.text(sent, "scheme", 60)
    action, reason = forms.text(sent, "action", 20), forms.text(sent, "reason", 500)
    try:
        async with scope.conn.transaction():
            on = forms.day(sent, "on")
            found = await matches.decide(
                scope.conn, ids, action, scope.person, scope.now, reason=reason, on=on
            )
    except (Conflict, Invalid) as problem:
        return await _list(request, scope, kind, scheme, None, problem, {})
    counts = Counter(one.code for one in found)
    return await _list(request, scope, kind, scheme, None, None, dict(counts))
