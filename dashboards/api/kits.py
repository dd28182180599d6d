"""Kits: boxes of devices; who holds the claim code puts one at a bed."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from dashboards import audited, claim_codes, visible
from dashboards.api.shapes import Given, Line, Page, Paged, Shape
from dashboards.auth import Guarded, Scope, allow
from devices import kits

router = APIRouter(prefix="/api/v1/kits", tags=["kits"], route_class=Guarded)
Installer = Annotated[Scope, allow("installer", "admin")]


class Kit(Shape):
    """One box."""

    id: UUID
    serial: str
    care_bed_id: UUID | None
    care_bed_label: str | None
    created_at: datetime
    bound_at: datetime | None
    devices: int


class Claim(Given):
    """What is printed on the box, and the bed."""

    serial: Line
    claim_code: Line
    care_bed_id: UUID


class Bound(Shape):
    """The kit, and its devices that are at the bed now."""

    kit_id: UUID
    device_ids: list[UUID]


@router.get("")
async def list_(scope: Installer, paged: Paged) -> Page[Kit]:
    """List the district's kits, the newest first."""
    return paged.page(await kits.list_(scope.conn, paged.after, paged.ask), Kit)


@router.post("/bind")
async def bind(given: Claim, scope: Installer) -> Bound:
    """Put a kit with all its devices at a bed; doing so again changes nothing."""
    await visible.check(scope, "care_bed", given.care_bed_id)
    return await put(scope, given.serial, given.claim_code, given.care_bed_id)


async def put(scope: Scope, serial: str, code: str, care_bed: UUID) -> Bound:
    """Bind a kit, on record."""
    who = scope.person.account_id
    kit = await claim_codes.claim(scope, serial, code)
    await kits.bind(scope.conn, kit, care_bed, who, scope.now)
    await audited.note(scope, "kit.bind", "kit", kit["id"], {"care_bed_id": str(care_bed)})
    devices = await kits.devices(scope.conn, kit["id"])
    return Bound(kit_id=kit["id"], device_ids=[row["id"] for row in devices])
