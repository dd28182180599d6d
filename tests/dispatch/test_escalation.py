"""The clock is an argument: push it and look who was told."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.db import Pool
from core.events import OPERATORS
from dispatch import cases, emergency, escalation, ticks, visits
from tests.dispatch.worlds import (
    World,
    events_of,
    make_caregiver,
    make_case,
    make_operator,
    make_world,
    raise_alarm,
)
from tests.makers import NOW

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


async def told(world: World, now: datetime) -> list[list[str]]:
    """Push the clock; return the roles of each escalation that it made."""
    before = len(await events_of(world))
    await ticks.escalate(world.worker, now)
    return [roles for kind, roles in (await events_of(world))[before:] if kind == "case.escalated"]


async def test_an_unanswered_sos_goes_from_the_duty_manager_to_family_and_everyone_and_never_stops(
    world: World,
) -> None:
    case_id = await make_case(world)
    managers = ["operator", "duty_manager", "admin"]
    everyone = [*managers, "family"]
    assert await told(world, NOW + MINUTE - SECOND) == []
    assert await told(world, NOW + MINUTE) == [managers]
    assert await told(world, NOW + 2 * MINUTE - SECOND) == []
    assert await told(world, NOW + 2 * MINUTE) == [everyone]  # contacts
    for minute in (5, 7, 9):  # neighbours, caregivers, the next ring
        assert await told(world, NOW + minute * MINUTE) == [managers]
    for n in range(4):
        assert await told(world, NOW + (11 + 5 * n) * MINUTE) == [everyone]
    async with world.web.transaction(world.district) as conn:
        lines = await cases.timeline(conn, case_id)
        assert (await cases.find(conn, case_id))["step"] == 9
    assert [line["action"] for line in lines] == ["open", *["escalate"] * 6, *["escalate", "unreached"] * 3]
    assert {line["data"]["reason"] for line in lines[1:]} == {"unanswered"}


async def test_that_nobody_can_be_reached_is_an_alarm_itself_and_is_repeated(world: World) -> None:
    await make_case(world)
    for minute in (1, 2, 5, 7, 9, 11, 16, 21):
        await ticks.escalate(world.worker, NOW + minute * MINUTE)
    heard = [roles for kind, roles in await events_of(world) if kind == "case.unreached"]
    assert heard == [["operator", "duty_manager", "admin"]] * 2


async def test_two_ticks_at_once_tell_once(world: World) -> None:
    await make_case(world)
    counts = await asyncio.gather(*(ticks.escalate(world.worker, NOW + MINUTE) for _ in range(3)))
    assert sum(counts) == 1
    assert [kind for kind, _ in await events_of(world)].count("case.escalated") == 1


async def test_a_claim_stops_it_and_a_claimed_case_that_nobody_touches_is_told_again(world: World) -> None:
    operator, case_id = await make_operator(world), await make_case(world)
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case_id, operator, NOW)
        await cases.call(conn, case_id, operator, NOW + 5 * MINUTE, "elder", "no_answer")
    assert await told(world, NOW + 14 * MINUTE) == []
    assert await told(world, NOW + 15 * MINUTE) == [list(OPERATORS)]


async def test_a_case_keeps_the_policy_with_which_it_started(world: World) -> None:
    old = await make_case(world)
    steps: list[dict[str, Any]] = [{"audience": "everyone", "wait_seconds": 10}]
    async with world.web.transaction(world.district) as conn:
        await escalation.activate(conn, district=world.district, name="quick", steps=steps, now=NOW)
        await escalation.activate(conn, district=world.district, name="quicker", steps=steps, now=NOW)
    new = await make_case(world, "fall", NOW + timedelta(hours=1))
    async with world.web.transaction(world.district) as conn:
        assert (await cases.find(conn, old))["policy"]["name"] == "default"
        fixed = (await cases.find(conn, new))["policy"]
    assert (fixed["name"], fixed["steps"]) == ("quicker", steps)


async def test_an_offer_that_nobody_accepts_is_told_and_then_a_late_arrival(world: World) -> None:
    operator, caregiver = await make_operator(world), await make_caregiver(world)
    case_id = await make_case(world)
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case_id, operator, NOW)
        sent = await emergency.send(conn, case_id, operator, NOW)
        await cases.call(conn, case_id, operator, NOW + MINUTE, "family", "answered")
    assert await told(world, NOW + 2 * MINUTE - SECOND) == []
    assert await told(world, NOW + 2 * MINUTE) == [list(OPERATORS)]
    async with world.web.transaction(world.district) as conn:
        await visits.accept(conn, sent.visit_id, caregiver, NOW + 3 * MINUTE)
    assert await told(world, NOW + 44 * MINUTE) == []
    assert await told(world, NOW + 45 * MINUTE) == [list(OPERATORS)]
    async with world.web.transaction(world.district) as conn:
        arrived = NOW + 50 * MINUTE
        await visits.check_in(conn, world.keys, sent.visit_id, caregiver, arrived, at=arrived)
    assert await told(world, NOW + 124 * MINUTE) == []
    assert await told(world, NOW + 125 * MINUTE) == [list(OPERATORS)]
    async with world.web.transaction(world.district) as conn:
        lines = await cases.timeline(conn, case_id)
    reasons = [line["data"]["reason"] for line in lines if line["action"] == "escalate"]
    assert reasons == ["not_accepted", "not_arrived", "not_back"]


async def test_a_shelved_case_comes_back_by_itself(world: World) -> None:
    operator, case_id = await make_operator(world), await make_case(world)
    async with world.web.transaction(world.district) as conn:
        await cases.shelve(conn, case_id, operator, NOW, NOW + timedelta(hours=1), "holiday")
    assert await told(world, NOW + timedelta(minutes=59)) == []
    await told(world, NOW + timedelta(hours=1))
    async with world.web.transaction(world.district) as conn:
        row = await cases.find(conn, case_id)
    assert (row["state"], row["escalate_at"]) == ("raised", NOW + timedelta(minutes=61))


async def test_a_resolved_case_is_left_alone(world: World) -> None:
    operator, case_id = await make_operator(world), await make_case(world)
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case_id, operator, NOW)
        await cases.resolve(conn, case_id, operator, NOW)
        await conn.execute("UPDATE care_case SET escalate_at = $2 WHERE id = $1", case_id, NOW)
    assert await told(world, NOW + timedelta(days=1)) == []
    async with world.web.transaction(world.district) as conn:
        assert (await cases.find(conn, case_id))["escalate_at"] is None


async def test_a_case_whose_policy_is_broken_does_not_silence_the_others(world: World) -> None:
    broken = await make_case(world, "sos")
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE care_case SET policy = $2 WHERE id = $1", broken, {"steps": []})
    await make_case(world, "sos", NOW + MINUTE, elder_id=None, care_bed_id=None)
    assert await told(world, NOW + 2 * MINUTE) == [["operator", "duty_manager", "admin"]]
    async with world.web.transaction(world.district) as conn:
        assert (await cases.find(conn, broken))["escalate_at"] == NOW + 2 * MINUTE + escalation.AGAIN


async def test_a_district_whose_settings_are_broken_does_not_stop_the_next(
    world: World, pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Any
) -> None:
    other = await make_world(pool_owner, pool_web, pool_worker, pool_gateway, keys, "341302")
    for one in (world, other):
        await raise_alarm(one)
    async with pool_owner.transaction() as conn:
        await conn.execute(
            "UPDATE district SET settings = $2 WHERE id = $1", world.district, {"geofence_m": -1}
        )
    with pytest.raises(ValueError, match="geofence_m"):
        await ticks.intake(world.worker, NOW)
    async with other.web.transaction(other.district) as conn:
        assert len(await cases.list_open(conn)) == 1
