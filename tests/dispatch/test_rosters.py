"""Rosters on a database: shifts, leave, swaps, patterns, wishes, coverage, and what is refused."""

import asyncio
from datetime import time, timedelta
from typing import Any

import asyncpg
import pytest

from core.accounts import Person
from core.clock import at_local, local_date
from core.errors import Conflict, Invalid, NotFound
from dispatch import caregivers, shifts, ticks
from dispatch.roster import editing, facts, leaves, patterns, swaps
from tests.dispatch.rosters import MONDAY, carer, laid
from tests.dispatch.worlds import World, make_operator
from tests.makers import NOW


@pytest.fixture
async def manager(world: World) -> Person:
    return await make_operator(world, "provider_manager")


async def test_a_shift_that_overlaps_another_is_refused_with_its_times(world: World, manager: Person) -> None:
    one = await carer(world)
    async with world.web.transaction(world.district) as conn:
        first = await editing.add(conn, laid(one, since="22:00"), manager, NOW)
        with pytest.raises(Conflict) as refused:
            await editing.add(conn, laid(one, 1, since="05:00"), manager, NOW)
        assert (refused.value.code, refused.value.extra["shift_id"]) == ("shift_overlap", str(first))
        with pytest.raises(Conflict) as same:
            await editing.add(conn, laid(one, since="22:00"), manager, NOW)
        assert same.value.code == "same_shift"
        await editing.add(conn, laid(one, 1, since="06:00", hours=2), manager, NOW, is_agreed=True)


async def test_two_who_lay_a_shift_at_once_never_lay_two(world: World, manager: Person) -> None:
    one = await carer(world)

    async def lay(since: str) -> str:
        try:
            async with world.web.transaction(world.district) as conn:
                await editing.add(conn, laid(one, since=since), manager, NOW)
        except Conflict as refused:
            return refused.code
        return "laid"

    assert sorted(await asyncio.gather(lay("08:00"), lay("09:00"))) == ["laid", "shift_overlap"]


async def test_the_database_itself_lets_no_shifts_overlap(world: World) -> None:
    one = await carer(world)
    span = (at_local(MONDAY, "08:00"), at_local(MONDAY, "16:00"))
    async with world.web.transaction(world.district) as conn:
        await shifts.create(conn, district=world.district, caregiver=one, starts_at=span[0], ends_at=span[1])
        late = span[0] + timedelta(hours=1)
        with pytest.raises(asyncpg.ExclusionViolationError):
            await shifts.create(conn, district=world.district, caregiver=one, starts_at=late, ends_at=span[1])


async def test_a_broken_rule_of_working_time_needs_somebodys_word_which_is_kept(
    world: World, manager: Person
) -> None:
    one = await carer(world)
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(Conflict) as refused:
            await editing.add(conn, laid(one, hours=10), manager, NOW)
        assert refused.value.code == "working_time"
        broken: Any = refused.value.extra["breaches"]
        assert broken[0] == {"code": "long_day", "on": "2026-11-23", "hours": 10.0, "limit": 8.0}
        shift = await editing.add(conn, laid(one, hours=10), manager, NOW, is_agreed=True)
        assert (await editing.find(conn, shift))["overtime_by"] == manager.account_id


async def test_own_limits_of_working_time_stand_before_the_districts(world: World, manager: Person) -> None:
    one = await carer(world, working_time={"day_hours": 12})
    async with world.web.transaction(world.district) as conn:
        shift = await editing.add(conn, laid(one, hours=12), manager, NOW)
        assert (await editing.find(conn, shift))["overtime_by"] is None
        with pytest.raises(Invalid):
            await caregivers.update(conn, world.keys, one, working_time={"day_hours": 25})


BREAKS: list[tuple[tuple[str, str, int], str | None]] = [
    (("11:00", "13:00", 60), None),
    (("07:00", "13:00", 60), "break_outside"),
    (("11:00", "17:00", 60), "break_outside"),
    (("11:00", "11:30", 60), "break_too_long"),
    (("11:00", "13:00", 0), "break_incomplete"),
]


