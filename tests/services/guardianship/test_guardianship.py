"""A guardianship from the first look to its end: two people, a team without gaps, visits that cost nobody."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.accounts import Person
from core.db import Conn, Pool
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from dispatch.places import calling
from services.guardianship import duties, guardianships, team
from services.guardianship.duties import NewDuty
from services.guardianship.team import NewMember
from tests.makers import NOW, make_person
from tests.services.worlds import World

TODAY = date(2026, 11, 21)
MONDAYS = NewDuty("caregiver", "FREQ=WEEKLY;BYDAY=MO", date(2026, 11, 23))


@pytest.fixture
async def elder(world: World) -> UUID:
    return await world.elder(None, category="tekun")


async def make_caregiver(conn: Conn, world: World) -> UUID:
    identity = new_id()
    await conn.execute(
        """INSERT INTO caregiver (id, district_id, provider_id, name, gender, skills, lat, lon, created_at)
           VALUES ($1, $2, $3, 'Carer', 'female', '{care}', 37.8, 118.5, $4)""",
        identity,
        world.district,
        world.provider,
        NOW,
    )
    return identity


async def step(conn: Conn, world: World, made: UUID, which: str, finding: str, by: Person) -> None:
    given: dict[str, Any] = {"on": TODAY, "finding": finding, "words": "seen at home", "now": NOW}
    await guardianships.step(conn, world.keys, made, which, by=by, **given)


async def test_four_steps_two_people_and_a_guardian_before_care(
    world: World, pool_web: Pool, elder: UUID
) -> None:
    async with pool_web.transaction(world.district) as conn:
        clerk, approver = [await make_person(conn, world.district, role) for role in ("clerk", "approver")]
        assert [row["id"] for row in await guardianships.candidates(conn, NOW)] == [elder]
        made = await guardianships.open_(conn, elder, clerk, NOW)
        assert await guardianships.candidates(conn, NOW) == []
        with pytest.raises(Conflict) as twice:
            await guardianships.open_(conn, elder, clerk, NOW)
        assert twice.value.code == "guardianship_open"
        await step(conn, world, made, "investigate", "no_relative", clerk)
        with pytest.raises(Conflict) as same:
            await step(conn, world, made, "determine", "limited", clerk)
        assert same.value.code == "same_person"
        await step(conn, world, made, "determine", "limited", approver)
        await step(conn, world, made, "choose", "village_committee", clerk)
        with pytest.raises(Conflict) as nobody:
            await step(conn, world, made, "care", "at_home", clerk)
        assert nobody.value.code == "no_guardian"
        guardian = NewMember("guardian", TODAY, "Village committee", "13800001111")
        await team.appoint(conn, world.keys, made, guardian, by=clerk, now=NOW)
        await step(conn, world, made, "care", "at_home", clerk)
        found = await guardianships.find(conn, made, NOW)
        assert (found.next_step, found.row["capacity"]) == (None, "limited")
        assert [row["finding"] for row in found.steps] == [
            "no_relative",
            "limited",
            "village_committee",
            "at_home",
        ]
        assert {gap.role for gap in found.gaps} == {"caregiver", "official", "nurse", "social_worker"}
        (listed,) = await guardianships.list_(conn, NOW)
        assert (listed["held"], listed["last_step"]) == (1, "care")
        for which, wrong in (("sing", "none"), ("care", "none")):
            with pytest.raises(Invalid):
                await step(conn, world, made, which, wrong, clerk)


async def test_a_caregivers_duty_becomes_visits_that_nobody_pays(
    world: World, pool_web: Pool, elder: UUID
) -> None:
    async with pool_web.transaction(world.district) as conn:
        clerk = await make_person(conn, world.district, "clerk")
        made = await guardianships.open_(conn, elder, clerk, NOW)
        carer = NewMember("caregiver", TODAY, caregiver_id=await make_caregiver(conn, world))
        await team.appoint(conn, world.keys, made, carer, by=clerk, now=NOW)
        duty = await guardianships.give_duty(conn, made, MONDAYS, by=clerk, now=NOW)
        rows = await conn.fetch("SELECT * FROM visit WHERE elder_id = $1 ORDER BY window_start", elder)
        first = datetime(2026, 11, 23, 1, tzinfo=UTC)
        assert [row["window_start"] for row in rows] == [first + timedelta(weeks=n) for n in range(4)]
        assert {(row["service"], row["funding"], row["provider_id"]) for row in rows} == {
            ("call_on", "none", world.provider)
        }
    assert await duties.tick(world.worker, NOW) == 0
    assert await duties.tick(world.worker, NOW + timedelta(days=7)) == 1
    async with pool_web.transaction(world.district) as conn:
        assert await conn.fetchval("SELECT count(*) FROM visit WHERE elder_id = $1", elder) == 5
        await duties.end(conn, duty, date(2026, 11, 30), NOW)
        left = await conn.fetchval(
            "SELECT count(*) FROM visit WHERE elder_id = $1 AND state <> 'cancelled'", elder
        )
        assert left == 2
        with pytest.raises(NotFound):
            await duties.end(conn, new_id(), TODAY, NOW)


async def test_an_officials_duty_is_kept_by_recorded_calls(world: World, pool_web: Pool, elder: UUID) -> None:
    async with pool_web.transaction(world.district) as conn:
        clerk = await make_person(conn, world.district, "clerk")
        made = await guardianships.open_(conn, elder, clerk, NOW)
        caller = await calling.create_caller(
            conn, world.keys, district=world.district, name="Official", role="official", now=NOW
        )
        official = NewMember("official", date(2026, 10, 1), caller_id=caller)
        await team.appoint(conn, world.keys, made, official, by=clerk, now=NOW)
        weekly = NewDuty("official", "FREQ=WEEKLY;BYDAY=MO", date(2026, 11, 2))
        await guardianships.give_duty(conn, made, weekly, by=clerk, now=NOW)
        (before,) = await duties.of(conn, made, TODAY)
        assert (before.duty.met_on, before.duty.late_since) == (None, date(2026, 11, 2))
        assert await conn.fetchval("SELECT count(*) FROM visit WHERE elder_id = $1", elder) == 0
        await calling.record(
            conn,
            district=world.district,
            elder=elder,
            caller=caller,
            at=NOW - timedelta(days=4),
            how="in_person",
            outcome="well",
            note="",
            by=clerk,
            now=NOW,
        )
        (after,) = await duties.of(conn, made, TODAY)
        assert (after.duty.met_on, after.duty.late_since, after.duty.next_on) == (
            date(2026, 11, 17),
            None,
            date(2026, 11, 23),
        )


async def test_one_holds_a_role_at_a_time_and_the_next_one_ends_it(
    world: World, pool_web: Pool, elder: UUID
) -> None:
    async with pool_web.transaction(world.district) as conn:
        clerk = await make_person(conn, world.district, "clerk")
        made = await guardianships.open_(conn, elder, clerk, NOW)
        old = NewMember("nurse", date(2026, 11, 1), "Old")
        first = await team.appoint(conn, world.keys, made, old, by=clerk, now=NOW)
        await team.appoint(
            conn, world.keys, made, replace(old, name="New", valid_from=TODAY), by=clerk, now=NOW
        )
        found = await guardianships.find(conn, made, NOW)
        assert [(row["name"], row["valid_to"]) for row in found.members] == [
            ("New", None),
            ("Old", date(2026, 11, 20)),
        ]
        with pytest.raises(Conflict) as held:
            await team.appoint(conn, world.keys, made, old, by=clerk, now=NOW)
        assert held.value.code == "role_held"
        with pytest.raises(Conflict) as ended:
            await team.dismiss(conn, first, TODAY, by=clerk, now=NOW)
        assert ended.value.code == "role_ended"
        with pytest.raises(Invalid):
            await team.dismiss(conn, first, date(2026, 10, 1), by=clerk, now=NOW)
        with pytest.raises(NotFound):
            await team.dismiss(conn, new_id(), TODAY, by=clerk, now=NOW)
        carer = await make_caregiver(conn, world)
        for wrong in (
            NewMember("king", TODAY, "K"),
            NewMember("nurse", TODAY),
            NewMember("nurse", TODAY, "x" * 81),
            NewMember("guardian", TODAY, caregiver_id=carer),
            NewMember("nurse", TODAY, caregiver_id=carer, caller_id=new_id()),
            NewMember("official", TODAY, caller_id=new_id()),
        ):
            with pytest.raises(Invalid):
                await team.appoint(conn, world.keys, made, wrong, by=clerk, now=NOW)


async def test_looks_at_the_six_are_dated_and_a_closed_guardianship_stays_closed(
    world: World, pool_web: Pool, elder: UUID
) -> None:
    async with pool_web.transaction(world.district) as conn:
        clerk = await make_person(conn, world.district, "clerk")
        made = await guardianships.open_(conn, elder, clerk, NOW)
        given: dict[str, Any] = {"by": clerk, "now": NOW}
        await guardianships.look(conn, made, "home", had=False, on=date(2026, 11, 1), **given)
        await guardianships.look(conn, made, "home", had=True, on=TODAY, **given)
        await guardianships.look(conn, made, "file", had=False, on=TODAY, **given)
        for item, on in (("gold", TODAY), ("home", TODAY + timedelta(days=1))):
            with pytest.raises(Invalid):
                await guardianships.look(conn, made, item, had=True, on=on, **given)
        states = {one.item: one.state for one in (await guardianships.find(conn, made, NOW)).haves}
        assert (len(states), states["home"], states["file"], states["medical"]) == (
            6,
            "had",
            "missing",
            "never",
        )
        with pytest.raises(Invalid):
            await guardianships.give_duty(
                conn, made, replace(MONDAYS, window=(time(11), time(9))), by=clerk, now=NOW
            )
        await guardianships.give_duty(conn, made, MONDAYS, by=clerk, now=NOW)
        await guardianships.close(conn, made, "moved", on=TODAY, **given)
        left = await conn.fetchval(
            "SELECT count(*) FROM visit WHERE elder_id = $1 AND state <> 'cancelled'", elder
        )
        assert left == 0
        with pytest.raises(Conflict):
            await guardianships.look(conn, made, "home", had=True, on=TODAY, **given)
        with pytest.raises(NotFound):
            await guardianships.find(conn, new_id(), NOW)
        with pytest.raises(NotFound):
            await guardianships.close(conn, new_id(), "moved", on=TODAY, **given)
        again = await guardianships.open_(conn, elder, clerk, NOW)
        lines = await conn.fetch("SELECT action FROM audit_log WHERE subject_id = $1 ORDER BY id", made)
        assert [line["action"] for line in lines][:2] == ["guardianship.open", "guardianship.look"]
        assert again != made
