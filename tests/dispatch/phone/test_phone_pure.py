"""What the phone's side decides without a database: codes, clocks, maps, figures, checklists."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.phone import checklists, clocks, codes, companions, figures, navigation
from dispatch.phone.clocks import Heard
from dispatch.service_items import ITEMS
from tests.makers import NOW

HOME, OTHER = UUID(int=1), UUID(int=2)
SECRET = b"s" * 32
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive by contract


@given(INSTANTS, st.integers(-60, 60))
def test_six_digits_hold_for_a_minute_either_way(at: datetime, off: int) -> None:
    said = codes.digits(SECRET, at)
    assert len(said) == 6
    assert said.isdigit()
    assert codes.check_digits(SECRET, f" {said} ", at + timedelta(seconds=off)) == codes.VALID


@given(INSTANTS)
def test_digits_of_another_time_or_home_are_worth_nothing(at: datetime) -> None:
    said = codes.digits(SECRET, at)
    later = codes.check_digits(SECRET, said, at + timedelta(minutes=5))
    near = {codes.digits(SECRET, at + timedelta(minutes=5 + step)) for step in (-1, 0, 1)}
    assert (later == codes.VALID) == (said in near)
    assert codes.check_digits(SECRET, "12345x", at) == codes.INVALID


@given(INSTANTS)
def test_a_shown_token_is_valid_in_its_minute_and_expires(at: datetime) -> None:
    shown = codes.token(HOME, SECRET, at)
    assert codes.home_of(f"https://example.invalid/q/{shown}") == HOME
    assert codes.check_token(HOME, SECRET, shown, at) == codes.VALID
    assert codes.check_token(HOME, SECRET, shown, at + timedelta(minutes=3)) == codes.EXPIRED
    assert codes.check_token(OTHER, SECRET, shown, at) == codes.OTHER_HOME
    assert codes.check_token(HOME, b"t" * 32, shown, at) == codes.INVALID


@pytest.mark.parametrize("shown", ["", "nonsense", "!!", "AAAA", "ä" * 48])
def test_what_is_no_token_of_ours_names_no_home(shown: str) -> None:
    assert codes.home_of(shown) is None
    assert codes.check_token(HOME, SECRET, shown, NOW) == codes.INVALID


def test_a_step_begins_where_its_number_says() -> None:
    step = codes.step_of(NOW)
    assert codes.begins(step) <= NOW < codes.begins(step + 1)


@pytest.mark.parametrize(
    ("heard", "says", "shift"),
    [
        (Heard(), "unknown", 0),
        (Heard(then_s=2.0), "right", 0),
        (Heard(now_s=-3.0), "right", 0),
        (Heard(then_s=-3600.0, now_s=-3590.0), "off", -3590),
        (Heard(now_s=3600.0), "off", 3600),
        (Heard(then_s=0.0, now_s=-3600.0), "moved", 0),
        (Heard(then_s=3600.0, now_s=0.0), "moved", 0),
    ],
)
def test_a_clock_is_corrected_only_when_both_looks_agree(heard: Heard, says: str, shift: int) -> None:
    found = clocks.believe(NOW, heard)
    assert (found.says, found.at - NOW) == (says, timedelta(seconds=shift))


def test_a_map_of_china_is_shifted_by_some_hundred_metres_and_no_other() -> None:
    lat, lon = navigation.shifted(39.908823, 116.39747)
    assert lat == pytest.approx(39.910226, abs=2e-4)
    assert lon == pytest.approx(116.403713, abs=2e-4)
    assert navigation.shifted(52.5, 13.4) == (52.5, 13.4)
    assert navigation.shifted(60.0, 100.0) == (60.0, 100.0)
    found = navigation.links(37.886, 118.526)
    assert found["geo"] == "geo:37.886000,118.526000?q=37.886000,118.526000"
    assert "coordinate=gaode" in found["amap"]


def test_figures_count_hours_and_roads_between_the_homes_of_a_day() -> None:
    start = datetime(2026, 11, 2, 1, tzinfo=UTC)
    rows: list[dict[str, Any]] = [
        {
            "started_at": start,
            "ended_at": start + timedelta(hours=1),
            "lat": 37.0,
            "lon": 118.0,
            "verdict": "proven",
        },
        {
            "started_at": start + timedelta(hours=2),
            "ended_at": start + timedelta(hours=2, minutes=30),
            "lat": 37.1,
            "lon": 118.0,
            "verdict": "doubted",
        },
        {
            "started_at": start + timedelta(days=1),
            "ended_at": start + timedelta(days=1, hours=1),
            "lat": 37.0,
            "lon": 118.0,
            "verdict": None,
        },
    ]
    found = figures.of_month(rows, 1.5)
    assert (found["visits"], found["proven"], found["hours"]) == (3, 1, 2.5)
    assert found["km"] == pytest.approx(16.7, abs=0.1)
    assert [day["on"] for day in found["days"]] == [date(2026, 11, 2), date(2026, 11, 3)]
    assert figures.of_month([], 1.0)["km"] == 0


def test_every_service_has_its_own_list_and_an_emergency_no_more_than_that() -> None:
    for code in ITEMS:
        tasks = checklists.tasks_of(code)
        assert len(tasks) == len(set(tasks)) > 2, code
    assert "talked" not in checklists.tasks_of("emergency")
    assert checklists.tasks_of("something new") == checklists.GENERAL


def test_a_record_keeps_what_belongs_to_the_service() -> None:
    made = checklists.record("bath", ["bathed", "nonsense"], "unwell", "  slipped ")
    assert made == {"done": ["bathed"], "condition": "unwell", "note": "slipped"}
    assert checklists.record("bath", [], "fine", " ") == {"done": []}


@pytest.mark.parametrize(
    ("done", "state"),
    [
        ((), "offered"),
        (("accepted_at",), "accepted"),
        (("accepted_at", "en_route_at"), "en_route"),
        (("started_at",), "in_progress"),
        (("started_at", "ended_at"), "completed"),
    ],
)
def test_the_second_caregiver_has_a_state_of_their_own(done: tuple[str, ...], state: str) -> None:
    columns = ("accepted_at", "en_route_at", "started_at", "ended_at")
    row: Any = {name: NOW if name in done else None for name in columns}
    assert companions.standing(row) == state
