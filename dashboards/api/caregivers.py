"""Caregivers: who makes the visits, what they may do and until when."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from core.db import Row
from core.errors import NotFound
from core.people import mask_phone
from dashboards import visible
from dashboards.api.shapes import STAFF, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from dispatch import caregivers

router = APIRouter(prefix="/api/v1/caregivers", tags=["caregivers"], route_class=Guarded)
Readers = Annotated[Scope, allow(*STAFF, "provider_manager", "caregiver")]


class Caregiver(Shape):
    """One caregiver, with the last known position."""

    id: UUID
    provider_id: UUID
    provider_name: str
    name: str
    gender: str
    phone: str | None
    skills: list[str]
    languages: list[str]
    lat: float
    lon: float
    last_lat: float | None
    last_lon: float | None
    last_at: datetime | None
    ended_at: datetime | None


class Certificate(Shape):
    """One certificate."""

    id: UUID
    skill: str
    name: str
    valid_from: date
    valid_to: date


@router.get("")
async def list_(scope: Readers, paged: Paged, provider_id: UUID | None = None) -> Page[Caregiver]:
    """List caregivers; a manager sees the own provider's, a caregiver only itself."""
    person = scope.person
    await visible.check(scope, "provider", provider_id)
    if person.role == "caregiver":
        mine = person.caregiver_id
        return paged.page([_shown(scope, await caregivers.find(scope.conn, mine))] if mine else [], Caregiver)
    if person.role == "provider_manager":
        if provider_id not in {None, person.provider_id} or person.provider_id is None:
            raise NotFound(f"no provider {provider_id}")
        provider_id = person.provider_id
    rows = await caregivers.list_(scope.conn, provider_id=provider_id, after=paged.after, limit=paged.ask)
    return paged.page([_shown(scope, row) for row in rows], Caregiver)


@router.get("/{caregiver_id}")
async def find(caregiver_id: UUID, scope: Readers) -> Caregiver:
    """Show one caregiver."""
    return shape_of(Caregiver, _shown(scope, await _seen(scope, caregiver_id)))


@router.get("/{caregiver_id}/certificates")
async def certificates(caregiver_id: UUID, scope: Readers) -> list[Certificate]:
    """List a caregiver's certificates, the one that ends first at the top."""
    await _seen(scope, caregiver_id)
    return [shape_of(Certificate, row) for row in await caregivers.certificates(scope.conn, caregiver_id)]


async def _seen(scope: Scope, caregiver_id: UUID) -> Row:
    row, person = await caregivers.find(scope.conn, caregiver_id), scope.person
    foreign = person.role == "caregiver" and person.caregiver_id != caregiver_id
    if foreign or (person.role == "provider_manager" and row["provider_id"] != person.provider_id):
        raise NotFound(f"no caregiver {caregiver_id}")
    return row


def _shown(scope: Scope, row: Row) -> dict[str, Any]:
    sealed = row["phone_sealed"]
    phone = mask_phone(scope.keys.open(scope.person.district_id, sealed)) if sealed else None
    return {**row, "phone": phone}
