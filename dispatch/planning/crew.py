"""Who works on a day: each stretch of a shift that leave leaves over is one carer of the search. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatch.planning.shapes import Asked, DayFacts
from dispatch.roster.fitness import CaregiverFacts, Shift, Span, free_of

Point = tuple[float, float]
Rule = tuple[datetime, datetime, int]
"""From, to, minutes of a break."""


@dataclass(frozen=True, slots=True)
class Member:
    """A stretch of a shift: whose, from when to when, from where, with which break."""

    caregiver: int
    facts: CaregiverFacts
    span: Span
    start: Point
    rest: Rule | None = None


def muster(facts: DayFacts, under_way: Sequence[Asked]) -> list[Member]:
    """Return every stretch in which somebody may still work, by caregiver and start.

    The search knows one rule of breaks: who has another one rests at the beginning of the own break's time,
    between two stretches.
    """
    members = [one for index in range(len(facts.caregivers)) for one in _stretches(facts, index, under_way)]
    common = common_rest(members)
    return [part for one in members for part in _rested(one, common)]


def common_rest(members: Sequence[Member]) -> Rule | None:
    """Return the break that most have; the earliest of equals."""
    counted = Counter(one.rest for one in members if one.rest)
    return min(counted, key=lambda rule: (-counted[rule], rule), default=None)


def _stretches(facts: DayFacts, index: int, under_way: Sequence[Asked]) -> list[Member]:
    caregiver = facts.caregivers[index]
    found = []
    for span in free_of(caregiver):
        here = [one for one in under_way if _is_on(one, caregiver, span)]
        since, start = _beginning(facts, caregiver, span, here)
        if since < span.ends_at:
            own = replace(caregiver, shifts=(_shift(caregiver, span),), leaves=())
            rest = _rest(own.shifts[0], since)
            found.append(Member(index, own, Span(since, span.ends_at), start, rest))
    return found


def _is_on(one: Asked, caregiver: CaregiverFacts, span: Span) -> bool:
    return caregiver.caregiver_id in one.people and span.starts_at <= one.begins_at < span.ends_at


def _beginning(
    facts: DayFacts, caregiver: CaregiverFacts, span: Span, here: Sequence[Asked]
) -> tuple[datetime, Point]:
    """Return since when and from where: from a visit under way, else where they were last, else from home."""
    if here:
        first = min(here, key=lambda one: one.begins_at)
        return min(first.begins_at, max(span.starts_at, facts.now)), (first.lat, first.lon)
    late = facts.late.get(caregiver.caregiver_id, span.starts_at)
    since = max(span.starts_at, facts.now, late)
    last = facts.last.get(caregiver.caregiver_id)
    if last and span.starts_at <= last.at <= facts.now:
        return since, (last.lat, last.lon)
    return since, (caregiver.lat, caregiver.lon)


def _shift(caregiver: CaregiverFacts, span: Span) -> Shift:
    """Return the shift that a stretch is part of, cut to the stretch."""
    whole = next(one for one in caregiver.shifts if one.starts_at <= span.starts_at < one.ends_at)
    return replace(whole, starts_at=span.starts_at, ends_at=span.ends_at)


def _rest(shift: Shift, since: datetime) -> Rule | None:
    """Return the break that is still to come within the stretch."""
    if shift.break_from is None or shift.break_to is None or shift.break_from < since:
        return None
    if shift.break_from + timedelta(minutes=shift.break_minutes) > shift.ends_at:
        return None
    return shift.break_from, shift.break_to, shift.break_minutes


def _rested(one: Member, common: Rule | None) -> list[Member]:
    if one.rest is None or one.rest == common:
        return [one]
    begins = one.rest[0]
    ends = begins + timedelta(minutes=one.rest[2])
    halves = (Span(one.span.starts_at, begins), Span(ends, one.span.ends_at))
    home = (one.facts.lat, one.facts.lon)
    starts = (one.start, home)
    return [
        replace(one, span=half, start=start, rest=None)
        for half, start in zip(halves, starts, strict=True)
        if half.starts_at < half.ends_at
    ]
