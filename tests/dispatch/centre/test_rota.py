"""The call centre's rota: what can be laid, who sits in, how shifts change hands, the week as seen."""

import asyncio
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from core import districts
from core.accounts import Person
from core.clock import at_local
from core.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from core.ids import new_id
from dispatch import duty
from dispatch.centre import rota, standing_in, ticks, week
from dispatch.centre.rota import Wanted
from tests.dispatch.worlds import World, events_of, make_operator
from tests.makers import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = date(2026, 11, 23)
TEN = at_local(MONDAY, "10:00")


async def lay(world: World, who: Person, starts: datetime, hours: float = 8, **given: Any) -> UUID:
    boss = await make_operator(world, "duty_manager")
    wanted = Wanted(who.account_id, given.pop("role", "operator"), starts, starts + hours * HOUR)
    async with world.web.transaction(world.district) as conn:
        return await rota.add(conn, wanted, boss, NOW, **given)


async def week_of(world: World, first: date = MONDAY) -> week.Week:
    async with world.web.transaction(world.district) as conn:
        return await week.find(conn, await districts.settings(conn, world.district), first)


async def test_nobody_is_on_duty_twice_at_once(world: World) -> None:
    one = await make_operator(world)
    await lay(world, one, TEN)
    with pytest.raises(Conflict, match="at that time") as problem:
        await lay(world, one, TEN + 4 * HOUR)
    assert problem.value.code == "shift_overlap"
    await lay(world, one, TEN + 20 * HOUR, is_agreed=True)


async def test_two_who_lay_the_same_shift_at_once_lay_one(world: World) -> None:
    one = await make_operator(world)

    async def try_it() -> str:
        try:
            await lay(world, one, TEN)
        except Conflict as problem:
            return problem.code
        return "laid"

    assert sorted(await asyncio.gather(try_it(), try_it())) == ["laid", "shift_overlap"]


async def test_a_short_rest_and_a_long_shift_need_a_word_which_is_kept(world: World) -> None:
    one = await make_operator(world)
    await lay(world, one, TEN, 12)
    with pytest.raises(Conflict) as problem:
        await lay(world, one, TEN + 20 * HOUR, 13)
    broken: Any = problem.value.extra["breaches"]
    assert [one["code"] for one in broken] == ["long_day", "short_rest"]
    made = await lay(world, one, TEN + 20 * HOUR, 13, is_agreed=True)
    async with world.web.transaction(world.district) as conn:
        assert (await rota.find(conn, made))["agreed_by"] is not None


@pytest.mark.parametrize(("hours", "field"), [(0, "before_start"), (25, "duty_too_long")])
async def test_a_shift_lasts_up_to_a_day(world: World, hours: int, field: str) -> None:
    with pytest.raises(Invalid) as problem:
        await lay(world, await make_operator(world), TEN, hours, is_agreed=True)
    errors: Any = problem.value.extra["errors"]
    assert errors[0]["code"] == field


async def test_only_who_works_in_the_call_centre_is_on_its_rota(world: World) -> None:
    clerk = await make_operator(world, "clerk")
    with pytest.raises(NotFound):
        await lay(world, clerk, TEN)
    with pytest.raises(Invalid):
        await lay(world, await make_operator(world), TEN, role="clerk")


async def test_a_shift_moves_to_another_person_and_one_that_is_over_does_not(world: World) -> None:
    one, two, boss = [await make_operator(world) for _ in range(3)]
    made = await lay(world, one, TEN)
    async with world.web.transaction(world.district) as conn:
        wanted = Wanted(two.account_id, "operator", TEN, TEN + 8 * HOUR)
        assert (await rota.move(conn, made, wanted, boss, NOW))["account_id"] == two.account_id
        with pytest.raises(Conflict, match="over"):
            await rota.remove(conn, made, boss, TEN + 9 * HOUR)
        await rota.remove(conn, made, boss, NOW)
        with pytest.raises(NotFound):
            await rota.find(conn, made)


async def test_a_pattern_lays_its_nights_once_and_what_was_removed_does_not_come_back(world: World) -> None:
    one, boss = await make_operator(world), await make_operator(world, "duty_manager")
    async with world.web.transaction(world.district) as conn:
        what = (one.account_id, "operator", [1, 4], time(20), 720, MONDAY, None, boss, NOW)
        made = await rota.create_pattern(conn, *what)
        shifts = await rota.list_(conn, at_local(MONDAY, "00:00"), at_local(MONDAY + 7 * DAY, "00:00"))
        assert [row["starts_at"] for row in shifts] == [
            at_local(MONDAY, "20:00"),
            at_local(MONDAY + 3 * DAY, "20:00"),
        ]
        await rota.remove(conn, shifts[0]["id"], boss, NOW)
    assert await ticks.lay_rota(world.worker, NOW) == 0
    async with world.web.transaction(world.district) as conn:
        await rota.end_pattern(conn, made, MONDAY + 1 * DAY, boss, NOW)
        assert await rota.list_(conn, at_local(MONDAY, "00:00"), at_local(MONDAY + 30 * DAY, "00:00")) == []
        with pytest.raises(Conflict, match="has ended"):
            await rota.end_pattern(conn, made, MONDAY + 2 * DAY, boss, NOW)


