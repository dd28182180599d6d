"""A case that goes on: an answer holds for its alarm and for a while; what was abandoned rings again."""

from datetime import timedelta

import pytest

from dispatch import cases, emergency, family_answers, visits
from dispatch.inbound import calls, returning
from dispatch.notices import answers
from tests.dispatch.centre.test_duty import lay
from tests.dispatch.notices.exchange import Exchange, hear, make_manager, make_relative, push_clock
from tests.dispatch.notices.test_silence import DAUGHTER, MANAGER, activate, rung
from tests.dispatch.worlds import World, make_caregiver, make_case, make_operator
from tests.makers import NOW, make_person

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


async def press(world: World, exchange: Exchange, key: str) -> None:
    """Let the daughter press a key in the first call to her."""
    token = next(one.token for one in exchange.taken if one.to == f"+86{DAUGHTER}")
    await hear(world, token, "answered", key, NOW + 70 * SECOND)


async def test_who_was_on_the_way_to_the_last_alarm_is_asked_anew_when_the_case_is_raised_again(
    world: World,
) -> None:
    await activate(world)
    await make_relative(world, DAUGHTER)
    operator, case, exchange = await make_operator(world), await make_case(world), Exchange()
    await push_clock(world, exchange, NOW + MINUTE)
    await press(world, exchange, "2")
    async with world.web.transaction(world.district) as conn:
        await cases.shelve(conn, case, operator, NOW + 2 * MINUTE, NOW + 10 * MINUTE, "other")
    for minute in (10, 11):
        await push_clock(world, exchange, NOW + minute * MINUTE)
    assert rung(exchange, DAUGHTER) == 2


async def test_who_says_again_that_they_come_when_the_case_is_raised_again_is_heard(world: World) -> None:
    await activate(world)
    daughter = await make_relative(world, DAUGHTER)
    operator, case, exchange = await make_operator(world), await make_case(world), Exchange()
    await push_clock(world, exchange, NOW + MINUTE)
    await press(world, exchange, "2")
    async with world.web.transaction(world.district) as conn:
        await cases.shelve(conn, case, operator, NOW + 2 * MINUTE, NOW + 10 * MINUTE, "other")
    await push_clock(world, exchange, NOW + 10 * MINUTE)
    at = NOW + 10 * MINUTE + 30 * SECOND
    async with world.web.transaction(world.district) as conn:
        person = await make_person(conn, world.district, "family", family_member=daughter)
        await family_answers.answer(conn, case, person, at, "coming")
        assert (await cases.find(conn, case))["escalate_at"] == at + answers.COMING


async def test_a_neighbour_who_says_the_same_again_gives_no_more_time(world: World) -> None:
    await activate(world)
    neighbour = await make_relative(world, None, relation="neighbour")
    case = await make_case(world)
    async with world.web.transaction(world.district) as conn:
        person = await make_person(conn, world.district, "family", family_member=neighbour)
        for minute in (1, 8):
            await family_answers.answer(conn, case, person, NOW + minute * MINUTE, "with_them")
        assert (await cases.find(conn, case))["escalate_at"] == NOW + MINUTE + answers.COMING
        lines = [row["action"] for row in await cases.timeline(conn, case)]
    assert lines.count("family_answer") == 1


async def test_who_said_long_ago_that_they_come_is_rung_again(world: World) -> None:
    await activate(world)
    await make_relative(world, DAUGHTER)
    await make_case(world)
    exchange = Exchange()
    await push_clock(world, exchange, NOW + MINUTE)
    await press(world, exchange, "2")
    for minute in range(11, 46):
        await push_clock(world, exchange, NOW + minute * MINUTE)
    assert rung(exchange, DAUGHTER) == 1
    for minute in range(46, 52):
        await push_clock(world, exchange, NOW + minute * MINUTE)
    assert rung(exchange, DAUGHTER) == 2


async def test_who_cannot_is_not_rung_at_every_step_while_others_are_left(world: World) -> None:
    await activate(world)
    await make_relative(world, DAUGHTER)
    await make_manager(world, MANAGER)
    await make_case(world)
    exchange = Exchange()
    await push_clock(world, exchange, NOW + MINUTE)
    await press(world, exchange, "3")
    for minute in range(2, 25):
        await push_clock(world, exchange, NOW + minute * MINUTE)
    assert rung(exchange, DAUGHTER) == 1
    assert rung(exchange, MANAGER) > 3


