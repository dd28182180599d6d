"""The team of five and the six: which role was empty when, which duty is late, what is missing (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ROLES = ("guardian", "caregiver", "official", "nurse", "social_worker")
VISITING = ("caregiver", "nurse")
"""Roles whose duties are planned visits; the others' are calls that somebody records."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Held:
    """A role held from a day to a day (None: until now)."""

    role: str
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A role that nobody held from a day to a day, both counted."""

    role: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Duty:
    """How a recurring duty stands: when it was last met, since when it waits, when it is due next."""

    met_on: date | None
    late_since: date | None
    next_on: date | None


@dataclass(frozen=True, slots=True)
class Have:
    """One of the six: seen on a day, taken to hold until a day (None: found missing, or never looked at)."""

    item: str
    seen_on: date | None
    holds_until: date | None
    state: str


def gaps(members: Iterable[Held], since: date, until: date) -> list[Gap]:
    """Return when a role of the five was empty between two days, by role and day."""
    held = list(members)
    return [
        gap for role in ROLES for gap in _of(role, [one for one in held if one.role == role], since, until)
    ]


def _of(role: str, held: Sequence[Held], since: date, until: date) -> list[Gap]:
    found, free = [], since
    for one in sorted(held, key=lambda one: one.first):
        if one.first > free and free <= until:
            found.append(Gap(role, free, min(one.first - _DAY, until)))
        if one.last is None:
            return found
        free = max(free, one.last + _DAY)
    return [*found, Gap(role, free, until)] if free <= until else found


def duty(days: Sequence[date], met: Sequence[date], today: date) -> Duty:
    """Say how a duty stands: a due day is met by a call on it or after it, before the next due day or today.

    `days` are the days on which it recurs, past and to come, in order; `met` those on which it was done.
    """
    past = [day for day in days if day < today]
    last = max((day for day in met if day <= today), default=None)
    open_ = [day for day in past if last is None or day > last]
    ahead = next((day for day in days if day >= today and (last is None or day > last)), None)
    return Duty(last, open_[0] if open_ else None, ahead)


def haves(wanted: Sequence[str], seen: Mapping[str, tuple[date, date | None]], today: date) -> list[Have]:
    """Return each of the wanted with its state: had, missing, stale (look again), never looked at."""
    return [_have(item, seen.get(item), today) for item in wanted]


def _have(item: str, seen: tuple[date, date | None] | None, today: date) -> Have:
    if seen is None:
        return Have(item, None, None, "never")
    on, until = seen
    state = "missing" if until is None else "had" if until >= today else "stale"
    return Have(item, on, until, state)
