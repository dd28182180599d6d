"""What changes after a visit has its claim: its proof, the grade of its day."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from core.db import Pool
from services import claims
from tests.makers import NOW
from tests.services.worlds import World, at, make_world


async def _deny(world: World, visit: UUID) -> None:
    async with world.worker.transaction(world.district) as conn:
        witnesses = [{"witness": "elder", "says": "contradicts", "code": "denied"}]
        await conn.execute(
            "UPDATE visit_proof SET verdict = 'contradicted', witnesses = $2 WHERE visit_id = $1",
            visit,
            witnesses,
        )


async def test_a_visit_that_the_family_denies_later_is_flagged_on_its_claim(world: World) -> None:
    elder = await world.elder("mild")
    visits = [await world.visit(elder, "bath", at(day)) for day in (2, 4)]
    assert await claims.tick(world.worker, NOW) == 2
    assert (await world.claim(visits[0]))["flags"] == []
    await _deny(world, visits[0])
    assert await claims.tick(world.worker, NOW) == 0
    assert (await world.claim(visits[0]))["flags"] == ["contradicted", "witness_elder"]
    assert (await world.claim(visits[1]))["flags"] == []
    async with world.worker.transaction(world.district) as conn:
        assert await conn.fetchval("SELECT count(*) FROM unpriced_visit") == 0


async def test_a_statement_that_is_no_draft_keeps_the_flags_it_was_checked_with(world: World) -> None:
    visit = await world.visit(await world.elder("mild"), "bath", at(2))
    await claims.tick(world.worker, NOW)
    async with world.worker.transaction(world.district) as conn:
        await conn.execute("UPDATE statement SET state = 'checked'")
    await _deny(world, visit)
    await claims.tick(world.worker, NOW)
    assert (await world.claim(visit))["flags"] == []


async def _regrade(world: World, elder: UUID, grade: str, day: int) -> None:
    since = date(2026, 11, day)
    async with world.worker.transaction(world.district) as conn:
        await world.grade(conn, elder, grade, since)
        await claims.reprice(conn, district=world.district, elder=elder, since=since)


async def test_what_was_paid_on_a_day_that_has_no_rate_any_more_still_uses_the_quota(
    pool_owner: Pool, pool_worker: Pool, keys: Any
) -> None:
    world = await make_world(pool_owner, pool_worker, keys, grade_fallback={})
    elder = await world.elder("mild")
    late = await world.visit(elder, "bath", at(20))
    await claims.tick(world.worker, NOW)
    await _regrade(world, elder, "total", 15)
    assert (await world.claim(late))["flags"] == ["no_rate"]
    early = [await world.visit(elder, "bath", at(day)) for day in (2, 3)]
    await claims.tick(world.worker, NOW)
    paid = [Decimal((await world.money(visit))[1]) for visit in (late, *early)]
    assert sum(paid) == Decimal("200.00")
    assert (await world.used(elder))[2] == "200.00"


async def test_the_flag_goes_when_the_day_has_a_rate_again(
    pool_owner: Pool, pool_worker: Pool, keys: Any
) -> None:
    world = await make_world(pool_owner, pool_worker, keys, grade_fallback={})
    elder = await world.elder("mild")
    late = await world.visit(elder, "bath", at(20))
    await claims.tick(world.worker, NOW)
    await _regrade(world, elder, "total", 15)
    await _regrade(world, elder, "severe", 18)
    row = await world.claim(late)
    assert (row["flags"], row["grade"]) == ([], "severe")
