"""Who is assessed when, who may review, in which order homes are called at: decisions, pure."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, permutations
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.grades import ORDER
from dispatch.geo import distance_km
from services import assessment_needs, disputing, rounds
from services.assessing import CURRENT, VERSIONS, answers, form
from services.assessment_needs import Patience, need

A, B, C, ELDER = uuid4(), uuid4(), uuid4(), uuid4()
PATIENCE = Patience(application=15, condition=7, ahead=30)
DAY = date(2026, 11, 20)
NINE = datetime(2026, 11, 23, 1, tzinfo=UTC)
points = st.tuples(st.floats(37, 38), st.floats(118, 119))


@pytest.mark.parametrize(
    ("cause", "was_graded", "reason", "due_on"),
    [
        ("application", False, "first", date(2026, 12, 5)),
        ("application", True, "routine", date(2026, 12, 5)),
        ("condition", True, "immediate", date(2026, 11, 27)),
        ("dispute", True, "review", DAY),
        ("lapsing", True, "routine", DAY),
        ("lapsed", True, "routine", DAY),
        ("ungraded", False, "first", date(2026, 12, 5)),
        ("asked", True, "other", DAY),
    ],
)
def test_a_cause_says_the_reason_and_the_day(
    cause: str,
    was_graded: bool,  # noqa: FBT001 - a column of the table
    reason: str,
    due_on: date,
) -> None:
    found = need(ELDER, cause, A, DAY, was_graded=was_graded, patience=PATIENCE)
    assert (found.reason, found.due_on, found.elder, found.cause_id) == (reason, due_on, ELDER, A)


@pytest.mark.parametrize(
    ("sent", "before", "why"),
    [
        ((A, B), (None, None), None),
        ((A, None), (None, None), None),
        ((A, A), (None, None), "same_assessor"),
        ((A, B), (B, C), "same_assessors"),
        ((A, None), (A, C), "same_assessors"),
        ((A, None), (B, C), None),
    ],
)
def test_two_different_people_go_and_to_a_review_two_others(
    sent: tuple[UUID, UUID | None], before: tuple[UUID | None, UUID | None], why: str | None
) -> None:
    assert assessment_needs.objection(sent, before) == why


def test_a_grade_may_be_disputed_for_a_number_of_days() -> None:
    assert disputing.last_day(DAY, 30) == date(2026, 12, 20)


@pytest.mark.parametrize(
    ("reviewer", "on", "why"),
    [
        (A, date(2026, 11, 25), "same_assessors"),
        (B, date(2026, 11, 25), "same_assessors"),
        (C, date(2026, 11, 20), "before_disputed"),
        (C, date(2026, 11, 21), None),
    ],
)
def test_a_review_comes_later_and_from_others(reviewer: UUID, on: date, why: str | None) -> None:
    assert disputing.objection((A, B), DAY, reviewer, on) == why


@given(before=st.sampled_from(ORDER), after=st.sampled_from(ORDER))
def test_the_outcome_is_a_comparison(before: str, after: str) -> None:
    turned = {"same": "same", "milder": "worse", "worse": "milder"}
    assert disputing.outcome(after, before) == turned[disputing.outcome(before, after)]
    assert (disputing.outcome(before, after) == "same") == (before == after)
    assert disputing.outcome("mild", "severe") == "worse"


def test_promised_times_stand_and_homes_of_one_time_come_the_short_way() -> None:
    later = NINE + timedelta(hours=2)
    places = [(37.80, 118.50), (37.90, 118.50), (37.82, 118.50), (37.86, 118.50)]
    assert rounds.order([later, NINE, NINE, NINE], places) == [1, 3, 2, 0]
    assert rounds.order([], []) == []
    assert rounds.legs([]) == []
    first, second = rounds.legs([(37.80, 118.50), (37.89, 118.50)])
    assert first is None
    assert second == pytest.approx(10.0, abs=0.02)


@given(st.lists(points, min_size=1, max_size=6))
def test_a_short_round_is_the_shortest_of_all(homes: list[tuple[float, float]]) -> None:
    def length(way: tuple[int, ...]) -> float:
        return sum(distance_km(*homes[one], *homes[other]) for one, other in pairwise(way))

    found = rounds.order([NINE] * len(homes), homes)
    best = min(length(way) for way in permutations(range(len(homes))))
    assert length(tuple(found)) == pytest.approx(best)


@given(st.lists(points, min_size=8, max_size=20))
def test_a_long_round_calls_at_each_home_once(homes: list[tuple[float, float]]) -> None:
    found = rounds.order([NINE, *[NINE + timedelta(hours=1)] * (len(homes) - 1)], homes)
    assert sorted(found) == list(range(len(homes)))
    assert found[0] == 0


def test_an_old_rule_set_is_still_there_and_an_unknown_one_never_was() -> None:
    assert form(VERSIONS[0]).rules == VERSIONS[0]
    assert form() is form(CURRENT)
    with pytest.raises(LookupError, match="no rule set"):
        form("mzt_039_2013")


def test_answers_are_spelt_in_the_order_of_the_form() -> None:
    assert answers({"B.1.2": 3, "B.1.1": 4}) == "B.1.1=4 B.1.2=3"
