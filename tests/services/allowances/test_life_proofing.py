"""How far proofs of life reach, and which signs a home's devices give."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import life_proofing

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
SINCE = NOW - timedelta(days=7)
BED, WATCH, MOTION = (UUID(int=n) for n in (1, 2, 3))


@pytest.mark.parametrize(
    ("proven_on", "months", "until"),
    [
        (date(2026, 3, 15), 12, date(2027, 3, 14)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 5), 1, date(2027, 1, 4)),
    ],
)
def test_a_proof_holds_whole_months(proven_on: date, months: int, until: date) -> None:
    assert life_proofing.valid_to(proven_on, months) == until


def test_the_enrolment_is_a_proof_for_the_first_year() -> None:
    assert life_proofing.reach(date(2026, 1, 1), [], 12) == date(2026, 12, 31)
    assert life_proofing.compliant(date(2026, 1, 1), [], 12)[0][1] == date(2026, 12, 31)


def test_a_later_proof_shows_that_the_person_lived_all_the_time_before() -> None:
    proofs = [(date(2024, 5, 1), date(2025, 4, 30)), (date(2026, 10, 20), date(2027, 10, 19))]
    [(first, last)] = life_proofing.compliant(date(2023, 7, 1), proofs, 12)
    assert first <= date(2023, 7, 1)
    assert last == date(2027, 10, 19)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 11, 30), "held"),
        (date(2026, 12, 1), "held"),
        (date(2026, 12, 2), "due"),
        (date(2026, 12, 31), "due"),
        (date(2027, 1, 1), "missed"),
    ],
)
def test_a_proof_is_due_thirty_days_before_it_lapses(today: date, state: str) -> None:
    assert life_proofing.standing(date(2026, 12, 31), today, 30).state == state


def said(device: UUID, model: str, **values: tuple[Any, datetime]) -> dict[str, Any]:
    stored = {name: [value, at.isoformat()] for name, (value, at) in values.items()}
    return {"device_id": device, "thing_model": model, "values": stored}


def test_the_newest_sign_of_the_body_counts_and_not_its_value() -> None:
    states = [
        said(BED, "care_bed_v1", heart_rate=(71, NOW - timedelta(hours=30))),
        said(WATCH, "watch_v1", steps=(12, NOW - timedelta(hours=2)), heart_rate=(0, NOW)),
    ]
    found = life_proofing.evidence(states, SINCE, NOW, lives_alone=False)
    assert found == life_proofing.Evidence(WATCH, "watch_v1", "steps", NOW - timedelta(hours=2))


def test_motion_in_a_home_speaks_only_for_who_lives_there_alone() -> None:
    states = [said(MOTION, "motion_v1", occupied=(True, NOW))]
    assert life_proofing.evidence(states, SINCE, NOW, lives_alone=False) is None
    found = life_proofing.evidence(states, SINCE, NOW, lives_alone=True)
    assert found is not None
    assert found.metric == "occupied"


@pytest.mark.parametrize(
    "state",
    [
        said(BED, "care_bed_v1", heart_rate=(71, SINCE - timedelta(seconds=1))),
        said(BED, "care_bed_v1", heart_rate=(71, NOW + timedelta(seconds=1))),
        said(BED, "care_bed_v1", heart_rate=(0, NOW)),
        said(BED, "care_bed_v1", mains=(True, NOW)),
        said(BED, "plug_v1", on=(True, NOW)),
        {"device_id": BED, "thing_model": "care_bed_v1", "values": None},
    ],
)
def test_an_old_a_future_an_empty_or_another_value_is_no_sign(state: dict[str, Any]) -> None:
    assert life_proofing.evidence([state], SINCE, NOW, lives_alone=True) is None


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 60))
def test_a_proof_never_ends_before_it_began(day: date, months: int) -> None:
    until = life_proofing.valid_to(day, months)
    assert timedelta(days=27 * months) <= until - day <= timedelta(days=31 * months)
