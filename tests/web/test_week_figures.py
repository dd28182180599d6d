"""A week in figures: a page, a file, and who already knew whom."""

from datetime import datetime, timedelta

import pytest
from fastapi import FastAPI

from core.accounts import Person
from core.clock import at_local
from dashboards.web.provider import figures
from tests.dashboards.clients import client_of
from tests.dispatch.errands import accepted, want
from tests.dispatch.worlds import World, make_caregiver
from tests.makers import NOW, make_person

DAY = timedelta(days=1)
MONDAY = at_local(NOW.date() - timedelta(days=NOW.weekday()), "00:00")


@pytest.fixture
async def manager(world: World) -> Person:
    async with world.web.transaction(world.district) as conn:
        return await make_person(conn, world.district, "provider_manager", provider=world.provider)


async def made(world: World, carer: Person, at: datetime) -> None:
    """Have a visit made at a time."""
    visit = await want(world, window_start=at, window_end=at + timedelta(hours=1), provider_id=world.provider)
    async with world.web.transaction(world.district) as conn:
        await conn.execute(
            "UPDATE visit SET state = 'completed', caregiver_id = $2, started_at = $3, ended_at = $4"
            " WHERE id = $1",
            *(visit, carer.caregiver_id, at, at + timedelta(minutes=30)),
        )


async def known(world: World) -> dict[str, tuple[int, int]]:
    """Return of each caregiver how many visits of the week there were, and at how many known elders."""
    async with world.web.transaction(world.district) as conn:
        rows = await conn.fetch(figures.SQL.list_week, None, MONDAY, MONDAY + 7 * DAY, 1.3)
    return {row["name"]: (row["visits"], row["known"]) for row in rows}


async def test_the_weeks_figures_are_a_page_and_a_file(app: FastAPI, world: World, manager: Person) -> None:
    carer = await make_caregiver(world, "Wang")
    await accepted(world, carer, provider_id=world.provider)
    async with await client_of(app, manager) as client:
        page = await client.get("/provider/figures?week=2026-11-18")
        sheet = await client.get("/provider/figures.csv?week=2026-11-18")
        odd = await client.get("/provider/figures?week=1900-01-01")
    assert "Wang" in page.text
    assert sheet.text.splitlines()[1].startswith("Wang,provider,12.0,1.0,")
    assert odd.status_code == 200


async def test_a_caregiver_knows_an_elder_after_the_first_visit_and_for_90_days(world: World) -> None:
    ann, bo, cai = [await make_caregiver(world, name) for name in ("Ann", "Bo", "Cai")]
    for day in (0, 1, 3):
        await made(world, ann, MONDAY + day * DAY + timedelta(hours=9))
    await made(world, bo, MONDAY - 80 * DAY)
    await made(world, bo, MONDAY + 2 * DAY)
    await made(world, cai, MONDAY - 89 * DAY)
    for day in (0, 4):
        await made(world, cai, MONDAY + day * DAY + timedelta(hours=15))
    assert await known(world) == {"Ann": (3, 2), "Bo": (1, 1), "Cai": (2, 2)}


async def test_whom_a_caregiver_saw_too_long_ago_is_not_known(world: World) -> None:
    ann = await make_caregiver(world, "Ann")
    await made(world, ann, MONDAY - 88 * DAY)
    await made(world, ann, MONDAY + 4 * DAY)
    assert await known(world) == {"Ann": (1, 0)}
