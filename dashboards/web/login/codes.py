"""Logging in by a code to the phone: the number, six digits, and whose account if the phone has several."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from core.accounts import Person
from core.db import Row
from core.errors import Invalid, Problem, TooMany, Unauthorized
from core.ids import parse_id
from dashboards import coming_in, words
from dashboards.auth import set_cookie
from dashboards.coming_in import TICKET, door_of
from dashboards.problems import wish
from dashboards.web.login.pages import inside
from dashboards.web.menus import HOMES
from dashboards.web.render import answer

router = APIRouter(prefix="/login/code", include_in_schema=False)
MINUTES = 10
LONGEST = 200


async def field(request: Request, name: str) -> str:
    """Return a field of the form, without what nobody types."""
    sent = await request.form()
    return str(sent.get(name, "")).replace("\0", "").strip()[:LONGEST]


def show(
    request: Request,
    template: str,
    problem: Problem | None = None,
    **context: Any,  # noqa: ANN401 - whatever the template needs
) -> Response:
    """Answer with a page for somebody who is nobody yet, and say what went wrong."""
    language, at = wish(request, None), request.app.state.clock()
    shown = answer(
        language,
        template,
        status=problem.status if problem else 200,
        person=None,
        path=request.url.path,
        now=at,
        wrong=_said(language, problem),
        **context,
    )
    if isinstance(problem, TooMany):
        shown.headers["Retry-After"] = str(problem.retry_after)
    return shown


def _said(language: str, problem: Problem | None) -> str:
    if isinstance(problem, Invalid):
        errors: Any = problem.extra["errors"]
        return " ".join(words.sentences(language, "fields", errors))
    return words.problem(language, problem.code, problem.detail, problem.extra) if problem else ""


def keep(response: Response, request: Request, name: str, ticket: str, minutes: int) -> None:
    """Let this browser, and no script in it, hold a ticket for some minutes."""
    is_secure = (request.app.state.settings.public_url or "").startswith("https:")
    kept: dict[str, Any] = {"httponly": True, "samesite": "lax", "secure": is_secure}
    response.set_cookie(name, ticket, max_age=minutes * 60, **kept)


def logged_in(request: Request, token: str, person: Person, to: str) -> Response:
    """Land where the role works, with the session's cookie for as long as the session."""
    response = RedirectResponse(HOMES[person.role] if to == "/" else to, status_code=303)
    settings = request.app.state.settings
    set_cookie(response, token, settings, hours=settings.family_session_days * 24)
    response.delete_cookie(TICKET)
    return response


@router.get("")
async def ask(request: Request, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """Ask for the number."""
    return show(request, "login/code.html", phone="", next=inside(next))


@router.post("")
async def send(request: Request) -> Response:
    """Have a code sent, if the number is known here; which it is, is not said."""
    phone, to = await field(request, "phone"), inside(await field(request, "next"))
    try:
        ticket = await coming_in.ask(door_of(request), phone, wish(request, None))
    except (Invalid, TooMany) as problem:
        return show(request, "login/code.html", problem, phone=phone, next=to)
    response = RedirectResponse(f"/login/code/enter?next={quote(to)}", status_code=303)
    keep(response, request, TICKET, ticket, MINUTES)
    return response


@router.get("/enter")
async def digits(request: Request, next: str = "/") -> Response:  # noqa: A002 - as above
    """Ask for the six digits."""
    return show(request, "login/enter.html", next=inside(next))


@router.post("/enter")
async def enter(request: Request) -> Response:
    """Log in when the digits fit; of several accounts ask which."""
    code, to = await field(request, "code"), inside(await field(request, "next"))
    try:
        found = await coming_in.enter(door_of(request), request.cookies.get(TICKET, ""), code, None)
    except (Unauthorized, TooMany) as problem:
        return show(request, "login/enter.html", problem, next=to)
    if isinstance(found, list):
        return _choose(request, found, to)
    return logged_in(request, *found, to)


@router.post("/choose")
async def choose(request: Request) -> Response:
    """Log in with one of the phone's accounts."""
    account: UUID | None = parse_id(await field(request, "account"))
    to, ticket = inside(await field(request, "next")), request.cookies.get(TICKET, "")
    try:
        found = await coming_in.enter(door_of(request), ticket, None, account)
    except (Unauthorized, TooMany) as problem:
        return show(request, "login/enter.html", problem, next=to)
    return _choose(request, found, to) if isinstance(found, list) else logged_in(request, *found, to)


def _choose(request: Request, found: list[Row], to: str) -> Response:
    return show(request, "login/choose.html", accounts=found, next=to)
