"""Proofs of life: who owes one, and recording it face to face, by telephone, or from the home's devices."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from core.clock import local_date
from core.errors import Forbidden, NotFound
from dashboards import visible
from dashboards.api.shapes import STAFF, Code, Day, Given, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from dispatch import visits
from services import life_proofs

router = APIRouter(prefix="/api/v1/life-proofs", tags=["elders"], route_class=Guarded)
Readers = Annotated[Scope, allow(*STAFF, "family")]
Office = Annotated[Scope, allow("clerk", "auditor", "approver", "admin")]
Writers = Annotated[Scope, allow("clerk", "admin", "caregiver")]


class New(Given):
    """How the person was found to live; a caregiver names the own visit."""

    elder_id: UUID
    method: Code
    proven_on: Day | None = None
    visit_id: UUID | None = None


class Proof(Shape):
    """One proof; `evidence` are ids and codes of what it rests on."""

    id: UUID
    proven_on: date
    valid_to: date
    method: str
    evidence: dict[str, Any]
    recorded_at: datetime


class Owed(Shape):
    """Somebody whose proof is `due` (before `until`) or `missed` (since then)."""

    elder_id: UUID
    schemes: list[str]
    last_on: date | None
    until: date
    state: str


@router.get("")
async def list_(scope: Readers, elder_id: UUID) -> list[Proof]:
    """List an elder's proofs, newest first."""
    await visible.check_elder(scope, elder_id)
    return [shape_of(Proof, row) for row in await life_proofs.of_elder(scope.conn, elder_id)]


@router.get("/due")
async def due(scope: Office, limit: Annotated[int, Query(ge=1, le=500)] = 200) -> list[Owed]:
    """List who owes a proof, who has missed it first."""
    today = local_date(scope.now)
    found = await life_proofs.due_list(scope.conn, scope.person.district_id, today, limit=limit)
    return [
        Owed(
            elder_id=one.elder,
            schemes=list(one.schemes),
            last_on=one.last_on,
            until=one.due.until,
            state=one.due.state,
        )
        for one in found
    ]


@router.post("", status_code=201)
async def record(given: New, scope: Writers) -> Proof:
    """Record a proof; the same one twice is one."""
    if scope.person.role == "caregiver":
        await _own(scope, given)
    await visible.check_elder(scope, given.elder_id)
    more = {"proven_on": given.proven_on, "visit": given.visit_id}
    who = (given.elder_id, given.method, scope.person, scope.now)
    proof = await life_proofs.record(scope.conn, *who, **more)  # type: ignore[arg-type]
    return shape_of(Proof, await life_proofs.find(scope.conn, proof))


async def _own(scope: Scope, given: New) -> None:
    """Raise unless a caregiver speaks of a visit that is theirs."""
    if given.visit_id is None or given.method != "face":
        raise Forbidden("a caregiver proves it by an own visit")
    visit = await visits.find(scope.conn, given.visit_id)
    if visit["caregiver_id"] != scope.person.caregiver_id or visit["elder_id"] != given.elder_id:
        raise NotFound(f"no visit {given.visit_id}")
