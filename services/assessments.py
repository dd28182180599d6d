"""Assessments: a form scored on record, a grade only when a second assessor has signed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core import districts, grades
from core.db import Conn, Row
from core.districts import DistrictSettings
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load
from services import claims
from services.assessing import Result, Rules, form, score
from services.months import last_day

SQL = load(__file__)
SCALE = "gbt_42195"
REASONS = ("first", "routine", "immediate", "review", "other")

__all__ = ["Form", "Result", "Rules", "find", "form", "list_", "record", "rules_of", "score", "sign"]


@dataclass(frozen=True, slots=True)
class Form:
    """A filled-in form."""

    elder: UUID
    items: dict[str, Any]
    adjustments: dict[str, Any]
    reason: str
    assessed_on: date


def rules_of(settings: DistrictSettings) -> Rules:
    """Return the district's choices where copies of the standard disagree."""
    return Rules(settings.coma_is_total, settings.raising_rules_add_up)


async def record(conn: Conn, *, district: UUID, filled: Form, assessor: UUID) -> tuple[UUID, Result]:
    """Score and store a form with its first signature; raise Invalid naming every wrong field."""
    if filled.reason not in REASONS:
        words = f"reason: one of {', '.join(REASONS)}"
        raise Invalid(words, [{"field": "reason", "code": "unknown", "message": words}])
    result = score(filled.items, filled.adjustments, rules_of(await districts.settings(conn, district)))
    identity, reasons = new_id(), list(result.explanation)
    scored = (form().rules, filled.items, filled.adjustments, result.score, result.grade, reasons)
    tail = (filled.reason, filled.assessed_on, assessor)
    await conn.execute(SQL.record_assessment, identity, district, filled.elder, *scored, *tail)
    return identity, result


async def sign(conn: Conn, assessment: UUID, *, assessor: UUID, now: datetime) -> UUID:
    """Sign as the second assessor: the grade is in force from the day of the assessment; return its id.

    It holds for the district's number of months; open claims and entitlements of the elder follow. Raises
    NotFound, or Conflict when it is signed already or by the same person.
    """
    row = await conn.fetchrow(SQL.sign_assessment, assessment, assessor, now)
    if row is None:
        known = await find(conn, assessment)
        code = "same_assessor" if known["assessor_2"] is None else "signed"
        words = "signed already" if code == "signed" else "the second signature must be another assessor's"
        raise Conflict(f"assessment {assessment}: {words}", code=code)
    settings = await districts.settings(conn, row["district_id"])
    first: date = row["assessed_on"]
    identity = await grades.record(
        conn,
        district=row["district_id"],
        elder=row["elder_id"],
        scale=SCALE,
        grade=row["grade"],
        valid_from=first,
        valid_to=valid_to(first, settings.assessment_validity_months),
        source=assessment,
        now=now,
    )
    await claims.reprice(conn, district=row["district_id"], elder=row["elder_id"], since=first)
    return identity


def valid_to(first: date, months: int) -> date:
    """Return the last day of a validity in months: 2026-11-21 and 12 months end on 2027-11-20."""
    index = first.year * 12 + first.month - 1 + months
    month = date(index // 12, index % 12 + 1, 1)
    end = min(first.day, last_day(month).day)
    return date.fromordinal(month.replace(day=end).toordinal() - 1)


async def find(conn: Conn, assessment: UUID) -> Row:
    """Return an assessment with its answers and explanation; raise NotFound."""
    row = await conn.fetchrow(SQL.find_assessment, assessment)
    if row is None:
        raise NotFound(f"no assessment {assessment}")
    return row


async def list_(
    conn: Conn, *, elder_id: UUID | None = None, after: UUID | None = None, limit: int = 50
) -> list[Row]:
    """Return assessments, newest first; `after` is the last id already seen."""
    return await conn.fetch(SQL.list_assessments, elder_id, after, limit)
