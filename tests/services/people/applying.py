"""A district with a scheme and the people of an office, for tests of applications."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.crypto import Keys
from core.db import Conn, Pool, Row
from core.ids import new_id
from services.applications import applications, moving
from services.applications.applications import Applicant, NewApplication
from tests.makers import NOW, id_number, make_elder, make_person
from tests.services.worlds import make_world

SCHEME = "hekou_home_visits"
PAPERS = ("id_card", "household_book")


@dataclass
class Office:
    """A district's desk: its people and the web's pool."""

    district: UUID
    web: Pool
    worker: Pool
    keys: Keys
    clerk: Person
    second: Person
    approver: Person

    def applicant(self, nth: int = 900, **given: Any) -> Applicant:
        """Return somebody new."""
        known = {
            "name": "张大爷",
            "id_number": id_number(nth),
            "phone": "13900001111",
            "address": "仙河镇 5 号",
        }
        return Applicant(**{**known, **given})

    async def apply(self, conn: Conn, **given: Any) -> UUID:
        """Apply for the scheme with all papers; for somebody new unless `elder` is given."""
        known: dict[str, Any] = {"scheme_code": SCHEME, "via": "clerk", "documents": PAPERS}
        if "elder" not in given:
            known["person"] = self.applicant()
        return await applications.apply(
            conn, self.keys, NewApplication(**{**known, **given}), self.clerk, NOW
        )

    async def elder(self, conn: Conn, grade: str | None = "moderate") -> UUID:
        """Make an elder of the district, graded."""
        elder = await make_elder(conn, self.keys, self.district)
        if grade:
            await self.graded(conn, elder, grade)
        return elder

    async def graded(self, conn: Conn, elder: UUID, grade: str = "moderate") -> None:
        """Record a grade of ability."""
        await conn.execute(
            "INSERT INTO grade (id, district_id, elder_id, scale, grade, valid_from, recorded_at)"
            " VALUES ($1, $2, $3, 'gbt_42195', $4, '2026-01-01', $5)",
            *(new_id(), self.district, elder, grade, NOW),
        )

    async def state(self, conn: Conn, application: UUID) -> Row:
        """Return an application as it is."""
        return await applications.find(conn, application)

    async def at_the_last_stage(self, conn: Conn, **given: Any) -> UUID:
        """Apply and examine."""
        application = await self.apply(conn, **given)
        await moving.pass_on(conn, application, self.clerk, NOW)
        return application


async def make_office(owner: Pool, worker: Pool, web: Pool, keys: Keys, code: str = "370503") -> Office:
    """Make the district with its office."""
    world = await make_world(owner, worker, keys, code)
    async with web.transaction(world.district) as conn:
        people = [await make_person(conn, world.district, role) for role in ("clerk", "clerk", "approver")]
    return Office(world.district, web, worker, keys, *people)
