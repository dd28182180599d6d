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
