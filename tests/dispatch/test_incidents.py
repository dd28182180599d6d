import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core import districts, grades
from core.db import Pool
from core.errors import Conflict, Invalid, NotFound
from dispatch import cases, escalation, incidents, intake, ticks
from tests.dispatch.worlds import (
    Neighbour,
    World,
    case_of,
    events_of,
    lose,
    make_case,
    make_device,
    make_neighbour,
    make_operator,
    raise_alarm,
    say,
)
from tests.makers import NOW

MINUTE = timedelta(minutes=1)
VILLAGE = "370503100200"


async def street(world: World, count: int, *, metres: float = 30.0, **given: Any) -> list[Neighbour]:
    return [await make_neighbour(world, metres=nth * metres, **given) for nth in range(count)]


async def cut(world: World, homes: list[Neighbour], type_: str = "power_lost") -> list[UUID]:
    """Cut the homes off, one a second, and take that in; return their alarms."""
    alarms = [await lose(world, one, NOW + timedelta(seconds=n), type_) for n, one in enumerate(homes)]
    await ticks.intake(world.worker, NOW + MINUTE)
    return alarms


async def the_incidents(world: World, *, is_open: bool = True) -> list[dict[str, Any]]:
    async with world.web.transaction(world.district) as conn:
        return [dict(row) for row in await incidents.list_(conn, is_open=is_open)]


async def people(world: World, incident: UUID) -> list[tuple[UUID, bool]]:
    """Return who is in the list, in its order, and who of them is back."""
    async with world.web.transaction(world.district) as conn:
        rows = await incidents.members(conn, incident)
    return [(row["elder_id"], row["restored_at"] is not None) for row in rows]


async def back(world: World, homes: list[Neighbour], at: Any) -> None:
    for one in homes:
        await say(world, one.hub, at, mains=True)
    await ticks.recover(world.worker, at)


async def test_a_building_that_loses_power_is_one_row_with_its_people(world: World) -> None:
    homes = await street(world, 4)
    alarms = await cut(world, homes)
    (incident,) = await the_incidents(world)
    assert (incident["type"], incident["incident_scope"], incident["severity"]) == (
        "power_cut",
        "building",
        2,
    )
    assert (incident["people"], incident["people_without"]) == (4, 4)
    async with world.web.transaction(world.district) as conn:
        assert [row["id"] for row in await cases.list_open(conn, "technical")] == [incident["id"]]
        linked = [await cases.find(conn, await case_of(world, one)) for one in alarms]
        lines = [line["action"] for line in await cases.timeline(conn, linked[0]["id"])]
    assert {row["incident_id"] for row in linked} == {incident["id"]}
    assert lines == ["open", "gathered"]


async def test_two_homes_or_homes_far_apart_are_cases_of_their_own(world: World) -> None:
    await cut(world, [*await street(world, 2), await make_neighbour(world, metres=5000)])
    assert await the_incidents(world) == []
    async with world.web.transaction(world.district) as conn:
        assert len(await cases.list_open(conn, "technical")) == 3


async def test_homes_that_lose_power_hours_apart_are_no_incident(world: World) -> None:
    for nth, one in enumerate(await street(world, 3)):
        await lose(world, one, NOW + timedelta(hours=nth))
        await ticks.intake(world.worker, NOW + timedelta(hours=nth))
    assert await the_incidents(world) == []


async def test_the_list_has_the_gravest_grade_first_then_who_lives_alone(world: World) -> None:
    homes = [await make_neighbour(world, lives_alone=alone) for alone in (False, True, True, False)]
    for one, grade in zip(homes, ("mild", "mild", "total", "severe"), strict=True):
        async with world.web.transaction(world.district) as conn:
            await grades.record(
                conn,
                district=world.district,
                elder=one.elder,
                scale="gbt_42195",
                grade=grade,
                valid_from=NOW.date(),
                valid_to=None,
                source=None,
                now=NOW,
            )
    await cut(world, homes)
    (incident,) = await the_incidents(world)
    order = [homes[nth].elder for nth in (2, 3, 1, 0)]
    assert [elder for elder, _ in await people(world, incident["id"])] == order


