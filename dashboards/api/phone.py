"""The caregiver's phone: its days, what it could not hand over, its own alarm, and a visit's papers."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, UploadFile
from fastapi.responses import Response

from core.errors import Forbidden, Invalid, NotFound
from dashboards import audited, visible
from dashboards.api.phone_shapes import (
    Days,
    Due,
    Photo,
    Raised,
    Refused,
    Report,
    Revealed,
    Signature,
    Signed,
    Sos,
)
from dashboards.api.shapes import STAFF, shape_of
from dashboards.auth import Guarded, Scope, allow
from devices import photos
from dispatch import visit_rows
from dispatch.phone import (
    alerts,
    conflicts,
    days,
    involved,
    lone,
    pictures,
    reports,
    signatures,
)

router = APIRouter(prefix="/api/v1", tags=["phone"], route_class=Guarded)
Carer = Annotated[Scope, allow("caregiver")]
Readers = Annotated[Scope, allow(*STAFF, "provider_manager", "caregiver")]
KEPT = timedelta(days=14)
"""Phones that come back later than this keep what was settled in the meantime."""


def _mine(scope: Scope) -> UUID:
    if scope.person.caregiver_id is None:
        raise Forbidden("this account belongs to no caregiver")
    return scope.person.caregiver_id


@router.get("/phone/days")
async def carry(scope: Carer, ahead: Annotated[int, Query(ge=1, le=14)] = 8) -> Days:
    """Hand the phone what it needs to work without a network: visits of today and the days ahead."""
    rows = await days.visits(scope.conn, _mine(scope), scope.now, ahead)
    since = scope.now - KEPT
    found: dict[str, Any] = {
        "now": scope.now,
        "account_id": scope.person.account_id,
        "visits": [days.carried(row) for row in rows],
        "contacts": await days.contacts(scope.conn, scope.keys, scope.person),
        "settled": [dict(row) for row in await conflicts.settled_of(scope.conn, _mine(scope), since)],
    }
    return shape_of(Days, found)


@router.post("/visits/{visit_id}/reveal")
async def reveal(visit_id: UUID, scope: Carer) -> Revealed:
    """Show the sealed values of an own visit that is ahead or under way, each on record."""
    return Revealed(**await days.reveal(scope.conn, scope.keys, scope.person, visit_id, scope.now))


@router.post("/phone/conflicts", status_code=201)
async def refuse(given: Refused, scope: Carer) -> Raised:
    """Keep a record that was not accepted, so that the provider sees it too."""
    said = given.model_dump()
    await conflicts.keep(scope.conn, said.pop("id"), scope.person, scope.now, **said)
    return Raised(id=given.id)


@router.post("/phone/sos", status_code=201)
async def sos(given: Sos, scope: Carer) -> Raised:
    """Call for help for oneself, never refused: a visit that is none of the caregiver's is left out."""
    visit_id = await involved.known(scope.conn, given.visit_id, scope.person)
    place = (given.lat, given.lon, given.accuracy_m)
    what: dict[str, Any] = {"said_at": given.at or scope.now, "visit_id": visit_id, "place": place}
    await alerts.sos(scope.conn, given.id, scope.person, scope.now, **what)
    return Raised(id=given.id)


@router.post("/visits/{visit_id}/well")
async def well(visit_id: UUID, scope: Carer) -> Due:
    """Say that all is well although the visit takes longer."""
    await days.visit(scope.conn, visit_id, _mine(scope))
    return Due(due_at=await lone.well(scope.conn, visit_id, scope.person, scope.now))


@router.post("/visits/{visit_id}/photos", status_code=201)
async def add_photo(
    visit_id: UUID,
    scope: Carer,
    id: Annotated[UUID | None, Form()] = None,  # noqa: A002 - the name on the wire, as in every other record
    photo: UploadFile | None = None,
    at: Annotated[datetime | None, Form()] = None,
) -> Photo:
    """Keep a photo of a visit; the same picture twice is flagged."""
    await involved.find(scope.conn, visit_id, scope.person)
    if id is None or photo is None:
        raise Invalid("id and photo are needed", [{"field": "photo", "code": "missing"}])
    content = await photo.read(photos.LARGEST + 1)
    taken = at if at is not None and at.tzinfo is not None else scope.now
    row = await pictures.keep(scope.conn, scope.keys, id, visit_id, scope.person, content, taken, scope.now)
    return shape_of(Photo, row)


@router.get("/visits/{visit_id}/photos")
async def list_photos(visit_id: UUID, scope: Readers) -> list[Photo]:
    """List the photos of a visit; to a caregiver the own ones."""
    await _seen(scope, visit_id)
    rows = await pictures.list_(scope.conn, visit_id, scope.person.caregiver_id)
    return [shape_of(Photo, row) for row in rows]


@router.get("/visits/{visit_id}/photos/{visit_photo_id}")
async def read_photo(visit_id: UUID, visit_photo_id: UUID, scope: Readers) -> Response:
    """Show a photo of a visit, on record; to a caregiver an own one."""
    await _seen(scope, visit_id)
    which = (visit_id, visit_photo_id, scope.person.caregiver_id)
    content, kind = await pictures.read(scope.conn, scope.keys, *which)
    if scope.person.role != "caregiver":
        await audited.note(scope, "reveal", "visit", visit_id, {"field": "photo"})
    return Response(content, media_type=kind, headers={"Cache-Control": "private, max-age=3600"})


@router.post("/visits/{visit_id}/signatures", status_code=201)
async def sign(visit_id: UUID, given: Signature, scope: Carer) -> Signed:
    """Keep a signature drawn on the phone."""
    fits = await signatures.keep(
        scope.conn,
        scope.keys,
        given.id,
        visit_id,
        scope.person,
        scope.now,
        who=given.who,
        path=given.path,
        statement=given.statement,
        digest=given.digest,
        signed_at=given.at or scope.now,
    )
    return Signed(id=given.id, is_intact=fits)


@router.post("/visits/{visit_id}/condition-reports", status_code=201)
async def report(visit_id: UUID, given: Report, scope: Carer) -> Raised:
    """Report that the person's condition has changed; it may ask for a reassessment."""
    await reports.keep(
        scope.conn,
        scope.keys,
        given.id,
        visit_id,
        scope.person,
        scope.now,
        changes=given.changes,
        note=given.note,
        wants_assessment=given.wants_assessment,
        observed_at=given.at or scope.now,
    )
    return Raised(id=given.id)


async def _seen(scope: Scope, visit_id: UUID) -> None:
    """Raise NotFound for a visit that is not this caregiver's or this provider's."""
    if scope.person.role == "caregiver":
        await involved.find(scope.conn, visit_id, scope.person)
        return
    await visible.check(scope, "visit", visit_id)
    row = await visit_rows.find(scope.conn, visit_id)
    if scope.person.role == "provider_manager" and row["provider_id"] != scope.person.provider_id:
        raise NotFound(f"no visit {visit_id}")
