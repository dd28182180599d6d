import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core import grades
from core.db import Conn, Pool
from core.errors import NotFound
from dispatch import cases, escalation, intake, ticks
from tests.dispatch.worlds import (
    World,
    case_of,
    events_of,
    make_case,
    make_device,
    make_operator,
    make_world,
    raise_alarm,
)
from tests.makers import NOW

MINUTE = timedelta(minutes=1)


async def one(conn: Conn, case_id: UUID) -> tuple[str, int, str]:
    row = await cases.find(conn, case_id)
    return row["state"], row["severity"], row["type"]


async def test_alarms_of_one_elder_within_the_window_join_one_case_and_the_gravest_names_it(
    world: World,
) -> None:
    first = await make_case(world, "bed_exit", NOW, severity=3)
    assert await make_case(world, "fall", NOW + 9 * MINUTE, severity=1) == first
    assert await make_case(world, "no_motion", NOW + 18 * MINUTE, severity=3) == first
    late = await make_case(world, "bed_exit", NOW + 29 * MINUTE, severity=3)
    assert late != first
    async with world.web.transaction(world.district) as conn:
        assert await one(conn, first) == ("raised", 1, "fall")
        assert (await cases.find(conn, first))["alarms"] == 3
    assert [kind for kind, _ in await events_of(world)] == [
        "case.opened",
        "case.joined",
        "case.joined",
        "case.opened",
    ]


async def test_a_graver_alarm_raises_the_case_and_is_told_of_as_soon_as_a_new_one(world: World) -> None:
    case_id = await make_case(world, "bed_exit", severity=3)
    for at in (NOW + MINUTE, NOW + 3 * MINUTE):
        assert await ticks.escalate(world.worker, at) == 1
    async with world.web.transaction(world.district) as conn:
        assert (await cases.find(conn, case_id))["escalate_at"] == NOW + 6 * MINUTE
    assert await make_case(world, "sos", NOW + 4 * MINUTE) == case_id
    async with world.web.transaction(world.district) as conn:
        row = await cases.find(conn, case_id)
    assert (row["severity"], row["type"], row["step"]) == (1, "sos", 2)
    assert row["escalate_at"] == NOW + 5 * MINUTE
    assert [kind for kind, _ in await events_of(world)][-1] == "case.joined"


async def test_an_alarm_after_the_end_opens_a_case_of_its_own(world: World) -> None:
    operator, case_id = await make_operator(world), await make_case(world)
    async with world.web.transaction(world.district) as conn:
        await cases.close(conn, case_id, operator, NOW, "reassured")
    assert await make_case(world, "sos", NOW + MINUTE) != case_id


@pytest.mark.parametrize(("minutes", "joins"), [(29, True), (31, False)])
async def test_the_window_is_the_district_s_own(
    *, minutes: int, joins: bool, pool_owner: Pool, world: World, keys: Any
) -> None:
    given: dict[str, Any] = {"case_window_minutes": 30}
    pools = (world.web, world.worker, world.gateway)
    other = await make_world(pool_owner, *pools, keys, "341302", **given)
    first = await make_case(other, "bed_exit", severity=3)
    late = await make_case(other, "bed_exit", NOW + minutes * MINUTE, severity=3)
    assert (late == first) is joins


async def test_technical_alarms_have_their_own_queue_and_never_page(world: World) -> None:
    care, technical_class = await make_case(world, "sos"), dict[str, Any]({"class": "technical"})
    technical = await make_case(world, "low_battery", severity=4, **technical_class)
    assert technical != care
    async with world.web.transaction(world.district) as conn:
        assert (await cases.find(conn, technical))["escalate_at"] is None
        assert [row["id"] for row in await cases.list_open(conn, "technical")] == [technical]
    async with world.worker.transaction(world.district) as conn:
        assert await escalation.escalate_due(conn, world.district, NOW + timedelta(days=1)) == 1


async def test_a_historical_alarm_opens_nothing(world: World) -> None:
    alarm = await raise_alarm(world, historical=True)
    assert await ticks.intake(world.worker, NOW) == 0
    assert await case_of(world, alarm) is None


async def test_alarms_of_a_device_that_nobody_is_known_for_join_by_device(world: World) -> None:
    nobody: dict[str, Any] = {"elder_id": None, "care_bed_id": None}
    first = await make_case(world, "smoke", **nobody)
    assert await make_case(world, "smoke", NOW + MINUTE, **nobody) == first
    async with world.web.transaction(world.district) as conn:
        other = await make_device(conn, world, "smoke_v1")
    assert await make_case(world, "smoke", NOW + MINUTE, device_id=other, **nobody) != first


async def test_two_intakes_at_once_open_one_case(world: World) -> None:
    alarms = [await raise_alarm(world, type_) for type_ in ("sos", "fall", "bed_exit", "no_motion")]
    counts = await asyncio.gather(*(ticks.intake(world.worker, NOW) for _ in range(3)))
    assert sum(counts) == 4
    assert len({await case_of(world, alarm) for alarm in alarms}) == 1
    assert [kind for kind, _ in await events_of(world)].count("case.opened") == 1