async def test_a_care_alarm_in_a_cut_is_a_case_of_its_own_and_pages(world: World) -> None:
    homes = await street(world, 3)
    await cut(world, homes)
    one = homes[0]
    whose = {"elder_id": one.elder, "care_bed_id": one.bed, "device_id": one.hub}
    case_id = await make_case(world, "sos", NOW + 2 * MINUTE, **whose)
    async with world.web.transaction(world.district) as conn:
        row = await cases.find(conn, case_id)
    assert (row["class"], row["severity"], row["incident_id"]) == ("care", 1, None)
    assert row["escalate_at"] is not None


async def test_a_late_joiner_joins_and_a_small_battery_device_of_a_home_hides_behind_it(world: World) -> None:
    homes = await street(world, 4)
    await cut(world, homes[:3], "link_lost")
    await lose(world, homes[3], NOW + timedelta(hours=1))
    async with world.web.transaction(world.district) as conn:
        button = await make_device(conn, world, "sos_button_v1", homes[0].bed)
    whose = {"elder_id": homes[0].elder, "care_bed_id": homes[0].bed, "device_id": button}
    technical: dict[str, Any] = {"class": "technical", "severity": 3}
    case_id = await make_case(world, "silent", NOW + timedelta(hours=1), **(whose | technical))
    (incident,) = await the_incidents(world)
    assert (incident["type"], incident["people"]) == ("power_cut", 4)  # power explains the network
    async with world.web.transaction(world.district) as conn:
        row = await cases.find(conn, case_id)
    assert (row["incident_id"], row["severity"]) == (incident["id"], 2)


async def test_silent_buttons_of_three_homes_are_no_cut(world: World) -> None:
    for one in await street(world, 3):
        async with world.web.transaction(world.district) as conn:
            button = await make_device(conn, world, "sos_button_v1", one.bed)
        whose: dict[str, Any] = {"elder_id": one.elder, "care_bed_id": one.bed, "device_id": button}
        await make_case(world, "silent", **whose | {"class": "technical"})
    assert await the_incidents(world) == []


async def test_a_community_is_one_incident_whatever_buildings_it_began_with(
    pool_owner: Pool, world: World
) -> None:
    async with pool_owner.transaction() as conn:
        await districts.create_region(conn, VILLAGE, "village", None)
    east = [await make_neighbour(world, metres=nth, region=VILLAGE) for nth in range(3)]
    west = [await make_neighbour(world, metres=9000 + nth, region=VILLAGE) for nth in range(3)]
    await cut(world, [*east, *west])
    assert [one["incident_scope"] for one in await the_incidents(world)] == ["building"] * 2
    far = [await make_neighbour(world, metres=50_000 + 1000 * n, region=VILLAGE) for n in range(2)]
    await cut(world, far)
    (incident,) = await the_incidents(world)
    assert (incident["incident_scope"], incident["people"]) == ("community", 8)
    assert incident["community"] == "village"
    closed = [one for one in await the_incidents(world, is_open=False) if one["state"] == "closed"]
    assert [(one["outcome"], one["people"]) for one in closed] == [("merged", 0)]


async def test_who_is_back_leaves_the_list_and_the_incident_closes_by_itself(world: World) -> None:
    homes = await street(world, 3)
    alarms = await cut(world, homes)
    (incident,) = await the_incidents(world)
    await back(world, homes[:1], NOW + 5 * MINUTE)
    listed = await people(world, incident["id"])
    assert listed[-1] == (homes[0].elder, True)
    assert [is_back for _, is_back in listed] == [False, False, True]
    await back(world, homes[1:], NOW + 6 * MINUTE)
    assert [one["state"] for one in await the_incidents(world)] == ["raised"]
    await ticks.recover(world.worker, NOW + 8 * MINUTE)
    assert await the_incidents(world) == []
    await ticks.recover(world.worker, NOW + 16 * MINUTE)
    async with world.web.transaction(world.district) as conn:
        row = await cases.find(conn, incident["id"])
        lines = [line["action"] for line in await cases.timeline(conn, incident["id"])]
        last = await cases.find(conn, await case_of(world, alarms[0]))
    assert (row["state"], row["outcome"], row["closed_by"]) == ("closed", "restored", None)
    assert lines == ["open", "gather", "back", "back", "close"]
    assert (last["state"], last["outcome"]) == ("closed", "restored")


