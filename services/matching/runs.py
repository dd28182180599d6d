"""The monthly matching run: everybody under every signed scheme; killed, it goes on where it was.

A page is one transaction: its standings, its matches and how far the run is. Run twice on the same day it
says the same; what a clerk has dismissed for the same reasons stays dismissed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from core import audit, districts
from core.clock import ZONE, local_date, month_of
from core.db import Conn, Pool, Row
from core.errors import Conflict
from core.ids import new_id
from core.sql import load
from services import enrolments, standing, standings, subjects
from services.matching import finding
from services.matching.finding import Found
from services.policy import Scheme, Subject
from services.standings import Standing

SQL = load(__file__)
PAGE = 500
_NEVER = "never_enrolled"


@dataclass(frozen=True, slots=True)
class Judged:
    """One person under one scheme."""

    elder: UUID
    scheme: str
    standing: Standing
    found: Found | None


async def start(conn: Conn, district: UUID, by: UUID | None, now: datetime, zone: ZoneInfo = ZONE) -> UUID:
    """Start a run as of today; raise Conflict `run_under_way` while one is."""
    identity, today = new_id(), local_date(now, zone)
    try:
        async with conn.transaction():
            await conn.execute(SQL.start_run, identity, district, month_of(today), today, by, now)
    except asyncpg.UniqueViolationError as error:
        raise Conflict("a matching run is under way", code="run_under_way") from error
    await _note(conn, district, by, now, "matching.start", identity, {})
    return identity


async def last(conn: Conn, most: int = 12) -> list[Row]:
    """Return the last runs, newest first: {month, on_day, state, total, people, counts, …}."""
    return await conn.fetch(SQL.last_runs, most)


async def tick(pool: Pool, now: datetime, zone: ZoneInfo = ZONE) -> int:
    """Start the month's run where it is missing, and carry on what is under way; return how many persons."""
    async with pool.transaction() as conn:
        every = await districts.ids(conn)
    count = 0
    for district in every:
        async with pool.transaction(district) as conn:
            await _ensure(conn, district, now, zone)
        while (done := await page(pool, district, now)) is not None:
            count += done
    return count


async def _ensure(conn: Conn, district: UUID, now: datetime, zone: ZoneInfo) -> None:
    today = local_date(now, zone)
    if await conn.fetchval(SQL.has_run, month_of(today)) or not await standing.in_force(conn, today):
        return
    await start(conn, district, None, now, zone)


async def page(pool: Pool, district: UUID, now: datetime, most: int = PAGE) -> int | None:
    """Look at the next persons of a district's run; return how many, None when no run is under way."""
    async with pool.transaction(district) as conn:
        run = await conn.fetchrow(SQL.take_run)
        if run is None:
            return None
        elders = [row["id"] for row in await conn.fetch(SQL.list_page, run["after_elder"], most)]
        if elders:
            await _look(conn, run, elders, now)
        if len(elders) < most:
            await conn.execute(SQL.finish_run, run["id"], now)
            await _note(conn, district, None, now, "matching.done", run["id"], {})
    return len(elders)


async def _look(conn: Conn, run: Row, elders: Sequence[UUID], now: datetime) -> None:
    schemes = await standing.in_force(conn, run["on_day"])
    people = await subjects.load(conn, elders)
    entries = await enrolments.last_entries(conn, elders)
    rows = await conn.fetch(SQL.list_applied, list(elders))
    applied = {(row["elder_id"], row["scheme_code"]) for row in rows}
    months = await standing.proof_months(conn)
    judged = list(judge(schemes, people, run["on_day"], entries, applied, months))
    await _keep(conn, run, judged, now)
    await conn.execute(SQL.forget_matches, list(elders), run["id"], now)
    counts = _added(run["counts"], judged)
    await conn.execute(SQL.move_run, run["id"], elders[-1], len(elders), counts, now)


def judge(
    schemes: Mapping[str, Scheme],
    people: Mapping[UUID, Subject],
    on: date,
    entries: Mapping[tuple[UUID, str], Mapping[str, Any]],
    applied: set[tuple[UUID, str]],
    proof_months: int = 12,
) -> Iterator[Judged]:
    """Judge everybody under every scheme; who is neither eligible nor ever enrolled is left out."""
    for elder, subject in people.items():
        for code, scheme in schemes.items():
            key = (elder, code)
            found = standings.judge(scheme, subject, on, entries.get(key), proof_months=proof_months)
            is_known = found.enrolled.holds or key in entries
            if found.eligible.holds or is_known:
                match = finding.look(code, found, has_applied=key in applied)
                yield Judged(elder, code, found, match)


async def _keep(conn: Conn, run: Row, judged: Sequence[Judged], now: datetime) -> None:
    columns: list[list[object]] = [[], [], [], [], [], [], []]
    for one in judged:
        marks = (one.standing.eligible, one.standing.enrolled, one.standing.compliant, one.standing.payable)
        values = (one.elder, one.scheme, *(mark.holds for mark in marks), one.standing.reasons)
        for column, value in zip(columns, values, strict=True):
            column.append(value)
    head = (run["district_id"], run["month"], run["on_day"], run["id"], now)
    await conn.execute(SQL.keep_standings, *head, *columns)
    found = [(one.elder, one.scheme, one.found) for one in judged if one.found is not None]
    await conn.execute(
        SQL.keep_matches,
        run["district_id"],
        run["id"],
        run["on_day"],
        now,
        [new_id() for _ in found],
        [elder for elder, _, _ in found],
        [scheme for _, scheme, _ in found],
        [match.kind for _, _, match in found],
        [_body(match) for _, _, match in found],
        [match.fingerprint for _, _, match in found],
    )


def _body(match: Found) -> dict[str, Any]:
    return {"proposal": match.proposal, "reasons": [dict(one) for one in match.reasons]}


def _added(counts: Mapping[str, int], judged: Sequence[Judged]) -> dict[str, int]:
    more = {
        "eligible": sum(one.standing.eligible.holds for one in judged),
        "enrolled": sum(one.standing.enrolled.holds for one in judged),
        "payable": sum(one.standing.payable.holds for one in judged),
        "not_enrolled": sum(one.found is not None and one.found.kind == "not_enrolled" for one in judged),
        "no_longer": sum(one.found is not None and one.found.kind == "no_longer" for one in judged),
    }
    return {name: counts.get(name, 0) + value for name, value in more.items()}


async def _note(
    conn: Conn,
    district: UUID,
    by: UUID | None,
    now: datetime,
    action: str,
    subject: UUID,
    detail: dict[str, object],
) -> None:
    await audit.record(
        conn,
        district=district,
        at=now,
        account=by,
        action=action,
        subject_kind="matching_run",
        subject=subject,
        detail=detail,
    )
