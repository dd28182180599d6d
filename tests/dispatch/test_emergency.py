import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.accounts import Person
from core.errors import Conflict, Invalid
from dispatch import caregivers, cases, emergency, visits
from dispatch.emergency import Assignment
from tests.dispatch.worlds import HOME, World, make_caregiver, make_case, make_operator
from tests.makers import NOW

HOUR = timedelta(hours=1)


async def claimed(world: World, operator: Person, **given: Any) -> UUID:
    case_id = await make_case(world, **given)
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case_id, operator, NOW)
    return case_id


async def send(world: World, case_id: UUID, by: Person, service: str = "emergency") -> Assignment:
    async with world.web.transaction(world.district) as conn:
        return await emergency.send(conn, case_id, by, NOW, service)


def codes(sent: Assignment) -> dict[str, str]:
    return {one["name"]: one["code"] for one in sent.why["considered"]}


async def test_the_reason_lists_every_caregiver_with_what_ruled_them_out(world: World) -> None:
    operator = await make_operator(world)
    expired, near = await make_caregiver(world, "expired", km=0.2), await make_caregiver(world, "near", km=1)
    await make_caregiver(world, "unskilled", km=0.1, skills=("care",))
    await make_caregiver(world, "resting", km=0.1, on_shift=False)
    await make_caregiver(world, "slow", km=10, speed_kmh=4)
    gone = await make_caregiver(world, "gone", km=0.1)
    await make_caregiver(world, "far", km=3)
    async with world.web.transaction(world.district) as conn:
        assert expired.caregiver_id is not None
        assert gone.caregiver_id is not None
        await caregivers.certify(
            conn,
            district=world.district,
            caregiver=expired.caregiver_id,
            skill="emergency",
            name="first aid",
            valid_from=date(2025, 1, 1),
            valid_to=date(2026, 11, 20),
        )
        await caregivers.end(conn, gone.caregiver_id, NOW)
    sent = await send(world, await claimed(world, operator), operator)
    assert sent.caregiver_id == near.caregiver_id
    assert codes(sent) == {
        "expired": "certificate_expired",
        "near": "chosen",
        "unskilled": "no_skill",
        "resting": "off_shift",
        "slow": "too_far",
        "far": "farther",
    }
    async with world.web.transaction(world.district) as conn:
        stored = await visits.find(conn, sent.visit_id)
    assert stored["why"] == sent.why
    assert (stored["state"], stored["priority"], stored["funding"]) == ("offered", 1, "subsidy")


async def test_two_dispatchers_never_send_one_caregiver_to_two_cases(world: World) -> None:
    operators = [await make_operator(world), await make_operator(world)]
    near, far = await make_caregiver(world, "near", km=1), await make_caregiver(world, "far", km=3)
    first = await claimed(world, operators[0])
    second = await claimed(world, operators[1], at=NOW + HOUR)
    sent = await asyncio.gather(send(world, first, operators[0]), send(world, second, operators[1]))
    assert {one.caregiver_id for one in sent} == {near.caregiver_id, far.caregiver_id}
    busy = next(one for one in sent if one.caregiver_id == far.caregiver_id)
    assert codes(busy) == {"near": "busy", "far": "chosen"}


async def test_two_dispatchers_never_send_two_people_to_one_case(world: World) -> None:
    operators = [await make_operator(world), await make_operator(world)]
    near = await make_caregiver(world, "near", km=1)
    await make_caregiver(world, "far", km=3)
    case_id = await claimed(world, operators[0])
    results = await asyncio.gather(*(send(world, case_id, one) for one in operators), return_exceptions=True)
    refused = next(one for one in results if isinstance(one, Conflict))
    assert (refused.code, refused.extra["by"]) == ("already_dispatched", "near")
    assert refused.extra["caregiver_id"] == str(near.caregiver_id)


async def test_who_declines_is_followed_by_the_next_nearest_and_the_reason_is_kept(world: World) -> None:
    operator = await make_operator(world)
    near, far = await make_caregiver(world, "near", km=1), await make_caregiver(world, "far", km=3)
    case_id = await claimed(world, operator)
    sent = await send(world, case_id, operator)
    async with world.web.transaction(world.district) as conn:
        following = await visits.decline(conn, sent.visit_id, near, NOW, "flat tyre")
        assert following == far.caregiver_id
        row = await visits.find(conn, sent.visit_id)
        assert (row["state"], row["caregiver_id"]) == ("offered", far.caregiver_id)
        assert {one["name"]: one["code"] for one in row["why"]["considered"]} == {
            "near": "declined",
            "far": "chosen",
        }
        assert (await cases.find(conn, case_id))["state"] == "dispatched"
        assert (await visits.decline(conn, sent.visit_id, far, NOW)) is None
        assert (await visits.find(conn, sent.visit_id))["state"] == "wanted"
        case = await cases.find(conn, case_id)
        assert (case["state"], case["escalate_at"]) == ("verified", NOW + timedelta(minutes=10))
        last = (await cases.timeline(conn, case_id))[-1]
    assert (last["action"], last["data"]["reason"]) == ("escalate", "nobody")
    third = await make_caregiver(world, "third", km=5)
    again = await send(world, case_id, operator)
    assert (again.visit_id, again.caregiver_id) == (sent.visit_id, third.caregiver_id)
    assert codes(again) == {"near": "declined", "far": "declined", "third": "chosen"}