async def test_a_home_that_loses_power_again_is_on_the_list_again(world: World) -> None:
    homes = await street(world, 3)
    await cut(world, homes)
    (incident,) = await the_incidents(world)
    await back(world, homes[:1], NOW + 5 * MINUTE)
    await lose(world, homes[0], NOW + 6 * MINUTE)
    await ticks.intake(world.worker, NOW + 6 * MINUTE)
    await say(world, homes[0].hub, NOW + 6 * MINUTE, mains=False)
    await ticks.recover(world.worker, NOW + 6 * MINUTE)
    assert [is_back for _, is_back in await people(world, incident["id"])] == [False] * 3


async def test_a_person_closes_it_with_an_outcome_and_what_is_left_is_listed_again(world: World) -> None:
    homes, operator = await street(world, 3), await make_operator(world)
    await cut(world, homes)
    (incident,) = await the_incidents(world)
    async with world.web.transaction(world.district) as conn:
        await cases.close(conn, incident["id"], operator, NOW + 2 * MINUTE, "other", None, "planned works")
        assert len(await cases.list_open(conn, "technical")) == 3
        with pytest.raises(Conflict):
            await incidents.contact(conn, incident["id"], homes[0].elder, operator, NOW, result="answered")


async def test_each_of_its_people_is_called_and_the_result_is_kept(world: World) -> None:
    homes, operator = await street(world, 3), await make_operator(world)
    await cut(world, homes)
    (incident,) = await the_incidents(world)
    async with world.web.transaction(world.district) as conn:
        for result in ("no_answer", "answered"):
            await incidents.contact(conn, incident["id"], homes[1].elder, operator, NOW, result=result)
        rows = {row["elder_id"]: row for row in await incidents.members(conn, incident["id"])}
        lines = await cases.timeline(conn, incident["id"])
        with pytest.raises(NotFound):
            await incidents.contact(conn, incident["id"], world.elder, operator, NOW, result="answered")
        with pytest.raises(Invalid):
            await incidents.contact(conn, incident["id"], world.elder, operator, NOW, result="perhaps")
    found = rows[homes[1].elder]
    assert (found["call_result"], found["called_by_name"]) == ("answered", operator.name)
    assert [line["data"]["result"] for line in lines if line["action"] == "call"] == ["no_answer", "answered"]
    assert rows[homes[0].elder]["call_result"] is None


async def test_all_of_an_incident_is_acknowledged_at_once_and_who_was_first_keeps_a_case(
    world: World,
) -> None:
    homes, first, second = await street(world, 3), await make_operator(world), await make_operator(world)
    alarms = await cut(world, homes)
    (incident,) = await the_incidents(world)
    mine = await case_of(world, alarms[0])
    async with world.web.transaction(world.district) as conn:
        assert await incidents.acknowledge(conn, [mine, mine], first, NOW) == 1
        assert await incidents.acknowledge_all(conn, incident["id"], second, NOW) == 3
        rows = [await cases.find(conn, await case_of(world, one)) for one in alarms]
        with pytest.raises(NotFound):
            await incidents.acknowledge_all(conn, mine, second, NOW)
    assert [row["claimed_by"] for row in rows] == [first.account_id] + [second.account_id] * 2


async def test_many_intakes_and_recoveries_at_once_make_one_incident(world: World) -> None:
    homes = await street(world, 6)
    for one in homes:
        await lose(world, one)
        await raise_alarm(world, "sos", elder_id=one.elder, care_bed_id=one.bed, device_id=one.hub)
    at = NOW + MINUTE
    work = [ticks.intake(world.worker, at) for _ in range(3)]
    await asyncio.gather(*work, *(ticks.recover(world.worker, at) for _ in range(2)))
    (incident,) = await the_incidents(world)
    assert incident["people"] == 6
    kinds = [kind for kind, _ in await events_of(world)]
    assert kinds.count("case.opened") == 6 + 6 + 1


async def test_an_incident_never_pages(world: World) -> None:
    await cut(world, await street(world, 3))
    async with world.worker.transaction(world.district) as conn:
        assert await escalation.escalate_due(conn, world.district, NOW + timedelta(days=1)) == 0


async def test_an_alarm_of_a_device_at_no_bed_joins_no_incident(world: World) -> None:
    await cut(world, await street(world, 3))
    nobody: dict[str, Any] = {"elder_id": None, "care_bed_id": None, "class": "technical"}
    alarm = await raise_alarm(world, "power_lost", **nobody)
    assert await intake.run(world.worker, world.district, NOW) == 1
    async with world.web.transaction(world.district) as conn:
        assert (await cases.find(conn, await case_of(world, alarm)))["incident_id"] is None