@pytest.mark.parametrize(("rest", "code"), BREAKS)
async def test_a_break_lies_within_its_shift(
    rest: tuple[str, str, int], code: str | None, world: World, manager: Person
) -> None:
    one = await carer(world)
    since, until = at_local(MONDAY, rest[0]), at_local(MONDAY, rest[1])
    wanted = laid(one, break_from=since, break_to=until, break_minutes=rest[2])
    async with world.web.transaction(world.district) as conn:
        if code is None:
            shift = await editing.add(conn, wanted, manager, NOW)
            assert (await editing.find(conn, shift))["break_minutes"] == 60
            return
        with pytest.raises(Invalid) as refused:
            await editing.add(conn, wanted, manager, NOW)
        errors: Any = refused.value.extra["errors"]
        assert errors[0]["code"] == code


async def test_a_shift_moves_to_another_time_and_another_person(world: World, manager: Person) -> None:
    one, two = await carer(world), await carer(world, "b")
    async with world.web.transaction(world.district) as conn:
        shift = await editing.add(conn, laid(one), manager, NOW)
        await editing.move(conn, shift, laid(one, since="09:00"), manager, NOW)
        moved = await editing.move(conn, shift, laid(two, 1), manager, NOW)
        assert (moved["caregiver_id"], moved["starts_at"]) == (two, at_local(MONDAY + timedelta(1), "08:00"))
        gone = await editing.remove(conn, shift, NOW)
        assert gone["caregiver_id"] == two
        with pytest.raises(NotFound):
            await editing.remove(conn, shift, NOW)


async def test_a_shift_that_is_over_is_not_changed(world: World, manager: Person) -> None:
    one = await carer(world)
    async with world.web.transaction(world.district) as conn:
        shift = await editing.add(conn, laid(one), manager, NOW)
        later = at_local(MONDAY, "16:00")
        for change in (
            editing.remove(conn, shift, later),
            editing.move(conn, shift, laid(one, 1), manager, later),
        ):
            with pytest.raises(Conflict) as refused:
                await change
            assert refused.value.code == "shift_over"


async def test_last_week_is_copied_and_what_cannot_be_is_named(world: World, manager: Person) -> None:
    one, two = await carer(world), await carer(world, "b")
    async with world.web.transaction(world.district) as conn:
        for person in (one, two):
            await editing.add(conn, laid(person), manager, NOW)
        away = laid(two, 7)
        await leaves.record(conn, two, "annual", away.starts_at, away.ends_at, manager, NOW)
        to = MONDAY + timedelta(days=7)
        copied = await editing.copy_week(conn, world.provider, MONDAY, to, manager, NOW)
        assert copied.laid == 1
        assert [(left["name"], left["code"]) for left in copied.left_out] == [("b", "shift_on_leave")]
        again = await editing.copy_week(conn, world.provider, MONDAY, to, manager, NOW)
        assert (again.laid, [left["name"] for left in again.left_out]) == (0, ["b"])


async def test_a_pattern_lays_each_day_once_and_brings_nothing_back(world: World, manager: Person) -> None:
    one = await carer(world)
    async with world.web.transaction(world.district) as conn:
        week = {1, 2, 3, 4, 5}
        pattern = await patterns.create(conn, one, week, time(8), 480, MONDAY, None, manager, NOW)
        found = await shifts.list_(conn, NOW, NOW + timedelta(days=30), caregiver_id=one)
        assert [local_date(row["starts_at"]).isoweekday() for row in found] == [1, 2, 3, 4, 5] * 2
        await editing.remove(conn, found[0]["id"], NOW)
    assert await ticks.lay_rosters(world.worker, NOW) == 0
    assert await ticks.lay_rosters(world.worker, NOW + timedelta(days=2)) == 1
    async with world.web.transaction(world.district) as conn:
        await patterns.end(conn, pattern, MONDAY + timedelta(days=1), NOW)
        rest = await shifts.list_(conn, NOW, NOW + timedelta(days=30), caregiver_id=one)
        assert [local_date(row["starts_at"]) for row in rest] == [MONDAY + timedelta(days=1)]
        with pytest.raises(Conflict):
            await patterns.end(conn, pattern, MONDAY + timedelta(days=1), NOW)


