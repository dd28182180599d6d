"""Problems as pages: who is not logged in goes to the login, everybody else reads what is wrong."""

from urllib.parse import quote

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from core.clock import local
from core.errors import Problem
from dashboards import words
from dashboards.problems import language_of
from dashboards.web.menus import links
from dashboards.web.pages import is_partial
from dashboards.web.render import answer

_LOG_IN = 401


def page(request: Request, problem: Problem) -> Response:
    """Answer a problem on a page's address."""
    if problem.status == _LOG_IN:
        return _login(request)
    language = language_of(request)
    person = getattr(request.state, "person", None)
    template = "shared/problem_part.html" if is_partial(request) else "shared/problem.html"
    shown = answer(
        language,
        template,
        status=problem.status,
        person=person,
        path=request.url.path,
        links=links(person.role, request.url.path) if person else [],
        now=local(request.app.state.clock()),
        title=words.problem(language, problem.code, problem.detail, problem.extra),
        number=problem.status,
    )
    retry = problem.extra.get("retry_after")
    if retry:
        shown.headers["Retry-After"] = str(retry)
    return shown


def _login(request: Request) -> Response:
    """Send whoever is not logged in to the door: relatives, who have no password, to their own."""
    query = f"?{request.url.query}" if request.url.query else ""
    wanted = f"{request.url.path}{query}" if request.method == "GET" else "/"
    is_family = request.url.path.startswith("/family")
    door = "/login/code" if is_family else "/login"
    to = door if wanted == "/" else f"{door}?next={quote(wanted, safe='')}"
    if is_partial(request):
        return Response(status_code=204, headers={"HX-Redirect": to if is_family else door})
    return RedirectResponse(to, status_code=303)
