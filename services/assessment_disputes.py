"""Disputes: a signed grade questioned within a number of days, looked at again by two others.

The disputed grade stays in force until the review is signed; then the review's grade holds from its own day.
A review itself is final, and a grade that another has followed is not disputed any more.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from core import audit, districts, events
from core.accounts import Person
from core.clock import local_date
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load
from dispatch.fields import one_of, wrong
from services import disputing
from services.disputing import GROUNDS

SQL = load(__file__)
KINDS = ("elder", "family", "clerk")
HEARERS = ("assessor", "clerk", "approver", "admin")
MOST_WORDS = 2000


async def raise_(
    conn: Conn,
    keys: Keys,
    assessment: UUID,
    *,
    by: Person,
    kind: str,
    grounds: Sequence[str],
    words: str,
    now: datetime,
) -> UUID:
    """Dispute a signed grade; return the dispute's id.

    Raises NotFound, Invalid by field, or Conflict: not signed, too late, a review, followed by another
    assessment, or disputed already.
    """
    one_of("kind", kind, KINDS)
    _check(grounds, words)
    row = await conn.fetchrow(SQL.find_disputable, assessment)
    if row is None:
        raise NotFound(f"no assessment {assessment}")
    settings = await districts.settings(conn, row["district_id"])
    _check_disputable(row, settings.dispute_days, now)
    identity = new_id()
    review_by = local_date(now) + timedelta(days=settings.review_days)
    sealed = keys.seal(row["district_id"], words.strip()) if words.strip() else None
    what = (kind, sorted(set(grounds)), sealed, by.account_id, now, review_by)
    try:
        async with conn.transaction():
            await conn.execute(
                SQL.create_dispute, identity, row["district_id"], assessment, row["elder_id"], *what
            )
    except asyncpg.UniqueViolationError as error:
        raise Conflict("this assessment is disputed already", code="disputed") from error
    await _note(conn, row, "assessment.dispute", identity, by.account_id, now)
    return identity


def _check(grounds: Sequence[str], words: str) -> None:
    if not grounds or set(grounds) - set(GROUNDS):
        raise wrong("grounds", "unknown" if grounds else "missing", f"some of {', '.join(GROUNDS)}")
    if len(words) > MOST_WORDS:
        raise wrong("words", "too_long", f"at most {MOST_WORDS} characters")


def _check_disputable(row: Row, days: int, now: datetime) -> None:
    if row["signed_at"] is None:
        raise Conflict("the assessment is not signed yet: it grades nobody", code="not_signed")
    if row["review_of"] is not None:
        raise Conflict("a review is final", code="review_is_final")
    if row["is_followed"]:
        raise Conflict("another assessment has followed", code="superseded")
    last = disputing.last_day(local_date(row["signed_at"]), days)
    if local_date(now) > last:
        raise Conflict(f"could be disputed until {last}", code="dispute_late", until=last.isoformat())


async def withdraw(conn: Conn, dispute: UUID, by: Person, now: datetime) -> None:
    """Take a dispute back; raise NotFound, or Conflict when it is closed."""
    row = await conn.fetchrow(SQL.withdraw_dispute, dispute, by.account_id, now)
    if row is None:
        known = await find(conn, dispute)
        raise Conflict("the dispute is closed", code="wrong_state", state=known["state"], verb="withdraw")
    await _note(conn, row, "assessment.dispute_withdraw", dispute, by.account_id, now)


async def reviewed_by(conn: Conn, elder: UUID, reason: str, named: UUID | None) -> Row | None:
    """Return the disputed assessment that a form reviews, None: it reviews none.

    A form with the reason `review` reviews what is disputed of the person, named or not; raises Invalid when
    what is named is not disputed.
    """
    if reason != "review":
        if named is not None:
            raise wrong("review_of", "unknown", "only a review names what it reviews")
        return None
    row = await conn.fetchrow(SQL.find_disputed, elder)
    if named is not None and (row is None or row["id"] != named):
        raise wrong("review_of", "unknown", "nothing of this person is disputed under this id")
    return row


def check_reviewer(disputed: Row, assessor: UUID, on: date) -> None:
    """Raise Conflict for one of the two who assessed before, Invalid for a day that is not after theirs."""
    before = (disputed["assessor_1"], disputed["assessor_2"])
    found = disputing.objection(before, disputed["assessed_on"], assessor, on)
    if found == "same_assessors":
        raise Conflict("a review must come from two other assessors", code=found)
    if found is not None:
        words = "assessed_on: a review comes after what it reviews"
        raise Invalid(words, [{"field": "assessed_on", "code": found, "message": words}])


async def reviewed(conn: Conn, review: Row, assessor: UUID, now: datetime) -> None:
    """Close the dispute that a signed review has settled."""
    if review["review_of"] is None:
        return
    disputed = await conn.fetchrow(SQL.find_disputable, review["review_of"])
    assert disputed is not None  # noqa: S101 - a foreign key points at it
    found = disputing.outcome(disputed["grade"], review["grade"])
    await conn.execute(SQL.close_dispute, review["review_of"], review["id"], found, assessor, now)


async def find(conn: Conn, dispute: UUID) -> Row:
    """Return a dispute with its assessment; raise NotFound."""
    row = await conn.fetchrow(SQL.find_dispute, dispute)
    if row is None:
        raise NotFound(f"no dispute {dispute}")
    return row


async def list_(
    conn: Conn,
    *,
    elder_id: UUID | None = None,
    state: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """Return disputes, newest first; `after` is the last id already seen."""
    return await conn.fetch(SQL.list_disputes, elder_id, state, after, limit)


async def _note(conn: Conn, row: Row, action: str, dispute: UUID, account: UUID, now: datetime) -> None:
    what: dict[str, Any] = {"action": action, "subject_kind": "assessment_dispute", "subject": dispute}
    await audit.record(conn, district=row["district_id"], at=now, account=account, **what)
    who: dict[str, Any] = {"district": row["district_id"], "subject": dispute, "elder": row["elder_id"]}
    await events.write(conn, kind="elder.changed", roles=HEARERS, at=now, **who)
