"""Who is asked, for how long, who is faster, and what becomes of the others' visits."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core.accounts import Person
from core.errors import Conflict, NotFound
from dispatch import cases, emergency, offers, passing, providers, visits
from dispatch.emergency import Assignment
from dispatch.online import feed
from tests import makers
from tests.dispatch.errands import accepted, want
from tests.dispatch.worlds import World, make_caregiver, make_case, make_neighbour, make_operator, make_world
from tests.makers import NOW

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def sent(world: World, operator: Person, at: Any = NOW, **given: Any) -> tuple[UUID, Assignment]:
    """Raise an alarm, claim its case, send somebody."""
    case_id = await make_case(world, at=at, **given)
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case_id, operator, at)
        return case_id, await emergency.send(conn, case_id, operator, at)


async def accept(world: World, visit_id: UUID, by: Person, at: Any = NOW) -> Any:
    async with world.web.transaction(world.district) as conn:
        return await visits.accept(conn, visit_id, by, at)


async def asked(world: World, visit_id: UUID) -> dict[str, str]:
    async with world.web.transaction(world.district) as conn:
        return {row["caregiver_name"]: row["state"] for row in await offers.list_(conn, visit_id)}


async def find(world: World, visit_id: UUID) -> Any:
    async with world.web.transaction(world.district) as conn:
        return await visits.find(conn, visit_id)


async def lines(world: World, case_id: UUID) -> list[Any]:
    async with world.web.transaction(world.district) as conn:
        return await cases.timeline(conn, case_id)


@pytest.fixture
async def three(pool_owner: Any, pool_web: Any, pool_worker: Any, pool_gateway: Any, keys: Any) -> World:
    """Make a district that asks three at once."""
    return await make_world(pool_owner, pool_web, pool_worker, pool_gateway, keys, "370502", offer_to=3)


async def test_of_several_who_are_asked_the_first_has_it_and_the_others_are_told(three: World) -> None:
    operator = await make_operator(three)
    people = [await make_caregiver(three, name, km=km) for name, km in (("near", 1), ("mid", 2), ("far", 3))]
    await make_caregiver(three, "farther", km=4)
    _, found = await sent(three, operator)
    assert await asked(three, found.visit_id) == {"near": "open", "mid": "open", "far": "open"}
    codes = {one["name"]: one["code"] for one in found.why["considered"]}
    assert codes == {"near": "chosen", "mid": "asked_too", "far": "asked_too", "farther": "farther"}
    results = await asyncio.gather(
        *(accept(three, found.visit_id, one) for one in people), return_exceptions=True
    )
    late = [one for one in results if isinstance(one, Conflict)]
    assert [one.code for one in late] == ["taken", "taken"]
    first = (await find(three, found.visit_id))["caregiver_name"]
    assert {one.extra["by"] for one in late} == {first}
    assert sorted((await asked(three, found.visit_id)).values()) == ["accepted", "taken", "taken"]


async def test_who_says_no_leaves_it_to_those_still_asked(three: World) -> None:
    operator = await make_operator(three)
    near, mid = await make_caregiver(three, "near", km=1), await make_caregiver(three, "mid", km=2)
    _, found = await sent(three, operator)
    async with three.web.transaction(three.district) as conn:
        assert await visits.decline(conn, found.visit_id, near, NOW, "ill") == mid.caregiver_id
    assert (await find(three, found.visit_id))["caregiver_id"] == mid.caregiver_id
    with pytest.raises(NotFound):
        await accept(three, found.visit_id, near)
    assert (await accept(three, found.visit_id, mid))["state"] == "accepted"


async def test_who_was_never_asked_finds_no_visit(world: World) -> None:
    operator = await make_operator(world)
    await make_caregiver(world, "near", km=1)
    far = await make_caregiver(world, "far", km=3)
    _, found = await sent(world, operator)
    for one in (far, operator):
        with pytest.raises(NotFound):
            await accept(world, found.visit_id, one)


async def test_who_does_not_answer_is_passed_over_in_time_and_not_before(world: World) -> None:
    operator = await make_operator(world)
    near, far = await make_caregiver(world, "near", km=1), await make_caregiver(world, "far", km=3)
    case_id, found = await sent(world, operator)
    assert await passing.run(world.worker, world.district, NOW + 2 * MINUTE - timedelta(seconds=1)) == 0
    assert await passing.run(world.worker, world.district, NOW + 2 * MINUTE) == 1
    assert await asked(world, found.visit_id) == {"near": "timed_out", "far": "open"}
    row = await find(world, found.visit_id)
    assert (row["state"], row["caregiver_id"]) == ("offered", far.caregiver_id)
    codes = {one["name"]: one["code"] for one in row["why"]["considered"]}
    assert codes == {"near": "unanswered", "far": "chosen"}
    passed = next(one for one in await lines(world, case_id) if one["action"] == "pass_on")
    assert passed["data"]["unanswered_by"] == [str(near.caregiver_id)]
    assert await passing.run(world.worker, world.district, NOW + 2 * MINUTE) == 0


async def test_a_yes_that_comes_late_counts_unless_somebody_was_faster(world: World) -> None:
    operator = await make_operator(world)
    near, far = await make_caregiver(world, "near", km=1), await make_caregiver(world, "far", km=3)
    _, found = await sent(world, operator)
    await passing.run(world.worker, world.district, NOW + 2 * MINUTE)
    assert (await accept(world, found.visit_id, near, NOW + 3 * MINUTE))["caregiver_id"] == near.caregiver_id
    with pytest.raises(Conflict) as late:
        await accept(world, found.visit_id, far, NOW + 3 * MINUTE)
    assert late.value.code == "taken"


async def test_a_late_yes_of_somebody_who_is_asked_for_another_by_now_is_refused(world: World) -> None:
    operator = await make_operator(world)
    near = await make_caregiver(world, "near", km=1)
    await make_caregiver(world, "far", km=3)
    _, first = await sent(world, operator)
    await passing.run(world.worker, world.district, NOW + 2 * MINUTE)
    _, second = await sent(world, operator, NOW + HOUR)
    assert second.caregiver_id == near.caregiver_id
    with pytest.raises(Conflict) as refused:
        await accept(world, first.visit_id, near, NOW + HOUR)
    assert refused.value.code == "not_asked"


async def test_nobody_within_ten_minutes_is_told_once_with_whom_was_asked(world: World) -> None:
    operator = await make_operator(world)
    await make_caregiver(world, "near", km=1)
    case_id, found = await sent(world, operator)
    for minutes in (2, 9, 10, 11):
        await passing.run(world.worker, world.district, NOW + minutes * MINUTE)
    told = [one["data"] for one in await lines(world, case_id) if one["action"] == "escalate"]
    assert [one["reason"] for one in told] == ["nobody", "nobody_within"]
    assert told[1]["minutes"] == 10
    assert [(one["name"], one["code"]) for one in told[1]["asked"]] == [("near", "timed_out")]
    assert (await find(world, found.visit_id))["state"] == "wanted"


async def test_what_nobody_could_take_is_tried_again_by_itself(world: World) -> None:
    operator, near = await make_operator(world), await make_caregiver(world, "near", km=1)
    case_id, found = await sent(world, operator)
    async with world.web.transaction(world.district) as conn:
        assert await visits.decline(conn, found.visit_id, near, NOW) is None
    assert await passing.run(world.worker, world.district, NOW + MINUTE) == 1
    assert (await find(world, found.visit_id))["state"] == "wanted"
    other = await make_caregiver(world, "other", km=5)
    await passing.run(world.worker, world.district, NOW + 2 * MINUTE)
    row = await find(world, found.visit_id)
    assert (row["state"], row["caregiver_id"]) == ("offered", other.caregiver_id)
    async with world.web.transaction(world.district) as conn:
        assert (await cases.find(conn, case_id))["state"] == "dispatched"


async def test_a_case_that_is_over_is_not_tried_again(world: World) -> None:
    operator, near = await make_operator(world), await make_caregiver(world, "near", km=1)
    case_id, found = await sent(world, operator)
    async with world.web.transaction(world.district) as conn:
        await visits.decline(conn, found.visit_id, near, NOW)
        await cases.resolve(conn, case_id, operator, NOW)
    await passing.run(world.worker, world.district, NOW + MINUTE)
    assert (await find(world, found.visit_id))["state"] == "cancelled"


async def test_who_is_called_off_is_no_longer_asked(three: World) -> None:
    operator = await make_operator(three)
    await make_caregiver(three, "near", km=1)
    await make_caregiver(three, "mid", km=2)
    case_id, found = await sent(three, operator)
    async with three.web.transaction(three.district) as conn:
        await cases.recall(conn, case_id, operator, NOW)
    assert await asked(three, found.visit_id) == {"near": "withdrawn", "mid": "withdrawn"}
    _, again = await sent(three, operator, NOW + HOUR)
    assert set((await asked(three, again.visit_id)).values()) == {"open"}


async def test_two_calls_from_one_street_get_two_people_and_the_third_waits_for_the_first(
    world: World,
) -> None:
    operator = await make_operator(world)
    one, two = await make_caregiver(world, "one", km=1), await make_caregiver(world, "two", km=1.5)
    _, first = await sent(world, operator)
    doors = [await make_neighbour(world, metres=40 * nth) for nth in (1, 2)]
    named = [{"elder_id": door.elder, "care_bed_id": door.bed, "device_id": door.hub} for door in doors]
    _, second = await sent(world, operator, **named[0])
    assert (first.caregiver_id, second.caregiver_id) == (one.caregiver_id, two.caregiver_id)
    with pytest.raises(Conflict) as nobody:
        await sent(world, operator, **named[1])
    why: Any = nobody.value.extra["why"]
    assert {(found["name"], found["code"]) for found in why["considered"]} == {
        ("one", "busy"),
        ("two", "busy"),
    }
    assert {found["visit_id"] for found in why["considered"]} == {str(first.visit_id), str(second.visit_id)}


async def test_rings_go_from_the_own_provider_to_neighbours_by_agreement(
    pool_owner: Any, pool_web: Any, pool_worker: Any, pool_gateway: Any, keys: Any
) -> None:
    world = await make_world(pool_owner, pool_web, pool_worker, pool_gateway, keys, offer_first="provider")
    operator = await make_operator(world)
    own, home = await make_caregiver(world, "own", km=4), world.provider
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE care_bed SET provider_id = $2 WHERE id = $1", world.bed, home)
        around = [
            await providers.create(conn, keys, district=world.district, name=name, phone=None, now=NOW)
            for name in ("helps", "stranger")
        ]
        await offers.agree(
            conn, district=world.district, provider=home, neighbour=around[0], valid_from=NOW.date()
        )
    for provider, name, km in ((around[0], "helps", 2.0), (around[1], "stranger", 1.0)):
        world.provider = provider
        await make_caregiver(world, name, km=km)
    _, found = await sent(world, operator)
    assert found.caregiver_id == own.caregiver_id
    codes = {one["name"]: one["code"] for one in found.why["considered"]}
    assert codes == {"own": "chosen", "helps": "later_ring", "stranger": "no_agreement"}
    await passing.run(world.worker, world.district, NOW + 2 * MINUTE)
    row = await find(world, found.visit_id)
    assert row["caregiver_name"] == "helps"
    async with world.web.transaction(world.district) as conn:
        assert [one["ring"] for one in await offers.list_(conn, found.visit_id)] == [1, 3]
    await passing.run(world.worker, world.district, NOW + 4 * MINUTE)
    assert (await find(world, found.visit_id))["state"] == "wanted"


async def test_the_book_reads_what_changed_and_forgets_what_was_undone(world: World) -> None:
    operator, near = await make_operator(world), await make_caregiver(world, "near", km=1)

    async def stops() -> list[str]:
        async with world.web.transaction(world.district) as conn:
            kept = await feed.current(conn, world.district, 1.35, NOW)
            assert near.caregiver_id is not None
            return [one.state for one in kept.book.routes[near.caregiver_id].stops]

    assert await stops() == []
    routine = await accepted(world, near, window_start=NOW + HOUR, window_end=NOW + 2 * HOUR)
    assert await stops() == ["accepted"]

    async def undone() -> None:
        async with world.web.transaction(world.district) as conn:
            await visits.cancel(conn, routine, operator, NOW, "no")
            kept = await feed.current(conn, world.district, 1.35, NOW)
            assert not any(one.stops for one in kept.book.routes.values())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await undone()
    assert await stops() == ["accepted"]
    async with world.web.transaction(world.district) as conn:
        await feed.current(conn, world.district, 1.35, NOW)
        await visits.cancel(conn, routine, operator, NOW, "no")
    assert await stops() == []
    await make_caregiver(world, "new", km=2)
    async with world.web.transaction(world.district) as conn:
        assert len((await feed.current(conn, world.district, 1.35, NOW)).book.routes) == 2
    feed.forget(world.district)
    assert await stops() == []


async def test_old_changes_are_forgotten_and_a_book_that_old_is_read_anew(world: World) -> None:
    await make_caregiver(world)
    await want(world)
    async with world.web.transaction(world.district) as conn:
        first = await feed.current(conn, world.district, 1.35, NOW)
        same = await feed.current(conn, world.district, 1.35, NOW + MINUTE)
        assert same is first
        assert await feed.current(conn, world.district, 1.35, NOW + feed.LIFE) is not first
    async with world.worker.transaction(world.district) as conn:
        noted = await conn.fetchval("SELECT max(noted_at) FROM book_change")
        await feed.forget_old(conn, noted + feed.KEPT)
        assert await conn.fetchval("SELECT count(*) FROM book_change WHERE noted_at < $1", noted) == 0


async def test_an_operator_of_another_district_reads_nothing_of_offers(world: World, pool_owner: Any) -> None:
    operator = await make_operator(world)
    await make_caregiver(world)
    await sent(world, operator)
    other = await makers.make_district(pool_owner, "370522")
    async with world.web.transaction(other) as conn:
        for table in ("visit_offer", "book_change", "provider_agreement"):
            assert await conn.fetchval(f"SELECT count(*) FROM {table}") == 0  # noqa: S608 - names of this test
