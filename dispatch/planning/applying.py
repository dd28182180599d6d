"""Changes brought into force: a compare-and-set a visit, its line, and its event for those concerned only."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from core.accounts import Person
from core.clock import at_local, local_date
from core.db import Conn, Row
from core.districts import DistrictSettings
from core.sql import load
from dispatch import journal
from dispatch.planning.changes import Change, Decided
from dispatch.planning.shapes import Asked, DayFacts, Reason
from dispatch.states import VISIT, after

SQL = load(__file__)


async def apply(
    conn: Conn,
    facts: DayFacts,
    decided: Decided,
    settings: DistrictSettings,
    by: Person | None,
    now: datetime,
    *,
    is_pinned: bool = False,
) -> list[Reason]:
    """Make the changes; return those that somebody was faster than, by name."""
    wanted = {one.visit.visit_id: one for one in decided.changes}
    rows = {row["id"]: row for row in await conn.fetch(SQL.lock_visits, sorted(wanted))}
    horizon = _horizon(settings, now)
    late: list[Reason] = []
    for visit_id, change in sorted(wanted.items()):
        row = rows[visit_id]
        if not _stands(row, change.visit):
            late.append({"visit_id": str(visit_id), "code": "no_longer_open", "state": row["state"]})
        elif change.people:
            await _assign(conn, row, change, horizon, facts.manner.moved, by, now, is_pinned=is_pinned)
        else:
            await conn.fetchval(SQL.release_visit, visit_id, row["state"], change.why)
            await conn.execute(SQL.drop_companion, visit_id)
            await _note(conn, row, change, by, now, to="wanted", family=change.visit.promised_at is not None)
    return late


async def hold_people(conn: Conn, people: Iterable[UUID | None], visits: Iterable[UUID]) -> None:
    """Let nobody else change the days that a plan changes, before the facts of now are read.

    Whoever accepts an emergency, takes a visit, or whose roster is changed comes before or after it.
    """
    named = sorted({one for one in people if one is not None})
    await conn.execute(SQL.lock_people, named, sorted(set(visits)))


async def explain(conn: Conn, reasons: Sequence[tuple[UUID, Reason]]) -> None:
    """Keep why nobody comes with visits that still wait."""
    for visit_id, why in reasons:
        await conn.execute(SQL.explain_visit, visit_id, why)


async def promise_due(conn: Conn, settings: DistrictSettings, now: datetime) -> int:
    """Tell elder, family and caregiver of the planned visits that have come near enough; return how many."""
    rows = await conn.fetch(SQL.list_untold, now, _horizon(settings, now))
    for row in rows:
        await _promise(conn, row, now, None)
    return len(rows)


async def unpin(conn: Conn, row: Row, by: Person | None, now: datetime) -> None:
    """Let the planner change a locked visit again; one that is not pinned stays as it is."""
    if await conn.fetchval(SQL.unpin_visit, row["id"]) is not None:
        await journal.visit(conn, row, "unpin", now, by=by)


def _horizon(settings: DistrictSettings, now: datetime) -> datetime:
    """Return until when visits are told: the end of the last day that is near enough."""
    return at_local(local_date(now) + timedelta(days=settings.promise_days + 1), "00:00")


async def _assign(
    conn: Conn,
    row: Row,
    change: Change,
    horizon: datetime,
    moved: timedelta,
    by: Person | None,
    now: datetime,
    *,
    is_pinned: bool,
) -> None:
    one = change.visit
    to = after(VISIT, "visit", change.verb, row["state"])
    assert change.starts_at is not None  # noqa: S101 - somebody comes, so there is a time
    is_told = one.promised_at is not None
    promised = now if is_told or change.starts_at < horizon else None
    times = (change.starts_at, change.ends_at)
    lead, *others = change.people
    values = (row["id"], row["state"], to, lead, *times, change.why, promised, now)
    await conn.fetchval(SQL.assign_visit, *values, is_pinned or one.is_pinned)
    if others:
        await conn.execute(SQL.set_companion, row["id"], row["district_id"], others[0], now)
    else:
        await conn.execute(SQL.drop_companion, row["id"])
    is_broken = change.people != one.people or _is_moved(one.planned_start, change.starts_at, moved)
    await _note(conn, row, change, by, now, to=to, family=is_told and is_broken)
    if promised and not is_told:
        await journal.visit(conn, {**row, "caregiver_id": lead}, "promise", now, by=by, to=to, tell=[None])


async def _note(
    conn: Conn, row: Row, change: Change, by: Person | None, now: datetime, *, to: str, family: bool
) -> None:
    """Write the line; who came before and who comes now hear it, the family when a promise is broken."""
    concerned: list[UUID | None] = [*dict.fromkeys((*change.people, *change.visit.people))]
    data = {
        "caregiver_id": str(change.people[0]) if change.people else None,
        "from_caregiver_id": str(change.visit.caregiver_id) if change.visit.caregiver_id else None,
        "starts_at": change.starts_at.isoformat() if change.starts_at else None,
        "from_starts_at": change.visit.planned_start.isoformat() if change.visit.planned_start else None,
    }
    tell = concerned or [None]
    await journal.visit(conn, row, change.verb, now, by=by, to=to, data=data, family=family, tell=tell)


async def _promise(conn: Conn, row: Row, now: datetime, by: Person | None) -> None:
    await conn.fetchval(SQL.promise_visit, row["id"], now)
    await journal.visit(conn, row, "promise", now, by=by)


def _stands(row: Row, one: Asked) -> bool:
    """Say whether a locked visit is as the facts said, which were read before it was locked."""
    stood = (one.state, one.caregiver_id, one.planned_start)
    return (row["state"], row["caregiver_id"], row["planned_start"]) == stood


def _is_moved(before: datetime | None, start: datetime, moved: timedelta) -> bool:
    return before is not None and abs(start - before) > moved
