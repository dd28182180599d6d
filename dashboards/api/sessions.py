"""Sessions: logging in gives a bearer token, and the same as a cookie for browsers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import AfterValidator, StringConstraints

from core import accounts
from core.accounts import Person
from core.errors import Unauthorized
from dashboards.api.shapes import EVERYBODY, Given, Line, Shape, plain
from dashboards.auth import COOKIE, Guarded, Scope, allow, person_of, set_cookie, token_of

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


@router.delete("", status_code=204)
async def logout(request: Request, response: Response) -> None:
    """Log out; the session's event streams end too."""
    token, state = token_of(request), request.app.state
    if token is None or await person_of(request) is None:
        raise Unauthorized("nobody is logged in")
    await accounts.logout(state.pool, token, state.clock())
    response.delete_cookie(COOKIE)


@own.get("")
async def find(scope: Annotated[Scope, allow(*EVERYBODY)]) -> Me:
    """Say who is logged in."""
    return Me.model_validate(_me(scope.person))
