"""A week of the call centre's rota: who has what indeed, hours against limits, where somebody is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from core.clock import at_local
from core.db import Conn, Row
from core.districts import DistrictSettings
from core.sql import load
from dispatch import duty
from dispatch.centre import covering, rota, standing_in
from dispatch.centre.covering import Hole
from dispatch.roster.working_time import Breach, Limits, breaches, hours_of_week

SQL = load(__file__)
DAYS = 7


@dataclass(frozen=True, slots=True)
class Line:
    """One person's week: what they hold, what others hold in their place, hours of work, rules broken."""

    who: Row
    held: list[Row]
    away: list[Row]
    hours: float
    limit: float
    breaches: list[Breach]


@dataclass(frozen=True, slots=True)
class Week:
    """The rota of seven local days."""

    first: date
    since: datetime
    until: datetime
    lines: list[Line]
    holes: list[Hole]
    overrides: list[Row]
    shifts: list[Row]


async def find(conn: Conn, settings: DistrictSettings, first: date, *, far: int = 40) -> Week:
    """Return the week from a local Monday; rules look `far` days to both sides."""
    since, until = at_local(first, "00:00"), at_local(first + timedelta(days=DAYS), "00:00")
    near = timedelta(days=far)
    everything = await duty.held(conn, since - near, until + near)
    held = [row for row in everything if row["starts_at"] < until and row["ends_at"] > since]
    overrides = await standing_in.overrides(conn, since, until)
    limits = rota.limits(settings)
    lines = [
        _line(who, everything, held, overrides, limits, first, (since, until))
        for who in await rota.people(conn)
    ]
    return Week(
        first,
        since,
        until,
        lines,
        holes(held, settings, since, until),
        overrides,
        await rota.list_(conn, since, until),
    )


def holes(
    held: Sequence[Mapping[str, Any]], settings: DistrictSettings, since: datetime, until: datetime
) -> list[Hole]:
    """Return where fewer people are on duty than the district wants, by start."""
    wanted = {"operator": settings.duty_operators, "duty_manager": settings.duty_managers}
    found = [one for role in duty.ROLES for one in covering.holes(held, role, wanted[role], since, until)]
    return sorted(found, key=lambda one: (one.starts_at, one.role))


def _line(
    who: Row,
    everything: Sequence[Row],
    held: Sequence[Row],
    overrides: Sequence[Row],
    limits: Limits,
    first: date,
    span: tuple[datetime, datetime],
) -> Line:
    account = who["account_id"]
    duties = rota.duties([row for row in everything if row["account_id"] == account])
    inside = {one.on.isoformat() for one in duties if span[0] <= one.starts_at < span[1]}
    broken = [
        one
        for one in breaches(limits, duties)
        if one["on"] in inside or (one["code"] == "long_week" and one["on"] == first.isoformat())
    ]
    mine = [row for row in held if row["account_id"] == account]
    away = [row for row in overrides if row["absent_id"] == account]
    return Line(who, mine, away, hours_of_week(duties, first), limits.week_hours, broken)


async def soon(conn: Conn, now: datetime, ahead: timedelta) -> list[Row]:
    """Mark and return {id, account_id, starts_at} of shifts that begin soon and that nobody was told of."""
    return await conn.fetch(SQL.tell_soon, now, now + ahead)
