"""Elders: what is personal is masked; seeing it in clear is an act of its own, on record."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from core import people, rights
from core.clock import local_date
from core.db import Row
from core.sql import load
from dashboards import visible
from dashboards.api.shapes import CENTRE, STAFF, Code, Given, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow

SQL = load(__file__)
router = APIRouter(prefix="/api/v1/elders", tags=["elders"], route_class=Guarded)
Readers = Annotated[Scope, allow(*STAFF, "family", "assessor", "installer")]


class Elder(Shape):
    """One person cared for."""

    id: UUID
    name: str
    gender: str
    born_on: date
    age: int
    languages: list[str]
    lives_alone: bool
    category: str
    conditions: list[dict[str, Any]]
    region: str | None
    lat: float | None
    lon: float | None
    grade: str | None
    phone: str | None
    died_on: date | None


class ElderInFull(Elder):
    """One person, with what only the detail shows."""

    id_number: str | None
    address: str
    care_bed_ids: list[UUID]


class Reveal(Given):
    """What to see in clear: id_number, phone, address or access."""

    field: Code


class Revealed(Shape):
    """One value in clear."""

    field: str
    value: str


class Contact(Shape):
    """Somebody of the family, in the order of calling."""

    id: UUID
    name: str
    relation: str
    priority: int
    phone: str | None


@router.get("")
async def list_(scope: Readers, paged: Paged) -> Page[Elder]:
    """List the elders whom the person may see."""
    if scope.person.role == "family":
        own = await visible.own(scope)
        rows = [row for row in own if paged.after is None or row["id"] > paged.after]
    else:
        rows = await people.list_elders(scope.conn, after=paged.after, limit=paged.ask)
    grades = await _grades(scope, [row["id"] for row in rows])
    return paged.page([_shown(scope, row, grades) for row in rows], Elder)


@router.get("/{elder_id}")
async def find(elder_id: UUID, scope: Readers) -> ElderInFull:
    """Show one elder."""
    await visible.check_elder(scope, elder_id)
    row = await people.find_elder(scope.conn, elder_id)
    row = {**row, "sharing": await visible.sharing(scope, elder_id)}
    shown = _shown(scope, row, await _grades(scope, [elder_id]))
    clear, district = scope.keys.open, scope.person.district_id
    beds = await scope.conn.fetch(SQL.list_beds, elder_id)
    shown["id_number"] = people.mask_id_number(clear(district, row["id_number_sealed"]))
    shown["address"] = people.mask_address(clear(district, row["address_sealed"]))
    shown["care_bed_ids"] = [bed["id"] for bed in beds]
    return shape_of(ElderInFull, shown)


@router.get("/{elder_id}/contacts")
async def contacts(elder_id: UUID, scope: Annotated[Scope, allow(*CENTRE)]) -> list[Contact]:
    """List whom to call, in order."""
    await visible.check_elder(scope, elder_id)
    rows = await people.contacts(scope.conn, elder_id)
    return [shape_of(Contact, {**row, "phone": _phone(scope, row)}) for row in rows]


@router.post("/{elder_id}/reveal")
async def reveal(
    elder_id: UUID, given: Reveal, scope: Annotated[Scope, allow("operator", "duty_manager", "installer")]
) -> Revealed:
    """Show one sealed value in clear; the audit log keeps who saw it."""
    value = await people.reveal(scope.conn, scope.keys, scope.person, elder_id, given.field, scope.now)
    return Revealed(field=given.field, value=value)


def _phone(scope: Scope, row: Row) -> str | None:
    sealed = row["phone_sealed"]
    return people.mask_phone(scope.keys.open(scope.person.district_id, sealed)) if sealed else None


def _shown(scope: Scope, row: Row, grades: dict[UUID, str]) -> dict[str, Any]:
    """Show a person; to a relative where they live and what they suffer from only as far as it is shared."""
    today, sharing = local_date(scope.now), row.get("sharing", rights.RIGHTS)
    is_placed, is_open = "location" in sharing, "vitals" in sharing
    return {
        **row,
        "age": people.age_on(row["born_on"], today),
        "region": row["region_name"],
        "grade": grades.get(row["id"]) if is_open or "bills" in sharing else None,
        "conditions": row["conditions"] if is_open else [],
        "lat": row["lat"] if is_placed else None,
        "lon": row["lon"] if is_placed else None,
        "phone": _phone(scope, row),
    }


async def _grades(scope: Scope, elders: list[UUID]) -> dict[UUID, str]:
    rows = await scope.conn.fetch(SQL.list_grades, elders, local_date(scope.now))
    return {row["elder_id"]: row["grade"] for row in rows}
