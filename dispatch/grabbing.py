"""Visits that caregivers take themselves: whom they stand open to, and who was first.

A provider in mode `grab` lets its people take wanted visits until `grab_hours` before the window. Then, and
in mode `dispatch`, somebody is named for each. Who may take which visit says `roster.fitness`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import districts
from core.accounts import Person
from core.clock import local_date
from core.db import Conn, Row
from core.errors import Conflict, NotFound
from core.sql import load
from dispatch import fields, gaps, journal, service_items, visit_rows
from dispatch.gaps import Busy, Errand, Fit
from dispatch.roster import facts, fitness
from dispatch.roster.fitness import CaregiverFacts, Reason, Span, VisitFacts, Wishes
from dispatch.states import VISIT, after

SQL = load(__file__)
MODES = ("dispatch", "grab")
AHEAD = timedelta(days=7)
LONGEST_HOURS = 168
_MOST, _SHOWN = 200, 20


@dataclass(frozen=True, slots=True)
class Opening:
    """A visit that a caregiver may take, and when they would begin it."""

    visit: Row
    fit: Fit


async def mode(conn: Conn, provider_id: UUID) -> Row:
    """Return how a provider's visits find somebody: {id, name, mode, grab_hours}; raise NotFound."""
    row = await conn.fetchrow(SQL.find_mode, provider_id)
    if row is None:
        raise NotFound(f"no provider {provider_id}")
    return row


async def set_mode(conn: Conn, provider_id: UUID, wanted: str, hours: int) -> None:
    """Change how a provider's visits find somebody; raise Invalid, or NotFound."""
    if wanted not in MODES:
        raise fields.wrong("mode", "unknown", "one of dispatch, grab")
    if not 0 <= hours <= LONGEST_HOURS:
        raise fields.wrong("hours", "out_of_range", "between 0 and 168")
    if await conn.fetchval(SQL.set_mode, provider_id, wanted, hours) is None:
        raise NotFound(f"no provider {provider_id}")


async def open_to(conn: Conn, caregiver_id: UUID, provider_id: UUID, now: datetime) -> list[Opening]:
    """Return the visits that a caregiver may take now, the soonest first."""
    rows = await conn.fetch(SQL.list_open, provider_id, now, now + AHEAD, _MOST, None)
    if not rows:
        return []
    judge = await _Judge.of(conn, caregiver_id, provider_id, rows, now)
    found = [(row, judge.fit(row)) for row in rows]
    return [Opening(row, fit) for row, fit in found if isinstance(fit, Fit)][:_SHOWN]


async def grab(conn: Conn, visit_id: UUID, by: Person, now: datetime) -> Row:
    """Take a visit that stands open: the first has it; raise Conflict naming who was first, or why not."""
    carer = await conn.fetchrow(SQL.lock_caregiver, by.caregiver_id)
    if carer is None:
        raise NotFound(f"no visit {visit_id}")
    row = await visit_rows.lock(conn, visit_id)
    await _refuse_second(conn, visit_id, row, by)
    to = after(VISIT, "visit", "grab", row["state"])
    rows = await conn.fetch(SQL.list_open, carer["provider_id"], now, now + AHEAD, 1, visit_id)
    if not rows:
        raise Conflict("this visit does not stand open", code="not_open")
    judge = await _Judge.of(conn, carer["id"], carer["provider_id"], rows, now)
    fit = judge.fit(rows[0])
    if not isinstance(fit, Fit):
        raise Conflict("this visit is not for you to take", code="may_not_take", why=fit)
    why = {"chosen": {"caregiver_id": str(carer["id"]), "name": by.name, "code": "grabbed"}, "considered": []}
    ends_at = fit.starts_at + timedelta(minutes=rows[0]["minutes"])
    values = (carer["id"], carer["provider_id"], fit.starts_at, ends_at, why, now)
    await visit_rows.set_(conn, SQL.grab_visit, row, visit_id, *values)
    taken = {**row, "caregiver_id": carer["id"]}
    await journal.visit(conn, taken, "grab", now, by=by, to=to, data={"caregiver_id": str(carer["id"])})
    return await visit_rows.find(conn, visit_id)


async def _refuse_second(conn: Conn, visit_id: UUID, row: Row, by: Person) -> None:
    if row["caregiver_id"] is None or row["caregiver_id"] == by.caregiver_id:
        return
    first = await conn.fetchrow(SQL.find_first, visit_id)
    if first is not None and first["accepted_at"] is not None:
        at = first["accepted_at"].isoformat()
        raise Conflict("somebody else has taken this visit", code="taken", by=first["name"], at=at)


@dataclass(frozen=True, slots=True)
class _Judge:
    """What decides whether one caregiver may take visits."""

    carer: CaregiverFacts | None
    busy: list[Busy]
    wishes: dict[UUID, Wishes]
    factor: float
    now: datetime

    @classmethod
    async def of(
        cls, conn: Conn, caregiver_id: UUID, provider_id: UUID, rows: list[Row], now: datetime
    ) -> "_Judge":
        """Read what decides."""
        until = now + AHEAD + timedelta(days=1)
        people = await facts.caregivers(conn, now, until, provider_id=provider_id)
        own = await conn.fetch(SQL.list_own, caregiver_id, now - timedelta(days=1), until)
        settings = await districts.settings(conn, await conn.fetchval(SQL.find_district, caregiver_id))
        return cls(
            next((one for one in people if one.caregiver_id == caregiver_id), None),
            [Busy(one["starts_at"], one["ends_at"], one["lat"], one["lon"]) for one in own],
            await facts.wishes(conn, local_date(now), [row["elder_id"] for row in rows]),
            settings.travel_factor,
            now,
        )

    def fit(self, row: Row) -> Fit | Reason:
        """Return when the caregiver would begin, or why they may not."""
        if self.carer is None:
            return {"code": "off_shift", "shifts": []}
        visit = asked(row, self.wishes.get(row["elder_id"], Wishes()))
        reason = fitness.unfit(self.carer, visit, local_date(row["window_start"]))
        if reason:
            return reason
        errand = Errand(visit.windows, visit.minutes, row["lat"], row["lon"])
        return gaps.earliest(errand, self.carer, self.busy, self.factor, self.now) or {"code": "full"}


def asked(row: Row, wishes: Wishes, seen: dict[UUID, int] | None = None) -> VisitFacts:
    """Return what decides of a visit's row (with `region_code` and `languages`)."""
    further: list[dict[str, Any]] = row["windows"]
    windows = [Span(row["window_start"], row["window_end"])]
    windows += [Span(datetime.fromisoformat(w["from"]), datetime.fromisoformat(w["to"])) for w in further]
    return VisitFacts(
        visit_id=row["id"],
        service=row["service"],
        skill=service_items.get(row["service"]).skill,
        minutes=row["minutes"],
        windows=tuple(windows),
        elder_id=row["elder_id"],
        provider_id=row["provider_id"],
        region=row["region_code"],
        languages=frozenset(row["languages"]),
        wishes=wishes,
        seen=seen or {},
    )
