"""While no gateway listened nobody was silent: an outage is not the devices' doing."""

from datetime import timedelta

from gateway import deafness
from gateway.rules.silence import unheard
from tests.gateway.test_sweep import tick
from tests.gateway.worlds import Device, World, add_device
from tests.makers import NOW

MINUTE = timedelta(minutes=1)
OUTAGE = timedelta(hours=3)


async def listen(world: World, at: timedelta) -> None:
    async with world.pool_gateway.transaction() as conn:
        await deafness.listen(conn, NOW + at)


async def silent(world: World) -> int:
    return len(await world.rows("SELECT 1 FROM alarm WHERE type = 'silent'"))


async def test_an_outage_makes_nobody_silent_before_and_after_the_return_is_noted(
    world: World, mat: Device
) -> None:
    await world.hear(mat.says(heart_rate=70), now=NOW)
    await listen(world, timedelta(0))
    await tick(world, NOW + OUTAGE)
    assert await silent(world) == 0
    await listen(world, OUTAGE)
    await tick(world, NOW + OUTAGE + 14 * MINUTE)
    assert await silent(world) == 0
    await listen(world, OUTAGE + 15 * MINUTE - timedelta(seconds=9))
    async with world.pool_gateway.transaction() as conn:
        assert len(await deafness.spans(conn, NOW + OUTAGE + 15 * MINUTE)) == 2


async def test_who_was_silent_before_the_outage_is_raised_and_who_stays_silent_after_it(
    world: World, mat: Device
) -> None:
    other = await add_device(world, "care_bed_v1")
    await world.hear(mat.says(heart_rate=70), now=NOW)
    await world.hear(other.says(heart_rate=70), now=NOW + 10 * MINUTE)
    await listen(world, 16 * MINUTE)
    await listen(world, 16 * MINUTE + OUTAGE)
    await tick(world, NOW + 16 * MINUTE + OUTAGE)
    assert await silent(world) == 1
    async with world.pool_gateway.transaction() as conn:
        for nth in range(20):
            await deafness.listen(conn, NOW + OUTAGE + 16 * MINUTE + nth * MINUTE / 2)
    await tick(world, NOW + OUTAGE + 26 * MINUTE)
    assert await silent(world) == 2


async def test_a_short_gap_is_no_deafness_and_an_old_one_is_forgotten(world: World) -> None:
    for seconds in (0, 3, 50, 200, 203):
        await listen(world, timedelta(seconds=seconds))
    async with world.pool_gateway.transaction() as conn:
        now = NOW + timedelta(seconds=203)
        long = [(NOW + timedelta(seconds=50), NOW + timedelta(seconds=200))]
        assert await deafness.spans(conn, now) == long
        await deafness.listen(conn, NOW)
        assert await deafness.spans(conn, now) == long
        await deafness.forget(conn, now + deafness.RETENTION)
        assert await deafness.spans(conn, now) == []


def test_what_two_spans_share_counts_once_and_what_lies_outside_not_at_all() -> None:
    spans = [
        (NOW, NOW + 10 * MINUTE),
        (NOW + 5 * MINUTE, NOW + 20 * MINUTE),
        (NOW + 50 * MINUTE, NOW + OUTAGE),
    ]
    assert unheard(spans, NOW + 2 * MINUTE, NOW + 55 * MINUTE) == 23 * MINUTE
    assert unheard(spans, NOW + 20 * MINUTE, NOW + 50 * MINUTE) == timedelta(0)
