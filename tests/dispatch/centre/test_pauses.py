"""Monitoring paused: what is kept in silence, what pages all the same, and the end that is watched."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core import absences
from core.accounts import Person
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from dispatch import cases, intake
from dispatch.centre import pauses
from tests.dispatch.worlds import World, case_of, events_of, make_case, make_operator, raise_alarm
from tests.makers import NOW

DAY = timedelta(days=1)


async def pause(world: World, by: Person, days: float = 7, **given: Any) -> UUID:
    what = {"elder": world.elder, "care_bed": None, "reason": "hospital", "starts_at": NOW, **given}
    async with world.web.transaction(world.district) as conn:
        return await pauses.begin(conn, ends_at=NOW + days * DAY, by=by, now=NOW, **what)


async def row_of(world: World, case: UUID) -> dict[str, Any]:
    async with world.web.transaction(world.district) as conn:
        found = await conn.fetchrow("SELECT * FROM care_case WHERE id = $1", case)
    assert found is not None
    return dict(found)


async def watch(world: World, now: datetime) -> int:
    async with world.worker.transaction(world.district) as conn:
        return await pauses.watch_due(conn, now)


async def test_alarms_of_a_pause_are_kept_in_one_quiet_case_that_never_pages(world: World) -> None:
    made = await pause(world, await make_operator(world))
    first = await make_case(world, "bed_exit", NOW + timedelta(hours=1), severity=2)
    second = await make_case(world, "no_motion", NOW + timedelta(hours=30), severity=2)
    row = await row_of(world, first)
    assert (second, row["state"], row["escalate_at"], row["paused_by"]) == (first, "raised", None, made)
    assert row["severity"] == 5
    async with world.web.transaction(world.district) as conn:
        assert (await pauses.ending(conn))[0]["kept"] == 2


async def test_the_family_is_not_rung_for_a_quiet_case(world: World) -> None:
    await pause(world, await make_operator(world))
    before = len(await events_of(world))
    await make_case(world, "bed_exit", NOW + timedelta(hours=1))
    assert all("family" not in roles for _, roles in (await events_of(world))[before:])


async def test_an_sos_during_a_pause_pages_in_a_case_of_its_own_and_questions_the_pause(world: World) -> None:
    made = await pause(world, await make_operator(world))
    quiet = await make_case(world, "bed_exit", NOW + timedelta(minutes=1))
    loud = await make_case(world, "sos", NOW + timedelta(minutes=2))
    row = await row_of(world, loud)
    assert loud != quiet
    assert row["escalate_at"] is not None
    assert row["paused_by"] is None
    async with world.web.transaction(world.district) as conn:
        said = [one["action"] for one in await cases.timeline(conn, loud)]
        assert "pause_questioned" in said
        assert (await pauses.find(conn, made))["questioned_at"] == NOW + timedelta(minutes=2)


async def test_what_is_joined_to_the_loud_case_is_not_drawn_into_the_quiet_one(world: World) -> None:
    await pause(world, await make_operator(world))
    quiet = await make_case(world, "bed_exit", NOW + timedelta(minutes=1))
    loud = await make_case(world, "sos", NOW + timedelta(minutes=2))
    assert await make_case(world, "fall", NOW + timedelta(minutes=3)) == loud
    assert await make_case(world, "door_open", NOW + timedelta(minutes=4)) == quiet


async def test_a_pause_ends_by_itself_and_closes_its_quiet_case_and_then_alarms_page_again(
    world: World,
) -> None:
    await pause(world, await make_operator(world), days=2)
    quiet = await make_case(world, "bed_exit", NOW + timedelta(hours=1))
    assert await watch(world, NOW + 2 * DAY) == 1
    assert await watch(world, NOW + 2 * DAY) == 0
    row = await row_of(world, quiet)
    assert (row["state"], row["outcome"], row["closed_by"]) == ("closed", "other", None)
    later = await make_case(world, "bed_exit", NOW + 2 * DAY + timedelta(minutes=1))
    assert (await row_of(world, later))["escalate_at"] is not None


async def test_alarms_page_from_the_end_on_even_if_no_tick_has_looked(world: World) -> None:
    await pause(world, await make_operator(world), days=1)
    late = await make_case(world, "bed_exit", NOW + DAY)
    assert (await row_of(world, late))["escalate_at"] is not None


async def test_a_quiet_case_that_somebody_has_taken_stays_theirs(world: World) -> None:
    operator = await make_operator(world)
    made = await pause(world, operator)
    quiet = await make_case(world, "bed_exit", NOW + timedelta(hours=1))
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, quiet, operator, NOW + timedelta(hours=2))
        await pauses.end(conn, made, operator, NOW + timedelta(hours=3))
    assert (await row_of(world, quiet))["state"] == "claimed"


async def test_a_day_before_its_end_the_call_centre_is_told_once(world: World) -> None:
    await pause(world, await make_operator(world), days=3)
    assert await watch(world, NOW + DAY) == 0
    assert await watch(world, NOW + 2 * DAY) == 1
    assert await watch(world, NOW + 2 * DAY) == 0
    assert [kind for kind, _ in await events_of(world)].count("pause.ending") == 1


async def test_two_who_end_a_pause_at_once_end_it_once_and_the_second_hears_who(world: World) -> None:
    one, two = await make_operator(world), await make_operator(world)
    made = await pause(world, one)

    async def stop(by: Person) -> str:
        try:
            async with world.web.transaction(world.district) as conn:
                await pauses.end(conn, made, by, NOW + DAY)
        except Conflict as problem:
            return f"{problem.code} {problem.extra['by']}"
        return "ended"

    said = sorted(await asyncio.gather(stop(one), stop(two)))
    assert said[0] == "ended"
    assert said[1].startswith("pause_over ")


async def test_a_pause_needs_an_end_that_is_not_too_far(world: World) -> None:
    by = await make_operator(world)
    with pytest.raises(Invalid, match="at most 60 days"):
        await pause(world, by, days=61)
    with pytest.raises(Invalid, match="future"):
        await pause(world, by, days=0)
    with pytest.raises(Invalid, match="not before now"):
        await pause(world, by, starts_at=NOW - DAY)
    with pytest.raises(Invalid, match="one of"):
        await pause(world, by, reason="whim")
    with pytest.raises(NotFound):
        await pause(world, by, care_bed=new_id())


async def test_two_pauses_of_one_person_do_not_overlap_but_one_may_follow(world: World) -> None:
    by = await make_operator(world)
    await pause(world, by, days=2)
    with pytest.raises(Conflict, match="paused"):
        await pause(world, by, days=3)
    await pause(world, by, days=4, starts_at=NOW + 2 * DAY)
    async with world.web.transaction(world.district) as conn:
        assert len(await pauses.of_elder(conn, world.elder, NOW)) == 2
        assert await pauses.paused_elders(conn, NOW) == {world.elder}
        assert len(await pauses.list_(conn, elder=world.elder, is_open=True)) == 2


async def test_a_pause_of_the_bed_leaves_other_devices_loud(world: World) -> None:
    await pause(world, await make_operator(world), care_bed=world.bed)
    alarm = await raise_alarm(world, "no_motion", NOW + timedelta(hours=1), care_bed_id=None)
    await intake.run(world.worker, world.district, NOW + timedelta(hours=1))
    assert (await row_of(world, await case_of(world, alarm)))["paused_by"] is None


async def test_faults_are_taken_in_as_ever(world: World) -> None:
    await pause(world, await make_operator(world))
    case = await make_case(world, "low_battery", NOW + timedelta(hours=1), **{"class": "technical"})
    assert (await row_of(world, case))["paused_by"] is None


async def test_an_absence_without_a_pause_proposes_one(world: World) -> None:
    by = await make_operator(world)
    async with world.web.transaction(world.district) as conn:
        assert await pauses.proposed(conn, world.elder, NOW) is None
        day = NOW.date()
        what = {"kind": "hospital", "starts_on": day, "ends_on": None, "now": NOW}
        made = await absences.record(conn, district=world.district, elder=world.elder, **what)  # type: ignore[arg-type]
        found = await pauses.proposed(conn, world.elder, NOW)
        assert found is not None
        assert (found["id"], found["kind"]) == (made, "hospital")
    await pause(world, by, absence=made)
    async with world.web.transaction(world.district) as conn:
        assert await pauses.proposed(conn, world.elder, NOW) is None
