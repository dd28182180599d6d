"""Duties of the team, recurring: the caregiver's and the nurse's are `call_on` visits, the others' are calls.

A visit of a duty costs nobody anything (funding `none`): no claim ever arises. Guardian, official and social
worker are no caregivers of a provider: their calls are recorded by `dispatch.places.calling`, and read here.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from core import districts
from core.accounts import Person
from core.clock import ZONE, at_local, local_date
from core.db import Conn, Pool, Row
from core.errors import NotFound
from core.ids import new_id
from core.sql import load
from dispatch import visits, withdrawing
from dispatch.fields import one_of, wrong
from services import recurrence
from services.guardianship import gaps
from services.guardianship.gaps import ROLES, VISITING, Duty
from services.recurrence import Rule

SQL = load(__file__)
SERVICE = "call_on"
LOOKS_BACK, LOOKS_AHEAD = timedelta(days=400), timedelta(days=400)
_MOST = 500


@dataclass(frozen=True, slots=True)
class NewDuty:
    """What somebody of the team does: an RFC 5545 rule, from a day on, within a window of the local day."""

    role: str
    rrule: str
    starts_on: date
    window: tuple[time, time] = (time(9), time(11))


@dataclass(frozen=True, slots=True)
class Standing:
    """A duty and how it stands."""

    row: Row
    duty: Duty


async def give(
    conn: Conn, guardianship: UUID, new: NewDuty, *, by: Person, now: datetime, zone: ZoneInfo = ZONE
) -> UUID:
    """Give a role its duty in place of the one it has; return the id. Raises Invalid by field."""
    one_of("role", new.role, ROLES)
    recurrence.check(Rule(new.rrule, new.starts_on))
    if new.window[1] <= new.window[0]:
        raise wrong("window_end", "before_start", "ends before it begins")
    for row in await conn.fetch(SQL.list_open, guardianship, new.role):
        await _end(conn, row["id"], new.starts_on - timedelta(days=1), now)
    identity = new_id()
    what = (new.role, new.rrule, new.starts_on, *new.window, by.account_id, now)
    await conn.execute(SQL.create_duty, identity, by.district_id, guardianship, *what)
    await _lay(conn, identity, now, zone)
    return identity


async def end(conn: Conn, duty: UUID, on: date, now: datetime) -> None:
    """End a duty on a day; raise NotFound."""
    if await conn.fetchval(SQL.duty_exists, duty) is None:
        raise NotFound(f"no duty {duty}")
    await _end(conn, duty, on, now)


async def end_all(conn: Conn, guardianship: UUID, on: date, now: datetime) -> None:
    """End every duty of a guardianship on a day."""
    for row in await conn.fetch(SQL.list_open, guardianship, None):
        await _end(conn, row["id"], on, now)


async def _end(conn: Conn, duty: UUID, on: date, now: datetime) -> None:
    await conn.execute(SQL.end_duty, duty, on)
    for row in await conn.fetch(
        SQL.list_ahead, f"call_on:{duty}:%", max(at_local(on + timedelta(days=1), "00:00"), now)
    ):
        await withdrawing.withdraw(conn, row["id"], "plan_changed", now)


async def tick(pool: Pool, now: datetime, zone: ZoneInfo = ZONE) -> int:
    """Want the visits of the weeks ahead; return at how many duties it looked."""
    async with pool.transaction() as conn:
        every = await districts.ids(conn)
    count = 0
    for district in every:
        async with pool.transaction(district) as conn:
            settings = await districts.settings(conn, district)
            until = local_date(now, zone) + timedelta(weeks=settings.care_plan_weeks)
            rows = await conn.fetch(SQL.list_due, until, list(VISITING), _MOST)
            for row in rows:
                await _lay(conn, row["id"], now, zone)
            count += len(rows)
    return count


async def _lay(conn: Conn, duty: UUID, now: datetime, zone: ZoneInfo) -> None:
    row = await conn.fetchrow(SQL.find_to_lay, duty)
    if row is None or row["role"] not in VISITING:
        return
    settings, today = await districts.settings(conn, row["district_id"]), local_date(now, zone)
    until = today + timedelta(weeks=settings.care_plan_weeks)
    for day in recurrence.days(_rule(row), today + timedelta(days=1), until):
        start, finish = (at_local(day, f"{row[name]:%H:%M}", zone) for name in ("window_start", "window_end"))
        await visits.want(
            conn,
            district=row["district_id"],
            elder_id=row["elder_id"],
            service=SERVICE,
            window_start=start,
            window_end=finish,
            now=now,
            care_bed_id=row["care_bed_id"],
            provider_id=row["provider_id"],
            funding="none",
            origin=f"call_on:{duty}:{day.isoformat()}",
        )
    await conn.execute(SQL.laid, duty, until)


async def of(conn: Conn, guardianship: UUID, today: date) -> list[Standing]:
    """Return the duties of a guardianship and how each stands, by role."""
    rows = await conn.fetch(SQL.list_of, guardianship, today)
    return [Standing(row, gaps.duty(_days(row, today), row["met"] or [], today)) for row in rows]


def _days(row: Row, today: date) -> list[date]:
    return recurrence.days(_rule(row), today - LOOKS_BACK, today + LOOKS_AHEAD)


def _rule(row: Row) -> Rule:
    return Rule(row["rrule"], row["starts_on"], row["ends_on"])
