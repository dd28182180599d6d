"""Accounts of the district, for its administrator."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AfterValidator, StringConstraints

from core import accounts
from core.errors import Conflict
from dashboards import audited, visible
from dashboards.api.shapes import MOST, Given, Line, Page, Shape, plain, shape_of
from dashboards.auth import Guarded, Scope, allow

router = APIRouter(prefix="/api/v1/accounts", tags=["accounts"], route_class=Guarded)
Admin = Annotated[Scope, allow("admin")]


class Account(Shape):
    """Somebody who may log in."""

    id: UUID
    login: str
    role: str
    name: str
    language: str
    caregiver_id: UUID | None
    provider_id: UUID | None
    family_member_id: UUID | None
    created_at: datetime
    disabled_at: datetime | None


class NewAccount(Given):
    """Somebody new."""

    login: Line
    password: Annotated[str, StringConstraints(min_length=10, max_length=500), AfterValidator(plain)]
    role: Literal[accounts.ROLES]  # type: ignore[valid-type]
    name: Line
    caregiver_id: UUID | None = None
    provider_id: UUID | None = None


class Made(Shape):
    """What was made."""

    id: UUID


@router.get("")
async def list_(
    scope: Admin,
    after: Annotated[str | None, Query(max_length=200, description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> Page[Account]:
    """List accounts in the order of their logins."""
    rows = await accounts.list_(scope.conn, after, limit + 1)
    shown = [shape_of(Account, row) for row in rows[:limit]]
    return Page(items=shown, next=shown[-1].login if len(rows) > limit else None)


@router.post("", status_code=201)
async def create(given: NewAccount, scope: Admin) -> Made:
    """Make an account."""
    await visible.check(scope, "caregiver", given.caregiver_id)
    await visible.check(scope, "provider", given.provider_id)
    identity = await accounts.create(
        scope.conn,
        district=scope.person.district_id,
        login=given.login,
        password=given.password,
        role=given.role,
        name=given.name,
        now=scope.now,
        caregiver=given.caregiver_id,
        provider=given.provider_id,
    )
    await audited.note(scope, "account.create", "account", identity, {"role": given.role})
    return Made(id=identity)


@router.post("/{account_id}/disable", status_code=204)
async def disable(account_id: UUID, scope: Admin) -> None:
    """Disable an account; its sessions end at once."""
    await visible.check(scope, "account", account_id)
    if account_id == scope.person.account_id:
        raise Conflict("you cannot disable your own account", code="own_account")
    await accounts.disable(scope.conn, account_id, scope.now)
    await audited.note(scope, "account.disable", "account", account_id)
