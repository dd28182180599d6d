"""What is missing now and tonight: operators, somebody within reach, contacts, tests, a policy's people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.clock import local_date
from core.db import Conn, Row
from core.districts import DistrictSettings
from core.sql import load
from dispatch import duty, escalation, service_items
from dispatch.centre import pauses
from dispatch.cover import reaching
from dispatch.notices import reach
from dispatch.roster import facts
from dispatch.roster.fitness import Span

SQL = load(__file__)
GRAVE = 2
"""From this severity on managers are told, not only shown."""
DISTRICT = "district"
EMERGENCY = "emergency"
LOUD: Mapping[str, tuple[str, ...]] = {
    "operators": ("operator", "admin"),
    "duty_managers": ("duty_manager",),
    "everyone": ("operator", "duty_manager", "admin"),
}
"""The accounts behind the audiences that are not an elder's own."""


@dataclass(frozen=True, slots=True)
class Found:
    """A gap: its kind, what it is about, how grave, with codes and numbers."""

    kind: str
    subject: str
    severity: int
    detail: dict[str, Any] = field(default_factory=dict)
    elder: UUID | None = None
    care_bed: UUID | None = None


async def all_(conn: Conn, settings: DistrictSettings, now: datetime) -> list[Found]:
    """Return every gap of a district."""
    paused = await pauses.paused_elders(conn, now)
    return [
        *await operators(conn, settings, now),
        *[one for one in await reach_tonight(conn, settings, now) if one.elder not in paused],
        *await contacts(conn, now),
        *await kits(conn, settings, now),
        *await policy(conn),
    ]


async def operators(conn: Conn, settings: DistrictSettings, now: datetime) -> list[Found]:
    """Return the hours from now to the end of the night in which the rota has no operator."""
    window = Span(now, reaching.night(now, settings.night_start, settings.night_end).ends_at)
    rows = await duty.held(conn, window.starts_at, window.ends_at)
    spans = [Span(row["starts_at"], row["ends_at"]) for row in rows if row["role"] == "operator"]
    missing = reaching.holes(window, spans)
    if not missing:
        return []
    is_now = missing[0].starts_at <= now
    detail = {**_span(missing), "code": "now" if is_now else "tonight"}
    return [Found("no_operator", DISTRICT, 1 if is_now else GRAVE, detail)]


async def reach_tonight(conn: Conn, settings: DistrictSettings, now: datetime) -> list[Found]:
    """Return the severe and total who have nobody within reach for part of the night."""
    rows = await conn.fetch(SQL.list_grave, local_date(now))
    if not rows:
        return []
    window = reaching.night(now, settings.night_start, settings.night_end)
    skill = service_items.get(EMERGENCY).skill
    carers = await facts.caregivers(conn, window.starts_at, window.ends_at)
    working = reaching.able(carers, skill, window)
    found = []
    for row in rows:
        figures = (float(settings.emergency_reach_minutes), settings.travel_factor)
        night = reaching.uncovered(row["lat"], row["lon"], window, working, *figures)
        if night.minutes > settings.gap_minutes:
            near = night.nearest_minutes
            detail = {**_span(night.spans), "grade": row["grade"], "nearest_min": near and round(near)}
            severity = 1 if row["grade"] == "total" else GRAVE
            found.append(Found("nobody_within_reach", str(row["id"]), severity, detail, elder=row["id"]))
    return found


async def contacts(conn: Conn, now: datetime) -> list[Found]:
    """Return the elders at an open bed whose list of contacts nobody answers."""
    rows = await conn.fetch(SQL.list_contacts)
    members = {UUID(one["id"]) for row in rows for one in row["contacts"]}
    known = await reach.of(conn, sorted(members)) if members else {}
    found = []
    for row in rows:
        code, since = _unreachable(row, known)
        if code is not None:
            days = (now - since).days if since else None
            detail = {"code": code, "contacts": len(row["contacts"]), "days": days}
            severity = GRAVE if row["lives_alone"] else 3
            found.append(Found("unreachable_contacts", str(row["id"]), severity, detail, elder=row["id"]))
    return found


def _unreachable(row: Row, known: Mapping[UUID, reach.Reach]) -> tuple[str | None, datetime | None]:
    """Say why nobody of a list can be reached, and since when; (None, None): somebody can."""
    listed = row["contacts"]
    if not listed:
        return "no_contacts", None
    with_phone = [one for one in listed if one["has_phone"]]
    if not with_phone:
        return "no_numbers", None
    dialled = [known.get(UUID(one["id"]), reach.NOTHING) for one in with_phone if one["may_ring"]]
    if not dialled:
        return "not_agreed", None
    if not all(one.is_unreachable for one in dialled):
        return None, None
    failed = [one.last_failed_at for one in dialled if one.last_failed_at is not None]
    return ("failed_for_good" if all(one.is_permanent for one in dialled) else "no_answer"), min(failed)


async def kits(conn: Conn, settings: DistrictSettings, now: datetime) -> list[Found]:
    """Return the open beds whose kit no test has seen for so many days."""
    before = now - timedelta(days=settings.gap_kit_days)
    found = []
    for row in await conn.fetch(SQL.list_untested, before):
        last = row["tested_at"]
        detail = {"code": "tested" if last else "never", "days": (now - (last or row["fitted_at"])).days}
        where = {"elder": row["elder_id"], "care_bed": row["id"]}
        found.append(Found("untested_kit", str(row["id"]), 3, detail, **where))
    return found


async def policy(conn: Conn) -> list[Found]:
    """Return the policy in force when a step of it that is nobody's family has no account behind it."""
    steps = (await escalation.in_force(conn))["steps"]
    counts = {row["role"]: row for row in await conn.fetch(SQL.count_accounts)}
    empty, mute = set(), set()
    for step in steps:
        roles = LOUD.get(step["audience"], ())
        rows = [counts[role] for role in roles if role in counts]
        if roles and not rows:
            empty.add(step["audience"])
        elif roles and _needs_phone(step) and not any(row["with_phone"] for row in rows):
            mute.add(step["audience"])
    if not empty and not mute:
        return []
    detail = {"code": "nobody" if empty else "no_phone", "audiences": sorted(empty or mute)}
    return [Found("policy_reaches_nobody", DISTRICT, 1 if empty else GRAVE, detail)]


def _needs_phone(step: Mapping[str, Any]) -> bool:
    """Say whether a step goes to phones and to nothing else that its people have."""
    channels = set(step.get("channels") or ())
    return bool(channels) and channels <= {"sms", "voice"}


def _span(missing: tuple[Span, ...]) -> dict[str, Any]:
    minutes = sum((one.ends_at - one.starts_at).total_seconds() for one in missing) / 60
    first, last = missing[0].starts_at, missing[-1].ends_at
    return {"from_at": first.isoformat(), "to_at": last.isoformat(), "minutes": round(minutes)}
