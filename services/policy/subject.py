"""What is known of a person, by dates, as a scheme needs it (pure); `services.subjects` loads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Fact:
    """A dated fact: a kind of `core.person_facts`, or a grade as `grade:<scale>`; both days count."""

    kind: str
    value: str
    first: date
    last: date | None

    def holds(self, on: date) -> bool:
        """Say whether the fact holds on a day."""
        return self.first <= on and (self.last is None or on <= self.last)


@dataclass(frozen=True, slots=True)
class Absence:
    """A stay elsewhere (`core.absences`): on its first and its last day the person is also at home."""

    kind: str
    first: date
    last: date | None

    def suspended(self, after_days: int) -> tuple[date, date] | None:
        """Return the first and last day that are suspended when `after_days` days away are still paid."""
        first = self.first + DAY * (1 + after_days)
        last = self.last - DAY if self.last is not None else date.max
        return (first, last) if first <= last else None


@dataclass(frozen=True, slots=True)
class Membership:
    """An enrolment in a scheme, both days counted; one that is suspended has ended until it is resumed."""

    scheme: str
    first: date
    last: date | None

    def holds(self, on: date) -> bool:
        """Say whether the person is enrolled on a day."""
        return self.first <= on and (self.last is None or on <= self.last)


@dataclass(frozen=True, slots=True)
class Subject:
    """A person as schemes see them; `life_proofs` are the days for which a proof of life holds."""

    born_on: date
    died_on: date | None
    gender: str
    category: str
    facts: tuple[Fact, ...] = ()
    absences: tuple[Absence, ...] = ()
    memberships: tuple[Membership, ...] = ()
    life_proofs: tuple[tuple[date, date], ...] = ()

    def fact(self, kind: str, on: date) -> Fact | None:
        """Return the fact of a kind in force on a day; of two the one that began last."""
        found = [one for one in self.facts if one.kind == kind and one.holds(on)]
        return max(found, key=lambda one: one.first, default=None)

    def grade(self, scale: str, on: date) -> Fact | None:
        """Return the grade of a scale in force on a day."""
        return self.fact(f"grade:{scale}", on)

    def values(self, kind: str, on: date) -> tuple[str, ...]:
        """Return all values of a kind that hold on a day."""
        return tuple(sorted({one.value for one in self.facts if one.kind == kind and one.holds(on)}))

    def age(self, on: date) -> int:
        """Return the age in whole years; who was born on 29 February is a year older on 1 March."""
        return on.year - self.born_on.year - ((on.month, on.day) < (self.born_on.month, self.born_on.day))

    def member(self, scheme: str, on: date) -> Membership | None:
        """Return the enrolment in a scheme that holds on a day."""
        return next((one for one in self.memberships if one.scheme == scheme and one.holds(on)), None)

    def birthday(self, year: int) -> date:
        """Return the day on which the person becomes a year older."""
        try:
            return self.born_on.replace(year=year)
        except ValueError:
            return date(year, 3, 1)


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last of that month where there is none."""
    number = day.year * _MONTHS + day.month - 1 + months
    first = date(number // _MONTHS, number % _MONTHS + 1, 1)
    return min(first + DAY * (day.day - 1), last_day(first))


def last_day(month: date) -> date:
    """Return the last day of a month, given by any of its days."""
    return (month.replace(day=28) + DAY * 4).replace(day=1) - DAY


def quarter_end(day: date) -> date:
    """Return the last day of a day's quarter."""
    return last_day(day.replace(day=1, month=(day.month - 1) // 3 * 3 + 3))


def cut(first: date, last: date, starts: Iterable[date]) -> list[tuple[date, date]]:
    """Cut a span of days where something starts."""
    inside = sorted({first, *(day for day in starts if first < day <= last)})
    ends = [day - DAY for day in inside[1:]] + [last]
    return list(zip(inside, ends, strict=True))
