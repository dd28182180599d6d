"""Time alone, over what the database remembers: right after a restart, once however often it runs."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.ids import new_id
from devices import thing_models
from gateway import pipeline, sweep, unheard
from gateway.known import Registry
from tests.gateway.worlds import Device, World, add_device
from tests.makers import NOW

NIGHT = datetime(2026, 11, 21, 1, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


async def tick(world: World, now: datetime) -> int:
    """Sweep as a process that has just started does."""
    registry = Registry()
    await registry.refresh(world.pool_gateway, now)
    return await sweep.tick(world.pool_gateway, registry, now)


async def leave_bed(world: World, mat: Device) -> datetime:
    await world.hear(mat.says(at=NIGHT, in_bed=True), now=NIGHT)
    out = NIGHT + timedelta(minutes=60)
    await world.hear(mat.says(at=out, in_bed=False), now=out)
    return out


async def test_an_exit_is_raised_after_a_restart_and_only_once(world: World, mat: Device) -> None:
    out = await leave_bed(world, mat)
    exits = "SELECT 1 FROM alarm WHERE rule = 'bed_exit'"
    await tick(world, out + timedelta(minutes=19))
    assert await world.rows(exits) == []
    await tick(world, out + timedelta(minutes=20))
    assert await tick(world, out + timedelta(minutes=25)) == 0
    (alarm,) = await world.rows("SELECT type, rule, elder_id, evidence FROM alarm WHERE rule = 'bed_exit'")
    assert (alarm["type"], alarm["rule"], alarm["elder_id"]) == ("bed_exit", "bed_exit", world.elder)
    assert [row["value"] for row in alarm["evidence"]["readings"]] == [True, False]


async def test_a_return_told_to_another_worker_is_known_here(world: World, mat: Device) -> None:
    out = await leave_bed(world, mat)
    back = out + timedelta(minutes=5)
    await world.hear(mat.says(at=back, in_bed=True), now=back)
    await tick(world, back + timedelta(hours=1))
    assert await world.rows("SELECT 1 FROM alarm WHERE type = 'bed_exit'") == []


async def test_a_person_may_be_watched_more_closely_than_the_district(world: World) -> None:
    async with world.pool_owner.transaction(world.district) as conn:
        await conn.execute(
            "INSERT INTO alarm_rule (id, district_id, elder_id, rule, params, valid_from) "
            "VALUES ($1, $2, $3, $4, $5, $6)",
            new_id(),
            world.district,
            world.elder,
            "bed_exit",
            {"minutes": 5},
            NOW - timedelta(days=9),
        )
    registry = Registry()
    await registry.refresh(world.pool_gateway, NOW)
    assert registry.book_of(world.district, world.elder) is not registry.book_of(world.district, None)
    rule = registry.book_of(world.district, world.elder).by_name["bed_exit"]
    assert getattr(rule, "minutes", None) == 5


async def test_a_device_that_falls_silent_is_a_technical_alarm_until_it_speaks(
    world: World, mat: Device
) -> None:
    await world.hear(mat.says(heart_rate=70), now=NOW)
    assert await tick(world, NOW + timedelta(minutes=14)) == 0
    assert await tick(world, NOW + timedelta(minutes=15)) == 1
    assert await tick(world, NOW + timedelta(minutes=60)) == 0
    (alarm,) = await world.rows("SELECT type, class FROM alarm")
    assert alarm == {"type": "silent", "class": "technical"}
    later = NOW + timedelta(hours=2)
    await world.hear(mat.says(at=later, heart_rate=70), now=later)
    assert await world.rows("SELECT silent_since FROM ingest.device_state") == [{"silent_since": None}]
    assert await tick(world, later + timedelta(minutes=15)) == 1


async def test_a_device_that_keeps_speaking_is_never_silent(world: World, mat: Device) -> None:
    for minute in range(0, 40, 10):
        now = NOW + timedelta(minutes=minute)
        await world.hear(mat.says(at=now, heart_rate=70), now=now)
        assert await tick(world, now + timedelta(minutes=9)) == 0


async def test_a_device_that_raises_an_alarm_has_spoken(world: World, mat: Device) -> None:
    await world.hear(mat.says(heart_rate=70), now=NOW)
    assert await tick(world, NOW + timedelta(minutes=15)) == 1
    later = NOW + timedelta(minutes=20)
    registry = Registry()
    await registry.refresh(world.pool_gateway, later)
    async with world.pool_gateway.transaction() as conn:
        await pipeline.note_seen(conn, registry, [mat.topic("alarm").split("/")[2], "x"], later)
    (state,) = await world.rows("SELECT last_seen_at, silent_since FROM ingest.device_state")
    assert state == {"last_seen_at": later, "silent_since": None}
    assert await tick(world, later + timedelta(minutes=14)) == 0
    assert await tick(world, later + timedelta(minutes=15)) == 1


async def silences(world: World, hours: float) -> list[dict[str, object]]:
    at = NOW + timedelta(hours=hours)
    await unheard.enlist(world.pool_gateway, at)
    await tick(world, at)
    return await world.rows("SELECT type, device_id, severity FROM alarm")


async def test_a_device_that_was_bound_and_never_spoke_is_silent_after_four_hours(world: World) -> None:
    radar = await add_device(world, "radar_v1", room="bedroom")
    await add_device(world, "motion_v1", care_bed=None)
    assert await silences(world, 0) == []
    assert await silences(world, 3.9) == []
    (alarm,) = await silences(world, 4)
    assert (alarm["type"], alarm["device_id"]) == ("silent", radar.id)
    assert len(await silences(world, 9)) == 1
    state = "SELECT last_seen_at, is_online, silent_since FROM ingest.device_state"
    assert await world.rows(state) == [{"last_seen_at": None, "is_online": False, "silent_since": NOW}]
    at = NOW + timedelta(hours=10)
    await world.hear(radar.says(at=at, occupied=True), now=at)
    assert await world.rows(state) == [{"last_seen_at": at, "is_online": True, "silent_since": None}]


async def test_an_emergency_button_that_never_spoke_is_as_grave_as_its_model_says(world: World) -> None:
    await add_device(world, "sos_button_v1", room="bedroom")
    assert await silences(world, 24.9) == []
    (alarm,) = await silences(world, 25)
    assert alarm["severity"] == thing_models.get("sos_button_v1").silent_severity


async def test_a_button_that_only_ever_raised_an_alarm_is_watched_for_silence(world: World) -> None:
    button = await add_device(world, "sos_button_v1", room="bedroom")
    registry = Registry()
    await registry.refresh(world.pool_gateway, NOW)
    async with world.pool_gateway.transaction() as conn:
        await pipeline.note_seen(conn, registry, [button.topic("alarm").split("/")[2]], NOW)
    assert await tick(world, NOW + timedelta(hours=24)) == 0
    assert await tick(world, NOW + timedelta(hours=25)) == 1
