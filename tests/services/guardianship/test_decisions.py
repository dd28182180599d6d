"""Steps in their order, gaps of the team, late duties, the six: decisions, pure."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.guardianship import gaps, steps
from services.guardianship.gaps import Gap, Held
from services.guardianship.steps import Done

A, B = uuid4(), uuid4()
TODAY = date(2026, 11, 21)


def day(n: int) -> date:
    return TODAY + timedelta(days=n)


@pytest.mark.parametrize(
    ("step", "new", "has_guardian", "why"),
    [
        ("determine", Done(day(-1), B), False, None),
        ("determine", Done(day(-1), A), False, "same_person"),
        ("determine", Done(day(1), B), False, "future"),
        ("determine", Done(day(-11), B), False, "before_previous"),
        ("investigate", Done(day(-1), B), False, "step_done"),
        ("care", Done(day(-1), B), True, "step_order"),
    ],
)
def test_after_the_first_step_only_the_second_by_somebody_else(
    step: str,
    new: Done,
    has_guardian: bool,  # noqa: FBT001 - a column of the table
    why: str | None,
) -> None:
    done = {"investigate": Done(day(-10), A)}
    assert steps.objection(done, step, new, has_guardian=has_guardian, today=TODAY) == why


def test_care_begins_when_there_is_a_guardian() -> None:
    done = {step: Done(day(-5), A) for step in steps.STEPS[:3]}
    new = Done(TODAY, A)
    assert steps.objection(done, "care", new, has_guardian=False, today=TODAY) == "no_guardian"
    assert steps.objection(done, "care", new, has_guardian=True, today=TODAY) is None
    assert steps.objection({}, "investigate", new, has_guardian=False, today=TODAY) is None
    assert steps.next_step({**done, "care": new}) is None
    assert [steps.capacity(found) for found in steps.FINDINGS["determine"]] == ["none", "limited", "unknown"]


def test_a_role_that_nobody_held_is_a_gap_with_its_days() -> None:
    members = [Held("guardian", day(-8), day(-5)), Held("guardian", day(-2), None)]
    found = [gap for gap in gaps.gaps(members, day(-10), TODAY) if gap.role == "guardian"]
    assert found == [Gap("guardian", day(-10), day(-9)), Gap("guardian", day(-4), day(-3))]
    ended = gaps.gaps([Held("nurse", day(-10), day(-1))], day(-10), TODAY)
    assert Gap("nurse", TODAY, TODAY) in ended
    early = [Held("nurse", day(-20), day(-15)), Held("nurse", day(5), None)]
    assert [gap for gap in gaps.gaps(early, day(-10), TODAY) if gap.role == "nurse"] == [
        Gap("nurse", day(-10), TODAY)
    ]
    assert len(gaps.gaps([], TODAY, TODAY)) == 5


spans = st.lists(st.tuples(st.integers(-20, 10), st.integers(0, 9)), max_size=4)


@given(spans)
def test_held_days_and_gaps_are_all_the_days(held: list[tuple[int, int]]) -> None:
    members = [Held("nurse", day(start), day(start + long)) for start, long in held]
    found = [gap for gap in gaps.gaps(members, day(-10), TODAY) if gap.role == "nurse"]
    for n in range(-10, 1):
        is_held = any(one.first <= day(n) <= (one.last or TODAY) for one in members)
        assert is_held != any(gap.first <= day(n) <= gap.last for gap in found)


@pytest.mark.parametrize(
    ("met", "late_since", "next_on"),
    [
        ([], -14, 0),
        ([-14], -7, 0),
        ([-6], None, 0),
        ([0], None, 7),
        ([3], -14, 0),
    ],
)
def test_a_duty_is_late_since_the_first_day_that_nobody_made_good(
    met: list[int], late_since: int | None, next_on: int
) -> None:
    days = [day(n) for n in (-14, -7, 0, 7)]
    found = gaps.duty(days, [day(n) for n in met], TODAY)
    assert found.late_since == (day(late_since) if late_since is not None else None)
    assert found.next_on == day(next_on)
    assert gaps.duty([], [], TODAY) == gaps.Duty(None, None, None)


def test_each_of_the_six_has_a_state() -> None:
    seen = {"home": (day(-3), day(0)), "income": (day(-90), day(-1)), "file": (day(-1), None)}
    found = gaps.haves(("home", "income", "file", "carer"), seen, TODAY)
    assert [one.state for one in found] == ["had", "stale", "missing", "never"]
