"""A storm: many alarms at once, one person; what is bundled, what is held back, and what never is."""

import re
from datetime import datetime, timedelta
from typing import Any

from core.db import Pool
from dispatch import cases, escalation
from dispatch.notices import Recipient, answers, seal, tell, ticks
from tests.dispatch.notices.exchange import Exchange, hear, make_manager, make_relative, push_clock
from tests.dispatch.worlds import World, make_case, make_operator, make_world
from tests.makers import NOW

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
DAUGHTER, MANAGER = "13800000001", "13800000009"
TO_DAUGHTER, TO_MANAGER = f"+86{DAUGHTER}", f"+86{MANAGER}"
STEPS: list[dict[str, Any]] = [
    {"audience": "operators", "wait_seconds": 60},
    {"audience": "everyone", "wait_seconds": 60, "channels": ["sms"]},
]
_CASES = """
INSERT INTO care_case (id, district_id, elder_id, class, type, severity, state, opened_at, last_alarm_at,
                       policy, step, escalate_at)
SELECT gen_random_uuid(), $1, $2, 'care', 'sos', 1, 'raised', $3, $3, $4, 0,
       $3::timestamptz + interval '1 minute'
FROM generate_series(1, $5)
"""


async def stormy(owner: Pool, web: Pool, worker: Pool, gateway: Pool, keys: Any, **limits: Any) -> World:
    """Make a world whose policy writes to everybody after a minute, and each minute again."""
    world = await make_world(owner, web, worker, gateway, keys, **limits)
    async with web.transaction(world.district) as conn:
        await escalation.activate(conn, district=world.district, name="storm", steps=STEPS, now=NOW)
    return world


async def open_cases(world: World, count: int, at: datetime = NOW) -> None:
    async with world.web.transaction(world.district) as conn:
        fixed = await escalation.in_force(conn)
        await conn.execute(_CASES, world.district, world.elder, at, fixed, count)


async def test_two_hundred_alarms_at_once_page_nobody_two_hundred_times(
    pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Any
) -> None:
    world = await stormy(pool_owner, pool_web, pool_worker, pool_gateway, keys)
    await make_relative(world, DAUGHTER)
    await make_manager(world, MANAGER)
    await open_cases(world, 200)
    exchange = Exchange()
    await push_clock(world, exchange, NOW + MINUTE)
    assert sorted(exchange.log) == [("sms", TO_DAUGHTER), ("sms", TO_MANAGER)]
    assert {re.findall(r"\d+", one.body)[0] for one in exchange.taken} == {"200"}
    async with world.web.transaction(world.district) as conn:
        states = await conn.fetch("SELECT state, count(*) FROM notice GROUP BY state")
    assert [(row["state"], row["count"]) for row in states] == [("sending", 400)]