async def test_a_pattern_that_breaks_the_week_by_itself_needs_a_word(world: World) -> None:
    one, boss = await make_operator(world), await make_operator(world, "duty_manager")
    async with world.web.transaction(world.district) as conn:
        what = (one.account_id, "operator", range(1, 8), time(8), 720, MONDAY, None, boss, NOW)
        with pytest.raises(Conflict) as problem:
            await rota.create_pattern(conn, *what)
        broken: Any = problem.value.extra["breaches"]
        assert {one["code"] for one in broken} == {"long_week", "days_in_a_row"}


async def sit_in(world: World, absent: Person, instead: Person | None, **given: Any) -> UUID:
    boss = await make_operator(world, "duty_manager")
    span = (given.pop("starts", TEN), given.pop("ends", TEN + 4 * HOUR))
    whom = instead.account_id if instead else None
    async with world.web.transaction(world.district) as conn:
        return await standing_in.override(conn, absent.account_id, whom, "sick", *span, boss, NOW, **given)


async def test_who_sits_in_takes_the_shift_for_the_span_and_the_hours_go_along(world: World) -> None:
    one, two = await make_operator(world), await make_operator(world)
    await lay(world, one, TEN)
    made = await sit_in(world, one, two)
    hours = {line.who["account_id"]: line.hours for line in (await week_of(world)).lines}
    assert (hours[one.account_id], hours[two.account_id]) == (4.0, 4.0)
    async with world.web.transaction(world.district) as conn:
        await standing_in.withdraw_override(conn, made, one, NOW)
        with pytest.raises(Conflict, match="over"):
            await standing_in.withdraw_override(conn, made, one, NOW)
        assert [row["account_id"] for row in await duty.on(conn, "operator", TEN)] == [one.account_id]


async def test_nobody_sits_in_who_is_on_duty_or_absent_and_no_chains_are_made(world: World) -> None:
    one, two, three = [await make_operator(world) for _ in range(3)]
    await lay(world, one, TEN)
    await lay(world, two, TEN)
    with pytest.raises(Conflict, match="on duty at that time"):
        await sit_in(world, one, two)
    await sit_in(world, two, None)
    with pytest.raises(Conflict, match="absent at that time"):
        await sit_in(world, one, two)
    await sit_in(world, one, three)
    with pytest.raises(Conflict, match="sits in for somebody else"):
        await sit_in(world, three, None)
    with pytest.raises(Conflict, match="noted already"):
        await sit_in(world, one, None)


async def test_who_is_noted_as_absent_gets_no_new_shift_and_what_they_had_may_be_changed(
    world: World,
) -> None:
    one, boss = await make_operator(world), await make_operator(world, "duty_manager")
    shift = await lay(world, one, TEN)
    async with world.web.transaction(world.district) as conn:
        what = (one.account_id, None, "sick", TEN - HOUR, TEN + DAY)
        await standing_in.override(conn, *what, boss, NOW)
    with pytest.raises(Conflict) as problem:
        await lay(world, one, TEN + 12 * HOUR, hours=2)
    assert problem.value.code == "absent_then"
    async with world.web.transaction(world.district) as conn:
        longer = Wanted(one.account_id, "operator", TEN, TEN + 9 * HOUR)
        moved = await rota.move(conn, shift, longer, boss, NOW, is_agreed=True)
        assert moved["ends_at"] == TEN + 9 * HOUR


async def test_a_pattern_that_is_ended_before_it_begins_lays_nothing(world: World) -> None:
    one, boss = await make_operator(world), await make_operator(world, "duty_manager")
    for first in (MONDAY + 7 * DAY, MONDAY + 60 * DAY):
        async with world.web.transaction(world.district) as conn:
            what = (one.account_id, "operator", [1, 4], time(8), 480, first, None)
            made = await rota.create_pattern(conn, *what, boss, NOW)
            await rota.end_pattern(conn, made, MONDAY, boss, NOW)
            assert await rota.lay_due(conn, world.district, NOW + 55 * DAY) == 0
            assert await rota.list_(conn, NOW, NOW + 90 * DAY) == []


