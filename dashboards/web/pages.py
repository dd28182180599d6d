"""What every page has: the reader, the way around, an answer."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from core.errors import Conflict, Invalid, Problem
from dashboards import words
from dashboards.auth import Scope
from dashboards.web.menus import links
from dashboards.web.render import answer

LARGE = "yl_large"


def show(
    request: Request,
    scope: Scope,
    template: str,
    *,
    status: int = 200,
    **context: Any,  # noqa: ANN401 - whatever the template needs
) -> HTMLResponse:
    """Answer with a page or a fragment for this reader."""
    path = request.url.path
    around: dict[str, Any] = {
        "person": scope.person,
        "now": scope.now,
        "path": path + (f"?{request.url.query}" if request.url.query else ""),
        "links": links(scope.person.role, path),
        "large": request.cookies.get(LARGE) == "1",
    }
    return answer(scope.language, template, status=status, **around, **context)


def is_partial(request: Request) -> bool:
    """Say whether htmx asks for a part of a page (not for a whole page out of its history)."""
    headers = request.headers
    return "hx-request" in headers and "hx-history-restore-request" not in headers


def said(scope: Scope, problem: Problem) -> dict[str, Any]:
    """Put a problem into the reader's words for a notice on the page."""
    text = words.problem(scope.language, problem.code, problem.detail, problem.extra)
    tone = "warn" if isinstance(problem, Conflict) else "bad"
    return {
        "text": text,
        "tone": tone,
        "code": problem.code,
        "extra": problem.extra,
        "status": problem.status,
    }


def wrongs(scope: Scope, problem: Invalid) -> dict[str, str]:
    """Return {field: what is wrong with it in the reader's words}."""
    found: dict[str, str] = {}
    errors: Any = problem.extra.get("errors") or []
    for error in errors:
        found.setdefault(str(error["field"]), words.sentence(scope.language, "fields", error))
    return found


def back(request: Request, to: str) -> Response:
    """Send the browser on after a change; htmx is told by its own header."""
    if is_partial(request):
        return Response(status_code=204, headers={"HX-Redirect": to})
    return RedirectResponse(to, status_code=303)
