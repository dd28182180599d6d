"""A policy tried on a clock before it is in force: who would be told when, by what, if people answered so.

Pure, and the engine's own decisions: `policy.notice` says who, `notices.deciding` how somebody is tried.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from dispatch import policy
from dispatch.notices.deciding import Send, Tried, Wait, following, to_ring

COMING = timedelta(minutes=10)
"""As `notices.answers.COMING`: who comes gets so long."""
FAMILY = frozenset({"contacts", "neighbours"})
STAFF = frozenset({"operators", "duty_managers"})
REACTION = timedelta(seconds=15)
"""So long after the phone rings somebody answers."""
HORIZON = timedelta(minutes=30)


@dataclass(frozen=True)
class Person:
    """Somebody of an audience: what they are called in the simulation, and by what they can be reached."""

    label: str
    channels: frozenset[str] = frozenset(policy.PHONES)


@dataclass(frozen=True)
class Reaction:
    """On which channel somebody answers, and what: seen, coming or cannot."""

    channel: str
    answer: str


CAST: Mapping[str, Sequence[Person]] = {
    "duty_managers": (Person("duty_manager"),),
    "contacts": (Person("relative_1"), Person("relative_2")),
    "neighbours": (Person("neighbour"),),
    "caregivers": (Person("caregiver_1"), Person("caregiver_2")),
    "ring": (Person("caregiver_3"),),
}
"""Whom a policy is tried on, when nobody in particular is meant."""
SCENARIOS: Mapping[str, Mapping[str, Reaction]] = {
    "nobody": {},
    "first_comes": {"relative_1": Reaction("voice", "coming")},
    "first_cannot": {"relative_1": Reaction("voice", "cannot"), "relative_2": Reaction("sms", "coming")},
    "seen_only": {"relative_1": Reaction("push", "seen")},
    "neighbour_comes": {"neighbour": Reaction("voice", "coming")},
    "manager_answers": {"duty_manager": Reaction("sms", "seen")},
}


@dataclass(frozen=True)
class Line:
    """One thing that would happen; `who` is empty for a step that has nobody.

    `what` is told (on the pages), queued (not yet: the list goes in order), tried, failed, seen, coming,
    cannot, told_only, unreached, nobody or stood_down.
    """

    at: datetime
    step: int
    audience: str
    who: str
    channel: str
    what: str


@dataclass
class _Open:
    """One person being told."""

    person: Person
    audience: str
    step: int
    channels: tuple[str, ...]
    due: datetime
    tries: list[Tried] = field(default_factory=list)
    is_over: bool = False


@dataclass
class _Run:
    steps: list[dict[str, Any]]
    people: Mapping[str, Sequence[Person]]
    answers: Mapping[str, Reaction]
    step: int = 0
    next_step_at: datetime | None = None
    open: list[_Open] = field(default_factory=list)
    reached: bool = False
    said: dict[str, str] = field(default_factory=dict)


def simulate(
    steps: list[dict[str, Any]],
    people: Mapping[str, Sequence[Person]],
    answers: Mapping[str, Reaction],
    start: datetime,
    horizon: timedelta = HORIZON,
) -> list[Line]:
    """Return what would happen from `start` on while nobody claims, in order of time.

    `people` are those of each audience, in the order in which they are told (`everyone` is all of them unless
    given); `answers` says by label who answers what, and on which channel.
    """
    run = _Run(steps, people, answers, next_step_at=start)
    lines: list[tuple[datetime, int, Line]] = []
    number = count()
    while (at := _next_instant(run)) is not None and at <= start + horizon:
        for line in _at(run, at):
            heapq.heappush(lines, (line.at, next(number), line))
    return [heapq.heappop(lines)[2] for _ in range(len(lines))]


def _next_instant(run: _Run) -> datetime | None:
    times = [one.due for one in run.open if not one.is_over]
    return min([*times, *([run.next_step_at] if run.next_step_at else [])], default=None)


def _at(run: _Run, at: datetime) -> Iterator[Line]:
    if run.next_step_at is not None and run.next_step_at <= at:
        yield from _begin_step(run, at)
    for one in list(run.open):
        if not one.is_over and one.due <= at:
            yield from _go_on(run, one, at)


def _audience(run: _Run, audience: str) -> Sequence[Person]:
    if audience == "everyone" and "everyone" not in run.people:
        return [one for group in run.people.values() for one in group]
    return run.people.get(audience, ())


def _begin_step(run: _Run, at: datetime) -> Iterator[Line]:
    told = policy.notice(run.steps, run.step)
    again = run.step > 0 and told.is_last and policy.notice(run.steps, run.step - 1).is_last
    if again and not run.reached and policy.pages(run.steps):
        yield Line(at, run.step, told.audience, "", "console", "unreached")
    yield Line(at, run.step, told.audience, "", "console", "told")
    whom = _audience(run, told.audience)
    if told.channels and not whom:
        yield Line(at, run.step, told.audience, "", "", "nobody")
    busy = {one.person.label for one in run.open if not one.is_over}
    rung = to_ring(whom, lambda one: run.said.get(one.label), lambda one: _is_staff(run, one))
    asked = [one for one in rung if one.label not in busy]
    for nth, person in enumerate(asked if told.channels else []):
        due = at + nth * told.each
        run.open.append(_Open(person, told.audience, run.step, told.channels, due))
    run.step += 1
    run.next_step_at = at + told.wait


def _go_on(run: _Run, one: _Open, at: datetime) -> Iterator[Line]:
    """Do what the engine would do for one person now."""
    said = _answered(run, one, at)
    if said is not None:
        yield from _answer(run, one, said, at)
        return
    found = following("case", one.channels, one.tries, at)
    if isinstance(found, Wait):
        one.due = _sooner(run, one, found.until)
    elif isinstance(found, Send):
        yield from _try(run, one, found, at)
    else:
        one.is_over = True
        what = "told_only" if found.state == "told" else "failed"
        yield Line(at, one.step, one.audience, one.person.label, "", what)


def _is_family(run: _Run, person: Person) -> bool:
    return any(person in run.people.get(audience, ()) for audience in FAMILY)


def _is_staff(run: _Run, person: Person) -> bool:
    return any(person in run.people.get(audience, ()) for audience in STAFF)


def _try(run: _Run, one: _Open, send: Send, at: datetime) -> Iterator[Line]:
    has = send.channel in one.person.channels
    state = "delivered" if has else "failed"
    one.tries.append(Tried(send.channel, state, at, "none", is_permanent=not has, ended_at=at))
    run.reached = run.reached or has
    one.due = at
    yield Line(at, one.step, one.audience, one.person.label, send.channel, "tried" if has else "failed")


def _sooner(run: _Run, one: _Open, until: datetime) -> datetime:
    reaction = run.answers.get(one.person.label)
    answers = reaction is not None and one.tries and one.tries[-1].channel == reaction.channel
    return min(until, one.tries[-1].at + REACTION) if answers else until


def _answered(run: _Run, one: _Open, at: datetime) -> str | None:
    reaction = run.answers.get(one.person.label)
    if reaction is None or not one.tries or one.tries[-1].channel != reaction.channel:
        return None
    last = one.tries[-1]
    return reaction.answer if last.state == "delivered" and at >= last.at + REACTION else None


def _answer(run: _Run, one: _Open, answer: str, at: datetime) -> Iterator[Line]:
    one.is_over = True
    run.said[one.person.label] = answer
    yield Line(at, one.step, one.audience, one.person.label, one.tries[-1].channel, answer)
    left = [other for other in run.open if not other.is_over]
    if answer == "coming" and _is_staff(run, one.person):
        return
    if answer == "coming":
        for other in left:
            if _is_family(run, other.person):
                other.is_over = True
                yield Line(at, other.step, other.audience, other.person.label, "", "stood_down")
        run.next_step_at = max(run.next_step_at or at, at + COMING)
    elif answer == "cannot":
        waiting = [other for other in left if not other.tries]
        if waiting:
            min(waiting, key=lambda other: other.due).due = at
        elif not left:
            current = policy.notice(run.steps, run.step - 1)
            due = at + current.wait if current.is_last else at
            run.next_step_at = min(run.next_step_at or due, due)
