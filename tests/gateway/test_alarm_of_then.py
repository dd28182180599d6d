"""An alarm that a device kept while it could not speak belongs to the bed of then."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from devices import care_beds, registry
from tests.gateway.worlds import Device, World
from tests.makers import NOW, make_elder, make_home

HOUR = timedelta(hours=1)


@pytest.fixture
async def other_bed(world: World, mat: Device) -> UUID:
    """Move the mat to another elder's bed three hours later, after an hour at none."""
    async with world.pool_owner.transaction(world.district) as conn:
        home = await make_home(conn, world.keys, world.district)
        elder = await make_elder(conn, world.keys, world.district, home)
        bed = await care_beds.create(
            conn,
            district=world.district,
            elder=elder,
            home=home,
            label="other bed",
            enrolled_on=date(2026, 1, 1),
        )
        await registry.bind(conn, mat.id, None, None, NOW + 2 * HOUR)
        await registry.bind(conn, mat.id, bed, None, NOW + 3 * HOUR)
    return bed


async def bed_of(world: World, mat: Device, at: timedelta, *, historical: bool) -> UUID | None:
    """Raise an alarm observed then, heard four hours later; return its bed."""
    said = mat.alarms(at=NOW + at, historical=historical)
    await world.hear(said, now=NOW + 4 * HOUR)
    (row,) = await world.rows("SELECT care_bed_id, elder_id FROM alarm")
    assert (row["care_bed_id"] is None) == (row["elder_id"] is None)
    found: UUID | None = row["care_bed_id"]
    return found


async def test_a_buffered_alarm_from_before_a_move_is_of_the_bed_of_then(
    world: World, mat: Device, other_bed: UUID
) -> None:
    assert await bed_of(world, mat, HOUR, historical=True) == world.bed != other_bed


async def test_one_from_after_the_move_is_of_the_new_bed(world: World, mat: Device, other_bed: UUID) -> None:
    assert await bed_of(world, mat, 3.5 * HOUR, historical=True) == other_bed


@pytest.mark.usefixtures("other_bed")
async def test_one_from_between_is_of_nobody(world: World, mat: Device) -> None:
    assert await bed_of(world, mat, 2.5 * HOUR, historical=True) is None


@pytest.mark.usefixtures("other_bed")
async def test_one_from_before_it_was_ever_bound_is_of_its_first_bed(world: World, mat: Device) -> None:
    assert await bed_of(world, mat, -HOUR, historical=True) == world.bed


async def test_a_live_alarm_is_of_the_bed_of_now_whatever_its_clock_says(
    world: World, mat: Device, other_bed: UUID
) -> None:
    assert await bed_of(world, mat, HOUR, historical=False) == other_bed
