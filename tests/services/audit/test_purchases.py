"""What was bought: right at any moment, whether the sums have been made or not."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from core import districts
from core.db import Conn, Pool
from services import claims, purchases
from services.purchases import Filter
from tests.makers import NOW, make_home
from tests.services.worlds import World, at

NOVEMBER = Filter(date(2026, 11, 1), date(2026, 11, 1))


@pytest.fixture
async def elders(world: World, pool_owner: Pool) -> list[UUID]:
    """Make two elders in two towns: baths for 80, meals for 15 and a walk for 30."""
    async with pool_owner.transaction() as conn:
        await districts.create_region(conn, "370503", "county", None)
        for nth in (1, 2):
            await districts.create_region(conn, f"37050300{nth}", f"town {nth}", "370503")
    async with world.worker.transaction(world.district) as conn:
        homes = [await _home(conn, world, f"37050300{nth}") for nth in (1, 2)]
    made = [
        await world.elder(grade, home=home) for grade, home in zip(("moderate", "severe"), homes, strict=True)
    ]
    await world.visit(made[0], "bath", at(2))
    await world.visit(made[0], "bath", at(4), "doubted")
    await world.visit(made[1], "meal", at(3))
    await world.visit(made[1], "walk", at(5))
    await claims.tick(world.worker, NOW)
    return made


async def _home(conn: Conn, world: World, code: str) -> UUID:
    home = await make_home(conn, world.keys, world.district)
    await conn.execute("UPDATE home SET region_code = $2 WHERE id = $1", home, code)
    return home


async def groups(world: World, by: purchases.By, wanted: Filter = NOVEMBER) -> list[tuple[Any, ...]]:
    async with world.worker.transaction(world.district) as conn:
        rows = await purchases.grouped(conn, wanted, by)
    return [(row["key"], row["name"], row["claims"], str(row["amount"]), row["flagged"]) for row in rows]


EXPECTED: dict[purchases.By, list[tuple[Any, ...]]] = {
    "month": [("2026-11", None, 4, "205.00", 1)],
    "town": [("370503001", "town 1", 2, "160.00", 1), ("370503002", "town 2", 2, "45.00", 0)],
    "service": [("bath", None, 2, "160.00", 1), ("walk", None, 1, "30.00", 0), ("meal", None, 1, "15.00", 0)],
    "grade": [("moderate", None, 2, "160.00", 1), ("severe", None, 2, "45.00", 0)],
}


@pytest.mark.parametrize("by", list(EXPECTED))
async def test_the_groups_add_up_before_the_tick_and_after_it(
    world: World, elders: list[UUID], by: purchases.By
) -> None:
    del elders
    assert await groups(world, by) == EXPECTED[by]
    assert await purchases.tick(world.worker, NOW) == 1
    assert await purchases.tick(world.worker, NOW) == 0
    assert await groups(world, by) == EXPECTED[by]


async def test_a_provider_and_a_scheme_are_named(world: World, elders: list[UUID]) -> None:
    del elders
    [(key, name, *_)] = await groups(world, "provider")
    assert (key, name) == (str(world.provider), "provider")
    [(code, scheme, *_)] = await groups(world, "scheme")
    assert code == "hekou_home_visits"
    assert scheme


async def test_a_claim_that_comes_after_the_tick_counts_at_once(world: World, elders: list[UUID]) -> None:
    await purchases.tick(world.worker, NOW)
    await world.visit(elders[0], "clean", at(6))
    await claims.tick(world.worker, NOW)
    assert (await groups(world, "month"))[0][2:4] == (5, "245.00")
    await purchases.tick(world.worker, NOW)
    assert (await groups(world, "month"))[0][2:4] == (5, "245.00")


@pytest.mark.parametrize("ticked", ["", "ticked"])
@pytest.mark.parametrize(
    ("more", "amount"),
    [
        ({"town": "370503002"}, "45.00"),
        ({"service": "bath"}, "160.00"),
        ({"grade": "severe", "service": "walk"}, "30.00"),
        ({"scheme": "hekou_home_visits"}, "205.00"),
        ({"scheme": ""}, "0.00"),
        ({"first": date(2026, 12, 1), "last": date(2026, 12, 1)}, "0.00"),
    ],
)
async def test_a_filter_gives_the_same_total_as_the_claims_behind_it(
    world: World, elders: list[UUID], more: dict[str, Any], amount: str, ticked: str
) -> None:
    del elders
    if ticked:
        await purchases.tick(world.worker, NOW)
    wanted = Filter(**{"first": NOVEMBER.first, "last": NOVEMBER.last, **more})
    async with world.worker.transaction(world.district) as conn:
        total = await purchases.total(conn, wanted)
        rows = await purchases.list_(conn, wanted)
    assert str(total["amount"]) == amount
    assert sum((row["amount"] for row in rows), Decimal("0.00")) == total["amount"]
    assert len(rows) == total["claims"]


async def test_a_page_of_claims_goes_on_where_the_last_one_ended(world: World, elders: list[UUID]) -> None:
    del elders
    async with world.worker.transaction(world.district) as conn:
        first = await purchases.list_(conn, NOVEMBER, limit=3)
        rest = await purchases.list_(conn, NOVEMBER, after=first[-1]["id"], limit=3)
    assert (len(first), len(rest)) == (3, 1)


async def test_what_a_filter_may_name_is_what_there_is(world: World, elders: list[UUID]) -> None:
    del elders
    await purchases.tick(world.worker, NOW)
    async with world.worker.transaction(world.district) as conn:
        rows = await purchases.choices(conn)
    assert [(row["kind"], row["key"]) for row in rows] == [
        ("provider", str(world.provider)),
        ("scheme", "hekou_home_visits"),
        ("town", "370503001"),
        ("town", "370503002"),
    ]
