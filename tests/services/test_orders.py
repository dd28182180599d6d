"""Orders: from not started to called back, and visits without money that never become a claim."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import absences
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from dispatch import visits
from services import claims, orders
from services.orders import NewOrder
from tests.makers import NOW
from tests.services.plans import Planning, item, make_planning
from tests.services.worlds import World, at

START = datetime(2026, 11, 24, 1, tzinfo=UTC)


@pytest.fixture
async def planning(world: World) -> Planning:
    return await make_planning(world, "severe")


def wish(planning: Planning, **more: Any) -> NewOrder:
    row = {"service": "bath", "window_start": START, "window_end": START + timedelta(hours=3)}
    return NewOrder(planning.elder, **{**row, **more})


async def test_an_order_wants_its_visit_and_lives_with_it(planning: Planning) -> None:
    world, clerk = planning.world, planning.clerk
    async with world.worker.transaction(world.district) as conn:
        order = await orders.place(conn, wish(planning), clerk, NOW)
        row = await orders.find(conn, order)
        assert (row["state"], row["funding"], row["provider_id"]) == (
            "not_started",
            "private",
            world.provider,
        )
        [visit] = await conn.fetch("SELECT staff, origin FROM visit WHERE id = $1", row["visit_id"])
        assert (visit["staff"], visit["origin"]) == (2, f"order:{order}")
        for state, shown in (
            ("missed", "to_reassign"),
            ("in_progress", "in_service"),
            ("verified", "completed"),
        ):
            await conn.execute("UPDATE visit SET state = $2 WHERE id = $1", row["visit_id"], state)
            assert (await orders.find(conn, order))["state"] == shown
        back = await orders.call_back(conn, order, clerk, NOW, satisfied=True, note="")
        assert back["state"] == "called_back"
        assert (await orders.review(conn, order, clerk, NOW, 5, "good"))["rating"] == 5
        with pytest.raises(Conflict, match="called_back"):
            await orders.review(conn, order, clerk, NOW, 4, "")
        with pytest.raises(Conflict, match="called_back"):
            await orders.call_back(conn, order, clerk, NOW, satisfied=False, note="")
        with pytest.raises(Invalid, match="rating"):
            await orders.review(conn, order, clerk, NOW, 6, "")


async def test_an_order_is_called_off_before_it_begins(planning: Planning) -> None:
    async with planning.world.worker.transaction(planning.world.district) as conn:
        order = await orders.place(conn, wish(planning), planning.clerk, NOW)
        row = await orders.cancel(conn, order, planning.clerk, NOW, "not needed")
        assert (row["state"], row["cancelled_reason"]) == ("cancelled", "not needed")
        with pytest.raises(Conflict):
            await orders.cancel(conn, order, planning.clerk, NOW, "again")
        [listed] = await orders.list_(conn, elder_id=planning.elder, state="cancelled")
        assert listed["id"] == order


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"service": "emergency"}, "service"),
        ({"service": "massage"}, "service"),
        ({"funding": "none"}, "funding"),
        ({"window_end": START + timedelta(minutes=30)}, "window_end"),
        ({"window_end": START + timedelta(hours=13)}, "window_end"),
        ({"window_start": NOW - timedelta(hours=1), "window_end": NOW + timedelta(hours=2)}, "window_start"),
        (
            {"window_start": START + timedelta(days=200), "window_end": START + timedelta(days=200, hours=2)},
            "window_start",
        ),
    ],
)
async def test_an_order_that_cannot_be_is_refused_by_field(
    planning: Planning, wrong: Any, field: str
) -> None:
    async with planning.world.worker.transaction(planning.world.district) as conn:
        with pytest.raises(Invalid, match=field):
            await orders.place(conn, wish(planning, **wrong), planning.clerk, NOW)


async def test_nothing_is_ordered_for_the_dead_or_for_nobody(planning: Planning) -> None:
    async with planning.world.worker.transaction(planning.world.district) as conn:
        with pytest.raises(NotFound):
            await orders.place(
                conn, NewOrder(new_id(), "bath", START, START + timedelta(hours=2)), planning.clerk, NOW
            )
        with pytest.raises(NotFound):
            await orders.find(conn, new_id())
        await absences.record_death(conn, planning.elder, NOW.date())
        await absences.record_death(conn, planning.elder, NOW.date())
        with pytest.raises(Conflict, match="recorded"):
            await absences.record_death(conn, planning.elder, NOW.date() - timedelta(days=1))
        with pytest.raises(NotFound):
            await absences.record_death(conn, new_id(), NOW.date())
        with pytest.raises(Conflict, match="died"):
            await orders.place(conn, wish(planning), planning.clerk, NOW)


async def test_an_absence_holds_an_order_too(planning: Planning) -> None:
    world = planning.world
    away: dict[str, Any] = {"kind": "holiday", "starts_on": START.date(), "ends_on": START.date(), "now": NOW}
    async with world.worker.transaction(world.district) as conn:
        await orders.place(conn, wish(planning), planning.clerk, NOW)
        stay = await absences.record(conn, district=world.district, elder=planning.elder, **away)
        with pytest.raises(Conflict, match="already"):
            await absences.record(conn, district=world.district, elder=planning.elder, **away)
        for field, wrong in (("kind", {"kind": "moon"}), ("ends_on", {"ends_on": NOW.date()})):
            with pytest.raises(Invalid, match=field):
                await absences.record(
                    conn, district=world.district, elder=planning.elder, **{**away, **wrong}
                )
        with pytest.raises(Invalid, match="ends_on"):
            await absences.end(conn, stay, NOW.date(), NOW)
        with pytest.raises(NotFound):
            await absences.end(conn, new_id(), NOW.date(), NOW)
    await planning.tick()
    assert [row["held_reason"] for row in await planning.visits()] == ["holiday"]


async def test_a_visit_without_money_is_done_and_proven_and_no_claim_arises(planning: Planning) -> None:
    await planning.plan(item("call_on", "FREQ=WEEKLY;BYDAY=WE", funding="none"))
    await planning.tick()
    assert {row["funding"] for row in await planning.visits()} == {"none"}
    free = await planning.world.visit(planning.elder, "call_on", at(20), funding="none")
    paid = await planning.world.visit(planning.elder, "bath", at(20, 14))
    await planning.run("UPDATE visit_proof SET verdict = 'doubted' WHERE visit_id = $1", free)
    assert await claims.tick(planning.world.worker, NOW) == 1
    async with planning.world.worker.transaction(planning.world.district) as conn:
        assert await claims.list_(conn, visit_id=free) == []
        assert len(await claims.list_(conn, visit_id=paid)) == 1
        assert await claims.unpriced(conn) == []
        assert (await visits.find(conn, free))["state"] == "verified"
