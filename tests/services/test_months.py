"""What holds for every month: never over the quota, whatever the grades, the visits and their order."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services import months, policy
from services.months import Line
from services.pricing import ZERO
from tests.services.worlds import TEXT

SCHEME = policy.parse(TEXT)
MONTH = date(2026, 11, 1)
FALLBACK = {"total": "severe"}
GRADES = policy.SCALES["gbt_42195"]


def lines(visits: list[tuple[int, str, Decimal]]) -> list[Line]:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    return [
        Line(
            UUID(int=nth),
            start + timedelta(days=day - 1),
            date(2026, 11, day),
            service,
            price,
            Decimal(1),
            (),
        )
        for nth, (day, service, price) in enumerate(visits)
    ]


days = st.integers(1, 30)
visits = st.lists(
    st.tuples(days, st.sampled_from(["bath", "comfort"]), st.decimals(0, 400, places=2)), max_size=25
).map(lines)


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, date, date | None]]:
    """Draw grades that follow each other over the month, the first of them from before it."""
    changes = sorted(draw(st.sets(days, max_size=4)))
    starts = [date(2026, 1, 1), *(date(2026, 11, day) for day in changes)]
    ends = [start - timedelta(days=1) for start in starts[1:]] + [None]
    return [
        (draw(st.sampled_from(GRADES)), start, end)
        for start, end in zip(starts, ends, strict=True)
        if end is None or end >= start
    ]


@given(found=histories(), joined=visits)
def test_a_month_never_pays_more_than_its_highest_quota(
    found: list[tuple[str, date, date | None]], joined: list[Line]
) -> None:
    spans = months.spans(SCHEME, MONTH, found, FALLBACK)
    quota = months.quota(spans)
    spent, used = months.spend(SCHEME, "general", spans, joined, ZERO)
    assert quota is not None
    assert used == sum((one.priced.subsidy for one in spent), ZERO)
    assert used <= quota.ceiling
    assert quota.quota <= quota.ceiling
    assert all(one.priced.amount == one.priced.subsidy + one.priced.copay for one in spent)
    assert all(one.priced.subsidy == 0 for one in spent if one.line.service == "comfort")


@given(found=histories(), joined=visits, order=st.randoms(use_true_random=False))
def test_the_order_in_which_visits_arrive_changes_nothing(
    found: list[tuple[str, date, date | None]], joined: list[Line], order: Random
) -> None:
    spans = months.spans(SCHEME, MONTH, found, FALLBACK)
    shuffled = list(joined)
    order.shuffle(shuffled)
    in_order, mixed = (months.spend(SCHEME, "general", spans, one, ZERO) for one in (joined, shuffled))
    assert in_order == mixed


@given(found=histories(), joined=visits, closed=st.decimals(0, 320, places=2))
def test_what_is_closed_counts_first_and_is_never_taken_back(
    found: list[tuple[str, date, date | None]], joined: list[Line], closed: Decimal
) -> None:
    spans = months.spans(SCHEME, MONTH, found, FALLBACK)
    quota = months.quota(spans)
    _, used = months.spend(SCHEME, "general", spans, joined, closed)
    assert quota is not None
    assert closed <= used <= max(closed, quota.ceiling)


def test_a_day_without_a_grade_leaves_its_visit_unpriced() -> None:
    spans = months.spans(SCHEME, MONTH, [("mild", date(2026, 11, 10), None)], FALLBACK)
    spent, used = months.spend(SCHEME, "general", spans, lines([(5, "bath", Decimal(80))]), ZERO)
    assert (spent, used) == ([], ZERO)


def test_a_month_without_any_rate_has_no_quota() -> None:
    spans = months.spans(SCHEME, MONTH, [("total", date(2026, 1, 1), None)], {})
    assert months.quota(spans) is None


def test_a_grade_that_changes_within_the_month_gives_each_visit_its_own_quota() -> None:
    history = [("mild", date(2026, 1, 1), date(2026, 11, 14)), ("severe", date(2026, 11, 15), None)]
    found = months.spans(SCHEME, MONTH, history, FALLBACK)
    quota = months.quota(found)
    assert quota is not None
    assert (quota.grade, quota.quota, quota.ceiling) == ("severe", Decimal("320.00"), Decimal("320.00"))
    assert [(one["from"], one["to"]) for one in quota.explanation] == [
        ("2026-11-01", "2026-11-14"),
        ("2026-11-15", "2026-11-30"),
    ]
    joined = lines([(20, "bath", Decimal(150)), (5, "bath", Decimal(150)), (10, "bath", Decimal(150))])
    spent, used = months.spend(SCHEME, "general", found, joined, ZERO)
    assert [(one.grade, one.priced.subsidy) for one in spent] == [
        ("mild", Decimal("150.00")),
        ("mild", Decimal("50.00")),
        ("severe", Decimal("120.00")),
    ]
    assert used == Decimal("320.00")
    heads = [one.priced.explanation[0] for one in spent]
    assert (heads[0]["valid_to"], heads[2]["valid_to"]) == ("2026-11-14", "")


def test_a_credit_from_before_never_leaves_less_than_nothing_used() -> None:
    assert months.spend(SCHEME, "general", (), [], Decimal(-5)) == ([], ZERO)


def test_a_day_has_a_rate_when_its_grade_has_one() -> None:
    history = [("mild", date(2026, 11, 10), date(2026, 11, 19)), ("total", date(2026, 11, 20), None)]
    found = months.spans(SCHEME, MONTH, history, {})
    assert [months.has_rate(found, date(2026, 11, day)) for day in (9, 10, 19, 20)] == [
        False,
        True,
        True,
        False,
    ]
    quota = months.quota(found)
    assert quota is not None
    assert quota.grade == "mild"
