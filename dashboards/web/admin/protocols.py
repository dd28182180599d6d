"""Protocols: the district's scripted questions, written as text, judged line by line, tried, put in force."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from core.errors import Conflict, Invalid, Problem
from core.events import OPERATORS
from dashboards import visible, words
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.pages import back, said, show
from dispatch import protocol_scripts
from dispatch.protocol_reading import Wrong, read
from dispatch.protocol_script import ADVICE, Script, Walk, walk

router = APIRouter(prefix="/admin/protocols", route_class=Guarded, include_in_schema=False)
Reader = Annotated[Scope, allow(*OPERATORS)]
DECIDERS = ("duty_manager", "admin")
Decider = Annotated[Scope, allow(*DECIDERS)]
Words = Annotated[str, Form(max_length=200_000)]
Mark = Annotated[str, Form(max_length=64)]
Start = Annotated[str, Query(max_length=60)]
Said = Annotated[list[str], Query(max_length=560)]
OURS = "ours"


@router.get("")
async def list_(request: Request, scope: Reader) -> Response:
    """Show what is in force, the versions, and the draft."""
    return await _page(request, scope)


@router.post("")
async def save(
    request: Request, scope: Decider, words_: Annotated[str, Form(alias="words")] = "", was: Mark = ""
) -> Response:
    """Keep the draft, and say what is wrong with it."""
    try:
        async with scope.conn.transaction():
            text = words_.replace("\r\n", "\n")[:200_000]
            read_ = bytes.fromhex(was) if was else None
            await protocol_scripts.save(scope.conn, scope.person, text, read_, scope.now)
    except (Conflict, ValueError) as problem:
        lost = problem if isinstance(problem, Problem) else Conflict("no draft", code="protocol_changed")
        return await _page(request, scope, lost, typed=words_)
    return back(request, "/admin/protocols#draft")


@router.get("/try")
async def try_ours(request: Request, scope: Reader, start: Start = "default", a: Said = []) -> Response:  # noqa: B006 - FastAPI copies it
    """Try the product's own script."""
    return _tried(request, scope, protocol_scripts.OURS, "/admin/protocols/try", start, a)


@router.get("/{protocol_script_id}")
async def one(request: Request, scope: Reader, protocol_script_id: UUID) -> Response:
    """Show the words of one version."""
    row = await protocol_scripts.find(scope.conn, protocol_script_id)
    return show(request, scope, "admin/protocol.html", script=row)


@router.get("/{protocol_script_id}/try")
async def try_one(
    request: Request,
    scope: Reader,
    protocol_script_id: UUID,
    start: Start = "default",
    a: Said = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Try a version: nothing is kept, and no case is asked."""
    row = await protocol_scripts.find(scope.conn, protocol_script_id)
    return _tried(request, scope, row["words"], f"/admin/protocols/{protocol_script_id}/try", start, a)


@router.post("/{protocol_script_id}/activate")
async def activate(request: Request, scope: Decider, protocol_script_id: UUID) -> Response:
    """Put the draft in force for cases that begin from now on."""
    await visible.check(scope, "protocol_script", protocol_script_id)
    try:
        async with scope.conn.transaction():
            await protocol_scripts.activate(scope.conn, protocol_script_id, scope.person, scope.now)
    except (Conflict, Invalid) as problem:
        return await _page(request, scope, problem)
    return back(request, "/admin/protocols")


@router.post("/{protocol_script_id}/retire")
async def retire(request: Request, scope: Decider, protocol_script_id: UUID) -> Response:
    """Go back to the product's own."""
    await visible.check(scope, "protocol_script", protocol_script_id)
    try:
        async with scope.conn.transaction():
            await protocol_scripts.retire(scope.conn, protocol_script_id, scope.person, scope.now)
    except Conflict as problem:
        return await _page(request, scope, problem)
    return back(request, "/admin/protocols")


async def _page(
    request: Request, scope: Scope, problem: Problem | None = None, typed: str | None = None
) -> Response:
    draft = await protocol_scripts.draft(scope.conn)
    rows = await protocol_scripts.list_(scope.conn)
    active = next((row for row in rows if row["state"] == "active" and row["source"] == "district"), None)
    script, wrong = read(draft["words"]) if draft else (None, [])
    return show(
        request,
        scope,
        "admin/protocols.html",
        status=problem.status if problem else 200,
        scripts=rows,
        active=active,
        draft=draft,
        ours=protocol_scripts.OURS,
        typed=typed,
        questions=len(script.nodes) if script else 0,
        mistakes=spoken(scope.language, wrong),
        advice=ADVICE,
        may_decide=scope.person.role in DECIDERS,
        failed=said(scope, problem) if problem and not isinstance(problem, Invalid) else None,
    )


def spoken(language: str, wrong: list[Wrong]) -> list[dict[str, Any]]:
    """Return the mistakes in words: {line, node, text}."""
    return [
        {
            "line": one.line,
            "node": one.node,
            "text": words.sentence(language, "script_wrongs", {"code": one.code, "what": one.what or ""}),
        }
        for one in wrong
    ]


def _tried(request: Request, scope: Scope, text: str, path: str, start: str, said_: list[str]) -> Response:
    script, wrong = read(text)
    answers = dict(one.split(":", 1) for one in said_ if ":" in one)
    tried = _walk(script, start, answers) if script else None
    return show(
        request,
        scope,
        "admin/protocol_try.html",
        script=script,
        mistakes=spoken(scope.language, wrong),
        walk=tried,
        start=start,
        at=path,
        kept=[f"{step.node.code}:{step.value}" for step in tried.path] if tried else [],
    )


def _walk(script: Script, start: str, answers: dict[str, str]) -> Walk:
    return walk(script, script.start.get(start) or script.start["default"], answers)
