"""What a scheme gives on a day: by grade, certificate, place, residence, age, category (pure)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from services.policy import people
from services.policy.answers import Rate
from services.policy.fields import Line
from services.policy.format import Scheme
from services.policy.subject import Subject
from services.pricing import ZERO, money

_MONTHS = 12


def rate(scheme: Scheme, grade: str, fallback: Mapping[str, str]) -> Rate | None:
    """Return the grade's quota; or that of the grade the district's setting names for it, or None."""
    other = None
    if grade not in scheme.rates:
        other = fallback.get(grade) if scheme.no_rate == "district" else None
        if other is None or other not in scheme.rates:
            return None
    quota = money(Decimal(scheme.rates[other or grade]))
    is_monthly = scheme.kind in {"services", "voucher"} and scheme.period == "month"
    code = ("rate_mapped" if other else "rate") if is_monthly else "rate_line"
    figures = {"code": code, "scheme": scheme.code, "version": str(scheme.version), "grade": grade}
    mapped = {"as_grade": other} if other else {}
    period = {} if is_monthly else {"period": scheme.period, "scale": scheme.scale}
    return Rate(quota, {**figures, **mapped, **period, "rate": str(quota)})


def rate_on(scheme: Scheme, subject: Subject, on: date, fallback: Mapping[str, str]) -> Rate | None:
    """Return what the scheme gives the person per period, or None where it has no amount for them."""
    held = subject.grade(scheme.scale, on)
    grade = held.value if held is not None else ""
    if scheme.rates:
        return rate(scheme, grade, fallback) if grade else None
    found = _line(scheme, subject, on, grade)
    if found is not None:
        return _told(scheme, subject, on, found, {"grade": grade} if found[1].grades else {})
    other = fallback.get(grade) if scheme.no_rate == "district" else None
    mapped = _line(scheme, subject, on, other) if other is not None else None
    if mapped is None:
        return None
    return _told(scheme, subject, on, mapped, {"grade": grade, "as_grade": other or ""})


def has_amount(scheme: Scheme, subject: Subject, on: date) -> bool:
    """Say whether the scheme may have an amount for the person, whichever grade theirs is mapped to."""
    held = subject.grade(scheme.scale, on)
    grade = held.value if held is not None else ""
    if scheme.rates:
        return grade in scheme.rates or (bool(grade) and scheme.no_rate == "district")
    if _line(scheme, subject, on, grade) is not None:
        return True
    if not grade or scheme.no_rate != "district":
        return False
    return any(_fits(line, subject, on, None) for line in scheme.amounts)


def of_month(scheme: Scheme, found: Rate, month: date) -> Decimal:
    """Return a month's share of a rate: of a year's a twelfth, rounded; December takes the rest (CNY)."""
    if scheme.period == "month":
        return found.quota
    twelfth = money(found.quota / _MONTHS)
    return found.quota - twelfth * (_MONTHS - 1) if month.month == _MONTHS else twelfth


def _line(scheme: Scheme, subject: Subject, on: date, grade: str) -> tuple[int, Line] | None:
    fitting = ((n, one) for n, one in enumerate(scheme.amounts, 1) if _fits(one, subject, on, grade))
    return next(fitting, None)


def _fits(line: Line, subject: Subject, on: date, grade: str | None) -> bool:
    """Say whether a line is for the person; `grade` None: whatever the grade is."""
    if line.grades and grade is not None and grade not in line.grades:
        return False
    age = subject.age(on)
    if (line.age_from is not None and age < line.age_from) or (line.age_to is not None and age > line.age_to):
        return False
    wanted = (
        (line.certificate, "grade:disability_certificate"),
        (line.residence, "residence"),
        (line.place, "place"),
    )
    if any(values and not set(values) & set(subject.values(kind, on)) for values, kind in wanted):
        return False
    if line.assistance and not set(line.assistance) & people.assistances(subject, on):
        return False
    return not line.category or bool(set(line.category) & people.categories(subject, on))


def _told(
    scheme: Scheme, subject: Subject, on: date, found: tuple[int, Line], graded: Mapping[str, str]
) -> Rate:
    number, line = found
    words = {"code": "rate_line", "scheme": scheme.code, "version": str(scheme.version), "line": str(number)}
    words.update(graded)
    if line.certificate:
        words["certificate"] = ",".join(subject.values("grade:disability_certificate", on))
    if line.place:
        words["place"] = ",".join(subject.values("place", on))
    if line.residence:
        words["residence"] = ",".join(subject.values("residence", on))
    if line.assistance:
        words["assistance"] = ",".join(sorted(set(line.assistance) & people.assistances(subject, on)))
    if line.category:
        words["category"] = ",".join(sorted(set(line.category) & people.categories(subject, on)))
    if line.age_from is not None or line.age_to is not None:
        words["age"] = str(subject.age(on))
    quota, cap = money(Decimal(line.amount)), money(Decimal(line.cap)) if line.cap else ZERO
    if "grade" in graded:
        words["scale"] = scheme.scale
    words.update({"period": scheme.period, "rate": str(quota)}, **({"cap": str(cap)} if line.cap else {}))
    return Rate(quota, words, cap)
