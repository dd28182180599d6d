"""The clock is pushed; the exchange says whose phone rang."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core.errors import NotFound
from dispatch import cases, escalation
from dispatch.notices import answers, reach, words
from dispatch.telephony.carriers import Failed
from tests.dispatch.notices.exchange import Exchange, hear, make_relative, notices_of, push_clock
from tests.dispatch.worlds import World, events_of, make_case, make_operator
from tests.makers import NOW

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
DAUGHTER, SON, NEIGHBOUR = "13800000001", "13800000002", "13800000003"
STEPS = [
    {"audience": "operators", "wait_seconds": 60},
    {"audience": "contacts", "wait_seconds": 300, "channels": ["push", "sms", "voice"], "each_seconds": 120},
    {"audience": "everyone", "wait_seconds": 300, "channels": ["voice"]},
]


async def quick(world: World, **changes: object) -> None:
    """Put a policy into force that tells the family after a minute."""
    steps = [dict(step) for step in STEPS]
    steps[1].update(changes)
    async with world.web.transaction(world.district) as conn:
        await escalation.activate(conn, district=world.district, name="quick", steps=steps, now=NOW)


async def lines(world: World, case: UUID) -> list[dict[str, Any]]:
    async with world.web.transaction(world.district) as conn:
        return [dict(line) for line in await cases.timeline(conn, case)]


async def test_nobody_answers_and_at_minute_three_the_daughters_phone_rings(world: World) -> None:
    daughter = await make_relative(world, DAUGHTER)
    case, exchange = await make_case(world), Exchange()
    for second in range(0, 200, 10):
        await push_clock(world, exchange, NOW + second * SECOND)
        if exchange.log:
            break
    assert exchange.log == [("sms", "+8613800000001")]
    assert second == 120
    for second in range(130, 200, 10):
        await push_clock(world, exchange, NOW + second * SECOND)
    assert exchange.log == [("sms", "+8613800000001"), ("voice", "+8613800000001")]
    said = await hear(world, exchange.taken[1].token, "answered", "2", NOW + 190 * SECOND)
    assert said == "coming"
    last = (await lines(world, case))[-1]
    assert (last["action"], last["data"]) == (
        "family_answer",
        {"answer": "coming", "channel": "voice", "audience": "contacts", "family_member_id": str(daughter)},
    )
    assert ("case.answered", ["operator", "duty_manager", "admin", "family"]) in await events_of(world)


async def test_a_message_says_no_name_and_which_keys_answer(world: World) -> None:
    await quick(world)
    await make_relative(world, DAUGHTER)
    exchange = Exchange()
    await make_case(world)
    await push_clock(world, exchange, NOW + MINUTE)
    body = exchange.taken[0].body
    assert words.say("case_contact", "zh_CN", "sms", {}) == body
    assert "老人1" not in body


async def test_who_is_on_the_way_lets_the_others_sleep(world: World) -> None:
    await quick(world, each_seconds=0, channels=["voice"])
    await make_relative(world, DAUGHTER)
    await make_relative(world, SON, relation="son", priority=2)
    case, exchange = await make_case(world), Exchange()
    await push_clock(world, exchange, NOW + MINUTE)
    assert len(exchange.taken) == 2
    first = exchange.taken[0]
    await hear(world, first.token, "answered", "2", NOW + 70 * SECOND)
    assert sorted(await notices_of(world)) == [("answered", "coming"), ("void", None)]
    async with world.web.transaction(world.district) as conn:
        looks = (await cases.find(conn, case))["escalate_at"]
    assert looks == NOW + 70 * SECOND + answers.COMING


async def test_who_cannot_come_passes_it_to_the_next_at_once(world: World) -> None:
    await quick(world, channels=["voice"])
    await make_relative(world, DAUGHTER)
    await make_relative(world, SON, relation="son", priority=2)
    case, exchange = await make_case(world), Exchange()
    await push_clock(world, exchange, NOW + MINUTE)
    assert exchange.log == [("voice", "+8613800000001")]
    await hear(world, exchange.taken[0].token, "answered", "3", NOW + 70 * SECOND)
    await push_clock(world, exchange, NOW + 71 * SECOND)
    assert exchange.log[1:] == [("voice", "+8613800000002")]
    await hear(world, exchange.taken[1].token, "answered", "3", NOW + 80 * SECOND)
    async with world.web.transaction(world.district) as conn:
        assert (await cases.find(conn, case))["escalate_at"] == NOW + 80 * SECOND


async def test_the_channels_fall_back_and_an_answer_ends_them(world: World) -> None:
    await quick(world)
    await make_relative(world, DAUGHTER)
    exchange = Exchange()
    await make_case(world)
    await push_clock(world, exchange, NOW + MINUTE)
    assert [channel for channel, _ in exchange.log] == ["sms"]  # no browser wants to be pushed: known at once
    await hear(world, exchange.taken[0].token, "delivered", "", NOW + 65 * SECOND)
    await push_clock(world, exchange, NOW + 99 * SECOND)
    assert len(exchange.taken) == 1
    await push_clock(world, exchange, NOW + 100 * SECOND)
    assert [channel for channel, _ in exchange.log] == ["sms", "voice"]
    assert await hear(world, exchange.taken[0].token, "delivered", "1", NOW + 101 * SECOND) == "seen"
    await push_clock(world, exchange, NOW + 4 * MINUTE)
    assert len(exchange.taken) == 2
    assert await notices_of(world) == [("answered", "seen")]


async def test_a_number_that_does_not_exist_is_known_at_once_and_a_busy_carrier_is_asked_again(
    world: World,
) -> None:
    await quick(world, channels=["sms", "voice"])
    daughter = await make_relative(world, DAUGHTER)
    gone = Failed("no_such_number", is_permanent=True)
    busy = Failed("rate_limited", is_permanent=False, retry_after=5.0)
    exchange = Exchange(refusals={"sms": [gone], "voice": [busy]})
    await make_case(world)
    await push_clock(world, exchange, NOW + MINUTE)
    assert exchange.taken == []
    await push_clock(world, exchange, NOW + 64 * SECOND)
    assert exchange.taken == []
    await push_clock(world, exchange, NOW + 65 * SECOND)
    assert exchange.log == [("voice", "+8613800000001")]
    async with world.web.transaction(world.district) as conn:
        known = (await reach.of(conn, [daughter]))[daughter]
    assert (known.code, known.is_unreachable) == ("rate_limited", True)


async def test_a_claimed_case_rings_nowhere_any_more(world: World) -> None:
    await quick(world, channels=["sms", "voice"])
    await make_relative(world, DAUGHTER)
    operator, case, exchange = await make_operator(world), await make_case(world), Exchange()
    await push_clock(world, exchange, NOW + MINUTE)
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case, operator, NOW + 61 * SECOND)
    for minute in range(2, 30):
        await push_clock(world, exchange, NOW + minute * MINUTE)
    assert exchange.log == [("sms", "+8613800000001")]
    assert (await notices_of(world))[0] == ("void", None)


async def test_answers_that_come_late_are_noted_and_reopen_nothing(world: World) -> None:
    await quick(world, channels=["sms"])
    await make_relative(world, DAUGHTER)
    operator, case, exchange = await make_operator(world), await make_case(world), Exchange()
    await push_clock(world, exchange, NOW + MINUTE)
    token = exchange.taken[0].token
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case, operator, NOW + 2 * MINUTE)
    assert await hear(world, token, "delivered", "2", NOW + 3 * MINUTE) == "claimed"
    async with world.web.transaction(world.district) as conn:
        await cases.close(conn, case, operator, NOW + 4 * MINUTE, "reassured")
    assert await hear(world, token, "delivered", "3", NOW + 64 * MINUTE) == "closed"
    assert await hear(world, token, "delivered", "3", NOW + 65 * MINUTE) == "closed"
    told = [line["data"] for line in await lines(world, case) if line["action"] == "family_answer"]
    assert [(one["answer"], one["late"]) for one in told] == [("coming", True), ("cannot", True)]
    async with world.web.transaction(world.district) as conn:
        assert (await cases.find(conn, case))["state"] == "closed"


async def test_receipts_out_of_order_change_nothing_that_is_known_better(world: World) -> None:
    await quick(world, channels=["sms"])
    await make_relative(world, DAUGHTER)
    exchange = Exchange()
    await make_case(world)
    await push_clock(world, exchange, NOW + MINUTE)
    token = exchange.taken[0].token
    await hear(world, token, "delivered", "1", NOW + 70 * SECOND)
    for outcome in ("ringing", "delivered", "failed", "ended"):
        await hear(world, token, outcome, "", NOW + 80 * SECOND)
    async with world.web.transaction(world.district) as conn:
        assert await conn.fetchval("SELECT state FROM notice_try") == "answered"


async def test_a_reply_by_sms_answers_the_last_message_to_that_number(world: World) -> None:
    await quick(world, channels=["sms"])
    await make_relative(world, DAUGHTER)
    exchange = Exchange()
    await make_case(world)
    await push_clock(world, exchange, NOW + MINUTE)
    index = world.keys.index(world.district, "phone", DAUGHTER)
    for text, said in (("  \uff12 我马上到", "coming"), ("12345", "wrong"), ("谢谢", "wrong")):
        async with world.web.transaction(world.district) as conn:
            assert await answers.replied(conn, index, text, NOW + 2 * MINUTE) == said
    async with world.web.transaction(world.district) as conn:
        stranger = world.keys.index(world.district, "phone", SON)
        assert await answers.replied(conn, stranger, "2", NOW + 2 * MINUTE) == "unknown"
        assert await answers.replied(conn, index, "2", NOW + timedelta(hours=25)) == "unknown"


async def test_a_webhook_of_a_try_that_is_not_there_is_not_found(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        assert await answers.by_token(conn, "nothing") is None
        with pytest.raises(NotFound, match="no try"):
            await answers.heard(conn, UUID(int=7), "answered", "1", NOW)
