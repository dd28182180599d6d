"""Verified visits become claims: by hand for Hekou, once, and anew when a grade changes."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from core.db import Pool
from core.errors import NotFound
from services import claims, contracts, schemes
from services.contracts import Price
from tests.makers import NOW
from tests.services.worlds import TEXT, World, at, make_world

MONTH = date(2026, 11, 1)


async def _subsidies(world: World, visits: list[UUID]) -> list[str]:
    return [(await world.money(visit))[1] for visit in visits]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"service": "comfort"}, "no_price"),
        ({"provider": None}, "no_provider"),
        ({"day": at(5, month=6) - timedelta(days=365)}, "no_contract"),
        ({"grade": None}, "no_grade"),
    ],
)
async def test_what_cannot_be_priced_is_shown_with_its_reason_and_tried_again(
    world: World, change: dict[str, Any], code: str
) -> None:
    elder = await world.elder(change.get("grade", "mild"), since=date(2024, 1, 1))
    given = {"provider": change["provider"]} if "provider" in change else {}
    visit = await world.visit(elder, change.get("service", "bath"), change.get("day", at(3)), **given)
    assert await claims.tick(world.worker, NOW) == 0
    async with world.worker.transaction(world.district) as conn:
        [row] = await claims.unpriced(conn)
    assert (row["visit_id"], row["code"], row["next_try_at"]) == (visit, code, NOW + claims.RETRY)


async def test_a_price_that_comes_later_prices_the_visit_on_the_next_try(world: World) -> None:
    elder = await world.elder("mild")
    visit = await world.visit(elder, "comfort", at(3))
    await claims.tick(world.worker, NOW)
    async with world.worker.transaction(world.district) as conn:
        price = [Price("comfort", "hour", Decimal("48.00"))]
        await contracts.create(
            conn,
            district=world.district,
            provider=world.provider,
            number="C-2",
            valid_from=date(2026, 2, 1),
            valid_to=None,
            prices=price,
        )
    assert await claims.tick(world.worker, NOW + timedelta(minutes=1)) == 0
    assert await claims.tick(world.worker, NOW + claims.RETRY) == 1
    assert await world.money(visit) == ("48.00", "0.00", "48.00")
    assert (await world.claim(visit))["explanation"][-1]["code"] == "service_not_covered"


async def test_a_grade_that_comes_later_prices_the_visit_at_the_next_tick(world: World) -> None:
    elder = await world.elder(None)
    visit = await world.visit(elder, "bath", at(3))
    await claims.tick(world.worker, NOW)
    async with world.worker.transaction(world.district) as conn:
        await world.grade(conn, elder, "mild", date(2026, 1, 1))
        await claims.reprice(conn, district=world.district, elder=elder, since=date(2026, 1, 1))
    assert await claims.tick(world.worker, NOW) == 1
    assert await world.money(visit) == ("80.00", "80.00", "0.00")


async def test_a_district_without_a_rate_for_total_leaves_the_visit_unpriced(
    pool_owner: Pool, pool_worker: Pool, keys: Any
) -> None:
    world = await make_world(pool_owner, pool_worker, keys, grade_fallback={})
    await world.visit(await world.elder("total"), "bath", at(3))
    await claims.tick(world.worker, NOW)
    async with world.worker.transaction(world.district) as conn:
        [row] = await claims.unpriced(conn)
    assert (row["code"], row["detail"]) == ("no_rate", {"scheme": "hekou_home_visits", "grade": "total"})


async def test_a_poisoned_row_is_postponed_and_holds_nobody_up(world: World) -> None:
    broken, whole = await world.elder("mild"), await world.elder("severe")
    async with world.worker.transaction(world.district) as conn:
        await conn.execute("UPDATE contract_price SET price = 9999999999.00 WHERE service = 'meal'")
    poisoned = await world.visit(broken, "meal", at(2))
    async with world.worker.transaction(world.district) as conn:
        await conn.execute("UPDATE visit SET record = '{\"meals\": 10}' WHERE id = $1", poisoned)
        await conn.execute("UPDATE contract_price SET unit = 'meal' WHERE service = 'meal'")
    fine = await world.visit(whole, "bath", at(3))
    assert await claims.tick(world.worker, NOW) == 1
    assert await world.money(fine) == ("80.00", "80.00", "0.00")
    async with world.worker.transaction(world.district) as conn:
        [row] = await claims.unpriced(conn)
    assert (row["visit_id"], row["code"], row["next_try_at"]) == (poisoned, "error", NOW + claims.RETRY)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("DELETE FROM enrolment", "not_enrolled"),
        ("UPDATE scheme SET effective_to = '2026-01-31'", "no_scheme"),
        ("UPDATE visit SET started_at = NULL", "no_times"),
    ],
)
async def test_what_is_missing_is_named(world: World, pool_owner: Pool, statement: str, code: str) -> None:
    await world.visit(await world.elder("mild"), "bath", at(3))
    async with pool_owner.transaction(world.district) as conn:
        await conn.execute(statement)
    assert await claims.tick(world.worker, NOW) == 0
    async with world.worker.transaction(world.district) as conn:
        [row] = await claims.unpriced(conn)
    assert row["code"] == code


async def test_a_person_whom_the_scheme_does_not_cover_pays(world: World, pool_owner: Pool) -> None:
    visit = await world.visit(await world.elder("mild"), "bath", at(3))
    async with pool_owner.transaction(world.district) as conn:
        await conn.execute("DELETE FROM visit_proof")
    narrow = TEXT.replace("version = 1", "version = 2").replace('["general", ', "[")
    narrow = narrow.replace("effective_from = 2021-01-01", "effective_from = 2026-11-01")
    async with world.worker.transaction(world.district) as conn:
        await schemes.load(conn, district=world.district, district_code="370503", text=narrow, now=NOW)
    await claims.tick(world.worker, NOW)
    row = await world.claim(visit)
    assert (str(row["copay"]), row["explanation"][-1]["code"]) == ("80.00", "category_not_covered")
    assert row["flags"] == ["no_proof"]


async def test_a_visit_that_has_its_claim_is_only_forgotten(world: World) -> None:
    visit = await world.visit(await world.elder("mild"), "bath", at(3))
    await claims.tick(world.worker, NOW)
    async with world.worker.transaction(world.district) as conn:
        await conn.execute("UPDATE visit SET state = 'verified' WHERE id = $1", visit)
        assert await conn.fetchval("SELECT count(*) FROM unpriced_visit") == 1
    assert await claims.tick(world.worker, NOW) == 0
    async with world.worker.transaction(world.district) as conn:
        assert await conn.fetchval("SELECT count(*) FROM unpriced_visit") == 0
    with pytest.raises(NotFound):
        async with world.worker.transaction(world.district) as conn:
            await claims.find(conn, visit)
