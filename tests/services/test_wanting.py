"""Care plans want visits weeks ahead, once; what changes is changed and nothing else."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core import absences
from core.clock import local_date
from core.db import Pool
from core.errors import Conflict, Invalid
from dispatch import visits
from services import care_plans, wanting
from tests import makers
from tests.makers import NOW
from tests.services.plans import MONDAY, Planning, item, make_planning
from tests.services.worlds import World, make_world


@pytest.fixture
async def planning(world: World) -> Planning:
    return await make_planning(world)


def days(rows: Any) -> list[str]:
    return [f"{local_date(row['window_start']):%m-%d}" for row in rows]


async def test_visits_are_wanted_four_weeks_ahead_and_only_once(planning: Planning) -> None:
    await planning.plan(item())
    assert await planning.tick() == 1
    rows = await planning.visits()
    assert days(rows) == ["11-24", "11-26", "12-01", "12-03", "12-08", "12-10", "12-15", "12-17"]
    assert {row["state"] for row in rows} == {"wanted"}
    assert rows[0]["window_start"] == datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    assert rows[0]["provider_id"] == planning.world.provider
    assert await planning.tick() == 0
    assert await planning.tick(NOW + timedelta(days=1)) == 1
    assert days(await planning.visits()) == [*days(rows)]
    await planning.tick(NOW + timedelta(days=3))
    assert days(await planning.visits())[-1] == "12-22"


async def test_two_ticks_at_once_double_nothing(planning: Planning) -> None:
    await planning.plan(item())
    await asyncio.gather(*(planning.tick() for _ in range(3)))
    assert len(await planning.visits()) == 8


async def test_a_draft_wants_nothing_and_its_writer_cannot_approve_it(planning: Planning) -> None:
    async with planning.world.worker.transaction(planning.world.district) as conn:
        plan = await planning.draft(conn, item())
        with pytest.raises(Conflict, match="second person"):
            await care_plans.approve(conn, plan, planning.clerk, NOW, agreed_by="self", agreed_on=NOW.date())
    await planning.tick()
    assert await planning.visits() == []


async def test_an_unchanged_item_keeps_its_visits_in_the_next_version(planning: Planning) -> None:
    first = await planning.plan(item(), item("clean", "FREQ=WEEKLY;BYDAY=FR"))
    await planning.tick()
    before = await planning.visits("wanted")
    bath, clean = await planning.items(first)
    second = await planning.plan(
        item(keeps=bath), item("clean", "FREQ=WEEKLY;BYDAY=WE", keeps=clean), first=date(2026, 12, 7)
    )
    await planning.tick()
    after = await planning.visits("wanted")
    baths = [row["id"] for row in before if row["service"] == "bath"]
    assert [row["id"] for row in after if row["service"] == "bath"] == baths
    assert days([row for row in after if row["service"] == "clean"]) == ["11-27", "12-04", "12-09", "12-16"]
    assert (await planning.items(second))[0] == bath
    assert len({row["origin"] for row in after}) == len(after)


async def test_what_a_person_cancelled_is_not_wanted_again(planning: Planning) -> None:
    await planning.plan(item())
    await planning.tick()
    [first, *_] = await planning.visits()
    async with planning.world.worker.transaction(planning.world.district) as conn:
        await visits.cancel(conn, first["id"], planning.clerk, NOW, "family at home")
    await planning.tick(NOW + timedelta(days=1))
    assert days(await planning.visits("wanted"))[0] == "11-26"


async def test_a_plan_that_ends_takes_its_visits_back_and_may_want_them_again(planning: Planning) -> None:
    plan = await planning.plan(item())
    await planning.tick()
    async with planning.world.worker.transaction(planning.world.district) as conn:
        await care_plans.end(conn, plan, date(2026, 11, 30), "moved to her son", NOW)
    await planning.tick()
    assert days(await planning.visits("wanted")) == ["11-24", "11-26"]
    [bath] = await planning.items(plan)
    await planning.plan(item(keeps=bath), first=date(2026, 12, 1))
    await planning.tick()
    assert len(await planning.visits("wanted")) == 8


async def test_a_promise_of_the_next_minutes_stands_and_its_successor_waits_a_week(
    planning: Planning,
) -> None:
    plan = await planning.plan(item())
    await planning.tick()
    [first, *_] = await planning.visits()
    soon = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
    await planning.run("UPDATE visit SET promised_at = $2 WHERE id = $1", first["id"], NOW)
    [bath] = await planning.items(plan)
    changed = item("bath", "FREQ=WEEKLY;BYDAY=TU", "09:00-12:00", keeps=bath)
    await planning.plan(changed, first=date(2026, 11, 24), now=soon)
    await planning.tick(soon)
    rows = await planning.visits("wanted")
    assert days(rows) == ["11-24", "12-01", "12-08", "12-15", "12-22"]
    assert rows[0]["id"] == first["id"]


async def test_a_hospital_stay_holds_and_the_way_home_frees(planning: Planning) -> None:
    await planning.plan(item())
    await planning.tick()
    district, elder = planning.world.district, planning.elder
    async with planning.world.worker.transaction(district) as conn:
        stay = await absences.record(
            conn, district=district, elder=elder, kind="hospital", starts_on=MONDAY, ends_on=None, now=NOW
        )
    await planning.tick()
    assert {row["held_reason"] for row in await planning.visits()} == {"hospital"}
    async with planning.world.worker.transaction(district) as conn:
        await absences.end(conn, stay, date(2026, 11, 26), NOW)
    await planning.tick()
    assert [row["held_reason"] for row in await planning.visits()][:3] == ["hospital", "hospital", None]


async def test_a_visit_held_until_it_is_over_lapses(planning: Planning) -> None:
    await planning.plan(item())
    await planning.tick()
    district, elder = planning.world.district, planning.elder
    async with planning.world.worker.transaction(district) as conn:
        await absences.record(
            conn, district=district, elder=elder, kind="holiday", starts_on=MONDAY, ends_on=None, now=NOW
        )
    await planning.tick()
    await planning.tick(NOW + timedelta(days=7))
    assert days(await planning.visits("cancelled")) == ["11-24", "11-26"]


async def test_a_hold_by_a_person_stays(planning: Planning) -> None:
    await planning.plan(item())
    await planning.tick()
    [first, *_] = await planning.visits()
    async with planning.world.worker.transaction(planning.world.district) as conn:
        await visits.hold(conn, first["id"], "by_hand", NOW)
    await planning.tick(NOW + timedelta(days=1))
    assert (await planning.visits())[0]["held_reason"] == "by_hand"


async def test_a_death_takes_every_visit_back_and_wants_none(planning: Planning) -> None:
    await planning.plan(item())
    await planning.tick()
    async with planning.world.worker.transaction(planning.world.district) as conn:
        await absences.record_death(conn, planning.elder, NOW.date())
    await planning.tick()
    await planning.tick(NOW + timedelta(days=1))
    assert {row["state"] for row in await planning.visits()} == {"cancelled"}
    assert len(await planning.visits()) == 8


async def test_two_come_to_bathe_somebody_severely_disabled_also_when_the_grade_changes(
    planning: Planning,
) -> None:
    await planning.plan(item())
    await planning.tick()
    assert {row["staff"] for row in await planning.visits("wanted")} == {1}
    async with planning.world.worker.transaction(planning.world.district) as conn:
        await planning.world.grade(conn, planning.elder, "severe", date(2026, 12, 5))
    await planning.tick()
    assert [row["staff"] for row in await planning.visits("wanted")] == [1, 1, 1, 1, 2, 2, 2, 2]
    assert len(await planning.visits("cancelled")) == 4


async def test_the_nurse_follows_the_bath_on_its_days(planning: Planning) -> None:
    nurse = item(
        "health", "FREQ=WEEKLY;BYDAY=TU,FR", "09:00-13:00", follows=0, follows_min=60, follows_max=120
    )
    await planning.plan(item(), nurse)
    await planning.tick()
    rows = await planning.visits()
    bath = next(row for row in rows if row["service"] == "bath")
    tuesday, friday, *_ = [row for row in rows if row["service"] == "health"]
    assert (tuesday["follows_id"], tuesday["follows_min"], tuesday["follows_max"]) == (bath["id"], 60, 120)
    assert friday["follows_id"] is None


async def test_a_leader_that_is_renewed_takes_its_follower_with_it(planning: Planning) -> None:
    nurse = item("health", "FREQ=WEEKLY;BYDAY=TU", "09:00-13:00", follows=0, follows_min=60, follows_max=120)
    await planning.plan(item("bath", "FREQ=WEEKLY;BYDAY=TU"), nurse)
    await planning.tick()
    async with planning.world.worker.transaction(planning.world.district) as conn:
        await planning.world.grade(conn, planning.elder, "total", date(2026, 11, 23))
    await planning.tick()
    rows = {row["id"]: row for row in await planning.visits("wanted")}
    followers = [row for row in rows.values() if row["service"] == "health"]
    assert len(followers) == 4
    assert all(rows[row["follows_id"]]["staff"] == 2 for row in followers)


async def test_further_windows_a_movable_week_and_several_visits_a_day(planning: Planning) -> None:
    clean = item(
        "clean", "FREQ=WEEKLY;BYDAY=WE", "09:00-11:00", "14:00-16:00", is_movable=True, is_optional=True
    )
    meals = item("meal", "FREQ=DAILY;COUNT=1", "07:00-08:00", "11:00-12:30", "17:00-18:30", each_window=True)
    await planning.plan(clean, meals)
    await planning.tick()
    rows = await planning.visits()
    assert [row["service"] for row in rows[:3]] == ["meal"] * 3
    [first, *_] = [row for row in rows if row["service"] == "clean"]
    assert first["windows"][0]["from"] == "2026-11-25T14:00:00+08:00"
    assert (first["movable_from"], first["movable_to"]) == (MONDAY, date(2026, 11, 29))
    assert first["is_optional"]


async def test_a_used_up_quota_holds_what_must_stay_within_it(planning: Planning) -> None:
    await planning.plan(item("bath", "FREQ=DAILY", within_quota=True))
    await planning.quota(200)
    await planning.tick()
    november = [row for row in await planning.visits() if local_date(row["window_start"]).month == 11]
    assert [row["held_reason"] for row in november] == [None, None, None, *["quota"] * 5]
    await planning.run(
        "UPDATE entitlement SET quota = 320, ceiling = 320 WHERE elder_id = $1", planning.elder
    )
    await planning.tick(NOW + timedelta(days=1))
    november = [row for row in await planning.visits() if local_date(row["window_start"]).month == 11]
    assert [row["held_reason"] for row in november] == [None] * 4 + ["quota"] * 4


async def test_a_district_that_refuses_holds_and_one_that_lets_people_pay_does_not(
    pool_owner: Pool, pool_worker: Pool, keys: Any
) -> None:
    for code, policy, held in (("370503", "copay", 0), ("341302", "refuse", 8)):
        world = await make_world(pool_owner, pool_worker, keys, code, over_quota=policy)
        planning = await make_planning(world)
        await planning.plan(item("bath", "FREQ=DAILY"), item("health", "FREQ=DAILY", funding="private"))
        await planning.quota(0)
        await planning.tick()
        assert sum(row["held_reason"] == "quota" for row in await planning.visits()) == held


async def test_one_elder_whose_plan_fails_holds_up_nobody(planning: Planning, world: World) -> None:
    other = await make_planning(world)
    await planning.plan(item())
    await other.plan(item())
    await planning.run("UPDATE care_plan_item SET rrule = 'FREQ=NEVER' WHERE elder_id = $1", planning.elder)
    assert await planning.tick() == 2
    assert (len(await planning.visits()), len(await other.visits())) == (0, 8)
    async with world.worker.transaction(world.district) as conn:
        failed = await conn.fetchval(
            "SELECT failed FROM care_plan_horizon WHERE elder_id = $1", planning.elder
        )
    assert failed == "Invalid"


async def test_a_tick_that_cannot_reach_the_database_says_so(planning: Planning) -> None:
    await planning.world.worker.close()
    with pytest.raises(Exception, match=r"closed|closing"):
        await wanting.tick(planning.world.worker, NOW)


async def test_only_one_draft_and_nothing_approved_twice(planning: Planning) -> None:
    async with planning.world.worker.transaction(planning.world.district) as conn:
        first = await planning.draft(conn, item())
        second = await planning.draft(conn, item())
        assert (await care_plans.find(conn, first))["state"] == "discarded"
        await planning.approve(conn, second)
        with pytest.raises(Conflict, match="is approved"):
            await planning.approve(conn, second)
        with pytest.raises(Conflict, match="is approved"):
            await care_plans.discard(conn, second)
        with pytest.raises(Invalid, match="last"):
            await care_plans.end(conn, second, date(2020, 1, 1), "", NOW)
        await care_plans.end(conn, second, MONDAY, "", NOW)
        with pytest.raises(Conflict, match="is ended"):
            await care_plans.end(conn, second, MONDAY, "", NOW)
        assert [row["version"] for row in await care_plans.list_(conn, elder_id=planning.elder)] == [2, 1]


async def test_a_version_from_an_earlier_day_replaces_one_that_never_began(planning: Planning) -> None:
    late = await planning.plan(item(), first=date(2026, 12, 1))
    await planning.plan(item("clean"), first=MONDAY)
    async with planning.world.worker.transaction(planning.world.district) as conn:
        assert (await care_plans.find(conn, late))["state"] == "replaced"


async def test_who_signed_for_the_elder_must_be_named(planning: Planning) -> None:
    async with planning.world.worker.transaction(planning.world.district) as conn:
        plan = await planning.draft(conn, item())
        with pytest.raises(Invalid, match="agreed_by"):
            await care_plans.approve(
                conn, plan, planning.approver, NOW, agreed_by=" ", agreed_on=makers.NOW.date()
            )
