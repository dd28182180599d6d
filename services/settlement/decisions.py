"""Single claims decided by people: rejected, adjusted, disputed, answered; corrected when issued.

A provider disputes (appeals) while its statement is checked, or after it was issued; an answer that
upholds pays what was asked: at once in a checked statement, by a correction line in the provider's open
draft afterwards.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

from core import districts
from core.clock import local_date, month_of
from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load
from services import spending, statements
from services.pricing import ZERO, Explanation
from services.settlement import checking, states

SQL = load(__file__)
REASONS = ("proof_exists", "was_there", "wrong_time", "wrong_price", "wrong_person", "wrong_penalty", "other")
CORRECTION_REASONS = ("appeal", "error", "audit", "price", "sample", "refund")
CODES = (
    *("no_proof", "contradicted", "visit_changed", "overlapping", "duplicate_visit", "over_hours"),
    *("over_price", "after_death", "absent", "not_enrolled", "duplicate_photo", "sample", "by_hand"),
)
"""What may stand against a claim; `sample` and `by_hand` are a person's."""


@dataclass(frozen=True, slots=True)
class Item:
    """What a provider disputes: one claim or one line, and why."""

    reason: str
    words: str = ""
    claim: UUID | None = None
    line: UUID | None = None


async def reject(conn: Conn, claim: UUID, code: str, by: UUID, now: datetime) -> None:
    """Pay nothing for a claim; raise Conflict when its statement is not being checked, Invalid."""
    row = await _decidable(conn, claim, code)
    codes = [*(one for one in row["rejections"] if one != code), code]
    await conn.execute(SQL.decide_claim, claim, "rejected", ZERO, codes, by, now)
    await _note(conn, row, "reject_claim", by, now, {"claim": str(claim), "code": code})


async def adjust(conn: Conn, claim: UUID, approved: Decimal, code: str, by: UUID, now: datetime) -> None:
    """Pay less than was asked for a claim (or all of it again)."""
    row = await _decidable(conn, claim, code)
    if not ZERO <= approved <= row["subsidy"]:
        words = f"approved: between 0 and {row['subsidy']}"
        raise Invalid(words, [{"field": "approved", "code": "range", "message": words}])
    state = "approved" if approved == row["subsidy"] else "adjusted" if approved else "rejected"
    codes = [*(one for one in row["rejections"] if one != code), code]
    await conn.execute(SQL.decide_claim, claim, state, approved, codes, by, now)
    detail = {"claim": str(claim), "code": code, "approved": str(approved), "asked": str(row["subsidy"])}
    await _note(conn, row, "adjust_claim", by, now, detail)


async def appeal(conn: Conn, item: Item, by: UUID, now: datetime) -> UUID:
    """Let the provider dispute one claim or line of a checked or issued statement; return the dispute."""
    row = await (_claim(conn, item.claim) if item.claim else _line(conn, item.line))
    if row["statement_state"] not in (*states.DECIDABLE, *states.ISSUED):
        raise _wrong_state(row)
    made = await raise_(conn, {**row, "id": row["statement_id"]}, item, by, now)
    await conn.execute(SQL.send_back, row["statement_id"])
    await _note(conn, row, "appeal", by, now, {"of": str(item.claim or item.line), "reason": item.reason})
    return made


async def raise_(conn: Conn, statement: Row, item: Item, by: UUID, now: datetime) -> UUID:
    """Write a dispute of one line of a statement; raise NotFound, Invalid, Conflict when one waits."""
    if item.reason not in REASONS:
        words = f"reason: one of {', '.join(REASONS)}"
        raise Invalid(words, [{"field": "reason", "code": "unknown", "message": words}])
    await _require_line(conn, statement["id"], item)
    if item.line and await conn.fetchval(SQL.is_taken_back, item.line):
        raise Conflict("it is taken back already", code="answered")
    identity = new_id()
    values = (identity, statement["district_id"], statement["id"], item.claim, item.line)
    try:
        async with conn.transaction():
            await conn.execute(SQL.raise_dispute, *values, item.reason, item.words, by, now)
    except asyncpg.UniqueViolationError as error:
        raise Conflict("it is disputed already", code="disputed") from error
    return identity


