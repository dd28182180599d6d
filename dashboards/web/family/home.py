"""What a family sees of their own elder."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from core import people
from core.clock import local_date
from core.db import Row
from core.errors import Forbidden, NotFound
from core.sql import load
from dashboards.auth import Scope
from dashboards.web import charts, readings
from dashboards.web.charts import Chart
from dashboards.web.family.wellbeing import Wellbeing, judge
from gateway import states

SQL = load(__file__)
DAY = timedelta(days=1)
LATELY = timedelta(days=14)
PAST, AHEAD = timedelta(days=14), timedelta(days=14)
EARLIER = timedelta(hours=12)
"""A visit that should be over may still be under way."""
ZERO = Decimal(0)


@dataclass(frozen=True)
class Home:
    """One elder's page."""

    elder: Row
    well: Wellbeing
    cases: list[dict[str, Any]]
    phone: str


def member_of(scope: Scope) -> UUID:
    """Return the family member that the account belongs to."""
    if scope.person.family_member_id is None:
        raise Forbidden("this account belongs to no family member")
    return scope.person.family_member_id


async def elders(scope: Scope) -> list[Row]:
    """Return the family member's own elders."""
    return await people.elders_of_family(scope.conn, member_of(scope))


async def name_of(scope: Scope, elder: UUID) -> Row:
    """Return one of the family member's own elders, or raise NotFound."""
    found = next((row for row in await elders(scope) if row["id"] == elder), None)
    if found is None:
        raise NotFound(f"no elder {elder}")
    return found


async def find(scope: Scope, elder: UUID) -> Home:
    """Return how an own elder is and what happened lately; anybody else's: NotFound."""
    conn, now = scope.conn, scope.now
    row = await conn.fetchrow(SQL.find_elder, elder, member_of(scope), local_date(now))
    if row is None:
        raise NotFound(f"no elder {elder}")
    cases = await conn.fetch(SQL.list_cases, elder, now - LATELY)
    steps = await conn.fetch(SQL.list_steps, [case["id"] for case in cases]) if cases else []
    known = await states.of(conn, row["devices"]) if row["devices"] else []
    sealed = row["provider_phone"]
    return Home(
        elder=row,
        well=judge(known, cases, row["absence"], now),
        cases=[{**case, "steps": [s for s in steps if s["case_id"] == case["id"]]} for case in cases],
        phone=scope.keys.open(scope.person.district_id, sealed) if sealed else "",
    )


async def last_day(scope: Scope, elder: Row) -> Chart:
    """Return the last day of vital signs."""
    since = scope.now - DAY
    rows = await readings.between(scope.conn, elder["devices"], since, scope.now)
    return charts.vitals(rows, since, scope.now, frame=charts.NARROW)


async def visits(scope: Scope, elder: UUID) -> dict[str, list[Row]]:
    """Return visits coming (the next first) and past (the latest first)."""
    conn, now = scope.conn, scope.now
    return {
        "coming": await conn.fetch(SQL.list_coming, elder, now - EARLIER, now + AHEAD),
        "past": await conn.fetch(SQL.list_past, elder, now - PAST, now + DAY),
    }


async def bill(scope: Scope, elder: UUID, month: date) -> dict[str, Any]:
    """Return a month's lines and their sums, and what is left of the month's subsidy."""
    lines = await scope.conn.fetch(SQL.list_bill, elder, month)
    return {
        "lines": lines,
        "entitlements": await scope.conn.fetch(SQL.list_entitlements, elder, month),
        "amount": sum((line["amount"] for line in lines), ZERO),
        "subsidy": sum((line["subsidy"] for line in lines), ZERO),
        "copay": sum((line["copay"] for line in lines), ZERO),
    }
