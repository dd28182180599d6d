"""The settlement run and the slow calculator say the same of every visit, to the fen, on a real database.

Random people and visits of three months, priced by the month's run. More of them: ORACLE_ELDERS=10000.
"""

import os
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core.ids import new_id
from services.settlement import runs
from tests.makers import id_number, make_elder
from tests.oracle.people import people
from tests.oracle.shapes import Person, fen
from tests.oracle.visits import price, read
from tests.services.worlds import PRICES, World

ELDERS = int(os.environ.get("ORACLE_ELDERS", "150"))
HEKOU = Path("services/data/schemes/hekou_home_visits.toml")
FIRST, LAST = date(2026, 3, 1), date(2026, 5, 31)
AFTER = datetime(2026, 7, 1, tzinfo=UTC)
ZONE_HOURS = timedelta(hours=8)
VISIT = """INSERT INTO visit (id, district_id, elder_id, service, state, window_start, window_end, minutes,
                              provider_id, funding, wanted_at, started_at, ended_at, record)
           VALUES ($1, $2, $3, $4, 'verified', $5, $6, $7, $8, 'subsidy', $5, $5, $6, '{}')"""
GRADE = """INSERT INTO grade (id, district_id, elder_id, scale, grade, valid_from, valid_to, recorded_at)
  VALUES ($1, $2, $3, 'gbt_42195', $4, $5, $6, $7)"""
ENROL = """INSERT INTO enrolment (id, district_id, elder_id, scheme_code, valid_from, valid_to)
  VALUES ($1, $2, $3, 'hekou_home_visits', $4, $5)"""


@pytest.fixture
async def crowd(world: World) -> tuple[list[Person], dict[int, UUID]]:
    """Store the people; their units are hours in quarters for baths, one for everything else."""
    prices = {service: fen(amount) for service, amount in PRICES.items()}
    found = list(people(20_260_301, ELDERS, FIRST, LAST, prices))
    ids: dict[int, UUID] = {}
    async with world.worker.transaction(world.district) as conn:
        await conn.execute("UPDATE contract_price SET unit = 'hour' WHERE service = 'bath'")
        for person in found:
            born = date(1930, 1, 1) + timedelta(days=person.number)  # an identity number of their own each
            given: dict[str, Any] = {"born_on": born, "id_number": id_number(person.number, born)}
            elder = await make_elder(conn, world.keys, world.district, **given)
            await store(conn, world, elder, person, ids)
    return found, ids


async def store(conn: Any, world: World, elder: UUID, person: Person, ids: dict[int, UUID]) -> None:
    own = (world.district, elder)
    await conn.execute("UPDATE elder SET died_on = $2 WHERE id = $1", elder, person.died)
    for span in person.grades:
        await conn.execute(GRADE, new_id(), *own, span.word, span.first, span.last, AFTER)
    for span in person.enrolled:
        await conn.execute(ENROL, new_id(), *own, span.first, span.last)
    for visit in person.visits:
        ids[visit.number] = new_id()
        begins = (visit.began - ZONE_HOURS).replace(tzinfo=UTC)
        quarters = max(round(visit.units * 4), 1) if visit.service == "bath" else 4
        visit.units = Fraction(quarters, 4)  # a bath has an hour's price; everything else is one
        minutes = int(visit.units * 60)
        ends = begins + timedelta(minutes=minutes)
        about = (visit.service, begins, ends, minutes, world.provider)
        await conn.execute(VISIT, ids[visit.number], *own, *about)


async def test_ten_thousand_random_elders_are_priced_alike(
    world: World, crowd: tuple[list[Person], dict[int, UUID]]
) -> None:
    """(So many with ORACLE_ELDERS; fewer in the usual run.)"""
    found, ids = crowd
    for month in (date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)):
        async with world.worker.transaction(world.district) as conn:
            run = await runs.start(conn, district=world.district, month=month, step="draft", now=AFTER)
        await runs.work(world.worker, world.district, run, lambda: AFTER)
    async with world.worker.transaction(world.district) as conn:
        rows = await conn.fetch("SELECT visit_id, amount, subsidy, copay, flags FROM claim")
    claimed = {row["visit_id"]: (row["amount"], row["subsidy"], row["copay"]) for row in rows}
    stopped = {row["visit_id"] for row in rows if "after_death" in row["flags"]}
    rules, differing, paid = read(HEKOU), [], 0
    for person in found:
        for number, line in price(person, rules, "severe").items():
            mine = tuple(Decimal(one) / 100 for one in (line.amount, line.subsidy, line.copay))
            theirs = claimed.get(ids[number])
            paid += line.subsidy > 0
            is_stopped = line.refused == "dead" and ids[number] in stopped  # asked, and the check refuses it
            if not is_stopped and not _same(line.refused, mine, theirs):
                differing.append((person, number, line, theirs))
    assert differing[:2] == []
    assert paid > ELDERS


def _same(refused: str | None, mine: tuple[Decimal, ...], theirs: tuple[Decimal, ...] | None) -> bool:
    """A visit that nobody subsidises has no claim, or one that the person pays."""
    if refused is None:
        return mine == theirs
    return theirs is None or theirs[1] == 0
