"""Care plans for tests: an elder with a bed, people who write and approve, a plan in force."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.db import Conn, Row
from devices import care_beds
from services import care_plans, wanting
from services.plan_items import NewItem
from tests import makers
from tests.services.worlds import World

MONDAY = date(2026, 11, 23)


def clock(text: str) -> tuple[time, time]:
    """Return the window of `09:00-10:30`."""
    since, until = text.split("-")
    return time.fromisoformat(since), time.fromisoformat(until)


def item(
    service: str = "bath", rrule: str = "FREQ=WEEKLY;BYDAY=TU,TH", *windows: str, **more: Any
) -> NewItem:
    """Return a line of a plan."""
    spans = tuple(clock(one) for one in (windows or ("09:00-11:00",)))
    return NewItem(service, rrule, spans, **more)


@dataclass
class Planning:
    """An elder whose care is planned."""

    world: World
    elder: UUID
    clerk: Person
    approver: Person

    async def draft(self, conn: Conn, *items: NewItem, first: date = MONDAY, **more: Any) -> UUID:
        return await care_plans.draft(
            conn,
            district=self.world.district,
            elder=self.elder,
            valid_from=first,
            valid_to=more.pop("valid_to", None),
            goals="",
            items=items,
            by=self.clerk,
            now=more.pop("now", makers.NOW),
        )

    async def approve(self, conn: Conn, plan: UUID, now: datetime = makers.NOW) -> None:
        await care_plans.approve(
            conn, plan, self.approver, now, agreed_by="self", agreed_on=makers.NOW.date()
        )

    async def plan(self, *items: NewItem, **more: Any) -> UUID:
        """Write and approve a version."""
        async with self.world.worker.transaction(self.world.district) as conn:
            plan = await self.draft(conn, *items, **more)
            await self.approve(conn, plan, more.get("now", makers.NOW))
        return plan

    async def items(self, plan: UUID) -> list[UUID]:
        async with self.world.worker.transaction(self.world.district) as conn:
            return [one.id for one, _ in await care_plans.items_of(conn, plan)]

    async def tick(self, now: datetime = makers.NOW) -> int:
        return await wanting.tick(self.world.worker, now)

    async def visits(self, *states: str) -> list[Row]:
        """Return the elder's visits in the order of their windows."""
        sql = """SELECT * FROM visit WHERE elder_id = $1 AND ($2::text[] = '{}' OR state = ANY($2))
                 ORDER BY window_start, id"""
        async with self.world.worker.transaction(self.world.district) as conn:
            return list(await conn.fetch(sql, self.elder, list(states)))

    async def quota(self, yuan: int) -> None:
        """Entitle the elder to so much in November."""
        await self.run(
            """INSERT INTO entitlement (id, district_id, elder_id, scheme_id, month, grade, quota, ceiling,
                                        explanation)
               SELECT gen_random_uuid(), district_id, $1, id, '2026-11-01', 'moderate', $2, $2, '[]'
               FROM scheme
               ON CONFLICT (elder_id, scheme_id, month) DO UPDATE SET quota = $2, ceiling = $2""",
            self.elder,
            yuan,
        )

    async def run(self, sql: str, *values: object) -> None:
        async with self.world.worker.transaction(self.world.district) as conn:
            await conn.execute(sql, *values)


async def make_planning(world: World, grade: str | None = "moderate", **given: Any) -> Planning:
    """Make an elder with a care bed, a clerk and an approver."""
    elder = await world.elder(grade, **given)
    async with world.worker.transaction(world.district) as conn:
        row = await conn.fetchrow("SELECT home_id FROM elder WHERE id = $1", elder)
        assert row
        await care_beds.create(
            conn,
            district=world.district,
            elder=elder,
            home=row["home_id"],
            label=f"bed {str(elder)[-6:]}",
            enrolled_on=date(2026, 1, 1),
            provider=world.provider,
        )
        clerk = await makers.make_person(conn, world.district, "clerk")
        approver = await makers.make_person(conn, world.district, "approver")
    return Planning(world, elder, clerk, approver)
