"""A small district with a provider, a contract, the scheme of Hekou and elders of any grade."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from core import grades
from core.crypto import Keys
from core.db import Conn, Pool
from core.ids import new_id
from dispatch import providers
from services import claims, contracts, entitlements, policy, schemes
from services.contracts import Price
from tests import makers

TEXT = (Path(policy.__file__).parents[1] / "data" / "schemes" / "hekou_home_visits.toml").read_text("utf-8")
PRICES = {"meal": "15", "bath": "80", "clean": "40", "walk": "30", "medical": "60", "emergency": "60"}
VISIT = """INSERT INTO visit (id, district_id, elder_id, service, state, window_start, window_end, minutes,
                              provider_id, funding, wanted_at, started_at, ended_at, record)
           VALUES ($1, $2, $3, $4, 'completed', $5, $6, 60, $7, $8, $5, $5, $6, '{}')"""
PROOF = """INSERT INTO visit_proof (visit_id, district_id, verdict, elements, witnesses, decided_at)
           VALUES ($1, $2, $3, $4, $5, $6)"""


@dataclass
class World:
    """What the tests need."""

    district: UUID
    provider: UUID
    worker: Pool
    keys: Keys

    async def elder(self, grade: str | None, since: date = date(2026, 1, 1), **given: Any) -> UUID:
        """Make an enrolled elder; `grade` None: not graded."""
        async with self.worker.transaction(self.district) as conn:
            elder = await makers.make_elder(conn, self.keys, self.district, **given)
            if grade:
                await self.grade(conn, elder, grade, since)
            await entitlements.enrol(
                conn, district=self.district, elder=elder, scheme_code="hekou_home_visits", valid_from=since
            )
        return elder

    async def grade(self, conn: Conn, elder: UUID, grade: str, since: date) -> None:
        await grades.record(
            conn,
            district=self.district,
            elder=elder,
            scale="gbt_42195",
            grade=grade,
            valid_from=since,
            valid_to=None,
            source=None,
            now=makers.NOW,
        )

    async def visit(
        self, elder: UUID, service: str, at: datetime, verdict: str = "proven", **given: Any
    ) -> UUID:
        """Make a verified visit of an hour."""
        visit, end = new_id(), at + timedelta(minutes=given.get("minutes", 60))
        provider, funding = given.get("provider", self.provider), given.get("funding", "subsidy")
        async with self.worker.transaction(self.district) as conn:
            await conn.execute(VISIT, visit, self.district, elder, service, at, end, provider, funding)
            elements = given.get("elements", {"place": {"ok": verdict == "proven", "code": "x"}})
            witnesses = given.get("witnesses", [])
            await conn.execute(PROOF, visit, self.district, verdict, elements, witnesses, end)
            await conn.execute("UPDATE visit SET state = 'verified' WHERE id = $1", visit)
        return visit

    async def claim(self, visit: UUID) -> dict[str, Any]:
        """Return the visit's claim."""
        async with self.worker.transaction(self.district) as conn:
            [row] = await claims.list_(conn, visit_id=visit)
        return dict(row)

    async def money(self, visit: UUID) -> tuple[str, str, str]:
        """Return amount, subsidy and copay of a visit's claim."""
        row = await self.claim(visit)
        return str(row["amount"]), str(row["subsidy"]), str(row["copay"])

    async def used(self, elder: UUID, month: date = date(2026, 11, 1)) -> tuple[str, str, str]:
        """Return grade, quota and use of a month."""
        async with self.worker.transaction(self.district) as conn:
            [row] = await entitlements.of_month(conn, elder, month)
        return row["grade"], str(row["quota"]), str(row["used"])


async def make_world(owner: Pool, worker: Pool, keys: Keys, code: str = "370503", **settings: Any) -> World:
    """Make the district."""
    district = await makers.make_district(owner, code, **settings)
    async with worker.transaction(district) as conn:
        provider = await providers.create(
            conn, keys, district=district, name="provider", phone=None, now=makers.NOW
        )
        await contracts.create(
            conn,
            district=district,
            provider=provider,
            number="C-1",
            valid_from=date(2026, 1, 1),
            valid_to=None,
            prices=[Price(service, "visit", Decimal(price)) for service, price in PRICES.items()],
        )
        text = TEXT.replace('district = "370503"', f'district = "{code}"')
        await schemes.load(conn, district=district, district_code=code, text=text, now=makers.NOW)
    return World(district, provider, worker, keys)


def at(day: int, hour: int = 10, month: int = 11) -> datetime:
    """Return an hour of a local day of 2026, in UTC."""
    return datetime(2026, month, day, hour, tzinfo=UTC) - timedelta(hours=8)