async def test_one_answer_to_a_message_of_several_cases_answers_them_all(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        await escalation.activate(conn, district=world.district, name="storm", steps=STEPS, now=NOW)
    await make_relative(world, DAUGHTER)
    await open_cases(world, 3)
    exchange = Exchange()
    await push_clock(world, exchange, NOW + MINUTE)
    assert await hear(world, exchange.taken[0].token, "delivered", "2", NOW + 90 * SECOND) == "coming"
    async with world.web.transaction(world.district) as conn:
        lines = await conn.fetch("SELECT case_id FROM case_entry WHERE action = 'family_answer'")
    assert len({row["case_id"] for row in lines}) == 3


async def test_a_case_that_follows_another_closely_waits_for_the_next_message(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        steps = [STEPS[0], {**STEPS[1], "wait_seconds": 3600}]
        await escalation.activate(conn, district=world.district, name="storm", steps=steps, now=NOW)
    await make_relative(world, DAUGHTER)
    exchange = Exchange()
    await open_cases(world, 1)
    await push_clock(world, exchange, NOW + MINUTE)
    for late in (10, 20, 30):
        await open_cases(world, 1, NOW + late * SECOND)
        await push_clock(world, exchange, NOW + MINUTE + late * SECOND)
    assert len(exchange.taken) == 1
    await push_clock(world, exchange, NOW + 3 * MINUTE - SECOND)
    assert len(exchange.taken) == 1
    await push_clock(world, exchange, NOW + 3 * MINUTE)
    assert len(exchange.taken) == 2
    assert re.findall(r"\d+", exchange.taken[1].body)[0] == "3"


async def test_a_case_that_was_taken_meanwhile_rides_in_no_message(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        await escalation.activate(conn, district=world.district, name="storm", steps=STEPS, now=NOW)
    await make_relative(world, DAUGHTER)
    operator, first, exchange = await make_operator(world), await make_case(world), Exchange()
    await open_cases(world, 2)
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, first, operator, NOW + 30 * SECOND)
    await push_clock(world, exchange, NOW + MINUTE)
    assert re.findall(r"\d+", exchange.taken[0].body)[0] == "2"


async def test_a_case_that_would_ring_is_rung_also_when_it_rides_with_one_that_only_writes(
    world: World,
) -> None:
    await make_relative(world, DAUGHTER)
    for second, channels in enumerate((["sms"], ["sms", "voice"])):
        at = NOW + MINUTE + second * SECOND
        async with world.web.transaction(world.district) as conn:
            steps = [STEPS[0], {**STEPS[1], "channels": channels, "wait_seconds": 3600}]
            await escalation.activate(conn, district=world.district, name="storm", steps=steps, now=NOW)
        await open_cases(world, 1)
        async with world.worker.transaction(world.district) as conn:
            assert await escalation.escalate_due(conn, world.district, at) == 1
        await ticks.make(world.worker, world.district, at)
    exchange = Exchange()
    await push_clock(world, exchange, NOW + 62 * SECOND)
    assert exchange.log == [("sms", TO_DAUGHTER)]
    await push_clock(world, exchange, NOW + 102 * SECOND)
    assert exchange.log == [("sms", TO_DAUGHTER), ("voice", TO_DAUGHTER)]


async def test_one_person_is_written_to_so_often_an_hour_at_most_and_then_again(
    pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Any
) -> None:
    limits: dict[str, Any] = {"notice_person_hour": 3, "notice_bundle_seconds": 0}
    world = await stormy(pool_owner, pool_web, pool_worker, pool_gateway, keys, **limits)
    await make_relative(world, DAUGHTER)
    await make_case(world)
    exchange, sent = Exchange(), []
    for minute in range(1, 66):
        await push_clock(world, exchange, NOW + minute * MINUTE)
        await push_clock(world, exchange, NOW + minute * MINUTE + 45 * SECOND)
        sent.append(len(exchange.taken))
    assert sent[:3] == [1, 2, 3]
    assert sent[59] == 3
    assert 3 < sent[-1] <= 6


async def test_a_district_writes_so_often_a_minute_at_most_and_a_login_code_never_waits(
    pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Any
) -> None:
    world = await stormy(pool_owner, pool_web, pool_worker, pool_gateway, keys, notice_district_minute=4)
    for nth in range(10):
        await make_relative(world, f"1380000010{nth}", relation="son", priority=nth + 1)
    await make_case(world)
    exchange = Exchange()
    await push_clock(world, exchange, NOW + MINUTE)
    assert len(exchange.taken) == 4
    async with world.web.transaction(world.district) as conn:
        code = seal(keys, world.district, {"code": "482913"})
        to = Recipient(contact=keys.seal(world.district, MANAGER))
        await tell(
            conn,
            district=world.district,
            kind="code",
            to=to,
            words="code",
            now=NOW + 65 * SECOND,
            data_sealed=code,
        )
    await push_clock(world, exchange, NOW + 65 * SECOND)
    assert exchange.log[4:] == [("sms", TO_MANAGER)]
    for half in range(3, 12):
        await push_clock(world, exchange, NOW + half * 30 * SECOND)
    assert len({one.to for one in exchange.taken}) == 11


async def test_a_reply_after_a_login_code_still_answers_the_alarm(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        await escalation.activate(conn, district=world.district, name="storm", steps=STEPS, now=NOW)
    daughter, case, exchange = await make_relative(world, DAUGHTER), await make_case(world), Exchange()
    await push_clock(world, exchange, NOW + MINUTE)
    async with world.web.transaction(world.district) as conn:
        to = Recipient(contact=world.keys.seal(world.district, DAUGHTER))
        code = seal(world.keys, world.district, {"code": "482913"})
        given: dict[str, Any] = {"kind": "code", "to": to, "words": "code", "data_sealed": code}
        await tell(conn, district=world.district, now=NOW + 61 * SECOND, **given)
    await push_clock(world, exchange, NOW + 61 * SECOND)
    assert "482913" in exchange.taken[1].body
    index = world.keys.index(world.district, "phone", DAUGHTER)
    async with world.web.transaction(world.district) as conn:
        assert await answers.replied(conn, index, "2", NOW + 70 * SECOND) == "coming"
        line = (await cases.timeline(conn, case))[-1]
    assert line["data"]["family_member_id"] == str(daughter)


async def test_a_code_lies_sealed_and_is_gone_when_it_was_told(world: World) -> None:
    exchange = Exchange()
    async with world.web.transaction(world.district) as conn:
        to = Recipient(contact=world.keys.seal(world.district, DAUGHTER))
        code = seal(world.keys, world.district, {"code": "482913"})
        given: dict[str, Any] = {"kind": "code", "to": to, "words": "code", "data_sealed": code}
        notice = await tell(conn, district=world.district, now=NOW, **given)
    look = "SELECT row_to_json(n)::text AS whole, data_sealed, contact_sealed FROM notice n WHERE id = $1"
    async with world.web.transaction(world.district) as conn:
        row = await conn.fetchrow(look, notice)
        assert row is not None
        assert "482913" not in row["whole"]
        assert DAUGHTER not in row["whole"]
        assert b"482913" not in row["data_sealed"]
        assert row["contact_sealed"] is not None  # `keys rotate` renews what is named so
    await push_clock(world, exchange, NOW)
    assert "482913" in exchange.taken[0].body
    await hear(world, exchange.taken[0].token, "delivered", "", NOW + SECOND)
    await push_clock(world, exchange, NOW + 11 * MINUTE)
    async with world.web.transaction(world.district) as conn:
        ended = await conn.fetchrow("SELECT state, data_sealed FROM notice WHERE id = $1", notice)
    assert ended is not None
    assert (ended["state"], ended["data_sealed"]) == ("told", None)
