from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core import people
from core.errors import Invalid, NotFound
from core.ids import new_id
from dispatch import visits
from dispatch.planning import nightly, plans, repair
from dispatch.planning import ticks as planner
from dispatch.roster import facts as roster
from tests.dispatch.plan_days import ON
from tests.dispatch.plan_worlds import (
    SETTINGS,
    accept,
    at,
    compute,
    make_carer,
    planned,
    say_yes,
    visit,
    want,
)
from tests.dispatch.worlds import World, make_operator
from tests.makers import NOW, make_person

NINE = at("09:00")


async def preview(world: World, trigger: dict[str, Any], now: Any = NINE, by: Any = None) -> Any:
    async with world.web.transaction(world.district) as conn:
        plan_id = await repair.preview(conn, trigger, now, by=by)
    return await compute(world, plan_id, now)


async def heard(world: World, since: int) -> list[Any]:
    async with world.web.transaction(world.district) as conn:
        return await conn.fetch(
            "SELECT kind, roles, elder_id, caregiver_id, visit_id FROM event WHERE id > $1 ORDER BY id", since
        )


async def last_event(world: World) -> int:
    async with world.web.transaction(world.district) as conn:
        return int(await conn.fetchval("SELECT coalesce(max(id), 0) FROM event"))


async def test_a_caregiver_falls_ill_at_nine_the_day_is_repaired_and_three_people_are_told(
    world: World,
) -> None:
    anna = await make_carer(world, "anna", skills=("care",))
    berta = await make_carer(world, "berta", km=2, skills=("care",))
    carla = await make_carer(world, "carla", skills=("medical",))
    first, second = await want(world, "10:30", "11:30"), await want(world, "14:00", "15:00", km=1)
    other = await want(world, "10:00", "16:00", service="health", km=1)
    await planned(world)
    ill, well = anna, berta
    if (await visit(world, first))["caregiver_id"] != anna.caregiver_id:
        ill, well = berta, anna
    lost = [one for one in (first, second) if (await visit(world, one))["caregiver_id"] == ill.caregiver_id]
    for one in lost:
        await say_yes(world, one, ill)
    kept, before = await visit(world, other), await last_event(world)
    plan = await preview(world, away_from_nine(ill), by=await make_manager(world))
    assert await last_event(world) == before
    assert {(one["visit_id"], one["code"]) for one in plan["broken"]} == {(str(v), "caregiver") for v in lost}
    done = await accept(world, plan["id"], await make_manager(world), NINE)
    assert done["left_out"] == []
    for one in lost:
        row = await visit(world, one)
        assert (row["state"], row["caregiver_id"]) == ("offered", well.caregiver_id)
    assert (await visit(world, other))["caregiver_id"] == kept["caregiver_id"]
    told = await heard(world, before)
    assert_told(told, await visit(world, lost[0]), ill, well)
    assert carla.caregiver_id not in {row["caregiver_id"] for row in told}
    assert await kinds_of_leave(world, ill) == ["sick"]


def away_from_nine(who: Any) -> dict[str, str]:
    span = {"from": NINE.isoformat(), "to": at("20:00").isoformat()}
    return {"kind": "sick", "caregiver_id": str(who.caregiver_id), **span}


async def make_manager(world: World) -> Any:
    async with world.web.transaction(world.district) as conn:
        return await make_person(conn, world.district, "provider_manager", provider=world.provider)


def assert_told(told: Any, row: Any, ill: Any, well: Any) -> None:
    """Both caregivers, the elder's family and the desks have an event of the visit; nobody else has."""
    mine = [one for one in told if one["visit_id"] == row["id"]]
    assert [one["kind"] for one in mine] == ["visit.offered", "visit.offered"]
    assert {one["caregiver_id"] for one in mine} == {ill.caregiver_id, well.caregiver_id}
    assert {"provider_manager", "family", "caregiver"} <= set(mine[0]["roles"])
    assert (mine[0]["elder_id"], mine[1]["roles"]) == (row["elder_id"], ["caregiver"])


async def kinds_of_leave(world: World, who: Any) -> list[str]:
    async with world.web.transaction(world.district) as conn:
        known = await roster.caregivers(conn, at("00:00"), at("23:59"))
    return [leave.kind for one in known if one.caregiver_id == who.caregiver_id for leave in one.leaves]


async def test_a_visit_called_off_gives_room_and_is_cancelled_when_the_repair_is_accepted(
    world: World,
) -> None:
    await make_carer(world, "anna")
    one = await want(world, "10:30", "11:00")
    await planned(world)
    late = await want(world, "10:30", "11:00", km=1, provider_id=world.provider)
    plan = await preview(world, {"kind": "cancelled", "visit_id": str(one), "on": ON.isoformat()})
    await accept(world, plan["id"], await make_operator(world, "provider_manager"), NINE)
    assert (await visit(world, one))["state"] == "cancelled"
    assert (await visit(world, late))["state"] == "offered"


async def test_a_caregiver_late_by_an_hour_breaks_what_must_be_broken_and_no_more(world: World) -> None:
    anna = await make_carer(world, "anna")
    soon, later = await want(world, "09:30", "09:40"), await want(world, "15:00", "16:00")
    await planned(world)
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE visit SET window_end = $2 WHERE id = $1", soon, at("12:00"))
    before = await visit(world, later)
    trigger = {"kind": "late", "caregiver_id": str(anna.caregiver_id), "minutes": "60"}
    plan = await preview(world, trigger)
    assert [(one["visit_id"], one["code"]) for one in plan["broken"]] == [(str(soon), "time")]
    await accept(world, plan["id"], None, NINE)
    assert (await visit(world, soon))["planned_start"] >= NINE + timedelta(minutes=60)
    assert (await visit(world, later))["planned_start"] == before["planned_start"]


