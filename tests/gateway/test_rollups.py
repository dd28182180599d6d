"""Readings by the hour and by the day: late, twice or out of order, the same rows stand there."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core import db
from gateway import readings, rollups
from tests.gateway.worlds import Device, World, add_device

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
"""Midnight in Shanghai."""
IN_BED, HEART = 1, 2
HOURS = (
    "SELECT device_no, metric, hour, low, high, mean, count, last, last_at, true_s, changes "
    "FROM ingest.reading_hour ORDER BY device_no, metric, hour"
)
DAYS = (
    "SELECT device_no, metric, day, low, high, mean, count, last, true_s, changes FROM ingest.reading_day "
    "ORDER BY device_no, metric, day"
)
Row = readings.ReadingRow


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


async def number_of(world: World, device: Device) -> int:
    (row,) = await world.rows("SELECT no FROM device WHERE id = $1", device.id)
    return int(row["no"])


async def store(world: World, rows: list[Row], now: datetime) -> None:
    """Store readings as the pipeline does."""
    async with world.pool_gateway.transaction() as conn:
        await readings.store(conn, rows, [])
        await rollups.mark_late(conn, ((no, when) for no, when, _, _ in rows), now)
        for no in {row[0] for row in rows}:
            await conn.execute(
                "INSERT INTO ingest.device_state (device_no, last_seen_at) VALUES ($1, $2) "
                "ON CONFLICT (device_no) DO UPDATE SET last_seen_at = greatest(device_state.last_seen_at, "
                "excluded.last_seen_at)",
                no,
                now,
            )


async def roll(world: World, now: datetime) -> int:
    return await rollups.tick(world.pool_gateway, ZONE, now)


@pytest.fixture
async def no(world: World, mat: Device) -> int:
    return await number_of(world, mat)


async def test_an_hour_has_its_least_greatest_mean_count_and_last(world: World, no: int) -> None:
    await roll(world, at(0))
    await store(world, [(no, at(0.1 * n), 60.0 + n, HEART) for n in range(5)], at(0.5))
    await roll(world, at(1.2))
    assert await world.rows(HOURS) == []
    await roll(world, at(1.25))
    (row,) = await world.rows(HOURS)
    assert (row["low"], row["high"], row["mean"], row["count"], row["last"]) == (60, 64, 62, 5, 64)
    assert (row["hour"], row["true_s"], row["changes"]) == (at(0), None, None)


async def test_what_is_true_is_counted_over_hours_in_which_nothing_is_said(world: World, no: int) -> None:
    await store(world, [(no, at(0.5), 1.0, IN_BED), (no, at(3.25), 0.0, IN_BED)], at(3.5))
    await roll(world, at(5))
    rows = await world.rows(HOURS)
    assert [(row["true_s"], row["count"], row["changes"]) for row in rows] == [
        (1800, 1, 1),
        (3600, 0, 0),
        (3600, 0, 0),
        (900, 1, 1),
    ]
    (day,) = await world.rows(DAYS)
    assert (day["day"], day["true_s"], day["changes"], day["count"]) == (date(2026, 11, 21), 9900, 2, 2)


async def test_what_was_true_is_believed_for_a_day_and_no_longer(world: World, no: int) -> None:
    await store(world, [(no, at(0.5), 1.0, IN_BED)], at(0.6))
    await roll(world, at(60))
    rows = await world.rows(HOURS)
    assert len(rows) == 25
    assert sum(row["true_s"] for row in rows) == pytest.approx(24 * 3600)


async def test_late_history_changes_every_hour_that_hangs_on_it(world: World, no: int) -> None:
    await store(world, [(no, at(0.5), 1.0, IN_BED), (no, at(6.5), 0.0, IN_BED)], at(6.6))
    await roll(world, at(8))
    assert sum(row["true_s"] for row in await world.rows(HOURS)) == 6 * 3600
    await store(world, [(no, at(2.0), 0.0, IN_BED), (no, at(5.5), 1.0, IN_BED)], at(8.1))
    await roll(world, at(8.2))
    rows = {row["hour"]: row["true_s"] for row in await world.rows(HOURS)}
    assert rows == {at(0): 1800, at(1): 3600, at(2): 0, at(5): 1800, at(6): 1800}
    (day,) = await world.rows(DAYS)
    assert day["true_s"] == 9000


async def test_rolling_again_changes_nothing(world: World, no: int) -> None:
    await store(world, made(no, dice_of(1)), at(30))
    await roll(world, at(31))
    before = await world.rows(HOURS)
    async with world.pool_gateway.transaction() as conn:
        await conn.execute(rollups.SQL.begin, at(31))
    assert await roll(world, at(31)) > 0
    assert await world.rows(HOURS) == before
    assert await roll(world, at(31)) == 0


def dice_of(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - a reproducible case


def made(no: int, dice: random.Random) -> list[Row]:
    """Return two days of a bed."""
    moments = sorted({round(dice.uniform(0, 30), 3) for _ in range(120)})
    rows = [(no, at(hours), float(dice.random() < 0.5), IN_BED) for hours in moments[::3]]
    return rows + [(no, at(hours), round(dice.uniform(50, 90), 1), HEART) for hours in moments]


@pytest.mark.parametrize("seed", range(4))
async def test_order_does_not_matter(world: World, no: int, seed: int) -> None:
    """One bed hears everything at once; another in a random order, rolled meanwhile, killed now and then."""
    dice = dice_of(seed)
    other = await number_of(world, await add_device(world, "care_bed_v1", room="bedroom"))
    rows = made(no, dice)
    await store(world, rows, at(30))
    late = [(other, *row[1:]) for row in rows]
    dice.shuffle(late)
    now = 30.0
    while late:
        some, late = late[:15], late[15:]
        now += dice.uniform(0.1, 1.5)
        await store(world, some, at(now))
        await roll_or_die(world, at(now), dice)
    await roll(world, at(now + 2))
    found: dict[int, list[dict[str, Any]]] = {no: [], other: []}
    for query in (HOURS, DAYS):
        for row in await world.rows(query):
            found[row.pop("device_no")].append(row)
    assert len(found[no]) > 40
    assert found[no] == found[other]


async def roll_or_die(world: World, now: datetime, dice: random.Random) -> None:
    """Roll, or be killed in the middle of it: what was not committed has not happened."""
    if dice.random() < 0.5:
        await roll(world, now)
        return
    with pytest.raises(ZeroDivisionError):
        await _roll_and_die(world, now)


async def _roll_and_die(world: World, now: datetime) -> None:
    async with world.pool_gateway.transaction() as conn:
        await rollups._list(conn, rollups.hour_of(now))  # noqa: SLF001 - killed half-way
        await rollups._roll(conn, ZONE, rollups.hour_of(now))  # noqa: SLF001 - killed half-way
        raise ZeroDivisionError


async def test_two_that_roll_at_once_do_not_roll_twice(world: World, no: int) -> None:
    await store(world, made(no, dice_of(3)), at(30))
    async with world.pool_gateway.transaction() as conn:
        assert await conn.fetchval(rollups.SQL.lock)
        assert await roll(world, at(31)) == 0
    assert await roll(world, at(31)) > 0


async def test_another_district_reads_nothing(world: World, no: int, mat: Device, pool_web: db.Pool) -> None:
    await store(world, made(no, dice_of(5)), at(30))
    await roll(world, at(31))
    day = START.astimezone(ZONE).date()
    for district, is_there in ((world.district, True), (world.elder, False)):
        async with pool_web.transaction(district) as conn:
            assert bool(await rollups.hourly(conn, [mat.id], at(0), at(9))) is is_there
            assert bool(await rollups.daily(conn, [mat.id], day, day + timedelta(days=1))) is is_there


async def test_rollups_outlive_readings_and_go_in_their_time(world: World, no: int) -> None:
    await store(world, [(no, at(0.5), 1.0, HEART)], at(0.6))
    await roll(world, at(2))
    for years, hours, days in ((4, 1, 1), (6, 0, 1), (11, 0, 0)):
        async with world.pool_gateway.transaction() as conn:
            await rollups.forget(conn, START + timedelta(days=365.25 * years))
        assert (len(await world.rows(HOURS)), len(await world.rows(DAYS))) == (hours, days)


async def test_the_pipeline_puts_late_hours_on_the_list(world: World, mat: Device) -> None:
    await world.hear(mat.says(at=at(1), heart_rate=60), now=at(1.2))
    assert await world.rows("SELECT hour FROM ingest.rollup_due") == []
    topic, body = mat.says(at=at(-3.5), heart_rate=60)
    await world.hear((topic, {**body, "historical": True}), now=at(1.3))
    assert await world.rows("SELECT hour FROM ingest.rollup_due") == [{"hour": at(-4)}]
