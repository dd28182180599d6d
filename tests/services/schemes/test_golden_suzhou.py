"""Suzhou (published 2024-04-29) and Dangshan: the care standards of 2020 and 2024 side by side, by hand."""

from datetime import date

import pytest

from services import policy
from services.policy import Membership, together
from tests.services.schemes.people import FALLBACK, amount, away, codes, due, fact, person, scheme

OLD, NEW = scheme("suzhou_tekun_care_1"), scheme("suzhou_tekun_care_2")
HOME = scheme("dangshan_tekun_home")
TEKUN = fact("assistance", "tekun")
APRIL = date(2024, 4, 1)


@pytest.mark.parametrize(
    ("grade", "place", "in_2020", "in_2024"),
    [
        ("dependent", "scattered", "100.00", "501.00"),
        ("partial", "scattered", "90.00", "286.00"),
        ("self", "scattered", "0.00", "43.00"),
        ("dependent", "institution", "300.00", "715.00"),
        ("partial", "institution", "200.00", "429.00"),
        ("self", "institution", "0.00", "58.00"),
    ],
)
def test_care_standards_of_2020_beside_those_of_2024(
    grade: str, place: str, in_2020: str, in_2024: str
) -> None:
    who = person(TEKUN, fact("care", grade), fact("place", place), enrolled=["suzhou_tekun_care"])
    assert amount(OLD, who, date(2020, 4, 1)) == in_2020
    assert amount(NEW, who, APRIL) == in_2024


def test_the_old_standard_ends_where_the_new_one_starts() -> None:
    assert together.check([OLD, NEW]) == ()
    ended = OLD.ends_before(NEW.effective_from)
    who = person(TEKUN, fact("care", "partial"), fact("place", "scattered"), enrolled=["suzhou_tekun_care"])
    assert amount(ended, who, date(2023, 12, 1)) == "90.00"
    found = due(ended, who, date(2024, 1, 1))
    assert (str(found.amount), found.reasons) == ("0.00", ("in_force",))


def test_who_moves_into_a_home_in_the_middle_of_the_month_is_paid_by_days() -> None:
    # partial: 286 x 15 / 30 = 143; 429 x 15 / 30 = 214.5; sum 357.50
    who = person(
        TEKUN,
        fact("care", "partial"),
        fact("place", "scattered", last=date(2024, 4, 15)),
        fact("place", "institution", date(2024, 4, 16)),
        enrolled=["suzhou_tekun_care"],
    )
    assert amount(NEW, who, APRIL) == "357.50"


def test_three_uneven_spans_are_rounded_once() -> None:
    # May has 31 days: (43 x 7 + 286 x 11 + 501 x 13) / 31 = (301 + 3146 + 6513) / 31 = 9960 / 31 = 321.2903…
    who = person(
        TEKUN,
        fact("place", "scattered"),
        fact("care", "self", last=date(2024, 5, 7)),
        fact("care", "partial", date(2024, 5, 8), date(2024, 5, 18)),
        fact("care", "dependent", date(2024, 5, 19)),
        enrolled=["suzhou_tekun_care"],
    )
    assert amount(NEW, who, date(2024, 5, 1)) == "321.29"


def test_living_is_at_least_1_3_times_the_subsistence_standard() -> None:
    # 2020: 1.3 x 625 = 812.50 <= 813 and 993; 2024: 1.3 x 690 = 897.00 = 897, 1.3 x 707 = 919.10 <= 1005
    files = [scheme(f"suzhou_{name}_{n}") for name in ("dibao", "tekun_living") for n in (1, 2)]
    assert together.check(files) == ()


def test_a_living_standard_one_fen_below_the_floor_is_refused() -> None:
    living, dibao = scheme("suzhou_tekun_living_2"), scheme("suzhou_dibao_2")
    text = living.amounts[1].model_copy(update={"amount": "896.99"})
    poorer = living.model_copy(update={"amounts": (living.amounts[0], text)})
    [found] = together.check([poorer, dibao])
    assert found.code == "floor"
    assert "896.99 (rural) is less than 1.3 x 690.00 = 897.00" in found.message


