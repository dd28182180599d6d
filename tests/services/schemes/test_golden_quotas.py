"""Haidian's home bed, the national voucher, exclusion, carry-over, packages and year quotas, by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services import policy
from services.policy import Charge, Membership, Past, Scheme, fields
from tests.services.schemes.people import FALLBACK, away, codes, due, fact, person, scheme, yuan

NOV = date(2026, 11, 1)
HAIDIAN, VOUCHER, VISITS = (scheme(n) for n in ("haidian_home_bed", "national_voucher", "hekou_home_visits"))
HERE = fact("household", "110108")
LIVING, DIBAO = scheme("hekou_tekun_living"), scheme("hekou_dibao")


def visit(price: str, used: str, quota: str, cap: str = "0", **given: int) -> Charge:
    return Charge("bath", "general", yuan(price), Decimal(1), yuan(quota), yuan(used), yuan(cap), **given)


def split(rules: Scheme, one: Charge) -> tuple[str, str, str]:
    priced = policy.charge(rules, one)
    assert priced.amount == priced.subsidy + priced.copay
    return str(priced.subsidy), str(priced.copay), priced.explanation[-1]["code"]


@pytest.mark.parametrize(
    ("grade", "quota", "cap"),
    [("moderate", "300.00", "500.00"), ("severe", "600.00", "900.00"), ("total", "600.00", "900.00")],
)
def test_haidian_gives_a_free_quota_and_a_cap_by_grade(grade: str, quota: str, cap: str) -> None:
    found = policy.rate_on(HAIDIAN, person(HERE, fact("gbt", grade)), NOV, FALLBACK)
    assert found is not None
    assert (str(found.quota), str(found.cap)) == (quota, cap)
    month = policy.quota_of(HAIDIAN, person(HERE, fact("gbt", grade)), NOV, fallback=FALLBACK)
    assert month is not None
    assert month.ceiling == yuan(quota) + yuan(cap)


@pytest.mark.parametrize(
    ("price", "used", "expected"),
    [
        # all of it within the free 600
        ("120.00", "480.00", ("120.00", "0.00", "subsidy_full")),
        # 500 with 300 left: 300 free, half of 200 = 100, together 400; the person pays 100
        ("500.00", "300.00", ("400.00", "100.00", "subsidy_shared")),
        # nothing free: half of 120 = 60
        ("120.00", "600.00", ("60.00", "60.00", "subsidy_shared")),
        # half of 0.05 = 0.025, the person's half rounded half-up to 0.03
        ("0.05", "600.00", ("0.02", "0.03", "subsidy_shared")),
        # 850 of the cap's 900 used: 50 left, the person pays 70
        ("120.00", "1450.00", ("50.00", "70.00", "subsidy_partial")),
        ("120.00", "1500.00", ("0.00", "120.00", "subsidy_none")),
    ],
)
def test_haidian_pays_half_of_what_lies_beyond_the_free_quota_up_to_its_cap(
    price: str, used: str, expected: tuple[str, str, str]
) -> None:
    assert split(HAIDIAN, visit(price, used, "600.00", "900.00")) == expected


def test_haidian_is_not_for_who_draws_another_nursing_allowance() -> None:
    drawing = person(HERE, fact("gbt", "severe"), fact("draws", "nursing_allowance", date(2026, 11, 16)))
    [unmet] = policy.eligible(HAIDIAN, drawing, date(2026, 11, 16)).unmet
    assert (unmet.code, unmet.figures["by"]) == ("exclusion", "nursing_allowance")
    before, after = policy.spans(HAIDIAN, drawing, NOV, date(2026, 11, 30), FALLBACK)
    assert (before.last, before.why) == (date(2026, 11, 15), None)
    assert after.why is not None
    assert (after.why["code"], after.why["condition"]) == ("not_eligible", "exclusion")


def test_haidian_is_suspended_in_hospital_between_the_day_of_going_and_that_of_coming_back() -> None:
    stay = away("hospital", date(2026, 11, 5), date(2026, 11, 12))
    who = person(HERE, fact("gbt", "severe"), absences=(stay,))
    found = policy.spans(HAIDIAN, who, NOV, date(2026, 11, 30), FALLBACK)
    assert [(one.first.day, one.last.day, one.why is None) for one in found] == [
        (1, 5, True),
        (6, 11, False),
        (12, 30, True),
    ]


def test_haidian_has_no_rate_for_a_mild_grade() -> None:
    assert policy.quota_of(HAIDIAN, person(HERE, fact("gbt", "mild")), NOV, fallback=FALLBACK) is None


@pytest.mark.parametrize(
    ("price", "used", "expected"),
    [
        ("120.00", "0.00", ("60.00", "60.00", "subsidy_shared")),
        # 30 are left of the 800, half would be 60
        ("120.00", "770.00", ("30.00", "90.00", "subsidy_partial")),
        ("120.00", "800.00", ("0.00", "120.00", "subsidy_none")),
    ],
)
def test_the_national_voucher_offsets_its_share(
    price: str, used: str, expected: tuple[str, str, str]
) -> None:
    assert split(VOUCHER, visit(price, used, "800.00")) == expected


@pytest.mark.parametrize(
    ("grade", "age", "is_for_them"),
    [("moderate", 60, True), ("total", 90, True), ("mild", 90, False), ("severe", 59, False)],
)
def test_the_national_voucher_is_for_sixty_and_moderate_or_worse(
    grade: str,
    age: int,
    is_for_them: bool,  # noqa: FBT001 - a column of the table
) -> None:
    who = person(fact("gbt", grade), born_on=date(2026 - age, 11, 1))
    assert policy.eligible(VOUCHER, who, NOV).is_eligible is is_for_them


def test_a_voucher_redeemed_elsewhere_lowers_what_is_left_here() -> None:
    # 800 less 500 redeemed on the state's platform: 300; a visit of 700 asks for 350, and 300 are left
    who = person(fact("gbt", "severe"))
    month = policy.quota_of(VOUCHER, who, NOV, fallback=FALLBACK, redeemed=yuan("500.00"))
    assert month is not None
    assert (month.quota, month.ceiling) == (yuan("300.00"), yuan("300.00"))
    assert month.explanation[-1] == {"code": "voucher_elsewhere", "redeemed": "500.00"}
    assert split(VOUCHER, visit("700.00", "0.00", "300.00"))[0] == "300.00"


def excluding() -> tuple[Scheme, Scheme]:
    one = LIVING.model_copy(update={"code": "one", "excludes": ("two",)})
    return one, LIVING.model_copy(update={"code": "two", "excludes": ("one",)})


def test_of_two_schemes_that_exclude_each_other_the_earlier_enrolment_stands() -> None:
    one, two = excluding()
    facts = (fact("assistance", "tekun"), fact("residence", "urban"))
    members = [Membership("two", date(2026, 1, 1), None), Membership("one", date(2026, 6, 1), None)]
    who = person(*facts, enrolled=members)
    assert (str(due(two, who, NOV).amount), str(due(one, who, NOV).amount)) == ("1217.00", "0.00")
    assert due(one, who, NOV).reasons == ("exclusion",)
    same_day = person(*facts, enrolled=["one", "two"])
    assert [str(due(rules, same_day, NOV).amount) for rules in (one, two)] == ["1217.00", "0.00"]
    alone = person(*facts, enrolled=["two"])
    assert [policy.eligible(rules, alone, NOV).is_eligible for rules in (one, two)] == [False, True]


def test_a_scheme_that_yields_gives_way_whenever_the_other_began() -> None:
    meek = LIVING.model_copy(update={"yields_to": ("two",)})
    facts = (fact("assistance", "tekun"), fact("residence", "urban"))
    who = person(*facts, enrolled=[meek.code, Membership("two", date(2026, 11, 16), None)])
    # fifteen days of thirty: 1217 x 15 / 30 = 608.50
    assert str(due(meek, who, NOV).amount) == "608.50"


def carrying(to: str, months: int = 0) -> Scheme:
    return VISITS.model_copy(update={"carry": VISITS.carry.model_copy(update={"to": to, "months": months})})


PAST = [
    Past(date(2026, 8, 1), yuan("200"), yuan("50")),
    Past(date(2026, 9, 1), yuan("200"), yuan("100")),
    Past(date(2026, 10, 1), yuan("200"), yuan("260")),
]


def test_an_unused_quota_is_carried_for_some_months_the_oldest_spent_first() -> None:
    # August leaves 150; September's 100 come out of it -> 50; October's 260 take those 50, then 200 of
    # September and 10 of October: October leaves 190. In November August has expired: 0 + 0 + 190.
    assert policy.carried_into(carrying("months", 2), NOV, PAST) == yuan("190")
    # one month: September has its own 200 and August's 150: 100 from August (50 expire), 200 remain;
    # October: 200 of September, 60 of its own: 140 remain
    assert policy.carried_into(carrying("months", 1), NOV, PAST) == yuan("140")
    assert policy.carried_into(VISITS, NOV, PAST) == 0


def test_an_unused_quota_that_lasts_until_the_year_ends_expires_with_it() -> None:
    assert policy.carried_into(carrying("year_end"), NOV, PAST) == yuan("190")
    assert policy.carried_into(carrying("year_end"), date(2027, 1, 1), PAST) == 0


def test_what_is_carried_raises_the_months_quota_and_is_explained() -> None:
    who = person(fact("gbt", "mild"))
    found = policy.quota_of(VISITS, who, NOV, fallback=FALLBACK, carried=yuan("190.00"))
    assert found is not None
    assert (found.quota, found.own, found.carried) == (yuan("390.00"), yuan("200.00"), yuan("190.00"))
    assert found.explanation[-1] == {"code": "quota_carried", "carried": "190.00"}


def test_a_years_quota_is_open_until_it_is_used() -> None:
    yearly = VISITS.model_copy(update={"period": "year"})
    used = policy.carried_into(yearly, NOV, [*PAST, Past(date(2025, 12, 1), yuan("200"), yuan("200"))])
    assert used == yuan("-410")
    who = person(fact("gbt", "mild"))
    found = policy.quota_of(yearly, who, NOV, fallback=FALLBACK, carried=yuan("-150.00"))
    assert found is not None
    assert (found.quota, found.explanation[-1]["code"]) == (yuan("50.00"), "year_used")


def test_a_package_is_paid_with_the_first_visit_of_the_month() -> None:
    packed = VISITS.model_copy(update={"package": fields.Package(visits=2)})
    assert split(packed, visit("80.00", "0.00", "260.00")) == ("260.00", "0.00", "package")
    assert split(packed, visit("80.00", "260.00", "260.00", visits=1)) == ("0.00", "0.00", "package")
    assert split(packed, visit("80.00", "260.00", "260.00", visits=2)) == ("0.00", "80.00", "beyond_package")


def test_a_quota_may_be_counted_by_days_or_by_the_months_highest_rate() -> None:
    # mild 200 to the 15th, severe 320 from the 16th: 200 x 15 / 30 + 320 x 15 / 30 = 260; the highest is 320
    who = person(fact("gbt", "mild", last=date(2026, 11, 15)), fact("gbt", "severe", date(2026, 11, 16)))
    for change, quota in (("day", "260.00"), ("month", "320.00")):
        proration = fields.Proration(start="day", change=change)
        rules = VISITS.model_copy(update={"proration": proration})
        found = policy.quota_of(rules, who, NOV, fallback=FALLBACK)
        assert found is not None
        assert (str(found.quota), str(found.ceiling)) == (quota, quota)


def test_an_enrolment_may_begin_to_pay_with_the_month_after() -> None:
    proration = fields.Proration(start="next_month")
    later = LIVING.model_copy(update={"proration": proration})
    facts = (fact("assistance", "tekun"), fact("residence", "urban"))
    who = person(*facts, enrolled=[Membership(later.code, date(2026, 11, 2), None)])
    assert due(later, who, NOV).reasons == ("enrolled", "next_month")
    assert str(due(later, who, date(2026, 12, 1)).amount) == "1217.00"
    first = replace(who, memberships=(Membership(later.code, NOV, None),))
    assert codes(due(later, first, NOV)) == ["rate_line", "due"]
