"""A month settled by people: a clerk, an approver, a provider's manager."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core.db import Pool
from services import claims, statements
from services.settlement import acts, runs
from tests import makers
from tests.services.worlds import World, at, make_world

MONTH = date(2026, 11, 1)
LATER = datetime.fromisoformat("2026-12-02T08:00:00+00:00")


@dataclass
class Office:
    """A world with people."""

    world: World
    clerk: UUID
    approver: UUID
    manager: UUID
    owner: Pool

    async def elder(self, grade: str, baths: int) -> tuple[UUID, list[UUID]]:
        """Make a person with so many baths of 80 yuan, by caregivers of nobody."""
        elder = await self.world.elder(grade)
        return elder, [await self.world.visit(elder, "bath", at(2 + 2 * nth)) for nth in range(baths)]

    async def run(self, step: str = "check", month: date = MONTH, now: datetime = LATER) -> UUID:
        """Run a month to its end."""
        async with self.world.worker.transaction(self.world.district) as conn:
            run = await runs.start(
                conn, district=self.world.district, month=month, step=step, now=now, account=self.clerk
            )
        await runs.work(self.world.worker, self.world.district, run, lambda: now)
        return run

    async def statement(self, month: date = MONTH) -> Any:
        """Return the month's only statement."""
        async with self.world.worker.transaction(self.world.district) as conn:
            [row] = await statements.list_(conn, month)
        return row

    async def claims(self) -> list[Any]:
        """Return the claims by start."""
        async with self.world.worker.transaction(self.world.district) as conn:
            return sorted(await claims.list_(conn, limit=200), key=lambda row: row["started_at"])

    async def do(self, verb: str, by: UUID, statement: UUID, now: datetime = LATER) -> Any:
        """Move a statement."""
        async with self.world.worker.transaction(self.world.district) as conn:
            return await getattr(acts, verb)(conn, statement, by, now)

    async def issue(self, statement: UUID) -> Any:
        """Take a checked statement through to the end."""
        await self.do("confirm", self.manager, statement)
        await self.do("approve", self.approver, statement)
        return await self.do("issue", self.clerk, statement)


async def make_office(owner: Pool, worker: Pool, keys: Any) -> Office:
    """Make the district and its people."""
    world = await make_world(owner, worker, keys)
    async with worker.transaction(world.district) as conn:
        people = {}
        for role in ("clerk", "approver", "provider_manager"):
            links = {"provider": world.provider} if role == "provider_manager" else {}
            people[role] = (await makers.make_person(conn, world.district, role, **links)).account_id
    return Office(world, people["clerk"], people["approver"], people["provider_manager"], owner)