async def test_a_gap_of_the_rota_is_shown_until_somebody_is_there(world: World) -> None:
    one = await make_operator(world)
    found = await week_of(world)
    assert [(hole.role, hole.there) for hole in found.holes] == [("operator", 0)]
    await lay(world, one, TEN)
    operators = [hole for hole in (await week_of(world)).holes if hole.role == "operator"]
    assert [(hole.starts_at, hole.ends_at) for hole in operators] == [
        (at_local(MONDAY, "00:00"), TEN),
        (TEN + 8 * HOUR, at_local(MONDAY + 7 * DAY, "00:00")),
    ]


async def offered(world: World, giver: Person, taker: Person | None) -> tuple[UUID, UUID]:
    shift = await lay(world, giver, TEN)
    async with world.web.transaction(world.district) as conn:
        whom = taker.account_id if taker else None
        return shift, await standing_in.offer(conn, shift, whom, giver, NOW)


async def answer(world: World, swap: UUID, verb: str, by: Person) -> str:
    async with world.web.transaction(world.district) as conn:
        return str((await standing_in.answer(conn, swap, verb, by, NOW))["state"])


async def test_a_shift_changes_hands_by_offer_taking_and_approval(world: World) -> None:
    one, two, boss = [await make_operator(world) for _ in range(3)]
    shift, swap = await offered(world, one, two)
    with pytest.raises(Conflict, match="offered already"):
        async with world.web.transaction(world.district) as conn:
            await standing_in.offer(conn, shift, None, one, NOW)
    with pytest.raises(Forbidden):
        await answer(world, swap, "take", boss)
    assert await answer(world, swap, "take", two) == "taken"
    async with world.web.transaction(world.district) as conn:
        await standing_in.decide(conn, swap, "approve", boss, NOW)
        assert (await rota.find(conn, shift))["account_id"] == two.account_id


async def test_what_is_offered_to_everybody_goes_to_the_first(world: World) -> None:
    one, two, three = [await make_operator(world) for _ in range(3)]
    _, swap = await offered(world, one, None)

    async def take(by: Person) -> str:
        try:
            return await answer(world, swap, "take", by)
        except Problem as problem:
            return problem.code

    assert sorted(await asyncio.gather(take(two), take(three))) in (
        ["taken", "wrong_state"],
        ["not_your_swap", "taken"],
    )


async def test_a_swap_of_a_shift_that_has_changed_since_is_not_approved(world: World) -> None:
    one, two, boss = [await make_operator(world) for _ in range(3)]
    shift, swap = await offered(world, one, two)
    await answer(world, swap, "take", two)
    async with world.web.transaction(world.district) as conn:
        wanted = Wanted(one.account_id, "operator", TEN + HOUR, TEN + 8 * HOUR)
        await rota.move(conn, shift, wanted, boss, NOW)
    with pytest.raises(Conflict, match="changed since"):
        async with world.web.transaction(world.district) as conn:
            await standing_in.decide(conn, swap, "approve", boss, NOW)


async def test_an_offer_is_declined_or_withdrawn_by_whom_it_concerns(world: World) -> None:
    one, two = await make_operator(world), await make_operator(world)
    _, swap = await offered(world, one, two)
    with pytest.raises(Forbidden):
        await answer(world, swap, "decline", one)
    with pytest.raises(Forbidden):
        await answer(world, swap, "approve", two)
    assert await answer(world, swap, "decline", two) == "declined"
    with pytest.raises(Conflict, match="declined"):
        await answer(world, swap, "withdraw", one)
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(Forbidden):
            await standing_in.offer(conn, (await rota.list_(conn, TEN, TEN + DAY))[0]["id"], None, two, NOW)
        with pytest.raises(NotFound):
            await standing_in.find_swap(conn, new_id())
        assert len(await standing_in.swaps(conn, one.account_id, NOW)) == 1
        assert await standing_in.swaps(conn, None, NOW, is_open=True) == []


async def test_the_console_is_told_once_who_begins_soon(world: World) -> None:
    await lay(world, await make_operator(world), TEN)
    assert await ticks.tell_soon(world.worker, TEN - HOUR) == 0
    assert await ticks.tell_soon(world.worker, TEN - HOUR / 2) == 1
    assert await ticks.tell_soon(world.worker, TEN - HOUR / 3) == 0
    assert "duty.soon" in [kind for kind, _ in await events_of(world)]


async def test_a_number_for_duty_is_sealed_and_given_with_who_is_on_duty(world: World) -> None:
    one, boss = await make_operator(world), await make_operator(world, "duty_manager")
    await lay(world, one, TEN)
    async with world.web.transaction(world.district) as conn:
        sealed = world.keys.seal(world.district, "13800002222")
        await rota.set_phone(conn, one.account_id, sealed, boss, NOW)
        (row,) = await duty.on(conn, "operator", TEN)
        assert world.keys.open(world.district, row["phone_sealed"]) == "13800002222"
        assert [who["has_phone"] for who in await duty.now_on(conn, TEN)] == [True]
