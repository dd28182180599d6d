import asyncio
from datetime import date, timedelta

import pytest

from core import people
from core.errors import Conflict, Invalid
from dispatch import cases, emergency, ticks, visits
from tests.dispatch.errands import END, HOUR, accepted, do, offer, want
from tests.dispatch.worlds import World, make_caregiver, make_case, make_operator
from tests.makers import NOW, make_person


async def test_a_planned_visit_is_offered_accepted_made_and_proven(world: World) -> None:
    caregiver = await make_caregiver(world)
    visit_id = await accepted(world, caregiver)
    async with world.web.transaction(world.district) as conn:
        assert (await visits.en_route(conn, visit_id, caregiver, NOW))["state"] == "en_route"
    done = await do(world, visit_id, caregiver, record={"rooms": 2})
    assert (done["state"], done["verdict"], done["record"]) == ("verified", "proven", {"rooms": 2})
    assert (done["started_at"], done["ended_at"], done["provider_id"]) == (NOW, END, world.provider)
    assert done["elements"]["place"] == {"ok": True, "code": "at_home", "distance_m": 0.0, "limit_m": 162.0}
    async with world.web.transaction(world.district) as conn:
        lines = await visits.timeline(conn, visit_id)
    assert [line["action"] for line in lines] == [
        "want",
        "offer",
        "accept",
        "en_route",
        "check_in",
        "check_out",
        "verify",
    ]
    assert lines[-1]["data"] == {"verdict": "proven", "flags": []}


async def test_the_familys_word_is_weighed_again(world: World) -> None:
    caregiver = await make_caregiver(world)
    visit_id = await accepted(world, caregiver)
    await do(world, visit_id, caregiver)
    async with world.web.transaction(world.district) as conn:
        member = await people.create_family_member(
            conn, world.keys, district=world.district, name="daughter", phone=None, now=NOW
        )
    async with world.web.transaction(world.district) as conn:
        family = await make_person(conn, world.district, "family", family_member=member)
        good = await visits.confirm(conn, visit_id, family, END, agrees=True)
        assert good["verdict"] == "proven"
        bad = await visits.confirm(conn, visit_id, family, END, agrees=False, note="nobody came")
    assert bad["verdict"] == "contradicted"


async def test_a_planned_visit_that_is_declined_waits_for_somebody_else(world: World) -> None:
    caregiver, other = await make_caregiver(world), await make_caregiver(world, "other")
    manager, visit_id = await make_operator(world, "provider_manager"), await want(world)
    await offer(world, visit_id, caregiver, manager)
    async with world.web.transaction(world.district) as conn:
        assert await visits.decline(conn, visit_id, caregiver, NOW, "ill") is None
        row = await visits.find(conn, visit_id)
        assert (row["state"], row["caregiver_id"]) == ("wanted", None)
    await offer(world, visit_id, other, manager)
    async with world.web.transaction(world.district) as conn:
        cancelled = await visits.cancel(conn, visit_id, manager, NOW, "moved away")
    assert cancelled["state"] == "cancelled"


async def test_planned_visits_that_nobody_came_to_are_missed_after_the_grace(world: World) -> None:
    visit_id = await want(world)
    grace = timedelta(minutes=15)
    assert await ticks.late(world.worker, NOW + HOUR + grace) == 1  # noticed as late, not yet missed
    counts = await asyncio.gather(
        *(ticks.late(world.worker, NOW + HOUR + grace + timedelta(seconds=1)) for _ in range(2))
    )
    assert max(counts) == 1
    async with world.web.transaction(world.district) as conn:
        assert (await visits.find(conn, visit_id))["state"] == "missed"
        lines = await visits.timeline(conn, visit_id)
    assert [line["action"] for line in lines] == ["want", "late", "miss"]


async def test_visits_are_listed_by_caregiver_and_day_in_pages(world: World) -> None:
    caregiver = await make_caregiver(world)
    days = [NOW + timedelta(days=n) for n in range(3)]
    ids = [await accepted(world, caregiver, window_start=day, window_end=day + HOUR) for day in days]
    async with world.web.transaction(world.district) as conn:
        today = await visits.list_(conn, caregiver_id=caregiver.caregiver_id, day=date(2026, 11, 21))
        assert [row["id"] for row in today] == ids[:1]
        page = await visits.list_(conn, elder_id=world.elder, state="accepted", limit=2)
        rest = await visits.list_(conn, after=page[-1]["id"], provider_id=world.provider)
    assert [row["id"] for row in (*page, *rest)] == ids[::-1]


async def test_a_window_that_ends_before_it_begins_is_refused(world: World) -> None:
    with pytest.raises(Invalid, match="window_end"):
        await want(world, window_end=NOW - HOUR)


async def test_an_emergency_visit_is_not_offered_behind_its_cases_back(world: World) -> None:
    caregiver, operator = await make_caregiver(world), await make_operator(world)
    case_id = await make_case(world)
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case_id, operator, NOW)
        sent = await emergency.send(conn, case_id, operator, NOW)
        await visits.decline(conn, sent.visit_id, caregiver, NOW)
    manager = await make_operator(world, "duty_manager")
    with pytest.raises(Conflict) as refused:
        await offer(world, sent.visit_id, caregiver, manager)
    assert refused.value.code == "dispatch_case"


async def test_who_came_in_time_without_network_has_not_missed_the_visit(world: World) -> None:
    caregiver = await make_caregiver(world)
    visit_id = await accepted(world, caregiver)
    late = NOW + 3 * HOUR
    await ticks.late(world.worker, late)
    async with world.web.transaction(world.district) as conn:
        assert (await visits.find(conn, visit_id))["state"] == "missed"
        with pytest.raises(Conflict, match="that is missed"):
            await visits.check_in(conn, world.keys, visit_id, caregiver, late, at=late)
        done = await visits.check_in(conn, world.keys, visit_id, caregiver, late, at=NOW)
        assert (done["state"], done["started_at"]) == ("in_progress", NOW)