async def test_a_pattern_that_breaks_a_rule_every_week_needs_somebodys_word(
    world: World, manager: Person
) -> None:
    one = await carer(world)
    every: dict[str, Any] = {"weekdays": range(1, 8), "starts": time(8), "minutes": 480}
    term: dict[str, Any] = {"valid_from": MONDAY, "valid_to": None, "by": manager, "now": NOW}
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(Conflict) as refused:
            await patterns.create(conn, one, **every, **term)
        broken: Any = refused.value.extra["breaches"]
        assert {breach["code"] for breach in broken} == {"long_week", "days_in_a_row"}
        wrong: list[dict[str, Any]] = [{"weekdays": []}, {"weekdays": [8]}, {"minutes": 0}, {"minutes": 2881}]
        for given in (*wrong, {"valid_to": MONDAY - timedelta(days=1)}):
            with pytest.raises(Invalid):
                await patterns.create(conn, one, **{**every, **term, **given})
        await patterns.create(conn, one, **every, **term, is_agreed=True)


async def test_leave_counts_once_it_is_approved_and_is_never_twice(world: World, manager: Person) -> None:
    one = await carer(world)
    span = laid(one)
    async with world.web.transaction(world.district) as conn:
        leave = await leaves.ask(conn, one, "annual", span.starts_at, span.ends_at, manager, NOW)
        with pytest.raises(Conflict) as twice:
            await leaves.ask(conn, one, "sick", span.starts_at, span.ends_at, manager, NOW)
        assert twice.value.code == "leave_overlap"
        (before,) = await facts.caregivers(conn, span.starts_at, span.ends_at)
        await leaves.decide(conn, leave, "approve", manager, NOW)
        (after,) = await facts.caregivers(conn, span.starts_at, span.ends_at)
        assert (len(before.leaves), [one.kind for one in after.leaves]) == (0, ["annual"])
        with pytest.raises(Conflict) as refused:
            await leaves.decide(conn, leave, "refuse", manager, NOW)
        assert refused.value.extra["state"] == "approved"
        with pytest.raises(Conflict) as away:
            await editing.add(conn, laid(one), manager, NOW)
        assert away.value.code == "shift_on_leave"
        await leaves.decide(conn, leave, "withdraw", manager, NOW)
        await editing.add(conn, laid(one), manager, NOW)
        with pytest.raises(Invalid):
            await leaves.ask(conn, one, "annual", span.ends_at, span.starts_at, manager, NOW)


async def test_a_swap_needs_both_and_a_manager(world: World, manager: Person) -> None:
    one, two = await carer(world), await carer(world, "b")
    async with world.web.transaction(world.district) as conn:
        shift = await editing.add(conn, laid(one), manager, NOW)
        swap = await swaps.offer(conn, shift, two, NOW)
        with pytest.raises(Conflict) as open_:
            await swaps.offer(conn, shift, two, NOW)
        assert open_.value.code == "swap_open"
        with pytest.raises(Conflict) as early:
            await swaps.decide(conn, swap, "approve", manager, NOW)
        assert early.value.code == "wrong_state"
        await swaps.answer(conn, swap, "take", NOW)
        done = await swaps.decide(conn, swap, "approve", manager, NOW)
        assert (done["state"], (await editing.find(conn, shift))["caregiver_id"]) == ("approved", two)
        with pytest.raises(Conflict):
            await swaps.answer(conn, swap, "withdraw", NOW)


async def test_a_swap_is_refused_when_the_taker_works_then_or_the_shift_has_changed(
    world: World, manager: Person
) -> None:
    one, two = await carer(world), await carer(world, "b")
    async with world.web.transaction(world.district) as conn:
        shift = await editing.add(conn, laid(one), manager, NOW)
        with pytest.raises(Invalid):
            await swaps.offer(conn, shift, one, NOW)
        swap = await swaps.offer(conn, shift, two, NOW)
        await swaps.answer(conn, swap, "take", NOW)
        await editing.move(conn, shift, laid(one, 1), manager, NOW)
    with pytest.raises(Conflict) as stale:
        async with world.web.transaction(world.district) as conn:
            await swaps.decide(conn, swap, "approve", manager, NOW)
    assert stale.value.code == "swap_stale"
    async with world.web.transaction(world.district) as conn:
        assert (await swaps.find(conn, swap))["state"] == "taken"
        await swaps.decide(conn, swap, "refuse", manager, NOW)
        await editing.add(conn, laid(two, 1), manager, NOW)
        with pytest.raises(Conflict) as busy:
            await swaps.offer(conn, shift, two, NOW)
        assert busy.value.code == "same_shift"
