"""Sessions: logging in gives a bearer token, and the same as a cookie for browsers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import AfterValidator, StringConstraints

from core import accounts, login_codes
from core.accounts import Person
from core.errors import Unauthorized
from dashboards import audited, coming_in
from dashboards.api.shapes import EVERYBODY, Given, Line, Shape, plain, shape_of
from dashboards.auth import COOKIE, Guarded, Scope, allow, person_of, set_cookie, token_of
from dashboards.coming_in import door_of
from dashboards.problems import wish

router = APIRouter(prefix="/api/v1/session", tags=["session"])
own = APIRouter(prefix="/api/v1/session", tags=["session"], route_class=Guarded)
Password = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(plain)]


class Login(Given):
    """Who wants in."""

    login: Line
    password: Password


class Me(Shape):
    """Who is logged in."""

    account_id: UUID
    role: str
    name: str
    language: str
    district: str
    district_id: UUID
    district_name: str
    caregiver_id: UUID | None
    provider_id: UUID | None
    family_member_id: UUID | None
    expires_at: datetime


class Session(Me):
    """A fresh session."""

    token: str


class Number(Given):
    """To which phone the code shall go."""

    phone: Line


class Ticket(Shape):
    """What binds the code to who asked; it says nothing of whether the number is known."""

    ticket: str
    expires_at: datetime


class Proof(Given):
    """The ticket with the code of the message, or with one of the accounts that were offered."""

    ticket: Line
    code: Line | None = None
    account_id: UUID | None = None


class Choice(Shape):
    """One of the accounts of a phone."""

    account_id: UUID
    name: str
    district_name: str


class Entered(Shape):
    """A session, or the accounts to choose from."""

    session: Session | None
    choices: list[Choice]


class Device(Shape):
    """One live session: `agent` is browser/system in codes, empty when a password opened it."""

    created_at: datetime
    expires_at: datetime
    agent: str
    is_this: bool


def _me(person: Person) -> dict[str, object]:
    fields = {name: getattr(person, name) for name in Me.model_fields if name != "district"}
    return {**fields, "district": person.district_code}


@router.post("")
async def login(given: Login, request: Request, response: Response) -> Session:
    """Log in; 401 when login or password is wrong, 429 with Retry-After after many failures."""
    state = request.app.state
    address = request.client.host if request.client else "unknown"
    token, person = await accounts.login(
        state.pool, given.login, given.password, address, state.clock(), state.settings
    )
    request.state.person = person
    set_cookie(response, token, state.settings)
    return Session.model_validate({**_me(person), "token": token})


@router.post("/code", status_code=202)
async def ask_code(given: Number, request: Request) -> Ticket:
    """Ask for a code to a relative's phone; the answer is the same for a number that nobody has.

    429 with Retry-After by number, by address, and by the district's budget of messages.
    """
    ticket = await coming_in.ask(door_of(request), given.phone, wish(request, None))
    return Ticket(ticket=ticket, expires_at=request.app.state.clock() + login_codes.LASTS)


@router.post("/code/confirm")
async def confirm_code(given: Proof, request: Request, response: Response) -> Entered:
    """Log in by the code (or, its code having fitted, by one of the accounts); 401 when it is wrong.

    A phone with several accounts gets `choices` and no token; ask again with `account_id`, without the code.
    """
    found = await coming_in.enter(door_of(request), given.ticket, given.code, given.account_id)
    if isinstance(found, list):
        return Entered(session=None, choices=[shape_of(Choice, row) for row in found])
    token, person = found
    request.state.person = person
    settings = request.app.state.settings
    set_cookie(response, token, settings, hours=settings.family_session_days * 24)
    return Entered(session=Session.model_validate({**_me(person), "token": token}), choices=[])


@router.delete("", status_code=204)
async def logout(request: Request, response: Response) -> None:
    """Log out; the session's event streams end too."""
    token, state = token_of(request), request.app.state
    if token is None or await person_of(request) is None:
        raise Unauthorized("nobody is logged in")
    await accounts.logout(state.pool, token, state.clock())
    response.delete_cookie(COOKIE)


@own.get("/devices")
async def list_devices(request: Request, scope: Annotated[Scope, allow(*EVERYBODY)]) -> list[Device]:
    """List where the account is logged in, newest first."""
    rows = await accounts.sessions(scope.conn, scope.person.account_id, token_of(request) or "", scope.now)
    return [shape_of(Device, row) for row in rows]


@own.post("/devices/log-out", status_code=204)
async def log_out_others(request: Request, scope: Annotated[Scope, allow(*EVERYBODY)]) -> None:
    """End every other session of the account; their event streams end too."""
    token, account = token_of(request) or "", scope.person.account_id
    await accounts.log_out_others(scope.conn, account, token, scope.now)
    await audited.note(scope, "log_out_others", "account", account)


@own.get("")
async def find(scope: Annotated[Scope, allow(*EVERYBODY)]) -> Me:
    """Say who is logged in."""
    return Me.model_validate(_me(scope.person))
