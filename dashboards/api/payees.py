"""The account into which a person's allowances are paid: masked; revealed on record."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from core.errors import NotFound
from dashboards import visible
from dashboards.api.shapes import OFFICE, Code, Given, Line, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from services.allowances import payees
from services.allowances.payees import NewPayee

router = APIRouter(prefix="/api/v1/elders", tags=["allowances"], route_class=Guarded)
Readers = Annotated[Scope, allow(*OFFICE)]
Clerk = Annotated[Scope, allow("clerk")]


class New(Given):
    """Whose account: self, guardian, family, institution; `number` as on the card."""

    holder: Line
    relation: Code = "self"
    bank: Line
    number: Line


class Payee(Shape):
    """The account that is used; of its number the last four digits."""

    id: UUID
    elder_id: UUID
    holder: str
    relation: str
    bank: str
    account_tail: str
    recorded_at: datetime


class Clear(BaseModel):
    """The number in clear."""

    number: str


@router.get("/{elder_id}/payee")
async def find(elder_id: UUID, scope: Readers) -> Payee:
    """Show the account, masked."""
    await visible.check_elder(scope, elder_id)
    row = await payees.find(scope.conn, elder_id)
    if row is None:
        raise NotFound(f"elder {elder_id} has no account for payments")
    return shape_of(Payee, row)


@router.post("/{elder_id}/payee", status_code=201)
async def record(elder_id: UUID, given: New, scope: Clerk) -> Payee:
    """Record the account from now on."""
    new = NewPayee(given.holder, given.relation, given.bank, given.number)
    await payees.record(scope.conn, scope.keys, elder_id, new, scope.person, scope.now)
    return await find(elder_id, scope)


@router.post("/{elder_id}/payee/reveal")
async def reveal(elder_id: UUID, scope: Clerk) -> Clear:
    """Reveal the number, on record."""
    await visible.check_elder(scope, elder_id)
    return Clear(number=await payees.reveal(scope.conn, scope.keys, elder_id, scope.person, scope.now))
