from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from core.ids import new_id
from dispatch.gaps import Busy, Errand, earliest
from dispatch.geo import distance_km, travel_minutes
from dispatch.roster.fitness import CaregiverFacts, Leave, Shift, Span
from tests.makers import NOW

HERE = (37.886, 118.526)
HOUR = timedelta(hours=1)
FACTOR = 1.3


def carer(since: int = 0, hours: int = 8, *leaves: Leave) -> CaregiverFacts:
    shift = Shift(NOW + since * HOUR, NOW + (since + hours) * HOUR, UUID(int=1))
    return CaregiverFacts(
        new_id(),
        "",
        new_id(),
        "female",
        frozenset({"care"}),
        shifts=(shift,),
        leaves=leaves,
        lat=HERE[0],
        lon=HERE[1],
    )


def errand(since: float = 0, until: float = 8, minutes: int = 60) -> Errand:
    return Errand((Span(NOW + since * HOUR, NOW + until * HOUR),), minutes, *HERE)


def busy(since: float, hours: float = 1, north: float = 0.0) -> Busy:
    return Busy(NOW + since * HOUR, NOW + (since + hours) * HOUR, HERE[0] + north, HERE[1])


def test_an_empty_day_begins_with_the_window() -> None:
    fit = earliest(errand(2), carer(), [], FACTOR, NOW)
    assert fit
    assert (fit.starts_at, fit.way_min, fit.extra_min) == (NOW + 2 * HOUR, 2.0, 2.0)


def test_it_waits_for_the_way_from_the_visit_before() -> None:
    fit = earliest(errand(), carer(), [busy(0, 1, north=0.05)], FACTOR, NOW)
    way = travel_minutes(distance_km(HERE[0] + 0.05, HERE[1], *HERE), 18, FACTOR)
    assert fit
    assert fit.starts_at == NOW + HOUR + timedelta(minutes=way)


def test_it_lies_between_two_visits_when_there_is_room_for_both_ways() -> None:
    fit = earliest(errand(), carer(), [busy(0), busy(2.2)], FACTOR, NOW)
    assert fit
    assert NOW + HOUR < fit.starts_at < NOW + 1.1 * HOUR
    later = earliest(errand(), carer(), [busy(0), busy(2.05)], FACTOR, NOW)
    assert later
    assert later.starts_at > NOW + 3 * HOUR


def test_nothing_fits_when_the_shift_is_full_or_over() -> None:
    assert earliest(errand(), carer(), [busy(0, 8)], FACTOR, NOW) is None
    assert earliest(errand(9, 10), carer(), [], FACTOR, NOW) is None
    assert earliest(errand(0, 8, 600), carer(), [], FACTOR, NOW) is None


def test_leave_is_no_time_and_the_past_neither() -> None:
    leave = Leave(NOW, NOW + 3 * HOUR, "sick")
    fit = earliest(errand(), carer(0, 8, leave), [], FACTOR, NOW)
    assert fit
    assert fit.starts_at == NOW + 3 * HOUR
    late = earliest(errand(), carer(), [], FACTOR, NOW + 5 * HOUR)
    assert late
    assert late.starts_at == NOW + 5 * HOUR


def test_a_further_window_is_used_when_the_first_is_taken() -> None:
    wanted = Errand((Span(NOW, NOW + HOUR), Span(NOW + 4 * HOUR, NOW + 5 * HOUR)), 60, *HERE)
    fit = earliest(wanted, carer(), [busy(0, 2)], FACTOR, NOW)
    assert fit
    assert fit.starts_at == NOW + 4 * HOUR


@given(st.lists(st.tuples(st.floats(0, 7), st.floats(0.2, 2)), max_size=5), st.integers(15, 120))
def test_what_is_found_keeps_window_shift_and_every_other_visit(
    taken: list[tuple[float, float]], minutes: int
) -> None:
    others = [busy(since, hours) for since, hours in taken]
    fit = earliest(errand(1, 6, minutes), carer(), others, FACTOR, NOW)
    if fit is None:
        return
    ends_at = fit.starts_at + timedelta(minutes=minutes)
    assert NOW + HOUR <= fit.starts_at <= NOW + 6 * HOUR
    assert ends_at <= NOW + 8 * HOUR
    assert all(one.ends_at <= fit.starts_at or ends_at <= one.starts_at for one in others)
