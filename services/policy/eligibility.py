"""Whether a person fulfils a scheme's conditions on a day (DOMAIN §7), condition by condition (pure)."""

from collections.abc import Iterator, Mapping
from datetime import date

from services.policy import people, rates
from services.policy.answers import Condition, Eligibility
from services.policy.format import Scheme
from services.policy.subject import Absence, Subject


def eligible(scheme: Scheme, subject: Subject, on: date) -> Eligibility:
    """Return the conditions that the scheme sets, met or not; eligible when all are met."""
    conditions = tuple(_conditions(scheme, subject, on))
    return Eligibility(all(one.is_met for one in conditions), conditions)


def suspensions(scheme: Scheme, subject: Subject) -> Iterator[tuple[date, date, Absence]]:
    """Yield the days that are suspended because the person is away, first and last, with the absence."""
    after: Mapping[str, int] = {str(kind): days for kind, days in scheme.suspension.items()}
    for one in subject.absences:
        span = one.suspended(after[one.kind]) if one.kind in after else None
        if span is not None:
            yield *span, one


def _present(scheme: Scheme, subject: Subject, on: date) -> Condition:
    for first, last, one in suspensions(scheme, subject):
        if first <= on <= last:
            figures = {"absence": one.kind, "since": one.first.isoformat(), "from": first.isoformat()}
            return Condition("present", is_met=False, figures=figures)
    return Condition("present", is_met=True, figures={})


def _conditions(scheme: Scheme, subject: Subject, on: date) -> Iterator[Condition]:
    if not scheme.is_in_force(on):
        yield Condition("in_force", is_met=False, figures={"on": on.isoformat()})
    died = subject.died_on
    is_alive = died is None or on <= died
    yield Condition("alive", is_met=is_alive, figures={"died_on": died.isoformat()} if died else {})
    yield from _base(scheme, subject, on)
    yield from _poor(scheme, subject, on)
    yield from _graded(scheme, subject, on)
    yield from _others(scheme, subject, on)
    if scheme.suspension:
        yield _present(scheme, subject, on)


def _base(scheme: Scheme, subject: Subject, on: date) -> Iterator[Condition]:
    who, age = scheme.who, subject.age(on)
    if who.age_from is not None or who.age_to is not None:
        is_met = (who.age_from is None or age >= who.age_from) and (who.age_to is None or age <= who.age_to)
        limits = {"from": str(who.age_from or ""), "to": str(who.age_to or "")}
        yield Condition("age", is_met=is_met, figures={"age": str(age), **limits})
    if who.household == "here":
        yield _among("household", (scheme.district,), subject.values("household", on))
    for kind in ("residence", "place", "living"):
        wanted: tuple[str, ...] = getattr(who, kind)
        if wanted:
            yield _among(kind, wanted, subject.values(kind, on))


def _poor(scheme: Scheme, subject: Subject, on: date) -> Iterator[Condition]:
    known = people.categories(subject, on)
    yield _among("category", scheme.categories, tuple(sorted(known)))
    wanted = scheme.who.assistance
    if not wanted:
        return
    held = people.assistances(subject, on)
    leaving = [(kind, people.exiting(subject, kind, on, scheme.who.gradual_exit_months)) for kind in wanted]
    left = next(((kind, span) for kind, span in leaving if span is not None), None)
    if not held & set(wanted) and left is not None:
        kind, (ended, until) = left
        figures = {"has": kind, "ended_on": ended.isoformat(), "until": until.isoformat()}
        yield Condition("assistance", is_met=True, figures={"wanted": ",".join(wanted), **figures})
        return
    yield _among("assistance", wanted, tuple(sorted(held)))


def _graded(scheme: Scheme, subject: Subject, on: date) -> Iterator[Condition]:
    for scale, wanted in sorted(scheme.who.grades.items()):
        held = subject.grade(scale, on)
        found = _among("grade", wanted, (held.value,) if held else ())
        yield Condition("grade", is_met=found.is_met, figures={"scale": scale, **found.figures})
    if rates.has_amount(scheme, subject, on):
        return
    held = subject.grade(scheme.scale, on)
    if scheme.scale != "none" and held is None:
        yield Condition("grade", is_met=False, figures={"scale": scheme.scale, "has": ""})
    else:
        yield Condition("amount", is_met=False, figures={"scheme": scheme.code})


def _others(scheme: Scheme, subject: Subject, on: date) -> Iterator[Condition]:
    if not (scheme.excludes or scheme.yields_to or scheme.yields_to_drawn):
        return
    by = _excluded_by(scheme, subject, on)
    yield Condition("exclusion", is_met=by is None, figures={"by": by} if by else {})


def _excluded_by(scheme: Scheme, subject: Subject, on: date) -> str | None:
    """Return the code of what excludes the scheme, or None.

    Of two schemes that exclude each other the one stands in which the person was enrolled first (on the same
    day: the one first in the alphabet); a scheme that yields gives way whenever the other began.
    """
    for code in scheme.yields_to:
        if subject.member(code, on) is not None:
            return code
    drawn = set(scheme.yields_to_drawn) & set(subject.values("draws", on))
    if drawn:
        return min(drawn)
    own = subject.member(scheme.code, on)
    for code in scheme.excludes:
        other = subject.member(code, on)
        if other is not None and (own is None or (other.first, code) < (own.first, scheme.code)):
            return code
    return None


def _among(code: str, wanted: tuple[str, ...], held: tuple[str, ...]) -> Condition:
    figures = {"wanted": ",".join(wanted), "has": ",".join(held)}
    return Condition(code, is_met=bool(set(wanted) & set(held)), figures=figures)
