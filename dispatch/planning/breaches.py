"""What moving a visit by hand would break: codes and numbers, nothing is forbidden. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from dispatch.planning.shapes import Asked, DayFacts, Reason
from dispatch.roster.fitness import CaregiverFacts, Span, unfit

Minutes = Callable[[Asked, Asked], float]
"""How long the caregiver takes from one visit to another."""


def find(facts: DayFacts, one: Asked, person: CaregiverFacts, start: datetime, legs: Minutes) -> list[Reason]:
    """Return everything that it would break if this caregiver began this visit then."""
    wanted = replace(facts.visit_facts(one), windows=(Span(start, start),))
    reason = unfit(person, wanted, facts.on)
    return [
        *([{**reason, "caregiver_id": str(person.caregiver_id)}] if reason else []),
        *_times(facts, one, start),
        *_route(facts, one, person, start, legs),
        *_rest(facts, one, person, start),
        *_promise(facts, one, person, start),
        *_chain(facts, one, start),
        *_partner(facts, one, start),
    ]


def _times(facts: DayFacts, one: Asked, start: datetime) -> Iterator[Reason]:
    if start < facts.now:
        yield {"code": "past", "minutes": _minutes(facts.now - start)}
    if any(span.starts_at <= start <= span.ends_at for span in one.windows):
        return
    early = [_minutes(span.starts_at - start) for span in one.windows if start < span.starts_at]
    late = [_minutes(start - span.ends_at) for span in one.windows if start > span.ends_at]
    yield {"code": "outside_window", "minutes": min(early + late), "early": not late}


def _others(facts: DayFacts, one: Asked, who: UUID) -> list[Asked]:
    """Return the other visits of somebody that have a time, in order."""
    mine = [v for v in facts.visits if who in v.people and v.visit_id != one.visit_id and _starts(v)]
    return sorted(mine, key=lambda visit: visit.begins_at)


def _route(
    facts: DayFacts, one: Asked, person: CaregiverFacts, start: datetime, legs: Minutes
) -> Iterator[Reason]:
    """Look at what lies before and after it in the caregiver's day."""
    end = start + timedelta(minutes=one.minutes)
    others = _others(facts, one, person.caregiver_id)
    for other in others:
        begins, ends = other.begins_at, other.begins_at + timedelta(minutes=other.minutes)
        if begins < end and ends > start:
            overlap = _minutes(min(end, ends) - max(start, begins))
            yield {"code": "overlap", "visit_id": str(other.visit_id), "minutes": overlap}
    before = [v for v in others if v.begins_at + timedelta(minutes=v.minutes) <= start]
    behind = [v for v in others if v.begins_at >= end]
    if before:
        last = before[-1]
        free = _minutes(start - last.begins_at) - last.minutes
        yield from _too_far(last, free, legs(last, one))
    if behind:
        yield from _too_far(behind[0], _minutes(behind[0].begins_at - end), legs(one, behind[0]))


def _too_far(other: Asked, free: float, needs: float) -> Iterator[Reason]:
    if needs > free:
        short = {"needs_min": round(needs, 1), "free_min": round(free, 1)}
        yield {"code": "travel", "visit_id": str(other.visit_id), **short}


def _rest(facts: DayFacts, one: Asked, person: CaregiverFacts, start: datetime) -> Iterator[Reason]:
    """Say when the break has no room left."""
    busy = [Span(start, start + timedelta(minutes=one.minutes))]
    busy += [
        Span(v.begins_at, v.begins_at + timedelta(minutes=v.minutes))
        for v in _others(facts, one, person.caregiver_id)
    ]
    for shift in person.shifts:
        if shift.break_from is None or shift.break_to is None:
            continue
        if not shift.starts_at <= start < shift.ends_at:
            continue
        longest = _longest_gap(busy, shift.break_from, shift.break_to)
        if longest < shift.break_minutes:
            yield {"code": "break", "needs_min": shift.break_minutes, "free_min": longest}


def _longest_gap(busy: Sequence[Span], since: datetime, until: datetime) -> float:
    free, longest = since, 0.0
    for span in sorted(busy, key=lambda one: one.starts_at):
        longest = max(longest, _minutes(min(span.starts_at, until) - free))
        free = max(free, span.ends_at)
    return max(longest, _minutes(until - free), 0.0)


def _promise(facts: DayFacts, one: Asked, person: CaregiverFacts, start: datetime) -> Iterator[Reason]:
    if one.promised_at is None:
        return
    if one.caregiver_id not in {None, person.caregiver_id}:
        yield {"code": "promise_caregiver", "caregiver_id": str(one.caregiver_id)}
    if one.planned_start and abs(start - one.planned_start) > facts.manner.moved:
        yield {
            "code": "promise_time",
            "minutes": _minutes(start - one.planned_start),
            "from": one.planned_start.isoformat(),
        }


def _chain(facts: DayFacts, one: Asked, start: datetime) -> Iterator[Reason]:
    """Look at the visit that it follows, and at those that follow it."""
    by_id = {v.visit_id: v for v in facts.visits}
    if one.follows and one.follows[0] in by_id and _starts(by_id[one.follows[0]]):
        yield from _gap(one, by_id[one.follows[0]].visit_id, start - by_id[one.follows[0]].begins_at)
    for other in facts.visits:
        if other.follows and other.follows[0] == one.visit_id and _starts(other):
            yield from _gap(other, other.visit_id, other.begins_at - start)


def _gap(follower: Asked, named: UUID, gap: timedelta) -> Iterator[Reason]:
    assert follower.follows is not None  # noqa: S101 - it was found by it
    _, least, most = follower.follows
    if not least <= _minutes(gap) <= most:
        figures = {"minutes": _minutes(gap), "least": least, "most": most}
        yield {"code": "follow_gap", "visit_id": str(named), **figures}


def _partner(facts: DayFacts, one: Asked, start: datetime) -> Iterator[Reason]:
    """Say when the second person is missing, or elsewhere then."""
    if one.staff == 1:
        return
    if one.companion_id is None:
        yield {"code": "partner_missing", "staff": one.staff}
        return
    end = start + timedelta(minutes=one.minutes)
    for other in _others(facts, one, one.companion_id):
        if other.begins_at < end and other.begins_at + timedelta(minutes=other.minutes) > start:
            named = {"visit_id": str(other.visit_id), "caregiver_id": str(one.companion_id)}
            yield {"code": "partner_busy", **named}


def _starts(one: Asked) -> bool:
    return one.planned_start is not None or one.started_at is not None


def _minutes(span: timedelta) -> float:
    return round(span.total_seconds() / 60, 1)
