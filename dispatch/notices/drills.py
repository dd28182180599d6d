"""The weekly contact drill: everybody who may be called at night is told once, and answers within a window.

Asked are operators and duty managers, caregivers with a shift in the week to come, and the family and
neighbours who agreed to be told of alarms and to the channel. Who has not answered is shown before the night.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from core import audit, consents, districts, events
from core.accounts import Person
from core.clock import at_local, local, local_date
from core.db import Conn, Row
from core.districts import DistrictSettings
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch.notices.telling import SQL as TELLING
from dispatch.policy import PHONES

SQL = load(__file__)
AHEAD = timedelta(days=8)
"""A caregiver with a shift so soon is on a rota."""
LATEST = timedelta(hours=4)
"""A drill that nobody could begin in time is left out: the evening is for the people."""
HEARERS = ("operator", "duty_manager", "admin")


async def tick(conn: Conn, district: UUID, now: datetime) -> int:
    """Begin the week's drill at its hour, and close those whose window is over; return how many."""
    settings = await districts.settings(conn, district)
    done = 0
    starts = at_local(local_date(now), settings.drill_at)
    is_day = local(now).isoweekday() == settings.drill_weekday
    if is_day and starts <= now < starts + LATEST and await _begin(conn, district, settings, None, now):
        done = 1
    for row in await conn.fetch(SQL.close_due, now):
        await _tell(conn, district, "drill.closed", row["id"], now)
        done += 1
    return done


async def begin(conn: Conn, by: Person, now: datetime) -> UUID:
    """Hold a drill now; raise Conflict `drill_held`: there was one today already."""
    settings = await districts.settings(conn, by.district_id)
    made = await _begin(conn, by.district_id, settings, by.account_id, now)
    if made is None:
        raise Conflict("there was a drill today already", code="drill_held")
    await audit.record(
        conn,
        district=by.district_id,
        at=now,
        account=by.account_id,
        action="drill.begin",
        subject_kind="drill",
        subject=made,
    )
    return made


async def _begin(
    conn: Conn, district: UUID, settings: DistrictSettings, by: UUID | None, now: datetime
) -> UUID | None:
    until = now + timedelta(minutes=settings.drill_minutes)
    values = (new_id(), district, local_date(now), now, until, by)
    drill: UUID | None = await conn.fetchval(SQL.begin_drill, *values)
    if drill is None:
        return None
    people = await conn.fetch(SQL.list_people, now, now + AHEAD)
    agreed = await consents.of_members(
        conn, [row["family_member_id"] for row in people if row["family_member_id"]]
    )
    notices = []
    for row in people:
        channels = _channels(row, agreed)
        if channels:
            whose = (row["family_member_id"], row["account_id"], row["caregiver_id"], None, None)
            told: tuple[object, ...] = (row["language"], "drill", None, channels, now, until, now)
            notices.append((new_id(), district, "drill", None, drill, None, row["audience"], *whose, *told))
    await conn.executemany(TELLING.create_notice, notices)
    await _tell(conn, district, "drill.begun", drill, now)
    return drill


def _channels(row: Row, agreed: dict[UUID, frozenset[str]]) -> list[str]:
    """Return by what somebody is tried, as in an alarm: who chose is tried by that, all others by all."""
    return [one for one in PHONES if not row["chose"] or one in agreed[row["family_member_id"]]]


async def _tell(conn: Conn, district: UUID, kind: str, drill: UUID, now: datetime) -> None:
    await events.write(conn, district=district, kind=kind, subject=drill, roles=HEARERS, at=now)


async def list_(conn: Conn) -> list[Row]:
    """Return the last drills, newest first, with how many were asked, answered, were unreached.

    `unreached` are those whom nothing reached; who was reached and did not answer is in neither.
    """
    return await conn.fetch(SQL.list_drills)


async def find(conn: Conn, drill: UUID) -> Row:
    """Return one drill as `list_` does; raise NotFound."""
    row = await conn.fetchrow(SQL.find_drill, drill)
    if row is None:
        raise NotFound(f"no drill {drill}")
    return row


async def people(conn: Conn, drill: UUID, night: tuple[datetime, datetime]) -> Sequence[Row]:
    """Return everybody asked, who is not reached first, and among them who is on duty in the night to come.

    {notice_id, audience, name, provider_name, state, answered_at, channel, try_state, code, is_permanent,
    elders, tonight}
    """
    return await conn.fetch(SQL.list_asked, drill, *night)


def night_of(settings: DistrictSettings, now: datetime) -> tuple[datetime, datetime]:
    """Return the night that is or comes next, as a span."""
    day = local_date(now)
    if now < at_local(day, settings.night_end):
        day -= timedelta(days=1)
    ends_on = day + timedelta(days=1) if settings.night_end <= settings.night_start else day
    return at_local(day, settings.night_start), at_local(ends_on, settings.night_end)
