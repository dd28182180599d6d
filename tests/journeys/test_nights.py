"""Three nights, with every manner of the phones and every trick of the carrier: nobody is left in silence."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core.db import Pool
from dashboards import words
from deploy.pretend.phones import Manner
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import lose, make_case, make_neighbour, make_world
from tests.journeys.nights import DAUGHTER, EACH, FAILING, MANAGER, TRICKS, Night, night
from tests.makers import NOW


@pytest.fixture
async def dark(
    pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Any, tmp_path: Path
) -> AsyncIterator[Night]:
    world = await make_world(pool_owner, pool_web, pool_worker, pool_gateway, keys, carrier="twilio")
    async with night(world, tmp_path) as made:
        yield made


@pytest.mark.parametrize("trick", TRICKS)
async def test_nobody_answers_and_at_minute_three_the_daughters_phone_rings_and_she_presses_2(
    dark: Night, trick: str
) -> None:
    dark.phone(MANAGER).manner = Manner.RINGS_OUT
    dark.phone().keys = ("2",)
    case = await make_case(dark.world)
    await dark.until(2.9)
    assert dark.rang() == []
    dark.play(trick)
    await dark.until(8)
    assert NOW + timedelta(minutes=3) <= dark.rang()[0] <= NOW + timedelta(minutes=3, seconds=15)
    assert await dark.answers(case) == ["coming"]
    assert dark.phones.exchange.courier.troubles == []
    async with await client_of(dark.app, dark.operator, "zh-CN") as console:
        page = (await console.get(f"/console/cases/{case}")).text
    assert "李娜" in page
    assert words.word("zh_CN", "told_answers", "coming") in page


@pytest.mark.parametrize(("manner", "trick"), EACH)
async def test_a_daughter_who_is_not_reached_at_first_is_reached_later(
    dark: Night, manner: Manner, trick: str
) -> None:
    dark.play(trick)
    dark.phone(MANAGER).manner = Manner.RINGS_OUT
    phone = dark.phone()
    phone.manner, phone.keys = manner, ("2",)
    case = await make_case(dark.world)
    await dark.until(6)
    assert await dark.answers(case) == ([] if manner in FAILING else ["coming"])
    assert ("按键无效" in " ".join(phone.words())) == (manner == Manner.WRONG_KEY)
    if manner not in FAILING:
        return
    async with dark.world.web.transaction(dark.world.district) as conn:
        tries = await conn.fetch(
            "SELECT t.is_permanent FROM notice_try t JOIN notice n ON n.id = t.notice_id"
            " WHERE n.case_id = $1 AND n.family_member_id = $2",
            case,
            dark.daughter,
        )
    assert {row["is_permanent"] for row in tries} == {manner == Manner.INVALID}
    await reached_at_last(dark, case, manner)


async def reached_at_last(dark: Night, case: UUID, manner: Manner) -> None:
    """A phone that cannot be reached now is rung again; one that cannot exist is not."""
    rung = len(dark.rang())
    dark.phone().manner = manner if manner == Manner.INVALID else Manner.ANSWERS
    minute, answered = (dark.clock.now - NOW).total_seconds() / 60, set[str]()
    for later in range(1, 7 if manner == Manner.INVALID else 20):
        await dark.until(minute + later)
        answered = set(await dark.answers(case))
        if answered:
            break
    if manner == Manner.INVALID:
        assert (answered, len(dark.rang())) == (set(), rung)
    else:
        assert answered == {"coming"}


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize("manner", [Manner.RINGS_OUT, Manner.FAILS])
async def test_the_duty_manager_is_unreachable_and_the_case_still_finds_someone(
    dark: Night, manner: Manner, trick: str
) -> None:
    dark.phone(MANAGER).manner = manner
    dark.phone().keys = ("1",)
    dark.play(trick)
    case = await make_case(dark.world)
    await dark.until(10)
    assert dark.rang(MANAGER)
    assert (await dark.answers(case))[0] == "seen"
    async with dark.world.web.transaction(dark.world.district) as conn:
        states = await conn.fetch("SELECT account_id, state FROM notice WHERE case_id = $1", case)
    assert "answered" not in {row["state"] for row in states if row["account_id"] == dark.manager.account_id}


@pytest.mark.parametrize("manner", [Manner.BUSY, Manner.VOICEMAIL, Manner.HANGS_UP, Manner.INVALID])
async def test_the_duty_manager_is_unreachable_in_every_way(dark: Night, manner: Manner) -> None:
    dark.phone(MANAGER).manner = manner
    dark.phone().keys = ("2",)
    case = await make_case(dark.world)
    await dark.until(10)
    assert await dark.answers(case) == ["coming"]


@pytest.mark.parametrize(("manner", "trick"), EACH)
async def test_a_building_loses_power_and_only_who_calls_for_help_rings_phones(
    dark: Night, manner: Manner, trick: str
) -> None:
    dark.phone(MANAGER).manner = Manner.BUSY
    dark.phone().manner, dark.phone().keys = manner, ("2",)
    homes = [await make_neighbour(dark.world, metres=10.0 * nth) for nth in range(1, 7)]
    for one in homes:
        await lose(dark.world, one)
    await dark.until(4)
    async with dark.world.web.transaction(dark.world.district) as conn:
        incidents = await conn.fetchval("SELECT count(*) FROM incident")
    assert incidents == 1
    assert dark.rang(MANAGER) == dark.rang(DAUGHTER) == []
    dark.play(trick)
    case = await make_case(dark.world, at=dark.clock.now)
    await dark.until(13)
    assert await dark.answers(case) == ([] if manner in FAILING else ["coming"])
    rung = {call.to for call in dark.phones.exchange.calls.values()}
    assert rung == ({MANAGER} if manner == Manner.INVALID else {DAUGHTER, MANAGER})
    if manner in FAILING:
        await reached_at_last(dark, case, manner)
