"""The duty manager's decisions: pauses, staffing, scores, answer times, holes in the rota."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import at_local
from dispatch.centre import covering, measures, pausing, scoring, staffing
from dispatch.centre.pausing import Pause
from dispatch.centre.scoring import Candidate

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)
BED, OTHER = UUID(int=7), UUID(int=8)
PAUSE = Pause(UUID(int=1), None, MONDAY, MONDAY + 48 * HOUR)


@pytest.mark.parametrize("type_", ["bed_exit", "no_motion", "door_open", "heart_rate", "water_leak"])
def test_what_an_empty_home_may_say_does_not_page(type_: str) -> None:
    found = pausing.judge(type_, BED, MONDAY + HOUR, MONDAY + HOUR, [PAUSE])
    assert found == pausing.Verdict(PAUSE.pause_id, PAUSE.ends_at, pages=False)


@pytest.mark.parametrize("type_", ["sos", "fall", "smoke", "gas", "co", "heat"])
def test_what_needs_a_person_or_a_fire_pages_and_questions_the_pause(type_: str) -> None:
    found = pausing.judge(type_, BED, MONDAY + HOUR, MONDAY + HOUR, [PAUSE])
    assert found is not None
    assert found.pages


@pytest.mark.parametrize(
    ("observed", "received"),
    [(-1, 1), (47, 48), (50, 50)],
    ids=["seen before it began", "heard when it had ended", "after it"],
)
def test_a_pause_silences_nothing_before_it_and_nothing_that_comes_after_it(
    observed: int, received: int
) -> None:
    at = (MONDAY + observed * HOUR, MONDAY + received * HOUR)
    assert pausing.judge("bed_exit", BED, *at, [PAUSE]) is None


def test_a_pause_of_one_bed_is_not_for_another() -> None:
    one = replace(PAUSE, care_bed_id=BED)
    assert pausing.judge("bed_exit", BED, MONDAY, MONDAY, [one]) is not None
    assert pausing.judge("bed_exit", OTHER, MONDAY, MONDAY, [one]) is None


def test_of_two_pauses_the_longer_counts() -> None:
    longer = Pause(UUID(int=2), BED, MONDAY, MONDAY + 90 * HOUR)
    found = pausing.judge("bed_exit", BED, MONDAY, MONDAY, [PAUSE, longer])
    assert found is not None
    assert found.pause_id == longer.pause_id


def test_erlang_c_is_as_worked_out_by_hand() -> None:
    # B(3, 2) = (8/6) / (1 + 2 + 2 + 8/6) = 4/19; C = B / (1 - 2/3 * (1 - B)) = 4/9
    assert staffing.waits(3, 2.0) == pytest.approx(4 / 9)
    assert staffing.waits(2, 2.0) == 1.0
    assert staffing.waits(1, 0.0) == 0.0
    assert staffing.waits(1, 0.3) == pytest.approx(0.3)  # one server: the share of time it is busy


def test_the_share_in_time_is_as_worked_out_by_hand() -> None:
    # 24 calls of 300 s an hour are 2 erlangs: 1 - 4/9 * exp(-1 * 60 / 300) = 0.6361
    assert staffing.within(3, 24, 300) == pytest.approx(0.6361, abs=0.0001)
    assert staffing.within(2, 24, 300) == 0.0
    assert staffing.within(1, 0, 300) == 1.0
    assert staffing.within(0, 0, 300) == 1.0


def test_operators_are_as_many_as_the_bar_needs_and_never_none() -> None:
    count = staffing.operators_for(24, 300)
    assert staffing.within(count, 24, 300) >= 0.975 > staffing.within(count - 1, 24, 300)
    assert staffing.operators_for(0, 300) == 1
    assert staffing.operators_for(1e9, 300) == 500


@given(st.floats(0, 200), st.floats(10, 900), st.integers(1, 40))
def test_more_operators_never_answer_fewer_in_time(calls: float, each: float, count: int) -> None:
    fewer, more = (staffing.within(one, calls, each) for one in (count, count + 1))
    assert -1e-9 <= fewer <= more + 1e-9 <= 1 + 2e-9


def test_an_hours_load_has_the_interval_of_its_past_weeks() -> None:
    found = staffing.load(5, [4, 4, 4, 4])
    # mean 4, Poisson's variance 4 is larger than none seen: 1.96 * sqrt(4 * 1.25) = 4.38
    assert (found.mean, found.low) == (4.0, 0.0)
    assert found.high == pytest.approx(8.383, abs=0.001)
    assert staffing.load(0, [9]).mean == 9.0


def test_three_weeks_of_history_are_none() -> None:
    short = {hour: [1, 1, 1] for hour in range(168)}
    assert staffing.forecast(short, 300, {}) is None
    assert staffing.forecast({}, 300, {}) is None


def test_hours_that_are_short_or_tight_are_told_from_those_that_are_well() -> None:
    counts = {hour: [24, 24, 24, 24] for hour in range(168)}
    enough = staffing.operators_for(24, 300)
    found = staffing.forecast(counts, 300, {0: enough - 1, 1: enough, 2: 50})
    assert found is not None
    assert [(one.short, one.is_tight) for one in found[:4]] == [
        (1, False),
        (0, True),
        (0, False),
        (enough, False),
    ]


def candidates(whole: int, calls: int, account: str = "a") -> list[Candidate]:
    made = [Candidate(f"{account}w{n}", account, is_whole=True) for n in range(whole)]
    return [*made, *(Candidate(f"{account}c{n}", account, is_whole=False) for n in range(calls))]


@pytest.mark.parametrize(
    ("whole", "calls", "drawn"),
    [(3, 9, (1, 1)), (0, 9, (0, 2)), (4, 0, (2, 0)), (1, 0, (1, 0)), (0, 0, (0, 0))],
)
def test_each_operator_has_two_cases_drawn_one_of_them_whole(
    whole: int, calls: int, drawn: tuple[int, int]
) -> None:
    found = scoring.choose("seed", candidates(whole, calls))
    assert (sum(one.is_whole for one in found), sum(not one.is_whole for one in found)) == drawn
    assert len({one.case_id for one in found}) == len(found)


def test_the_same_seed_draws_the_same_in_whatever_order_and_another_seed_something_else() -> None:
    everybody = [*candidates(20, 200), *candidates(20, 200, "b")]
    first = scoring.choose("2026-11|x", everybody)
    assert scoring.choose("2026-11|x", list(reversed(everybody))) == first
    assert scoring.choose("2026-11|y", everybody) != first
    assert scoring.population_hash(everybody) == scoring.population_hash(list(reversed(everybody)))
    assert scoring.population_hash(everybody) != scoring.population_hash(everybody[1:])


def marks(**given: int | None) -> dict[str, int | None]:
    return {**{one.code: 2 for one in scoring.newest().criteria}, **given}


def test_a_form_that_is_all_done_has_all_points() -> None:
    form = scoring.newest()
    found = scoring.score(form, marks(), is_whole=True)
    assert found == scoring.Score(18, 18, is_critical=False)
    assert scoring.passes(form, found)
    assert scoring.score(form, marks(), is_whole=False).most == 14  # two criteria are for whole emergencies


def test_what_does_not_apply_counts_for_nothing() -> None:
    found = scoring.score(scoring.newest(), marks(family=None, greeting=1), is_whole=False)
    assert (found.points, found.most) == (11, 12)


def test_a_nought_of_a_critical_criterion_fails_the_call_whatever_the_points() -> None:
    form = scoring.newest()
    found = scoring.score(form, marks(identified=0), is_whole=True)
    assert found.is_critical
    assert not scoring.passes(form, found)
    few = scoring.score(form, dict.fromkeys(marks(), 1), is_whole=True)
    assert not few.is_critical
    assert not scoring.passes(form, few)


@pytest.mark.parametrize("wrong", [3, -1])
def test_a_mark_that_is_none_is_named(wrong: int) -> None:
    with pytest.raises(ValueError, match="manner"):
        scoring.score(scoring.newest(), marks(manner=wrong), is_whole=False)
    with pytest.raises(ValueError, match="greeting"):
        scoring.score(scoring.newest(), {}, is_whole=False)


def test_sums_add_up_and_keep_the_longest() -> None:
    one = measures.Sums(cases=40, answered=39, in_60=38, in_180=39, seconds=780, longest=170)
    two = measures.Sums(cases=10, answered=10, in_60=10, in_180=10, seconds=100, longest=20, sent=4)
    found = measures.together([one, two])
    assert (found.cases, found.unanswered, found.longest, found.sent) == (50, 1, 170, 4)
    assert (found.share_60, found.share_180, found.mean_seconds) == (0.96, 0.98, 880 / 49)
    assert (found.share_45, found.share_60_min) == (None, None)
    assert measures.sums(dict.fromkeys(measures.Sums.__dataclass_fields__, 1)).cases == 1


@pytest.mark.parametrize(
    ("share", "tone"), [(None, "none"), (0.98, "good"), (0.975, "good"), (0.95, "near"), (0.9, "bad")]
)
def test_a_share_has_the_tone_of_where_it_stands_to_its_bar(share: float | None, tone: str) -> None:
    assert measures.tone(share, measures.IN_60) == tone


def test_a_false_alarm_costs_minutes_and_visits() -> None:
    prices = measures.Prices(Decimal("1.20"), Decimal(40))
    # 41 alarms of 3 minutes and two visits: 41 * 3 * 1.20 + 80 = 227.60; each 5.55
    assert measures.cost(41, 41 * 180, 2, prices) == (Decimal("227.60"), Decimal("5.55"))
    assert measures.cost(0, 0, 0, prices) == (Decimal("0.00"), Decimal("0.00"))


@pytest.mark.parametrize(
    ("cases", "falses", "look"), [(41, 39, True), (5, 5, True), (4, 4, False), (10, 7, False)]
)
def test_a_sensor_that_raises_mostly_for_nothing_deserves_a_look(cases: int, falses: int, look: bool) -> None:  # noqa: FBT001 - a table of cases
    assert measures.deserves_a_look(cases, falses) is look


def held(account: str, starts: int, ends: int, role: str = "operator") -> dict[str, object]:
    times = {"starts_at": MONDAY + starts * HOUR, "ends_at": MONDAY + ends * HOUR}
    return {"account_id": account, "role": role, **times}


def test_holes_are_where_fewer_are_there_than_wanted() -> None:
    rows = [held("a", -2, 8), held("b", 6, 16), held("b", 6, 16), held("c", 0, 24, "duty_manager")]
    found = covering.holes(rows, "operator", 1, MONDAY, MONDAY + 24 * HOUR)
    assert [(one.starts_at - MONDAY, one.ends_at - MONDAY, one.there) for one in found] == [
        (16 * HOUR, 24 * HOUR, 0)
    ]
    two = covering.holes(rows, "operator", 2, MONDAY, MONDAY + 24 * HOUR)
    assert [(one.starts_at - MONDAY, one.there) for one in two] == [
        (0 * HOUR, 1),
        (8 * HOUR, 1),
        (16 * HOUR, 0),
    ]
    assert covering.holes([], "operator", 0, MONDAY, MONDAY + HOUR) == []


def test_hole_after_hole_with_as_few_people_is_one() -> None:
    rows = [held("a", 0, 4), held("b", 4, 8)]
    (found,) = covering.holes(rows, "operator", 2, MONDAY, MONDAY + 8 * HOUR)
    assert (found.starts_at, found.ends_at, found.there) == (MONDAY, MONDAY + 8 * HOUR, 1)


def test_people_of_each_hour_are_counted_with_parts_of_hours() -> None:
    half = {**held("a", 0, 2), "ends_at": MONDAY + HOUR * 1.5}
    found = covering.per_hour([half, held("b", 1, 2), held("c", 0, 9, "duty_manager")], "operator", MONDAY)
    assert found == {0: 1.0, 1: 1.5}


def test_the_hours_of_a_week_are_counted_from_local_monday() -> None:
    assert covering.hour_of_week(at_local(MONDAY.date(), "00:00")) == 0
    assert covering.hour_of_week(at_local(MONDAY.date(), "00:00") - HOUR) == 167