async def test_a_case_worked_on_for_hours_and_then_abandoned_rings_the_manager(world: World) -> None:
    await activate(world)
    await make_manager(world, MANAGER)
    operator, case, exchange = await make_operator(world), await make_case(world), Exchange()
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case, operator, NOW)
        await cases.note(conn, case, operator, NOW + 180 * MINUTE, "nobody opens the door")
    for minute in range(185, 300, 5):
        await push_clock(world, exchange, NOW + minute * MINUTE)
    within = rung(exchange, MANAGER)
    assert within > 3
    for minute in range(305, 400, 5):
        await push_clock(world, exchange, NOW + minute * MINUTE)
    assert rung(exchange, MANAGER) <= within + 1


async def test_that_whom_was_sent_has_not_arrived_rings_the_manager(world: World) -> None:
    await activate(world)
    await make_manager(world, MANAGER)
    operator, caregiver = await make_operator(world), await make_caregiver(world)
    case, exchange = await make_case(world), Exchange()
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case, operator, NOW)
        sent = await emergency.send(conn, case, operator, NOW)
        await visits.accept(conn, sent.visit_id, caregiver, NOW + MINUTE)
    await push_clock(world, exchange, NOW + 44 * MINUTE)
    assert rung(exchange, MANAGER) == 0
    await push_clock(world, exchange, NOW + 45 * MINUTE)
    assert rung(exchange, MANAGER) == 1


async def test_where_nobody_on_duty_has_a_telephone_the_other_managers_are_rung(world: World) -> None:
    await activate(world)
    on_duty = await make_operator(world, "duty_manager")
    assert on_duty.account_id is not None
    await lay(world, on_duty.account_id, NOW - MINUTE, NOW + 60 * MINUTE, "duty_manager")
    await make_manager(world, MANAGER)
    await make_case(world)
    exchange = Exchange()
    await push_clock(world, exchange, NOW + MINUTE)
    assert rung(exchange, MANAGER) == 1


async def test_a_manager_on_the_way_to_the_console_lets_the_family_ring_on(world: World) -> None:
    await activate(world)
    await make_relative(world, DAUGHTER)
    await make_manager(world, MANAGER)
    case, exchange = await make_case(world), Exchange()
    await push_clock(world, exchange, NOW + MINUTE)
    async with world.web.transaction(world.district) as conn:
        looks = (await cases.find(conn, case))["escalate_at"]
    token = next(one.token for one in exchange.taken if one.to == f"+86{MANAGER}")
    assert await hear(world, token, "answered", "2", NOW + 70 * SECOND) == "coming"
    async with world.web.transaction(world.district) as conn:
        assert (await cases.find(conn, case))["escalate_at"] == looks
        states = await conn.fetch("SELECT state FROM notice WHERE family_member_id IS NOT NULL")
    assert [row["state"] for row in states] == ["sending"]


@pytest.mark.parametrize("is_put_aside", [True, False])
async def test_a_case_that_was_put_aside_swallows_no_missed_call(world: World, *, is_put_aside: bool) -> None:
    await make_relative(world, DAUGHTER)
    operator, case = await make_operator(world), await make_case(world)
    async with world.web.transaction(world.district) as conn:
        if is_put_aside:
            await cases.shelve(conn, case, operator, NOW, NOW + timedelta(days=7), "hospital")
        about = {"carrier": "twilio", "ref": "CA1", "number": DAUGHTER}
        call, _ = await calls.arrive(conn, world.keys, district=world.district, now=NOW, **about)
        assert (await calls.ended(conn, call, NOW + 20 * SECOND))["reason"] == "nobody_on_duty"
    async with world.worker.transaction(world.district) as conn:
        await returning.overdue(conn, world.district, NOW + 30 * SECOND)
    async with world.web.transaction(world.district) as conn:
        types = [row["type"] for row in await cases.list_open(conn)]
        actions = [line["action"] for line in await cases.timeline(conn, case)]
    assert sorted(types) == (["missed_call", "sos"] if is_put_aside else ["sos"])
    assert ("caller" in actions) != is_put_aside
