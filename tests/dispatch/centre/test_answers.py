"""Answer times out of timelines: what counts, sums of hours, the worst ones, what was for nothing."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.accounts import Person
from dispatch import cases
from dispatch.centre import answers, covering, pauses
from dispatch.centre.measures import Sums, together
from tests.dispatch.worlds import World, make_case, make_neighbour, make_operator
from tests.makers import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def s(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


async def tally(world: World, now: datetime = NOW + HOUR) -> int:
    return await answers.run(world.worker, world.district, now)


async def total(world: World, now: datetime = NOW + HOUR) -> Sums:
    await tally(world, now)
    async with world.web.transaction(world.district) as conn:
        found = await answers.between(conn, NOW - 40 * DAY, NOW + 40 * DAY, now)
        return together(one.sums for one in found.hours)


async def claim(world: World, case: UUID, by: Person, at: datetime) -> None:
    async with world.web.transaction(world.district) as conn:
        await cases.claim(conn, case, by, at)


async def close(world: World, case: UUID, by: Person, at: datetime, outcome: str = "reassured") -> None:
    async with world.web.transaction(world.district) as conn:
        await cases.close(conn, case, by, at, outcome)


async def of_somebody(world: World, after: float = 0, **given: Any) -> UUID:
    """Make a case of another person, so many seconds after now."""
    one = await make_neighbour(world)
    named = {"elder_id": one.elder, "care_bed_id": one.bed, "device_id": one.hub}
    return await make_case(world, given.pop("type_", "sos"), NOW + s(after), **{**named, **given})


@pytest.mark.parametrize(("wait", "bars"), [(60, (1, 1)), (61, (0, 1)), (180, (0, 1)), (181, (0, 0))])
async def test_an_answer_counts_to_the_second(world: World, wait: int, bars: tuple[int, int]) -> None:
    case = await make_case(world)
    await claim(world, case, await make_operator(world), NOW + s(wait))
    found = await total(world)
    assert (found.cases, found.answered, found.seconds, found.longest) == (1, 1, wait, wait)
    assert (found.in_60, found.in_180) == bars


async def test_the_first_who_answers_counts_whoever_takes_it_later(world: World) -> None:
    one, two = await make_operator(world), await make_operator(world)
    case = await make_case(world)
    await claim(world, case, one, NOW + s(20))
    async with world.web.transaction(world.district) as conn:
        await cases.shelve(conn, case, one, NOW + s(90), NOW + DAY, "hospital")
        await cases.unshelve(conn, case, one, NOW + s(200))
        await cases.claim(conn, case, two, NOW + s(300))
    await tally(world)
    async with world.web.transaction(world.district) as conn:
        (row,) = (await answers.between(conn, NOW - DAY, NOW + DAY, NOW + HOUR)).operators
    assert (row.account_id, row.sums.seconds, row.sums.cases) == (one.account_id, 20, 1)
    assert row.sums.busy_seconds == 70


async def test_a_part_of_a_second_too_late_is_too_late(world: World) -> None:
    case = await make_case(world)
    await claim(world, case, await make_operator(world), NOW + s(60.4))
    found = await total(world)
    assert (found.longest, found.in_60, found.in_180) == (61, 0, 1)


@pytest.mark.parametrize(
    ("wait", "late_60", "shares"),
    [(60, 0, (None, None)), (61, 1, (0.0, None)), (180, 1, (0.0, None)), (181, 1, (0.0, 0.0))],
)
async def test_what_rings_still_is_in_no_share_until_its_time_is_up(
    world: World, wait: int, late_60: int, shares: tuple[float | None, float | None]
) -> None:
    await make_case(world)
    found = await total(world, NOW + s(wait))
    assert (found.cases, found.unanswered, (found.share_60, found.share_180)) == (1, late_60, shares)
    async with world.web.transaction(world.district) as conn:
        (row,) = (await answers.between(conn, NOW - DAY, NOW + DAY, NOW + s(wait))).operators
    assert (row.account_id, row.sums.share_60) == (None, shares[0])


async def test_who_is_on_the_way_is_not_late_before_the_time_is_up(world: World) -> None:
    case = await make_case(world)
    by = await make_operator(world)
    await claim(world, case, by, NOW + s(10))
    async with world.web.transaction(world.district) as conn:
        row = await cases.lock(conn, case)
        await cases.move(conn, row, "dispatch", NOW + s(20), by=by, escalate_at=None)
    for minutes, shares in {45: (None, None), 46: (0.0, None), 61: (0.0, 0.0)}.items():
        found = await total(world, NOW + s(20 + 60 * minutes))
        assert (found.scenes, (found.share_45, found.share_60_min)) == (1, shares)


async def test_what_nobody_answered_is_a_line_without_an_operator(world: World) -> None:
    case = await make_case(world)
    found = await total(world)
    assert (found.cases, found.answered, found.share_60) == (1, 0, 0.0)
    async with world.web.transaction(world.district) as conn:
        (row,) = (await answers.between(conn, NOW - DAY, NOW + DAY, NOW + HOUR)).operators
        assert row.account_id is None
        (slow,) = await answers.slowest(conn, NOW - DAY, NOW + DAY, NOW + s(61))
        assert (slow["case_id"], slow["seconds"]) == (case, None)
        assert await answers.slowest(conn, NOW - DAY, NOW + DAY, NOW + s(59)) == []


async def test_what_does_not_count_is_counted_apart(world: World) -> None:
    by = await make_operator(world)
    test = await of_somebody(world)
    await claim(world, test, by, NOW + s(200))
    await close(world, test, by, NOW + s(300), "test")
    gone = await of_somebody(world)
    async with world.web.transaction(world.district) as conn:
        await cases.return_(conn, gone, None, NOW + s(30))
    left = await of_somebody(world)
    async with world.web.transaction(world.district) as conn:
        await cases.return_(conn, left, None, NOW + s(70))
    shelved = await of_somebody(world)
    async with world.web.transaction(world.district) as conn:
        await cases.shelve(conn, shelved, by, NOW + s(30), NOW + DAY, "hospital")
        await pauses.begin(
            conn,
            elder=world.elder,
            care_bed=None,
            reason="holiday",
            starts_at=NOW,
            ends_at=NOW + DAY,
            by=by,
            now=NOW,
        )
    await make_case(world, "bed_exit")
    found = await total(world)
    assert (found.cases, found.tests, found.gone, found.shelved, found.paused) == (1, 1, 1, 1, 1)


async def test_alarms_that_join_a_case_are_counted_apart_and_not_twice(world: World) -> None:
    case = await make_case(world)
    assert await make_case(world, "fall", NOW + s(50)) == case
    found = await total(world)
    assert (found.cases, found.joined) == (1, 1)


async def test_faults_are_no_part_of_it(world: World) -> None:
    await make_case(world, "low_battery", NOW, **{"class": "technical"})
    assert await total(world) == Sums()


async def test_the_way_to_the_scene_counts_from_the_decision_to_send(world: World) -> None:
    case = await make_case(world)
    by = await make_operator(world)
    await claim(world, case, by, NOW + s(10))
    async with world.web.transaction(world.district) as conn:
        row = await cases.lock(conn, case)
        await cases.move(conn, row, "dispatch", NOW + s(100), by=by, escalate_at=None)
    await tally(world)
    async with world.web.transaction(world.district) as conn:
        (late,) = await answers.latest(conn, NOW - DAY, NOW + DAY, NOW + s(100) + timedelta(minutes=45))
        assert late["scene_at"] is None
        row = await cases.lock(conn, case)
        await cases.move(conn, row, "arrive", NOW + s(100) + timedelta(minutes=46), by=by, escalate_at=None)
    found = await total(world)
    assert (found.sent, found.scenes, found.scene_45, found.scene_60) == (1, 1, 0, 1)
    async with world.web.transaction(world.district) as conn:
        (late,) = await answers.latest(conn, NOW - DAY, NOW + DAY, NOW + DAY)
        assert late["scene_seconds"] == 46 * 60


async def test_hours_are_made_anew_and_never_added_twice(world: World) -> None:
    case = await make_case(world)
    await tally(world)
    await claim(world, case, await make_operator(world), NOW + s(30))
    async with world.web.transaction(world.district) as conn:
        assert await answers.is_stale(conn)
    found = await total(world)
    assert (found.cases, found.answered) == (1, 1)
    assert await tally(world) == 0
    async with world.web.transaction(world.district) as conn:
        assert not await answers.is_stale(conn)


async def test_what_was_for_nothing_is_listed_by_sensor_kind_rule_and_home(world: World) -> None:
    by = await make_operator(world)
    for nth, outcome in enumerate(["false_alarm", "false_alarm", "reassured"]):
        case = await make_case(world, at=NOW + nth * 2 * HOUR)
        await claim(world, case, by, NOW + nth * 2 * HOUR + s(30))
        await close(world, case, by, NOW + nth * 2 * HOUR + s(150), outcome)
    await tally(world)
    async with world.web.transaction(world.district) as conn:
        found = await answers.falses(conn, NOW - DAY, NOW + DAY)
    for kind, key in {"model": "care_bed_v1", "type": "sos"}.items():
        (row,) = found[kind]
        assert (row["key"], row["cases"], row["falses"], row["busy_seconds"]) == (key, 3, 2, 240)
    assert found["device"][0]["device_id"] == world.device
    assert found["home"][0]["elder_id"] == world.elder


async def test_history_is_whole_weeks_with_their_noughts(world: World) -> None:
    monday = datetime.fromisoformat("2026-11-15T16:00:00+00:00")
    for weeks in (1, 2):
        await make_case(world, at=monday - weeks * 7 * DAY)
    await tally(world)
    async with world.web.transaction(world.district) as conn:
        found = await answers.history(conn, monday, 8, covering.hour_of_week)
        assert (found.weeks, found.counts[0], found.counts[1]) == (2, [1, 1], [0, 0])
        assert found.seconds_each is None
        none = await answers.history(conn, monday - 15 * DAY, 8, covering.hour_of_week)
        assert none.weeks == 0
