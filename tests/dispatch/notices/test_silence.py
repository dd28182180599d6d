"""Whose phone stays silent: a taken case's, a relative's who is on the way; nobody is a zombie."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from dispatch import cases, escalation, family_answers
from dispatch.notices import answers, sending, spoken, ticks
from dispatch.telephony.carriers import IN_DOUBT, Failed
from tests.dispatch.notices.exchange import (
    Exchange,
    doors,
    hear,
    make_manager,
    make_relative,
    notices_of,
    push_clock,
)
from tests.dispatch.worlds import World, make_case, make_operator
from tests.makers import NOW, make_person

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
DAUGHTER, SON, MANAGER = "13800000001", "13800000002", "13800000009"
STEPS: list[dict[str, Any]] = [
    {"audience": "operators", "wait_seconds": 60},
    {"audience": "everyone", "wait_seconds": 300, "channels": ["voice"]},
]


async def activate(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        await escalation.activate(conn, district=world.district, name="loud", steps=STEPS, now=NOW)


async def claim(world: World, case: UUID, second: int) -> None:
    operator = await make_operator(world)
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case, operator, NOW + second * SECOND)


def rung(exchange: Exchange, phone: str) -> int:
    return sum(1 for one in exchange.taken if one.to == f"+86{phone}")


async def test_who_is_on_the_way_is_not_rung_again_while_the_others_are(world: World) -> None:
    await activate(world)
    await make_relative(world, DAUGHTER)
    await make_relative(world, SON, relation="son", priority=2)
    await make_manager(world, MANAGER)
    await make_case(world)
    exchange = Exchange()
    await push_clock(world, exchange, NOW + MINUTE)
    token = next(one.token for one in exchange.taken if one.to == f"+86{DAUGHTER}")
    assert await hear(world, token, "answered", "2", NOW + 70 * SECOND) == "coming"
    before = len(exchange.taken)
    await push_clock(world, exchange, NOW + 11 * MINUTE)
    assert len(exchange.taken) == before  # everybody waits for her
    for minute in range(12, 40):
        await push_clock(world, exchange, NOW + minute * MINUTE)
    assert rung(exchange, DAUGHTER) == 1
    assert rung(exchange, SON) > 3
    assert rung(exchange, MANAGER) > 3


async def test_who_went_and_then_cannot_is_asked_like_the_others(world: World) -> None:
    await activate(world)
    await make_relative(world, DAUGHTER)
    await make_case(world)
    exchange = Exchange()
    await push_clock(world, exchange, NOW + MINUTE)
    token = exchange.taken[0].token
    await hear(world, token, "answered", "2", NOW + 70 * SECOND)
    await hear(world, token, "answered", "3", NOW + 80 * SECOND)
    await push_clock(world, exchange, NOW + 12 * MINUTE)
    assert rung(exchange, DAUGHTER) == 2


async def test_who_says_on_a_page_that_they_go_silences_phones_like_a_key(world: World) -> None:
    await activate(world)
    daughter = await make_relative(world, DAUGHTER)
    await make_relative(world, SON, relation="son", priority=2)
    case, exchange = await make_case(world), Exchange()
    async with world.web.transaction(world.district) as conn:
        person = await make_person(conn, world.district, "family", family_member=daughter)
        await family_answers.answer(conn, case, person, NOW + 5 * SECOND, "with_them")
        assert (await cases.find(conn, case))["escalate_at"] == NOW + 5 * SECOND + answers.COMING
    await push_clock(world, exchange, NOW + 9 * MINUTE)
    assert exchange.taken == []
    await push_clock(world, exchange, NOW + 11 * MINUTE)
    assert (rung(exchange, DAUGHTER), rung(exchange, SON)) == (0, 1)


async def test_a_case_claimed_between_its_step_and_its_message_rings_nobody(world: World) -> None:
    await activate(world)
    await make_relative(world, DAUGHTER)
    case, exchange = await make_case(world), Exchange()
    async with world.worker.transaction(world.district) as conn:
        assert await escalation.escalate_due(conn, world.district, NOW + MINUTE) == 1
    await claim(world, case, 61)
    await ticks.notices(world.worker, doors(world, exchange), NOW + 62 * SECOND)
    assert exchange.taken == []
    assert await notices_of(world) == []


async def test_a_case_claimed_while_its_message_waits_to_be_sent_rings_nobody(world: World) -> None:
    await activate(world)
    await make_relative(world, DAUGHTER)
    case, exchange = await make_case(world), Exchange()
    async with world.worker.transaction(world.district) as conn:
        await escalation.escalate_due(conn, world.district, NOW + MINUTE)
    await ticks.make(world.worker, world.district, NOW + MINUTE)
    await ticks.advance(world.worker, world.district, NOW + MINUTE)
    await claim(world, case, 61)
    await sending.run(world.worker, doors(world, exchange), world.district, NOW + 62 * SECOND)
    assert exchange.taken == []
    assert await notices_of(world) == [("void", None)]


async def test_what_was_left_in_doubt_is_not_sent_again_once_the_case_is_taken(world: World) -> None:
    await activate(world)
    await make_relative(world, DAUGHTER)
    case = await make_case(world)
    exchange = Exchange(refusals={"voice": [Failed(IN_DOUBT, is_permanent=False)]})
    await push_clock(world, exchange, NOW + MINUTE)
    assert exchange.taken == []
    await claim(world, case, 70)
    for minute in range(2, 20):
        await push_clock(world, exchange, NOW + minute * MINUTE)
    assert exchange.taken == []


async def test_what_was_left_in_doubt_is_sent_again_while_nobody_has_the_case(world: World) -> None:
    await activate(world)
    await make_relative(world, DAUGHTER)
    await make_case(world)
    exchange = Exchange(refusals={"voice": [Failed(IN_DOUBT, is_permanent=False)]})
    await push_clock(world, exchange, NOW + MINUTE)
    await push_clock(world, exchange, NOW + 119 * SECOND)
    assert exchange.taken == []
    await push_clock(world, exchange, NOW + 2 * MINUTE)
    assert rung(exchange, DAUGHTER) == 1


async def test_a_claimed_case_that_stands_still_rings_the_manager_for_two_hours_and_no_longer(
    world: World,
) -> None:
    await activate(world)
    await make_manager(world, MANAGER)
    case, exchange = await make_case(world), Exchange()
    await claim(world, case, 30)
    for minute in range(0, 300, 5):
        await push_clock(world, exchange, NOW + minute * MINUTE)
    within = rung(exchange, MANAGER)
    assert within > 1
    for minute in range(300, 400, 5):
        await push_clock(world, exchange, NOW + minute * MINUTE)
    assert rung(exchange, MANAGER) == within


async def test_who_picks_up_after_the_case_was_taken_hears_that_and_is_asked_nothing(world: World) -> None:
    await activate(world)
    await make_relative(world, DAUGHTER)
    case, exchange = await make_case(world), Exchange()
    await push_clock(world, exchange, NOW + MINUTE)

    async def said() -> spoken.Spoken:
        async with world.web.transaction(world.district) as conn:
            try_id = await answers.by_token(conn, exchange.taken[0].token)
            assert try_id is not None
            return await spoken.of_try(conn, world.keys, try_id)

    assert (await said()).asks
    await claim(world, case, 62)
    told = await said()
    assert not told.asks
    assert "已有人处理" in told.text


async def test_a_channel_the_carrier_cannot_take_for_the_moment_is_tried_three_times_then_the_next(
    world: World,
) -> None:
    async with world.web.transaction(world.district) as conn:
        steps = [STEPS[0], {**STEPS[1], "channels": ["sms", "voice"]}]
        await escalation.activate(conn, district=world.district, name="loud", steps=steps, now=NOW)
    await make_relative(world, DAUGHTER)
    await make_case(world)
    exchange = Exchange(refusals={"sms": [Failed("carrier_away", is_permanent=False)] * 3})
    for second in range(60, 130, 2):
        await push_clock(world, exchange, NOW + second * SECOND)
    assert exchange.refusals["sms"] == []
    assert exchange.log == [("voice", f"+86{DAUGHTER}")]


async def test_a_channel_that_fails_for_good_is_not_tried_again_for_the_same_notice(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        steps = [STEPS[0], {**STEPS[1], "channels": ["sms"]}]
        await escalation.activate(conn, district=world.district, name="loud", steps=steps, now=NOW)
    await make_relative(world, DAUGHTER)
    await make_case(world)
    gone = [Failed("no_such_number", is_permanent=True) for _ in range(2)]
    exchange = Exchange(refusals={"sms": gone})
    for second in range(60, 300, 20):
        await push_clock(world, exchange, NOW + second * SECOND)
    assert len(exchange.refusals["sms"]) == 1
    assert exchange.taken == []
    assert await notices_of(world) == [("failed", None)]
