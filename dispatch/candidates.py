"""Candidates: everybody in the book of routes, with the facts that decide who goes to an emergency."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from core.clock import local_date
from core.db import Conn, Row
from core.districts import DistrictSettings
from core.errors import Conflict
from core.sql import load
from dispatch import offers
from dispatch.matching import RINGS, Asked, Busy, Candidate, Disruption, Need
from dispatch.online import feed, schedule
from dispatch.online.book import Route, instant, minute
from dispatch.online.feed import Kept
from dispatch.online.places import NEVER
from dispatch.online.repair import INTERRUPTED, Call, Repair, free_at, repair
from dispatch.roster import facts
from dispatch.roster.fitness import BARRED, Wishes
from dispatch.service_items import ServiceItem

SQL = load(__file__)
EMERGENCY_PRIORITY = 1
FORGIVEN = timedelta(minutes=10)
"""Who did not answer is asked again after so long."""
GRAVEST = 1
"""The severity for which a visit that has begun may be interrupted."""
STRANGERS = RINGS + 1
"""The ring of providers without an agreement: never asked, where the home's provider comes first."""


@dataclass(frozen=True)
class Answer:
    """Somebody's no: in words, or by silence."""

    code: str
    at: datetime


@dataclass(frozen=True)
class Scene:
    """An emergency and the book as it is now: what `matching` needs to ask."""

    need: Need
    call: Call
    kept: Kept
    asked: Mapping[UUID, Busy]
    answers: Mapping[UUID, Answer]
    wishes: Wishes
    rings: Mapping[UUID, int] | None

    def within(self, ring: int, ask: int) -> Self:
        """Return the same scene as far out as a ring, with so many asked at once."""
        return replace(self, need=replace(self.need, ring=ring, ask=ask))

    def without(self, visit_id: UUID) -> None:
        """Take the emergency itself out of the book; it is read again next time."""
        self.kept.book.forget(visit_id)
        self.kept.doubtful.add(visit_id)

    def provider_of(self, caregiver_id: UUID | None) -> UUID | None:
        """Return whose employee somebody is."""
        return self.kept.book.routes[caregiver_id].carer.provider_id if caregiver_id else None

    def named(self, one: Asked) -> Asked:
        """Return somebody who is asked with the ring that it was done in."""
        return replace(one, ring=min(self.need.ring, RINGS) if self.rings else 1)

    def candidates(self) -> list[Candidate]:
        """Return everybody, with where they are and when they could set out."""
        return [self._candidate(route) for route in self.kept.book.routes.values()]

    def disrupt(self, need: Need, candidate: Candidate, limit: float) -> Disruption:
        """Say what becomes of the day of somebody who goes."""
        return disruption(self.repair(candidate.caregiver_id, need.at, limit))

    def repair(self, caregiver_id: UUID, now: datetime, limit: float = NEVER) -> Repair:
        """Return what becomes of the day of somebody who goes; one that costs too much is not finished."""
        route = self.kept.book.routes[caregiver_id]
        return repair(self.kept.places, route, self.call, minute(now), limit)

    def _candidate(self, route: Route) -> Candidate:
        carer, at = route.carer, minute(self.need.at)
        said = self.answers.get(carer.caregiver_id)
        known = Candidate(
            caregiver_id=carer.caregiver_id,
            name=carer.name,
            skills=carer.skills,
            certificates=carer.certificates,
            lat=carer.lat,
            lon=carer.lon,
            position="base",
            speed_kmh=carer.speed_kmh,
            shift_until=None,
            next_shift=None,
            declined_at=said.at if said else None,
            answer=said.code if said else "declined",
            ring=1 if self.rings is None else self.rings.get(carer.provider_id, STRANGERS),
        )
        if self.need.skill not in carer.skills:
            return known  # where they are does not matter
        where = schedule.standing(route, at)
        free, interrupted = free_at(where, self.call, at)
        unwanted = BARRED if carer.caregiver_id in self.wishes.never else 0.0
        return replace(
            known,
            lat=where.place.lat,
            lon=where.place.lon,
            position=where.position,
            busy=self._busy(route),
            free_in=max(free - at, 0.0),
            reluctance=unwanted + (INTERRUPTED if interrupted else 0.0),
            **_shift(route, self.need.at),
        )

    def _busy(self, route: Route) -> tuple[Busy, ...]:
        """Return the emergencies that somebody is on or is asked for."""
        busy = [
            Busy(one.facts.visit_id, one.priority, instant((one.started or one.due) + one.minutes))
            for one in route.stops
            if one.is_emergency
        ]
        asked = self.asked.get(route.carer.caregiver_id)
        if asked and all(one.visit_id != asked.visit_id for one in busy):
            busy.append(asked)
        return tuple(busy)


