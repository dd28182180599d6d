"""What one person stands on a list with: every figure by hand."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import month_after
from services.allowances import figuring
from services.allowances.figuring import Back, Correction, Known
from services.policy import Due, Scheme, parse

TEXT = """
code = "old_age"
version = {version}
name = "高龄津贴"
name_en = "Old-age allowance"
district = "370503"
kind = "allowance"
effective_from = {first}
{last}

[[amounts]]
amount = "100"
"""
OLD = parse(TEXT.format(version=1, first="2026-01-01", last="effective_to = 2026-10-31"))
NEW = parse(TEXT.format(version=2, first="2026-11-01", last=""))
SEP, OCT, NOV = (date(2026, month, 1) for month in (9, 10, 11))
PAYMENT, CORRECTION = UUID(int=1), UUID(int=2)
NOTHING = Due(Decimal("0.00"), ())


def yuan(text: str) -> Decimal:
    return Decimal(text)


def due(amount: str, **more: object) -> Due:
    return Due(yuan(amount), ({"code": "due", "amount": amount},), **more)  # type: ignore[arg-type]


def judged(**by_month: Due) -> figuring.Judge:
    """Answer with what is given for a month as `m09`, else 100 yuan."""
    return lambda _, month: by_month.get(f"m{month:%m}", due("100.00"))


def told(lines: list[figuring.Line]) -> list[tuple[str, str, str, str | None]]:
    return [(one.kind, f"{one.for_month:%m}", str(one.amount), one.change) for one in lines]


def lines(
    judge: figuring.Judge, known: Known, versions: tuple[Scheme, ...] = (OLD, NEW)
) -> list[figuring.Line]:
    return figuring.lines(versions, NOV, SEP, judge, known)


PAID = {SEP: yuan("100.00"), OCT: yuan("100.00")}


def test_who_is_paid_as_before_stands_with_one_line() -> None:
    found = lines(judged(), Known(PAID, yuan("100.00")))
    assert told(found) == [("regular", "11", "100.00", "same")]


@pytest.mark.parametrize(
    ("previous", "this", "how"),
    [
        (None, due("100.00"), "new"),
        ("100.00", due("100.00"), "same"),
        ("100.00", due("220.00"), "changed"),
        ("100.00", due("0.00"), "ended"),
        ("0.00", due("100.00"), "resumed"),
        (None, due("0.00"), "not_payable"),
        ("0.00", due("0.00", reasons=("alive",)), "not_payable"),
        ("100.00", due("0.00", reasons=("life_proof",), withheld=Decimal(100)), "suspended"),
        ("0.00", due("0.00", reasons=("present",)), "suspended"),
    ],
)
def test_a_line_says_how_it_differs_from_the_last_list(previous: str | None, this: Due, how: str) -> None:
    assert figuring.change(yuan(previous) if previous else None, this) == how


def test_who_was_never_paid_and_is_not_due_does_not_stand_on_the_list() -> None:
    assert lines(judged(m09=NOTHING, m10=NOTHING, m11=NOTHING), Known({})) == []


def test_months_that_were_not_paid_are_made_good_by_exactly_the_difference() -> None:
    found = lines(judged(m09=due("165.00")), Known({SEP: yuan("125.00")}, yuan("0.00")))
    assert told(found) == [
        ("regular", "11", "100.00", "resumed"),
        ("arrears", "09", "40.00", None),
        ("arrears", "10", "100.00", None),
    ]
    assert found[1].explanation[0] == {
        "code": "arrears_for",
        "month": "2026-09",
        "due": "165.00",
        "paid": "125.00",
        "amount": "40.00",
    }


def test_what_was_paid_too_much_is_said_and_not_taken_back() -> None:
    found = lines(judged(m10=due("0.00", reasons=("alive",))), Known(PAID, yuan("100.00")))
    assert told(found) == [("regular", "11", "100.00", "same"), ("overpaid", "10", "0.00", None)]
    assert found[1].explanation[0]["over"] == "100.00"


def test_the_version_of_each_month_is_asked_and_none_pays_nothing() -> None:
    asked: list[tuple[int, date]] = []

    def judge(scheme: Scheme, month: date) -> Due:
        asked.append((scheme.version, month))
        return due("100.00")

    lines(judge, Known(PAID, yuan("100.00")))
    assert sorted(asked) == [(1, SEP), (1, OCT), (2, NOV)]
    [one] = lines(judge, Known(PAID, yuan("100.00")), (OLD,))
    assert (one.change, one.explanation[0]) == ("ended", {"code": "no_version", "month": "2026-11"})
    assert told(lines(judge, Known({}, yuan("100.00")), (NEW,))) == [("regular", "11", "100.00", "same")]


def test_a_month_that_somebody_has_corrected_is_left_as_decided() -> None:
    found = lines(judged(m09=due("500.00")), Known(PAID, yuan("100.00"), decided={SEP}))
    assert told(found) == [("regular", "11", "100.00", "same")]


def test_a_payment_that_came_back_is_sent_again_beside_the_month() -> None:
    back = Back(PAYMENT, OCT, yuan("100.00"), "account_closed")
    found = lines(judged(), Known(PAID, yuan("100.00"), [back]))
    assert told(found)[1:] == [("returned", "10", "100.00", None)]
    assert found[1].payment_id == PAYMENT
    assert found[1].explanation[0]["returned"] == "account_closed"


def test_a_deduction_reaches_as_far_as_something_is_due_and_the_rest_waits() -> None:
    wrong = Correction(CORRECTION, SEP, yuan("-130.00"), "overpaid")
    found = lines(judged(), Known(PAID, yuan("100.00"), (), [wrong]))
    assert told(found)[1:] == [("correction", "09", "-100.00", None)]
    assert found[1].explanation[1] == {
        "code": "corrected_part",
        "month": "2026-09",
        "amount": "-100.00",
        "correction": "overpaid",
        "rest": "30.00",
    }
    nothing = judged(m11=due("0.00", reasons=("alive",)))
    assert told(lines(nothing, Known(PAID, yuan("100.00"), (), [wrong]))) == [
        ("regular", "11", "0.00", "ended")
    ]


def test_what_is_paid_in_addition_comes_before_what_is_deducted() -> None:
    less, more = (Correction(CORRECTION, SEP, yuan(left), "other") for left in ("-130.00", "30.00"))
    found = lines(judged(), Known(PAID, yuan("100.00"), (), [less, more]))
    assert told(found)[1:] == [("correction", "09", "30.00", None), ("correction", "09", "-130.00", None)]
    assert len(found[2].explanation) == 1


amounts = st.decimals(0, 900, places=2)


@given(
    dues=st.lists(amounts, min_size=3, max_size=3),
    paid=st.lists(amounts, min_size=2, max_size=2),
    wrong=st.lists(st.decimals(-900, 900, places=2), max_size=3),
)
def test_a_list_never_pays_less_than_nothing_and_leaves_no_month_short(
    dues: list[Decimal], paid: list[Decimal], wrong: list[Decimal]
) -> None:
    by_month = {f"m{month:%m}": Due(one, ()) for month, one in zip((SEP, OCT, NOV), dues, strict=True)}
    before = dict(zip((SEP, OCT), paid, strict=True))
    corrections = [Correction(CORRECTION, SEP, one, "other") for one in wrong]
    found = lines(judged(**by_month), Known(before, None, (), corrections))
    assert sum((one.amount for one in found), Decimal(0)) >= 0
    for month, one in zip((SEP, OCT), dues[:2], strict=True):
        made_good = sum(
            (line.amount for line in found if line.for_month == month and line.kind == "arrears"),
            before[month],
        )
        assert made_good == max(one, before[month])
    assert month_after(OCT) == NOV
