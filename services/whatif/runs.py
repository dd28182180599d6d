"""What-ifs: begun by a person, computed in the background piece by piece, left and come back to.

A piece is some hundred persons in one transaction; a killed run goes on after the last one it kept.
"""

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import asyncpg

from core import audit, districts, log
from core.accounts import Person
from core.clock import local_date, month_after, month_of
from core.db import Conn, Pool, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load
from services import schemes, subjects
from services.policy import Scheme, Subject
from services.policy.subject import months_later
from services.whatif import judging, summing
from services.whatif.judging import Bought, Judged
from services.whatif.summing import Months

SQL = load(__file__)
PIECE = 250
SILENT = timedelta(seconds=60)
"""Whoever computes says so with each piece; silent for so long, another goes on."""
MOST_MONTHS = 12
POPULATIONS = ("enrolled", "eligible")
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Piece:
    """What the pure part of a piece needs."""

    draft: Scheme
    present: tuple[Scheme, ...]
    months: tuple[date, ...]
    population: str
    fallback: Mapping[str, str]


async def start(
    conn: Conn, *, text: str, months: int, population: str, seed: int, by: Person, now: datetime
) -> UUID:
    """Begin a what-if of a scheme's text over the last full months; raise Invalid by field."""
    scheme = schemes.parse(text)
    if scheme.district != by.district_code:
        raise _wrong("district", "other_district", f"the scheme is of {scheme.district}, not of here")
    if scheme.kind == "standard":
        raise _wrong("kind", "pays_nobody", "a standard is referred to by other schemes and pays nobody")
    if not 1 <= months <= MOST_MONTHS:
        raise _wrong("months", "range", f"1 to {MOST_MONTHS}")
    if population not in POPULATIONS:
        raise _wrong("population", "unknown", f"one of {', '.join(POPULATIONS)}")
    first = months_later(month_of(local_date(now)), -months)
    identity, digest = new_id(), hashlib.sha256(text.encode()).hexdigest()
    named = (identity, by.district_id, scheme.code, scheme.version, scheme.name, text, digest)
    await conn.execute(SQL.start, *named, first, months, population, seed, by.account_id, now)
    await _note(conn, by, now, "what_if.start", identity)
    return identity


async def find(conn: Conn, what_if: UUID) -> Row:
    """Return one with its result; raise NotFound."""
    row = await conn.fetchrow(SQL.find, what_if)
    if row is None:
        raise NotFound(f"no what-if {what_if}")
    return row


async def list_(conn: Conn, before: UUID | None = None, limit: int = 50) -> list[Row]:
    """Return the district's, newest first."""
    return await conn.fetch(SQL.list_runs, before, limit)


async def stop(conn: Conn, what_if: UUID, by: Person, now: datetime) -> None:
    """End one that waits or is computed; raise NotFound, or Conflict when it has ended."""
    row = await find(conn, what_if)
    if await conn.fetchval(SQL.stop, what_if, now) is None:
        raise Conflict(f"this what-if is {row['state']} already", code="ended", state=row["state"])
    await _note(conn, by, now, "what_if.stop", what_if)


async def persons(
    conn: Conn,
    what_if: UUID,
    *,
    sign: int = 0,
    town: str | None = None,
    grade: str | None = None,
    skip: int = 0,
    limit: int = 100,
) -> list[Row]:
    """Return whose sums change most first; `sign` 1: who gains, -1: who loses."""
    return await conn.fetch(SQL.list_persons, what_if, sign, town, grade, skip, limit)


async def towns(conn: Conn, codes: Sequence[str]) -> dict[str, str]:
    """Return the names of towns by code."""
    return {row["code"]: row["name"] for row in await conn.fetch(SQL.list_towns, list(codes))}


async def tick(pool: Pool, clock: Clock) -> int:
    """Compute what waits, district by district; return how many were ended."""
    async with pool.transaction() as conn:
        every = await districts.ids(conn)
    ended = 0
    for district in every:
        while (taken := await _take(pool, district, clock())) is not None:
            ended += await work(pool, district, taken, clock)
    return ended


async def _take(pool: Pool, district: UUID, now: datetime) -> UUID | None:
    async with pool.transaction(district) as conn:
        found = await conn.fetchval(SQL.find_open, now - SILENT)
        taken: UUID | None = await conn.fetchval(SQL.take, found, now, now - SILENT) if found else None
        return taken