async def test_what_fails_is_tried_again_and_holds_nobody_up(world: World) -> None:
    poison = await raise_alarm(world, "fall")
    async with world.worker.transaction(world.district) as conn:
        await conn.execute(
            "INSERT INTO escalation_policy (id, district_id, name, steps, active, created_at)"
            " VALUES (gen_random_uuid(), $1, 'broken', '[{}]', true, $2)",
            world.district,
            NOW,
        )
    assert await ticks.intake(world.worker, NOW) == 0
    async with world.worker.transaction(world.district) as conn:
        await escalation.activate(
            conn,
            district=world.district,
            name="whole",
            steps=[{"audience": "operators", "wait_seconds": 60}],
            now=NOW,
        )
    healthy = await raise_alarm(world, "sos")
    assert await ticks.intake(world.worker, NOW) == 1
    assert await case_of(world, healthy) is not None
    assert await ticks.intake(world.worker, NOW + MINUTE) == 1
    assert await case_of(world, poison) == await case_of(world, healthy)


async def test_a_shelved_case_takes_what_is_expected_and_a_grave_alarm_opens_its_own(world: World) -> None:
    operator, case_id = await make_operator(world), await make_case(world, "bed_exit", severity=3)
    async with world.web.transaction(world.district) as conn:
        await cases.shelve(conn, case_id, operator, NOW, NOW + timedelta(hours=1), "maintenance")
    assert await make_case(world, "bed_exit", NOW + MINUTE, severity=3) == case_id
    assert await make_case(world, "sos", NOW + MINUTE) != case_id


async def test_a_case_that_returned_to_normal_is_raised_again_by_the_next_alarm(world: World) -> None:
    operator, case_id = await make_operator(world), await make_case(world, "bed_exit", severity=3)
    async with world.web.transaction(world.district) as conn:
        await cases.return_(conn, case_id, operator, NOW)
    assert await make_case(world, "bed_exit", NOW + MINUTE, severity=3) == case_id
    async with world.web.transaction(world.district) as conn:
        row = await cases.find(conn, case_id)
    assert (row["state"], row["escalate_at"]) == ("raised", NOW + 2 * MINUTE)


async def test_a_case_that_is_raised_anew_is_told_from_the_start(world: World) -> None:
    operator, case_id = await make_operator(world), await make_case(world, "bed_exit", severity=3)
    for minute in (1, 2):
        await ticks.escalate(world.worker, NOW + minute * MINUTE)
    async with world.web.transaction(world.district) as conn:
        assert (await cases.lock(conn, case_id))["step"] == 2
        await cases.return_(conn, case_id, operator, NOW + 3 * MINUTE)
    assert await make_case(world, "bed_exit", NOW + 4 * MINUTE, severity=3) == case_id
    async with world.web.transaction(world.district) as conn:
        assert (await cases.lock(conn, case_id))["step"] == 0


async def test_a_backlog_is_taken_in_batch_by_batch(world: World) -> None:
    for n in range(intake.BATCH + 5):
        await raise_alarm(world, at=NOW + timedelta(seconds=n))
    assert await ticks.intake(world.worker, NOW) == intake.BATCH + 5


async def test_an_alarm_that_breaks_something_of_ours_does_not_hold_up_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = await raise_alarm(world, "fall")
    sos = await raise_alarm(world, "sos", NOW + timedelta(seconds=1))
    take_one = intake._take_one  # noqa: SLF001 - broken on purpose

    async def fragile(conn: Any, alarm: Any, *rest: Any) -> None:
        if alarm["id"] == broken:
            raise NotFound("no case")
        await take_one(conn, alarm, *rest)

    monkeypatch.setattr(intake, "_take_one", fragile)
    assert await intake.run(world.worker, world.district, NOW + timedelta(seconds=2)) == 1
    assert await case_of(world, sos) is not None
    monkeypatch.undo()
    assert await intake.run(world.worker, world.district, NOW + timedelta(minutes=2)) == 1


async def test_a_cancel_while_its_alarm_is_being_taken_in_is_noted_after_it(world: World) -> None:
    alarm = await raise_alarm(world)

    async def cancel() -> None:
        async with world.gateway.transaction(world.district) as conn:
            await conn.execute("UPDATE alarm SET cancelled_at = $2 WHERE id = $1", alarm, NOW + MINUTE)

    async with world.worker.transaction(world.district) as conn:
        await intake.take(conn, world.district, NOW)
        cancelling = asyncio.create_task(cancel())
        async with world.web.transaction() as looking, asyncio.timeout(5):
            while not await looking.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110 - rows
                await asyncio.sleep(0.01)
    await cancelling
    await intake.run(world.worker, world.district, NOW + MINUTE)
    async with world.web.transaction(world.district) as conn:
        lines = await cases.timeline(conn, await case_of(world, alarm))
    assert [line["action"] for line in lines] == ["open", "cancelled"]


async def test_the_grade_of_a_case_is_that_of_its_local_day(world: World) -> None:
    morning = NOW.replace(hour=18)  # two o'clock of the next day in Shanghai
    async with world.web.transaction(world.district) as conn:
        await grades.record(
            conn,
            district=world.district,
            elder=world.elder,
            scale="gbt_42195",
            grade="severe",
            valid_from=NOW.date() + timedelta(days=1),
            valid_to=None,
            source=None,
            now=NOW,
        )
    case_id = await make_case(world, at=morning)
    async with world.web.transaction(world.district) as conn:
        assert (await cases.find(conn, case_id))["grade"] == "severe"
