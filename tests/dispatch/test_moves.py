from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from core.errors import Conflict, NotFound
from core.ids import new_id
from dispatch import visits
from dispatch.planning import computing, facts, moves, plan_rows, plans
from dispatch.planning.worker import Order
from dispatch.travel.ways import Ways
from tests.dispatch.plan_days import ON
from tests.dispatch.plan_worlds import accept, at, compute, make_carer, planned, start, visit, want
from tests.dispatch.worlds import World, make_case, make_operator
from tests.makers import NOW


async def preview(world: World, visit_id: Any, who: Any, clock: str, **given: Any) -> list[str]:
    async with world.web.transaction(world.district) as conn:
        found = await moves.preview(conn, visit_id, who.caregiver_id, at(clock), NOW, **given)
    return [one["code"] for one in found]


async def move(world: World, visit_id: Any, who: Any, clock: str) -> Any:
    manager = await make_operator(world, "provider_manager")
    async with world.web.transaction(world.district) as conn:
        return await moves.move(conn, visit_id, who.caregiver_id, at(clock), manager, NOW)


async def test_a_visit_is_dragged_pinned_and_left_alone_by_the_planner_until_it_is_freed(
    world: World,
) -> None:
    anna, berta = await make_carer(world, "anna"), await make_carer(world, "berta", km=9)
    one = await want(world, "09:00", "12:00")
    assert await preview(world, one, berta, "10:30") == []
    row = await move(world, one, berta, "10:30")
    assert (row["state"], row["is_pinned"], row["planned_start"]) == ("offered", True, at("10:30"))
    assert row["why"]["chosen"]["code"] == "by_hand"
    again = await move(world, one, berta, "10:40")
    assert (again["state"], again["planned_start"]) == ("offered", at("10:40"))
    await planned(world)
    assert (await visit(world, one))["planned_start"] == at("10:40")
    handed = await move(world, one, anna, "09:30")
    assert (handed["caregiver_id"], handed["companion_id"]) == (anna.caregiver_id, None)
    async with world.web.transaction(world.district) as conn:
        by = await make_operator(world)
        assert not (await moves.unpin(conn, one, by, NOW))["is_pinned"]
        await moves.unpin(conn, one, by, NOW)
        actions = [line["action"] for line in await visits.timeline(conn, one)]
    assert actions == ["want", "offer", "promise", "retime", "hand_over", "unpin"]


async def test_what_a_drag_breaks_is_said_before_and_kept_with_it(world: World) -> None:
    anna = await make_carer(world, "anna", skills=("care",))
    await make_carer(world, "berta")
    one, other = await want(world, "09:00", "12:00"), await want(world, "09:00", "12:00", km=5)
    await move(world, other, anna, "10:00")
    assert await preview(world, one, anna, "10:30") == ["overlap"]
    assert await preview(world, one, anna, "11:01") == ["travel"]
    assert await preview(world, one, anna, "12:30") == ["outside_window"]
    row = await move(world, one, anna, "10:30")
    assert [found["code"] for found in row["why"]["breaches"]] == ["overlap"]


async def test_what_cannot_be_moved_is_refused_by_name(world: World) -> None:
    anna, one = await make_carer(world, "anna"), await want(world, "09:00", "12:00")
    with pytest.raises(NotFound, match="no caregiver"):
        await preview(world, one, anna, "10:00", provider_id=new_id())
    async with world.web.transaction(world.district) as conn:
        await visits.cancel(conn, one, await make_operator(world), NOW, "moved away")
    with pytest.raises(Conflict, match="that is cancelled"):
        await preview(world, one, anna, "10:00")


async def test_a_pinned_visit_on_another_day_is_moved_with_its_window_named(world: World) -> None:
    anna, one = await make_carer(world, "anna"), await want(world, "09:00", "12:00")
    async with world.web.transaction(world.district) as conn:
        assert anna.caregiver_id is not None
        tomorrow = at("10:00") + timedelta(days=1)
        found = await moves.preview(conn, one, anna.caregiver_id, tomorrow, NOW)
    assert [each["code"] for each in found] == ["off_shift", "outside_window"]


async def test_an_emergency_is_not_dragged(world: World) -> None:
    anna, case_id = await make_carer(world, "anna"), await make_case(world)
    async with world.web.transaction(world.district) as conn:
        elder = await conn.fetchval("SELECT elder_id FROM care_case WHERE id = $1", case_id)
        one = new_id()
        await conn.execute(
            "INSERT INTO visit (id, district_id, elder_id, case_id, service, state, window_start, window_end,"
            " minutes, wanted_at) VALUES ($1, $2, $3, $4, 'emergency', 'missed', $5, $5, 60, $5)",
            *(one, world.district, elder, case_id, at("09:00")),
        )
    with pytest.raises(Conflict) as refused:
        await preview(world, one, anna, "10:00")
    assert refused.value.code == "dispatch_case"


async def test_windows_that_overlap_are_joined_and_planned(world: World) -> None:
    await make_carer(world, "anna")
    one = await want(world, "09:00", "12:00")
    further = [{"from": at("10:00").isoformat(), "to": at("13:00").isoformat()}]
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE visit SET windows = $2 WHERE id = $1", one, further)
    assert (await compute(world, await start(world)))["state"] == "ready"


async def test_a_day_whose_ways_have_holes_fails_with_its_reason(world: World) -> None:
    await make_carer(world, "anna")
    await want(world, "09:00", "12:00", km=3)
    async with world.web.transaction(world.district) as conn:
        known = await facts.read(conn, world.district, ON, NOW)
    holes = Ways(np.full((3, 3), np.inf))
    said = [one async for one in computing.answers(Order(known, holes, 0.1, 1, 1))]
    assert [(kind, what["code"]) for kind, what in said] == [("failed", "unsound")]
    async with world.web.transaction(world.district) as conn:
        plan_id = await plans.start(conn, district=world.district, on=ON, now=NOW)
        await plan_rows.fail(conn, plan_id, said[0][1], NOW)
    with pytest.raises(Conflict, match="that is failed"):
        await accept(world, plan_id)
