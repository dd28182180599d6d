"""A roster as a manager looks at it: everybody's shifts, leave, hours and broken rules of some days."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from core.clock import at_local
from core.db import Conn, Row
from core.districts import DistrictSettings
from core.sql import load
from dispatch import caregivers, service_items
from dispatch.roster import editing, leaves
from dispatch.roster.working_time import Breach, Duty, breaches, hours_of_week

SQL = load(__file__)
MOST = 500
"""So many caregivers stand on one board; a district's providers each have their own."""
AROUND = timedelta(days=14)


@dataclass(slots=True)
class Line:
    """One caregiver: shifts and leave that touch the days, the first week's hours, what rules are broken."""

    caregiver: Row
    shifts: list[Row] = field(default_factory=list)
    leaves: list[Row] = field(default_factory=list)
    hours: float = 0.0
    limit: float = 0.0
    breaches: list[Breach] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Board:
    """The lines, whether there are more people than fit, and certificates that end soon or have ended."""

    lines: list[Line]
    is_cut: bool
    ending: list[Row]
    lapses: list[Row]


async def find(
    conn: Conn, settings: DistrictSettings, provider_id: UUID | None, first: date, days: int, today: date
) -> Board:
    """Return the board of some days; rules are judged over the weeks around them as well."""
    people = await caregivers.list_(conn, provider_id=provider_id, limit=MOST + 1)
    since, until = at_local(first, "00:00"), at_local(first + timedelta(days=days), "00:00")
    lines = {row["id"]: Line(row) for row in people[:MOST]}
    duties: dict[UUID, list[Duty]] = defaultdict(list)
    for row in await conn.fetch(SQL.list_board, provider_id, since - AROUND, until + AROUND):
        if row["caregiver_id"] in lines:
            duties[row["caregiver_id"]].append(editing.duty(row))
            if row["starts_at"] < until and row["ends_at"] > since:
                lines[row["caregiver_id"]].shifts.append(row)
    for row in await leaves.touching(conn, provider_id, since, until):
        if row["caregiver_id"] in lines:
            lines[row["caregiver_id"]].leaves.append(row)
    span = {(first + timedelta(days=n)).isoformat() for n in range(days)}
    for identity, line in lines.items():
        _judge(line, settings, duties[identity], first, span)
    soon = today + timedelta(days=settings.certificate_warning_days)
    ending = await caregivers.ending_certificates(conn, soon, provider_id=provider_id)
    lost = await lapses(conn, provider_id, soon, at_local(today, "00:00"))
    return Board(list(lines.values()), len(people) > MOST, ending, lost)


def _judge(
    line: Line, settings: DistrictSettings, duties: Sequence[Duty], first: date, span: set[str]
) -> None:
    limits = editing.limits_of(settings, line.caregiver["working_time"])
    line.limit, line.hours = limits.week_hours, round(hours_of_week(duties, first), 1)
    line.breaches = [one for one in breaches(limits, duties) if one["on"] in span]


async def lapses(conn: Conn, provider_id: UUID | None, by: date, now: datetime) -> list[Row]:
    """Return certificates that end by a day, and how many visits then have nobody."""
    items = service_items.ITEMS.values()
    services, skills = [one.code for one in items], [one.skill for one in items]
    return await conn.fetch(SQL.list_lapses, provider_id, by, now, services, skills)
