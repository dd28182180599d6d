"""One person under a draft, by hand: visits priced anew in their order, allowances by the same engine."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from services.policy import Fact, Membership, Scheme, Subject, parse
from services.whatif.judging import Bought, judge, months_from

HEKOU = parse(Path("services/data/schemes/hekou_home_visits.toml").read_text("utf-8"))
MONTHS = months_from(date(2026, 1, 1), 2)
BORN = date(1940, 5, 1)
ALLOWANCE = """
code = "old_age"
version = 1
name = "old"
name_en = "old"
district = "370503"
effective_from = 2026-01-01
kind = "allowance"
[who]
age_from = 80
[[amounts]]
amount = "50.00"
"""


def draft(**rates: str) -> Scheme:
    return HEKOU.model_copy(
        update={"version": 2, "effective_from": date(2027, 1, 1), "rates": dict(HEKOU.rates) | rates}
    )


def elder(grade: str = "moderate", *, member: bool = True, born: date = BORN) -> Subject:
    facts = (Fact("grade:gbt_42195", grade, date(2025, 1, 1), None),)
    enrolled = (Membership("hekou_home_visits", date(2025, 1, 1), None),) if member else ()
    return Subject(born, None, "female", "general", facts, memberships=enrolled)


def bought(number: int, month: int, day: int, price: str, subsidy: str, service: str = "bath") -> Bought:
    at = datetime(2026, month, day, 1, tzinfo=UTC)
    return Bought(UUID(int=number), at, at.date(), service, Decimal(price), Decimal(1), Decimal(subsidy))


def judged(
    scheme: Scheme, subject: Subject, visits: list[Bought], population: str = "enrolled"
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    found = judge(
        scheme, (HEKOU,), subject, visits, MONTHS, population=population, fallback={"total": "severe"}
    )
    return found.paid, found.would_pay


def test_a_higher_rate_pays_what_was_over_the_quota() -> None:
    visits = [bought(1, 1, 5, "200", "200"), bought(2, 1, 9, "200", "60"), bought(3, 2, 1, "80", "80")]
    assert judged(draft(moderate="300.00"), elder(), visits) == ((26_000, 8_000), (30_000, 8_000))


def test_a_lower_rate_pays_less() -> None:
    assert judged(draft(moderate="100.00"), elder(), [bought(1, 1, 5, "200", "200")]) == (
        (20_000, 0),
        (10_000, 0),
    )


def test_who_is_not_enrolled_is_counted_only_when_everybody_eligible_is() -> None:
    visits = [bought(1, 1, 5, "80", "0")]
    assert judged(draft(), elder(member=False), visits) == ((0, 0), (0, 0))
    assert judged(draft(), elder(member=False), visits, "eligible") == ((0, 0), (8_000, 0))


def test_a_service_that_the_draft_drops_is_paid_no_more() -> None:
    narrow = draft().model_copy(update={"services": ("meal",)})
    assert judged(narrow, elder(), [bought(1, 1, 5, "80", "80")]) == ((8_000, 0), (0, 0))


def test_a_category_that_the_draft_leaves_out_gets_nothing() -> None:
    narrow = draft().model_copy(update={"categories": ("tekun",)})
    assert judged(narrow, elder(), [bought(1, 1, 5, "80", "80")]) == ((8_000, 0), (0, 0))


def test_who_has_no_grade_gets_nothing() -> None:
    nobody = Subject(BORN, None, "male", "general", memberships=elder().memberships)
    found = judge(
        draft(), (), nobody, [bought(1, 1, 5, "80", "0")], MONTHS, population="enrolled", fallback={}
    )
    assert (found.grade, found.would_pay) == ("", (0, 0))


def test_an_allowance_is_compared_with_its_version_in_force() -> None:
    now = parse(ALLOWANCE)
    more = parse(ALLOWANCE.replace('"50.00"', '"80.00"').replace("version = 1", "version = 2"))
    person = Subject(
        BORN, None, "female", "general", memberships=(Membership("old_age", date(2025, 1, 1), None),)
    )
    found = judge(more, (now,), person, [], MONTHS, population="enrolled", fallback={})
    assert (found.paid, found.would_pay) == ((5_000, 5_000), (8_000, 8_000))
    alone = judge(more, (), person, [], MONTHS, population="eligible", fallback={})
    assert (alone.paid, alone.would_pay) == ((0, 0), (8_000, 8_000))


def test_a_scheme_without_a_scale_is_counted_under_the_assessed_grade() -> None:
    person = elder("severe", born=date(1940, 5, 1))
    found = judge(parse(ALLOWANCE), (), person, [], MONTHS, population="eligible", fallback={})
    assert (found.grade, found.would_pay) == ("severe", (5_000, 5_000))
