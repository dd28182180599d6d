"""Caregivers: who makes the visits, what they may do and until when."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from core.db import Row
from core.errors import NotFound
from core.people import mask_phone
from dashboards import audited, employed, visible
from dashboards.api.shapes import (
    STAFF,
    Code,
    Day,
    Given,
    Latitude,
    Line,
    Longitude,
    Page,
    Paged,
    Shape,
    shape_of,
)
from dashboards.auth import Guarded, Scope, allow
from dashboards.employed import MANAGERS
from dispatch import caregivers
from dispatch.roster import parting

router = APIRouter(prefix="/api/v1/caregivers", tags=["caregivers"], route_class=Guarded)
Readers = Annotated[Scope, allow(*STAFF, "provider_manager", "caregiver")]
Manager = Annotated[Scope, allow(*MANAGERS)]
Codes = Annotated[list[Code], Field(max_length=30)]


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
    vehicle: str
    speed_kmh: float
    staff_number: str | None
    working_time: dict[str, float]
    lat: float
    lon: float
    last_lat: float | None
    last_lon: float | None
    last_at: datetime | None
    ended_at: datetime | None


class Limits(Given):
    """A caregiver's own limits of working time, instead of the district's."""

    day_hours: Annotated[float, Field(ge=0, le=24)] | None = None
    week_hours: Annotated[float, Field(ge=0, le=168)] | None = None
    rest_hours: Annotated[float, Field(ge=0, le=48)] | None = None
    days_in_a_row: Annotated[int, Field(ge=0, le=31)] | None = None


class Facts(Given):
    """What may be told, or changed, of a caregiver; what is not named stays."""

    name: Line | None = None
    gender: Literal["female", "male"] | None = None
    phone: Line | None = None
    skills: Codes | None = None
    languages: Codes | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    vehicle: Literal["walk", "ebike", "motorbike", "car"] | None = None
    speed_kmh: Annotated[float, Field(gt=0, le=120)] | None = None
    staff_number: Line | None = None
    working_time: Limits | None = None

    def told(self) -> dict[str, Any]:
        """Return what was named."""
        given = self.model_dump(exclude_none=True)
        if self.working_time is not None:
            given["working_time"] = self.working_time.model_dump(exclude_none=True)
        return given


class NewCaregiver(Facts):
    """Somebody new."""

    provider_id: UUID
    name: Line
    gender: Literal["female", "male"]
    skills: Codes
    lat: Latitude
    lon: Longitude


class NewCertificate(Given):
    """A certificate: from now on the skill may be used only while one is in force."""

    skill: Code
    name: Line
    valid_from: Day
    valid_to: Day


class Confirmed(Given):
    """The visits that then have nobody have been seen."""

    is_confirmed: bool = False


class Made(Shape):
    """What was made."""

    id: UUID


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


@router.post("", status_code=201)
async def create(given: NewCaregiver, scope: Manager) -> Made:
    """Hire somebody."""
    await employed.provider(scope, given.provider_id)
    told = given.told()
    provider, district = told.pop("provider_id"), scope.person.district_id
    told = {"phone": None, **told}
    identity = await caregivers.create(
        scope.conn, scope.keys, district=district, provider=provider, now=scope.now, **told
    )
    about: dict[str, object] = {"provider_id": str(provider)}
    await audited.note(scope, "caregiver.create", "caregiver", identity, about)
    return Made(id=identity)


@router.post("/{caregiver_id}/update")
async def update(caregiver_id: UUID, given: Facts, scope: Manager) -> Caregiver:
    """Change what is named of a caregiver."""
    await employed.caregiver(scope, caregiver_id)
    told = given.told()
    await caregivers.update(scope.conn, scope.keys, caregiver_id, **told)
    about: dict[str, object] = {"fields": sorted(told)}
    await audited.note(scope, "caregiver.update", "caregiver", caregiver_id, about)
    return shape_of(Caregiver, _shown(scope, await caregivers.find(scope.conn, caregiver_id)))


@router.post("/{caregiver_id}/end", status_code=204)
async def end(caregiver_id: UUID, scope: Manager, given: Confirmed | None = None) -> None:
    """Note that somebody left; 409 `visits_lost` lists the visits that then have nobody."""
    await employed.caregiver(scope, caregiver_id)
    confirmed = given is not None and given.is_confirmed
    await parting.leave(scope.conn, caregiver_id, scope.now, is_confirmed=confirmed)
    await audited.note(scope, "caregiver.end", "caregiver", caregiver_id)


@router.post("/{caregiver_id}/certificates", status_code=201)
async def certify(caregiver_id: UUID, given: NewCertificate, scope: Manager) -> Made:
    """Record a certificate."""
    row = await employed.caregiver(scope, caregiver_id)
    whose = {"district": row["district_id"], "caregiver": caregiver_id}
    identity = await caregivers.certify(scope.conn, **whose, **given.model_dump())
    about: dict[str, object] = {"skill": given.skill}
    await audited.note(scope, "caregiver.certify", "caregiver", caregiver_id, about)
    return Made(id=identity)


@router.get("/{caregiver_id}")
async def find(caregiver_id: UUID, scope: Readers) -> Caregiver:
    """Show one caregiver."""
    return shape_of(Caregiver, _shown(scope, await employed.caregiver(scope, caregiver_id)))


@router.get("/{caregiver_id}/certificates")
async def certificates(caregiver_id: UUID, scope: Readers) -> list[Certificate]:
    """List a caregiver's certificates, the one that ends first at the top."""
    await employed.caregiver(scope, caregiver_id)
    return [shape_of(Certificate, row) for row in await caregivers.certificates(scope.conn, caregiver_id)]


def _shown(scope: Scope, row: Row) -> dict[str, Any]:
    sealed = row["phone_sealed"]
    phone = mask_phone(scope.keys.open(scope.person.district_id, sealed)) if sealed else None
    return {**row, "phone": phone}
