"""The night, the holes in it, who is near enough: by hand, and for any spans."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.cover.reaching import able, holes, night, uncovered
from dispatch.matching import Certificate
from dispatch.roster.fitness import CaregiverFacts, Leave, Shift, Span

DAY = datetime(2026, 11, 21, tzinfo=UTC)
HOME = (37.886, 118.526)


def at(hours: float) -> datetime:
    return DAY + timedelta(hours=hours)


def carer(km: float = 1, *shifts: tuple[float, float], **given_: Any) -> CaregiverFacts:
    row: dict[str, Any] = {
        "caregiver_id": UUID(int=1),
        "name": "c",
        "provider_id": UUID(int=2),
        "gender": "female",
        "skills": frozenset({"emergency"}),
        "shifts": tuple(Shift(at(a), at(b), UUID(int=3)) for a, b in shifts),
        "lat": HOME[0] + km / 111.195,
        "lon": HOME[1],
        "speed_kmh": 18.0,
    }
    return CaregiverFacts(**{**row, **given_})


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(8), (14, 22)),  # 16:00 in Shanghai: the coming night, 22:00 to 06:00
        (at(15), (15, 22)),  # 23:00: what is left of it
        (at(21.5), (21.5, 22)),  # 05:30
        (at(22), (38, 46)),  # 06:00: over; the next one
    ],
)
def test_the_night_is_what_is_left_of_it_or_the_next_one(
    now: datetime, expected: tuple[float, float]
) -> None:
    found = night(now, "22:00", "06:00")
    assert (found.starts_at, found.ends_at) == (at(expected[0]), at(expected[1]))


@pytest.mark.parametrize(("hour", "first"), [(12, 16), (18, 18), (23, 40)])
def test_a_night_within_one_day_is_found_too(hour: float, first: float) -> None:
    found = night(at(hour), "00:00", "06:00")
    assert found.starts_at == at(first)


def test_holes_are_what_no_span_covers() -> None:
    window = Span(at(10), at(20))
    spans = [Span(at(12), at(14)), Span(at(13), at(15)), Span(at(18), at(30)), Span(at(40), at(41))]
    assert holes(window, spans) == (Span(at(10), at(12)), Span(at(15), at(18)))
    assert holes(window, []) == (window,)
    assert holes(window, [Span(at(1), at(25))]) == ()


hours = st.integers(0, 48).map(lambda n: n / 2)


@given(st.lists(st.tuples(hours, hours)), hours, st.integers(1, 20))
def test_every_instant_is_covered_or_in_a_hole(
    pairs: list[tuple[float, float]], start: float, length: int
) -> None:
    spans = [Span(at(min(a, b)), at(max(a, b))) for a, b in pairs]
    window = Span(at(start), at(start + length))
    missing = holes(window, spans)
    for n in range(length * 4):
        instant = at(start + n / 4)
        is_covered = any(one.starts_at <= instant < one.ends_at for one in spans)
        assert is_covered != any(one.starts_at <= instant < one.ends_at for one in missing)


def test_who_lacks_the_skill_or_its_certificate_or_the_shift_does_not_count() -> None:
    window = Span(at(14), at(22))
    out = Certificate("emergency", date(2020, 1, 1), date(2021, 1, 1))
    ok = Certificate("emergency", date(2020, 1, 1), date(2030, 1, 1))
    people = [
        carer(1, (12, 18)),
        carer(1, (12, 18), skills=frozenset({"care"})),
        carer(1, (12, 18), certificates=(out,)),
        carer(1, (12, 18), certificates=(out, ok)),
        carer(1, (1, 5)),
        carer(1, (12, 18), leaves=(Leave(at(0), at(24), "sick"),)),
    ]
    assert [one for one, _ in able(people, "emergency", window)] == [people[0], people[3]]


def test_only_who_is_near_enough_covers_and_the_nearest_is_told() -> None:
    window = Span(at(14), at(22))
    working = able([carer(1, (14, 18)), carer(40, (14, 22))], "emergency", window)
    found = uncovered(*HOME, window, working, 60, 1.35)
    assert (found.spans, found.minutes) == ((Span(at(18), at(22)),), 240.0)
    assert found.nearest_minutes == pytest.approx(2 + 1.35 / 18 * 60, abs=0.1)
    nobody = uncovered(*HOME, window, [], 60, 1.35)
    assert (nobody.minutes, nobody.nearest_minutes) == (480.0, None)
