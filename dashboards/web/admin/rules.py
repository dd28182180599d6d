"""Alarm rules: what is in force and who decided it, changes from a day on, proposals to approve or reject."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from core.clock import ZONE, local_date
from core.db import Conn
from core.errors import Conflict, Invalid, NotFound, Problem
from core.events import OPERATORS
from core.ids import parse_id
from core.sql import load
from dashboards import audited
from dashboards.auth import Guarded, Scope, allow, exists
from dashboards.web.admin.parameters import changed, fields, spoken
from dashboards.web.desk import people
from dashboards.web.pages import back, said, show, wrongs
from gateway import alarm_rules, rule_proposals

SQL = load(__file__)
router = APIRouter(prefix="/admin/rules", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow(*OPERATORS)]
Decider = Annotated[Scope, allow("duty_manager", "admin")]
Word = Annotated[str, Query(max_length=60)]
_FEW, _MOST_FIELDS = 30, 60


@router.get("")
async def rules(request: Request, scope: Reader, elder: Word = "", name: Word = "") -> Response:
    """Show every rule in force for the district, or for one person."""
    return await _page(request, scope, await _elder(scope, elder), name=name)


@router.post("")
async def change(request: Request, scope: Decider) -> Response:
    """Change a rule from a time on; what does not fit is said at its field."""
    given = await _given(request)
    elder = await _elder(scope, given.get("elder", ""))
    rule = given.get("rule", "")
    try:
        made = await _set(scope, elder, rule, given)
    except Invalid as problem:
        return await _page(request, scope, elder, problem=problem, tried=given)
    await audited.note(scope, "alarm_rule.create", "alarm_rule", made, {"rule": rule})
    return back(request, f"/admin/rules?elder={elder or ''}#{rule}")


async def _set(scope: Scope, elder: UUID | None, rule: str, given: dict[str, str]) -> UUID:
    found = {one["rule"]: one for one in await alarm_rules.in_force(scope.conn, elder, scope.now)}
    if rule not in found:
        raise Invalid(f"no rule {rule}", [{"field": "rule", "code": "unknown"}])
    return await alarm_rules.set_(
        scope.conn,
        district=scope.person.district_id,
        elder=elder,
        rule=rule,
        params=changed(given, found[rule]["params"]),
        enabled=given.get("enabled") == "yes",
        valid_from=_moment(given, "valid_from") or scope.now,
        valid_to=_moment(given, "valid_to"),
        account=scope.person.account_id,
        now=scope.now,
    )


@router.post("/{alarm_rule_id}/end")
async def end(request: Request, scope: Decider, alarm_rule_id: UUID) -> Response:
    """Let a change end now."""
    row = await alarm_rules.find(scope.conn, alarm_rule_id)
    try:
        await alarm_rules.end(scope.conn, alarm_rule_id, scope.now)
    except Conflict as problem:
        return await _page(request, scope, row["elder_id"], problem=problem)
    await audited.note(scope, "alarm_rule.end", "alarm_rule", alarm_rule_id, {"rule": row["rule"]})
    return back(request, f"/admin/rules?elder={row['elder_id'] or ''}#history")


@router.post("/proposals/{rule_proposal_id}/approve")
async def approve(request: Request, scope: Decider, rule_proposal_id: UUID) -> Response:
    """Let a proposal become the rule from now on."""
    person = scope.person
    try:
        made = await rule_proposals.approve(
            scope.conn,
            rule_proposal_id,
            district=person.district_id,
            account=person.account_id,
            now=scope.now,
        )
    except (Conflict, Invalid) as problem:
        return await _page(request, scope, None, problem=problem)
    await audited.note(
        scope, "rule_proposal.approve", "rule_proposal", rule_proposal_id, {"alarm_rule": str(made)}
    )
    return back(request, "/admin/rules#proposals")


@router.post("/proposals/{rule_proposal_id}/reject")
async def reject(request: Request, scope: Decider, rule_proposal_id: UUID) -> Response:
    """Put a proposal away."""
    try:
        await rule_proposals.reject(
            scope.conn, rule_proposal_id, account=scope.person.account_id, now=scope.now
        )
    except Conflict as problem:
        return await _page(request, scope, None, problem=problem)
    await audited.note(scope, "rule_proposal.reject", "rule_proposal", rule_proposal_id)
    return back(request, "/admin/rules#proposals")


async def _page(
    request: Request,
    scope: Scope,
    elder: UUID | None,
    *,
    name: str = "",
    problem: Problem | None = None,
    tried: dict[str, str] | None = None,
) -> Response:
    conn = scope.conn
    changes = await alarm_rules.list_(conn, elder, None, _FEW)
    proposals = await rule_proposals.list_(conn, None, None, _FEW)
    names = await _names(conn, [*changes, *proposals, {"elder_id": elder}])
    force = await alarm_rules.in_force(conn, elder, scope.now)
    return show(
        request,
        scope,
        "admin/rules.html",
        status=problem.status if problem else 200,
        rules=[{**one, "fields": fields(one["params"])} for one in force],
        changes=changes,
        open=[one for one in proposals if one["state"] == "proposed"],
        decided=[one for one in proposals if one["state"] != "proposed"],
        spoken=spoken,
        before={one["rule"]: one["params"] for one in force},
        names=names,
        elder=elder,
        name=name,
        found=(await people.elders(conn, name.strip(), None, local_date(scope.now)))[0]
        if name.strip()
        else [],
        may_decide=scope.person.role in ("duty_manager", "admin"),
        failed=said(scope, problem) if problem else None,
        wrong=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
        tried={"rule": "", **(tried or {})},
    )


async def _names(conn: Conn, rows: list[Any]) -> dict[UUID, str]:
    """Return the names of the elders and accounts that rows tell of."""
    wanted = {row[key] for row in rows for key in ("elder_id", "created_by", "decided_by") if row.get(key)}
    return {row["id"]: row["name"] for row in await conn.fetch(SQL.list_names, list(wanted))}


async def _elder(scope: Scope, text: str) -> UUID | None:
    if not text:
        return None
    if not await exists(scope.conn, "elder", text):
        raise NotFound("no such elder")
    return parse_id(text)


async def _given(request: Request) -> dict[str, str]:
    """Read the form: a field that may be ticked several times is joined by commas."""
    found: dict[str, str] = {}
    form = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    for key, value in form.multi_items():
        if isinstance(value, str):
            found[key] = f"{found[key]},{value}" if key in found else value
    return found


def _moment(given: dict[str, str], name: str) -> datetime | None:
    """Read a local time of the form; raise Invalid naming the field."""
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZONE)
    except ValueError as error:
        raise Invalid(f"{name} is no time", [{"field": name, "code": "date"}]) from error
