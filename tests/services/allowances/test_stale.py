"""What is recorded while a list is computed, or after it, is not paid over: the list is made again."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import Conflict
from services import deaths
from services.allowances import computing, corrections, lists
from tests.services.allowances.payers import DEC, NOV, OCT, Payers, noon

CERTIFICATE = "disability_certificate"
POOR = {"assistance": "dibao"}


async def test_a_death_between_two_pages_of_a_killed_run_is_not_paid(world: Payers) -> None:
    first, _ = sorted([await world.person("old_age"), await world.person("old_age")])
    clerk, begun = world.staff["clerk"], noon(date(2026, 11, 20))
    async with world.pool.transaction(world.district) as conn:
        found = await lists.open_(conn, world.district, "old_age", NOV, clerk, begun)
        row = await conn.fetchrow(lists.SQL.take_running)
        assert row is not None
        await computing.page(conn, row, await lists.facts_of(conn, row), begun, 1)
    async with world.pool.transaction(world.district) as conn:
        await deaths.record(conn, first, date(2026, 10, 9), clerk, noon(date(2026, 11, 21)))
    await lists.tick(world.pool, noon(date(2026, 11, 22)))
    with pytest.raises(Conflict) as error:
        await world.issue(found, noon(date(2026, 11, 23)))
    assert error.value.code == "list_stale"
    async with world.pool.transaction(world.district) as conn:
        await lists.reopen(conn, found, clerk, noon(date(2026, 11, 23)))
    await lists.tick(world.pool, noon(date(2026, 11, 23)))
    await world.issue(found, noon(date(2026, 11, 24)))
    assert await world.total(found) == Decimal("100.00")


async def test_a_correction_made_beside_computed_arrears_is_not_paid_too(world: Payers) -> None:
    elder = await world.person("disabled_living", grade=(CERTIFICATE, "3"), facts=POOR)
    october = await world.month("disabled_living", OCT)  # 125 yuan
    async with world.pool.transaction(world.district) as conn:
        await world.graded(conn, elder, CERTIFICATE, "2", OCT)
    found = await world.run("disabled_living", NOV)
    assert ("arrears", "10", "40.00", None) in await world.told(found, elder)
    later = noon(date(2026, 11, 22))
    async with world.pool.transaction(world.district) as conn:
        [line] = await lists.lines(conn, october, elder=elder)
        await corrections.correct(
            conn, line["id"], Decimal("40.00"), "underpaid", world.staff["clerk"], later
        )
    with pytest.raises(Conflict) as error:
        await world.issue(found, later)
    assert error.value.code == "list_stale"
    async with world.pool.transaction(world.district) as conn:
        await lists.reopen(conn, found, world.staff["clerk"], later)
    await lists.tick(world.pool, later)
    told = [("regular", "11", "165.00", "changed"), ("correction", "10", "40.00", None)]
    assert await world.told(found, elder) == told
    await world.issue(found, later)
    december = await world.run("disabled_living", DEC)
    assert await world.told(december, elder) == [("regular", "12", "165.00", "same")]
