from datetime import datetime, timedelta
from uuid import UUID

import pytest

from core.accounts import Person
from devices import thing_models
from dispatch import cases, ticks, visits
from dispatch.lowering import LOWERABLE
from tests.dispatch.worlds import (
    HOME,
    World,
    events_of,
    make_caregiver,
    make_case,
    make_device,
    make_neighbour,
    make_operator,
    say,
)
from tests.makers import NOW

MINUTE = timedelta(minutes=1)
KINDS = thing_models.alarm_types()


async def start_visit(world: World, *, door: bool) -> tuple[UUID, Person]:
    """Start a planned visit of an hour; with `door`, the home's door moved when the caregiver came."""
    caregiver, planner = await make_caregiver(world), await make_operator(world, "provider_manager")
    async with world.web.transaction(world.district) as conn:
        sensor = await make_device(conn, world, "door_v1")
        visit_id = await visits.want(
            conn,
            district=world.district,
            elder_id=world.elder,
            care_bed_id=world.bed,
            service="clean",
            window_start=NOW,
            window_end=NOW + timedelta(hours=1),
            now=NOW,
        )
        assert caregiver.caregiver_id is not None
        await visits.offer(conn, visit_id, caregiver.caregiver_id, planner, NOW)
        await visits.accept(conn, visit_id, caregiver, NOW)
        lat, lon = HOME
        await visits.check_in(conn, world.keys, visit_id, caregiver, NOW, at=NOW, lat=lat, lon=lon)
    if door:
        await open_door(world, sensor)
    return visit_id, caregiver


async def open_door(world: World, sensor: UUID) -> None:
    """Store what a door sensor says, as the gateway does."""
    async with world.gateway.transaction(world.district) as conn:
        await conn.execute(
            "INSERT INTO ingest.reading (device_no, observed_at, value, metric)"
            " SELECT d.no, $2, 1, m.id FROM device d, ingest.metric m WHERE d.id = $1 AND m.name = 'open'",
            sensor,
            NOW - MINUTE,
        )


async def check_out(world: World, visit_id: UUID, caregiver: Person, at: datetime) -> None:
    async with world.web.transaction(world.district) as conn:
        await visits.check_out(conn, world.keys, visit_id, caregiver, at, at=at, record="cleaned")


async def test_a_witnessed_visit_lowers_a_bed_exit_and_says_why(world: World) -> None:
    visit_id, _ = await start_visit(world, door=True)
    case_id = await make_case(world, "bed_exit", NOW + 5 * MINUTE, severity=3)
    async with world.web.transaction(world.district) as conn:
        row = await cases.find(conn, case_id)
        assert (row["severity"], row["escalate_at"]) == (5, NOW + timedelta(minutes=75))
        assert (await cases.alarms(conn, case_id))[0]["lowered_by"] == visit_id
        assert [one["id"] for one in await cases.list_open(conn)] == [case_id]  # shown, not hidden
        line = (await cases.timeline(conn, case_id))[0]
    assert line["data"]["lowered_by"] == str(visit_id)
    opened = next(roles for kind, roles in await events_of(world) if kind == "case.opened")
    assert "family" not in opened
    assert await make_case(world, "sos", NOW + 6 * MINUTE) != case_id


@pytest.mark.parametrize("type_", sorted(KINDS))
async def test_a_visit_lowers_exactly_the_types_that_the_data_says(world: World, type_: str) -> None:
    kind = KINDS[type_]
    await start_visit(world, door=True)
    given = {"severity": kind.severity, "class": kind.class_}
    case_id = await make_case(world, type_, NOW + 5 * MINUTE, **given)
    async with world.web.transaction(world.district) as conn:
        row = await cases.find(conn, case_id)
        lowered_by = (await cases.alarms(conn, case_id))[0]["lowered_by"]
    is_lowered = (row["lowered_until"] is not None, lowered_by is not None)
    assert is_lowered == (kind.is_lowered_by_visit, kind.is_lowered_by_visit)


def test_what_may_kill_is_never_lowered() -> None:
    never = {"sos", "fall", "smoke", "gas", "co", "heat", "water_leak"}
    assert not LOWERABLE & (never | {"heart_rate", "respiration_rate", "apnoea"})
    assert all(KINDS[name].class_ == "care" for name in LOWERABLE)


async def test_a_visit_lowers_nothing_of_another_home(world: World) -> None:
    await start_visit(world, door=True)
    next_door = await make_neighbour(world)
    whose = {"elder_id": next_door.elder, "care_bed_id": next_door.bed, "device_id": next_door.hub}
    case_id = await make_case(world, "bed_exit", NOW + 5 * MINUTE, severity=3, **whose)
    async with world.web.transaction(world.district) as conn:
        assert (await cases.find(conn, case_id))["severity"] == 3


@pytest.mark.parametrize(
    ("in_bed", "state", "look"),
    [
        (True, "returned", None),
        (False, "raised", NOW + timedelta(minutes=52)),
        (None, "raised", NOW + timedelta(minutes=65)),
    ],
)
async def test_when_the_visit_ends_early_the_home_says_what_becomes_of_the_case(
    world: World, *, in_bed: bool | None, state: str, look: datetime | None
) -> None:
    visit_id, caregiver = await start_visit(world, door=True)
    case_id = await make_case(world, "bed_exit", NOW + 5 * MINUTE, severity=3)
    if in_bed is not None:
        await say(world, world.device, NOW + timedelta(minutes=40), in_bed=in_bed)
    await check_out(world, visit_id, caregiver, NOW + timedelta(minutes=50))
    async with world.web.transaction(world.district) as conn:
        row = await cases.find(conn, case_id)
    assert (row["state"], row["escalate_at"]) == (state, look)
    if look:
        assert await ticks.escalate(world.worker, look) == 1
        async with world.web.transaction(world.district) as conn:
            row = await cases.find(conn, case_id)
        assert (row["severity"], row["lowered_until"], row["escalate_at"]) == (3, None, look + MINUTE)


async def test_what_is_over_when_the_explanation_ends_returns_instead_of_paging(world: World) -> None:
    await start_visit(world, door=True)
    case_id = await make_case(world, "door_open", NOW + 5 * MINUTE, severity=3)
    await say(world, world.device, NOW + timedelta(minutes=70), open=False)
    assert await ticks.escalate(world.worker, NOW + timedelta(minutes=75)) == 1
    async with world.web.transaction(world.district) as conn:
        assert (await cases.find(conn, case_id))["state"] == "returned"


async def test_what_a_visit_explained_pages_when_the_visit_does_not_end_in_time(world: World) -> None:
    await start_visit(world, door=True)
    case_id = await make_case(world, "bed_exit", NOW + 5 * MINUTE, severity=2)
    assert await ticks.escalate(world.worker, NOW + timedelta(minutes=74)) == 0
    assert await ticks.escalate(world.worker, NOW + timedelta(minutes=75)) == 1
    async with world.web.transaction(world.district) as conn:
        row = await cases.find(conn, case_id)
    assert (row["severity"], row["lowered_until"], row["step"]) == (2, None, 0)
    assert row["escalate_at"] == NOW + timedelta(minutes=76)


async def test_a_visit_that_no_device_saw_lowers_nothing(world: World) -> None:
    await start_visit(world, door=False)
    case_id = await make_case(world, "bed_exit", NOW + 5 * MINUTE, severity=3)
    async with world.web.transaction(world.district) as conn:
        assert (await cases.find(conn, case_id))["severity"] == 3
