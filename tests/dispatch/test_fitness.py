"""Who may take which visit: every reason, its other side, and what is liked."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import new_id
from dispatch.matching import Certificate
from dispatch.roster import fitness
from dispatch.roster.fitness import CaregiverFacts, Covered, Leave, Shift, Span, VisitFacts, Wishes, unfit

ON = date(2026, 11, 23)
EIGHT = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
ME, OTHER, PROVIDER = new_id(), new_id(), new_id()


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def carer(**given: Any) -> CaregiverFacts:
    shift = Shift(EIGHT, EIGHT + hours(8), new_id())
    row: dict[str, Any] = {"skills": frozenset({"bath"}), "shifts": (shift,), "gender": "female"}
    return CaregiverFacts(ME, "caregiver", PROVIDER, **{**row, **given})


def visit(**given: Any) -> VisitFacts:
    row: dict[str, Any] = {"windows": (Span(EIGHT + hours(1), EIGHT + hours(2)),), "minutes": 60}
    row["region"] = "370503001002"
    return VisitFacts(new_id(), "bath", "bath", elder_id=new_id(), **{**row, **given})


def covered(**given: Any) -> Covered:
    row: dict[str, Any] = {"service": "bath", "region": "370503001", "valid_from": ON, "valid_to": ON}
    return Covered(**{**row, **given})


def leave(since: float, until: float) -> Leave:
    return Leave(EIGHT + hours(since), EIGHT + hours(until), "sick")


def window(since: float, until: float) -> dict[str, Any]:
    return {"windows": (Span(EIGHT + hours(since), EIGHT + hours(until)),)}


CASES: dict[str, tuple[dict[str, Any], dict[str, Any], str | None]] = {
    "who has skill, shift and nothing against": ({}, {}, None),
    "a visit of the own provider": ({}, {"provider_id": PROVIDER}, None),
    "a visit of another provider": ({}, {"provider_id": OTHER}, "other_provider"),
    "no skill for any visit": ({"skills": frozenset()}, {}, "no_skill"),
    "a certificate in force": ({"certificates": (Certificate("bath", ON, ON),)}, {}, None),
    "a certificate of another skill": (
        {"certificates": (Certificate("medical", date(2020, 1, 1), date(2020, 1, 2)),)},
        {},
        None,
    ),
    "a certificate that ended yesterday": (
        {"certificates": (Certificate("bath", date(2020, 1, 1), date(2026, 11, 22)),)},
        {},
        "certificate_expired",
    ),
    "a certificate that begins tomorrow": (
        {"certificates": (Certificate("bath", date(2026, 11, 24), date(2027, 1, 1)),)},
        {},
        "certificate_not_yet",
    ),
    "never this one": ({}, {"wishes": Wishes(never=frozenset({ME}))}, "barred"),
    "never another one": ({}, {"wishes": Wishes(never=frozenset({OTHER}))}, None),
    "only a man": ({}, {"wishes": Wishes(gender="male", is_gender_hard=True)}, "gender"),
    "only a woman": ({}, {"wishes": Wishes(gender="female", is_gender_hard=True)}, None),
    "rather a man": ({}, {"wishes": Wishes(gender="male")}, None),
    "only who speaks English": ({}, {"wishes": Wishes(language="en", is_language_hard=True)}, "language"),
    "only who speaks Mandarin": ({}, {"wishes": Wishes(language="zh", is_language_hard=True)}, None),
    "never, but it is an emergency": (
        {},
        {"wishes": Wishes(never=frozenset({ME})), "is_emergency": True},
        None,
    ),
    "covered here": ({"coverage": (covered(),)}, {}, None),
    "covered with every service": ({"coverage": (covered(service=None),)}, {}, None),
    "covered without end": ({"coverage": (covered(valid_to=None),)}, {}, None),
    "covered until yesterday": ({"coverage": (covered(valid_to=ON - timedelta(days=1)),)}, {}, "area"),
    "covered from tomorrow": ({"coverage": (covered(valid_from=ON + timedelta(days=1)),)}, {}, "area"),
    "covered elsewhere": ({"coverage": (covered(region="370503002"),)}, {}, "area"),
    "another service covered": ({"coverage": (covered(service="meal"),)}, {}, "area"),
    "covered elsewhere, but an emergency": (
        {"coverage": (covered(region="370503002"),)},
        {"is_emergency": True},
        None,
    ),
    "a home of which the region is not known": (
        {"coverage": (covered(region="370503002"),)},
        {"region": None},
        None,
    ),
    "nobody on shift": ({"shifts": ()}, {}, "off_shift"),
    "the visit ends with the shift": ({}, window(7, 9), None),
    "the visit ends after the shift": ({}, window(7.1, 9), "off_shift"),
    "the window ends as the shift begins": ({}, window(-2, 0), None),
    "the window ends before the shift begins": ({}, window(-2, -0.1), "off_shift"),
    "leave all day": ({"leaves": (leave(0, 8),)}, {}, "on_leave"),
    "leave in the afternoon": ({"leaves": (leave(4, 8),)}, {}, None),
    "leave until the window's end": ({"leaves": (leave(0, 2),)}, {}, None),
    "leave over the window, back after it": ({"leaves": (leave(0.5, 3),)}, {}, "on_leave"),
    "leave in the middle of the visit": ({"leaves": (leave(2.5, 4),)}, window(2, 2), "on_leave"),
    "leave on another day, and no shift": ({"shifts": (), "leaves": (leave(24, 48),)}, {}, "off_shift"),
    "the second window fits": ({}, {"windows": (*window(-3, -2)["windows"], *window(4, 5)["windows"])}, None),
}


@pytest.mark.parametrize("case", CASES)
def test_who_may_take_a_visit(case: str) -> None:
    facts, asked, code = CASES[case]
    reason = unfit(carer(**facts), visit(**asked), ON)
    assert (reason["code"] if reason else None) == code


def test_reasons_carry_their_numbers() -> None:
    expired = Certificate("bath", date(2020, 1, 1), date(2026, 11, 20))
    reason = unfit(carer(certificates=(expired,)), visit(), ON)
    assert reason == {
        "code": "certificate_expired",
        "skill": "bath",
        "valid_to": "2026-11-20",
        "days": 3,
    }
    away = unfit(carer(leaves=(leave(0, 8),)), visit(), ON)
    assert away == {"code": "on_leave", "kind": "sick", "until": (EIGHT + hours(8)).isoformat()}


@pytest.mark.parametrize(
    ("asked", "cost"),
    [
        ({}, 0),
        ({"wishes": Wishes(preferred=frozenset({ME}))}, 0),
        ({"wishes": Wishes(preferred=frozenset({OTHER}))}, fitness.NOT_PREFERRED),
        ({"wishes": Wishes(gender="male")}, fitness.OTHER_GENDER),
        ({"wishes": Wishes(language="en")}, fitness.NO_COMMON_LANGUAGE),
        ({"languages": frozenset({"anhui"})}, fitness.NO_COMMON_LANGUAGE),
        ({"languages": frozenset()}, 0),
        ({"wishes": Wishes(never=frozenset({ME}))}, fitness.BARRED),
        ({"seen": {OTHER: 4}}, fitness.STRANGER),
        ({"seen": {ME: 1, OTHER: 3}}, fitness.STRANGER * 0.75),
        ({"seen": {ME: 4}}, 0),
    ],
)
def test_what_is_liked_costs_less(asked: dict[str, Any], cost: float) -> None:
    assert fitness.liking(carer(), visit(**asked)) == cost


def test_what_speaks_for_somebody_is_said_in_codes() -> None:
    wishes = Wishes(preferred=frozenset({ME}), gender="female", language="zh")
    found = fitness.merits(carer(), visit(wishes=wishes, seen={ME: 2, OTHER: 1}))
    assert [one["code"] for one in found] == ["preferred", "knows", "gender", "language"]
    assert found[1] == {"code": "knows", "visits": 2, "of": 3}
    assert fitness.merits(carer(), visit(wishes=Wishes(gender="male"))) == []


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6)), max_size=5))
def test_leave_taken_out_of_shifts_leaves_no_free_time_within_it(pairs: list[tuple[int, int]]) -> None:
    leaves = tuple(leave(since, since + long) for since, long in pairs)
    free = fitness.free_of(carer(leaves=leaves))
    assert all(one.starts_at < one.ends_at for one in free)
    assert not any(
        one.starts_at < away.ends_at and away.starts_at < one.ends_at for one in free for away in leaves
    )
    taken = {hour for since, long in pairs for hour in range(since, since + long) if hour < 8}
    assert sum((one.ends_at - one.starts_at for one in free), timedelta()) == hours(8 - len(taken))