async def test_a_roster_change_asks_for_the_repair_of_each_day_it_touches(world: World) -> None:
    anna = await make_carer(world, "anna")
    one = await want(world, "10:00", "11:00")
    await planned(world)
    away = {"kind": "leave", "caregiver_id": str(anna.caregiver_id), "from": NOW.isoformat()}
    async with world.web.transaction(world.district) as conn:
        asked = await repair.trigger(conn, {**away, "to": (NOW + timedelta(days=9)).isoformat()}, NOW)
        assert [(await plans.find(conn, each))["on"] for each in asked] == [ON]
        assert [row["id"] for row in await repair.pending(conn, NOW)] == asked
        called = {"kind": "emergency", "visit_id": str(one), "on": ON.isoformat()}
        assert len(await repair.trigger(conn, called, NOW)) == 1
        with pytest.raises(NotFound):
            await repair.trigger(conn, {**called, "visit_id": str(new_id())}, NOW)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "flood"}, "trigger.kind"),
        ({"kind": "late", "caregiver_id": str(new_id()), "minutes": "-3"}, "trigger.minutes"),
        ({"kind": "cancelled"}, "trigger.visit_id"),
        ({"kind": "cancelled", "visit_id": str(new_id()), "on": "soon"}, "trigger.on"),
        ({"kind": "sick", "caregiver_id": str(new_id()), "from": "2026-11-23T09:00"}, "trigger.from"),
        (
            {
                "kind": "sick",
                "caregiver_id": str(new_id()),
                "from": "2026-11-23T09:00Z",
                "to": "2026-11-23T08:00Z",
            },
            "trigger.to",
        ),
    ],
)
async def test_a_trigger_that_cannot_be_read_names_its_field(world: World, given: Any, field: str) -> None:
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(Invalid, match=f"^{field}"):
            await repair.preview(conn, given, NOW)


async def test_every_night_the_days_ahead_are_planned_once_and_told(world: World) -> None:
    await make_carer(world, "anna")
    one = await want(world, "10:00", "11:00")
    night = at("20:30") - timedelta(days=2)
    assert await nightly.ask(world.worker, world.district, night) == 1
    assert await nightly.ask(world.worker, world.district, night + timedelta(hours=3)) == 0
    assert await nightly.run(world.worker, world.district, night, SETTINGS) == 1
    row = await visit(world, one)
    assert (row["state"], row["promised_at"]) == ("offered", night)
    assert await nightly.tell(world.worker, world.district, night) == 0


async def test_a_later_night_adds_what_is_new_and_the_ticks_do_all_of_it(world: World) -> None:
    await make_carer(world, "anna")
    one = await want(world, "10:00", "11:00")
    night = at("20:30") - timedelta(days=2)
    ticks = {job.name: job.tick for job in planner.jobs(SETTINGS)}
    for name in ("plan_nights", "plan_days", "plan_promises", "plan_repairs", "plan_forget"):
        await ticks[name](world.worker, night)
    late = await want(world, "13:00", "14:00")
    for name in ("plan_nights", "plan_days"):
        await ticks[name](world.worker, night + timedelta(days=1))
    assert [(await visit(world, each))["state"] for each in (one, late)] == ["offered", "offered"]


async def test_what_is_planned_far_ahead_is_told_when_it_comes_near(world: World) -> None:
    await make_carer(world, "anna")
    one = await want(world, "10:00", "11:00")
    early = NOW - timedelta(days=4)
    plan_id = await _start(world, early)
    await compute(world, plan_id, early)
    await accept(world, plan_id, now=early)
    assert (await visit(world, one))["promised_at"] is None
    assert await nightly.tell(world.worker, world.district, NOW) == 1
    assert (await visit(world, one))["promised_at"] == NOW
    async with world.web.transaction(world.district) as conn:
        assert (await visits.timeline(conn, one))[-1]["action"] == "promise"


async def _start(world: World, now: Any) -> UUID:
    async with world.web.transaction(world.district) as conn:
        return await plans.start(conn, district=world.district, on=ON, now=now, seconds=0.5)


async def test_a_movable_visit_goes_to_the_day_with_most_room(world: World) -> None:
    await make_carer(world, "anna")
    before = ON - timedelta(days=1)
    week = await want(world, "10:00", "11:00", movable=(before, ON + timedelta(days=3)))
    async with world.web.transaction(world.district) as conn:
        await conn.execute(
            "UPDATE visit SET window_start = window_start - interval '1 day',"
            " window_end = window_end - interval '1 day' WHERE id = $1",
            week,
        )
    await planned(world)
    row = await visit(world, week)
    assert (row["window_start"], row["state"]) == (at("10:00"), "offered")


async def test_the_family_hears_of_a_promise(world: World) -> None:
    await make_carer(world, "anna")
    one = await want(world, "10:00", "11:00")
    async with world.web.transaction(world.district) as conn:
        member = await people.create_family_member(
            conn, world.keys, district=world.district, name="son", phone=None, now=NOW
        )
    async with world.web.transaction(world.district) as conn:
        await make_person(conn, world.district, "family", family_member=member)
    before = await last_event(world)
    await planned(world)
    promised = [row for row in await heard(world, before) if row["kind"] == "visit.promised"]
    assert [(row["visit_id"], "family" in row["roles"]) for row in promised] == [(one, True)]
