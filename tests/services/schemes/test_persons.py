"""Persons by dates, and what must hold for every person and month."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services import policy
from services.policy import Charge, Fact, Membership, Scheme, Subject, fields, people
from services.policy.subject import months_later
from tests.services.schemes.people import FALLBACK, away, due, fact, person, scheme, yuan

NOV = date(2026, 11, 1)
CARE, VISITS = scheme("hekou_tekun_care"), scheme("hekou_home_visits")
HAIDIAN, AGE = scheme("haidian_home_bed"), scheme("puyang_high_age")
days = st.integers(0, 120).map(lambda n: date(2026, 9, 1) + timedelta(days=n))


def spans(kind: str, values: tuple[str, ...]) -> st.SearchStrategy[tuple[Fact, ...]]:
    one = st.builds(fact, st.just(kind), st.sampled_from(values), days, st.none() | days)
    return st.lists(one.filter(lambda f: f.last is None or f.last >= f.first), max_size=4).map(tuple)


@st.composite
def subjects(draw: st.DrawFn) -> Subject:
    facts = draw(spans("care", ("self", "partial", "dependent"))) + draw(
        spans("assistance", ("tekun", "dibao"))
    )
    first, length = draw(days), draw(st.none() | st.integers(0, 90))
    last = None if length is None else first + timedelta(days=length)
    gone = draw(st.none() | days)
    stay = draw(st.lists(st.builds(away, st.sampled_from(["hospital", "institution"]), days), max_size=1))
    members = (Membership(CARE.code, first, last),)
    return person(*facts, enrolled=members, died_on=gone, absences=tuple(stay))


@given(who=subjects())
def test_an_allowance_never_pays_more_than_its_highest_rate_nor_less_than_nothing(who: Subject) -> None:
    for number in (9, 10, 11, 12):
        found = due(CARE, who, date(2026, number, 1))
        assert Decimal(0) <= found.amount <= yuan("700.37")
        assert found.amount == found.amount.quantize(yuan("0.01"))
        assert found.explanation[-1] == {"code": "due", "amount": str(found.amount)}


@given(who=subjects())
def test_days_by_spans_and_day_by_day_are_the_same(who: Subject) -> None:
    """Sum thirty single days, each asked for by itself: what the spans say must be the same."""
    total = Decimal(0)
    for number in range(30):
        day = NOV + timedelta(days=number)
        told = policy.eligible(CARE, who, day)
        found = policy.rate_on(CARE, who, day, FALLBACK)
        if told.is_eligible and found is not None and who.member(CARE.code, day) is not None:
            total += (found.quota / 12).quantize(yuan("0.01"))
    plain = CARE.model_copy(
        update={
            "proration": fields.Proration(start="day", end="day", change="day"),
            "stops": fields.Stops(death="day", moved="day"),
        }
    )
    assert abs(due(plain, who, NOV).amount - total / 30) <= yuan("0.005")


@given(
    price=st.decimals(0, 500, places=2),
    used=st.decimals(0, 2000, places=2),
    rules=st.sampled_from([VISITS, HAIDIAN, scheme("national_voucher")]),
)
def test_subsidy_and_copay_are_the_amount_and_never_beyond_quota_and_cap(
    price: Decimal, used: Decimal, rules: Scheme
) -> None:
    one = Charge("bath", "general", price, Decimal(1), yuan("600"), used, yuan("900"))
    priced = policy.charge(rules, one)
    assert priced.amount == priced.subsidy + priced.copay
    most = yuan("1500") if rules is HAIDIAN else yuan("600")
    assert Decimal(0) <= priced.subsidy <= max(most - used, Decimal(0))


def test_who_is_born_on_the_29th_of_february_is_older_on_the_first_of_march() -> None:
    who = person(born_on=date(1944, 2, 29))
    assert [who.age(day) for day in (date(2026, 2, 28), date(2026, 3, 1))] == [81, 82]
    assert [who.birthday(year) for year in (2024, 2026)] == [date(2024, 2, 29), date(2026, 3, 1)]
    rules = scheme("suzhou_high_age")
    leap = person(
        fact("household", "341300"),
        enrolled=[rules.code],
        born_on=date(1944, 2, 29),
        life_proofs=((date(2024, 1, 1), date(2024, 12, 31)),),
    )
    assert [str(due(rules, leap, date(2024, month, 1)).amount) for month in (1, 2)] == ["0.00", "50.00"]


def test_months_later_end_where_a_month_is_shorter() -> None:
    assert months_later(date(2026, 8, 31), 6) == date(2027, 2, 28)


def test_dated_assistance_comes_before_the_undated_word() -> None:
    undated = person(category="tekun")
    ended = person(fact("assistance", "tekun", last=date(2026, 10, 31)), category="tekun")
    assert people.assistances(undated, NOV) == {"tekun"}
    assert people.assistances(ended, NOV) == set()
    assert people.categories(ended, NOV) == {"general"}
    assert people.categories(person(fact("card", "2")), NOV) == {"disabled"}
    assert people.categories(person(category="dibao"), NOV) == {"dibao"}


def test_a_category_that_is_not_covered_is_said_for_its_days() -> None:
    narrow = VISITS.model_copy(update={"categories": ("tekun",)})
    who = person(fact("gbt", "mild", date(2026, 11, 10)))
    [span] = policy.spans(narrow, who, NOV, date(2026, 11, 30), FALLBACK)
    assert (span.first, span.valid_from) == (date(2026, 11, 10), date(2026, 11, 10))
    assert span.why == {"code": "category_not_covered", "scheme": VISITS.code, "category": "general"}
    assert not narrow.is_plain


def test_many_persons_are_asked_at_once() -> None:
    found = policy.many(
        VISITS, {UUID(int=1): person(fact("gbt", "mild")), UUID(int=2): person()}, NOV, FALLBACK
    )
    assert [len(spans) for spans in found.values()] == [1, 0]


def test_a_scheme_without_a_scale_has_spans_of_its_own_dates() -> None:
    free = VISITS.model_copy(update={"scale": "none", "rates": {}, "amounts": (fields.Line(amount="100"),)})
    [span] = policy.spans(free, person(), NOV, date(2026, 11, 30), FALLBACK)
    assert (span.grade, span.valid_from, span.valid_to) == ("", date(2021, 1, 1), None)
    found = policy.quota_of(free, person(), NOV, fallback=FALLBACK, carried=yuan("5"))
    assert found is not None
    assert found.quota == yuan("105.00")


def test_a_line_may_ask_for_assistance_category_and_an_age_up_to_a_limit() -> None:
    line = fields.Line
    lines = (
        line(amount="3", assistance=("dibao",), age_to=79),
        line(amount="2", category=("disabled",)),
        line(amount="1", grades=("self",)),
        line(amount="4", grades=("partial",)),
    )
    rules = CARE.model_copy(update={"rates": {}, "amounts": lines, "no_rate": "district"})
    young = person(fact("assistance", "dibao"), born_on=date(1960, 1, 1))
    paid = [
        policy.rate_on(rules, who, NOV, {"dependent": "partial"})
        for who in (young, person(fact("card", "1")), person(fact("care", "dependent")), person())
    ]
    assert [str(one.quota) if one else None for one in paid] == ["3.00", "2.00", "4.00", None]
    told = [one.explanation for one in paid if one]
    assert (told[0]["assistance"], told[0]["age"]) == ("dibao", "66")
    assert (told[1]["category"], told[2]["as_grade"]) == ("disabled", "partial")
    assert policy.eligible(
        rules, person(fact("assistance", "tekun"), fact("care", "dependent")), NOV
    ).is_eligible
    assert not policy.eligible(rules, person(fact("assistance", "tekun")), NOV).is_eligible
    richer = person(born_on=date(1960, 1, 1))
    assert policy.rate_on(rules, richer, NOV, {}) is None
    old = person(fact("assistance", "tekun"), fact("care", "self"))
    assert policy.rate_on(rules, old, NOV, {}) is not None


def test_an_enrolment_that_ends_may_keep_its_month_and_a_successor_ends_the_version() -> None:
    who = person(
        fact("household", "410900"),
        enrolled=[Membership(AGE.code, date(2026, 1, 1), date(2026, 11, 3))],
        life_proofs=((date(2020, 1, 1), date(2030, 1, 1)),),
    )
    found = due(AGE, who, NOV)
    assert (str(found.amount), found.stops_on) == ("50.00", date(2026, 11, 30))
    ended = AGE.ends_before(date(2026, 12, 1))
    assert ended.ends_before(date(2027, 1, 1)) == ended
    assert ended.dates() == (date(2021, 1, 1), date(2026, 11, 30))
    assert (VISITS.is_plain, HAIDIAN.is_plain, AGE.looks_back) == (True, False, False)


def test_grades_of_other_scales_may_be_asked_for() -> None:
    who = {"grades": {"disability_certificate": ("1", "2")}}
    rules = VISITS.model_copy(update={"who": fields.Who.model_validate(who)})
    graded = fact("gbt", "mild")
    found = [
        [one.is_met for one in policy.eligible(rules, one, NOV).conditions if one.code == "grade"]
        for one in (person(graded, fact("card", "2")), person(graded, fact("card", "4")), person(graded))
    ]
    assert found == [[True], [False], [False]]


def test_days_without_a_rate_stay_so_when_a_month_has_one_quota() -> None:
    rules = HAIDIAN.model_copy(update={"proration": fields.Proration(start="day", change="day")})
    facts = (fact("gbt", "mild", last=date(2026, 11, 15)), fact("gbt", "moderate", date(2026, 11, 16)))
    found = policy.quota_of(rules, person(fact("household", "110108"), *facts), NOV, fallback={})
    assert found is not None
    # 300 x 15 / 30
    assert [str(span.rate.quota) if span.rate else None for span in found.spans] == [None, "150.00"]


def test_an_absence_of_a_kind_that_is_not_named_changes_nothing() -> None:
    who = person(
        fact("household", "110108"), fact("gbt", "severe"), absences=(away("holiday", date(2026, 11, 2)),)
    )
    [span] = policy.spans(HAIDIAN, who, NOV, date(2026, 11, 30), FALLBACK)
    assert span.why is None
    short = away("hospital", date(2026, 11, 2), date(2026, 11, 3))
    assert short.suspended(0) is None