async def _require_line(conn: Conn, statement: UUID, item: Item) -> None:
    if item.claim is not None and item.line is not None:
        words = "line_id: dispute a claim or a line, each by itself"
        raise Invalid(words, [{"field": "line_id", "code": "unknown", "message": words}])
    if item.claim is not None:
        row = await conn.fetchrow(SQL.find_claim, item.claim)
    else:
        row = await conn.fetchrow(SQL.find_line, item.line)
    if row is None or row["statement_id"] != statement:
        raise NotFound(f"the statement has no line {item.claim or item.line}")


async def answer(conn: Conn, claim: UUID, *, outcome: str, words: str, by: UUID, now: datetime) -> None:
    """Answer the dispute of a claim: `upheld` pays what was asked, `refused` leaves it."""
    row = await _claim(conn, claim)
    found = await conn.fetchrow(SQL.find_dispute, claim)
    if found is None:
        raise Conflict("nothing of it is disputed", code="not_disputed")
    await _answer(conn, found["id"], outcome, words, by, now)
    if outcome == "upheld":
        await _uphold(conn, row, by, now)
    await _hand_back(conn, row["statement_id"])
    await _note(conn, row, "answer", by, now, {"claim": str(claim), "outcome": outcome})


async def _uphold(conn: Conn, row: Row, by: UUID, now: datetime) -> None:
    if row["statement_state"] in states.DECIDABLE:
        await conn.execute(
            SQL.decide_claim, row["id"], "approved", row["subsidy"], row["rejections"], by, now
        )
        return
    paid = row["subsidy"] if row["approved"] is None else row["approved"]
    missing = row["subsidy"] - paid - await conn.fetchval(SQL.sum_corrections, row["id"], ["correction"])
    if missing > ZERO:
        await correct(conn, row["id"], amount=missing, reason="appeal", by=by, now=now)


async def answer_line(conn: Conn, line: UUID, *, outcome: str, words: str, by: UUID, now: datetime) -> None:
    """Answer the dispute of a line beside the claims: `upheld` takes it back by an opposite line."""
    row = await _line(conn, line)
    found = await conn.fetchrow(SQL.find_dispute_of_line, line)
    if found is None:
        raise Conflict("nothing of it is disputed", code="not_disputed")
    await _answer(conn, found["id"], outcome, words, by, now)
    if outcome == "upheld":
        into = row["statement_id"]
        if row["statement_state"] not in states.DECIDABLE:
            into = await _open_draft(conn, row, now)
        said = _words("taken_back", row, -row["amount"], "appeal")
        claim: UUID | None = None if row["kind"] == "penalty" else row["claim_id"]
        values = ("correction", claim, line, None, -row["amount"], [said], by, now)
        await conn.execute(checking.SQL.add_line, new_id(), row["district_id"], into, *values)
        if claim is not None:
            await _spend_again(conn, claim, row["district_id"])
    await _hand_back(conn, row["statement_id"])
    await _note(conn, row, "answer", by, now, {"line": str(line), "outcome": outcome})


async def _answer(conn: Conn, dispute: UUID, outcome: str, words: str, by: UUID, now: datetime) -> None:
    if outcome not in {"upheld", "refused"}:
        said = "outcome: upheld or refused"
        raise Invalid(said, [{"field": "outcome", "code": "unknown", "message": said}])
    if await conn.fetchval(SQL.answer_dispute, dispute, outcome, words, by, now) is None:
        raise Conflict("it is answered already", code="answered")


async def _hand_back(conn: Conn, statement: UUID) -> None:
    """Hand a disputed statement back to the provider when every dispute of it is answered."""
    await conn.execute(SQL.hand_back, statement)


