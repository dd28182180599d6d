"""Places of every kind, and people who are called on without money."""

from datetime import date, timedelta
from typing import Any

import pytest

from core import absences
from core.crypto import Keys
from core.db import Pool
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from dispatch.places import calling, places
from dispatch.places.places import NewPlace, is_open, read_hours
from tests.dispatch.worlds import HOME, World, make_operator, make_world
from tests.makers import NOW

DAY = date(2026, 1, 1)


@pytest.fixture
async def world(pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Keys) -> World:
    return await make_world(pool_owner, pool_web, pool_worker, pool_gateway, keys)


def centre(tier: str, **more: Any) -> NewPlace:
    return NewPlace("centre", tier, *HOME, 10, DAY, tier=tier, **more)


async def test_centres_guide_the_tier_below_and_nothing_else(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        county = await places.create(conn, world.district, centre("county"), NOW)
        town = await places.create(conn, world.district, centre("town", parent_id=county), NOW)
        assert (await places.find(conn, town))["parent_name"] == "county"
        for wrong in (centre("county", parent_id=town), centre("town", parent_id=town)):
            with pytest.raises(Invalid, match="parent_id"):
                await places.create(conn, world.district, wrong, NOW)
        with pytest.raises(NotFound):
            await places.change(conn, new_id(), centre("town"))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "castle"}, "kind"),
        ({"kind": "day_care", "tier": "town"}, "tier"),
        ({"name": " "}, "name"),
        ({"capacity": -1}, "capacity"),
        ({"closed_on": DAY}, "closed_on"),
        ({"hours": {"8": []}}, "hours"),
    ],
)
async def test_a_place_that_cannot_be_is_refused_by_field(world: World, wrong: Any, field: str) -> None:
    row: dict[str, Any] = {"kind": "day_care", "name": "d", "lat": 37.8, "lon": 118.5, "capacity": 1}
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(Invalid, match=field):
            await places.create(conn, world.district, NewPlace(**{**row, "opened_on": DAY, **wrong}), NOW)


def test_opening_hours_are_put_in_order_and_checked() -> None:
    hours = read_hours({"1": [["13:00", "17:00"], ["08:00", "12:00"]], "2": []})
    assert hours == {"1": [["08:00", "12:00"], ["13:00", "17:00"]]}
    monday = NOW.replace(day=23, hour=9)
    assert is_open(hours, monday)
    assert not is_open(hours, monday.replace(hour=12))
    assert not is_open(hours, monday + timedelta(days=1))
    for wrong in ([["12:00", "08:00"]], [["08:00", "12:00"], ["11:00", "13:00"]], [["x", "y"]], [["08:00"]]):
        with pytest.raises(Invalid, match="hours"):
            read_hours({"1": wrong})


async def test_everybody_is_within_or_outside_the_circles_of_open_places(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        closed = NewPlace("meal_point", "closed", *HOME, 5, DAY, closed_on=date(2026, 2, 1))
        await places.create(conn, world.district, closed, NOW)
        [(_, before)] = await places.reaches(conn, world.district, ["meal_point"], NOW.date())
        await places.create(conn, world.district, NewPlace("meal_point", "m", *HOME, 5, DAY), NOW)
        [(row, after)] = await places.reaches(conn, world.district, ["meal_point"], NOW.date())
    assert (before.is_inside, after.is_inside, row["id"]) == (False, True, world.elder)


async def call(world: World, conn: Any, caller: Any, **more: Any) -> Any:
    given = {"at": NOW - timedelta(days=1), "how": "in_person", "outcome": "well", "note": "", **more}
    by = given.pop("by")
    return await calling.record(
        conn, district=world.district, elder=world.elder, caller=caller, by=by, now=NOW, **given
    )


async def test_who_is_called_on_is_due_again_and_only_a_meeting_counts(world: World) -> None:
    by = await make_operator(world)
    async with world.web.transaction(world.district) as conn:
        [proposed] = await calling.candidates(conn, world.district, NOW)
        assert (proposed["elder_id"], proposed["category"]) == (world.elder, "alone")
        caller = await calling.create_caller(
            conn, world.keys, district=world.district, name="c", role="village_doctor", phone="1", now=NOW
        )
        duty: dict[str, Any] = {"district": world.district, "elder": world.elder, "category": "alone"}
        await calling.assign(conn, **duty, since=NOW.date() - timedelta(days=30), caller=caller)
        assert await calling.candidates(conn, world.district, NOW) == []
        [late] = await calling.duties(conn, world.district, NOW, only_overdue=True)
        assert late.standing.days == 30
        await call(world, conn, caller, by=by, outcome="not_met")
        assert len(await calling.duties(conn, world.district, NOW, only_overdue=True)) == 1
        met = {"by": by, "at": NOW - timedelta(days=2)}
        await call(world, conn, caller, **met)
        assert await calling.duties(conn, world.district, NOW, only_overdue=True) == []
        with pytest.raises(Conflict, match="already"):
            await call(world, conn, caller, **met)
        assert len(await calling.history(conn, elder_id=world.elder)) == 2
        await calling.end_caller(conn, caller, NOW)
        [nobody] = await calling.duties(conn, world.district, NOW)
        assert nobody.row["caller_id"] is None
        await calling.end(conn, world.elder, NOW.date())
        with pytest.raises(NotFound):
            await calling.end(conn, world.elder, NOW.date())


async def test_who_is_in_hospital_is_not_waited_for(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        duty: dict[str, Any] = {"district": world.district, "elder": world.elder, "category": "high_age"}
        await calling.assign(conn, **duty, since=DAY, every_days=3)
        stay: dict[str, Any] = {"kind": "hospital", "starts_on": DAY, "ends_on": None, "now": NOW}
        await absences.record(conn, district=world.district, elder=world.elder, **stay)
        assert await calling.duties(conn, world.district, NOW) == []


async def test_a_call_that_cannot_be_is_refused_by_field(world: World) -> None:
    by = await make_operator(world)
    async with world.web.transaction(world.district) as conn:
        caller = await calling.create_caller(
            conn, world.keys, district=world.district, name="c", role="official", now=NOW
        )
        refused: list[tuple[str, dict[str, Any]]] = [
            ("how", {"how": "dream"}),
            ("outcome", {"outcome": "odd"}),
            ("at", {"at": NOW + timedelta(days=1)}),
            ("at", {"at": NOW - timedelta(days=400)}),
        ]
        for field, wrong in refused:
            with pytest.raises(Invalid, match=field):
                await call(world, conn, caller, by=by, **wrong)
        with pytest.raises(Invalid, match="caller_id"):
            await call(world, conn, new_id(), by=by)
        duty: dict[str, Any] = {"district": world.district, "elder": world.elder, "since": DAY}
        refused = [
            ("category", {"category": "odd"}),
            ("every_days", {"category": "alone", "every_days": 0}),
            ("caller_id", {"category": "alone", "caller": new_id()}),
        ]
        for field, wrong in refused:
            with pytest.raises(Invalid, match=field):
                await calling.assign(conn, **duty, **wrong)
        with pytest.raises(Invalid, match="name"):
            await calling.create_caller(
                conn, world.keys, district=world.district, name=" ", role="official", now=NOW
            )
        with pytest.raises(NotFound):
            await calling.end_caller(conn, new_id(), NOW)


async def test_of_calling_on_people_no_claim_can_arise(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        columns = await conn.fetch(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'call_on'"
        )
    assert not {row["column_name"] for row in columns} & {"visit_id", "provider_id", "funding", "amount"}
