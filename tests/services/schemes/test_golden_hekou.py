"""Hekou, report on the first half of 2021: every figure of DOMAIN §3, calculated by hand."""

from datetime import date
from decimal import Decimal

import pytest

from services import policy
from services.policy import Membership, together
from tests.services.schemes.people import FALLBACK, amount, away, codes, due, fact, person, scheme

NOV = date(2026, 11, 1)
VISITS, CARE, LIVING, DIBAO = (
    scheme(f"hekou_{name}") for name in ("home_visits", "tekun_care", "tekun_living", "dibao")
)
DISABLED, NURSING = scheme("hekou_disabled_living"), scheme("hekou_disabled_nursing")
TEKUN = fact("assistance", "tekun")
HERE = fact("household", "370503")


@pytest.mark.parametrize(
    ("grade", "rate"),
    [("intact", "200.00"), ("mild", "200.00"), ("moderate", "260.00"), ("severe", "320.00")],
)
def test_home_visits_by_grade(grade: str, rate: str) -> None:
    found = policy.quota_of(VISITS, person(fact("gbt", grade)), NOV, fallback=FALLBACK)
    assert found is not None
    assert (str(found.quota), found.grade) == (rate, grade)


def test_a_total_grade_under_the_four_grade_scheme_takes_the_rate_of_severe() -> None:
    total = person(fact("gbt", "total"))
    found = policy.rate_on(VISITS, total, NOV, FALLBACK)
    assert found is not None
    assert (str(found.quota), found.explanation["as_grade"]) == ("320.00", "severe")
    assert policy.rate_on(VISITS, total, NOV, {}) is None
    assert policy.eligible(VISITS, total, NOV).is_eligible


def test_without_a_grade_nobody_is_eligible_for_home_visits() -> None:
    [unmet] = policy.eligible(VISITS, person(), NOV).unmet
    assert (unmet.code, unmet.figures["scale"]) == ("grade", "gbt_42195")


# 2522 / 12 = 210.1666… -> 210.17; 11 x 210.17 = 2311.87; December 2522 - 2311.87 = 210.13
# 4202 / 12 = 350.1666… -> 350.17; 11 x 350.17 = 3851.87; December 4202 - 3851.87 = 350.13
# 8404 / 12 = 700.3333… -> 700.33; 11 x 700.33 = 7703.63; December 8404 - 7703.63 = 700.37
@pytest.mark.parametrize(
    ("grade", "month", "december", "year"),
    [
        ("self", "210.17", "210.13", "2522.00"),
        ("partial", "350.17", "350.13", "4202.00"),
        ("dependent", "700.33", "700.37", "8404.00"),
    ],
)
def test_a_year_rate_that_does_not_divide_by_twelve_is_whole_at_its_end(
    grade: str, month: str, december: str, year: str
) -> None:
    who = person(TEKUN, fact("care", grade), enrolled=[CARE.code])
    paid = [due(CARE, who, date(2026, number, 1)).amount for number in range(1, 13)]
    assert [str(one) for one in paid] == [month] * 11 + [december]
    assert str(sum(paid)) == year


def test_a_grade_that_changes_in_the_middle_of_the_month_counts_by_days() -> None:
    # 1-15 November self: 210.17 x 15 / 30 = 105.085; 16-30 dependent: 700.33 x 15 / 30 = 350.165; sum 455.25
    who = person(
        TEKUN,
        fact("care", "self", last=date(2026, 11, 15)),
        fact("care", "dependent", date(2026, 11, 16)),
        enrolled=[CARE.code],
    )
    found = due(CARE, who, NOV)
    assert str(found.amount) == "455.25"
    assert codes(found) == ["rate_line", "year_share", "days", "rate_line", "year_share", "days", "due"]
    assert [one["days"] for one in found.explanation if one["code"] == "days"] == ["15", "15"]


@pytest.mark.parametrize(("residence", "rate"), [("urban", "1217.00"), ("rural", "934.00")])
def test_living_of_persons_in_extreme_hardship(residence: str, rate: str) -> None:
    who = person(TEKUN, fact("residence", residence), enrolled=[LIVING.code])
    assert amount(LIVING, who, NOV) == rate


def test_a_death_in_the_middle_of_the_month_leaves_the_paid_month_and_ends_with_it() -> None:
    who = person(TEKUN, fact("residence", "urban"), enrolled=[LIVING.code], died_on=date(2026, 11, 10))
    found = due(LIVING, who, NOV)
    assert (str(found.amount), found.stops_on, found.reasons) == ("1217.00", date(2026, 11, 30), ())
    assert "not_clawed_back" in codes(found)
    after = due(LIVING, who, date(2026, 12, 1))
    assert (str(after.amount), after.reasons) == ("0.00", ("alive",))


