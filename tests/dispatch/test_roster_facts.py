"""Wishes, coverage, people, the board: rosters on a database, and what is refused."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core import districts
from core.accounts import Person
from core.clock import at_local, local_date
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from dispatch import caregivers, providers
from dispatch.roster import board, coverage, editing, facts, leaves, parting, wishes
from dispatch.roster.fitness import Covered
from dispatch.roster.wishing import Wish
from tests.dispatch.rosters import MONDAY, carer, laid
from tests.dispatch.worlds import World, make_operator
from tests.makers import NOW


@pytest.fixture
async def manager(world: World) -> Person:
    return await make_operator(world, "provider_manager")


async def note(conn: Any, world: World, wish: Wish) -> UUID:
    given: dict[str, Any] = {"wished_by": "elder", "since": NOW.date(), "by": None, "now": NOW}
    return await wishes.note(conn, world.elder, wish, **given)


async def test_contradictory_wishes_are_refused_by_name_with_both(world: World) -> None:
    man = await carer(world, gender="male")
    async with world.web.transaction(world.district) as conn:
        preferred = await note(conn, world, Wish("prefer", man))
        for wish, code in (
            (Wish("never", man), "wish_prefer_never"),
            (Wish("gender", value="female", is_hard=True), "wish_gender_prefer"),
            (Wish("prefer", man), "wish_twice"),
        ):
            with pytest.raises(Conflict) as refused:
                await note(conn, world, wish)
            assert (refused.value.code, refused.value.extra["caregiver_id"]) == (code, str(man))
        await wishes.end(conn, preferred, NOW.date())
        await note(conn, world, Wish("gender", value="female", is_hard=True))
        await note(conn, world, Wish("never", man))
        found = (await facts.wishes(conn, NOW.date()))[world.elder]
        assert (found.gender, found.is_gender_hard, found.never) == ("female", True, frozenset({man}))
        assert found.preferred == frozenset()
        assert await facts.wishes(conn, NOW.date(), [new_id()]) == {}


@pytest.mark.parametrize(
    "wish",
    [
        Wish("colour", value="red"),
        Wish("prefer"),
        Wish("never", value="x", caregiver_id=new_id()),
        Wish("gender", caregiver_id=new_id(), value="male"),
        Wish("gender", value="x"),
        Wish("language"),
    ],
)
async def test_a_wish_that_is_none_is_refused_by_its_field(wish: Wish, world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(Invalid):
            await note(conn, world, wish)


async def region(pool_owner: Any, code: str = "370503001") -> None:
    async with pool_owner.transaction() as conn:
        await districts.create_region(conn, "370503", "county", None)
        await districts.create_region(conn, code, "town", "370503")


async def test_capacity_that_is_used_up_is_refused_with_its_numbers(world: World, pool_owner: Any) -> None:
    await region(pool_owner)
    today = local_date(NOW)
    async with world.web.transaction(world.district) as conn:
        await coverage.check(conn, world.provider, "meal", None, today)
        line = Covered("meal", "370503001", today, None, 60, 1)
        identity = await coverage.create(conn, world.provider, line)
        with pytest.raises(Conflict) as twice:
            await coverage.create(conn, world.provider, line)
        assert twice.value.code == "coverage_twice"
        await coverage.check(conn, world.provider, "meal", "370503001002", today)
        with pytest.raises(Conflict) as elsewhere:
            await coverage.check(conn, world.provider, "meal", "370503002", today)
        assert elsewhere.value.code == "area"
        await conn.execute(
            "INSERT INTO visit (id, district_id, elder_id, service, state, window_start, window_end, minutes,"
            " provider_id, wanted_at) VALUES ($1, $2, $3, 'meal', 'wanted', $4, $4, 30, $5, $4)",
            new_id(),
            world.district,
            world.elder,
            NOW,
            world.provider,
        )
        with pytest.raises(Conflict) as full:
            await coverage.check(conn, world.provider, "meal", "370503001", today)
        assert full.value.code == "capacity_used"
        assert (full.value.extra["used"], full.value.extra["capacity"]) == (1, 1)
        await coverage.end(conn, identity, today)
        with pytest.raises(Conflict):
            await coverage.end(conn, identity, today)


async def test_coverage_of_no_region_no_service_or_no_room_is_refused(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        for line in (
            Covered("nothing", "370503", NOW.date(), None),
            Covered("meal", "999999", NOW.date(), None),
            Covered("meal", "370503", NOW.date(), None, None, 0),
            Covered("meal", "370503", NOW.date(), NOW.date() - timedelta(days=1)),
        ):
            with pytest.raises(Invalid):
                await coverage.create(conn, world.provider, line)


async def test_a_caregiver_is_changed_numbered_once_and_leaves(world: World) -> None:
    one, two = await carer(world, staff_number="7"), await carer(world, "b")
    async with world.web.transaction(world.district) as conn:
        await caregivers.update(conn, world.keys, two, vehicle="walk", name="c", phone="13900001111")
        row = await caregivers.find(conn, two)
        assert (row["vehicle"], row["speed_kmh"], row["name"]) == ("walk", 4.5, "c")
        with pytest.raises(Conflict) as taken:
            await caregivers.update(conn, world.keys, two, staff_number="7")
        assert taken.value.code == "staff_number_taken"
        await parting.leave(conn, one, NOW)
        await caregivers.update(conn, world.keys, two, staff_number="7")
        with pytest.raises(Conflict):
            await caregivers.update(conn, world.keys, one, name="d")
        with pytest.raises(Conflict):
            await parting.leave(conn, one, NOW)


async def test_a_provider_names_who_goes_or_lets_the_first_have_it(world: World) -> None:
    async with world.web.transaction(world.district) as conn:
        assert (await providers.find(conn, world.provider))["mode"] == "dispatch"
        await providers.set_mode(conn, world.provider, "grab")
        assert (await providers.find(conn, world.provider))["mode"] == "grab"
        with pytest.raises(Invalid):
            await providers.set_mode(conn, world.provider, "lottery")
        with pytest.raises(NotFound):
            await providers.set_mode(conn, new_id(), "grab")


async def certify(conn: Any, world: World, person: UUID, until: date) -> None:
    given: dict[str, Any] = {"skill": "bath", "name": "bathing", "valid_from": date(2020, 1, 1)}
    await caregivers.certify(conn, district=world.district, caregiver=person, **given, valid_to=until)


async def test_the_board_shows_hours_broken_rules_and_certificates_that_end(
    world: World, manager: Person
) -> None:
    one, two = await carer(world), await carer(world, "b")
    today: datetime = NOW
    async with world.web.transaction(world.district) as conn:
        for day in range(6):
            await editing.add(conn, laid(one, day), manager, NOW, is_agreed=True)
        await certify(conn, world, one, date(2026, 12, 1))
        await certify(conn, world, two, date(2026, 12, 1))
        await certify(conn, world, two, date(2028, 12, 1))
        settings = await districts.settings(conn, world.district)
        found = await board.find(conn, settings, world.provider, MONDAY, 7, local_date(today))
        first, second = found.lines
        assert (first.hours, first.limit, len(first.shifts)) == (48.0, 44.0, 6)
        assert [one["code"] for one in first.breaches] == ["long_week"]
        assert (second.hours, second.shifts, second.breaches) == (0, [], [])
        assert [row["caregiver_id"] for row in found.ending] == [one]
        assert found.lapses == []


async def promised(world: World, caregiver: UUID, day: int, service: str = "bath") -> UUID:
    """Make a visit that somebody has accepted, at nine on a day of the week."""
    visit, at = new_id(), at_local(MONDAY + timedelta(days=day), "09:00")
    async with world.web.transaction(world.district) as conn:
        await conn.execute(
            "INSERT INTO visit (id, district_id, elder_id, service, state, window_start, window_end, minutes,"
            " provider_id, caregiver_id, wanted_at)"
            " VALUES ($1, $2, $3, $4, 'accepted', $5, $5, 30, $6, $7, $5)",
            visit,
            world.district,
            world.elder,
            service,
            at,
            world.provider,
            caregiver,
        )
    return visit


async def test_what_takes_a_visit_its_caregiver_lists_it_first_and_then_asks_for_the_repair(
    world: World, manager: Person
) -> None:
    one = await carer(world)
    visit = await promised(world, one, 1)
    async with world.web.transaction(world.district) as conn:
        shift = await editing.add(conn, laid(one, 1), manager, NOW)
        day = laid(one, 1)
        ill = (one, "sick", day.starts_at, day.ends_at, manager, NOW)
        for change in (
            editing.remove(conn, shift, NOW),
            editing.move(conn, shift, laid(one, 1, since="10:00"), manager, NOW),
            parting.leave(conn, one, NOW),
        ):
            with pytest.raises(Conflict) as refused:
                await change
            lost: Any = refused.value.extra["visits"]
            assert (refused.value.code, [row["visit_id"] for row in lost]) == ("visits_lost", [str(visit)])
    with pytest.raises(Conflict, match="1 visits"):
        async with world.web.transaction(world.district) as conn:
            await leaves.record(conn, *ill)
    async with world.web.transaction(world.district) as conn:
        assert await leaves.list_(conn) == []
        await leaves.record(conn, *ill, is_confirmed=True)
        plans = await conn.fetch('SELECT cause, "on", trigger FROM plan')
        assert [(row["cause"], row["on"]) for row in plans] == [("repair", MONDAY + timedelta(days=1))]
        assert plans[0]["trigger"]["kind"] == "sick"


async def test_visits_after_a_certificate_has_ended_are_counted_before_it_ends(world: World) -> None:
    one = await carer(world)
    for day, service in ((1, "bath"), (5, "bath"), (5, "meal")):
        await promised(world, one, day, service)
    async with world.web.transaction(world.district) as conn:
        await certify(conn, world, one, MONDAY + timedelta(days=3))
        settings = await districts.settings(conn, world.district)
        found = await board.find(conn, settings, world.provider, MONDAY, 7, local_date(NOW))
        assert [(row["skill"], row["visits"]) for row in found.lapses] == [("bath", 1)]
