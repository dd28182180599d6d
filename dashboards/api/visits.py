"""Visits: from the offer to the check-out; what the phone says never blocks, the proof weighs it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from core import people
from core.clock import local_date
from core.db import Row
from core.errors import NotFound
from dashboards import employed, reasons, visible, words
from dashboards.api import stamps
from dashboards.api.shapes import CENTRE, OFFICE, STAFF, Code, Day, Page, Paged, shape_of
from dashboards.api.stamps import PhoneTime
from dashboards.api.visit_shapes import (
    Chosen,
    Declined,
    Done,
    Made,
    Mark,
    Opinion,
    Reason,
    Step,
    Visit,
    VisitInFull,
    Wanted,
)
from dashboards.auth import Guarded, Scope, allow
from dispatch import offers, service_items, visits
from dispatch.roster import coverage

router = APIRouter(prefix="/api/v1/visits", tags=["visits"], route_class=Guarded)
Readers = Annotated[Scope, allow(*STAFF, "provider_manager", "caregiver", "family")]
Caregiver = Annotated[Scope, allow("caregiver")]
Planner = Annotated[Scope, allow("duty_manager", "provider_manager", "admin")]


@router.get("")
async def list_(
    scope: Readers,
    paged: Paged,
    caregiver_id: UUID | None = None,
    elder_id: UUID | None = None,
    case_id: UUID | None = None,
    state: Code | None = None,
    day: Day | None = None,
) -> Page[Visit]:
    """List visits, the latest first: a caregiver's own, a provider's own, a family's elders', or all."""
    person = scope.person
    await visible.check(scope, "caregiver", caregiver_id)
    await visible.check(scope, "case", case_id)
    if person.role == "caregiver":
        if caregiver_id not in {None, person.caregiver_id} or person.caregiver_id is None:
            raise NotFound(f"no caregiver {caregiver_id}")
        caregiver_id = person.caregiver_id
    provider = _provider(scope)

    async def fetch(elder: UUID | None) -> list[Row]:
        return await visits.list_(
            scope.conn,
            caregiver_id=caregiver_id,
            elder_id=elder,
            state=state,
            case_id=case_id,
            provider_id=provider,
            day=day,
            after=paged.after,
            limit=paged.ask,
        )

    rows = await visible.of_elders(scope, elder_id, fetch, order=_place_in_list, newest_first=True)
    return paged.page(rows, Visit)


@router.post("", status_code=201)
async def want(given: Wanted, scope: Planner) -> Made:
    """Ask for a planned visit."""
    await visible.check_elder(scope, given.elder_id)
    await visible.check(scope, "provider", given.provider_id)
    wanted = given.model_dump()
    wanted["provider_id"] = _provider(scope) or given.provider_id
    await _check_room(scope, given, wanted["provider_id"])
    identity = await visits.want(
        scope.conn, district=scope.person.district_id, now=scope.now, by=scope.person, **wanted
    )
    return Made(id=identity)


async def _check_room(scope: Scope, given: Wanted, provider: UUID | None) -> None:
    """Raise Conflict when the provider does not serve there, or its capacity of the day is used up."""
    if provider is not None:
        service_items.get(given.service)
        region = (await people.find_elder(scope.conn, given.elder_id))["region_code"]
        on = local_date(given.window_start)
        await coverage.check(scope.conn, provider, given.service, region, on)


@router.get("/{visit_id}")
async def find(visit_id: UUID, scope: Readers) -> VisitInFull:
    """Show one visit."""
    return await _full(scope, await _seen(scope, visit_id))


@router.get("/{visit_id}/timeline")
async def timeline(
    visit_id: UUID, scope: Annotated[Scope, allow(*CENTRE, *OFFICE, "provider_manager", "caregiver")]
) -> list[Step]:
    """Show every step of a visit."""
    await _seen(scope, visit_id)
    rows = await visits.timeline(scope.conn, visit_id)
    return [_step(scope, row) for row in rows]


@router.post("/{visit_id}/offer")
async def offer(visit_id: UUID, given: Chosen, scope: Planner) -> VisitInFull:
    """Offer a planned visit to a caregiver."""
    await _seen(scope, visit_id)
    await employed.caregiver(scope, given.caregiver_id)
    row = await visits.offer(scope.conn, visit_id, given.caregiver_id, scope.person, scope.now)
    return await _full(scope, row)


@router.post("/{visit_id}/cancel")
async def cancel(visit_id: UUID, given: Reason, scope: Planner) -> VisitInFull:
    """Call a planned visit off."""
    await _seen(scope, visit_id)
    return await _full(
        scope, await visits.cancel(scope.conn, visit_id, scope.person, scope.now, given.reason or "")
    )


@router.post("/{visit_id}/accept")
async def accept(visit_id: UUID, scope: Caregiver) -> VisitInFull:
    """Promise to come."""
    return await _full(scope, await visits.accept(scope.conn, visit_id, scope.person, scope.now))


@router.post("/{visit_id}/decline")
async def decline(visit_id: UUID, scope: Caregiver, given: Reason | None = None) -> Declined:
    """Say no; an emergency goes to the next nearest at once."""
    why = (given.reason, given.code) if given else ()
    asked = await visits.decline(scope.conn, visit_id, scope.person, scope.now, *why)
    return Declined(caregiver_id=asked)


@router.post("/{visit_id}/en-route")
async def en_route(visit_id: UUID, scope: Caregiver) -> VisitInFull:
    """Set out."""
    return await _full(scope, await visits.en_route(scope.conn, visit_id, scope.person, scope.now))


@router.post("/{visit_id}/check-in")
async def check_in(
    visit_id: UUID, given: Mark, scope: Caregiver, phone_time: PhoneTime = None
) -> VisitInFull:
    """Begin; the place is kept as the phone says it."""
    stamp = stamps.of(given, scope.now, phone_time)
    row = await visits.check_in(scope.conn, scope.keys, visit_id, scope.person, scope.now, **stamp)
    return await _full(scope, row)


@router.post("/{visit_id}/check-out")
async def check_out(
    visit_id: UUID, given: Done, scope: Caregiver, phone_time: PhoneTime = None
) -> VisitInFull:
    """End, with the record; the proof is decided and the case, if any, resolved."""
    row = await visits.check_out(
        scope.conn,
        scope.keys,
        visit_id,
        scope.person,
        scope.now,
        record=given.record,
        **stamps.of(given, scope.now, phone_time),
    )
    return await _full(scope, row)


@router.post("/{visit_id}/confirm")
async def confirm(visit_id: UUID, given: Opinion, scope: Annotated[Scope, allow("family")]) -> Visit:
    """Say whether the visit was made as it is told; the proof is weighed again."""
    await _seen(scope, visit_id)
    row = await visits.confirm(
        scope.conn, visit_id, scope.person, scope.now, agrees=given.agrees, note=given.note
    )
    return shape_of(Visit, row)


def _place_in_list(row: Row) -> tuple[datetime, str]:
    return row["window_start"], str(row["id"])


def _provider(scope: Scope) -> UUID | None:
    if scope.person.role != "provider_manager":
        return None
    if scope.person.provider_id is None:
        raise NotFound("your account belongs to no provider")
    return scope.person.provider_id


async def _seen(scope: Scope, visit_id: UUID) -> Row:
    row, person = await visits.find(scope.conn, visit_id), scope.person
    await visible.check_owner(scope, "visit", visit_id, row["elder_id"])
    foreign = person.role == "caregiver" and row["caregiver_id"] != person.caregiver_id
    if foreign and person.caregiver_id is not None:
        asked = await offers.find(scope.conn, visit_id, person.caregiver_id)
        foreign = asked is None or asked["state"] != "open"
    if foreign or (person.role == "provider_manager" and row["provider_id"] != person.provider_id):
        raise NotFound(f"no visit {visit_id}")
    return row


async def _full(scope: Scope, row: Row) -> VisitInFull:
    kept = await reasons.seen(scope, row["why"])
    why = words.why(scope.language, kept) if kept else None
    if scope.person.role == "family":
        hidden = dict.fromkeys(("why", "check_in", "check_out", "elements", "witnesses"))
        return shape_of(VisitInFull, {**row, **hidden})
    return shape_of(VisitInFull, {**row, "why": why})


def _step(scope: Scope, row: Row) -> Step:
    said = words.word(scope.language, "case_actions", row["action"])
    return shape_of(Step, {**row, "who": row["account_name"], "says": said})
