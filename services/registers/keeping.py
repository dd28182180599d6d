"""What a list changes is done: facts and grades recorded or ended, deaths reported for a clerk to confirm."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from core import events, grades, person_facts
from core.clock import month_of
from core.db import Conn, Row
from core.errors import Conflict
from core.person_facts import NewFact
from core.sql import load
from services import claims, deaths
from services.registers.deciding import Change

SQL = load(__file__)
SOURCE = "import"
_GRADE = "grade:"
TOLD = ("clerk", "admin")


async def keep(conn: Conn, row: Row, changes: Sequence[Change], by: UUID | None, now: datetime) -> None:
    """Do every change of an import, in the caller's transaction."""
    district, source = row["district_id"], row["id"]
    facts = [one for one in changes if one.verb == "record" and not one.kind.startswith(_GRADE)]
    new = [NewFact(one.elder, one.kind, one.value, one.first, one.last, SOURCE, source) for one in facts]
    await person_facts.record_many(conn, new, district=district, now=now)
    for one in changes:
        if one.verb == "report":
            with suppress(Conflict):  # confirmed since the list was looked at: nothing is left to report
                await deaths.report(
                    conn, one.elder, one.first, source="register", by=by, now=now, source_id=source
                )
        elif one.verb == "end" and one.fact is not None and one.last is not None:
            await (grades.end if one.kind.startswith(_GRADE) else person_facts.end)(conn, one.fact, one.last)
        elif one.kind.startswith(_GRADE):
            await _grade(conn, district, one, source, now)
    await _reprice(conn, district, changes)
    roles = TOLD
    await events.write(conn, district=district, kind="register.applied", subject=source, roles=roles, at=now)


async def _grade(conn: Conn, district: UUID, one: Change, source: UUID, now: datetime) -> None:
    await grades.record(
        conn,
        district=district,
        elder=one.elder,
        scale=one.kind.removeprefix(_GRADE),
        grade=one.value,
        valid_from=one.first,
        valid_to=one.last,
        source=source,
        now=now,
    )


async def _reprice(conn: Conn, district: UUID, changes: Iterable[Change]) -> None:
    """Let open claims follow: of whoever has entitlements, from the month in which something changed."""
    since: dict[UUID, date] = {}
    for one in changes:
        if one.verb != "report":
            day = one.last if one.verb == "end" and one.last else one.first
            since[one.elder] = min(day, since.get(one.elder, day))
    for row in await conn.fetch(SQL.list_entitled, list(since)):
        first = max(month_of(since[row["elder_id"]]), row["month"])
        await claims.reprice(conn, district=district, elder=row["elder_id"], since=first)
