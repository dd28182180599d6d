from datetime import timedelta

import pytest

from core.errors import Conflict, NotFound
from core.ids import new_id
from dispatch import visits
from dispatch.planning import computing, plan_rows, plans
from dispatch.roster import leaves
from tests.dispatch.plan_days import ON
from tests.dispatch.plan_worlds import (
    SETTINGS,
    accept,
    at,
    compute,
    items,
    make_carer,
    planned,
    start,
    visit,
    want,
)
from tests.dispatch.worlds import World, events_of, make_operator
from tests.makers import NOW


async def test_a_day_is_planned_priced_twice_and_comes_into_force(world: World) -> None:
    anna, berta = await make_carer(world, "anna"), await make_carer(world, "berta", km=3)
    bath = await want(world, "09:00", "11:00", service="bath", staff=2)
    nurse = await want(world, "09:00", "12:00", service="health", follows=(bath, 60, 120))
    alone = [await want(world, "13:00", "15:00", km=n) for n in (1, 2, 4)]
    plan = await compute(world, await start(world))
    assert plan["state"] == "ready"
    assert plan["cost"]["evaluator"]["violations"] == []
    assert plan["cost"]["search"]["total"] == pytest.approx(plan["cost"]["evaluator"]["total"], abs=0.01)
    assert plan["cost"]["travel"]["source"] == "circle"
    assert (plan["progress"]["served"], plan["progress"]["unserved"]) == (5, 0)
    await accept(world, plan["id"])
    row = await visit(world, bath)
    assert {row["caregiver_id"], row["companion_id"]} == {anna.caregiver_id, berta.caregiver_id}
    assert row["state"] == "offered"
    after = (await visit(world, nurse))["planned_start"] - row["planned_start"]
    assert timedelta(minutes=60) <= after <= timedelta(minutes=120)
    for one in alone:
        found = await visit(world, one)
        assert at("13:00") <= found["planned_start"] <= at("15:00")
        assert found["why"]["chosen"]["code"] == "planned"
        assert found["promised_at"] == NOW


async def test_what_nobody_can_make_says_why_of_everybody(world: World) -> None:
    await make_carer(world, "anna", skills=("care",))
    await make_carer(world, "berta", "14:00", "20:00")
    nurse = await want(world, "09:00", "10:00", service="health")
    plan = await compute(world, await start(world))
    (item,) = await items(world, plan["id"])
    assert item["caregiver_id"] is None
    said = {one["name"]: one["code"] for one in item["why"]["considered"]}
    assert said == {"anna": "no_skill", "berta": "off_shift"}
    await accept(world, plan["id"])
    row = await visit(world, nurse)
    assert (row["state"], row["why"]["reason"]["code"]) == ("wanted", "nobody_allowed")


async def test_a_visit_that_is_held_or_whose_elder_is_away_is_not_planned(world: World) -> None:
    await make_carer(world, "anna")
    held = await want(world, "09:00", "11:00", held_reason="quota")
    away = await want(world, "09:00", "11:00")
    async with world.web.transaction(world.district) as conn:
        elder = (await visits.find(conn, away))["elder_id"]
        values = (new_id(), world.district, elder, ON, NOW)
        await conn.execute(
            "INSERT INTO absence (id, district_id, elder_id, kind, starts_on, recorded_at)"
            " VALUES ($1, $2, $3, 'hospital', $4, $5)",
            *values,
        )
    plan = await compute(world, await start(world))
    said = {item["visit_id"]: item["why"]["reason"] for item in await items(world, plan["id"])}
    assert said == {held: {"code": "held", "reason": "quota"}, away: {"code": "absent", "kind": "hospital"}}


async def test_a_plan_while_the_roster_changes_leaves_out_by_name_what_no_longer_holds(world: World) -> None:
    anna = await make_carer(world, "anna")
    manager = await make_operator(world, "provider_manager")
    morning, evening = await want(world, "09:00", "10:00"), await want(world, "16:00", "17:00", km=2)
    plan = await compute(world, await start(world))
    assert anna.caregiver_id is not None
    async with world.web.transaction(world.district) as conn:
        await leaves.record(conn, anna.caregiver_id, "annual", at("15:00"), at("18:00"), manager, NOW)
    done = await accept(world, plan["id"], manager)
    assert [(one["visit_id"], one["code"]) for one in done["left_out"]] == [(str(evening), "on_leave")]
    assert (await visit(world, morning))["state"] == "offered"
    assert (await visit(world, evening))["state"] == "wanted"


