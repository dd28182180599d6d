"""Who accepts an emergency leaves what they do: the day of the others is repaired in the rows, and told."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.accounts import Person
from core.errors import Conflict
from dispatch import cases, emergency, visits
from dispatch.emergency import Assignment
from tests.dispatch.errands import accepted
from tests.dispatch.worlds import HOME, World, make_caregiver, make_case, make_operator
from tests.makers import NOW

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LATER = NOW + timedelta(seconds=20)


async def sent(world: World, operator: Person, **given: Any) -> Assignment:
    case_id = await make_case(world, **given)
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case_id, operator, NOW)
        return await emergency.send(conn, case_id, operator, NOW)


async def promise(world: World, visit_id: UUID, begins: datetime, **given: Any) -> None:
    """Let a plan have promised a visit."""
    row: dict[str, Any] = {"staff": 1, "is_pinned": False, **given}
    async with world.web.transaction(world.district) as conn:
        await conn.execute(
            "UPDATE visit SET planned_start = $2::timestamptz,"
            " planned_end = $2::timestamptz + make_interval(mins => minutes),"
            " promised_at = $3, staff = $4, is_pinned = $5 WHERE id = $1",
            visit_id,
            begins,
            NOW - HOUR,
            row["staff"],
            row["is_pinned"],
        )


async def accept(world: World, visit_id: UUID, by: Person) -> None:
    async with world.web.transaction(world.district) as conn:
        await visits.accept(conn, visit_id, by, LATER)


async def find(world: World, visit_id: UUID) -> Any:
    async with world.web.transaction(world.district) as conn:
        return await visits.find(conn, visit_id)


async def told(world: World, visit_id: UUID) -> list[str]:
    async with world.web.transaction(world.district) as conn:
        return [line["action"] for line in await visits.timeline(conn, visit_id)]


async def broken(world: World) -> list[tuple[str, Any]]:
    """Return what the repairs broke, as it is counted."""
    async with world.web.transaction(world.district) as conn:
        rows = await conn.fetch("SELECT trigger, broken FROM plan WHERE cause = 'repair' ORDER BY id")
    assert {row["trigger"]["kind"] for row in rows} <= {"emergency"}
    return [(one["code"], one["visit_id"]) for row in rows for one in row["broken"]]


async def family_heard(world: World, visit_id: UUID) -> bool:
    async with world.web.transaction(world.district) as conn:
        rows = await conn.fetch("SELECT roles FROM event WHERE visit_id = $1 AND at = $2", visit_id, LATER)
    return any("family" in row["roles"] for row in rows)


async def test_what_can_wait_is_made_later_by_the_same_person_and_counted_as_a_broken_promise(
    world: World,
) -> None:
    operator, near = await make_operator(world), await make_caregiver(world, "near", km=1)
    routine = await accepted(world, near, window_start=NOW, window_end=NOW + 3 * HOUR)
    await promise(world, routine, NOW + 20 * MINUTE)
    found = await sent(world, operator)
    assert await told(world, routine) == ["want", "offer", "accept"]
    await accept(world, found.visit_id, near)
    row = await find(world, routine)
    assert (row["state"], row["caregiver_id"]) == ("accepted", near.caregiver_id)
    assert row["planned_start"] > NOW + HOUR
    assert (await told(world, routine))[-2:] == ["preempted", "retime"]
    assert await broken(world) == [("time", str(routine))]
    assert await family_heard(world, routine)


async def test_what_cannot_wait_is_offered_to_somebody_else_who_may(world: World) -> None:
    operator, near = await make_operator(world), await make_caregiver(world, "near", km=0.1)
    other = await make_caregiver(world, "other", km=2, skills=("care",))
    routine = await accepted(world, near, window_start=NOW + 20 * MINUTE, window_end=NOW + 40 * MINUTE)
    await promise(world, routine, NOW + 20 * MINUTE)
    found = await sent(world, operator)
    assert (found.why["chosen"]["handed_over"], found.why["chosen"]["released"]) == (1, 0)
    await accept(world, found.visit_id, near)
    row = await find(world, routine)
    assert (row["state"], row["caregiver_id"]) == ("offered", other.caregiver_id)
    assert row["why"]["chosen"]["code"] == "takes_over"
    assert (await told(world, routine))[-1] == "hand_over"
    assert await broken(world) == [("caregiver", str(routine))]
    async with world.web.transaction(world.district) as conn:
        assert (await visits.accept(conn, routine, other, LATER))["state"] == "accepted"


async def test_what_nobody_can_make_waits_for_the_planner(world: World) -> None:
    operator, near = await make_operator(world), await make_caregiver(world, "near", km=0.1)
    routine = await accepted(world, near, window_start=NOW + 20 * MINUTE, window_end=NOW + 30 * MINUTE)
    await promise(world, routine, NOW + 20 * MINUTE)
    found = await sent(world, operator)
    await accept(world, found.visit_id, near)
    row = await find(world, routine)
    assert (row["state"], row["caregiver_id"], row["planned_start"]) == ("wanted", None, None)
    assert await broken(world) == [("dropped", str(routine))]


async def test_who_is_on_the_way_turns_back(world: World) -> None:
    operator, near = await make_operator(world), await make_caregiver(world, "near", km=0.5)
    routine = await accepted(world, near, window_start=NOW, window_end=NOW + 3 * HOUR)
    await promise(world, routine, NOW + 5 * MINUTE)
    async with world.web.transaction(world.district) as conn:
        await visits.en_route(conn, routine, near, NOW)
    found = await sent(world, operator)
    await accept(world, found.visit_id, near)
    assert (await find(world, routine))["state"] == "accepted"
    assert (await told(world, routine))[-3:] == ["preempted", "turn_back", "retime"]


async def test_the_gravest_interrupts_what_may_be_interrupted_and_it_is_begun_again(world: World) -> None:
    operator, near = await make_operator(world), await make_caregiver(world, "near", km=0.1)
    routine = await accepted(world, near, service="clean", window_start=NOW - HOUR, window_end=NOW + 3 * HOUR)
    async with world.web.transaction(world.district) as conn:
        began = NOW - 10 * MINUTE
        place: Any = {"lat": HOME[0], "lon": HOME[1], "accuracy_m": 10.0}
        await visits.check_in(conn, world.keys, routine, near, began, at=began, **place)
    found = await sent(world, operator)
    assert found.why["chosen"]["eta_min"] < 10
    await accept(world, found.visit_id, near)
    row = await find(world, routine)
    assert (row["state"], row["started_at"]) == ("accepted", None)
    assert row["planned_start"] > NOW + HOUR
    assert (await told(world, routine))[-3:] == ["preempted", "interrupt", "retime"]
    async with world.web.transaction(world.district) as conn:
        watched = await conn.fetchval("SELECT count(*) FROM lone_watch WHERE ended_at IS NULL")
    assert watched == 0  # nobody asks on that phone whether all is well where they are not any more


async def test_a_bath_is_finished_first(world: World) -> None:
    operator, near = await make_operator(world), await make_caregiver(world, "near", km=0.1)
    routine = await accepted(world, near, service="bath", window_start=NOW - HOUR, window_end=NOW + HOUR)
    async with world.web.transaction(world.district) as conn:
        began = NOW - 30 * MINUTE
        await visits.check_in(conn, world.keys, routine, near, began, at=began)
    found = await sent(world, operator)
    assert found.why["chosen"]["free_in_min"] == 30
    await accept(world, found.visit_id, near)
    assert (await find(world, routine))["state"] == "in_progress"


@pytest.mark.parametrize("km", [1.0, None])
async def test_a_second_person_is_replaced_or_both_are_let_go(world: World, km: float | None) -> None:
    operator = await make_operator(world)
    lead = await make_caregiver(world, "lead", km=30, skills=("bath",))
    second = await make_caregiver(world, "second", km=0.1)
    third = await make_caregiver(world, "third", km=km, skills=("bath",)) if km else None
    routine = await accepted(
        world, lead, service="bath", window_start=NOW + 20 * MINUTE, window_end=NOW + 20 * MINUTE
    )
    await promise(world, routine, NOW + 20 * MINUTE, staff=2)
    async with world.web.transaction(world.district) as conn:
        await conn.execute(
            "INSERT INTO visit_companion (visit_id, district_id, caregiver_id, offered_at)"
            " VALUES ($1, $2, $3, $4)",
            routine,
            world.district,
            second.caregiver_id,
            NOW,
        )
    found = await sent(world, operator)
    await accept(world, found.visit_id, second)
    row = await find(world, routine)
    if third:
        assert (row["caregiver_id"], row["companion_id"]) == (lead.caregiver_id, third.caregiver_id)
        assert row["state"] == "accepted"
    else:
        assert (row["state"], row["caregiver_id"], row["companion_id"]) == ("wanted", None, None)


async def test_a_book_that_is_stale_is_read_anew_and_decides_again(world: World) -> None:
    operator, near = await make_operator(world), await make_caregiver(world, "near", km=0.1)
    routine = await accepted(world, near, window_start=NOW + 20 * MINUTE, window_end=NOW + 30 * MINUTE)
    found = await sent(world, operator)
    async with world.web.transaction(world.district) as conn:
        await visits.cancel(conn, routine, operator, NOW, "no longer wanted")
    async with world.worker.transaction(world.district) as conn:
        await conn.execute("DELETE FROM book_change")  # as if nobody had noted it
    await accept(world, found.visit_id, near)
    assert (await find(world, routine))["state"] == "cancelled"
    assert (await find(world, found.visit_id))["state"] == "accepted"


async def test_fifty_emergencies_in_a_minute_each_get_somebody_or_an_honest_nobody(world: World) -> None:
    operator = await make_operator(world)
    for nth in range(12):
        await make_caregiver(world, f"c{nth}", km=0.3 * nth)
    outcomes: dict[str, int] = {"sent": 0, "nobody": 0}
    people: set[UUID] = set()
    for nth in range(50):
        at = NOW + nth * timedelta(seconds=1)
        case_id = await make_case(world, at=at + nth * HOUR)
        async with world.web.transaction(world.district) as conn:
            await cases.claim(conn, case_id, operator, at)
            code, whom = await _try(conn, case_id, operator, at)
        outcomes[code] += 1
        people |= {whom} if whom else set()
    assert outcomes == {"sent": 12, "nobody": 38}
    assert len(people) == 12
    async with world.web.transaction(world.district) as conn:
        live = await conn.fetch("SELECT caregiver_id FROM visit WHERE state = 'offered'")
        states = await conn.fetch("SELECT state, count(*)::int AS n FROM care_case GROUP BY 1 ORDER BY 1")
    assert len(live) == len({row["caregiver_id"] for row in live}) == 12
    assert {row["state"]: row["n"] for row in states} == {"claimed": 38, "dispatched": 12}


async def _try(conn: Any, case_id: UUID, operator: Person, at: datetime) -> tuple[str, UUID | None]:
    try:
        async with conn.transaction():
            return "sent", (await emergency.send(conn, case_id, operator, at)).caregiver_id
    except Conflict as problem:
        return problem.code, None