async def look(conn: Conn, case: Row, item: ServiceItem, settings: DistrictSettings, now: datetime) -> Scene:
    """Gather what decides who goes, assignments locked by the caller; raise Conflict when it names nobody."""
    place = await conn.fetchrow(SQL.find_scene, case["id"], now - FORGIVEN)
    if place is None:
        raise Conflict("the alarm names no elder, so nobody can be sent", code="no_elder")
    on = local_date(now)
    need = Need(
        service=item.code,
        skill=item.skill,
        priority=EMERGENCY_PRIORITY,
        lat=place["lat"],
        lon=place["lon"],
        at=now,
        on=on,
        reach_min=float(settings.emergency_reach_minutes),
        travel_factor=settings.travel_factor,
        ask=settings.offer_to,
    )
    district = case["district_id"]
    wishes = await facts.wishes(conn, on, {case["elder_id"]})
    return Scene(
        need=need,
        call=Call(need.lat, need.lon, float(item.minutes), on, case["severity"] <= GRAVEST),
        kept=await feed.current(conn, district, settings.travel_factor, now),
        asked={UUID(one["caregiver_id"]): _asked(one) for one in place["asked"]},
        answers={UUID(one["caregiver_id"]): _answer(one) for one in place["answers"]},
        wishes=wishes.get(case["elder_id"], Wishes()),
        rings=await _rings(conn, place["provider_id"], settings, now),
    )


def _asked(offer: Mapping[str, str]) -> Busy:
    until = datetime.fromisoformat(offer["until"])
    return Busy(UUID(offer["visit_id"]), EMERGENCY_PRIORITY, until)


def _answer(offer: Mapping[str, str]) -> Answer:
    code = "declined" if offer["state"] == "declined" else "unanswered"
    return Answer(code, datetime.fromisoformat(offer["at"]))


async def _rings(
    conn: Conn, provider: UUID | None, settings: DistrictSettings, now: datetime
) -> dict[UUID, int] | None:
    """Return the ring of each provider that may be asked; None: the whole district is one ring."""
    if settings.offer_first == "district" or provider is None:
        return None
    helping = await offers.neighbours(conn, provider, local_date(now))
    return {**dict.fromkeys(helping, RINGS), provider: 1}


def disruption(found: Repair) -> Disruption:
    """Count what a repair does to others."""
    codes = [one.code for one in found.changes]
    hurt = sorted((one.stop for one in found.changes), key=lambda one: one.due)
    first = found.interrupted or (hurt[0] if hurt else None)
    left = Busy(first.facts.visit_id, first.priority, instant(first.due + first.minutes)) if first else None
    numbers = (codes.count("handed_over"), codes.count("postponed"), codes.count("released"))
    return Disruption(found.minutes, left, *numbers)


def _shift(route: Route, now: datetime) -> dict[str, Any]:
    """Return until when somebody works, or when they work next, or what keeps them."""
    at = minute(now)
    shift = route.shift(at)
    if shift and shift[0] <= at:
        return {"shift_until": instant(shift[1]), "next_shift": None}
    away = next((one for one in route.carer.leaves if one.starts_at <= now < one.ends_at), None)
    following = instant(shift[0]) if shift else None
    kept = {"kind": away.kind, "until": away.ends_at.isoformat()} if away else None
    return {"shift_until": None, "next_shift": following, "away": kept}
