"""A district with allowances, people who draw them, and who works on the lists."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from core import grades, person_facts
from core.accounts import Person
from core.crypto import Keys
from core.db import Conn, Pool, Row
from services import enrolments, schemes
from services.allowances import issuing, lists, payees
from services.allowances.payees import NewPayee
from tests import makers

DISABLED = """
code = "disabled_living"
version = 1
name = "困难残疾人生活补贴"
name_en = "Living allowance of disabled persons"
district = "370503"
kind = "allowance"
scale = "disability_certificate"
effective_from = 2021-01-01
sources = ["DOMAIN 3: 河口区"]

[who]
assistance = ["dibao", "tuopin"]

[rates]
1 = "220"
2 = "165"
3 = "125"
4 = "125"
"""
OLD_AGE = """
code = "old_age"
version = 1
name = "高龄津贴"
name_en = "Old-age allowance"
district = "370503"
kind = "allowance"
effective_from = 2021-01-01
needs_life_proof = true
assumptions = ["濮阳 publishes no rate: the amounts are of the tests"]

[who]
age_from = 80

[[amounts]]
amount = "300"
age_from = 100

[[amounts]]
amount = "100"
"""
CARE = """
code = "tekun_care"
version = 1
name = "特困照料护理"
name_en = "Care of persons in extreme hardship"
district = "370503"
kind = "allowance"
scale = "tekun_self_care"
effective_from = 2024-01-01

[who]
assistance = ["tekun"]

[suspension]
hospital = 0

[[amounts]]
amount = "501"
grades = ["dependent"]
place = ["scattered"]

[[amounts]]
amount = "286"
grades = ["partial"]
place = ["scattered"]

[[amounts]]
amount = "43"
grades = ["self"]
place = ["scattered"]

[[amounts]]
amount = "715"
grades = ["dependent"]
place = ["institution"]
"""
OCT, NOV, DEC = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)


def noon(day: date) -> datetime:
    """Return noon in Shanghai."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


@dataclass
class Payers:
    """What the tests need."""

    district: UUID
    pool: Pool
    keys: Keys
    staff: dict[str, Person] = field(default_factory=dict)

    async def person(
        self,
        scheme: str,
        since: date = date(2026, 1, 1),
        *,
        account: str | None = "6217000012340001234",
        **given: Any,
    ) -> UUID:
        """Make an enrolled elder; `grade` is (scale, grade), `facts` {kind: value}."""
        grade, facts = given.pop("grade", None), given.pop("facts", {})
        async with self.pool.transaction(self.district) as conn:
            elder = await makers.make_elder(conn, self.keys, self.district, **given)
            if grade:
                await self.graded(conn, elder, grade[0], grade[1], date(2021, 1, 1))
            for kind, value in facts.items():
                await self.fact(conn, elder, kind, value, date(2021, 1, 1))
            if account:
                new = NewPayee("老人", "self", "农村信用社", account)
                await payees.record(conn, self.keys, elder, new, self.staff["clerk"], makers.NOW)
            whose: dict[str, Any] = {"district": self.district, "elder": elder, "scheme_code": scheme}
            await enrolments.enrol(conn, **whose, valid_from=since, reason="applied", by=None, now=makers.NOW)
        return elder

    async def graded(self, conn: Conn, elder: UUID, scale: str, grade: str, since: date) -> None:
        whose: dict[str, Any] = {"district": self.district, "elder": elder, "source": None, "now": makers.NOW}
        await grades.record(conn, **whose, scale=scale, grade=grade, valid_from=since, valid_to=None)

    async def fact(self, conn: Conn, elder: UUID, kind: str, value: str, since: date) -> None:
        whose: dict[str, Any] = {
            "district": self.district,
            "elder": elder,
            "source": "clerk",
            "source_id": None,
        }
        await person_facts.record(
            conn, **whose, kind=kind, value=value, valid_from=since, valid_to=None, now=makers.NOW
        )

    async def run(self, scheme: str, month: date, now: datetime | None = None) -> UUID:
        """Open a month's list and compute it."""
        at = now or noon(month.replace(day=20))
        async with self.pool.transaction(self.district) as conn:
            found = await lists.open_(conn, self.district, scheme, month, self.staff["clerk"], at)
        await lists.tick(self.pool, at)
        return found

    async def issue(self, found: UUID, now: datetime = makers.NOW) -> Row:
        """Bring a list through both persons."""
        async with self.pool.transaction(self.district) as conn:
            await lists.check(conn, found, self.staff["clerk"], now)
            await lists.approve(conn, found, self.staff["approver"], now)
            return await issuing.issue(conn, found, self.staff["approver"], now)

    async def month(self, scheme: str, month: date) -> UUID:
        """Open, compute and issue a month's list."""
        found = await self.run(scheme, month)
        await self.issue(found, noon(month.replace(day=25)))
        return found

    async def told(self, found: UUID, elder: UUID) -> list[tuple[str, str, str, str | None]]:
        """Return a person's lines: kind, month, amount, change."""
        async with self.pool.transaction(self.district) as conn:
            rows = await lists.lines(conn, found, elder=elder)
        return [(row["kind"], f"{row['for_month']:%m}", str(row["amount"]), row["change"]) for row in rows]

    async def total(self, found: UUID) -> Decimal:
        async with self.pool.transaction(self.district) as conn:
            total: Decimal = (await lists.find(conn, found))["total"]
        return total


async def make(owner: Pool, worker: Pool, keys: Keys, **settings: Any) -> Payers:
    """Make the district with three allowances."""
    district = await makers.make_district(owner, "370503", **settings)
    world = Payers(district, worker, keys)
    async with worker.transaction(district) as conn:
        for role in ("clerk", "approver", "admin"):
            world.staff[role] = await makers.make_person(conn, district, role)
        for text in (DISABLED, OLD_AGE, CARE):
            await schemes.load(conn, district=district, district_code="370503", text=text, now=makers.NOW)
    return world
