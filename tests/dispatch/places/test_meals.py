"""Meals: a portion a meal and person, with a code, or on a route of several doors."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core.crypto import Keys
from core.db import Pool
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from dispatch.places import cards, delivering, meals, places
from dispatch.places.places import NewPlace
from tests import makers
from tests.dispatch.worlds import HOME, World, make_caregiver, make_operator, make_world
from tests.makers import NOW

LUNCH: dict[str, Any] = {"on": NOW.date(), "kind": "lunch", "starts_at": NOW, "now": NOW}


@pytest.fixture
async def world(pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Keys) -> World:
    return await make_world(pool_owner, pool_web, pool_worker, pool_gateway, keys)


async def cook(world: World, portions: int = 10, minutes: int = 120) -> UUID:
    """Open a canteen beside the world's home and plan a lunch that begins now."""
    new = NewPlace("meal_point", "canteen", *HOME, 50, NOW.date(), has_kitchen=True)
    async with world.web.transaction(world.district) as conn:
        place = await places.create(conn, world.district, new, NOW)
        ends = NOW + timedelta(minutes=minutes)
        return await meals.create(
            conn, district=world.district, place=place, portions=portions, ends_at=ends, **LUNCH
        )


async def neighbour(world: World, km: float) -> UUID:
    async with world.web.transaction(world.district) as conn:
        home = await makers.make_home(conn, world.keys, world.district, HOME[0] + km / 111.195, HOME[1])
        return await makers.make_elder(conn, world.keys, world.district, home)


async def test_a_code_serves_its_owner_once_and_says_where_and_when(world: World) -> None:
    meal, staff = await cook(world), await make_operator(world)
    async with world.web.transaction(world.district) as conn:
        code = await cards.of(conn, world.keys, world.district, world.elder, NOW)
        assert await cards.of(conn, world.keys, world.district, world.elder, NOW) == code
        served = await meals.attend(conn, world.keys, meal, f"{code[:3]} {code[3:]}", staff, NOW)
        assert (served["mode"], served["served_how"]) == ("eat_in", "code")
        with pytest.raises(Conflict) as caught:
            await meals.attend(conn, world.keys, meal, code, staff, NOW)
        assert caught.value.extra["place"] == "canteen"
        assert caught.value.code == "meal_twice"
        assert (await meals.find(conn, meal))["served"] == 1


async def test_a_renewed_code_leaves_the_old_one_worthless(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        old = await cards.of(conn, world.keys, world.district, world.elder, NOW)
        new = await cards.renew(conn, world.keys, world.district, world.elder, NOW)
        assert await cards.who(conn, world.keys, world.district, new) == world.elder
        assert old == new or await cards.who(conn, world.keys, world.district, old) is None
        assert await cards.who(conn, world.keys, world.district, "12") is None


async def test_the_same_meal_elsewhere_is_refused_and_named(world: World) -> None:
    one, other = await cook(world), await cook(world)
    async with world.web.transaction(world.district) as conn:
        serving = await meals.order(conn, one, world.elder, "eat_in", NOW)
        with pytest.raises(Conflict, match="already at canteen"):
            await meals.order(conn, other, world.elder, "eat_in", NOW)
        await meals.cancel(conn, serving, NOW)
        await meals.cancel(conn, serving, NOW)
        await meals.order(conn, other, world.elder, "deliver", NOW)


async def test_the_last_portion_goes_to_one_of_two(world: World) -> None:
    meal, other = await cook(world, portions=1), await neighbour(world, 0.1)

    async def order(elder: UUID) -> str:
        try:
            async with world.web.transaction(world.district) as conn:
                await meals.order(conn, meal, elder, "eat_in", NOW)
        except Conflict as problem:
            return problem.code
        return "ordered"

    said = await asyncio.gather(order(world.elder), order(other))
    assert sorted(said) == ["meal_sold_out", "ordered"]


async def test_nobody_eats_hours_before_the_meal(world: World) -> None:
    meal, staff = await cook(world), await make_operator(world)
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(Conflict, match="not served now"):
            await meals.serve(conn, meal, world.elder, "staff", staff, NOW - timedelta(hours=1))
        with pytest.raises(NotFound):
            await meals.serve(conn, new_id(), world.elder, "staff", staff, NOW)


async def test_portions_are_carried_on_a_route_as_pinned_visits_in_their_order(world: World) -> None:
    meal, staff = await cook(world), await make_operator(world)
    near, far, beyond = [await neighbour(world, km) for km in (1, 2, 30)]
    carer = await make_caregiver(world)
    assert carer.caregiver_id
    async with world.web.transaction(world.district) as conn:
        for elder in (far, near, beyond):
            await meals.order(conn, meal, elder, "deliver", NOW)
        await meals.cooked(conn, meal, NOW)
        sent = await delivering.send(conn, meal, [carer.caregiver_id], staff, NOW)
        assert [one["code"] for one in sent.left] == ["too_far"]
        rows = [row for row in await meals.servings(conn, meal) if row["visit_id"]]
        assert [row["elder_id"] for row in rows] == [near, far]
        visits = [await conn.fetchrow("SELECT * FROM visit WHERE id = $1", row["visit_id"]) for row in rows]
        assert all(v and v["is_pinned"] and v["state"] == "offered" and v["promised_at"] for v in visits)
        first, second = visits
        assert first
        assert second
        assert second["follows_id"] == first["id"]
        assert NOW < first["planned_start"] < second["planned_start"] < NOW + timedelta(minutes=60)
        with pytest.raises(Conflict, match="called off"):
            await meals.cancel(conn, rows[0]["id"], NOW)
        with pytest.raises(Conflict, match="had this meal"):
            await meals.serve(conn, meal, near, "staff", staff, NOW)


async def test_without_doors_or_with_one_carrier_twice_nothing_is_sent(world: World) -> None:
    meal, staff = await cook(world), await make_operator(world)
    carer = await make_caregiver(world)
    assert carer.caregiver_id
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(Conflict, match="nothing is to be delivered"):
            await delivering.send(conn, meal, [carer.caregiver_id], staff, NOW)
        with pytest.raises(Invalid, match="caregivers"):
            await delivering.send(conn, meal, [carer.caregiver_id] * 2, staff, NOW)


async def test_a_meal_that_cannot_be_is_refused_by_field(world: World) -> None:
    day_care = NewPlace("day_care", "d", *HOME, 5, NOW.date())
    async with world.web.transaction(world.district) as conn:
        place = await places.create(conn, world.district, day_care, NOW)
        meal: dict[str, Any] = {**LUNCH, "district": world.district, "place": place, "portions": 5}
        meal |= {"ends_at": NOW + timedelta(hours=1)}
        with pytest.raises(Invalid, match="place_id"):
            await meals.create(conn, **meal)
        await places.change(conn, place, NewPlace("meal_point", "m", *HOME, 5, NOW.date()))
        for field, wrong in (
            ("kind", {"kind": "brunch"}),
            ("portions", {"portions": 0}),
            ("ends_at", {"ends_at": NOW}),
        ):
            with pytest.raises(Invalid, match=field):
                await meals.create(conn, **{**meal, **wrong})
        await meals.create(conn, **meal)
        with pytest.raises(Conflict, match="already"):
            await meals.create(conn, **meal)
