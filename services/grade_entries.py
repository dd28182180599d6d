"""Grades of other scales, entered from a paper: beside GB/T 42195 with source and dates, never converted.

Long-term care insurance (LTCI, 0-5) belongs to medical insurance, the disability certificate (1-4) to the
disabled persons' federation, self-care of persons in extreme hardship to civil affairs (DOMAIN §2, §3).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core import audit, grades, people
from core.accounts import Person
from core.crypto import Keys
from core.db import Conn, Row
from core.ids import new_id
from core.sql import load
from dispatch.fields import one_of, wrong
from services import claims

SQL = load(__file__)
GRADES = {
    "ltci": ("0", "1", "2", "3", "4", "5"),
    "disability_certificate": ("1", "2", "3", "4"),
    "tekun_self_care": ("self", "partial", "dependent"),
}
"""Grades by scale, as the papers write them; GB/T 42195 is missing on purpose: only an assessment sets it."""
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Paper:
    """What a clerk reads off a paper: `issuer` in words, its number if it has one."""

    scale: str
    grade: str
    issuer: str
    issued_on: date
    valid_from: date
    valid_to: date | None = None
    number: str = ""


async def enter(conn: Conn, keys: Keys, elder: UUID, paper: Paper, *, by: Person, now: datetime) -> UUID:
    """Enter a grade from a paper; return the grade's id. Raises Invalid by field, Conflict on an overlap.

    What was in force of the same scale ends the day before; open claims follow.
    """
    _check(paper, now.date())
    await people.find_elder(conn, elder)
    identity = new_id()
    number = keys.seal(by.district_id, paper.number.strip()) if paper.number.strip() else None
    what = (paper.scale, paper.grade, paper.issuer.strip(), paper.issued_on, number)
    span = (paper.valid_from, paper.valid_to, by.account_id, now)
    await conn.execute(SQL.create_entry, identity, by.district_id, elder, *what, *span)
    grade = await grades.record(
        conn,
        district=by.district_id,
        elder=elder,
        scale=paper.scale,
        grade=paper.grade,
        valid_from=paper.valid_from,
        valid_to=paper.valid_to,
        source=identity,
        now=now,
    )
    await claims.reprice(conn, district=by.district_id, elder=elder, since=paper.valid_from)
    detail: dict[str, Any] = {"action": "grade.enter", "subject_kind": "elder", "subject": elder}
    said: dict[str, object] = {"scale": paper.scale, "grade": paper.grade, "entry_id": str(identity)}
    await audit.record(conn, district=by.district_id, at=now, account=by.account_id, detail=said, **detail)
    return grade


def _check(paper: Paper, latest: date) -> None:
    one_of("scale", paper.scale, GRADES)
    one_of("grade", paper.grade, GRADES[paper.scale])
    if not paper.issuer.strip() or len(paper.issuer) > LONGEST:
        raise wrong("issuer", "missing" if not paper.issuer.strip() else "too_long", "who issued it")
    if len(paper.number) > LONGEST:
        raise wrong("number", "too_long", f"at most {LONGEST} characters")
    if paper.issued_on > latest:
        raise wrong("issued_on", "future", "a paper is issued before it is entered")
    if paper.valid_to is not None and paper.valid_to < paper.valid_from:
        raise wrong("valid_to", "before_start", "ends before it begins")


async def list_(conn: Conn, elder: UUID) -> list[Row]:
    """Return the papers behind an elder's grades, newest first; never a number."""
    return await conn.fetch(SQL.list_entries, elder)
