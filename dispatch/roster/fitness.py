"""Who may take which visit, and who would be liked for it: the one place that says so; pure.

`unfit` answers the first reason against a caregiver, the hardest first; `liking` what sending them costs, in
minutes of travel that one would spend to avoid it; `merits` what speaks for them. Codes and numbers only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from dispatch.matching import Certificate

Reason = dict[str, Any]
Gender = Literal["female", "male"]

NOT_PREFERRED = 20.0
"""Minutes: the elder asked for somebody, and this is somebody else."""
OTHER_GENDER = 15.0
"""Minutes: a wish for a gender that is not a condition."""
NO_COMMON_LANGUAGE = 15.0
"""Minutes: they share no language, or not the one that was asked for."""
STRANGER = 10.0
"""Minutes: never been here; somebody who made half of the last visits costs half of it."""
BARRED = 240.0
"""Minutes: only an emergency sends somebody whom the elder refuses, and then last."""


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when, the end not included."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Shift(Span):
    """A shift; its break of so many minutes lies somewhere in [break_from, break_to]."""

    shift_id: UUID
    break_from: datetime | None = None
    break_to: datetime | None = None
    break_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Leave(Span):
    """Approved leave."""

    kind: str


@dataclass(frozen=True, slots=True)
class Covered:
    """What a provider has undertaken: a service in a region and all below it, within its days."""

    service: str | None
    region: str
    valid_from: date
    valid_to: date | None
    response_minutes: int | None = None
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class CaregiverFacts:
    """A caregiver and what decides; shifts and leaves are those that touch the day.

    `coverage` is the provider's; empty means that the provider has stated none, and serves everywhere.
    """

    caregiver_id: UUID
    name: str
    provider_id: UUID
    gender: Gender
    skills: frozenset[str]
    certificates: tuple[Certificate, ...] = ()
    languages: frozenset[str] = frozenset({"zh"})
    shifts: tuple[Shift, ...] = ()
    leaves: tuple[Leave, ...] = ()
    coverage: tuple[Covered, ...] = ()
    lat: float = 0.0
    lon: float = 0.0
    vehicle: str = "ebike"
    speed_kmh: float = 18.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an elder wishes of those who come; `is_gender_hard` makes the gender a condition."""

    preferred: frozenset[UUID] = frozenset()
    never: frozenset[UUID] = frozenset()
    gender: Gender | None = None
    is_gender_hard: bool = False
    language: str | None = None
    is_language_hard: bool = False


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """A visit and what decides; a window is [earliest start, latest start].

    `seen` counts the elder's last visits by caregiver. In an emergency a wish is no bar, it only costs.
    """

    visit_id: UUID
    service: str
    skill: str
    minutes: int
    windows: tuple[Span, ...]
    elder_id: UUID
    provider_id: UUID | None = None
    region: str | None = None
    languages: frozenset[str] = frozenset({"zh"})
    wishes: Wishes = Wishes()
    seen: Mapping[UUID, int] = field(default_factory=dict)
    is_emergency: bool = False


def unfit(caregiver: CaregiverFacts, visit: VisitFacts, on: date) -> Reason | None:
    """Return the first reason why this caregiver may not take this visit on that local day; None: may."""
    return (
        by_provider(caregiver, visit)
        or by_skill(caregiver, visit.skill, on)
        or by_wish(caregiver, visit)
        or by_area(caregiver, visit, on)
        or by_time(caregiver, visit)
    )


def by_provider(caregiver: CaregiverFacts, visit: VisitFacts) -> Reason | None:
    """Refuse the people of another provider than the one that the visit was given to."""
    if visit.provider_id in {None, caregiver.provider_id}:
        return None
    return {"code": "other_provider", "provider_id": str(visit.provider_id)}


def by_skill(caregiver: CaregiverFacts, skill: str, on: date) -> Reason | None:
    """Refuse who lacks the skill, or whose certificates of it are all out of force."""
    if skill not in caregiver.skills:
        return {"code": "no_skill", "skill": skill}
    certified = [one for one in caregiver.certificates if one.skill == skill]
    if not certified or any(one.valid_from <= on <= one.valid_to for one in certified):
        return None
    expired = [one.valid_to for one in certified if one.valid_to < on]
    if expired:
        last = max(expired)
        ended = {"valid_to": last.isoformat(), "days": (on - last).days}
        return {"code": "certificate_expired", "skill": skill, **ended}
    start = min(one.valid_from for one in certified)
    return {"code": "certificate_not_yet", "skill": skill, "valid_from": start.isoformat()}


