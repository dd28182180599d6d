"""The weekly drill: who is asked, once; the window; who did not answer is known before the night."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core import consents, districts
from core.clock import at_local
from core.consents import Given, Subject
from core.db import Row
from core.errors import Conflict
from dispatch.notices import drills, ticks
from dispatch.telephony.carriers import Failed
from tests.dispatch.notices.exchange import Exchange, doors, hear, make_manager, make_relative, notices_of
from tests.dispatch.worlds import World, make_caregiver, make_operator
from tests.makers import NOW

MINUTE = timedelta(minutes=1)
DAUGHTER, SON, MANAGER = "13800000001", "13800000002", "13800000009"
WEDNESDAY = datetime(2026, 11, 25, tzinfo=NOW.tzinfo).date()
BEGINS = at_local(WEDNESDAY, "14:00")


async def push_clock(world: World, exchange: Exchange, at: datetime) -> None:
    await ticks.hold_drills(world.worker, at)
    await ticks.notices(world.worker, doors(world, exchange), at)


async def held(world: World) -> list[dict[str, Any]]:
    names = ("asked", "answered", "unreached")
    async with world.web.transaction(world.district) as conn:
        return [{name: row[name] for name in names} for row in await drills.list_(conn)]


async def asked(world: World, at: datetime) -> list[Row]:
    async with world.web.transaction(world.district) as conn:
        night = drills.night_of(await districts.settings(conn, world.district), at)
        [drill] = await drills.list_(conn)
        return list(await drills.people(conn, drill["id"], night))


async def test_it_begins_by_itself_at_its_hour_once_and_is_closed_after_its_window(world: World) -> None:
    await make_manager(world, MANAGER)
    exchange = Exchange()
    await push_clock(world, exchange, BEGINS - MINUTE)
    assert await held(world) == []
    for minute in (0, 1, 30):
        await push_clock(world, exchange, BEGINS + minute * MINUTE)
    assert await held(world) == [{"asked": 1, "answered": 0, "unreached": 0}]
    assert exchange.log == [("sms", f"+86{MANAGER}"), ("voice", f"+86{MANAGER}")]
    assert "没有紧急情况" in exchange.taken[0].body
    await push_clock(world, exchange, BEGINS + 120 * MINUTE)
    async with world.web.transaction(world.district) as conn:
        [row] = await drills.list_(conn)
    assert row["closed_at"] == BEGINS + 120 * MINUTE


async def test_who_answers_is_left_alone_who_is_not_reached_is_on_top(world: World) -> None:
    answered, gone = await make_relative(world, DAUGHTER), await make_relative(world, SON, relation="son")
    exchange = Exchange()
    await push_clock(world, exchange, BEGINS)
    her = next(one for one in exchange.taken if one.to == f"+86{DAUGHTER}")
    his = next(one for one in exchange.taken if one.to == f"+86{SON}")
    assert await hear(world, her.token, "delivered", "1", BEGINS + 5 * MINUTE) == "seen"
    await hear(world, his.token, "undelivered", "", BEGINS + MINUTE, code="no_such_number", is_permanent=True)
    exchange.refusals["voice"] = [Failed("no_such_number", is_permanent=True)]
    for minute in range(2, 121, 10):
        await push_clock(world, exchange, BEGINS + minute * MINUTE)
    assert sum(1 for one in exchange.taken if one.to == her.to) == 1
    assert await held(world) == [{"asked": 2, "answered": 1, "unreached": 1}]
    people = await asked(world, BEGINS + 3 * 60 * MINUTE)
    assert [(row["family_member_id"], row["state"]) for row in people] == [
        (gone, "failed"),
        (answered, "answered"),
    ]
    assert (people[0]["code"], people[0]["is_permanent"]) == ("no_such_number", True)


async def test_who_got_it_and_says_nothing_is_told_and_not_unreached(world: World) -> None:
    await make_relative(world, DAUGHTER)
    exchange = Exchange()
    await push_clock(world, exchange, BEGINS)
    await hear(world, exchange.taken[0].token, "delivered", "", BEGINS + MINUTE)
    for minute in range(2, 122, 10):
        await push_clock(world, exchange, BEGINS + minute * MINUTE)
    assert await notices_of(world) == [("told", None)]
    assert await held(world) == [{"asked": 1, "answered": 0, "unreached": 0}]


async def test_an_answer_after_the_window_still_counts_the_phone_works(world: World) -> None:
    await make_relative(world, DAUGHTER)
    exchange = Exchange()
    await push_clock(world, exchange, BEGINS)
    await push_clock(world, exchange, BEGINS + 121 * MINUTE)
    assert await notices_of(world) == [("failed", None)]
    await hear(world, exchange.taken[0].token, "delivered", "1", BEGINS + 150 * MINUTE)
    assert await held(world) == [{"asked": 1, "answered": 1, "unreached": 0}]


async def choose(world: World, member: UUID, *items: str) -> None:
    """Let a relative say by what they may be reached."""
    async with world.web.transaction(world.district) as conn:
        given: dict[str, Any] = {"district": world.district, "account": None, "now": NOW}
        for item in items:
            consent = Given(item, member, "member", "online", NOW)
            await consents.give(conn, Subject(member=member), consent, **given)
        await conn.execute("UPDATE family_member SET reach_said_at = $2 WHERE id = $1", member, NOW)


async def test_asked_are_those_whom_an_alarm_would_ring_by_what_they_chose(world: World) -> None:
    await make_operator(world)
    await make_caregiver(world, "resting", on_shift=False)
    await make_caregiver(world, "working")
    chose = await make_relative(world, DAUGHTER)
    await choose(world, chose, "voice")
    none = await make_relative(world, SON, relation="son")
    await choose(world, none)
    async with world.web.transaction(world.district) as conn:
        await drills.begin(conn, await make_operator(world, "duty_manager"), NOW)
        rows = await conn.fetch("SELECT audience, channels FROM notice ORDER BY audience")
    assert [(row["audience"], tuple(row["channels"])) for row in rows] == [
        ("caregivers", ("push", "sms", "voice")),
        ("contacts", ("voice",)),
        ("duty_managers", ("push", "sms", "voice")),
        ("operators", ("push", "sms", "voice")),
    ]


async def test_a_second_drill_on_a_day_is_refused(world: World) -> None:
    manager = await make_operator(world, "duty_manager")
    async with world.web.transaction(world.district) as conn:
        await drills.begin(conn, manager, BEGINS)
        with pytest.raises(Conflict, match="already"):
            await drills.begin(conn, manager, BEGINS + MINUTE)
    exchange = Exchange()
    await push_clock(world, exchange, BEGINS + 2 * MINUTE)
    assert len(await held(world)) == 1
