"""Care plans: drafted by one, approved by another; from then on they want visits weeks ahead."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from core.clock import local_date
from core.db import Row
from core.errors import NotFound
from dashboards import recurring, visible
from dashboards.api.care_plan_shapes import (
    Agreement,
    CarePlan,
    CarePlanInFull,
    End,
    GivenItem,
    NewCarePlan,
    Preview,
)
from dashboards.api.shapes import STAFF, Page, Paged, shape_of
from dashboards.auth import Guarded, Scope, allow
from services import care_plans, plan_items, upcoming
from services.expecting import Item

router = APIRouter(prefix="/api/v1/care-plans", tags=["care-plans"], route_class=Guarded)
Readers = Annotated[Scope, allow(*STAFF, "assessor", "provider_manager", "family")]
Writers = Annotated[Scope, allow("clerk", "assessor", "admin")]
Approvers = Annotated[Scope, allow("clerk", "approver", "admin")]


@router.get("")
async def list_(scope: Readers, paged: Paged, elder_id: UUID | None = None) -> Page[CarePlan]:
    """List versions, newest first: of the district, of a provider's elders, of a family's own."""
    provider = visible.own_provider(scope)

    async def fetch(elder: UUID | None) -> list[Row]:
        return await care_plans.list_(
            scope.conn, elder_id=elder, provider_id=provider, after=paged.after, limit=paged.ask
        )

    rows = await visible.of_elders(scope, elder_id, fetch, newest_first=True)
    return paged.page(rows, CarePlan)


@router.post("", status_code=201)
async def draft(given: NewCarePlan, scope: Writers) -> CarePlanInFull:
    """Write the elder's next version, in place of a draft; what is wrong is named as `items.0.rrule`."""
    await visible.check_elder(scope, given.elder_id)
    await visible.check(scope, "assessment", given.assessment_id)
    for one in given.items:
        await visible.check(scope, "provider", one.provider_id)
    plan = await care_plans.draft(
        scope.conn,
        district=scope.person.district_id,
        elder=given.elder_id,
        valid_from=given.valid_from,
        valid_to=given.valid_to,
        goals=given.goals,
        items=[one.new() for one in given.items],
        by=scope.person,
        now=scope.now,
        assessment=given.assessment_id,
    )
    return await _full(scope, plan)


@router.post("/preview")
async def preview(given: GivenItem, scope: Writers) -> Preview:
    """Say when a line would happen, without storing it."""
    new, today = given.new(), local_date(scope.now)
    plan_items.check(new)
    rule = plan_items.rule_of(new, today)
    found = upcoming.days(rule, max(today, rule.starts_on))
    said = recurring.says(scope.language, {**plan_items.as_row(new, rule), "windows": new.windows})
    return Preview(next=found, says=said, not_announced=upcoming.not_announced(found))


@router.get("/{care_plan_id}")
async def find(care_plan_id: UUID, scope: Readers) -> CarePlanInFull:
    """Show one version with its lines."""
    return await _full(scope, care_plan_id)


@router.post("/{care_plan_id}/approve")
async def approve(care_plan_id: UUID, given: Agreement, scope: Approvers) -> CarePlanInFull:
    """Bring a draft into force; 409 by the person who wrote it."""
    await care_plans.approve(
        scope.conn,
        care_plan_id,
        scope.person,
        scope.now,
        agreed_by=given.agreed_by,
        agreed_on=given.agreed_on,
    )
    return await _full(scope, care_plan_id)


@router.post("/{care_plan_id}/end")
async def end(care_plan_id: UUID, given: End, scope: Approvers) -> CarePlanInFull:
    """Break a version off; its visits after the last day are taken back."""
    await care_plans.end(scope.conn, care_plan_id, given.last, given.reason, scope.now)
    return await _full(scope, care_plan_id)


@router.post("/{care_plan_id}/discard")
async def discard(care_plan_id: UUID, scope: Writers) -> CarePlanInFull:
    """Throw a draft away."""
    await care_plans.discard(scope.conn, care_plan_id)
    return await _full(scope, care_plan_id)


async def _full(scope: Scope, plan: UUID) -> CarePlanInFull:
    row = await care_plans.find(scope.conn, plan)
    await visible.check_owner(scope, "care_plan", plan, row["elder_id"])
    provider = visible.own_provider(scope)
    if provider and not await care_plans.serves(scope.conn, provider, row["elder_id"]):
        raise NotFound(f"no care plan {plan}")
    today = local_date(scope.now)
    items = [
        _item(scope, item, line, max(today, row["valid_from"]), row["valid_to"])
        for item, line in await care_plans.items_of(scope.conn, plan)
    ]
    return shape_of(CarePlanInFull, {**row, "items": items})


def _item(scope: Scope, item: Item, row: Row, first: date, last: date | None) -> dict[str, Any]:
    days = upcoming.days(item.rule, first, last=last)
    return {**row, "says": recurring.says(scope.language, row), "next": days}
