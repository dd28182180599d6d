"""What is done to an enrolment: entered, suspended, resumed, ended, each with a day, a reason and who.

Suspending ends the days that count the day before, resuming begins new ones: whoever reads `enrolment`
(claims, entitlements, payment lists) sees only the days that are paid, and need know no states.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from core.db import Conn, Row
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.sql import load
from services import entitlements

SQL = load(__file__)
REASONS = (
    "applied",
    "matched",
    "deceased",
    "moved_away",
    "hospital",
    "institution",
    "no_longer_eligible",
    "certificate_lapsed",
    "grade_lapsed",
    "excluded",
    "life_proof_missed",
    "life_proof_renewed",
    "returned_home",
    "waived",
    "register_wrong",
    "other",
)


async def enrol(
    conn: Conn,
    *,
    district: UUID,
    elder: UUID,
    scheme_code: str,
    valid_from: date,
    reason: str,
    by: UUID | None,
    now: datetime,
    source: UUID | None = None,
) -> UUID:
    """Enter a person into a scheme from a day on, on record; raise Conflict `enrolled` when in it already."""
    check_reason(reason)
    whose = {"district": district, "elder": elder, "scheme_code": scheme_code}
    identity = await entitlements.enrol(conn, **whose, valid_from=valid_from)  # type: ignore[arg-type]
    row = {**whose, "id": identity, "district_id": district, "elder_id": elder}
    await _note(conn, row, "enrolled", valid_from, reason, by, now, source)
    return identity


async def suspend(
    conn: Conn,
    enrolment: UUID,
    *,
    on: date,
    reason: str,
    by: UUID | None,
    now: datetime,
    source: UUID | None = None,
) -> None:
    """Suspend from a day on (the day before is the last that counts).

    Raises NotFound; Invalid when the day is not after the first; Conflict `ended` when it has ended before.
    """
    await _stop(conn, enrolment, "suspended", on, reason, by, now, source)


async def end(
    conn: Conn,
    enrolment: UUID,
    *,
    on: date,
    reason: str,
    by: UUID | None,
    now: datetime,
    source: UUID | None = None,
) -> None:
    """End from a day on (the day before is the last that counts); raises as `suspend` does."""
    await _stop(conn, enrolment, "ended", on, reason, by, now, source)


async def resume(
    conn: Conn,
    enrolment: UUID,
    *,
    on: date,
    reason: str,
    by: UUID | None,
    now: datetime,
    source: UUID | None = None,
) -> UUID:
    """Go on from a day after a suspension; return the id of the new days that count.

    Raises NotFound; Conflict `not_suspended` when the last thing done was no suspension of this enrolment.
    """
    check_reason(reason)
    row = await _find(conn, enrolment)
    last = (await last_entries(conn, [row["elder_id"]])).get((row["elder_id"], row["scheme_code"]))
    if last is None or last["action"] != "suspended" or last["enrolment_id"] != enrolment:
        raise Conflict("the enrolment is not suspended", code="not_suspended")
    if on < last["on_day"]:
        words = f"on: before {last['on_day']}, the first day of the suspension"
        raise Invalid(words, [{"field": "on", "code": "before_start", "message": words}])
    identity = await entitlements.enrol(
        conn,
        district=row["district_id"],
        elder=row["elder_id"],
        scheme_code=row["scheme_code"],
        valid_from=on,
    )
    await _note(conn, {**row, "id": identity}, "resumed", on, reason, by, now, source)
    return identity


async def restore(
    conn: Conn, enrolment: UUID, *, reason: str, by: UUID | None, now: datetime, source: UUID | None = None
) -> None:
    """Undo the last suspension or end as if it had not been (the register was wrong).

    Raises NotFound; Conflict `not_ended` when there is nothing to undo.
    """
    check_reason(reason)
    row = await _find(conn, enrolment)
    last = (await last_entries(conn, [row["elder_id"]])).get((row["elder_id"], row["scheme_code"]))
    is_stopped = last is not None and last["action"] in {"ended", "suspended"}
    if last is None or not is_stopped or last["enrolment_id"] != enrolment:
        raise Conflict("the enrolment has not been ended", code="not_ended")
    if await conn.fetchval(SQL.reopen_enrolment, enrolment, last["last_day_before"], row["valid_to"]) is None:
        raise Conflict("the enrolment has not been ended", code="not_ended")
    await _note(conn, row, "restored", last["on_day"], reason, by, now, source)


async def find_on(conn: Conn, elder: UUID, scheme_code: str, on: date) -> Row | None:
    """Return the enrolment {id, elder_id, scheme_code, valid_from, valid_to} that holds on a day, locked."""
    return await conn.fetchrow(SQL.find_enrolment_on, elder, scheme_code, on)


async def entries(conn: Conn, elder: UUID) -> list[Row]:
    """Return everything that was done to a person's enrolments, oldest first."""
    return await conn.fetch(SQL.list_entries, elder)


async def last_entries(conn: Conn, elders: Sequence[UUID]) -> dict[tuple[UUID, str], Row]:
    """Return {(elder, scheme): the last thing done}: {action, on_day, reason, enrolment_id}."""
    rows = await conn.fetch(SQL.last_entries, list(elders))
    return {(row["elder_id"], row["scheme_code"]): row for row in rows}


def check_reason(reason: str) -> None:
    """Raise Invalid when a reason is none of `REASONS`."""
    if reason not in REASONS:
        words = f"reason: one of {', '.join(REASONS)}"
        raise Invalid(words, [{"field": "reason", "code": "unknown", "message": words}])


async def _find(conn: Conn, enrolment: UUID) -> Row:
    row = await conn.fetchrow(SQL.find_enrolment, enrolment)
    if row is None:
        raise NotFound(f"no enrolment {enrolment}")
    return row


async def _stop(
    conn: Conn,
    enrolment: UUID,
    action: str,
    on: date,
    reason: str,
    by: UUID | None,
    now: datetime,
    source: UUID | None,
) -> None:
    check_reason(reason)
    row, last = await _find(conn, enrolment), on - timedelta(days=1)
    if last < row["valid_from"]:
        words = f"on: the enrolment began on {row['valid_from']}; the first day is the least that counts"
        raise Invalid(words, [{"field": "on", "code": "before_start", "message": words}])
    if await conn.fetchval(SQL.stop_enrolment, enrolment, last) is None:
        raise Conflict(f"the enrolment has ended on {row['valid_to']}", code="ended")
    await _note(conn, row, action, on, reason, by, now, source)


async def _note(
    conn: Conn,
    row: Row,
    action: str,
    on: date,
    reason: str,
    by: UUID | None,
    now: datetime,
    source: UUID | None,
) -> None:
    whose = (new_id(), row["district_id"], row["id"], row["elder_id"], row["scheme_code"])
    await conn.execute(SQL.note_entry, *whose, action, on, reason, source, by, now, row.get("valid_to"))
