"""Consents of elders: who gave what, how and when; given and withdrawn by a clerk for whoever says so."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter

from core import consents
from core.consents import Subject
from core.errors import NotFound
from dashboards import relatives, visible
from dashboards.api.shapes import STAFF, Code, Day, Given, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from dashboards.relatives import Word

router = APIRouter(prefix="/api/v1/consents", tags=["consents"], route_class=Guarded)
Readers = Annotated[Scope, allow(*STAFF, "family")]
Writers = Annotated[Scope, allow("clerk", "admin")]


class Consent(Shape):
    """One consent; withdrawn ones stay."""

    id: UUID
    item: str
    given_as: str
    how: str
    given_at: datetime
    recorded_at: datetime
    withdrawn_at: datetime | None
    withdrawn_as: str | None
    withdrawn_how: str | None
    reason: str | None


class Consents(Shape):
    """An elder's consents: those in force first."""

    elder_id: UUID
    in_force: list[str]
    items: list[Consent]


class Said(Given):
    """Whose word it is, how it was given, on which local day."""

    given_as: Literal["elder", "guardian"] = "elder"
    how: Literal["paper", "voice", "in_person"]
    on: Day


class NewConsents(Said):
    """What an elder consents to."""

    elder_id: UUID
    items: list[Code]


class Back(Given):
    """How a consent is taken back, by whom and why."""

    withdrawn_as: Literal["elder", "guardian", "office"] = "elder"
    how: Literal["paper", "voice", "in_person"]
    on: Day
    reason: Code


@router.get("")
async def list_(scope: Readers, elder_id: UUID) -> Consents:
    """List an elder's consents; a relative sees those of the own elder."""
    await visible.check_elder(scope, elder_id)
    return await _all(scope, elder_id)


@router.post("")
async def give(given: NewConsents, scope: Writers) -> Consents:
    """Record what an elder, or the guardian on record, consents to; what is in force stays as it is."""
    await visible.check_elder(scope, given.elder_id)
    await relatives.give(scope, given.elder_id, given.items, Word(given.given_as, given.how, given.on))
    return await _all(scope, given.elder_id)


@router.post("/{consent_id}/withdraw")
async def withdraw(consent_id: UUID, given: Back, scope: Writers) -> Consents:
    """Take a consent back, at once; 409 when it was before."""
    row = await consents.find(scope.conn, consent_id)
    if row["elder_id"] is None:  # a relative's for the own phone: nobody takes it back for them
        raise NotFound(f"no consent {consent_id}")
    word = Word(given.withdrawn_as, given.how, given.on)
    await relatives.withdraw(scope, row["elder_id"], consent_id, word, given.reason)
    return await _all(scope, row["elder_id"])


async def _all(scope: Scope, elder: UUID) -> Consents:
    rows = await consents.history(scope.conn, Subject(elder))
    in_force = [row["item"] for row in rows if row["withdrawn_at"] is None]
    return Consents(elder_id=elder, in_force=in_force, items=[shape_of(Consent, row) for row in rows])
