"""Assessments: a form scored on record, a grade only when a second assessor has signed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core import audit, districts, events, grades
from core.crypto import Keys
from core.db import Conn, Row
from core.districts import DistrictSettings
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import load
from dispatch.fields import one_of, wrong
from services import assessment_disputes, assessment_wants, claims
from services.assessing import ADJUSTMENTS, Result, Rules, form, score
from services.months import last_day

SQL = load(__file__)
SCALE = "gbt_42195"
REASONS = ("first", "routine", "immediate", "review", "other")
INFORMANTS = ("self", "spouse", "child", "relative", "caregiver", "neighbour", "official", "other")
HEARERS = ("assessor", "clerk", "approver", "admin")
LONGEST_NOTE = 500

__all__ = ["Form", "Result", "Rules", "find", "form", "list_", "record", "rules_of", "score", "sign"]


@dataclass(frozen=True, slots=True)
class Form:
    """A filled-in form; `identity` is the tablet's own, so that a form sent twice is one."""

    elder: UUID
    items: dict[str, Any]
    adjustments: dict[str, Any]
    reason: str
    assessed_on: date
    identity: UUID | None = None
    notes_sealed: bytes | None = None
    informant: str | None = None
    review_of: UUID | None = None


def rules_of(settings: DistrictSettings) -> Rules:
    """Return the district's choices where copies of the standard disagree."""
    return Rules(settings.coma_is_total, settings.raising_rules_add_up)


def seal_notes(keys: Keys, district: UUID, notes: Mapping[str, str]) -> bytes | None:
    """Seal notes {item or adjustment: words}; raise Invalid on an item that the form has not."""
    kept = {code: words.strip() for code, words in notes.items() if words.strip()}
    known = {item.code for item in form().items} | ADJUSTMENTS.keys()
    for code, words in kept.items():
        if code not in known:
            raise wrong(f"notes.{code}", "unknown", "no item of the form")
        if len(words) > LONGEST_NOTE:
            raise wrong(f"notes.{code}", "too_long", f"at most {LONGEST_NOTE} characters")
    return keys.seal(district, json.dumps(kept, ensure_ascii=False)) if kept else None


def notes_of(keys: Keys, row: Row) -> dict[str, str]:
    """Return the notes of an assessment {item or adjustment: words}."""
    sealed = row["notes_sealed"]
    found: dict[str, str] = json.loads(keys.open(row["district_id"], sealed)) if sealed else {}
    return found


async def record(
    conn: Conn, *, district: UUID, filled: Form, assessor: UUID, now: datetime
) -> tuple[UUID, Result]:
    """Score and store a form with its first signature; raise Invalid naming every wrong field.

    A review (GB/T 42195 calls it so after a dispute) must come from two others than the disputed assessment.
    """
    one_of("reason", filled.reason, REASONS)
    if filled.informant is not None:
        one_of("informant", filled.informant, INFORMANTS)
    settings = await districts.settings(conn, district)
    result = score(filled.items, filled.adjustments, rules_of(settings))
    identity = filled.identity or new_id()
    reviewed = await assessment_disputes.reviewed_by(conn, filled.elder, filled.reason, filled.review_of)
    if reviewed is not None:
        assessment_disputes.check_reviewer(reviewed, assessor, filled.assessed_on)
    parameters = _parameters(settings)
    scored = (form().rules, filled.items, filled.adjustments, result.score, result.grade)
    tail = (list(result.explanation), filled.reason, filled.assessed_on, assessor)
    more = (filled.notes_sealed, parameters, filled.informant, reviewed["id"] if reviewed else None, now)
    made = await conn.fetchval(SQL.record_assessment, identity, district, filled.elder, *scored, *tail, *more)
    if made is None:
        return await _again(conn, identity, filled, assessor)
    await _note(conn, district, "assessment.record", identity, assessor, now)
    return identity, result


def _parameters(settings: DistrictSettings) -> dict[str, Any]:
    rules = {"coma_is_total": settings.coma_is_total, "raising_rules_add_up": settings.raising_rules_add_up}
    return {**rules, "validity_months": settings.assessment_validity_months}


async def _again(conn: Conn, identity: UUID, filled: Form, assessor: UUID) -> tuple[UUID, Result]:
    known = await conn.fetchrow(SQL.find_assessment, identity)
    same = known is not None and (known["elder_id"], known["assessor_1"]) == (filled.elder, assessor)
    if known is None or not same or known["items"] != filled.items:
        raise Conflict("another form is kept under this id", code="assessment_known")
    return identity, Result(known["score"], known["grade"], tuple(known["explanation"]))


async def sign(conn: Conn, assessment: UUID, *, assessor: UUID, now: datetime) -> UUID:
    """Sign as the second assessor: the grade is in force from the day of the assessment; return its id.

    It holds for the district's number of months as it was when the form was filled in; open claims and
    entitlements of the elder follow, a dispute that it reviews is closed, and what asked for it is done.
    Raises NotFound, or Conflict when it is signed already, by the same person, or by one of the disputed.
    """
    known = await find(conn, assessment)
    if known["review_of"] is not None:
        disputed = await find(conn, known["review_of"])
        assessment_disputes.check_reviewer(disputed, assessor, known["assessed_on"])
    first: date = known["assessed_on"]
    months = known["parameters"].get("validity_months")
    settings = await districts.settings(conn, known["district_id"])
    last = valid_to(first, months or settings.assessment_validity_months)
    row = await conn.fetchrow(SQL.sign_assessment, assessment, assessor, now, last)
    if row is None:
        code = (
            "same_assessor" if known["assessor_1"] == assessor and known["assessor_2"] is None else "signed"
        )
        words = "signed already" if code == "signed" else "the second signature must be another assessor's"
        raise Conflict(f"assessment {assessment}: {words}", code=code)
    identity = await grades.record(
        conn,
        district=row["district_id"],
        elder=row["elder_id"],
        scale=SCALE,
        grade=row["grade"],
        valid_from=first,
        valid_to=last,
        source=assessment,
        now=now,
    )
    await assessment_disputes.reviewed(conn, row, assessor, now)
    await assessment_wants.done(conn, row, assessor, now)
    await claims.reprice(conn, district=row["district_id"], elder=row["elder_id"], since=first)
    await _note(conn, row["district_id"], "assessment.sign", assessment, assessor, now)
    who: dict[str, Any] = {"district": row["district_id"], "subject": assessment, "elder": row["elder_id"]}
    await events.write(conn, kind="elder.changed", roles=HEARERS, at=now, **who)
    return identity


async def _note(conn: Conn, district: UUID, action: str, subject: UUID, account: UUID, now: datetime) -> None:
    what: dict[str, Any] = {"action": action, "subject_kind": "assessment", "subject": subject}
    await audit.record(conn, district=district, at=now, account=account, **what)


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
