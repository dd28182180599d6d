"""Schemes: what is in force, proposing a version, trying cases, and the second person's signature."""

import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from core import districts
from core.clock import local_date, month_of
from core.db import Row
from core.errors import Conflict, Invalid, Problem
from dashboards import audited, words
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.desk import scheme_facts, scheme_wrongs
from dashboards.web.pages import back, said, show
from services import hypothetical, schemes
from services.policy import SCALES, Scheme

router = APIRouter(prefix="/desk/schemes", route_class=Guarded, include_in_schema=False)
PROPOSERS, SIGNERS = ("clerk", "admin"), ("approver", "admin")
Reader = Annotated[Scope, allow("clerk", "auditor", "approver", "admin")]
Proposer = Annotated[Scope, allow(*PROPOSERS)]
Signer = Annotated[Scope, allow(*SIGNERS)]
Either = Annotated[Scope, allow("clerk", "approver", "admin")]
_STATES = ("draft", "signed", "withdrawn")
_MOST = 200_000


@router.get("")
async def list_schemes(request: Request, scope: Reader) -> Response:
    """List what waits for a signature, what is in force, and what was or will be."""
    rows, today = await schemes.list_(scope.conn, _STATES), local_date(scope.now)
    shown: dict[str, list[Row]] = {"draft": [], "now": [], "other": []}
    for row in rows:
        is_now = row["effective_from"] <= today and (row["effective_to"] or today) >= today
        place = (
            "draft" if row["state"] == "draft" else "now" if row["state"] == "signed" and is_now else "other"
        )
        shown[place].append(row)
    may = _may(scope, PROPOSERS)
    return show(request, scope, "desk/schemes.html", shown=shown, may_propose=may)


@router.get("/new")
async def new(request: Request, scope: Proposer, after: UUID | None = None) -> Response:
    """Write a scheme, or the next version of one."""
    text = _next(await schemes.find(scope.conn, after)) if after else ""
    return show(request, scope, "desk/scheme_new.html", text=text, errors=[], failed=None)


@router.post("")
async def propose(request: Request, scope: Proposer) -> Response:
    """Propose a version; what is wrong is said line by line and nothing is lost."""
    form = await request.form(max_files=0, max_fields=5)
    text = str(form.get("body", ""))[:_MOST].replace("\r\n", "\n").replace("\x00", "")
    person = scope.person
    try:
        made = await schemes.propose(
            scope.conn,
            district=person.district_id,
            district_code=person.district_code,
            text=text,
            by=person.account_id,
            now=scope.now,
        )
    except (Invalid, Conflict) as problem:
        return _refused(request, scope, text, problem)
    await audited.note(scope, "scheme.propose", "scheme", made)
    return back(request, f"/desk/schemes/{made}")


@router.get("/{scheme_id}")
async def scheme(request: Request, scope: Reader, scheme_id: UUID) -> Response:
    """Show one version: for whom, how much, by which rules, what changed, and a bench to try cases."""
    return await _page(request, scope, scheme_id)


@router.post("/{scheme_id}/sign")
async def sign(request: Request, scope: Signer, scheme_id: UUID) -> Response:
    """Sign a draft as it was read."""
    form = await request.form(max_files=0, max_fields=20)
    person = scope.person
    try:
        row = await schemes.sign(
            scope.conn,
            district=person.district_id,
            scheme=scheme_id,
            by=person.account_id,
            now=scope.now,
            sha256=str(form.get("sha256", "")),
        )
    except Conflict as problem:
        return await _page(request, scope, scheme_id, problem=problem)
    await audited.note(scope, "scheme.sign", "scheme", scheme_id, {"sha256": row["sha256"]})
    return back(request, f"/desk/schemes/{scheme_id}")


@router.post("/{scheme_id}/withdraw")
async def withdraw(request: Request, scope: Either, scheme_id: UUID) -> Response:
    """Take a draft back."""
    try:
        await schemes.withdraw(scope.conn, scheme_id)
    except Conflict as problem:
        return await _page(request, scope, scheme_id, problem=problem)
    await audited.note(scope, "scheme.withdraw", "scheme", scheme_id)
    return back(request, f"/desk/schemes/{scheme_id}")


