from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services import complaining

CAME = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
DUE = CAME + timedelta(days=7)


@pytest.mark.parametrize(("urgency", "day"), [("urgent", 5), ("ordinary", 9), ("complex", 17)])
def test_the_deadline_is_so_many_days_after_it_came(urgency: str, day: int) -> None:
    days = {"urgent": 3, "ordinary": 7, "complex": 15}
    assert complaining.due_at(CAME, urgency, days) == datetime(2026, 11, day, 1, 0, tzinfo=UTC)


def test_an_unanswered_one_climbs_at_its_deadline_a_day_later_and_after_three() -> None:
    days = [complaining.step_at(DUE, level) for level in range(4)]
    assert days == [DUE, DUE + timedelta(days=1), DUE + timedelta(days=3), None]


@pytest.mark.parametrize(
    ("verb", "states"),
    [
        ("assign", {"open", "assigned"}),
        ("answer", {"assigned"}),
        ("return", {"answered"}),
        ("close", {"answered"}),
    ],
)
def test_each_verb_is_possible_in_its_states_and_no_other(verb: str, states: set[str]) -> None:
    every = ("open", "assigned", "answered", "closed")
    assert {state for state in every if complaining.may(verb, state)} == states


def test_what_is_withdrawn_is_closed_from_any_state_but_closed() -> None:
    every = ("open", "assigned", "answered", "closed")
    assert [complaining.may("close", state, "withdrawn") for state in every] == [True, True, True, False]
    assert not complaining.may("close", "open", "upheld")


@pytest.mark.parametrize(
    ("state", "hours", "expected"),
    [
        ("closed", 1, "closed"),
        ("answered", 1, "answered"),
        ("open", 1, "overdue"),
        ("assigned", 0, "soon"),
        ("open", -24, "soon"),
        ("open", -25, "in_time"),
    ],
)
def test_how_it_stands_with_its_deadline(state: str, hours: int, expected: str) -> None:
    assert complaining.standing(state, DUE, DUE + timedelta(hours=hours)) == expected


def test_it_is_a_providers_when_it_was_given_to_it_and_not_when_it_only_names_it() -> None:
    own, other = uuid4(), uuid4()
    for provider, at, expected in ((own, CAME, True), (own, None, False), (other, CAME, False)):
        complaint = {"provider_id": provider, "assigned_at": at}
        assert complaining.is_given_to(complaint, own) is expected


def test_a_provider_reads_the_story_from_when_it_got_it() -> None:
    first, second = uuid4(), uuid4()

    def given(provider: UUID) -> dict[str, Any]:
        return {"action": "assign", "detail": {"provider": str(provider)}}

    take: dict[str, Any] = {"action": "take", "detail": {}}
    answer: dict[str, Any] = {"action": "answer", "detail": {}}
    story = [take, given(first), answer, given(second), answer, given(second), answer]
    assert complaining.part_of(story, second) == story[3:]
    assert complaining.part_of(story, first) == [], "it has it no more"
    assert complaining.part_of(story[:3], first) == story[1:3]
    assert complaining.part_of([take], first) == []
