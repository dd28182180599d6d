"""How a day's facts become the search's tables: carers, tasks, jobs, who may, what was promised. Pure.

Travel counts in whole minutes, rounded up, so that a plan's times are times that people can read.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from dispatch.planning import capacity, chains, crew
from dispatch.planning.days import Day, Settled, Travel, is_frozen, points
from dispatch.planning.shapes import Asked, DayFacts, Reason
from dispatch.roster.fitness import Span, liking, unfit
from dispatch.search.problem import Break, Carer, Fixed, Job, Link, Problem, Promise, Task, Weights

DROP = {1: 4000.0, 2: 2000.0, 3: 1000.0, 4: 600.0}
"""Minutes of travel that one would spend on a visit rather than leave it out, by priority."""
LEAST_DROP = 400.0
OPTIONAL = 0.2
"""What part of that an optional visit is worth."""
NOTICE = timedelta(minutes=10)
"""Nobody is sent to what begins earlier than this from now."""
OVERRUN = timedelta(minutes=5)
"""A visit that has lasted longer than it should is expected to end after this."""
EPSILON = 1e-9
FOREVER = timedelta(days=400)
Minutes = tuple[tuple[float, float], ...]


def build(facts: DayFacts, travel: Travel, settled: Settled) -> Day:
    """Make the problem of a day; `settled` are leads that an earlier pass has given a time and people."""
    return _Builder(facts, travel, settled).day()


class _Builder:
    """The tables of one problem while they are put together."""

    def __init__(self, facts: DayFacts, travel: Travel, settled: Settled) -> None:
        self.facts, self.settled = facts, settled
        under_way = [one for one in facts.visits if one.state in {"en_route", "in_progress"}]
        self.members = crew.muster(facts, under_way)
        self.nodes = {point: node for node, point in enumerate(points(facts))}
        self.speeds = sorted(travel)
        self.travel = np.ceil(np.stack([travel[speed] for speed in self.speeds]) - EPSILON)
        self.origin = min([facts.midnight, *(one.span.starts_at for one in self.members)])
        self.known = {**{lead: start for lead, (start, _) in settled.items()}, **facts.leads}
        self.chains = chains.link(facts.visits, self.known)
        self.excluded: dict[UUID, Reason] = {}
        self.surplus = capacity.surplus(facts)
        self.behind: dict[UUID, list[Asked]] = {}
        for follower in facts.visits:
            if follower.visit_id in self.chains.waiting:
                self.behind.setdefault(self.chains.waiting[follower.visit_id], []).append(follower)
        self.tasks: list[Task] = []
        self.jobs: list[Job] = []
        self.seats: list[tuple[int, int]] = []

    def day(self) -> Day:
        """Add every visit, then put the problem together."""
        self._add_all()
        allowed, cost = self._who()
        problem = Problem(
            carers=tuple(self._carer(nth, one) for nth, one in enumerate(self.members)),
            tasks=tuple(self.tasks),
            jobs=tuple(self.jobs),
            travel=self.travel,
            allowed=allowed,
            liking=cost,
            lunch=self._lunch(),
            weights=self._weights(),
            is_late_allowed=False,
            is_overtime_allowed=False,
            promised=tuple(self._promise(place, seat) for place, seat in self.seats),
        )
        key = (tuple(self.members), tuple(self.seats), self.excluded, self.chains.waiting)
        return Day(self.facts, self.origin, problem, *key)

    def _add_all(self) -> None:
        place = {one.visit_id: nth for nth, one in enumerate(self.facts.visits)}
        seconds = set(self.chains.pairs.values())
        for nth, one in enumerate(self.facts.visits):
            follower = self.chains.pairs.get(one.visit_id)
            if follower is not None:
                self._add_pair(nth, place[follower])
            elif one.visit_id not in seconds:
                self._add(nth)

    def _add_pair(self, lead: int, follower: int) -> None:
        """Add two visits as one job; when one of them cannot be planned, the lead alone or none."""
        one, other = self.facts.visits[lead], self.facts.visits[follower]
        is_standing = is_frozen(self.facts, one) or is_frozen(self.facts, other)
        reason = self._why_not(other)
        if self._why_not(one):
            self._add(lead)
            self.excluded[other.visit_id] = reason or _lead_off(one.visit_id)
        elif reason or is_standing:
            self._add(lead)
            self._add(follower)
        elif windows := self._windows(one):
            gap = (float((other.follows or (0, 0, 0))[1]), float((other.follows or (0, 0, 0))[2]))
            self._job((lead, follower), windows, "sequential", gap)
        else:
            self.excluded |= {each.visit_id: _past(each) for each in (one, other)}

    def _add(self, nth: int) -> None:
        """Add a visit of one or two people, unless it cannot be planned."""
        one = self.facts.visits[nth]
        reason = self._why_not(one)
        if reason is not None:
            self.excluded[one.visit_id] = reason
            return
        standing = self._standing(one)
        if standing:
            begins = standing[0].start
            self._job((nth,), ((begins, begins),), "simultaneous", (0.0, 0.0), standing)
        elif windows := self._windows(one):
            self._job((nth,), windows, "simultaneous" if one.staff > 1 else "independent", (0.0, 0.0))
        else:
            self.excluded[one.visit_id] = _past(one)

    def _job(
        self,
        places: Sequence[int],
        windows: Minutes,
        link: Link,
        gap: tuple[float, float],
        fixed: tuple[Fixed, ...] | None = None,
    ) -> None:
        visits = [self.facts.visits[place] for place in places]
        first = len(self.tasks)
        for place, one in zip(places, visits, strict=True):
            for seat in range(len(fixed) if fixed else one.staff):
                node = self.nodes[one.lat, one.lon]
                self.tasks.append(Task(f"{one.visit_id}:{seat}", len(self.jobs), node, self._lasts(one)))
                self.seats.append((place, seat))
        tasks = tuple(range(first, len(self.tasks)))
        self.jobs.append(
            Job(
                id=str(visits[0].visit_id),
                tasks=tasks,
                windows=windows,
                link=link if len(tasks) > 1 else "independent",
                gap=gap,
                drop_cost=sum(self._drop(place) for place in places),
                fixed=fixed,
            )
        )

    def _why_not(self, one: Asked) -> Reason | None:
        """Return why a visit is not planned at all; None: it is."""
        if one.held:
            return {"code": "held", "reason": one.held}
        if one.absent:
            return {"code": "absent", "kind": one.absent}
        reason = self.surplus.get(one.visit_id) or self._by_lead(one)
        if reason:
            return reason
        if is_frozen(self.facts, one) and not self._standing(one):
            return {"code": "kept"}
        return None

    def _by_lead(self, one: Asked) -> Reason | None:
        """Return why a visit cannot follow its lead, as far as that has a time."""
        if one.follows is None or one.follows[0] not in self.known or is_frozen(self.facts, one):
            return None
        start = self.known[one.follows[0]]
        if start is None:
            return _lead_off(one.follows[0])
        if not chains.narrowed(one, start):
            return {"code": "follow_gap", "lead": str(one.follows[0]), "lead_start": start.isoformat()}
        return None

    def _windows(self, one: Asked) -> Minutes:
        """Return the windows in minutes: cut by lead or followers, and to what can still be reached."""
        spans = one.windows
        start = self.known.get(one.follows[0]) if one.follows else None
        if start is not None:
            spans = chains.narrowed(one, start)
        behind = self.behind.get(one.visit_id)
        if behind:
            spans = chains.foresighted(replace(one, windows=spans), behind)
        earliest = _whole_minute(self.facts.now + NOTICE)
        ahead = chains.within(spans, [Span(earliest, earliest + FOREVER)])
        return tuple((self._minute(span.starts_at), self._minute(span.ends_at)) for span in ahead)

    def _standing(self, one: Asked) -> tuple[Fixed, ...]:
        """Return who and when of a visit that stands, as far as they are at work; nobody: empty."""
        begins, people = self.settled.get(one.visit_id, (None, ()))
        if begins is None:
            if not is_frozen(self.facts, one):
                return ()
            begins, people = self._begins(one), one.people
        carers = [carer for who in people if (carer := self._carer_of(who, begins)) is not None]
        return tuple(Fixed(carer, self._minute(begins)) for carer in carers)

    def _begins(self, one: Asked) -> datetime:
        if one.started_at is not None or (one.planned_start and one.state != "en_route"):
            return one.begins_at
        return max(one.begins_at, _whole_minute(self.facts.now))

    def _lasts(self, one: Asked) -> float:
        if one.started_at is None:
            return float(one.minutes)
        so_far = self.facts.now - one.started_at + OVERRUN
        return max(float(one.minutes), ceil(so_far.total_seconds() / 60))

    def _carer_of(self, caregiver: UUID, at: datetime) -> int | None:
        for nth, one in enumerate(self.members):
            if one.facts.caregiver_id == caregiver and one.span.starts_at <= at < one.span.ends_at:
                return nth
        return None

    def _carer(self, nth: int, one: crew.Member) -> Carer:
        shift = (self._minute(one.span.starts_at), self._minute(one.span.ends_at))
        home = self.nodes[one.facts.lat, one.facts.lon]
        matrix = self.speeds.index(one.facts.speed_kmh)
        identity = f"{one.facts.caregiver_id}:{nth}"
        return Carer(
            identity, self.nodes[one.start], home, shift, has_break=one.rest is not None, matrix=matrix
        )

    def _who(self) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Return who may take which task, and what it costs beyond travel."""
        allowed = np.zeros((len(self.tasks), len(self.members)), dtype=np.bool_)
        cost = np.zeros(allowed.shape)
        for task, (place, seat) in enumerate(self.seats):
            job = self.jobs[self.tasks[task].job]
            if job.fixed:
                allowed[task, job.fixed[seat].carer] = True
            elif seat:
                allowed[task], cost[task] = allowed[task - 1], cost[task - 1]
            else:
                self._judge(self.facts.visits[place], allowed[task], cost[task])
        return allowed, cost

    def _judge(self, one: Asked, allowed: NDArray[np.bool_], cost: NDArray[np.float64]) -> None:
        """Fill the rows of a visit; one whose lead has no time yet is nobody's in this pass."""
        if one.visit_id in self.chains.waiting:
            return
        wanted = self.facts.visit_facts(one)
        for nth, member in enumerate(self.members):
            if unfit(member.facts, wanted, self.facts.on) is None:
                allowed[nth] = True
                cost[nth] = liking(member.facts, wanted)

    def _promise(self, place: int, seat: int) -> Promise | None:
        """Return what the people concerned count on."""
        one = self.facts.visits[place]
        if seat >= len(one.people) or (one.promised_at is None and one.state != "accepted"):
            return None
        start = one.planned_start
        carer = self._carer_of(one.people[seat], start or one.begins_at)
        return Promise(carer, self._minute(start) if start else None)

    def _drop(self, place: int) -> float:
        """Return what leaving a visit out costs: its worth, and the promises that could be kept."""
        one = self.facts.visits[place]
        worth = DROP.get(one.priority, LEAST_DROP) * one.staff * (OPTIONAL if one.is_optional else 1.0)
        promises = [self._promise(place, seat) for seat in range(one.staff)]
        kept = sum(promise is not None and promise.carer is not None for promise in promises)
        return worth + kept * self.facts.manner.change

    def _lunch(self) -> Break | None:
        rule = crew.common_rest(self.members)
        if rule is None:
            return None
        return Break((self._minute(rule[0]), self._minute(rule[1])), float(rule[2]))

    def _weights(self) -> Weights:
        manner = self.facts.manner
        return Weights(
            waiting=manner.waiting,
            missed_break=manner.missed_break,
            change=manner.change,
            shift_move=manner.shift,
        )

    def _minute(self, at: datetime) -> float:
        return (at - self.origin).total_seconds() / 60


def _whole_minute(at: datetime) -> datetime:
    """Return the next whole minute."""
    return at.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _lead_off(lead: UUID) -> Reason:
    return {"code": "lead_off", "lead": str(lead)}


def _past(one: Asked) -> Reason:
    return {"code": "window_past", "until": max(span.ends_at for span in one.windows).isoformat()}
