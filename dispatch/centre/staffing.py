"""How many operators an hour of the week needs, from what it has brought so far; pure.

Alarms of an hour are taken as calls to one queue. The probability that a call waits is Erlang's C formula,
and that it waits longer than t is C * exp(-(c - A) * t / h), with c operators, A erlangs of work and h
seconds of work a call (A. K. Erlang, "Solution of some problems in the theory of probabilities of
significance in automatic telephone exchanges", 1917; R. B. Cooper, Introduction to Queueing Theory, 1981).
The load of an hour is the mean of the same hour of past weeks, with the interval in which the next one lies
(95 %, normal, the larger of Poisson's variance and the one seen). Less than four weeks are no history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt

LEAST_WEEKS = 4
HOURS = 168
"""Hours of a week, the first from Monday 00:00 local time."""
WAIT, SHARE = 60.0, 0.975
"""Answered within so many seconds, so many of them (DOMAIN section 4, H)."""
_Z = 1.96
_MOST = 500


@dataclass(frozen=True, slots=True)
class Load:
    """What an hour of the week brings: cases an hour, and the interval of the next one."""

    hour: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Need:
    """An hour of the week against the rota: needed for the mean and for the upper end, and there."""

    load: Load
    needed: int
    needed_high: int
    there: float

    @property
    def short(self) -> int:
        """Return how many operators are missing for what is expected."""
        return max(0, self.needed - int(self.there))

    @property
    def is_tight(self) -> bool:
        """Say whether a bad hour of the interval would be too much, and the expected one would not."""
        return not self.short and self.there < self.needed_high


def waits(operators: int, erlangs: float) -> float:
    """Return the probability that a call has to wait (Erlang C); 1 when the work never ends."""
    if erlangs <= 0:
        return 0.0
    if operators <= erlangs:
        return 1.0
    blocked = 1.0
    for one in range(1, operators + 1):
        blocked = erlangs * blocked / (one + erlangs * blocked)
    return blocked / (1 - (erlangs / operators) * (1 - blocked))


def within(operators: int, calls: float, seconds_each: float, wait: float = WAIT) -> float:
    """Return the share of calls that are answered within `wait` seconds; `calls` an hour."""
    erlangs = calls * seconds_each / 3600
    if operators <= erlangs:
        return 0.0 if erlangs > 0 else 1.0
    if erlangs <= 0:
        return 1.0
    return 1 - waits(operators, erlangs) * exp(-(operators - erlangs) * wait / seconds_each)


def operators_for(calls: float, seconds_each: float, wait: float = WAIT, share: float = SHARE) -> int:
    """Return the fewest operators who answer `share` of the calls in time; one at least."""
    for count in range(1, _MOST):
        if within(count, calls, seconds_each, wait) >= share:
            return count
    return _MOST


def load(hour: int, counts: Sequence[int]) -> Load:
    """Return an hour's load from its counts of past weeks (at least one)."""
    weeks = len(counts)
    mean = sum(counts) / weeks
    seen = sum((one - mean) ** 2 for one in counts) / (weeks - 1) if weeks > 1 else 0.0
    off = _Z * sqrt(max(mean, seen) * (1 + 1 / weeks))
    return Load(hour, mean, max(0.0, mean - off), mean + off)


def forecast(
    counts: Mapping[int, Sequence[int]], seconds_each: float, there: Mapping[int, float], share: float = SHARE
) -> list[Need] | None:
    """Return what each hour of the week needs; None when there are not four weeks of history.

    `counts`: of each hour of the week what each past week brought, noughts too; `there`: who is on the rota.
    """
    if min((len(counts.get(hour, ())) for hour in range(HOURS)), default=0) < LEAST_WEEKS:
        return None
    found = []
    for hour in range(HOURS):
        one = load(hour, counts[hour])
        needed = operators_for(one.mean, seconds_each, share=share)
        found.append(
            Need(one, needed, operators_for(one.high, seconds_each, share=share), there.get(hour, 0.0))
        )
    return found
