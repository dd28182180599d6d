"""Budgets: a ceiling for a year, of all, a scheme, a service or both; set by two people, watched."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from core import audit, districts, events
from core.clock import local_date
from core.db import Conn, Pool, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load
from services.pricing import ZERO
from services.settlement import burning
from services.settlement.burning import Burn

SQL = load(__file__)
HEARERS = ("clerk", "auditor", "approver", "admin")


@dataclass(frozen=True, slots=True)
class Standing:
    """A budget with how it stands; `by_month` is (month, spent)."""

    row: Row
    burn: Burn
    by_month: tuple[tuple[date, Decimal], ...]


async def propose(
    conn: Conn,
    *,
    district: UUID,
    year: int,
    scheme: str | None,
    service: str | None,
    ceiling: Decimal,
    by: UUID,
    now: datetime,
) -> UUID:
    """Propose a ceiling in yuan; it counts when a second person signs it."""
    if ceiling <= ZERO:
        words = "ceiling: more than nothing"
        raise Invalid(words, [{"field": "ceiling", "code": "range", "message": words}])
    identity = new_id()
    await conn.execute(SQL.propose, identity, district, year, scheme, service, ceiling, by, now)
    await _note(conn, district, "budget.propose", identity, by, now)
    return identity


async def sign(conn: Conn, budget: UUID, by: UUID, now: datetime) -> None:
    """Sign a ceiling as the second person; the one in force before ends.

    Raises NotFound, or Conflict (same_person; budget_signed when it is in force or has ended).
    """
    row = await conn.fetchrow(SQL.find_budget, budget)
    if row is None:
        raise NotFound(f"no budget {budget}")
    if row["proposed_by"] == by:
        raise Conflict("who proposed it may not sign it", code="same_person")
    if row["signed_at"] is not None or row["ended_at"] is not None:
        raise Conflict("it is signed already", code="budget_signed")
    await conn.execute(SQL.lock_year, str(row["district_id"]), str(row["year"]))
    await conn.execute(SQL.end_earlier, row["year"], row["scheme_code"], row["service"], now)
    await conn.execute(SQL.sign, budget, by, now)
    await _note(conn, row["district_id"], "budget.sign", budget, by, now)


async def burn(conn: Conn, on: date) -> list[Standing]:
    """Return how every budget of a day's year stands, also those that wait for a second person."""
    rows = await conn.fetch(SQL.list_budgets, on.year)
    spent = await conn.fetch(SQL.list_spent, date(on.year, 1, 1), date(on.year, 12, 31)) if rows else []
    return [_standing(row, spent, on) for row in rows]


def _standing(row: Row, spent: list[Row], on: date) -> Standing:
    own = [
        one
        for one in spent
        if row["scheme_code"] in (None, one["scheme"]) and row["service"] in (None, one["service"])
    ]
    by_month: dict[date, Decimal] = {}
    for one in own:
        by_month[one["month"]] = by_month.get(one["month"], ZERO) + one["spent"]
    total = sum(by_month.values(), ZERO)
    return Standing(
        row, burning.burn(row["ceiling"], total, row["year"], on), tuple(sorted(by_month.items()))
    )


async def warnings(conn: Conn, year: int) -> list[Row]:
    """Return the warnings of a year, newest first."""
    return await conn.fetch(SQL.list_warnings, year)


async def watch(conn: Conn, district: UUID, now: datetime) -> int:
    """Warn of each budget in force that has passed a level; return how many warnings are new."""
    made = 0
    for one in await burn(conn, local_date(now)):
        if one.row["signed_at"] is None:
            continue
        for level in (
            level for level in burning.LEVELS if one.burn.level is not None and level <= one.burn.level
        ):
            values = (one.row["id"], district, level, one.burn.spent, one.burn.breaks_on, now)
            if await conn.fetchval(SQL.warn, *values) is None:
                continue
            made += 1
            subject = one.row["id"]
            await events.write(
                conn, district=district, kind="budget.warned", subject=subject, roles=HEARERS, at=now
            )
    return made


async def tick(pool: Pool, now: datetime) -> int:
    """Watch the budgets of every district; return how many warnings are new."""
    async with pool.transaction() as conn:
        every = await districts.ids(conn)
    made = 0
    for district in every:
        async with pool.transaction(district) as conn:
            made += await watch(conn, district, now)
    return made


async def _note(conn: Conn, district: UUID, action: str, budget: UUID, by: UUID, now: datetime) -> None:
    subject = {"action": action, "subject_kind": "budget", "subject": budget}
    await audit.record(conn, district=district, at=now, account=by, **subject)  # type: ignore[arg-type]
