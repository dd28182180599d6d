"""Alarms of an install test ring nowhere; everything else of the home does."""

from datetime import timedelta
from uuid import UUID

import pytest

from devices import commands, installs
from dispatch import intake, ticks
from tests.dispatch.worlds import World, events_of, make_device, raise_alarm
from tests.makers import NOW

SECOND = timedelta(seconds=1)


async def begin(world: World, device: UUID) -> UUID:
    async with world.web.transaction(world.district) as conn:
        test = await installs.start(conn, world.bed, "monthly", None, NOW)
        await installs.arm(conn, test, device, {}, NOW)
    return test


async def state_after(world: World, alarm: UUID) -> tuple[str, str | None]:
    await intake.run(world.worker, world.district, NOW)
    async with world.web.transaction(world.district) as conn:
        row = await conn.fetchrow(
            "SELECT c.state, c.outcome FROM case_alarm l JOIN care_case c ON c.id = l.case_id"
            " WHERE alarm_id = $1",
            alarm,
        )
    assert row is not None
    return row["state"], row["outcome"]


async def test_an_alarm_of_the_device_under_test_is_a_test_and_tells_no_family(world: World) -> None:
    await begin(world, world.device)
    alarm = await raise_alarm(world, at=NOW + 5 * SECOND)
    assert await state_after(world, alarm) == ("closed", "test")
    told = await events_of(world)
    assert ("case.closed", ["operator", "duty_manager", "admin"]) in told
    assert not any("family" in roles or kind == "case.opened" for kind, roles in told)


async def test_its_echoes_join_the_same_case(world: World) -> None:
    await begin(world, world.device)
    for nth in (1, 20):
        assert await state_after(world, await raise_alarm(world, at=NOW + nth * SECOND)) == ("closed", "test")
    async with world.web.transaction(world.district) as conn:
        assert await conn.fetchval("SELECT count(*) FROM care_case") == 1


async def test_another_device_of_the_home_rings_all_the_same(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        other = await make_device(conn, world, "sos_button_v1")
    await begin(world, world.device)
    alarm = await raise_alarm(world, at=NOW + 5 * SECOND, device_id=other)
    assert await state_after(world, alarm) == ("raised", None)


@pytest.mark.parametrize(
    "at", [-1 * SECOND, installs.ARMED], ids=["before it was armed", "when it is no longer armed"]
)
async def test_outside_its_moment_the_device_rings(world: World, at: timedelta) -> None:
    await begin(world, world.device)
    assert await state_after(world, await raise_alarm(world, at=NOW + at)) == ("raised", None)


async def test_a_second_press_half_a_minute_after_the_first_is_real(world: World) -> None:
    await begin(world, world.device)
    assert await state_after(world, await raise_alarm(world, at=NOW + 5 * SECOND)) == ("closed", "test")
    assert await state_after(world, await raise_alarm(world, at=NOW + 36 * SECOND)) == ("raised", None)


async def test_after_the_test_is_finished_the_device_rings(world: World) -> None:
    test = await begin(world, world.device)
    async with world.web.transaction(world.district) as conn:
        await installs.finish(conn, test, None, None, NOW + 3 * SECOND)
    assert await state_after(world, await raise_alarm(world, at=NOW + 5 * SECOND)) == ("raised", None)


async def test_photos_and_commands_are_forgotten_when_their_retention_is_over(world: World) -> None:
    test = await begin(world, world.device)
    photo = b"\xff\xd8\xff\xda\x00\x02\xff\xd9"
    async with world.web.transaction(world.district) as conn:
        await installs.add_photo(conn, world.keys, test, photo, None, NOW)
        for answer in ("done", None):
            command = await commands.create(conn, world.device, name="reboot", params={}, by=None, now=NOW)
            if answer is not None:
                await commands.answered(conn, command, world.device, answer, None, NOW)
    for later, left in ((installs.PHOTOS_KEPT, (1, 2)), (installs.PHOTOS_KEPT + SECOND, (0, 1))):
        await ticks.forget(world.worker, NOW + later)
        async with world.web.transaction(world.district) as conn:
            photos = len(await installs.list_photos(conn, test))
            assert (photos, len(await commands.list_(conn, world.device))) == left
