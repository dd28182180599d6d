"""Puyang, Anyang and Xuchang (2021): allowances by age, gradual exit, no claw-back."""

from datetime import date

import pytest

from services import policy
from tests.services.schemes.people import amount, codes, due, fact, person, scheme

PUYANG, ANYANG = scheme("puyang_high_age"), scheme("anyang_high_age")
DIBAO, TEKUN = scheme("xuchang_dibao"), scheme("xuchang_tekun_living")
PROVEN = ((date(2020, 1, 1), date(2030, 12, 31)),)
HELD = fact("assistance", "dibao", last=date(2026, 3, 31))


@pytest.mark.parametrize(
    ("born_on", "october", "november"),
    [
        (date(1946, 11, 20), "0.00", "50.00"),
        (date(1936, 11, 20), "50.00", "100.00"),
        (date(1926, 11, 20), "100.00", "300.00"),
        (date(1926, 12, 1), "100.00", "100.00"),
    ],
)
def test_puyang_pays_more_from_a_hundred_from_the_month_of_the_birthday(
    born_on: date, october: str, november: str
) -> None:
    who = person(fact("household", "410900"), enrolled=[PUYANG.code], born_on=born_on, life_proofs=PROVEN)
    assert [amount(PUYANG, who, date(2026, month, 1)) for month in (10, 11)] == [october, november]


@pytest.mark.parametrize(("name", "level"), [("living", "4"), ("nursing", "2")])
def test_puyang_pays_both_subsidies_for_disabled_persons(name: str, level: str) -> None:
    rules = scheme(f"puyang_disabled_{name}")
    facts = (fact("household", "410900"), fact("assistance", "dibao"), fact("card", level))
    who = person(*facts, enrolled=[rules.code], life_proofs=PROVEN)
    assert amount(rules, who, date(2026, 11, 1)) == "75.00"


def test_puyang_pays_from_the_month_of_the_application() -> None:
    joined = policy.Membership(PUYANG.code, date(2026, 11, 27), None)
    who = person(fact("household", "410900"), enrolled=[joined], life_proofs=PROVEN)
    assert [amount(PUYANG, who, date(2026, month, 1)) for month in (10, 11)] == ["0.00", "50.00"]


def test_anyang_asks_for_no_income() -> None:
    here = fact("household", "410500")
    poor = person(here, fact("assistance", "dibao"), enrolled=[ANYANG.code], life_proofs=PROVEN)
    rich = person(here, enrolled=[ANYANG.code], life_proofs=PROVEN)
    assert amount(ANYANG, poor, date(2026, 11, 1)) == amount(ANYANG, rich, date(2026, 11, 1)) == "100.00"
    assert "assistance" not in {
        one.code for one in policy.eligible(ANYANG, rich, date(2026, 11, 1)).conditions
    }


def test_xuchang_does_not_claw_back_the_quarter_of_the_death() -> None:
    facts = (fact("household", "411000"), fact("assistance", "dibao"))
    who = person(*facts, enrolled=[DIBAO.code], died_on=date(2026, 7, 10))
    paid = {month: due(DIBAO, who, date(2026, month, 1)) for month in (6, 7, 8, 9, 10)}
    assert [str(one.amount) for one in paid.values()] == ["300.00", "300.00", "300.00", "300.00", "0.00"]
    assert paid[9].stops_on == date(2026, 9, 30)
    told = next(one for one in paid[8].explanation if one["code"] == "not_clawed_back")
    assert (told["gone"], told["last"], told["paid_to"]) == ("death", "2026-07-10", "2026-09-30")


def test_xuchang_does_not_claw_back_the_month_of_the_death() -> None:
    facts = (fact("household", "411000"), fact("assistance", "tekun"))
    who = person(*facts, enrolled=[TEKUN.code], died_on=date(2026, 7, 10))
    assert [amount(TEKUN, who, date(2026, month, 1)) for month in (7, 8)] == ["780.00", "0.00"]


def test_xuchang_lets_a_household_out_of_dibao_gradually() -> None:
    # dibao ended on 31 March; six months more: until 30 September
    who = person(fact("household", "411000"), HELD, enrolled=[DIBAO.code])
    paid = [amount(DIBAO, who, date(2026, month, 1)) for month in (3, 4, 9, 10)]
    assert paid == ["300.00", "300.00", "300.00", "0.00"]
    assert "gradual_exit" in codes(due(DIBAO, who, date(2026, 9, 1)))


def test_who_moves_away_keeps_the_paid_month() -> None:
    facts = (fact("household", "411000", last=date(2026, 5, 9)), fact("assistance", "dibao"))
    who = person(*facts, fact("household", "411002", date(2026, 5, 10)), enrolled=[DIBAO.code])
    found = due(DIBAO, who, date(2026, 5, 1))
    assert (str(found.amount), found.stops_on) == ("300.00", date(2026, 5, 31))
    assert due(DIBAO, who, date(2026, 6, 1)).reasons == ("household",)


def test_a_household_that_was_never_registered_here_is_no_move() -> None:
    who = person(fact("assistance", "dibao"), enrolled=[DIBAO.code])
    assert due(DIBAO, who, date(2026, 5, 1)).reasons == ("household",)