async def correct(conn: Conn, claim: UUID, *, amount: Decimal, reason: str, by: UUID, now: datetime) -> UUID:
    """Correct an issued claim by a line of the provider's open draft that names it; return the line.

    What the district pays for a claim stays between nothing and the claim's whole amount. Who makes the
    line may not approve the statement that it comes into.
    """
    if reason not in CORRECTION_REASONS:
        words = f"reason: one of {', '.join(CORRECTION_REASONS)}"
        raise Invalid(words, [{"field": "reason", "code": "unknown", "message": words}])
    row = await _claim(conn, claim)
    if row["statement_state"] not in states.ISSUED:
        raise _wrong_state(row)
    paid = row["subsidy"] if row["approved"] is None else row["approved"]
    paid += await conn.fetchval(SQL.sum_corrections, claim, ["correction", "voucher"])
    if amount == ZERO or not ZERO <= paid + amount <= row["amount"]:
        words = f"amount: {paid} is paid, so between {-paid} and {row['amount'] - paid}, and not 0"
        raise Invalid(words, [{"field": "amount", "code": "range", "message": words}])
    identity, into = new_id(), await _open_draft(conn, row, now)
    said = _words("correction", row, amount, reason) | {"was": str(paid), "becomes": str(paid + amount)}
    values = ("correction", claim, None, None, amount, [said], by, now)
    await conn.execute(checking.SQL.add_line, identity, row["district_id"], into, *values)
    detail = {"claim": str(claim), "line": str(identity), "amount": str(amount), "reason": reason}
    await _note(conn, {**row, "statement_id": into}, "correct", by, now, detail)
    await _spend_again(conn, claim, row["district_id"])
    return identity


async def _spend_again(conn: Conn, claim: UUID, district: UUID) -> None:
    """Spend the quota of a claim's month again: what is paid for the claim has changed."""
    month = await conn.fetchrow(SQL.find_quota, claim)
    if month is not None:
        await spending.renew(conn, month, district, await districts.settings(conn, district))


async def _open_draft(conn: Conn, row: Row, now: datetime) -> UUID:
    month = month_of(local_date(now))
    found, _ = await statements.draft(
        conn, district=row["district_id"], provider=row["provider_id"], month=month, now=now
    )
    return found


def _words(code: str, row: Row, amount: Decimal, reason: str) -> Explanation:
    return {"code": code, "month": f"{row['month']:%Y-%m}", "amount": str(amount), "why": reason}


async def disputes(
    conn: Conn,
    *,
    statement: UUID | None = None,
    provider: UUID | None = None,
    waiting: bool = False,
    limit: int = 100,
) -> list[Row]:
    """Return disputes, those that wait first."""
    return await conn.fetch(SQL.list_disputes, statement, provider, waiting, limit)


async def rejected(conn: Conn, statement: UUID, after: UUID | None = None, limit: int = 50) -> list[Row]:
    """Return claims of a statement against which something stands, with their dispute."""
    return await conn.fetch(SQL.list_rejected, statement, after, limit)


def _wrong_state(row: Row) -> Conflict:
    state: str = row["statement_state"]
    return Conflict(f"the statement is {state}", code="statement_state", statement_is=state)


async def _claim(conn: Conn, claim: UUID) -> Row:
    await conn.execute(SQL.lock_statement, claim)
    row = await conn.fetchrow(SQL.find_claim, claim)
    if row is None:
        raise NotFound(f"no claim {claim}")
    return row


async def _line(conn: Conn, line: UUID | None) -> Row:
    await conn.execute(SQL.lock_statement, line)
    row = await conn.fetchrow(SQL.find_line, line)
    if row is None:
        raise NotFound(f"no line {line}")
    return row


async def _decidable(conn: Conn, claim: UUID, code: str) -> Row:
    if code not in CODES:
        words = f"code: one of {', '.join(CODES)}"
        raise Invalid(words, [{"field": "code", "code": "unknown", "message": words}])
    row = await _claim(conn, claim)
    if not states.may_decide(row["statement_state"]):
        raise _wrong_state(row)
    return row


async def _note(conn: Conn, row: Row, action: str, by: UUID, now: datetime, detail: dict[str, Any]) -> None:
    at = {"district": row["district_id"], "statement": row["statement_id"], "at": now, "account": by}
    await checking.note(conn, **at, action=action, detail=detail)
