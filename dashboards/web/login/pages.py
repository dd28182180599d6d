"""Logging in and out, the language of a reader, large type."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from core import accounts
from core.errors import Problem, TooMany, Unauthorized
from dashboards import i18n, words
from dashboards.auth import COOKIE, person_of, set_cookie, token_of
from dashboards.problems import wish
from dashboards.web.menus import HOMES
from dashboards.web.pages import LARGE
from dashboards.web.render import answer

router = APIRouter(include_in_schema=False)
YEAR = 365 * 24 * 3600
Text = Annotated[str, Form(max_length=200)]


@router.get("/")
async def start(request: Request) -> Response:
    """Send everybody to their own face."""
    person = await person_of(request)
    return RedirectResponse(HOMES[person.role] if person else "/login", status_code=303)


@router.get("/login")
async def ask(request: Request, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """Ask who it is."""
    return _form(request, inside(next), "", None)


@router.post("/login")
async def log_in(
    request: Request,
    login: Text = "",
    password: Text = "",
    next: Text = "/",  # noqa: A002 - as above
) -> Response:
    """Open a session, and land where the role works."""
    state = request.app.state
    address = request.client.host if request.client else "unknown"
    try:
        token, person = await accounts.login(
            state.pool, login.strip(), password, address, state.clock(), state.settings
        )
    except (Unauthorized, TooMany) as problem:
        return _form(request, inside(next), login, problem)
    wanted = inside(next)
    home = HOMES[person.role]
    response = RedirectResponse(home if wanted == "/" else wanted, status_code=303)
    set_cookie(response, token, state.settings)
    return response


@router.post("/logout")
async def log_out(request: Request, next: Text = "/login") -> Response:  # noqa: A002 - as above
    """End the session; a relative lands at the door that they came in by."""
    token = token_of(request)
    if token:
        await accounts.logout(request.app.state.pool, token, request.app.state.clock())
    response = RedirectResponse(inside(next), status_code=303)
    response.delete_cookie(COOKIE)
    return response


@router.post("/language")
async def speak(request: Request, language: Text = "", next: Text = "/") -> Response:  # noqa: A002 - as above
    """Remember the language in the browser, and with the account when there is one."""
    chosen = i18n.known(language) or i18n.DEFAULT
    person = await person_of(request)
    if person:
        async with request.app.state.pool.transaction(person.district_id) as conn:
            await accounts.set_language(conn, person.account_id, chosen)
    response = RedirectResponse(inside(next), status_code=303)
    response.set_cookie("yl_language", chosen, max_age=YEAR, samesite="lax", httponly=True)
    return response


@router.post("/type")
async def enlarge(large: Text = "", next: Text = "/") -> Response:  # noqa: A002 - as above
    """Remember whether the reader wants large type."""
    response = RedirectResponse(inside(next), status_code=303)
    response.set_cookie(LARGE, "1" if large == "1" else "0", max_age=YEAR, samesite="lax", httponly=True)
    return response


def inside(path: str) -> str:
    """Return an address of this site, never of another."""
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if safe and "\\" not in path else "/"


def _form(request: Request, next_: str, login: str, problem: Problem | None) -> Response:
    language = wish(request, None)
    wrong = words.problem(language, problem.code, problem.detail, problem.extra) if problem else ""
    shown = answer(
        language,
        "login/login.html",
        status=problem.status if problem else 200,
        person=None,
        path=f"/login?next={next_}" if next_ != "/" else "/login",
        next=next_,
        login=login,
        wrong=wrong,
        now=request.app.state.clock(),
    )
    if isinstance(problem, TooMany):
        shown.headers["Retry-After"] = str(problem.retry_after)
    return shown