@router.post("/{scheme_id}/try")
async def try_(request: Request, scope: Reader, scheme_id: UUID) -> Response:
    """Try a pretended case; nothing is stored."""
    form = await request.form(max_files=0, max_fields=20)
    tried = {key: value for key, value in form.items() if isinstance(value, str) and value}
    return await _page(request, scope, scheme_id, tried=tried)


def _may(scope: Scope, roles: tuple[str, ...]) -> bool:
    return scope.person.role in roles


def _name(scope: Scope, rules: Scheme) -> str:
    """Return a scheme's name in the reader's language."""
    return rules.name if scope.language == "zh_CN" else rules.name_en


def _next(row: Row) -> str:
    """Return a version's text with the next number, to be changed."""
    text: str = row["body"]
    return text.replace(f"version = {row['version']}\n", f"version = {row['version'] + 1}\n", 1)


def _refused(request: Request, scope: Scope, text: str, problem: Problem) -> Response:
    found = problem.extra.get("errors")
    errors = scheme_wrongs.said(scope.language, found) if isinstance(found, list) else []
    failed = None if errors else said(scope, problem)
    return show(
        request, scope, "desk/scheme_new.html", status=problem.status, text=text, errors=errors, failed=failed
    )


async def _page(
    request: Request,
    scope: Scope,
    scheme_id: UUID,
    *,
    problem: Conflict | None = None,
    tried: dict[str, str] | None = None,
) -> Response:
    row = await schemes.find(scope.conn, scheme_id)
    rules, versions = schemes.read(row["body"]), await schemes.list_(scope.conn)
    same = [one for one in versions if one["code"] == row["code"] and one["version"] < row["version"]]
    before = max(same, key=lambda one: one["version"], default=None)
    clashes = await schemes.problems(scope.conn, rules) if row["state"] == "draft" else ()
    return show(
        request,
        scope,
        "desk/scheme.html",
        status=problem.status if problem else 200,
        scheme=row,
        name=_name(scope, rules),
        rules=rules,
        facts=scheme_facts.facts(rules),
        lines=scheme_facts.lines(rules),
        before=before,
        changes=scheme_facts.changes(before["body"], row["body"]) if before else [],
        clashes=[scheme_wrongs.sentence(scope.language, one.message) for one in clashes],
        failed=said(scope, problem) if problem else None,
        may_sign=_may(scope, SIGNERS) and row["proposed_by"] != scope.person.account_id,
        is_own=row["proposed_by"] == scope.person.account_id,
        may_withdraw=_may(scope, ("clerk", "approver", "admin")),
        may_propose=_may(scope, PROPOSERS),
        grades=SCALES[rules.scale],
        tried=tried or {},
        answer=await _answer(scope, rules, tried) if tried else None,
        today=local_date(scope.now),
    )


async def _answer(scope: Scope, rules: Scheme, tried: dict[str, str]) -> dict[str, Any]:
    """Return what a case comes to, with its explanation in words, or what is wrong with it."""
    fallback = (await districts.settings(scope.conn, scope.person.district_id)).grade_fallback
    case = _case(rules, tried, month_of(local_date(scope.now)).isoformat())
    [found] = hypothetical.price_lines(rules, [json.dumps(case)], fallback)
    found["says"] = words.sentences(scope.language, "explanations", found.get("explanation", []))
    return found


def _case(rules: Scheme, tried: dict[str, str], month: str) -> dict[str, Any]:
    """Return the case that the form's fields make; facts hold from long ago."""
    since = "1900-01-01"
    facts = [[kind, tried[kind], since] for kind in ("assistance", "residence", "place") if tried.get(kind)]
    if tried.get("grade"):
        facts.append([f"grade:{rules.scale}", tried["grade"], since])
    if tried.get("certificate"):
        facts.append(["grade:disability_certificate", tried["certificate"], since])
    facts.append(["household", rules.district, since])
    person = {"facts": facts, **({"born_on": tried["born_on"]} if tried.get("born_on") else {})}
    if rules.kind in {"services", "voucher"}:
        known = {key: tried[key] for key in ("on", "service", "units", "used", "price") if tried.get(key)}
        return {"person": person, **known}
    return {"person": person, "month": f"{tried['month']}-01" if tried.get("month") else month}
