"""What accepting a plan changes, visit by visit, and what is left out because it no longer holds. Pure.

Roster, visits and wishes may have changed since the plan was computed: each change is looked at again with
the facts of now. What is left out stays as it stands, and what would run into it is left out with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from dispatch.planning import promises
from dispatch.planning.days import is_frozen
from dispatch.planning.shapes import OPEN, Asked, DayFacts, Planned, Reason
from dispatch.roster.fitness import CaregiverFacts, Span, unfit


@dataclass(frozen=True, slots=True)
class Change:
    """A visit that gets other people or another time, or loses them (`people` empty); `verb` of its life."""

    visit: Asked
    verb: str
    people: tuple[UUID, ...]
    starts_at: datetime | None
    ends_at: datetime | None
    why: Reason


@dataclass(frozen=True, slots=True)
class Decided:
    """What is to be done, and what is not, by name."""

    changes: list[Change]
    left_out: list[Reason]
    unserved: list[tuple[UUID, Reason]]


def decide(facts: DayFacts, planned: Iterable[Planned]) -> Decided:
    """Return what a plan changes as things stand now."""
    visits = {one.visit_id: one for one in facts.visits}
    people = {one.caregiver_id: one for one in facts.caregivers}
    wanted: list[Change] = []
    left_out: list[Reason] = []
    unserved = []
    for visit_id, seats in promises.by_visit(planned).items():
        one = visits.get(visit_id)
        if one is None:
            if seats[0].caregiver_id is not None:
                left_out.append({"visit_id": str(visit_id), "code": "no_longer_open"})
            continue
        if one.state == "wanted" and seats[0].caregiver_id is None:
            unserved.append((visit_id, seats[0].why))
        change = _change(one, seats)
        if change is None:
            continue
        reason = _refusal(facts, people, change)
        if reason:
            left_out.append({"visit_id": str(visit_id), **reason})
        else:
            wanted.append(change)
    kept, clashing = _without_clashes(facts, wanted)
    return Decided(kept, left_out + clashing, unserved)


def _change(one: Asked, seats: Sequence[Planned]) -> Change | None:
    """Return what a visit's seats ask for; None: it is so already."""
    people = tuple(seat.caregiver_id for seat in seats if seat.caregiver_id is not None)
    first = seats[0]
    if not people:
        if not one.people or first.why.get("reason", {}).get("code") == "kept":
            return None
        return Change(one, "take_back", (), None, None, first.why)
    if people == one.people and first.starts_at == one.planned_start:
        return None
    verb = "offer" if one.state == "wanted" else "retime" if people[0] == one.caregiver_id else "hand_over"
    return Change(one, verb, people, first.starts_at, first.ends_at, first.why)


def _refusal(facts: DayFacts, people: Mapping[UUID, CaregiverFacts], change: Change) -> Reason | None:
    """Return why a change no longer holds; None: it does."""
    one = change.visit
    if one.state not in OPEN or is_frozen(facts, one):
        return {"code": "no_longer_open", "state": one.state}
    if change.starts_at is None:
        return None
    return _by_visit(facts, change, change.starts_at) or _by_people(facts, people, change, change.starts_at)


def _by_visit(facts: DayFacts, change: Change, at: datetime) -> Reason | None:
    one = change.visit
    checks: tuple[tuple[bool, Reason], ...] = (
        (bool(one.held or one.absent), {"code": "held", "reason": one.held or one.absent}),
        (not _is_within(one.windows, at), {"code": "outside_window"}),
        (len(change.people) < one.staff, {"code": "partner_missing", "staff": one.staff}),
        (at < facts.now, {"code": "too_late"}),
    )
    return next((reason for is_wrong, reason in checks if is_wrong), None)


def _by_people(
    facts: DayFacts, people: Mapping[UUID, CaregiverFacts], change: Change, at: datetime
) -> Reason | None:
    wanted = replace(facts.visit_facts(change.visit), windows=(Span(at, at),))
    for who in change.people:
        person = people.get(who)
        reason = unfit(person, wanted, facts.on) if person else {"code": "left"}
        if reason:
            return {**reason, "caregiver_id": str(who)}
    return None


def _is_within(windows: Sequence[Span], at: datetime) -> bool:
    return any(one.starts_at <= at <= one.ends_at for one in windows)


@dataclass(frozen=True, slots=True)
class _Stay:
    """Somebody is with a visit from then till then, by the plan (`is_new`) or as it stands."""

    since: datetime
    until: datetime
    visit_id: UUID
    is_new: bool


def _without_clashes(facts: DayFacts, wanted: list[Change]) -> tuple[list[Change], list[Reason]]:
    """Leave out what would have somebody in two places at once, until nobody is."""
    left_out: list[Reason] = []
    while True:
        clash = _clash(facts, wanted)
        if clash is None:
            return wanted, left_out
        gone, other = clash
        left_out.append({"visit_id": str(gone), "code": "overlap", "with": str(other)})
        wanted = [one for one in wanted if one.visit.visit_id != gone]


def _clash(facts: DayFacts, wanted: Sequence[Change]) -> tuple[UUID, UUID] | None:
    """Return a visit of the plan that cannot be, and the one that it runs into."""
    stays: dict[UUID, list[_Stay]] = {}
    new = {one.visit.visit_id: one for one in wanted}
    for visit in facts.visits:
        change = new.get(visit.visit_id)
        people = change.people if change else visit.people
        since = change.starts_at if change else visit.planned_start or visit.started_at
        if since is None:
            continue
        until = since + timedelta(minutes=visit.minutes)
        for who in people:
            stays.setdefault(who, []).append(_Stay(since, until, visit.visit_id, change is not None))
    for row in stays.values():
        row.sort(key=lambda one: (one.since, one.until))
        for one, following in pairwise(row):
            if following.since < one.until and (one.is_new or following.is_new):
                gone, other = (following, one) if following.is_new else (one, following)
                return gone.visit_id, other.visit_id
    return None
