"""Schemes in the database: versions, never edited."""

from datetime import date

import pytest

from core.errors import Conflict, Invalid
from services import claims, schemes
from tests.makers import NOW
from tests.services.worlds import TEXT, World, at

SECOND = (
    TEXT.replace("version = 1", "version = 2")
    .replace("effective_from = 2021-01-01", "effective_from = 2026-11-01")
    .replace('mild = "200.00"', 'mild = "240.00"')
)


async def load(world: World, text: str) -> None:
    async with world.worker.transaction(world.district) as conn:
        await schemes.load(conn, district=world.district, district_code="370503", text=text, now=NOW)


async def test_the_same_file_again_changes_nothing(world: World) -> None:
    await load(world, TEXT)
    async with world.worker.transaction(world.district) as conn:
        assert len(await schemes.list_(conn)) == 1


async def test_other_text_under_the_same_version_is_refused(world: World) -> None:
    with pytest.raises(Conflict, match="new version"):
        await load(world, TEXT.replace('mild = "200.00"', 'mild = "240.00"'))


async def test_another_districts_scheme_is_refused(world: World) -> None:
    with pytest.raises(Invalid, match="district 341302"):
        await load(world, TEXT.replace('district = "370503"', 'district = "341302"'))


async def test_a_new_version_ends_the_old_one_and_each_prices_its_own_days(world: World) -> None:
    await load(world, SECOND)
    elder = await world.elder("mild")
    visits = [
        await world.visit(elder, "bath", at(day, month=month)) for month in (10, 11) for day in (2, 4, 6)
    ]
    await claims.tick(world.worker, NOW)
    money = [(await world.money(visit))[1] for visit in visits]
    assert money == ["80.00", "80.00", "40.00", "80.00", "80.00", "80.00"]
    async with world.worker.transaction(world.district) as conn:
        rows = await schemes.list_(conn)
    assert [(row["version"], row["effective_to"]) for row in rows] == [(2, None), (1, date(2026, 10, 31))]
