"""Change one fact and the reason changes."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.geo import distance_km, travel_minutes
from dispatch.matching import Busy, Candidate, Certificate, Disruption, Need, match, rings
from tests.makers import NOW

LAT, LON = 37.886, 118.526
NEED = Need(
    service="emergency",
    skill="emergency",
    priority=1,
    lat=LAT,
    lon=LON,
    at=NOW,
    on=date(2026, 11, 21),
    reach_min=60,
    travel_factor=1.35,
)
NEAR = Candidate(
    caregiver_id=UUID(int=1),
    name="near",
    skills=frozenset({"emergency"}),
    certificates=(Certificate("emergency", date(2026, 1, 1), date(2026, 12, 31)),),
    shift_until=NOW + timedelta(hours=4),
    next_shift=NOW + timedelta(hours=16),
    lat=LAT + 0.009,
    lon=LON,
    position="base",
    speed_kmh=18,
)
FAR = replace(NEAR, caregiver_id=UUID(int=2), name="far", lat=LAT + 0.018)
VISIT = UUID(int=77)


def reasons(*people: Candidate) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in match(NEED, people).why["considered"]}


def test_the_nearest_is_chosen_and_the_other_told_by_how_much() -> None:
    found = match(NEED, [FAR, NEAR])
    assert found.chosen == NEAR.caregiver_id
    far = next(one for one in found.why["considered"] if one["name"] == "far")
    assert far["code"] == "farther"
    assert (far["place"], far["eta_min"], far["chosen_eta_min"]) == (2, 11.0, 6.5)
    assert found.why["chosen"]["distance_km"] == 1.0
    assert found.why["request"]["at"] == NOW.isoformat()


CHANGES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"skills": frozenset({"care"})}, {"code": "no_skill", "skill": "emergency"}),
    (
        {"certificates": (Certificate("emergency", date(2025, 1, 1), date(2026, 11, 11)),)},
        {"code": "certificate_expired", "valid_to": "2026-11-11", "days": 10},
    ),
    (
        {"certificates": (Certificate("emergency", date(2026, 12, 1), date(2027, 12, 1)),)},
        {"code": "certificate_not_yet", "valid_from": "2026-12-01"},
    ),
    ({"shift_until": None}, {"code": "off_shift", "next_shift": (NOW + timedelta(hours=16)).isoformat()}),
    ({"shift_until": NOW, "next_shift": None}, {"code": "off_shift", "next_shift": None}),
    (
        {"busy": (Busy(VISIT, 1, NOW + timedelta(minutes=30)),)},
        {"code": "busy", "visit_id": str(VISIT), "priority": 1},
    ),
    ({"speed_kmh": 1.2}, {"code": "too_far", "eta_min": 69.6, "reach_min": 60}),
    ({"declined_at": NOW}, {"code": "declined", "at": NOW.isoformat()}),
]


@pytest.mark.parametrize(("change", "reason"), CHANGES)
def test_one_changed_fact_rules_the_nearest_out_with_its_code_and_number(
    change: dict[str, Any], reason: dict[str, Any]
) -> None:
    people = (replace(NEAR, **change), FAR)
    assert match(NEED, people).chosen == FAR.caregiver_id
    assert reasons(*people)["near"].items() >= reason.items()


def test_a_skill_that_was_never_certified_needs_no_certificate() -> None:
    other = (Certificate("bath", date(2020, 1, 1), date(2020, 12, 31)),)
    assert match(NEED, [replace(NEAR, certificates=other)]).chosen == NEAR.caregiver_id


def test_a_renewed_certificate_counts_although_an_old_one_expired() -> None:
    renewed = (Certificate("emergency", date(2024, 1, 1), date(2024, 12, 31)), *NEAR.certificates)
    assert match(NEED, [replace(NEAR, certificates=renewed)]).chosen == NEAR.caregiver_id


def test_a_routine_visit_is_left_only_when_nobody_idle_is_about_as_near() -> None:
    routine = replace(NEAR, busy=(Busy(VISIT, 3, NOW + timedelta(minutes=30)),))
    assert match(NEED, [routine, replace(FAR, lat=LAT + 0.012)]).chosen == FAR.caregiver_id
    found = match(NEED, [routine, replace(FAR, lat=LAT + 0.03)])
    assert (found.chosen, found.preempts) == (routine.caregiver_id, VISIT)
    assert found.why["chosen"]["preempts_priority"] == 3


def test_nobody_is_an_answer_with_a_reason_for_each() -> None:
    found = match(NEED, [replace(NEAR, shift_until=None), replace(FAR, skills=frozenset())])
    assert (found.chosen, found.why["chosen"]) == (None, None)
    assert [one["code"] for one in found.why["considered"]] == ["off_shift", "no_skill"]


CANDIDATES = st.lists(
    st.builds(
        Candidate,
        caregiver_id=st.uuids(),
        name=st.just("x"),
        skills=st.sampled_from([frozenset({"emergency"}), frozenset({"care"})]),
        certificates=st.lists(
            st.builds(
                Certificate,
                st.sampled_from(["emergency", "bath"]),
                st.dates(date(2026, 1, 1), date(2026, 12, 1)),
                st.dates(date(2026, 6, 1), date(2027, 12, 1)),
            ),
            max_size=2,
        ).map(tuple),
        shift_until=st.none() | st.just(NOW + timedelta(hours=1)),
        next_shift=st.none() | st.just(NOW + timedelta(hours=9)),
        lat=st.floats(37.5, 38.3),
        lon=st.floats(118.2, 118.9),
        position=st.sampled_from(["last", "base"]),
        speed_kmh=st.floats(4, 60),
        busy=st.lists(
            st.builds(Busy, st.uuids(), st.integers(1, 3), st.just(NOW + timedelta(hours=1))), max_size=2
        ).map(tuple),
        declined_at=st.none() | st.just(NOW),
    ),
    unique_by=lambda c: c.caregiver_id,
    max_size=12,
)


@given(people=CANDIDATES, data=st.data())
def test_everybody_is_accounted_for_once_whatever_the_order(
    people: list[Candidate], data: st.DataObject
) -> None:
    found = match(NEED, people)
    assert found == match(NEED, data.draw(st.permutations(people)))
    assert {one["caregiver_id"] for one in found.why["considered"]} == {str(c.caregiver_id) for c in people}
    assert len(found.why["considered"]) == len(people)
    codes = [one["code"] for one in found.why["considered"]]
    assert codes.count("chosen") == (0 if found.chosen is None else 1)
    assert found.chosen is not None or "farther" not in codes


@given(people=CANDIDATES)
def test_the_chosen_has_the_skill_is_on_shift_and_arrives_in_time(people: list[Candidate]) -> None:
    found = match(NEED, people)
    chosen = next((c for c in people if c.caregiver_id == found.chosen), None)
    if chosen is not None:
        km = distance_km(LAT, LON, chosen.lat, chosen.lon)
        assert "emergency" in chosen.skills
        assert chosen.shift_until is not None
        assert chosen.declined_at is None
        assert all(b.priority > 1 for b in chosen.busy)
        assert travel_minutes(km, chosen.speed_kmh, 1.35) <= 60


def test_distances_agree_with_known_ones() -> None:
    assert distance_km(0, 0, 0, 1) == pytest.approx(111.195, abs=0.001)
    assert distance_km(39.9042, 116.4074, 31.2304, 121.4737) == pytest.approx(1067, abs=2)
    assert travel_minutes(3, 18, 1.35) == pytest.approx(15.5)


def test_who_says_no_and_who_says_nothing_are_told_apart() -> None:
    silent = replace(NEAR, declined_at=NOW, answer="unanswered")
    assert reasons(silent, FAR)["near"] == {
        "caregiver_id": str(NEAR.caregiver_id),
        "name": "near",
        "code": "unanswered",
        "at": NOW.isoformat(),
    }


def test_who_is_on_leave_is_said_to_be() -> None:
    away = replace(NEAR, shift_until=None, away={"kind": "sick", "until": "2026-11-22"})
    assert reasons(away)["near"]["code"] == "on_leave"


def test_a_ring_further_out_waits_and_one_without_agreement_is_never_asked() -> None:
    need = replace(NEED, ring=1)
    others = [replace(FAR, ring=3), replace(NEAR, caregiver_id=UUID(int=3), name="stranger", ring=4)]
    found = match(need, [NEAR, *others])
    codes = {one["name"]: one["code"] for one in found.why["considered"]}
    assert codes == {"near": "chosen", "far": "later_ring", "stranger": "no_agreement"}


def test_so_many_as_are_wanted_are_asked_in_order_of_arrival_and_harm() -> None:
    farther = replace(NEAR, caregiver_id=UUID(int=3), name="farther", lat=LAT + 0.03)
    harm = {NEAR.caregiver_id: 8.0}
    looked: list[str] = []

    def disrupt(_need: Need, one: Candidate, _limit: float) -> Disruption:
        looked.append(one.name)
        return Disruption(harm.get(one.caregiver_id, 0.0), postponed=1)

    found = match(replace(NEED, ask=2), [NEAR, FAR, farther], disrupt)
    assert [one.caregiver_id for one in found.asked] == [FAR.caregiver_id, NEAR.caregiver_id]
    assert [one["code"] for one in found.why["considered"]] == ["asked_too", "chosen", "farther"]
    assert looked == ["near", "far"]
    assert found.why["chosen"]["postponed"] == 1


def test_who_must_finish_first_arrives_later_and_says_so() -> None:
    found = match(NEED, [replace(NEAR, free_in=20.0)])
    assert (found.eta_min, found.why["chosen"]["free_in_min"]) == (26.5, 20.0)


def test_whom_the_elder_refuses_goes_last() -> None:
    assert match(NEED, [replace(NEAR, reluctance=240.0), FAR]).chosen == FAR.caregiver_id


def test_rings_go_outwards_and_the_last_is_asked_again() -> None:
    assert rings(0, 2, is_one=True) == [(1, 2)]
    assert rings(0, 2, is_one=False) == [(1, 2), (2, 10), (3, 2)]
    assert rings(1, 1, is_one=False) == [(2, 10), (3, 1)]
    assert rings(3, 1, is_one=False) == [(3, 1)]
