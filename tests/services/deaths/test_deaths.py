"""One death event: everything stops with it, a second person undoes it, the family sees the history."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from core import people
from core.accounts import Person
from core.db import Row
from core.errors import Conflict, Invalid, NotFound
from dispatch import visits
from services import care_plans, deaths, enrolments, orders, wanting
from services.orders import NewOrder
from services.plan_items import NewItem
from tests import makers
from tests.dispatch.worlds import World, events_of, make_case, make_device
from tests.makers import NOW

DIED = date(2026, 11, 20)
TODAY = date(2026, 11, 21)


async def staff(world: World, role: str) -> Person:
    async with world.web.transaction(world.district) as conn:
        return await makers.make_person(conn, world.district, role)


async def settle(world: World, clerk: Person, approver: Person) -> dict[str, Any]:
    """Give the elder a plan with visits, an order, a kit, an enrolment and a daughter."""
    async with world.web.transaction(world.district) as conn:
        plan = await care_plans.draft(
            conn,
            district=world.district,
            elder=world.elder,
            valid_from=TODAY,
            valid_to=None,
            goals="",
            items=[
                NewItem("bath", "FREQ=WEEKLY;BYDAY=TU", ((time(9), time(11)),), provider_id=world.provider)
            ],
            by=clerk,
            now=NOW,
        )
        await care_plans.approve(conn, plan, approver, NOW, agreed_by="self", agreed_on=TODAY)
        new = NewOrder(world.elder, "clean", NOW + timedelta(days=2), NOW + timedelta(days=2, hours=3))
        order = await orders.place(conn, new, clerk, NOW)
        await enrolments.enrol(
            conn,
            district=world.district,
            elder=world.elder,
            scheme_code="old_age",
            valid_from=date(2026, 1, 1),
            reason="applied",
            by=clerk.account_id,
            now=NOW,
        )
        daughter = await people.create_family_member(
            conn, world.keys, district=world.district, name="daughter", phone=None, now=NOW
        )
        whose: dict[str, Any] = {"district": world.district, "elder": world.elder, "member": daughter}
        await people.bond(conn, **whose, relation="daughter", priority=1, consented_at=NOW)
        watch = await make_device(conn, world, "watch_v1")
    await wanting.tick(world.worker, NOW)
    return {"plan": plan, "order": order, "daughter": daughter, "watch": watch}


async def one(world: World, sql: str, *args: object) -> Any:
    async with world.web.transaction(world.district) as conn:
        return await conn.fetchval(sql, *args)


async def confirmed(world: World, by: Person, now: datetime = NOW) -> UUID:
    async with world.web.transaction(world.district) as conn:
        return await deaths.record(conn, world.elder, DIED, by, now)


async def undone(world: World, death: UUID, by: Person, now: datetime) -> Row:
    async with world.web.transaction(world.district) as conn:
        return await deaths.undo(conn, death, by, now)


async def test_a_confirmed_death_stops_everything_and_tells_the_family(world: World) -> None:
    clerk, approver = await staff(world, "clerk"), await staff(world, "approver")
    made = await settle(world, clerk, approver)
    case = await make_case(world)
    death = await confirmed(world, clerk)
    async with world.web.transaction(world.district) as conn:
        row = await deaths.find(conn, death)
        states = {one["state"] for one in await visits.list_(conn, elder_id=world.elder)}
        plan = await care_plans.find(conn, made["plan"])
        [enrolment] = await conn.fetch("SELECT * FROM enrolment WHERE elder_id = $1", world.elder)
    assert (row["state"], row["died_on"], row["decided_by_name"]) == ("confirmed", DIED, clerk.name)
    assert row["family_until"] == TODAY + timedelta(days=180)
    assert states == {"cancelled"}
    assert (plan["state"], plan["ended_reason"]) == ("ended", "died")
    assert enrolment["valid_to"] == DIED
    assert await one(world, "SELECT outcome FROM care_case WHERE id = $1", case) == "died"
    assert await one(world, "SELECT ended_on FROM care_bed WHERE id = $1", world.bed) == TODAY
    assert await one(world, "SELECT count(*) FROM device WHERE care_bed_id IS NOT NULL") == 0
    told = [roles for kind, roles in await events_of(world) if kind == "death.confirmed"]
    assert "family" in told[0]
    assert len(row["effects"]["visits"]) == 5
    assert await wanting.tick(world.worker, NOW) == 1
    assert await one(world, "SELECT count(*) FROM visit WHERE state <> 'cancelled'") == 0


async def test_undoing_by_a_second_person_restores_all_and_lists_what_must_be_ordered_again(
    world: World,
) -> None:
    clerk, approver = await staff(world, "clerk"), await staff(world, "approver")
    made = await settle(world, clerk, approver)
    death = await confirmed(world, clerk)
    later = NOW + timedelta(hours=3)
    with pytest.raises(Conflict) as refused:
        await undone(world, death, clerk, later)
    assert refused.value.code == "same_person"
    row = await undone(world, death, approver, later)
    assert (row["state"], row["undone_by_name"], row["effects"]["lost"]) == ("undone", approver.name, [])
    assert await one(world, "SELECT died_on FROM elder WHERE id = $1", world.elder) is None
    assert await one(world, "SELECT state FROM care_plan WHERE id = $1", made["plan"]) == "approved"
    assert await one(world, "SELECT valid_to FROM enrolment WHERE elder_id = $1", world.elder) is None
    assert await one(world, "SELECT ended_on FROM care_bed WHERE id = $1", world.bed) is None
    assert await one(world, "SELECT count(*) FROM device WHERE care_bed_id = $1", world.bed) == 2
    async with world.web.transaction(world.district) as conn:
        [again] = await deaths.to_order_again(conn, death)
    assert (again["service"], again["state"]) == ("clean", "cancelled")
    await wanting.tick(world.worker, later)
    assert await one(world, "SELECT count(*) FROM visit WHERE service = 'bath' AND state = 'wanted'") == 4
    with pytest.raises(Conflict, match="undone"):
        await undone(world, death, approver, later)


async def test_a_device_that_went_to_another_bed_is_not_taken_back(world: World) -> None:
    clerk, approver = await staff(world, "clerk"), await staff(world, "approver")
    await settle(world, clerk, approver)
    death = await confirmed(world, clerk)
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE device SET retired_at = $2 WHERE id = $1", world.device, NOW)
    row = await undone(world, death, approver, NOW)
    assert row["effects"]["lost"] == [str(world.device)]


async def test_a_report_waits_for_a_clerk_and_may_be_dismissed(world: World) -> None:
    clerk = await staff(world, "clerk")
    async with world.web.transaction(world.district) as conn:
        death = await deaths.report(conn, world.elder, DIED, source="register", by=None, now=NOW)
        again = await deaths.report(conn, world.elder, TODAY, source="family", by=clerk.account_id, now=NOW)
        assert again == death
        assert [row["id"] for row in await deaths.list_(conn, "reported")] == [death]
        assert (await people.find_elder(conn, world.elder))["died_on"] is None
        row = await deaths.dismiss(conn, death, clerk, NOW, "another person of this name")
        assert (row["state"], row["decided_by"]) == ("dismissed", clerk.account_id)
        with pytest.raises(Conflict) as refused:
            await deaths.confirm(conn, death, clerk, NOW)
        assert refused.value.extra["state"] == "dismissed"
        assert len(await deaths.of_elder(conn, world.elder)) == 1


async def test_the_clerks_day_counts_and_another_day_afterwards_is_refused(world: World) -> None:
    clerk = await staff(world, "clerk")
    async with world.web.transaction(world.district) as conn:
        await deaths.report(conn, world.elder, TODAY, source="hospital", by=None, now=NOW)
        death = await deaths.record(conn, world.elder, DIED, clerk, NOW)
        assert await deaths.record(conn, world.elder, DIED, clerk, NOW) == death
        assert (await deaths.find(conn, death))["died_on"] == DIED
        with pytest.raises(Conflict) as refused:
            await deaths.record(conn, world.elder, TODAY, clerk, NOW)
    assert refused.value.code == "death_recorded"


async def test_impossible_reports_are_refused(world: World) -> None:
    clerk = await staff(world, "clerk")
    async with world.web.transaction(world.district) as conn:
        with pytest.raises(Invalid, match="future"):
            await deaths.record(conn, world.elder, TODAY + timedelta(days=1), clerk, NOW)
        with pytest.raises(Invalid, match="source"):
            await deaths.report(conn, world.elder, TODAY, source="neighbour", by=None, now=NOW)
        for call in (deaths.find, deaths.to_order_again):
            with pytest.raises(NotFound):
                await call(conn, world.elder)
        with pytest.raises(NotFound):
            await deaths.undo(conn, world.elder, clerk, NOW)
        with pytest.raises(NotFound):
            await deaths.record(conn, world.bed, DIED, clerk, NOW)


async def test_the_family_sees_the_history_for_the_districts_days_and_not_after(world: World) -> None:
    clerk, approver = await staff(world, "clerk"), await staff(world, "approver")
    made = await settle(world, clerk, approver)
    death = await confirmed(world, clerk)
    last, after = NOW + timedelta(days=180), NOW + timedelta(days=181)
    assert await deaths.tick(world.worker, last) == 0
    async with world.web.transaction(world.district) as conn:
        assert len(await people.elders_of_family(conn, made["daughter"])) == 1
    assert await deaths.tick(world.worker, after) == 1
    assert await deaths.tick(world.worker, after) == 0
    async with world.web.transaction(world.district) as conn:
        assert await people.elders_of_family(conn, made["daughter"]) == []
    await undone(world, death, approver, after)
    async with world.web.transaction(world.district) as conn:
        assert len(await people.elders_of_family(conn, made["daughter"])) == 1
