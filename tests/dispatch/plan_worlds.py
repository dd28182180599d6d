"""Worlds in which days are planned: visits wanted, caregivers on shift, plans computed as the role does."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.clock import at_local
from core.db import Row
from core.settings import Settings
from dispatch import shifts, visits
from dispatch.planning import computing, plans
from tests.dispatch.plan_days import ON
from tests.dispatch.worlds import World, make_caregiver, make_neighbour
from tests.makers import NOW

SETTINGS = Settings()


def at(clock: str) -> datetime:
    """Return an instant of the day that is planned."""
    return at_local(ON, clock)


async def make_carer(
    world: World, name: str, since: str = "08:00", until: str = "18:00", **given: Any
) -> Person:
    """Make a caregiver who works on the day that is planned."""
    person = await make_caregiver(world, name, on_shift=False, **given)
    assert person.caregiver_id is not None
    async with world.web.transaction(world.district) as conn:
        ends = at(until) if until > since else at(until) + timedelta(days=1)
        await shifts.create(
            conn, district=world.district, caregiver=person.caregiver_id, starts_at=at(since), ends_at=ends
        )
    return person


async def want(world: World, since: str, until: str, *, km: float = 0.0, **given: Any) -> UUID:
    """Want a visit on that day, at a home of its own so many kilometres away."""
    home = await make_neighbour(world, metres=km * 1000)
    row: dict[str, Any] = {
        "district": world.district,
        "elder_id": home.elder,
        "service": "clean",
        "window_start": at(since),
        "window_end": at(until),
        "now": NOW,
    }
    async with world.web.transaction(world.district) as conn:
        return await visits.want(conn, **{**row, **given})


async def start(world: World, now: datetime = NOW, **given: Any) -> UUID:
    row: dict[str, Any] = {"on": ON, "seconds": 0.3, "seed": 7, **given}
    async with world.web.transaction(world.district) as conn:
        return await plans.start(conn, district=world.district, now=now, **row)


async def compute(world: World, plan_id: UUID, now: datetime = NOW) -> Row:
    """Compute a plan as the dispatch role does."""
    await computing.run(world.worker, world.district, plan_id, now, SETTINGS)
    async with world.web.transaction(world.district) as conn:
        return await plans.find(conn, plan_id)


async def accept(world: World, plan_id: UUID, by: Person | None = None, now: datetime = NOW) -> Row:
    async with world.web.transaction(world.district) as conn:
        return await plans.accept(conn, plan_id, by, now)


async def planned(world: World, now: datetime = NOW) -> Row:
    """Plan the day and accept it."""
    plan_id = await start(world, now)
    await compute(world, plan_id, now)
    return await accept(world, plan_id, now=now)


async def visit(world: World, visit_id: UUID) -> Row:
    async with world.web.transaction(world.district) as conn:
        return await visits.find(conn, visit_id)


async def items(world: World, plan_id: UUID) -> list[Row]:
    async with world.web.transaction(world.district) as conn:
        return await plans.items(conn, plan_id)


async def say_yes(world: World, visit_id: UUID, by: Person) -> None:
    async with world.web.transaction(world.district) as conn:
        await visits.accept(conn, visit_id, by, NOW)
