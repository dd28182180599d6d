"""A caregiver alone in a home: asked, looked for, found; and the own SOS."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core.accounts import Person
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from dispatch import ticks, visits
from dispatch.phone import alerts, lone
from tests import makers
from tests.dispatch.errands import accepted
from tests.dispatch.worlds import HOME, World, make_caregiver, make_operator
from tests.makers import NOW

MINUTE = timedelta(minutes=1)
DUE = NOW + timedelta(minutes=60 + 30)
"""A visit of an hour and the district's half hour."""


async def begun(world: World) -> tuple[Person, UUID]:
    carer = await make_caregiver(world)
    visit = await accepted(world, carer)
    async with world.web.transaction(world.district) as conn:
        place: dict[str, Any] = {"lat": HOME[0], "lon": HOME[1], "accuracy_m": 9.0}
        await visits.check_in(conn, world.keys, visit, carer, NOW, at=NOW, **place)
    return carer, visit


async def watch(world: World) -> Any:
    async with world.web.transaction(world.district) as conn:
        return await conn.fetchrow("SELECT * FROM lone_watch")


async def open_alerts(world: World, by: Person) -> list[Any]:
    async with world.web.transaction(world.district) as conn:
        return list(await alerts.list_open(conn, by))


async def events(world: World, kind: str) -> int:
    async with world.web.transaction(world.district) as conn:
        found: int = await conn.fetchval("SELECT count(*) FROM event WHERE kind = $1", kind)
        return found


async def test_who_stays_too_long_is_asked_and_then_looked_for(world: World) -> None:
    _, visit = await begun(world)
    operator = await make_operator(world)
    assert await ticks.safety(world.worker, DUE - MINUTE) == 0
    assert await ticks.safety(world.worker, DUE) == 1
    assert (await watch(world))["asked_at"] == DUE
    assert await open_alerts(world, operator) == []
    assert await ticks.safety(world.worker, DUE + 9 * MINUTE) == 0
    assert await ticks.safety(world.worker, DUE + 10 * MINUTE) == 1
    (alert,) = await open_alerts(world, operator)
    assert (alert["kind"], alert["visit_id"], alert["lat"]) == ("overdue", visit, HOME[0])
    assert await ticks.safety(world.worker, DUE + 12 * MINUTE) == 1, "told again: nobody has taken it"
    assert await events(world, "caregiver.alert") == 2


async def test_who_checks_out_in_time_is_never_looked_for_and_one_found_later_closes_it(world: World) -> None:
    carer, visit = await begun(world)
    operator = await make_operator(world)
    for at in (DUE, DUE + 10 * MINUTE):
        await ticks.safety(world.worker, at)
    late = DUE + 11 * MINUTE
    async with world.web.transaction(world.district) as conn:
        await visits.check_out(conn, world.keys, visit, carer, late, at=DUE, record={"done": []})
        row = await conn.fetchrow("SELECT state, outcome, closed_by FROM caregiver_alert")
    assert row is not None
    assert (row["state"], row["outcome"], row["closed_by"]) == ("closed", "checked_out", None)
    assert await open_alerts(world, operator) == []
    assert await ticks.safety(world.worker, late + 90 * MINUTE) == 0
    assert (await watch(world))["ended_at"] == late


async def test_who_says_that_all_is_well_is_asked_again_later(world: World) -> None:
    carer, visit = await begun(world)
    await ticks.safety(world.worker, DUE)
    async with world.web.transaction(world.district) as conn:
        due = await lone.well(conn, visit, carer, DUE + MINUTE)
    assert due == DUE + 31 * MINUTE
    assert await ticks.safety(world.worker, due - MINUTE) == 0
    assert await ticks.safety(world.worker, due) == 1


async def test_an_sos_sent_twice_is_one_and_one_person_takes_it(world: World) -> None:
    carer, _ = await begun(world)
    first, second = await make_operator(world), await make_operator(world, "duty_manager")
    identity = new_id()
    async with world.web.transaction(world.district) as conn:
        for _ in range(2):
            place = (HOME[0], HOME[1], 5.0)
            await alerts.sos(conn, identity, carer, NOW, said_at=NOW + MINUTE, place=place)
        taken = await alerts.take(conn, identity, first, NOW)
        assert (taken["state"], taken["taken_by"], taken["said_at"]) == ("taken", first.account_id, NOW)
        with pytest.raises(Conflict) as lost:
            await alerts.take(conn, identity, second, NOW)
        assert lost.value.extra["by"] == first.name
        with pytest.raises(Invalid):
            await alerts.close(conn, identity, first, NOW, "nonsense")
        closed = await alerts.close(conn, identity, second, NOW, "helped")
        assert (closed["state"], closed["outcome"]) == ("closed", "helped")
        with pytest.raises(Conflict):
            await alerts.close(conn, identity, second, NOW, "helped")
    assert await events(world, "caregiver.alert") == 1
    assert await ticks.safety(world.worker, NOW + 5 * MINUTE) == 0


async def test_a_provider_sees_the_own_people_only_and_who_is_no_caregiver_cannot_press(world: World) -> None:
    carer = await make_caregiver(world)
    async with world.web.transaction(world.district) as conn:
        own = await makers.make_person(conn, world.district, "provider_manager", provider=world.provider)
        other = await makers.make_person(conn, world.district, "provider_manager")
        identity = await alerts.sos(conn, new_id(), carer, NOW, said_at=NOW)
        with pytest.raises(NotFound):
            await alerts.find(conn, identity, other)
        with pytest.raises(NotFound):
            await alerts.sos(conn, new_id(), own, NOW, said_at=NOW)
    assert len(await open_alerts(world, own)) == 1
    assert await open_alerts(world, other) == []
