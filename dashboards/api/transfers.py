"""Cases given to a colleague or taken over; who looks at a case; the next step of its escalation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from core.db import Row
from dashboards import visible
from dashboards.api.shapes import CENTRE, Code, Given, Note, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from dispatch import cases
from dispatch.seats import stepping, transfers, watching

router = APIRouter(prefix="/api/v1", tags=["cases"], route_class=Guarded)
Centre = Annotated[Scope, allow(*CENTRE)]


class Offer(Given):
    """To whom a case is offered (null: whichever duty manager is first), why, and a sentence."""

    to_account_id: UUID | None = None
    reason: Code
    note: Note | None = None
    kind: str = Field(default="transfer", pattern="^(transfer|hand_over)$")


class Offered(Shape):
    """An offer that stands."""

    id: UUID
    case_id: UUID
    kind: str
    reason: str
    note: str | None
    from_name: str
    offered_at: datetime
    answer_by: datetime


class Made(Shape):
    """The transfer that was made."""

    transfer_id: UUID


class Watcher(Shape):
    """Somebody who looks at the case now."""

    id: UUID
    name: str
    role: str


class Owned(Shape):
    """A case and who has it now."""

    case_id: UUID
    state: str
    claimed_by: UUID | None
    claimed_by_name: str | None


class Offers(Shape):
    """What is offered to whoever asks, gravest first."""

    items: list[Offered]


class Watchers(Shape):
    """Everybody who looks at a case."""

    items: list[Watcher]


def _shapes(rows: Sequence[Row]) -> list[Offered]:
    return [shape_of(Offered, row) for row in rows]


async def _owned(scope: Scope, case_id: UUID) -> Owned:
    return shape_of(Owned, {"case_id": case_id, **await cases.find(scope.conn, case_id)})


@router.get("/transfers")
async def list_(scope: Centre) -> Offers:
    """List what is offered to oneself."""
    return Offers(items=_shapes(await transfers.offered_to(scope.conn, scope.person)))


@router.post("/cases/{case_id}/transfer")
async def offer(case_id: UUID, given: Offer, scope: Centre) -> Made:
    """Offer a case; it stays where it is until it is accepted."""
    await visible.check(scope, "account", given.to_account_id)
    whom = (given.to_account_id, given.reason, given.note, given.kind)
    found = await transfers.offer(scope.conn, case_id, scope.person, scope.now, *whom)
    return Made(transfer_id=found)


@router.post("/cases/{case_id}/take-over")
async def take_over(case_id: UUID, scope: Centre) -> Owned:
    """Take a case from who has left; a duty manager from anybody."""
    await transfers.take_over(scope.conn, case_id, scope.person, scope.now)
    return await _owned(scope, case_id)


@router.post("/cases/{case_id}/next-step")
async def next_step(case_id: UUID, scope: Centre) -> Owned:
    """Do the next step of the escalation now."""
    await stepping.now_(scope.conn, case_id, scope.person, scope.now)
    return await _owned(scope, case_id)


@router.get("/cases/{case_id}/watchers")
async def watchers(case_id: UUID, scope: Centre) -> Watchers:
    """Say who looks at a case."""
    await cases.find(scope.conn, case_id)
    rows = await watching.watchers(scope.conn, case_id, scope.now)
    return Watchers(items=[shape_of(Watcher, row) for row in rows])


@router.post("/transfers/{transfer_id}/accept")
async def accept(transfer_id: UUID, scope: Centre) -> Owned:
    """Take what is offered to oneself."""
    case = await transfers.accept(scope.conn, transfer_id, scope.person, scope.now)
    return await _owned(scope, case)


@router.post("/transfers/{transfer_id}/decline")
async def decline(transfer_id: UUID, scope: Centre) -> Owned:
    """Say no."""
    case = await transfers.decline(scope.conn, transfer_id, scope.person, scope.now)
    return await _owned(scope, case)


@router.post("/transfers/{transfer_id}/withdraw")
async def withdraw(transfer_id: UUID, scope: Centre) -> Owned:
    """Take one's own offer back."""
    case = await transfers.withdraw(scope.conn, transfer_id, scope.person, scope.now)
    return await _owned(scope, case)
