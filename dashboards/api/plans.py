"""Plans of a day: asked for, watched, accepted; repairs; visits moved by hand."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from core.db import Row
from core.errors import NotFound
from dashboards import audited, visible, words
from dashboards.api.plan_shapes import Asked, Item, Move, Moved, Plan, PlanInFull, Repair
from dashboards.api.shapes import Day, Page, Paged, shape_of
from dashboards.auth import Guarded, Scope, allow
from dispatch import visits
from dispatch.planning import moves, plans, repair

router = APIRouter(prefix="/api/v1/plans", tags=["plans"], route_class=Guarded)
repairs = APIRouter(prefix="/api/v1/repairs", tags=["plans"], route_class=Guarded)
moving = APIRouter(prefix="/api/v1/visits", tags=["visits"], route_class=Guarded)
Planner = Annotated[Scope, allow("duty_manager", "provider_manager", "clerk", "admin")]
Mover = Annotated[Scope, allow("duty_manager", "provider_manager", "admin")]


@router.get("")
async def list_(scope: Planner, paged: Paged, date: Day | None = None) -> Page[Plan]:
    """List plans, the latest first: of the district, or of the own provider."""
    provider = _provider(scope)
    rows = await plans.list_(scope.conn, on=date, provider_id=provider, after=paged.after, limit=paged.ask)
    return paged.page(rows, Plan)


@router.post("", status_code=201)
async def start(given: Asked, scope: Planner) -> Plan:
    """Have a day planned; it is computed beside this call, look again until it is `ready`."""
    await visible.check(scope, "provider", given.provider_id)
    identity = await plans.start(
        scope.conn,
        district=scope.person.district_id,
        on=given.date,
        now=scope.now,
        by=scope.person,
        provider_id=_provider(scope) or given.provider_id,
        seed=given.seed,
        seconds=given.seconds,
    )
    await audited.note(scope, "plan.start", "plan", identity)
    return shape_of(Plan, await plans.find(scope.conn, identity))


@router.get("/{plan_id}")
async def find(plan_id: UUID, scope: Planner) -> PlanInFull:
    """Show a plan, also the best so far of one that is being computed."""
    return await _full(scope, await plans.find(scope.conn, plan_id, _provider(scope)))


@router.post("/{plan_id}/accept")
async def accept(plan_id: UUID, scope: Planner) -> Plan:
    """Bring a plan into force; what no longer holds is named in `left_out`."""
    row = await plans.accept(scope.conn, plan_id, scope.person, scope.now, _provider(scope))
    await audited.note(scope, "plan.accept", "plan", plan_id)
    return shape_of(Plan, row)


@router.post("/{plan_id}/discard")
async def discard(plan_id: UUID, scope: Planner) -> Plan:
    """Put a plan aside."""
    row = await plans.discard(scope.conn, plan_id, scope.person, scope.now, _provider(scope))
    await audited.note(scope, "plan.discard", "plan", plan_id)
    return shape_of(Plan, row)


@repairs.post("", status_code=201)
async def mend(given: Repair, scope: Planner) -> Plan:
    """Have a day repaired; the promises that it breaks stand in the plan before it is accepted."""
    await visible.check(scope, "caregiver", given.trigger.caregiver_id)
    await visible.check(scope, "visit", given.trigger.visit_id)
    trigger = given.trigger.model_dump(mode="json", by_alias=True, exclude_none=True)
    identity = await repair.preview(scope.conn, trigger, scope.now, by=scope.person)
    await audited.note(scope, "plan.repair", "plan", identity, {"kind": trigger["kind"]})
    return shape_of(Plan, await plans.find(scope.conn, identity))


@moving.post("/{visit_id}/move")
async def move(visit_id: UUID, given: Move, scope: Mover) -> Moved:
    """Give a visit to a caregiver at a time and pin it there, or only look at what that would break."""
    row = await visits.find(scope.conn, visit_id)
    provider = _provider(scope)
    is_open = row["provider_id"] is None and row["case_id"] is None
    if provider and row["provider_id"] != provider and not is_open:
        raise NotFound(f"no visit {visit_id}")
    await visible.check(scope, "caregiver", given.caregiver_id)
    asked = (visit_id, given.caregiver_id, given.starts_at)
    found = await moves.preview(scope.conn, *asked, scope.now, provider_id=provider)
    if not given.dry_run:
        await moves.move(scope.conn, *asked, scope.person, scope.now, provider_id=provider)
        about: dict[str, object] = {"caregiver": str(given.caregiver_id)}
        await audited.note(scope, "visit.move", "visit", visit_id, about)
    return Moved(done=not given.dry_run, breaches=found)


def _provider(scope: Scope) -> UUID | None:
    if scope.person.role != "provider_manager":
        return None
    if scope.person.provider_id is None:
        raise NotFound("your account belongs to no provider")
    return scope.person.provider_id


async def _full(scope: Scope, row: Row) -> PlanInFull:
    rows = await plans.items(scope.conn, row["id"])
    items: list[Any] = [shape_of(Item, {**one, "why": words.why(scope.language, one["why"])}) for one in rows]
    return shape_of(PlanInFull, {**row, "items": items})
