from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import new_id
from dashboards.web.plan import gantt, routes
from dashboards.web.plan.comparing import way
from dashboards.web.plan.day import marked, place
from dashboards.web.plan.gantt import SCALE, Given
from dashboards.web.provider import workload

DAY = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ONE, TWO = UUID(int=1), UUID(int=2)


def carer(identity: UUID = ONE, **more: Any) -> dict[str, Any]:
    return {"id": identity, "name": "c", "lat": 37.88, "lon": 118.52, "speed_kmh": 18.0, **more}


def visit(start: float, hours: float = 1.0, whose: UUID = ONE, **more: Any) -> dict[str, Any]:
    row = {
        "id": new_id(),
        "row_caregiver_id": whose,
        "starts_at": DAY + start * HOUR,
        "ends_at": DAY + (start + hours) * HOUR,
        "lat": 37.9,
        "lon": 118.52,
        "seat": 0,
        "state": "accepted",
        "case_id": None,
        "follows_id": None,
        "travel_s": None,
    }
    return {**row, **more}


def shift(
    start: float, end: float, whose: UUID = ONE, rest: tuple[float, float] | None = None
) -> dict[str, Any]:
    return {
        "caregiver_id": whose,
        "starts_at": DAY + start * HOUR,
        "ends_at": DAY + end * HOUR,
        "break_from": DAY + rest[0] * HOUR if rest else None,
        "break_to": DAY + rest[1] * HOUR if rest else None,
    }


def drawn(visits: list[dict[str, Any]], shifts: list[dict[str, Any]], leaves: Any = ()) -> gantt.Chart:
    return gantt.draw(Given([carer(), carer(TWO)], shifts, leaves, visits), DAY, DAY + 10 * HOUR)


def test_the_day_is_as_long_as_its_shifts_and_visits_and_says_now() -> None:
    chart = drawn([visit(17.5)], [shift(8.25, 12)])
    assert (chart.since, chart.until) == (DAY + 8 * HOUR, DAY + 19 * HOUR)
    assert chart.now == 2 * 60 * SCALE
    assert [round(x) for x, _ in chart.hours][:3] == [0, 90, 180]


def test_an_empty_day_and_a_night_shift_are_drawn_too() -> None:
    empty = drawn([], [])
    assert (empty.since, empty.until, empty.now is not None) == (DAY + 7 * HOUR, DAY + 19 * HOUR, True)
    night = drawn([], [shift(20, 32)])
    assert (night.since, night.until, night.now) == (DAY + 20 * HOUR, DAY + 32 * HOUR, None)
    begun_yesterday = drawn([], [shift(-4, 6)])
    assert begun_yesterday.since == DAY


def test_a_row_holds_shift_break_leave_way_and_wait() -> None:
    leave = {"caregiver_id": ONE, "starts_at": DAY + 15 * HOUR, "ends_at": DAY + 16 * HOUR}
    chart = drawn([visit(9), visit(12, travel_s=600)], [shift(8, 16, rest=(11, 12))], [leave])
    line = chart.lines[0]
    assert (len(line.shifts), len(line.breaks), len(line.leaves), line.minutes) == (1, 1, 1, 120)
    first, second = line.blocks
    assert first.travel
    assert first.wait is None
    assert second.travel == (3.0 * 60 * SCALE + 50 * SCALE, 10 * SCALE)
    assert second.wait == (2.0 * 60 * SCALE, 110 * SCALE)
    assert chart.lines[1].blocks == []


def test_visits_that_overlap_lie_beneath_each_other() -> None:
    chart = drawn([visit(9), visit(9.5), visit(10.6)], [shift(8, 16)])
    tops = [one.y for one in chart.lines[0].blocks]
    assert tops[0] == tops[2] < tops[1]
    assert chart.lines[0].blocks[1].travel is None


def test_who_comes_together_is_joined_and_what_follows_has_an_arrow() -> None:
    both = visit(9)
    follower = visit(11, follows_id=both["id"], whose=TWO)
    chart = drawn([both, {**both, "row_caregiver_id": TWO, "seat": 1}, follower], [])
    assert len(chart.joints) == 1
    assert len(chart.arrows) == 1
    assert drawn([visit(11, follows_id=new_id())], []).arrows == []