async def test_why_nobody_could_be_sent_is_answered_and_the_case_stays_as_it_was(world: World) -> None:
    operator = await make_operator(world)
    await make_caregiver(world, "resting", on_shift=False)
    case_id = await claimed(world, operator)
    with pytest.raises(Conflict) as refused:
        await send(world, case_id, operator)
    assert refused.value.code == "nobody"
    why: Any = refused.value.extra["why"]
    assert [one["code"] for one in why["considered"]] == ["off_shift"]
    async with world.web.transaction(world.district) as conn:
        assert (await cases.find(conn, case_id))["state"] == "claimed"


async def test_whom_was_sent_can_be_recalled_and_somebody_else_sent(world: World) -> None:
    operator, caregiver = await make_operator(world), await make_caregiver(world)
    case_id = await claimed(world, operator)
    sent = await send(world, case_id, operator)
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(Conflict, match="recalled through its case"):
            await visits.cancel(conn, sent.visit_id, operator, NOW, "no")
        await cases.recall(conn, case_id, operator, NOW, "does not answer")
        assert (await visits.find(conn, sent.visit_id))["state"] == "cancelled"
    again = await send(world, case_id, operator)
    assert (again.caregiver_id, again.visit_id != sent.visit_id) == (caregiver.caregiver_id, True)


async def test_an_emergency_may_take_somebody_from_a_routine_visit_and_says_so(world: World) -> None:
    operator, caregiver = await make_operator(world), await make_caregiver(world)
    async with world.web.transaction(world.district) as conn:
        routine = await visits.want(
            conn,
            district=world.district,
            elder_id=world.elder,
            service="clean",
            window_start=NOW,
            window_end=NOW + HOUR,
            now=NOW,
        )
        assert caregiver.caregiver_id is not None
        await visits.offer(conn, routine, caregiver.caregiver_id, operator, NOW)
        await visits.accept(conn, routine, caregiver, NOW)
    sent = await send(world, await claimed(world, operator), operator)
    assert sent.why["chosen"]["preempts"] == str(routine)
    async with world.web.transaction(world.district) as conn:
        await visits.accept(conn, sent.visit_id, caregiver, NOW)
        lines = (await visits.timeline(conn, routine))[-2:]
        assert (await visits.find(conn, routine))["state"] == "wanted"
    assert [line["action"] for line in lines] == ["preempted", "take_back"]
    assert lines[0]["data"] == {"by_visit": str(sent.visit_id)}


async def test_the_last_known_position_counts_while_it_is_fresh(world: World) -> None:
    operator = await make_operator(world)
    moved = await make_caregiver(world, "moved", km=8)
    await make_caregiver(world, "base", km=2)
    async with world.web.transaction(world.district) as conn:
        assert moved.caregiver_id is not None
        whose = await caregivers.find(conn, moved.caregiver_id)
        await caregivers.place(conn, whose, *HOME, 15, NOW - timedelta(minutes=5))
        await caregivers.place(conn, whose, 30, 110, 15, NOW - timedelta(minutes=50))
        assert (await caregivers.find(conn, moved.caregiver_id))["last_lat"] == HOME[0]
    sent = await send(world, await claimed(world, operator), operator)
    assert (sent.caregiver_id, sent.why["chosen"]["position"]) == (moved.caregiver_id, "last")


async def test_another_service_needs_another_skill_and_an_unknown_one_is_refused(world: World) -> None:
    operator = await make_operator(world)
    await make_caregiver(world, "helper", km=1, skills=("emergency",))
    nurse = await make_caregiver(world, "nurse", km=5, skills=("medical",))
    case_id = await claimed(world, operator)
    with pytest.raises(Invalid, match="service"):
        await send(world, case_id, operator, "massage")
    assert (await send(world, case_id, operator, "medical")).caregiver_id == nurse.caregiver_id


async def test_nobody_can_be_sent_to_an_alarm_that_names_no_elder(world: World) -> None:
    operator = await make_operator(world)
    await make_caregiver(world)
    case_id = await claimed(world, operator, elder_id=None, care_bed_id=None)
    with pytest.raises(Conflict) as refused:
        await send(world, case_id, operator)
    assert refused.value.code == "no_elder"