def by_wish(caregiver: CaregiverFacts, visit: VisitFacts) -> Reason | None:
    """Refuse whom the elder never wants, or what is a condition; in an emergency no wish is a bar."""
    wishes = visit.wishes
    if visit.is_emergency:
        return None
    if caregiver.caregiver_id in wishes.never:
        return {"code": "barred"}
    if wishes.is_gender_hard and wishes.gender not in {None, caregiver.gender}:
        return {"code": "gender", "wanted": wishes.gender, "gender": caregiver.gender}
    if wishes.is_language_hard and wishes.language and wishes.language not in caregiver.languages:
        return {"code": "language", "wanted": wishes.language}
    return None


def by_area(caregiver: CaregiverFacts, visit: VisitFacts, on: date) -> Reason | None:
    """Refuse whose provider has not undertaken the service there; a home without region lies everywhere."""
    if not caregiver.coverage or visit.is_emergency:
        return None
    if any(covers(one, visit.service, visit.region, on) for one in caregiver.coverage):
        return None
    return {"code": "area", "service": visit.service, "region": visit.region}


def covers(one: Covered, service: str, region: str | None, on: date) -> bool:
    """Say whether an undertaking is in force for a service in a region (a code, its prefixes above it)."""
    in_force = one.valid_from <= on and (one.valid_to is None or on <= one.valid_to)
    is_there = region is None or region.startswith(one.region)
    return in_force and is_there and one.service in {None, service}


def by_time(caregiver: CaregiverFacts, visit: VisitFacts) -> Reason | None:
    """Refuse who has no time: the visit must begin in a window and fit into a shift, outside of leave."""
    length = timedelta(minutes=visit.minutes)
    if any(_fits(free, window, length) for free in free_of(caregiver) for window in visit.windows):
        return None
    for leave in caregiver.leaves:
        if any(
            leave.starts_at < one.ends_at + length and leave.ends_at > one.starts_at for one in visit.windows
        ):
            until = leave.ends_at.isoformat()
            return {"code": "on_leave", "kind": leave.kind, "until": until}
    shifts = [{"from": one.starts_at.isoformat(), "to": one.ends_at.isoformat()} for one in caregiver.shifts]
    return {"code": "off_shift", "shifts": shifts}


def free_of(caregiver: CaregiverFacts) -> tuple[Span, ...]:
    """Return what is left of the shifts when leave is taken out, by start."""
    spans: list[Span] = [Span(one.starts_at, one.ends_at) for one in caregiver.shifts]
    for leave in caregiver.leaves:
        spans = [rest for span in spans for rest in _without(span, leave)]
    return tuple(sorted(spans, key=lambda one: one.starts_at))


def _without(span: Span, leave: Span) -> list[Span]:
    if leave.ends_at <= span.starts_at or span.ends_at <= leave.starts_at:
        return [span]
    parts = (Span(span.starts_at, leave.starts_at), Span(leave.ends_at, span.ends_at))
    return [part for part in parts if part.starts_at < part.ends_at]


def _fits(free: Span, window: Span, length: timedelta) -> bool:
    return max(free.starts_at, window.starts_at) <= min(free.ends_at - length, window.ends_at)


def liking(caregiver: CaregiverFacts, visit: VisitFacts) -> float:
    """Return what sending this one costs, in minutes of travel; 0: nothing to wish for."""
    wishes, identity = visit.wishes, caregiver.caregiver_id
    cost = 0.0
    if identity in wishes.never:
        cost += BARRED
    if wishes.preferred and identity not in wishes.preferred:
        cost += NOT_PREFERRED
    if wishes.gender not in {None, caregiver.gender}:
        cost += OTHER_GENDER
    if not _speaks(caregiver, visit):
        cost += NO_COMMON_LANGUAGE
    return cost + STRANGER * (1.0 - _share(caregiver, visit))


def merits(caregiver: CaregiverFacts, visit: VisitFacts) -> list[Reason]:
    """Return what speaks for this one, in codes: preferred, knows (so many visits), gender, language."""
    wishes, known = visit.wishes, visit.seen.get(caregiver.caregiver_id, 0)
    found: list[Reason] = []
    if caregiver.caregiver_id in wishes.preferred:
        found.append({"code": "preferred"})
    if known:
        found.append({"code": "knows", "visits": known, "of": sum(visit.seen.values())})
    if wishes.gender == caregiver.gender:
        found.append({"code": "gender", "gender": caregiver.gender})
    if wishes.language and wishes.language in caregiver.languages:
        found.append({"code": "language", "language": wishes.language})
    return found


def _speaks(caregiver: CaregiverFacts, visit: VisitFacts) -> bool:
    wanted = {visit.wishes.language} if visit.wishes.language else set(visit.languages)
    return not wanted or bool(wanted & caregiver.languages)


def _share(caregiver: CaregiverFacts, visit: VisitFacts) -> float:
    """Return whose share of the last visits was this one's; without any, everybody is equally new."""
    total = sum(visit.seen.values())
    return visit.seen.get(caregiver.caregiver_id, 0) / total if total else 1.0
