"""Wanted assessments: the due list, who goes there with whom and when, today's round of homes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from core import audit, districts, events, people
from core.accounts import Person
from core.clock import ZONE, at_local, local_date
from core.db import Conn, Pool, Row
from core.districts import DistrictSettings
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch.fields import wrong
from dispatch.phone import reports
from services import rounds
from services.assessment_needs import Patience, need, objection

SQL = load(__file__)
STATES = ("open", "done", "dropped")
AHEAD = timedelta(days=92)
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Stop:
    """A home of today's round, with the great-circle way from the one before in km (None: the first)."""

    row: Row
    km: float | None


async def tick(pool: Pool, now: datetime, zone: ZoneInfo = ZONE) -> int:
    """Put on the list whoever has to be assessed; return how many came."""
    async with pool.transaction() as conn:
        every = await districts.ids(conn)
    count = 0
    for district in every:
        async with pool.transaction(district) as conn:
            count += await gather(conn, district, now, zone)
    return count


async def gather(conn: Conn, district: UUID, now: datetime, zone: ZoneInfo = ZONE) -> int:
    """Put on one district's list whoever has to be assessed and is not on it; return how many."""
    settings, today = await districts.settings(conn, district), local_date(now, zone)
    patience = _patience(settings)
    rows = await conn.fetch(SQL.list_needs, today, today + timedelta(days=patience.ahead), _PAGE)
    found = [
        need(
            row["elder_id"],
            row["cause"],
            row["cause_id"],
            row["day"],
            was_graded=row["was_graded"],
            patience=patience,
        )
        for row in rows
    ]
    made = [
        await conn.fetchval(
            SQL.create_want,
            new_id(),
            district,
            one.elder,
            one.cause,
            one.cause_id,
            one.reason,
            one.due_on,
            now,
        )
        for one in found
    ]
    return sum(one is not None for one in made)


def _patience(settings: DistrictSettings) -> Patience:
    return Patience(
        application=settings.first_assessment_days,
        condition=settings.condition_assessment_days,
        ahead=settings.assessment_ahead_days,
    )


async def ask(conn: Conn, *, elder: UUID, reason: str, due_on: Any, by: Person, now: datetime) -> UUID:  # noqa: ANN401 - a date
    """Put somebody on the list by hand; raise Invalid for a day that has passed."""
    await people.find_elder(conn, elder)
    if due_on < local_date(now):
        raise wrong("due_on", "past", "from today on")
    identity = new_id()
    values = (identity, by.district_id, elder, "asked", identity, reason, due_on, now)
    await conn.execute(SQL.create_want, *values)
    await _note(conn, "assessment_want.ask", by.district_id, identity, elder, by.account_id, now)
    return identity


async def assign(
    conn: Conn, want: UUID, *, first: UUID, second: UUID | None, at: datetime, by: Person, now: datetime
) -> None:
    """Send an assessor, with a second one or none yet, at an instant; a later word replaces an earlier.

    Raises NotFound, Invalid by field, Conflict when the want is closed, or when one of them may not go.
    """
    if not now - timedelta(hours=12) < at < now + AHEAD:
        raise wrong("at", "past" if at <= now else "too_far", "from now to three months ahead")
    row = await find(conn, want)
    for field, account in (("first", first), ("second", second)):
        if account is not None and not await conn.fetchval(SQL.is_assessor, account):
            raise wrong(field, "unknown", "no assessor of the district")
    found = objection((first, second), (row["disputed_1"], row["disputed_2"]))
    if found:
        raise Conflict("two different assessors, and for a review none of the first two", code=found)
    if await conn.fetchval(SQL.assign, want, first, second, at) is None:
        raise Conflict("the want is closed", code="wrong_state", state=row["state"], verb="assign")
    if row["cause"] == "condition":
        await reports.assessment_planned(conn, [row["cause_id"]], by.account_id, now)
    await _note(conn, "assessment_want.assign", by.district_id, want, row["elder_id"], by.account_id, now)


async def drop(conn: Conn, want: UUID, by: Person, now: datetime) -> None:
    """Take somebody off the list; raise NotFound, or Conflict when it is closed."""
    row = await conn.fetchrow(SQL.drop_want, want, by.account_id, now)
    if row is None:
        known = await find(conn, want)
        raise Conflict("the want is closed", code="wrong_state", state=known["state"], verb="drop")
    await _note(conn, "assessment_want.drop", by.district_id, want, row["elder_id"], by.account_id, now)


async def done(conn: Conn, assessment: Row, account: UUID, now: datetime) -> None:
    """Close what a signed assessment has answered; a dispute waits for its review."""
    values = (assessment["elder_id"], assessment["id"], assessment["review_of"] is not None, account, now)
    rows = await conn.fetch(SQL.close_wants, *values)
    causes = [row["cause_id"] for row in rows if row["cause"] == "condition"]
    await reports.assessment_planned(conn, causes, account, now)


async def find(conn: Conn, want: UUID) -> Row:
    """Return a want, with who assessed what is disputed; raise NotFound."""
    row = await conn.fetchrow(SQL.find_want, want)
    if row is None:
        raise NotFound(f"no wanted assessment {want}")
    return row


async def list_open(
    conn: Conn, *, assessor: UUID | None = None, elder: UUID | None = None, limit: int = 200
) -> list[Row]:
    """Return who has to be assessed, the most urgent first: of everybody, or of one assessor or person."""
    return await conn.fetch(SQL.list_open, assessor, elder, limit)


async def assessors(conn: Conn) -> list[Row]:
    """Return the district's assessors {id, name}."""
    return await conn.fetch(SQL.list_assessors)


async def unsigned(conn: Conn, account: UUID) -> list[Row]:
    """Return forms that wait for a second signature which this assessor may give, oldest first."""
    return await conn.fetch(SQL.list_unsigned, account)


async def today(conn: Conn, account: UUID, now: datetime) -> list[Stop]:
    """Return an assessor's homes of the local day by the clock, those of one time by the shortest way."""
    day = local_date(now)
    begin = at_local(day, "00:00")
    rows = await conn.fetch(SQL.list_round, account, begin, begin + timedelta(days=1))
    return [Stop(row, km) for row, km in _in_order(rows)]


def _in_order(rows: Sequence[Row]) -> list[tuple[Row, float | None]]:
    points = [(row["lat"], row["lon"]) for row in rows]
    order = rounds.order([row["planned_at"] for row in rows], points)
    kms = rounds.legs([points[at] for at in order])
    return [(rows[at], km) for at, km in zip(order, kms, strict=True)]


async def _note(
    conn: Conn, action: str, district: UUID, want: UUID, elder: UUID, account: UUID, now: datetime
) -> None:
    what: dict[str, Any] = {"action": action, "subject_kind": "assessment_want", "subject": want}
    await audit.record(conn, district=district, at=now, account=account, **what)
    who: dict[str, Any] = {"district": district, "subject": want, "elder": elder}
    await events.write(conn, kind="elder.changed", roles=("assessor", "clerk", "admin"), at=now, **who)
