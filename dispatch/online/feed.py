"""The book as a process keeps it: read whole once, then only what has changed since, by transaction.

`current` is called under the district's lock of assignments (`emergency`), so nobody else of this process
reads into the same book meanwhile. What the caller's own transaction has written may yet be undone: it is
read again next time. A book that is new, too old or of another database is read whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.clock import local_date
from core.db import Conn, Row
from core.sql import load
from dispatch import service_items
from dispatch.online.book import Book, Place, Stop, minute
from dispatch.online.places import Places
from dispatch.roster import facts
from dispatch.roster.fitness import Span, VisitFacts, Wishes

SQL = load(__file__)
BEHIND = timedelta(hours=12)
AHEAD = timedelta(hours=36)
"""What begins later is read when its time comes: a book lives for `LIFE` at most."""
LIFE = timedelta(hours=12)
KEPT = timedelta(days=2)
"""Changes are kept longer than any book lives."""
MOST = 64
"""Books in one process."""


@dataclass
class Kept:
    """A district's book, and as of when it was read."""

    book: Book
    places: Places
    database: str
    snapshot: str
    xid: str | None
    read_at: datetime
    positions_at: datetime
    doubtful: set[UUID] = field(default_factory=set)
    are_people_doubtful: bool = False


_BOOKS: dict[UUID, Kept] = {}


async def current(conn: Conn, district: UUID, factor: float, now: datetime) -> Kept:
    """Return the district's book as of now, its assignments locked by the caller."""
    kept = _BOOKS.pop(district, None)  # back only when it was read to the end
    if kept is None or not await _catch_up(conn, kept, district, factor, now):
        kept = await _read(conn, district, factor, now)
    await _see(conn, kept, district, now)
    while len(_BOOKS) >= MOST:
        _BOOKS.pop(next(iter(_BOOKS)))
    _BOOKS[district] = kept
    return kept


def forget(district: UUID) -> None:
    """Drop a book: it turned out not to be what the database says."""
    _BOOKS.pop(district, None)


async def forget_old(conn: Conn, now: datetime) -> None:
    """Drop changes that are older than any book."""
    await conn.execute(SQL.forget_changes, now - KEPT)


async def _read(conn: Conn, district: UUID, factor: float, now: datetime) -> Kept:
    head = await conn.fetchrow(SQL.find_snapshot, district)
    assert head is not None  # noqa: S101 - a statement without a table gives one row
    book = Book(factor)
    kept = Kept(book, Places(book), head["database"], head["snapshot"], head["xid"], now, now - BEHIND)
    book.set_people(await facts.caregivers(conn, now - BEHIND, now + AHEAD))
    await _add(conn, kept, await conn.fetch(SQL.list_stops, district, now - BEHIND, now + AHEAD))
    _doubt(kept, head["own"])
    return kept


async def _catch_up(conn: Conn, kept: Kept, district: UUID, factor: float, now: datetime) -> bool:
    """Read what has changed; False: the book is of no use, for the people have changed, or it is too old."""
    found = await conn.fetchrow(SQL.list_changes, district, kept.snapshot, kept.xid)
    assert found is not None  # noqa: S101 - a statement without a table gives one row
    is_same = found["database"] == kept.database and factor == kept.book.factor
    is_old = not kept.read_at <= now < kept.read_at + LIFE
    if not is_same or is_old or found["people"] or None in found["own"] or kept.are_people_doubtful:
        return False
    changed = {*found["visits"], *found["own"], *kept.doubtful}
    kept.snapshot, kept.xid = found["snapshot"], found["xid"]
    _doubt(kept, found["own"])
    for visit_id in changed:
        kept.book.forget(visit_id)
    if changed:
        since, until = kept.read_at - BEHIND, kept.read_at + AHEAD
        await _add(conn, kept, await conn.fetch(SQL.list_some_stops, list(changed), since, until))
    return True


def _doubt(kept: Kept, own: Sequence[UUID | None]) -> None:
    """Note what the transaction that reads has itself written: it may yet be undone, and nobody says so."""
    kept.doubtful = {one for one in own if one is not None}
    kept.are_people_doubtful = None in own


async def _see(conn: Conn, kept: Kept, district: UUID, now: datetime) -> None:
    for row in await conn.fetch(SQL.list_seen, district, kept.positions_at, now):
        kept.book.see(row["caregiver_id"], Place(row["lat"], row["lon"], minute(row["at"])))
    kept.positions_at = now - timedelta(hours=1)


async def _add(conn: Conn, kept: Kept, rows: Sequence[Row]) -> None:
    wishes = await facts.wishes(conn, local_date(kept.read_at), {row["elder_id"] for row in rows})
    for row in rows:
        for stop in stops_of(row, wishes.get(row["elder_id"], Wishes())):
            kept.book.add(stop)


def stops_of(row: Row, wishes: Wishes) -> list[Stop]:
    """Return a visit's stops: one, or one for each of two people."""
    item = service_items.get(row["service"])
    spans = [(row["window_start"], row["window_end"])]
    spans += [(_at(one, "from"), _at(one, "to")) for one in row["windows"]]
    spans.sort()
    visit = VisitFacts(
        visit_id=row["id"],
        service=row["service"],
        skill=item.skill,
        minutes=row["minutes"],
        windows=tuple(Span(*one) for one in spans),
        elder_id=row["elder_id"],
        provider_id=row["provider_id"],
        region=row["region_code"],
        languages=frozenset(row["languages"]),
        wishes=wishes,
        is_emergency=row["case_id"] is not None,
    )
    given: dict[str, Any] = {
        **{
            name: row[name]
            for name in ("state", "priority", "lat", "lon", "is_promised", "is_pinned", "is_fixed")
        },
        "minutes": float(row["minutes"]),
        "windows": tuple((minute(since), minute(until)) for since, until in spans),
        "planned": minute(row["planned_start"]) if row["planned_start"] else None,
        "planned_at": row["planned_start"],
        "started": minute(row["started_at"]) if row["started_at"] else None,
        "is_interruptible": item.interruptible and not row["is_fixed"],
        "is_emergency": row["case_id"] is not None,
    }
    people = (row["caregiver_id"], row["companion_id"])
    return [Stop(visit, one, seat=seat, **given) for seat, one in enumerate(people) if one]


def _at(window: dict[str, str], name: str) -> datetime:
    return datetime.fromisoformat(window[name])