@pytest.mark.parametrize(("residence", "rate"), [("urban", "869.00"), ("rural", "667.00")])
def test_the_subsistence_standard_is_a_figure_and_pays_nobody(residence: str, rate: str) -> None:
    who = person(fact("assistance", "dibao"), fact("residence", residence), enrolled=[DIBAO.code])
    found = policy.rate_on(DIBAO, who, NOV, FALLBACK)
    assert found is not None
    assert str(found.quota) == rate
    assert due(DIBAO, who, NOV).reasons == ("standard_only",)


def test_hekous_living_of_1217_and_934_lies_above_its_floor() -> None:
    # 1.3 x 869 = 1129.70 <= 1217; 1.3 x 667 = 867.10 <= 934
    assert together.check([LIVING, DIBAO]) == ()


@pytest.mark.parametrize(
    ("level", "help_", "rate"),
    [
        ("1", "dibao", "220.00"),
        ("2", "tuopin", "165.00"),
        ("3", "dibao", "125.00"),
        ("4", "tuopin", "125.00"),
    ],
)
def test_living_subsidy_of_disabled_persons_by_certificate(level: str, help_: str, rate: str) -> None:
    who = person(HERE, fact("assistance", help_), fact("card", level), enrolled=[DISABLED.code])
    assert amount(DISABLED, who, NOV) == rate


@pytest.mark.parametrize(("level", "rate"), [("1", "138.00"), ("2", "132.00"), ("3", "0.00")])
def test_nursing_subsidy_of_severely_disabled_persons(level: str, rate: str) -> None:
    who = person(HERE, fact("card", level), enrolled=[NURSING.code])
    assert amount(NURSING, who, NOV) == rate
    assert policy.eligible(NURSING, who, NOV).is_eligible == (rate != "0.00")


def test_both_disability_subsidies_stand_beside_each_other() -> None:
    who = person(HERE, fact("assistance", "dibao"), fact("card", "1"), enrolled=[DISABLED.code, NURSING.code])
    # 220 + 138 = 358
    assert due(DISABLED, who, NOV).amount + due(NURSING, who, NOV).amount == Decimal("358.00")


def test_without_hardship_or_with_a_household_elsewhere_the_living_subsidy_is_not_for_them() -> None:
    card = fact("card", "1")
    richer = policy.eligible(DISABLED, person(HERE, card), NOV)
    assert [one.code for one in richer.unmet] == ["assistance"]
    elsewhere = person(fact("household", "370502"), fact("assistance", "dibao"), card)
    assert [one.code for one in policy.eligible(DISABLED, elsewhere, NOV).unmet] == ["household"]


def test_an_enrolment_that_begins_on_the_last_day_pays_the_month_and_one_that_ends_pays_its_days() -> None:
    facts = (TEKUN, fact("residence", "urban"))
    late = person(*facts, enrolled=[Membership(LIVING.code, date(2026, 11, 30), None)])
    assert (amount(LIVING, late, NOV), amount(LIVING, late, date(2026, 10, 1))) == ("1217.00", "0.00")
    # one day of thirty: 1217 / 30 = 40.5666… -> 40.57
    ended = person(*facts, enrolled=[Membership(LIVING.code, date(2026, 1, 1), date(2026, 11, 1))])
    found = due(LIVING, ended, NOV)
    assert (str(found.amount), found.stops_on, found.reasons) == ("40.57", date(2026, 11, 1), ("enrolled",))


def test_a_quota_that_is_used_up_within_a_visit_is_split() -> None:
    # moderate: 260; 210 used, 50 left; bathing 80: subsidy 50, the person pays 30
    priced = policy.charge(
        VISITS,
        policy.Charge("bath", "general", Decimal(80), Decimal(1), Decimal(260), Decimal(210)),
    )
    assert (str(priced.subsidy), str(priced.copay)) == ("50.00", "30.00")


def test_a_stay_in_hospital_does_not_suspend_what_says_nothing_of_it() -> None:
    who = person(
        TEKUN,
        fact("residence", "urban"),
        enrolled=[LIVING.code],
        absences=(away("hospital", date(2026, 11, 1)),),
    )
    assert amount(LIVING, who, NOV) == "1217.00"