@pytest.mark.parametrize(("version", "urban", "rural"), [(1, "993.00", "813.00"), (2, "1005.00", "897.00")])
def test_living_of_both_years(version: int, urban: str, rural: str) -> None:
    rules = scheme(f"suzhou_tekun_living_{version}")
    month = rules.effective_from
    paid = [
        amount(rules, person(TEKUN, fact("residence", place), enrolled=[rules.code]), month)
        for place in ("urban", "rural")
    ]
    assert paid == [urban, rural]


@pytest.mark.parametrize(("version", "urban", "rural"), [(1, "625.00", "625.00"), (2, "707.00", "690.00")])
def test_subsistence_standard_of_both_years(version: int, urban: str, rural: str) -> None:
    rules = scheme(f"suzhou_dibao_{version}")
    for place, rate in (("urban", urban), ("rural", rural)):
        who = person(fact("assistance", "dibao"), fact("residence", place))
        found = policy.rate_on(rules, who, rules.effective_from, FALLBACK)
        assert found is not None
        assert str(found.quota) == rate


def test_the_high_age_allowance_begins_in_the_month_of_the_eightieth_birthday() -> None:
    rules = scheme("suzhou_high_age")
    proofs = ((date(2024, 1, 1), date(2024, 12, 31)),)
    who = person(
        fact("household", "341300"),
        enrolled=[rules.code],
        born_on=date(1944, 5, 31),
        life_proofs=proofs,
    )
    assert [amount(rules, who, date(2024, month, 1)) for month in (4, 5)] == ["0.00", "50.00"]
    assert due(rules, who, APRIL).reasons == ("age",)


def test_an_allowance_without_proof_of_life_is_withheld_and_paid_when_it_is_renewed() -> None:
    rules = scheme("suzhou_high_age")
    who = person(fact("household", "341300"), enrolled=[rules.code])
    found = due(rules, who, APRIL)
    assert (str(found.amount), str(found.withheld), found.reasons) == ("0.00", "50.00", ("life_proof",))
    assert codes(found)[-1] == "life_proof_missing"
    renewed = due(rules, who, APRIL, compliant_spans=[(date(2024, 4, 30), date(2025, 4, 29))])
    assert (str(renewed.amount), str(renewed.withheld)) == ("50.00", "0.00")


def test_the_subsidy_for_services_is_for_dibao_and_registered_poor() -> None:
    rules = scheme("suzhou_elder_services")
    here = fact("household", "341300")
    paid = [
        amount(rules, person(here, *facts, enrolled=[rules.code]), APRIL)
        for facts in ((fact("assistance", "dibao"),), (fact("assistance", "tuopin"),), ())
    ]
    assert paid == ["60.00", "60.00", "0.00"]


def test_dangshan_pays_36000_a_year_for_certificate_one_or_a_severe_grade() -> None:
    base = (fact("household", "341321"), TEKUN, fact("place", "institution"))
    one = person(*base, fact("card", "1"), enrolled=[HOME.code])
    severe = person(*base, fact("gbt", "severe"), enrolled=[HOME.code])
    assert {amount(HOME, who, APRIL) for who in (one, severe)} == {"3000.00"}
    year = sum(due(HOME, one, date(2024, month, 1)).amount for month in range(1, 13))
    assert str(year) == "36000.00"
    neither = person(*base, fact("card", "2"), fact("gbt", "moderate"))
    assert [cond.code for cond in policy.eligible(HOME, neither, APRIL).unmet] == ["amount"]


def test_a_long_stay_in_hospital_is_suspended_after_thirty_days() -> None:
    # left on 1 March; the first whole day away is 2 March, thirty days are paid until 31 March; back on
    # 11 April: 1-10 April are suspended, 20 days of 30 are paid: 3000 x 20 / 30 = 2000
    base = (fact("household", "341321"), TEKUN, fact("place", "institution"), fact("card", "1"))
    who = person(
        *base,
        enrolled=[Membership(HOME.code, date(2024, 1, 1), None)],
        absences=(away("hospital", date(2024, 3, 1), date(2024, 4, 11)),),
    )
    assert amount(HOME, who, date(2024, 3, 1)) == "3000.00"
    found = due(HOME, who, APRIL)
    assert (str(found.amount), found.reasons, found.stops_on) == ("2000.00", ("present",), None)