async def test_what_changed_hands_meanwhile_is_left_as_it_is(world: World) -> None:
    anna, berta = await make_carer(world, "anna"), await make_carer(world, "berta", km=9)
    one = await want(world, "09:00", "09:30")
    plan = await compute(world, await start(world))
    async with world.web.transaction(world.district) as conn:
        assert berta.caregiver_id is not None
        await visits.offer(conn, one, berta.caregiver_id, None, NOW)
        await visits.accept(conn, one, berta, NOW)
        await visits.en_route(conn, one, berta, NOW)
    done = await accept(world, plan["id"])
    assert [left["code"] for left in done["left_out"]] == ["no_longer_open"]
    assert (await visit(world, one))["caregiver_id"] == berta.caregiver_id
    assert anna.caregiver_id is not None


async def test_the_best_so_far_is_accepted_while_it_is_computed(world: World) -> None:
    await make_carer(world, "anna")
    one = await want(world, "09:00", "11:00")
    plan_id = await start(world)
    with pytest.raises(Conflict) as refused:
        await accept(world, plan_id)
    assert refused.value.code == "plan_empty"
    first = await compute(world, plan_id)
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE plan SET state = 'computing', finished_at = NULL WHERE id = $1", plan_id)
        assert await plan_rows.show(conn, first, {"best": 1.0}, None, NOW)
    assert (await accept(world, plan_id))["state"] == "accepted"
    assert (await visit(world, one))["state"] == "offered"
    async with world.web.transaction(world.district) as conn:
        assert not await plan_rows.show(conn, first, {"best": 0.5}, None, NOW)


async def test_a_plan_is_accepted_or_discarded_once(world: World) -> None:
    await make_carer(world, "anna")
    await want(world, "09:00", "11:00")
    plan_id = await start(world)
    await compute(world, plan_id)
    async with world.web.transaction(world.district) as conn:
        assert (await plans.discard(conn, plan_id, None, NOW))["state"] == "discarded"
    with pytest.raises(Conflict, match="that is discarded"):
        await accept(world, plan_id)
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(Conflict, match="cannot discard"):
            await plans.discard(conn, plan_id, None, NOW)
        with pytest.raises(NotFound):
            await plans.find(conn, plan_id, new_id())
        with pytest.raises(NotFound):
            await plan_rows.lock(conn, new_id())
        assert [row["id"] for row in await plans.list_(conn, on=ON)] == [plan_id]


async def test_only_one_process_computes_and_a_dead_one_is_replaced(world: World) -> None:
    plan_id = await start(world)
    async with world.worker.transaction(world.district) as conn:
        assert await plan_rows.waiting(conn, NOW, repairs=False) == [plan_id]
        assert await plan_rows.take(conn, plan_id, NOW)
        assert not await plan_rows.take(conn, plan_id, NOW)
    assert not await computing.run(world.worker, world.district, plan_id, NOW, SETTINGS)
    later = NOW + timedelta(minutes=1)
    assert await computing.run_waiting(world.worker, world.district, later, SETTINGS, repairs=False) == [
        plan_id
    ]


async def test_a_provider_plans_its_own_people_and_visits_only(world: World) -> None:
    await make_carer(world, "anna")
    mine = await want(world, "09:00", "11:00", provider_id=world.provider)
    await want(world, "09:00", "11:00")
    plan = await compute(world, await start(world, provider_id=world.provider))
    assert [item["visit_id"] for item in await items(world, plan["id"])] == [mine]


async def test_what_stands_open_to_be_taken_is_not_planned(world: World) -> None:
    await make_carer(world, "anna")
    open_ = await want(world, "09:00", "11:00", provider_id=world.provider)
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE provider SET mode = 'grab', grab_hours = 0 WHERE id = $1", world.provider)
    plan = await compute(world, await start(world))
    said = {item["visit_id"]: item["why"]["reason"] for item in await items(world, plan["id"])}
    assert said == {open_: {"code": "held", "reason": "grab"}}
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE provider SET grab_hours = 168 WHERE id = $1", world.provider)
    late = await compute(world, await start(world))
    assert [item["caregiver_id"] is None for item in await items(world, late["id"])] == [False]


async def test_planning_again_changes_nothing_that_was_promised(world: World) -> None:
    await make_carer(world, "anna"), await make_carer(world, "berta", km=2)
    wanted = [await want(world, "09:00", "16:00", km=n) for n in (1, 2, 3, 4)]
    await planned(world)
    before = [await visit(world, one) for one in wanted]
    heard = len(await events_of(world))
    again = await planned(world)
    assert again["broken"] == []
    after = [await visit(world, one) for one in wanted]
    assert [(r["caregiver_id"], r["planned_start"]) for r in before] == [
        (r["caregiver_id"], r["planned_start"]) for r in after
    ]
    assert len(await events_of(world)) == heard
