"""What a carrier says of a call: kept once, applied by rank, its effects in the same transaction.

Forged words do not come here (the faces check signatures); repeated ones are the same row; late ones and
those in the wrong order change nothing that is known better, and a case's timeline says when they were said.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from core import events
from core.db import Conn, Row
from core.events import OPERATORS
from core.ids import new_id
from dispatch import cases, journal, policy
from dispatch.notices import answers
from dispatch.telephony import calls, ranks
from dispatch.telephony.calls import SQL

LATE = timedelta(minutes=5)
"""An end or a key that took longer is noted in the timeline with its own time."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a carrier: `key` makes a repetition the same; `state` what it says of the person called."""

    key: str
    kind: str
    state: str | None = None
    said_at: datetime | None = None
    ref: str | None = None
    seconds: int | None = None
    code: str | None = None
    is_permanent: bool = False
    data: dict[str, object] = field(default_factory=dict)
    before: str | None = None
    """The state only changes while the call has not come as far as this."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who made a call that ends when nobody is logged in."""

    account_id: UUID | None


async def take(conn: Conn, call: UUID, word: Word, now: datetime) -> bool:
    """Take a word of a call; return whether it was new. Raise NotFound without such a call."""
    row = await calls.lock(conn, call)
    values = (row["district_id"], call, word.key, word.kind, dict(word.data), word.said_at, now)
    event = await conn.fetchval(SQL.note_event, new_id(), *values)
    if event is None:
        return False
    word = _measured(row, word, now)
    await _facts(conn, row, word)
    to = ranks.advance(row["state"], word.state, word.before) if word.state else None
    if to is not None:
        await conn.execute(SQL.mark_event, event)
        await _move(conn, row, to, word, now)
    weighs = word.state in ranks.ENDED or word.kind == "key"
    if weighs and word.said_at is not None and now - word.said_at > LATE:
        await _note_late(conn, row, word, now, changed=to is not None)
    return True


async def pick_up(conn: Conn, call: UUID, word: Word, now: datetime) -> None:
    """Note that a person, not a machine, has answered an automatic call."""
    if not await take(conn, call, word, now):
        return
    row = await calls.lock(conn, call)
    if row["notice_try_id"] is not None and row["state"] not in ranks.ENDED:
        await answers.heard(conn, row["notice_try_id"], "answered", "", now)


async def press(conn: Conn, call: UUID, word: Word, key: str, now: datetime) -> str:
    """Take a pressed key of a notice's call; return what to say back, a key of `notices.words.thanks`.

    A key counts also when the call is over by what has arrived: nobody presses 2 in vain.
    """
    is_new = await take(conn, call, word, now)
    row = await calls.lock(conn, call)
    if row["notice_try_id"] is None:
        return "unheard"
    if not is_new:
        return answers.KEYS.get(key, "wrong")
    await conn.execute(SQL.set_keys, call, f"{row['keys']}{key}"[:20])
    said = await answers.heard(conn, row["notice_try_id"], "answered", key, now)
    await _tell_consoles(conn, row, now)
    return said


async def refuse(conn: Conn, call: UUID, code: str, now: datetime, *, is_permanent: bool) -> None:
    """Note that the carrier did not take a call."""
    word = Word("refused", "refused", "failed", code=code, is_permanent=is_permanent)
    await take(conn, call, word, now)


def _measured(row: Row, word: Word, now: datetime) -> Word:
    """Return a word of the end with how long was spoken, when the carrier does not say it."""
    if word.state != "ended" or word.seconds is not None or row["answered_at"] is None:
        return word
    spoken = (word.said_at or now) - row["answered_at"]
    return replace(word, seconds=max(int(spoken.total_seconds()), 0))


async def _facts(conn: Conn, row: Row, word: Word) -> None:
    ref = word.ref
    if ref and await conn.fetchval(SQL.is_ref_taken, row["carrier"], ref, row["id"]):
        ref = None  # another call has it: what the carrier says of both is kept, the id with the first
    await conn.execute(SQL.set_facts, row["id"], ref, word.seconds)


async def _move(conn: Conn, row: Row, to: str, word: Word, now: datetime) -> None:
    at, ends = word.said_at or now, to in ranks.ENDED
    values = (row["id"], row["state"], to, word.code, word.is_permanent, at, ends)
    await conn.execute(SQL.move_call, *values)
    if row["notice_try_id"] is not None:
        await _tell_notice(conn, row, to, word, now)
    elif ends and row["kind"] == "bridge":
        await _end_bridge(conn, row, to, word, now)
    await _tell_consoles(conn, row, now)


async def _tell_notice(conn: Conn, row: Row, to: str, word: Word, now: datetime) -> None:
    """Hand a change on; `pick_up` tells of an answer, when it is known that a person gave it."""
    if to in {"sent", "ringing", "answered"}:
        return
    outcome = "undelivered" if to == "failed" and row["channel"] == "sms" else to
    await answers.heard(
        conn, row["notice_try_id"], outcome, "", now, code=word.code, is_permanent=word.is_permanent
    )


async def _end_bridge(conn: Conn, row: Row, to: str, word: Word, now: datetime) -> None:
    """Write the one line that a call has in its case's timeline."""
    result = ranks.RESULTS[to]
    await conn.execute(SQL.set_result, row["id"], result)
    if row["case_id"] is None:
        return
    case = await cases.lock(conn, row["case_id"])
    data: dict[str, object] = {"to": row["target"], "result": result, "call": str(row["id"])}
    if word.seconds is not None:
        data["seconds"] = word.seconds
    if word.code is not None:
        data["code"] = word.code
    await journal.case(conn, case, "call", now, by=Caller(row["account_id"]), data=data)
    if case["state"] in {"claimed", "verified"}:
        await cases.watch(conn, case, now + policy.IDLE)


async def _note_late(conn: Conn, row: Row, word: Word, now: datetime, *, changed: bool) -> None:
    if row["case_id"] is None:
        return
    case = await cases.lock(conn, row["case_id"])
    said = word.said_at.isoformat() if word.said_at else None
    data = {"word": word.state or word.kind, "said_at": said, "call": str(row["id"]), "changed": changed}
    await journal.case(conn, case, "call_late", now, data=data)


async def _tell_consoles(conn: Conn, row: Row, now: datetime) -> None:
    if row["case_id"] is None and row["kind"] == "notice":
        return
    await events.write(
        conn,
        district=row["district_id"],
        kind="call",
        subject=row["id"],
        roles=OPERATORS,
        at=now,
        case=row["case_id"],
        elder=row["elder_id"],
    )
