"""An emergency in somebody's day: who is told what. Times are minutes from noon, a kilometre is a minute."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.geo import distance_km, travel_minutes
from dispatch.online import ways
from dispatch.online.book import Place, Route, instant, minute, route_of
from dispatch.online.places import TOLERANCE, Places
from dispatch.online.repair import HANDED_OVER, PINNED, POSTPONED, RELEASED, Change, Repair, repair
from dispatch.online.schedule import standing
from dispatch.roster.fitness import Shift
from tests.dispatch.routes import NOON, ZERO, at, book, call, carer, lat, stop

ONE, TWO = UUID(int=1), UUID(int=2)


def route(places: Places, whose: UUID = ONE) -> Route:
    return places.book.routes[whose]


def mended(places: Places, whose: UUID = ONE, **given: object) -> Repair:
    limit = given.pop("limit", None)
    more = () if limit is None else (limit,)
    return repair(places, route(places, whose), call(**given), ZERO, *more)  # type: ignore[arg-type]


def told(found: Repair) -> list[tuple[str, UUID | None]]:
    return [(one.code, one.carer_id) for one in found.changes]


def only(found: Repair) -> Change:
    (one,) = found.changes
    return one


def test_ways_agree_with_the_distances_that_people_are_shown() -> None:
    km = distance_km(37.8, 118.5, 37.9, 118.6)
    shown = travel_minutes(km, 18, 1.35)
    assert ways.minutes(37.8, 118.5, 37.9, 118.6, 1.35 / 18 * 60) == pytest.approx(shown, rel=1e-3)
    assert ways.minutes(37.8, 118.5, 37.8, 118.5, 3) == 0


def test_who_has_nothing_to_do_soon_comes_and_nobody_is_told_anything() -> None:
    found = mended(book(carer(1), stops=(stop(1, 1, 120),)), km=3)
    assert found.arrival == pytest.approx(ZERO + 5)
    assert (found.changes, found.minutes) == ((), 0)


def test_a_visit_that_can_wait_within_its_window_is_made_later_by_the_same_person() -> None:
    one = only(mended(book(carer(1), stops=(stop(1, 1, 10, slack=60),))))
    assert (one.code, one.carer_id, one.begin, one.is_broken) == ("postponed", ONE, ZERO + 30, True)


def test_a_few_minutes_late_is_no_broken_promise() -> None:
    assert mended(book(carer(1), stops=(stop(1, 1, 30 - TOLERANCE),))).changes == ()


def test_what_cannot_wait_goes_to_somebody_who_may_make_it_in_time() -> None:
    places = book(carer(1), carer(2, km=4), stops=(stop(1, 1, 10, slack=10),))
    found = mended(places)
    assert told(found) == [("handed_over", TWO)]
    assert found.minutes == HANDED_OVER
    assert only(found).begin == pytest.approx(ZERO + 10)


def test_what_nobody_can_make_waits_for_somebody() -> None:
    found = mended(book(carer(1), carer(2, skills=frozenset()), stops=(stop(1, 1, 10, slack=10),)))
    assert told(found) == [("released", None)]
    assert found.minutes == RELEASED
    assert only(found).is_broken


def test_as_few_as_possible_are_taken_out() -> None:
    long = stop(1, 1, 10, slack=20, minutes=30)
    rest = (stop(2, 1, 41, slack=2, minutes=10), stop(3, 1, 52, slack=2, minutes=10))
    found = mended(book(carer(1), stops=(long, *rest)))
    assert told(found) == [("released", None)]
    assert only(found).stop.key == long.key


def test_what_was_late_already_is_not_late_because_of_the_emergency() -> None:
    late = stop(1, 1, -60, slack=10, minutes=10)
    found = mended(book(carer(1), stops=(late,)), km=0, minutes=0)
    assert [one.code for one in found.changes] == ["postponed"]


def test_nobody_is_kept_beyond_the_end_of_the_shift() -> None:
    places = book(carer(1, shift=(-60, 60)), stops=(stop(1, 1, 25, slack=300),))
    assert told(mended(places, minutes=45)) == [("released", None)]


def test_a_visit_of_two_people_keeps_its_time_or_gets_somebody_else() -> None:
    pair = stop(1, 1, 10, slack=60, is_fixed=True)
    other = replace(pair, seat=1, carer_id=TWO)
    places = book(carer(1), carer(2), carer(3, km=2), stops=(pair, other))
    found = mended(places)
    assert told(found) == [("handed_over", UUID(int=3))]
    assert only(found).begin == ZERO + 10
    alone = book(carer(1), carer(2), stops=(pair, other))
    assert told(mended(alone)) == [("released", None)]


def test_a_visit_of_two_people_is_not_taken_by_who_comes_too_late() -> None:
    pair = stop(1, 1, 10, slack=60, is_fixed=True)
    assert told(mended(book(carer(1), carer(2, km=40), stops=(pair,)))) == [("released", None)]


def test_what_a_manager_fixed_is_moved_last_and_never_to_somebody_else() -> None:
    fixed = stop(1, 1, 10, slack=10, is_pinned=True)
    easy = stop(2, 1, 25, slack=30, minutes=10)
    places = book(carer(1), carer(2), stops=(fixed, easy))
    found = mended(places)
    assert ("released", None) in told(found)
    assert found.minutes >= RELEASED + PINNED


def test_a_visit_may_be_put_behind_another_of_the_same_person() -> None:
    first = stop(1, 1, 10, slack=55, minutes=20)
    second = stop(2, 1, 32, slack=2, minutes=20)
    found = mended(book(carer(1), stops=(first, second)))
    assert told(found) == [("postponed", ONE)]
    assert only(found).begin == ZERO + 52


def test_two_that_go_to_the_same_person_do_not_stand_at_the_same_time() -> None:
    both = (stop(1, 1, 5, slack=5), stop(2, 1, 36, slack=5))
    found = mended(book(carer(1), carer(2), stops=both), minutes=90)
    assert told(found) == [("handed_over", TWO), ("handed_over", TWO)]
    begins = sorted(one.begin or 0 for one in found.changes)
    assert begins[1] - begins[0] >= 30


def test_who_takes_one_is_not_given_another_that_they_may_not_make() -> None:
    bath = stop(2, 1, 36, slack=5)
    bath = replace(bath, facts=replace(bath.facts, skill="bath"))
    found = mended(book(carer(1), carer(2), stops=(stop(1, 1, 5, slack=5), bath)), minutes=90)
    assert told(found) == [("handed_over", TWO), ("released", None)]


def test_of_several_windows_the_next_is_taken() -> None:
    two = stop(1, 1, 10, slack=5)
    two = replace(two, windows=(*two.windows, (ZERO + 100, ZERO + 130)), minutes=10)
    assert only(mended(book(carer(1), stops=(two,)))).begin == ZERO + 100
    full = replace(stop(2, 1, 35, slack=60, minutes=60), is_pinned=True)
    handed = mended(book(carer(1), carer(2, km=20), stops=(two, full)), minutes=30)
    assert ("postponed", ONE) in told(handed)


def test_who_is_in_a_visit_finishes_it_unless_the_gravest_may_interrupt() -> None:
    begun = stop(1, 1, -10, minutes=40, state="in_progress", started=ZERO - 10, is_interruptible=True)
    places = book(carer(1), stops=(begun,))
    assert mended(places).arrival == ZERO + 30
    found = mended(places, may_interrupt=True)
    assert found.arrival == ZERO + 1
    assert found.interrupted == begun
    assert (told(found), only(found).stop.state) == ([("postponed", ONE)], "in_progress")
    bath = replace(begun, is_interruptible=False)
    assert mended(book(carer(1), stops=(bath,)), may_interrupt=True).interrupted is None


def test_who_is_almost_done_is_not_interrupted() -> None:
    begun = stop(1, 1, -35, minutes=40, state="in_progress", started=ZERO - 35, is_interruptible=True)
    found = mended(book(carer(1), stops=(begun,)), may_interrupt=True)
    assert (found.arrival, found.interrupted) == (ZERO + 5, None)


def test_a_repair_that_costs_too_much_is_not_thought_through() -> None:
    places = book(carer(1), carer(2, km=4), stops=(stop(1, 1, 10, slack=10),))
    found = mended(places, limit=POSTPONED)
    assert told(found) == [("postponed", None)]
    assert mended(places, limit=POSTPONED + 0.1).minutes == HANDED_OVER


def test_where_somebody_is_comes_from_the_visit_the_phone_or_the_plan() -> None:
    ahead = stop(2, 1, 5, km=10)
    begun = stop(1, 1, -10, km=3, state="in_progress", started=ZERO - 10)
    places = book(carer(1), stops=(begun, ahead))
    assert standing(route(places), ZERO).position == "visit"
    places.book.forget(begun.facts.visit_id)
    halfway = standing(route(places), ZERO)
    assert (halfway.position, halfway.driving_to) == ("way", ahead)
    assert lat(5) < halfway.place.lat < lat(7)
    places.book.see(ONE, Place(lat(8), 118.0, ZERO - 5))
    assert standing(route(places), ZERO).place.lat == lat(8)
    assert standing(route(places), ZERO).driving_to is None
    places.book.see(ONE, Place(lat(1), 118.0, ZERO - 20))
    assert standing(route(places), ZERO).place.lat == lat(8)
    assert standing(route(places), ZERO + 40).position == "base"


def test_a_plan_that_was_not_kept_says_nothing_about_where_somebody_is() -> None:
    for one in (stop(1, 1, -30), stop(1, 1, 0, planned=None)):
        assert standing(route(book(carer(1, km=9), stops=(one,))), ZERO).place.lat == lat(9)
    driving = stop(1, 1, 5, km=10, state="en_route")
    assert standing(route(book(carer(1), stops=(driving,))), ZERO).driving_to == driving
    far = stop(1, 1, 60, km=10, state="en_route")
    assert standing(route(book(carer(1), stops=(far,))), ZERO).position == "way"
    there = stop(1, 1, 5, km=0, state="en_route")
    assert standing(route(book(carer(1), stops=(there,))), ZERO).position == "base"


def test_who_has_not_begun_to_work_can_be_given_what_begins_when_they_do() -> None:
    places = book(carer(1), carer(2, shift=(60, 240)), stops=(stop(1, 1, 20, slack=60),))
    found = mended(places, minutes=100)
    assert (told(found), only(found).begin) == ([("handed_over", TWO)], ZERO + 60)


def test_who_has_gone_home_is_given_nothing() -> None:
    places = book(carer(1), carer(2, shift=(-240, -10)), stops=(stop(1, 1, 10, slack=5),))
    assert told(mended(places)) == [("released", None)]


def test_a_plan_that_stands_keeps_its_gaps_and_a_change_makes_them_anew() -> None:
    places = book(carer(1), carer(2), stops=(stop(1, 1, 10, slack=10), stop(2, 2, 200)))
    mended(places)
    table = places.table
    mended(places)
    assert places.table is table
    places.book.add(stop(3, 2, 5, minutes=60))
    assert told(mended(places)) == [("released", None)]
    places.book.set_people([carer(1), carer(3)])
    assert told(mended(places)) == [("handed_over", UUID(int=3))]


def test_gaps_end_with_the_shift_and_with_the_visit_under_way() -> None:
    begun = stop(2, 2, -10, minutes=40, state="in_progress", started=ZERO - 10)
    places = book(carer(1), carer(2), carer(3, shift=(-9, 9)), stops=(stop(1, 1, 10, slack=10), begun))
    assert told(mended(places)) == [("released", None)]
    assert told(mended(book(carer(1), stops=(stop(1, 1, 10, slack=10),)))) == [("released", None)]


def test_people_without_a_route_are_no_trouble() -> None:
    places = book(carer(1))
    places.book.add(stop(1, 9, 10))
    places.book.see(UUID(int=9), Place(37, 118, ZERO))
    places.book.forget(UUID(int=101))
    places.book.whose[UUID(int=5)] = {UUID(int=9)}
    places.book.forget(UUID(int=5))
    assert route(places).stops == []


def test_shifts_without_a_gap_are_one() -> None:
    shifts = (Shift(at(0), at(60), ONE), Shift(at(60), at(120), TWO), Shift(at(200), at(260), ONE))
    spans = route_of(carer(1, shifts=shifts), 1.0).spans
    assert spans == ((ZERO, ZERO + 120), (ZERO + 200, ZERO + 260))


def test_minutes_and_instants_are_the_same_thing() -> None:
    assert instant(minute(NOON)) == NOON


DAYS = st.lists(
    st.tuples(
        st.integers(1, 3), st.integers(0, 200), st.integers(0, 60), st.integers(10, 60), st.integers(0, 20)
    ),
    max_size=9,
)


@given(day=DAYS, km=st.integers(0, 20), minutes=st.integers(10, 90))
def test_whatever_the_day_every_visit_has_somebody_in_time_or_is_said_to_have_nobody(
    day: list[tuple[int, int, int, int, int]], km: int, minutes: int
) -> None:
    stops = tuple(
        stop(nth, whose, begins, slack=slack, minutes=float(took), km=float(away))
        for nth, (whose, begins, slack, took, away) in enumerate(day)
    )
    places = book(carer(1), carer(2, km=5), carer(3, km=12), stops=stops)
    found = mended(places, km=float(km), minutes=float(minutes))
    keys = [one.stop.key for one in found.changes]
    assert len(keys) == len(set(keys))
    own = {one.key for one in stops if one.carer_id == ONE}
    assert set(keys) <= own
    for one in found.changes:
        assert (one.carer_id is None) == (one.code == "released")
        if one.code == "handed_over":
            assert one.begin is not None
            assert one.carer_id != ONE
            assert one.stop.windows[0][0] <= one.begin <= one.stop.windows[0][1]
