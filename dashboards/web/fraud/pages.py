"""Findings: the month's list by kind, one with its evidence, the decision; the checks run by hand."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core.errors import Conflict, Invalid, Problem
from core.ids import parse_id
from dashboards import audited
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.desk.pages import Month, beside, month_in
from dashboards.web.pages import back, said, show, wrongs
from services.fraud import findings, runs

router = APIRouter(prefix="/desk/audit/findings", route_class=Guarded, include_in_schema=False)
Staff = Annotated[Scope, allow("clerk", "auditor", "approver")]
Auditor = Annotated[Scope, allow("auditor")]
PAGE = 50


@router.get("")
async def list_(
    request: Request,
    scope: Staff,
    month: Month | None = None,
    kind: str = "",
    state: str = "open",
    after: str = "",
) -> Response:
    """List findings, the surest first; without a month those of the last month that was checked."""
    wanted = month_in(scope, month) if month else await _newest(scope)
    kind = kind if kind in findings.EVERY_KIND else ""
    state = state if state in (*findings.STATES, "") else "open"
    last = parse_id(after) if after else None
    rows = await findings.list_(
        scope.conn,
        month=wanted,
        kind=kind or None,
        state=state or None,
        after=await findings.place(scope.conn, last) if last else None,
        limit=PAGE + 1,
    )
    counts = await findings.counts(scope.conn, wanted)
    return show(
        request,
        scope,
        "fraud/findings.html",
        findings=rows[:PAGE],
        next=rows[PAGE - 1]["id"] if len(rows) > PAGE else None,
        kinds=_kinds(counts),
        kind=kind,
        state=state,
        states=findings.STATES,
        month=wanted,
        ran=await runs.last(scope.conn, wanted),
        may_run=scope.person.role == "auditor",
        **beside(wanted),
    )


@router.post("/run")
async def run(request: Request, scope: Auditor) -> Response:
    """Run the checks over a month now."""
    wanted = _month((await request.form()).get("month"))
    done = await runs.run(scope.conn, scope.person.district_id, wanted, scope.now, by=scope.person.account_id)
    await audited.note(scope, "finding.run", "fraud_run", done.id, {"month": f"{wanted:%Y-%m}"})
    return back(request, f"/desk/audit/findings?month={wanted:%Y-%m}")


@router.get("/{finding_id}")
async def one(request: Request, scope: Staff, finding_id: UUID) -> Response:
    """Show one finding with its evidence."""
    return await _one(request, scope, finding_id, None)


@router.post("/{finding_id}/confirm")
async def confirm(request: Request, scope: Auditor, finding_id: UUID) -> Response:
    """Say that it is so."""
    return await _decide(request, scope, finding_id, confirms=True)


@router.post("/{finding_id}/dismiss")
async def dismiss(request: Request, scope: Auditor, finding_id: UUID) -> Response:
    """Say that it is not so."""
    return await _decide(request, scope, finding_id, confirms=False)


async def _decide(request: Request, scope: Scope, finding: UUID, *, confirms: bool) -> Response:
    sent = await request.form()
    reason, note = str(sent.get("reason", "")), str(sent.get("note", "")).strip()[:2000]
    try:
        async with scope.conn.transaction():
            await findings.decide(
                scope.conn,
                scope.keys,
                finding,
                scope.person,
                scope.now,
                confirms=confirms,
                reason=reason,
                note=note or None,
            )
    except (Invalid, Conflict) as problem:
        return await _one(request, scope, finding, problem)
    return back(request, f"/desk/audit/findings/{finding}")


async def _one(request: Request, scope: Scope, finding: UUID, problem: Problem | None) -> Response:
    row = await findings.find(scope.conn, finding)
    sealed = row["note_sealed"]
    return show(
        request,
        scope,
        "fraud/finding.html",
        status=problem.status if problem else 200,
        finding=row,
        note=scope.keys.open(row["district_id"], sealed) if sealed else "",
        reasons=findings.REASONS,
        may_decide=scope.person.role == "auditor" and row["state"] in ("open", "cleared"),
        failed=said(scope, problem) if isinstance(problem, Conflict) else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
    )


async def _newest(scope: Scope) -> date:
    """Return the last month with findings, else this one."""
    found = await findings.newest_month(scope.conn)
    return found or month_in(scope, None)


def _kinds(counts: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - rows of kind and state
    """Return one line a kind: how many are open, confirmed, dismissed, and what was claimed for them."""
    made: dict[str, dict[str, Any]] = {}
    for row in counts:
        line = made.setdefault(
            row["kind"], {"kind": row["kind"], "amount": 0, **dict.fromkeys(findings.STATES, 0)}
        )
        line[row["state"]] = row["count"]
        line["amount"] += row["amount"] if row["state"] != "cleared" else 0
    return [made[kind] for kind in findings.EVERY_KIND if kind in made]


def _month(text: object) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise Invalid("month: YYYY-MM", [{"field": "month", "code": "date"}]) from error