def test_what_is_under_way_or_an_emergency_cannot_be_dragged() -> None:
    rows = [visit(9), visit(11, state="in_progress"), visit(13, case_id=new_id())]
    assert [one.is_free for one in drawn(rows, []).lines[0].blocks] == [True, False, False]


@given(st.lists(st.tuples(st.floats(0, 30), st.floats(0.1, 6)), max_size=12))
def test_no_two_bars_of_one_lane_overlap_and_all_lie_inside(spans: list[tuple[float, float]]) -> None:
    chart = drawn([visit(start, hours) for start, hours in spans], [])
    blocks = chart.lines[0].blocks
    for one in blocks:
        assert one.x >= 0
        assert one.x + min(one.width, 6) <= chart.width + 6.1
        for other in blocks:
            if other is not one and other.y == one.y:
                assert other.starts_at >= one.ends_at or one.starts_at >= other.ends_at


def test_the_map_numbers_stops_in_their_order_and_fits_all() -> None:
    visits = [visit(11, lat=37.95), visit(9, lat=37.80)]
    left = [visit(9, lat=37.7, lon=118.3)]
    drawing = routes.draw([carer(), carer(TWO)], visits, left, chosen=ONE)
    chosen = drawing.rounds[-1]
    assert chosen.is_chosen
    assert [(stop.nth, stop.visit["lat"]) for stop in chosen.stops] == [(1, 37.80), (2, 37.95)]
    assert chosen.points.count(",") == 3
    for stop in (*chosen.stops, *drawing.left):
        assert 0 <= stop.x <= drawing.width
        assert 0 <= stop.y <= drawing.height
    assert 0 < drawing.bar[0] <= drawing.width / 4


def test_an_empty_map_is_a_map() -> None:
    drawing = routes.draw([], [])
    assert (drawing.rounds, drawing.left) == ([], [])


@pytest.mark.parametrize(
    ("item", "change"),
    [
        ({"standing_id": None, "planned_start": None}, "new"),
        ({"standing_id": TWO, "planned_start": None}, "other"),
        ({"standing_id": ONE, "planned_start": DAY}, "moved"),
        ({"standing_id": ONE, "planned_start": DAY + 9 * HOUR}, None),
        ({"standing_id": ONE, "planned_start": None}, None),
    ],
)
def test_a_plans_item_says_what_it_changes(item: dict[str, Any], change: str | None) -> None:
    assert marked({"row_caregiver_id": ONE, "starts_at": DAY + 9 * HOUR, **item})["change"] == change


def test_a_page_begins_after_a_name_with_spaces_or_at_the_start() -> None:
    assert place(f"A b {ONE}") == ("A b", ONE)
    assert place("") is None
    assert place("x y") is None


def test_ways_begin_anew_with_each_caregiver() -> None:
    base = {"from_lat": 37.88, "from_lon": 118.52, "speed_kmh": 18.0, "lat": 37.9, "lon": 118.52}
    one, two = {**base, "caregiver_id": ONE}, {**base, "caregiver_id": TWO}
    assert way([one, two], 1.3) == pytest.approx(2 * way([one], 1.3))
    assert way([one, one], 1.3) == pytest.approx(way([one], 1.3) + 2)


def row(**more: float) -> dict[str, Any]:
    zero = dict.fromkeys(("paid_min", "away_min", "visit_min", "travel_min", "km", *workload.COUNTED), 0)
    return {**zero, **more}


def test_a_week_says_what_was_idle_and_what_was_too_much() -> None:
    calm = workload.figured(row(paid_min=480, away_min=60, visit_min=240, travel_min=60, visits=4, known=3))
    assert (calm["paid_min"], calm["idle_min"], calm["over_min"]) == (420, 120, 0)
    assert (calm["used"], calm["on_way"], calm["known_share"]) == (57.1, 20.0, 75.0)
    full = workload.figured(row(visit_min=60, travel_min=10))
    assert (full["over_min"], full["used"], full["known_share"]) == (70, None, None)
    both = workload.total([calm, full])
    assert (both["visit_min"], both["idle_min"], both["known_share"]) == (300, 120, 75.0)
    assert workload.total([])["used"] is None
