"""Figures counted from rows, listed one by one, frozen when published."""

from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import pytest

from core.db import Pool
from core.errors import Conflict, NotFound
from services import claims
from services.indicators import counting, definitions, freezing, listing, reports
from services.indicators.definitions import period
from tests.makers import NOW, make_person
from tests.services.worlds import World, at

HALF = period("2026H2")
AFTER = datetime(2027, 1, 5, 2, tzinfo=UTC)


@pytest.fixture
async def counted(world: World, pool_web: Pool) -> dict[tuple[str, str], dict[str, Any]]:
    """Two people: four baths (320, of it 260 paid, one doubted), one meal (15); one meal in May."""
    moderate, severe = await world.elder("moderate"), await world.elder("severe")
    for day in (2, 4, 6, 8):
        await world.visit(moderate, "bath", at(day), "doubted" if day == 8 else "proven")
    await world.visit(severe, "meal", at(3))
    await world.visit(severe, "meal", at(3, month=5))
    await claims.tick(world.worker, NOW)
    async with pool_web.transaction(world.district) as conn:
        rows = await counting.rows(conn, HALF)
    return {(row["code"], row["split"]): row for row in rows}


async def test_people_times_and_money_are_counted_by_hand(counted: Any) -> None:
    said = {code: counted[code, ""]["shown"] for code, split in counted if split == ""}
    assert said["people_served"] == "2"
    assert said["person_times"] == "5"
    assert (said["spend_amount"], said["spend_subsidy"], said["spend_copay"]) == ("335.00", "275.00", "60.00")
    assert said["spend_cumulative"] == "290.00"
    assert said["proven_share"] == "80.0"


async def test_parts_add_up_and_the_last_half_stands_beside(counted: Any) -> None:
    assert counted["times_by_service", "bath"]["shown"] == "4"
    assert counted["people_by_grade", "severe"]["shown"] == "1"
    assert counted["spend_by_grade", "moderate"]["shown"] == "260.00"
    assert counted["person_times", ""]["before"]["shown"] == "1"
    assert counted["spend_subsidy", ""]["before"]["shown"] == "15.00"


async def test_where_nothing_was_asked_no_share_is_made_up(counted: Any) -> None:
    assert counted["satisfaction", ""]["shown"] is None
    assert counted["complaints", ""]["shown"] == "0"


async def test_every_list_is_as_long_as_its_figure(world: World, pool_web: Pool, counted: Any) -> None:
    each = [
        (one, split) for one in definitions.all_() if one.lists for code, split in counted if code == one.code
    ]
    by_persons = {"allowance_people", "meal_people", "call_people"}  # their lists have a line each time
    async with pool_web.transaction(world.district) as conn:
        for indicator, split in each:
            rows = await listing.list_(conn, indicator.code, split, HALF)
            figure = counted[indicator.code, split]
            if indicator.unit in {"persons", "times", "count"} and indicator.code not in by_persons:
                met = (
                    [row for row in rows if row["counts"]]
                    if indicator.code in {"enrolled", "bed_people"}
                    else rows
                )
                assert (indicator.code, split, str(len(met))) == (indicator.code, split, figure["shown"])
        with pytest.raises(NotFound):
            await listing.list_(conn, "spend_cumulative", "", HALF)


async def test_a_published_report_keeps_its_figures(world: World, pool_web: Pool, counted: Any) -> None:
    async with pool_web.transaction(world.district) as conn:
        by = await make_person(conn, world.district, "clerk")
        first = await reports.publish(conn, HALF, by, AFTER)
    await world.visit(await world.elder("mild"), "meal", at(9))
    await claims.tick(world.worker, NOW)
    async with pool_web.transaction(world.district) as conn:
        second = await reports.publish(conn, HALF, by, AFTER)
        one, two = await reports.find(conn, first), await reports.find(conn, second)
        assert [row["number"] for row in await reports.list_(conn)] == [2, 1]
    served = [
        next(row["shown"] for row in each["figures"] if row["code"] == "people_served") for each in (one, two)
    ]
    assert served == [counted["people_served", ""]["shown"], "3"]
    assert one["sha256"] == freezing.sha256(date(2026, 7, 1), date(2026, 12, 31), 1, one["figures"])


async def test_a_period_that_is_not_over_is_not_published(world: World, pool_web: Pool) -> None:
    async with pool_web.transaction(world.district) as conn:
        by = await make_person(conn, world.district, "clerk")
        with pytest.raises(Conflict):
            await reports.publish(conn, HALF, by, datetime(2026, 12, 31, 15, 59, tzinfo=UTC))
        with pytest.raises(NotFound):
            await reports.find(conn, by.account_id)


async def test_nobody_changes_a_published_report(world: World, pool_owner: Pool, pool_web: Pool) -> None:
    async with pool_web.transaction(world.district) as conn:
        by = await make_person(conn, world.district, "clerk")
        await reports.publish(conn, HALF, by, AFTER)
    with pytest.raises(asyncpg.RaiseError):
        async with pool_owner.transaction(world.district) as conn:
            await conn.execute("UPDATE report SET sha256 = 'x'")
