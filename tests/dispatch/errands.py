"""Visits on their way: wanted, offered, accepted, made."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from core.accounts import Person
from dispatch import visits
from tests.dispatch.worlds import HOME, World, make_operator
from tests.makers import NOW

HOUR = timedelta(hours=1)
END = NOW + timedelta(minutes=58)


async def want(world: World, **given: Any) -> UUID:
    row = {
        "district": world.district,
        "elder_id": world.elder,
        "care_bed_id": world.bed,
        "service": "clean",
        "window_start": NOW,
        "window_end": NOW + HOUR,
        "now": NOW,
    }
    async with world.web.transaction(world.district) as conn:
        return await visits.want(conn, **{**row, **given})


async def offer(world: World, visit_id: UUID, to: Person, by: Person) -> None:
    async with world.web.transaction(world.district) as conn:
        assert to.caregiver_id is not None
        await visits.offer(conn, visit_id, to.caregiver_id, by, NOW)


async def accepted(world: World, caregiver: Person, **given: Any) -> UUID:
    visit_id = await want(world, **given)
    await offer(world, visit_id, caregiver, await make_operator(world, "provider_manager"))
    async with world.web.transaction(world.district) as conn:
        await visits.accept(conn, visit_id, caregiver, NOW)
    return visit_id


async def do(world: World, visit_id: UUID, by: Person, *, record: Any = "cleaned", **given: Any) -> Any:
    """Check in and out."""
    async with world.web.transaction(world.district) as conn:
        place = {"lat": HOME[0], "lon": HOME[1], "accuracy_m": 12.0}
        await visits.check_in(conn, world.keys, visit_id, by, NOW, **{"at": NOW, **place, **given})
        return await visits.check_out(conn, world.keys, visit_id, by, END, at=END, record=record)
