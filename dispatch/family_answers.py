"""What a relative says to an open case from their page: I go, I am there, I cannot, they are safe.

The first three are the telephone's keys (`notices.answers`) without a telephone. Whatever is said is told to
the call centre and to the other relatives; nothing of it closes a case: an operator asks, and decides.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.db import Conn, Row
from core.errors import Conflict
from dispatch import cases, fields, journal
from dispatch.notices import answers, steps

ANSWERS = ("seen", "coming", "with_them", "cannot")
KEYED = frozenset({"seen", "coming", "cannot"})
"""What the telephone's keys 1, 2 and 3 can say too."""
HOW = ("with_them", "spoke", "seen_by_other", "camera")
"""How a relative knows that somebody is safe; an operator weighs it."""
OVER = frozenset({"resolved", "closed"})


async def answer(conn: Conn, case_id: UUID, by: Person, now: datetime, answer: str) -> Row:
    """Keep what a relative does about a case; return the case as it is now.

    Raises Invalid for another answer, Conflict `case_over` when nobody is needed any more, NotFound.
    """
    fields.one_of("answer", answer, ANSWERS)
    row = await _open(conn, case_id)
    member = _member(by)
    said = await answers.by_person(conn, case_id, member, answer, now) if answer in KEYED else "unknown"
    if said == "unknown" and await steps.said(conn, case_id, member, now) != answer:
        # nobody asked them, or no key says it; the same again is no news, and gives no more time
        data = {"answer": answer, "channel": "page", "family_member_id": str(member)}
        await journal.case(conn, row, "family_answer", now, by=by, data=data)
        await answers.weigh(conn, row, answer, now)
    return await cases.find(conn, case_id)


async def safe(conn: Conn, case_id: UUID, by: Person, now: datetime, how: str, note: str = "") -> Row:
    """Keep that a relative says the person is safe, and how they know; the case stays open for an operator.

    Raises Invalid for another `how`, Conflict `case_over`, NotFound.
    """
    fields.one_of("how", how, HOW)
    row = await _open(conn, case_id)
    data: dict[str, Any] = {"how": how, "channel": "page", "family_member_id": str(_member(by))}
    await journal.case(conn, row, "family_safe", now, by=by, note=note.strip() or None, data=data)
    return await cases.find(conn, case_id)


async def _open(conn: Conn, case_id: UUID) -> Row:
    row = await cases.lock(conn, case_id)
    if row["state"] in OVER:
        raise Conflict(f"case {case_id} is over", code="case_over", state=row["state"])
    return row


def _member(by: Person) -> UUID:
    if by.family_member_id is None:
        raise Conflict("this account belongs to no family member", code="no_family_member")
    return by.family_member_id
