"""What must hold within one scheme's file beyond the shape of its fields (pure)."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from services.policy.fields import SCALES, Line

if TYPE_CHECKING:
    from services.policy.format import Scheme

_VISITS = ("services", "voucher")


def complaints(scheme: "Scheme") -> Iterator[str]:
    """Say what does not fit together, each as `field: words`, the first thing first."""
    yield from _dates(scheme)
    yield from _amounts(scheme)
    yield from _kind(scheme)
    yield from _people(scheme)
    yield from _others(scheme)


def _dates(scheme: "Scheme") -> Iterator[str]:
    first, last = scheme.effective_from, scheme.effective_to
    if last is not None and last < first:
        yield "effective_to: the last day lies before the first"
    if first.day != 1:
        yield "effective_from: a month has one quota, so a scheme starts on the first of a month"
    if last is not None and (last + timedelta(days=1)).day != 1:
        yield "effective_to: a month has one quota, so a scheme ends on the last of a month"


def _amounts(scheme: "Scheme") -> Iterator[str]:
    if not scheme.rates and not scheme.amounts:
        yield "rates: no amount is given, neither by [rates] nor by [[amounts]]"
    if scheme.rates and scheme.amounts:
        yield "amounts: give [rates] or [[amounts]], not both"
    if scheme.rates and scheme.scale == "none":
        yield "scale: [rates] go by grade, so the scheme names a scale"
    yield from _grades("rates", list(scheme.rates), scheme.scale)
    for number, line in enumerate(scheme.amounts):
        yield from _line(f"amounts.{number}", line, scheme)


def _line(field: str, line: Line, scheme: "Scheme") -> Iterator[str]:
    yield from _grades(field, list(line.grades), scheme.scale)
    yield from _grades(field, list(line.certificate), "disability_certificate")
    if line.age_from is not None and line.age_to is not None and line.age_to < line.age_from:
        yield f"{field}: age_to lies below age_from"
    earlier = scheme.amounts[: int(field.split(".")[1])]
    for place, other in enumerate(earlier):
        if _covers(other, line):
            yield f"{field}: never reached, amounts.{place} fits everybody whom it fits"


def _covers(first: Line, later: Line) -> bool:
    """Say whether the earlier line fits everybody whom the later one fits."""
    for name in ("grades", "certificate", "category", "assistance", "residence", "place"):
        wide, narrow = set(getattr(first, name)), set(getattr(later, name))
        if wide and not (narrow and narrow <= wide):
            return False
    low = first.age_from is None or (later.age_from is not None and later.age_from >= first.age_from)
    high = first.age_to is None or (later.age_to is not None and later.age_to <= first.age_to)
    return low and high


def _grades(field: str, grades: list[str], scale: str) -> Iterator[str]:
    strangers = [grade for grade in grades if grade not in SCALES[scale]]
    if strangers:
        yield f"{field}: {', '.join(strangers)} is no grade of {scale} ({', '.join(SCALES[scale])})"


def _kind(scheme: "Scheme") -> Iterator[str]:
    pays_visits = scheme.kind in _VISITS
    if pays_visits and not scheme.services:
        yield "services: name at least one service that may be paid"
    if not pays_visits and scheme.services:
        yield f"services: a scheme of kind {scheme.kind} pays no visits"
    if not pays_visits and (scheme.package or scheme.copay.shares != (Decimal(0), Decimal(1))):
        yield f"copay: a scheme of kind {scheme.kind} pays no visits"
    if not pays_visits and scheme.change == "service_date":
        yield "proration: only visits have a service date"
    if not pays_visits and scheme.carry.to != "none":
        yield "carry: only a quota for visits can be carried over"
    yield from _quota(scheme)


def _quota(scheme: "Scheme") -> Iterator[str]:
    if (scheme.carry.to == "months") != (scheme.carry.months > 0):
        yield 'carry: to = "months" says how many, and nothing else does'
    if scheme.period == "year" and scheme.carry.to != "none":
        yield "carry: a year's quota is open until the year ends anyway"
    if scheme.package and (scheme.carry.to != "none" or scheme.period == "year" or scheme.copay.shares[0]):
        yield "package: a package is bought by the month; nothing of it is carried over or shared"
    if scheme.copay.shares[0] == 1 or (scheme.copay.shares[0] and scheme.copay.shares[1] < 1):
        yield "copay: a share within the quota (less than 1) or a share beyond it, not both"
    if scheme.copay.shares[1] == 1 and any(line.cap is not None for line in scheme.amounts):
        yield "copay: a cap bounds the shared part beyond the quota, so beyond must be less than 1"
    if scheme.copay.shares[1] < 1 and not (
        scheme.amounts and all(line.cap is not None for line in scheme.amounts)
    ):
        yield "amounts: what is shared beyond the quota needs a cap on every line"


def _people(scheme: "Scheme") -> Iterator[str]:
    who = scheme.who
    if who.age_from is not None and who.age_to is not None and who.age_to < who.age_from:
        yield "who.age_to: lies below age_from"
    for scale, grades in who.grades.items():
        if scale not in SCALES or scale == "none":
            yield f"who.grades: no scale {scale} ({', '.join(name for name in SCALES if name != 'none')})"
        else:
            yield from _grades(f"who.grades.{scale}", list(grades), scale)
    if who.gradual_exit_months and not who.assistance:
        yield "who.gradual_exit_months: gradual exit is from an assistance, so name which"


def _others(scheme: "Scheme") -> Iterator[str]:
    for field in ("excludes", "yields_to"):
        if scheme.code in getattr(scheme, field):
            yield f"{field}: a scheme cannot name itself"
    if set(scheme.excludes) & set(scheme.yields_to):
        yield "yields_to: a scheme is named in excludes as well; one of both"
    if any(floor.scheme == scheme.code for floor in scheme.floors):
        yield "floors: a scheme cannot be its own floor"
