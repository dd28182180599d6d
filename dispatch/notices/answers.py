"""What comes back: receipts, pressed keys, SMS replies; late ones are noted, and nothing is reopened.

Runs in the webhook's transaction. A receipt never undoes a later one; the same answer twice is one answer.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.db import Conn, Row
from core.errors import NotFound
from core.sql import load
from dispatch import cases, journal, policy
from dispatch.notices.deciding import ASKING, ON_THE_WAY

SQL = load(__file__)
KEYS: Mapping[str, str] = {"1": "seen", "2": "coming", "3": "cannot"}
"""What a key means, on the telephone and in a reply."""
RECEIPTS: Mapping[str, tuple[str, ...]] = {
    "delivered": ("queued", "sending", "sent", "unknown"),
    "answered": ("queued", "sending", "sent", "delivered", "unknown"),
    "failed": ("queued", "sending", "sent", "unknown"),
}
"""From which states of a try a receipt leads on; any other is out of order and changes nothing."""
FAILURES = ("busy", "no_answer", "voicemail", "failed", "canceled", "undelivered")
"""Outcomes that reach nobody; the outcome is the code unless the carrier gives its own."""
COMING = timedelta(minutes=10)
"""Who presses 2 gets so long before the case goes on to others."""
REPLY_WITHIN = timedelta(hours=24)
"""A reply by SMS answers the last message of that time."""


async def heard(
    conn: Conn,
    try_id: UUID,
    outcome: str,
    keys: str,
    now: datetime,
    *,
    code: str | None = None,
    is_permanent: bool = False,
) -> str:
    """Note what a try came to, and the answer in `keys`; return what to say back (a key of `words.thanks`).

    `outcome` is delivered, answered (picked up, or opened), ended (an answered call is over), or one of
    FAILURES; anything else says nothing new (queued, ringing). The first character of `keys` that is 1, 2 or
    3 is the answer, whatever the outcome. Raise NotFound without such a try.
    """
    found = await conn.fetchrow(SQL.find_try, try_id)
    if found is None:
        raise NotFound(f"no try {try_id}")
    locked = await _lock(conn, found["leader_id"])
    answer = next((KEYS[key] for key in keys if key in KEYS), None)
    if answer is not None:
        values = (try_id, "answered", list(RECEIPTS["answered"]), now, None, False)
        await conn.execute(SQL.set_receipt, *values)
        return await _answer(conn, locked, answer, found["channel"], now)
    await _receipt(conn, found, outcome, now, code or outcome, is_permanent=is_permanent)
    return "wrong" if keys else "unheard"


async def replied(conn: Conn, contact_index: bytes, text: str, now: datetime) -> str:
    """Take an SMS from a number (its blind index `keys.index(district, "phone", number)`) as an answer.

    Returns what to say back; `unknown` when nothing was asked of this number within a day.
    """
    try_id = await conn.fetchval(SQL.find_asked, contact_index, now - REPLY_WITHIN, sorted(ASKING))
    if try_id is None:
        return "unknown"
    return await heard(conn, try_id, "delivered", _figure(text), now)


async def by_person(conn: Conn, case: UUID, person: UUID, answer: str, now: datetime) -> str:
    """Take an answer that a logged-in person gave on a page; return as `heard`, `unknown` when not asked.

    `answer` is seen, coming or cannot; `person` a family member's, caregiver's or account's id.
    """
    notice = await conn.fetchval(SQL.find_of_person, case, person)
    if notice is None:
        return "unknown"
    return await _answer(conn, await _lock(conn, notice), answer, "page", now)


async def by_token(conn: Conn, token: str) -> UUID | None:
    """Return the try that a token binds, in the current district, or None."""
    found: UUID | None = await conn.fetchval(SQL.find_token, token)
    return found


def _figure(text: str) -> str:
    """Read a reply: a lone figure, also full-width; a sentence that begins otherwise is no answer."""
    plain = text.strip().translate({0xFF11: "1", 0xFF12: "2", 0xFF13: "3"})
    return plain[:1] if plain[:1] in KEYS and not plain[1:2].isdigit() else ("?" if plain else "")


async def _lock(conn: Conn, leader: UUID) -> list[tuple[Row, Row | None]]:
    """Lock a notice and what rides with it, cases first and in order; return each with its case."""
    cases_of = {}
    for case_id in [row["case_id"] for row in await conn.fetch(SQL.list_cases, leader)]:
        cases_of[case_id] = await cases.lock(conn, case_id)
    rows = await conn.fetch(SQL.lock_notices, leader)
    return [(row, cases_of.get(row["case_id"])) for row in rows]


async def _receipt(
    conn: Conn, found: Row, outcome: str, now: datetime, code: str, *, is_permanent: bool
) -> None:
    state = "failed" if outcome in FAILURES else outcome
    if outcome == "ended":
        await conn.execute(SQL.end_call, found["id"], now)
        await conn.execute(SQL.look_now, found["leader_id"], now)
    elif state in RECEIPTS:
        kept = code if state == "failed" else None
        values = (found["id"], state, list(RECEIPTS[state]), now, kept, is_permanent)
        if await conn.fetchval(SQL.set_receipt, *values) is not None and state == "failed":
            await conn.execute(SQL.look_now, found["leader_id"], now)


async def _answer(
    conn: Conn, locked: list[tuple[Row, Row | None]], answer: str, channel: str, now: datetime
) -> str:
    said = answer
    for notice, case in locked:
        changed = await conn.fetchval(SQL.set_answer, notice["id"], answer, now)
        if case is None:
            continue
        if case["state"] != "raised":
            said = "closed" if case["state"] in {"closed", "resolved"} else "claimed"
        if changed is not None:
            await _tell_case(conn, notice, case, answer, channel, now)
    return said


async def _tell_case(conn: Conn, notice: Row, case: Row, answer: str, channel: str, now: datetime) -> None:
    """Write the line of the case, and weigh the answer."""
    who = {key: str(notice[key]) for key in ("family_member_id", "account_id", "caregiver_id") if notice[key]}
    data: dict[str, Any] = {"answer": answer, "channel": channel, "audience": notice["audience"], **who}
    if case["state"] != "raised":
        data["late"] = True
    await journal.case(conn, case, "family_answer", now, data=data)
    if notice["account_id"] is None or answer not in ON_THE_WAY:
        await weigh(conn, case, answer, now)  # who is on the way to a console has claimed nothing: it goes on


async def weigh(conn: Conn, case: Row, answer: str, now: datetime) -> None:
    """Let an answer decide who is told next: nothing once somebody has taken the (locked) case."""
    if case["state"] != "raised":
        return
    if answer in ON_THE_WAY:
        await conn.execute(SQL.stand_down, case["id"], now)
        await conn.execute(SQL.give_time, case["id"], now + COMING)
    elif answer == "cannot" and await conn.fetchval(SQL.hurry_next, case["id"], now) == 0:
        told = policy.notice(case["policy"]["steps"], case["step"])
        await conn.execute(SQL.escalate_now, case["id"], now + told.wait if told.is_last else now)
