from datetime import date, timedelta
from typing import Any

import pytest

from core.errors import Conflict, Invalid
from core.ids import new_id
from dispatch import asking, cases, emergency, visits
from tests.dispatch.errands import HOUR, offer, want
from tests.dispatch.worlds import World, make_caregiver, make_case, make_operator
from tests.makers import NOW

FIRST = (NOW, NOW + HOUR)
LATER = (NOW + 3 * HOUR, NOW + 4 * HOUR)
TODAY = date(2026, 11, 21)


def test_what_is_asked_becomes_the_values_of_the_row() -> None:
    other = new_id()
    further, *rest = asking.check(FIRST, [LATER], (TODAY, TODAY), (other, 10, 60), 2)
    assert further == [{"from": LATER[0].isoformat(), "to": LATER[1].isoformat()}]
    assert rest == [TODAY, TODAY, other, 10, 60, 2]
    assert asking.check(FIRST, (), None, None, 1) == ([], None, None, None, None, None, 1)


@pytest.mark.parametrize(
    ("field", "first", "windows", "movable", "follows", "staff"),
    [
        ("window_end", FIRST[::-1], (), None, None, 1),
        ("windows", FIRST, [LATER[::-1]], None, None, 1),
        ("windows", FIRST, [(NOW + HOUR / 2, NOW + 2 * HOUR)], None, None, 1),
        ("movable", FIRST, (), (TODAY, TODAY - timedelta(days=1)), None, 1),
        ("follows", FIRST, (), None, (None, 60, 10), 1),
        ("staff", FIRST, (), None, None, 3),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(
    field: str, first: Any, windows: Any, movable: Any, follows: Any, staff: int
) -> None:
    with pytest.raises(Invalid, match=f"^{field}"):
        asking.check(first, windows, movable, follows, staff)


async def test_an_origin_wants_its_visit_once(world: World) -> None:
    first = await want(world, origin="order:1", staff=2, windows=[LATER])
    assert await want(world, origin="order:1") == first
    async with world.web.transaction(world.district) as conn:
        row = await visits.find(conn, first)
        assert (row["staff"], row["origin"]) == (2, "order:1")
        assert row["windows"] == [{"from": LATER[0].isoformat(), "to": LATER[1].isoformat()}]
        assert len(await visits.timeline(conn, first)) == 1


async def test_a_visit_is_held_and_freed_again(world: World) -> None:
    caregiver, manager = await make_caregiver(world), await make_operator(world, "provider_manager")
    visit_id = await want(world)
    await offer(world, visit_id, caregiver, manager)
    async with world.web.transaction(world.district) as conn:
        held = await visits.hold(conn, visit_id, "hospital", NOW, manager)
        assert (held["state"], held["caregiver_id"], held["held_reason"]) == ("wanted", None, "hospital")
        assert (await visits.free(conn, visit_id, NOW))["held_reason"] is None
        await visits.free(conn, visit_id, NOW)
        lines = [line["action"] for line in await visits.timeline(conn, visit_id)]
        assert lines == ["want", "offer", "hold", "free"]
        await visits.cancel(conn, visit_id, manager, NOW, "moved away")
        with pytest.raises(Conflict, match="that is cancelled"):
            await visits.hold(conn, visit_id, "hospital", NOW)


async def test_an_emergency_is_never_held(world: World) -> None:
    await make_caregiver(world)
    operator, case_id = await make_operator(world), await make_case(world)
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case_id, operator, NOW)
        await emergency.send(conn, case_id, operator, NOW)
        visit_id = (await visits.list_(conn, case_id=case_id))[0]["id"]
        with pytest.raises(Conflict) as refused:
            await visits.hold(conn, visit_id, "quota", NOW)
    assert refused.value.code == "never_held"


async def test_a_visit_with_a_later_window_or_day_is_not_missed_yet(world: World) -> None:
    late = await want(world, windows=[LATER])
    week = await want(world, movable=(TODAY, TODAY + timedelta(days=7)))
    held = await want(world, held_reason="hospital")
    async with world.web.transaction(world.district) as conn:
        assert await visits.miss_due(conn, NOW + 2 * HOUR, timedelta()) == 0
        await visits.miss_due(conn, NOW + 5 * HOUR, timedelta())
        states = [(await visits.find(conn, one))["state"] for one in (late, week, held)]
    assert states == ["missed", "wanted", "wanted"]