async def work(pool: Pool, district: UUID, what_if: UUID, clock: Clock) -> bool:
    """Do the pieces of one that was taken, until it ends or is stopped; say whether this call ended it."""
    while True:
        try:
            async with pool.transaction(district) as conn:
                row = await conn.fetchrow(SQL.lock, what_if)
                if row is None:
                    return False
                if not await _piece(conn, row, clock()):
                    return await _end(conn, row, clock())
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            raise  # the next tick goes on
        except Exception as error:  # noqa: BLE001 - one that cannot be computed must not hold up the others
            name = type(error).__name__
            log.get().error("what_if.failed", what_if=str(what_if), error=name, exc_info=True)
            async with pool.transaction(district) as conn:
                await conn.execute(SQL.fail, what_if, name, clock())
            return True


async def _piece(conn: Conn, row: Row, now: datetime) -> bool:
    """Look at the next persons; say whether there were any."""
    people = await conn.fetch(SQL.list_next, row["after_elder"], PIECE)
    if not people:
        return False
    piece = await _prepare(conn, row)
    elders = [one["id"] for one in people]
    known = await subjects.load(conn, elders)
    visits = await _visits(conn, elders, piece)
    judged = await asyncio.to_thread(_judge, piece, known, visits)
    for one in people:
        await _keep(conn, row, one, judged[one["id"]])
    await conn.execute(SQL.advance, row["id"], elders[-1], len(elders), now)
    return True


async def _prepare(conn: Conn, row: Row) -> Piece:
    draft = schemes.read(row["body"])
    months = judging.months_from(row["first_month"], row["months"])
    found = await conn.fetch(SQL.list_present, row["code"], months[0], month_after(months[-1]))
    update = [
        schemes.read(one["body"]).model_copy(update={"effective_to": one["effective_to"]}) for one in found
    ]
    settings = await districts.settings(conn, row["district_id"])
    return Piece(draft, tuple(update), months, row["population"], settings.grade_fallback)


async def _visits(conn: Conn, elders: Sequence[UUID], piece: Piece) -> dict[UUID, list[Bought]]:
    """Return the visits of each person that the draft, or what it succeeds, is asked about."""
    services = sorted({one for scheme in (piece.draft, *piece.present) for one in scheme.services})
    span = (piece.months[0], month_after(piece.months[-1]))
    found: defaultdict[UUID, list[Bought]] = defaultdict(list)
    if piece.draft.kind != "allowance":
        for row in await conn.fetch(SQL.list_bought, list(elders), *span, services, piece.draft.code):
            what = (row["service"], row["unit_price"], row["units"], row["subsidy"])
            found[row["elder_id"]].append(
                Bought(row["visit_id"], row["started_at"], row["service_on"], *what)
            )
    return found


def _judge(
    piece: Piece, known: Mapping[UUID, Subject], visits: Mapping[UUID, Sequence[Bought]]
) -> dict[UUID, Judged]:
    return {
        elder: judging.judge(
            piece.draft,
            piece.present,
            subject,
            visits.get(elder, ()),
            piece.months,
            population=piece.population,
            fallback=piece.fallback,
        )
        for elder, subject in known.items()
    }


async def _keep(conn: Conn, row: Row, person: Row, judged: Judged) -> None:
    if any(judged.paid) or any(judged.would_pay):
        change = Decimal(sum(judged.would_pay) - sum(judged.paid)) / 100
        values = (person["town"], judged.grade, list(judged.paid), list(judged.would_pay), change)
        await conn.execute(SQL.keep_person, row["id"], row["district_id"], person["id"], *values)


async def _end(conn: Conn, row: Row, now: datetime) -> bool:
    kept = await conn.fetch(SQL.list_kept, row["id"])
    found = [Months(one["town"], one["grade"], one["paid"], one["would_pay"]) for one in kept]
    months = judging.months_from(row["first_month"], row["months"])
    result = await asyncio.to_thread(
        summing.summary, found, months, max(row["looked_at"], len(found)), row["seed"]
    )
    return await conn.fetchval(SQL.finish, row["id"], result, now) is not None


async def _note(conn: Conn, by: Person, now: datetime, action: str, what_if: UUID) -> None:
    await audit.record(
        conn,
        district=by.district_id,
        at=now,
        account=by.account_id,
        action=action,
        subject_kind="what_if",
        subject=what_if,
    )


def _wrong(field: str, code: str, words: str) -> Invalid:
    return Invalid(words, [{"field": field, "code": code, "message": words}])
